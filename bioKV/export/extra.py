"""Packages that only some formats need: imported when they are asked for."""

from __future__ import annotations

import importlib
from types import ModuleType


def require(package: str, extra: str, what: str) -> ModuleType:
    """Import a package that only some formats need.

    Parameters
    ----------
    package : str
        Its name.
    extra : str
        The extra of bioKV that installs it.
    what : str
        What needs it, for an error.

    Returns
    -------
    ModuleType
        The package.

    Raises
    ------
    ValueError
        Saying how to get it, where it is not installed.
    """
    try:
        return importlib.import_module(package)
    except ImportError:
        raise ValueError(f'{what} needs {package}, which is not installed: pip install "bioKV[{extra}]"') from None

"""Measures that are found by the names of their files in a folder, without a list beside them."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from types import ModuleType

from ..checks import closest, shown


@functools.cache
def names_in(package: str) -> tuple[str, ...]:
    """The files of a package.

    Parameters
    ----------
    package : str
        Its whole name.

    Returns
    -------
    tuple of str
        Their names.
    """
    return tuple(module.name for module in pkgutil.iter_modules(importlib.import_module(package).__path__))


def file_in(package: str, name: str) -> ModuleType:
    """A file of a package.

    Parameters
    ----------
    package : str
        Its whole name.
    name : str
        The file's.

    Returns
    -------
    module
        Loaded.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    known = names_in(package)
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"there is no measure {shown(name)}{closest(name, known)}")
    return importlib.import_module(f"{package}.{name}")

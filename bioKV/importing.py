"""Packages that are imported only when they are needed, without a change of the caller's process."""

from __future__ import annotations

import importlib
import random
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import numpy as np


@contextmanager
def importing() -> Iterator[None]:
    """Global random numbers and filters of warnings are the caller's again afterwards.

    Rich and JAX draw from the global streams of Python and NumPy while they are imported; Elephant, Bokeh and pynwb set
    filters of warnings. A caller gets the same whether or not something of ours is the first to import them.

    Yields
    ------
    None
        Import inside.
    """
    plain, of_numpy = random.getstate(), np.random.get_state()  # noqa: NPY002  (it is the caller's)
    try:
        with warnings.catch_warnings():
            yield
    finally:
        random.setstate(plain)
        np.random.set_state(of_numpy)  # noqa: NPY002


def require(package: str, extra: str, what: str) -> ModuleType:
    """Import a package of an extra.

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
        with importing():
            return importlib.import_module(package)
    except ImportError:
        raise ValueError(f'{what} needs {package}, which is not installed: pip install "bioKV[{extra}]"') from None

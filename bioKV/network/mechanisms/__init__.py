"""What some networks have and others do not, one mechanism per file."""

from __future__ import annotations

import functools
import importlib
import pkgutil

from ..mechanism import Mechanism


@functools.cache
def built_in() -> tuple[type[Mechanism], ...]:
    """Every mechanism of a file in this folder.

    Returns
    -------
    tuple of type
        The classes.
    """
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return tuple(
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Mechanism) and one.__module__ == module.__name__
    )

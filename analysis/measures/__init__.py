"""Measures of a trial, a file each, which holds a function of its own name:

    measure(response, episode, subset=None) -> one number per trial

All are told what a memory answered and what was right; the errors are those of `asked_steps`. A new file is a new row
of every results.csv. A file may say more: FRACTION = False, if its numbers do not lie in [0, 1], and `suits(episode)`,
whether it is of use there.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType

from ...episode import Episode


def names(episode: Episode | None = None) -> list[str]:
    """Every file in this folder, or those that are of use for an episode."""
    found = [module.name for module in pkgutil.iter_modules(__path__)]
    return [name for name in found if episode is None or getattr(_file(name), "suits", lambda one: True)(episode)]


def measure(name: str) -> Callable:
    """The function of one."""
    return getattr(_file(name), name)


def is_fraction(name: str) -> bool:
    """Whether it is one that lies in [0, 1], which decides its interval."""
    return name in names() and getattr(_file(name), "FRACTION", True)


def _file(name: str) -> ModuleType:
    return importlib.import_module(f"{__name__}.{name}")

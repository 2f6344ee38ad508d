"""Mechanisms for the spiking memory of a study: objects, built-in ones by name, or those of a file of one's own."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from typing import Any

from ..checks import closest, shown
from ..network import mechanisms as built_in
from ..network.mechanism import Mechanism
from .own_file import attribute, is_file


def mechanism_names() -> list[str]:
    """The built-in mechanisms that are added by name: those whose file holds an object `mechanism`."""
    names = (found.name for found in pkgutil.iter_modules(built_in.__path__))
    return [name for name in names if hasattr(_module(name), "mechanism")]


def _module(name: str) -> Any:
    return importlib.import_module(f"{built_in.__name__}.{name}")


def load_mechanisms(given: Iterable[str | Mechanism]) -> tuple[Mechanism, ...]:
    """All of them as objects. Raises ValueError for a name there is none of, and a file that holds none."""
    found: list[Any] = []
    for one in given:
        if isinstance(one, Mechanism):
            found.append(one)
        elif is_file(one):
            held = attribute(one, ("mechanism", "mechanisms"), "a mechanism's file holds an object `mechanism`, or"
                             " a list `mechanisms`")  # fmt: skip
            found += held if isinstance(held, list | tuple) else [held]
        elif one in mechanism_names():
            found.append(_module(one).mechanism)
        else:
            near = closest(one, [*mechanism_names(), "or the path of a .py file"])
            raise ValueError(f"there is no mechanism {shown(one)}{near}")
    for one in found:
        if not isinstance(one, Mechanism):
            raise ValueError(f"a mechanism must be an object of bioKV.network.Mechanism; got {shown(one)}")
    return tuple(found)

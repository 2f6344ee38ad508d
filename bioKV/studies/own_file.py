"""A Python file of the user's own: a protocol, a memory or a mechanism."""

from __future__ import annotations

import functools
import importlib.util
import inspect
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any


def arguments(function: Callable, whose: str) -> Mapping[str, inspect.Parameter]:
    """A function's arguments by name. Raises ValueError, saying whose they are, if they cannot be read."""
    try:
        return inspect.signature(function, eval_str=True).parameters
    except Exception as problem:  # of names in annotations, and of what has no signature
        raise ValueError(f"the arguments of the {whose} cannot be read: {in_short(problem)}") from problem


def in_short(problem: BaseException) -> str:
    """What went wrong in code of one's own, on one line."""
    return f"{type(problem).__name__}: {' '.join(str(problem).split())}"


def is_file(name: Any) -> bool:
    """Whether what was given for a name is the path of a Python file."""
    return isinstance(name, str | Path) and str(name).endswith(".py")


def load_file(path: str | Path) -> ModuleType:
    """The file as a module. While it is loaded it may import what lies beside it, as a script may.

    Raises ValueError, with what went wrong, if there is none or it cannot be loaded.
    """
    found = Path(path).expanduser().resolve()
    if not found.is_file():
        raise ValueError(f"there is no file {path}")
    return _loaded(found, found.stat().st_mtime_ns)


def attribute(path: str | Path, names: tuple[str, ...], what: str) -> Any:
    """The first of the names that the file holds. Raises ValueError, saying what it should hold, if there is none."""
    module = load_file(path)
    for name in names:
        if hasattr(module, name):
            return getattr(module, name)
    raise ValueError(f"{path} holds no {' or '.join(repr(name) for name in names)}; {what}")


@functools.lru_cache(maxsize=32)
def _loaded(path: Path, written: int) -> ModuleType:
    # under its path: no module that is imported by name can be mistaken for it
    spec = importlib.util.spec_from_file_location(str(path), path)
    assert spec is not None  # for a name that ends in .py
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    sys.path.insert(0, str(path.parent))
    sys.modules[spec.name] = module  # dataclasses look their module up
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as problem:  # whatever a file of one's own may raise
        del sys.modules[spec.name]
        raise ValueError(f"{path} cannot be loaded: {in_short(problem)}") from problem
    finally:
        sys.path[:] = before
    return module

"""A Python file of the user's own: a protocol, a memory or a mechanism."""

from __future__ import annotations

import ast
import functools
import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
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

    It is loaded again once its content, or that of a file that it imports from there, has changed.
    Raises ValueError, with what went wrong, if there is none or it cannot be loaded.
    """
    found = Path(path).expanduser().resolve()
    if not found.is_file():
        raise ValueError(f"there is no file {path}")
    beside = tuple(imported_beside(found))
    return _loaded(found, beside, tuple(_written(file) for file in (found, *(found.parent / one for one in beside))))


def imported_beside(path: str | Path) -> list[Path]:
    """Files beside a Python file, or in folders there, that it imports, relative to its own folder.

    They are found in the text, and of those that they import in turn as well. Raises ValueError for what is no Python.
    """
    first = Path(path).expanduser().resolve()
    found, waiting = set[Path](), [first]
    while waiting:
        file = waiting.pop()
        names = _imports(file, first.parent, _written(file))
        new = {one for name in names for one in _files_of(name, first.parent)} - found - {first}
        found |= new
        waiting += sorted(new)
    return sorted(one.relative_to(first.parent) for one in found)


def _written(file: Path) -> tuple[int, int]:
    """By which a file is known to be the same as before; of one that is gone (0, 0)."""
    try:
        status = file.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


@functools.lru_cache(maxsize=256)
def _imports(file: Path, folder: Path, written: tuple[int, int]) -> tuple[str, ...]:
    """Every name that a file imports, from the folder: `from .a import b` in a folder c is c.a and c.a.b."""
    return tuple(_names(file, folder))


def _names(file: Path, folder: Path) -> Iterator[str]:
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError) as problem:
        raise ValueError(f"{file} cannot be loaded: {in_short(problem)}") from problem
    here = file.parent.relative_to(folder).parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [*here[: len(here) + 1 - node.level]] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            yield from (module, *(f"{module}.{alias.name}".strip(".") for alias in node.names))


def _files_of(name: str, folder: Path) -> Iterator[Path]:
    """The files in the folder that importing a dotted name loads: packages on the way, and the module.

    bioKV itself is none of them, though it may lie there in a checkout: its version and revision are in the record.
    """
    parts = name.split(".") if name and name.split(".")[0] != "bioKV" else []
    for depth in range(1, len(parts) + 1):
        place = folder.joinpath(*parts[:depth])
        yield from (one for one in (place.with_name(f"{place.name}.py"), place / "__init__.py") if one.is_file())


def attribute(path: str | Path, names: tuple[str, ...], what: str) -> Any:
    """The first of the names that the file holds. Raises ValueError, saying what it should hold, if there is none."""
    module = load_file(path)
    for name in names:
        if hasattr(module, name):
            return getattr(module, name)
    raise ValueError(f"{path} holds no {' or '.join(repr(name) for name in names)}; {what}")


@functools.lru_cache(maxsize=32)
def _loaded(path: Path, beside: tuple[Path, ...], written: tuple[tuple[int, int], ...]) -> ModuleType:
    # under its path: no module that is imported by name can be mistaken for it
    spec = importlib.util.spec_from_file_location(str(path), path)
    assert spec is not None  # for a name that ends in .py
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    try:
        with _importing(path.parent, {one.parts[0].removesuffix(".py") for one in beside}):
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as problem:  # whatever a file of one's own may raise
        del sys.modules[spec.name]
        raise ValueError(f"{path} cannot be loaded: {in_short(problem)}") from problem
    return module


@contextmanager
def _importing(folder: Path, names: set[str]) -> Iterator[None]:
    """Within, modules and packages of these names come from the folder. They are forgotten afterwards: files of other
    folders, and the caller, may have others of the same name. Those of Python's own library stay as they are."""

    def taken_out() -> dict[str, ModuleType]:
        found = [name for name in sys.modules if name.partition(".")[0] in names - sys.stdlib_module_names]
        return {name: sys.modules.pop(name) for name in found}

    path, callers = list(sys.path), taken_out()
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path[:] = path
        taken_out()
        sys.modules.update(callers)

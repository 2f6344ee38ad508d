"""What works on this machine, and what to do about what does not."""

from __future__ import annotations

import inspect
import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .. import __version__
from .one_sentence import one_sentence_errors
from .shared_options import Debug


@one_sentence_errors
def doctor(debug: Debug = False) -> None:
    """Say what works here: Python, packages, compiler, cache, protocols; and what to do about what does not."""
    for line in examine():
        print(line)


def examine() -> Iterator[str]:
    """One line a finding."""
    from ..engines import cache
    from ..engines.children import cores
    from ..studies.memories import memory_names, memory_options
    from ..studies.tasks import protocol_names, protocol_options

    where = f"{platform.system()} {platform.machine()}, {cores()} cores"
    yield f"bioKV {__version__} on Python {platform.python_version()}, {where}"
    for package in ("brian2", "numpy", "scipy", "pandas", "matplotlib"):
        try:
            yield f"  {package} {version(package)}"
        except PackageNotFoundError:
            yield f"  {package} is missing: pip install bioKV brings it"
    for package in ("jax", "optax"):
        try:
            yield f"  {package} {version(package)}"
        except PackageNotFoundError:
            yield f'  {package} is missing: learning rules needs it (pip install "bioKV[learn]")'
    yield f"  imported from {Path(__file__).parents[1]}"
    command = cache.compiler()
    if command:
        yield f"compiler: {shutil.which(command)} with {shutil.which('make')}: --engine compiled works"
    else:
        try:
            cache.require_compiler()
        except ValueError as problem:
            yield f"compiler: {problem}; the NumPy engine works without"
    try:
        folder = cache.cache_folder()
    except (ValueError, OSError) as problem:
        yield f"cache: {problem}"
    else:
        entries = [path for path in folder.iterdir() if (path / "manifest.json").exists()]
        size = sum(file.stat().st_size for entry in entries for file in entry.rglob("*") if file.is_file())
        yield f"cache: {folder}, {len(entries)} compiled networks, {size / 1e6:.0f} MB; it may be deleted at any time"
    yield "protocols and their options (with defaults):"
    for name in protocol_names():
        yield f"  {name} {_typed(protocol_options(name))}"
    yield "memories and their options (with defaults; n_slots: as many as key entries):"
    for name in memory_names():
        yield f"  {name} {_typed(memory_options(name))}"


def _typed(options: dict[str, inspect.Parameter]) -> str:
    return " ".join(f"--{name.replace('_', '-')} {of.default}" for name, of in options.items())

"""What works on this machine, and what to do about what does not."""

from __future__ import annotations

import importlib
import inspect
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .. import __version__
from .one_sentence import one_sentence_errors
from .shared_options import Debug

CORE = ("brian2", "numpy", "scipy", "pandas", "matplotlib")
LEARN, NEO = ("learning rules", "learn"), ("exporting to NIX and Neo", "neo")
EXTRA = {"jax": LEARN, "optax": LEARN, "neo": NEO, "nixio": NEO, "elephant": ("biokv look --activity", "neo"),
         "pynwb": ("exporting to NWB", "nwb"), "bokeh": ("biokv report", "report"),
         "distributed": ("studies on a cluster", "cluster"), "pyarrow": ("results.parquet", "parquet")}  # fmt: skip


@one_sentence_errors
def doctor(debug: Debug = False) -> None:
    """Say what works here: Python, packages, compiler, cache, protocols; and what to do about what does not.

    \b
    Examples:
      biokv doctor
    """
    for line in examine():
        print(line)


def examine() -> Iterator[str]:
    """One line a finding. What breaks while it is looked at is a finding, too."""
    yield f"bioKV {__version__} on Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    yield f"  imported from {Path(__file__).parents[1]}"
    for name, part in (("cores", cores), ("packages", packages), ("compiler", compiler), ("cache", cache),
                       ("protocols", protocols), ("memories", memories)):  # fmt: skip
        yield from guarded(name, part)


def guarded(name: str, part: Callable[[], Iterator[str]]) -> Iterator[str]:
    """The lines of a part, and a sentence in the place of those it could not give."""
    try:
        yield from part()
    except Exception as problem:  # whatever a broken package or file may raise
        yield f"{name}: {_said(problem)}"


def _said(problem: Exception) -> str:
    """An error in one line."""
    text = " ".join(str(problem).split())
    return text if isinstance(problem, ValueError) and text else f"{type(problem).__name__}: {text}"


def cores() -> Iterator[str]:
    """How many processor cores there are to use."""
    from ..engines.children import cores as usable

    yield f"  {usable()} cores"


def packages() -> Iterator[str]:
    """Whether every package is there and can be loaded."""
    for package in (*CORE, *EXTRA):
        what, extra = EXTRA.get(package, ("", ""))
        try:
            installed = version(package)
            importlib.import_module(package)
            yield f"  {package} {installed}"
        except PackageNotFoundError:
            cure = f'{what} needs it (pip install "bioKV[{extra}]")' if extra else "pip install bioKV brings it"
            yield f"  {package} is missing: {cure}"
        except Exception as problem:
            cure = f"pip install --force-reinstall {package}" + (f"; only {what} needs it" if extra else "")
            yield f"  {package} is there but cannot be loaded: {_said(problem)}; {cure}"


def compiler() -> Iterator[str]:
    """Whether a line of C++ can be compiled, and run from the cache folder."""
    from ..engines import toolchain
    from ..engines.cache import cache_folder

    without = "the NumPy engine works without"
    try:
        command = toolchain.require_compiler()
    except ValueError as problem:
        yield f"compiler: {problem}; {without}"
        return
    try:
        folder = cache_folder()
    except (ValueError, OSError):  # which has a line of its own
        folder = Path(tempfile.gettempdir())
    named = " (named by $CXX)" if os.environ.get("CXX", "").strip() else ""
    told = toolchain.version_of(command).partition("\n")[0]
    yield f"compiler: {command}{named}, {told}, with {shutil.which('make')}"
    why_not = toolchain.trouble(folder)
    if not why_not:
        yield "  it compiled a line of C++, which ran: --engine compiled works, and --engine auto takes it"
    elif why_not.startswith("the C++ compiler"):
        yield f"  {why_not}; to install one: {toolchain.INSTALL}; {without}"
    else:
        yield f"  {why_not}; {without}"


def cache() -> Iterator[str]:
    """The folder of compiled networks, and what of its entries is not as it should be."""
    from ..engines.cache import cache_folder, load
    from ..engines.toolchain import trouble

    folder = cache_folder()
    entries = sorted(path for path in folder.iterdir() if (path / "manifest.json").exists())
    size = sum(file.stat().st_size for entry in entries for file in entry.rglob("*") if file.is_file())
    many = f"{len(entries)} compiled network{'' if len(entries) == 1 else 's'}"
    yield f"cache: {folder}, {many}, {size / 1e6:.0f} MB; it may be deleted at any time"
    if "cache folder" in (why_not := trouble(folder)):
        yield f"  {why_not}; set BIOKV_CACHE to a folder in which programs may be written and run"
    for entry in entries:
        if load(entry) is None:
            yield f"  {entry.name} is damaged, or may not be read or run; it is compiled anew when it is asked for"
        elif any(path.stat().st_mode & 0o077 for path in (entry, *entry.rglob("*"))):
            yield f"  {entry.name} is open to others; chmod -R go= {entry}"


def protocols() -> Iterator[str]:
    """All protocols with their options."""
    from ..studies.tasks import protocol_names, protocol_options

    names = protocol_names()
    yield "protocols and their options (with defaults):"
    for name in names:
        yield from guarded(f"  {name}", partial(_typed, protocol_options, name))


def memories() -> Iterator[str]:
    """All memories with their options."""
    from ..studies.memories import memory_names, memory_options

    names = memory_names()
    yield "memories and their options (with defaults; n_slots: as many as key entries):"
    for name in names:
        yield from guarded(f"  {name}", partial(_typed, memory_options, name))


def _typed(options_of: Callable[[str], dict[str, inspect.Parameter]], name: str) -> Iterator[str]:
    options = options_of(name).items()
    yield f"  {name} " + " ".join(f"--{option.replace('_', '-')} {of.default}" for option, of in options)

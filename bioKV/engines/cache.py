"""The folder of compiled networks: one entry per structure, built once, checked before it is run."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from ..network.blueprint import Blueprint

LENGTHS = (512, 4096, 32768)  # presentations a program can hold; a run stops after its own number
# beside the network's own text: what makes a program of it
SOURCES = ("network/build.py", "network/blueprint.py", "network/parts.py", "network/patterns.py", "engines/compile.py",
           "engines/*.cpp", "engines/templates/*")  # fmt: skip


class Structure(NamedTuple):
    """What decides the program: the network but for the values of its variables, its room for presentations, whose
    single spikes are kept, and whose traces."""

    network: Blueprint
    n_windows: int
    record: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Everything, for the process that compiles it."""
        return json.dumps({**self._asdict(), "network": self.network.to_json()})

    @staticmethod
    def from_json(text: str) -> Structure:
        """The inverse of `to_json`."""
        said = json.loads(text)
        network = Blueprint.from_json(said["network"])
        return Structure(network, said["n_windows"], tuple(said["record"]), tuple(said["traces"]))


class Program(NamedTuple):
    """A compiled network: its folder and what its manifest says."""

    folder: Path
    manifest: dict[str, Any]


def room_for(n_windows: int) -> int:
    """The shortest length on the ladder that holds n_windows. Raises ValueError if none does."""
    for length in LENGTHS:
        if n_windows <= length:
            return length
    raise ValueError(
        f"an episode has {n_windows - 1} presentations; the compiled engine takes at most {LENGTHS[-1] - 1}"
    )


def cache_folder() -> Path:
    """The user's own cache folder ($BIOKV_CACHE or the system's place for caches), private to the user.

    Raises ValueError if it belongs to someone else or others may write to it: it holds programs that are run; and on
    Windows, where there is none.
    """
    refuse_windows()
    folder = Path(os.environ.get("BIOKV_CACHE") or user_cache_path("bioKV"))
    try:
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        status = folder.stat()
    except OSError as problem:
        said = f"the cache folder {folder} cannot be made: {problem.strerror}; set BIOKV_CACHE to another"
        raise ValueError(said) from None
    if hasattr(os, "getuid") and status.st_uid != os.getuid():
        raise ValueError(f"the cache folder {folder} belongs to another user; set BIOKV_CACHE to a folder of your own")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ValueError(
            f"others may write to the cache folder {folder}, and bioKV runs programs from it; chmod 700 {folder}"
        )
    return folder


def refuse_windows() -> None:
    """Raise ValueError on Windows, where programs are neither compiled nor kept."""
    if sys.platform == "win32":
        raise ValueError("the compiled engine does not run on Windows itself; use it in WSL (wsl --install), where"
                         " bioKV runs as on Linux, or use --engine numpy")  # fmt: skip


def compiler() -> str | None:
    """The C++ compiler that would be used, or None if it or make is missing, or on Windows."""
    if sys.platform == "win32":
        return None
    command = (os.environ.get("CXX") or "g++").split()[0]
    return command if shutil.which(command) and shutil.which("make") else None


def require_compiler() -> str:
    """The C++ compiler. Raises ValueError, saying how to get one, if there is none."""
    refuse_windows()
    command = compiler()
    if command is None:
        raise ValueError(
            "the compiled engine needs g++ and make, which were not found; install them (Debian, Ubuntu:"
            " apt install g++ make; macOS: xcode-select --install; conda: conda install cxx-compiler make)"
            " or use --engine numpy"
        )
    return command


def entry(structure: Structure) -> Path:
    """The folder a structure has in the cache, built or not: named by all that the program depends on."""
    here = Path(__file__).parents[1]
    command = compiler()
    said = _version_of(command) if command else ""
    sources = {
        path.relative_to(here).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for name in SOURCES
        for path in here.glob(name)
    }
    decides = structure.network.digest(), structure.n_windows, structure.record, structure.traces
    key = [decides, sources, version("brian2"), command, said, *_processor()]
    name = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:20]
    return cache_folder() / f"{'x'.join(map(str, structure.network.sizes))}-{structure.n_windows}-{name}"


@functools.lru_cache
def _version_of(command: str) -> str:
    return subprocess.run([command, "-dumpfullversion"], capture_output=True, text=True).stdout.strip()


@functools.lru_cache
def _processor() -> tuple[str, str, str]:
    """Programs are compiled for this very processor."""
    info = Path("/proc/cpuinfo")
    flags = info.read_text().partition("flags")[2].partition("\n")[0] if info.exists() else ""
    return platform.machine(), platform.processor(), flags


def find(structure: Structure) -> Program | None:
    """The compiled program of a structure, or None if there is none or it is damaged."""
    return load(entry(structure))


def load(folder: Path) -> Program | None:
    """The program in an entry of the cache, or None if it is not there or not as it was built."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
        if manifest["digest"] != digest(folder, manifest):
            return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Program(folder, manifest)


def digest(folder: Path, manifest: dict[str, Any]) -> str:
    """A checksum of everything the program reads or is, and of what its manifest says of it."""
    said = {name: value for name, value in manifest.items() if name != "digest"}
    paths = [folder / "main", *sorted((folder / "static_arrays").iterdir())]
    return _digest_of(json.dumps(said, sort_keys=True), tuple((path, *_written(path)) for path in paths))


@functools.lru_cache
def _digest_of(said: str, files: tuple[tuple[Path, int, int], ...]) -> str:
    """Files come with when they were written: a process reads them again only when that has changed."""
    checksum = hashlib.sha256(said.encode())
    for path, *_ in files:
        checksum.update(path.name.encode() + path.read_bytes())
    return checksum.hexdigest()


def _written(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def obtain(structure: Structure, say: Callable[[str], None]) -> Program:
    """The compiled program of a structure, compiled now if need be; `say` is told before that starts.

    Two processes that want the same one compile it once. A half-built or damaged entry is built anew.
    Raises ValueError without a compiler, or for a network that Brian2 cannot build; RuntimeError if compiling fails.
    """
    folder = entry(structure)
    program = load(folder)
    if program is not None:
        return program
    require_compiler()
    try:
        program = _build(structure, folder, say)
    except OSError as problem:
        said = f"cannot compile into the cache folder {folder.parent}: {problem.strerror or problem}"
        raise RuntimeError(f"{said}; BIOKV_CACHE names another") from None
    if program is None:
        raise RuntimeError(f"the network compiled into {folder} cannot be read back; is the disk full?")
    return program


def _build(structure: Structure, folder: Path, say: Callable[[str], None]) -> Program | None:
    lock = FileLock(folder.with_suffix(".lock"))
    try:
        held = lock.acquire(timeout=0)
    except Timeout:
        say("another process is compiling this network; waiting for it ...")
        held = lock.acquire()
    with held:
        program = load(folder)  # another process may have built it while this one waited
        if program is not None:
            return program
        d, n, m = structure.network.sizes
        say(f"compiling the network for d={d}, N={n}, m={m} (once; some twenty seconds) ...")
        building = folder.with_suffix(".building")
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(mode=0o700)
        try:
            _compile(structure, building)
            shutil.rmtree(folder, ignore_errors=True)
            building.rename(folder)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return load(folder)


def _compile(structure: Structure, building: Path) -> None:
    from .children import REFUSED, run_child

    job = building / "structure.json"
    job.write_text(structure.to_json())
    code, errors = run_child([sys.executable, "-m", "bioKV.engines.compile", str(building)], cwd=import_folder())
    if code == REFUSED:
        raise ValueError(errors.strip().rpartition("\n")[2])
    if code:
        why = _first_error(errors) if code > 0 else errors.splitlines()[-1]
        if why.startswith("OSError"):  # NumPy says only how many bytes it could not write
            why += f"; is the disk of {building.parent} full?"
        elif why.startswith("make") and why.endswith(("Killed", "Error 137")):
            why += " (the compiler was killed, by someone or because memory ran out)"
        raise RuntimeError(f"compiling the network failed: {why or f'exit code {code}'}")
    manifest = json.loads((building / "manifest.json").read_text())
    manifest["digest"] = digest(building, manifest)
    (building / "manifest.json").write_text(json.dumps(manifest))


def _first_error(printed: str) -> str:
    """The line that says best why a compile failed: a full disk's, the compiler's first, make's first, or the last."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    for sign in ("No space left", "error: ", "*** "):
        for line in lines:
            if sign in line:
                return line
    return lines[-1] if lines else ""


def import_folder() -> Path:
    """A folder from which `python -m bioKV...` finds this very package."""
    return Path(__file__).resolve().parents[2]

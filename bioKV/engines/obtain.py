"""The compiled program of a structure: from the cache, or compiled into it now.

Every process builds in a folder of its own beside the entry, and the first that is done renames it into place. So the
cache is right on file systems without locks, too. The lock only saves that two compile the same.
"""

from __future__ import annotations

import json
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from .cache import Program, Structure, digest, entry, import_folder, load
from .children import REFUSED, removed_if_killed, run_child
from .toolchain import first_error, require_compiler, trouble

WAIT = 300  # seconds for another process that compiles the same; its lock may be left over from another machine
LEFT_OVER = 7 * 24 * 3600  # seconds after which a building folder has nobody who builds in it
BUILDING, ASIDE, PROBE = "building-", "aside-", "probe-"  # folders in the cache that are no entries


def obtain(structure: Structure, say: Callable[[str], None]) -> Program:
    """The compiled program of a structure, compiled now if need be; `say` is told before that starts.

    A half-built or damaged entry is built anew. A complete one is only read.
    Raises ValueError without a compiler, or for a network that Brian2 cannot build; RuntimeError if compiling fails.
    """
    folder = entry(structure)
    program = load(folder)
    if program is not None:
        return program
    command = require_compiler()
    why_not = trouble(folder.parent)  # before the long compile
    if why_not:
        cure = "; BIOKV_CACHE names another" if "cache folder" in why_not else ""
        raise RuntimeError(f"compiling the network failed: {why_not}{cure}")
    try:
        with _turn(folder, say):
            program = load(folder) or _build(structure, folder, command, say)
    except OSError as problem:
        said = f"cannot compile into the cache folder {folder.parent}: {problem.strerror or problem}"
        raise RuntimeError(f"{said}; BIOKV_CACHE names another") from None
    if program is None:
        raise RuntimeError(f"the network compiled into {folder} cannot be read back; is the disk full?")
    return program


@contextmanager
def _turn(folder: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Wait while another process compiles the same: until it is done, or WAIT is over. Without locks, do not wait."""
    lock = FileLock(folder.with_name(f"{folder.name}.lock"), fallback_to_soft=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say("another process is compiling this network; waiting for it ...")
        for _ in range(WAIT):
            with suppress(Timeout, OSError):
                lock.acquire(timeout=1)
            if lock.is_locked or load(folder):
                break
    except OSError:
        pass
    try:
        yield
    finally:
        with suppress(OSError):
            lock.release()


def _build(structure: Structure, folder: Path, command: str, say: Callable[[str], None]) -> Program | None:
    d, n, m = structure.network.sizes
    say(f"compiling the network for d={d}, N={n}, m={m} (once; some twenty seconds) ...")
    building = _own_name(folder, BUILDING)
    with removed_if_killed(building):  # before it is there: this process may be killed at any moment
        try:
            building.mkdir(mode=0o700)
            building.chmod(0o700)  # whatever the umask
            _clear_left_over(building)
            _compile(structure, building, command)
            return _put(building, folder)
        finally:
            shutil.rmtree(building, ignore_errors=True)


def _own_name(entry: Path, kind: str) -> Path:
    """A folder beside an entry that nobody else makes."""
    return entry.with_name(f"{entry.name}.{kind}{secrets.token_hex(8)}")


def _put(building: Path, folder: Path) -> Program | None:
    """Make what was built the entry, unless another process has done so: then that one's is taken."""
    for _ in range(10):  # others may be at it
        with suppress(OSError):  # there is an entry: POSIX replaces only an empty folder
            building.rename(folder)
        program = load(folder)
        if program is not None or not building.exists():
            return program
        aside = _own_name(folder, ASIDE)
        with suppress(OSError):
            folder.rename(aside)  # damaged or half built
            if load(aside):  # no more: another process has just put its own there
                aside.rename(folder)
        shutil.rmtree(aside, ignore_errors=True)
    return None


def _clear_left_over(building: Path) -> None:
    """Remove what others left half built when their machine went down. The file system's clock tells the age."""
    now = building.stat().st_mtime
    for kind in (BUILDING, ASIDE, PROBE):
        for left in building.parent.glob(f"*{kind}*"):
            with suppress(OSError):
                if now - left.stat().st_mtime > LEFT_OVER:
                    shutil.rmtree(left, ignore_errors=True)


def _compile(structure: Structure, building: Path, command: str) -> None:
    job = building / "structure.json"
    job.write_text(structure.to_json())
    job.chmod(0o600)  # whatever the umask
    child = [sys.executable, "-m", "bioKV.engines.compile", str(building), command]
    code, errors = run_child(child, cwd=import_folder(), own=building)
    if code == REFUSED:
        raise ValueError(errors.strip().rpartition("\n")[2])
    if code:
        why = first_error(errors) if code > 0 else errors.splitlines()[-1]
        if why.startswith("OSError"):  # NumPy says only how many bytes it could not write
            why += f"; is the disk of {building.parent} full?"
        elif why.startswith("make") and why.endswith(("Killed", "Error 137")):
            why += " (the compiler was killed, by someone or because memory ran out)"
        raise RuntimeError(f"compiling the network failed: {why or f'exit code {code}'}")
    manifest = json.loads((building / "manifest.json").read_text())
    manifest["digest"] = digest(building, manifest)
    (building / "manifest.json").write_text(json.dumps(manifest))
    make_private(building)


def make_private(entry: Path) -> None:
    """An entry is its owner's alone, and can be read and run, whatever umask it was built under."""
    for path in (entry, *entry.rglob("*")):
        path.chmod(0o700 if path.is_dir() or path == entry / "main" else 0o600)

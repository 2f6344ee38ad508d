"""The folder of compiled networks: one entry per structure, built once, checked before it is run."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import stat
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from platformdirs import user_cache_path

from ..network.blueprint import Blueprint
from .toolchain import compiler, processor, version_of

LENGTHS = (512, 4096, 32768)  # presentations a program can hold; a run stops after its own number
# beside the network's own text: what makes a program of it
SOURCES = ("network/build.py", "network/blueprint.py", "network/parts.py", "network/populations.py",
           "network/patterns.py", "engines/compile.py", "engines/isolation.py", "engines/together.py",
           "engines/toolchain.py", "engines/*.cpp", "engines/templates/*")  # fmt: skip


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


class NoCache(ValueError):
    """There is no folder for compiled networks, and none can be made."""


def cache_folder() -> Path:
    """The user's own cache folder, private to the user: $BIOKV_CACHE as a whole path, or the system's place for caches.

    Raises NoCache if it cannot be made, and ValueError if it belongs to someone else or others may write to it: it
    holds programs that are run.
    """
    folder = _named_folder()
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, mode=0o700, exist_ok=True)
            folder.chmod(0o700)  # whatever the umask
        status = folder.stat()
    except OSError as problem:
        said = f"the cache folder {folder} cannot be made: {problem.strerror}; set BIOKV_CACHE to another"
        raise NoCache(said) from None
    if not hasattr(os, "getuid"):  # Windows, where no program is kept, and a mode says nothing
        return folder
    if status.st_uid != os.getuid():
        raise ValueError(f"the cache folder {folder} belongs to another user; set BIOKV_CACHE to a folder of your own")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ValueError(
            f"others may write to the cache folder {folder}, and bioKV runs programs from it; chmod 700 {folder}"
        )
    return folder


def _named_folder() -> Path:
    said = os.environ.get("BIOKV_CACHE")
    try:
        folder = Path(said or user_cache_path("bioKV")).expanduser()
        return folder if folder.is_absolute() else Path.cwd() / folder  # children work in other folders
    except OSError:
        raise NoCache(f"BIOKV_CACHE is {said}, relative to a folder that is gone; set it to a whole path") from None
    except RuntimeError:
        home = f"BIOKV_CACHE is {said}, but there is no such home folder" if said else "there is no home folder"
        raise NoCache(f"{home} for the cache of compiled networks; set BIOKV_CACHE to a whole path") from None


def entry(structure: Structure) -> Path:
    """The folder a structure has in the cache, built or not: named by all that the program depends on."""
    here = Path(__file__).parents[1]
    command = compiler()
    said = version_of(command) if command else ""
    sources = {
        path.relative_to(here).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for name in SOURCES
        for path in here.glob(name)
    }
    decides = structure.network.digest(), structure.n_windows, structure.record, structure.traces
    key = [decides, sources, version("brian2"), command, said, *processor()]
    name = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:20]
    return cache_folder() / f"{'x'.join(map(str, structure.network.sizes))}-{structure.n_windows}-{name}"


def find(structure: Structure) -> Program | None:
    """The compiled program of a structure, or None if there is none or it is damaged."""
    return load(entry(structure))


def load(folder: Path) -> Program | None:
    """The program in an entry of the cache, or None if it is not there or not as it was built."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
        executable = (folder / "main").stat().st_mode & stat.S_IXUSR
        if not executable or manifest["digest"] != digest(folder, manifest):
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


def import_folder() -> Path:
    """A folder from which `python -m bioKV...` finds this very package."""
    return Path(__file__).resolve().parents[2]

"""Caches that cannot be fooled: wherever the folder is, whoever builds in it at the same time, with or without locks.

Nothing is compiled here: a child that writes a few files stands in for the one that compiles.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import threading
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from bioKV import SpikingMemory
from bioKV.engines import cache, compiled, obtain
from bioKV.engines.choose import choose_engine

STRUCTURE = cache.Structure(SpikingMemory(3, 3, 3).blueprint(), cache.LENGTHS[0])


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv("BIOKV_CACHE", str(tmp_path / "cache"))
    return cache.cache_folder()


def write(entry: Path, content: bytes = b"a program") -> None:
    """The files of a program, as a child leaves them."""
    (entry / "static_arrays").mkdir(parents=True, exist_ok=True)
    (entry / "main").write_bytes(content)
    (entry / "main").chmod(0o777)
    (entry / "static_arrays" / "zeros").write_bytes(bytes(8))
    (entry / "manifest.json").write_text("{}")


def publish(entry: Path, content: bytes = b"a program") -> None:
    """A complete entry."""
    write(entry, content)
    (entry / "manifest.json").write_text(json.dumps({"digest": cache.digest(entry, {})}))


@pytest.fixture
def compiles(monkeypatch):
    """What is done while a child compiles; whatever is appended happens before the child ends, in its order."""
    meanwhile, one_umask = [], threading.Lock()

    def child(command, cwd, own):
        for event in meanwhile:
            event()
        with one_umask:
            before = os.umask(0o077)  # as that process does for itself
            write(Path(command[3]))
            os.umask(before)
        return 0, ""

    monkeypatch.setattr(obtain, "run_child", child)
    monkeypatch.setattr(obtain, "require_compiler", lambda: "g++")
    monkeypatch.setattr(obtain, "trouble", lambda folder: "")
    return meanwhile


def obtained(said=None) -> cache.Program:
    return obtain.obtain(STRUCTURE, (said if said is not None else []).append)


def folders(cache_folder: Path) -> list[Path]:
    return [path for path in cache_folder.iterdir() if path.is_dir()]


def main_of(program: cache.Program) -> bytes:
    return (program.folder / "main").read_bytes()


# where it is


@pytest.mark.parametrize("said", ["mine", "./mine", "~/mine", "~//mine"])
def test_a_relative_folder_and_one_at_home_are_whole_paths(said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("BIOKV_CACHE", said)
    assert cache.cache_folder() == tmp_path / "mine"
    assert cache.entry(STRUCTURE).parent == tmp_path / "mine"
    assert not (tmp_path / "~").exists()


def test_without_a_home_compiled_is_refused_in_a_sentence_and_auto_is_numpy(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_CACHE_HOME", "BIOKV_CACHE"):
        monkeypatch.delenv(name, raising=False)

    def nobody(uid):
        raise KeyError(uid)

    monkeypatch.setattr("pwd.getpwuid", nobody)
    with pytest.raises(ValueError, match=r"there is no home folder for the cache .* set BIOKV_CACHE"):
        choose_engine("compiled", 5)
    engine, why = choose_engine("auto", 5)
    assert (engine, why.partition(" for")[0]) == ("numpy", "there is no home folder")
    monkeypatch.setenv("BIOKV_CACHE", "~/mine")
    with pytest.raises(ValueError, match="BIOKV_CACHE is ~/mine, but there is no such home folder"):
        cache.cache_folder()
    assert list(tmp_path.iterdir()) == []


def test_where_no_folder_can_be_made_auto_is_numpy(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("BIOKV_CACHE", str(tmp_path / "file" / "cache"))
    engine, why = choose_engine("auto", 5)
    assert engine == "numpy"
    assert why == f"the cache folder {tmp_path / 'file' / 'cache'} cannot be made: Not a directory; " \
                  "set BIOKV_CACHE to another"  # fmt: skip


@pytest.mark.parametrize("umask", [0o000, 0o077, 0o277, 0o777])
def test_an_entry_is_private_and_can_be_read_and_run_whatever_the_umask(umask, tmp_path, compiles, monkeypatch):
    monkeypatch.setenv("BIOKV_CACHE", str(tmp_path / "cache"))
    given = {}  # to the child that compiles

    def look():
        (building,) = (tmp_path / "cache").glob("*.building-*")
        given.update({path.name: stat.S_IMODE(path.stat().st_mode) for path in (building, *building.iterdir())})

    compiles.append(look)
    before = os.umask(umask)
    try:
        program = obtained()
    finally:
        os.umask(before)
    assert sorted(given.values()) == [0o600, 0o700]
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (program.folder, *program.folder.rglob("*"))}
    private = {"static_arrays": 0o700, "main": 0o700, program.folder.name: 0o700}
    assert modes == {name: private.get(name, 0o600) for name in modes}
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700


# who builds in it


def test_the_first_to_be_done_wins(folder, compiles):
    compiles.append(lambda: publish(cache.entry(STRUCTURE), b"of another machine"))
    assert main_of(obtained()) == b"of another machine"
    assert folders(folder) == [cache.entry(STRUCTURE)]


@pytest.mark.parametrize("problem", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EACCES, errno.EIO])
def test_two_that_build_at_once_without_locks_both_get_their_program(folder, compiles, problem, monkeypatch):
    def refuse(fd, how):
        raise OSError(problem, os.strerror(problem))

    if problem == errno.EACCES:  # which filelock takes for "held by another"
        monkeypatch.setattr(FileLock, "acquire", lambda lock, timeout: refuse(0, 0))
    else:
        monkeypatch.setattr("fcntl.flock", refuse)
    both = threading.Barrier(2, timeout=60)
    compiles.append(both.wait)
    found, said = [], []
    threads = [threading.Thread(target=lambda: found.append(obtained(said))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [main_of(program) for program in found] == [b"a program"] * 2
    assert len(said) == 2
    assert folders(folder) == [cache.entry(STRUCTURE)]


def test_a_lock_that_nobody_gives_back_is_not_waited_for_for_ever(folder, compiles, monkeypatch):
    monkeypatch.setattr(obtain, "WAIT", 1)
    said = []
    with FileLock(f"{cache.entry(STRUCTURE)}.lock"):
        assert main_of(obtained(said)) == b"a program"
    assert [line.partition(";")[0][:34] for line in said] == [
        "another process is compiling this ", "compiling the network for d=3, N=3"
    ]  # fmt: skip


def test_who_waits_sees_the_entry_even_if_the_lock_stays(folder, compiles, monkeypatch):
    monkeypatch.setattr(obtain, "WAIT", 20)
    compiles.append(lambda: pytest.fail("compiled though it was there"))
    with FileLock(f"{cache.entry(STRUCTURE)}.lock"):
        said = []
        appears = threading.Timer(0.2, publish, [cache.entry(STRUCTURE), b"of the other"])
        appears.start()
        assert main_of(obtained(said)) == b"of the other"
        appears.join()
    assert said == ["another process is compiling this network; waiting for it ..."]


def test_a_damaged_entry_is_replaced_unless_another_has_done_so(folder, compiles):
    entry = cache.entry(STRUCTURE)
    publish(entry)
    (entry / "main").write_bytes(b"damaged")
    assert main_of(obtained()) == b"a program"
    (entry / "main").write_bytes(b"damaged once more")
    compiles.append(lambda: publish(entry, b"mended by another"))
    assert main_of(obtained()) == b"mended by another"
    assert folders(folder) == [entry]


def test_what_moves_aside_is_put_back_if_it_is_whole(folder, compiles, monkeypatch):
    """Another process mends the entry just after it was found damaged and before it is moved away."""
    entry = cache.entry(STRUCTURE)
    publish(entry)
    (entry / "main").write_bytes(b"damaged")
    own_name = obtain._own_name

    def meanwhile(beside, kind):
        if kind == obtain.ASIDE:
            publish(entry, b"mended by another")
        return own_name(beside, kind)

    monkeypatch.setattr(obtain, "_own_name", meanwhile)
    assert main_of(obtained()) == b"mended by another"
    assert folders(folder) == [entry]


def test_what_nobody_builds_in_any_more_is_removed_and_nothing_else(folder, compiles):
    week = obtain.LEFT_OVER
    names = {"3x3x3-512-a.building-x": week + 60, "3x3x3-512-a.aside-y": week + 60, "probe-z": week + 60,
             "3x3x3-512-b.building-x": week - 3600, "3x3x3-512-c": week + 60, "rules": week + 60}  # fmt: skip
    now = folder.stat().st_mtime
    for name, age in names.items():
        (folder / name).mkdir()
        os.utime(folder / name, (now - age, now - age))
    program = obtained()
    assert {path.name for path in folders(folder)} == {
        "3x3x3-512-b.building-x", "3x3x3-512-c", "rules", program.folder.name
    }  # fmt: skip


def test_a_compile_that_is_given_up_leaves_nothing(folder, compiles):
    def stop():
        raise KeyboardInterrupt

    compiles.append(stop)
    with pytest.raises(KeyboardInterrupt):
        obtained()
    assert folders(folder) == []


# what may not be written or run


def test_a_complete_entry_is_only_read(folder, compiles, monkeypatch):
    publish(cache.entry(STRUCTURE))

    def refuse(*args, **options):
        raise OSError(errno.EROFS, "Read-only file system")

    for name in ("mkdir", "rename", "chmod", "unlink", "utime"):
        monkeypatch.setattr(os, name, refuse)
    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    monkeypatch.setattr(obtain, "FileLock", refuse)
    assert main_of(obtained()) == b"a program"


def test_a_cache_that_cannot_be_written_is_said(folder, compiles, monkeypatch):
    def refuse(*args, **options):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(RuntimeError, match=f"cannot compile into the cache folder {folder}: Read-only file system; B"):
        obtained()


def test_where_programs_cannot_be_run_nothing_is_compiled(folder, compiles, monkeypatch):
    monkeypatch.setattr(obtain, "trouble", lambda folder: "programs in the cache folder cannot be run (noexec?)")
    compiles.append(lambda: pytest.fail("compiled"))
    with pytest.raises(RuntimeError, match=r"programs in the cache folder cannot be run \(noexec\?\); BIOKV_CACHE nam"):
        obtained()


def test_a_program_that_may_not_be_run_is_said(folder):
    publish(cache.entry(STRUCTURE))
    program = cache.find(STRUCTURE)
    (program.folder / "main").chmod(0o600)
    with pytest.raises(RuntimeError, match=r"main may not be run; is its file system mounted noexec\? BIOKV_CACHE"):
        compiled._served(program, 0).__enter__()


def test_a_program_for_another_processor_says_what_to_do(folder, tmp_path):
    publish(cache.entry(STRUCTURE))
    program = cache.Program(cache.entry(STRUCTURE), {"tables": [], "window_s": 0.15})

    class Server:
        def run(self, line):
            return -signal.SIGILL, "killed by signal 4 (Illegal instruction)"

    class Presentation:
        n_windows = 2

        def tables(self):
            return {}

    with pytest.raises(RuntimeError, match=r"was made for another processor; delete that folder.*BIOKV_CACHE") as said:
        compiled.run_trial(program, tmp_path, Server(), Presentation(), {}, np.random.default_rng(0))
    assert str(program.folder) in str(said.value)

"""The C++ compiler: which one, whether it works here, and that nothing of the caller's changes what it makes."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest
from place import HOSTILE

from bioKV import SpikingMemory
from bioKV.engines import cache, choose, toolchain

needs_compiler = pytest.mark.skipif(toolchain.compiler() is None, reason="no C++ compiler")
STRUCTURE = cache.Structure(SpikingMemory(3, 3, 3).blueprint(), cache.LENGTHS[0])


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """"auto" as it is, with an empty cache, and nothing remembered."""
    monkeypatch.setattr(choose, "trouble", toolchain.trouble)
    monkeypatch.setenv("BIOKV_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CXX", raising=False)
    toolchain._tried.cache_clear()
    yield cache.cache_folder()
    toolchain._tried.cache_clear()


def script(folder: Path, text: str) -> str:
    path = folder / "cxx"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


# what auto takes


@needs_compiler
def test_auto_is_compiled_where_a_compiler_works_whatever_the_cache_holds(own_cache, monkeypatch):
    assert choose.choose_engine("auto", 5) == ("compiled", "a C++ compiler works")
    assert list(own_cache.iterdir()) == []
    monkeypatch.setattr(cache, "load", lambda folder: pytest.fail("looked at the cache"))
    assert SpikingMemory(3, 3, 3).choose_engine(1) == ("compiled", "a C++ compiler works")
    assert choose.choose_engine("auto", cache.LENGTHS[-1])[0] == "numpy"
    assert choose.choose_engine("auto", cache.LENGTHS[-1] - 1)[0] == "compiled"


@needs_compiler
def test_it_is_tried_once_and_only_for_auto(monkeypatch):
    tried = []
    compiled_and_run = toolchain._compiled_and_run
    monkeypatch.setattr(toolchain, "_compiled_and_run", lambda *how: tried.append(how) or compiled_and_run(*how))
    choose.choose_engine("compiled", 5)
    choose.choose_engine("numpy", 5)
    assert tried == []
    for _ in range(3):
        assert choose.choose_engine("auto", 5)[0] == "compiled"
    assert len(tried) == 1


def test_auto_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("CXX", "no-such-compiler --fast")
    why = "$CXX names the compiler 'no-such-compiler --fast', which was not found"
    assert choose.choose_engine("auto", 5) == ("numpy", why)
    monkeypatch.setenv("CXX", "'g++")
    assert choose.choose_engine("auto", 5) == ("numpy", '''$CXX names the compiler "'g++", which was not found''')
    monkeypatch.delenv("CXX")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert choose.choose_engine("auto", 5) == ("numpy", "there is no C++ compiler")
    (tmp_path / "g++").symlink_to("/bin/sh")
    assert choose.choose_engine("auto", 5) == ("numpy", "there is no make")


@needs_compiler
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("echo 'line.cpp:1:10: fatal error: cstdlib: No such file' >&2; exit 1", "fatal error: cstdlib: No such file"),
        ("echo 'licence expired' >&2; exit 3", "make: *** [makefile:2: line] Error 3"),
        ("kill -9 $$", "Killed"),
        ("exec sleep 600", "no end after 1 s"),
    ],
    ids=["no headers", "no licence", "killed", "hangs"],
)
def test_a_compiler_that_is_there_and_does_not_work_is_not_taken(text, why, own_cache, tmp_path, monkeypatch):
    monkeypatch.setattr(toolchain, "PATIENCE", 1 if "sleep" in text else 60)
    monkeypatch.setenv("CXX", script(tmp_path, text))
    engine, said = choose.choose_engine("auto", 5)
    assert engine == "numpy"
    assert said.startswith(f"the C++ compiler {tmp_path / 'cxx'} does not work: ")
    assert said.endswith(why)
    assert list(own_cache.iterdir()) == []


@needs_compiler
def test_where_programs_cannot_be_run_auto_is_numpy(own_cache, monkeypatch):
    run = toolchain._run

    def noexec(command, *how):
        if Path(command[0]).is_relative_to(own_cache):
            raise PermissionError(errno.EACCES, "Permission denied")
        return run(command, *how)

    monkeypatch.setattr(toolchain, "_run", noexec)
    why = f"programs in the cache folder {own_cache} cannot be run (noexec?)"
    assert choose.choose_engine("auto", 5) == ("numpy", why)


@needs_compiler
def test_a_compiler_for_another_machine_is_not_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("CXX", script(tmp_path, "printf '#!/bin/sh\\nkill -4 $$\\n' > line; chmod 700 line"))
    assert choose.choose_engine("auto", 5)[1].endswith("cxx does not run: exit code -4")


@needs_compiler
def test_where_nothing_can_be_written_auto_is_numpy(own_cache, monkeypatch):
    def refuse(*args, **options):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    why = f"the cache folder {own_cache} cannot be written: Read-only file system"
    assert choose.choose_engine("auto", 5) == ("numpy", why)


def test_windows_is_sent_to_wsl_and_auto_is_numpy_there(monkeypatch):
    monkeypatch.setattr("sys.platform", "win32")
    assert choose.choose_engine("auto", 5) == ("numpy", "the compiled engine does not run on Windows itself")
    with pytest.raises(ValueError, match=r"^the compiled engine does not run on Windows itself; use it in WSL \(wsl "):
        choose.choose_engine("compiled", 5)


# which compiler


@needs_compiler
def test_a_compiler_with_arguments_or_an_own_path_is_taken_whole(own_cache, tmp_path, monkeypatch):
    plain = cache.entry(STRUCTURE)
    monkeypatch.chdir(tmp_path)
    wrapper = script(tmp_path, f'shift; exec {shutil.which("g++")} "$@"')
    for said, command in (
        ("g++ -O1", "g++ -O1"),
        ("  g++   -DNAME='a b' ", "g++ '-DNAME=a b'"),
        ("./cxx g++", f"{wrapper} g++"),
    ):
        monkeypatch.setenv("CXX", said)
        assert toolchain.compiler() == command
        assert toolchain.trouble(own_cache) == ""
        assert cache.entry(STRUCTURE) != plain
    monkeypatch.setenv("CXX", "")
    assert cache.entry(STRUCTURE) == plain


@needs_compiler
def test_nothing_for_other_programs_reaches_the_compiler(own_cache, tmp_path, monkeypatch):
    monkeypatch.setenv("CXX", script(tmp_path, f'env > {tmp_path}/env; exec {shutil.which("g++")} "$@"'))
    (tmp_path / "cstdlib").write_text("#error another header")
    hostile = HOSTILE | {"CPATH": str(tmp_path), "CPLUS_INCLUDE_PATH": str(tmp_path)}
    for name, value in hostile.items():
        monkeypatch.setenv(name, value)
    assert toolchain.trouble(own_cache) == ""
    seen = dict(line.partition("=")[::2] for line in (tmp_path / "env").read_text().splitlines())
    assert not hostile.items() & seen.items()
    assert seen["LC_ALL"] == "C"
    assert seen["PATH"] == os.environ["PATH"]


# for which processor

ARM = """processor\t: {n}
BogoMIPS\t: 50.00
Features\t: fp asimd {features}
CPU implementer\t: 0x41
CPU architecture: 8
CPU variant\t: 0x1
CPU part\t: {part}
CPU revision\t: 1

"""


def test_two_arm_processors_do_not_share_a_program(own_cache, monkeypatch):
    graviton, next_one = (ARM.format(n=0, features=f, part=p) for f, p in (("sve", "0xd40"), ("sve sve2", "0xd4f")))
    same_features = ARM.format(n=0, features="sve", part="0xd0c")
    same_part = ARM.format(n=0, features="sve2", part="0xd40")
    big_little = graviton + same_features.replace("processor\t: 0", "processor\t: 1")
    told = {toolchain.told(text) for text in (graviton, next_one, same_features, same_part, big_little)}
    assert len(told) == 5
    assert toolchain.told(graviton + graviton.replace("processor\t: 0", "processor\t: 1")) in told
    entries = set()
    for one in told:
        monkeypatch.setattr(cache, "processor", lambda one=one: one)
        entries.add(cache.entry(STRUCTURE))
    assert len(entries) == 5


def test_what_changes_from_moment_to_moment_is_no_part_of_the_processor():
    intel = "model name\t: Xeon\ncpu MHz\t\t: {}\nflags\t\t: fpu avx2\nbogomips\t: {}\n"
    assert toolchain.told(intel.format(1000, 2)) == toolchain.told(intel.format(3000, 5))
    assert toolchain.told(intel) == ("flags: fpu avx2", "model name: Xeon")

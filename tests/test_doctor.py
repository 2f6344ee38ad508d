"""`biokv doctor` says what is wrong and what would do, and never breaks off: its exit code is 0 whatever it finds."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from importlib.metadata import metadata, version
from pathlib import Path

import pytest
from command_line import biokv

from bioKV.commands import doctor
from bioKV.engines import cache, toolchain
from bioKV.studies import tasks

needs_compiler = pytest.mark.skipif(toolchain.compiler() is None, reason="no C++ compiler")
LAST = "  tvt --n-slots None"  # the last of the memories


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("BIOKV_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setattr(doctor, "importlib", type("Loads", (), {"import_module": staticmethod(lambda name: None)}))
    toolchain._tried.cache_clear()
    yield cache.cache_folder()
    toolchain._tried.cache_clear()


def said() -> list[str]:
    done = biokv("doctor")
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[-1] == LAST
    return lines


def the_line(start: str) -> str:
    (line,) = [line for line in said() if line.startswith(start)]
    return line


@needs_compiler
def test_a_compiler_is_tried(tmp_path, monkeypatch):
    assert "  it compiled a line of C++, which ran: --engine compiled works, and --engine auto takes it" in said()
    broken = tmp_path / "cxx"
    broken.write_text("#!/bin/sh\necho 'x.cpp:1: error: no licence' >&2; exit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("CXX", str(broken))
    assert the_line("compiler: ").startswith(f"compiler: {broken} (named by $CXX)")
    line = the_line(f"  the C++ compiler {broken} does not work: x.cpp:1: error: no licence; to install one: ")
    assert line.endswith("; the NumPy engine works without")
    assert "works, and" not in " ".join(said())


def test_a_wrong_cxx_is_not_called_a_missing_compiler(monkeypatch):
    monkeypatch.setenv("CXX", "no-such-compiler")
    line = the_line("compiler: ")
    assert "$CXX names the compiler 'no-such-compiler', which was not found; unset CXX" in line
    assert "apt" not in line


def test_a_missing_compiler_is_said_with_the_cure(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    line = the_line("compiler: ")
    assert "there is no C++ compiler; install them (Debian, Ubuntu: apt install g++ make; macOS: " in line


@needs_compiler
def test_where_programs_cannot_be_run_or_nothing_written_it_says_so(own_cache, monkeypatch):
    why = f"programs in the cache folder {own_cache} cannot be run (noexec?)"
    monkeypatch.setattr(toolchain, "_compiled_and_run", lambda command, probe: why)
    assert f"  {why}; the NumPy engine works without" in said()
    assert the_line(f"  {why}; set BIOKV_CACHE to a folder in which programs may be written and run")


def test_entries_that_are_damaged_or_open_to_others_are_named(own_cache):
    for name in ("good", "open", "damaged"):
        (own_cache / name / "static_arrays").mkdir(parents=True)
        (own_cache / name / "main").write_bytes(b"a program")
        (own_cache / name / "main").chmod(0o700)
        (own_cache / name / "manifest.json").write_text(json.dumps({"digest": cache.digest(own_cache / name, {})}))
        for path in (own_cache / name, *(own_cache / name).iterdir()):
            path.chmod(path.stat().st_mode & 0o700)
    (own_cache / "open" / "main").chmod(0o722)
    (own_cache / "damaged" / "main").write_bytes(b"another")
    lines = said()
    assert the_line("cache: ").startswith(f"cache: {own_cache}, 3 compiled networks, 0 MB")
    assert f"  open is open to others; chmod -R go= {own_cache / 'open'}" in lines
    assert the_line("  damaged is damaged, or may not be read or run; it is compiled anew")
    assert not [line for line in lines if line.startswith("  good")]


def test_a_folder_that_cannot_be_read_or_trusted_is_a_finding(own_cache, monkeypatch):
    own_cache.chmod(0o777)
    assert the_line("cache: ").startswith(f"cache: others may write to the cache folder {own_cache}")
    own_cache.chmod(0o700)

    def refuse(folder):
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert the_line("cache: ") == f"cache: PermissionError: [Errno 13] Permission denied: '{own_cache}'"


def test_without_a_home_it_goes_on(monkeypatch):
    for name in ("HOME", "XDG_CACHE_HOME", "BIOKV_CACHE"):
        monkeypatch.delenv(name, raising=False)

    def nobody(uid):
        raise KeyError(uid)

    monkeypatch.setattr("pwd.getpwuid", nobody)
    assert the_line("cache: ").startswith("cache: there is no home folder for the cache")


def test_packages_that_are_missing_or_broken_are_named(monkeypatch):
    def load(name):
        if name in ("scipy", "jax"):
            raise ImportError("undefined symbol:\n  PyArray_API")

    monkeypatch.setattr(doctor.importlib, "import_module", load)
    broken = "is there but cannot be loaded: ImportError: undefined symbol: PyArray_API"
    assert the_line("  scipy ") == f"  scipy {broken}; pip install --force-reinstall scipy"
    assert the_line("  jax ").endswith("; only learning rules needs it")
    assert f"  numpy {version('numpy')}" in said()


def test_every_extra_that_a_user_installs_is_looked_for():
    extras = {name.removeprefix("Provides-Extra: ") for name in metadata("bioKV").get_all("Provides-Extra")}
    assert {extra for _, extra in doctor.EXTRA.values()} == extras - {"test", "docs"}


def test_a_protocol_that_cannot_be_loaded_is_named_and_the_rest_goes_on(monkeypatch):
    load = importlib.import_module

    def broken(name):
        if name.endswith("protocols.graded"):
            raise SyntaxError("invalid syntax")
        return load(name)

    monkeypatch.setattr(tasks, "importlib", type("Loads", (), {"import_module": staticmethod(broken)}))
    assert the_line("protocols: ") == "protocols: protocols/graded.py cannot be loaded: SyntaxError: invalid syntax"


@pytest.mark.parametrize("part", ["bioKV.engines.children", "bioKV.engines.cache", "bioKV.studies.tasks"])
def test_a_broken_installation_is_a_finding(part, monkeypatch):
    monkeypatch.setitem(sys.modules, part, None)  # as if the file were not there
    done = biokv("doctor")
    assert done.exit_code == 0
    assert f"ModuleNotFoundError: import of {part} halted" in done.output
    assert "memories and their options" in done.output


def test_the_real_command_loads_the_real_packages(tmp_path):
    env = {name: value for name, value in os.environ.items() if name != "HOME"} | {"CXX": "no-such-compiler"}
    done = subprocess.run([sys.executable, "-m", "bioKV", "doctor"], env=env, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"  brian2 {version('brian2')}\n" in done.stdout
    assert done.stdout.endswith(f"{LAST}\n")

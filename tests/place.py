"""A machine of its own for tests of faults: a cache, a compiler that fails when it is told to, and what runs there."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import biokv

from bioKV import SpikingMemory
from bioKV.engines import cache

STRUCTURE = cache.Structure(SpikingMemory(8, 8, 8).blueprint(), cache.LENGTHS[0])
# two chunks, one an x; a trial of the second takes long enough to be met
SPIKING = ["--memory", "spiking", "--engine", "compiled", "--key-dim", "8", "--n-pairs", "3,40", "--trials", "4"]
SHORT = [*SPIKING[:-3], "3", "--trials", "2"]
# what a caller may have set for other programs, and what would break or change ours
HOSTILE = {
    "CC": "no-such-compiler", "CFLAGS": "--nonsense", "CXXFLAGS": "--nonsense", "CPPFLAGS": "--nonsense",
    "LDFLAGS": "--nonsense", "MAKEFLAGS": "-n", "GNUMAKEFLAGS": "-n", "MAKEFILES": "/no/such/file", "MAKELEVEL": "3",
    "TARGET_ARCH": "--nonsense", "LIBRARY_PATH": "/nowhere", "LANG": "de_DE.UTF-8", "LC_ALL": "fr_FR.UTF-8",
    "LANGUAGE": "de",
}  # fmt: skip
# The compiler of these tests compiles every file once, without optimising, and then gives the same object again; it
# notes what it is asked, and after five files it does what FAULT says.
COMPILER = """#!/bin/sh
case " $* " in
  *" -dumpfullversion "*) echo 1; exit ;;
  *flag_test*) exec REAL "$@" ;;
esac
echo "$*" >> "$LOG"
case " $* " in
  *" c++-header "*) : > all.h.gch; exit ;;
  *" -c "*) ;;
  *) exec REAL "$@" ;;
esac
for object; do
  case "$object" in
    -c | -o | -include) ;;
    -*) flags="$flags $object" ;;
    *.cpp) source=$object ;;
  esac
done
if [ "$(wc -l < "$LOG")" -gt 5 ]; then
  case "$FAULT" in
    fails) echo "$source:7:1: error: out of luck" >&2; exit 1 ;;
    is-killed) kill -9 $$ ;;
    hangs) exec sleep 600 ;;
  esac
fi
exec 9> .lock
flock 9
[ -e .sum ] || find . -name '*.h' | sort | xargs sha256sum | sha256sum | cut -c 1-20 > .sum
store="STORE/$(cat .sum)"
mkdir -p "$store"
[ -e "$store/objects.h.gch" ] || REAL $flags -O0 -x c++-header objects.h -o "$store/objects.h.gch"
flock -u 9
kept="$store/$(sha256sum < "$source" | cut -c 1-20)"
if [ ! -e "$kept" ]; then
  REAL $flags -O0 -include "$store/objects.h" -c "$source" -o "$kept.$$" && mv "$kept.$$" "$kept" || exit 1
fi
cp "$kept" "$object"
"""


class Place:
    """A cache, a log of the compiler, and folders for results and temporary files: all of one test's own."""

    def __init__(self, folder: Path, compiler: Path):
        self.folder, self.cache, self.log = folder, folder / "cache", folder / "log"
        self.temporary = folder / "temporary"
        self.started: list[subprocess.Popen] = []
        self.environment = os.environ | {"CXX": str(compiler), "LOG": str(self.log), "BIOKV_CACHE": str(self.cache)}

    def start(self, *words, workers=1, largest_file=None, fault="") -> subprocess.Popen:
        """`biokv run autoassociative WORDS`, as a process."""

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

        process = subprocess.Popen(
            [sys.executable, "-m", "bioKV", "run", "autoassociative", *map(str, words), "--workers", str(workers)],
            cwd=cache.import_folder(),
            env=self.environment | {"FAULT": fault},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=limit if largest_file else None,
        )
        self.started.append(process)
        return process

    def run(self, *words, code=0, **how) -> str:
        """The same to its end; what it said on standard error."""
        return said(self.start(*words, **how), code)

    def here(self, *words) -> str:
        """The same in the process of the tests, where a process is not what a test is about."""
        with pytest.MonkeyPatch.context() as patch:
            for name in ("CXX", "LOG", "BIOKV_CACHE"):
                patch.setenv(name, self.environment[name])
            done = biokv("run", "autoassociative", *words, "--workers", 1)
        assert done.exit_code == 0, done.output
        return done.stderr

    def table(self, name="out") -> str:
        return (self.folder / name / "results.csv").read_text()

    def entry(self) -> Path:
        with pytest.MonkeyPatch.context() as patch:
            for name in ("CXX", "BIOKV_CACHE"):
                patch.setenv(name, self.environment[name])
            return cache.entry(STRUCTURE)

    def processes(self) -> dict[int, str]:
        """The command lines of all processes that work on this cache."""
        found = {}
        for process in Path("/proc").iterdir():
            try:
                line = (process / "cmdline").read_bytes().decode().replace("\0", " ")
                if process.name.isdigit() and str(self.cache) in line + os.readlink(process / "cwd"):
                    found[int(process.name)] = line
            except OSError:  # it has ended
                continue
        return found

    def workers(self) -> dict[int, str]:
        return {pid: line for pid, line in self.processes().items() if "/main --results_dir" in line}


def said(process: subprocess.Popen, code: int) -> str:
    _, errors = process.communicate(timeout=300)
    assert process.returncode == code, errors
    return errors


def sentence(errors: str) -> str:
    """The last line, which says what happened; there is no other of its kind, and no traceback."""
    assert "Traceback" not in errors
    assert errors.count("biokv: ") == 1
    return errors.rstrip("\n").rpartition("\n")[2]


def until(what):
    """Wait until what() is true."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.03)
    raise AssertionError("waited two minutes in vain")

"""What happens on malformed commands, files and calls: one sentence, code 2 or ValueError, and nothing left behind.

    python -m benchmarks.bad_input [--every 10] [--kinds commands ...]

Every command gets every option with values that it cannot have (bad_commands), files and folders that are damaged
(bad_files); every public function and class gets arguments that it cannot have (bad_calls). A command is right if it
ends with exit code 2 within ten seconds of processor time, prints nothing but one line "biokv: ..." of readable length
to standard error, and leaves its folder, the folder for temporary files and that for shared memory as they were. A call
is right if it raises ValueError with one such line. Commands run in this process, every fiftieth also in its own.
Prints a Markdown table of the counts and what is wrong; exits with 1 if anything is.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from typer.testing import CliRunner

from benchmarks import (
    bad_calls,
    bad_calls_analysis,
    bad_calls_files,
    bad_calls_learning,
    bad_calls_network,
    bad_calls_pictures,
)
from benchmarks.bad_commands import COMMANDS
from benchmarks.bad_files import FILES
from bioKV.commands.cli import app
from bioKV.engines import children
from bioKV.engines.cache import import_folder

PARTS = (bad_calls, bad_calls_analysis, bad_calls_network, bad_calls_files, bad_calls_pictures,
         bad_calls_learning)  # fmt: skip
CALLS = [call for part in PARTS for call in part.CALLS]
KINDS = {"commands": COMMANDS, "files": FILES, "calls": CALLS}
LONGEST_LINE, LONGEST_S = 1200, 10  # letters; seconds of processor time, so that a busy machine changes nothing
MEMORY = 12 * 2**30  # bytes of addresses: what asks for more is refused by the system, as on a small machine
ALSO_ALONE = 50


class TooLong(BaseException):
    """The time is over; nothing of ours catches this."""


@contextmanager
def limited() -> Iterator[None]:
    """Raises TooLong when the time of a case is over."""

    def stop(*_: Any) -> None:
        raise TooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def content(folder: Path) -> dict[str, bytes | None]:
    """All files below a folder with what they hold, and all folders."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def line_fault(printed: str) -> str:
    """What is wrong with a refusal; empty if nothing is."""
    lines = printed.splitlines()
    if len(lines) != 1:
        return f"{len(lines)} lines: {printed[:300]!r}"
    if len(lines[0]) > LONGEST_LINE:
        return f"a line of {len(lines[0])} letters: {lines[0][:200]!r}"
    bare = lines[0].removeprefix("biokv: ").strip()
    return "" if len(bare.split()) > 3 else f"no sentence: {lines[0]!r}"


def command_fault(words: list[str], folder: Path, alone: bool) -> str:
    """What is wrong with how a command in a folder ends; empty if nothing is."""
    before = content(folder)
    where = os.getcwd()
    os.chdir(folder)
    try:
        if alone:
            done = subprocess.run([sys.executable, "-m", "bioKV", *words], capture_output=True, text=True, timeout=600,
                                  env=os.environ | {"PYTHONPATH": str(import_folder())})  # fmt: skip
            code, out, errors = done.returncode, done.stdout, done.stderr
        else:
            with limited():
                result = CliRunner().invoke(app, words)
            code, out, errors = result.exit_code, result.stdout, result.stderr
            if result.exception and not isinstance(result.exception, SystemExit):
                return f"raises {type(result.exception).__name__}: {result.exception}"
    except TooLong:
        return f"takes longer than {LONGEST_S} s"
    finally:
        os.chdir(where)
    if code != 2 or out:
        return f"exit code {code}, prints {out[-100:]!r} {errors[-200:]!r}"
    if not errors.startswith("biokv: "):
        return f"prints {errors[:300]!r}"
    if content(folder) != before:
        return f"changes {sorted(set(content(folder)) ^ set(before)) or 'a file'}"
    return line_fault(errors)


def call_fault(call: Any) -> str:
    """What is wrong with how a call ends; empty if nothing is."""
    before = plt.get_fignums()
    try:
        with limited(), warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            returned = call()
    except ValueError as problem:
        left = "leaves a figure open" if plt.get_fignums() != before else ""
        return line_fault(str(problem)) or (f"warns: {warned[0].message}" if warned else left)
    except TooLong:
        return f"takes longer than {LONGEST_S} s"
    except Exception as problem:
        return f"raises {type(problem).__name__}: {problem}"
    return f"returns {' '.join(repr(returned).split())[:100]}"


@contextmanager
def private_places() -> Iterator[tuple[Path, Path]]:
    """A folder to work in, and one that stands for temporary files, shared memory and the cache."""
    with tempfile.TemporaryDirectory(prefix="bad-input-") as name:
        work, scratch, cache = Path(name) / "work", Path(name) / "scratch", Path(name) / "cache"
        for folder in (work, scratch, cache):
            folder.mkdir(mode=0o700)
        children.SHARED_MEMORY, tempfile.tempdir = scratch, str(scratch)
        os.environ |= {"BIOKV_CACHE": str(cache), "TMPDIR": str(scratch), "MPLBACKEND": "agg", "COLUMNS": "80"}
        yield work, scratch


def faults_of(kind: str, cases: list, work: Path, scratch: Path, every: int) -> tuple[int, list[str]]:
    """How many cases of a kind were tried, and what is wrong with which."""
    tried, wrong = 0, []
    for number, case in enumerate(cases):
        if number % every:
            continue
        tried += 1
        start = time.process_time()
        if kind == "calls":
            name, fault = case.name, call_fault(case.call)
        else:
            name, fault = " ".join(word if len(word) < 60 else word[:57] + "..." for word in case.words), ""
            for alone in (False, True) if not number % (ALSO_ALONE * every) else (False,):
                folder = work / "here"
                folder.mkdir()
                if case.prepare:
                    case.prepare(folder)
                fault = fault or command_fault(list(case.words), folder, alone)
                shutil.rmtree(folder)
        if left := content(scratch):
            fault = fault or f"leaves {sorted(left)}"
            for path in scratch.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        if fault:
            wrong.append(f"`{case.about}` {name!r}: {fault}")
        if time.process_time() - start > 3:
            print(f"{time.process_time() - start:.1f} s: {name}", file=sys.stderr)
    return tried, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--every", type=int, default=1, help="only one of so many")
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=KINDS)
    chosen = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    everything = {}
    with private_places() as (work, scratch):
        for kind in chosen.kinds:
            everything[kind] = faults_of(kind, KINDS[kind], work, scratch, chosen.every)
    print("| kind | tried | right | wrong |\n|---|---|---|---|")
    for kind, (tried, wrong) in everything.items():
        print(f"| {kind} | {tried} | {tried - len(wrong)} | {len(wrong)} |")
    faults = [line for _, wrong in everything.values() for line in wrong]
    print("\n".join(["", *faults]) if faults else "", end="")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()

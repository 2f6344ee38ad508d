"""Every command of the README that writes a table, run twice in surroundings as different as they get.

    python -m benchmarks.same_answer [--only WORD] [--trials N]

Once as anybody would. Once with an empty cache, one process at a time and a hostile environment: Brian2 preferences of
the user (float32, another schedule, no vector code), a matplotlibrc that asks for LaTeX, a notebook's MPLBACKEND,
TERM=dumb, an ASCII terminal, flags for the compiler and for make, GIT_DIR elsewhere, other hashes and threads. Prints
whether results.csv has the same bytes, and exits 1 if one has not. --trials : instead of the commands' own.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PREFERENCES = """core.default_float_dtype = float32
core.network.default_schedule = ['start', 'synapses', 'groups', 'thresholds', 'resets', 'end']
codegen.target = 'cython'
codegen.cpp.extra_compile_args_gcc = ['-O0']
"""


def commands(only: str) -> list[list[str]]:
    """The README's lines that write a results.csv, but for those that take hours or learn."""
    lines = re.findall(r"^    (biokv (?:run|compare|robustness|figure) .+)$", (ROOT / "README.md").read_text(), re.M)
    kept = [line for line in lines if only in line and "runs/rule" not in line and "figure all" not in line]
    return [shlex.split(line) for line in kept]


def hostile(home: Path) -> dict[str, str]:
    """An environment in which much is set that is none of a run's business."""
    (home / ".brian").mkdir(parents=True)
    (home / ".brian" / "user_preferences").write_text(PREFERENCES)
    (home / "matplotlibrc").write_text("text.usetex: True\nfont.size: 40\n")
    (home / "cache").mkdir(mode=0o700)
    return {
        "HOME": str(home), "BIOKV_CACHE": str(home / "cache"), "MATPLOTLIBRC": str(home / "matplotlibrc"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline", "TERM": "dumb", "PYTHONIOENCODING": "ascii",
        "CXXFLAGS": "-O0", "CPPFLAGS": "-DNDEBUG", "MAKEFLAGS": "-k", "GIT_DIR": "/nowhere", "PYTHONHASHSEED": "7",
        "OMP_NUM_THREADS": "2", "LANG": "C",
    }  # fmt: skip


def results(command: list[str], folder: Path, environment: dict[str, str], more: list[str]) -> bytes:
    """results.csv of a command that is typed in this folder; what it says goes to a file there."""
    folder.mkdir(parents=True)
    words = [word for word in command[1:] if word != "--out" and not word.startswith("runs/")]
    words += ["--out", str(folder / "out"), *more]
    with open(folder / "said", "w") as said:
        done = subprocess.run([sys.executable, "-m", "bioKV", *words], cwd=folder, env=os.environ | environment,
                              stdout=said, stderr=said)  # fmt: skip
    if done.returncode:
        sys.exit(f"{shlex.join(command)} failed with code {done.returncode}: {(folder / 'said').read_text()[-1000:]}")
    return (folder / "out" / "results.csv").read_bytes()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="")
    parser.add_argument("--trials", type=int)
    chosen = parser.parse_args()
    print("| command | rows | the same bytes |\n|---|---|---|", flush=True)
    differ = 0
    for command in commands(chosen.only):
        print(f"{shlex.join(command)} ...", file=sys.stderr)
        more = ["--trials", str(chosen.trials)] if chosen.trials else []
        one_worker = [] if command[1] == "figure" else ["--workers", "1"]
        with tempfile.TemporaryDirectory() as scratch:
            there = Path(scratch)
            plain = results(command, there / "plain", {}, more)
            again = results(command, there / "hostile", hostile(there / "home"), [*more, *one_worker])
        differ += plain != again
        same = "yes" if plain == again else "NO"
        print(f"| {shlex.join(command)} | {len(plain.splitlines()) - 1} | {same} |", flush=True)
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()

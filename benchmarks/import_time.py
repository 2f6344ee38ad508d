"""How long `import bioKV` and `python -m bioKV --help` take, in fresh interpreters.

    python -m benchmarks.import_time [--repeats 7]

Wall seconds, beyond those of an interpreter that does nothing; the three are started in turn.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

CHECKOUT = Path(__file__).resolve().parent.parent
COMMANDS = {
    "bare interpreter": ("-c", "pass"),
    "import bioKV": ("-c", "import bioKV"),
    "python -m bioKV --help": ("-m", "bioKV", "--help"),
}
TARGETS = {"import bioKV": 0.3, "python -m bioKV --help": 0.5}


def run(arguments: tuple[str, ...]) -> tuple[float, str]:
    """Wall seconds of one interpreter started in the checkout, and the last line of what went wrong, if anything."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], cwd=CHECKOUT, capture_output=True, text=True)
    wall = time.perf_counter() - start
    complaints = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
    return wall, complaints[-1] if done.returncode else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7, help="how many fresh interpreters each")
    repeats = parser.parse_args().repeats
    # the first start of each warms the caches
    failed = {name: trouble for name, arguments in COMMANDS.items() if (trouble := run(arguments)[1])}
    samples: dict[str, list[float]] = {name: [] for name in COMMANDS if name not in failed}
    for _ in range(repeats):
        for name, each in samples.items():
            each.append(run(COMMANDS[name])[0])
    bare = median(samples["bare interpreter"])
    print(f"wall seconds, median of {repeats} (min-max)")
    for name, each in samples.items():
        print(f"  {name:24} {median(each):.3f}  ({min(each):.3f}-{max(each):.3f})")
    print()
    for name, target in TARGETS.items():
        if name in failed:
            print(f"not met  {name}: it failed: {failed[name]}")
        else:
            over = median(samples[name]) - bare
            verdict = "met    " if over < target else "not met"
            print(f"{verdict}  {name}: {over:.3f} s over a bare interpreter (target {target} s)")


if __name__ == "__main__":
    main()

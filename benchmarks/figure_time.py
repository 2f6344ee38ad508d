"""How long figure 2a takes in spikes from nothing, and how much of that is compiling the network.

    python -m benchmarks.figure_time

Eight lengths, sequential and random third factors, 40 trials each, d = N = m = 40, as a user types it, on all cores:
once with an empty cache and once more with the compiled network. Times are those of the whole command, Python's start
and the pictures included.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.contestants import Cpu

COMMAND = "run autoassociative --memory spiking --third-factor sequential --third-factor random --engine compiled"
LENGTHS = "5,10,20,40,60,80,120,180"
TRIALS = 40
TARGET_S = 300


def measure(cache: Path, out: Path) -> tuple[float, float]:
    """Wall and CPU seconds of one command."""
    words = [*COMMAND.split(), "--n-pairs", LENGTHS, "--trials", str(TRIALS), "--out", str(out), "--force"]
    wall, cpu = time.perf_counter(), Cpu.now()
    environment = {**os.environ, "BIOKV_CACHE": str(cache)}
    subprocess.run([sys.executable, "-m", "bioKV", *words], env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - wall, Cpu.now().since(cpu).children


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="biokv-benchmark-") as folder:
        cache = Path(folder) / "cache"
        cache.mkdir(mode=0o700)
        first, again = (measure(cache, Path(folder) / "out") for _ in range(2))
    print(f"biokv {COMMAND} --n-pairs {LENGTHS} --trials {TRIALS}, {os.cpu_count()} cores")
    for name, (wall, cpu) in (("from an empty cache", first), ("with the compiled network", again)):
        print(f"  {name:26} {wall:6.1f} s, {cpu:6.1f} s of CPU time")
    print(f"  {'so compiling took':26} {first[0] - again[0]:6.1f} s, {first[1] - again[1]:6.1f} s of CPU time")
    print(f"{'met' if first[0] < TARGET_S else 'not met'}: under {TARGET_S / 60:g} minutes including the build")


if __name__ == "__main__":
    main()

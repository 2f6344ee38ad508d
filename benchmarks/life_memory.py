"""How much memory a continual life takes: peak of the Python process and of the compiled program against its length.

    python -m benchmarks.life_memory

One life each, d = N = m = 40, in one run of the network and a process of its own. R = 180 takes 5,400 presentations.
"""

from __future__ import annotations

import resource
import subprocess
import sys

import numpy as np

from bioKV import SpikingMemory
from bioKV.protocols import continual

LENGTHS = (300, 1500, 3000, 5400, 20000)


def live(n_steps: int) -> None:
    """One life; prints both peaks in MB, of this process and of its largest child."""
    rng = np.random.default_rng(1)
    SpikingMemory(40, 40, 40, engine="compiled", workers=1).respond(continual(rng, 180, n_steps=n_steps), rng)
    scale = 1e6 if sys.platform == "darwin" else 1e3
    print(*(resource.getrusage(who).ru_maxrss / scale for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def main() -> None:
    if len(sys.argv) > 1:
        live(int(sys.argv[1]))
        return
    print("| presentations | biological time | Python, peak | program, peak |\n|---|---|---|---|", flush=True)
    for n_steps in LENGTHS:
        command = [sys.executable, "-m", "benchmarks.life_memory", str(n_steps)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # compiles the network if nobody has yet
        own, program = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        print(f"| {n_steps} | {0.15 * n_steps:.0f} s | {float(own):.0f} MB | {float(program):.0f} MB |", flush=True)


if __name__ == "__main__":
    main()

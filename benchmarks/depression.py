"""What short-term depression of the key synapses costs, against the rate twin on the same plateaus.

    python -m benchmarks.depression [--trials 40]

T = 20 pairs at d = N = m = 40, 60 % of each query unknown, 40 trials per point on the seeds of benchmarks.robustness.
Prints a Markdown table: the gap, spiking minus rate, with its 95 % interval and the votes per recall, one row per pair
of a utilisation and a time constant of recovery. One compile serves all rows but the first, which has no depression.
"""

from __future__ import annotations

import argparse

from bioKV.network.mechanisms.short_term_depression import ShortTermDepression
from bioKV.units import ms

from .robustness import FACTORS, cells, measure

UTILISATIONS = (0.1, 0.2, 0.5)
RECOVERIES_MS = (30, 100, 300, 800)  # Tsodyks and Markram (1997) fitted 800 ms to pyramidal cells


def row(mechanisms: list[ShortTermDepression], trials: int) -> str:
    """The cells of both third factors."""
    measured = [cells(*measure(index, trials, mechanisms=mechanisms)) for index in range(len(FACTORS))]
    return " | ".join(cell for factor in measured for cell in factor)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=40)
    trials = parser.parse_args().trials
    print("| utilisation | recovery | sequential: accuracy | gap [95 %] | votes | random p=.1: accuracy | gap [95 %]"
          " | votes |")  # fmt: skip
    print(f"|{'---|' * 8}", flush=True)
    print(f"| none | | {row([], trials)} |", flush=True)
    for used in UTILISATIONS:
        for recovery in RECOVERIES_MS:
            depressed = ShortTermDepression(used, recovery * ms)
            print(f"| {used:g} | {recovery} ms | {row([depressed], trials)} |", flush=True)


if __name__ == "__main__":
    main()

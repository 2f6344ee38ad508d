"""What failing, noisy, coarse and unequal parts cost, knob by knob, against the rate twin on the same plateaus.

    python -m benchmarks.robustness [--trials 40] [--knobs release_failure ...] [--picture FILE [--from PAGE]]

Unless others are named the knobs are those that act in one and the same build; each value of the others (delay_spread,
axon_delay, dt, presentation_time, neurons_per_slot) is compiled first, some twenty seconds each.

T = 20 pairs at d = N = m = 40, 60 % of each query unknown, 40 trials per point on seeds nobody tuned on. Prints a
Markdown table: the gap, spiking minus rate, with its 95 % interval and the votes of a recall, one row per value. With
--picture it draws the gap against every knob, with --from that of a page of the docs without measuring.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.gap_panels import Gap, draw_gaps
from benchmarks.kept import add_picture_options, lines_of, parsed, rows_of
from bioKV import Episode, Random, Sequential, SpikingMemory
from bioKV.analysis.intervals import gap_interval
from bioKV.analysis.labels import X_LABEL
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.models import KeyValueMemory
from bioKV.network.mechanisms.imperfect import KNOBS as IMPERFECTIONS
from bioKV.network.settings import KNOBS, parameters_with, read_setting
from bioKV.protocols import autoassociative

REPORTING_SEED = 20261130
SIZE, N_PAIRS = 40, 20
LIMIT = 0.02  # what a knob at a usual value may cost
FACTORS = (Sequential(), Random(0.1))
UNIT = {"axon_delay": " ms", "dt": " ms", "presentation_time": " ms"}
ONE_BUILD = [knob for knob in KNOBS if knob in IMPERFECTIONS]


def measure(index: int, trials: int, **circuit: Any) -> tuple:
    """Spiking accuracies, the rate twin's, and votes per recall, with one third factor; circuit : arguments of
    SpikingMemory. Every circuit sees the same trials."""
    factor = FACTORS[index]
    seeds = [np.random.SeedSequence(REPORTING_SEED, spawn_key=(index, trial)).spawn(2) for trial in range(trials)]
    episode = Episode.stack([autoassociative(np.random.default_rng(seed), N_PAIRS) for seed, _ in seeds])
    memory = SpikingMemory(SIZE, SIZE, SIZE, factor, engine="compiled", **circuit)
    spiking = memory.respond(episode, [np.random.default_rng(seed) for _, seed in seeds])
    twin = KeyValueMemory(SIZE, SIZE, SIZE, factor).respond(
        episode.with_third_factor(spiking.third_factor), np.random.default_rng(0)
    )
    return (
        accuracy(spiking, episode),
        accuracy(twin, episode),
        spiking.counts["votes"].sum(axis=-1)[episode.is_recall].mean(),
    )


def cells(spiking: np.ndarray, twin: np.ndarray, votes: float) -> list[str]:
    """Three columns of a table: accuracy, gap with its interval, votes."""
    return [f"{spiking.mean():.4f}", f"{gap_interval(spiking - twin, 1 / N_PAIRS):+.4f}", f"{votes:.0f}"]


def draw(lines: list[str], path: Path) -> None:
    """The gaps of the printed table, a panel for every knob."""
    gaps = []
    for knob, value, *cells in rows_of(lines):
        if knob in KNOBS:
            for factor, cell in zip(FACTORS, (cells[1], cells[4]), strict=True):
                gap, low, high = (float(number) for number in re.findall(r"[+-]\d\.\d+", cell))
                gaps.append(Gap(X_LABEL[knob], value.partition(" ")[0], factor.name, gap, low, high))
    draw_gaps(gaps, LIMIT, path)


def measured(knobs: list[str], trials: int) -> Iterator[str]:
    """The lines of the output, as they are known."""
    yield "| knob | value | sequential: accuracy | gap [95 %] | votes | random p=.1: accuracy | gap [95 %] | votes |"
    yield f"|{'---|' * 8}"
    for knob in knobs:
        print(f"{knob} ...", file=sys.stderr)
        for value in read_setting(f"{knob}={KNOBS[knob]}")[1]:
            row = []
            for index in range(len(FACTORS)):
                row += cells(*measure(index, trials, parameters=parameters_with({knob: value})))
            yield f"| `{knob}` | {value:g}{UNIT.get(knob, '')} | {' | '.join(row)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=40)
    parser.add_argument("--knobs", nargs="*", default=ONE_BUILD, choices=list(KNOBS))
    add_picture_options(parser)
    chosen = parsed(parser)
    lines = lines_of(chosen, measured(chosen.knobs, chosen.trials))
    if chosen.picture:
        draw(lines, chosen.picture)


if __name__ == "__main__":
    main()

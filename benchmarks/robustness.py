"""What failing, noisy, coarse and unequal parts cost, knob by knob, against the rate twin on the same plateaus.

    python -m benchmarks.robustness [--trials 40] [--knobs release_failure ...] [--picture FILE]

Unless others are named the knobs are those that act in one and the same build; each value of the others (delay_spread,
axon_delay, dt, presentation_time, neurons_per_slot) is compiled first, some twenty seconds each.

T = 20 pairs at d = N = m = 40, 60 % of each query unknown, 40 trials per point on seeds nobody tuned on. Prints a
Markdown table: the gap, spiking minus rate, with its 95 % interval and the votes of a recall, one row per value. With
--picture it draws accuracy against every knob.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

from bioKV import Episode, Random, Sequential, SpikingMemory
from bioKV.analysis.colours import THIRD_FACTOR
from bioKV.analysis.intervals import fraction_interval, gap_interval
from bioKV.analysis.labels import X_LABEL
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.models import KeyValueMemory
from bioKV.network.mechanisms.imperfect import KNOBS as IMPERFECTIONS
from bioKV.network.settings import KNOBS, parameters_with, read_setting
from bioKV.protocols import autoassociative

REPORTING_SEED = 20261130
SIZE, N_PAIRS = 40, 20
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


def draw(found: dict[tuple[str, float, int], tuple], path: Path) -> None:
    """Accuracy against every knob, spiking and rate."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    knobs = list(dict.fromkeys(knob for knob, _, _ in found))
    columns = 2 if len(knobs) in (2, 4) else 3
    rows = -(-len(knobs) // columns)
    size = (2.87 * columns, 2.5 * rows)
    figure, axes = plt.subplots(rows, columns, figsize=size, sharey=True, layout="constrained", squeeze=False)
    for ax in axes.flat[len(knobs) :]:
        ax.set_axis_off()
    for ax, knob in zip(axes.flat, knobs, strict=False):
        values = [value for name, value, index in found if name == knob and index == 0]
        for index, factor in enumerate(FACTORS):
            for memory, (side, style) in {"spiking": (0, "s-"), "rate": (1, "o--")}.items():
                points = [fraction_interval(found[knob, value, index][side], 1 / N_PAIRS) for value in values]
                mean = np.array([point.mean for point in points])
                ax.errorbar(
                    values, mean, yerr=[mean - [p.low for p in points], [p.high for p in points] - mean],
                    fmt=style, color=THIRD_FACTOR[factor.name], capsize=2, markersize=3.5, linewidth=1.1,
                    markerfacecolor="white" if memory == "rate" else None, label=f"{memory}, {factor.name}",
                )  # fmt: skip
        if knob in ("weight_levels", "neurons_per_slot"):
            ax.set_xscale("log", base=2)
            ax.set_xticks(values, [f"{value:g}" for value in values])
            ax.minorticks_off()
        ax.set_xlabel(X_LABEL[knob].replace(" (", "\n("), fontsize="small")
    for ax in axes[:, 0]:
        ax.set_ylabel("accuracy (fraction of bits)", fontsize="small")
    axes[0, 0].set_ylim(min(0.4, *(spiking.mean() - 0.05 for spiking, _, _ in found.values())), 1.03)
    axes[0, 0].legend(frameon=False, fontsize="x-small", loc="lower right")
    figure.savefig(path, dpi=150)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=40)
    parser.add_argument("--knobs", nargs="*", default=ONE_BUILD, choices=list(KNOBS))
    parser.add_argument("--picture", type=Path)
    chosen = parser.parse_args()
    print("| knob | value | sequential: accuracy | gap [95 %] | votes | random p=.1: accuracy | gap [95 %] | votes |")
    print(f"|{'---|' * 8}", flush=True)
    found = {}
    for knob in chosen.knobs:
        print(f"{knob} ...", file=sys.stderr)
        for value in read_setting(f"{knob}={KNOBS[knob]}")[1]:
            row = []
            for index in range(len(FACTORS)):
                one = found[knob, value, index] = measure(
                    index, chosen.trials, parameters=parameters_with({knob: value})
                )
                row += cells(*one)
            print(f"| `{knob}` | {value:g}{UNIT.get(knob, '')} | {' | '.join(row)} |", flush=True)
    if chosen.picture:
        draw(found, chosen.picture)


if __name__ == "__main__":
    main()

"""Accuracy against the swept argument, and the paired gap between spiking and rate."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from .accuracy import mean_with_interval
from .agreement import equivalence
from .colours import GREY, MEMORY, ORANGE, PALE, PURPLE, SKY, THIRD_FACTOR, VERMILION

X_LABEL = {
    "n_pairs": "stored pairs T",
    "corruption": "fraction of unknown query entries",
    "key_dim": "key entries d",
    "n_slots": "slots N",
    "p": "probability of a plateau p",
    "delay": "delay R between storage and recall (steps)",
    "correlation": "correlation with the template",
    "n_patterns": "length of the sequence n",
    "input_irregularity": "input irregularity (0 regular, 1 Poisson)",
    "release_failure": "probability of release failure",
    "hidden_noise": "noise of hidden membranes (s.d., units of the dot product)",
    "output_noise": "noise of output membranes (s.d., votes)",
    "weight_noise": "weight noise (s.d., range 1)",
    "weight_levels": "values a weight can have",
    "heterogeneity": "heterogeneity of thresholds and time constants",
    "delay_spread": "spread of inhibitory delays",
    "axon_delay": "largest conduction delay (ms)",
    "dead_share": "share of dead neurons",
    "dt": "time step (ms)",
    "presentation_time": "presentation time (ms)",
    "neurons_per_slot": "hidden neurons per slot",
}
SHOWN_FROM = 0.45  # accuracies below chance are rare
LABEL = {"hopfield": "Hopfield", "bam": "BAM", "tvt": "TVT"}
STYLE: dict[str, dict[str, Any]] = {
    "rate": {"linestyle": "--", "marker": "o", "markerfacecolor": "white"},
    "spiking": {"linestyle": "-", "marker": "s"},
    "hopfield": {"linestyle": "-.", "marker": "D"},
    "bam": {"linestyle": "-.", "marker": "v"},
    "tvt": {"linestyle": ":", "marker": "x"},
    "learned": {"linestyle": "-", "marker": "^"},
}
OWN_MARKERS, OWN_COLOURS = ("P", "X", "*", "h"), (ORANGE, SKY, PURPLE, VERMILION)


def x_label(x_name: str) -> str:
    """What is written at the x axis for an option: times in ms and rates in Hz, as settings are recorded."""
    if x_name in X_LABEL:
        return X_LABEL[x_name]
    is_time = x_name.startswith("tau_") or x_name.endswith(("_time", "_onset", "_stop", "_refractory", "_delay"))
    unit = " (ms)" if is_time else " (Hz)" if x_name in ("input_rate", "hazard", "full_rate") else ""
    return x_name.replace("_", " ") + unit


def summary(table: pd.DataFrame, quantity: str = "accuracy") -> pd.DataFrame:
    """Mean and 95 % interval over trials of one quantity, a row for each memory, third factor, x and subset."""
    rows = []
    chosen = table[table.quantity == quantity]
    for keys, group in chosen.groupby(["memory", "third_factor", "x", "subset"], sort=False):
        rows.append((*keys, *mean_with_interval(group.value)))
    return pd.DataFrame(rows, columns=["memory", "third_factor", "x", "subset", "mean", "low", "high", "trials"])


def gaps(table: pd.DataFrame, margin: float = 0.02) -> pd.DataFrame:
    """Spiking minus rate, paired by trial: gap, 95 % interval, and the p of equivalence, a row a third factor and x."""
    accuracy = table[table.quantity == "accuracy"]
    rows = []
    for (third_factor, x, subset), group in accuracy.groupby(["third_factor", "x", "subset"], sort=False):
        pairs = group.pivot(index="trial", columns="memory", values="value").dropna()
        if len(pairs) < 2:
            continue
        found = equivalence(pairs["spiking"], pairs["rate"], margin)
        rows.append((third_factor, x, subset, *found.gap, found.p))
    return pd.DataFrame(rows, columns=["third_factor", "x", "subset", "gap", "low", "high", "trials", "p_equivalence"])


def _positions(x: pd.Series, every: pd.Series, ax: Axes) -> list[float]:
    """Where x goes on the axis: numbers at their value, words side by side, named there."""
    names = [str(name) for name in every.unique()]
    if pd.to_numeric(every, errors="coerce").notna().all():
        return pd.to_numeric(x).tolist()
    ax.set_xticks(range(len(names)), names)
    return [float(names.index(str(name))) for name in x]


def look_of(memory: str, third_factor: str, memories: list[str]) -> tuple[str, dict[str, Any]]:
    """Colour and style of a curve; memories of one's own take turns with what is left."""
    own = [name for name in memories if name not in STYLE]
    turn = own.index(memory) if memory in own else 0
    style = STYLE.get(memory, {"linestyle": "-", "marker": OWN_MARKERS[turn % len(OWN_MARKERS)]})
    colour = THIRD_FACTOR[third_factor] if third_factor else MEMORY.get(memory, OWN_COLOURS[turn % len(OWN_COLOURS)])
    return colour, style


def plot_accuracy(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Accuracy with 95 % intervals over trials: a colour a third factor (or memory without), a line style a memory.

    table : a study's table (results.csv). Draws on `ax` (default: the current axes) and returns it.
    """
    ax = plt.gca() if ax is None else ax
    x_name = table.x_name.iloc[0]
    subsets = list(table.subset.unique())
    curves = summary(table).groupby(["third_factor", "memory", "subset"], sort=False)
    for (third_factor, memory, subset), curve in curves:
        names = [LABEL.get(memory, memory), third_factor.replace("_", " "), subset if len(subsets) > 1 else ""]
        second = subsets.index(subset) > 0
        colour, style = look_of(memory, third_factor, list(table.memory.unique()))
        ax.errorbar(
            _positions(curve.x, table.x, ax), curve["mean"],
            yerr=[curve["mean"] - curve.low, curve.high - curve["mean"]],
            label=", ".join(name for name in names if name), capsize=2.5, markersize=4.5, linewidth=1.3,
            color=colour, zorder=3 if memory == "rate" else 2,
            **{**style, **({"marker": "^", "linestyle": ":"} if second else {})},
        )  # fmt: skip
    ax.axhline(0.5, color=GREY, linewidth=0.8, linestyle=":")
    ax.annotate(
        "chance",
        (0.99, 0.5),
        xycoords=("axes fraction", "data"),
        xytext=(0, 2),
        textcoords="offset points",
        color=GREY,
        fontsize="small",
        ha="right",
        va="bottom",
    )
    lowest = min(SHOWN_FROM, max(0.0, summary(table).low.min()) - 0.02)
    ax.set(xlabel=x_label(x_name), ylabel="accuracy (fraction of bits, 95 % intervals)", ylim=(lowest, 1.02))
    _legend_above(ax)
    return ax


def plot_gap(table: pd.DataFrame, margin: float = 0.02, ax: Axes | None = None) -> Axes:
    """Paired gap, spiking minus rate, with its 95 % interval, beside the margin of equivalence (shaded)."""
    ax = plt.gca() if ax is None else ax
    x_name = table.x_name.iloc[0]
    ax.axhspan(-margin, margin, color=PALE, zorder=0, label=f"margin ±{margin:g}")
    ax.axhline(0, color=GREY, linewidth=0.8)
    curves = gaps(table, margin)
    every = _positions(curves.x, table.x, ax)
    span = max(every) - min(every) if every else 0
    subsets = list(curves.subset.unique())
    for i, ((third_factor, subset), curve) in enumerate(curves.groupby(["third_factor", "subset"], sort=False)):
        # side by side, so that intervals do not hide each other
        x = [at + i * 0.012 * span for at in _positions(curve.x, table.x, ax)]
        ax.errorbar(
            x,
            curve.gap,
            yerr=[curve.gap - curve.low, curve.high - curve.gap],
            label=", ".join([third_factor.replace("_", " "), *([subset] if len(subsets) > 1 else [])]),
            color=THIRD_FACTOR[third_factor],
            marker="s" if subset == subsets[0] else "^",
            markersize=4.5,
            capsize=2.5,
            linestyle="none",
        )
    largest = max([margin, *(-curves.low), *curves.high]) if len(curves) else margin
    ax.set(
        xlabel=x_label(x_name),
        ylabel="accuracy, spiking − rate (95 % intervals)",
        ylim=(-1.3 * largest, 1.3 * largest),
    )
    _legend_above(ax)
    return ax


def _legend_above(ax: Axes) -> None:
    """Where it covers no interval."""
    ax.legend(fontsize="small", loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, columnspacing=1, frameon=False)

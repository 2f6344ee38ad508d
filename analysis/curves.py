"""Measures against the swept argument, and the paired gap between spiking and rate."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from .colours import FAINT, GREY, MEMORY, ORANGE, PALE, PURPLE, SKY, THIRD_FACTOR, VERMILION
from .tables import chance, gaps, summary

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
Y_LABEL = {"accuracy": "accuracy: bits right", "whole_patterns": "whole patterns right", "d_prime": "d' of +1 entries",
           "cosine": "overlap (cosine)"}  # fmt: skip
UNBOUNDED = ("d_prime", "cosine")
SHORT = {"accuracy": "bits", "whole_patterns": "whole patterns"}
GUESS = {"constant_guess": "chance: constant guess", "stored_guess": "chance: value of another pair"}
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
    """Bits right with 95 % intervals over trials, beside what guesses score; see `plot_measure`."""
    ax = plot_measure(table, "accuracy", ax)
    for guess, line in (("constant_guess", ":"), ("stored_guess", "--")):
        of = chance(table).groupby("x", sort=False)[guess].mean().reset_index()
        if len(of):
            x, y = _positions(of.x, table.x, ax), of[guess].tolist()
            left, right = ax.get_xlim()
            x, y = ([left, right], y * 2) if len(x) == 1 else (x, y)
            ax.plot(x, y, line, color=GREY, linewidth=0.9, zorder=1, label=GUESS[guess], scalex=False)
    _legend_above(ax)
    return ax


def plot_measure(table: pd.DataFrame, quantity: str, ax: Axes | None = None) -> Axes:
    """A measure with 95 % intervals over trials: a colour per third factor (or memory that has none), a line style per
    memory.

    table : a study's table (results.csv). quantity : of analysis/measures. Draws on `ax` (default: the current axes)
    and returns it.
    """
    ax = plt.gca() if ax is None else ax
    x_name = table.x_name.iloc[0]
    subsets = list(table.subset.unique())
    found = summary(table, quantity)
    for (third_factor, memory, subset), curve in found.groupby(["third_factor", "memory", "subset"], sort=False):
        names = [LABEL.get(memory, memory), third_factor.replace("_", " "), subset if len(subsets) > 1 else ""]
        second = subsets.index(subset) > 0
        colour, style = look_of(memory, third_factor, list(table.memory.unique()))
        ax.errorbar(
            _positions(curve.x, table.x, ax), curve["mean"],
            yerr=[(curve["mean"] - curve.low).fillna(0), (curve.high - curve["mean"]).fillna(0)],
            label=", ".join(name for name in names if name), capsize=2.5, markersize=4.5, linewidth=1.3,
            color=colour, zorder=3 if memory == "rate" else 2,
            **{**style, **({"marker": "^", "linestyle": ":"} if second else {})},
        )  # fmt: skip
    ax.set(xlabel=x_label(x_name), ylabel=f"{Y_LABEL.get(quantity, quantity)} (95 % intervals)")
    if quantity not in UNBOUNDED:
        shown_from = SHOWN_FROM if quantity == "accuracy" else 0.0
        ax.set_ylim(min(shown_from, max(0.0, found.low.min()) - 0.02), 1.02)
    _legend_above(ax)
    return ax


def plot_gap(table: pd.DataFrame, margins: dict[str, float] | None = None, ax: Axes | None = None) -> Axes:
    """Paired gap, spiking minus rate, with its 95 % interval, beside the margin of equivalence (shaded): bits right as
    filled markers, whole patterns as open ones."""
    ax = plt.gca() if ax is None else ax
    x_name = table.x_name.iloc[0]
    found = gaps(table, margins)
    for quantity, shade in (("whole_patterns", FAINT), ("accuracy", PALE)):
        of = found[found.quantity == quantity]
        if len(of):
            margin = of.margin.iloc[0]
            ax.axhspan(-margin, margin, color=shade, zorder=0, label=f"margin of {SHORT[quantity]}, ±{margin:g}")
    ax.axhline(0, color=GREY, linewidth=0.8)
    curves = found[found.quantity.isin(list(SHORT))]
    every = _positions(curves.x, table.x, ax)
    span = max(every) - min(every) if every else 0
    subsets = list(curves.subset.unique())
    for i, ((third_factor, subset, quantity), curve) in enumerate(
        curves.groupby(["third_factor", "subset", "quantity"], sort=False)
    ):
        # side by side, so that intervals do not hide each other
        x = [at + i * 0.012 * span for at in _positions(curve.x, table.x, ax)]
        of = [third_factor.replace("_", " "), *([subset] if len(subsets) > 1 else []), SHORT[quantity]]
        ax.errorbar(x, curve.gap, yerr=[curve.gap - curve.low, curve.high - curve.gap], label=", ".join(of),
                    color=THIRD_FACTOR[third_factor], marker="s" if subset == subsets[0] else "^", markersize=4.5,
                    markerfacecolor="white" if quantity == "whole_patterns" else None, capsize=2.5,
                    linestyle="none")  # fmt: skip
    largest = max([*curves.margin, *(-curves.low), *curves.high]) if len(curves) else 0.02
    ax.set(xlabel=x_label(x_name), ylabel="spiking − rate (95 % intervals)", ylim=(-1.3 * largest, 1.3 * largest))
    _legend_above(ax)
    return ax


def _legend_above(ax: Axes) -> None:
    """Where it covers no interval."""
    ax.legend(fontsize="small", loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, columnspacing=1, frameon=False)

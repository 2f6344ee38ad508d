"""A panel of the paper: our curves as lines with their intervals, the authors' as markers."""

from __future__ import annotations

from typing import NamedTuple

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from .colours import GREY
from .curves import LABEL, X_LABEL

X = {**X_LABEL, "load": "load T/d (stored patterns per neuron)", "n_slots": "size N = d"}


class Look(NamedTuple):
    """How a curve is drawn."""

    colour: str
    line: str = "-"


def plot_panel(table: pd.DataFrame, looks: dict[str, Look], authors: pd.DataFrame | None = None, ax: Axes | None = None,
               slopes: pd.DataFrame | None = None) -> Axes:  # fmt: skip
    """Means with 95 % intervals against x, one line a model.

    table : rows of figure.csv. looks : the models to draw, by name. authors : reference rows (model, x, mean, ...),
    drawn as open circles in the colour of the model. slopes : regression lines of capacities (model, slope, intercept,
    low, high), drawn dotted, with the slope in the legend. Draws on `ax` (default: the current axes) and returns it.
    """
    ax = plt.gca() if ax is None else ax
    marked = False
    for model, look in looks.items():
        rows = table[table["model"] == model]
        x, mean = pd.to_numeric(rows["x"]), rows["mean"]
        interval = [(mean - rows["ci95_low"]).fillna(0), (rows["ci95_high"] - mean).fillna(0)]
        line = "none" if slopes is not None else look.line
        ax.errorbar(x, mean, yerr=interval, label=_label(model, slopes), color=look.colour, linestyle=line, linewidth=1.4,
                    capsize=2, elinewidth=1, marker="." if slopes is None else "s", markersize=4, zorder=3)  # fmt: skip
        if slopes is not None:
            fit = slopes[slopes["model"] == model].iloc[0]
            ends = x.agg(["min", "max"])
            ax.plot(ends, fit["slope"] * ends + fit["intercept"], color=look.colour, linestyle=look.line, linewidth=1)
        theirs = authors[authors["model"] == model] if authors is not None else ()
        if len(theirs):
            marked = True
            ax.plot(theirs["x"], theirs["mean"], "o", color=look.colour, markerfacecolor="none", markersize=6.5,
                    markeredgewidth=0.9, alpha=0.75, zorder=2)  # fmt: skip
    if marked:
        ax.plot([], [], "o", color=GREY, markerfacecolor="none", markersize=6.5, label="authors' code")
    x_name = table["x_name"].iloc[0]
    ax.set_xlabel(X.get(x_name, x_name.replace("_", " ")))
    if slopes is not None:
        ax.set(ylabel="capacity (pairs at accuracy 0.98)", ylim=(0, None), xlim=(0, None))
    else:
        ax.axhline(0.5, color=GREY, linewidth=0.8, linestyle=":", zorder=1)
        ax.set(ylabel="accuracy (fraction of bits)", ylim=(0.45, 1.03))
    ax.legend(frameon=False, fontsize="small", loc="best")
    return ax


def _label(model: str, slopes: pd.DataFrame | None) -> str:
    name, _, subset = model.partition(", ")
    first, space, rest = name.partition(" ")
    name = LABEL.get(first, first) + space + rest
    if slopes is None:
        return f"{name}, {subset}" if subset else name
    fit = slopes[slopes["model"] == model].iloc[0]
    return f"{name}: {fit['slope']:.3f} [{fit['low']:.3f}, {fit['high']:.3f}]"

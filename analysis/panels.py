"""A panel of the paper: our curves as lines with their intervals, the authors' as markers."""

from __future__ import annotations

from typing import NamedTuple

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from .colours import GREY
from .labels import LABEL, X_LABEL

X = {**X_LABEL, "load": "load T/d (stored patterns per neuron)", "n_slots": "size N = d"}
DASHED = "flashbulb"  # the subset whose lines are dashed


class Look(NamedTuple):
    """How a curve is drawn: its name in the legend, colour, line style, and which recalls it is of."""

    label: str
    colour: str
    line: str = "-"
    subset: str = "all"


def plot_panel(table: pd.DataFrame, looks: dict[str, Look], authors: pd.DataFrame | None = None, ax: Axes | None = None,
               slopes: pd.DataFrame | None = None, y_label: str = "") -> Axes:  # fmt: skip
    """Means with 95 % intervals against x, one line a model.

    table : rows of figure.csv. looks : the models to draw, by name. authors : reference rows (model, x, mean, ...),
    drawn as open circles (squares: flashbulbs) in the
    colour of the model. slopes : regression lines of capacities (model, slope, intercept,
    low, high), drawn instead of the curves' own, with the slope in the legend. y_label : what is on the other axis, if
    not an accuracy. The legend is below the axes. Draws on `ax` (default: the current axes) and returns it.
    """
    ax = plt.gca() if ax is None else ax
    marked = False
    for model, look in looks.items():
        _plot_curve(table[table["model"] == model], look, ax, None if slopes is None else _slope_of(slopes, model))
        theirs = authors[authors["model"] == model] if authors is not None else None
        if theirs is not None and len(theirs):
            marked = True
            marker = "s" if look.subset == DASHED else "o"
            ax.plot(theirs["x"], theirs["mean"], marker, color=look.colour, markerfacecolor="none", markersize=6.5,
                    markeredgewidth=0.9, alpha=0.75, zorder=2)  # fmt: skip
    _explain(ax, marked, list(dict.fromkeys(look.subset for look in looks.values())))
    x_name = table["x_name"].iloc[0]
    ax.set_xlabel(X.get(x_name, x_name.replace("_", " ")))
    if y_label:
        ax.set(ylabel=y_label, ylim=(0, None), xlim=(0, None))
    else:
        ax.axhline(0.5, color=GREY, linewidth=0.8, linestyle=":", zorder=1)
        ax.set(ylabel="accuracy (fraction of bits)", ylim=(0.45, 1.03))
    ax.legend(frameon=False, fontsize="small", loc="upper center", bbox_to_anchor=(0.5, -0.16),
              ncols=2 if slopes is None else 1)  # fmt: skip
    return ax


def _plot_curve(rows, look, ax, fit):
    x, mean = pd.to_numeric(rows["x"]), rows["mean"]
    interval = [(mean - rows["ci95_low"]).fillna(0), (rows["ci95_high"] - mean).fillna(0)]
    first, space, rest = look.label.partition(" ")
    label = LABEL.get(first, first) + space + rest
    if fit is not None:
        label += f": {fit['slope']:.3f} [{fit['low']:.3f}, {fit['high']:.3f}] N {fit['intercept']:+.1f}"
        ends = x.agg(["min", "max"])
        ax.plot(ends, fit["slope"] * ends + fit["intercept"], color=look.colour, linestyle=look.line, linewidth=1.2)
    line = "none" if fit is not None else "--" if look.subset == DASHED else look.line
    marker = "x" if look.line == ":" else "." if fit is None else "s"  # dotted: over a line that it hides else
    label = "_" if look.subset == DASHED else label  # a leading underscore: not in the legend
    ax.errorbar(x, mean, yerr=interval, label=label, color=look.colour, linestyle=line,
                linewidth=1.4, capsize=2, elinewidth=1, marker=marker, markersize=4.5, zorder=3)  # fmt: skip


def _slope_of(slopes, model):
    return slopes[slopes["model"] == model].iloc[0]


def _explain(ax, marked, subsets):
    """What circles and dashes mean, in the legend."""
    for subset in subsets if DASHED in subsets else ():
        ax.plot([], [], color=GREY, linestyle="--" if subset == DASHED else "-", label=f"{subset} memories")
    markers = {"authors' code": "o", f"authors' code, {DASHED}": "s"} if marked else {}
    for label, marker in markers.items():
        if marker == "o" or DASHED in subsets:
            ax.plot([], [], marker, color=GREY, markerfacecolor="none", markersize=6.5, label=label)

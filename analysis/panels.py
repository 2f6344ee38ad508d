"""A panel of the paper: our curves as lines with their intervals, the authors' as open markers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes

from ..checks import check_switch, shown
from .capacity import Slope
from .colours import GREY, on
from .drawn_on import axes_or_current
from .labels import LABEL, X_LABEL
from .style import line, marker
from .tables import check_table

X = {**X_LABEL, "load": "load T/d (stored patterns per neuron)", "n_slots": "size N = d"}
DASHED = "flashbulb"  # the subset whose lines are dashed
MARKERS = (".", "^", "v", "D", "P", "X", "*", "<")  # one for each colour, so that they differ in grey
THEIRS = {False: "o", True: "s"}  # the authors' markers, of flashbulbs squares


class Look(NamedTuple):
    """How a curve is drawn.

    Parameters
    ----------
    label : str
        Its name in the legend; "_" for none.
    colour, line : str
        Its colour and line style.
    subset : str
        Which recalls it is of.
    """

    label: str
    colour: str
    line: str = "-"
    subset: str = "all"


def plot_panel(table: pd.DataFrame, looks: Mapping[str, Look], authors: pd.DataFrame | None = None,
               ax: Axes | None = None, slopes: pd.DataFrame | None = None, y_label: str = "", *, legend: bool = True
               ) -> Axes:  # fmt: skip
    """Means with 95 % intervals against x, a line for each model.

    Parameters
    ----------
    table : DataFrame
        Rows of figure.csv.
    looks : mapping of str to Look
        The models to draw, by name. Those of one colour have one marker.
    authors : DataFrame or None
        Reference rows (model, x, mean, ...), drawn as open circles (squares: flashbulbs) in the colour of the model.
    ax : Axes or None
        What is drawn on; None takes the current axes.
    slopes : DataFrame or None
        Regression lines of capacities (model, slope, intercept, low, high), drawn instead of the curves' own, with the
        slope in the legend.
    y_label : str
        What is on the other axis, if not an accuracy.
    legend : bool
        Whether what is drawn is explained below the axes.

    Returns
    -------
    Axes
        `ax`, or the current axes.
    """
    check_table("table", table, ("model", "x_name", "x", "mean", "ci95_low", "ci95_high"))
    if not isinstance(looks, Mapping) or not all(isinstance(look, Look) for look in looks.values()):
        raise ValueError(f"looks must be a dict of models and their Look; got {shown(looks)}")
    check_table("authors", table if authors is None else authors, ("model", "x", "mean"))
    if slopes is not None:
        check_table("slopes", slopes, ("model", *Slope._fields))
    check_switch("legend", legend)
    ax = axes_or_current(ax)
    colours = list(dict.fromkeys(look.colour for look in looks.values()))
    marked = False
    for model, look in looks.items():
        symbol = MARKERS[colours.index(look.colour) % len(MARKERS)]
        fit = None if slopes is None else slopes[slopes["model"] == model].iloc[0]
        _plot_curve(table[table["model"] == model], look, symbol, ax, fit)
        theirs = authors[authors["model"] == model] if authors is not None else None
        if theirs is not None and len(theirs):
            marked = True
            ax.plot(theirs["x"], theirs["mean"], THEIRS[look.subset == DASHED], color=on(ax, look.colour),
                    markerfacecolor="none", markersize=marker(1.7), markeredgewidth=line(0.65), zorder=2)  # fmt: skip
    _explain(ax, marked, list(dict.fromkeys(look.subset for look in looks.values())))
    x_name = table["x_name"].iloc[0]
    ax.set_xlabel(X.get(x_name, x_name.replace("_", " ")))
    if y_label:
        ax.set(ylabel=y_label, ylim=(0, None), xlim=(0, None))
    else:
        plot_chance(ax)
        ax.set(ylabel="accuracy: bits right\n(95 % intervals)", ylim=(0.45, 1.03))
    if legend:
        ax.legend(frameon=False, fontsize="small", loc="upper center", bbox_to_anchor=(0.5, -0.16),
                  ncols=2 if slopes is None else 1)  # fmt: skip
    return ax


def plot_chance(ax: Axes) -> None:
    """Draw a dotted line where guesses of +1 and -1 lie, and say so below its right end, where no curve comes.

    Parameters
    ----------
    ax : Axes
        Whose y axis is a fraction.
    """
    ax.axhline(0.5, color=on(ax, GREY), linewidth=line(0.6), linestyle=":", zorder=1)
    ax.annotate("chance", (1, 0.5), xycoords=("axes fraction", "data"), xytext=(0, -0.1), textcoords="offset fontsize",
                ha="right", va="top", fontsize="small", color=on(ax, GREY))  # fmt: skip


def _plot_curve(rows: pd.DataFrame, look: Look, symbol: str, ax: Axes, fit: Any) -> None:
    x, mean, colour = pd.to_numeric(rows["x"]), rows["mean"], on(ax, look.colour)
    interval = [(mean - rows["ci95_low"]).fillna(0), (rows["ci95_high"] - mean).fillna(0)]
    first, space, rest = look.label.partition(" ")
    label = LABEL.get(first, first) + space + rest
    if fit is not None:
        label += f": {fit['slope']:.3f} [{fit['low']:.3f}, {fit['high']:.3f}] N {fit['intercept']:+.1f}"
        label = label.replace("-", "−") if fit["intercept"] < 0 or fit["low"] < 0 else label
        ends = x.agg(["min", "max"])
        ax.plot(ends, fit["slope"] * ends + fit["intercept"], color=colour, linestyle=look.line)
        ax.plot([], [], color=colour, linestyle=look.line, marker="x" if look.line == ":" else symbol, label=label)
        label = "_"  # the points have no line, by which spikes are told apart
    dashes = "none" if fit is not None else "--" if look.subset == DASHED else look.line
    symbol = "x" if look.line == ":" else symbol  # dotted: over a line that it would hide
    label = "_" if look.subset == DASHED else label  # a leading underscore: not in the legend
    ax.errorbar(x, mean, yerr=interval, label=label, color=colour, linestyle=dashes, elinewidth=line(0.8),
                marker=symbol, markersize=marker(1.0 if symbol == "." else 0.85), zorder=3)  # fmt: skip


def _explain(ax: Axes, marked: bool, subsets: list[str]) -> None:
    """What circles, dashes and the dotted line mean, in the legend."""
    grey = on(ax, GREY)
    for subset in subsets if DASHED in subsets else ():
        ax.plot([], [], color=grey, linestyle="--" if subset == DASHED else "-", label=f"{subset} memories")
    for is_dashed, symbol in THEIRS.items() if marked else ():
        if not is_dashed or DASHED in subsets:
            label = "authors' code" + (f", {DASHED}" if is_dashed else "")
            ax.plot([], [], symbol, color=grey, markerfacecolor="none", markersize=marker(1.7), label=label)

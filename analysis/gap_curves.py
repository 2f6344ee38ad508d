"""The gap between spiking and rate, paired by trial, against the options that vary."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ..checks import check_switch
from .colours import FAINT, GREY, PALE, THIRD_FACTOR, on
from .curves import LINES, THIRD_FACTOR_MARKERS, check_one_panel, explain, ground, name_of
from .dots import Dot, plot_dots
from .drawn_on import axes_or_current
from .hues import explain_hue, hue_look
from .labels import plain
from .layout import Layout, is_value
from .positions import positions, side_by_side
from .style import line, marker
from .tables import GAPS, POINT, check_table

SHORT = {"accuracy": "bits", "whole_patterns": "whole patterns"}
LABEL = "gap: spiking\u00a0−\u00a0rate\n(95 % intervals)"  # broken only before the difference
MOST_SIDE_BY_SIDE = 8  # groups of points


def plot_gap(paired: pd.DataFrame, ax: Axes | None = None, layout: Layout | None = None, *, legend: bool = True
             ) -> Axes:  # fmt: skip
    """Paired gap, spiking minus rate, with its 95 % interval, beside the margins of equivalence (shaded).

    Filled markers are bits right, open ones whole patterns. Where more than eight groups of points would lie side by
    side only bits right are drawn.

    Parameters
    ----------
    paired : DataFrame
        Rows of `tables.gaps`.
    ax : Axes or None
        What is drawn on; None takes the current axes.
    layout : Layout or None
        As of `curves.plot_measure`.
    legend : bool
        As of `curves.plot_measure`.

    Returns
    -------
    Axes
        `ax`, or the current axes.

    Raises
    ------
    ValueError
        If an option varies that is neither x nor hue, nor goes with them.
    """
    check_table("paired", paired, (*POINT, *GAPS))
    check_switch("legend", legend)
    layout = check_one_panel(paired, layout)
    ax = axes_or_current(ax)
    shown = _shown(paired, layout)
    alone = layout.x not in layout.values
    _shade_margins(shown, ax, along_x=alone)
    largest = max([*shown.margin, *(-shown.low), *shown.high]) if len(shown) else 0.02
    limits = (-1.15 * largest, 1.15 * largest)
    if alone:
        _rows(shown, ax)
        ax.set(xlabel=LABEL, xlim=limits)
    else:
        _points(shown, ax, layout)
        if layout.hue:
            explain_hue(layout, paired, ax)
        ax.set(xlabel=plain(layout.x_label(paired)), ylabel=LABEL, ylim=limits)
    if legend:
        explain(ax, layout)
    return ax


def _shown(paired: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """The rows that are drawn: where points of very many groups would lie side by side, those of bits right."""
    shown = paired[paired.quantity.isin(list(SHORT))]
    n = len(shown[["third_factor", "subset", "quantity"]].drop_duplicates()) * len(layout.values.get(layout.hue, [0]))
    return shown[shown.quantity == "accuracy"] if n > MOST_SIDE_BY_SIDE else shown


def _shade_margins(shown: pd.DataFrame, ax: Axes, *, along_x: bool) -> None:
    for quantity, shade in (("whole_patterns", FAINT), ("accuracy", PALE)):
        of = shown[shown.quantity == quantity]
        if len(of):
            margin, label = of.margin.iloc[0], f"margin of {SHORT[quantity]}"
            how: Any = {"color": on(ax, shade), "zorder": 0, "linewidth": 0, "label": f"{label}, ±{margin:g}"}
            (ax.axvspan if along_x else ax.axhspan)(-margin, margin, **how)
    (ax.axvline if along_x else ax.axhline)(0, color=on(ax, GREY), linewidth=line(0.6), zorder=1)


def _look(third_factor: str, second: bool, ax: Axes) -> tuple[str, str]:
    """Colour and marker of a third factor, of the first subset of recalls or another."""
    return on(ax, THIRD_FACTOR[third_factor]), THIRD_FACTOR_MARKERS[third_factor][second]


def _rows(shown: pd.DataFrame, ax: Axes) -> None:
    """A row for each third factor, subset and measure."""
    subsets, dots = list(shown.subset.unique()), []
    for row in shown.itertuples():
        colour, symbol = _look(row.third_factor, subsets.index(row.subset) > 0, ax)
        label = name_of(row.third_factor, row.subset if len(subsets) > 1 else "", SHORT[row.quantity])
        fill = colour if row.quantity == "accuracy" else ground(ax)
        dots.append(Dot(label, row.gap, row.low, row.high, colour, symbol, fill))
    if dots:
        plot_dots(dots, ax, signed=True)


def _points(shown: pd.DataFrame, ax: Axes, layout: Layout) -> None:
    """Points at each x, side by side."""
    subsets, measures = list(shown.subset.unique()), list(shown.quantity.unique())
    kinds = [tuple(kind) for kind in shown[["third_factor", "subset"]].drop_duplicates().to_numpy()]
    groups = [(*kind, quantity, value) for kind in kinds for quantity in measures
              for value in layout.values.get(layout.hue, [None])]  # fmt: skip
    beside = side_by_side(positions(shown[layout.x], layout), len(groups), layout)
    size = marker(1.0 if len(groups) <= 4 else 0.75)
    for (third_factor, subset, quantity, value), shift in zip(groups, beside, strict=True):
        of = shown[(shown.third_factor == third_factor) & (shown.subset == subset) & (shown.quantity == quantity)]
        of = of[is_value(of[layout.hue], value)] if layout.hue else of
        colour, symbol = _look(third_factor, subsets.index(subset) > 0, ax)
        dashes = "-"
        if layout.hue:  # what else there is is told by the line of the interval
            colour, symbol = hue_look(layout, value, ax)
            dashes = LINES[kinds.index((third_factor, subset)) % len(LINES)]
        of = of.assign(at=[x + shift for x in positions(of[layout.x], layout, ax)]).sort_values("at")
        drawn = ax.errorbar(
            of["at"], of.gap, yerr=[(of.gap - of.low).fillna(0), (of.high - of.gap).fillna(0)], label="_", color=colour,
            marker=symbol, markerfacecolor=colour if quantity == "accuracy" else ground(ax), markersize=size,
            linestyle="none", elinewidth=line(0.8),
        )  # fmt: skip
        drawn[2][0].set_linestyle(dashes)
    _explain(kinds, subsets, measures, ax, layout)


def _explain(kinds: list[tuple[str, str]], subsets: list[str], measures: list[str], ax: Axes, layout: Layout) -> None:
    """Third factors and subsets, where there are several, and measures, for the legend."""
    grey = on(ax, GREY)
    for i, (third_factor, subset) in enumerate(kinds if len(kinds) > 1 else []):
        colour, symbol = _look(third_factor, subsets.index(subset) > 0, ax)
        label = name_of("gap", third_factor, subset if len(subsets) > 1 else "")
        how = {"color": grey, "linestyle": LINES[i % len(LINES)]} if layout.hue else {
            "color": colour, "marker": symbol, "linestyle": "none"}  # fmt: skip
        ax.plot([], [], label=label, **how)
    for quantity in measures:
        ax.plot([], [], "s", color=grey, markerfacecolor=grey if quantity == "accuracy" else ground(ax),
                label=f"gap in {SHORT[quantity]}")  # fmt: skip

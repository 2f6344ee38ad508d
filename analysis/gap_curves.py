"""The gap between spiking and rate, paired by trial, against the options that vary."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .colours import FAINT, GREY, PALE, THIRD_FACTOR
from .curves import LINES, check_one_panel, explain_hue, hue_look, legend_above, name_of, positions
from .layout import Layout, is_value

SHORT = {"accuracy": "bits", "whole_patterns": "whole patterns"}
THIRD_FACTOR_MARKERS = {"sequential": "s", "random": "o", "least_recently_used": "D"}


def plot_gap(paired: pd.DataFrame, ax: Axes | None = None, layout: Layout | None = None, *, legend: bool = True
             ) -> Axes:  # fmt: skip
    """Paired gap, spiking minus rate, with its 95 % interval, beside the margin of equivalence (shaded): bits right as
    filled markers, whole patterns as open ones.

    paired : rows of `tables.gaps`. layout, legend and what is raised : as for `curves.plot_measure`.
    """
    ax = plt.gca() if ax is None else ax
    layout = check_one_panel(paired, layout)
    for quantity, shade in (("whole_patterns", FAINT), ("accuracy", PALE)):
        of = paired[paired.quantity == quantity]
        if len(of):
            margin = of.margin.iloc[0]
            ax.axhspan(-margin, margin, color=shade, zorder=0, label=f"margin of {SHORT[quantity]}, ±{margin:g}")
    ax.axhline(0, color=GREY, linewidth=0.8)
    shown = paired[paired.quantity.isin(list(SHORT))]
    x_name = layout.x if layout.x in layout.values else "third_factor"
    factors, subsets = list(shown.third_factor.unique()), list(shown.subset.unique())
    kinds = ["third_factor", "subset", "quantity"]
    groups = [(kind, value, of[is_value(of[layout.hue], value)] if layout.hue else of)
              for kind, of in shown.groupby(kinds, sort=False, observed=True)
              for value in (layout.values[layout.hue] if layout.hue else [None])]  # fmt: skip
    beside = _side_by_side(positions(shown[x_name], layout, None, factors), len(groups))
    named = set()
    for ((third_factor, subset, quantity), value, of), shift in zip(groups, beside, strict=True):
        second, filled = subsets.index(subset) > 0, quantity == "accuracy"
        label = name_of(third_factor, subset if len(subsets) > 1 else "", SHORT[quantity])
        colour, marker = THIRD_FACTOR[third_factor], "^" if second else THIRD_FACTOR_MARKERS[third_factor]
        line = "-"
        if layout.hue:  # what else there is is told by the line of the interval
            colour, marker = hue_look(layout, value)
            line = LINES[(factors.index(third_factor) * len(subsets) + subsets.index(subset)) % len(LINES)]
            if label not in named:
                ax.plot([], [], color=GREY, linestyle=line, marker="s", markerfacecolor=None if filled else "white",
                        markersize=4.5, linewidth=1, label=label)  # fmt: skip
                named.add(label)
            label = "_"
        of = of.assign(at=[x + shift for x in positions(of[x_name], layout, ax, factors)]).sort_values("at")
        drawn = ax.errorbar(
            of["at"], of.gap, yerr=[(of.gap - of.low).fillna(0), (of.high - of.gap).fillna(0)], label=label,
            color=colour, marker=marker, markersize=4.5, markerfacecolor=None if filled else "white", capsize=2.5,
            linestyle="none", elinewidth=1,
        )  # fmt: skip
        drawn[2][0].set_linestyle(line)
    if layout.hue:
        explain_hue(layout, paired, ax)
    largest = max([*shown.margin, *(-shown.low), *shown.high]) if len(shown) else 0.02
    x_label = layout.x_label(paired) if layout.x in layout.values else "third factor"
    ax.set(xlabel=x_label, ylabel="spiking − rate (95 % intervals)", ylim=(-1.3 * largest, 1.3 * largest))
    if legend:
        legend_above(ax)
    return ax


def _side_by_side(x: list[float], n: int) -> list[float]:
    """Shifts of n groups of points at these x, so that intervals do not hide each other."""
    places = np.unique(x)
    between = float(np.diff(places).min()) if len(places) > 1 else 1.0
    step = min(0.02 * float(np.ptp(places)) or between, 0.08 * between, 0.7 * between / n)
    return [(i - (n - 1) / 2) * step for i in range(n)]

"""Measures against the options that vary, with intervals over trials."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ..checks import check_switch, shown
from .colours import BLACK, GREY, MEMORY, ORANGE, PURPLE, SKY, THIRD_FACTOR, VERMILION, on
from .dots import Dot, plot_dots
from .drawn_on import axes_or_current
from .fraction_axis import FractionAxis, fraction_axis, set_fraction_axis
from .hues import explain_hue, has_bar, hue_bar, hue_look
from .labels import LABEL, plain
from .layout import BESIDE, Layout, are_words, is_value, layout_of
from .positions import positions, side_by_side
from .style import line, marker
from .tables import chance, summary

GUESS = {"constant_guess": ("chance: constant guess", ":"), "stored_guess": ("chance: value of another pair", "--")}
ALIKE = 0.1  # guesses whose scores differ by less between hues are drawn as one line
LINE: dict[str, Any] = {"rate": "--", "spiking": "-", "learned": "-.", "hopfield": (0, (5, 1, 1, 1, 1, 1)),
                        "bam": (0, (8, 3)), "tvt": ":"}  # fmt: skip
THIRD_FACTOR_MARKERS = {"sequential": ("s", "^"), "random": ("o", "v"), "least_recently_used": ("D", "<")}
MEMORY_MARKERS = {"hopfield": ("P", "p"), "bam": ("X", "h"), "tvt": ("x", "+")}  # of the first subset, and of others
OWN_MARKERS, OWN_COLOURS = (("*", "d"), ("H", ">")), (ORANGE, SKY, PURPLE, VERMILION)
LINES: tuple[Any, ...] = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)), (0, (8, 3)), (0, (3, 4, 1, 4)))


def plot_accuracy(table: pd.DataFrame, ax: Axes | None = None, layout: Layout | None = None, *, legend: bool = True,
                  axis: FractionAxis | None = None) -> Axes:  # fmt: skip
    """Bits right with 95 % intervals over trials, beside what guesses score.

    A guess that scores less than the axis shows is not drawn.

    Parameters
    ----------
    table : DataFrame
        A study's table (results.csv).
    ax : Axes or None
        What is drawn on; None takes the current axes.
    layout : Layout or None
        As of `plot_measure`.
    legend : bool
        As of `plot_measure`.
    axis : FractionAxis or None
        As of `plot_measure`.

    Returns
    -------
    Axes
        `ax`, or the current axes.

    Raises
    ------
    ValueError
        As `plot_measure`.
    """
    check_switch("legend", legend)
    layout = check_one_panel(table, layout)
    ax = plot_measure(table, "accuracy", ax, layout, legend=False, axis=axis)
    guesses = chance(table)
    alone = layout.x not in layout.values
    least = (ax.get_xlim if alone else ax.get_ylim)()[0]
    for guess, (label, dashes) in GUESS.items():
        of = guesses.dropna(subset=guess)
        if not len(of) or of[guess].max() < least:
            continue
        ax.plot([], [], dashes, color=on(ax, GREY), linewidth=line(0.75), label=label)
        for colour, one in _guesses(of, guess, layout, ax):
            how: dict[str, Any] = {"color": colour, "linestyle": dashes, "linewidth": line(0.75), "zorder": 1}
            if alone:
                ax.axvline(one[guess].mean(), **how)
                continue
            at = one.groupby(layout.x, sort=False, dropna=False)[guess].mean().tolist()
            x = positions(one[layout.x].drop_duplicates(), layout)
            if are_words(layout):
                for each, score in zip(x, at, strict=True):
                    ax.plot([each - BESIDE, each + BESIDE], [score, score], label="_", scalex=False, **how)
                continue
            x, at = [list(pair) for pair in zip(*sorted(zip(x, at, strict=True)), strict=True)]
            if len(at) == 1:
                x, at = list(ax.get_xlim()), at * 2
            ax.plot(x, at, label="_", scalex=False, **how)
    if legend:
        explain(ax, layout)
    return ax


def plot_measure(table: pd.DataFrame, quantity: str, ax: Axes | None = None, layout: Layout | None = None, *,
                 legend: bool = True, axis: FractionAxis | None = None) -> Axes:  # fmt: skip
    """A measure with 95 % intervals over trials, a curve for each memory, third factor, subset and value of hue.

    Without hue a colour and a marker are a third factor (or a memory that has none), a line style is a memory, and open
    markers are the rate memory. With hue, colours and markers are its values, and line styles the rest. Words along x
    have points side by side, which no line joins: line styles are those of their intervals. Where no option varies
    there are rows of points, with their values. Where all of a fraction lies near 1 the axis shows that part alone,
    and where much does its steps are tenths of the errors (`fraction_axis`); its label says so.

    Parameters
    ----------
    table : DataFrame
        A study's table (results.csv).
    quantity : str
        Of analysis/measures.
    ax : Axes or None
        What is drawn on; None takes the current axes.
    layout : Layout or None
        Which option is x and hue (`layout_of`); its panel and what it sets apart must have one value in the table.
        None: one for the table.
    legend : bool
        Whether what is drawn is explained above the axes (and numbers in colours by a bar beside them).
    axis : FractionAxis or None
        Of a fraction; None: as the table takes it (`axis_of`).

    Returns
    -------
    Axes
        `ax`, or the current axes.

    Raises
    ------
    ValueError
        If an option varies that is neither x nor hue, nor goes with them.
    """
    check_switch("legend", legend)
    if axis is not None and not isinstance(axis, FractionAxis):
        raise ValueError(f"axis must be a FractionAxis or None; got {shown(axis)}")
    layout = check_one_panel(table, layout)
    found, subsets, memories = summary(table, quantity), list(table.subset.unique()), list(table.memory.unique())
    ax = axes_or_current(ax)
    axis = fraction_axis(quantity, found["mean"], found.low) if axis is None else axis
    kinds = ["memory", "third_factor", "subset"]
    # lines in turn, spiking before its twin
    every = [tuple(row) for row in found[kinds].drop_duplicates().itertuples(index=False, name=None)]
    every.sort(key=lambda kind: kind[0] != "spiking")
    dots = []
    words = are_words(layout)
    groups = [(kind, value) for kind in every for value in layout.values.get(layout.hue, [None])]
    shifts = side_by_side(range(len(layout.values[layout.x])), len(groups), layout) if words else [0.0] * len(groups)
    for kind, curve in found.groupby(kinds, sort=False, observed=True):
        memory, third_factor, subset = kind
        second = subsets.index(subset) > 0
        label = name_of(LABEL.get(memory, memory), third_factor, subset if len(subsets) > 1 else "")
        colour, how = look_of(memory, third_factor, memories, ax, second=second)
        if layout.x not in layout.values:
            row = curve.iloc[0]
            dots.append(Dot(label, row["mean"], row.low, row.high, colour, how["marker"], how["markerfacecolor"]))
            continue
        if layout.hue:
            fill = how["markerfacecolor"] if memory == "rate" and len(memories) > 1 else None
            how = {"linestyle": LINES[every.index(kind) % len(LINES)]}
            ax.plot([], [], color=on(ax, BLACK), label=label, **how)
            label = "_"
        for value in layout.values[layout.hue] if layout.hue else [None]:
            of = curve[is_value(curve[layout.hue], value)] if layout.hue else curve
            if layout.hue:
                colour, how["marker"] = hue_look(layout, value, ax)
                how["markerfacecolor"] = fill or colour
            shift = shifts[groups.index((kind, value))]
            of = of.assign(at=[x + shift for x in positions(of[layout.x], layout, ax)]).sort_values("at")
            around = memory == "rate" and "spiking" in memories  # a ring that is filled where the two agree
            drawn = ax.errorbar(
                of["at"], of["mean"], yerr=[(of["mean"] - of.low).fillna(0), (of.high - of["mean"]).fillna(0)],
                label=label, color=colour, elinewidth=line(0.8), zorder=2 if around else 3,
                markersize=marker(1.5 if around else 1.0),
                **(how | {"linestyle": "none"} if words else how),
            )  # fmt: skip
            if words:
                drawn[2][0].set_linestyle(how["linestyle"])
    if layout.hue:
        explain_hue(layout, table, ax)
    if dots:
        plot_dots(dots, ax)
        set_fraction_axis(ax, quantity, axis, "x")
    else:
        ax.set_xlabel(plain(layout.x_label(table)))
        set_fraction_axis(ax, quantity, axis)
    if legend:
        explain(ax, layout)
    return ax


def axis_of(table: pd.DataFrame, quantity: str) -> FractionAxis:
    """The axis of a measure that suits all of a table: `plot_measure`'s for panels of one row.

    Parameters
    ----------
    table : DataFrame
        A study's table (results.csv).
    quantity : str
        Of analysis/measures.

    Returns
    -------
    FractionAxis
        Of a fraction.
    """
    found = summary(table, quantity)
    return fraction_axis(quantity, found["mean"], found.low)


def check_one_panel(table: pd.DataFrame, layout: Layout | None) -> Layout:
    """The layout, or one for the table.

    Parameters
    ----------
    table : DataFrame
        A study's table (results.csv).
    layout : Layout or None
        The one that is given.

    Returns
    -------
    Layout
        One that shows all that varies in one panel.

    Raises
    ------
    ValueError
        If one panel does not show all that varies.
    """
    if layout is not None and not isinstance(layout, Layout):
        raise ValueError(f"layout must be a Layout, as layout_of gives, or None; got {shown(layout)}")
    layout = layout_of(table) if layout is None else layout
    for name in (layout.panel, *layout.apart):
        if name and table[name].nunique(dropna=False) > 1:
            raise ValueError(f"one panel shows two options that vary, and {name} varies too; choose rows of one of its"
                             " values")  # fmt: skip
    return layout


def name_of(*parts: str) -> str:
    """Parts of a label that are not empty, with commas.

    Parameters
    ----------
    *parts : str
        Such as a memory and a third factor.

    Returns
    -------
    str
        In words, for a picture.
    """
    return plain(", ".join(part.replace("_", " ") for part in parts if part))


def look_of(memory: str, third_factor: str, memories: list[str], ax: Axes, *, second: bool = False
            ) -> tuple[str, dict[str, Any]]:  # fmt: skip
    """Colour and style of a curve without hue; memories of one's own take turns with what is left.

    Parameters
    ----------
    memory, third_factor : str
        What the curve is of; "" for no third factor.
    memories : list of str
        All that are drawn.
    ax : Axes
        What is drawn on.
    second : bool
        Whether it is of another subset of recalls than the first.

    Returns
    -------
    colour : str
        Of line and marker.
    how : dict
        Line style, marker and what fills it, for `Axes.plot`.
    """
    own = [name for name in memories if name not in LINE]
    turn = own.index(memory) if memory in own else 0
    symbols = THIRD_FACTOR_MARKERS.get(third_factor, MEMORY_MARKERS.get(memory, OWN_MARKERS[turn % len(OWN_MARKERS)]))
    colour = THIRD_FACTOR.get(third_factor, BLACK) if third_factor else MEMORY.get(
        memory, OWN_COLOURS[turn % len(OWN_COLOURS)])  # fmt: skip
    colour = on(ax, colour)
    fill = ground(ax) if memory == "rate" else colour
    dashes = LINE.get(memory, LINES[(4 + turn) % len(LINES)])
    return colour, {"linestyle": dashes, "marker": symbols[second], "markerfacecolor": fill}


def ground(ax: Axes) -> Any:
    """The colour of open markers: that of the axes.

    Parameters
    ----------
    ax : Axes
        What is drawn on.

    Returns
    -------
    tuple of float
        Red, green, blue, alpha.
    """
    own: Any = ax.get_facecolor()
    return own if own[3] else ax.figure.get_facecolor()


def explain(ax: Axes, layout: Layout) -> None:
    """The legend above a panel, where it covers no interval, and a bar of colours where hue has many numbers.

    Parameters
    ----------
    ax : Axes
        With labels.
    layout : Layout
        Of what is drawn.
    """
    handles, labels = ax.get_legend_handles_labels()
    if handles:
        ax.legend(handles, labels, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, columnspacing=1, frameon=False,
                  fontsize="small")  # fmt: skip
    if has_bar(layout):
        hue_bar(layout, [ax])


def _guesses(of: pd.DataFrame, guess: str, layout: Layout, ax: Axes) -> list[tuple[str, pd.DataFrame]]:
    """Colours of lines, and the rows of each: one for all hues where they are alike."""
    if not layout.hue:
        return [(on(ax, GREY), of)]
    at_x = [layout.x] if layout.x in layout.values else []
    spread = of.groupby([*at_x, "subset"], dropna=False)[guess].agg(["min", "max"])
    if (spread["max"] - spread["min"]).max() < ALIKE:
        return [(on(ax, GREY), of)]
    parts = [(hue_look(layout, v, ax)[0], of[is_value(of[layout.hue], v)]) for v in layout.values[layout.hue]]
    return [(colour, part) for colour, part in parts if len(part)]

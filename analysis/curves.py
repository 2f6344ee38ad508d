"""Measures against the options that vary, with intervals over trials."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from .colours import BLACK, GREY, MEMORY, ORANGE, PURPLE, SKY, THIRD_FACTOR, VERMILION, WORDS, ordered_colours
from .labels import LABEL, Y_LABEL, value_text
from .layout import Layout, are_numbers, is_value, layout_of
from .tables import chance, summary

SHOWN_FROM = 0.45  # accuracies below chance are rare
UNBOUNDED = ("d_prime", "cosine")
GUESS = {"constant_guess": ("chance: constant guess", ":"), "stored_guess": ("chance: value of another pair", "--")}
ALIKE = 0.1  # guesses whose scores differ by less between hues are drawn as one line
STYLE: dict[str, dict[str, Any]] = {
    "rate": {"linestyle": "--", "marker": "o", "markerfacecolor": "white"},
    "spiking": {"linestyle": "-", "marker": "s"},
    "hopfield": {"linestyle": "-.", "marker": "D"},
    "bam": {"linestyle": "-.", "marker": "v"},
    "tvt": {"linestyle": ":", "marker": "x"},
    "learned": {"linestyle": "-", "marker": "^"},
}
OWN_MARKERS, OWN_COLOURS = ("P", "X", "*", "h"), (ORANGE, SKY, PURPLE, VERMILION)
HUE_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LINES: tuple[Any, ...] = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)), (0, (8, 3)), (0, (3, 4, 1, 4)))


def plot_accuracy(table: pd.DataFrame, ax: Axes | None = None, layout: Layout | None = None, *, legend: bool = True
                  ) -> Axes:  # fmt: skip
    """Bits right with 95 % intervals over trials, beside what guesses score; see `plot_measure`."""
    layout = layout_of(table) if layout is None else layout
    ax = plot_measure(table, "accuracy", ax, layout, legend=False)
    guesses = chance(table)
    for guess, (label, line) in GUESS.items():
        of = guesses.dropna(subset=guess)
        if len(of):
            ax.plot([], [], line, color=GREY, linewidth=0.9, label=label)
        for colour, one in _guesses(of, guess, layout):
            if layout.x in layout.values:
                at = one.groupby(layout.x, sort=False, dropna=False)[guess].mean().tolist()
                x = positions(one[layout.x].drop_duplicates(), layout)
                x, at = [list(pair) for pair in zip(*sorted(zip(x, at, strict=True)), strict=True)]
            else:
                x, at = [], [one[guess].mean()]
            if len(at) == 1:
                x, at = list(ax.get_xlim()), at * 2
            ax.plot(x, at, line, color=colour, linewidth=0.9, zorder=1, label="_", scalex=False)
    if legend:
        legend_above(ax)
    return ax


def plot_measure(table: pd.DataFrame, quantity: str, ax: Axes | None = None, layout: Layout | None = None, *,
                 legend: bool = True) -> Axes:  # fmt: skip
    """A measure with 95 % intervals over trials, a curve for each memory, third factor, subset and value of hue.

    Without hue a colour is a third factor (or a memory that has none), a line style a memory; with it, colours and
    markers are its values, and line styles the rest.
    table : a study's table (results.csv). quantity : of analysis/measures. layout : which option is x and hue
        (`layout_of`); its panel and what it sets apart must have one value in the table. None: one for the table.
    legend : above the axes, or none. Draws on `ax` (default: the current axes) and returns it.
    Raises ValueError if an option varies that is neither x nor hue, nor goes with them.
    """
    ax = plt.gca() if ax is None else ax
    layout = check_one_panel(table, layout)
    found, subsets, memories = summary(table, quantity), list(table.subset.unique()), list(table.memory.unique())
    kinds = ["memory", "third_factor", "subset"]
    # lines in turn, spiking before its twin
    every = [tuple(row) for row in found[kinds].drop_duplicates().itertuples(index=False, name=None)]
    every.sort(key=lambda kind: kind[0] != "spiking")
    factors = {memory: list(dict.fromkeys(f for m, f, _ in every if m == memory)) for memory in memories}
    for kind, curve in found.groupby(kinds, sort=False, observed=True):
        memory, third_factor, subset = kind
        label = name_of(LABEL.get(memory, memory), third_factor, subset if len(subsets) > 1 else "")
        colour, style = look_of(memory, third_factor, memories)
        style = {**style, **({"marker": "^", "linestyle": ":"} if subsets.index(subset) else {})}
        if layout.hue:
            open_ = {"markerfacecolor": "white"} if memory == "rate" and len(memories) > 1 else {}
            style = {**open_, "linestyle": LINES[every.index(kind) % len(LINES)]}
            ax.plot([], [], color=BLACK, linewidth=1.3, label=label, **style)
            label = "_"
        for value in layout.values[layout.hue] if layout.hue else [None]:
            of = curve[is_value(curve[layout.hue], value)] if layout.hue else curve
            if layout.hue:
                colour, style["marker"] = hue_look(layout, value)
            x = positions(of[layout.x], layout, ax, memories)
            if layout.x == "memory":  # third factors beside each other
                style["linestyle"], own = "none", factors[memory]
                x = [at + 0.12 * (own.index(third_factor) - (len(own) - 1) / 2) for at in x]
            of = of.assign(at=x).sort_values("at")
            ax.errorbar(
                of["at"], of["mean"], yerr=[(of["mean"] - of.low).fillna(0), (of.high - of["mean"]).fillna(0)],
                label=label, capsize=2.5, markersize=4.5, linewidth=1.3, color=colour,
                zorder=3 if memory == "rate" else 2, **style,
            )  # fmt: skip
    if layout.hue:
        explain_hue(layout, table, ax)
    ax.set(xlabel=layout.x_label(table), ylabel=f"{Y_LABEL.get(quantity, quantity)} (95 % intervals)")
    if quantity not in UNBOUNDED and len(found):
        shown_from = SHOWN_FROM if quantity == "accuracy" else 0.0
        ax.set_ylim(min(shown_from, max(0.0, found.low.min()) - 0.02), 1.02)
    if legend:
        legend_above(ax)
    return ax


def check_one_panel(table: pd.DataFrame, layout: Layout | None) -> Layout:
    """The layout, or one for the table. Raises ValueError for what is not shown in one panel."""
    layout = layout_of(table) if layout is None else layout
    for name in (layout.panel, *layout.apart):
        if name and table[name].nunique(dropna=False) > 1:
            raise ValueError(f"one panel shows two options that vary, and {name} varies too; choose rows of one of its"
                             " values")  # fmt: skip
    return layout


def name_of(*parts: str) -> str:
    """Parts of a label that are not empty."""
    return ", ".join(part.replace("_", " ") for part in parts if part)


def positions(x: pd.Series, layout: Layout, ax: Axes | None = None, words: list[str] | None = None) -> list[float]:
    """Where x goes on the axis: numbers at their value, words side by side, named there.

    ax : whose ticks are named. words : in the place of the layout's, where no option varies.
    """
    every = layout.values.get(layout.x, words or [])
    if are_numbers(every):
        if ax is not None and all(float(one).is_integer() for one in every):
            ax.xaxis.set_major_locator(MaxNLocator(integer=True))  # there is no half a pair
        return [float(one) for one in x]
    if ax is not None:
        texts = [value_text(LABEL.get(one, one)) for one in every]
        slanted: dict[str, Any] = {"rotation": 25, "ha": "right", "rotation_mode": "anchor"}
        ax.set_xticks(range(len(every)), texts, **(slanted if sum(map(len, texts)) > 36 else {}))
        ax.set_xlim(-0.5, len(every) - 0.5)
    return [float(every.index(None if one != one else one)) for one in x]


def hue_look(layout: Layout, value: Any) -> tuple[str, str]:
    """Colour and marker of a value of hue."""
    every = layout.values[layout.hue]
    colours = ordered_colours(len(every)) if are_numbers(every) else WORDS
    i = every.index(value)
    return colours[i % len(colours)], HUE_MARKERS[i % len(HUE_MARKERS)]


def explain_hue(layout: Layout, table: pd.DataFrame, ax: Axes) -> None:
    """What colours and markers are, for the legend."""
    for value in layout.values[layout.hue]:
        colour, marker = hue_look(layout, value)
        of = table[is_value(table[layout.hue], value)]
        if len(of):
            ax.plot([], [], marker, color=colour, markersize=5.5, label=layout.named(layout.hue, value, of))


def look_of(memory: str, third_factor: str, memories: list[str]) -> tuple[str, dict[str, Any]]:
    """Colour and style of a curve without hue; memories of one's own take turns with what is left."""
    own = [name for name in memories if name not in STYLE]
    turn = own.index(memory) if memory in own else 0
    style = STYLE.get(memory, {"linestyle": "-", "marker": OWN_MARKERS[turn % len(OWN_MARKERS)]})
    colour = THIRD_FACTOR[third_factor] if third_factor else MEMORY.get(memory, OWN_COLOURS[turn % len(OWN_COLOURS)])
    return colour, style


def _guesses(of: pd.DataFrame, guess: str, layout: Layout) -> list[tuple[str, pd.DataFrame]]:
    """Colours of lines, and the rows of each: one for all hues where they are alike."""
    if not len(of) or not layout.hue:
        return [(GREY, of)] if len(of) else []
    at_x = [layout.x] if layout.x in layout.values else []
    spread = of.groupby([*at_x, "subset"], dropna=False)[guess].agg(["min", "max"])
    if (spread["max"] - spread["min"]).max() < ALIKE:
        return [(GREY, of)]
    parts = [(hue_look(layout, v)[0], of[is_value(of[layout.hue], v)]) for v in layout.values[layout.hue]]
    return [(colour, part) for colour, part in parts if len(part)]


def legend_above(ax: Axes) -> None:
    """Where it covers no interval."""
    ax.legend(fontsize="small", loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, columnspacing=1, frameon=False)

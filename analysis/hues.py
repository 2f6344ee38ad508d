"""Colours and markers of the values of an option, and how they are explained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from .colours import WORDS, on, ordered_colours
from .labels import plain, value_text, x_label
from .layout import Layout, are_numbers, is_value
from .style import marker

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
MOST_NAMED = 6  # numbers that a legend lists; of more a bar of colours does
MOST_TICKS = 9


def has_bar(layout: Layout) -> bool:
    """Whether a bar of colours explains the values of hue: numbers, more than a legend should list.

    Parameters
    ----------
    layout : Layout
        Of the picture.

    Returns
    -------
    bool
        False without hue.
    """
    values = layout.values.get(layout.hue, [])
    return len(values) > MOST_NAMED and are_numbers(values)


def hue_look(layout: Layout, value: Any, ax: Axes) -> tuple[str, str]:
    """Colour and marker of a value of hue.

    Numbers go from dark to light, so that their order is seen in grey; words have a colour and a marker each.

    Parameters
    ----------
    layout : Layout
        With a hue.
    value : object
        One of its values.
    ax : Axes
        What is drawn on.

    Returns
    -------
    colour : str
        As #RRGGBB.
    marker : str
        Of matplotlib.
    """
    every = layout.values[layout.hue]
    i = every.index(value)
    if are_numbers(every):
        return ordered_colours(len(every), ax)[i], "o" if has_bar(layout) else MARKERS[i % len(MARKERS)]
    return on(ax, WORDS[i % len(WORDS)]), MARKERS[i % len(MARKERS)]


def explain_hue(layout: Layout, table: pd.DataFrame, ax: Axes) -> None:
    """What colours and markers are, for the legend, where it lists them.

    Parameters
    ----------
    layout : Layout
        With a hue.
    table : DataFrame
        Rows of a study or of `tables.gaps`; only values that it has are explained.
    ax : Axes
        Whose legend it is.
    """
    if has_bar(layout):
        return
    for value in layout.values[layout.hue]:
        colour, symbol = hue_look(layout, value, ax)
        of = table[is_value(table[layout.hue], value)]
        if len(of):
            label = plain(layout.named(layout.hue, value, of))
            ax.plot([], [], symbol, color=colour, markersize=marker(1.2), label=label)


def hue_bar(layout: Layout, axes: Sequence[Axes]) -> None:
    """A bar of the colours of numbers beside axes, with the name of the option and its values.

    Parameters
    ----------
    layout : Layout
        With a hue of `has_bar`.
    axes : sequence of Axes
        Those that it explains, all of one figure.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import BoundaryNorm, ListedColormap

    values = layout.values[layout.hue]
    n = len(values)
    norm = BoundaryNorm([i - 0.5 for i in range(n + 1)], n)
    colours = ScalarMappable(norm, ListedColormap(ordered_colours(n, axes[0])))
    bar = axes[0].figure.colorbar(colours, ax=list(axes), aspect=30, fraction=0.05, pad=0.02)
    every = -(-n // MOST_TICKS)
    bar.set_ticks(range(0, n, every), labels=[value_text(value) for value in values[::every]])
    bar.ax.tick_params(length=0, which="both")
    bar.outline.set_visible(False)
    bar.set_label(plain(x_label(layout.hue)))

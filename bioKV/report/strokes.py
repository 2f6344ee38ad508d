"""What a curve looks like in a report: colour, marker and dash, in its plot and in the legend beside it."""

from __future__ import annotations

from typing import NamedTuple

from ..analysis.colours import MEMORY, ORANGE, PURPLE, SKY, THIRD_FACTOR, VERMILION, WORDS, ordered_colours
from ..analysis.layout import Layout, are_numbers

DASHES = ("solid", "dashed", "dotted", "dotdash", "dashdot")
MARKERS = ("circle", "square", "triangle", "diamond", "inverted_triangle", "hex", "plus", "x")
OF_MEMORY = {
    "rate": ("circle", "dashed"),
    "spiking": ("square", "solid"),
    "hopfield": ("diamond", "dotdash"),
    "bam": ("inverted_triangle", "dotdash"),
    "tvt": ("x", "dotted"),
    "learned": ("triangle", "solid"),
}
OWN = (("hex", "solid"), ("plus", "dashed"))
OWN_COLOURS = (ORANGE, SKY, PURPLE, VERMILION)


class Stroke(NamedTuple):
    """The look of a curve.

    Parameters
    ----------
    label : str
        Of the legend.
    colour : str
        As #RRGGBB.
    marker : str
        Of bokeh; "" for a line alone.
    dash : str
        Of bokeh; "" for markers alone.
    is_open : bool
        Whether markers are white inside.
    """

    label: str
    colour: str
    marker: str = ""
    dash: str = ""
    is_open: bool = False


def of_kind(label: str, memory: str, third_factor: str, second: bool, memories: list[str]) -> Stroke:
    """Look of a curve where no option has colours: a colour is a third factor, a dash a memory.

    Parameters
    ----------
    label : str
        Of the legend.
    memory, third_factor : str
        Of the curve.
    second : bool
        Whether it is of a further subset of the recalls.
    memories : list of str
        All of the study.

    Returns
    -------
    Stroke
    """
    own = [name for name in memories if name not in OF_MEMORY]
    turn = own.index(memory) if memory in own else 0
    marker, dash = OF_MEMORY.get(memory, OWN[turn % len(OWN)])
    colour = THIRD_FACTOR.get(third_factor) if third_factor else MEMORY.get(memory)
    return Stroke(label, colour or OWN_COLOURS[turn % len(OWN_COLOURS)], "triangle" if second else marker,
                  "dotted" if second else dash, memory == "rate")  # fmt: skip


def of_hue(layout: Layout, value, label: str, kind: int, is_open: bool) -> Stroke:
    """Look of a curve where an option has colours.

    Parameters
    ----------
    layout : Layout
        Which option is where in the plots.
    value : object
        Of the option.
    label : str
        Of the legend.
    kind : int
        Number of the memory, third factor and subset, which a dash tells.
    is_open : bool
        Whether its markers are white inside.

    Returns
    -------
    Stroke
    """
    every = layout.values[layout.hue]
    colours = ordered_colours(len(every)) if are_numbers(every) else list(WORDS)
    i = every.index(value)
    return Stroke(label, colours[i % len(colours)], MARKERS[i % len(MARKERS)], DASHES[kind % len(DASHES)], is_open)

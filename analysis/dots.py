"""A number for each memory where no option varies: points with their intervals, row by row, and values printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from .style import line, marker

MOST_TICKS = 6  # intervals between them
BESIDE = 0.55  # rows between the first row and the edge


class Dot(NamedTuple):
    """A row of a picture of points.

    Parameters
    ----------
    name : str
        At its left.
    mean : float
        Where the point is.
    low, high : float
        The ends of its interval; nan for none.
    colour, marker, fill : str
        Of the point: its edge, its shape and what fills it.
    """

    name: str
    mean: float
    low: float
    high: float
    colour: str
    marker: str
    fill: str


def plot_dots(dots: Sequence[Dot], ax: Axes, *, signed: bool = False) -> Axes:
    """Rows of points with their intervals from top to bottom, each with its name at the left and its value above it.

    Parameters
    ----------
    dots : sequence of Dot
        The rows.
    ax : Axes
        What is drawn on.
    signed : bool
        Whether values are printed with their sign.

    Returns
    -------
    Axes
        `ax`, with its y axis turned round.
    """
    for row, dot in enumerate(dots):
        interval = np.nan_to_num([[dot.mean - dot.low], [dot.high - dot.mean]])
        ax.errorbar([dot.mean], [row], xerr=np.maximum(interval, 0), color=dot.colour, marker=dot.marker,
                    markerfacecolor=dot.fill, markersize=marker(1.2), linestyle="none", elinewidth=line(),
                    clip_on=False, zorder=3)  # fmt: skip
        ax.annotate(printed(dot.mean, signed=signed), (dot.mean, row), xytext=(0, 0.6), textcoords="offset fontsize",
                    ha="center", va="bottom", fontsize="small", zorder=4)  # fmt: skip
    ax.set_yticks(range(len(dots)), [dot.name.replace(", ", ",\n", 1) for dot in dots])
    ax.set_ylim(len(dots) - 1 + BESIDE, -BESIDE - 0.15)
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_locator(MaxNLocator(MOST_TICKS, steps=[1, 2, 5, 10]))
    return ax


def printed(value: float, *, signed: bool = False) -> str:
    """A value in three digits, or in more where it would be taken for 1 or 0.

    Parameters
    ----------
    value : float
        A mean or a gap.
    signed : bool
        Whether its sign is printed if it is positive too.

    Returns
    -------
    str
        With a minus sign, not a hyphen.
    """
    digits = 3
    while digits < 6 and value == value and value not in (0, 1) and round(abs(value), digits) in (0, 1):
        digits += 1
    text = f"{value:{'+' if signed else ''}.{digits}f}"
    return ("0" if signed and not value else text).replace("-", "−")

"""The axis of a fraction: from below chance to 1, only the part near 1, or logarithmic in what is missing to 1."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator
from numpy.typing import ArrayLike

from .labels import Y_LABEL
from .style import line

SHOWN_FROM = 0.45  # accuracies below chance are rare
PARTS = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2)  # of an axis near 1
UNBOUNDED = ("d_prime", "cosine")
NEAR = 0.03  # of 1: what a linear axis squeezes together
HIGH = 0.9  # what half of the means must reach: below it a logarithmic axis squeezes
TIMES = 3.0  # the largest share wrong of what is near 1 against the smallest, from which a logarithmic axis says more
EDGE = 0.35  # decades between the last tick below 1 and 1, which has no place on a logarithmic axis


class FractionAxis(NamedTuple):
    """Where the axis of a fraction begins, and how it goes on.

    Parameters
    ----------
    start : float
        The lower end.
    gap : float
        What is missing to 1 where a logarithmic axis ends below its edge at 1; 0 for a linear axis.
    """

    start: float
    gap: float = 0.0


def fraction_axis(quantity: str, means: ArrayLike, lows: ArrayLike) -> FractionAxis:
    """The axis that shows most of some means.

    Parameters
    ----------
    quantity : str
        Of analysis/measures.
    means, lows : array_like
        What is drawn, and the lower ends of the intervals; nan where nothing is known.

    Returns
    -------
    FractionAxis
        From a little below 1 where all is near 1. Logarithmic in the share wrong where shares wrong differ threefold
        near 1, half of all means reach 0.9, and others lie far below. Else linear from 0.45 of bits right, or 0.
    """
    means, lows = np.asarray(means, float), np.asarray(lows, float)
    start = start_of_axis(quantity, float(np.nanmin(lows)) if np.isfinite(lows).any() else math.nan)
    wrong = 1 - means[(means < 1) & (means >= 1 - NEAR)]
    differ = len(wrong) > 1 and wrong.max() >= TIMES * wrong.min()
    logarithmic = differ and start <= SHOWN_FROM and np.nanmedian(means) >= HIGH
    return FractionAxis(start, wrong.min() / 2 if logarithmic and quantity not in UNBOUNDED else 0.0)


def start_of_axis(quantity: str, lowest: float) -> float:
    """Where the axis of a fraction begins.

    Parameters
    ----------
    quantity : str
        Of analysis/measures.
    lowest : float
        The lower end of the lowest interval that is drawn; nan where nothing is.

    Returns
    -------
    float
        A little below 1 where all is near 1; else 0.45 of bits right, or 0.
    """
    usual = SHOWN_FROM if quantity == "accuracy" else 0.0
    if math.isnan(lowest):
        return usual
    needed = 1.08 * (1 - lowest)
    for part in PARTS:
        if needed <= part:
            return 1 - part
    return min(usual, max(0.0, lowest) - 0.02)


def set_fraction_axis(ax: Axes, quantity: str, fraction: FractionAxis, axis: str = "y") -> None:
    """Limits, scale and label of the axis of a measure; the label says what is unusual.

    Parameters
    ----------
    ax : Axes
        What is drawn on.
    quantity : str
        Of analysis/measures; one without a ceiling gets its label only.
    fraction : FractionAxis
        Of `fraction_axis`. An axis along x is linear.
    axis : str
        "x" or "y".
    """
    start, gap = fraction
    label = f"{Y_LABEL.get(quantity, quantity.replace('_', ' '))}\n(95 % intervals)"
    if quantity in UNBOUNDED:
        ax.set(**{f"{axis}label": label})
        return
    if gap and axis == "y":
        _set_logarithmic(ax, max(0.0, start), gap)
        ax.set_ylabel(f"{label}\nlogarithmic in errors")
        return
    label += f"\naxis from {start:g}" if start > SHOWN_FROM else ""
    ax.set(**{f"{axis}label": label, f"{axis}lim": (start, 1 + 0.035 * (1 - start))})


def _set_logarithmic(ax: Axes, start: float, gap: float) -> None:
    """Equal steps for a tenth of the share wrong, up to gap; above a break in the axis lies 1."""
    end = -math.log10(gap)

    def place(y):
        wrong = 1 - np.asarray(y, float)
        return np.where(wrong > gap, -np.log10(np.maximum(wrong, gap)), end + EDGE * (1 - wrong / gap))

    def value(z):
        z = np.asarray(z, float)
        return np.where(z < end, 1 - 10.0 ** -np.minimum(z, end), 1 - gap * (1 - (z - end) / EDGE))

    ax.set_yscale("function", functions=(place, value))
    decades = range(1, math.floor(end) + 1)
    ticks = [tick for tick in (0.0, 0.5) if tick >= start] + [1 - 10.0**-decade for decade in decades] + [1.0]
    between = [1 - k * 10.0**-decade for decade in (*decades, decades[-1] + 1) for k in range(2, 10)]
    ax.yaxis.set_major_locator(FixedLocator(ticks))
    ax.yaxis.set_major_formatter(FixedFormatter([f"{tick:g}" for tick in ticks]))
    ax.yaxis.set_minor_locator(FixedLocator([tick for tick in between if start <= tick <= 1 - gap]))
    ax.set_ylim(start, 1 + 0.4 * gap)
    spine = ax.spines["left"]
    ax.plot([0], [1 - gap / 2], marker=[(-1, -0.6), (1, 0.6)], markersize=5 * line(), linestyle="none", clip_on=False,
            color=spine.get_edgecolor(), markeredgewidth=spine.get_linewidth(), scalex=False,
            transform=ax.get_yaxis_transform(), label="_")  # fmt: skip

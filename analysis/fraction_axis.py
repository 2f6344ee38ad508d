"""The axis of a fraction: from below chance to 1, or only the part near 1, where all lies there."""

from __future__ import annotations

import math

from matplotlib.axes import Axes

from .labels import Y_LABEL

SHOWN_FROM = 0.45  # accuracies below chance are rare
PARTS = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2)  # of an axis near 1
UNBOUNDED = ("d_prime", "cosine")


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


def set_fraction_axis(ax: Axes, quantity: str, start: float, axis: str = "y") -> None:
    """Limits and label of the axis of a measure; where only the part near 1 is shown the label says so.

    Parameters
    ----------
    ax : Axes
        What is drawn on.
    quantity : str
        Of analysis/measures; one without a ceiling gets its label only.
    start : float
        Of `start_of_axis`.
    axis : str
        "x" or "y".
    """
    label = f"{Y_LABEL.get(quantity, quantity.replace('_', ' '))}\n(95 % intervals)"
    if quantity in UNBOUNDED:
        ax.set(**{f"{axis}label": label})
        return
    label += f"\naxis from {start:g}" if start > SHOWN_FROM else ""
    ax.set(**{f"{axis}label": label, f"{axis}lim": (start, 1 + 0.035 * (1 - start))})

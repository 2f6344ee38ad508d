"""Where points stand along x: numbers at their value, words side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from .labels import LABEL, plain, value_text
from .layout import Layout, are_numbers, are_words

MOST_LEVEL = 24  # letters of names that stand side by side along x


def positions(x: pd.Series, layout: Layout, ax: Axes | None = None) -> list[float]:
    """Where x goes on the axis: numbers at their value, words side by side.

    Parameters
    ----------
    x : Series
        Values of the layout's x.
    layout : Layout
        With an option along x.
    ax : Axes or None
        Whose ticks are named.

    Returns
    -------
    list of float
        One for each value.
    """
    every = layout.values[layout.x]
    if are_numbers(every):
        if ax is not None and all(float(one).is_integer() for one in every):
            whole = MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10])  # there is no half a pair
            ax.xaxis.set_major_locator(whole)
        return [float(one) for one in x]
    if ax is not None:
        texts = [plain(value_text(LABEL.get(one, one))) for one in every]
        ax.set_xticks(range(len(every)), texts, rotation=90 if upright(layout) else 0)
        ax.set_xlim(-0.5, len(every) - 0.5)
    return [float(every.index(None if one != one else one)) for one in x]


def upright(layout: Layout) -> int:
    """The letters of the longest name along x where names are too long to stand side by side.

    Parameters
    ----------
    layout : Layout
        Of the picture.

    Returns
    -------
    int
        0 where names, or numbers, stand side by side.
    """
    lengths = [len(value_text(LABEL.get(one, one))) for one in layout.values[layout.x]] if are_words(layout) else [0]
    return max(lengths) if sum(lengths) > MOST_LEVEL else 0


def side_by_side(x: Sequence[float], n: int, layout: Layout) -> list[float]:
    """How far groups of points at the same x are shifted, so that intervals do not hide each other.

    Parameters
    ----------
    x : sequence of float
        Where all points are.
    n : int
        Groups; none where nothing is drawn.
    layout : Layout
        Of the picture: of numbers, a shift is small against the whole axis.

    Returns
    -------
    list of float
        One for each group, around 0.
    """
    places = np.unique(x)
    between = float(np.diff(places).min()) if len(places) > 1 else 1.0
    unseen = between if are_words(layout) else 0.045 * float(np.ptp(places)) or between
    step = min(unseen, 0.14 * between, 0.75 * between / max(n, 1))
    return [(i - (n - 1) / 2) * step for i in range(n)]

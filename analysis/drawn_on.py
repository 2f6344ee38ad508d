"""What is drawn on: axes and figures as they are given, or the current ones."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import is_color_like
from matplotlib.figure import Figure, SubFigure

from ..checks import shown


def axes_or_current(ax: Any) -> Axes:
    """The Axes that were given, or the current ones.

    Parameters
    ----------
    ax : Axes or None
        The argument that came.

    Returns
    -------
    Axes
        `ax`, or the current axes.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if ax is not None and not isinstance(ax, Axes):
        raise ValueError(f"ax must be Axes of matplotlib, as plt.subplots() makes; got {shown(ax)}")
    return plt.gca() if ax is None else ax


def checked_axes(what: str, axes: Any, shape: tuple[int, ...] | None = None, named: str = "") -> Any:
    """Several Axes that were given, as an array.

    Parameters
    ----------
    what : str
        What is drawn, for an error.
    axes : array_like of Axes
        The argument that came.
    shape : tuple of int or None
        How many there must be; None: a list of any length.
    named : str
        What they are for, in brackets.

    Returns
    -------
    np.ndarray of Axes
        The same ones.

    Raises
    ------
    ValueError
        If they are others.
    """
    try:
        found = np.asarray(axes, dtype=object)
    except ValueError:  # rows of different lengths
        found = np.array(None)
    shape = (found.size,) if shape is None else shape
    if found.shape != shape or not all(isinstance(one, Axes) for one in found.flat):
        wanted = " by ".join(map(str, shape))
        raise ValueError(f"{what} takes {wanted} axes{named and f' ({named})'}; got"
                         f" {shown(axes) if found.shape == shape or not found.ndim else found.shape}")  # fmt: skip
    return found


def check_figure(figure: Any) -> None:
    """Raise ValueError unless figure is one of matplotlib, or part of one, or None.

    Parameters
    ----------
    figure : anything
        The argument that came.
    """
    if figure is not None and not isinstance(figure, Figure | SubFigure):
        raise ValueError(f"figure must be a Figure of matplotlib, as plt.figure() makes; got {shown(figure)}")


def check_colour(colour: Any) -> None:
    """Raise ValueError unless matplotlib knows the colour.

    Parameters
    ----------
    colour : anything
        The argument that came.
    """
    if not is_color_like(colour):
        raise ValueError(f'colour must be one that matplotlib knows, such as "black" or "#0072B2"; got {shown(colour)}')

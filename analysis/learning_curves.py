"""How a rule was learned: loss, accuracy, and where its slopes and offsets went (paper, figs. 3c, 3d and C4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ..checks import check_choice, shown
from .colours import BLUE, GREY, VERMILION, on
from .drawn_on import axes_or_current, check_colour
from .style import line
from .tables import check_table

TERMS = {  # slope, offset and how the term is called
    "fk": r"$f^K(x) = a\,x + b$",
    "gk": r"$g^K(h) = a\,h + b$",
    "fv": r"$f^V(h') = a\,h' + b$",
    "gv": r"$g^V(y) = a\,y + b$",
}
LABEL = {"loss": "loss (squared\nerror of a recall)", "accuracy": "accuracy\n(fraction of bits)"}
SMOOTH = 25  # steps of a running mean: a step's sequences differ much in length


def plot_training(histories: Sequence[pd.DataFrame], column: str, ax: Axes | None = None, colour: str = BLUE,
                  label: str = "", dashes: str = "-") -> Axes:  # fmt: skip
    """Loss or accuracy against the training step, running means over 25 steps; a line for each training.

    Parameters
    ----------
    histories : sequence of DataFrame
        Tables with the columns step, loss, accuracy, one for each training.
    column : str
        "loss" or "accuracy".
    ax : Axes or None
        What is drawn on; None takes the current axes.
    colour, label, dashes : str
        Colour, name in a legend and line style of these trainings.

    Returns
    -------
    Axes
        `ax`, or the current axes.

    Raises
    ------
    ValueError
        If a table lacks what is drawn, or there is no such thing to draw.
    """
    check_choice("column", column, tuple(LABEL))
    check_colour(colour)
    _check_histories(histories, ("step", column))
    ax = axes_or_current(ax)
    for i, history in enumerate(histories):
        smooth = history[column].rolling(SMOOTH, min_periods=1).mean()
        ax.plot(history["step"], smooth, color=on(ax, colour), linestyle=dashes, label="_" if i or not label else label)
    ax.set(xlabel="training step", ylabel=LABEL.get(column, column), xlim=(0, None))
    if column == "loss":
        ax.set_ylim(0, None)
    return ax


def plot_term(histories: Sequence[pd.DataFrame], term: str, ax: Axes | None = None) -> Axes:
    """Slope a (blue, solid) and offset b (vermilion, dashed) of a term against the training step.

    Parameters
    ----------
    histories : sequence of DataFrame
        Tables with the columns step, a_TERM and b_TERM, of which one may be missing; one
        for each training.
    term : str
        "fk", "gk", "fv" or "gv".
    ax : Axes or None
        What is drawn on; None takes the current axes.

    Returns
    -------
    Axes
        `ax`, or the current axes.

    Raises
    ------
    ValueError
        If a table lacks what is drawn, or there is no such thing to draw.
    """
    check_choice("term", term, tuple(TERMS))
    _check_histories(histories, ("step",))
    ax = axes_or_current(ax)
    ax.axhline(0, color=on(ax, GREY), linewidth=line(0.6), zorder=1)
    for name, colour, dashes, label in (("a", BLUE, "-", "slope a"), ("b", VERMILION, "--", "offset b")):
        drawn = [history for history in histories if f"{name}_{term}" in history]
        for i, history in enumerate(drawn):
            ax.plot(history["step"], history[f"{name}_{term}"], dashes, color=on(ax, colour),
                    label="_" if i else label)  # fmt: skip
    ax.set(xlabel="training step", ylabel="slope and offset", xlim=(0, None))
    ax.set_title(TERMS[term], fontsize="large")
    return ax


def _check_histories(histories: Any, columns: tuple[str, ...]) -> None:
    """Raise ValueError unless these are tables of trainings."""
    if not isinstance(histories, list | tuple) or not histories:
        raise ValueError(f"histories must be a list of DataFrames, one for each training; got {shown(histories)}")
    for history in histories:
        check_table("a history", history, columns)

"""How a rule was learned: loss, accuracy, and where its slopes and offsets went (paper, figs. 3c, 3d and C4)."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from .colours import BLUE, GREY, VERMILION

TERMS = {  # slope, offset and how the term is called
    "fk": r"$f^K(x) = a\,x + b$",
    "gk": r"$g^K(h) = a\,h + b$",
    "fv": r"$f^V(h') = a\,h' + b$",
    "gv": r"$g^V(y) = a\,y + b$",
}
LABEL = {"loss": "loss (squared error of a recall)", "accuracy": "accuracy (fraction of bits)"}
SMOOTH = 25  # steps of a running mean: a step's sequences differ much in length


def plot_training(histories: Sequence[pd.DataFrame], column: str, ax: Axes | None = None, colour: str = BLUE,
                  label: str = "") -> Axes:  # fmt: skip
    """Loss or accuracy against the training step, running means over 25 steps; a line a training.

    histories : tables with the columns step, loss, accuracy. Draws on `ax` (default: the current axes), returns it.
    """
    ax = plt.gca() if ax is None else ax
    for i, history in enumerate(histories):
        smooth = history[column].rolling(SMOOTH, min_periods=1).mean()
        ax.plot(history["step"], smooth, color=colour, linewidth=1.2, label="_" if i else label)
    ax.set(xlabel="training step", ylabel=LABEL.get(column, column), xlim=(0, None))
    if column == "loss":
        ax.set_ylim(0, None)
    return ax


def plot_term(histories: Sequence[pd.DataFrame], term: str, ax: Axes | None = None) -> Axes:
    """Slope a (blue, solid) and offset b (vermilion, dashed) of one term against the training step; a line a training.

    term : "fk", "gk", "fv" or "gv"; histories : tables with the columns step, a_TERM and b_TERM, of which one may be
    missing. Draws on `ax` (default: the current axes) and returns it.
    """
    ax = plt.gca() if ax is None else ax
    ax.axhline(0, color=GREY, linewidth=0.8, zorder=1)
    for name, colour, line, label in (("a", BLUE, "-", "slope a"), ("b", VERMILION, "--", "offset b")):
        drawn = [history for history in histories if f"{name}_{term}" in history]
        for i, history in enumerate(drawn):
            ax.plot(history["step"], history[f"{name}_{term}"], line, color=colour, linewidth=1.2,
                    label="_" if i else label)  # fmt: skip
    ax.set(xlabel="training step", xlim=(0, None))
    ax.set_title(TERMS[term], fontsize="medium")
    return ax

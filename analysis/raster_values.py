"""The right answer of every recall beside what was recalled, entry by entry."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from ..episode import Episode
from .colours import on
from .presentations import write_title
from .recall_marks import WRONG


def plot_values(ax: Axes, episode: Episode, recalled: np.ndarray, windows_ms: np.ndarray, steps: np.ndarray) -> None:
    """Draw three columns per recall: the target, the recalled value, and, narrow, which entries have the wrong sign.

    Parameters
    ----------
    ax : Axes
        Where to draw, time in milliseconds along x.
    episode : Episode
        The trial.
    recalled : array, (T, m)
        What was recalled. An entry has the colour of its sign or, where answers have sizes, of its share of the
        largest; undecided ones are grey.
    windows_ms : array, (T, 2)
        Start and end of every presentation in milliseconds.
    steps : array of int
        The recalls that are drawn.
    """
    m, signed = episode.value_dim, bool(np.isin(episode.values[steps], (-1, 0, 1)).all())
    wrong_only = ListedColormap([on(ax, WRONG)])

    def column(entries: np.ndarray, left: float, right: float, **how) -> None:
        ax.imshow(entries[:, None], extent=(left, right, -0.5, m - 0.5), origin="lower", aspect="auto",
                  interpolation="nearest", **how)  # fmt: skip

    for step in steps:
        (start, stop), target, answer = windows_ms[step], episode.values[step], recalled[step]
        at = start + (stop - start) * np.array([0.06, 0.46, 0.48, 0.88, 0.89, 0.97])
        shown = np.sign(answer) if signed else answer / max(np.abs(answer).max(), 1e-12)
        column(target, at[0], at[1], cmap="gray", vmin=-1, vmax=1, zorder=2)
        column(shown, at[2], at[3], cmap="gray", vmin=-1, vmax=1, zorder=2)
        column(np.where(answer * target < 0, 1.0, np.nan), at[4], at[5], cmap=wrong_only, zorder=2)
    ax.set(ylim=(-0.5, m - 0.5), yticks=sorted({0, m - 1}))
    colours = "white +1, black −1, grey undecided" if signed else "white highest, black lowest"
    write_title(ax, f"values: target (left), recalled (right); {colours}")

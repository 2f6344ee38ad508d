"""Controllers of a memory: how well they generalise, and by which keys they find a sequence again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..checks import check_mapping, check_number, check_switch, numbers_of
from .colours import GREY, on
from .drawn_on import axes_or_current
from .panels import MARKERS, plot_chance
from .style import line, marker
from .tables import check_table


def plot_controllers(table: pd.DataFrame, looks: Mapping[str, tuple[str, str, str]], trained_up_to: int,
                     ax: Axes | None = None, *, legend: bool = True) -> Axes:  # fmt: skip
    """Accuracy against the number of patterns: thin lines for controllers, thick ones with markers for their means.

    Parameters
    ----------
    table : DataFrame
        Rows of figure.csv, where model is a memory's name, or "name, controller k".
    looks : mapping of str to tuple of str
        Label, colour and line style of each memory.
    trained_up_to : int
        Patterns of the longest sequence in training: a dashed line.
    ax : Axes or None
        What is drawn on; None takes the current axes.
    legend : bool
        Whether what is drawn is explained below the axes.

    Returns
    -------
    Axes
        `ax`, or the current axes.
    """
    check_table("table", table, ("model", "x", "mean"))
    check_mapping("looks", looks)
    check_number("trained_up_to", trained_up_to)
    check_switch("legend", legend)
    ax = axes_or_current(ax)
    grey = on(ax, GREY)
    for i, (model, (label, colour, dashes)) in enumerate(looks.items()):
        colour = on(ax, colour)
        for _, one in table[table.model.str.startswith(f"{model}, ")].groupby("model", sort=False):
            ax.plot(one.x, one["mean"], color=colour, linewidth=line(0.5), linestyle=dashes, alpha=0.6, zorder=2)
        mean = table[table.model == model]
        ax.plot(mean.x, mean["mean"], color=colour, linestyle=dashes, marker=MARKERS[i % len(MARKERS)],
                markersize=marker(0.9), label=label, zorder=3)  # fmt: skip
    ax.plot([], [], color=grey, linewidth=line(0.5), label="one controller each")
    ax.axvline(trained_up_to, color=grey, linewidth=line(0.75), linestyle="--", zorder=1, label="longest in training")
    plot_chance(ax)
    ax.set(xlabel="patterns to copy n", ylabel="accuracy: bits right\n(mean of controllers)", ylim=(0.45, 1.03))
    if legend:
        ax.legend(frameon=False, fontsize="small", loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2)
    return ax


class KeyCode(NamedTuple):
    """How a controller keeps a sequence, means over trials at each of the n + 1 rows.

    Parameters
    ----------
    match : ndarray, (n + 1,)
        Product of the key under which a row was stored with the key it was asked with; d where they are the same.
    rival : ndarray, (n + 1,)
        The largest product of the key it was asked with and the key of another row. The softmax turns match - rival
        into how much the right slot outweighs the best wrong one.
    content : ndarray, (n + 1,)
        The share of a key, while storing, that differs from trial to trial, hence depends on the patterns; 0 for keys
        that say only how many rows have passed, 1 for keys without a common part.
    """

    match: np.ndarray
    rival: np.ndarray
    content: np.ndarray


def key_code(keys: np.ndarray) -> KeyCode:
    """How the keys that a controller gave its memory keep a sequence.

    Parameters
    ----------
    keys : ndarray, (B, 2 n + 2, d)
        Of B trials of the copy-paste task of one length.

    Returns
    -------
    KeyCode
        Of the n + 1 rows.

    Raises
    ------
    ValueError
        If there are fewer than two trials, or an odd number of steps.
    """
    keys = numbers_of("keys", keys)
    if keys.ndim != 3 or len(keys) < 2 or keys.shape[1] % 2:
        raise ValueError(f"keys must be of two or more trials with an even number of steps, (B, 2 n + 2, d); got"
                         f" {keys.shape}")  # fmt: skip
    n_rows = keys.shape[1] // 2
    stored, asked = keys[:, :n_rows], keys[:, n_rows:]
    product = asked @ stored.swapaxes(1, 2)
    own = np.eye(n_rows, dtype=bool)
    rival = np.where(own, -np.inf, product).max(axis=2)
    share = stored.var(axis=0).sum(axis=-1) / (stored**2).mean(axis=0).sum(axis=-1)
    return KeyCode(product[:, own].mean(axis=0), rival.mean(axis=0), share)

"""Key and value matrices before and after one write, spiking beside rate."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..checks import check_count, check_takes, shown
from ..episode import Episode, check_is_episode
from ..memory import Memory, check_can
from ..randomness import Rng
from .colours import BLACK, ORANGE
from .drawn_on import checked_axes
from .row_order import check_neurons
from .style import line, marker

MOST_TICKS = 6  # slots whose number is written
COLUMNS = ("spiking,\nbefore", "spiking,\nafter", "rate,\nbefore", "rate,\nafter", "spiking − rate,\nafter")


class Weights(NamedTuple):
    """The weights of one trial, in rate units.

    Parameters
    ----------
    K : ndarray, (N, d)
        Keys.
    V : ndarray, (m, N)
        Values.
    """

    K: np.ndarray
    V: np.ndarray


def weights_after(memory: Memory, episode: Episode, n_steps: int, rng: Rng, **how: Any) -> Weights:
    """The weights of a single trial after its first n_steps presentations.

    The memory is shown that much of the episode. With equal random numbers that is how a longer run begins, because
    nothing acts on a memory but what it has been shown; so the weights after n and n + 1 steps are those around one
    write.

    Parameters
    ----------
    memory : Memory
        Spiking or rate.
    episode : Episode
        A single trial.
    n_steps : int
        0 to the length of the episode.
    rng : Generator, or one for each part
        As `memory.respond` takes it; it is left as it was.
    **how
        Goes to `memory.respond`.

    Returns
    -------
    Weights
        After these presentations.

    Raises
    ------
    ValueError
        If the episode is not a single trial or is shorter.
    """
    check_is_episode("weights_after", episode)
    check_can(memory, "begin", "respond", "weights")
    check_takes("memory.respond", memory.respond, episode, rng, **how)
    check_count("n_steps", n_steps, least=0)
    if episode.trials_shape:
        raise ValueError(f"weights are those of a single trial; the episode has leading axes {episode.trials_shape}")
    if n_steps > episode.n_steps:
        raise ValueError(f"n_steps must lie in 0 to {episode.n_steps}, the length of the episode; got {n_steps}")
    if n_steps:
        state = memory.respond(episode._map(lambda a: a[:n_steps]), deepcopy(rng), **how).state
    else:
        state = memory.begin(1, deepcopy(rng))
    K, V = memory.weights(state)
    return Weights(K[0], V[0])


def plot_weights(spiking: tuple[Weights, Weights], rate: tuple[Weights, Weights], written: Sequence[int] = (),
                 axes: np.ndarray | None = None) -> np.ndarray:  # fmt: skip
    """Images of K (top) and V (bottom), one row per slot: spiking before and after, rate before and after, difference.

    All have one scale of colours with zero in the middle. Slots that were never written, all of whose weights are 0,
    are left out, and the label says so.

    Parameters
    ----------
    spiking, rate : tuple of Weights
        Before and after one write.
    written : sequence of int
        Slots that had a plateau, which are framed.
    axes : ndarray of Axes, (2, 5), or None
        What is drawn on, wherever each lies; None makes a figure.

    Returns
    -------
    ndarray of Axes, (2, 5)
        `axes`, or those of the new figure.

    Raises
    ------
    ValueError
        If weights are none, or of memories of several sizes, there is no such slot, or not one Axes for every image.
    """
    for name, pair in (("spiking", spiking), ("rate", rate)):
        if not isinstance(pair, tuple | list) or len(pair) != 2 or not all(isinstance(one, Weights) for one in pair):
            raise ValueError(f"{name} must be two Weights, before and after, as weights_after gives; got {shown(pair)}")
    four = (*spiking, *rate)
    if len({(one.K.shape, one.V.shape) for one in four}) > 1:
        raise ValueError("spiking and rate must be weights of memories of one size")
    framed = check_neurons("slots", written, len(rate[0].K)).tolist() if np.size(written) else []
    if axes is None:
        _, axes = plt.subplots(2, len(COLUMNS), sharey=True, sharex="row", figsize=(12, 6.4), layout="constrained")
    axes = checked_axes("a picture of weights", axes, (2, len(COLUMNS)))
    slots = _slots_to_show(four, framed)
    images = [[w.K[slots] for w in four], [w.V.T[slots] for w in four]]
    for row in images:
        row.append(row[1] - row[3])
    largest = max(1.0, *(float(np.abs(image).max()) for row in images for image in row))
    for title, ax in zip(COLUMNS, axes[0], strict=True):
        ax.set_title(title)
    for axes_row, row, name in zip(axes, images, ("key entry", "value entry"), strict=True):
        for ax, image in zip(axes_row, row, strict=True):
            drawn = ax.imshow(image, cmap="RdBu_r", vmin=-largest, vmax=largest, aspect="auto", origin="lower",
                              interpolation="nearest")  # fmt: skip
            ax.set_xlabel(name)
            ax.xaxis.set_major_locator(MaxNLocator(3, integer=True))
            for slot in framed:
                _frame(ax, slots.index(slot), image.shape[1])
    difference = np.abs(images[0][-1]).max(), np.abs(images[1][-1]).max()
    for ax, largest_difference in zip(axes[:, -1], difference, strict=True):
        ax.set_xlabel(f"{ax.get_xlabel()}\n(largest\ndifference\n{largest_difference:.2f})")
    every, n_slots = max(1, -(-len(slots) // MOST_TICKS)), len(spiking[0].K)
    of_all = "" if len(slots) == n_slots else f"\n({len(slots)} of {n_slots} written)"
    for ax, name in zip(axes[:, 0], ("keys K", "values V"), strict=True):
        ax.set_yticks(range(0, len(slots), every), [str(slot) for slot in slots[::every]])
        ax.set_ylabel(f"{name}: slot{of_all}")
    axes[0, 0].figure.colorbar(drawn, ax=axes.ravel().tolist(), label="weight (rate units; spiking: ON − OFF)",
                               shrink=0.6, aspect=40)  # fmt: skip
    return axes


def _slots_to_show(weights: Sequence[Weights], written: Sequence[int]) -> list[int]:
    """Slots that any of the weights knows of, or that are written now; all where there are none."""
    known = np.any([w.K.any(axis=1) | w.V.any(axis=0) for w in weights], axis=0)
    known[list(written)] = True
    return np.flatnonzero(known if known.any() else ~known).tolist()


def _frame(ax: Axes, slot: int, n_columns: int) -> None:
    """A frame around a slot's row, and an arrow head beside it."""
    ax.plot([-0.5, n_columns - 0.5, n_columns - 0.5, -0.5, -0.5],
            np.array([-0.5, -0.5, 0.5, 0.5, -0.5]) + slot, color=BLACK, linewidth=line(0.7), clip_on=False)  # fmt: skip
    ax.plot(-0.5, slot, ">", color=ORANGE, markeredgecolor=BLACK, markeredgewidth=line(0.4), markersize=marker(1.4),
            clip_on=False, zorder=4)  # fmt: skip

"""Key and value matrices before and after one write, spiking beside rate."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from ..checks import check_count
from ..episode import Episode, check_is_episode
from ..memory import Memory
from ..randomness import Rng
from .colours import BLACK, ORANGE

COLUMNS = ("spiking, before", "spiking, after", "rate, before", "rate, after", "spiking − rate, after")


class Weights(NamedTuple):
    """K (N, d) and V (m, N) of one trial, in rate units."""

    K: np.ndarray
    V: np.ndarray


def weights_after(memory: Memory, episode: Episode, n_steps: int, rng: Rng, **how: Any) -> Weights:
    """The weights of a single trial after its first n_steps presentations.

    The memory is shown that much of the episode. With equal random numbers that is how a longer run begins, because
    nothing acts on a memory but what it has been shown; so the weights after n and n + 1 steps are those around one
    write. rng is left as it was. how : goes to `memory.respond`.
    Raises ValueError if the episode is not a single trial or is shorter.
    """
    check_is_episode("weights_after", episode)
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

    spiking, rate : the weights before and after one write. written : slots that had a plateau, framed. axes : Axes
    (2, 5); None makes a figure. One colour scale for all, zero in the middle.
    Raises ValueError if there is not one Axes for every image.
    """
    if axes is None:
        _, axes = plt.subplots(2, len(COLUMNS), sharey=True, sharex="row", figsize=(12, 6.4), layout="constrained")
    if np.shape(axes) != (2, len(COLUMNS)):
        raise ValueError(f"weights take 2 by {len(COLUMNS)} axes; got {np.shape(axes)}")
    four = (*spiking, *rate)
    images = [[w.K for w in four], [w.V.T for w in four]]
    for row in images:
        row.append(row[1] - row[3])
    largest = max(1.0, *(float(np.abs(image).max()) for row in images for image in row))
    for title, ax in zip(COLUMNS, axes[0], strict=True):
        ax.set_title(title, fontsize="medium")
    for axes_row, row, name in zip(axes, images, ("key entry", "value entry"), strict=True):
        for ax, image in zip(axes_row, row, strict=True):
            shown = ax.imshow(image, cmap="RdBu_r", vmin=-largest, vmax=largest, aspect="auto", origin="lower",
                              interpolation="nearest")  # fmt: skip
            ax.set_xlabel(name)
            for slot in written:
                _frame(ax, slot, image.shape[1])
    difference = np.abs(images[0][-1]).max(), np.abs(images[1][-1]).max()
    for ax, largest_difference in zip(axes[:, -1], difference, strict=True):
        ax.set_xlabel(f"{ax.get_xlabel()}\n(largest difference {largest_difference:.2f})")
    axes[0, 0].set_ylabel("keys K\nslot")
    axes[1, 0].set_ylabel("values V\nslot")
    axes[0, 0].figure.colorbar(shown, ax=axes, label="weight (rate units; spiking: ON − OFF)", shrink=0.6)
    return axes


def _frame(ax: Axes, slot: int, n_columns: int) -> None:
    """A frame around a slot's row, and an arrow head beside it."""
    ax.plot([-0.5, n_columns - 0.5, n_columns - 0.5, -0.5, -0.5],
            np.array([-0.5, -0.5, 0.5, 0.5, -0.5]) + slot, color=BLACK, linewidth=0.8, clip_on=False)  # fmt: skip
    ax.plot(-0.5, slot, ">", color=ORANGE, markeredgecolor=BLACK, markeredgewidth=0.5, markersize=7, clip_on=False,
            zorder=4)  # fmt: skip

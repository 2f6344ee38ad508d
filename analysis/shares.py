"""Spike shares of slots against the softmax of the rate twin."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from scipy import stats

from ..checks import check_switch, numbers_of, shown
from ..episode import Episode
from ..response import Response, SpikingResponse, check_answers, check_spiking
from .colours import BLACK, GREY, SKY, VERMILION, on
from .drawn_on import axes_or_current
from .style import line, marker

EDGES = (0.0, 0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 1.0)


class Bin(NamedTuple):
    """Slots whose softmax lies in a range, over all recalls.

    Parameters
    ----------
    softmax : float
        Their mean softmax, weighted with the recall's votes.
    share, low, high : float
        The share of those votes that they got, and its 95 % interval (Wilson).
    votes : int
        How many they got.
    """

    softmax: float
    share: float
    low: float
    high: float
    votes: int


def binned_shares(votes: np.ndarray, softmax: np.ndarray, edges: tuple[float, ...] = EDGES) -> list[Bin]:
    """The bins between `edges` in which anything could be voted for.

    If votes are drawn from the softmax, a bin's share has its softmax as mean. Of the votes of a recall each slot in
    the bin takes one or leaves it, so they count once for every such slot.

    Parameters
    ----------
    votes, softmax : ndarray, (R, N)
        Of R recalls.
    edges : tuple of float
        From 0 to 1.

    Returns
    -------
    list of Bin
        Those with a vote to take.

    Raises
    ------
    ValueError
        If votes and softmax are not of one shape, or edges do not ascend.
    """
    votes, softmax, ends = numbers_of("votes", votes), numbers_of("softmax", softmax), numbers_of("edges", edges)
    if votes.shape != softmax.shape or votes.ndim < 1:
        raise ValueError(f"votes and softmax must be of one shape, (R, N); got {votes.shape}, {softmax.shape}")
    if ends.ndim != 1 or len(ends) < 2 or not (np.diff(ends) > 0).all():
        raise ValueError(f"edges must be two or more numbers, from the lowest up; got {shown(edges)}")
    cast = np.broadcast_to(votes.sum(axis=-1, keepdims=True), votes.shape)
    which = np.clip(np.searchsorted(ends, softmax, side="right") - 1, 0, len(ends) - 2)
    bins = []
    for i in range(len(ends) - 1):
        here = which == i
        chances, got = int(cast[here].sum()), int(votes[here].sum())
        if chances:
            interval = stats.binomtest(got, chances).proportion_ci(method="wilson")
            mean = float((softmax[here] * cast[here]).sum() / chances)
            bins.append(Bin(mean, got / chances, float(interval.low), float(interval.high), got))
    return bins


def plot_shares(response: SpikingResponse, truth: Response, episode: Episode, ax: Axes | None = None, *,
                legend: bool = True) -> Axes:  # fmt: skip
    """A point for each recall and slot: its share of the votes against its softmax; means of bins with 95 % intervals.

    The number at a bin says how many votes it got.

    Parameters
    ----------
    response : SpikingResponse
        Of the spiking memory.
    truth : Response
        Of the rate memory, to the same episode with the plateaus replayed.
    episode : Episode
        What both answered.
    ax : Axes or None
        What is drawn on; None takes the current axes.
    legend : bool
        Whether what is drawn is explained above the axes.

    Returns
    -------
    Axes
        `ax`, or the current axes.

    Raises
    ------
    ValueError
        If the two differ in shape, the votes were not counted, or no recall has a vote.
    """
    check_spiking("a picture of spike shares", response)
    check_answers("a picture of spike shares", response, episode)
    check_switch("legend", legend)
    if not isinstance(truth, Response):
        raise ValueError(f"truth must be what a rate memory's respond returned; got {shown(truth)}")
    if response.hidden.shape != truth.hidden.shape:
        raise ValueError(f"the responses have hidden {response.hidden.shape} and {truth.hidden.shape}")
    votes, softmax = response.counts["votes"][episode.is_recall], truth.hidden[episode.is_recall]
    total = votes.sum(axis=-1, keepdims=True)
    if not total.any():
        raise ValueError("no hidden neuron fired in a recall, so there are no shares to show")
    ax = axes_or_current(ax)
    spoke = total[:, 0] > 0
    black = on(ax, BLACK)
    ax.plot([0, 1], [0, 1], color=on(ax, GREY), linewidth=line(0.7), linestyle="--", zorder=1, label="share = softmax")
    ax.plot(softmax[spoke].ravel(), (votes[spoke] / total[spoke]).ravel(), "o", color=on(ax, SKY),
            markersize=marker(0.9), alpha=0.5, markeredgewidth=0, zorder=2, clip_on=False,
            label="slot in a recall")  # fmt: skip
    bins = binned_shares(votes, softmax)
    x, y = np.array([b.softmax for b in bins]), np.array([b.share for b in bins])
    error = [y - [b.low for b in bins], [b.high for b in bins] - y]
    ax.errorbar(x, y, yerr=np.maximum(error, 0), fmt="s", color=black, ecolor=black, zorder=3, clip_on=False,
                label="mean of a bin, 95 % interval;\nnumber: its votes")  # fmt: skip
    for one, (y_at, offset, ha, va) in zip(bins, _places(bins), strict=True):
        ax.annotate(f"{one.votes}", (one.softmax, y_at), xytext=offset, textcoords="offset fontsize", ha=ha, va=va,
                    fontsize="small", color=on(ax, VERMILION), zorder=4)  # fmt: skip
    ax.set(xlabel="softmax of the rate memory", ylabel="share of the hidden spikes (votes)", xlim=(-0.02, 1.02),
           ylim=(-0.02, 1.02), aspect="equal")  # fmt: skip
    fewest, most = total[spoke].min(), total[spoke].max()
    ax.set_title(f"{int(total.sum())} votes in {len(total)} recalls\n({fewest:.0f} to {most:.0f} each)", pad=18)
    if legend:
        ax.legend(frameon=False, fontsize="small", loc="upper left")
    return ax


def _places(bins: list[Bin]) -> list[tuple[float, tuple[float, float], str, str]]:
    """Where the number of each bin stands: y, offset and alignment."""
    places = []  # bins are narrow at both ends: there the outermost number is above, and the next one beside its bin
    for i, one in enumerate(bins):
        last = i == len(bins) - 1
        if i > 0 and one.softmax < 0.1:
            places.append((one.share, (0.7, 0.0), "left", "center"))
        elif not last and one.softmax > 0.9:
            places.append((one.share, (-0.7, 0.0), "right", "center"))
        elif i % 2 and not last:
            places.append((one.low, (0.0, -0.6), "center", "top"))
        else:
            places.append((one.high, (0.0, 0.6), "center", "bottom"))
    return places

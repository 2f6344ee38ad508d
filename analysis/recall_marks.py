"""Per recall: how many entries came right, wrong or undecided, and which share of the votes the right slots got."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from ..checks import check_trial
from ..episode import Episode
from ..response import SpikingResponse, check_answers, check_spiking
from .colours import BLACK, GREY, SKY, VERMILION, WHITE, on
from .presentations import height_points, small, write_above, write_title
from .right_slots import right_slots
from .style import line

RIGHT, UNDECIDED, WRONG = SKY, WHITE, VERMILION
NARROW = 3.0  # points of a presentation below which recalls are averaged in bins


class RecallMarks(NamedTuple):
    """Of R recalls of one trial.

    Parameters
    ----------
    step : array of int, (R,)
        The presentations that are recalls.
    right, wrong, undecided : array of int, (R,)
        Value entries of the right sign, of the other, and those that are exactly 0; together all m.
    share : array, (R,)
        Share of the votes that fell on right slots (`analysis.right_slots`); nan without a vote.
    """

    step: np.ndarray
    right: np.ndarray
    wrong: np.ndarray
    undecided: np.ndarray
    share: np.ndarray


def recall_marks(response: SpikingResponse, episode: Episode, trial: int = 0) -> RecallMarks:
    """Count the entries of every recall of a trial, and the votes of the slots that stored what is asked.

    Parameters
    ----------
    response : SpikingResponse
        What a spiking memory answered; votes are its spikes per slot in the time that is read.
    episode : Episode
        What it answered.
    trial : int
        The trial, from 0.

    Returns
    -------
    RecallMarks
        In the order of the recalls.

    Raises
    ------
    ValueError
        If the response is not of a spiking memory or not to this episode, or there is no such trial.

    Notes
    -----
    Entries right over all entries is `analysis.measures.accuracy`; undecided over all is `analysis.measures.undecided`.
    """
    check_spiking("a mark of recalls", response)
    check_answers("a mark of recalls", response, episode)
    check_trial(trial, int(np.prod(episode.trials_shape)))
    source = episode.source.reshape(-1, episode.n_steps)[trial]
    step = np.flatnonzero(source >= 0)
    target, answer = (a.reshape(-1, *a.shape[-2:])[trial][step] for a in (episode.values, response.values))
    votes = response.counts["votes"].reshape(-1, *response.counts["votes"].shape[-2:])[trial][step]
    cast = votes.sum(axis=-1)
    right_ones = right_slots(response, episode).reshape(-1, *response.third_factor.shape[-2:])[trial][step]
    fell = np.where(right_ones, votes, 0).sum(axis=-1)
    share = np.where(cast > 0, fell / np.maximum(cast, 1), np.nan)
    right, undecided = (answer * target > 0).sum(axis=-1), (answer == 0).sum(axis=-1)
    return RecallMarks(step, right, target.shape[-1] - right - undecided, undecided, share)


def plot_recall_marks(marks: RecallMarks, windows_ms: np.ndarray, ax: Axes, *, pitch: float) -> Axes:
    """Draw two bars per recall: entries right, undecided and wrong, stacked, and the right slots' share of the votes.

    Parameters
    ----------
    marks : RecallMarks
        As of `recall_marks`.
    windows_ms : array, (T, 2)
        Start and end of every presentation in milliseconds.
    ax : Axes
        Where to draw, time in milliseconds along x.
    pitch : float
        Points of a presentation along x. Below 3 points recalls are averaged in bins of so many presentations that a
        bin has 3.

    Returns
    -------
    Axes
        The axes that were drawn on.
    """
    n_steps = max(1, int(np.ceil(NARROW / pitch)))
    group = marks.step // n_steps
    total = np.maximum(marks.right + marks.wrong + marks.undecided, 1)
    kinds = ((marks.right, RIGHT, ""), (marks.undecided, UNDECIDED, "/////"), (marks.wrong, WRONG, ""))
    for one in np.unique(group):
        here = group == one
        first = marks.step[here][0] if n_steps == 1 else one * n_steps
        start, stop = windows_ms[first, 0], windows_ms[min(first + n_steps, len(windows_ms)) - 1, 1]
        width = stop - start
        left, wide = (start, width) if n_steps > 1 else (start + 0.08 * width, 0.5 * width)
        bottom = 0.0
        for count, colour, hatch in kinds:
            height = float((count[here] / total[here]).mean())
            if height:
                ax.bar(left, height, wide, bottom, align="edge", color=on(ax, colour), edgecolor=on(ax, GREY),
                       hatch=hatch, linewidth=0, zorder=2)  # fmt: skip
            bottom += height
        share = marks.share[here][~np.isnan(marks.share[here])]
        if share.size and n_steps == 1:
            ax.bar(start + 0.66 * width, share[0], 0.26 * width, align="edge", color=on(ax, BLACK), linewidth=0,
                   zorder=2)  # fmt: skip
        elif share.size:
            ax.plot([start, stop], [share.mean()] * 2, color=on(ax, BLACK), linewidth=line(), solid_capstyle="butt",
                    zorder=3)  # fmt: skip
    title = "recalls: entries right, undecided, wrong (bars); right slots' share of the votes (line)"
    top = 1.0
    if n_steps == 1 and len(marks.step):
        texts = [f"{right}/{of}" for right, of in zip(marks.right, total, strict=True)]
        write_above(ax, windows_ms[marks.step].mean(axis=1), texts, pitch, y=1.0)
        longest = max(map(len, texts))
        letters = 0.8 * longest + 1.2 if longest * 0.68 * small() > pitch else 2.6
        top = 1 / max(0.25, 1 - letters * small() / height_points(ax))  # room for the counts
        title = "recalls: entries (wide bar, right ones of all), right slots' share of the votes (narrow bar)"
    elif n_steps > 1:
        title += f"; means of {n_steps} presentations"
    ax.set(ylim=(0, top), yticks=[0, 1])
    write_title(ax, title)
    return ax

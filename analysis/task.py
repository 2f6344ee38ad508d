"""A plain picture of a task: what is shown in every presentation, what is asked, and where the answer was stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from ..checks import check_trial, is_number, shown
from ..episode import Episode, check_is_episode
from .colours import BLACK, BLUE, GREEN, GREY, PHASE, on
from .drawn_on import check_figure, checked_axes
from .presentations import pattern_names, small, width_points, write_above, write_title
from .style import MM_PER_INCH, TWO_COLUMNS, line, marker

PANELS = ("gate", "key", "value", "asked")
HEIGHTS_MM = {"gate": 8, "key": 34, "value": 34, "asked": 18}
HEIGHT_MM = 150.0
MOST = 100  # presentations that are drawn unless others are asked for
FINE = 10  # columns of an image in each presentation
LONGEST = 28  # letters of an entry of the legend, and its mark
ROOM = 10.0  # points of a presentation that gets a frame of its own


def plot_task(episode: Episode, trial: int = 0, axes: Sequence[Axes] | None = None, *,
              figure: Figure | SubFigure | None = None, presentations: tuple[int, int] | None = None
              ) -> Sequence[Axes]:  # fmt: skip
    """Draw one trial of any task, a column for each presentation.

    Parameters
    ----------
    episode : Episode
        Such as a protocol returns; no memory is needed.
    trial : int
        The trial, from 0.
    axes : sequence of Axes, optional
        One for each of `PANELS`, from top to bottom.
    figure : Figure or SubFigure, optional
        Where axes are made, without `axes`. None makes a figure 174 mm wide.
    presentations : tuple of int, optional
        The first and the last that are drawn, from 0; the first 100 at most if None.

    Returns
    -------
    sequence of Axes
        The gate q; the keys, white +1, black -1, grey unknown, hatched where a key is the memory's own output; the
        values that are shown while storing and, in a frame, the right answers of recalls, which no memory is shown;
        and an arrow from every recall to the presentation that stored what it asks for.

    Raises
    ------
    ValueError
        If this is no Episode, there is no such trial or presentation, or not one Axes for each panel.
    """
    check_is_episode("a picture of a task", episode)
    check_trial(trial, int(np.prod(episode.trials_shape)))
    check_figure(figure)
    single = episode.flat().trials(slice(trial, trial + 1))._map(lambda a: a[0])
    first, last = checked_presentations(presentations, single.n_steps)
    if axes is None:
        if figure is None:
            size = TWO_COLUMNS / MM_PER_INCH, HEIGHT_MM / MM_PER_INCH
            figure = plt.figure(figsize=size, layout="constrained")
        axes = figure.subplots(len(PANELS), 1, sharex=True, height_ratios=list(HEIGHTS_MM.values()))
    axes = checked_axes("a picture of a task", axes, (len(PANELS),), ", ".join(PANELS))
    gate, key, value, asked = axes
    steps = np.arange(first, last + 1)
    pitch = width_points(gate) / len(steps)
    for ax in axes:
        for step in steps:
            kind = "store" if single.is_store[step] else "recall" if single.is_recall[step] else "other"
            ax.axvspan(step - 0.5, step + 0.5, color=on(ax, PHASE[kind]), linewidth=0, zorder=0)
        ax.spines[["top", "right"]].set_visible(False)
        ax.tick_params(labelbottom=ax is asked, bottom=ax is asked)
    _plot_gate(single, steps, gate)
    write_above(gate, steps.tolist(), pattern_names(single)[first : last + 1], pitch)
    _plot_patterns(single.keys, steps, ~single.feedback, key)
    _plot_patterns(single.values, steps, single.is_store | single.is_recall, value)
    for step in steps[single.feedback[steps]]:
        key.add_patch(Rectangle((step - 0.4, -0.5), 0.8, single.key_dim, facecolor="none", edgecolor=on(key, GREEN),
                                hatch="////", linewidth=line(0.6), zorder=3))  # fmt: skip
    answers = steps[(single.is_recall & ~single.is_store)[steps]]
    runs = np.split(answers, np.flatnonzero(np.diff(answers) > 1) + 1) if pitch < ROOM else answers[:, None]
    for run in runs:
        if len(run):
            value.add_patch(Rectangle((run[0] - 0.4, -0.5), len(run) - 0.2, single.value_dim, facecolor="none",
                                      edgecolor=on(value, BLUE), linewidth=min(line(1.2), 0.3 * pitch), zorder=3,
                                      clip_on=False))  # fmt: skip
    signed = np.isin(single.keys, (-1, 0, 1)).all()
    colours = "white +1, black −1, grey unknown" if signed else "from black, −1, to white, +1; 0 or unknown is grey"
    write_title(key, f"key, {single.key_dim} entries: {colours}")
    write_title(value, f"value, {single.value_dim} entries: shown while storing; framed: the right answer, not shown")
    _plot_arrows(single, steps, asked)
    _draw_legend(asked, single, steps)
    asked.set_xlim(first - 0.5, last + 0.5)
    part = "" if len(steps) == single.n_steps else f" ({first} to {last} of 0 to {single.n_steps - 1})"
    asked.set_xlabel(f"presentation{part}")
    asked.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    return axes


def checked_presentations(presentations: tuple[int, int] | None, n_steps: int) -> tuple[int, int]:
    """The first and the last presentation that are drawn.

    Parameters
    ----------
    presentations : tuple of int or None
        As asked for; None takes the first 100 at most.
    n_steps : int
        How many there are.

    Returns
    -------
    tuple of int
        The first and the last.

    Raises
    ------
    ValueError
        If they are no presentations of the trial, or the last comes before the first.
    """
    if presentations is None:
        return 0, min(n_steps, MOST) - 1
    given = tuple(presentations) if isinstance(presentations, tuple | list) else ()
    if len(given) != 2 or not all(is_number(one) and int(one) == one for one in given):
        raise ValueError(f"presentations are the first and the last, such as (0, 7); got {shown(presentations)}")
    if not 0 <= given[0] <= given[1] < n_steps:
        raise ValueError(f"presentations lie in 0 to {n_steps - 1}, the first before the last; got {given[0]} to"
                         f" {given[1]}")  # fmt: skip
    return int(given[0]), int(given[1])


def _plot_gate(episode: Episode, steps: np.ndarray, ax: Axes) -> None:
    """q as a bar per presentation."""
    strongest = max(1.0, float(episode.gate.max()))
    if strongest > 1:
        ax.set_yscale("symlog", linthresh=1)
        ax.tick_params(axis="y", labelsize="small")  # three numbers in a low panel
    ax.bar(steps, episode.gate[steps], 0.8, color=on(ax, BLACK), linewidth=0)
    ax.set(ylim=(0, 1.2 * strongest), yticks=sorted({0, 1, strongest}))
    ax.set_yticks([], minor=True)
    ax.yaxis.set_major_formatter("{x:g}")
    ax.set_ylabel("gate q", rotation=0, ha="right", va="center", fontsize="small")


def _plot_patterns(patterns: np.ndarray, steps: np.ndarray, where: np.ndarray, ax: Axes) -> None:
    """A pattern per column, entry 0 below; columns that are not there stay empty."""
    n = patterns.shape[-1]
    most = max(1.0, float(np.abs(patterns[steps]).max()))
    columns = np.where(where[steps, None], patterns[steps], np.nan)
    image = np.repeat(columns.T, FINE, axis=1)  # one image is drawn much faster than many
    image[:, ::FINE] = image[:, FINE - 1 :: FINE] = np.nan  # a gap between two presentations
    ax.imshow(image, extent=(steps[0] - 0.5, steps[-1] + 0.5, -0.5, n - 0.5), origin="lower", aspect="auto",
              cmap="gray", vmin=-most, vmax=most, interpolation="nearest", zorder=2)  # fmt: skip
    ax.set(ylim=(-0.5, n - 0.5), yticks=sorted({0, n - 1}))


def _plot_arrows(episode: Episode, steps: np.ndarray, ax: Axes) -> None:
    """An arc from every recall to where its answer was stored, as deep as the two are far apart."""
    recalls = steps[episode.is_recall[steps]]
    sources = episode.source[recalls]
    farthest = max(1, int(np.abs(recalls - sources).max(initial=0)))
    angle = np.linspace(0, np.pi, 60)
    for recall, source in zip(recalls, sources, strict=True):
        apart = recall - source
        middle, radius = (recall + source) / 2, max(apart, 0.4) / 2
        ax.plot(middle + radius * np.cos(angle), -max(apart / farthest, 0.15) * np.sin(angle), color=on(ax, GREY),
                linewidth=min(line(0.8), 60 * line(0.8) / len(steps)), zorder=2)  # fmt: skip
    size = float(np.clip(160 / len(steps), 0.3, 1.0))
    sources = sources[sources >= steps[0]]
    ax.plot(sources, np.zeros(len(sources)), "^", color=on(ax, BLACK), markersize=marker(size), zorder=3, clip_on=False)
    ax.plot(recalls, np.zeros(len(recalls)), "o", color=on(ax, BLUE), markersize=marker(0.7 * size), zorder=3,
            clip_on=False)  # fmt: skip
    ax.set(ylim=(-1.08, 0.15), yticks=[])
    ax.spines["left"].set_visible(False)
    write_title(ax, "asked: from a recall (dot) to what stored the answer (arrow head)")


def _draw_legend(ax: Axes, episode: Episode, steps: np.ndarray) -> None:
    """What the grounds, frames and hatches stand for."""
    is_store, is_recall = episode.is_store[steps], episode.is_recall[steps]
    edge: dict[str, Any] = {"edgecolor": on(ax, GREY), "linewidth": line(0.3)}
    handles = [Patch(facecolor=on(ax, PHASE[kind]), label=text, **edge)
               for kind, text, here in (("store", "store", is_store), ("recall", "recall", is_recall & ~is_store),
                                        ("other", "seen, not stored", ~is_store & ~is_recall))
               if here.any()]  # fmt: skip
    if (is_recall & ~is_store).any():
        handles.append(Patch(facecolor="none", edgecolor=on(ax, BLUE), linewidth=line(1.2), label="right answer"))
    if episode.feedback[steps].any():
        handles.append(Patch(facecolor="none", edgecolor=on(ax, GREEN), hatch="////", linewidth=line(0.6),
                             label="key: the memory's last output"))  # fmt: skip
    columns = max(1, int(ax.figure.bbox.width * 72 / ax.figure.dpi / (0.6 * LONGEST * small())))
    ax.figure.legend(handles=handles, loc="outside lower center", ncols=min(3, columns), fontsize="small",
                     frameon=False)  # fmt: skip

"""Presentations in a picture: what each is called, the coloured ground of its phase, and labels that fit its width."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties

from ..episode import Episode
from ..response import SpikingResponse
from .colours import PHASE, WHITE, on
from .labels import plain
from .style import line

MOST = 80  # presentations that can be told apart
MOST_LEFT_OUT = 2  # texts in a row


def pattern_names(episode: Episode) -> list[str]:
    """Names of all presentations of one trial: "store 1", "recall 1", by the number of the pair in order of storing.

    Parameters
    ----------
    episode : Episode
        A single trial of T presentations.

    Returns
    -------
    list of str
        T names. Further lines say how many presentations ago a recalled pattern was stored, where storing and recall
        interleave; that a pattern comes with a strong gate (q = 15); which subset a recall belongs to (but the first,
        ordinary one); and that the key came by feedback or, between steps where it does, is a prompt.
    """
    order = {step: i + 1 for i, step in enumerate(np.flatnonzero(episode.is_store))}
    recalled, stored = np.flatnonzero(episode.is_recall), np.flatnonzero(episode.is_store)
    interleaved = recalled.size > 0 and stored.size > 0 and stored.max() > recalled.min()
    names = []
    for step in range(episode.n_steps):
        if episode.is_store[step]:
            name = f"store {order[step]}"
            if episode.gate[step] > 1:
                name += f"\nq = {episode.gate[step]:g}"
        elif episode.is_recall[step]:
            name = f"recall {order[int(episode.source[step])]}"
            if interleaved:
                name += f"\ndelay {step - int(episode.source[step])}"
            if episode.subset[step] > 0:
                name += f"\n{episode.subset_names[episode.subset[step]]}"
            if episode.feedback.any() and not episode.feedback[step]:
                name += "\nprompt"
        else:
            name = "prompt" if episode.feedback.any() and not episode.feedback[step] else "seen"
        names.append(name + ("\nfed back" if episode.feedback[step] else ""))
    return names


def shade_phases(response: SpikingResponse, trial: int, ax: Axes) -> None:
    """Colour the ground of every presentation by its phase, with a white line between two of them where there is room.

    Parameters
    ----------
    response : SpikingResponse
        Gives the windows and the phases.
    trial : int
        The trial, from 0.
    ax : Axes
        Its x axis is the time in milliseconds.
    """
    phase = response.phase.reshape(-1, response.phase.shape[-1])[trial]
    for kind, colour in PHASE.items():
        spans = [(start, stop - start) for start, stop in response.windows_ms[phase == kind]]
        ax.broken_barh(spans, (0, 1), transform=ax.get_xaxis_transform(), facecolors=on(ax, colour), linewidth=0,
                       zorder=0)  # fmt: skip
    if len(phase) <= MOST:
        for start in response.windows_ms[1:, 0]:
            ax.axvline(start, color=on(ax, WHITE), linewidth=line(0.7), zorder=0.5)


def write_above(ax: Axes, x: Sequence[float], texts: Sequence[str], pitch: float, y: float | None = None) -> None:
    """Write a text above every x: across if that fits, else upright, else every second or third upright, else none.

    Parameters
    ----------
    ax : Axes
        Where the texts stand.
    x : sequence of float
        Their places in data coordinates, ascending.
    texts : sequence of str
        One for each place.
    pitch : float
        Distance between two places in points.
    y : float, optional
        In data coordinates; the upper edge of the axes if None. The texts begin 3 points above.
    """
    lines = [text.split("\n") for text in texts]
    across = max((len(line) for of in lines for line in of), default=0) * 0.68 * small() <= pitch
    beside = max(map(len, lines), default=1) * 1.15 * small() <= pitch  # upright, with the lines side by side
    every = 1 if across or beside else max(1, int(np.ceil(1.1 * small() / max(pitch, 1e-9))))
    if every > MOST_LEFT_OUT + 1:
        return
    for place, text in list(zip(x, texts, strict=True))[::every]:
        ax.annotate(plain(text if across or beside else text.replace("\n", ", ")), (place, 1 if y is None else y),
                    xycoords=("data", "axes fraction" if y is None else "data"), xytext=(0, 3),
                    textcoords="offset points", ha="center", va="bottom", fontsize="small",
                    rotation=0 if across else 90, annotation_clip=False)  # fmt: skip


def write_title(ax: Axes, text: str) -> None:
    """Write a title above the left edge of axes, in as many lines as their width asks for.

    Parameters
    ----------
    ax : Axes
        Below the title.
    text : str
        In small letters.
    """
    letters = max(20, int(width_points(ax) / (0.57 * small())))
    ax.set_title("\n".join(textwrap.wrap(text, letters)), loc="left", fontsize="small", pad=2)


def width_points(ax: Axes) -> float:
    """The width of axes, before a layout acts on them.

    Parameters
    ----------
    ax : Axes
        Of a figure that has its size.

    Returns
    -------
    float
        In points.
    """
    return ax.get_window_extent().width * 72 / ax.figure.dpi


def height_points(ax: Axes) -> float:
    """The height of axes, before a layout acts on them.

    Parameters
    ----------
    ax : Axes
        Of a figure that has its size.

    Returns
    -------
    float
        In points.
    """
    return ax.get_window_extent().height * 72 / ax.figure.dpi


def small() -> float:
    """The size of small letters.

    Returns
    -------
    float
        In points, by the settings of matplotlib at the moment.
    """
    return FontProperties(size="small").get_size_in_points()

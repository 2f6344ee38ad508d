"""How each population fires while keys are on: intervals, rates, CV and synchrony. CV and correlation by Elephant."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..checks import shown
from ..importing import importing, require
from ..response import SpikingResponse, check_spiking
from .activity import POPULATIONS
from .colours import GREY, PALE, POPULATION, on
from .evoked import LEAST, PHASE, PHASES, Evoked, evoked
from .firing.synchrony import BIN_MS
from .raster_panels import TITLES
from .sheet import WIDE, legend_of_all, sheet
from .style import PRINT, Style, line, marker, panel_letters

DASHES = dict(zip(POPULATIONS, ("-", (0, (1, 1)), "-", (0, (5, 1)), (0, (4, 1, 1, 1))), strict=True))
SHARE = dict(zip(POPULATIONS, (0.8, 1.1, 1.7, 1.1, 1.3), strict=True))  # of the usual width of lines
BROKEN = 20  # letters of a line of labels below a narrow panel
CORTEX = (0.5, 1.2)  # CVs in the cortex of awake animals (Softky and Koch 1993; Shadlen and Newsome 1998)
INTERVALS_MS = np.unique(np.round(2 * np.geomspace(0.75, 100, 36)) / 2) + 0.25  # between the steps of half a ms
MOST_RATE, RATE_BIN = 400, 10  # Hz
CORRELATIONS = np.linspace(-0.2, 1, 25)  # beyond the ends goes into the last bins


def plot_firing(response: SpikingResponse, stimulus_ms: float, style: Style = PRINT) -> Figure:
    """Intervals, rates, CV and CV2, and correlations of one trial: a column for storing and one for recalling.

    Parameters
    ----------
    response : SpikingResponse
        One trial, with recorded spikes of all populations.
    stimulus_ms : float
        How long a key is on, `memory.stimulus_ms`.
    style : Style
        Whose width the figure has; draw it inside `figure_style`.

    Returns
    -------
    Figure
        Of 4 rows and 2 columns.

    Raises
    ------
    ValueError
        For what `analysis.evoked.evoked` refuses, or if Elephant is not installed.
    """
    if not isinstance(style, Style):
        raise ValueError(f"style must be a Style; got {shown(style)}")
    style.check()
    check_spiking("a figure of firing", response)
    require("elephant", "neo", "a figure of firing")
    did = {phase: {name: evoked(response, name, phase, stimulus_ms) for name in POPULATIONS} for phase in PHASES}
    figure, panels = sheet(8, style, least_mm=style.width() / 2, height_mm=48.0, sharey="row")
    axes = np.reshape(np.array(panels, dtype=object), (4, 2))
    narrow = style.width() < WIDE
    for column, phase in zip(axes.T, PHASES, strict=True):
        for draw, ax in zip((plot_intervals, plot_rates, plot_cv, plot_correlations), column, strict=True):
            draw(did[phase], ax)
            if narrow:
                ax.set_xlabel(textwrap.fill(ax.get_xlabel(), BROKEN))
        column[0].set_title(PHASE[phase])
        if narrow:
            column[2].tick_params(axis="x", rotation=90)
    for ax in axes[:, 1]:
        ax.set_ylabel("")
    panel_letters(list(axes[:, 0]))
    legend_of_all(figure, panels)
    return figure


def plot_intervals(did: dict[str, Evoked], ax: Axes) -> Axes:
    """Distributions of interspike intervals, all neurons of a population together.

    Parameters
    ----------
    did : dict of str to Evoked
        What each population did in one phase of one trial.
    ax : Axes
        What to draw on.

    Returns
    -------
    Axes
        The same.
    """
    for name, of in did.items():
        ms = of.intervals.ms
        if len(ms):
            share = np.histogram(ms, INTERVALS_MS)[0] / len(ms)
            ax.stairs(share, INTERVALS_MS, **_look(name, ax))
    ax.set(xscale="log", xlabel="interspike interval\u00a0(ms)", ylabel="share of intervals", ylim=(0, None))
    ax.set_xticks([1, 3, 10, 30, 100], ["1", "3", "10", "30", "100"])
    return ax


def plot_rates(did: dict[str, Evoked], ax: Axes) -> Axes:
    """Distributions of rates over neurons and keys, where they fired; shares are of all, silent ones too.

    Parameters
    ----------
    did : dict of str to Evoked
        What each population did in one phase of one trial.
    ax : Axes
        What to draw on.

    Returns
    -------
    Axes
        The same.
    """
    edges = np.arange(0, MOST_RATE + RATE_BIN, RATE_BIN) + RATE_BIN / 2
    for name, of in did.items():
        rates = np.concatenate([counts.ravel() for counts in of.of_trials]) / (of.stimulus_ms * 1e-3)
        fired = rates[rates > 0]
        if len(fired):
            share = np.histogram(np.minimum(fired, edges[-1] - 1), edges)[0] / len(rates)
            _stairs(share, edges, name, ax)
    ax.set(xlabel="rate while a key is on (Hz), where not 0", ylabel="share of\nneurons × keys",
           xlim=(0, MOST_RATE + RATE_BIN))  # fmt: skip
    _log_shares(ax)
    return ax


def plot_cv(did: dict[str, Evoked], ax: Axes) -> Axes:
    """CV (by Elephant) and CV2 of each neuron with enough intervals, and their means; the band is that of cortex.

    Parameters
    ----------
    did : dict of str to Evoked
        What each population did in one phase of one trial.
    ax : Axes
        What to draw on.

    Returns
    -------
    Axes
        The same.
    """
    ax.axhspan(*CORTEX, color=on(ax, PALE), alpha=0.6, linewidth=0, zorder=0)
    for place, (name, of) in enumerate(did.items()):
        for shift, symbol, values in zip((-0.18, 0.18), ("o", "^"), _cvs(of), strict=True):
            if not len(values):
                ax.text(place + shift, 0.02, "–", ha="center", fontsize="small")
                continue
            across = place + shift + np.linspace(-0.12, 0.12, len(values))
            ax.plot(across, values, symbol, markersize=marker(0.6), markeredgewidth=0, alpha=0.6,
                    color=on(ax, POPULATION[name]))  # fmt: skip
            ax.plot([place + shift - 0.16, place + shift + 0.16], [values.mean()] * 2, color=on(ax, GREY),
                    linewidth=line(1.3))  # fmt: skip
    ax.set_xticks(range(len(did)), [TITLES[name].replace(" ", "\n") for name in did])
    ax.set(ylabel="CV (dots),\nCV2 (triangles)", ylim=(0, 2), xlim=(-0.5, len(did) - 0.5))
    ax.text(len(did) - 0.52, CORTEX[1] + 0.03, "cortex", fontsize="small", ha="right")
    return ax


def _look(name: str, ax: Axes) -> dict[str, Any]:
    """How a population is drawn, and what it is called."""
    return {"color": on(ax, POPULATION[name]), "linestyle": DASHES[name], "linewidth": line(SHARE[name]),
            "label": TITLES[name]}  # fmt: skip


def _stairs(share: np.ndarray, edges: np.ndarray, name: str, ax: Axes) -> None:
    """Stairs on an axis of logarithms, with a gap where nothing is: its edges would fall to the floor."""
    ax.stairs(np.where(share > 0, share, np.nan), edges, baseline=None, **_look(name, ax))


def _log_shares(ax: Axes) -> None:
    """An axis of shares from one in ten thousand, whose labels have no small superscripts."""
    ax.set(yscale="log", ylim=(1e-4, 1.5))
    ax.yaxis.set_major_formatter("{x:g}")


def _cvs(of: Evoked) -> tuple[np.ndarray, np.ndarray]:
    """The CV and the CV2 of every neuron that has enough intervals, or pairs of them."""
    with importing():
        from elephant.statistics import cv

    every, cvs, cv2s = of.intervals, [], []
    for neuron in np.unique(every.neuron):
        own = every.neuron == neuron
        if own.sum() >= LEAST:
            cvs.append(float(cv(every.ms[own])))
        pairs = np.stack([every.before_ms[own], every.ms[own]], axis=-1)
        pairs = pairs[~np.isnan(pairs[:, 0])]
        if len(pairs) >= LEAST:  # Elephant's cv2 would take the last interval of one key and the first of the next
            cv2s.append(float((2 * np.abs(np.diff(pairs)[:, 0]) / pairs.sum(axis=1)).mean()))
    return np.array(cvs), np.array(cv2s)


def plot_correlations(did: dict[str, Evoked], ax: Axes) -> Axes:
    """Distributions over pairs of neurons of the correlation of their spikes in bins of 2 ms, by Elephant.

    Parameters
    ----------
    did : dict of str to Evoked
        What each population did in one phase of one trial.
    ax : Axes
        What to draw on.

    Returns
    -------
    Axes
        The same.
    """
    for name, of in did.items():
        pairs = _pairs(of)
        if len(pairs):
            share = np.histogram(np.clip(pairs, CORRELATIONS[0], CORRELATIONS[-1]), CORRELATIONS)[0] / len(pairs)
            _stairs(share, CORRELATIONS, name, ax)
    ax.set(xlabel=f"correlation of spikes in bins of\u00a0{BIN_MS:g}\u00a0ms", ylabel="share of pairs")
    _log_shares(ax)
    return ax


def _pairs(of: Evoked) -> np.ndarray:
    """The correlation of every pair of neurons that fired."""
    with importing():
        import neo
        from elephant.conversion import BinnedSpikeTrain
        from elephant.spike_train_correlation import correlation_coefficient

    _, neuron, step, after = of.spikes
    rank = np.cumsum(of.here[0]) - 1  # presentations of the phase, one after the other
    stop = int(of.here[0].sum()) * of.stimulus_ms
    trains: list[Any] = [neo.SpikeTrain(np.sort((rank[step] * of.stimulus_ms + after)[neuron == i]), t_stop=stop,
                                        units="ms") for i in np.unique(neuron)]  # fmt: skip
    if len(trains) < 2:
        return np.zeros(0)
    matrix = correlation_coefficient(BinnedSpikeTrain(trains, bin_size=BIN_MS * trains[0].units))
    return matrix[np.triu_indices(len(trains), 1)]

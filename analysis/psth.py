"""Peri-stimulus time histograms: rates of a population over the time since the onset of a presentation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure, SubFigure

from ..checks import check_choice, check_trial, is_number, shown
from ..episode import Episode
from ..response import SpikingResponse, check_answers, check_spiking
from .colours import BLACK, PHASE, POPULATION, on
from .drawn_on import check_figure, checked_axes
from .raster_panels import TITLES
from .right_slots import right_slots
from .row_order import POPULATIONS, checked_populations
from .style import MM_PER_INCH, TWO_COLUMNS, line
from .time_window import check_span

PHASES = {"store": "store", "recall": "recall", "other": "seen"}
BIN_MS = 5.0


class Histogram(NamedTuple):
    """Of a population, over the presentations of a phase.

    Parameters
    ----------
    edges_ms : array, (bins + 1,)
        Of the bins, in milliseconds from the onset.
    counts : array of int, (bins,)
        Spikes of all neurons in all presentations.
    rate_hz : array, (bins,)
        Spikes per neuron, presentation and second.
    n_presentations, n_neurons : int
        Over how many it is.
    """

    edges_ms: np.ndarray
    counts: np.ndarray
    rate_hz: np.ndarray
    n_presentations: int
    n_neurons: int


def psth(response: SpikingResponse, population: str, phase: str, *, bin_ms: float = BIN_MS, trial: int | None = None,
         among: np.ndarray | None = None) -> Histogram:  # fmt: skip
    """Spikes aligned to the onsets of all presentations of a phase.

    Parameters
    ----------
    response : SpikingResponse
        With recorded spikes of the population.
    population : str
        One that was recorded.
    phase : str
        "store", "recall" or "other".
    bin_ms : float
        Width of a bin in milliseconds; the last one is shorter where a presentation is no multiple of it.
    trial : int, optional
        Only this one, from 0; all trials if None.
    among : array of bool, (..., T, n), optional
        Which neurons count in which presentation. The rate is still per neuron of the whole population, so that rates
        of parts add up.

    Returns
    -------
    Histogram
        All 0 without a presentation of the phase.

    Raises
    ------
    ValueError
        If the population was not recorded, or there is no such phase, bin or trial.
    """
    check_spiking("a histogram", response)
    if not isinstance(population, str) or population not in response.spikes:
        raise ValueError(f"a histogram needs recorded spikes of {shown(population)}; recorded are"
                         f" {', '.join(response.spikes) or 'none'}")  # fmt: skip
    check_choice("phase", phase, tuple(PHASES))
    length = float(np.ptp(response.windows_ms[0]))
    if not (is_number(bin_ms) and 0 < bin_ms <= length):
        raise ValueError(f"bin_ms is a time above 0 and at most that of a presentation, {length:g} ms; got"
                         f" {shown(bin_ms)}")  # fmt: skip
    here = (response.phase == phase).reshape(-1, response.phase.shape[-1])
    if trial is not None:
        check_trial(trial, len(here))
        here = here & (np.arange(len(here)) == trial)[:, None]
    spikes = response.spikes[population]
    step = np.searchsorted(response.windows_ms[:, 0], spikes.t_ms, side="right") - 1
    counted = here[spikes.trial, step] & (spikes.t_ms < response.windows_ms[-1, 1])
    if among is not None:
        counted &= np.reshape(among, (*here.shape, spikes.n_neurons))[spikes.trial, step, spikes.neuron]
    since = spikes.t_ms[counted] - response.windows_ms[step[counted], 0]
    edges = np.append(np.arange(0, length - 1e-9, bin_ms), length)
    counts, _ = np.histogram(since, edges)
    n = int(here.sum())
    return Histogram(edges, counts, counts / max(n, 1) / spikes.n_neurons / (np.diff(edges) * 1e-3), n,
                     spikes.n_neurons)  # fmt: skip


def plot_psth(response: SpikingResponse, episode: Episode, trial: int | None = None, axes: np.ndarray | None = None, *,
              figure: Figure | SubFigure | None = None, populations: str | Sequence[str] = POPULATIONS,
              bin_ms: float = BIN_MS, votes_ms: tuple[float, float] = (60.0, 105.0)) -> np.ndarray:  # fmt: skip
    """Draw the histogram of every population (rows) in every phase that there is (columns).

    Parameters
    ----------
    response : SpikingResponse
        With recorded spikes of the populations.
    episode : Episode
        What it answered.
    trial : int, optional
        Only this one, from 0; all trials if None.
    axes : array of Axes, (populations, phases), optional
        Where to draw.
    figure : Figure or SubFigure, optional
        Where axes are made, without `axes`. None makes a figure 174 mm wide.
    populations : str or sequence of str
        Of `analysis.row_order.POPULATIONS`.
    bin_ms : float
        Width of a bin in milliseconds.
    votes_ms : tuple of float
        From when to when after the onset of a recall votes are counted, in milliseconds; a bar marks it.

    Returns
    -------
    array of Axes
        As given, or made; n above a column is the number of presentations. The solid part of the hidden population is
        right slots (`analysis.right_slots`).

    Raises
    ------
    ValueError
        As `psth`, or if there is not one Axes for each histogram.
    """
    check_spiking("a histogram", response)
    check_answers("a histogram", response, episode)
    populations = checked_populations(populations)
    check_span("votes_ms", votes_ms)
    check_figure(figure)
    phases = [phase for phase in PHASES if (response.phase == phase).any()]
    found = {(name, phase): psth(response, name, phase, bin_ms=bin_ms, trial=trial)
             for name in populations for phase in phases}  # fmt: skip
    grid = len(populations), len(phases)
    if axes is None:
        if figure is None:
            size = TWO_COLUMNS / MM_PER_INCH, figure_height_mm(len(populations)) / MM_PER_INCH
            figure = plt.figure(figsize=size, layout="constrained")
        axes = figure.subplots(*grid, sharex=True, sharey="row", squeeze=False)
    axes = checked_axes("a figure of histograms", axes, grid, "populations, phases")
    slots = right_slots(response, episode)
    for row, name in zip(axes, populations, strict=True):
        top = 0.0
        for ax, phase in zip(row, phases, strict=True):
            of = found[name, phase]
            colour = on(ax, POPULATION[name])
            ax.stairs(of.rate_hz, of.edges_ms, color=colour, alpha=0.3, fill=True, linewidth=0, zorder=2)
            ax.stairs(of.rate_hz, of.edges_ms, color=colour, linewidth=line(0.7), zorder=3, clip_on=False)
            if name == "hidden" and phase != "other":
                among = np.repeat(slots, of.n_neurons // slots.shape[-1], axis=-1)
                right = psth(response, name, phase, bin_ms=bin_ms, trial=trial, among=among)
                ax.stairs(right.rate_hz, right.edges_ms, color=colour, fill=True, linewidth=0, zorder=2.5)
            top = max(top, of.rate_hz.max(initial=0.0))
            ax.set_facecolor(on(ax, PHASE[phase]))
            ax.spines[["top", "right"]].set_visible(False)
            ax.margins(x=0)
            ax.set_xlim(0, of.edges_ms[-1])
        row[0].set_ylim(0, 1.08 * top if top else 1.0)
        row[0].set_ylabel("Hz per neuron", fontsize="small")
        title = f"{TITLES[name]}, {of.n_neurons} neurons"
        if name == "hidden":
            title += "; solid: right slots" + ("; bar: votes counted" if "recall" in phases else "")
        row[0].set_title(title, loc="left", fontsize="small", pad=2)
    for ax, phase in zip(axes[0], phases, strict=True):
        n = found[populations[0], phase].n_presentations
        ax.annotate(f"{PHASES[phase]}\n(n = {n})", (0.5, 1), xycoords="axes fraction",
                    xytext=(0, 1.6), textcoords="offset fontsize", ha="center", va="bottom",
                    annotation_clip=False)  # fmt: skip
        axes[-1][phases.index(phase)].set_xlabel(f"ms after onset\n({bin_ms:g} ms bins)", fontsize="small")
    axes[0][0].figure.align_ylabels(axes[:, 0])
    if "recall" in phases and "hidden" in populations:
        ax = axes[list(populations).index("hidden")][phases.index("recall")]
        ax.plot(votes_ms, [1, 1], transform=ax.get_xaxis_transform(), color=on(ax, BLACK), linewidth=line(1.6),
                solid_capstyle="butt", zorder=4)  # fmt: skip
    return axes


def figure_height_mm(n_populations: int) -> float:
    """Height of a figure with a row for each population.

    Parameters
    ----------
    n_populations : int
        How many.

    Returns
    -------
    float
        In millimetres, at the scale of print.
    """
    return min(28.0 * n_populations + 22.0, 240.0)

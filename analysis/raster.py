"""A raster of one trial: what was shown, who fired, when slots were written, and what was recalled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.ticker import FuncFormatter

from ..checks import check_choice, check_number, check_trial, shown
from ..episode import Episode
from ..response import SpikingResponse, check_answers, check_spiking
from .colours import ORANGE
from .drawn_on import check_figure, checked_axes
from .population_rate import rate_bin_ms
from .presentations import pattern_names, shade_phases, width_points, write_above
from .raster_legend import draw_legend
from .raster_panels import plot_feedback, plot_gate, plot_population
from .raster_plateaus import plot_plateaus
from .raster_values import plot_values
from .recall_marks import plot_recall_marks, recall_marks
from .row_order import ORDERS, POPULATIONS, Rows, check_neurons, checked_populations, rows_by_writing, some_of
from .style import MM_PER_INCH, TWO_COLUMNS
from .ticks import plot_spikes
from .time_window import check_span, checked_time

__all__ = ["NEEDED", "PANELS", "POPULATIONS", "check_shown", "figure_height_mm", "panels_of", "pattern_names",
           "plot_raster", "plot_spikes"]  # fmt: skip
NEEDED = (*POPULATIONS, "dendrite")
HEIGHTS_MM = {"gate": 8, "input": 29, "feedforward": 14, "interneuron": 14, "hidden": 46, "output": 29, "recalls": 17,
              "values": 17}  # fmt: skip
NARROWEST = 6.0  # points of a presentation in which two columns of values can be told apart


def panels_of(populations: str | Sequence[str] = POPULATIONS, values: bool = True) -> tuple[str, ...]:
    """The panels of a raster from top to bottom.

    Parameters
    ----------
    populations : str or sequence of str
        Some of `POPULATIONS`, in any order.
    values : bool
        Whether target and recalled values are shown.

    Returns
    -------
    tuple of str
        "gate", the populations in the order in which signals pass them, "recalls", and "values".

    Raises
    ------
    ValueError
        If there is no such population, or none is wanted.
    """
    given = checked_populations(populations)
    return ("gate", *(name for name in POPULATIONS if name in given), "recalls", *(["values"] if values else []))


PANELS = panels_of()


def figure_height_mm(panels: Sequence[str]) -> float:
    """Height of a figure that holds these panels, at most that of a page (A4).

    Parameters
    ----------
    panels : sequence of str
        As of `panels_of`.

    Returns
    -------
    float
        In millimetres, at the scale of print.
    """
    return min(sum(HEIGHTS_MM[name] for name in panels) + 4.5 * len(panels) + 38.0, 270.0)


def plot_raster(response: SpikingResponse, episode: Episode, trial: int = 0, axes: Sequence[Axes] | None = None, *,
                figure: Figure | SubFigure | None = None, populations: str | Sequence[str] = POPULATIONS,
                neurons: Mapping[str, Sequence[int]] | None = None, time_ms: tuple[float, float] | None = None,
                order: str = "written", plateau_ms: float = 50.0,
                votes_ms: tuple[float, float] = (60.0, 105.0)) -> Sequence[Axes]:  # fmt: skip
    """Draw one trial: the gate, spikes and rate of every population, and how its recalls went, on one time axis.

    Parameters
    ----------
    response : SpikingResponse
        From `respond(..., record=...)` with the populations that are drawn, and "dendrite" where "hidden" is.
    episode : Episode
        What it answered.
    trial : int
        The trial, from 0.
    axes : sequence of Axes, optional
        One for each of `panels_of(populations)`, from top to bottom.
    figure : Figure or SubFigure, optional
        Where axes are made, without `axes`. None makes a figure 174 mm wide.
    populations : str or sequence of str
        Some of "input", "feedforward", "interneuron", "hidden" and "output".
    neurons : mapping of str to sequence of int, optional
        Of a population, the numbers of the neurons that are drawn, from 0. All where it is not named.
    time_ms : tuple of float, optional
        Start and end of what is drawn in milliseconds; the whole trial if None.
    order : str
        Of hidden neurons: "written", by when their slot was first written, or "neuron", by their number.
    plateau_ms : float
        How long a plateau lasts after a dendritic spike, in milliseconds.
    votes_ms : tuple of float
        From when to when, after the onset of a recall, spikes of hidden neurons are votes, in milliseconds.

    Returns
    -------
    sequence of Axes
        The axes of `panels_of`. A figure made here has no "recalls" if no recall is drawn, and no "values" without
        room for two columns per recall.

    Raises
    ------
    ValueError
        If spikes were not recorded, or there is no such trial, population, neuron, time or order, or not one Axes for
        each panel.

    Notes
    -----
    A tick is 0.8 of its row high, at any size. Where ticks would fuse (`analysis.density.ticks_fuse`), a panel shows
    the rate in cells of time and neurons, and its title says so. `analysis.raster_caption` explains all parts in words.
    """
    check_spiking("a raster", response)
    check_answers("a raster", response, episode)
    check_trial(trial, int(np.prod(episode.trials_shape)))
    panels = panels_of(populations)
    drawn = tuple(name for name in panels if name in POPULATIONS)
    needed = (*drawn, *(["dendrite"] if "hidden" in drawn else []))
    missing = [name for name in needed if name not in response.spikes]
    if missing:
        raise ValueError(f"the raster needs recorded spikes of {', '.join(missing)}; ask for them with record=")
    check_shown({name: response.spikes[name].n_neurons for name in drawn}, {} if neurons is None else neurons, order)
    window = checked_time(time_ms, response.windows_ms)
    check_number("plateau_ms", plateau_ms)
    check_span("votes_ms", votes_ms)
    check_figure(figure)
    single = episode.flat().trials(slice(trial, trial + 1))._map(lambda a: a[0])
    gamma = response.third_factor.reshape(-1, *response.third_factor.shape[-2:])[trial]
    rows = _rows(response, single, gamma, drawn, {} if neurons is None else neurons, order)
    begins, ends = response.windows_ms.T
    steps = np.flatnonzero((ends > window[0] + 1e-6) & (begins < window[1] - 1e-6))
    if axes is None:
        axes, panels = _made_axes(figure, panels, len(steps), bool(single.is_recall[steps].any()))
    axes = checked_axes("the raster", axes, (len(panels),), ", ".join(panels))
    of = dict(zip(panels, axes, strict=True))
    pitch = width_points(axes[0]) / len(steps)
    for ax in axes:
        shade_phases(response, trial, ax)
        for start, stop in response.windows_ms[single.gate > 1]:
            ax.axvspan(start, stop, color=ORANGE, alpha=0.3, linewidth=0, zorder=0.2)
        ax.spines[["top", "right"]].set_visible(False)
        ax.tick_params(labelbottom=ax is axes[-1])
    plot_gate(single.gate, response.windows_ms, of["gate"])
    middles = np.clip(response.windows_ms[steps], *window).mean(axis=1)
    names = pattern_names(single)
    write_above(of["gate"], middles, [names[step] for step in steps], pitch)
    bin_ms = rate_bin_ms(window)
    for name in drawn:
        spikes = response.spikes[name].of_trial(trial).between(*window)
        plot_population(of[name], name, rows[name], spikes, window, bin_ms)
    kinds = set()
    if "hidden" in of:
        kinds = plot_plateaus(of["hidden"], rows["hidden"], response.spikes["dendrite"].of_trial(trial), response,
                              single, plateau_ms, votes_ms, window)  # fmt: skip
    if "input" in of and single.feedback.any():
        plot_feedback(response.windows_ms[single.feedback], of["input"])
    if "recalls" in of:
        marks = recall_marks(response, episode, trial)
        whole = np.isin(marks.step, steps) & (ends[marks.step] <= window[1] + 1e-6)
        marks = type(marks)(*(column[whole] for column in marks))
        plot_recall_marks(marks, response.windows_ms, of["recalls"], pitch=pitch)
    if "values" in of:
        recalled = response.values.reshape(-1, *response.values.shape[-2:])[trial]
        plot_values(of["values"], single, recalled, response.windows_ms, marks.step)
    axes[-1].set(xlabel="time (ms)", xlim=window)
    for ax in axes:
        ax.set_xlim(window)
    if window[1] - window[0] > 5000:
        axes[-1].set_xlabel("time (s)")
        axes[-1].xaxis.set_major_formatter(FuncFormatter(lambda t, _: f"{t / 1000:g}"))
    draw_legend(axes[-1], of, response.phase.reshape(-1, episode.n_steps)[trial][steps], single, kinds, bin_ms,
                plateau_ms)  # fmt: skip
    return axes


def check_shown(sizes: Mapping[str, int], neurons: Mapping[str, Sequence[int]], order: str) -> None:
    """Raise ValueError unless neurons can be drawn so.

    Parameters
    ----------
    sizes : mapping of str to int
        The number of neurons of every population that is drawn.
    neurons : mapping of str to sequence of int
        Of a population, the neurons that are wanted.
    order : str
        Of hidden neurons.

    Raises
    ------
    ValueError
        If there is no such population, neuron or order.
    """
    check_choice("order", order, ORDERS)
    if not isinstance(neurons, Mapping):
        raise ValueError(f"neurons go by population, such as {{'hidden': range(20)}}; got {shown(neurons)}")
    for name, wanted in neurons.items():
        if name not in sizes:
            raise ValueError(f"neurons are of a population that is drawn, {', '.join(sizes)}; got {shown(name)}")
        check_neurons(name, wanted, sizes[name])


def _rows(response: SpikingResponse, episode: Episode, gamma: np.ndarray, populations: Sequence[str],
          neurons: Mapping[str, Sequence[int]], order: str) -> dict[str, Rows]:  # fmt: skip
    """Which neurons stand in which row, of every population."""
    rows = {name: Rows(np.arange(response.spikes[name].n_neurons)) for name in populations}
    if "hidden" in rows and order == "written":
        rows["hidden"] = rows_by_writing(gamma, episode.gate, response.spikes["hidden"].n_neurons)
    return rows | {name: some_of(rows[name], wanted, name) for name, wanted in neurons.items()}


def _made_axes(figure: Figure | SubFigure | None, panels: tuple[str, ...],
               n_steps: int, recalls: bool) -> tuple[Sequence[Axes], tuple[str, ...]]:  # fmt: skip
    """Axes for the panels in a figure; without those of recalls where there are none, and without the values where a
    presentation is too narrow for two columns."""
    if figure is None:
        size = TWO_COLUMNS / MM_PER_INCH, figure_height_mm(panels) / MM_PER_INCH
        figure = plt.figure(figsize=size, layout="constrained")
    if figure.bbox.width * 72 / figure.dpi * 0.8 / n_steps < NARROWEST:
        panels = tuple(name for name in panels if name != "values")
    if not recalls:
        panels = tuple(name for name in panels if name not in ("recalls", "values"))
    axes = figure.subplots(len(panels), 1, sharex=True, height_ratios=[HEIGHTS_MM[name] for name in panels])
    return axes, panels

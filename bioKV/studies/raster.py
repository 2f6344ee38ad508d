"""What `biokv raster` does: the spikes, histograms and task of one trial as pictures, into a folder."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..analysis.row_order import POPULATIONS
from ..analysis.style import PRINT, Style
from ..checks import check_count
from ..episode import Episode
from ..progress import bar, say_to_stderr
from ..response import SpikingResponse
from .bias import what_misleads
from .earlier import remove_earlier
from .inputs import inputs_of, keep
from .pictures import plain_matplotlib, save_figure
from .plan import Plan, check_plan
from .record import describe, spent, write_record
from .results import make_writable
from .study import Study, with_engine
from .tasks import length_option

MOST_STEPS = 2000  # presentations: five minutes of biological time


class Shown(NamedTuple):
    """Which trial is drawn, and what of it.

    Parameters
    ----------
    trial : int
        Its number, from 0.
    populations : sequence of str
        Of `analysis.row_order.POPULATIONS`.
    neurons : mapping of str to sequence of int
        Of a population, the neurons; all where it is not named.
    time_ms : tuple of float or None
        Start and end in milliseconds; None: all.
    presentations : tuple of int or None
        The first and the last, in place of `time_ms`; None: all.
    order : str
        Of hidden neurons, "written" or "neuron".
    task : bool
        Draw the picture of the task alone, without running the network.
    """

    trial: int = 0
    populations: Sequence[str] = POPULATIONS
    neurons: Mapping[str, Sequence[int]] = {}
    time_ms: tuple[float, float] | None = None
    presentations: tuple[int, int] | None = None
    order: str = "written"
    task: bool = False


ALL = Shown()


def draw_raster(plan: Plan, out: Path, command: str, *, force: bool, show: Shown = ALL, style: Style = PRINT) -> None:
    """Draw one trial of a plan on the spiking memory: out/raster, out/psth and out/task, and the caption raster.txt.

    Prints the trial's accuracy and the files.

    Parameters
    ----------
    plan : Plan
        Of a single combination of options.
    out : Path
        The folder.
    command : str
        As it was typed, for run.json.
    force : bool
        Whether pictures that are there are replaced.
    show : Shown
        Which trial, and what of it.
    style : Style
        Of the pictures, with their width and formats.

    Raises
    ------
    ValueError
        Before anything runs, if the plan cannot be carried out, an option is a list, there are more than 2000
        presentations, what is to be shown is not there, or `out` cannot be written or holds a raster already (without
        force).
    RuntimeError
        If compiling or the engine fails.
    """
    check_plan(plan)
    study = Study(plan) if show.task else with_engine(plan)[0]
    if study.varying:
        raise ValueError("a raster shows one trial; give every option a single value")
    check_count("trial", show.trial, least=0)
    cell = study.cells[0]
    episode, streams = cell.one(show.trial)
    if episode.n_steps > MOST_STEPS and not show.task:
        raise ValueError(f"a raster of {episode.n_steps} presentations takes too much memory and time; at most"
                         f" {MOST_STEPS} do (a smaller {length_option(plan.protocol)})")  # fmt: skip
    window_ms = checked_view(show, episode, cell.made())
    if (any(out.glob("raster.*")) or any(out.glob("task.*")) or (out / "run.json").exists()) and not force:
        raise ValueError(f"{out} already holds a raster or other results; another --out or --force (replace) would do")
    make_writable(out)
    remove_earlier(out)
    started = time.time()
    with plain_matplotlib(style):
        from ..analysis.raster import NEEDED

        if show.task:
            written = _draw_task(episode, out, show, style)
        else:
            say_to_stderr(f"spiking engine: {cell.engine}")
            for sentence in what_misleads(plan):
                say_to_stderr(f"note: {sentence}")
            with bar("raster", 1.0) as advance:
                response = cell.made().respond(episode, streams, NEEDED, say=say_to_stderr, progress=advance)
            written = _draw_spikes(response, episode, cell.made().parameters, out, show, window_ms, style)
            written += _draw_task(episode, out, show, style)
    record = describe(plan, command) | {
        "inputs": keep(out, inputs_of(plan)), "engine": [] if show.task else [cell.engine], "trial": show.trial,
        "state": "finished", **spent(started),
    }  # fmt: skip
    write_record(out, record)
    if not show.task and episode.is_recall.any():
        from ..analysis.measures.accuracy import accuracy

        print(f"accuracy in this trial: {float(accuracy(response, episode)):.4f}")
    print("wrote " + ", ".join(str(path) for path in [*written, out / "run.json"]))


def checked_view(show: Shown, episode: Episode, memory: Any) -> tuple[float, float] | None:
    """What is drawn in milliseconds; None: all.

    Parameters
    ----------
    show : Shown
        What is asked for.
    episode : Episode
        The trial.
    memory : SpikingMemory
        Gives the sizes of populations and the length of a presentation.

    Returns
    -------
    tuple of float or None
        Start and end.

    Raises
    ------
    ValueError
        If there is no such population, neuron, presentation, time or order, or both times and presentations.
    """
    from ..analysis.raster import check_shown, panels_of
    from ..analysis.task import checked_presentations

    network = memory.blueprint()
    sizes = {name: network.neurons[name].size for name in panels_of(show.populations) if name in network.neurons}
    check_shown(sizes, show.neurons, show.order)
    window_ms = network.window * 1e3
    if show.presentations is not None:
        if show.time_ms is not None:
            raise ValueError("time and presentations both say what is drawn; one of them would do")
        first, last = checked_presentations(show.presentations, episode.n_steps)
        return first * window_ms, (last + 1) * window_ms
    if show.time_ms is None:
        return None
    start, stop = show.time_ms
    end = episode.n_steps * window_ms
    if not 0 <= start < stop <= end + 1e-6:
        raise ValueError(f"the time of a raster must lie in 0 ms to {end:g} ms, its start before its end; got"
                         f" {start:g} ms to {stop:g} ms")  # fmt: skip
    return start, stop


def _draw_spikes(response: SpikingResponse, episode: Episode, parameters: Any, out: Path, show: Shown,
                 time_ms: tuple[float, float] | None, style: Style) -> list[Path]:  # fmt: skip
    """The raster with its caption, and the histograms."""
    import matplotlib.pyplot as plt

    from ..analysis.psth import figure_height_mm as height_of_histograms
    from ..analysis.psth import plot_psth
    from ..analysis.raster import figure_height_mm, panels_of, plot_raster
    from ..analysis.raster_caption import raster_caption

    plateau = float(parameters.plateau_time) * 1e3
    votes = tuple(np.array([parameters.read_onset, parameters.read_stop], float) * 1e3)
    part: dict[str, Any] = {"populations": show.populations, "time_ms": time_ms, "order": show.order,
                            "plateau_ms": plateau, "votes_ms": votes}  # fmt: skip
    panels = panels_of(show.populations)
    figure = plt.figure(figsize=style.inches(style.width(), figure_height_mm(panels)), layout="constrained")
    plot_raster(response, episode, figure=figure, neurons=show.neurons, **part)
    written = save_figure(figure, out / "raster", style)
    (out / "raster.txt").write_text(raster_caption(response, episode, **part), encoding="utf-8")
    populations = [name for name in panels if name in show.populations]
    figure = plt.figure(figsize=style.inches(style.width(), height_of_histograms(len(populations))),
                        layout="constrained")  # fmt: skip
    plot_psth(response, episode, figure=figure, populations=populations, votes_ms=votes)
    return [*written, out / "raster.txt", *save_figure(figure, out / "psth", style)]


def _draw_task(episode: Episode, out: Path, show: Shown, style: Style) -> list[Path]:
    """The picture of the task."""
    import matplotlib.pyplot as plt

    from ..analysis.task import HEIGHT_MM, plot_task

    figure = plt.figure(figsize=style.inches(style.width(), HEIGHT_MM), layout="constrained")
    plot_task(episode, figure=figure, presentations=show.presentations)
    return save_figure(figure, out / "task", style)

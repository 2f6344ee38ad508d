"""What `biokv look` does: one trial inside the spiking network, its traces, weights and spike shares, into a folder."""

from __future__ import annotations

import time
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np

from ..analysis.style import ONE_COLUMN, PRINT, TWO_COLUMNS, Style, panel_letters
from ..progress import bar, say_to_stderr
from .bias import what_misleads
from .cell import Cell
from .earlier import remove_earlier
from .inputs import inputs_of, keep
from .pictures import plain_matplotlib, save_figure
from .plan import Plan, check_plan
from .record import describe, spent, write_record
from .results import make_writable
from .study import with_engine
from .tasks import length_option

MOST_STEPS = 400  # presentations: a minute of biological time


def draw_look(plan: Plan, out: Path, command: str, *, force: bool, style: Style = PRINT) -> None:
    """Traces, weights and shares of one trial of a plan as pictures in a style, and run.json, in a folder.

    Raises ValueError, before anything runs, for a plan that cannot be carried out or is of more than one trial or too
    many presentations, and for a folder that cannot be written or holds pictures already.
    """
    import matplotlib.pyplot as plt

    from ..analysis.matrices import COLUMNS, plot_weights, weights_after
    from ..analysis.measures.accuracy import accuracy
    from ..analysis.shares import plot_shares
    from ..analysis.sheet import WIDE, explain, legend_of_all, sheet
    from ..analysis.traces import HEIGHTS, NEEDED, ROWS, TRACED, pair_to_show, plot_traces

    started = time.time()
    cell = cell_to_look_into(plan, out, force=force)
    (episode, streams), spiking, twin = cell.one(0), cell.made(), cell.twin()
    store, recall = pair_to_show(episode)
    ends = np.cumsum([0, episode.n_steps, store, store + 1]) / (episode.n_steps + 2 * store + 1)  # of the three runs
    with bar("look", 1.0) as advance:
        shares = [lambda share, i=i: advance(ends[i] + share * (ends[i + 1] - ends[i])) for i in range(3)]
        response = spiking.respond(
            episode, deepcopy(streams), NEEDED, TRACED, say=say_to_stderr, progress=shares[0]
        )
        before, after = (
            weights_after(spiking, episode, store + i, streams, say=say_to_stderr, progress=shares[1 + i])
            for i in (0, 1)
        )
        advance(1.0)
    replayed = episode.with_third_factor(response.third_factor)
    truth = twin.respond(replayed, deepcopy(streams))
    rate_before, rate_after = (weights_after(twin, replayed, store + i, streams) for i in (0, 1))
    written = np.flatnonzero(response.third_factor[store]).tolist()

    paths = []
    with plain_matplotlib(style):
        width = style.width(TWO_COLUMNS)
        size: Any = style.inches(width, 190)
        figure, axes = plt.subplots(len(ROWS), 2, sharex="col", sharey="row", figsize=size, layout="constrained",
                                    gridspec_kw={"height_ratios": HEIGHTS})  # fmt: skip
        plot_traces(response, episode, (store, recall), axes, legend=False)
        legend_of_all(figure, axes.ravel().tolist(), at="lower center")
        panel_letters(list(axes[[0, 3, 4, 5], 0]))
        paths += save_figure(figure, out / "traces", style)
        beside = width >= WIDE  # keys above values, or beside them
        size = style.inches(width, 95 if beside else 200)
        shape = (2, len(COLUMNS)) if beside else (len(COLUMNS), 2)
        figure, axes = plt.subplots(*shape, sharey=True, figsize=size, layout="constrained")
        axes = axes if beside else axes.T
        plot_weights((before, after), (rate_before, rate_after), written, axes)
        panel_letters(list(axes[:, 0]))
        paths += save_figure(figure, out / "weights", style)
        figure, (ax,) = sheet(1, style, usual_mm=ONE_COLUMN, height_mm=85)
        plot_shares(response, truth, episode, ax, legend=False)
        explain(figure, [ax], style, usual_mm=ONE_COLUMN)
        paths += save_figure(figure, out / "shares", style)
    record = describe(plan, command) | {
        "inputs": keep(out, inputs_of(plan)),
        "engine": [cell.engine], "stored_in_step": store, "recalled_in_step": recall, "written_slots": written,
        "state": "finished", **spent(started),
    }  # fmt: skip
    write_record(out, record)
    right = float(accuracy(response, episode)), float(accuracy(truth, episode))
    print(f"accuracy in this trial: spiking {right[0]:.4f}, rate {right[1]:.4f}")
    print(f"shown: what step {store} stores and step {recall} recalls; slots written then: {written or 'none'}")
    print("wrote " + ", ".join(str(path) for path in [*paths, out / "run.json"]))


def cell_to_look_into(plan: Plan, out: Path, *, force: bool) -> Cell:
    """The cell of a plan of one trial; its folder is made ready, and what is to be known is said.

    Parameters
    ----------
    plan : Plan
        Of one trial.
    out : Path
        The folder of its pictures.
    force : bool
        Whether what is in the folder is removed.

    Returns
    -------
    Cell
        The only one of the plan.

    Raises
    ------
    ValueError
        As `draw_look`, before anything runs.
    """
    check_plan(plan)
    study, _ = with_engine(plan)
    if study.varying:
        raise ValueError("a look is into one trial; give every option a single value")
    cell = study.cells[0]
    if cell.n_steps > MOST_STEPS:
        shorter = length_option(plan.protocol)
        raise ValueError(f"a look into {cell.n_steps} presentations takes too much memory and time; at most"
                         f" {MOST_STEPS} do (a smaller {shorter})")  # fmt: skip
    there = [*out.glob("traces.*"), *out.glob("activity.*"), *out.glob("run.json")]
    if there and not force:
        raise ValueError(f"{out} already holds a look or other results; choose another --out, or add --force (replace)")
    make_writable(out)
    remove_earlier(out)
    say_to_stderr(f"spiking engine: {cell.engine}")
    for sentence in what_misleads(plan):
        say_to_stderr(f"note: {sentence}")
    return cell

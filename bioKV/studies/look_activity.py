"""What `biokv look --activity` does: how each population fires in one trial, as a picture and a table."""

from __future__ import annotations

import time
from pathlib import Path
from typing import cast

import pandas as pd

from ..analysis.style import PRINT, Style
from ..importing import require
from ..progress import bar, say_to_stderr
from ..response import SpikingResponse
from .firing_summary import firing
from .inputs import inputs_of, keep
from .look import cell_to_look_into
from .pictures import plain_matplotlib, save_figure
from .plan import Plan
from .printed_table import print_shown
from .record import describe, spent, write_record
from .scores import ROW, measured


def draw_activity(plan: Plan, out: Path, command: str, *, force: bool, style: Style = PRINT) -> None:
    """Draw intervals, rates, CVs and correlations of one trial, and print the table of `biokv compare`.

    Parameters
    ----------
    plan : Plan
        Of one trial.
    out : Path
        The folder of the pictures and of run.json.
    command : str
        As it was typed, for run.json.
    force : bool
        Whether what is in the folder is replaced.
    style : Style
        Of the picture.

    Raises
    ------
    ValueError
        Before anything runs, if Elephant is not installed (the extra "neo"), and as `studies.look.draw_look` does.
    """
    from ..analysis.activity import POPULATIONS
    from ..analysis.firing_figure import plot_firing

    require("elephant", "neo", "look --activity")
    started = time.time()
    plan = plan._replace(record=POPULATIONS, record_trials=(0,))
    cell = cell_to_look_into(plan, out, force=force)
    with bar("look", 1.0) as advance:
        rows, response, _ = measured(cell, [0], None, say_to_stderr, advance, POPULATIONS)
        advance(1.0)
    for one in firing(pd.DataFrame(rows, columns=ROW)):
        print_shown(one)
    with plain_matplotlib(style):
        figure = plot_firing(cast(SpikingResponse, response), cell.made().stimulus_ms, style)
        paths = save_figure(figure, out / "activity", style)
    record = describe(plan, command) | {
        "inputs": keep(out, inputs_of(plan)), "engine": [cell.engine], "state": "finished", **spent(started),
    }  # fmt: skip
    write_record(out, record)
    print("wrote " + ", ".join(str(path) for path in [*paths, out / "run.json"]))

"""Run a study into its folder: results as they come, tables and pictures at its end."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from ..memory import check_sizes
from ..progress import bar, say_to_stderr
from ..stopping import stopped_as
from . import study
from .bias import what_misleads
from .pictures import draw_accuracy
from .plan import Plan, check_plan
from .record import read_record, resumed_plan
from .results import RunFolder
from .stability import what_freezes
from .summary import print_summary


def run_study(plan: Plan, out: Path, command: str, *, force: bool, resume: bool, workers: int | None,
              margins: dict[str, float] | None = None, typed: Collection[str] | None = None, anyway: bool = False
              ) -> pd.DataFrame:  # fmt: skip
    """Run a plan into a folder and draw it; returns the table, with the columns results.TABLE.

    out : gets results.csv, which grows with the run, run.json and what the plan rests on (inputs/); at the end
        accuracy.png and accuracy.pdf, and comparison.csv for a plan with replay. A summary is printed.
    command : goes into run.json. force : replace results that are there.
    resume : go on with them. typed : fields and options of the plan that must agree with those of the run in the
        folder; the others are taken from there. None: all must. anyway : also if versions, engine or the content of
        inputs have changed since.
    workers : processes at a time of the spiking memory, None takes all cores.
    margins : of equivalence, for each measure that the verdict looks at, above 0; None takes those of
        `analysis.tables`. They matter with replay only.
    On Ctrl-C what is finished stays; the KeyboardInterrupt says where.
    Raises ValueError if the plan cannot be carried out, if it has replay and fewer than 2 trials, if workers is not a
    whole number above 0, or if `out` cannot be written, holds results already (without force or resume) or has none of
    this plan to resume. Raises RuntimeError if compiling or an engine fails. What was finished before an error stays.
    """
    if anyway and not resume:
        raise ValueError("--anyway goes on with a run though something has changed; it needs --resume")
    before = read_record(out).get("engine", []) if resume else []
    if resume:
        plan = resumed_plan(out, plan, typed)
    check_plan(plan)
    if plan.replay and plan.trials < 2:
        raise ValueError(f"a comparison needs at least 2 trials; got {plan.trials}")
    if workers is not None:
        check_sizes(workers=workers)
    chosen = study.engine_and_reason(plan, workers)  # looks at the cache too: what it refuses comes before any file
    asked = plan
    if chosen:
        engine, reason = chosen
        if before and plan.engine == "auto":
            engine, reason = before[0], "as when the run began"
        plan = plan._replace(engine=engine)
    folder = RunFolder(out, asked, command, [plan.engine] if chosen else [], force=force, resume=resume, anyway=anyway)
    if chosen:
        say_to_stderr(f"spiking engine: {engine} ({reason})")
    for sentence in [*what_freezes(plan), *what_misleads(plan)]:
        say_to_stderr(f"note: {sentence}")
    stopped = f"stopped; the finished trials are in {folder.table}, and --resume goes on from there"
    with stopped_as(stopped), folder.ending():
        with bar(plan.name, 1.0) as advance:
            for chunk in study.run(plan, folder.done, workers=workers, say=say_to_stderr, progress=advance):
                folder.add(chunk)
        table = folder.read()
    with stopped_as(f"stopped; all trials are in {folder.table}, and --resume draws the pictures"):
        print_summary(table, margins)  # before pictures, which what a user has set for matplotlib may break
        written = [folder.table, folder.record, *draw_accuracy(table, folder.path, margins)]
    print("wrote " + ", ".join(str(path) for path in written))
    return table

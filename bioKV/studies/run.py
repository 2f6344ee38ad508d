"""Run a study into its folder: results as they come, tables and pictures at its end."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import pandas as pd

from ..memory import check_sizes
from ..progress import bar, say_to_stderr
from . import study
from .bias import what_misleads
from .pictures import draw_accuracy
from .plan import Plan, check_plan
from .record import recorded_plan
from .results import RunFolder
from .signals import stop_on_terminate
from .stability import what_freezes
from .summary import print_summary


def run_study(plan: Plan, out: Path, command: str, *, force: bool, resume: bool, workers: int | None,
              margins: dict[str, float] | None = None) -> pd.DataFrame:  # fmt: skip
    """Run a plan into a folder and draw it; returns the table, with the columns study.COLUMNS.

    out : gets results.csv, which grows with the run, and run.json; at the end accuracy.png and accuracy.pdf, and
        comparison.csv for a plan with replay. A summary is printed.
    command : goes into run.json. force : replace results that are there. resume : go on with them; a plan in which only
        the command and protocol were typed becomes the one in run.json.
    workers : processes at a time of the spiking memory, None takes all cores.
    margins : of equivalence, for each measure that the verdict looks at, above 0; None takes those of
        `analysis.tables`. They matter with replay only.
    On Ctrl-C or SIGTERM what is finished stays (exit code 130).
    Raises ValueError if the plan cannot be carried out, if it has replay and fewer than 2 trials, if workers is not a
    whole number above 0, or if `out` cannot be written, holds results already (without force or resume) or has none of
    this plan to resume. Raises RuntimeError if compiling or an engine fails. What was finished before an error stays.
    """
    if resume and not plan.own_patterns and plan == untyped(plan):
        plan = recorded_plan(out, plan)
    check_plan(plan)
    if plan.replay and plan.trials < 2:
        raise ValueError(f"a comparison needs at least 2 trials; got {plan.trials}")
    if workers is not None:
        check_sizes(workers=workers)
    chosen = study.engine_and_reason(plan, workers)  # looks at the cache too: what it refuses comes before any file
    folder = RunFolder(out, plan, command, force=force, resume=resume)
    if chosen:
        engine, reason = chosen
        if folder.engine and plan.engine == "auto":
            engine, reason = folder.engine, "as when the run began"
        plan = plan._replace(engine=engine)
        say_to_stderr(f"spiking engine: {engine} ({reason})")
    for sentence in [*what_freezes(plan), *what_misleads(plan)]:
        say_to_stderr(f"note: {sentence}")
    folder.begin([plan.engine] if chosen else [])
    with stop_on_terminate():
        try:
            with bar(plan.name, 1.0) as advance:
                for chunk in study.run(plan, folder.done, workers=workers, say=say_to_stderr, progress=advance):
                    folder.add(chunk)
        except KeyboardInterrupt:
            folder.finish("interrupted")
            say_to_stderr(f"stopped; the finished trials are in {folder.table}, and --resume goes on from there")
            sys.exit(130)
        except BaseException:
            with suppress(ValueError):  # a full disk must not hide what went wrong
                folder.finish("failed")
                if len(folder.read()):
                    say_to_stderr(f"the trials finished before are in {folder.table}; --resume goes on from there")
            raise
    table = folder.read()
    folder.finish("finished")
    print_summary(plan, table, margins)  # before pictures, which what a user has set for matplotlib may break
    written = [folder.table, folder.record, *draw_accuracy(plan, table, folder.path, margins)]
    print("wrote " + ", ".join(str(path) for path in written))
    return table


def untyped(plan: Plan) -> Plan:
    """The plan of the same command and protocol when nothing else is typed."""
    memories = ("spiking", "rate") if plan.replay else ("rate",)
    return Plan(plan.protocol, memories, replay=plan.replay)

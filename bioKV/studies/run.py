"""Run a study into its folder: trials as they come, the table, what it says and pictures at its end."""

from __future__ import annotations

import threading
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from ..analysis.style import PRINT, Style
from ..engines.children import cores
from ..memory import check_sizes
from ..progress import bar, say_to_stderr
from ..stopping import stopped_as
from .bias import what_misleads
from .chunks import Chunks
from .estimate import WORTH_SAYING_S, estimate
from .grow import resumed_plan
from .parquet import renew_parquet
from .pictures import draw_accuracy, earlier_pictures
from .plan import Plan, check_plan
from .processes import Processes, portable
from .programs import compile_ahead
from .read import read_table
from .record import read_record
from .results import RunFolder
from .stability import what_freezes
from .study import Study, with_engine
from .summary import print_summary
from .workers import Here, Task, Workers

SHORT = 1.5  # seconds of work, roughly, for which other processes are not worth their start


def run_study(plan: Plan, out: Path, command: str, *, force: bool, resume: bool, workers: int | Workers | None,
              margins: dict[str, float] | None = None, typed: Collection[str] | None = None, anyway: bool = False,
              style: Style = PRINT) -> pd.DataFrame:  # fmt: skip
    """Run a plan into a folder and draw it; returns its table, results.csv.

    out : gets parts/, which grows with the run, run.json and what the plan rests on (inputs/); at the end results.csv,
        accuracy.png and accuracy.pdf, and comparison.csv for a plan with replay. A summary is printed.
    style : of the pictures.
    command : goes into run.json. force : replace results that are there.
    resume : go on with them. typed : fields and options of the plan that were said, and must agree with those of the
        run in the folder or add to them; the others are taken from there. None: all were. anyway : also if versions,
        engine or the content of inputs have changed since.
    workers : processes at a time, None takes all cores; or what else runs the tasks.
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
    if workers is not None and not isinstance(workers, Workers):
        check_sizes(workers=workers)
    asked = plan
    if before and plan.engine == "auto":
        plan = plan._replace(engine=before[0])
    study, reason = with_engine(plan)  # looks at the cache too: what it refuses comes before any file
    plan = study.plan
    folder = RunFolder(out, study, asked, command, [plan.engine] if reason else [], force=force, resume=resume,
                       anyway=anyway)  # fmt: skip
    if reason:
        reason = "as when the run began" if before and asked.engine == "auto" else reason
        say_to_stderr(f"spiking engine: {plan.engine} ({reason})")
    for sentence in [*what_freezes(study), *what_misleads(plan)]:
        say_to_stderr(f"note: {sentence}")
    stopped = f"stopped; the finished trials are in {folder.table}, and --resume goes on from there"
    with stopped_as(stopped), folder.ending():
        answer_all(folder, study, workers)
    with stopped_as(f"stopped; all trials are in {folder.table}, and --resume draws the pictures"):
        table = read_table(folder.path)
        print_summary(table, margins)  # before pictures, which what a user has set for matplotlib may break
        earlier = earlier_pictures(folder.path)
        written = [folder.table, folder.record, *renew_parquet(table, folder.path / "results.parquet")]
        written += draw_accuracy(table, folder.path, margins, plan.axes, style)
        for picture in {*earlier} - {*written}:  # in another format, of fewer trials
            picture.unlink(missing_ok=True)
    print("wrote " + ", ".join(str(path) for path in written))
    return table


def answer_all(folder: RunFolder, study: Study, workers: int | Workers | None) -> None:
    """Run what is missing in the folder and put it there, under a progress bar."""
    n = workers.n if isinstance(workers, Workers) else workers or cores()
    chunks = Chunks(study, folder.missing(), n, folder.unrecorded())
    if not chunks.total:
        return
    if not isinstance(workers, Workers):
        apart = n > 1 and chunks.total > SHORT and portable(study.plan)
        workers = Processes(n) if apart else Here(n)
    if chunks.total > WORTH_SAYING_S:
        for line in estimate(study, n).lines():
            say_to_stderr(line)
    compile_ahead(chunks.cells(), n)
    past, running, lock = 0.0, dict[Task, float](), threading.Lock()
    with bar(study.plan.name, 1.0) as advance:

        def share(task: Task, done: float) -> None:
            with lock:
                running[task] = done * chunks.weight(task)
                advance(min((past + sum(running.values())) / chunks.total, 1.0))

        for answer in workers.answers(study.plan, chunks.tasks(), say_to_stderr, share):
            folder.add(answer)
            chunks.learn(answer)
            with lock:
                running.pop(answer.task, None)
                past += chunks.weight(answer.task)
                advance(min(past / chunks.total, 1.0))

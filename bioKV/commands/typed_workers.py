"""Where the tasks of a study run, as it was typed: on this machine, or on workers of a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer

from ..progress import say_to_stderr
from ..studies.plan import check_plan
from ..studies.workers import Workers
from .picture_options import typed_style
from .shared_options import typed
from .typed_study import TypedStudy, dry

ELSEWHERE = ("scheduler", "cluster")


def carry_out(ctx: typer.Context, study: TypedStudy) -> None:
    """Run the study of a command where it was typed, or with --dry-run say what it would take."""
    from ..studies.run import run_study

    style = typed_style(ctx.params)
    if dry(ctx, study):
        return
    how = {name: ctx.params[name] for name in ("force", "resume", "anyway")}
    with typed_workers(ctx, study) as found:
        run_study(study.plan, study.out, typed(), workers=found, typed=study.typed, margins=study.margins,
                  style=style, **how)  # fmt: skip


@contextmanager
def typed_workers(ctx: typer.Context, study: TypedStudy) -> Iterator[int | Workers | None]:
    """What `run_study` takes as workers, ended afterwards if it was started.

    Raises ValueError for options that do not go together, a plan that no worker could carry out, a cluster that cannot
    be reached, or without the extra "cluster".
    """
    given = ctx.params
    scheduler: Any = given.get("scheduler")  # not every command has it
    cluster_kind: Any = given.get("cluster")
    named = [f"--{name}" for name in (*ELSEWHERE, "workers") if given.get(name) is not None]
    if len(named) > 1:
        raise ValueError(f"{' and '.join(named)} each say where the study runs; only one of them can")
    for name in ("jobs", "walltime"):
        if (given.get(name) is None) != (cluster_kind is None):
            raise ValueError(f"--{name} is of the jobs of --cluster; it needs that" if cluster_kind is None else
                             f"--cluster needs --{name}")  # fmt: skip
    if scheduler is None and cluster_kind is None:
        yield study.workers
        return
    try:
        from ..studies import batch_jobs, cluster
    except ImportError as problem:
        raise ValueError(f"a cluster needs Dask, of which {problem.name} is not installed: pip install"
                         ' "bioKV[cluster]"') from None  # fmt: skip
    if not given["resume"]:
        check_plan(study.plan)  # before jobs are asked for
    if scheduler is not None:
        found = cluster.workers_at(scheduler, say_to_stderr)
    else:
        found = batch_jobs.batch_jobs(cluster_kind, given["jobs"], given["walltime"], say_to_stderr)
    with found as workers:
        yield workers

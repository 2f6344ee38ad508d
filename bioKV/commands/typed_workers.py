"""Where the tasks of a study run, as it was typed: on this machine, or on workers of a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from ..progress import say_to_stderr
from ..studies.plan import check_plan
from ..studies.workers import Workers
from .typed_study import TypedStudy

ELSEWHERE = ("scheduler", "cluster")


@contextmanager
def typed_workers(ctx: typer.Context, study: TypedStudy) -> Iterator[int | Workers | None]:
    """What `run_study` takes as workers, ended afterwards if it was started.

    Raises ValueError for options that do not go together, a plan that no worker could carry out, a cluster that cannot
    be reached, or without the extra "cluster".
    """
    given = ctx.params
    named = [f"--{name}" for name in (*ELSEWHERE, "workers") if given[name] is not None]
    if len(named) > 1:
        raise ValueError(f"{' and '.join(named)} each say where the study runs; only one of them can")
    for name in ("jobs", "walltime"):
        if (given[name] is None) != (given["cluster"] is None):
            raise ValueError(f"--{name} is of the jobs of --cluster; it needs that" if given["cluster"] is None else
                             f"--cluster needs --{name}")  # fmt: skip
    if given["scheduler"] is None and given["cluster"] is None:
        yield study.workers
        return
    try:
        from ..studies import batch_jobs, cluster
    except ImportError as problem:
        raise ValueError(f"a cluster needs Dask, of which {problem.name} is not installed: pip install"
                         ' "bioKV[cluster]"') from None  # fmt: skip
    if not given["resume"]:
        check_plan(study.plan)  # before jobs are asked for
    if given["scheduler"] is not None:
        found = cluster.workers_at(given["scheduler"], say_to_stderr)
    else:
        found = batch_jobs.batch_jobs(given["cluster"], given["jobs"], given["walltime"], say_to_stderr)
    with found as workers:
        yield workers

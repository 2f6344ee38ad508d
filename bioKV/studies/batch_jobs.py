"""Workers that are jobs of a cluster's batch system, started and ended with a study."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dask
from dask.utils import parse_timedelta

from ..checks import closest
from ..progress import Say
from ..stopping import handlers_kept
from .cluster import Cluster, client_of

with handlers_kept():  # on Ctrl-C it would leave without a word, with exit code 0
    import dask_jobqueue

SYSTEMS = {  # name -> the class of dask-jobqueue, and the command by which it submits
    "slurm": ("SLURMCluster", "sbatch"),
    "pbs": ("PBSCluster", "qsub"),
    "sge": ("SGECluster", "qsub"),
    "lsf": ("LSFCluster", "bsub"),
}
SHORTEST_S = 120  # walltime of a job: a worker needs some of it to begin and to end
LONGEST_MARGIN_S = 300  # before the end of the walltime, for the tasks that are being run and for the farewell


@contextmanager
def batch_jobs(system: str, jobs: int, walltime: str, say: Say) -> Iterator[Cluster]:
    """So many jobs of a batch system, each of which is replaced when it ends; all end afterwards.

    system : of SYSTEMS. walltime : of each job, such as "1h", "90m" or "1:30:00". All else a site wants (queue,
    account, cores and memory of a job, lines of its script) is what dask-jobqueue reads from its jobqueue.yaml; without
    it a job has one core with 2 GB. A job has a worker process for each of its cores.
    Raises ValueError for a system that is not known or not here, too few jobs, or a walltime that cannot be read.
    """
    if system not in SYSTEMS:
        raise ValueError(f"there is no batch system {system!r}{closest(system, SYSTEMS)}")
    if jobs < 1:
        raise ValueError(f"jobs must be 1 or more; got {jobs}")
    lasts_s = seconds(walltime)
    name, command = SYSTEMS[system]
    if shutil.which(command) is None:
        raise ValueError(f"jobs go to {system} by {command}, which is not on this machine; run this where jobs are"
                         " submitted")  # fmt: skip
    options = job(system, lasts_s)
    with getattr(dask_jobqueue, name)(**options) as cluster, client_of(cluster) as client:
        cluster.adapt(minimum_jobs=jobs, maximum_jobs=jobs)  # so that a job that has ended is replaced
        say(f"{jobs} jobs of {system}, dashboard at {client.dashboard_link}")
        yield Cluster(client, n=jobs * options["cores"])


def job(system: str, lasts_s: int) -> dict[str, Any]:
    """The options of a job for dask-jobqueue. lasts_s : its walltime, in seconds."""
    configured = dask.config.get(f"jobqueue.{system}", {})
    cores = configured.get("cores") or 1
    # a worker leaves in peace before its job is ended: not all at one moment, none in the last fifth of the margin
    margin = min(LONGEST_MARGIN_S, lasts_s / 4)
    leaving = ["--lifetime", f"{lasts_s - margin:.0f}s", "--lifetime-stagger", f"{0.8 * margin:.0f}s"]
    minutes, s = divmod(lasts_s, 60)
    h, m = divmod(minutes, 60)
    return {
        "cores": cores,
        "processes": cores,
        "memory": configured.get("memory") or f"{2 * cores} GB",
        "walltime": f"{h:02}:{m:02}" if system == "lsf" else f"{h:02}:{m:02}:{s:02}",
        "worker_extra_args": [*(configured.get("worker-extra-args") or []), *leaving],
    }


def seconds(walltime: str) -> int:
    """A walltime in seconds. Raises ValueError if it cannot be read or is too short for a worker."""
    clock = re.fullmatch(r"(?:(\d+)-)?(\d+):(\d\d):(\d\d)", walltime.strip())
    try:
        if clock:
            days, h, m, s = (int(part or 0) for part in clock.groups())
            lasts_s = ((24 * days + h) * 60 + m) * 60 + s
        else:
            lasts_s = round(parse_timedelta(walltime, default=False))
    except (ValueError, LookupError, OverflowError):
        raise ValueError(f"walltime must be a time such as 1h, 90m or 1:30:00; got {walltime!r}") from None
    if lasts_s < SHORTEST_S:
        raise ValueError(f"walltime must be {SHORTEST_S // 60} minutes or more, for a worker to begin and end; got"
                         f" {walltime!r}, {lasts_s} s")  # fmt: skip
    return lasts_s

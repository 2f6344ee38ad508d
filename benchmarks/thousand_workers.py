"""What a task costs at one scheduler with up to a thousand workers, how long tasks should be, and what breaks first.

    python -m benchmarks.thousand_workers [--workers 10 100 300 1000]

A real scheduler in a process of its own, this process as the client (`bioKV.studies.cluster.Cluster`), and workers that
are Dask's own, half of them in each of two processes: each has its connections, its thread, its heartbeat and its copy
of the plan, as if it were far away. First their tasks do nothing but give back the rows of a second of a rate study, so
that all processor time is what a task costs besides its trials; processor times hardly depend on what else a machine
does. Then tasks sleep for as long as they should last by these costs, and the share of the workers' time that is spent
in tasks is taken from the middle half of the answers.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import importlib.metadata
import json
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import dask
import psutil
from distributed import Worker

from bioKV.studies import cluster_worker
from bioKV.studies.cluster import Cluster, client_of
from bioKV.studies.plan import Plan
from bioKV.studies.study import Study
from bioKV.studies.workers import Answer, Here, Task

PLAN = Plan("autoassociative", ("rate",), trials=10**9)
NUMPY = Plan("autoassociative", ("spiking",), engine="numpy", trials=20)
KINDS = {"rate memory": PLAN, "spiking memory": NUMPY,
         "comparison": NUMPY._replace(memories=("spiking", "rate"), replay=True)}  # fmt: skip
TRIALS = 1000  # of a task, whose rows come back
SHARE = 0.03  # of the workers' time that may be spent outside of tasks
BUSY = 0.5  # of the time of the scheduler, or the client, that tasks may take
QUIET = {  # what workers do beside tasks, each on a machine of its own, and here all on one
    "distributed.admin.system-monitor.interval": "1h",
    "distributed.worker.profile.enabled": False,
    "distributed.worker.http.routes": [],
    "distributed.comm.timeouts.connect": "300s",
}
IDLE_S = 10  # for which the scheduler is watched while nothing is to be done


class Cost(NamedTuple):
    """Of one number of workers. Milliseconds are of processor time, per task."""

    workers: int
    tasks_s: float
    scheduler_ms: float
    client_ms: float
    worker_ms: float
    idle: float  # share of the scheduler's time while nothing is to be done
    files: int  # open in the scheduler
    scheduler_mb: float

    @property
    def task_s(self) -> float:
        """How long a task should last: its own cost at its worker is SHARE, and scheduler and client keep up."""
        keeping_up = self.workers * max(self.scheduler_ms, self.client_ms) / 1000 / (BUSY - min(self.idle, BUSY / 2))
        return max(self.worker_ms / 1000 / SHARE, keeping_up)


def serve(address: str, n: int, folder: Path) -> None:
    """So many workers in this process, until it is ended. Files say how long a task lasts and which rows come back."""
    rows, study = (folder / "rows").read_text(), Study(PLAN)

    def answer(study: Study, task: Task, *_) -> Answer:
        lasts = float((folder / "lasts").read_text())
        time.sleep(lasts)
        return Answer(task, rows, lasts)

    # what each of them would do on a machine of its own is done once here
    cluster_worker.answer, cluster_worker.Study = answer, lambda plan: study
    importlib.metadata.version = cluster_worker.version = functools.cache(importlib.metadata.version)

    async def run() -> None:
        workers = [Worker(address, nthreads=1, memory_limit=0, local_directory=str(folder), dashboard=False)
                   for _ in range(n)]  # fmt: skip
        for start in range(0, n, 20):
            await asyncio.gather(*workers[start : start + 20])
        await asyncio.Event().wait()

    with dask.config.set(QUIET):
        asyncio.run(run())


@contextmanager
def started(module: str, *words: object) -> Iterator[psutil.Process]:
    """A process of this Python, ended afterwards."""
    process = subprocess.Popen([sys.executable, "-m", module, *map(str, words)], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        yield psutil.Process(process.pid)
    finally:
        process.kill()
        process.wait()


@contextmanager
def place(n: int, folder: Path) -> Iterator[tuple[Cluster, psutil.Process, list[psutil.Process]]]:
    """A client's view of n workers, the scheduler's process and those of the workers."""
    found = folder / "scheduler.json"
    found.unlink(missing_ok=True)
    with ExitStack() as stack:
        scheduler = stack.enter_context(
            started("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", 0, "--no-dashboard",
                    "--dashboard-address", ":0", "--scheduler-file", found))  # fmt: skip
        while not found.exists():
            time.sleep(0.1)
        time.sleep(1)
        address = json.loads(found.read_text())["address"]
        halves = [n - n // 2, n // 2]
        workers = [stack.enter_context(started("benchmarks.thousand_workers", "--serve", address, half, folder))
                   for half in halves]  # fmt: skip
        client = stack.enter_context(client_of(address))
        while len(client.nthreads()) < n:
            time.sleep(0.5)
        yield Cluster(client), scheduler, workers


def cpu_s(*processes: psutil.Process) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def arrivals(cluster: Cluster, n_tasks: int) -> list[float]:
    """When the answers to so many tasks came."""
    tasks = (Task(0, range(TRIALS * i, TRIALS * (i + 1))) for i in range(n_tasks))
    return [time.perf_counter() for _ in cluster.answers(PLAN, tasks, lambda line: None, lambda task, done: None)]


def cost(n: int, folder: Path, worker_ms: float | None) -> tuple[Cost, float]:
    """Of tasks that do nothing, on n workers, without what scheduler and workers spend while nothing is to be done; and
    the share of the workers' time that is spent in tasks that last as long as they should.

    worker_ms : known from fewer workers, which did not share two processes by hundreds.
    """
    n_tasks = max(1000, 3 * n)
    (folder / "lasts").write_text("0")
    with place(n, folder) as (cluster, scheduler, workers):
        mine = (scheduler,), (psutil.Process(),), workers
        arrivals(cluster, 2 * n)  # connections are made
        before, began = [cpu_s(*one) for one in mine], time.perf_counter()
        time.sleep(IDLE_S)
        idle = [(cpu_s(*one) - s) / (time.perf_counter() - began) for one, s in zip(mine, before, strict=True)]
        before, began = [cpu_s(*one) for one in mine], time.perf_counter()
        came = arrivals(cluster, n_tasks)
        took = time.perf_counter() - began
        spent = [cpu_s(*one) - s - rate * took for one, s, rate in zip(mine, before, idle, strict=True)]
        scheduler_ms, client_ms, measured_ms = (1000 * s / n_tasks for s in spent)
        found = Cost(n, n_tasks / (came[-1] - came[0]), scheduler_ms, client_ms, worker_ms or measured_ms, idle[0],
                     scheduler.num_fds(), scheduler.memory_info().rss / 1e6)  # fmt: skip
        print(found, file=sys.stderr, flush=True)
        (folder / "lasts").write_text(str(found.task_s))
        came = arrivals(cluster, max(600, 6 * n))
    quarter = len(came) // 4
    return found, 2 * quarter * found.task_s / (came[3 * quarter] - came[quarter]) / n


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, nargs="+", default=[10, 100, 300, 1000])
    parser.add_argument("--serve", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        address, n, folder = asked.serve
        serve(address, int(n), Path(folder))
        return
    with tempfile.TemporaryDirectory(prefix="thousand-") as root:
        folder = Path(root)
        (answer,) = Here(1).answers(PLAN, iter([Task(0, range(TRIALS))]), print, lambda task, done: None)
        (folder / "rows").write_text(answer.rows)
        print("| workers | tasks per second | scheduler (ms per task) | client (ms per task) | scheduler while idle |"
              " files open in it | its memory (MB) | a task should last (s) | then in tasks |")  # fmt: skip
        print("|---|---|---|---|---|---|---|---|---|")
        worker_ms = None
        for n in sorted(asked.workers):
            c, share = cost(n, folder, worker_ms)
            worker_ms = c.worker_ms
            print(f"| {n} | {c.tasks_s:.0f} | {c.scheduler_ms:.2f} | {c.client_ms:.2f} | {100 * c.idle:.1f} % |"
                  f" {c.files} | {c.scheduler_mb:.0f} | {c.task_s:.2f} | {100 * share:.1f} % |",
                  flush=True)  # fmt: skip
    print(f"\nA worker spends {worker_ms:.1f} ms per task besides its trials (of the fewest workers).")
    print("\n| rows of a trial | bytes | packed on their way |\n|---|---|---|")
    for name, plan in KINDS.items():
        (answer,) = Here().answers(plan, iter([Task(0, range(20))]), print, lambda task, done: None)
        sizes = len(answer.rows), len(zlib.compress(answer.rows.encode(), 1))
        print(f"| {name} | {sizes[0] / 20:.0f} | {sizes[1] / 20:.0f} |")


if __name__ == "__main__":
    main()

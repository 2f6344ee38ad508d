"""Workers of a Dask cluster: tasks go out, rows come back, and only this process writes."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from typing import Any

from distributed import CancelledError, Client, Future, Security, as_completed
from distributed.core import connect
from distributed.scheduler import KilledWorker
from distributed.utils import LoopRunner

from ..progress import Say
from .cluster_worker import PACKAGES, Expected, PlanPlugin, trouble, work
from .inputs import inputs_of
from .plan import Plan
from .study import Study
from .workers import Answer, Task

ANSWER_S = 10  # within which a scheduler has to answer
AHEAD = 3  # tasks per worker that are handed out: it need not wait for its next one, and little is lost with it
RETRIES = 2  # of a task that fails: a full disk or too little memory of one machine is no fault of the study
LOOK_S = 0.01  # between two looks for rows that have come
COUNT_S = 2.0  # between two counts of the workers


@contextmanager
def workers_at(address: str, say: Say) -> Iterator[Cluster]:
    """The workers of the scheduler at an address, such as tcp://HOST:8786.

    Raises ValueError if none answers there.
    """
    with client_of(address) as client:
        say(f"scheduler at {address}, dashboard at {client.dashboard_link}")
        yield Cluster(client)


@contextmanager
def client_of(cluster: Any) -> Iterator[Client]:
    """A client of a cluster of Dask's, or of the scheduler at an address, for this study alone; closed afterwards.

    Raises ValueError if no scheduler answers at the address.
    """
    # what they have to say comes as an exception, too, and is said in one sentence
    logs = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    levels = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.CRITICAL)
    try:
        if isinstance(cluster, str):
            _check_answers(cluster)
        with Client(cluster, timeout=ANSWER_S, set_as_default=False) as client:
            yield client
    finally:
        for log, level in zip(logs, levels, strict=True):
            log.setLevel(level)


def _check_answers(address: str) -> None:
    """Raise ValueError if no scheduler does. A client that finds none would stay and complain when it is collected."""

    async def call() -> None:
        await (await connect(address, timeout=ANSWER_S, **Security().get_connection_args("client"))).close()

    runner = LoopRunner()
    runner.start()
    try:
        runner.run_sync(call)
    except (OSError, ValueError) as problem:
        raise ValueError(f"no scheduler answers at {address!r}, where `dask scheduler` would start one: {problem}"
                         ) from None  # fmt: skip
    finally:
        runner.stop()


class Cluster:
    """The workers that a scheduler has, and those that come.

    client : connected; whoever made it closes it. n : workers at a time, for how trials are cut into tasks; None takes
    those that are there.
    """

    def __init__(self, client: Client, n: int | None = None):
        self.client, self.address = client, client.scheduler_info(n_workers=0)["address"]
        self.n = n or max(1, len(client.nthreads()))

    def answers(self, plan: Plan, tasks: Iterator[Task], say: Say, share: Callable[[Task, float], None]
                ) -> Iterator[Answer]:  # fmt: skip
        """As of `workers.Workers`; nothing is heard of the share of a task that is done. AHEAD tasks per worker are
        taken at a time. Those of a worker that dies go to others.

        Raises ValueError, before anything runs, if a worker or the scheduler cannot take part, and later if a worker
        that joins cannot, or as a task did. Raises RuntimeError if the scheduler goes away, and for tasks that their
        workers did not survive, naming their cells.
        """
        name = f"{plan.name}-{secrets.token_hex(4)}"
        running: dict[Future, Task] = {}
        done, counted, n = as_completed(loop=self.client.loop), -COUNT_S, -1
        try:
            self._send(name, plan)
            while True:
                if time.monotonic() > counted + COUNT_S:
                    before, n, counted = n, len(self.client.nthreads()), time.monotonic()
                    if n != before:
                        say(f"workers: {n or 'none, waiting for one'}")
                more = self._hand_out(name, list(islice(tasks, max(0, AHEAD * max(n, 1) - len(running)))))
                running.update(more)
                done.update(more)
                if not running:
                    return
                over = done.next_batch(block=False)
                if not over:
                    time.sleep(LOOK_S)
                yield from self._answers_of({future: running.pop(future) for future in over}, plan)
        except (CancelledError, OSError):
            if self._connected:
                raise
            raise self._gone() from None
        finally:
            if self._connected:
                self.client.cancel(list(running))
                self.client.unregister_worker_plugin(name)

    @property
    def _connected(self) -> bool:
        return self.client.status == "running"

    def _gone(self) -> RuntimeError:
        return RuntimeError(f"the scheduler at {self.address} went away; finished trials are kept and --resume goes on")

    def _send(self, name: str, plan: Plan) -> None:
        """Send a plan to all workers. Raises ValueError if one of them, or the scheduler, cannot take part."""
        ours = {package: version(package) for package in PACKAGES}
        # a function of Python's own, which can be called where there is no bioKV
        theirs = self.client.run(version, "bioKV", on_error="return")
        try:
            theirs["scheduler"] = self.client.run_on_scheduler(version, "bioKV")
        except PackageNotFoundError as problem:
            theirs["scheduler"] = problem
        for who, found in theirs.items():
            whose = "the scheduler" if who == "scheduler" else f"the worker at {who}"
            if isinstance(found, PackageNotFoundError):
                raise ValueError(f"{whose} has no bioKV; install version {ours['bioKV']} there")
            if isinstance(found, str) and found != ours["bioKV"]:
                raise ValueError(f"{whose} has bioKV {found}, and this study {ours['bioKV']}; install the same")
        files = {one.path: one.sha256 for one in inputs_of(plan) if one.path}
        self.client.register_plugin(PlanPlugin(name, plan, Expected(ours, files)), name=name)
        for said in self.client.run(trouble, name, on_error="ignore").values():
            if said:
                raise ValueError(said)

    def _hand_out(self, name: str, tasks: list[Task]) -> dict[Future, Task]:
        if not tasks:
            return {}
        keys = [f"{name}-{task.cell}-{task.trials.start}-{task.trials.stop}" for task in tasks]
        futures = self.client.map(work, [name] * len(tasks), *zip(*tasks, strict=True), key=keys, pure=False,
                                  retries=RETRIES)  # fmt: skip
        return dict(zip(futures, tasks, strict=True))

    def _answers_of(self, over: dict[Future, Task], plan: Plan) -> Iterator[Answer]:
        """Those of tasks that are over; raises what went wrong with one of them when the others are handed on."""
        if not over:
            return
        packed = self.client.gather({future.key: future for future in over}, errors="skip")
        yield from (packed[future.key].unpacked(task) for future, task in over.items() if packed[future.key])
        failed = {future: task for future, task in over.items() if not packed[future.key]}
        problems = {task: future.exception() for future, task in failed.items() if future.status == "error"}
        killed = {task: problem for task, problem in problems.items() if isinstance(problem, KilledWorker)}
        if killed:
            cells, one = Study(plan).cells, next(iter(killed.values()))
            said = " or ".join(f"{cells[task.cell]}, trials {task.trials.start} to {task.trials.stop - 1}"
                               for task in killed)  # fmt: skip
            raise RuntimeError(f"{one.allowed_failures + 1} workers died at {said}, perhaps for want of memory; the log"
                               f" of the last, {one.last_worker.address}, may say why")  # fmt: skip
        if problems:
            raise next(iter(problems.values()))
        if failed and not self._connected:
            raise self._gone()
        if failed:
            raise RuntimeError(f"the scheduler at {self.address} gave {len(failed)} tasks up; someone cancelled them")

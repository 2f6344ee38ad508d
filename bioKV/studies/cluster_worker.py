"""In a Dask worker: the plan of a study, resolved once, and the answers to its tasks.

Dask runs tasks on a thread beside its event loop. Engines do not mind: signals are for the `biokv` command alone, child
processes belong to the thread that started them, and Brian2 is used by one thread at a time.
"""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from distributed import Worker, WorkerPlugin, get_worker

from ..progress import say_to_stderr
from .plan import Plan
from .study import Study
from .workers import Answer, Task, answer

PACKAGES = ("bioKV", "numpy", "brian2")  # the same everywhere, or the rows of a study would not belong together


class Expected(NamedTuple):
    """What every worker of a study has as the client has it.

    versions : of PACKAGES. files : the path of every file that the plan names -> the SHA-256 of its content.
    """

    versions: dict[str, str]
    files: dict[str, str]

    def check(self, n_threads: int) -> None:
        """Raise ValueError for whatever this process has otherwise. n_threads : of its tasks."""
        if n_threads != 1:
            raise ValueError(f"it has {n_threads} threads for tasks, and needs 1 (dask worker --nthreads 1"
                             f" --nworkers {n_threads})")  # fmt: skip
        for package, expected in self.versions.items():
            if version(package) != expected:
                raise ValueError(f"it has {package} {version(package)}, and this study {expected}; install the same")
        for path, sha256 in self.files.items():
            try:
                content = Path(path).expanduser().read_bytes()
            except OSError as problem:
                raise ValueError(f"it cannot read {path} ({problem.strerror}); a path that is the same on all machines"
                                 " would do") from None  # fmt: skip
            if hashlib.sha256(content).hexdigest() != sha256:
                raise ValueError(f"the content of its {path} is another than here")


class PlanPlugin(WorkerPlugin):
    """Brings a plan to every worker, and to those that join later before they get a task.

    A worker that cannot answer keeps why in `trouble`, and each of its tasks says so: had its beginning failed instead,
    it would be started again and again, and only its own log would tell.
    """

    study: Study

    def __init__(self, name: str, plan: Plan, expected: Expected):
        self.name, self.plan, self.expected, self.trouble = name, plan, expected, ""

    async def setup(self, worker: Worker) -> None:
        """Check the worker and resolve the plan."""
        try:
            self.expected.check(worker.state.nthreads)
            self.study = await asyncio.to_thread(Study, self.plan)  # not on the event loop, which gives signs of life
        except Exception as problem:
            self.trouble = f"the worker at {worker.address} cannot take part: {problem or type(problem).__name__}"


def plugin_of(worker: Worker, name: str) -> PlanPlugin:
    """What brought a worker the plan of that name."""
    plugin = worker.plugins[name]
    assert isinstance(plugin, PlanPlugin)
    return plugin


def trouble(name: str, dask_worker: Worker) -> str:
    """Why a worker cannot answer tasks of the plan of that name; nothing if it can. Dask hands the worker in."""
    return plugin_of(dask_worker, name).trouble


class Packed(NamedTuple):
    """An answer on its way: its rows are text that says the same words again and again, and all of a study pass through
    the scheduler."""

    rows: bytes
    seconds: float
    recordings: dict[int, bytes]

    def unpacked(self, task: Task) -> Answer:
        """The answer to that task."""
        return Answer(task, zlib.decompress(self.rows).decode(), self.seconds, self.recordings)


def work(name: str, *task) -> Packed:
    """A task of the plan of that name, answered. Raises ValueError if this worker cannot take part."""
    plugin = plugin_of(get_worker(), name)
    if plugin.trouble:
        raise ValueError(plugin.trouble)
    found = answer(plugin.study, Task(*task), say_to_stderr, lambda done: None)
    return Packed(zlib.compress(found.rows.encode(), 1), found.seconds, found.recordings)

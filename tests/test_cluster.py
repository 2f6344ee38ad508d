"""Studies on workers of a Dask cluster: the same rows as here, whatever becomes of the workers."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from command_line import biokv
from place import sentence, until

from bioKV.engines import cache
from bioKV.studies.chunks import Chunks
from bioKV.studies.plan import Plan
from bioKV.studies.scores import SIDE
from bioKV.studies.study import Study
from bioKV.studies.workers import Answer, Here, Task

pytest.importorskip("distributed", reason="the extra cluster is not installed")
import dask
from distributed import KilledWorker, LocalCluster
from distributed.core import Status

from bioKV.studies import batch_jobs, cluster
from bioKV.studies.cluster import Cluster
from bioKV.studies.cluster_worker import Expected

RATE = Plan("autoassociative", ("rate", "hopfield"), options={"n_pairs": [3, 5], "key_dim": 8}, trials=6)
SPIKING = Plan("autoassociative", ("rate", "spiking"), options={"n_pairs": [2, 3], "key_dim": 8}, trials=4)
# answers after a while, and ends the worker that runs it if there are 7 pairs
PROTOCOL = """
import multiprocessing, os, time
from bioKV.protocols import autoassociative
def slow(rng, n_pairs: int = 3, key_dim: int = 8, lasts: float = 0.0):
    if multiprocessing.parent_process() is not None:  # in a worker
        time.sleep(lasts)
        if n_pairs == 7:
            os.kill(os.getpid(), 9)
    return autoassociative(rng, n_pairs, key_dim)
"""


def tasks_of(plan: Plan, size: int = 2) -> list[Task]:
    starts = range(0, plan.trials, size)
    return [Task(cell, range(first, first + size)) for cell in range(len(Study(plan).cells)) for first in starts]


def here(plan: Plan, size: int = 2) -> dict[Task, str]:
    """The rows of every task, from this process."""
    return rows(Here(1), plan, size)


def rows(workers, plan: Plan, size: int = 2, say=lambda line: None) -> dict[Task, str]:
    answers = workers.answers(plan, iter(tasks_of(plan, size)), say, lambda task, done: None)
    return {answer.task: answer.rows for answer in answers}


@pytest.fixture(scope="module")
def threads():
    """Two workers that are threads of this process."""
    with LocalCluster(2, threads_per_worker=1, processes=False, dashboard_address=":0") as made:
        yield made


@pytest.fixture
def client(threads):
    with cluster.client_of(threads) as made:
        yield made


@pytest.fixture(scope="module")
def processes():
    """Two workers that are processes."""
    with LocalCluster(2, threads_per_worker=1, dashboard_address=":0") as made:
        yield made


def test_workers_give_the_rows_that_this_process_gives(client):
    assert rows(Cluster(client), RATE) == here(RATE)


def test_only_a_few_tasks_are_handed_out_ahead_of_their_answers(client):
    taken = []
    tasks = (taken.append(task) or task for task in tasks_of(RATE, 1))
    answered = Cluster(client).answers(RATE, tasks, lambda line: None, lambda task, done: None)
    next(answered)
    assert len(taken) <= cluster.AHEAD * 2 + 2
    answered.close()


def test_a_study_that_is_given_up_leaves_nothing_with_the_scheduler(threads, client):
    answered = Cluster(client).answers(RATE, iter(tasks_of(RATE)), lambda line: None, lambda task, done: None)
    next(answered)
    answered.close()
    deadline = time.monotonic() + 20
    while threads.scheduler.tasks and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not threads.scheduler.tasks
    assert not [name for name in threads.scheduler.worker_plugins if name.startswith("autoassociative")]


def test_another_version_on_a_worker_is_refused_before_anything_runs(client, monkeypatch):
    true = cluster.version
    monkeypatch.setattr(cluster, "version", lambda package: "0.0.1" if package == "numpy" else true(package))
    with pytest.raises(ValueError, match=r"worker at .* cannot take part: it has numpy .*, and this study 0\.0\.1"):
        rows(Cluster(client), RATE)


def test_a_worker_with_several_threads_is_refused():
    with (
        LocalCluster(1, threads_per_worker=2, processes=False, dashboard_address=":0") as made,
        cluster.client_of(made) as client,
        pytest.raises(ValueError, match="it has 2 threads for tasks, and needs 1"),
    ):
        rows(Cluster(client), RATE)


def test_a_worker_must_have_the_files_of_the_plan_as_they_are_here(tmp_path):
    path = tmp_path / "own.py"
    with pytest.raises(ValueError, match=r"cannot read .*own\.py \(No such file"):
        Expected({}, {str(path): "0"}).check(1)
    path.write_text("another = 1")
    with pytest.raises(ValueError, match=r"the content of its .*own\.py is another"):
        Expected({}, {str(path): "0"}).check(1)


def test_what_a_task_refuses_is_raised_here(client, tmp_path):
    path = tmp_path / "slow.py"
    unlucky = "    if rng.random() < 0.5:\n        raise ValueError('no luck')\n    return "
    path.write_text(PROTOCOL.replace("    return ", unlucky))
    with pytest.raises(ValueError, match="no luck"):
        rows(Cluster(client), RATE._replace(protocol=str(path), trials=20))


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:1", ""])
def test_an_address_without_a_scheduler_is_refused(address, monkeypatch):
    monkeypatch.setattr(cluster, "ANSWER_S", 0.2)
    with pytest.raises(ValueError, match="no scheduler answers at"), cluster.workers_at(address, print):
        pass


@pytest.mark.parametrize(
    ("walltime", "s"), [("1h", 3600), ("90m", 5400), ("1:30:00", 5400), ("1-00:00:00", 86400), ("2 hours", 7200)]
)
def test_a_walltime_is_read_as_batch_systems_and_people_write_it(walltime, s):
    assert batch_jobs.seconds(walltime) == s


@pytest.mark.parametrize("walltime", ["", "soon", "60", "1:30", "-1h", "1h30m", "1e400h", "30s"])
def test_a_walltime_that_cannot_be_read_or_used_is_refused(walltime):
    with pytest.raises(ValueError, match="walltime must be"):
        batch_jobs.seconds(walltime)


def test_workers_of_a_job_leave_before_its_walltime_ends():
    made = batch_jobs.job("slurm", 3600)
    assert (made["walltime"], made["cores"], made["processes"]) == ("01:00:00", 1, 1)
    lifetime, stagger = made["worker_extra_args"][1::2]
    assert (lifetime, stagger) == ("3300s", "240s")
    assert batch_jobs.job("lsf", 3600)["walltime"] == "01:00"


@pytest.mark.parametrize(
    ("system", "jobs", "said"), [("moab", 1, "there is no batch system"), ("slurm", 0, "jobs must be 1 or more"),
                                 ("slurm", 1, "sbatch, which is not on this machine")]
)  # fmt: skip
def test_jobs_that_cannot_be_submitted_are_refused(system, jobs, said, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ValueError, match=said), batch_jobs.batch_jobs(system, jobs, "1h", print):
        pass


def test_tasks_for_a_thousand_workers_are_longer_so_that_one_scheduler_keeps_up():
    study = Study(RATE._replace(trials=10**6))
    missing = {cell.digest: [range(10**6)] for cell in study.cells}
    sizes = []
    for workers in (2, 1000):
        chunks = Chunks(study, missing, workers)
        chunks.learn(Answer(Task(0, range(10)), "", 0.1))
        sizes.append(len(next(chunks.tasks()).trials))
    assert sizes == pytest.approx([100, 300], abs=SIDE)


RUN = ["run", "autoassociative", "--key-dim", "8", "--n-pairs", "3,5", "--trials", "4"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--scheduler", "tcp://h:1", "--cluster", "slurm"], "--scheduler and --cluster each say where the study runs"),
        (["--scheduler", "tcp://h:1", "--workers", "2"], "--scheduler and --workers each say where the study runs"),
        (["--jobs", "3"], "--jobs is of the jobs of --cluster; it needs that"),
        (["--walltime", "1h"], "--walltime is of the jobs of --cluster; it needs that"),
        (["--cluster", "slurm", "--walltime", "1h"], "--cluster needs --jobs"),
        (["--cluster", "slurm", "--jobs", "3"], "--cluster needs --walltime"),
        (["--cluster", "slurm", "--jobs", "3", "--walltime", "soon"], "walltime must be a time such as 1h"),
        (["--cluster", "moab", "--jobs", "3", "--walltime", "1h"], "there is no batch system 'moab'; known are slurm"),
        (["--cluster", "slurm", "--jobs", "many", "--walltime", "1h"], "must be a whole number; got 'many'"),
        (["--scheduler", "nonsense"], "no scheduler answers at 'nonsense'"),
        (["--scheduler", "tcp://h:1", "--trials", "0"], "trials must be a whole number above 0"),
    ],
)
def test_a_cluster_that_is_typed_wrongly_is_refused_in_one_sentence(words, sentence, tmp_path):
    result = biokv(*RUN, *words, "--out", tmp_path / "out")
    assert result.exit_code == 2, result.output
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_cluster_leaves_signals_to_the_command():
    code = "import signal; s = signal.SIGINT, signal.SIGTERM; before = [*map(signal.getsignal, s)]\n"
    code += "import bioKV.studies.batch_jobs; assert [*map(signal.getsignal, s)] == before"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_the_extra_it_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "dask_jobqueue", None)
    monkeypatch.delitem(sys.modules, "bioKV.studies.batch_jobs")
    monkeypatch.delattr("bioKV.studies.batch_jobs")
    result = biokv(*RUN, "--scheduler", "tcp://h:1", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert 'dask_jobqueue is not installed: pip install "bioKV[cluster]"' in result.stderr


def test_a_run_on_a_cluster_leaves_the_table_of_a_run_here(threads, tmp_path):
    result = biokv(*RUN, "--scheduler", threads.scheduler_address, "--out", tmp_path / "there")
    assert result.exit_code == 0, result.output
    assert "dashboard at http://" in result.stderr
    assert biokv(*RUN, "--out", tmp_path / "here").exit_code == 0
    assert (tmp_path / "there" / "results.csv").read_text() == (tmp_path / "here" / "results.csv").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_worker_processes_give_the_spikes_that_this_process_gives(engine, processes):
    if engine == "compiled" and cache.compiler() is None:
        pytest.skip("no C++ compiler")
    plan = SPIKING._replace(engine=engine)
    with cluster.client_of(processes) as client:
        assert rows(Cluster(client), plan) == here(plan)


def slow(folder: Path, n_pairs: list[int], trials: int, lasts: float) -> Plan:
    path = folder / "slow.py"
    path.write_text(PROTOCOL)
    return Plan(str(path), ("rate",), options={"n_pairs": n_pairs, "lasts": lasts}, trials=trials)


def killing(made: LocalCluster, workers: Cluster, plan: Plan, kills: int) -> dict[Task, str]:
    """The rows of every task, with so many workers killed at random moments meanwhile."""
    moments, killed, again = random.Random(17), 0, time.monotonic()
    answered = {}
    for answer in workers.answers(plan, iter(tasks_of(plan, 1)), print, print):
        answered[answer.task] = answer.rows
        # not while they are being started: Dask gives a worker up that dies then
        processes = [nanny.process for nanny in made.workers.values() if nanny.process]
        victims = [process.pid for process in processes if process.status == Status.running]
        if killed < kills and victims and time.monotonic() > again:
            os.kill(moments.choice(victims), signal.SIGKILL)
            killed, again = killed + 1, time.monotonic() + moments.uniform(0, 2)
    assert killed == kills
    return answered


@pytest.mark.slow
def test_workers_killed_at_twenty_random_moments_change_no_row(tmp_path):
    plan = slow(tmp_path, [3, 4, 5], 60, 0.3)
    # kills that come this fast hit a task again, and a worker that has just been started again
    often = {"distributed.scheduler.allowed-failures": 10, "distributed.deploy.lost-worker-timeout": "1h"}
    with (
        dask.config.set(often),
        LocalCluster(2, threads_per_worker=1, dashboard_address=":0") as made,
        cluster.client_of(made) as client,
    ):
        assert killing(made, Cluster(client), plan, 20) == here(plan, 1)


@pytest.mark.slow
def test_a_worker_that_joins_late_answers_tasks_too(tmp_path):
    plan = slow(tmp_path, [3, 4], 20, 0.3)
    with LocalCluster(0, threads_per_worker=1, dashboard_address=":0") as made, cluster.client_of(made) as client:
        said, answered = [], {}
        made.scale(1)
        for answer in Cluster(client).answers(plan, iter(tasks_of(plan, 1)), said.append, print):
            answered[answer.task] = answer.rows
            if len(answered) == 3:
                made.scale(2)
        shares = client.run(lambda dask_worker: dask_worker.state.nthreads)
    assert len(shares) == 2
    assert "workers: 2" in said
    assert answered == here(plan, 1)


def test_a_task_that_was_given_up_says_how_many_workers_it_took():
    """dask allows three failures: the fourth is the last."""
    problem = KilledWorker("key", SimpleNamespace(address="tcp://a:1"), 3)
    future = Mock(key="key", status="error", exception=lambda: problem)
    client = SimpleNamespace(gather=lambda futures, errors: dict.fromkeys(futures))
    plan = Plan("autoassociative", options={"n_pairs": 2, "key_dim": 8}, trials=40)
    answers = Cluster._answers_of(SimpleNamespace(client=client), {future: Task(0, range(20, 40))}, plan)
    said = "^4 workers died at rate, sequential, trials 20 to 39, perhaps for want of memory; the log of the last, tcp://a:1"
    with pytest.raises(RuntimeError, match=said):
        next(answers)


@pytest.mark.slow
def test_a_task_that_ends_all_its_workers_is_named(tmp_path):
    plan = slow(tmp_path, [3, 7], 4, 0.1)
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        LocalCluster(1, threads_per_worker=1, dashboard_address=":0") as made,
        cluster.client_of(made) as client,
        pytest.raises(RuntimeError, match=r"2 workers died at .*rate, sequential, n_pairs 7, trials \d to \d"),
    ):
        rows(Cluster(client), plan)


class Machines:
    """A scheduler and two workers, as commands of their own."""

    def __init__(self, folder: Path):
        self.started: list[subprocess.Popen] = []
        found = folder / f"scheduler-{time.monotonic_ns()}.json"
        self.start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", ":0",
                   "--scheduler-file", str(found))  # fmt: skip
        until(lambda: found.exists() and found.read_text().endswith("}"))
        self.address = json.loads(found.read_text())["address"]
        for _ in range(2):
            self.start("dask_worker", self.address, "--nthreads", "1", "--local-directory", str(folder))

    def start(self, command: str, *words: str) -> None:
        line = [sys.executable, "-m", f"distributed.cli.{command}", *words]
        self.started.append(subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def end(self, number: int) -> None:
        for process in self.started:
            process.send_signal(number)
        for process in self.started:
            process.wait(60)


@pytest.fixture
def machines(tmp_path):
    found: list[Machines] = []
    yield lambda: found.append(Machines(tmp_path)) or found[-1]
    for one in found:
        one.end(signal.SIGTERM)


@pytest.mark.slow
def test_a_scheduler_that_goes_away_loses_no_trial_and_resume_goes_on_with_another(machines, tmp_path):
    slow(tmp_path, [], 1, 0)
    words = ["run", tmp_path / "slow.py", "--n-pairs", "3,4", "--trials", "40", "--out"]
    first = machines()
    command = [sys.executable, "-m", "bioKV", *map(str, words), str(tmp_path / "out"), "--lasts", "0.2"]
    with subprocess.Popen([*command, "--scheduler", first.address], stderr=subprocess.PIPE, text=True) as run:
        until(lambda: run.poll() is not None or list((tmp_path / "out" / "parts").rglob("*.csv")))
        first.started[0].kill()
        _, errors = run.communicate(timeout=120)
    assert run.returncode == 1
    gone = f"biokv: the scheduler at {first.address} went away; finished trials are kept and --resume goes on"
    assert sentence(errors) == gone
    kept = {path: path.read_text() for path in (tmp_path / "out" / "parts").rglob("*.csv")}
    second = machines()
    assert subprocess.run([*command, "--resume", "--scheduler", second.address]).returncode == 0
    assert {path: path.read_text() for path in kept} == kept
    assert biokv(*words, tmp_path / "here", "--lasts", "0.2").exit_code == 0
    assert (tmp_path / "out" / "results.csv").read_text() == (tmp_path / "here" / "results.csv").read_text()

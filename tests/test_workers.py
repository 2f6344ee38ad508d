"""Worker processes: the same rows as one process alone, whatever becomes of a worker."""

from __future__ import annotations

import pytest

from bioKV.studies import processes
from bioKV.studies.chunks import Chunks
from bioKV.studies.plan import Plan
from bioKV.studies.processes import Processes, portable, read_plan, write_plan
from bioKV.studies.run import run_study
from bioKV.studies.study import Study
from bioKV.studies.workers import Answer, Here, Task

OPTIONS = {"n_pairs": [2, 3], "key_dim": 8}
RATE = Plan("autoassociative", ("rate", "hopfield"), options=OPTIONS, trials=60)
TASKS = [Task(cell, range(start, start + 20)) for cell in range(4) for start in (0, 20, 40)]
OWN = """
import os, signal
from pathlib import Path
from bioKV.protocols import autoassociative

def own(rng, n_pairs: int = 2, once: str = "", always: bool = False, refuse: bool = False):
    print("a protocol of one's own may print: 0")
    if refuse and rng.random() < 0.5:
        raise ValueError("this protocol likes no such draw")
    if always and n_pairs == 3 or once and not Path(once).exists():
        Path(once or os.devnull).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return autoassociative(rng, n_pairs, key_dim=8)
"""


def answered(workers, plan, tasks=TASKS):
    """Task -> its rows."""
    return {answer.task: answer.rows for answer in workers.answers(plan, iter(tasks), print, lambda *share: None)}


@pytest.fixture
def own(tmp_path):
    (tmp_path / "own.py").write_text(OWN)
    return Plan(str(tmp_path / "own.py"), trials=60)


def test_processes_give_the_rows_of_one_alone():
    assert answered(Processes(2), RATE) == answered(Here(1), RATE)


def test_the_spiking_memory_runs_in_workers_and_its_progress_is_told():
    options = {"n_pairs": 1, "key_dim": 4}
    plan = Plan("autoassociative", ("spiking", "rate"), options=options, trials=1, engine="numpy", replay=True)
    tasks, told = [Task(0, range(1))], []
    found = Processes(1).answers(plan, iter(tasks), print, lambda task, done: told.append(task))
    assert {answer.task: answer.rows for answer in found} == answered(Here(1), plan, tasks)
    assert set(told) == set(tasks)


def test_a_worker_that_dies_is_replaced_and_its_task_repeated(own, tmp_path):
    plan = own._replace(options={"once": str(tmp_path / "died")})
    tasks = [Task(0, range(0, 20)), Task(0, range(20, 40))]
    found = answered(Processes(1), plan, tasks)
    assert (tmp_path / "died").exists()
    assert found == answered(Here(1), plan, tasks)


def test_a_task_that_always_kills_its_worker_is_named(own, tmp_path):
    plan = own._replace(options={"n_pairs": [2, 3], "always": True})
    tasks = [Task(0, range(20)), Task(1, range(20, 40))]
    answers = Processes(1).answers(plan, iter(tasks), print, lambda *share: None)
    assert next(answers).task == tasks[0]  # what is done is not lost
    named = "died 3 times at rate, sequential, n_pairs 3, trials 20 to 39: killed by signal 9"
    with pytest.raises(RuntimeError, match=named):
        next(answers)


def test_what_a_task_raises_is_raised_here(own):
    with pytest.raises(ValueError, match="this protocol likes no such draw"):
        answered(Processes(2), own._replace(options={"refuse": True}), [Task(0, range(20)), Task(0, range(20, 40))])


def test_no_worker_is_left_when_the_study_is_given_up(monkeypatch):
    started, real = [], processes.Server
    monkeypatch.setattr(processes, "Server", lambda *of: started.append(real(*of)) or started[-1])
    answers = Processes(2).answers(RATE, iter(TASKS), print, lambda *share: None)
    next(answers)
    answers.close()
    assert started
    assert all(server._child.poll() is not None for server in started)


def test_paths_are_those_of_the_caller(own, tmp_path, monkeypatch):
    """A worker starts elsewhere."""
    monkeypatch.chdir(tmp_path)
    assert answered(Processes(1), own._replace(protocol="own.py"), [Task(0, range(20))])


@pytest.mark.parametrize("workers", [0, -1, 1.5, "two"])
def test_workers_that_are_no_number_of_them_are_refused_before_anything_is_written(workers, tmp_path):
    with pytest.raises(ValueError, match=f"workers must be a whole number .* got {workers!r}"):
        run_study(RATE, tmp_path / "out", "", force=False, resume=False, workers=workers)
    assert not (tmp_path / "out").exists()


def test_a_comparison_of_one_trial_is_refused_before_anything_is_written(tmp_path):
    plan = RATE._replace(memories=("spiking", "rate"), engine="numpy", replay=True, trials=1)
    with pytest.raises(ValueError, match="a comparison needs at least 2 trials; got 1"):
        run_study(plan, tmp_path / "out", "", force=False, resume=False, workers=1)
    assert not (tmp_path / "out").exists()


def test_a_plan_comes_through_whole(tmp_path, rng):
    plan = RATE._replace(patterns=rng.choice([-1.0, 1.0], (5, 8)), points=({"n_slots": 3}, {"n_slots": 4}),
                         in_order=True, axes={"x": "n_slots"}, record=("hidden",), record_trials=(0, 2))  # fmt: skip
    write_plan(tmp_path, plan)
    read = read_plan(tmp_path)
    assert read.patterns.tolist() == plan.patterns.tolist()
    assert read._replace(patterns=None) == plan._replace(patterns=None)


def test_what_only_this_process_has_cannot_be_sent():
    assert portable(RATE)
    assert not portable(RATE._replace(memories=(lambda key_dim: None,)))
    assert not portable(RATE._replace(options={"n_pairs": object()}))


def test_tasks_grow_to_about_a_second_and_keep_to_batches():
    plan = Plan("autoassociative", ("rate",), options={"n_pairs": 2, "key_dim": 8}, trials=3000)
    study = Study(plan)
    chunks = Chunks(study, {study.cells[0].digest: [range(40, 3000)]}, 2)
    sizes = []
    for task in chunks.tasks():
        assert task.trials.start % 20 == 0
        sizes.append(len(task.trials))
        chunks.learn(Answer(task, "", seconds=0.002 * len(task.trials)))
    assert sum(sizes) == 2960
    assert sizes[0] == 20
    assert sizes[1] == 500


@pytest.mark.parametrize(("engine", "seconds"), [("numpy", 6e-3), ("compiled", 6e-4)])
def test_the_progress_of_a_task_is_counted_in_trials_times_presentations(engine, seconds):
    """Of the memory's engine: of two pairs, four presentations in a trial."""
    options = {"n_pairs": 2, "key_dim": 8}
    study = Study(Plan("autoassociative", ("rate", "spiking"), options=options, trials=200, engine=engine))
    missing = {study.cells[0].digest: [range(40)], study.cells[1].digest: [range(20), range(60, 100)]}
    chunks = Chunks(study, missing, 2)
    assert chunks.weight(Task(1, range(30, 50))) == pytest.approx(4 * 20 * seconds)
    assert chunks.total == pytest.approx(4 * 40 * 3e-5 + 4 * 60 * seconds)


def test_a_short_study_is_cut_so_that_every_worker_has_some():
    plan = Plan("autoassociative", ("rate",), options={"n_pairs": 2, "key_dim": 8}, trials=200)
    study = Study(plan)
    chunks = Chunks(study, {study.cells[0].digest: [range(200)]}, 5)
    for task in chunks.tasks():
        chunks.learn(Answer(task, "", seconds=1e-6))
        assert len(task.trials) <= 40


def test_trials_that_are_recorded_are_tasks_of_their_own():
    plan = Plan("autoassociative", ("rate",), options={"n_pairs": 2, "key_dim": 8}, trials=100)
    study = Study(plan)
    digest = study.cells[0].digest
    tasks = list(Chunks(study, {digest: [range(100)]}, 1, {digest: [0, 50]}).tasks())
    assert [task.trials for task in tasks if task.record] == [range(0, 20), range(40, 60)]
    assert sorted(trial for task in tasks for trial in task.trials) == list(range(100))

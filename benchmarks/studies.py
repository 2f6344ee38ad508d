"""What a study costs beside its trials, and what a million finished trials cost one that goes on.

    python -m benchmarks.studies [--trials 10000] [--finished 1000000]

The opponent is a bare loop: draw as many trials as the study has side by side, `respond`, count the right bits.
Processor time is of this process and its children. The finished trials are written by this benchmark, in parts of a
thousand; then a fresh process lists them, runs ten more of each cell, and makes the table.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bioKV.analysis.measures.accuracy import accuracy
from bioKV.studies import parts
from bioKV.studies.chunks import Chunks
from bioKV.studies.plan import Plan, check_plan
from bioKV.studies.read import read_table
from bioKV.studies.results import RunFolder
from bioKV.studies.scores import SIDE, measured
from bioKV.studies.study import Study, with_engine
from bioKV.studies.workers import Here, Task, answer

RATE = Plan("autoassociative", options={"n_pairs": 3, "key_dim": 12})
LARGE = Plan("autoassociative", options={"n_pairs": 40})
SPIKING = Plan("autoassociative", ("spiking",), options={"n_pairs": 20}, trials=200)
REPEATS = 7
GROWN = Plan("autoassociative", options={"n_pairs": [2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "key_dim": 12})
PART = 1000  # finished trials in a part: about a second of work


def cpu() -> float:
    """Seconds of this process and its children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def bare(study: Study, side: int) -> float:
    """Processor seconds of the loop."""
    (cell,), began = study.cells, cpu()
    for start in range(0, study.plan.trials, side):
        episode, streams = cell.drawn(range(start, min(start + side, study.plan.trials)))
        accuracy(cell.made(1).respond(episode, streams), episode)
    return cpu() - began


def scored(study: Study, side: int) -> float:
    """Processor seconds of the same, with all measures of a study."""
    (cell,), began = study.cells, cpu()
    for start in range(0, study.plan.trials, side):
        measured(cell, range(start, min(start + side, study.plan.trials)), 1, say, lambda share: None)
    return cpu() - began


def as_a_study(study: Study) -> float:
    """Processor seconds of the study: tasks, parts on the disk, and the table."""
    with tempfile.TemporaryDirectory() as out:
        began = cpu()
        folder = RunFolder(out, study, study.plan, "")
        chunks = Chunks(study, folder.missing(), 1)
        with folder.ending():
            for found in Here(1).answers(study.plan, chunks.tasks(), say, lambda task, share: None):
                folder.add(found)
                chunks.learn(found)
        return cpu() - began


def overhead(trials: int) -> None:
    """A row for each memory: the three ways in turn, medians of their times, and of the ratios within a turn."""
    print("| trials | bare loop, CPU ms per trial | with all measures | the study | study beside its measures |")
    print("|---|---|---|---|---|")
    cases = (("rate, T=3, d=12", RATE._replace(trials=trials), SIDE),
             ("rate, T=40, d=40", LARGE._replace(trials=trials), SIDE),
             ("spiking, T=20, d=40", SPIKING, 40))  # fmt: skip
    for name, plan, side in cases:
        study, _ = with_engine(plan)
        answer(study, Task(0, range(side)), say, lambda share: None)  # compiled, and imported
        turns = [(bare(study, side), scored(study, side), as_a_study(study)) for _ in range(REPEATS)]
        each = " | ".join(f"{1e3 * median(way) / plan.trials:.3f}" for way in zip(*turns, strict=True))
        more = sorted(100 * (whole / measures - 1) for _, measures, whole in turns)
        said = f"{median(more):+.1f} % ({more[0]:+.1f} to {more[-1]:+.1f})"
        print(f"| {plan.trials:,}, {name} | {each} | {said} |", flush=True)


def say(line: str) -> None:
    """What a study says stays out of the tables."""
    print(line, file=sys.stderr, flush=True)


def finish(folder: Path, finished: int) -> None:
    """Write a run with so many finished trials, all alike."""
    plan = GROWN._replace(trials=finished // len(GROWN.options["n_pairs"]))
    study, _ = with_engine(plan)
    run = RunFolder(folder, study, plan, "")
    rows = answer(study, Task(0, range(1)), say, lambda share: None).rows.splitlines()
    columns = [line.split(",") for line in rows]
    for cell in study.cells:
        for start in range(0, plan.trials, PART):
            trials = range(start, min(start + PART, plan.trials))
            text = "".join(",".join([*row[:3], str(trial), *row[4:]]) + "\n" for trial in trials for row in columns)
            parts.keep(folder, cell.digest, trials, 0, text)
    run.finish("interrupted")


def go_on(folder: Path, finished: int) -> dict[str, float]:
    """In a fresh process: seconds until all is listed, until a new trial is there, and until the table is read."""
    began = time.perf_counter()
    there = parts.listed(folder)
    listed = time.perf_counter() - began
    began = time.perf_counter()
    plan = GROWN._replace(trials=finished // len(there) + 10)
    check_plan(plan)
    study, _ = with_engine(plan)
    run = RunFolder(folder, study, plan, "", resume=True, anyway=True)
    chunks = Chunks(study, run.missing(), 1)
    said: dict[str, float] = {"listed": listed}
    for found in Here(1).answers(plan, chunks.tasks(), say, lambda task, share: None):
        run.add(found)
        said.setdefault("first", time.perf_counter() - began)
        said.setdefault("first_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    began = time.perf_counter()
    run.assemble()
    said["assembled"] = time.perf_counter() - began
    run.finish("finished")
    read_table(folder)
    said["read"] = time.perf_counter() - began
    said["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=10_000)
    parser.add_argument("--finished", type=int, default=1_000_000)
    parser.add_argument("--go-on", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.go_on:
        print(json.dumps(go_on(asked.go_on, asked.finished)))
        return
    overhead(asked.trials)
    with tempfile.TemporaryDirectory() as out:
        finish(Path(out), asked.finished)
        words = [sys.executable, "-m", "benchmarks.studies", "--go-on", out, "--finished", str(asked.finished)]
        said = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
        n_files = len(list(Path(out).glob("parts/*/*.csv")))
    print(f"\n| {asked.finished:,} finished trials in {n_files:,} parts | |\n|---|---|")
    print(f"| all listed | {said['listed']:.2f} s |")
    print(f"| resumed, first new trial on the disk | {said['first']:.1f} s, {said['first_mb']:.0f} MB |")
    made = f"{said['assembled']:.0f} s, {said['read'] - said['assembled']:.0f} s, {said['mb']:.0f} MB"
    print(f"| results.csv made, and read by pandas | {made} |")


if __name__ == "__main__":
    main()

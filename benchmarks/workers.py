"""How much faster two processes are than one, and how near Dask's workers on this machine come to processes here.

    python -m benchmarks.workers [--repeats 5] [--trials 400] [--engine compiled]

The same study on one process, on two, and on a Dask scheduler with two worker processes that are there already, in
turns, so that what else the machine does falls on all of them; ratios are of medians of wall times. Every answer must
be the same text. Needs two cores that have nothing else to do.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time

from distributed import LocalCluster

from bioKV.studies.chunks import Chunks
from bioKV.studies.cluster import Cluster, client_of
from bioKV.studies.plan import Plan
from bioKV.studies.processes import Processes
from bioKV.studies.study import Study
from bioKV.studies.workers import Workers

FASTER, NEAR = 1.9, 1.1


def measure(workers: Workers, plan: Plan) -> tuple[float, list[tuple[int, str]]]:
    """Seconds for a study, and its rows, each with its cell."""
    began, rows = time.perf_counter(), []
    study = Study(plan)
    missing = {cell.digest: [range(plan.trials)] for cell in study.cells}
    chunks = Chunks(study, missing, workers.n)
    for answer in workers.answers(plan, chunks.tasks(), lambda line: None, lambda task, done: None):
        chunks.learn(answer)
        rows += [(answer.task.cell, line) for line in answer.rows.splitlines()]
    return time.perf_counter() - began, sorted(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--trials", type=int, default=400)
    parser.add_argument("--engine", default="compiled")
    asked = parser.parse_args()
    plan = Plan("autoassociative", ("spiking",), options={"n_pairs": [20, 40]}, trials=asked.trials,
                engine=asked.engine)  # fmt: skip
    with LocalCluster(2, threads_per_worker=1, dashboard_address=":0") as made, client_of(made) as client:
        ways = {"one process": Processes(1), "two processes": Processes(2), "two Dask workers": Cluster(client)}
        measure(ways["two Dask workers"], plan._replace(trials=8))  # compiled by now
        took: dict[str, list[float]] = {name: [] for name in ways}
        answers = []
        for repeat in range(asked.repeats):
            for name, workers in ways.items():
                seconds, rows = measure(workers, plan)
                took[name].append(seconds)
                answers.append(rows)
                print(f"repeat {repeat + 1}: {name} {seconds:.1f} s", file=sys.stderr, flush=True)
    median = {name: statistics.median(times) for name, times in took.items()}
    faster = median["one process"] / median["two processes"]
    near = median["two Dask workers"] / median["two processes"]
    print("| | median (s) | all (s) |\n|---|---|---|")
    for name, times in took.items():
        print(f"| {name} | {median[name]:.2f} | {', '.join(f'{t:.2f}' for t in times)} |")
    print(f"\ntwo processes are {faster:.2f} times as fast as one (at least {FASTER}:"
          f" {'yes' if faster >= FASTER else 'NO'})")  # fmt: skip
    print(f"two Dask workers take {near:.2f} times as long as two processes (at most {NEAR}:"
          f" {'yes' if near <= NEAR else 'NO'})")  # fmt: skip
    print(f"all answers are the same text: {'yes' if all(rows == answers[0] for rows in answers) else 'NO'}")


if __name__ == "__main__":
    main()

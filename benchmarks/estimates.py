"""How right the estimate of a study is: for seven studies, its time on one core beside the processor time it takes.

    python -m benchmarks.estimates
    python -m benchmarks.estimates --measure     what the numbers in bioKV/studies/estimate.py are made of

Processor time of this process and its children, which another load of the machine changes least.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from typing import Any

from bioKV.commands.cli import app
from bioKV.episode import Episode
from bioKV.randomness import study_streams
from bioKV.studies.estimate import estimate
from bioKV.studies.grid import combinations
from bioKV.studies.plan import Plan, draw_episode, memory_for, task_digest
from bioKV.studies.plan_text import plan_text
from bioKV.studies.study import with_engine

PAIR = ("spiking", "rate")
STUDIES = {
    "rate, 2a": Plan("autoassociative", ("rate", "hopfield"), options={"n_pairs": [10, 20, 40, 80]}, trials=300),
    "rate, d = 160": Plan("heteroassociative", ("rate", "bam"), options={"key_dim": 160, "n_pairs": [40, 80]},
                          trials=100),
    "rate, continual": Plan("continual", ("rate",), ("sequential", "random"), {"delay": [10, 40]}, trials=20),
    "compiled, comparison": Plan("autoassociative", PAIR, options={"n_pairs": [10, 20]}, trials=40, replay=True,
                                 engine="compiled"),
    "compiled, d = N = 80": Plan("autoassociative", ("spiking",), options={"key_dim": 80, "n_pairs": [20, 40]},
                                 trials=10, engine="compiled"),
    "numpy, one batch": Plan("autoassociative", PAIR, options={"key_dim": 12, "n_pairs": [3, 6]}, trials=5, replay=True,
                             engine="numpy"),
    "numpy, two batches": Plan("heteroassociative", ("spiking",), options={"n_pairs": [4]}, trials=40, engine="numpy"),
}  # fmt: skip


def cpu() -> float:
    """Processor time so far, of this process and of its children that are over, in seconds."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def compare() -> None:
    """A line for each study: estimated, measured, and their ratio."""
    for name, plan in STUDIES.items():
        for again in (False, True)[plan.engine != "compiled" :]:  # compiled: with an empty cache, and again
            if not again and plan.engine == "compiled":
                cache = tempfile.mkdtemp()
                os.environ["BIOKV_CACHE"] = cache
            said = estimate(with_engine(plan)[0], 1)
            with tempfile.TemporaryDirectory() as folder:
                path = f"{folder}/study.toml"
                with open(path, "w") as file:
                    file.write(plan_text(plan, {"workers": 1}))
                before, started = cpu(), time.time()
                app(["run", path, "--out", f"{folder}/out"], standalone_mode=False)
                took, wall = cpu() - before, time.time() - started
                size = sum(os.path.getsize(f"{folder}/out/{one}") for one in ("results.csv",))
            print(f"| {name}{', compiling' if not again and plan.engine == 'compiled' else ''} | {said.time_s:.1f} s |"
                  f" {took:.1f} s | {said.time_s / took:.2f} | {said.disk_bytes / 1e6:.2f} MB | {size / 1e6:.2f} MB |"
                  f" (wall {wall:.1f} s)", flush=True)  # fmt: skip


def measure() -> None:
    """A line for each memory, engine and size: processor time per trial and presentation."""
    sizes = {"rate": (100, 12, 40, 160), "hopfield": (100, 12, 40, 160), "bam": (100, 12, 40, 160),
             "tvt": (100, 12, 40, 160), "compiled": (16, 12, 40, 80), "numpy": (20, 12, 40, 80)}  # fmt: skip
    for kind, (trials, *dims) in sizes.items():
        for d in dims:
            for n_pairs in (3, 20):
                took, n_steps = _one(kind, trials, d, n_pairs)
                each = took / trials
                print(f"{kind:9} d = N = {d:3}, {trials} trials of {n_steps} presentations: {each * 1e3:9.3f} ms"
                      f" per trial, {each / n_steps * 1e6:9.1f} us per presentation", flush=True)  # fmt: skip


def _one(kind: str, trials: int, d: int, n_pairs: int) -> tuple[float, int]:
    engine = kind if kind in ("compiled", "numpy") else "auto"
    memory = "spiking" if engine == kind else kind
    plan = Plan("autoassociative", (memory,), options={"n_pairs": n_pairs, "key_dim": d}, trials=trials, engine=engine)
    (options,) = combinations(plan)
    task = task_digest(plan, options)
    episode = Episode.stack([draw_episode(plan, options, task, trial) for trial in range(trials)])
    streams: list[Any] = [study_streams(0, task, trial)[1] for trial in range(trials)]
    made = memory_for(plan, memory, "sequential", options, episode, engine, 1)
    if engine == "compiled":  # the program is compiled by the first
        made.respond(draw_episode(plan, options, task, 0), study_streams(0, task, 0)[1])
    before = cpu()
    made.respond(episode, streams)
    return cpu() - before, episode.n_steps


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", action="store_true")
    measure() if parser.parse_args().measure else compare()

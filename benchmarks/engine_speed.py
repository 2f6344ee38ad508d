"""How fast the engines of the spiking memory are, against a program of the same model written by hand in C++.

    python -m benchmarks.engine_speed [--repeats 5] [--json FILE]

Everything is measured in one run, in turn (A B A B ...), so that a busy machine slows all contestants alike. The
opponent is bare_network.cpp: one thread, compiled for this processor. Times are CPU time per second of biological
time, of this process and its children, unless called wall time.
"""

from __future__ import annotations

import os

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))  # `python benchmarks/engine_speed.py` starts in benchmarks/

from benchmarks.contestants import (  # noqa: E402
    BARE_BUILDS,
    LONG,
    POPULATIONS,
    SHORT,
    SIZE,
    Spread,
    biological_seconds,
    compile_bare,
    episodes,
    run_bare,
    run_engine,
)
from bioKV import Random, Sequential  # noqa: E402

LARGE, PAIRS_LARGE = 160, 80  # d = N = m, and pairs an episode


def measure_speed(programs: dict[str, Path], repeats: int) -> dict[str, Spread]:
    """CPU milliseconds per biological second of the opponent and the compiled engine, in turn."""
    short, long = episodes(SHORT, 30, seed=1), episodes(LONG, 6, seed=2)
    bare: dict[str, list[float]] = {name: [] for name in programs}
    whole: dict[int, list[float]] = {SHORT: [], LONG: []}
    loop = []
    for repeat in range(repeats):
        for name, program in programs.items():
            said = run_bare(program, SHORT, 100, seed=repeat)
            bare[name].append(1e3 * said["cpu_s"] / said["biological_s"])
        per_trial = {}  # CPU seconds of the program itself, and the biological seconds it ran
        for n_pairs, episode in ((SHORT, short), (LONG, long)):
            used = run_engine("compiled", episode, seed=repeat)
            whole[n_pairs].append(1e3 * sum(used.cpu) / biological_seconds(episode))
            n_trials = len(episode.gate)
            per_trial[n_pairs] = used.cpu.children / n_trials, biological_seconds(episode) / n_trials
        # starting, reading and writing cost the same however long the program runs: the slope leaves them out
        (cpu_short, bio_short), (cpu_long, bio_long) = per_trial[SHORT], per_trial[LONG]
        loop.append(1e3 * (cpu_long - cpu_short) / (bio_long - bio_short))
    return {
        **{f"bare C++, {name}": Spread.of(samples) for name, samples in bare.items()},
        **{f"compiled engine, T={n_pairs}": Spread.of(samples) for n_pairs, samples in whole.items()},
        "compiled program, main loop": Spread.of(loop),
    }


def measure_large(programs: dict[str, Path], repeats: int) -> dict[str, Spread]:
    """CPU milliseconds per biological second of the opponent and the compiled engine at d = N = m = LARGE, in turn."""
    episode = episodes(PAIRS_LARGE, 2, seed=9, size=LARGE)
    run_engine("compiled", episode, seed=0)  # compiles the network if nobody has yet
    found: dict[str, list[float]] = {f"bare C++, {name}": [] for name in programs} | {"compiled engine": []}
    for repeat in range(repeats):
        for name, program in programs.items():
            said = run_bare(program, PAIRS_LARGE, 2, seed=repeat, size=LARGE)
            found[f"bare C++, {name}"].append(1e3 * said["cpu_s"] / said["biological_s"])
        used = run_engine("compiled", episode, seed=repeat)
        found["compiled engine"].append(1e3 * sum(used.cpu) / biological_seconds(episode))
    return {name: Spread.of(samples) for name, samples in found.items()}


def measure_numpy(repeats: int) -> Spread:
    """CPU milliseconds per biological second and trial of the NumPy engine, one batch of 20 trials."""
    import brian2  # noqa: F401  (its seconds of loading are paid once per process, not once per batch)

    episode = episodes(5, 20, seed=3)
    samples = []
    for repeat in range(repeats):
        used = run_engine("numpy", episode, seed=repeat)
        samples.append(1e3 * sum(used.cpu) / biological_seconds(episode))
    return Spread.of(samples)


def measure_rates(program: Path, p: float | None) -> dict[str, Any]:
    """Mean spikes of whole populations per presentation, and accuracy, of the opponent and the compiled engine."""
    episode = episodes(SHORT, 40, seed=4)
    third_factor = Sequential() if p is None else Random(p)
    response = run_engine("compiled", episode, seed=5, workers=os.cpu_count() or 1, third_factor=third_factor).response
    storing, recalling = episode.is_store, episode.is_recall
    bare = run_bare(program, SHORT, 40, seed=6, third_factor=(third_factor.name, p or 0.0))
    table = {}
    for when, steps in (("storing", storing), ("recalling", recalling)):
        for name in POPULATIONS:
            table[f"{name}, {when}"] = bare[when][name], float(response.counts[name].sum(axis=-1)[steps].mean())
    right = np.sign(response.values) == episode.values
    table["accuracy"] = bare["accuracy"], float(right[recalling].mean())
    return table


def measure_second_process(repeats: int) -> Spread:
    """Wall seconds from starting Python to the end of a first trial, when the program is compiled already."""
    code = (
        "import numpy as np; from bioKV import SpikingMemory; from bioKV.protocols import autoassociative;"
        f" rng = np.random.default_rng(0); memory = SpikingMemory({SIZE}, {SIZE}, {SIZE}, engine='compiled');"
        f" memory.respond(autoassociative(rng, 5, {SIZE}), rng)"
    )
    samples = []
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, cwd=CHECKOUT)
        samples.append(time.perf_counter() - start)
    return Spread.of(samples)


def measure_workers(program: Path, repeats: int) -> tuple[dict[int, Spread], Spread]:
    """Wall seconds of the same trials with one worker and with two; and how much faster two of the opponent are side
    by side than one after the other, which is 2 on two idle cores and less where others compute too."""
    episode = episodes(80, 40, seed=7)
    samples: dict[int, list[float]] = {1: [], 2: []}
    gains = []

    def start(seed: int) -> subprocess.Popen:
        arguments = (SIZE, SIZE, SIZE, SHORT, 200, seed, "sequential", 0)
        return subprocess.Popen([str(program), *map(str, arguments)], stdout=subprocess.DEVNULL)

    for repeat in range(repeats):
        for workers in (1, 2) if repeat % 2 else (2, 1):
            samples[workers].append(run_engine("compiled", episode, seed=8, workers=workers).wall)
        began = time.perf_counter()
        for seed in (1, 2):
            start(seed).wait()
        one_by_one = time.perf_counter()
        for running in [start(1), start(2)]:
            running.wait()
        gains.append((one_by_one - began) / (time.perf_counter() - one_by_one))
    return {workers: Spread.of(each) for workers, each in samples.items()}, Spread.of(gains)


def print_rates(rates: dict[str, dict[str, Any]]) -> None:
    for third_factor, table in rates.items():
        print(f"\nspikes of a population per presentation, third factor {third_factor} (T={SHORT}, 40 trials)")
        print(f"  {'':24} {'bare C++':>10} {'bioKV':>10} {'ratio':>8}")
        for name, (bare, engine) in table.items():
            print(f"  {name:24} {bare:10.3f} {engine:10.3f} {bare / engine:8.3f}")


Target = tuple[str, float, bool]


def targets(speed: dict[str, Spread], large: dict[str, Spread], second_process: Spread, workers: dict[int, Spread]
            ) -> list[Target]:  # fmt: skip
    """What was promised, what came out (the worse of long and short episodes), and whether it is enough."""
    slowest = max(speed[f"compiled engine, T={n_pairs}"].median for n_pairs in (SHORT, LONG))
    rate = 1e3 / slowest
    speed_up = workers[1].median / workers[2].median
    found = []
    for size, most, engine, bare in (
        (SIZE, 2, slowest, speed),
        (LARGE, 3, large["compiled engine"].median, large),
    ):
        for name in BARE_BUILDS:
            ratio = engine / bare[f"bare C++, {name}"].median
            what = f"at {size}, compiled engine at most {most} times the CPU time of bare C++ ({name})"
            found.append((what, ratio, ratio <= most))
    return [
        *found,
        ("at least 400 biological seconds per core-second", rate, rate >= 400),
        ("a second process finishes its first trial within 2 s", second_process.median, second_process.median < 2),
        ("two workers at least 1.9 times as fast as one", speed_up, speed_up >= 1.9),
    ]


def report(measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    found = measure()
    speed = found["speed"]
    print(f"\nCPU ms per biological second, d=N=m={SIZE}: median (min-max); biological seconds per core-second")
    for name, spread in speed.items():
        print(f"  {name:30} {spread!s:30} {1e3 / spread.median:8.0f}")
    print("\nratios of medians")
    for contestant in (f"compiled engine, T={SHORT}", f"compiled engine, T={LONG}", "compiled program, main loop"):
        ratios = {name: speed[contestant].median / speed[f"bare C++, {name}"].median for name in BARE_BUILDS}
        said = "; ".join(f"{ratio:.2f} ({name})" for name, ratio in ratios.items())
        print(f"  {contestant:30} / bare C++: {said}")
    print(f"\nCPU ms per biological second, d=N=m={LARGE}, T={PAIRS_LARGE}: median (min-max)")
    for name, spread in found["large"].items():
        print(f"  {name:30} {spread}")
    print_rates(found["rates"])
    print(f"\nwall seconds of a new process up to its first trial: {found['second_process']}")
    for workers, spread in found["workers"].items():
        print(f"wall seconds of 40 trials of T=80, workers={workers}:    {spread}")
    print(f"two bare programs at once, against one after the other (what the machine can give): {found['parallel']}\n")
    found["targets"] = targets(speed, found["large"], found["second_process"], found["workers"])
    for name, number, met in found["targets"]:
        print(f"{'met    ' if met else 'not met'}  {name}: {number:.2f}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5, help="how often everything is measured")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the numbers there")
    options = parser.parse_args()

    def measure() -> dict[str, Any]:
        load = os.getloadavg()[0]
        busy = " (busy: others take part of what is measured)" if load > 0.5 else ""
        print(f"{os.cpu_count()} cores, load before: {load:.2f}{busy}")
        with tempfile.TemporaryDirectory(prefix="biokv-benchmark-") as folder:
            programs = compile_bare(Path(folder))
            run_engine("compiled", episodes(1, 1, seed=0), seed=0)  # compiles the network if nobody has yet
            speed = measure_speed(programs, options.repeats)
            large = measure_large(programs, options.repeats)
            rates = {
                "sequential": measure_rates(programs["float"], None),
                "random p=0.1": measure_rates(programs["float"], 0.1),
            }
            speed["NumPy engine, 20 trials, T=5"] = measure_numpy(min(options.repeats, 3))
            second_process = measure_second_process(options.repeats)
            workers, parallel = measure_workers(programs["double"], options.repeats)
        return {
            "speed": speed, "large": large, "rates": rates, "parallel": parallel, "second_process": second_process,
            "workers": workers,
        }  # fmt: skip

    found = report(measure)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()

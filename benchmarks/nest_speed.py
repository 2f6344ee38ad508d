"""How fast the compiled spiking memory is, against a network of its size and firing rates in NEST.

    python -m benchmarks.nest_speed [--repeats 5] [--nest-python PATH]

NEST need not share bioKV's environment; it is installed with `python -m venv build/nest` and
`build/nest/bin/pip install 'nest-simulator==3.10.*'`, and then PATH is build/nest/bin/python. The opponent is
nest_network.py, with static synapses and with STDP. Times are CPU time per second of biological time, everything in
turn in one run: of NEST, nest.Simulate alone after a warm-up, on one thread; of bioKV, all of `respond` with one
worker, so the start of its processes, reading and writing too.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # `python benchmarks/nest_speed.py` works too

from benchmarks.contestants import LONG, POPULATIONS, SHORT, SIZE, WINDOW_S, Spread, biological_seconds, run_engine
from bioKV import Episode
from bioKV.protocols import autoassociative

TARGET = 5  # times less CPU than NEST
TOLERANCE = 0.1  # of firing rates
N_TRIALS = {SHORT: 36, LONG: 4}  # of one episode with noise of their own: 216 biological seconds either way
SYNAPSES = {"static": False, "STDP": True}
# found by hand at the episodes below, so that rates agree; see nest_network.Task
TUNED = {
    SHORT: {"inhibition": 1.91, "tonic": 0.0052, "output_weight": 1.32},
    LONG: {"inhibition": 1.6, "tonic": 0.0084, "output_weight": 3.1},
}


class Speed(NamedTuple):
    """Of one episode: CPU ms per biological second of each contestant, and mean rates in Hz of each population."""

    cpu: dict[str, Spread]
    rates: dict[str, dict[str, float]]


def nest_version(python: Path) -> str | None:
    """Of the NEST this Python imports, None if it does not."""
    code = "import nest; print(nest.__version__)"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True)
    except OSError:
        return None
    return done.stdout.split()[-1] if done.returncode == 0 else None


def run_nest(python: Path, task: dict[str, Any]) -> dict[str, Any]:
    """What nest_network.py says about a task."""
    script = Path(__file__).with_name("nest_network.py")
    done = subprocess.run([python, script], input=json.dumps(task), stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure(python: Path, n_pairs: int, repeats: int) -> Speed:
    """bioKV and both NEST networks in turn, on one episode."""
    one = autoassociative(np.random.default_rng(1), n_pairs, SIZE)
    episode = Episode.stack([one] * N_TRIALS[n_pairs])
    bio_s = biological_seconds(episode)
    names = ("bioKV", *(f"NEST, {synapses}" for synapses in SYNAPSES))
    cpu: dict[str, list[float]] = {name: [] for name in names}
    rates = {}
    for _ in range(repeats):
        used = run_engine("compiled", episode, seed=1)
        counts = used.response.counts
        cpu["bioKV"].append(1e3 * sum(used.cpu) / bio_s)
        rates["bioKV"] = {name: float(counts[name].mean()) / WINDOW_S for name in POPULATIONS}
        for synapses, plastic in SYNAPSES.items():
            said = run_nest(python, {
                "counts": counts["input"][0].astype(int).tolist(), "stored": one.is_store.tolist(),
                "n_presentations": episode.gate.size, "plastic": plastic, **TUNED[n_pairs],
            })  # fmt: skip
            cpu[f"NEST, {synapses}"].append(1e3 * said["cpu_s"] / bio_s)
            rates[f"NEST, {synapses}"] = said["rates"]
    return Speed({name: Spread.of(samples) for name, samples in cpu.items()}, rates)


def report(n_pairs: int, speed: Speed) -> tuple[float, float]:
    """Prints both tables; returns the smallest ratio of CPU times and the largest relative difference of rates."""
    print(f"\nmean firing rate in Hz, autoassociative, T={n_pairs}")
    print(f"  {'':12}" + "".join(f"{name:>14}" for name in speed.rates))
    for population in POPULATIONS:
        print(f"  {population:12}" + "".join(f"{rates[population]:14.2f}" for rates in speed.rates.values()))
    print(f"CPU ms per biological second, d=N=m={SIZE}, T={n_pairs}: median (min-max); times bioKV's median")
    ratios = {name: spread.median / speed.cpu["bioKV"].median for name, spread in speed.cpu.items()}
    for name, spread in speed.cpu.items():
        print(f"  {name:12} {spread!s:30} {ratios[name]:8.1f}")
    own = speed.rates["bioKV"]
    apart = [abs(rates[name] / own[name] - 1) for rates in speed.rates.values() for name in POPULATIONS]
    return min(ratios[f"NEST, {synapses}"] for synapses in SYNAPSES), max(apart)


def verdict(met: bool) -> str:
    return "met    " if met else "not met"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5, help="how often everything is measured")
    parser.add_argument("--nest-python", type=Path, default=Path(sys.executable), metavar="PATH",
                        help="a Python that imports NEST (default: this one)")  # fmt: skip
    options = parser.parse_args()
    version = nest_version(options.nest_python)
    if version is None:
        print(
            f"{options.nest_python} does not import NEST: install it with `python -m venv build/nest` and"
            " `build/nest/bin/pip install 'nest-simulator==3.10.*'`, then give --nest-python build/nest/bin/python",
            file=sys.stderr,
        )
        sys.exit(2)
    for n_pairs in N_TRIALS:  # compiles the network if nobody has yet
        run_engine("compiled", autoassociative(np.random.default_rng(0), n_pairs, SIZE), seed=0)
    print(f"NEST {version}; {os.cpu_count()} cores, load before: {os.getloadavg()[0]:.2f}")
    found = [report(n_pairs, measure(options.nest_python, n_pairs, options.repeats)) for n_pairs in N_TRIALS]
    ratio, apart = min(ratio for ratio, _ in found), max(apart for _, apart in found)
    print(f"\n{verdict(apart <= TOLERANCE)}  firing rates within {TOLERANCE:.0%} of bioKV's: {apart:.1%} at most")
    print(f"{verdict(ratio >= TARGET)}  at least {TARGET} times less CPU than NEST, the smallest ratio: {ratio:.1f}")


if __name__ == "__main__":
    main()

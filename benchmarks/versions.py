"""What a trial costs in this version, against earlier ones of this repository.

    python -m benchmarks.versions [--commits b6c245c d224394] [--repeats 31]

b6c245c is 0.1.0; d224394 is the network of today before its runs were kept apart from the caller's process (signals,
Brian2's preferences, random numbers). Every version answers the same episodes in a process of its own, in turn, on one
worker, with a cache of compiled networks of its own. CPU time is of that process and its children; Python and the
package are loaded, and the network is compiled, before it counts. A ratio is the median over turns, with their middle
half: within a turn a busy machine slows all versions alike.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from .contestants import SIZE, WINDOW_S

CHECKOUT = Path(__file__).resolve().parent.parent
COMMITS = "b6c245c", "d224394"
PAIRS, TRIALS = 80, 20
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

# written for every version since 0.1.0; a line from standard input is a seed, and what it costs is printed
CHILD = f"""
import resource, sys
import numpy as np
import bioKV
from bioKV import Episode, SpikingMemory
from bioKV.protocols import autoassociative

neurons = int(sys.argv[1])
parameters = bioKV.Parameters(neurons_per_slot=neurons) if neurons else None
memory = SpikingMemory({SIZE}, {SIZE}, {SIZE}, parameters=parameters, engine="compiled", workers=1)

def cpu():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in both)

def cost(seed, n_trials):
    rng = np.random.default_rng(seed)
    episode = Episode.stack([autoassociative(rng, {PAIRS}, {SIZE}) for _ in range(n_trials)])
    before = cpu()
    memory.respond(episode, np.random.default_rng(seed))
    return cpu() - before

cost(0, 1)
print("ready", flush=True)
for line in sys.stdin:
    print(cost(int(line), {TRIALS}), flush=True)
"""


def lay_out(commit: str, folder: Path) -> Path:
    """The package of a commit in `folder`, its four folders as they are installed."""
    words = ["git", "archive", commit, "bioKV", "models", "protocols", "analysis"]
    archive = subprocess.run(words, cwd=CHECKOUT, capture_output=True)
    if archive.returncode:
        print(f"{commit} is not in this checkout: a clone with its whole history is needed", file=sys.stderr)
        raise SystemExit(2)
    folder.mkdir()
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    for name in ("models", "protocols", "analysis"):
        shutil.move(folder / name, folder / "bioKV" / name)
    return folder


def started(package: Path, cache: Path, neurons_per_slot: int) -> subprocess.Popen:
    """A process that imports the package and waits for seeds; 0 neurons per slot: as many as the version has."""
    cache.mkdir(mode=0o700, exist_ok=True)
    environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(package), "BIOKV_CACHE": str(cache)}
    return subprocess.Popen([sys.executable, "-c", CHILD, str(neurons_per_slot)], env=environment, cwd=cache, text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # fmt: skip


def line_of(process: subprocess.Popen, name: str) -> str:
    """What a process says next; the benchmark ends where it has ended."""
    said = process.stdout.readline().strip()
    if not said:
        raise SystemExit(f"{name} ended with code {process.wait()} before it answered")
    return said


def measure(commits: list[str], repeats: int) -> dict[str, list[float]]:
    """Name of a version -> CPU milliseconds per biological second in every repeat."""
    with tempfile.TemporaryDirectory(prefix="biokv-versions-") as kept:
        folder = Path(kept)
        packages = {commit: lay_out(commit, folder / commit) for commit in [*commits, "HEAD"]}
        contestants = {}
        for name, commit, neurons in [*((one, one, 0) for one in packages), ("HEAD, one neuron per slot", "HEAD", 1)]:
            print(f"compiling {name}", file=sys.stderr)
            contestants[name] = started(packages[commit], folder / f"cache-{commit}", neurons)
            line_of(contestants[name], name)
        biological_s = 2 * PAIRS * WINDOW_S * TRIALS
        samples: dict[str, list[float]] = {name: [] for name in contestants}
        for repeat in range(repeats):
            print(f"repeat {repeat + 1} of {repeats}", file=sys.stderr)
            for name, process in contestants.items():
                print(repeat + 1, file=process.stdin, flush=True)
                samples[name].append(1e3 * float(line_of(process, name)) / biological_s)
        for process in contestants.values():
            process.stdin.close()
            process.wait()
    return samples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--commits", nargs="+", default=list(COMMITS), help="the earlier versions")
    parser.add_argument("--repeats", type=int, default=31)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the numbers there")
    options = parser.parse_args()
    cores, load = os.cpu_count(), os.getloadavg()[0]
    found = measure(options.commits, options.repeats)
    heads = (f" times {commit} [middle half] |" for commit in options.commits)
    print("| version | CPU ms per biological second (lowest to highest) |" + "".join(heads))
    print("|---|---|" + "---|" * len(options.commits))
    for name, samples in found.items():
        times = []
        for commit in options.commits:
            low, middle, high = np.quantile(np.divide(samples, found[commit]), [0.25, 0.5, 0.75])
            times.append(f"{middle:.2f} [{low:.2f}, {high:.2f}]")
        print(f"| {name} | {np.median(samples):.3f} ({min(samples):.3f} to {max(samples):.3f}) | {' | '.join(times)} |")
    print(f"\nd = N = m = {SIZE}, T = {PAIRS}, {options.repeats} turns; {cores} cores, load before: {load:.2f}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()

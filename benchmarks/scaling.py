"""Time and memory of the rate memory's `respond` against T, trials, N and d, with fitted exponents.

    python -m benchmarks.scaling [--repeats 3] [--largest 20480] [--picture docs/pictures/scaling.png]

One core. Memory is the peak of what NumPy allocates during the call (tracemalloc), without the episode itself. At the
end 10,000 trials of T = 180 are answered in batches, with the peak memory of the whole process. An exponent is the
slope of a line through the logarithms of the upper half of the points.
"""

from __future__ import annotations

import os

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import resource
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # `python benchmarks/scaling.py` works too

from bioKV import Episode
from bioKV.analysis.colours import BLUE, VERMILION
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative

BASE = {"T": 40, "trials": 20, "N": 40, "d": 40}
AXES: dict[str, tuple[int, ...]] = {
    "T": (10, 20, 40, 80, 160, 320, 640),
    "trials": (5, 10, 20, 40, 80, 160, 320),
    "N": (20, 80, 320, 1280, 5120, 20480),
    "d": (20, 40, 80, 160, 320, 640),
}
N_SETTING = {"T": 20, "trials": 4, "d": 64}  # N goes up to 20,480 with d = m = 64
STREAMED, BATCH = 10_000, 50


def measured(T: int, trials: int, N: int, d: int, repeats: int) -> tuple[float, float]:
    """(Fastest seconds, peak MB) of one answer to `trials` episodes of T patterns."""
    rng = np.random.default_rng(1)
    episode = Episode.stack([autoassociative(rng, T, d) for _ in range(trials)])
    memory = KeyValueMemory(d, N, d)
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        memory.respond(episode, rng)
        seconds.append(time.perf_counter() - start)
    tracemalloc.start()
    memory.respond(episode, rng)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return min(seconds), peak / 1e6


def exponent(x, y) -> float:
    """Slope in logarithms over the upper half of the points."""
    half = len(x) // 2
    return float(np.polyfit(np.log(x[half:]), np.log(y[half:]), 1)[0])


def streamed() -> None:
    """10,000 trials of T = 180, a batch at a time: accuracy, time, and the peak memory of the process."""
    memory, start, right = KeyValueMemory(40, 40, 40), time.perf_counter(), []
    for first in range(0, STREAMED, BATCH):
        streams = [np.random.default_rng([1, trial]) for trial in range(first, first + BATCH)]
        episode = Episode.stack([autoassociative(stream, 180) for stream in streams])
        right.append(accuracy(memory.respond(episode, streams), episode).mean())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e9
    print(f"{STREAMED:,} trials of T=180 in batches of {BATCH}: accuracy {np.mean(right):.4f},"
          f" {time.perf_counter() - start:.0f} s, peak memory of the process {peak:.2f} GB"
          f" ({'met' if peak < 2 else 'not met'}: below 2 GB)")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--largest", type=int, default=20480, help="largest N")
    parser.add_argument("--picture", type=Path, help="where to draw it (.png)")
    parser.add_argument("--streamed", action="store_true", help="only the 10,000 trials, in this process")
    given = parser.parse_args()
    if given.streamed:
        return streamed()
    found = {}
    for name, xs in AXES.items():
        xs = tuple(x for x in xs if name != "N" or x <= given.largest)
        setting = BASE | (N_SETTING if name == "N" else {})
        pairs = [measured(**(setting | {name: x}), repeats=given.repeats) for x in xs]
        seconds, mb = (np.array(values) for values in zip(*pairs, strict=True))
        found[name] = (np.array(xs), seconds, mb)
        fixed = ", ".join(f"{k}={v}" for k, v in setting.items() if k != name)
        print(f"\n{name} ({fixed}): time ~ {name}^{exponent(xs, seconds):.2f}, memory ~ {name}^{exponent(xs, mb):.2f}")
        for x, s, m in zip(xs, seconds, mb, strict=True):
            print(f"  {name}={x:<6} {1e3 * s:10.2f} ms {m:10.2f} MB")
    print(flush=True)
    subprocess.run([sys.executable, __file__, "--streamed"], check=True)  # a process of its own has a peak of its own
    if given.picture:
        draw(found, given.picture)


def draw(found, path: Path) -> None:
    """Time above, memory below, a column a variable, all logarithmic."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import NullFormatter

    figure, axes = plt.subplots(2, len(found), figsize=(11, 5), layout="constrained", sharex="col", sharey="row")
    for (time_ax, memory_ax), (name, (xs, seconds, mb)) in zip(axes.T, found.items(), strict=True):
        for ax, y, colour in ((time_ax, 1e3 * seconds, BLUE), (memory_ax, mb, VERMILION)):
            ax.loglog(xs, y, "o-", color=colour, markersize=4)
            ax.set_title(f"exponent {exponent(xs, y):.2f}", fontsize="small")
            ax.xaxis.set_minor_formatter(NullFormatter())
        memory_ax.set_xlabel(name)
    axes[0, 0].set_ylabel("time (ms)")
    axes[1, 0].set_ylabel("memory (MB)")
    figure.savefig(path, dpi=150)
    plt.close(figure)


if __name__ == "__main__":
    main()

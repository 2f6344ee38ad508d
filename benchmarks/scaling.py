"""Time and memory of the rate memory's `respond` against T, trials, N and d, with fitted exponents.

    python -m benchmarks.scaling [--repeats 3] [--largest 20480] [--picture FILE [--from PAGE]]

One core. Memory is the peak of what NumPy allocates during the call (tracemalloc), without the episode itself. At the
end 10,000 trials of T = 180 are answered in batches, with the peak memory of the whole process. An exponent is the
slope of a line through the logarithms of the upper half of the points. With --picture it draws them, with --from those
of a page of the docs without measuring.
"""

from __future__ import annotations

import os

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import re
import resource
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.kept import add_picture_options, lines_of, parsed
from bioKV import Episode
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
NAMES = {"T": "patterns T", "trials": "trials", "N": "slots N", "d": "key entries d"}
N_SETTING = {"T": 20, "trials": 4, "d": 64}  # N goes up to 20,480 with d = m = 64
STREAMED, BATCH = 10_000, 50


def one_answer(T: int, trials: int, N: int, d: int, repeats: int) -> tuple[float, float]:
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


def measured(repeats: int, largest: int) -> Iterator[str]:
    """The lines of the output but the last, as they are known."""
    for name, xs in AXES.items():
        xs = tuple(x for x in xs if name != "N" or x <= largest)
        setting = BASE | (N_SETTING if name == "N" else {})
        pairs = [one_answer(**(setting | {name: x}), repeats=repeats) for x in xs]
        seconds, mb = (np.array(values) for values in zip(*pairs, strict=True))
        fixed = ", ".join(f"{k}={v}" for k, v in setting.items() if k != name)
        yield f"\n{name} ({fixed}): time ~ {name}^{exponent(xs, seconds):.2f}, memory ~ {name}^{exponent(xs, mb):.2f}"
        for x, s, m in zip(xs, seconds, mb, strict=True):
            yield f"  {name}={x:<6} {1e3 * s:10.2f} ms {m:10.2f} MB"
    yield ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--largest", type=int, default=20480, help="largest N")
    parser.add_argument("--streamed", action="store_true", help="only the 10,000 trials, in this process")
    add_picture_options(parser)
    given = parsed(parser)
    if given.streamed:
        return streamed()
    lines = lines_of(given, measured(given.repeats, given.largest))
    if not given.page:  # a process of its own has a peak of its own
        subprocess.run([sys.executable, "-m", "benchmarks.scaling", "--streamed"], check=True)
    if given.picture:
        draw(lines, given.picture)


class Axis(NamedTuple):
    """A variable: the exponents of time and memory as printed, and what is fixed; its values, ms and MB."""

    exponents: tuple[str, str]
    fixed: str
    points: list[tuple[float, float, float]]


def read(lines: list[str]) -> dict[str, Axis]:
    """The printed tables, by variable."""
    axes: dict[str, Axis] = {}
    for line in lines:
        if head := re.match(r"(\w+) \((.+)\): time ~ \w+\^(\S+), memory ~ \w+\^(\S+)", line):
            axes[head[1]] = Axis((head[3], head[4]), head[2], [])
        elif row := re.match(r"  (\w+)=(\S+) +(\S+) ms +(\S+) MB", line):
            axes[row[1]].points.append((float(row[2]), float(row[3]), float(row[4])))
    return axes


def draw(lines: list[str], path: Path) -> None:
    """Time above, memory below, a column for each variable, all logarithmic."""
    from matplotlib.ticker import FuncFormatter, NullLocator

    from bioKV.analysis.colours import BLUE, VERMILION
    from bioKV.analysis.sheet import sheet
    from bioKV.analysis.style import Style, panel_letters, write_figure
    from bioKV.studies.pictures import plain_matplotlib

    style = Style(formats=("png",))
    found = read(lines)
    with plain_matplotlib(style):
        figure, axes = sheet(2 * len(found), style, least_mm=style.width() / len(found), height_mm=45, sharex="col",
                             sharey="row")  # fmt: skip
        above, below = axes[: len(found)], axes[len(found) :]
        for column, (name, axis) in enumerate(found.items()):
            x, *both = zip(*axis.points, strict=True)
            for ax, y, slope, colour, marker in zip((above[column], below[column]), both, axis.exponents,
                                                    (BLUE, VERMILION), "os", strict=True):  # fmt: skip
                ax.loglog(x, y, marker=marker, color=colour)
                ax.text(0.05, 0.95, f"exponent {slope}", transform=ax.transAxes, va="top")
                ax.set_xticks(x[::2], [f"{value:,g}" for value in x[::2]])
                ax.xaxis.set_minor_locator(NullLocator())
                ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
            below[column].set_xlabel(f"{NAMES[name]}\n({axis.fixed})")
        above[0].set_ylabel("time (ms)")
        below[0].set_ylabel("memory (MB)")
        panel_letters([above[0], below[0]])
        write_figure(figure, path.with_suffix(""), style)


if __name__ == "__main__":
    main()

"""CPU time of the compiled spiking memory against N, d, m, T and dt, with fitted exponents and what bounds it.

    python -m benchmarks.spiking_scaling [--axes N d m T dt] [--repeats 15] [--picture FILE [--from PAGE]]

One variable moves at a time; the others are d = N = m = 40, T = 40 pairs (80 presentations of 150 ms), dt = 0.5 ms.
Times are CPU time of the program and of the Python that starts it and reads its answers, one process a trial as users
get it: the fastest of some repeats, since others on the machine can only slow it down. They are given per second of
biological time, and against T per trial. An exponent is the slope of a line through the logarithms, over all points
and over the upper half of them; dt runs downwards, so that its upper half too is the expensive one. Then the times of
all points together are taken apart into four costs that cannot be negative: per process, per time step, per neuron and
time step, and per synapse that a spike reaches. Every structure is compiled once, some twenty seconds each. With
--picture it draws the times, with --from those of a page of the docs without measuring.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import nnls

from benchmarks.contestants import WINDOW_S, answer
from benchmarks.kept import add_picture_options, lines_of, parsed, rows_of
from benchmarks.scaling import exponent
from bioKV import Episode, Response, SpikingMemory
from bioKV.progress import bar
from bioKV.protocols import heteroassociative

AXES: dict[str, tuple[float, ...]] = {
    "N": (20, 40, 80, 320),
    "d": (20, 40, 80, 320),
    "m": (20, 40, 80, 320),
    "T": (5, 10, 20, 40, 80, 160),
    "dt": (1, 0.5, 0.25, 0.2, 0.1),
}
NAMES = {"N": "slots N", "d": "key entries d", "m": "value entries m", "T": "pairs T", "dt": "time step (ms)"}
APART = 1.5  # what a tick that is named is above the one before, at least
BIOLOGICAL_S = 60  # of all trials of a point together, about
PARTS = ("process", "time steps", "neurons", "synapses")


class Setting(NamedTuple):
    """A point: sizes, pairs, and the time step in ms."""

    d: int = 40
    N: int = 40
    m: int = 40
    T: int = 40
    dt: float = 0.5

    @property
    def biological_s(self) -> float:
        """Of one trial."""
        return 2 * self.T * WINDOW_S

    def memory(self) -> SpikingMemory:
        from brian2 import ms

        from bioKV import Parameters

        changed = None if self.dt == Setting().dt else Parameters(dt=self.dt * ms)
        return SpikingMemory(self.d, self.N, self.m, parameters=changed, engine="compiled", workers=1)

    def episode(self, n_trials: int) -> Episode:
        rng = np.random.default_rng(1)
        return Episode.stack([heteroassociative(rng, self.T, self.d, self.m) for _ in range(n_trials)])

    @property
    def n_trials(self) -> int:
        return max(2, round(BIOLOGICAL_S / self.biological_s))


class Cost(NamedTuple):
    """CPU seconds of one trial, and how often it does what each of PARTS stands for."""

    cpu_s: float
    work: np.ndarray


def work(setting: Setting, response: Response) -> np.ndarray:
    """(4,) a trial: one process; its time steps; neurons times time steps; synapses that spikes reach."""
    spikes = {name: float(a.sum()) / len(a) for name, a in response.counts.items()}
    size = {name: a.shape[-1] for name, a in response.counts.items()}
    steps = setting.biological_s / (setting.dt * 1e-3)
    neurons = sum(size[name] for name in ("input", "feedforward", "hidden", "interneuron", "output"))
    reached = (
        spikes["input"] * (setting.N + size["feedforward"])
        + (spikes["feedforward"] + spikes["interneuron"]) * setting.N
        + spikes["hidden"] * (2 * setting.m + size["interneuron"])
        + spikes["dendrite"] * 2 * (setting.d + setting.m)  # writing
        + spikes["output"]
    )
    return np.array([1, steps, neurons * steps, reached])


def measure(settings: list[Setting], repeats: int) -> dict[Setting, Cost]:
    """The cost of every setting. All are measured once, then all again, so that a busy while hits them alike."""
    found: dict[Setting, Cost] = {}
    with bar("compiling what is not compiled yet", total=len(settings)) as progress:
        for i, setting in enumerate(settings):
            answer(setting.memory(), setting.episode(1), seed=0)
            progress(i + 1)
    with bar("measuring", total=repeats * len(settings)) as progress:
        for repeat in range(repeats):
            for i, setting in enumerate(settings):
                used = answer(setting.memory(), setting.episode(setting.n_trials), seed=repeat)
                cost = Cost(sum(used.cpu) / setting.n_trials, work(setting, used.response))
                found[setting] = min(found.get(setting, cost), cost, key=lambda each: each.cpu_s)
                progress(repeat * len(settings) + i + 1)
    return found


def price_list(costs: list[Cost]) -> np.ndarray:
    """(4,) CPU seconds of one of each of PARTS: least squares of the relative errors, none below 0."""
    seconds = np.array([cost.cpu_s for cost in costs])
    prices, _ = nnls(np.array([cost.work for cost in costs]) / seconds[:, None], np.ones(len(costs)))
    return prices


def report(points: dict[str, list[Setting]], repeats: int) -> Iterator[str]:
    """The Markdown tables, and what bounds each axis at its expensive end if all axes are there to tell it from."""
    found = measure(list(dict.fromkeys(setting for each in points.values() for setting in each)), repeats)
    yield "| | x | CPU ms | per |\n|---|---|---|---|"
    for axis, settings in points.items():
        for x, y in zip(*curve(axis, settings, found), strict=True):
            yield f"| {axis} | {x:g}{' ms' if axis == 'dt' else ''} | {1e3 * y:.3f} | {per_what(axis)} |"
    yield "\n| | exponent, all points | upper half |\n|---|---|---|"
    for axis, settings in points.items():
        whole, upper = exponents(*curve(axis, settings, found))
        yield f"| {axis} | {whole:.2f} | {upper:.2f} |"
    if set(points) == set(AXES):
        yield from report_bounds(points, found)


def report_bounds(points: dict[str, list[Setting]], found: dict[Setting, Cost]) -> Iterator[str]:
    """Where the time goes, at d = N = m = 40 and at the expensive end of every axis."""
    prices = price_list(list(found.values()))
    yield f"\n| share of the time at | {' | '.join(PARTS)} | sum / measured |\n|{'---|' * (2 + len(PARTS))}"
    ends = {f"{axis} = {AXES[axis][-1]:g}": settings[-1] for axis, settings in points.items()}
    for name, setting in ({"d = N = m = T = 40, dt = 0.5": Setting()} | ends).items():
        times = prices * found[setting].work
        shares = " | ".join(f"{share:.0%}" for share in times / times.sum())
        yield f"| {name} | {shares} | {times.sum() / found[setting].cpu_s:.2f} |"
    off = max(abs(prices @ cost.work / cost.cpu_s - 1) for cost in found.values())
    process, step, neuron, synapse = prices
    yield (
        f"\nWhat bounds it: {1e3 * process:.2f} ms per process, {1e6 * step:.2f} us per time step (the loop over"
        f" Brian2's code objects),\n{1e9 * neuron:.2f} ns per neuron and time step, {1e9 * synapse:.2f} ns per synapse"
        f" that a spike reaches. At no point are these further off than {off:.0%}."
    )


def per_what(axis: str) -> str:
    return "trial" if axis == "T" else "biological second"


def curve(axis: str, settings: list[Setting], found: dict[Setting, Cost]) -> tuple[np.ndarray, np.ndarray]:
    """x, and CPU seconds per biological second (per trial against T)."""
    y = [found[s].cpu_s / (1 if axis == "T" else s.biological_s) for s in settings]
    return np.array([getattr(s, axis) for s in settings], dtype=float), np.array(y)


def exponents(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Over all points, and over the upper half."""
    return float(np.polyfit(np.log(x), np.log(y), 1)[0]), exponent(x, y)


def read(lines: list[str]) -> dict[str, np.ndarray]:
    """The first printed table: x and CPU ms (n, 2) of every variable."""
    points: dict[str, list[tuple[float, float]]] = {}
    for axis, x, *cells in rows_of(lines):
        if axis in AXES and len(cells) == 2:  # CPU ms, and per what
            points.setdefault(axis, []).append((float(x.partition(" ")[0]), float(cells[0])))
    return {axis: np.array(of) for axis, of in points.items()}


def draw(lines: list[str], path: Path) -> None:
    """A panel for each variable, logarithmic, with the line through all points and the one through the upper half."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

    from bioKV.analysis.colours import BLACK, BLUE, GREY
    from bioKV.analysis.sheet import legend_of_all, sheet
    from bioKV.analysis.style import Style, write_figure
    from bioKV.studies.pictures import plain_matplotlib

    style = Style(formats=("png",))
    points = read(lines)
    rates = np.concatenate([of[:, 1] for axis, of in points.items() if axis != "T"] or [points["T"][:, 1]])
    with plain_matplotlib(style):
        figure, axes = sheet(len(points), style, height_mm=50)
        for ax, (axis, of) in zip(axes, points.items(), strict=True):
            x, y = of.T
            halves = (("line through all points", slice(None), {"color": GREY, "linestyle": "--"}),
                      ("line through the upper half", slice(len(x) // 2, None), {"color": BLUE}))  # fmt: skip
            for name, part, look in halves:
                slope, offset = np.polyfit(np.log(x[part]), np.log(y[part]), 1)
                ends = x[part][[0, -1]]
                ax.plot(ends, np.exp(offset) * ends**slope, label=name, **look)
            ax.plot(x, y, "o", color=BLACK, label="measured", zorder=3)
            whole, upper = exponents(x, y)
            at, side = (0.97, "right") if whole < 0 else (0.03, "left")
            text = f"exponent {whole:.2f}\nupper half {upper:.2f}".replace("-", "−")
            ax.text(at, 0.98, text, transform=ax.transAxes, va="top", ha=side, fontsize="small")
            ax.set(xscale="log", yscale="log", xlabel=NAMES[axis], ylabel=f"CPU time (ms) per\n{per_what(axis)}")
            ordered = np.sort(x)
            near = [low > 0 and each / low < APART for low, each in zip((0, *ordered), ordered, strict=False)]
            ax.set_xticks(ordered, ["" if it else f"{each:g}" for each, it in zip(ordered, near, strict=True)])
            ax.xaxis.set_minor_locator(NullLocator())
            shown = y if axis == "T" else rates  # what is per biological second has one scale
            ax.set_ylim(shown.min() / 1.3, shown.max() * 2.2)
            ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=20))
            ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
            ax.yaxis.set_minor_formatter(NullFormatter())
        legend_of_all(figure, axes)
        write_figure(figure, path.with_suffix(""), style)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--axes", nargs="*", default=list(AXES), choices=list(AXES))
    parser.add_argument("--repeats", type=int, default=15)
    add_picture_options(parser)
    given = parsed(parser)
    if given.repeats < 1:
        parser.error(f"--repeats must be 1 or more; got {given.repeats}")
    points = {axis: [Setting()._replace(**{axis: x}) for x in AXES[axis]] for axis in given.axes}
    lines = lines_of(given, report(points, given.repeats))
    if given.picture:
        draw(lines, given.picture)


if __name__ == "__main__":
    main()

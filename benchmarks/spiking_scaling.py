"""CPU time of the compiled spiking memory against N, d, m, T and dt, with fitted exponents and what bounds it.

    python -m benchmarks.spiking_scaling [--axes N d m T dt] [--repeats 15] [--pictures FOLDER]

One variable moves at a time; the others are d = N = m = 40, T = 40 pairs (80 presentations of 150 ms), dt = 0.5 ms.
Times are CPU time of the program and of the Python that starts it and reads its answers, one process a trial as users
get it: the fastest of some repeats, since others on the machine can only slow it down. They are given per second of
biological time, and against T per trial. An exponent is the slope of a line through the logarithms, over all points
and over the upper half of them; dt runs downwards, so that its upper half too is the expensive one. Then the times of
all points together are taken apart into four costs that cannot be negative: per process, per time step, per neuron and
time step, and per synapse that a spike reaches. Every structure is compiled once, some twenty seconds each.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import nnls

from benchmarks.contestants import WINDOW_S, answer
from benchmarks.scaling import exponent
from bioKV import Episode, Response, SpikingMemory
from bioKV.analysis.colours import BLUE, GREY
from bioKV.progress import bar
from bioKV.protocols import heteroassociative

AXES: dict[str, tuple[float, ...]] = {
    "N": (20, 40, 80, 320),
    "d": (20, 40, 80, 320),
    "m": (20, 40, 80, 320),
    "T": (5, 10, 20, 40, 80, 160),
    "dt": (1, 0.5, 0.25, 0.2, 0.1),
}
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


def report(points: dict[str, list[Setting]], found: dict[Setting, Cost]) -> None:
    """The Markdown tables, and what bounds each axis at its expensive end if all axes are there to tell it from."""
    print("| | x | CPU ms | of what |\n|---|---|---|---|")
    for axis, settings in points.items():
        for x, y in zip(*curve(axis, settings, found), strict=True):
            print(f"| {axis} | {x:g}{' ms' if axis == 'dt' else ''} | {1e3 * y:.3f} | {of_what(axis)} |")
    print("\n| | exponent, all points | upper half |\n|---|---|---|")
    for axis, settings in points.items():
        whole, upper = exponents(axis, settings, found)
        print(f"| {axis} | {whole:.2f} | {upper:.2f} |")
    if set(points) == set(AXES):
        report_bounds(points, found)


def report_bounds(points: dict[str, list[Setting]], found: dict[Setting, Cost]) -> None:
    """Where the time goes, at d = N = m = 40 and at the expensive end of every axis."""
    prices = price_list(list(found.values()))
    print(f"\n| share of the time at | {' | '.join(PARTS)} | sum / measured |\n|{'---|' * (2 + len(PARTS))}")
    ends = {f"{axis} = {AXES[axis][-1]:g}": settings[-1] for axis, settings in points.items()}
    for name, setting in ({"d = N = m = T = 40, dt = 0.5": Setting()} | ends).items():
        times = prices * found[setting].work
        shares = " | ".join(f"{share:.0%}" for share in times / times.sum())
        print(f"| {name} | {shares} | {times.sum() / found[setting].cpu_s:.2f} |")
    off = max(abs(prices @ cost.work / cost.cpu_s - 1) for cost in found.values())
    process, step, neuron, synapse = prices
    print(
        f"\nWhat bounds it: {1e3 * process:.2f} ms per process, {1e6 * step:.2f} us per time step (the loop over"
        f" Brian2's code objects),\n{1e9 * neuron:.2f} ns per neuron and time step, {1e9 * synapse:.2f} ns per synapse"
        f" that a spike reaches. At no point are these further off than {off:.0%}."
    )


def of_what(axis: str) -> str:
    return "a trial" if axis == "T" else "a biological second"


def curve(axis: str, settings: list[Setting], found: dict[Setting, Cost]) -> tuple[np.ndarray, np.ndarray]:
    """x, and CPU seconds per biological second (per trial against T)."""
    y = [found[s].cpu_s / (1 if axis == "T" else s.biological_s) for s in settings]
    return np.array([getattr(s, axis) for s in settings], dtype=float), np.array(y)


def exponents(axis: str, settings: list[Setting], found: dict[Setting, Cost]) -> tuple[float, float]:
    """Over all points, and over the upper half."""
    x, y = curve(axis, settings, found)
    return float(np.polyfit(np.log(x), np.log(y), 1)[0]), exponent(x, y)


def draw(points: dict[str, list[Setting]], found: dict[Setting, Cost], path: Path) -> None:
    """A panel a variable, logarithmic, with the line through all points and the one through the upper half."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

    figure, axes = plt.subplots(1, len(points), figsize=(2.4 * len(points), 2.8), layout="constrained", squeeze=False)
    rates = [curve(axis, settings, found)[1] for axis, settings in points.items() if axis != "T"]
    for ax, (axis, settings) in zip(axes[0], points.items(), strict=True):
        x, y = curve(axis, settings, found)
        shown = [y] if axis == "T" else rates  # whatever is per biological second has one scale
        lines = (
            ("all points", slice(None), {"color": GREY, "linestyle": "--"}),
            ("upper half", slice(len(x) // 2, None), {"color": BLUE}),
        )
        for name, part, look in lines:
            slope, offset = np.polyfit(np.log(x[part]), np.log(1e3 * y[part]), 1)
            ends = x[part][[0, -1]]
            ax.plot(ends, np.exp(offset) * ends**slope, label=f"{name}: {slope:.2f}", **look)
        ax.plot(x, 1e3 * y, "o", color=BLUE, markersize=4)
        ax.set(xscale="log", yscale="log", xlabel="dt (ms)" if axis == "dt" else axis)
        ax.set_xticks(x, [f"{each:g}" for each in x], fontsize="x-small", rotation=45)
        ax.xaxis.set_minor_locator(NullLocator())
        ax.set_ylim(1e3 * np.min(np.concatenate(shown)) / 1.3, 1e3 * np.max(np.concatenate(shown)) * 2.5)
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=20))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
        ax.yaxis.set_minor_formatter(NullFormatter())
        ax.legend(title="exponent", fontsize="x-small", title_fontsize="x-small", frameon=False)
        ax.set_ylabel(f"CPU ms for {of_what(axis)}", fontsize="small")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--axes", nargs="*", default=list(AXES), choices=list(AXES))
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="where to draw spiking_scaling.png")
    given = parser.parse_args()
    if given.repeats < 1:
        parser.error(f"--repeats must be 1 or more; got {given.repeats}")
    points = {axis: [Setting()._replace(**{axis: x}) for x in AXES[axis]] for axis in given.axes}
    settings = list(dict.fromkeys(setting for each in points.values() for setting in each))
    found = measure(settings, given.repeats)
    report(points, found)
    if given.pictures:
        draw(points, found, given.pictures / "spiking_scaling.png")


if __name__ == "__main__":
    main()

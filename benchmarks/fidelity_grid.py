"""The gap between spiking and rate memory over load and corruption at once.

    python -m benchmarks.fidelity_grid [--trials 20] [--picture FILE [--from PAGE]]

d = N = m = 40; T pairs are stored and each is asked for once. Rows: the unknown share of a query, columns: the load.
Gaps are paired, on the plateaus that happened. Prints a Markdown table for each third factor, then how many points are
further than 0.01 off beyond their interval. With --picture it draws both, with --from those of a page of the docs
without measuring. Seeds are not those of tuning.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from bioKV import Parameters
from bioKV.protocols import autoassociative

from .fidelity_map import LIMIT, RANDOM, SEQUENTIAL, Found, Point, measure
from .kept import add_picture_options, lines_of, parsed, rows_of

UNKNOWN = (0.0, 0.3, 0.6, 0.8, 0.9)
LOADS = (0.25, 0.5, 1.0, 2.0, 4.0)
FACTORS = (SEQUENTIAL, RANDOM)
SHADES, STEP = 17, LIMIT / 4  # of colours, and between them: gaps from -0.02 to 0.02, with 0 in the middle of one
GRID = 100  # the first number of its streams' keys, which no family of the map has


def row(factor, unknown: float, trials: int) -> list[Found]:
    """One share of unknown entries at every load."""
    points = [
        Point(load, partial(autoassociative, n_pairs=int(40 * load), corruption=unknown), factor) for load in LOADS
    ]
    keys = [(GRID, FACTORS.index(factor), UNKNOWN.index(unknown), i) for i in range(len(LOADS))]
    return [measure(point, key, trials, Parameters()) for point, key in zip(points, keys, strict=True)]


def draw(lines: list[str], path: Path) -> None:
    """The printed tables in colours, one for each third factor: every gap, and the rate memory's accuracy below it."""
    import matplotlib

    from bioKV.analysis.sheet import sheet
    from bioKV.analysis.style import Style, panel_letters, write_figure
    from bioKV.studies.pictures import plain_matplotlib

    style = Style(formats=("png",))
    grids, shares = read(lines)
    with plain_matplotlib(style):
        shades = matplotlib.colormaps["RdBu"].resampled(SHADES)
        figure, axes = sheet(len(grids), style, least_mm=80, height_mm=76, sharey=True)
        for ax, (factor, cells) in zip(axes, grids.items(), strict=True):
            gaps, rates = cells[..., 0], cells[..., 1]
            image = ax.imshow(gaps, cmap=shades, vmin=-SHADES * STEP / 2, vmax=SHADES * STEP / 2, aspect="auto")
            for (i, k), gap in np.ndenumerate(gaps):
                text = f"{gap:+.4f}\n{rates[i, k]:.3f}".replace("-", "−") if gap else f"0\n{rates[i, k]:.3f}"
                ax.text(k, i, text, ha="center", va="center", fontsize="small",
                        color="white" if abs(gap) > 1.3 * LIMIT else "black")  # fmt: skip
            ax.set_xticks(range(len(LOADS)), [f"{load:g}" for load in LOADS])
            ax.set_yticks(range(len(shares)), shares)
            ax.tick_params(length=0)
            ax.spines[:].set_visible(False)
            ax.set(xlabel="load T/N", title=f"{factor} third factors")
        axes[0].set_ylabel("unknown share of a query")
        panel_letters(axes)
        bar = figure.colorbar(image, ax=axes, aspect=30, pad=0.02)
        bar.outline.set_visible(False)
        bar.ax.yaxis.set_major_formatter(lambda gap, _: f"{gap:+g}".replace("-", "−") if gap else "0")
        bar.set_label("gap in bits: spiking − rate\n(below it: accuracy of the rate memory)")
        write_figure(figure, path.with_suffix(""), style)


def read(lines: list[str]) -> tuple[dict[str, np.ndarray], list[str]]:
    """For each third factor the gap and the rate memory's accuracy (rows, columns, 2); and the rows' unknown shares."""
    grids: dict[str, list[list[tuple[float, float]]]] = {}
    shares: list[str] = []
    for name, *cells in rows_of(lines):
        if name.endswith(": unknown"):
            grid = grids[name.partition(":")[0]] = []
            shares = []
        else:
            grid.append([(float(cell.split()[0]), float(cell.split()[-1])) for cell in cells])
            shares.append(name.replace("%", " %"))
    return {factor: np.array(grid) for factor, grid in grids.items()}, shares


def measured(trials: int) -> Iterator[str]:
    """The lines of the output, as they are known."""
    every = []
    for factor in FACTORS:
        yield f"| {factor.name}: unknown | {' | '.join(f'T/N = {load:g}' for load in LOADS)} |"
        yield f"|{'---|' * (1 + len(LOADS))}"
        for unknown in UNKNOWN:
            print(f"{factor.name}, {unknown:.0%} unknown ...", file=sys.stderr)
            line = row(factor, unknown, trials)
            every += line
            cells = [f"{one.gap:+.4f} [{one.low:+.4f}, {one.high:+.4f}] of {one.rate:.3f}" for one in line]
            yield f"| {unknown:.0%} | {' | '.join(cells)} |"
        yield ""
    worst, silent = min(one.gap for one in every), max(one.undecided for one in every)
    yield (f"{len(every)} points; {sum(one.off for one in every)} are off by more than {LIMIT} beyond their interval;"
           f" the lowest gap is {worst:+.4f}, undecided are at most {silent:.1%}.")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=20)
    add_picture_options(parser)
    chosen = parsed(parser)
    lines = lines_of(chosen, measured(chosen.trials))
    if chosen.picture:
        draw(lines, chosen.picture)


if __name__ == "__main__":
    main()

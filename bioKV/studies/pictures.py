"""Pictures of a study, as files."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd


@contextmanager
def plain_matplotlib() -> Iterator[None]:
    """Matplotlib without windows and with its own defaults inside; settings and backend are the caller's afterwards.

    So what a matplotlibrc, a notebook or a session has set changes no picture of ours, and cannot break one.
    """
    import matplotlib

    backend = dict.get(matplotlib.rcParams, "backend")  # without choosing one where none is chosen yet
    try:
        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            matplotlib.use("agg")
            yield
    finally:
        if isinstance(backend, str):
            if pyplot := sys.modules.get("matplotlib.pyplot"):
                # said before it is loaded: a notebook's own looks whether it is the one, and only then shows figures
                matplotlib.rcParams["backend"] = backend
                pyplot.switch_backend(backend)
            matplotlib.use(backend)


@plain_matplotlib()
def draw_accuracy(table: pd.DataFrame, folder: Path, margins: dict[str, float] | None = None,
                  axes: Mapping[str, str] | None = None) -> list[Path]:  # fmt: skip
    """accuracy.png and .pdf: bits right, the measure that goes with it, and the gap of a comparison, and then
    comparison.csv; their paths.

    axes : of "x", "hue" and "panel", the names of options that vary (`analysis.layout.layout_of`). Of options that vary
    beside these every value has a picture of its own, accuracy-OPTION=VALUE.png. Pictures of that kind that were there
    are replaced. Raises ValueError as `layout_of`.
    """
    from ..analysis.layout import is_value, layout_of
    from ..analysis.tables import gaps, is_comparison

    layout = layout_of(table, axes)
    paired = gaps(table, margins) if is_comparison(table) else None
    earlier = [path for path in folder.glob("accuracy*") if re.fullmatch(r"accuracy(-.+=.*)?\.(png|pdf)", path.name)]
    written = []
    if paired is not None:
        paired.to_csv(folder / "comparison.csv", index=False)
        written.append(folder / "comparison.csv")
    for values in itertools.product(*(layout.values[name] for name in layout.apart)):
        of, gaps_of, stem = table, paired, "accuracy"
        for name, value in zip(layout.apart, values, strict=True):
            of = of[is_value(of[name], value)]
            gaps_of = None if gaps_of is None else gaps_of[is_value(gaps_of[name], value)]
            stem += f"-{name}={_in_a_name(value)}"
        if len(of):
            title = ", ".join(layout.named(name, v, of) for name, v in zip(layout.apart, values, strict=True))
            written += save_figure(_figure(of, gaps_of, layout, title), folder / stem)
    for path in {*earlier} - {*written}:
        path.unlink(missing_ok=True)
    return written


def _in_a_name(value: Any) -> str:
    """A value as a part of a file's name."""
    from ..analysis.labels import value_text

    return re.sub(r"[^\w.+-]", "_", value_text(value))


def _figure(table: pd.DataFrame, paired: pd.DataFrame | None, layout, title: str):
    """A row of measures; with panels a row for each measure, and a column for each value."""
    import matplotlib.pyplot as plt

    from ..analysis.curves import plot_accuracy, plot_measure
    from ..analysis.gap_curves import plot_gap
    from ..analysis.layout import is_value
    from ..analysis.tables import beside_bits

    own = not (layout.hue or layout.panel or table.subset.nunique() > 1)  # a legend for each, where it fits
    beside = beside_bits(table)
    draw: list[tuple[Callable, pd.DataFrame]] = [
        (plot_accuracy, table),
        (lambda of, ax, layout, legend: plot_measure(of, beside, ax, layout, legend=legend), table),
    ]
    if paired is not None and len(paired):
        draw.append((plot_gap, paired))
    if not layout.panel:
        figure, row = plt.subplots(1, len(draw), figsize=(4.2 * len(draw), 4.6), layout="constrained")
        for ax, (plot, rows) in zip(row, draw, strict=True):
            plot(rows, ax, layout, legend=own)
    else:
        panels = layout.values[layout.panel]
        size = (max(2.8 * len(panels) + 0.8, 6.5), 2.6 * len(draw) + 1.2)
        figure, grid = plt.subplots(len(draw), len(panels), figsize=size, layout="constrained", squeeze=False)
        for column, value in zip(grid.T, panels, strict=True):
            shown = table[is_value(table[layout.panel], value)]
            for ax, (plot, rows) in zip(column, draw, strict=True):
                of = rows[is_value(rows[layout.panel], value)]
                if len(of):
                    plot(of, ax, layout, legend=False)
            if len(shown):
                column[0].set_title(layout.named(layout.panel, value, shown), fontsize="medium")
        _share(figure, grid)
    if not own:
        shown = [ax.get_legend_handles_labels() for ax in figure.axes]
        named = {label: handle for handles, labels in shown for handle, label in zip(handles, labels, strict=True)}
        columns = max(2, int(figure.get_figwidth() / 2.4))
        figure.legend(named.values(), named.keys(), loc="outside upper center", ncols=columns, fontsize="small",
                      frameon=False, title=title, title_fontsize="medium")  # fmt: skip
    return figure


def _share(figure, grid) -> None:
    """The same limits in a row, the same x everywhere, and each label once."""
    drawn = [ax for ax in grid.flat if ax.has_data()]
    left, right = zip(*(ax.get_xlim() for ax in drawn), strict=True)
    figure.supxlabel(drawn[0].get_xlabel(), fontsize="medium")
    for row in grid:
        low, high = zip(*(ax.get_ylim() for ax in row if ax.has_data()), strict=True)
        label = next(ax.get_ylabel() for ax in row if ax.has_data())
        for ax in row:
            ax.set(xlim=(min(left), max(right)), ylim=(min(low), max(high)), xlabel="", ylabel="")
            ax.label_outer()
        row[0].set_ylabel(label.replace(" (", "\n("))


def save_figure(figure, stem: Path) -> list[Path]:
    """Write a figure as PNG (200 dots per inch) and PDF, and close it; returns the two paths. stem : without suffix."""
    import matplotlib.pyplot as plt

    paths = [stem.with_name(stem.name + kind) for kind in (".png", ".pdf")]  # a value may have a dot
    for path in paths:
        figure.savefig(path, dpi=200)
    plt.close(figure)
    return paths

"""Pictures of a study, as files."""

from __future__ import annotations

import itertools
import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..analysis.style import DPI, PRINT, Style, figure_style, write_figure
from ..whole_file import replacing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..analysis.layout import Layout

LEAST_PANEL = 38.0  # mm, of an option's values
LETTER = 1.4  # mm, the width of one
NARROW = 16  # letters of a line beside such a panel


@contextmanager
def plain_matplotlib(style: Style = PRINT) -> Iterator[None]:
    """Matplotlib without windows and in a style of ours inside; settings and backend are the caller's afterwards.

    So what a matplotlibrc, a notebook or a session has set changes no picture of ours, and cannot break one.

    Parameters
    ----------
    style : Style
        In which pictures are drawn.
    """
    import matplotlib

    # without choosing one where none is chosen yet
    backend, fallback = (dict.get(matplotlib.rcParams, name) for name in ("backend", "backend_fallback"))
    chosen = getattr(sys.modules.get("matplotlib.pyplot"), "_backend_mod", None)
    try:
        with figure_style(style.name):
            matplotlib.use("agg")
            yield
    finally:
        if isinstance(backend, str):
            if pyplot := sys.modules.get("matplotlib.pyplot"):
                # said before it is loaded: a notebook's own looks whether it is the one, and only then shows figures
                matplotlib.rcParams["backend"] = backend
                pyplot.switch_backend(backend)
            matplotlib.use(backend)
        else:  # matplotlib chooses one when the caller first draws: on a screen one with windows
            dict.__setitem__(matplotlib.rcParams, "backend", backend)
            loaded: Any = sys.modules.get("matplotlib.pyplot")
            if chosen is None and loaded:
                loaded._backend_mod = None
        dict.__setitem__(matplotlib.rcParams, "backend_fallback", fallback)


def draw_accuracy(table: pd.DataFrame, folder: Path, margins: dict[str, float] | None = None,
                  axes: Mapping[str, str] | None = None, style: Style = PRINT) -> list[Path]:  # fmt: skip
    """Draw accuracy.png and .pdf: bits right, the measure that goes with it, and the gap of a comparison, for which
    comparison.csv is written too.

    Of options that vary beside those of the axes every value has a picture of its own, accuracy-OPTION=VALUE.png. Such
    pictures of values that there are no longer are removed.

    Parameters
    ----------
    table : DataFrame
        A study's table (results.csv).
    folder : Path
        Where the pictures go.
    margins : dict or None
        Of equivalence, by measure; None takes those of `analysis.tables`.
    axes : mapping or None
        Of "x", "hue" and "panel", the names of options that vary (`analysis.layout.layout_of`).
    style : Style
        How they are drawn, and as which files.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    ValueError
        If the axes do not fit the table.
    """
    from ..analysis.labels import plain
    from ..analysis.layout import is_value, layout_of
    from ..analysis.tables import gaps, is_comparison

    layout = layout_of(table, axes)
    paired = gaps(table, margins) if is_comparison(table) else None
    earlier = earlier_pictures(folder)
    written, stems = [], set()
    if paired is not None:
        with replacing(folder / "comparison.csv") as new:
            paired.to_csv(new, index=False)
        written.append(folder / "comparison.csv")
    for values in itertools.product(*(layout.values[name] for name in layout.apart)):
        of, gaps_of, stem = table, paired, "accuracy"
        for name, value in zip(layout.apart, values, strict=True):
            of = of[is_value(of[name], value)]
            gaps_of = None if gaps_of is None else gaps_of[is_value(gaps_of[name], value)]
            stem += f"-{name}={_in_a_name(value)}"
        if len(of):
            title = plain(", ".join(layout.named(name, v, of) for name, v in zip(layout.apart, values, strict=True)))
            with plain_matplotlib(style):
                written += save_figure(_figure(of, gaps_of, layout, title, style), folder / stem, style)
            stems.add(stem)
    for path in earlier:
        if path.name.removesuffix(path.suffix) not in stems:
            path.unlink(missing_ok=True)
    return written


def earlier_pictures(folder: Path) -> list[Path]:
    """The pictures of `draw_accuracy` in a folder, in any format."""
    kinds = "|".join(DPI)
    return [path for path in folder.glob("accuracy*") if re.fullmatch(rf"accuracy(-.+=.*)?\.({kinds})", path.name)]


def _in_a_name(value: Any) -> str:
    """A value as a part of a file's name."""
    from ..analysis.labels import value_text

    return re.sub(r"[^\w.+-]", "_", value_text(value))


def _figure(table: pd.DataFrame, paired: pd.DataFrame | None, layout: Layout, title: str, style: Style) -> Figure:
    """A panel for each measure; with panels of an option a row for each measure, and a column for each value."""
    from ..analysis.curves import axis_of, plot_accuracy, plot_measure
    from ..analysis.gap_curves import plot_gap
    from ..analysis.hues import has_bar, hue_bar
    from ..analysis.sheet import legend_of_all
    from ..analysis.tables import beside_bits

    beside = beside_bits(table)
    axes_of = {quantity: axis_of(table, quantity) for quantity in ("accuracy", beside)}

    def bits(of: pd.DataFrame, ax: Axes) -> None:
        plot_accuracy(of, ax, layout, legend=False, axis=axes_of["accuracy"])

    def second(of: pd.DataFrame, ax: Axes) -> None:
        plot_measure(of, beside, ax, layout, legend=False, axis=axes_of[beside])

    def gap(of: pd.DataFrame, ax: Axes) -> None:
        plot_gap(of, ax, layout, legend=False)

    draw: list[tuple[Callable[[pd.DataFrame, Axes], None], pd.DataFrame]] = [(bits, table), (second, table)]
    if paired is not None and len(paired):
        draw.append((gap, paired))
    figure, axes = (_panels if layout.panel else _row)(draw, layout, style)
    if layout.hue and has_bar(layout):
        hue_bar(layout, axes)
    bars = ["bars: 95 % intervals"] if layout.panel else []  # there is little room beside panels
    legend_of_all(figure, axes, "; ".join([*([title] if title else []), *bars]))
    return figure


def _row(draw: Sequence[tuple[Callable, pd.DataFrame]], layout: Layout, style: Style) -> tuple[Figure, list[Axes]]:
    """Measures side by side, as many as the width holds; where nothing varies as high as their rows take."""
    from ..analysis.positions import upright
    from ..analysis.sheet import columns_in, sheet
    from ..analysis.style import panel_letters

    height = 52.0 + LETTER * upright(layout)
    if layout.x not in layout.values:
        rows = max(of[["memory"] * ("memory" in of) + ["third_factor", "subset"]].drop_duplicates().shape[0]
                   * (1 if "memory" in of else 2) for _, of in draw)  # fmt: skip
        height = 18.0 + 9.0 * rows
    figure, axes = sheet(len(draw), style, height_mm=height)
    for ax, (plot, rows_of) in zip(axes, draw, strict=True):
        plot(rows_of, ax)
    if layout.x not in layout.values and columns_in(style, len(draw), 50.0) > 1:
        axes[1].tick_params(labelleft=False)  # the rows of the first
    panel_letters(axes)
    return figure, axes


def _panels(draw: Sequence[tuple[Callable, pd.DataFrame]], layout: Layout, style: Style) -> tuple[Figure, list[Axes]]:
    """A column for each value of the panels' option, in blocks of as many as the width holds; a row for each measure.

    All have the same x, a row's the same y.
    """
    from ..analysis.labels import plain
    from ..analysis.layout import is_value
    from ..analysis.sheet import columns_in, sheet
    from ..analysis.style import panel_letters

    values = layout.values[layout.panel]
    columns = columns_in(style, len(values), LEAST_PANEL)
    blocks = -(-len(values) // columns)
    figure, axes = sheet(columns * blocks * len(draw), style, least_mm=style.width() / columns, height_mm=38.0)
    grid = np.reshape(np.array(axes, dtype=object), (blocks, len(draw), columns))
    for i, value in enumerate(values):
        column = grid[i // columns, :, i % columns]
        for ax, (plot, rows) in zip(column, draw, strict=True):
            of = rows[is_value(rows[layout.panel], value)]
            if len(of):
                plot(of, ax)
        shown = draw[0][1]
        shown = shown[is_value(shown[layout.panel], value)]
        if len(shown):
            column[0].set_title(plain(layout.named(layout.panel, value, shown)))
    for ax in grid[-1, :, (len(values) - 1) % columns + 1 :].flat:
        ax.remove()
    drawn = [ax for ax in axes if ax.has_data()]
    _share(figure, grid, drawn)
    panel_letters([row[0] for block in grid for row in block])
    return figure, drawn


def _share(figure: Figure, grid: np.ndarray, drawn: list[Axes]) -> None:
    """The same limits for a measure, the same x everywhere, and each label once in a block."""
    left, right = zip(*(ax.get_xlim() for ax in drawn), strict=True)
    figure.supxlabel(drawn[0].get_xlabel())
    for measure in range(grid.shape[1]):
        row = [ax for ax in grid[:, measure].flat if ax in drawn]
        low, high = zip(*(ax.get_ylim() for ax in row), strict=True)
        lines = row[0].get_ylabel().replace("(95 % intervals)", "").split("\n")
        label = "\n".join(textwrap.fill(text, NARROW) for text in lines if text)
        for ax in row:
            ax.set(xlim=(min(left), max(right)), ylim=(min(low), max(high)), xlabel="", ylabel="")
        for block in grid[:, measure]:
            block[0].set_ylabel(label)
            for ax in block[1:]:
                ax.tick_params(labelleft=False)
    for block in grid:
        for ax in block[:-1].flat:
            ax.tick_params(labelbottom=False)


def save_figure(figure: Any, stem: Path, style: Style = PRINT) -> list[Path]:
    """Write a figure in the formats of a style, and close it.

    Parameters
    ----------
    figure : Figure
        Drawn inside `plain_matplotlib`.
    stem : Path
        The path of the files without what comes last, such as ".png".
    style : Style
        Whose formats.

    Returns
    -------
    list of Path
        The files.
    """
    import matplotlib.pyplot as plt

    paths = write_figure(figure, stem, style)
    plt.close(figure)
    return paths

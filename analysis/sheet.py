"""A sheet of panels: as many side by side as its width holds, one legend for all, and letters."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.transforms import ScaledTranslation

from .style import PRINT, TWO_COLUMNS, Style

MOST_COLUMNS = 6  # of a legend
FEW = 3  # labels, which one column of a legend may have
BROKEN = 22  # letters of a line where labels are broken
TALLEST = 200.0  # mm: a page, without a legend
LOWEST = 33.0  # mm: the least height of a panel, which holds its label
WIDE = 130.0  # mm: a single panel of this width has its legend at its right
BELOW = 3.6  # sizes of letters: how far below a panel its legend begins


def columns_in(style: Style, n: int, least_mm: float, usual_mm: float = TWO_COLUMNS) -> int:
    """How many of n panels stand side by side.

    Parameters
    ----------
    style : Style
        Whose width they have.
    n : int
        All panels.
    least_mm : float
        The least width of a panel, in mm at the scale of print.
    usual_mm : float
        The width of the sheet where none was asked for.

    Returns
    -------
    int
        1 at least.
    """
    return max(1, min(n, int(style.width(usual_mm) // least_mm)))


def sheet(n: int, style: Style = PRINT, *, least_mm: float = 50.0, height_mm: float = 46.0,
          usual_mm: float = TWO_COLUMNS, **how: Any) -> tuple[Figure, list[Axes]]:  # fmt: skip
    """A new figure with n panels, row by row.

    Parameters
    ----------
    n : int
        Panels.
    style : Style
        Whose width the figure has.
    least_mm, height_mm : float
        The least width of a panel, and its height, in mm at the scale of print. Where they would not fit on a page,
        panels are lower, but not below 33 mm: then it takes more than a page.
    usual_mm : float
        The width of the figure where none was asked for.
    **how
        Goes to `matplotlib.pyplot.subplots`.

    Returns
    -------
    figure : Figure
        With a constrained layout.
    axes : list of Axes
        The panels.
    """
    columns = columns_in(style, n, least_mm, usual_mm)
    rows = -(-n // columns)
    height = max(LOWEST, min(height_mm, TALLEST / rows))
    size: Any = style.inches(style.width(usual_mm), rows * height)
    figure, grid = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False, **how)
    for ax in grid.flat[n:]:
        ax.remove()
    return figure, list(grid.flat[:n])


def legend_of_all(figure: Figure, axes: Sequence[Axes], title: str = "", *, at: str = "upper center") -> Legend | None:
    """One legend for all panels, outside of them, in as many columns as the width holds.

    Where it lies above or below the panels the figure grows by its height. A panel's own legend is removed.

    Parameters
    ----------
    figure : Figure
        With a constrained layout.
    axes : sequence of Axes
        Whose labels it explains, each once.
    title : str
        Of the legend.
    at : str
        "upper center", "lower center" or "right upper".

    Returns
    -------
    Legend or None
        None where nothing has a label.
    """
    named: dict[str, Any] = {}
    for ax in axes:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            named.setdefault(label, handle)
        if (own := ax.get_legend()) is not None:
            own.remove()
    if not named:
        if title:
            figure.suptitle(title)
        return None
    broken = [textwrap.fill(label, BROKEN) for label in named]
    most = 1 if at == "right upper" else min(MOST_COLUMNS, len(named))
    tried: list[tuple[int, list[str]]] = [(columns, [*named]) for columns in range(most, 1, -1)]
    tried += [(2, broken)] * (most > 1 and len(named) > FEW) + [(1, [*named]), (1, broken)]
    for columns, labels in tried:
        where: Any = f"outside {at}"
        legend = figure.legend(list(named.values()), list(labels), loc=where, ncols=columns, title=title or None)
        box = legend.get_window_extent()
        if box.width <= 0.98 * figure.bbox.width or (columns, labels) == tried[-1]:
            break
        legend.remove()
    if at != "right upper":
        figure.set_figheight(figure.get_figheight() + box.height / figure.dpi)
    return legend


def explain(figure: Figure, axes: Sequence[Axes], style: Style = PRINT, *, usual_mm: float = TWO_COLUMNS) -> None:
    """What curves are: in one legend where panels have most of them in common, else below each.

    Parameters
    ----------
    figure : Figure
        Of `sheet`.
    axes : sequence of Axes
        Its panels.
    style : Style
        Of the figure: beside a single panel that is wide there is room for the legend at its right.
    usual_mm : float
        As given to `sheet`.
    """
    every = [ax.get_legend_handles_labels()[1] for ax in axes]
    common = set(every[0]).intersection(*every)
    if any(labels != every[0] for labels in every) and 2 * len(common) <= min(map(len, every)):
        _legends_below(figure, axes)
    else:
        wide = len(axes) == 1 and style.width(usual_mm) >= WIDE
        legend_of_all(figure, axes, at="right upper" if wide else "lower center")


def _legends_below(figure: Figure, axes: Sequence[Axes]) -> None:
    """A legend below each panel, in two columns where they fit; a row of panels grows by its highest."""
    rows: dict[int, float] = {}
    for ax in axes:
        spec: Any = ax.get_subplotspec()
        below = ax.transAxes + ScaledTranslation(0, -BELOW * rcParams["font.size"] / 72, figure.dpi_scale_trans)
        room = figure.bbox.width / spec.get_gridspec().ncols
        for columns in (2, 1):
            legend = ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0), bbox_transform=below, ncols=columns,
                               borderaxespad=0)  # fmt: skip
            box = legend.get_window_extent()
            if box.width <= 0.98 * room:
                break
        rows[spec.rowspan.start] = max(rows.get(spec.rowspan.start, 0.0), box.height / figure.dpi)
    figure.set_figheight(figure.get_figheight() + sum(rows.values()))

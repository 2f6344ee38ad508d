"""Small multiples of gaps, spiking minus rate, on an axis on which one hundredth and one can both be seen."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

LINEAR = 0.02  # gaps up to this have a linear part of the axis
TICKS = (-1, -0.3, -0.1, -0.01, 0, 0.01, 0.1, 1)
BROKEN = 24  # letters of a line of a panel's label
MOST_LEVEL = 22  # letters of ticks that stand side by side


class Gap(NamedTuple):
    """One point: the label of its panel, where it stands along x, its third factor, and the gap with its interval."""

    panel: str
    x: str
    factor: str
    gap: float
    low: float
    high: float


def draw_gaps(gaps: Sequence[Gap], limit: float, path: Path) -> None:
    """A panel for each label, points side by side for each third factor, and a band of ±limit behind them."""
    from bioKV.analysis.colours import GREY, PALE
    from bioKV.analysis.sheet import legend_of_all, sheet
    from bioKV.analysis.style import Style, line, write_figure
    from bioKV.studies.pictures import plain_matplotlib

    style = Style(formats=("png",))
    panels = list(dict.fromkeys(one.panel for one in gaps))
    with plain_matplotlib(style):
        figure, axes = sheet(len(panels), style, least_mm=42, height_mm=42, sharey=True)
        for ax, panel in zip(axes, panels, strict=True):
            points = [one for one in gaps if one.panel == panel]
            ax.axhspan(-limit, limit, color=PALE, linewidth=0, zorder=0, label=f"±{limit:g}")
            ax.axhline(0, color=GREY, linewidth=line(0.6), zorder=1)
            _points(ax, points)
            ax.set_xlabel(_broken(panel))
            if not ax.get_subplotspec().is_first_col():
                ax.tick_params(labelleft=False)
        axes[0].set_yscale("symlog", linthresh=LINEAR, linscale=1.0)
        low, high = min(one.low for one in gaps), max(one.high for one in gaps)
        shown = [tick for tick in TICKS if 1.2 * min(low, -0.1) <= tick <= 1.2 * max(high, 0.1)]
        axes[0].set_yticks(shown, [f"{tick:g}".replace("-", "−") for tick in shown])
        axes[0].minorticks_off()
        axes[0].set_ylim(1.5 * low, 1.5 * high)
        figure.supylabel(f"gap in bits: spiking − rate (95 % intervals)\naxis logarithmic beyond ±{LINEAR:g}")
        legend_of_all(figure, axes)
        write_figure(figure, path.with_suffix(""), style)


def _broken(label: str) -> str:
    """A label in lines that a panel holds; what stands in brackets has its own, and a number keeps its %."""
    parts = label.replace(" %", "\u00a0%").replace(" (", "\n(").split("\n")
    return "\n".join(textwrap.fill(part, BROKEN) for part in parts)


def _points(ax, points: list[Gap]) -> None:
    """Those of one panel; x are words, in their order."""
    from bioKV.analysis.colours import THIRD_FACTOR
    from bioKV.analysis.style import line, marker

    xs = list(dict.fromkeys(one.x for one in points))
    apart = 0.12 if len({one.factor for one in points}) > 1 else 0
    for factor, shift, symbol, filled in (("sequential", -apart, "s", True), ("random", apart, "o", False)):
        mine = [one for one in points if one.factor == factor]
        if mine:
            gap = np.array([one.gap for one in mine])
            ends = np.array([gap - [one.low for one in mine], [one.high for one in mine] - gap])
            colour = THIRD_FACTOR[factor]
            ax.errorbar([xs.index(one.x) + shift for one in mine], gap, yerr=np.maximum(ends, 0), fmt=symbol,
                        color=colour, markerfacecolor=colour if filled else "white", elinewidth=line(0.8),
                        markersize=marker(), label=factor)  # fmt: skip
    level = sum(map(len, xs)) <= MOST_LEVEL
    slanted = {} if level else {"rotation": 45, "ha": "right", "rotation_mode": "anchor"}
    ax.set_xticks(range(len(xs)), xs, **slanted)
    ax.set_xlim(-0.5, len(xs) - 0.5)

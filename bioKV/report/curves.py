"""Measures and gaps against the options that vary, with intervals, to hover over and to click on."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import pandas as pd

from ..analysis.colours import GREY
from ..analysis.labels import LABEL, Y_LABEL
from ..analysis.layout import BESIDE, are_words, is_value, layout_of
from ..analysis.tables import beside_bits, chance, gaps, summary
from .drawer import KIND_OF_GAPS, Drawer
from .finished import FinishedRun
from .strokes import Stroke, of_hue, of_kind

PANELS = 12  # rows of plots; each plot takes a twentieth of a second to build
UNBOUNDED = ("d_prime", "cosine")
SHORT = {"accuracy": "bits", "whole_patterns": "whole patterns"}
SHADE = {"whole_patterns": "#F3F3F3", "accuracy": "#E2E2E2"}
GUESS = {"constant_guess": ("chance: constant guess", "dotted"),
         "stored_guess": ("chance: value of another pair", "dashed")}  # fmt: skip


class Plot(NamedTuple):
    """A plot of a report.

    Parameters
    ----------
    figure : bokeh.plotting.figure
        The plot itself.
    says : str
        What it shows, for those who do not see it.
    """

    figure: Any
    says: str


class Curves(NamedTuple):
    """All curves of a run.

    Parameters
    ----------
    rows : list of tuple of str and list of Plot
        A heading ("" for none), and plots that stand beside each other.
    legend : list of Stroke
        What the strokes of all plots stand for.
    left_out : int
        How many values of options have no plots, since there are too many.
    """

    rows: list[tuple[str, list[Plot]]]
    legend: list[Stroke]
    left_out: int


def curves_of(run: FinishedRun, places: dict[tuple, int], margins: dict[str, float] | None, prefix: str) -> Curves:
    """Draw the measures of a run, and of a comparison its gaps.

    Parameters
    ----------
    run : FinishedRun
        The run.
    places : dict of tuple to int
        Of `places_of`.
    margins : dict of str to float, optional
        As of `analysis.tables.gaps`.
    prefix : str
        Begins the names of the figures.

    Returns
    -------
    Curves
    """
    table = run.table
    chosen = run.record["plan"].get("axes") or {}
    layout = layout_of(table, chosen if run.is_whole else {})
    drawer = Drawer(table, layout, places, prefix)
    paired = gaps(table, margins) if run.is_comparison else None
    apart = [*layout.apart, *([layout.panel] if layout.panel else [])]
    every = list(itertools.product(*(layout.values[name] for name in apart)))
    rows = []
    for values in every[:PANELS]:
        of, of_gaps = table, paired
        for name, value in zip(apart, values, strict=True):
            of = of[is_value(of[name], value)]
            of_gaps = None if of_gaps is None else of_gaps[is_value(of_gaps[name], value)]
        if not len(of):
            continue
        heading = ", ".join(layout.named(name, value, of) for name, value in zip(apart, values, strict=True))
        plots = [_measure(drawer, of, quantity) for quantity in ("accuracy", beside_bits(table))]
        if of_gaps is not None and len(of_gaps):
            plots.append(_gap(drawer, of_gaps))
        rows.append((heading, plots))
    return Curves(rows, list(drawer.legend.values()), max(0, len(every) - PANELS))


def _measure(drawer: Drawer, table: pd.DataFrame, quantity: str) -> Plot:
    """A measure of every memory, with intervals."""
    layout, found = drawer.layout, summary(table, quantity)
    words = drawer.memories if layout.x == "memory" else None
    numbers = words is None and not are_words(layout)  # those alone have an order, and lines
    name = Y_LABEL.get(quantity, quantity)
    made = drawer.figure(name, layout.x_label(table), words)
    if quantity == "accuracy":
        _chance(drawer, made, table)
    curves = drawer.split(found, drawer.kinds)
    for i, (kind, value, of) in enumerate(curves):
        memory, factor, subset = kind
        label = _label(LABEL.get(memory, memory), factor, subset if len(drawer.subsets) > 1 else "")
        own = [f for m, f, s in drawer.kinds if m == memory and s == subset]
        shift = 0.14 * (own.index(factor) - (len(own) - 1) / 2) if words else 0.0
        if not words and not numbers:
            shift = drawer.room(found) * (i - (len(curves) - 1) / 2) / len(curves)
        drawer.draw(made, of, drawer.stroke(kind, value, label, of), of["mean"], shift, line=numbers)
    if quantity not in UNBOUNDED and len(found):
        low = found.low.fillna(found["mean"]).min()
        made.y_range.start = min(0.45 if quantity == "accuracy" else 0.0, max(0.0, low) - 0.02)
        made.y_range.end = 1.03
    elif len(found):
        low, high = found.low.fillna(found["mean"]).min(), found.high.fillna(found["mean"]).max()
        made.y_range.start, made.y_range.end = min(0.0, 1.1 * low), max(0.1, 1.1 * high)
    return Plot(made, f"{name} against {layout.x.replace('_', ' ')}, with 95 % intervals; the table of results below"
                " has the numbers")  # fmt: skip


def _gap(drawer: Drawer, paired: pd.DataFrame) -> Plot:
    """Spiking minus rate, beside the margins of equivalence."""
    from bokeh.models import BoxAnnotation, Span

    layout, shown = drawer.layout, paired[paired.quantity.isin(list(SHORT))]
    words = None if layout.x in layout.values else drawer.factors
    made = drawer.figure("spiking − rate", layout.x_label(paired) if words is None else "third factor", words)
    for quantity, shade in SHADE.items():
        of = shown[shown.quantity == quantity].dropna(subset="margin")
        if len(of):
            margin = float(of.margin.iloc[0])
            made.add_layout(BoxAnnotation(bottom=-margin, top=margin, fill_color=shade, fill_alpha=1, line_color=None,
                                          level="image", propagate_hover=True))  # fmt: skip
            label = f"margin of {SHORT[quantity]}, ±{margin:g}"
            drawer.legend.setdefault(label, Stroke(label, shade, "band"))
    made.add_layout(Span(location=0, dimension="width", line_color=GREY, line_width=1))
    kinds = list(shown[KIND_OF_GAPS].drop_duplicates().itertuples(index=False, name=None))
    groups = drawer.split(shown, kinds)
    step = drawer.room(shown) / max(len(groups), 1)
    for i, (kind, value, of) in enumerate(groups):
        factor, subset, quantity = kind
        second = subset if len(drawer.subsets) > 1 else ""
        label = _label(f"gap in {SHORT[quantity]}", factor, second)
        stroke = of_kind(label, "spiking", factor, drawer.subsets.index(subset) > 0, drawer.memories)
        if layout.hue:
            stroke = of_hue(layout, value, label, kinds.index(kind), False)
        stroke = stroke._replace(is_open=quantity != "accuracy", dash="")
        known = _label(f"gap in {SHORT[quantity]}", second)  # colours are those of the curves
        marker = "square" if layout.hue else stroke.marker
        drawer.legend.setdefault(known, stroke._replace(label=known, colour=GREY, marker=marker))
        drawer.draw(made, of, stroke, of.gap, (i - (len(groups) - 1) / 2) * step, sign="+")
    ends = [*shown.margin.dropna(), *(-shown.low).dropna(), *shown.high.dropna(), *shown.gap.abs()]
    largest = 1.25 * max(ends, default=0.02)
    made.y_range.start, made.y_range.end = -largest, largest
    return Plot(made, "paired gap, spiking minus rate, with 95 % intervals beside the margins of equivalence; the table"
                " of gaps below has the numbers")  # fmt: skip


def _chance(drawer: Drawer, made: Any, table: pd.DataFrame) -> None:
    """What guesses score, a line each, or one at each word."""
    guesses, layout = chance(table), drawer.layout
    for guess, (label, dash) in GUESS.items():
        of = guesses.dropna(subset=guess)
        if not len(of):
            continue
        if layout.x in layout.values:
            means = of.groupby(layout.x, sort=False, dropna=False)[guess].mean().reset_index()
            at = sorted(zip(drawer.at(means), means[guess].tolist(), strict=True))
            lines = [[(x - BESIDE, y), (x + BESIDE, y)] for x, y in at] if are_words(layout) else [at]
        else:
            lines = [[(end, float(of[guess].mean())) for end in (-0.5, len(drawer.memories) - 0.5)]]
        for at in lines:
            made.line(*zip(*at, strict=True), color=GREY, line_dash=dash, line_width=1.2)
        drawer.legend.setdefault(label, Stroke(label, GREY, "", dash))


def _label(*parts: str) -> str:
    return ", ".join(part.replace("_", " ") for part in parts if part)

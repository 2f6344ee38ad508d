"""Measures and gaps against the options that vary, with intervals, to hover over and to click on."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import pandas as pd

from ..analysis.colours import GREY
from ..analysis.labels import LABEL, Y_LABEL, value_text
from ..analysis.layout import Layout, are_numbers, is_value, layout_of
from ..analysis.tables import beside_bits, chance, gaps, keys_of, place_of, summary
from .finished import FinishedRun
from .frame import clickable, frame, plain
from .strokes import Stroke, of_hue, of_kind

HEIGHT = 330
PANELS = 12  # plots of a kind; each takes a twentieth of a second to build
UNBOUNDED = ("d_prime", "cosine")
SHORT = {"accuracy": "bits", "whole_patterns": "whole patterns"}
GUESS = {"constant_guess": "chance: constant guess", "stored_guess": "chance: value of another pair"}


class Plot(NamedTuple):
    """A plot of a report.

    Attributes
    ----------
    figure : bokeh.plotting.figure
    title : str
        Above it.
    says : str
        What it shows, for those who do not see it.
    """

    figure: Any
    title: str
    says: str


class Curves(NamedTuple):
    """All curves of a run.

    Attributes
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
    layout = layout_of(table, run.record["plan"].get("axes") or {})
    drawer = _Drawer(table, layout, places, prefix)
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
        plots = [drawer.measure(of, quantity) for quantity in ("accuracy", beside_bits(table))]
        if of_gaps is not None and len(of_gaps):
            plots.append(drawer.gap(of_gaps))
        rows.append((heading, plots))
    return Curves(rows, list(drawer.legend.values()), max(0, len(every) - PANELS))


class _Drawer:
    """Draws the plots of one study, alike."""

    def __init__(self, table: pd.DataFrame, layout: Layout, places: dict[tuple, int], prefix: str):
        self.layout, self.places, self.prefix = layout, places, prefix
        self.memories, self.subsets = list(table.memory.unique()), list(table.subset.unique())
        self.factors = list(table.third_factor.unique())
        self.legend: dict[str, Stroke] = {}
        self.count = 0
        kinds = table[["memory", "third_factor", "subset"]].drop_duplicates()
        self.kinds = sorted(kinds.itertuples(index=False, name=None), key=lambda kind: kind[0] != "spiking")

    def measure(self, table: pd.DataFrame, quantity: str) -> Plot:
        """A measure of every memory, with intervals."""
        found = summary(table, quantity)
        words = self.memories if self.layout.x == "memory" else None
        made = self._figure(table, Y_LABEL.get(quantity, quantity), words)
        if quantity == "accuracy":
            self._chance(made, table)
        for kind, value, of in self._split(found, [k for k in self.kinds]):
            memory, factor, subset = kind
            label = _label(LABEL.get(memory, memory), factor, subset if len(self.subsets) > 1 else "")
            shift = 0.0
            if words:
                own = [f for m, f, s in self.kinds if m == memory and s == subset]
                shift = 0.14 * (own.index(factor) - (len(own) - 1) / 2)
            stroke = self._stroke(kind, value, label, of)
            self._draw(made, of, stroke, of["mean"], label, shift, line=not words)
        if quantity not in UNBOUNDED and len(found):
            low = found.low.fillna(found["mean"]).min()
            made.y_range.start = min(0.45 if quantity == "accuracy" else 0.0, max(0.0, low) - 0.02)
            made.y_range.end = 1.03
        name = Y_LABEL.get(quantity, quantity)
        return Plot(made, "", f"{name} against {self.layout.x.replace('_', ' ')}, with 95 % intervals; the table of"
                    " results below has the numbers")  # fmt: skip

    def gap(self, paired: pd.DataFrame) -> Plot:
        """Spiking minus rate, beside the margins of equivalence."""
        from bokeh.models import BoxAnnotation, Span

        shown = paired[paired.quantity.isin(list(SHORT))]
        words = None if self.layout.x in self.layout.values else [name for name in self.factors if name]
        made = self._figure(paired, "spiking − rate", words)
        for quantity, shade in (("whole_patterns", "#F3F3F3"), ("accuracy", "#E2E2E2")):
            of = shown[shown.quantity == quantity]
            if len(of):
                margin = float(of.margin.iloc[0])
                made.add_layout(BoxAnnotation(bottom=-margin, top=margin, fill_color=shade, fill_alpha=1,
                                              line_color=None, level="image", propagate_hover=True))  # fmt: skip
                label = f"margin of {SHORT[quantity]}, ±{margin:g}"
                self.legend.setdefault(label, Stroke(label, shade, "band"))
        made.add_layout(Span(location=0, dimension="width", line_color=GREY, line_width=1))
        kinds = list(shown[["third_factor", "subset", "quantity"]].drop_duplicates().itertuples(index=False, name=None))
        groups = self._split(shown, kinds)
        step = self._step(shown, words) * 0.7 / max(len(groups), 1)
        for i, (kind, value, of) in enumerate(groups):
            factor, subset, quantity = kind
            label = _label("gap", SHORT[quantity], factor, subset if len(self.subsets) > 1 else "")
            stroke = of_kind(label, "spiking", factor, self.subsets.index(subset) > 0, self.memories)
            if self.layout.hue:
                stroke = of_hue(self.layout, value, label, kinds.index(kind), False)
            stroke = stroke._replace(is_open=quantity != "accuracy", dash="")
            if not self.layout.hue:
                self.legend.setdefault(label, stroke)
            elif label not in self.legend:
                self.legend[label] = stroke._replace(colour=GREY, marker="square")
            self._draw(made, of, stroke, of.gap, label, (i - (len(groups) - 1) / 2) * step, line=False, sign="+")
        ends = [*shown.margin, *(-shown.low).dropna(), *shown.high.dropna()]
        largest = 1.25 * max(ends, default=0.02)
        made.y_range.start, made.y_range.end = -largest, largest
        return Plot(made, "", "paired gap, spiking minus rate, with 95 % intervals beside the margins of equivalence; the"
                    " table of gaps below has the numbers")  # fmt: skip

    def _figure(self, table: pd.DataFrame, y_label: str, words: list[str] | None) -> Any:
        from bokeh.models import Range1d

        self.count += 1
        made = frame(f"{self.prefix}-curve-{self.count}", HEIGHT, "pan,box_zoom,wheel_zoom,reset,save,tap",
                     y_range=Range1d(0, 1))  # fmt: skip
        made.yaxis.axis_label = plain(y_label)
        names = words if words is not None else self.layout.values.get(self.layout.x, [])
        label = self.layout.x_label(table) if words is None else "third factor" if self.layout.x != "memory" else ""
        if words is not None and self.layout.x == "memory":
            label = "memory" if y_label != "spiking − rate" else "third factor"
        made.xaxis.axis_label = plain(label)
        if not are_numbers(names):
            texts = [value_text(LABEL.get(name, name)).replace("_", " ") for name in names]
            made.x_range = Range1d(-0.5, max(len(names), 1) - 0.5)
            made.xaxis.ticker = list(range(len(names)))
            made.xaxis.major_label_overrides = {i: plain(text) for i, text in enumerate(texts)}
            if sum(map(len, texts)) > 30:
                made.xaxis.major_label_orientation = 0.5
        return made

    def _at(self, of: pd.DataFrame) -> list[float]:
        """Where points stand on x: numbers at their value, words side by side."""
        names = self.layout.values.get(self.layout.x)
        if names is None:
            column, names = ("memory", self.memories) if "memory" in of else ("third_factor", [f for f in self.factors if f])
            return [float(names.index(one)) for one in of[column]]
        if are_numbers(names):
            return [float(one) for one in of[self.layout.x]]
        return [float(names.index(None if one != one else one)) for one in of[self.layout.x]]

    def _step(self, of: pd.DataFrame, words: list[str] | None) -> float:
        """How far neighbours on x are from each other, of which intervals side by side may take some."""
        at = sorted(set(self._at(of)))
        between = min((b - a for a, b in itertools.pairwise(at)), default=1.0)
        return min(between, max(0.1 * (at[-1] - at[0]), 0.1 * between)) if len(at) > 1 and not words else 0.4 * between

    def _split(self, found: pd.DataFrame, kinds: list[tuple]) -> list[tuple[tuple, Any, pd.DataFrame]]:
        """The rows of each curve."""
        names = ["memory", "third_factor", "subset"] if "memory" in found else ["third_factor", "subset", "quantity"]
        parts = []
        for kind in kinds:
            of = found
            for name, value in zip(names, kind, strict=True):
                of = of[of[name] == value]
            values = self.layout.values[self.layout.hue] if self.layout.hue else [None]
            each = [(kind, v, of[is_value(of[self.layout.hue], v)] if self.layout.hue else of) for v in values]
            parts += [one for one in each if len(one[2])]
        return parts

    def _stroke(self, kind: tuple, value: Any, label: str, of: pd.DataFrame) -> Stroke:
        memory, factor, subset = kind
        second = self.subsets.index(subset) > 0
        if not self.layout.hue:
            stroke = of_kind(label, memory, factor, second, self.memories)
            self.legend.setdefault(label, stroke)
            return stroke
        is_open = memory == "rate" and len(self.memories) > 1
        stroke = of_hue(self.layout, value, label, self.kinds.index(kind), is_open)
        self.legend.setdefault(label, stroke._replace(colour=GREY, marker=""))
        hue = self.layout.named(self.layout.hue, value, of)
        self.legend.setdefault(hue, stroke._replace(label=hue, dash="", is_open=False))
        return stroke

    def _draw(self, made: Any, of: pd.DataFrame, stroke: Stroke, means: pd.Series, label: str, shift: float, *,
              line: bool, sign: str = "") -> None:  # fmt: skip
        """A curve with its intervals."""
        from bokeh.models import ColumnDataSource, HoverTool

        at = [one + shift for one in self._at(of)]
        place = place_of(of[[name for name in of if name not in ("quantity", "gap", "margin", "p_equivalence", "outcome")]])
        keys = [self.places.get(key, -1) for key in keys_of(of[place])]
        shown = pd.DataFrame({"x": at, "mean": means.to_numpy(), "low": of.low.to_numpy(), "high": of.high.to_numpy(),
                              "trials": of.trials.to_numpy(), "point": keys}).sort_values("x", kind="stable")  # fmt: skip
        texts = {
            "what": [label] * len(shown),
            "where": [self._where(of.iloc[i]) for i in shown.index],
            "says": [_interval(*row, sign) for row in shown[["mean", "low", "high"]].itertuples(index=False)],
        }
        columns = {name: shown[name].to_list() for name in shown}
        source = ColumnDataSource({**columns, **texts})
        clickable(source, self.prefix)
        if line and stroke.dash:
            made.line("x", "mean", source=source, color=stroke.colour, line_dash=stroke.dash, line_width=1.6,
                      nonselection_line_alpha=1)  # fmt: skip
        made.segment("x", "low", "x", "high", source=source, color=stroke.colour, line_width=1.2,
                     nonselection_line_alpha=1)  # fmt: skip
        fill = "white" if stroke.is_open else stroke.colour
        dots = made.scatter("x", "mean", source=source, marker=stroke.marker, size=9, line_color=stroke.colour,
                            fill_color=fill, line_width=1.6, nonselection_fill_alpha=1, nonselection_line_alpha=1,
                            selection_line_width=4)  # fmt: skip
        made.add_tools(HoverTool(
            renderers=[dots], visible=False, limit=3,
            tooltips=[("", "@what"), ("", "@where"), ("mean", "@says"), ("trials", "@trials")],
        ))  # fmt: skip

    def _where(self, row: pd.Series) -> str:
        return ", ".join(f"{name} = {value_text(row[name])}" for name in self.layout.values) or "all trials"

    def _chance(self, made: Any, table: pd.DataFrame) -> None:
        guesses = chance(table)
        for (guess, label), dash in zip(GUESS.items(), ("dotted", "dashed"), strict=True):
            of = guesses.dropna(subset=guess)
            if not len(of):
                continue
            if self.layout.x in self.layout.values:
                means = of.groupby(self.layout.x, sort=False, dropna=False)[guess].mean().reset_index()
                at = sorted(zip(self._at(means), means[guess].tolist(), strict=True))
            else:
                at = [(-0.5, float(of[guess].mean())), (len(self.memories) - 0.5, float(of[guess].mean()))]
            made.line(*zip(*at, strict=True), color=GREY, line_dash=dash, line_width=1.2)
            self.legend.setdefault(label, Stroke(label, GREY, "", dash))


def _label(*parts: str) -> str:
    return ", ".join(part.replace("_", " ") for part in parts if part)


def _interval(mean: float, low: float, high: float, sign: str) -> str:
    ends = "" if low != low else f" [{low:{sign}.4f}, {high:{sign}.4f}]"
    return f"{mean:{sign}.4f}{ends}"

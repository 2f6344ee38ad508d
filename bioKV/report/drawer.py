"""What all plots of one study share: where points stand, what curves look like, what a hover and a click say."""

from __future__ import annotations

import itertools
from typing import Any

import pandas as pd

from ..analysis.colours import GREY
from ..analysis.labels import LABEL, value_text
from ..analysis.layout import Layout, are_numbers, are_words, is_value
from ..analysis.tables import keys_of, place_of
from .frame import clickable, frame, plain
from .strokes import Stroke, of_hue, of_kind

HEIGHT = 330
KIND = ["memory", "third_factor", "subset"]  # what tells the curves of a measure apart, beside hue
KIND_OF_GAPS = ["third_factor", "subset", "quantity"]


class Drawer:
    """Draws curves into plots of one study, alike in all of them, and notes what the legend has to explain.

    Parameters
    ----------
    table : pandas.DataFrame
        Of the study.
    layout : Layout
        Which option is where in the plots.
    places : dict of tuple to int
        Of `points.places_of`.
    prefix : str
        Begins the names of the figures: "run-1".
    """

    def __init__(self, table: pd.DataFrame, layout: Layout, places: dict[tuple, int], prefix: str):
        self.layout, self.places, self.prefix = layout, places, prefix
        self.memories, self.subsets = list(table.memory.unique()), list(table.subset.unique())
        self.factors = [factor for factor in table.third_factor.unique() if factor]
        kinds = table[KIND].drop_duplicates().itertuples(index=False, name=None)
        self.kinds = sorted(kinds, key=lambda kind: kind[0] != "spiking")
        self.legend: dict[str, Stroke] = {}
        self.count = 0

    def figure(self, y_label: str, x_label: str, words: list[str] | None) -> Any:
        """Make an empty plot.

        Parameters
        ----------
        y_label, x_label : str
            Beside the axes.
        words : list of str or None
            What stands along x where no option varies.

        Returns
        -------
        bokeh.plotting.figure
        """
        from bokeh.models import AllLabels, Range1d

        self.count += 1
        made = frame(f"{self.prefix}-curve-{self.count}", HEIGHT, "pan,box_zoom,wheel_zoom,reset,save,tap",
                     y_range=Range1d(0, 1))  # fmt: skip
        made.yaxis.axis_label, made.xaxis.axis_label = plain(y_label), plain(x_label)
        names = words if words is not None else self.layout.values[self.layout.x]
        if are_numbers(names) and all(float(one).is_integer() for one in names):
            made.xaxis.ticker.min_interval = 1  # there is no half a pair
        if not are_numbers(names):
            texts = [value_text(LABEL.get(name, name)).replace("_", " ") for name in names]
            made.x_range = Range1d(-0.5, max(len(names), 1) - 0.5)
            made.xaxis.major_label_policy = AllLabels()  # no word can be guessed from its neighbours
            made.xaxis.ticker = list(range(len(names)))
            made.xaxis.major_label_overrides = {i: plain(text) for i, text in enumerate(texts)}
            if sum(map(len, texts)) > 30:
                made.xaxis.major_label_orientation = 0.5
        return made

    def at(self, of: pd.DataFrame) -> list[float]:
        """Say where points stand on x: numbers at their value, words side by side.

        Parameters
        ----------
        of : pandas.DataFrame
            With the columns of points.

        Returns
        -------
        list of float
        """
        names = self.layout.values.get(self.layout.x)
        if names is None:
            column, names = ("memory", self.memories) if "memory" in of else ("third_factor", self.factors)
            return [float(names.index(one)) for one in of[column]]
        if are_numbers(names):
            return [float(one) for one in of[self.layout.x]]
        return [float(names.index(None if one != one else one)) for one in of[self.layout.x]]

    def room(self, of: pd.DataFrame) -> float:
        """Say how much of x intervals may take that stand side by side.

        Parameters
        ----------
        of : pandas.DataFrame
            With the columns of points.

        Returns
        -------
        float
        """
        if are_words(self.layout):
            return 0.6  # of the room of a word
        at = sorted(set(self.at(of)))
        between = min((b - a for a, b in itertools.pairwise(at)), default=1.0)
        spread = at[-1] - at[0] if at else 0.0
        return 0.7 * min(between, max(0.1 * spread, 0.1 * between)) if spread else 0.4

    def split(self, found: pd.DataFrame, kinds: list[tuple]) -> list[tuple[tuple, Any, pd.DataFrame]]:
        """Take a table apart into its curves.

        Parameters
        ----------
        found : pandas.DataFrame
            Of a measure, or of gaps.
        kinds : list of tuple
            Values of KIND, or of KIND_OF_GAPS.

        Returns
        -------
        list of tuple
            Kind, value of hue (None without), and rows.
        """
        names = KIND if "memory" in found else KIND_OF_GAPS
        parts = []
        for kind in kinds:
            of = found
            for name, value in zip(names, kind, strict=True):
                of = of[of[name] == value]
            hue = self.layout.hue
            each = [
                (kind, v, of[is_value(of[hue], v)] if hue else of) for v in (self.layout.values[hue] if hue else [None])
            ]
            parts += [one for one in each if len(one[2])]
        return parts

    def stroke(self, kind: tuple, value: Any, label: str, of: pd.DataFrame) -> Stroke:
        """Choose the look of a measure's curve, and note it for the legend.

        Parameters
        ----------
        kind : tuple
            Of KIND.
        value : object
            Of hue; None without.
        label : str
            Of the legend.
        of : pandas.DataFrame
            Its rows.

        Returns
        -------
        Stroke
        """
        memory, factor, subset = kind
        if not self.layout.hue:
            stroke = of_kind(label, memory, factor, self.subsets.index(subset) > 0, self.memories)
            self.legend.setdefault(label, stroke)
            return stroke
        is_open = memory == "rate" and len(self.memories) > 1
        stroke = of_hue(self.layout, value, label, self.kinds.index(kind), is_open)
        self.legend.setdefault(label, stroke._replace(colour=GREY, marker="circle"))
        hue = self.layout.named(self.layout.hue, value, of)
        self.legend.setdefault(hue, stroke._replace(label=hue, dash="", is_open=False))
        return stroke

    def draw(self, made: Any, of: pd.DataFrame, stroke: Stroke, means: pd.Series, shift: float = 0.0, *,
             line: bool = False, sign: str = "") -> None:  # fmt: skip
        """Draw a curve with its intervals; a mark says its numbers, and a click on it shows its trials.

        Parameters
        ----------
        made : bokeh.plotting.figure
            What is drawn into.
        of : pandas.DataFrame
            Its rows, with low, high and trials.
        stroke : Stroke
            Its look.
        means : pandas.Series
            Of the rows.
        shift : float
            Along x.
        line : bool
            Whether neighbours are connected; else the dash of the curve is that of its intervals.
        sign : str
            "+" for numbers that are written with theirs.
        """
        from bokeh.models import ColumnDataSource, HoverTool

        shown = pd.DataFrame({
            "x": [one + shift for one in self.at(of)], "mean": means.to_numpy(), "low": of.low.to_numpy(),
            "high": of.high.to_numpy(), "trials": of.trials.to_numpy(),
            "point": [self.places.get(key, -1) for key in keys_of(of[place_of(of)])],
            "where": [self._where(row) for _, row in of.iterrows()],
        }).sort_values("x", kind="stable")  # fmt: skip
        columns: dict[str, list] = {str(name): shown[name].to_list() for name in shown}
        columns["says"] = [_interval(*ends, sign) for ends in zip(shown["mean"], shown.low, shown.high, strict=True)]
        source = ColumnDataSource({**columns, "what": [stroke.label] * len(shown)})
        clickable(source, self.prefix)
        if line and stroke.dash:
            made.line("x", "mean", source=source, color=stroke.colour, line_dash=stroke.dash, line_width=1.6,
                      nonselection_line_alpha=1)  # fmt: skip
        made.segment("x", "low", "x", "high", source=source, color=stroke.colour, line_width=1.2,
                     line_dash="solid" if line else stroke.dash or "solid", nonselection_line_alpha=1)  # fmt: skip
        dots = made.scatter("x", "mean", source=source, marker=stroke.marker, size=9, line_color=stroke.colour,
                            fill_color="white" if stroke.is_open else stroke.colour, line_width=1.6,
                            nonselection_fill_alpha=1, nonselection_line_alpha=1, selection_line_width=4)  # fmt: skip
        tips = [("", "@what"), ("", "@where"), ("mean", "@says"), ("trials", "@trials")]
        made.add_tools(HoverTool(renderers=[dots], visible=False, limit=3, tooltips=tips))

    def _where(self, row: pd.Series) -> str:
        return ", ".join(f"{name} = {value_text(row[name])}" for name in self.layout.values) or "all trials"


def _interval(mean: float, low: float, high: float, sign: str) -> str:
    ends = "" if low != low else f" [{low:{sign}.4f}, {high:{sign}.4f}]"
    return f"{mean:{sign}.4f}{ends}"

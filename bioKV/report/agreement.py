"""Spiking against rate over all trials: the trials as points, and whole patterns that are right in both, or in one."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from ..analysis.colours import GREY
from ..analysis.tables import keys_of, numbered, place_of
from .finished import FinishedRun
from .frame import clickable, frame, plain
from .points import Point
from .strokes import of_kind


class Shares(NamedTuple):
    """Recalls of a point by where they are right as whole patterns: shares that add up to 1.

    Parameters
    ----------
    name : str
        Of the point.
    both, spiking, rate, neither : float
        Where they are right.
    """

    name: str
    both: float
    spiking: float
    rate: float
    neither: float


def shares_of(run: FinishedRun, points: list[Point]) -> list[Shares]:
    """Share of recalls that are right in both memories, in one, or in none, at every point of a comparison.

    Parameters
    ----------
    run : FinishedRun
        The run.
    points : list of Point
        Of `points_of`.

    Returns
    -------
    list of Shares
        None for a study whose recalls are in groups, each scored by itself.
    """
    table = run.table
    if not run.is_comparison or table.subset.nunique() > 1:
        return []
    of = table[table.quantity.isin(["whole_patterns", "whole_patterns_both"]) & table.memory.isin(["spiking", "rate"])]
    number, _ = numbered(of, place_of(of))
    means = of.value.groupby([number, of.memory.astype(str).to_numpy(), of.quantity.astype(str).to_numpy()]).mean()
    found = []
    for i in sorted(set(number)):
        at = means[i]
        spiking, rate, both = (at[one] for one in (("spiking", "whole_patterns"), ("rate", "whole_patterns"),
                                                   ("spiking", "whole_patterns_both")))  # fmt: skip
        parts = (both, spiking - both, rate - both, 1 - spiking - rate + both)
        found.append(Shares(points[i].name, *(max(0.0, float(part)) for part in parts)))
    return found


def scatter(run: FinishedRun, points: list[Point], places: dict[tuple, int], name: str) -> Any:
    """Draw every trial of a comparison as a point: bits right in rate along x, in spikes along y.

    Parameters
    ----------
    run : FinishedRun
        The run.
    points : list of Point
        Of `points_of`.
    places : dict of tuple to int
        Of `places_of`.
    name : str
        Of the figure.

    Returns
    -------
    bokeh.plotting.figure
        Trials that agree in both numbers, at one point of the study, are one mark; the area grows with their number.
    """
    from bokeh.models import ColumnDataSource, HoverTool, Range1d

    table = run.table
    of = table[(table.quantity == "accuracy") & table.memory.isin(["spiking", "rate"])]
    columns = [*place_of(of), "subset"]
    number, groups = numbered(of, columns)
    wide = of.pivot_table(index=[pd.Series(number, of.index, name="at"), "trial"], columns="memory", values="value",
                          observed=True).dropna().reset_index()  # fmt: skip
    counted = wide.groupby(["at", "rate", "spiking"]).trial.agg(["count", list]).reset_index()
    made = frame(name, 360, "pan,box_zoom,wheel_zoom,reset,save,tap")
    low = min(0.45, float(counted[["rate", "spiking"]].min().min()) - 0.02) if len(counted) else 0.45
    made.x_range, made.y_range = Range1d(low, 1.02), Range1d(low, 1.02)
    made.xaxis.axis_label = plain("rate twin: bits right in a trial")
    made.yaxis.axis_label = plain("spiking: bits right in a trial")
    made.line([low, 1.02], [low, 1.02], color=GREY, line_width=1)
    keys = keys_of(groups)
    for factor, rows in counted.groupby(counted["at"].map(groups.third_factor.astype(str))):
        stroke = of_kind("", "spiking", str(factor), False, ["spiking"])
        at = [places.get(keys[i][:-1], -1) for i in rows["at"]]
        source = ColumnDataSource({
            "x": rows.rate.to_list(), "y": rows.spiking.to_list(), "point": at,
            "size": [min(7 * n**0.5, 30) for n in rows["count"]], "n": rows["count"].to_list(),
            "where": [points[i].name if i >= 0 else "" for i in at],
            "trials": [", ".join(map(str, some[:12])) + (", ..." if len(some) > 12 else "") for some in rows["list"]],
        })  # fmt: skip
        clickable(source, name)
        dots = made.scatter("x", "y", source=source, size="size", marker=stroke.marker, line_color=stroke.colour,
                            fill_color=stroke.colour, fill_alpha=0.25, line_width=1.2, nonselection_fill_alpha=0.25,
                            nonselection_line_alpha=1, selection_line_width=4)  # fmt: skip
        made.add_tools(HoverTool(renderers=[dots], visible=False, limit=3, tooltips=[
            ("", "@where"), ("rate", "@x{0.0000}"), ("spiking", "@y{0.0000}"), ("trials", "@n: @trials"),
        ]))  # fmt: skip
    return made

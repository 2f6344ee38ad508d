"""The grid of a plan: which options vary, and every combination of their values."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..checks import shown

if TYPE_CHECKING:
    from .plan import Plan

AXES = ("x", "hue", "panel")
TRIED = 200  # combinations that are drawn and built before a run
MOST_COMBINATIONS = 100_000


def varying(plan: Plan) -> list[str]:
    """The names of the options that vary: those that are lists, in the order typed, then those of the points."""
    return [*_lists(plan), *(plan.points[0] if plan.points else ())]


def _lists(plan: Plan) -> dict[str, Sequence[Any]]:
    return {name: value for name, value in plan.options.items() if isinstance(value, list | tuple)}


def n_combinations(plan: Plan) -> int:
    """How many there are."""
    return math.prod(map(len, _lists(plan).values())) * max(1, len(plan.points))


def combinations(plan: Plan) -> list[dict[str, Any]]:
    """Every combination of values: all options of the plan, each with one value; one combination if nothing varies.

    The grid of the lists, whose last changes fastest, at the first point, then at the second, and so on.
    """
    lists = _lists(plan)
    return [{**plan.options, **dict(zip(lists, values, strict=True)), **point}
            for point in plan.points or ({},) for values in itertools.product(*lists.values())]  # fmt: skip


def tried(plan: Plan) -> list[dict[str, Any]]:
    """The combinations that stand for a plan before it runs: all of them, up to TRIED.

    Of more, as many as the longest list (or the points) has values: the k-th of them has the k-th value of every list
    and the k-th point, and a list that is over begins again. So every value is among them, though not every pair of
    values.
    """
    if n_combinations(plan) <= TRIED:
        return combinations(plan)
    lists, points = _lists(plan), plan.points or ({},)
    longest = max(len(points), *map(len, lists.values()))
    return [{**plan.options, **{name: values[k % len(values)] for name, values in lists.items()},
             **points[k % len(points)]} for k in range(longest)]  # fmt: skip


def check_grid(plan: Plan) -> None:
    """Raise ValueError for lists or points that cannot vary, axes that show nothing, or too many combinations."""
    from ..analysis.tables import FIXED, GAPS, MEAN  # here, since that loads pandas

    for name, values in _lists(plan).items():
        if not values or repeats(values):
            raise ValueError(f"{name} must be a list of different values; got {shown(list(values))}")
    _check_points(plan)
    for name in varying(plan):
        if name in (*FIXED, *GAPS, *MEAN):
            raise ValueError(f"{name} is a column of results.csv, so that an option of this name cannot vary; another"
                             " name for it would do")  # fmt: skip
    if n_combinations(plan) > MOST_COMBINATIONS:
        raise ValueError(f"{' and '.join(varying(plan))} make {n_combinations(plan):,} combinations; at most"
                         f" {MOST_COMBINATIONS:,} do")  # fmt: skip
    options = varying(plan)
    for axis, name in plan.axes.items():
        if axis not in AXES:
            raise ValueError(f"there is no axis {shown(axis)}; known are {', '.join(AXES)}")
        if name not in options:
            raise ValueError(f"{axis} must be an option that varies; got {shown(name)}, and"
                             f" {' and '.join(options) or 'nothing'} varies")  # fmt: skip
    if repeats(list(plan.axes.values())):
        said = ", ".join(f"{axis} is {name}" for axis, name in plan.axes.items())
        raise ValueError(f"every axis shows another option; {said}")


def _check_points(plan: Plan) -> None:
    for i, point in enumerate(plan.points):
        first = plan.points[0]
        if not point or set(point) != set(first):
            raise ValueError(f"point {i + 1} has {', '.join(point) or 'no options'}, and the first has"
                             f" {', '.join(first) or 'none'}; all points need the same options")  # fmt: skip
        for name, value in point.items():
            if isinstance(value, list | tuple):
                raise ValueError(f"{name} must have one value at every point; got {shown(value)}")
            if name in plan.options:
                raise ValueError(f"{name} is an option of the points and of the others; it can be one of the two")
        if point in plan.points[:i]:
            raise ValueError(f"the points must differ; point {i + 1} is {shown(dict(point))} again")


def repeats(values: Sequence[Any]) -> bool:
    """Whether one comes twice."""
    try:
        return len(set(values)) < len(values)
    except TypeError:  # one cannot be hashed
        return any(value in values[:i] for i, value in enumerate(values))

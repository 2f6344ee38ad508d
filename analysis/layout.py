"""Which option of a study goes where in its pictures: along x, as colours, in panels, or in a picture per value."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Number
from typing import Any, NamedTuple

import pandas as pd

from .labels import values_text, x_label
from .tables import varying

AXES = ("x", "hue", "panel")


class Layout(NamedTuple):
    """The options of a picture by name, "" for none.

    x : "memory" where no option varies. apart : further ones that vary; each of their values has its own picture.
    beside : of options above, those whose value goes with theirs, as n_slots with n_pairs where both change together.
    values : all values of an option, numbers in their order, words in that of the table.
    """

    x: str = "memory"
    hue: str = ""
    panel: str = ""
    apart: tuple[str, ...] = ()
    beside: Mapping[str, tuple[str, ...]] = {}
    values: Mapping[str, list] = {}

    def named(self, option: str, value: Any, points: pd.DataFrame) -> str:
        """A value of an option, as in "n_slots = 40", and what goes with it. points : rows with these columns."""
        of = points[is_value(points[option], value)]
        return ", ".join(values_text(name, of[name].head(1)) for name in (option, *self.beside.get(option, ())))

    def x_label(self, points: pd.DataFrame) -> str:
        """The label of x, with all values of what goes with it. points : rows with these columns."""
        if self.x not in self.values:
            return self.x.replace("_", " ")
        first = points[[self.x, *self.beside.get(self.x, ())]].drop_duplicates(self.x)
        rows = pd.concat([first[is_value(first[self.x], value)] for value in self.values[self.x]])
        others = "; ".join(values_text(name, rows[name]) for name in self.beside.get(self.x, ()))
        return x_label(self.x) + (f"\n(with {others})" if others else "")


def layout_of(table: pd.DataFrame, axes: Mapping[str, str] | None = None) -> Layout:
    """The layout of a study's table: what is chosen, and then the options that vary, in the order of their columns.

    axes : of AXES, the names of options that vary; an empty name chooses nothing. An option that goes with one that is
    placed (to each value of that belongs one of its own) takes no place.
    Raises ValueError for another axis, an option that does not vary, or one that is chosen twice.
    """
    names = varying(table)
    points = table[names].drop_duplicates()
    chosen = {axis: name for axis, name in (axes or {}).items() if name}
    for axis, name in chosen.items():
        if axis not in AXES:
            raise ValueError(f"an axis is {', '.join(AXES)}; got {axis!r}")
        if name not in names:
            known = ", ".join(names) if names else "none does"
            raise ValueError(f"{axis} must be an option that varies ({known}); got {name!r}")
        if list(chosen.values()).count(name) > 1:
            both = " and ".join(one for one in chosen if chosen[one] == name)
            raise ValueError(f"{name} can be one of {both}, not both")
    free = [name for name in names if name not in chosen.values()]
    beside: dict[str, tuple[str, ...]] = {}

    def place(name: str) -> str:
        beside[name] = tuple(other for other in free if _goes_with(points, name, other))
        free[:] = [other for other in free if other not in beside[name]]
        return name

    placed = {axis: place(name) for axis, name in chosen.items()}
    for axis in AXES:
        if axis not in placed and free:
            placed[axis] = place(free.pop(0))
    apart = []
    while free:
        apart.append(place(free.pop(0)))
    values = {name: _in_order(points[name]) for name in names}
    return Layout(**placed, apart=tuple(apart), beside=beside, values=values)


def _goes_with(points: pd.DataFrame, name: str, other: str) -> bool:
    return not points[[name, other]].drop_duplicates()[name].duplicated().any()


def _in_order(column: pd.Series) -> list:
    values = [None if one != one else one for one in column.drop_duplicates().tolist()]
    return sorted(values) if are_numbers(values) else values


def are_numbers(values: list) -> bool:
    """Whether all are numbers (True and False are words)."""
    return all(isinstance(one, Number) and not isinstance(one, bool) for one in values)


def is_value(column: pd.Series, value: Any) -> pd.Series:
    """Where a column has this value, which may be None."""
    return column.isna() if value is None else column == value

"""Which option of a study goes where in its pictures: along x, as colours, in panels, or in a picture per value."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Number
from typing import Any, NamedTuple

import pandas as pd

from ..checks import check_mapping
from .labels import values_text, x_label
from .tables import varying

AXES = ("x", "hue", "panel")
MOST_WORDS = 7  # that have a colour of their own
BESIDE = 0.4  # of the room between words along x: how far a line at one goes on both sides


class Layout(NamedTuple):
    """The options of a picture by name, "" for none.

    Parameters
    ----------
    x : str
        Along x; "memory" where no option varies.
    hue, panel : str
        In colours, and in panels.
    apart : tuple of str
        Further ones that vary; each of their values has its own picture.
    beside : mapping of str to tuple of str
        Of options above, those whose value goes with theirs, as n_slots with n_pairs where both change together.
    values : mapping of str to list
        All values of an option, numbers in their order, words in that of the table.
    """

    x: str = "memory"
    hue: str = ""
    panel: str = ""
    apart: tuple[str, ...] = ()
    beside: Mapping[str, tuple[str, ...]] = {}
    values: Mapping[str, list] = {}

    def named(self, option: str, value: Any, points: pd.DataFrame) -> str:
        """A value of an option, as in "n_slots = 40", and what goes with it.

        Parameters
        ----------
        option : str
            One that varies.
        value : object
            One of its values.
        points : DataFrame
            Rows with the columns of these options.

        Returns
        -------
        str
            For a title or a legend.
        """
        of = points[is_value(points[option], value)]
        return ", ".join(values_text(name, of[name].head(1)) for name in (option, *self.beside.get(option, ())))

    def x_label(self, points: pd.DataFrame) -> str:
        """The label of x, with all values of what goes with it.

        Parameters
        ----------
        points : DataFrame
            Rows with the columns of these options.

        Returns
        -------
        str
            With units.
        """
        if self.x not in self.values:
            return self.x.replace("_", " ")
        first = points[[self.x, *self.beside.get(self.x, ())]].drop_duplicates(self.x)
        rows = pd.concat([first[is_value(first[self.x], value)] for value in self.values[self.x]])
        others = "; ".join(values_text(name, rows[name]) for name in self.beside.get(self.x, ()))
        return x_label(self.x) + (f"\n(with {others})" if others else "")


def layout_of(table: pd.DataFrame, axes: Mapping[str, str] | None = None) -> Layout:
    """The layout of a study's table: what is chosen, and then the options that vary, in the order of their columns.

    An option that goes with one that is placed (to each value of that belongs one of its own) takes no place. Of more
    than seven words, which no colours tell apart, each has a panel and not a colour, unless that was chosen.

    Parameters
    ----------
    table : DataFrame
        A study's table (results.csv), or rows of `tables.summary` or `tables.gaps`.
    axes : mapping of str to str, or None
        Of AXES, the names of options that vary; an empty name chooses nothing.

    Returns
    -------
    Layout
        With all that varies.

    Raises
    ------
    ValueError
        For another axis, an option that does not vary, or one that is chosen twice.
    """
    check_mapping("axes", {} if axes is None else axes)
    names = varying(table)
    points = table[names].drop_duplicates()
    chosen = {axis: name for axis, name in (axes or {}).items() if name}
    _check_axes(chosen, names)
    free = [name for name in names if name not in chosen.values()]
    values = {name: _in_order(points[name]) for name in names}
    beside: dict[str, tuple[str, ...]] = {}

    def place(name: str) -> str:
        beside[name] = tuple(other for other in free if _goes_with(points, name, other))
        free[:] = [other for other in free if other not in beside[name]]
        return name

    placed = {axis: place(name) for axis, name in chosen.items()}
    for axis in AXES:
        many_words = axis == "hue" and bool(free) and len(values[free[0]]) > MOST_WORDS and "panel" not in placed
        if many_words and not are_numbers(values[free[0]]):
            placed["panel"] = place(free.pop(0))
        if axis not in placed and free:
            placed[axis] = place(free.pop(0))
    apart = []
    while free:
        apart.append(place(free.pop(0)))
    return Layout(**placed, apart=tuple(apart), beside=beside, values=values)


def _check_axes(chosen: Mapping[str, str], names: list[str]) -> None:
    for axis, name in chosen.items():
        if axis not in AXES:
            raise ValueError(f"an axis is {', '.join(AXES)}; got {axis!r}")
        if name not in names:
            known = ", ".join(names) if names else "none does"
            raise ValueError(f"{axis} must be an option that varies ({known}); got {name!r}")
        if list(chosen.values()).count(name) > 1:
            both = " and ".join(one for one in chosen if chosen[one] == name)
            raise ValueError(f"{name} can be one of {both}, not both")


def _goes_with(points: pd.DataFrame, name: str, other: str) -> bool:
    return not points[[name, other]].drop_duplicates()[name].duplicated().any()


def _in_order(column: pd.Series) -> list:
    values = [None if one != one else one for one in column.drop_duplicates().tolist()]
    return sorted(values) if are_numbers(values) else values


def are_numbers(values: list) -> bool:
    """Whether all are numbers (True and False are words).

    Parameters
    ----------
    values : list
        Of an option.

    Returns
    -------
    bool
        True for none at all.
    """
    return all(isinstance(one, Number) and not isinstance(one, bool) for one in values)


def are_words(layout: Layout) -> bool:
    """Whether words stand along x, which have no order and no line between them.

    Parameters
    ----------
    layout : Layout
        Of the picture.

    Returns
    -------
    bool
        False for numbers, and where no option varies.
    """
    return not are_numbers(layout.values.get(layout.x, []))


def is_value(column: pd.Series, value: Any) -> pd.Series:
    """Where a column has a value, which may be None.

    Parameters
    ----------
    column : Series
        Of a table.
    value : object
        One that it has.

    Returns
    -------
    Series of bool
        One per row.
    """
    return column.isna() if value is None else column == value

"""The points of a study and their trials: what a click on a curve shows."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from ..analysis.labels import LABEL, value_text
from ..analysis.tables import beside_bits, keys_of, numbered, place_of, varying
from .finished import FinishedRun

MEASURE = {"accuracy": "bits right", "whole_patterns": "whole patterns", "d_prime": "d'", "cosine": "cosine"}
DIGITS = 6  # of a value on the page: a thousandth of what one entry of a trial changes


class Point(NamedTuple):
    """A third factor at one combination of options, with its trials.

    Parameters
    ----------
    name : str
        As a reader knows it.
    trials : list of int
        Numbers of its trials.
    columns : list of tuple of str and list
        What was measured, and a number per trial; None where a trial has none.
    recorded : dict of int to int
        Trial -> its place in the list of recorded trials.
    """

    name: str
    trials: list[int]
    columns: list[tuple[str, list[float | None]]]
    recorded: dict[int, int]


def places_of(run: FinishedRun) -> dict[tuple, int]:
    """Number the points of a run.

    Parameters
    ----------
    run : FinishedRun
        The run.

    Returns
    -------
    dict of tuple to int
        The values of `place_of`'s columns -> number, from 0.
    """
    bits = run.table[run.table.quantity == "accuracy"]
    _, places = numbered(bits, place_of(bits))
    return {key: number for number, key in enumerate(keys_of(places))}


def points_of(run: FinishedRun, at_most: int) -> list[Point]:
    """List the points of a run with the values of their trials.

    Parameters
    ----------
    run : FinishedRun
        The run.
    at_most : int
        How many numbers the page has room for; points beyond that have no trials.

    Returns
    -------
    list of Point
        By their numbers in `places_of`.
    """
    table, beside = run.table, beside_bits(run.table)
    of = table[table.quantity.isin(["accuracy", beside])]
    columns = place_of(table)
    number, places = numbered(of, columns)
    several = table.subset.nunique() > 1
    recorded = _recorded(run, columns)
    found, room = [], at_most
    for i, key in enumerate(keys_of(places)):
        here = of[number == i]
        wide = here.pivot_table(index="trial", columns=["memory", "subset", "quantity"], values="value", sort=False,
                                observed=True, dropna=False).dropna(axis="columns", how="all")  # fmt: skip
        room -= wide.size
        if room < 0:
            found.append(Point(_name(table, columns, key), [], [], {}))
            continue
        named = [(_column(one, several), [_number(value) for value in values]) for one, values in wide.items()]
        found.append(Point(_name(table, columns, key), [int(trial) for trial in wide.index], named,
                           recorded.get(_texts(columns, key), {})))  # fmt: skip
    return found


def name_of_recorded(run: FinishedRun, number: int) -> str:
    """Name a recorded trial.

    Parameters
    ----------
    run : FinishedRun
        The run.
    number : int
        In the list of recorded trials.

    Returns
    -------
    str
    """
    trial = run.recorded[number]
    options = [f"{name} = {value_text(value)}" for name, value in trial.options.items()]
    return ", ".join([*options, trial.third_factor.replace("_", " "), f"trial {trial.number}"])


def _name(table: pd.DataFrame, columns: list[str], key: tuple) -> str:
    several = len(table.third_factor.unique()) > 1 or not varying(table)
    options = [f"{name} = {value_text(value)}" for name, value in zip(columns, key, strict=True)
               if name != "third_factor"]  # fmt: skip
    factor = str(key[0]).replace("_", " ") if several else ""
    return ", ".join([*options, *([factor] if factor else [])]) or "all trials"


def _column(one: Any, several: bool) -> str:
    memory, subset, quantity = one
    return " ".join([LABEL.get(memory, memory), *([subset] if several else []), MEASURE[quantity]])


def _number(value: float) -> float | None:
    return None if value != value else round(float(value), DIGITS)


def _texts(columns: list[str], key: tuple) -> tuple:
    """A point by what is written of it, since run.json and a table have values of different kinds."""
    return tuple(sorted((name, value_text(value)) for name, value in zip(columns, key, strict=True)))


def _recorded(run: FinishedRun, columns: list[str]) -> dict[tuple, dict[int, int]]:
    found: dict[tuple, dict[int, int]] = {}
    for i, trial in enumerate(run.recorded):
        known: dict[str, Any] = {**trial.options, "third_factor": trial.third_factor}
        key = _texts(columns, tuple(known.get(name) for name in columns))
        found.setdefault(key, {})[trial.number] = i
    return found

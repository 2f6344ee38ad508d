"""A window of time: what of a trial is drawn, or counted."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..checks import is_number, shown


def check_span(name: str, span: Any) -> None:
    """Raise ValueError unless span is a start and a later end in milliseconds.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    span : anything
        The argument that came.
    """
    given = tuple(span) if isinstance(span, tuple | list | np.ndarray) else ()
    if len(given) != 2 or not all(is_number(one) for one in given) or not given[0] < given[1]:
        raise ValueError(f"{name} is a start and an end in milliseconds, in this order, such as (0, 600); got"
                         f" {shown(span)}")  # fmt: skip


def checked_time(time_ms: Any, windows_ms: np.ndarray) -> tuple[float, float]:
    """What of a trial is drawn.

    Parameters
    ----------
    time_ms : tuple of float or None
        Start and end in milliseconds; None: the whole trial.
    windows_ms : np.ndarray, shape (T, 2)
        Of the presentations.

    Returns
    -------
    tuple of float
        Start and end.

    Raises
    ------
    ValueError
        If it does not lie within the trial.
    """
    first, last = float(windows_ms[0, 0]), float(windows_ms[-1, 1])
    if time_ms is None:
        return first, last
    check_span("time_ms", time_ms)
    start, stop = map(float, time_ms)
    if not first <= start < stop <= last + 1e-6:
        raise ValueError(f"the time of a raster must lie in {first:g} ms to {last:g} ms, its start before its end; got"
                         f" {start:g} ms to {stop:g} ms")  # fmt: skip
    return start, stop

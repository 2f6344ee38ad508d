"""Brian2's keys of what it has parsed before, made in half the time while our networks are built and run.

Brian2 looks up every piece of code together with all variables of its group, and makes a key of all of them each time.
For a small network this takes longer than anything else. The keys are the same here, entry by entry; only the order of
the questions differs: the kinds that are met most often come first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def quick_keys() -> Iterator[None]:
    """Brian2 makes its keys this way inside, and its own way afterwards."""
    from brian2.units.fundamentalunits import Dimension
    from brian2.utils import caching

    own = caching._hashable
    as_they_are = frozenset({str, bool, int, float, type(None), Dimension})
    nothing = object()

    def key_of(one: Any) -> Any:
        kind = type(one)
        if kind in as_they_are:
            return one
        if kind is tuple or kind is list:
            return tuple([key_of(each) for each in one])
        if kind is dict:
            return frozenset([(key_of(name), key_of(value)) for name, value in one.items()])
        if (state := getattr(one, "_state_tuple", nothing)) is not nothing:
            return key_of(state)
        return own(one)

    caching._hashable = key_of
    try:
        yield
    finally:
        caching._hashable = own

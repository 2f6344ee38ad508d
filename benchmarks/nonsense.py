"""What no function can take, and small things that every function can, for the files `bad_calls*`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from bioKV import Episode, SpikingMemory
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative

NAN, INF = float("nan"), float("inf")
NONSENSE = {
    "a word": "abc", "a dictionary": {}, "an object": object(), "a complex number": 1 + 2j, "nothing": None,
    "dates": np.zeros((2, 6), "M8[s]"), "ragged rows": [[1, 2], [3]], "words": np.array(["a", "b"]), "a class": int,
    "a function": len, "bytes": b"\x00\xff", "a long word": "x" * 5000,
}  # fmt: skip
NO_COUNT = {**NONSENSE, "0": 0, "-1": -1, "2.5": 2.5, "NaN": NAN, "infinity": INF, "True": True, "10**12": 10**12}
NO_SHARE = {**NONSENSE, "-0.1": -0.1, "1.1": 1.1, "NaN": NAN, "infinity": INF}
D, N, M = 6, 5, 6


class Call(NamedTuple):
    """What is called with what, what it is about, and the call."""

    about: str
    name: str
    call: Callable[[], Any]


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


EPISODE = autoassociative(rng(), 3, D)
TRIALS = Episode.stack([autoassociative(np.random.default_rng(k), 3, D) for k in range(3)])
RATE = KeyValueMemory(D, N, M).respond(TRIALS, rng())
SPIKING = SpikingMemory(D, N, M, engine="numpy")
ANSWER = SPIKING.respond(EPISODE, rng(), record=("input", "hidden", "output", "dendrite"))
TWIN = KeyValueMemory(D, N, M).respond(EPISODE.with_third_factor(ANSWER.third_factor), rng())
WORDS = "a word", "a long word"
NO_SWITCH = {**NONSENSE, "2": 2}
OTHER_EPISODES = {**NONSENSE, "another": TRIALS}
ARRAYS = {"one axis": np.ones(4), "NaN": np.full((6, D), NAN), "infinity": np.full((6, D), INF),
          "complex": np.ones((6, D), complex), "empty": np.ones((0, D)), "no width": np.ones((6, 0)),
          "a number": 3.0}  # fmt: skip


def varied(about: str, function: Callable, given: dict[str, Any], name: str, values: dict[str, Any]) -> Iterator[Call]:
    """The function with one argument that it cannot have."""
    for said, value in values.items():
        yield Call(about, f"{name} is {said}", partial(function, **{**given, name: value}))


def without(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {said: value for said, value in values.items() if said not in names}


def each(names: Iterable[str], values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The same values for each of these arguments."""
    return dict.fromkeys(names, values)


def of_each(about: str, function: Callable, given: dict[str, Any], values: dict[str, dict]) -> Iterator[Call]:
    """Each argument in its turn as what it cannot be."""
    for name, wrong in values.items():
        yield from varied(about, function, given, name, wrong)

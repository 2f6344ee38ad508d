"""Malformed calls about what is counted, for `benchmarks.bad_input`: activity, agreement, chance and capacity."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.nonsense import (
    ANSWER,
    EPISODE,
    NAN,
    NO_COUNT,
    NO_SHARE,
    NO_SWITCH,
    NONSENSE,
    OTHER_EPISODES,
    RATE,
    TWIN,
    WORDS,
    Call,
    D,
    M,
    N,
    each,
    of_each,
    rng,
    varied,
    without,
)  # fmt: skip
from bioKV import protocols, units
from bioKV.analysis import (
    activity,
    agreement,
    capacity,
    chance,
    controllers,
    curve_agreement,
    evoked,
    firing,
    psth,
    reference,
    right_slots,
)  # fmt: skip
from bioKV.models import KeyValueMemory


def activities() -> Iterator[Call]:
    for function in (activity.spikes_per_recall, activity.synaptic_events_per_recall):
        yield from of_each(function.__name__, function, {"response": ANSWER},
                           {"response": {**NONSENSE, "of a rate memory": RATE}, "feedback": NO_SWITCH})  # fmt: skip
    peak = {"response": ANSWER, "population": "hidden", "phase": "recall", "stimulus_ms": 100.0}
    for function in (activity.peak_rate_hz, evoked.evoked):
        yield from of_each(function.__name__, function, peak, each(peak, {**NONSENSE, "0": 0}))
    for name in firing.names():
        yield from varied(f"firing.{name}", firing.measure(name), {}, "evoked", NONSENSE)
    for function in (firing.measure, firing.populations):
        yield from varied(f"firing.{function.__name__}", function, {}, "name", NONSENSE)
    yield from of_each("firing.quantity", firing.quantity,
                       {"name": "cv", "population": "hidden", "phase": "store"},
                       each(("name", "population", "phase"), NONSENSE))  # fmt: skip
    histogram = {"response": ANSWER, "population": "hidden", "phase": "recall", "bin_ms": 5.0}
    yield from of_each("psth", psth.psth, histogram, {
        **each(histogram, {**NONSENSE, "0": 0}), "trial": {**without(NONSENSE, "nothing"), "9": 9, "-1": -1},
        "among": {**without(NONSENSE, "nothing"), "of another shape": np.ones((2, 3), bool)},
    })  # fmt: skip
    both = {"spiking": ANSWER, "rate": TWIN, "episode": EPISODE}
    for function in (agreement.kappa, agreement.both_right, agreement.before_parting):
        yield from of_each(function.__name__, function, both,
                           {"spiking": {**NONSENSE, "to another": RATE}, "rate": {**NONSENSE, "to another": RATE},
                            "episode": OTHER_EPISODES})  # fmt: skip
    yield from of_each("plateau_errors", agreement.plateau_errors, {"response": ANSWER, "expected": None},
                       {"response": {**NONSENSE, "a rate memory's": RATE}, "expected": without(NONSENSE, "nothing")})
    for function in (chance.constant_guess, chance.stored_guess):
        yield from of_each(function.__name__, function, {"episode": EPISODE},
                           {"episode": NONSENSE, "subset": without(NONSENSE, "nothing")})  # fmt: skip
    yield from of_each("right_slots", right_slots.right_slots, {"response": ANSWER, "episode": EPISODE},
                       {"response": NONSENSE, "episode": OTHER_EPISODES})  # fmt: skip
    for function in (ANSWER.spikes["hidden"].of_trial, ANSWER.spikes["hidden"].between):
        given = {"trial": 0} if function.__name__ == "of_trial" else {"start_ms": 0.0, "stop_ms": 1.0}
        yield from of_each(f"SpikeTrain.{function.__name__}", function, given,
                           each(given, {**NONSENSE, "NaN": NAN}))  # fmt: skip
    for kind in (units.Time, units.Rate):
        for said, value in {**NONSENSE, "NaN": NAN}.items():
            yield Call("units", f"{kind.__name__} of {said}", partial(units.of_kind, kind, "tau", value))


def capacities() -> Iterator[Call]:
    memory = KeyValueMemory(D, N, M)
    given = {"memory": memory, "protocol": protocols.autoassociative, "rng": rng(), "n_trials": 1, "key_dim": D}
    for name, wrong in {"memory": NONSENSE, "protocol": without(NONSENSE, "a function", "a class"), "rng": NONSENSE,
                        "n_trials": NO_COUNT, "birds": NONSENSE}.items():  # fmt: skip
        for said, value in wrong.items():
            yield Call("accuracy_of", f"{name} is {said}", lambda name=name, value=value: capacity.accuracy_of(
                **{**given, name: value})(2))  # fmt: skip
    yield Call("accuracy_of", "n_pairs is a word", lambda: capacity.accuracy_of(**given)("abc"))
    for function in (capacity.searched_capacity, capacity.noise_free_capacity):
        yield from of_each(function.__name__, function, {"accuracy": lambda n: 0.0, "threshold": 0.98},
                           {"accuracy": without(NONSENSE, "a class", "a function"),
                            "threshold": {**NO_SHARE, "0": 0}})  # fmt: skip
        for said, value in without(NONSENSE, "a class").items():
            yield Call(function.__name__, f"accuracy gives {said}", partial(function, lambda n, value=value: value))
    slope = {"sizes": [10, 20, 30], "capacities": [1, 2, 3], "confidence": 0.95}
    yield from of_each("capacity_slope", capacity.capacity_slope, slope,
                       {"sizes": {**NONSENSE, "NaN": [NAN, 1, 2]}, "capacities": {**NONSENSE, "NaN": [NAN, 1, 2]},
                        "confidence": {**NO_SHARE, "0": 0, "1": 1}})  # fmt: skip
    curve = {"mean": [0.5, 0.6], "error": [0.1, 0.1], "other_mean": [0.5, 0.6], "other_error": [0.1, 0.1]}
    yield from of_each("agreement", curve_agreement.agreement, curve,
                       each(curve, {**NONSENSE, "NaN": [NAN, 1], "one": [0.1]}))  # fmt: skip
    point = {"mean": [0.5], "high": [0.6], "n": [5]}
    yield from of_each("standard_error", curve_agreement.standard_error, point,
                       {**each(point, NONSENSE), "n": {**NONSENSE, "1": [1], "0": [0]}})  # fmt: skip
    yield from of_each("reference_rows", reference.reference_rows, {"figure": "2a"},
                       {"figure": without(NONSENSE, *WORDS), "model": without(NONSENSE, "nothing", *WORDS),
                        "source": NONSENSE})  # fmt: skip
    yield from varied("key_code", controllers.key_code, {}, "keys", {**NONSENSE, "flat": np.ones((2, 3))})


GROUPS = (activities, capacities)
CALLS = [call for group in GROUPS for call in group()]

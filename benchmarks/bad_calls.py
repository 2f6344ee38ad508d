"""Malformed calls from Python, for `benchmarks.bad_input`: arguments of public functions and classes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from benchmarks.nonsense import (
    ANSWER,
    ARRAYS,
    EPISODE,
    INF,
    NAN,
    NO_COUNT,
    NO_SHARE,
    NONSENSE,
    RATE,
    SPIKING,
    TRIALS,
    Call,
    D,
    M,
    N,
    rng,
    varied,
    without,
)  # fmt: skip
from bioKV import Episode, LeastRecentlyUsed, Parameters, Random, Rule, Sequential, SpikingMemory
from bioKV.analysis import equivalence, intervals, measures, votes
from bioKV.models import BAM, TVT, Controller, Hopfield, KeyValueMemory, LearnedMemory, LinearBAM
from bioKV.studies.plan import Plan, check_plan
from bioKV.studies.tasks import find_protocol, protocol_names


def episodes() -> Iterator[Call]:
    given = {"keys": EPISODE.keys, "values": EPISODE.values, "gate": EPISODE.gate, "source": EPISODE.source}
    for name in given:
        yield from varied("Episode", Episode, given, name, {**NONSENSE, **without(ARRAYS, "a number")})
    yield from varied("Episode", Episode, given, "feedback", {**without(NONSENSE, "nothing"), "one axis": np.ones(4)})
    yield from varied("Episode", Episode, given, "subset", {**without(NONSENSE, "nothing"), "-1": -1, "9": 9})
    yield from varied("Episode", Episode, given, "local_third_factor", {**without(NONSENSE, "nothing"), **ARRAYS})
    yield from varied("Episode", Episode, given, "source", {"later": np.arange(6) + 1, "halves": np.full(6, 0.5)})
    yield from varied("Episode.stack", Episode.stack, {}, "episodes", {**NONSENSE, "none": [], "numbers": [1, 2]})
    yield from varied("Episode.trials", TRIALS.trials, {}, "which", {**NONSENSE, "99": 99, "-9": -9, "NaN": NAN})


def memories() -> Iterator[Call]:
    made: list[tuple[Any, dict[str, Any]]] = [
        (KeyValueMemory, {"key_dim": D, "n_slots": N, "value_dim": M}), (LinearBAM, {"key_dim": D, "value_dim": M}),
        (LearnedMemory, {"key_dim": D, "n_slots": N, "value_dim": M}), (Hopfield, {"key_dim": D}),
        (BAM, {"key_dim": D, "value_dim": M}), (TVT, {"key_dim": D, "n_slots": N}),
        (SpikingMemory, {"key_dim": D, "n_slots": N, "value_dim": M}),
    ]  # fmt: skip
    for make, given in made:
        for name in given:
            yield from varied(make.__name__, make, given, name, NO_COUNT)
        memory = make(**given, engine="numpy") if make is SpikingMemory else make(**given)
        about = f"{make.__name__}."
        wrong = {**NONSENSE, **ARRAYS}
        yield from varied(about + "store", memory.store, {"key": np.ones(D), "value": np.ones(M)}, "key", wrong)
        yield from varied(about + "store", memory.store, {"key": np.ones(D), "value": np.ones(M)}, "value", wrong)
        yield from varied(about + "recall", memory.recall, {}, "query", wrong)
        yield from varied(about + "respond", memory.respond, {"episode": EPISODE, "rng": rng()}, "episode", NONSENSE)
        yield from varied(about + "respond", memory.respond, {"episode": TRIALS}, "rng",
                          {**NONSENSE, "a seed": 3, "too few": [rng()]})  # fmt: skip
        yield from varied(about + "begin", memory.begin, {"n_trials": 2, "rng": rng()}, "n_trials",
                          {} if make is SpikingMemory else NO_COUNT)  # fmt: skip
        other = make(**{name: size + 2 for name, size in given.items()}).begin(1, rng())
        for ask in (memory.weights, partial(memory.save, "state.npz")):
            yield from varied(about + "weights and save", ask, {}, "state",
                              {**without(NONSENSE, "nothing"), "of other sizes": other})  # fmt: skip
        step = {"state": memory.begin(1, rng()), "key": np.ones((1, D)), "value": np.ones((1, M)), "gate": np.ones(1)}
        yield Call(about + "step", "state is of other sizes", partial(memory.step, **{**step, "state": other}))
        for name in step:
            yield from varied(about + "step", memory.step, step, name, {**NONSENSE, **ARRAYS})
    slots = {"key_dim": D, "n_slots": N, "value_dim": M}
    for make in (KeyValueMemory, LearnedMemory, SpikingMemory):
        yield from varied(make.__name__, make, slots, "third_factor", without(NONSENSE, "nothing"))
    for make in (KeyValueMemory, SpikingMemory):
        yield from varied(make.__name__, make, slots, "stability_threshold",
                          {**without(NONSENSE, "nothing"), "0": 0, "NaN": NAN, "three": (1, 2, 3)})  # fmt: skip
    for name in ("rule", "parameters", "mechanisms", "engine", "seed", "workers"):
        may_be_nothing = ("nothing",) if name not in ("mechanisms", "engine") else ()
        values = without(NONSENSE, *may_be_nothing, *(("a dictionary",) if name == "mechanisms" else ()))
        yield from varied("SpikingMemory", SpikingMemory, slots, name, values)
    yield from varied("LearnedMemory", LearnedMemory, slots, "rule", without(NONSENSE, "nothing"))
    for field in ("eta_k", "decay", "a_fk", "b_gv", "axon"):
        for said, value in {**NONSENSE, "NaN": NAN, "infinity": INF, "a shape": np.ones((3, 3, 3))}.items():
            rule = Rule()._replace(**{field: value})
            yield Call("Rule", f"{field} is {said}", partial(LearnedMemory, **slots, rule=rule))
    for field in ("tau_drive", "dt", "theta", "release_failure", "neurons_per_slot", "stimulus_time"):
        for said, value in {**NONSENSE, "NaN": NAN, "-1": -1, "infinity": INF}.items():
            parameters = Parameters()._replace(**{field: value})
            yield Call("Parameters", f"{field} is {said}", partial(SpikingMemory, **slots, parameters=parameters))
    asked = {"episode": EPISODE, "rng": rng()}
    for name in ("record", "traces"):
        yield from varied("SpikingMemory.respond", SPIKING.respond, asked, name,
                          without(NONSENSE, "a dictionary"))  # fmt: skip
        yield from varied("SpikingMemory.network", SPIKING.network, asked, name,
                          without(NONSENSE, "a dictionary"))  # fmt: skip
    yield from varied("Controller", Controller, {"parameters": None}, "memory", NONSENSE)


def factors() -> Iterator[Call]:
    for value in (*({**NO_SHARE}.items()), ("two", (0.1, 0.2)), ("a table", np.ones((2, 2)))):
        yield Call("Random", f"p is {value[0]}", partial(Random(value[1]).begin, 1, N, rng()))
    for factor in (Sequential(), Random(0.1), LeastRecentlyUsed()):
        yield from varied(f"{type(factor).__name__}.begin", factor.begin, {"n_slots": N, "rng": rng()}, "n_trials",
                          NO_COUNT)  # fmt: skip
        yield from varied(f"{type(factor).__name__}.begin", factor.begin, {"n_trials": 2, "rng": rng()}, "n_slots",
                          NO_COUNT)  # fmt: skip


def tasks() -> Iterator[Call]:
    for name in protocol_names():
        protocol = find_protocol(name)
        yield from varied(name, protocol, {}, "rng", {**NONSENSE, "a seed": 3})
    for field, values in {
        "protocol": {**NONSENSE, "a path": "none.py"}, "memories": {**NONSENSE, "none": (), "two": ("rate", "rate")},
        "third_factors": {**NONSENSE, "none": ()}, "trials": NO_COUNT, "engine": NONSENSE,
        "seed": without(NO_COUNT, "0", "10**12"), "options": without(NONSENSE, "a dictionary"),
        "patterns": {**without(NONSENSE, "nothing"), **ARRAYS},
        "mechanisms": {**without(NONSENSE, "a dictionary"), "a word": ("abc",)},
    }.items():  # fmt: skip
        for said, value in values.items():
            plan = Plan("autoassociative")._replace(**{field: value})
            yield Call("Plan", f"{field} is {said}", partial(check_plan, plan))


def measures_and_intervals() -> Iterator[Call]:
    both = {"response": RATE, "episode": TRIALS}
    for quantity in measures.names():
        for name in both:
            yield from varied(quantity, measures.measure(quantity), both, name, NONSENSE)
        yield from varied(quantity, measures.measure(quantity), both, "subset", without(NONSENSE, "nothing"))
    for interval in (intervals.fraction_interval, intervals.gap_interval, intervals.t_interval):
        about = interval.__name__
        yield from varied(about, interval, {}, "values" if interval is not intervals.gap_interval else "differences",
                          {**NONSENSE, "none": [], "NaN": [NAN, 0.5], "infinity": [INF, 0.5]})  # fmt: skip
        given = {"values" if interval is not intervals.gap_interval else "differences": [0.5, 0.7]}
        yield from varied(about, interval, given, "confidence", {**NO_SHARE, "0": 0, "1": 1})
    pairs = {"spiking": [0.5, 0.7, 0.6], "rate": [0.5, 0.8, 0.7]}
    for name in pairs:
        yield from varied("equivalence", equivalence.equivalence, pairs, name,
                          {**NONSENSE, "none": [], "two": [0.5, 1]})  # fmt: skip
    yield from varied("equivalence", equivalence.equivalence, pairs, "margin",
                      {**NONSENSE, "0": 0, "-1": -1, "NaN": NAN})  # fmt: skip
    votes_given = {"votes": ANSWER.counts["votes"], "softmax": ANSWER.hidden, "episode": EPISODE}
    for function in (votes.argmax_share, votes.excess_kl, votes.inverse_temperature):
        for name in votes_given:
            yield from varied(function.__name__, function, votes_given, name, NONSENSE)


GROUPS = (episodes, memories, factors, tasks, measures_and_intervals)
CALLS = [call for group in GROUPS for call in group()]

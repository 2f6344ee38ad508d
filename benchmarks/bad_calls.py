"""Malformed calls from Python, for `benchmarks.bad_input`: arguments of public functions and classes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from bioKV import Episode, LeastRecentlyUsed, Parameters, Random, Rule, Sequential, SpikingMemory, units
from bioKV.analysis import activity, equivalence, intervals, matrices, measures, psth, raster, task, traces, votes
from bioKV.models import BAM, TVT, Controller, Hopfield, KeyValueMemory, LearnedMemory, LinearBAM
from bioKV.network import Part
from bioKV.protocols import autoassociative
from bioKV.studies.plan import Plan, check_plan
from bioKV.studies.tasks import find_protocol, protocol_names

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
ARRAYS = {"one axis": np.ones(4), "NaN": np.full((6, D), NAN), "infinity": np.full((6, D), INF),
          "complex": np.ones((6, D), complex), "empty": np.ones((0, D)), "no width": np.ones((6, 0)),
          "a number": 3.0}  # fmt: skip


def varied(about: str, function: Callable, given: dict[str, Any], name: str, values: dict[str, Any]) -> Iterator[Call]:
    """The function with one argument that it cannot have."""
    for said, value in values.items():
        yield Call(about, f"{name} is {said}", partial(function, **{**given, name: value}))


def without(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {said: value for said, value in values.items() if said not in names}


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
        step = {"state": memory.begin(1, rng()), "key": np.ones((1, D)), "value": np.ones((1, M)), "gate": np.ones(1)}
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


def networks() -> Iterator[Call]:
    network = SPIKING.blueprint()
    names = {**without(NONSENSE, "nothing"), "3": 3, "a near name": "hiden", "a part": Part(), "none": None}
    for change in (network.adding, network.replacing):
        given = {"owner": "hidden", "name": "escape noise" if change == network.replacing else "mine", "part": Part()}
        yield from varied(change.__name__, change, given, "owner", names)
        yield from varied(change.__name__, change, given, "part", NONSENSE)
    for change in (network.replacing, network.changing):
        yield from varied(change.__name__, change, {"owner": "hidden", "part": Part()}, "name", names)
    for field in Part._fields:
        values = without(NONSENSE, *(("a dictionary",) if isinstance(getattr(Part(), field), dict) else ()))
        yield from varied("changing", network.changing, {"owner": "hidden", "name": "escape noise"}, field, values)
    for said, name in names.items():
        yield Call("removing", f"owner is {said}", partial(network.removing, name, "escape noise"))
        yield Call("removing", f"name is {said}", partial(network.removing, "hidden", name))
        yield Call("without", f"bundle is {said}", partial(network.without, name))
        for ask in (network.owner, network.size, network.connected, network.n_synapses, network.listed):
            yield Call(ask.__name__, f"name is {said}", partial(ask, name))
        yield Call("wired", f"bundle is {said}", partial(network.wired, name, delay=0.001))
        yield Call("resized", f"population is {said}", partial(network.resized, name, 3))
    yield from varied("resized", network.resized, {"population": "hidden"}, "size", NO_COUNT)
    for field in ("source", "target", "pattern", "weights", "delay", "birds"):
        yield from varied("wired", network.wired, {"bundle": "key"}, field, NONSENSE)
    for said, one in without(NONSENSE, "nothing").items():
        yield Call("having", f"a population is {said}", partial(network.having, mine=one))
    yield from varied("from_json", network.from_json, {}, "text", NONSENSE)


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


def pictures() -> Iterator[Call]:
    for function in (activity.spikes_per_recall, activity.synaptic_events_per_recall):
        yield from varied(function.__name__, function, {}, "response", {**NONSENSE, "of a rate memory": RATE})
    peak = {"response": ANSWER, "population": "hidden", "phase": "recall", "stimulus_ms": 100.0}
    for name in peak:
        yield from varied("peak_rate_hz", activity.peak_rate_hz, peak, name, NONSENSE)
    shown = {"response": ANSWER, "episode": EPISODE}
    for function in (raster.plot_raster, traces.plot_traces):
        for name in shown:
            yield from varied(function.__name__, function, shown, name, {**NONSENSE, "a rate memory's": RATE})
    yield from varied("plot_raster", raster.plot_raster, shown, "trial", {**NONSENSE, "9": 9, "-1": -1, "2.5": 2.5})
    for name in ("populations", "order"):
        yield from varied("plot_raster", raster.plot_raster, shown, name, NONSENSE)
    yield from varied("plot_task", task.plot_task, {"episode": EPISODE}, "episode", NONSENSE)
    yield from varied("plot_task", task.plot_task, {"episode": EPISODE}, "trial", {**NONSENSE, "9": 9, "-1": -1})
    histogram = {"response": ANSWER, "population": "hidden", "phase": "recall", "bin_ms": 5.0}
    for name in histogram:
        yield from varied("psth", psth.psth, histogram, name, {**NONSENSE, "0": 0})
    of_weights = {"memory": SPIKING, "episode": EPISODE, "n_steps": 2, "rng": rng()}
    yield from varied("weights_after", matrices.weights_after, of_weights, "n_steps", {**NONSENSE, "99": 99, "-1": -1})
    yield from varied("weights_after", matrices.weights_after, of_weights, "episode", NONSENSE)
    yield from varied("SpikeTrain.of_trial", ANSWER.spikes["hidden"].of_trial, {}, "trial", NONSENSE)
    for kind in (units.Time, units.Rate):
        for said, value in {**NONSENSE, "NaN": NAN}.items():
            yield Call("units", f"{kind.__name__} of {said}", partial(units.of_kind, kind, "tau", value))


GROUPS = (episodes, memories, networks, factors, tasks, measures_and_intervals, pictures)
CALLS = [call for group in GROUPS for call in group()]

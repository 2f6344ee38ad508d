"""Malformed calls about networks, for `benchmarks.bad_input`: blueprints, parts, patterns, mechanisms and runs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from benchmarks.nonsense import (
    ARRAYS,
    EPISODE,
    INF,
    NAN,
    NO_COUNT,
    NO_SHARE,
    NONSENSE,
    SPIKING,
    Call,
    D,
    M,
    N,
    rng,
    varied,
    without,
)  # fmt: skip
from bioKV import SpikingMemory, units
from bioKV.network import Blueprint, Bundle, Event, Mechanism, Neurons, Part, Pathway, chain, pairs, sparse
from bioKV.network.mechanisms.assembly import Assembly
from bioKV.network.mechanisms.delays import Delays
from bioKV.network.mechanisms.imperfect import Imperfect
from bioKV.network.mechanisms.rule import SpikingRule
from bioKV.network.mechanisms.short_term_depression import ShortTermDepression
from bioKV.network.mechanisms.stability import Stability
from bioKV.network.patterns import Pattern, connected
from bioKV.network.regimes import parameters_of_regime

NETWORK = SPIKING.blueprint()
NAMES = {**without(NONSENSE, "nothing"), "3": 3, "a near name": "hiden", "a part": Part(), "none": None}
NO_TEXT = without({**NONSENSE, "3": 3}, "a word", "a long word")
NO_NUMBER = {**NONSENSE, "NaN": NAN, "infinity": INF, "-1": -1}
COUNT = Part("n_all : 1", at={"spike": "n_all += 1"}, keeps=("n_all",))


class Mine(Mechanism):
    """A mechanism whose methods return whatever one wants."""

    def __init__(self, **returned: Any):
        self.returned = returned
        self.needs, self.turn = returned.get("needs", ()), returned.get("turn", 50)

    def adjust(self, parameters):
        return self.returned.get("adjust", parameters)

    def add(self, network):
        return self.returned.get("add", network)

    def settings(self, network, values):
        return self.returned.get("settings", {})

    def start(self, network, begun, rng):
        return {**begun, **found} if isinstance(found := self.returned.get("start", {}), dict) else found


def blueprints() -> Iterator[Call]:
    for change in (NETWORK.adding, NETWORK.replacing):
        given = {"owner": "hidden", "name": "escape noise" if change == NETWORK.replacing else "mine", "part": Part()}
        yield from varied(change.__name__, change, given, "owner", NAMES)
        yield from varied(change.__name__, change, given, "part", NONSENSE)
    yield from varied("adding", NETWORK.adding, {"owner": "hidden", "part": Part()}, "name", NO_TEXT)
    for change in (NETWORK.replacing, NETWORK.changing):
        yield from varied(change.__name__, change, {"owner": "hidden", "part": Part()}, "name", NAMES)
    for field in Part._fields:
        values = without(NONSENSE, *(("a dictionary",) if isinstance(getattr(Part(), field), dict) else ()))
        yield from varied("changing", NETWORK.changing, {"owner": "hidden", "name": "escape noise"}, field, values)
    yield from varied("changing", NETWORK.changing, {"owner": "hidden", "name": "escape noise"}, "modle", NONSENSE)
    for said, name in NAMES.items():
        yield Call("removing", f"owner is {said}", partial(NETWORK.removing, name, "escape noise"))
        yield Call("removing", f"name is {said}", partial(NETWORK.removing, "hidden", name))
        yield Call("without", f"bundle is {said}", partial(NETWORK.without, name))
        for ask in (NETWORK.owner, NETWORK.size, NETWORK.connected, NETWORK.n_synapses, NETWORK.listed):
            yield Call(ask.__name__, f"name is {said}", partial(ask, name))
        yield Call("wired", f"bundle is {said}", partial(NETWORK.wired, name, delay=0.001))
        yield Call("resized", f"population is {said}", partial(NETWORK.resized, name, 3))
    yield from varied("resized", NETWORK.resized, {"population": "hidden"}, "size", NO_COUNT)
    for field in ("source", "target", "pattern", "weights", "delay", "parts", "birds"):
        yield from varied("wired", NETWORK.wired, {"bundle": "key"}, field,
                          without(NONSENSE, *(("a dictionary",) if field == "parts" else ())))  # fmt: skip
    for said, one in without(NONSENSE, "nothing").items():
        yield Call("having", f"a population is {said}", partial(NETWORK.having, mine=one))
    texts = {**NONSENSE, "no blueprint": "[]", "numbers": "[1, 2, 3, 4, 5, 6]", "an object": '{"a": 1}',
             "deep": "[" * 9999, "no parts": '[[1, 1, 1], 1, 1, {"a": [1, {"b": 3}]}, {}, {}]'}  # fmt: skip
    yield from varied("from_json", NETWORK.from_json, {}, "text", texts)
    fields = NETWORK._asdict()
    for field in ("sizes", "dt", "window", "neurons", "bundles", "values"):
        empty = ("a dictionary",) if isinstance(fields[field], dict) else ()
        for said, value in without(NONSENSE, *empty).items() if field != "values" else ():  # which are set anew
            yield Call("Blueprint", f"{field} is {said}", partial(changed_by, Blueprint(**{**fields, field: value})))


def changed_by(network: Any) -> Any:
    """A memory whose mechanism puts this in the place of its network."""
    return SpikingMemory(D, N, M, engine="numpy", mechanisms=[Mine(add=network)])


def parts() -> Iterator[Call]:
    neurons, bundle = {"size": 3, "parts": {"mine": COUNT}}, {"source": "input", "target": "hidden", "parts": {}}
    for name in neurons:
        for said, value in without(NO_COUNT if name == "size" else NONSENSE, "a dictionary").items():
            mine = Neurons(**{**neurons, name: value})
            yield Call("Neurons", f"{name} is {said}", partial(NETWORK.having, mine=mine))
    for name in (*bundle, "pattern", "weights", "delay"):
        for said, value in without(NONSENSE, *(("a dictionary",) if name == "parts" else ())).items():
            yield Call("Bundle", f"{name} is {said}", partial(NETWORK.having, mine=Bundle(**{**bundle, name: value})))
    for said, value in NONSENSE.items():
        for owner, of in (("hidden", Neurons(3, {"mine": value})), ("key", Bundle("input", "hidden", {"mine": value}))):
            yield Call(owner, f"a part is {said}", partial(NETWORK.having, mine=of))
    for said, value in NO_TEXT.items():
        for field, part in {
            "at": Part(at={"onset": value}),
            "the name in at": Part(at={value: "x = 1"} if hashable(value) else {3: "x"}),
            "condition": Part("v_mine : 1", events={"mine": Event(value)}),
            "when": Part("v_mine : 1", events={"mine": Event("v_mine > 1", value)}),
            "random": Part("v_mine : 1", random={"v_mine": value}),
            "links": Part("v_mine : 1 (linked)", links={"v_mine": value}), "keeps": Part("v_mine : 1", keeps=(value,)),
        }.items():  # fmt: skip
            yield Call("Part", f"{field} is {said}", partial(adding, part))
        for field in Pathway._fields:
            part = Part(pathways={"pre": Pathway(**{field: value})})
            yield Call("Pathway", f"{field} is {said}", partial(adding, part, "key"))
        yield Call("Pathway.and_then", f"other is {said}", partial(Pathway().and_then, value))
    for said, value in without(NO_NUMBER, "-1").items():
        yield Call("Part.first", said, partial(adding, Part("v_mine : 1", first={"v_mine": value})))
    for model in ("dv/dt = -v : 1 : 1", "dv/dt = -v", "v : 1 : 2", "x" * 5000, f"dv/dt = {'x' * 5000} : 1"):
        yield Call("Part.model", model[:20], partial(adding, Part(model)))
    for end in ("sauce", "input"):
        yield Call("Pathway", f"end is {end}", partial(adding, Part(pathways={"mine": Pathway(end, "spike")}), "key"))
    yield Call("Pathway", "its event is unknown",
               partial(adding, Part(pathways={"mine": Pathway("source", "spick")}), "key"))  # fmt: skip
    never = Event("v_mine > 1", "never")
    yield Call("Event", "when is unknown", partial(adding, Part("v_mine : 1", events={"mine": never})))
    yield Call("Part.first", "of another size", partial(adding, Part("v_mine : 1", first={"v_mine": np.ones(3)})))


def adding(part: Part, owner: str = "hidden") -> Any:
    """A memory with one more part."""
    return changed_by(NETWORK._replace(values={}).adding(owner, "mine", part))


def hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def patterns() -> Iterator[Call]:
    yield from varied("chain", chain, {}, "per_group", NO_COUNT)
    yield from varied("sparse", sparse, {"p": 0.5, "seed": 1}, "p", NO_SHARE)
    yield from varied("sparse", sparse, {"p": 0.5, "seed": 1}, "seed", without(NO_COUNT, "0", "10**12"))
    numbers = {**without(NONSENSE, "nothing"), "halves": [0.5, 1], "NaN": [NAN, 1], "-1": [-1, 0],
               "bools": [True, False], "two axes": np.ones((1, 2), int), "nothing": None, "3": [1, 2, 3]}  # fmt: skip
    for name in ("i", "j"):
        yield from varied("pairs", pairs, {"i": [0, 1], "j": [1, 0]}, name, numbers)
    for said, name in NAMES.items():
        yield Call("Pattern", f"name is {said}", partial(NETWORK.wired, "key", pattern=Pattern(name)))
    for name in ("chain", "sparse", "pairs"):
        for said, value in NONSENSE.items():
            pattern = Pattern(name, (value, value) if name != "chain" else (value,))
            yield Call("Pattern", f"numbers of {name} are {said}", partial(NETWORK.wired, "opponent", pattern=pattern))
    for name in ("n_source", "n_target"):
        yield from varied("connected", connected, {"pattern": chain(), "n_source": 4, "n_target": 4}, name, NO_COUNT)
    far = pairs([0, 99], [0, 1])
    yield Call("wired", "pairs that are not there", lambda: changed_by(NETWORK.wired("opponent", pattern=far)))


def mechanisms() -> Iterator[Call]:
    for kind, given in (
        (ShortTermDepression, {"utilisation": 0.2, "tau_recovery": 100 * units.ms}), (Assembly, {"per_slot": 2}),
        (Delays, {"longest": 0.001, "spread": 0.1}), (Stability, {"key": 1.0, "value": 1.0}),
        (SpikingRule, {"rule": None}),
        (Imperfect, {"input_irregularity": 0.1, "heterogeneity": 0.1, "dead_share": 0.1, "weight_levels": 2}),
    ):  # fmt: skip
        for name in given:
            for said, value in NO_NUMBER.items():
                yield Call(kind.__name__, f"{name} is {said}", partial(one, kind, {**given, name: value}))
    for what in ("add", "adjust", "settings", "start", "needs", "turn"):
        empty = ("a dictionary",) if what in ("settings", "start") else ()
        for said, value in without(NONSENSE, *empty).items():
            yield Call("Mechanism", f"{what} gives {said}",
                       partial(SpikingMemory, D, N, M, engine="numpy", mechanisms=[Mine(**{what: value})]))  # fmt: skip
    for what in ("settings", "start"):
        for said, value in NO_NUMBER.items():
            if said != "-1":
                mine = Mine(**{what: {"hidden.tau_drive" if what == "settings" else "hidden.v": value}})
                yield Call("Mechanism", f"{what} sets {said}",
                           partial(SpikingMemory, D, N, M, engine="numpy", mechanisms=[mine]))  # fmt: skip
            if hashable(value):
                mine = Mine(**{what: {value: 1.0}})
                yield Call("Mechanism", f"{what} sets the name {said}",
                           partial(SpikingMemory, D, N, M, engine="numpy", mechanisms=[mine]))  # fmt: skip
    for said, name in {**NONSENSE, "a near one": "iregular"}.items():
        yield Call("regimes", f"name is {said}", partial(parameters_of_regime, name))
        yield Call("SpikingMemory", f"regime is {said}", partial(SpikingMemory, D, N, M, regime=name, engine="numpy"))


def one(kind: Any, given: dict[str, Any]) -> Any:
    """A memory with a mechanism."""
    return SpikingMemory(D, N, M, engine="numpy", mechanisms=[kind(**given)])


def runs() -> Iterator[Call]:
    prepared = SPIKING.network(EPISODE, rng())
    for said, value in without(NONSENSE, "a dictionary").items():  # of objects, which an empty one is
        yield Call("PreparedRun.add", f"an object is {said}", partial(prepared.add, value))
    yield Call("PreparedRun.response", "before run()", prepared.response)
    yield from varied("PreparedRun.run", prepared.run, {}, "progress", without(NONSENSE, "a class", "a function"))
    no_function = without(NONSENSE, "a class", "a function")
    for name, values in (("say", no_function), ("progress", without(no_function, "nothing"))):
        yield from varied("SpikingMemory.respond", SPIKING.respond, {"episode": EPISODE, "rng": rng()}, name, values)
    yield from varied("SpikingMemory.structure", SPIKING.structure, {}, "episode", NONSENSE)
    yield from varied("SpikingMemory.structure", SPIKING.structure, {"episode": EPISODE}, "record",
                      without(NONSENSE, "a dictionary"))  # fmt: skip
    yield from varied("SpikingMemory.choose_engine", SPIKING.choose_engine, {}, "n_steps", without(NO_COUNT, "10**12"))
    for name in ("feedback", "imposed", "graded"):
        yield from varied("SpikingMemory.blueprint", SPIKING.blueprint, {}, name, NONSENSE)
    yield from varied("SpikingMemory.weights", SPIKING.weights, {}, "state", {**NONSENSE, **ARRAYS})


GROUPS = (blueprints, parts, patterns, mechanisms, runs)
CALLS = [call for group in GROUPS for call in group()]

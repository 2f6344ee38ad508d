"""Malformed calls about what is learned, for `benchmarks.bad_input`: rules, controllers and the key of a TVT."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from benchmarks.nonsense import (
    EPISODE,
    INF,
    NAN,
    NO_COUNT,
    NO_SWITCH,
    NONSENSE,
    OTHER_EPISODES,
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
from bioKV import LeastRecentlyUsed, Rule, Sequential
from bioKV.learning.fit import fit
from bioKV.learning.train_controller import train_controller
from bioKV.learning.train_tvt import train_tvt
from bioKV.models import BAM, Controller, KeyValueMemory, LearnedMemory, LinearBAM
from bioKV.models.binary_channel import BinaryChannel
from bioKV.models.controller import Heads, draw_parameters
from bioKV.protocols import autoassociative, copy_paste

NO_FUNCTION = without(NONSENSE, "a function", "a class")
NO_RATE = {**NONSENSE, "0": 0, "-1": -1, "NaN": NAN, "infinity": INF}
NO_TASK = {**NO_FUNCTION, "of nothing": lambda rng: None, "of a number": lambda rng: 3, "of no rng": lambda: EPISODE}
NOT_A_MEMORY = {**NONSENSE, "a class of memories": KeyValueMemory}


def present(stream: np.random.Generator) -> Any:
    return autoassociative(stream, 2, D)


def task(stream: np.random.Generator) -> Any:
    return copy_paste(stream, 2, 3)


def rules() -> Iterator[Call]:
    counts = each(("n_slots", "n_steps", "batch"), without(NO_COUNT, "10**12"))
    given = {"rule": Rule(axon=0.0), "present": present, "n_slots": N, "n_steps": 1, "batch": 1}
    yield from of_each("fit", fit, given, {
        **counts, "rule": NONSENSE, "present": NO_TASK, "third_factor": {**without(NONSENSE, "nothing"),
        "one that needs answers": LeastRecentlyUsed()}, "trainable": {**NONSENSE, "unknown": ("eta",)},
        "learning_rate": NO_RATE, "seed": {**NONSENSE, "-1": -1, "0.5": 0.5}, "carry": NO_SWITCH,
        "patience": {**without(NONSENSE, "nothing"), "0": 0}, "device": {**NONSENSE, "unknown": "tpu"},
        "checkpoint": {"3": 3, "a dictionary": {}, "in no folder": "none/there/file", "a folder": "."},
        "progress": without(NO_FUNCTION, "nothing"),
    })  # fmt: skip
    memory = LearnedMemory(D, N, M)
    yield from varied("LearnedMemory.with_rule", memory.with_rule, {}, "rule", NONSENSE)


def controllers() -> Iterator[Call]:
    counts = each(("steps", "batch", "starts"), without(NO_COUNT, "10**12"))
    memory = LinearBAM(6, 6)
    given = {"memory": memory, "task": task, "rng": rng(), "steps": 1, "batch": 1}
    yield from of_each("train_controller", train_controller, given, {
        **counts, "memory": {**NOT_A_MEMORY, "without gradients": BAM(6, 6)}, "task": NO_TASK, "rng": NONSENSE,
        "learning_rate": NO_RATE, "last_learning_rate": NO_RATE, "clip": NO_RATE, "report": NO_FUNCTION,
        "parameters": without(NONSENSE, "nothing"), "trainable": {**NONSENSE, "unknown": ("eta",)},
    })  # fmt: skip
    of_tvt = {"n_slots": N, "task": present, "rng": rng(), "steps": 1, "batch": 1}
    yield from of_each("train_tvt", train_tvt, of_tvt,
                       {**each(("n_slots", "steps", "batch"), without(NO_COUNT, "10**12")), "task": NO_TASK,
                        "rng": NONSENSE, "learning_rate": NO_RATE})  # fmt: skip
    drawn = {"memory": memory, "key_dim": D, "value_dim": M, "rng": rng()}
    yield from of_each("draw_parameters", draw_parameters, drawn,
                       {"memory": NOT_A_MEMORY, "key_dim": NO_COUNT, "value_dim": NO_COUNT, "rng": NONSENSE})
    heads = draw_parameters(memory, D, M, rng())
    yield from of_each("Controller", Controller, {"memory": memory, "parameters": heads},
                       {"memory": NOT_A_MEMORY, "parameters": NONSENSE})  # fmt: skip
    for name in Heads._fields:
        for said, value in {**NONSENSE, "NaN": np.full((2, 2), NAN), "of another shape": np.ones((2, 2))}.items():
            yield Call("Heads", f"{name} is {said}", partial(Controller, memory, heads._replace(**{name: value})))
    controller = Controller(memory, heads)
    yield from varied("Controller.begin", controller.begin, {"n_trials": 1, "rng": rng()}, "n_trials", NO_COUNT)
    yield from varied("Controller.begin", controller.begin, {"n_trials": 1}, "rng", NONSENSE)
    state = controller.begin(1, rng())
    yield from of_each("Controller.step", controller.step, {"state": state, "x": np.ones((1, D))},
                       {"state": NONSENSE, "x": {**NONSENSE, "NaN": np.full((1, D), NAN), "short": np.ones((1, 2))}})
    for ask in (controller.respond, controller.follow):
        yield from of_each(f"Controller.{ask.__name__}", ask, {"episode": EPISODE, "rng": rng()},
                           {"episode": without(OTHER_EPISODES, "another"), "rng": NONSENSE})  # fmt: skip
    yield from varied("Controller.weights", controller.weights, {}, "state", NONSENSE)
    yield from of_each("BinaryChannel", BinaryChannel, {"memory": memory},
                       {"memory": NOT_A_MEMORY, "slope": without(NO_RATE, "nothing")})  # fmt: skip
    channel = BinaryChannel(KeyValueMemory(D, N, M, Sequential()))
    step = {"state": channel.begin(1, rng()), "key": np.ones((1, D)), "value": np.ones((1, M)), "gate": np.ones(1)}
    yield from of_each("BinaryChannel.step", channel.step, step, each(step, {**NONSENSE, "short": np.ones((1, 2))}))
    yield from varied("BinaryChannel.weights", channel.weights, {}, "state", NONSENSE)


GROUPS = (rules, controllers)
CALLS = [call for group in GROUPS for call in group()]

"""Malformed calls about files, for `benchmarks.bad_input`: what is saved, loaded, exported and read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.nonsense import ANSWER, EPISODE, NONSENSE, RATE, SPIKING, TRIALS, Call, D, M, N, rng, varied, without
from bioKV import Rule, SpikingResponse, export, read_results
from bioKV.export.to_neo import to_neo
from bioKV.models import BAM, TVT, Controller, Hopfield, KeyValueMemory, LearnedMemory, LinearBAM
from bioKV.models.controller import draw_parameters
from bioKV.models.tvt import TrainedKey, load_key, save_key

NO_PATH = {**without(NONSENSE, "a word", "a long word"), "3": 3, "empty": "", "of a 0 byte": "a\0b", "True": True,
           "too long": "x" * 5000, "in no folder": "none/there/file", "below a file": f"{__file__}/file"}  # fmt: skip
NOT_WRITTEN = {**NO_PATH, "a folder": ".", "the root": "/"}
NOT_READ = {**NO_PATH, "not there": "none.npz", "a folder": "/usr", "of another kind": __file__,
            "no format": "/dev/null"}  # fmt: skip


def memories() -> Iterator[Call]:
    slots = KeyValueMemory(D, N, M), LearnedMemory(D, N, M), TVT(D, N), SPIKING
    for memory in (*slots, LinearBAM(D, M), Hopfield(D), BAM(D, M)):
        about = type(memory).__name__
        yield from varied(f"{about}.save", memory.save, {}, "path", NOT_WRITTEN)
        yield from varied(f"{about}.load", memory.load, {}, "path", NOT_READ)
    linear = LinearBAM(D, M)
    controller = Controller(linear, draw_parameters(linear, D, M, rng()))
    yield from varied("Controller.save", controller.save, {}, "path", NOT_WRITTEN)
    yield from varied("Controller.load", Controller.load, {"memory": linear}, "path", NOT_READ)
    yield from varied("Rule.save", Rule().save, {}, "path", NOT_WRITTEN)
    yield from varied("Rule.load", Rule.load, {}, "path", NOT_READ)
    for field in Rule._fields:
        for said, value in {**NONSENSE, "NaN": np.nan, "empty": []}.items():
            yield Call("Rule.save", f"{field} is {said}", partial(Rule(**{field: value}).save, "rule.json"))
    trained = TrainedKey(np.eye(D), 1.0)
    yield from varied("save_key", save_key, {"trained": trained}, "path", NOT_WRITTEN)
    yield from varied("save_key", save_key, {"path": "key.json"}, "trained", NONSENSE)
    yield from varied("load_key", load_key, {}, "path", NOT_READ)


def exports() -> Iterator[Call]:
    episodes = {**without(NONSENSE, "nothing"), "another one": TRIALS}
    responses = {**NONSENSE, "of a rate memory": RATE, "without spikes": SPIKING.respond(EPISODE, rng())}
    for write in (export.csv, export.npz, export.nix, export.nwb):
        given: dict[str, Any] = {"response": ANSWER, "path": "file"}
        about = write.__name__
        yield from varied(about, write, given, "response",
                          responses if write is not export.npz else without(responses, "without spikes"))  # fmt: skip
        yield from varied(about, write, given, "path", NOT_WRITTEN)
        if write is not export.csv:
            yield from varied(about, write, given, "episode", episodes)
        if write in (export.nix, export.nwb):
            yield from options(about, partial(write, **given))
        if write in (export.npz, export.nwb):
            yield from varied(about, write, given, "weights",
                              {**without(NONSENSE, "nothing"), "one": (np.ones((1, N, D)),)})  # fmt: skip
    for made in (export.to_pandas, export.to_neo):
        yield from varied(made.__name__, made, {}, "response", responses)
    yield from varied("to_neo", to_neo, {"response": ANSWER}, "episode", episodes)
    yield from options("to_neo", partial(to_neo, ANSWER))
    yield from varied("npz", export.npz, {"response": ANSWER, "path": "file"}, "about",
                      {**without(NONSENSE, "nothing", "a dictionary"), "without names": {(1, 2): 3}})  # fmt: skip
    yield from varied("nix", export.nix, {"response": ANSWER, "path": "file"}, "per_neuron", NONSENSE)
    yield from varied("export.load", export.load, {}, "path", NOT_READ)
    yield from varied("SpikingResponse.load", SpikingResponse.load, {}, "path", NOT_READ)
    yield from varied("SpikingResponse.save", ANSWER.save, {}, "path", NOT_WRITTEN)
    yield from varied("SpikingResponse.save", ANSWER.save, {"path": "file"}, "episode", episodes)
    yield from varied("SpikingResponse.to_neo", ANSWER.to_neo, {}, "episode", episodes)


def options(about: str, export_: Any) -> Iterator[Call]:
    """What else exports are told."""
    yield from varied(about, export_, {}, "options", {**without(NONSENSE, "nothing", "a dictionary"), 
                      "too many": {"a": [1, 2]}, "ragged rows": {"a": [[1, 2], [3]]}, "numbered": {1: 2}})  # fmt: skip
    yield from varied(about, export_, {}, "record", {**without(NONSENSE, "nothing", "a dictionary"),
                      "another file": {"plan": 3}, "numbered": {1: 2}})  # fmt: skip
    yield from varied(about, export_, {}, "third_factor", without({**NONSENSE, "3": 3}, "a word", "a long word"))


def tables() -> Iterator[Call]:
    for said, value in NOT_READ.items():
        yield Call("read_results", f"a folder is {said}", partial(read_results, value))
    yield Call("read_results", "none", read_results)
    yield Call("read_results", "a list", partial(read_results, ["a", "b"]))
    yield Call("read_results", "twice", partial(read_results, Path("a"), "a"))


GROUPS = (memories, exports, tables)
CALLS = [call for group in GROUPS for call in group()]

"""Every argument of every protocol and rate memory, given what it cannot be: one sentence that names it."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from bioKV import Random
from bioKV.analysis.capacity import accuracy_of, searched_capacity
from bioKV.models import BAM, TVT, Hopfield, KeyValueMemory, LearnedMemory
from bioKV.protocols import continual, flashbulb, heteroassociative
from bioKV.studies.tasks import find_protocol, protocol_names

NAN, INF = float("nan"), float("inf")
NONSENSE = ("abc", {}, object(), 1 + 2j, -1, NAN, INF, np.array([[0.5, 0.25], [1, 2]]))
WHOLE = {"n_pairs", "n_patterns", "n_steps", "n_flashbulb", "delay", "key_dim", "value_dim", "n_slots", "pattern_dim"}
MAY_BE_NONE = {"patterns", "value_patterns", "third_factor", "stability_threshold", "weight_bound", "strength of tvt",
               "key of tvt",
               "value_dim of hopfield", "value_dim of tvt", "n_steps of continual", "n_steps of hopfield",
               "n_steps of bam", "dtype"}  # fmt: skip
MEMORIES = {
    "rate": (KeyValueMemory, {"key_dim": 6, "n_slots": 5, "value_dim": 4}), "hopfield": (Hopfield, {"key_dim": 6}),
    "bam": (BAM, {"key_dim": 6, "value_dim": 4}), "tvt": (TVT, {"key_dim": 6, "n_slots": 5}),
    "learned": (LearnedMemory, {"key_dim": 6, "n_slots": 5, "value_dim": 4}),
}  # fmt: skip


def arguments():
    for protocol in protocol_names():
        function = find_protocol(protocol)
        for name in inspect.signature(function).parameters:
            yield pytest.param(function, {"rng": np.random.default_rng(0)}, name, protocol, id=f"{protocol}-{name}")
    for memory, (make, needed) in MEMORIES.items():
        for name in inspect.signature(make).parameters:
            yield pytest.param(make, needed, name, memory, id=f"{memory}-{name}")


def refusal(call):
    with pytest.raises(ValueError) as caught:  # noqa: PT011  (the caller looks at the sentence)
        call()
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize(("function", "needed", "name", "owner"), list(arguments()))
def test_nonsense_is_refused_with_the_arguments_name(function, needed, name, owner):
    values = [*NONSENSE]
    if not {name, f"{name} of {owner}"} & MAY_BE_NONE:
        values.append(None)
    if name in WHOLE:
        values += [0, 2.5, True, "5", 10**12]
    for value in values:
        sentence = refusal(lambda value=value: function(**{**needed, name: value}))
        assert name in sentence, (value, sentence)


METHODS = {
    "n_trials": lambda memory, bad: memory.begin(bad, np.random.default_rng(0)),
    "rng": lambda memory, bad: memory.begin(2, bad),
    "Episode": lambda memory, bad: memory.respond(bad, np.random.default_rng(0)),
    "key": lambda memory, bad: memory.store(bad, np.ones(memory.value_dim)),
    "value": lambda memory, bad: memory.store(np.ones(6), bad),
    "gate": lambda memory, bad: memory.store(np.ones(6), np.ones(memory.value_dim), bad),
    "query": lambda memory, bad: memory.recall(bad),
}


@pytest.mark.parametrize("owner", MEMORIES)
@pytest.mark.parametrize("name", METHODS)
def test_nonsense_is_refused_by_the_methods_too(owner, name):
    make, needed = MEMORIES[owner]
    for value in (*NONSENSE, None):
        assert name in refusal(lambda value=value: METHODS[name](make(**needed), value))


@pytest.mark.parametrize("owner", MEMORIES)
@pytest.mark.parametrize("name", ["state", "key", "value", "gate", "gamma"])
def test_a_step_looks_at_what_it_is_given(owner, name):
    make, needed = MEMORIES[owner]
    memory = make(**needed)
    fits = {"state": memory.begin(2, np.random.default_rng(0)), "key": np.ones((2, 6)), "gate": np.ones(2),
            "value": np.ones((2, memory.value_dim)), "gamma": None}  # fmt: skip
    memory.step(**fits)
    for value in (*NONSENSE, np.full((2, 6), NAN), -np.ones(2)):
        assert name in refusal(lambda value=value: memory.step(**{**fits, name: value}))


def test_a_slot_has_a_plateau_or_none():
    memory = KeyValueMemory(2, 3, 2)
    with pytest.raises(ValueError, match="gamma must be 0 or 1"):
        memory.step(memory.begin(1, np.random.default_rng(0)), np.ones((1, 2)), np.ones((1, 2)), np.ones(1),
                    np.full((1, 3), 0.5))  # fmt: skip


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda rng: Random("abc").begin(1, 3, rng), "p must be an array of numbers; got 'abc'"),
        (lambda rng: Random(None).begin(1, 3, rng), "p must be an array of numbers; got None"),
        (lambda rng: searched_capacity(lambda n: 0.0, "high"), r"threshold is an accuracy .*; got 'high'"),
        (lambda rng: accuracy_of(BAM(4, 4), heteroassociative, 5), "rng must be a numpy.random.Generator.*; got 5"),
        (lambda rng: continual(rng, length_factor=1e300), r"length_factor must give 1 to 1,000,000,000 steps; 1e\+300"),
        (lambda rng: continual(rng, length_factor=1e-9), "length_factor must give 1 to .* steps; 1e-09 gives 1e-06"),
        (lambda rng: flashbulb(rng, n_steps=None), "n_steps must be a whole number above 0; got None"),
        (lambda rng: heteroassociative(rng, value_patterns=np.ones((30, 3))),
         "value_patterns have 3 entries but value_dim is 20"),
        (lambda rng: continual(rng, n_steps=60, patterns=np.ones((59, 40))), "n_steps is 60 but there are only 59"),
        (lambda rng: Hopfield(4, dtype=int), "dtype must be one of floating-point numbers.*; got <class 'int'"),
    ],
)  # fmt: skip
def test_the_sentence_says_what_would_do(call, sentence, rng):
    with pytest.raises(ValueError, match=sentence):
        call(rng)

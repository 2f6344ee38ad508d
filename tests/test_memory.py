"""A memory at the prompt: store and recall by hand, save it, take it up again."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV import LeastRecentlyUsed, Random, Sequential
from bioKV.models import KeyValueMemory

KEYS = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]], dtype=float)  # any two are orthogonal
VALUES = np.array([[1, 1, 1], [1, -1, 1], [-1, -1, 1], [-1, 1, -1]], dtype=float)


def memory(third_factor=None, n_slots=3) -> KeyValueMemory:
    return KeyValueMemory(4, n_slots, 3, third_factor)


def keys_in_slots(memory) -> list:
    """For each slot, which of KEYS it holds (None: none)."""
    K, _ = memory.weights(memory.state)
    held = [[i for i, key in enumerate(KEYS) if (key == row).all()] for row in K[0]]
    return [found[0] if found else None for found in held]


def test_what_was_stored_by_hand_is_recalled():
    m = memory()
    for key, value in zip(KEYS[:3], VALUES[:3], strict=True):
        m.store(key, value)
    for key, value in zip(KEYS[:3], VALUES[:3], strict=True):
        np.testing.assert_array_equal(np.sign(m.recall(key)), value)


def test_part_of_a_key_is_enough():
    m = memory()
    for key, value in zip(KEYS[:3], VALUES[:3], strict=True):
        m.store(key, value)
    np.testing.assert_array_equal(np.sign(m.recall([0, -1, 1, -1])), VALUES[1])


@pytest.mark.parametrize("third_factor", [Sequential(), LeastRecentlyUsed()], ids=lambda f: f.name)
def test_a_recall_by_hand_does_not_advance_the_slot_counter(third_factor):
    m = memory(third_factor)
    for key, value in zip(KEYS[:3], VALUES[:3], strict=True):
        m.store(key, value)
        m.recall(KEYS[0])
        m.recall(KEYS[3])
    assert keys_in_slots(m) == [0, 1, 2]


def test_random_plateaus_at_the_prompt_are_the_same_with_and_without_recalls_between():
    quiet, asked = memory(Random(0.5)), memory(Random(0.5))
    for m in (quiet, asked):
        m.reset(np.random.default_rng(7))
        for key, value in zip(KEYS, VALUES, strict=True):
            m.store(key, value)
            if m is asked:
                m.recall(key)
    for a, b in zip(quiet.weights(quiet.state), asked.weights(asked.state), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_memory_that_was_recalled_by_hand_is_kept_by_least_recently_used():
    m = memory(LeastRecentlyUsed())
    for key, value in zip(KEYS[:3], VALUES[:3], strict=True):
        m.store(key, value)
    m.recall(KEYS[0])
    m.store(KEYS[3], VALUES[3])
    assert keys_in_slots(m) == [0, 3, 2]


def test_a_weak_gate_stores_weakly():
    m = memory()
    m.store(KEYS[0], VALUES[0], gate=0.25)
    K, _ = m.weights(m.state)
    np.testing.assert_array_equal(K[0, 0], KEYS[0] / 4)


def test_reset_forgets_everything_and_starts_at_the_first_slot():
    m = memory()
    m.store(KEYS[0], VALUES[0])
    m.reset()
    assert m.recall(KEYS[0]).tolist() == [0, 0, 0]
    m.store(KEYS[1], VALUES[1])
    assert keys_in_slots(m) == [1, None, None]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: m.store(np.ones(5), VALUES[0]), r"key has shape \(5,\) but this memory takes \(4,\)"),
        (lambda m: m.store(KEYS[0], VALUES[0][:2]), r"value has shape \(2,\) but this memory takes \(3,\)"),
        (lambda m: m.recall(KEYS[:1]), r"query has shape \(1, 4\) but this memory takes \(4,\)"),
        (lambda m: m.store([1, np.nan, 1, 1], VALUES[0]), "key must be finite numbers; entry 1 is not"),
        (lambda m: m.store(KEYS[0], [1, 1, np.inf]), "value must be finite numbers; entry 2 is not"),
        (lambda m: m.store(KEYS[0], VALUES[0], gate=0), "gate must be a finite number above 0 to store .*got 0"),
        (lambda m: m.store(KEYS[0], VALUES[0], gate=-1), "gate must be a finite number above 0 .*got -1"),
        (lambda m: m.store(KEYS[0], VALUES[0], gate=float("nan")), "gate must be a finite number above 0 .*got nan"),
    ],
)
def test_what_cannot_be_stored_or_asked_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(memory())

"""Meta-plasticity (eq. 17): a slot written with a strong global third factor is never written again."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV import Episode
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.models import KeyValueMemory, Sequential
from bioKV.models.plasticity import freeze, plastic
from bioKV.protocols import flashbulb
from bioKV.protocols.patterns import random_patterns


def test_a_rate_that_reaches_the_threshold_freezes_its_slot_and_no_other():
    S = freeze(np.zeros(4), gamma=np.array([1.0, 1.0, 0.0, 0.0]), q=np.array(10.0), threshold=10)
    np.testing.assert_array_equal(S, [1, 1, 0, 0])
    np.testing.assert_array_equal(freeze(np.zeros(4), np.ones(4), np.array(9.99), 10), np.zeros(4))


def test_a_frozen_slot_stays_frozen_and_lets_no_plateau_through():
    S = np.array([1.0, 0.0])
    np.testing.assert_array_equal(plastic(np.ones(2), S), [0, 1])
    np.testing.assert_array_equal(freeze(S, np.ones(2), np.array(1.0), 10), S)


def test_a_flashbulb_outlives_any_number_of_ordinary_memories(rng):
    memory = KeyValueMemory(30, 8, 30, stability_threshold=10)
    x = random_patterns(101, 30, rng)
    for t, pattern in enumerate(x):
        memory.store(pattern, pattern, gate=15 if t == 3 else 1)
    np.testing.assert_array_equal(np.sign(memory.recall(x[3])), x[3])
    without = KeyValueMemory(30, 8, 30)
    for t, pattern in enumerate(x):
        without.store(pattern, pattern, gate=15 if t == 3 else 1)
    assert (np.sign(without.recall(x[3])) != x[3]).any()


def test_a_flashbulb_that_falls_on_a_frozen_slot_is_lost(rng):
    memory = KeyValueMemory(30, 2, 30, stability_threshold=10)
    first, second, third = random_patterns(3, 30, rng)
    for pattern in (first, second, third):  # the third comes to the first one's slot
        memory.store(pattern, pattern, gate=15)
    np.testing.assert_array_equal(np.sign(memory.recall(first)), first)
    assert (np.sign(memory.recall(third)) != third).any()


def test_key_and_value_have_thresholds_of_their_own(rng):
    memory = KeyValueMemory(6, 3, 6, stability_threshold=(5, 10))
    state = memory.begin(1, rng)
    x, y = random_patterns(2, 6, rng)[:, None]
    gamma = np.array([[1.0, 0.0, 0.0]])
    state, _ = memory.step(state, x, x, np.array([7.0]), gamma)
    state, _ = memory.step(state, y, y, np.array([1.0]), gamma)
    np.testing.assert_array_equal(state.K[0, 0], x[0])
    assert (np.sign(state.V[0, :, 0]) == y[0]).all()


def test_without_a_strong_write_stability_changes_nothing(rng):
    episode = flashbulb(rng, 10, strength=1.0, n_steps=300)
    plain, stable = (KeyValueMemory(40, 40, 40, Sequential(), stability_threshold=t) for t in (None, 10))
    one, other = plain.respond(episode, np.random.default_rng(1)), stable.respond(episode, np.random.default_rng(1))
    np.testing.assert_array_equal(one.values, other.values)
    assert plain.begin(1, rng).stability is None


def test_flashbulbs_hold_at_any_delay_and_ordinary_memories_do_not(rng):
    memory = KeyValueMemory(40, 40, 40, stability_threshold=10, initial_scale=1e-10)
    episode = Episode.stack([flashbulb(rng, 120) for _ in range(10)])
    response = memory.respond(episode, rng)
    assert accuracy(response, episode, "flashbulb").mean() > 0.9
    assert accuracy(response, episode, "regular").mean() < 0.85


def test_a_saved_memory_knows_which_slots_are_frozen(tmp_path, rng):
    memory = KeyValueMemory(20, 4, 20, stability_threshold=10)
    x, y = random_patterns(2, 20, rng)
    memory.store(x, x, gate=15)
    memory.save(tmp_path / "memory.npz")
    again = KeyValueMemory(20, 4, 20, stability_threshold=10)
    again.load(tmp_path / "memory.npz")
    for _ in range(20):
        again.store(y, y)
    np.testing.assert_array_equal(np.sign(again.recall(x)), x)
    with pytest.raises(ValueError, match=r"holds stability\.K, stability\.V, which this memory does not have"):
        KeyValueMemory(20, 4, 20).load(tmp_path / "memory.npz")
    KeyValueMemory(20, 4, 20).save(tmp_path / "plain.npz")
    with pytest.raises(ValueError, match=r"lacks stability\.K, stability\.V, which this memory has"):
        again.load(tmp_path / "plain.npz")


@pytest.mark.parametrize("threshold", [0, -1, float("nan"), (5, 0), (1, 2, 3), ()])
def test_a_threshold_is_one_number_above_0_or_two(threshold):
    with pytest.raises(ValueError, match="stability_threshold must be a number above 0, or two of them"):
        KeyValueMemory(4, 4, 4, stability_threshold=threshold)


@pytest.mark.parametrize("scale", [-1e-10, float("nan"), float("inf")])
def test_the_initial_scale_is_a_finite_number_0_or_more(scale):
    with pytest.raises(ValueError, match="initial_scale must be a finite number of 0 or more; got"):
        KeyValueMemory(4, 4, 4, initial_scale=scale)

"""Many steps as matrix products: where dot products are large, answers are those of the loop over the steps."""

from __future__ import annotations

import numpy as np
import pytest
from every import loop

from bioKV import Episode
from bioKV.models import KeyValueMemory


@pytest.mark.parametrize("dim", [40, 249, 251, 900])
def test_the_largest_and_the_least_dot_product_of_one_stretch_may_lie_any_distance_apart(dim):
    """A key in all slots, asked for as it is and with all its signs turned: dot products of d and of -d. exp of twice d
    less is 0 in double precision for d = 900, and a share of nothing would be no number."""
    key = np.ones((1, dim))
    keys = np.concatenate([key, key, key, key, -key])
    values = np.array([[1.0, 1, 1], [1, -1, 1], [1, 1, -1], [0, 0, 0], [0, 0, 0]])
    episode = Episode(keys, values, np.repeat([1.0, 0.0], [3, 2]), np.full(5, -1))
    memory = KeyValueMemory(dim, 3, 3)
    response = memory.respond(episode, np.random.default_rng(0))
    values, hidden, *_ = loop(memory, episode, np.random.default_rng(0))
    np.testing.assert_allclose(response.hidden, hidden[0], atol=1e-12)
    np.testing.assert_allclose(response.values, values[0], atol=1e-12)
    np.testing.assert_allclose(response.hidden[3:], 1 / 3)


def test_a_slot_that_freezes_in_the_last_step_of_a_stretch_is_frozen_in_those_to_come():
    """A flashbulb, long nothing, so that its stretch ends with it, and an ordinary pattern for the same slot."""
    gate = np.zeros(30)
    gate[[0, 20]] = 15.0, 1.0
    keys = np.ones((30, 4))
    keys[20] = -1
    memory = KeyValueMemory(4, 1, 2, stability_threshold=10)
    episode = Episode(keys, np.ones((30, 2)), gate, np.full(30, -1))
    np.testing.assert_array_equal(memory.weights(memory.respond(episode, np.random.default_rng(0)).state)[0], 1)

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

"""Every pattern is stored once, then asked for once, from a part of itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioKV.protocols import autoassociative


@given(seed=st.integers(0, 999), n_pairs=st.integers(1, 12), key_dim=st.integers(1, 9), corruption=st.floats(0, 1))
def test_every_pattern_is_stored_as_its_own_value_and_then_asked_for_in_order(seed, n_pairs, key_dim, corruption):
    e = autoassociative(np.random.default_rng(seed), n_pairs=n_pairs, key_dim=key_dim, corruption=corruption)
    assert e.keys.shape == e.values.shape == (2 * n_pairs, key_dim)
    np.testing.assert_array_equal(e.keys[:n_pairs], e.values[:n_pairs])
    np.testing.assert_array_equal(e.values[n_pairs:], e.values[:n_pairs])
    assert e.gate.tolist() == [1] * n_pairs + [0] * n_pairs
    assert e.source.tolist() == [-1] * n_pairs + list(range(n_pairs))
    shown = e.keys[n_pairs:] != 0
    np.testing.assert_array_equal(e.keys[n_pairs:][shown], e.values[n_pairs:][shown])


def test_three_in_five_entries_of_a_query_are_unknown_by_default(rng):
    e = autoassociative(rng, n_pairs=500)
    unknown = (e.keys[500:] == 0).mean()
    assert abs(unknown - 0.6) < 5 * np.sqrt(0.6 * 0.4 / (500 * 40))  # five errors of a binomial share


def test_ones_own_patterns_are_stored_in_their_order(rng):
    patterns = rng.choice([-1.0, 1.0], size=(6, 4))
    e = autoassociative(rng, n_pairs=5, key_dim=4, patterns=patterns)
    np.testing.assert_array_equal(e.keys[:5], patterns[:5])


def test_a_seed_gives_the_same_patterns_and_queries_again():
    first, again, other = (autoassociative(np.random.default_rng(seed)).keys for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_pairs": 0}, "n_pairs must be a whole number above 0; got 0"),
        ({"key_dim": 2.5}, r"key_dim must be a whole number above 0; got 2\.5"),
        ({"corruption": 1.5}, r"corruption must lie in \[0, 1\]; got 1\.5"),
        ({"patterns": [[1, -1]], "key_dim": 2, "n_pairs": 3}, "n_pairs is 3 but there are only 1 patterns"),
    ],
)
def test_options_that_make_no_task_are_refused(options, message, rng):
    with pytest.raises(ValueError, match=message):
        autoassociative(rng, **options)

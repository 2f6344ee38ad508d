"""Correlated patterns have the correlation that is stated."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV.protocols import autoassociative, correlated
from bioKV.protocols.patterns import random_patterns

N, D = 40, 400
FIVE_ERRORS = 5 / np.sqrt(N * D / 4)  # of a mean over patterns and entries; a quarter of them for pairs that share one


def stored(episode):
    return episode.keys[episode.is_store]


@pytest.mark.parametrize("c", [0.0, 0.3, 0.6, 0.9, 1.0])
def test_patterns_correlate_c_with_the_template_and_c_squared_with_each_other(c, rng):
    x = stored(correlated(rng, N, c, key_dim=D))
    assert abs((x[1:] @ x[0]).mean() / D - c) < FIVE_ERRORS
    assert abs((x[1:-1] * x[2:]).mean() - c**2) < FIVE_ERRORS


@pytest.mark.parametrize("c", [0.0, 0.6, 0.95])
def test_drifting_patterns_correlate_c_to_the_power_of_their_distance(c, rng):
    x = stored(correlated(rng, N, c, mode="drift", key_dim=D))
    for k in (1, 2, 5):
        assert abs((x[:-k] * x[k:]).mean() - c**k) < FIVE_ERRORS


@pytest.mark.parametrize("mode", ["template", "drift"])
def test_each_pattern_by_itself_is_unbiased(mode, rng):
    x = np.array([stored(correlated(rng, 5, 0.6, mode=mode, key_dim=D)) for _ in range(N)])
    assert (abs(x.mean(axis=(0, 2))) < 5 / np.sqrt(N * D)).all()


def test_a_correlation_of_1_repeats_the_template_and_one_of_ones_own_is_taken(rng):
    mine = random_patterns(1, 30, rng)
    x = stored(correlated(rng, 4, 1.0, key_dim=30, patterns=mine))
    np.testing.assert_array_equal(x, np.repeat(mine, 4, axis=0))


def test_the_rest_is_the_autoassociative_task(rng):
    episode, plain = correlated(rng, 12), autoassociative(rng, 12)
    np.testing.assert_array_equal(episode.gate, plain.gate)
    np.testing.assert_array_equal(episode.source, plain.source)
    query = episode.keys[12:]
    assert ((query == 0) | (query == episode.values[:12])).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"correlation": 1.1}, r"correlation must lie in \[0, 1\]; got 1\.1"),
        ({"correlation": -0.1}, r"correlation must lie in \[0, 1\]; got -0\.1"),
        ({"correlation": float("nan")}, r"correlation must lie in \[0, 1\]; got nan"),
        ({"mode": "spatial"}, "mode must be 'template' or 'drift'; got 'spatial'"),
        ({"n_pairs": 0}, "n_pairs must be a whole number above 0; got 0"),
        ({"key_dim": 0}, "key_dim must be a whole number above 0; got 0"),
        ({"corruption": 2}, r"corruption must lie in \[0, 1\]; got 2"),
        ({"patterns": np.ones((2, 39))}, "patterns have 39 entries but key_dim is 40"),
    ],
)
def test_correlations_that_cannot_be_are_refused(options, message, rng):
    with pytest.raises(ValueError, match=message):
        correlated(rng, **options)

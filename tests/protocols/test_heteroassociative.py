"""Pairs whose value has nothing to do with their key."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV.protocols import heteroassociative
from bioKV.protocols.patterns import random_patterns


def test_every_pair_is_stored_once_and_asked_for_with_a_corrupted_key(rng):
    episode = heteroassociative(rng, 15, 40, 20)
    assert (episode.key_dim, episode.value_dim, episode.n_steps) == (40, 20, 30)
    np.testing.assert_array_equal(episode.source, np.r_[np.full(15, -1), np.arange(15)])
    np.testing.assert_array_equal(episode.gate, np.r_[np.ones(15), np.zeros(15)])
    np.testing.assert_array_equal(episode.values[15:], episode.values[:15])
    assert ((episode.keys[15:] == 0) | (episode.keys[15:] == episode.keys[:15])).all()


def test_values_tell_nothing_about_keys(rng):
    episode = heteroassociative(rng, 2000, 20, 20)
    assert abs((episode.keys[:2000] * episode.values[:2000]).mean()) < 5 / np.sqrt(2000 * 20)


def test_ones_own_keys_and_values_are_stored(rng):
    x, y = random_patterns(9, 6, rng), random_patterns(9, 3, rng)
    episode = heteroassociative(rng, 4, 6, 3, patterns=x, value_patterns=y)
    np.testing.assert_array_equal(episode.keys[:4], x[:4])
    np.testing.assert_array_equal(episode.values[:4], y[:4])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_pairs": 0}, "n_pairs must be a whole number above 0; got 0"),
        ({"key_dim": -1}, "key_dim must be a whole number above 0; got -1"),
        ({"value_dim": 0}, "value_dim must be a whole number above 0; got 0"),
        ({"corruption": 1.5}, r"corruption must lie in \[0, 1\]; got 1\.5"),
        ({"patterns": np.ones((3, 40))}, "n_pairs is 20 but there are only 3 patterns"),
        ({"value_patterns": np.ones((30, 40))}, "patterns have 40 entries but value_dim is 20"),
    ],
)
def test_pairs_that_cannot_be_are_refused(options, message, rng):
    with pytest.raises(ValueError, match=message):
        heteroassociative(rng, **options)

"""Patterns and an end marker are shown, then all of it is to come back in blank rows."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV import Episode
from bioKV.protocols import copy_paste
from bioKV.protocols.patterns import random_patterns


@pytest.mark.parametrize("n", [1, 2, 10, 25])
def test_rows_are_shown_once_and_come_back_in_their_order(n, rng):
    y = random_patterns(n, 25, rng)
    episode = copy_paste(rng, n, patterns=y)
    assert episode.keys.shape == (2 * n + 2, 26)
    np.testing.assert_array_equal(episode.keys[:n, :25], y)
    np.testing.assert_array_equal(episode.keys[:n, 25], -1)
    np.testing.assert_array_equal(episode.keys[n], [-1] * 25 + [1])
    np.testing.assert_array_equal(episode.values[episode.is_recall], episode.keys[: n + 1])
    np.testing.assert_array_equal(episode.source[n + 1 :], np.arange(n + 1))


def test_blank_rows_are_what_is_scored_and_say_nothing(rng):
    episode = copy_paste(rng, 7)
    np.testing.assert_array_equal(episode.is_recall, (episode.keys == 0).all(axis=1))
    np.testing.assert_array_equal(episode.is_store, ~episode.is_recall)
    assert episode.read_after_write


def test_sequences_of_different_lengths_lie_side_by_side(rng):
    both = Episode.stack([copy_paste(rng, 2), copy_paste(rng, 5)])
    np.testing.assert_array_equal(both.is_recall.sum(axis=1), [3, 6])
    assert not both.is_recall[0, 6:].any()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_patterns": 0}, "n_patterns must be a whole number above 0; got 0"),
        ({"pattern_dim": 0}, "pattern_dim must be a whole number above 0; got 0"),
        ({"patterns": np.ones((3, 25))}, "n_patterns is 10 but there are only 3 patterns"),
        ({"patterns": np.ones((30, 24))}, "patterns have 24 entries but pattern_dim is 25"),
    ],
)
def test_sequences_that_cannot_be_are_refused(options, message, rng):
    with pytest.raises(ValueError, match=message):
        copy_paste(rng, **options)

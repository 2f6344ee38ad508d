"""A sequence is stored, each pattern the key to the next, and played on from a prompt."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV.analysis.measures.accuracy import accuracy
from bioKV.models import KeyValueMemory
from bioKV.protocols import sequence
from bioKV.protocols.patterns import random_patterns


@pytest.mark.parametrize("storage_keys", ["output", "value"])
@pytest.mark.parametrize("prompt", ["recalled", "stored"])
@pytest.mark.parametrize("n", [2, 3, 20, 39])
def test_up_to_capacity_the_rest_of_the_sequence_follows_from_the_prompt(n, prompt, storage_keys, rng):
    for _ in range(5):
        episode = sequence(rng, n, 100, prompt=prompt, storage_keys=storage_keys)
        assert accuracy(KeyValueMemory(100, 40, 100).respond(episode, rng), episode) == 1


def test_a_recalled_prompt_is_shown_as_a_key_and_only_what_follows_it_is_scored(rng):
    y = random_patterns(6, 30, rng)
    episode = sequence(rng, 6, 30, patterns=y)
    p = int(np.flatnonzero((y == episode.keys[6]).all(axis=1))[0])
    assert episode.gate[6] == 0
    assert not episode.feedback[6]
    np.testing.assert_array_equal(episode.values[episode.is_recall], y[p + 1 :])
    np.testing.assert_array_equal(episode.source[6:], np.arange(p + 1, 6))
    assert episode.feedback[7:].all()


def test_a_stored_prompt_is_clamped_written_and_scored(rng):
    y = random_patterns(6, 30, rng)
    episode = sequence(rng, 6, 30, prompt="stored", patterns=y)
    p = int(np.flatnonzero((y == episode.values[6]).all(axis=1))[0])
    assert episode.gate[6] == 1
    assert episode.feedback[6]
    assert episode.source[6] == 6
    np.testing.assert_array_equal(episode.values[episode.is_recall], y[p:])
    assert (episode.gate[7:] == 0).all()


def test_while_storing_the_key_is_the_previous_output_or_the_previous_value(rng):
    looped = sequence(rng, 8)
    assert looped.read_after_write
    assert not looped.feedback[0]
    assert (looped.keys[0] != 0).all(), "the first key is a random vector"
    assert looped.feedback[1:8].all()
    given = sequence(rng, 8, storage_keys="value")
    assert not given.feedback[:8].any()
    np.testing.assert_array_equal(given.keys[1:8], given.values[:7])


def test_the_prompt_is_any_pattern_but_the_last_with_equal_chance(rng):
    lengths = [sequence(rng, 6, 4).is_recall.sum() for _ in range(2000)]
    values, counts = np.unique(lengths, return_counts=True)
    np.testing.assert_array_equal(values, [1, 2, 3, 4, 5])
    assert abs(counts - 400).max() < 5 * np.sqrt(2000 * 0.2 * 0.8)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_patterns": 1}, "n_patterns must be a whole number of 2 or more; got 1"),
        ({"key_dim": 0}, "key_dim must be a whole number above 0; got 0"),
        ({"prompt": "whispered"}, "prompt must be 'recalled' or 'stored'; got 'whispered'"),
        ({"storage_keys": "none"}, "storage_keys must be 'output' or 'value'; got 'none'"),
        ({"patterns": np.ones((3, 40))}, "n_patterns is 20 but there are only 3 patterns"),
    ],
)
def test_sequences_that_cannot_be_are_refused(options, message, rng):
    with pytest.raises(ValueError, match=message):
        sequence(rng, **options)

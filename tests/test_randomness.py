"""Every trial has its own stream, which does not depend on its neighbours."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV.randomness import study_streams, trial_streams


def test_streams_of_one_generator_differ_and_come_back_with_its_seed():
    first, again = (
        [stream.random() for stream in trial_streams(np.random.default_rng(1), 3)] for _ in range(2)
    )
    assert first == again
    assert len(set(first)) == 3


def test_streams_that_are_handed_in_are_taken_as_they_are(rng):
    assert trial_streams([rng], 1) == [rng]


def test_a_wrong_number_of_generators_is_told_apart_from_the_number_of_trials(rng):
    with pytest.raises(ValueError, match="rng holds 1 generators but there are 2 trials"):
        trial_streams([rng], 2)


def test_what_is_no_generator_is_refused_with_what_would_do():
    with pytest.raises(ValueError, match=r"rng must be a numpy\.random\.Generator"):
        trial_streams([1, 2], 2)


def test_a_trial_of_a_study_draws_from_the_seed_sequence_of_its_place():
    """SeedSequence(seed, spawn_key=(i, k)): a documented promise, so written out here once more."""
    protocol, memory = np.random.SeedSequence(7, spawn_key=(2, 5)).spawn(2)
    got = [stream.random() for stream in study_streams(7, 2, 5)]
    assert got == [np.random.default_rng(protocol).random(), np.random.default_rng(memory).random()]

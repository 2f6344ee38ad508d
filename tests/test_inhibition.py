"""Lateral inhibition is an integral controller: it sets how many votes there are, and drives set whose they are."""

import numpy as np
import pytest

from bioKV import Episode, Parameters, Random, SpikingMemory
from bioKV.analysis.measures.undecided import undecided
from bioKV.protocols import autoassociative

N = 10


def votes_of(key_dim, corruption=0.6, n_pairs=2, n_slots=N, **changed):
    """Votes of a recall, in votes of one slot that is one neuron: a mean over recalls of five trials."""
    episode = Episode.stack([
        autoassociative(np.random.default_rng(k), n_pairs, key_dim, corruption=corruption) for k in range(5)
    ])  # fmt: skip
    p = Parameters(**changed)
    response = SpikingMemory(key_dim, n_slots, key_dim, parameters=p, engine="numpy").respond(
        episode, np.random.default_rng(1)
    )
    return response.counts["votes"].sum(axis=-1)[episode.is_recall].mean() / p.neurons_per_slot


@pytest.mark.parametrize("what", [
    {"key_dim": 10}, {"key_dim": 100}, pytest.param({"key_dim": 40, "corruption": 0.0}, marks=pytest.mark.slow),
    pytest.param({"key_dim": 40, "corruption": 0.9, "n_pairs": 5}, marks=pytest.mark.slow),
    {"key_dim": 40, "n_pairs": 6, "n_slots": 4, "neurons_per_slot": 1},
])  # fmt: skip
def test_there_are_as_many_votes_for_every_query_size_load_and_number_of_neurons(what):
    """s/Delta = 150 per second, of which 45 ms are read; a strong drive that still rises brings some more."""
    expected = 150 * 0.045
    assert 0.85 * expected < votes_of(**what) < 1.4 * expected


def test_their_number_is_that_of_what_is_cleared_and_no_threshold_counts():
    usual = votes_of(40)
    assert votes_of(40, theta=0.5) == pytest.approx(usual, rel=0.1)
    half = Parameters().clearance / 2
    # slower, so more at an onset
    assert votes_of(40, clearance=half, vote_inhibition=2.5) == pytest.approx(usual, rel=0.3)
    assert votes_of(40, vote_inhibition=10.0) == pytest.approx(usual / 2, rel=0.25)


@pytest.mark.parametrize("product", [-40, -20])
def test_a_query_that_is_unlike_all_keys_is_answered_too(product):
    """Every slot holds one pair; the softmax is flat, whatever is asked, and all slots bring the same value."""
    rng = np.random.default_rng(2)
    key, value = rng.choice([-1.0, 1.0], size=(2, 1, 40))
    query = np.where(np.arange(40) < 20 - product // 2, -key, key)
    assert (query @ key.T).item() == product
    episode = Episode(np.vstack([key, query, key]), np.repeat(value, 3, axis=0), np.array([1.0, 0, 0]),
                      np.array([-1, 0, 0]))  # fmt: skip
    memory = SpikingMemory(40, 20, 40, Random(1.0), engine="numpy")
    response = memory.respond(episode, rng)
    np.testing.assert_array_equal(np.sign(response.values[1:]), episode.values[1:])
    unlike, like = response.counts["votes"].sum(axis=-1)[1:]
    assert 0.4 * like < unlike < 3 * like  # falling fast, inhibition may overshoot


def test_a_query_is_answered_where_what_is_left_of_the_last_drive_has_brought_a_vote_at_the_onset():
    """With a plateau in every slot all hold the last key, and one recall's drive is there when the next begins."""
    episode = Episode.stack([autoassociative(np.random.default_rng(k), 8, 40, corruption=0.3) for k in range(3)])
    response = SpikingMemory(40, 20, 40, Random(1.0), engine="numpy").respond(episode, np.random.default_rng(1))
    assert undecided(response, episode).mean() < 0.005


def test_an_interneuron_that_is_brought_to_several_thresholds_fires_once_and_keeps_its_turn():
    episode = autoassociative(np.random.default_rng(0), 1, key_dim=10)
    memory = SpikingMemory(10, N, 10, parameters=Parameters(n_interneurons=4), engine="numpy")
    run = memory.network(episode, np.random.default_rng(1))
    run.synapses["recruit"].recruitment = 0
    run.groups["interneuron"].v = [0.2, 1.2, 3.2, 17.2]
    run.run()
    assert run.response().counts["interneuron"][0].tolist() == [0, 1, 1, 1]
    np.testing.assert_allclose(run.groups["interneuron"].v, 0.2)


def test_a_strong_key_of_many_entries_does_not_silence_the_recall_after_it():
    """What a write of 160 entries into sixteen slots leaves of inhibition takes longer than a gap to be cleared."""
    episode = autoassociative(np.random.default_rng(0), 1, 160)
    memory = SpikingMemory(160, 16, 160, Random(1.0), parameters=Parameters(neurons_per_slot=1), engine="numpy")
    response = memory.respond(episode, np.random.default_rng(1))
    np.testing.assert_array_equal(np.sign(response.values[1]), episode.values[1])

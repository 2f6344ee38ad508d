"""The spiking network recalls what the rate model recalls: many trials, paired, the same plateaus in both.

docs/benchmarks.md and docs/fidelity.md have the gaps measured on other seeds.
"""

import numpy as np
import pytest
from scipy import stats

from bioKV import Episode, Random, Sequential, SpikingMemory
from bioKV.analysis.asked import unit_of
from bioKV.analysis.equivalence import equivalence
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.analysis.votes import argmax_share
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative

pytestmark = pytest.mark.slow
N_TRIALS = 40


def answers(dim, n_pairs, third_factor, n_trials=N_TRIALS):
    streams = [np.random.default_rng([31, dim, n_pairs, trial]) for trial in range(n_trials)]
    episode = Episode.stack([autoassociative(stream, n_pairs=n_pairs, key_dim=dim) for stream in streams])
    spiking = SpikingMemory(dim, dim, dim, third_factor).respond(episode, streams)
    twin = KeyValueMemory(dim, dim, dim).respond(episode.with_third_factor(spiking.third_factor), streams)
    return episode, spiking, twin


@pytest.mark.parametrize(
    ("third_factor", "n_pairs", "limit"),
    [
        (Sequential(), 5, 0.005),
        (Sequential(), 10, 0.005),
        (Sequential(), 20, 0.005),
        (Sequential(), 40, 0.005),
        (Sequential(), 60, 0.01),
        (Sequential(), 80, 0.01),
        (Random(0.1), 5, 0.01),
        (Random(0.1), 10, 0.01),
        (Random(0.1), 20, 0.01),
        (Random(0.1), 40, 0.01),
        (Random(0.1), 80, 0.01),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_spiking_accuracy_is_within_a_hundredth_of_rate(third_factor, n_pairs, limit):
    episode, spiking, twin = answers(40, n_pairs, third_factor)
    found = equivalence(accuracy(spiking, episode), accuracy(twin, episode), 0.02, unit_of(episode))
    assert abs(found.gap.mean) <= limit
    assert found.holds, found


def test_one_parameter_set_serves_networks_of_another_size():
    episode, spiking, twin = answers(80, 80, Sequential(), n_trials=20)
    assert abs(float(np.mean(accuracy(spiking, episode) - accuracy(twin, episode)))) <= 0.01
    episode, spiking, twin = answers(20, 20, Sequential())
    assert abs(float(np.mean(accuracy(spiking, episode) - accuracy(twin, episode)))) <= 0.03  # each vote decides more


def test_most_votes_go_to_the_slot_of_largest_softmax():
    episode, spiking, twin = answers(40, 20, Sequential())
    assert argmax_share(spiking.counts["votes"], twin.hidden, episode).mean() > 0.98


def test_no_population_is_driven_beyond_what_neurons_do():
    _, spiking, _ = answers(40, 20, Random(0.1))
    limits = {"input": 110, "feedforward": 150, "hidden": 200, "interneuron": 250, "output": 300}
    for population, limit in limits.items():
        counts = spiking.evoked[population]
        assert np.percentile(counts[counts > 0], 99) / 0.1 <= limit, population


def test_the_plateaus_that_are_replayed_are_those_of_the_third_factor():
    episode, spiking, _ = answers(40, 20, Sequential())
    rate = KeyValueMemory(40, 40, 40).respond(episode, np.random.default_rng(0))
    np.testing.assert_array_equal(spiking.third_factor, rate.third_factor)
    _, spiking, _ = answers(40, 20, Random(0.1))
    low, high = stats.binom.interval(0.9999, spiking.third_factor.size, 0.1)
    assert low <= spiking.third_factor.sum() <= high
    assert abs(np.corrcoef(spiking.third_factor.reshape(-1, 40).T) - np.eye(40)).max() < 0.15  # each on its own

"""The synapses do what equations 9 and 11 say, and dendrites what equations 6 and 7 say."""

import numpy as np
import pytest
from scipy import stats

from bioKV import Episode, Parameters, Random, Sequential, SpikingMemory
from bioKV.models import KeyValueMemory
from bioKV.models.plasticity import write_key
from bioKV.protocols import autoassociative
from bioKV.units import ms

D, N = 16, 8
COARSE = {"parameters": Parameters(dt=1 * ms), "engine": "numpy"}  # half as many time steps; nothing here needs more


def store(keys, gate, gamma, values=None, n_trials=1):
    """K (N, D) and V (D, N) after a life of these presentations, as a mean over trials with other chances."""
    values = keys if values is None else values
    episode = Episode(keys, values, gate, np.full(len(keys), -1), local_third_factor=gamma)
    memory = SpikingMemory(D, N, D, **COARSE)
    response = memory.respond(Episode.stack([episode] * n_trials), np.random.default_rng(3))
    return [w.mean(axis=0) for w in memory.weights(response.state)]


def one_hot(*slots):
    return np.eye(N)[list(slots)]


def patterns(n, seed=0):
    return np.random.default_rng(seed).choice([-1.0, 1.0], size=(n, D))


def test_eq_9_the_key_is_written_and_what_was_there_decays():
    x = patterns(3)
    gate, gamma = np.array([1.0, 0.4, 1.0]), one_hot(2, 2, 5)
    K, _ = store(x, gate, gamma)
    expected = np.zeros((N, D))
    for t in range(3):
        expected = write_key(expected, x[t], gamma[t], gate[t])
    # eligibility saturates between spikes; what the pattern before left of it has decayed over 90 ms (exp(-4.5) * 1.7)
    np.testing.assert_allclose(K, expected, atol=1.7 * np.exp(-4.5))


def test_eq_9_is_exact_for_a_first_pattern():
    x = patterns(1)
    K, _ = store(x, np.ones(1), one_hot(4))
    np.testing.assert_array_equal(K, one_hot(4).T @ x)


def test_eq_11_the_value_is_written_into_the_slot_with_a_plateau():
    x = patterns(2)
    _, V = store(x, np.ones(2), one_hot(1, 6))
    # y h', and the slot with the new key has nearly all votes
    np.testing.assert_array_equal(np.sign(V[:, [1, 6]]), x.T)
    assert np.abs(V[:, [1, 6]]).min() > 0.8
    assert np.abs(V[:, [0, 2, 3, 4, 5, 7]]).max() == 0


def test_eq_11_an_overwritten_slot_forgets_its_old_value():
    x = patterns(2)
    _, V = store(x, np.ones(2), one_hot(1, 1))
    np.testing.assert_array_equal(np.sign(V[:, 1]), x[1])
    assert np.abs(V[:, 1]).min() > 0.8


def rate_values(keys, values, gate, gamma):
    """V (m, N) of the rate memory."""
    twin = KeyValueMemory(D, N, D)
    episode = Episode(keys, values, gate, np.full(len(keys), -1), local_third_factor=gamma)
    return twin.weights(twin.respond(episode, np.random.default_rng(0)).state)[1][0]


@pytest.mark.parametrize("n_plateaus", [2, 4])
def test_eq_11_slots_with_a_plateau_at_once_share_the_value(n_plateaus):
    x, gamma = patterns(1), np.zeros((1, N))
    gamma[0, :n_plateaus] = 1
    _, V = store(x, np.ones(1), gamma, n_trials=5)
    np.testing.assert_allclose(V[:, :n_plateaus].T * x, 1 / n_plateaus, atol=0.15)


def test_eq_11_a_weak_gate_writes_its_share_of_the_value():
    x = patterns(2)
    _, V = store(x, np.full(2, 0.3), one_hot(1, 6), n_trials=5)
    expected = rate_values(x, x, np.full(2, 0.3), one_hot(1, 6))
    np.testing.assert_allclose(V, expected, atol=0.08)
    assert np.abs(expected[:, 1]).max() > 0.25


def test_eqs_10_and_11_a_key_stored_again_with_another_value_shares_the_votes_with_its_first_slot():
    """Both slots have the key then, so h' of the second is one half, and the first keeps its value."""
    x, other = patterns(1), patterns(1, seed=1)
    keys, values, gate, gamma = np.tile(x, (2, 1)), np.concatenate([x, other]), np.ones(2), one_hot(1, 6)
    _, V = store(keys, gate, gamma, values, n_trials=8)
    expected = rate_values(keys, values, gate, gamma)
    assert np.abs(expected[:, 6]).max() == pytest.approx(0.5)
    np.testing.assert_allclose(V, expected, atol=0.15)


def test_eq_10_a_slot_competes_with_its_new_key_from_its_dendritic_spike_on():
    """Its drive, against that of an unwritten slot, is at once what it stays at: the opening of what is bound."""
    x = patterns(1)
    memory = SpikingMemory(D, N, D, parameters=Parameters(dt=1 * ms, neurons_per_slot=1), engine="numpy")
    episode = Episode(x, x, np.ones(1), [-1], local_third_factor=one_hot(4))
    response = memory.respond(episode, np.random.default_rng(3), record="dendrite", traces="hidden")
    trace = response.traces["hidden"]
    u = trace.values["membrane"][:, 4] - trace.values["membrane"][:, 0]
    spike = trace.t_ms.searchsorted(response.spikes["dendrite"].t_ms[0] - 1e-6)
    end = trace.t_ms.searchsorted(100.0)
    gain = memory.parameters.drive_gain
    assert abs(u[: spike + 1]).max() < 1e-9
    assert u[spike + 2] == pytest.approx(gain * D, rel=0.15)
    assert u[spike + 2 : end] == pytest.approx(gain * D, rel=0.2)
    soon, later = u[spike + 2 : spike + 22].mean(), u[spike + 42 : end].mean()
    assert soon == pytest.approx(later, rel=0.08)  # what is bound is opened too, or it would dip


def test_eq_6_every_presentation_has_one_plateau_and_slots_take_turns():
    episode = autoassociative(np.random.default_rng(0), n_pairs=6, key_dim=D)
    response = SpikingMemory(D, N, D, Sequential(), **COARSE).respond(episode, np.random.default_rng(1))
    np.testing.assert_array_equal(response.third_factor, np.eye(N)[np.arange(12) % N])
    np.testing.assert_array_equal(response.counts["dendrite"], response.third_factor)  # and none fired twice


def test_eq_7_dendrites_spike_with_probability_p_each_on_its_own():
    p, n_trials = 0.25, 20
    episode = Episode.stack([autoassociative(np.random.default_rng(k), n_pairs=2, key_dim=D) for k in range(n_trials)])
    response = SpikingMemory(D, N, D, Random(p), **COARSE).respond(episode, np.random.default_rng(1))
    fired = response.counts["dendrite"]
    assert fired.max() == 1
    low, high = stats.binom.interval(0.9999, fired.size, p)  # fails by chance once in 10,000 seeds; this seed is fixed
    assert low <= fired.sum() <= high


@pytest.mark.parametrize(("p", "plateaus"), [(0.0, 0), (1.0, N)])
def test_eq_7_holds_at_its_ends(p, plateaus):
    episode = autoassociative(np.random.default_rng(0), n_pairs=1, key_dim=D)
    response = SpikingMemory(D, N, D, Random(p), **COARSE).respond(episode, np.random.default_rng(1))
    np.testing.assert_array_equal(response.third_factor.sum(axis=-1), plateaus)


def test_every_slot_can_have_its_own_probability():
    p = tuple(float(i % 2) for i in range(N))
    episode = autoassociative(np.random.default_rng(0), n_pairs=1, key_dim=D)
    response = SpikingMemory(D, N, D, Random(p), **COARSE).respond(episode, np.random.default_rng(1))
    np.testing.assert_array_equal(response.third_factor[0], p)


def test_pair_N_plus_1_overwrites_the_oldest_slot():
    x = patterns(N + 1)
    episode = Episode(x, x, np.ones(N + 1), np.full(N + 1, -1))
    memory = SpikingMemory(D, N, D, **COARSE)
    K, _ = memory.weights(memory.respond(episode, np.random.default_rng(0)).state)
    np.testing.assert_array_equal(np.sign(K[0]), np.vstack([x[N], x[1:N]]))


def test_no_hidden_neuron_fires_above_200_hz():
    episode = Episode.stack([autoassociative(np.random.default_rng(k), n_pairs=4, key_dim=D) for k in range(5)])
    for third_factor in (Sequential(), Random(0.2)):
        response = SpikingMemory(D, N, D, third_factor, **COARSE).respond(episode, np.random.default_rng(1))
        counts = response.evoked["hidden"]
        assert np.percentile(counts[counts > 0], 99) / 0.1 <= 200  # spikes during a stimulus of 100 ms

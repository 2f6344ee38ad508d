"""What only some spiking networks have: synapses that freeze, outputs that become keys, a race for the oldest slot."""

import numpy as np
import pytest

from bioKV import Episode, LeastRecentlyUsed, Parameters, SpikingMemory
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.models import KeyValueMemory
from bioKV.network.parameters import presented_for
from bioKV.protocols import sequence
from bioKV.units import ms

D = 16
COARSE = {"parameters": Parameters(dt=1 * ms), "engine": "numpy"}  # half as many time steps; nothing here needs more


def life(rng, gate, n_patterns):
    """Every pattern once with its gate, then all of them asked for whole; autoassociative."""
    x = rng.choice([-1.0, 1.0], size=(n_patterns, D))
    source = np.concatenate([np.full(n_patterns, -1), np.where(np.array(gate) > 0, np.arange(n_patterns), -1)])
    return Episode(np.tile(x, (2, 1)), np.tile(x, (2, 1)), np.concatenate([gate, np.zeros(n_patterns)]), source)


def respond(memory, episode, seed=5, record=()):
    return memory.respond(episode, np.random.default_rng(seed), record)


# stability


def test_a_flashbulb_freezes_its_slot_when_the_plateau_ends_and_not_before():
    n_slots = 4
    gate = [1.0, 15.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    episode = life(np.random.default_rng(1), gate, len(gate))
    memory = SpikingMemory(D, n_slots, D, stability_threshold=10, **COARSE)
    K, V = memory.weights(respond(memory, episode).state)
    # slot 1 was written with the flashbulb, key and value, and again by pattern 5, had it not been frozen
    assert np.sign(K[0, 1]) @ episode.keys[1] == D
    assert np.sign(V[0, :, 1]) @ episode.keys[1] == D
    assert np.sign(K[0, 2]) @ episode.keys[6] == D  # an ordinary slot goes to the newer pattern


def test_without_a_threshold_the_same_flashbulb_is_overwritten():
    gate = [1.0, 15.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    episode = life(np.random.default_rng(1), gate, len(gate))
    memory = SpikingMemory(D, 4, D, **COARSE)
    K, _ = memory.weights(respond(memory, episode).state)
    assert np.sign(K[0, 1]) @ episode.keys[5] == D


def test_an_ordinary_gate_freezes_nothing():
    episode = life(np.random.default_rng(2), np.ones(3), 3)
    memory = SpikingMemory(D, 4, D, stability_threshold=10, **COARSE)
    state = respond(memory, episode).state
    assert not state.variables["key.frozen"].any()
    assert not state.variables["value.frozen"].any()


def test_key_and_value_have_thresholds_of_their_own():
    episode = life(np.random.default_rng(2), [7.0, 1.0], 2)
    memory = SpikingMemory(D, 4, D, stability_threshold=(5, 10), **COARSE)
    state = respond(memory, episode).state
    frozen = state.variables["key.frozen"].reshape(2 * D, 4, 4)  # slots of four neurons
    assert frozen[:, 0].all()
    assert not frozen[:, 1:].any()
    assert not state.variables["value.frozen"].any()


@pytest.mark.parametrize(("gate", "frozen"), [(10.0, True), (9.9, False)])
def test_a_gate_that_just_reaches_the_threshold_freezes(gate, frozen):
    episode = life(np.random.default_rng(2), [gate], 1)
    variables = respond(SpikingMemory(D, 2, D, stability_threshold=10, **COARSE), episode).state.variables
    assert variables["key.frozen"].any() == variables["value.frozen"].any() == frozen


# feedback


def test_a_sequence_plays_on_by_itself():
    episode = Episode.stack([sequence(np.random.default_rng(k), n_patterns=5, key_dim=40) for k in range(4)])
    memory = SpikingMemory(40, 10, 40, **COARSE)
    assert accuracy(respond(memory, episode), episode).mean() > 0.95  # the rate memory: 1


def test_a_key_that_feedback_brings_is_the_answer_of_the_presentation_before():
    episode = sequence(np.random.default_rng(3), n_patterns=4, key_dim=D)
    response = respond(SpikingMemory(D, 8, D, **COARSE), episode)
    active = response.counts["input"] > 0
    shown = active[:, :D].astype(int) - active[:, D:]
    for t in np.flatnonzero(episode.feedback):
        np.testing.assert_array_equal(shown[t], np.sign(response.values[t - 1]))


def test_what_an_episode_says_where_feedback_brings_the_key_changes_no_answer():
    episode = sequence(np.random.default_rng(3), n_patterns=4, key_dim=D)
    keys = episode.keys.copy()
    keys[episode.feedback] = 1.0
    fields = {"gate": episode.gate, "source": episode.source, "feedback": episode.feedback, "read_after_write": True}
    told = Episode(keys, episode.values, **fields)
    memory = SpikingMemory(D, 8, D, **COARSE)
    np.testing.assert_array_equal(respond(memory, told).values, respond(memory, episode).values)


# least recently used


def test_storing_goes_round_the_slots_when_nothing_is_recalled():
    episode = life(np.random.default_rng(6), np.ones(9), 9)
    memory = SpikingMemory(D, 4, D, LeastRecentlyUsed(), engine="numpy")  # a race takes finer time steps
    plateaus = respond(memory, episode).third_factor[:9]
    np.testing.assert_array_equal(plateaus, np.eye(4)[np.arange(9) % 4])


def test_a_recalled_pattern_outlives_those_that_were_not():
    rng = np.random.default_rng(7)
    x = rng.choice([-1.0, 1.0], size=(6, 40))
    shown = [0, 1, 2, 3, 0, 4, 5, 0, 1]  # 0 is recalled before 4 and 5 come, so 1 and 2 give way
    gate = np.array([1, 1, 1, 1, 0, 1, 1, 0, 0.0])
    source = np.array([-1, -1, -1, -1, 0, -1, -1, 0, 1])
    episode = Episode(x[shown], x[shown], gate, source)
    factor = LeastRecentlyUsed()
    response = respond(SpikingMemory(40, 4, 40, factor, engine="numpy"), episode)
    rate = KeyValueMemory(40, 4, 40, factor).respond(episode, np.random.default_rng(0))
    stored = episode.is_store
    np.testing.assert_array_equal(response.third_factor[stored], rate.third_factor[stored])
    np.testing.assert_array_equal(np.sign(response.values[7]), x[0])


def test_of_dendrites_that_rested_equally_long_one_wins():
    p = Parameters(dt=1 * ms, neurons_per_slot=1)
    memory = SpikingMemory(D, 6, D, LeastRecentlyUsed(), parameters=p, engine="numpy")
    state = memory.begin(1, np.random.default_rng(3))
    rests = {"hidden.rest": np.array([[3, 5, 1, 5, 5, 2.0]]), "hidden.demand": np.full((1, 6), 4.0)}
    state = state._replace(variables={**state.variables, **rests})
    key = np.random.default_rng(4).choice([-1.0, 1.0], size=(1, D))
    _, output = memory.step(state, key, key, np.ones(1))
    np.testing.assert_array_equal(output.third_factor, [[0, 0, 0, 0, 1, 0]])


def test_of_40_slots_the_one_at_rest_for_longest_has_the_plateau_and_then_the_next():
    rng = np.random.default_rng(9)
    p = Parameters(neurons_per_slot=1, dt=1 * ms)
    memory = SpikingMemory(2, 40, 2, LeastRecentlyUsed(), parameters=p, engine="numpy")
    state, key = memory.begin(8, rng), np.ones((8, 2))
    rest = rng.permuted(np.tile(np.arange(1.0, 41), (8, 1)), axis=1)
    rests = {"hidden.rest": rest, "hidden.demand": np.full((8, 40), 38.5)}
    state = state._replace(variables={**state.variables, **rests})
    for oldest in (40, 39):
        state, output = memory.step(state, key, key, np.ones(8))
        np.testing.assert_array_equal(output.third_factor, rest == oldest)


@pytest.mark.parametrize("presentation_time", [pytest.param(60 * ms, marks=pytest.mark.slow), 150 * ms,
                                               pytest.param(300 * ms, marks=pytest.mark.slow)])  # fmt: skip
def test_all_neurons_of_a_slot_say_whether_it_was_used(presentation_time):
    """Queries that hang between two slots: the rest of a slot is the time since its neurons had enough of the votes,
    of which there are 27 in 150 ms."""
    rng, n_slots, p = np.random.default_rng(8), 6, presented_for(Parameters(), presentation_time)
    x = rng.choice([-1.0, 1.0], size=(n_slots, D))
    halves = [np.where(np.arange(D) < D // 2, x[i], x[(i + 1) % n_slots]) for i in range(n_slots)]
    keys = np.concatenate([x, halves, halves])
    gate = np.repeat([1.0, 0.0], [n_slots, 2 * n_slots])
    memory = SpikingMemory(D, n_slots, D, LeastRecentlyUsed(), parameters=p, engine="numpy")
    response = respond(memory, Episode(keys, keys, gate, np.full(len(keys), -1)))
    used = response.counts["votes"] >= 0.58 * 27 * (presentation_time / (150 * ms))
    used[:n_slots] = response.third_factor[:n_slots] > 0
    last = np.where(used, np.arange(len(keys))[:, None], -1).max(axis=0)
    rest = response.state.variables["hidden.rest"][0, :: p.neurons_per_slot]
    np.testing.assert_array_equal(np.floor(rest), len(keys) - 1 - last)
    if presentation_time >= 150 * ms:
        assert len(set(last)) > 3  # some recalls were won

"""The spiking network does its own remembering: nothing but its neurons and synapses acts, and it sees no answer."""

import brian2
import numpy as np
import pytest

from bioKV import Episode, Random, Sequential, SpikingMemory
from bioKV.memory import Response
from bioKV.numpy_engine import run_batch
from bioKV.presentation import dendrite_settings, present
from bioKV.protocols import autoassociative
from bioKV.recording import RECORDABLE

D = 16
STORED = 3


def memory(third_factor=None):
    return SpikingMemory(D, D, D, third_factor or Sequential(), engine="numpy")


def answer(episode, third_factor=None, record=(), seed=11) -> Response:
    return memory(third_factor).respond(episode, np.random.default_rng(seed), record=record)


def changed(episode, **arrays):
    fields = {name: getattr(episode, name) for name in ("keys", "values", "gate", "source", "local_third_factor")}
    return Episode(**{**fields, **arrays})


@pytest.fixture(scope="module")
def episode():
    return autoassociative(np.random.default_rng(1), n_pairs=STORED, key_dim=D)


@pytest.fixture(scope="module")
def response(episode):
    return answer(episode, record=RECORDABLE)


def test_scrambling_the_right_answers_of_all_recalls_changes_no_spike(episode, response):
    values = episode.values.copy()
    values[episode.is_recall] = np.random.default_rng(2).choice([-1.0, 1.0], size=values[episode.is_recall].shape)
    scrambled = answer(changed(episode, values=values), record=RECORDABLE)
    for population, spikes in response.spikes.items():
        assert spikes.t_ms.size > 0
        np.testing.assert_array_equal(spikes.t_ms, scrambled.spikes[population].t_ms)
        np.testing.assert_array_equal(spikes.neuron, scrambled.spikes[population].neuron)


def test_what_is_stored_decides_what_is_recalled(episode, response):
    values = episode.values.copy()
    values[episode.is_store] *= -1
    opposite = answer(changed(episode, values=values))
    recalled = episode.is_recall
    np.testing.assert_array_equal(np.sign(opposite.values[recalled]), -np.sign(response.values[recalled]))


def test_a_recall_leaves_every_weight_as_it_was(episode, response):
    only_stored = Episode(*(a[:STORED] for a in (episode.keys, episode.values, episode.gate, episode.source)))
    before = answer(only_stored)
    for name in ("key.w", "value.w"):
        np.testing.assert_array_equal(before.state.variables[name], response.state.variables[name])


@pytest.mark.parametrize("third_factor", [Sequential(), Random(0.3)])
def test_without_the_gate_no_weight_changes(episode, third_factor):
    closed = changed(episode, gate=np.zeros(episode.n_steps), source=np.full(episode.n_steps, -1))
    after = answer(closed, third_factor)
    assert after.third_factor.sum() > 0  # there were plateaus; only the gate was shut
    np.testing.assert_array_equal(after.state.variables["key.w"], 0.5)
    np.testing.assert_array_equal(after.state.variables["value.w"], 0.0)


def test_without_a_plateau_no_weight_changes(episode):
    flat = changed(episode, local_third_factor=np.zeros((episode.n_steps, D)))
    after = answer(flat)
    np.testing.assert_array_equal(after.state.variables["key.w"], 0.5)
    np.testing.assert_array_equal(after.state.variables["value.w"], 0.0)


def test_only_slots_with_a_plateau_are_written(episode):
    gamma = np.zeros((episode.n_steps, D))
    gamma[0, [2, 7]] = 1
    gamma[1, 5] = 1
    after = answer(changed(episode, local_third_factor=gamma))
    K, V = memory().weights(after.state)
    np.testing.assert_array_equal(np.flatnonzero(np.abs(K[0]).sum(axis=1)), [2, 5, 7])
    np.testing.assert_array_equal(np.flatnonzero(np.abs(V[0]).sum(axis=0)), [2, 5, 7])
    np.testing.assert_array_equal(after.third_factor, gamma)


def test_a_respond_is_one_run_of_brian2_objects_without_python_between_windows(episode, monkeypatch):
    runs = []
    run = brian2.Network.run

    def counted(network, duration, *args, **how):
        runs.append((network, float(duration)))
        return run(network, duration, *args, **how)

    monkeypatch.setattr(brian2.Network, "run", counted)
    answer(episode)
    [(network, duration)] = runs
    assert duration == pytest.approx(episode.n_steps * 0.15 + 0.0005)
    assert not [thing for thing in network.objects if isinstance(thing, brian2.NetworkOperation)]
    for thing in network.objects:
        assert type(thing).__module__.startswith("brian2."), thing


def test_progress_sees_a_number_and_nothing_else(episode):
    seen = []
    flat = episode.flat()
    start = {name: values.ravel() for name, values in memory().begin(1, np.random.default_rng(0)).variables.items()}
    settings = dendrite_settings(Sequential(), D, imposed=False)
    run_batch((D, D, D), present(flat, D), settings, start, 1, progress=lambda *told: seen.append(told))
    assert seen
    assert all(len(told) == 1 and isinstance(told[0], float) for told in seen)


def test_all_weights_stay_excitatory_and_bounded(response):
    for name in ("key.w", "value.w"):
        w = response.state.variables[name]
        assert w.min() >= 0  # Dale: ON/OFF coding needs no negative weight
        assert w.max() <= 1

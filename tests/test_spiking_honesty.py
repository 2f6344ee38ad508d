"""The spiking network does its own remembering: nothing but its neurons and synapses acts, and it sees no answer."""

from dataclasses import replace

import numpy as np
import pytest

from bioKV import Episode, Parameters, SpikingMemory
from bioKV.engines.numpy import run_batch
from bioKV.engines.prepared import Batch
from bioKV.network.presentation import present
from bioKV.protocols import autoassociative
from bioKV.response import SpikingResponse
from bioKV.units import ms

D = 16
COARSE = {"parameters": Parameters(dt=1 * ms), "engine": "numpy"}  # half as many time steps; nothing here needs more
STORED = 3


def memory():
    return SpikingMemory(D, D, D, **COARSE)


def answer(episode) -> SpikingResponse:
    return memory().respond(episode, np.random.default_rng(11))


@pytest.fixture(scope="module")
def episode():
    return autoassociative(np.random.default_rng(1), n_pairs=STORED, key_dim=D)


@pytest.fixture(scope="module")
def response(episode):
    return answer(episode)


def test_what_is_stored_decides_what_is_recalled(episode, response):
    values = episode.values.copy()
    values[episode.is_store] *= -1
    opposite = answer(replace(episode, values=values))
    recalled = episode.is_recall
    np.testing.assert_array_equal(np.sign(opposite.values[recalled]), -np.sign(response.values[recalled]))


def test_a_recall_leaves_every_weight_as_it_was(episode, response):
    only_stored = Episode(*(a[:STORED] for a in (episode.keys, episode.values, episode.gate, episode.source)))
    before = answer(only_stored)
    for name in ("key.w", "value.w"):
        np.testing.assert_array_equal(before.state.variables[name], response.state.variables[name])


def test_without_a_plateau_no_weight_changes(episode):
    flat = replace(episode, local_third_factor=np.zeros((episode.n_steps, D)))
    after = answer(flat)
    np.testing.assert_array_equal(after.state.variables["key.w"], 0.5)
    np.testing.assert_array_equal(after.state.variables["value.w"], 0.0)


def test_only_slots_with_a_plateau_are_written(episode):
    gamma = np.zeros((episode.n_steps, D))
    gamma[0, [2, 7]] = 1
    gamma[1, 5] = 1
    after = answer(replace(episode, local_third_factor=gamma))
    K, V = memory().weights(after.state)
    np.testing.assert_array_equal(np.flatnonzero(np.abs(K[0]).sum(axis=1)), [2, 5, 7])
    np.testing.assert_array_equal(np.flatnonzero(np.abs(V[0]).sum(axis=0)), [2, 5, 7])
    np.testing.assert_array_equal(after.third_factor, gamma)


def test_progress_sees_a_number_and_nothing_else(episode):
    seen = []
    flat = episode.flat()
    start = {name: values.ravel() for name, values in memory().begin(1, np.random.default_rng(0)).variables.items()}
    run_batch(Batch(memory().blueprint(), present(flat, D), start, 1), progress=lambda *told: seen.append(told))
    assert seen
    assert all(len(told) == 1 and isinstance(told[0], float) for told in seen)

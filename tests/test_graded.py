"""Real numbers in keys and values, in spikes: weights hold sizes, and answers are those of the rate model."""

import functools

import numpy as np
import pytest
from every import PROTOCOLS

from bioKV import Episode, Parameters, SpikingMemory
from bioKV.models import KeyValueMemory
from bioKV.network.presentation import is_graded
from bioKV.protocols import graded
from bioKV.rule import SIMPLE
from bioKV.units import ms

D, N = 16, 6
FAST = Parameters(dt=1 * ms, neurons_per_slot=2)


@functools.cache
def stored(unknown=0.0):
    """An episode that fills the memory; of its trial K and V in spikes and in rates, and the answers of both."""
    episode = graded(np.random.default_rng(3), N, D, unknown=unknown)
    spiking, rate = SpikingMemory(D, N, D, parameters=FAST, engine="numpy"), KeyValueMemory(D, N, D)
    response = spiking.respond(episode, np.random.default_rng(1))
    twin = rate.respond(episode, np.random.default_rng(0))
    weights = [w[0] for w in (*spiking.weights(response.state), *rate.weights(twin.state))]
    return episode, weights, response.values[N:], twin.values[N:]


def test_only_what_is_more_than_signs_is_graded():
    rng = np.random.default_rng(0)
    assert [name for name, make in PROTOCOLS.items() if is_graded(make(rng))] == [
        "graded", "graded, unknown entries stored",
    ]  # fmt: skip
    assert is_graded(graded(rng, 2, D, unknown=1.0))


def test_weights_hold_the_sizes_of_keys_and_values():
    _, (K, V, K_rate, V_rate), _, _ = stored()
    assert np.abs(K - K_rate).mean() < 0.05  # a count of nine spikes for a whole entry
    assert np.corrcoef(V.ravel(), V_rate.ravel())[0, 1] > 0.98
    assert 0.85 < np.polyfit(V_rate.ravel(), V.ravel(), 1)[0] < 1.15


def test_a_key_is_as_fine_as_a_count_up_to_the_end_of_the_plateau():
    """At the dendritic spike, after 42 ms, a whole entry has had four spikes, at the end of the plateau nine."""
    _, (K, _, K_rate, _), _, _ = stored()
    assert np.abs(K - K_rate).max() < 1 / 8


def test_an_unknown_entry_of_a_stored_key_is_neither_sign():
    episode, (K, V, K_rate, _), _, _ = stored(unknown=0.5)
    unknown = episode.keys[:N] == 0
    assert 0.3 < unknown.mean() < 0.7
    np.testing.assert_allclose(K[K_rate == 0], 0, atol=1e-6)
    assert np.abs(V).max() > 0.5  # beside it the value is whole


def test_recalled_values_point_where_those_of_the_rate_model_do():
    _, _, ours, rate = stored()
    cosine = (ours * rate).sum(-1) / np.linalg.norm(ours, axis=-1) / np.linalg.norm(rate, axis=-1)
    assert cosine.mean() > 0.95


def test_an_output_neuron_takes_half_of_its_evidence_from_its_opponent():
    """Inhibition of OFF neurons of clamped values, a mean over 60 ms, against the evidence of the ON neurons."""
    values = np.array([[0.3, 0.5, 0.7, 1.0]])
    shown = Episode(values, values, np.ones(1), np.full(1, -1))
    memory = SpikingMemory(4, 1, 4, parameters=Parameters(neurons_per_slot=1), engine="numpy")
    trace = memory.respond(shown, np.random.default_rng(0), traces="output").traces["output"]
    late = (trace.t_ms >= 40) & (trace.t_ms < 100)
    on, off = trace.values["v"][late, :4].mean(axis=0), trace.values["inhibition"][late, 4:].mean(axis=0)
    assert off.sum() == pytest.approx(0.5 * on.sum(), rel=0.2)


def test_a_memory_at_the_prompt_takes_sizes_too():
    x = graded(np.random.default_rng(6), 2, D).keys[:2]
    memory = SpikingMemory(D, N, D, parameters=FAST, seed=1)
    for pattern in x:
        memory.store(pattern, pattern)
    for pattern in x:
        assert np.corrcoef(memory.recall(pattern), pattern)[0, 1] > 0.9


@pytest.mark.parametrize(("of", "what"), [({"rule": SIMPLE._replace(axon=0.0)}, "a rule")])
def test_what_knows_signs_alone_refuses_sizes(of, what):
    episode = graded(np.random.default_rng(0), 2, D)
    with pytest.raises(ValueError, match=rf"in spikes {what} takes whole keys and values of \+1 and -1"):
        SpikingMemory(D, N, D, engine="numpy", **of).respond(episode, np.random.default_rng(0))


def test_ones_own_patterns_are_stored_in_their_order():
    mine = np.linspace(-1, 1, 3 * D).reshape(3, D)
    np.testing.assert_array_equal(graded(np.random.default_rng(0), 3, D, patterns=mine).values[:3], mine)
    with pytest.raises(ValueError, match=r"patterns must lie in \[-1, 1\]; pattern 0, entry 0 is -2"):
        graded(np.random.default_rng(0), 3, D, patterns=2 * mine)
    with pytest.raises(ValueError, match="sd must be a finite number above 0; got 0"):
        graded(np.random.default_rng(0), 3, D, sd=0)

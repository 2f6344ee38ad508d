"""What holds for every memory and every protocol, whatever the numbers (Hypothesis draws them)."""

import numpy as np
import pytest
from every import PROTOCOLS, D, make
from hypothesis import given
from hypothesis import strategies as st

from bioKV import Episode
from bioKV.models import TVT, KeyValueMemory
from bioKV.models.plasticity import read, write_key, write_value
from bioKV.protocols import correlated

SEED = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@given(seed=SEED)
def test_every_recalled_item_was_stored_before_it_is_asked(protocol, seed):
    episode = PROTOCOLS[protocol](np.random.default_rng(seed))
    asked = np.flatnonzero(episode.is_recall)
    assert asked.size
    clamped = episode.gate[asked] > 0  # a stored prompt is itself asked for, at the step that writes it
    assert (episode.source[asked] < asked + clamped).all()
    assert (episode.gate[episode.source[asked]] > 0).all()
    np.testing.assert_array_equal(episode.values[asked], episode.values[episode.source[asked]])


@pytest.mark.parametrize("protocol", PROTOCOLS)
@given(seed=SEED)
def test_a_query_is_its_key_with_some_entries_unknown(protocol, seed):
    episode = PROTOCOLS[protocol](np.random.default_rng(seed))
    asked = np.flatnonzero(episode.is_recall & ~episode.feedback)
    stored = episode.source[asked]
    shown = ~episode.feedback[stored]  # keys that feedback will supply are not in the episode
    query, key = episode.keys[asked][shown], episode.keys[stored][shown]
    known = (query != 0) & (key != 0)  # an entry may be unknown when a key is stored
    np.testing.assert_array_equal(query[known], key[known])


@given(seed=SEED, order=st.permutations(range(6)))
def test_a_permutation_of_slots_changes_no_answer(seed, order):
    rng = np.random.default_rng(seed)
    K, V, x = rng.normal(size=(6, D)), rng.normal(size=(5, 6)), rng.choice([-1.0, 0, 1], size=D)
    h, y = read(K, V, x)
    h_other, y_other = read(K[list(order)], V[:, list(order)], x)
    np.testing.assert_allclose(y, y_other, atol=1e-12)
    np.testing.assert_allclose(h[list(order)], h_other, atol=1e-12)


@pytest.mark.parametrize("memory", ["hopfield", "bam"])
@given(seed=SEED, power=st.integers(-8, 8))
def test_outer_products_grow_with_q_and_their_answers_do_not(memory, seed, power):
    """A power of two, so that a tie stays one."""
    episode = PROTOCOLS["continual"](np.random.default_rng(seed))
    stronger = Episode(episode.keys, episode.values, episode.gate * 2.0**power, episode.source)
    one, other = (make(memory).respond(e, np.random.default_rng(0)) for e in (episode, stronger))
    np.testing.assert_array_equal(one.values, other.values)
    np.testing.assert_array_equal(one.state.W * 2.0**power, other.state.W)


@given(seed=SEED, q=st.floats(1e-6, 1e6))
def test_tvt_stores_whole_rows_whatever_the_size_of_q(seed, q):
    episode = PROTOCOLS["continual"](np.random.default_rng(seed))
    stronger = Episode(episode.keys, episode.values, episode.gate * q, episode.source)
    one, other = (TVT(D, 8).respond(e, np.random.default_rng(0)) for e in (episode, stronger))
    np.testing.assert_array_equal(one.values, other.values)


@given(seed=SEED, q=st.floats(1, 1e6))
def test_a_key_value_memory_stores_no_more_with_a_gate_above_one(seed, q):
    episode = PROTOCOLS["continual"](np.random.default_rng(seed))
    stronger = Episode(episode.keys, episode.values, episode.gate * q, episode.source)
    one, other = (KeyValueMemory(D, 8, D).respond(e, np.random.default_rng(0)) for e in (episode, stronger))
    np.testing.assert_array_equal(one.values, other.values)


@given(seed=SEED, q=st.floats(0, 1))
def test_a_write_moves_the_weights_by_the_share_q(seed, q):
    rng = np.random.default_rng(seed)
    K, V = rng.normal(size=(6, D)), rng.normal(size=(5, 6))
    x, y, h = rng.normal(size=D), rng.normal(size=5), rng.dirichlet(np.ones(6))
    gamma, q, one = rng.integers(0, 2, size=6).astype(float), np.array(q), np.array(1.0)
    whole_K, whole_V = write_key(K, x, gamma, one), write_value(V, y, h, gamma, one)
    np.testing.assert_allclose(write_key(K, x, gamma, q), (1 - q) * K + q * whole_K, atol=1e-12)
    np.testing.assert_allclose(write_value(V, y, h, gamma, q), (1 - q) * V + q * whole_V, atol=1e-12)


@given(seed=SEED, q=st.floats(1, 1e6))
def test_a_gate_above_one_writes_as_one_does(seed, q):
    rng = np.random.default_rng(seed)
    K, x, gamma = rng.normal(size=(6, D)), rng.normal(size=D), np.ones(6)
    np.testing.assert_array_equal(write_key(K, x, gamma, np.array(q)), write_key(K, x, gamma, np.array(1.0)))


@pytest.mark.parametrize("mode", ["template", "drift"])
@given(seed=SEED, correlation=st.floats(0, 1))
def test_a_pattern_has_the_stated_correlation_with_the_one_it_is_made_from(mode, seed, correlation):
    """Six standard errors of 59 patterns of 200 entries: none of some hundred draws should exceed them."""
    x = correlated(np.random.default_rng(seed), 60, correlation, mode, key_dim=200).keys[:60]
    origin = x[:1] if mode == "template" else x[:-1]
    assert abs((x[1:] * origin).mean() - correlation) < 6 / np.sqrt(59 * 200)


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.6, 1.0])
def test_correlated_patterns_have_the_stated_correlation(correlation):
    """With the template c, with each other c squared; four standard errors of 400 patterns of 200 entries."""
    x = correlated(np.random.default_rng(5), 400, correlation, key_dim=200).keys[:400]
    to_template = x[1:] @ x[0] / 200
    assert abs(to_template.mean() - correlation) < 4 / np.sqrt(399 * 200)
    between = (x[1:] @ x[1:].T / 200)[np.triu_indices(399, 1)]
    assert abs(between.mean() - correlation**2) < 0.01

"""What holds for every memory and every protocol, whatever the numbers (Hypothesis draws them)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioKV import Episode, LeastRecentlyUsed, Random, Sequential
from bioKV.models import BAM, TVT, Hopfield, KeyValueMemory, LearnedMemory
from bioKV.models.plasticity import read, write_key, write_value
from bioKV.protocols import autoassociative, continual, copy_paste, correlated, flashbulb, heteroassociative, sequence
from bioKV.rule import SIMPLE

D = 12
SEED = st.integers(0, 2**32 - 1)
PROTOCOLS = {
    "autoassociative": lambda rng: autoassociative(rng, 6, D),
    "continual": lambda rng: continual(rng, 4, n_steps=60, key_dim=D),
    "flashbulb": lambda rng: flashbulb(rng, 4, n_flashbulb=2, n_steps=60, key_dim=D),
    "correlated": lambda rng: correlated(rng, 6, 0.5, key_dim=D),
    "heteroassociative": lambda rng: heteroassociative(rng, 6, D, 5),
    "sequence": lambda rng: sequence(rng, 6, D),
    "copy_paste": lambda rng: copy_paste(rng, 5, D - 1),
}
MEMORIES = {
    "sequential": lambda m: KeyValueMemory(D, 8, m, Sequential()),
    "random": lambda m: KeyValueMemory(D, 8, m, Random(0.3)),
    "least recently used": lambda m: KeyValueMemory(D, 8, m, LeastRecentlyUsed()),
    "stable": lambda m: KeyValueMemory(D, 8, m, Random(0.3), stability_threshold=5.0),
    "learned": lambda m: LearnedMemory(D, 8, m, Random(0.3), rule=SIMPLE._replace(axon=0.0, decay=0.95)),
    "hopfield": lambda m: Hopfield(D, m),
    "bam": lambda m: BAM(D, m),
    "tvt": lambda m: TVT(D, 8, m),
}
MEANINGLESS = {(m, p) for m in ("hopfield", "tvt") for p in ("heteroassociative", "sequence")}
PAIRS = [(m, p) for m in MEMORIES for p in PROTOCOLS if (m, p) not in MEANINGLESS]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@given(seed=SEED)
def test_every_recalled_item_was_stored_before_it_is_asked(protocol, seed):
    episode = PROTOCOLS[protocol](np.random.default_rng(seed))
    asked = np.flatnonzero(episode.is_recall)
    assert asked.size
    assert (episode.source[asked] < asked).all()
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
    known = query != 0
    np.testing.assert_array_equal(query[known], key[known])


@pytest.mark.parametrize(("memory", "protocol"), PAIRS)
@given(seed=SEED)
def test_equal_seeds_give_equal_episodes_and_answers(memory, protocol, seed):
    answers = []
    for _ in range(2):
        episode = PROTOCOLS[protocol](np.random.default_rng(seed))
        response = MEMORIES[memory](episode.value_dim).respond(episode, np.random.default_rng(seed))
        answers.append((episode.keys, response.values, response.third_factor))
    for one, other in zip(*answers, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("memory", "protocol"), PAIRS)
@given(seed=SEED)
def test_answering_at_once_equals_answering_step_by_step(memory, protocol, seed):
    episode = Episode.stack([PROTOCOLS[protocol](np.random.default_rng([seed, k])) for k in range(2)])
    store = MEMORIES[memory](episode.value_dim)
    response = store.respond(episode, [np.random.default_rng([seed, k]) for k in range(2)])
    state = store.begin(2, [np.random.default_rng([seed, k]) for k in range(2)])
    previous = np.zeros((2, episode.value_dim))
    for t in range(episode.n_steps):
        key = np.where(episode.feedback[:, t, None], np.sign(previous), episode.keys[:, t]) if episode.feedback.any() \
            else episode.keys[:, t]  # fmt: skip
        state, output = store.step(state, key, episode.values[:, t], episode.gate[:, t])
        previous = output.after if episode.read_after_write else output.before
        # 1e-9: sums in another order, in double precision; answers through sign() are compared where they are no tie
        same = np.isclose(previous, response.values[:, t], atol=1e-9)
        assert same.all()


@given(seed=SEED, order=st.permutations(range(6)))
def test_a_permutation_of_slots_changes_no_answer(seed, order):
    rng = np.random.default_rng(seed)
    K, V, x = rng.normal(size=(6, D)), rng.normal(size=(5, 6)), rng.choice([-1.0, 0, 1], size=D)
    h, y = read(K, V, x)
    h_other, y_other = read(K[list(order)], V[:, list(order)], x)
    np.testing.assert_allclose(y, y_other, atol=1e-12)
    np.testing.assert_allclose(h[list(order)], h_other, atol=1e-12)


@pytest.mark.parametrize("memory", ["rate", "stable", "learned", "tvt"])
@given(seed=SEED, order=st.permutations(range(8)))
def test_a_permutation_of_slots_changes_nothing_in_a_whole_life(memory, seed, order):
    """Plateaus in other slots, and the same slots' weights: every answer stays, and the weights are permuted."""
    rng = np.random.default_rng(seed)
    make = {"rate": lambda: KeyValueMemory(D, 8, D), "tvt": lambda: TVT(D, 8),
            "stable": lambda: KeyValueMemory(D, 8, D, stability_threshold=(5, 10)),
            "learned": lambda: LearnedMemory(D, 8, D, rule=SIMPLE._replace(axon=0.0, decay=0.95))}[memory]  # fmt: skip
    x = rng.choice([-1.0, 1.0], size=(40, D))
    gamma = (rng.random((40, 8)) < 0.2).astype(float)
    life = Episode(x, x, rng.choice([0, 0.5, 1, 7, 15], size=40), np.full(40, -1), local_third_factor=gamma)
    one = make().respond(life, rng)
    other = make().respond(life.with_third_factor(gamma[:, list(order)]), rng)
    np.testing.assert_allclose(one.values, other.values, atol=1e-12)
    np.testing.assert_allclose(one.hidden[:, list(order)], other.hidden, atol=1e-12)
    (K, V), (K_other, V_other) = make().weights(one.state), make().weights(other.state)
    np.testing.assert_allclose(K[:, list(order)], K_other, atol=1e-12)
    np.testing.assert_allclose(V[:, :, list(order)], V_other, atol=1e-12)


@pytest.mark.parametrize("memory", ["hopfield", "bam"])
@given(seed=SEED, power=st.integers(-8, 8))
def test_outer_products_grow_with_q_and_their_answers_do_not(memory, seed, power):
    """A power of two, so that a tie stays one."""
    episode = PROTOCOLS["continual"](np.random.default_rng(seed))
    stronger = Episode(episode.keys, episode.values, episode.gate * 2.0**power, episode.source)
    one, other = (MEMORIES[memory](D).respond(e, np.random.default_rng(0)) for e in (episode, stronger))
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

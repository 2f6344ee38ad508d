"""What the paper's network is compared with: Hopfield network, BAM and TVT."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV import Episode
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.learning.train_tvt import train_tvt
from bioKV.models import BAM, TVT, Hopfield, KeyValueMemory
from bioKV.models.tvt import TrainedKey, load_key, save_key
from bioKV.protocols import autoassociative, heteroassociative, sequence
from bioKV.protocols.patterns import corrupt, random_patterns


def test_a_hopfield_network_has_the_weights_of_equation_1(rng):
    memory, x = Hopfield(7, learning_rate=0.5, decay=0.75), random_patterns(2, 7, rng)
    state = memory.begin(1, rng)
    state, _ = memory.step(state, x[:1], x[:1], np.array([2.0]))
    state, _ = memory.step(state, x[1:], x[1:], np.array([0.0]))  # nothing stored, and yet W decays
    state, _ = memory.step(state, x[1:], x[1:], np.array([1.0]))
    expected = 0.75**2 * np.outer(x[0], x[0]) + 0.5 * np.outer(x[1], x[1])
    np.testing.assert_array_equal(state.W[0], expected)
    np.testing.assert_array_equal(state.W[0], state.W[0].T)


def test_bounded_weights_stay_within_the_bound_and_forget_the_oldest(rng):
    memory, x = Hopfield(60, learning_rate=60**-0.5, weight_bound=0.35), random_patterns(300, 60, rng)
    for pattern in x:
        memory.store(pattern, pattern)
    (W,), _ = memory.weights(memory._state)
    assert np.abs(W).max() == 0.35
    right = [(memory.recall(corrupt(p, 0.3, rng)) == p).mean() for p in (x[-1], x[0])]
    assert right[0] > 0.95 > right[1]


def test_self_coupling_is_why_a_small_hopfield_network_shows_no_blackout(rng):
    episode = Episode.stack([autoassociative(rng, 40) for _ in range(200)])
    networks = Hopfield(40), Hopfield(40, self_coupling=False)
    kept, removed = (accuracy(network.respond(episode, rng), episode).mean() for network in networks)
    assert abs(kept - 0.8157) < 0.005  # the reference at T = 40; 0.005 is three standard errors of ours
    assert abs(removed - 0.66) < 0.01


def test_a_cycle_of_two_ends_a_recall(rng):
    """Two neurons that oppose each other and start alike flip together for ever."""
    memory = Hopfield(2, self_coupling=False)
    W = np.array([[[0.0, -1.0], [-1.0, 0.0]]])
    np.testing.assert_array_equal(memory.read(W, np.ones((1, 1, 2))), np.ones((1, 1, 2)))


def test_a_recall_to_a_fixed_point_ends_in_one(rng):
    memory, x = Hopfield(40), random_patterns(60, 40, rng)
    for pattern in x:
        memory.store(pattern, pattern)
    (W,), _ = memory.weights(memory._state)
    for pattern in x[:20]:
        end = memory.recall(corrupt(pattern, 0.6, rng))
        np.testing.assert_array_equal(np.sign(W @ end), end)


def test_bam_sums_outer_products_and_recalls_in_one_step(rng):
    memory, x, y = BAM(9, 4), random_patterns(3, 9, rng), random_patterns(3, 4, rng)
    for key, value in zip(x, y, strict=True):
        memory.store(key, value)
    W, back = memory.weights(memory._state)
    np.testing.assert_array_equal(W[0], y.T @ x)
    np.testing.assert_array_equal(back[0], x.T @ y)
    np.testing.assert_array_equal(memory.recall(x[1]), np.sign(y.T @ x @ x[1]))


def test_going_back_and_forth_ends_where_key_and_value_call_each_other(rng):
    memory = BAM(40, 20, n_steps=None)
    x, y = random_patterns(15, 40, rng), random_patterns(15, 20, rng)
    for key, value in zip(x, y, strict=True):
        memory.store(key, value)
    (W,), _ = memory.weights(memory._state)
    for key in x:
        end = memory.recall(corrupt(key, 0.6, rng))
        np.testing.assert_array_equal(np.sign(W @ np.sign(W.T @ end)), end)


def test_tvt_with_the_norms_as_strength_answers_as_the_sequential_network(rng):
    """While every step stores, both counters agree, and K is M and V is M^T, but for the leak in h'."""
    episode = Episode.stack([autoassociative(rng, 40) for _ in range(100)])
    tvt, ours = (accuracy(m.respond(episode, rng), episode) for m in (TVT(40, 40), KeyValueMemory(40, 40, 40)))
    assert abs((tvt - ours).mean()) < 5e-4


def test_tvt_sharpened_by_the_authors_strength_recalls_too(rng):
    episode = Episode.stack([autoassociative(rng, 40) for _ in range(30)])
    assert accuracy(TVT(40, 40, strength=10).respond(episode, rng), episode).mean() > 0.9


def test_the_trained_key_is_as_good_as_the_identity_up_to_N_patterns_and_better_beyond(rng):
    trained, key = TVT(40, 40, **load_key()._asdict()), TVT(40, 40)
    for n_pairs, least, most in ((40, -5e-4, 5e-4), (80, 0.003, 0.02)):
        episode = Episode.stack([autoassociative(rng, n_pairs) for _ in range(200)])
        gain = accuracy(trained.respond(episode, rng), episode) - accuracy(key.respond(episode, rng), episode)
        assert least < gain.mean() < most


def test_a_key_that_permutes_entries_reads_with_the_permuted_query(rng):
    order, x = rng.permutation(12), random_patterns(5, 12, rng)
    plain, turned = TVT(12, 5, strength=3), TVT(12, 5, strength=3, key=np.eye(12)[order])
    for pattern in x:
        plain.store(pattern, pattern)
        turned.store(pattern, pattern)
    query = x[2] * (rng.random(12) < 0.5)
    np.testing.assert_allclose(turned.recall(query), plain.recall(query[order]), atol=1e-12)


def test_a_trained_key_is_read_as_it_was_written(tmp_path, rng):
    save_key(tmp_path / "key.json", TrainedKey(rng.normal(size=(4, 4)), 7.25))
    key, strength = load_key(tmp_path / "key.json")
    assert strength == 7.25
    np.testing.assert_allclose(key, np.round(key, 5))
    assert TVT(4, 3, key=key, strength=strength).key.shape == (4, 4)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rubbish", "does not hold a key and a strength"),
        ('{"key": [[1.0]]}', "does not hold a key and a strength"),
        ('{"key": [[1.0, 2.0]], "strength": 1}', r"key must be a finite matrix of shape \(1, 1\)"),
        ('{"key": [[NaN]], "strength": 1}', "key must be a finite matrix"),
        ('{"key": [[1.0]], "strength": -2}', "strength must be a number above 0"),
    ],
)
def test_a_file_that_holds_no_key_is_refused(text, message, tmp_path):
    (tmp_path / "key.json").write_text(text)
    with pytest.raises(ValueError, match=message):
        load_key(tmp_path / "key.json")


def test_training_a_tvt_key_lowers_its_error(rng, capfd):
    pytest.importorskip("jax")

    def errors(steps):
        train_tvt(8, lambda rng: autoassociative(rng, 8, 10), rng, steps=steps, batch=8)
        return [float(line.split()[6]) for line in capfd.readouterr().err.splitlines()]

    first, *_, last = errors(300)
    assert last < 0.8 * first


def test_tvt_advances_its_counter_with_writes_alone(rng):
    memory, x = TVT(10, 3), random_patterns(4, 10, rng)
    state = memory.begin(1, rng)
    for pattern, q in zip(x, (1.0, 0.0, 1.0, 1.0), strict=True):
        state, _ = memory.step(state, pattern[None], pattern[None], np.array([q]))
    np.testing.assert_array_equal(state.M[0], x[[0, 2, 3]])


NOT_PAIRS = "for values that differ from their keys use KeyValueMemory or BAM"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: Hopfield(40, 20), "must be key_dim=40; got 20. Where they differ use KeyValueMemory or BAM"),
        (lambda rng: TVT(40, 40, 20), "must be key_dim=40; got 20. Where they differ use KeyValueMemory or BAM"),
        (lambda rng: Hopfield(0), "key_dim must be a whole number above 0; got 0"),
        (lambda rng: BAM(4, 0), "value_dim must be a whole number above 0; got 0"),
        (lambda rng: TVT(4, 0), "n_slots must be a whole number above 0; got 0"),
        (lambda rng: Hopfield(4, n_steps=0), "n_steps must be a whole number above 0; got 0"),
        (lambda rng: Hopfield(4, decay=0), r"decay is what is left of W after a step and must lie in \(0, 1\]; got 0"),
        (lambda rng: BAM(4, 4, decay=1.1), r"decay .* must lie in \(0, 1\]; got 1\.1"),
        (lambda rng: Hopfield(4, learning_rate=0), "learning_rate must be a finite number above 0; got 0"),
        (lambda rng: Hopfield(4, weight_bound=0), "weight_bound must be a number above 0, or None .*; got 0"),
        (lambda rng: TVT(4, 4, key=np.eye(3)), r"key must be a finite matrix of shape \(4, 4\)"),
        (lambda rng: TVT(4, 4, strength=0), r"strength must be a number above 0, or None for \|row\| \|x\|; got 0"),
        (lambda rng: Hopfield(4).store(np.ones(4), -np.ones(4)), f"Hopfield stores a pattern .*{NOT_PAIRS}"),
        (lambda rng: TVT(4, 4).store(np.ones(4), -np.ones(4)), f"TVT stores a pattern as its own value .*{NOT_PAIRS}"),
        (lambda rng: Hopfield(40).respond(heteroassociative(rng, value_dim=40), rng), NOT_PAIRS),
        (lambda rng: TVT(40, 9).respond(heteroassociative(rng, value_dim=40), rng), NOT_PAIRS),
        (lambda rng: Hopfield(40).respond(sequence(rng), rng), NOT_PAIRS),
        (lambda rng: TVT(40, 40).respond(sequence(rng), rng), NOT_PAIRS),
        (lambda rng: Hopfield(30).respond(autoassociative(rng), rng), "keys has 40 columns but this memory has key"),
        (lambda rng: BAM(40, 30).respond(autoassociative(rng), rng), "values has 40 columns but this memory has"),
        (lambda rng: BAM(4, 4).step(BAM(4, 4).begin(1, rng), *np.ones((2, 1, 4)), np.ones(1), np.ones((1, 4))),
         "bam has no slots, so no plateau can be imposed on it"),
        (lambda rng: BAM(40, 40).respond(autoassociative(rng).with_third_factor(np.zeros((40, 5))), rng),
         "local_third_factor has 5 columns but this memory has n_slots=0"),
    ],
)  # fmt: skip
def test_what_a_memory_cannot_do_is_refused_and_another_named(call, message, rng):
    with pytest.raises(ValueError, match=message):
        call(rng)


def test_tvt_has_no_plateau_in_a_trial_that_stores_nothing():
    memory, x = TVT(4, 3), np.ones((2, 4))
    _, output = memory.step(memory.begin(2, np.random.default_rng(0)), x, x, np.array([1.0, 0.0]))
    np.testing.assert_array_equal(output.third_factor, [[1, 0, 0], [0, 0, 0]])

"""The rate memory, against the paper's equations written out once more and against numbers worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from every import loop
from hypothesis import assume, given
from hypothesis import strategies as st

from bioKV import Episode, LeastRecentlyUsed, Random, Sequential
from bioKV.models import KeyValueMemory

THIRD_FACTORS = [Sequential(), Random(0.3), LeastRecentlyUsed()]
# float64: dot products of at most 20 terms of order 1, through exp (an error there becomes a relative one), 20 steps
ROUNDING = 1e-11
# four keys of eight entries, any two orthogonal: rows of a Hadamard matrix
ORTHOGONAL = np.array([[1, 1, 1, 1, 1, 1, 1, 1], [1, -1, 1, -1, 1, -1, 1, -1], [1, 1, -1, -1, 1, 1, -1, -1],
                       [1, -1, -1, 1, 1, -1, -1, 1], [1, 1, 1, 1, -1, -1, -1, -1]], dtype=float)  # fmt: skip


def store_then_ask(keys, values, queries, source, gate=1.0) -> Episode:
    """Every pair is stored once, then the queries are put."""
    n = len(keys)
    asked = values[np.asarray(source)]
    return Episode(
        keys=np.concatenate([keys, queries]),
        values=np.concatenate([values, asked]),
        gate=np.concatenate([np.full(n, gate), np.zeros(len(queries))]),
        source=np.concatenate([np.full(n, -1), source]),
    )


def paper(episode: Episode, plateaus, n_slots: int):
    """Equations 4-11 in the order of the paper, number by number, for one trial; plateaus (T, N) are given.

    Returns the recalled values (T, m), the hidden activity (T, N) before the write, and K, V at the end.
    """
    d, m = episode.key_dim, episode.value_dim
    K = [[0.0] * d for _ in range(n_slots)]
    V = [[0.0] * n_slots for _ in range(m)]

    def activity(x):
        u = [sum(K[i][j] * x[j] for j in range(d)) for i in range(n_slots)]
        e = [math.exp(v - max(u)) for v in u]
        return [v / sum(e) for v in e]  # eq. 4

    def recalled(h):
        return [sum(V[k][i] * h[i] for i in range(n_slots)) for k in range(m)]  # eq. 5

    answers, hidden = [], []
    for t in range(episode.n_steps):
        x, y, q = list(episode.keys[t]), list(episode.values[t]), float(episode.gate[t])
        if episode.feedback[t]:
            previous = answers[-1] if t else [0.0] * m
            x = [float(int(v > 0) - int(v < 0)) for v in previous]
        h = activity(x)
        hidden.append(h)
        answer = recalled(h)
        eta = [min(max(q * g, 0.0), 1.0) for g in plateaus[t]]  # eq. 8
        for i in range(n_slots):
            for j in range(d):
                K[i][j] = (1 - eta[i]) * K[i][j] + eta[i] * x[j]  # eq. 9
        h = activity(x)  # eq. 10
        for k in range(m):
            for i in range(n_slots):
                V[k][i] = (1 - eta[i]) * V[k][i] + eta[i] * y[k] * h[i]  # eq. 11
        if episode.read_after_write and q > 0:
            answer = recalled(activity(x))
        answers.append(answer)
    return np.array(answers), np.array(hidden), np.array(K), np.array(V)


def random_episode(rng, d=3, m=3, n_steps=12, *, feedback=True) -> Episode:
    """Anything goes: real keys, closed, half-open and overdriven gates, feedback, reading before or after the write."""
    return Episode(
        keys=rng.choice([-1.0, 0.0, 1.0, 0.7], size=(n_steps, d)),
        values=rng.choice([-1.0, 1.0], size=(n_steps, m)),
        gate=rng.choice([0.0, 0.0, 0.4, 1.0, 1.7], size=n_steps),
        source=-1,
        feedback=rng.random(n_steps) < 0.25 if feedback and d == m else None,
        read_after_write=bool(rng.integers(2)),
    )


def assume_clear_winners(hidden):
    """Least recently used asks whether a share is above 1/2: a share of 1/2 up to rounding may fall on either side."""
    assume((abs(hidden - 0.5) > 1e-9).all())


# ---- by hand -----------------------------------------------------------------------------------------------------


def test_orthogonal_pairs_are_recalled_with_the_strength_the_softmax_gives():
    """d = 8, N = 4: a stored key meets its own slot with 8 and the others with 0, so h = e^8 / (e^8 + 3) = c there,
    when it is written (column c y of V) and when it is read: c c y_i + (1 - c)/3 times c y_j of the three others."""
    keys = ORTHOGONAL[:4]
    values = np.array([[1.0, 1], [1, -1], [-1, 1], [1, 1]])
    memory = KeyValueMemory(8, 4, 2)
    response = memory.respond(store_then_ask(keys, values, keys, np.arange(4)), np.random.default_rng(0))
    c = math.exp(8) / (math.exp(8) + 3)
    others = values.sum(axis=0) - values
    np.testing.assert_allclose(response.values[4:], c * c * values + (1 - c) / 3 * c * others, atol=ROUNDING)


def test_pair_N_plus_1_overwrites_the_oldest_slot():
    """Five orthogonal pairs, four slots: slot 0 holds the fifth key. The first key now overlaps with nothing, all slots
    answer alike, and the answer is the mean of the columns of V."""
    values = np.array([[1.0, -1], [1, -1], [-1, 1], [1, 1], [-1, 1]])
    memory = KeyValueMemory(8, 4, 2)
    response = memory.respond(store_then_ask(ORTHOGONAL, values, ORTHOGONAL, np.arange(5)), np.random.default_rng(0))
    K, V = memory.weights(response.state)
    np.testing.assert_array_equal(K[0], ORTHOGONAL[[4, 1, 2, 3]])
    c = math.exp(8) / (math.exp(8) + 3)
    np.testing.assert_allclose(V[0], c * values[[4, 1, 2, 3]].T, atol=ROUNDING)
    np.testing.assert_allclose(response.hidden[5], [1 / 4] * 4, atol=ROUNDING)
    np.testing.assert_allclose(response.values[5], c * values[1:].mean(axis=0), atol=ROUNDING)
    np.testing.assert_array_equal(np.sign(response.values[6:]), values[1:])


def test_a_half_open_gate_leaves_a_trace_of_half_strength():
    """d = 8, N = 4, q = 1/2 into an empty memory: K = x/2, which its own key meets with 4; V = y/2 e^4/(e^4 + 3)."""
    memory = KeyValueMemory(8, 4, 2)
    state = memory.begin(1, np.random.default_rng(0))
    state, output = memory.step(state, ORTHOGONAL[:1], np.array([[1.0, -1]]), np.array([0.5]))
    c = math.exp(4) / (math.exp(4) + 3)
    np.testing.assert_array_equal(state.K[0, 0], ORTHOGONAL[0] / 2)
    np.testing.assert_allclose(state.V[0, :, 0], [c / 2, -c / 2], atol=ROUNDING)
    np.testing.assert_allclose(output.after[0], [c * c / 2, -c * c / 2], atol=ROUNDING)
    assert output.before[0].tolist() == [0, 0]


def test_a_memory_that_was_never_written_is_undecided_unless_it_starts_with_the_authors_noise(rng):
    ask = Episode(np.ones((1, 8)), np.ones((1, 2)), 0.0, -1)
    assert KeyValueMemory(8, 4, 2).respond(ask, rng).values.tolist() == [[0, 0]]
    noisy = KeyValueMemory(8, 4, 2, initial_scale=1e-10).respond(ask, rng)
    assert (noisy.values != 0).all()
    assert (abs(noisy.values) <= 1e-10).all()


def test_an_imposed_plateau_takes_the_place_of_the_memorys_own(rng):
    gamma = np.array([[0.0, 0, 1, 0]])
    memory = KeyValueMemory(8, 4, 2)
    response = memory.respond(Episode(np.ones((1, 8)), np.ones((1, 2)), 1.0, -1, local_third_factor=gamma), rng)
    K, _ = memory.weights(response.state)
    assert (abs(K[0]).sum(axis=1) > 0).tolist() == [False, False, True, False]
    np.testing.assert_array_equal(response.third_factor, gamma)


# ---- what holds whatever is stored ----------------------------------------------------------------------------------


@given(seed=st.integers(0, 9999), n_slots=st.integers(1, 12), load=st.floats(0, 1), d=st.integers(6, 24))
def test_up_to_N_pairs_are_recalled_without_error(seed, n_slots, load, d):
    """Queries are whole; any two keys differ in at least 2 entries, which is enough for T <= N <= 34 pairs.

    Key i meets its own slot with d and slot j with at most d - 4, an empty slot with 0 (but that holds no value), and
    column j of V is h_j y_j with 0 < h_j <= 1 the activity when it was written. Entry k has the right sign as soon as
    e^d h_i > sum over j of e^(d - 4) h_j, where h_i >= 1/(1 + a + N e^-d) with a = (T - 1) e^-4: as soon as
    a (1 + a + N e^-d) < 1, that is T - 1 <= 33.
    """
    rng = np.random.default_rng(seed)
    n_pairs = max(1, round(load * n_slots))
    keys = rng.choice([-1.0, 1.0], size=(n_pairs, d))
    differ = (keys[:, None] != keys).sum(axis=-1) + d * np.eye(n_pairs, dtype=int)
    assume(differ.min() >= 2)
    values = rng.choice([-1.0, 1.0], size=(n_pairs, 5))
    episode = store_then_ask(keys, values, keys, np.arange(n_pairs))
    response = KeyValueMemory(d, n_slots, 5).respond(episode, rng)
    np.testing.assert_array_equal(np.sign(response.values[n_pairs:]), values)


@pytest.mark.parametrize("third_factor", THIRD_FACTORS, ids=lambda f: f.name)
@given(seed=st.integers(0, 9999))
def test_every_answer_and_weight_is_that_of_the_papers_equations(third_factor, seed):
    rng = np.random.default_rng(seed)
    episode = random_episode(rng)
    memory = KeyValueMemory(3, 4, 3, third_factor)
    response = memory.respond(episode, rng)
    values, hidden, K, V = paper(episode, response.third_factor, 4)
    # feedback takes the sign of an answer: one that is 0 up to rounding may fall on either side of it
    assume(not episode.feedback.any() or ((abs(values) > 1e-9) | (values == 0)).all())
    np.testing.assert_allclose(response.values, values, atol=ROUNDING)
    np.testing.assert_allclose(response.hidden, hidden, atol=ROUNDING)
    np.testing.assert_allclose(memory.weights(response.state)[0][0], K, atol=ROUNDING)
    np.testing.assert_allclose(memory.weights(response.state)[1][0], V, atol=ROUNDING)


@pytest.mark.parametrize("third_factor", THIRD_FACTORS, ids=lambda f: f.name)
@given(seed=st.integers(0, 9999))
def test_a_whole_episode_is_answered_as_step_by_step(third_factor, seed):
    """Three trials whose gates and feedback differ; mixed gates break an episode into many stretches."""
    rng = np.random.default_rng(seed)
    order = bool(rng.integers(2))
    one = [random_episode(rng) for _ in range(3)]
    episode = Episode.stack([replace(e, read_after_write=order) for e in one])
    memory = KeyValueMemory(3, 4, 3, third_factor, initial_scale=1e-3)
    response = memory.respond(episode, np.random.default_rng(seed))
    values, hidden, plateaus, state = loop(memory, episode, np.random.default_rng(seed))
    assume_clear_winners(hidden)
    np.testing.assert_array_equal(response.third_factor, plateaus)
    np.testing.assert_allclose(response.values, values, atol=ROUNDING)
    np.testing.assert_allclose(response.hidden, hidden, atol=ROUNDING)
    for quick, slow in zip(memory.weights(response.state), memory.weights(state), strict=True):
        np.testing.assert_allclose(quick, slow, atol=ROUNDING)
    for quick, slow in zip(response.state.third_factor, state.third_factor, strict=True):
        np.testing.assert_array_equal(quick, slow)


@pytest.mark.parametrize("third_factor", THIRD_FACTORS, ids=lambda f: f.name)
def test_imposed_plateaus_are_answered_as_step_by_step_too(third_factor, rng):
    e = random_episode(rng).with_third_factor(rng.integers(2, size=(12, 4)).astype(float))
    memory = KeyValueMemory(3, 4, 3, third_factor)
    response = memory.respond(e, np.random.default_rng(1))
    values, _, plateaus, state = loop(memory, e, np.random.default_rng(1))
    np.testing.assert_allclose(response.values, values[0], atol=ROUNDING)
    np.testing.assert_array_equal(response.third_factor, e.local_third_factor)
    np.testing.assert_array_equal(plateaus[0], e.local_third_factor)
    for quick, slow in zip(response.state.third_factor, state.third_factor, strict=True):
        np.testing.assert_array_equal(quick, slow)


@given(seed=st.integers(0, 9999))
def test_a_slot_without_a_plateau_keeps_its_weights(seed):
    rng = np.random.default_rng(seed)
    memory = KeyValueMemory(3, 6, 2, Random(0.4), initial_scale=0.5)
    state = memory.begin(2, rng)
    after, output = memory.step(state, rng.normal(size=(2, 3)), rng.normal(size=(2, 2)), np.array([0.6, 1.0]))
    untouched = output.third_factor == 0
    np.testing.assert_array_equal(after.K[untouched], state.K[untouched])
    np.testing.assert_array_equal(after.V.swapaxes(1, 2)[untouched], state.V.swapaxes(1, 2)[untouched])


@given(seed=st.integers(0, 9999), n_slots=st.integers(1, 7))
def test_a_sequential_write_changes_exactly_one_slot(seed, n_slots):
    rng = np.random.default_rng(seed)
    memory = KeyValueMemory(4, n_slots, 2)
    state = memory.begin(1, rng)
    for t in range(10):
        after, _ = memory.step(state, rng.normal(size=(1, 4)), rng.normal(size=(1, 2)), np.ones(1))
        changed = (after.K != state.K).any(axis=2)[0] | (after.V != state.V).any(axis=1)[0]
        assert np.flatnonzero(changed).tolist() == [t % n_slots]
        state = after


def test_the_authors_initial_noise_is_small_uniform_and_its_own_in_every_trial(rng):
    state = KeyValueMemory(8, 10, 8, initial_scale=1e-10).begin(20, rng)
    for weights in (state.K, state.V):
        assert abs(weights).max() <= 1e-10
        # 1600 uniform numbers: variance 1/3, known to 2.2 %; 11 % is five such errors
        assert weights.var() == pytest.approx(1e-20 / 3, rel=0.11)
        assert (weights[0] != weights[1]).any()


def test_half_the_precision_gives_the_same_answers_up_to_it(rng):
    keys, values = rng.choice([-1.0, 1.0], size=(2, 4, 8))
    episode = store_then_ask(keys, values, keys, np.arange(4))
    single = KeyValueMemory(8, 4, 8, dtype=np.float32).respond(episode, np.random.default_rng(1))
    double = KeyValueMemory(8, 4, 8).respond(episode, np.random.default_rng(1))
    assert single.values.dtype == np.float32
    np.testing.assert_allclose(single.values, double.values, atol=1e-5)  # float32 has seven digits


# ---- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ((0, 4, 2), "key_dim must be a whole number above 0; got 0"),
        ((8, 4.0, 2), r"n_slots must be a whole number above 0; got 4\.0"),
        ((8, 4, True), "value_dim must be a whole number above 0; got True"),
    ],
)
def test_a_size_that_is_no_number_of_neurons_is_refused(sizes, message):
    with pytest.raises(ValueError, match=message):
        KeyValueMemory(*sizes)

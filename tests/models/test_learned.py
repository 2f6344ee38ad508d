"""The parameterised rule: section 2 is one setting of it, and eqs. 12-16 hold as they stand in the paper."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bioKV import Episode, LeastRecentlyUsed, Random, Rule, Sequential
from bioKV.models import KeyValueMemory, LearnedMemory
from bioKV.models.plasticity import learned_key, learned_value
from bioKV.rule import NEAR_ZERO, SIMPLE

THIRD_FACTORS = [Sequential(), Random(0.3), LeastRecentlyUsed()]
GENERAL = Rule(1.1, 1.3, 0.97, 0.7, 0.05, -0.2, 0.6, 1.1, -0.02, 0.9, 0.01, 0.0)
D, N, M, B, T = 6, 5, 6, 3, 200


def life(rng, *, feedback=False, read_after_write=False, gates=(0.0, 1.0)) -> Episode:
    """Trials of T steps of which about half store."""
    return Episode(
        keys=rng.choice([-1.0, 0.0, 1.0], size=(B, T, D)),
        values=rng.choice([-1.0, 1.0], size=(B, T, M)),
        gate=rng.choice(gates, size=(B, T)),
        source=-1,
        feedback=rng.random((B, T)) < 0.2 if feedback else None,
        read_after_write=read_after_write,
    )


def paper(rule: Rule, x, y, q, gamma):
    """Eqs. 4, 5 and 12-16 for one trial, synapse by synapse: x (T, d), y (T, m), q (T,) of 0 and 1, gamma (T, N) ->
    what is read (T, m) before the writes, K and V."""
    K, V = np.zeros((N, D)), np.zeros((M, N))
    answers = []

    def softmax(u):
        e = [math.exp(v - max(u)) for v in u]
        return np.array([v / sum(e) for v in e])

    for t in range(len(q)):
        h = softmax(K @ x[t])
        answers.append(V @ h)
        old_K, old_V = K.copy(), V.copy()
        for i in range(N):
            for j in range(D):
                eta = q[t] * gamma[t, i] * rule.eta_k  # eq. 12; what remains is held to [0, 1]
                pre, post = rule.a_fk * x[t, j] + rule.b_fk, rule.a_gk * h[i] + rule.b_gk  # eq. 14
                K[i, j] = min(max(1 - eta, 0), 1) * old_K[i, j] + eta * post * pre  # eq. 15
        h = softmax(K @ x[t])  # eq. 10
        left = (1 - q[t]) + q[t] * rule.decay  # eq. 13
        for k in range(M):
            for i in range(N):
                pre, post = rule.a_fv * h[i] + rule.b_fv, rule.a_gv * y[t, k] + rule.b_gv
                V[k, i] = left * old_V[k, i] + q[t] * rule.eta_v * post * pre  # eq. 16
    return np.array(answers), K, V


@pytest.mark.parametrize("third_factor", THIRD_FACTORS, ids=lambda f: f.name)
@pytest.mark.parametrize("read_after_write", [False, True])
def test_the_simple_rule_is_the_memory_of_section_2(third_factor, read_after_write, rng):
    episode = life(rng, feedback=True, read_after_write=read_after_write, gates=(0.0, 0.3, 1.0))
    both = [
        kind(D, N, M, third_factor=third_factor).respond(episode, np.random.default_rng(1))
        for kind in (KeyValueMemory, LearnedMemory)
    ]
    for name in ("values", "hidden", "third_factor"):
        np.testing.assert_allclose(getattr(both[1], name), getattr(both[0], name), rtol=0, atol=1e-12)
    for mine, theirs in zip(both[1].state[:2], both[0].state[:2], strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("rule", [SIMPLE._replace(axon=0.0, decay=0.9), NEAR_ZERO, GENERAL, GENERAL._replace(a_gk=1.5)])
def test_the_equations_hold_synapse_by_synapse(rule, rng):
    """Over 200 steps; a difference would show in the weights at the end."""
    episode = life(rng)
    response = LearnedMemory(D, N, M, Random(0.3), rule=rule).respond(episode, rng)
    for b in range(B):
        answers, K, V = paper(rule, episode.keys[b], episode.values[b], episode.gate[b], response.third_factor[b])
        np.testing.assert_allclose(response.values[b], answers, rtol=0, atol=1e-11)
        np.testing.assert_allclose(response.state.K[b], K, rtol=0, atol=1e-11)
        np.testing.assert_allclose(response.state.V[b], V, rtol=0, atol=1e-11)


@pytest.mark.parametrize("third_factor", THIRD_FACTORS, ids=lambda f: f.name)
def test_an_episode_at_once_is_the_loop_over_its_steps(third_factor, rng):
    episode = life(rng, feedback=True)
    memory = LearnedMemory(D, N, M, third_factor, rule=GENERAL)
    response = memory.respond(episode, np.random.default_rng(1))
    state, previous = memory.begin(B, np.random.default_rng(1)), np.zeros((B, M))
    for t in range(T):
        x = np.where(episode.feedback[:, t, None], np.sign(previous), episode.keys[:, t])
        state, output = memory.step(state, x, episode.values[:, t], episode.gate[:, t])
        previous = output.before
        np.testing.assert_allclose(response.values[:, t], output.before, rtol=0, atol=1e-12)
        np.testing.assert_array_equal(response.third_factor[:, t], output.third_factor)
    np.testing.assert_allclose(response.state.V, state.V, rtol=0, atol=1e-12)


def test_a_key_is_written_with_the_product_of_both_affine_terms():
    """Eq. 15, by hand: eta = .5 * .8 = .4; g(h) = 2 h + 1 = (2, 1.5); f(x) = 3 x - 1 = (2, -4)."""
    rule = SIMPLE._replace(eta_k=0.8, a_gk=2.0, b_gk=1.0, a_fk=3.0, b_fk=-1.0)
    K, x, h = np.ones((2, 2)), np.array([1.0, -1]), np.array([0.5, 0.25])
    written = learned_key(rule, K, x, h, np.array([1.0, 0]), np.array(0.5))
    np.testing.assert_allclose(written, [[0.6 + 0.4 * 4, 0.6 - 0.4 * 8], [1, 1]], atol=1e-15)


def test_every_value_synapse_decays_when_something_is_stored_wherever_the_plateau_is():
    """Eqs. 13 and 16, by hand: V <- .9 V + .5 (2 y)(h' - .1)."""
    rule = SIMPLE._replace(eta_v=0.5, decay=0.9, a_gv=2.0, b_fv=-0.1, axon=0.0)
    V, y, h, gamma = np.ones((1, 2)), np.array([-1.0]), np.array([0.8, 0.2]), np.array([1.0, 0])
    np.testing.assert_allclose(learned_value(rule, V, y, h, gamma, np.array(1.0)), [[0.2, 0.8]], atol=1e-15)
    np.testing.assert_array_equal(learned_value(rule, V, y, h, gamma, np.array(0.0)), V)
    only_there = learned_value(rule._replace(axon=1.0), V, y, h, gamma, np.array(1.0))
    np.testing.assert_allclose(only_there, [[0.2, 1]], atol=1e-15)


def test_a_rate_above_1_writes_more_but_never_turns_what_was_there_around():
    rule = SIMPLE._replace(eta_k=1.5)
    K = learned_key(rule, np.ones((1, 2)), np.array([1.0, -1]), np.zeros(1), np.ones(1), np.array(1.0))
    assert K.tolist() == [[1.5, -1.5]]


def test_a_parameter_of_every_synapse_or_neuron_alike_is_the_number(rng):
    shapes = {"eta_k": (N, D), "eta_v": (M, N), "decay": (M, N), "a_fk": (D,), "b_fk": (D,), "a_gk": (N,), "b_gk": (N,),
              "a_fv": (N,), "b_fv": (N,), "a_gv": (M,), "b_gv": (M,)}  # fmt: skip
    arrays = Rule(**{n: np.full(shapes[n], v) if n in shapes else v for n, v in GENERAL._asdict().items()})
    episode = life(rng)
    both = [LearnedMemory(D, N, M, rule=rule).respond(episode, rng).values for rule in (GENERAL, arrays)]
    np.testing.assert_allclose(both[0], both[1], rtol=0, atol=1e-13)


def test_a_rule_with_an_array_of_another_size_is_refused():
    with pytest.raises(ValueError, match=r"a_fk must be a number or an array that broadcasts to \(d\) = \(6,\); got"):
        LearnedMemory(D, N, M, rule=SIMPLE._replace(a_fk=np.ones(N)))


@pytest.mark.parametrize(("decay", "q", "left"), [(0.5, 1.0, 0.5), (0.5, 3.0, 0.0), (-0.5, 1.0, 0.0), (1.2, 1.0, 1.2)])
def test_of_a_value_never_less_than_nothing_is_left(decay, q, left):
    """1 - q (1 - decay), as it says: never below 0, above 1 where a decay strays there."""
    rule = SIMPLE._replace(axon=0.0, decay=decay)
    V = learned_value(rule, np.ones((1, 2, 3)), np.zeros((1, 2)), np.zeros((1, 3)), np.ones((1, 3)), np.array([q]))
    np.testing.assert_allclose(V, left)

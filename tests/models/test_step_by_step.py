"""Every rate memory against the equations written out once more (straight_line.py), and its two roads to an answer."""

from __future__ import annotations

import numpy as np
import pytest
import straight_line as by_hand

from bioKV import Episode
from bioKV.models import BAM, TVT, Hopfield, KeyValueMemory

D, N, M, T, B = 12, 9, 7, 220, 3
TOLERANCE = {np.float64: 1e-12, np.float32: 1e-6}
dtypes = pytest.mark.parametrize("dtype", [np.float64, np.float32])


def random_life(rng, n_slots, d=D, m=M, gates=(0, 1, 0.25, 0.75, 1.5, 15)):
    """An episode of T steps of B trials with random keys, values, q of all sizes (a half 0), and random plateaus."""
    q = rng.choice(gates, size=(B, T), p=[0.5, 0.2, 0.1, 0.1, 0.09, 0.01])
    gamma = None if n_slots is None else (rng.random((B, T, n_slots)) < 2 / n_slots).astype(float)
    keys = rng.choice([-1.0, 0.0, 1.0], size=(B, T, d)) if m != d else rng.choice([-1.0, 1.0], size=(B, T, d))
    values = keys if m == d else rng.choice([-1.0, 1.0], size=(B, T, m))
    return Episode(keys, values, q, np.full((B, T), -1), local_third_factor=gamma)


def loop(memory, episode, rng, imposed=True):
    """The answers (T of them) and the last state of a loop over `step`."""
    state = memory.begin(len(episode.gate), rng)
    outputs = []
    for t in range(episode.n_steps):
        gamma = episode.local_third_factor[:, t] if imposed and episode.local_third_factor is not None else None
        key = episode.keys[:, t]
        if episode.feedback[:, t].any():
            key = np.where(episode.feedback[:, t, None], np.sign(shown(outputs[-1], episode)), key)
        state, output = memory.step(state, key, episode.values[:, t], episode.gate[:, t], gamma)
        outputs.append(output)
    return outputs, state


def shown(output, episode):
    return output.after if episode.read_after_write else output.before


@dtypes
@pytest.mark.parametrize("threshold", [None, 2.0, (5, 10)])
def test_key_value_memory_equals_the_equations_step_by_step(dtype, threshold, rng):
    memory = KeyValueMemory(D, N, M, stability_threshold=threshold, initial_scale=1e-3, dtype=dtype)
    life = random_life(rng, N, gates=(0, 1, 0.3, 0.7, 1.6, 15))
    theta = (np.inf, np.inf) if threshold is None else np.broadcast_to(threshold, 2)
    begin, plateaus = memory.begin(B, np.random.default_rng(5)), life.local_third_factor
    outputs, state = loop(memory, life, np.random.default_rng(5))
    response = memory.respond(life, np.random.default_rng(5))
    for b in range(B):
        K, V, S_K, S_V = begin.K[b].astype(float), begin.V[b].astype(float), np.zeros(N), np.zeros(N)
        for t in range(T):
            K, V, S_K, S_V, h, before, after = by_hand.key_value_step(
                K, V, S_K, S_V, life.keys[b, t], life.values[b, t], life.gate[b, t], plateaus[b, t], *theta
            )
            for ours, theirs in ((outputs[t].before, before), (outputs[t].after, after), (outputs[t].hidden, h),
                                 (response.values[:, t], before), (response.hidden[:, t], h)):  # fmt: skip
                np.testing.assert_allclose(ours[b], theirs, rtol=0, atol=TOLERANCE[dtype])
        for final in (state, response.state):
            np.testing.assert_allclose(final.K[b], K, rtol=0, atol=TOLERANCE[dtype])
            np.testing.assert_allclose(final.V[b], V, rtol=0, atol=TOLERANCE[dtype])
            if threshold is not None:
                np.testing.assert_array_equal(final.stability.K[b], S_K)
                np.testing.assert_array_equal(final.stability.V[b], S_V)
    if threshold is not None:
        assert 0 < state.stability.K.mean() < 1, "the test should freeze some slots and not all"


# Powers of two keep every sum exact, so that a tie is a tie in any order of summation.
HOPFIELDS = [
    {}, {"n_steps": 3}, {"decay": 0.5, "n_steps": 1}, {"weight_bound": 0.375, "learning_rate": 0.125},
    {"self_coupling": False}, {"decay": 0.5, "learning_rate": 0.25, "weight_bound": 1.0, "self_coupling": False},
]  # fmt: skip


@dtypes
@pytest.mark.parametrize("options", HOPFIELDS, ids=str)
def test_hopfield_network_equals_the_equations_step_by_step(dtype, options, rng):
    memory = Hopfield(D, dtype=dtype, **options)
    life = random_life(rng, None, m=D)
    theirs = dict(options)
    if "weight_bound" in theirs:
        theirs["bound"] = theirs.pop("weight_bound")
    outputs, state = loop(memory, life, rng)
    response = memory.respond(life, rng)
    for b in range(B):
        W = np.zeros((D, D))
        for t in range(T):
            W, before, after = by_hand.hopfield_step(W, life.keys[b, t], life.gate[b, t], **theirs)
            np.testing.assert_array_equal(outputs[t].before[b], before)
            np.testing.assert_array_equal(outputs[t].after[b], after)
            np.testing.assert_array_equal(response.values[b, t], before)
        scale = max(1, np.abs(W).max())
        np.testing.assert_allclose(state.W[b] / scale, W / scale, rtol=0, atol=TOLERANCE[dtype])
        np.testing.assert_array_equal(response.state.W[b], state.W[b])


@dtypes
@pytest.mark.parametrize(
    "options", [{}, {"n_steps": 3}, {"n_steps": None}, {"decay": 0.5, "learning_rate": 0.25}], ids=str
)
def test_bam_equals_the_equations_step_by_step(dtype, options, rng):
    memory = BAM(D, M, dtype=dtype, **options)
    life = random_life(rng, None)
    outputs, state = loop(memory, life, rng)
    response = memory.respond(life, rng)
    for b in range(B):
        W = np.zeros((M, D))
        for t in range(T):
            W, before, after = by_hand.bam_step(W, life.keys[b, t], life.values[b, t], life.gate[b, t], **options)
            np.testing.assert_array_equal(outputs[t].before[b], before)
            np.testing.assert_array_equal(outputs[t].after[b], after)
            np.testing.assert_array_equal(response.values[b, t], before)
        np.testing.assert_allclose(state.W[b] / T, W / T, rtol=0, atol=TOLERANCE[dtype])


@dtypes
@pytest.mark.parametrize("strength", [None, 10.0])
def test_tvt_equals_its_equations_step_by_step(dtype, strength, rng):
    memory = TVT(D, N, strength=strength, dtype=dtype)
    life = random_life(rng, None, m=D)
    outputs, state = loop(memory, life, rng)
    response = memory.respond(life, rng)
    for b in range(B):
        rows, counter = np.zeros((N, D)), 0
        for t in range(T):
            x, q = life.keys[b, t], life.gate[b, t]
            rows, counter, h, before, after = by_hand.tvt_step(rows, counter, x, q, strength)
            for ours, theirs in ((outputs[t].before, before), (outputs[t].after, after), (outputs[t].hidden, h),
                                 (response.values[:, t], before), (response.hidden[:, t], h)):  # fmt: skip
                np.testing.assert_allclose(ours[b], theirs, rtol=0, atol=TOLERANCE[dtype])
        np.testing.assert_array_equal(state.M[b], rows)
        assert state.counter[b] == counter

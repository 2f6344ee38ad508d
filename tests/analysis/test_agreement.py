"""Spiking and rate: which recalls fail in both, up to where they part, and spike shares against the softmax."""

from dataclasses import replace

import numpy as np
import pytest

from bioKV import Episode, Response
from bioKV.analysis.agreement import before_parting, both_right, kappa, plateau_errors
from bioKV.analysis.votes import argmax_share, excess_kl, inverse_temperature, inverse_temperatures, pooled
from bioKV.response import SpikingResponse

SLOTS = 6


def recalls(n):
    """One stored pair, asked for n times."""
    return Episode(np.ones((n + 1, 2)), np.ones((n + 1, 2)), np.r_[1.0, np.zeros(n)], np.r_[-1, np.zeros(n, int)])


def softmaxes(rng, n):
    u = rng.normal(scale=2, size=(n + 1, SLOTS))
    return np.exp(u) / np.exp(u).sum(axis=1, keepdims=True)


def test_multinomial_votes_have_no_excess_divergence(rng):
    """Their mean KL divergence is the expected one: the excess is 0 within three standard errors."""
    n, softmax = 3000, None
    softmax = softmaxes(rng, n)
    votes = np.array([rng.multinomial(12, h) for h in softmax]).astype(float)
    each = [excess_kl(votes[[0, k]], softmax[[0, k]], recalls(1)) for k in range(1, n + 1)]
    assert abs(np.mean(each)) < 3 * np.std(each) / np.sqrt(n)


def test_the_expected_divergence_is_that_of_a_hand_calculation():
    """Two slots of 1/2 each and one vote: the share is always (1, 0), KL = ln 2, as expected: excess 0."""
    softmax = np.full((2, 2), 0.5)
    votes = np.array([[0.0, 0.0], [1.0, 0.0]])
    assert excess_kl(votes, softmax, recalls(1)) == pytest.approx(0, abs=1e-12)


def test_votes_of_a_flatter_softmax_have_excess_divergence(rng):
    n = 500
    softmax = softmaxes(rng, n)
    flat = softmax**0.5 / (softmax**0.5).sum(axis=1, keepdims=True)
    votes = np.array([rng.multinomial(12, h) for h in flat]).astype(float)
    assert excess_kl(votes, softmax, recalls(n)) > 0.05


@pytest.mark.parametrize("b", [0.3, 1, 1.6])
def test_votes_of_a_softmax_of_b_u_tell_b(rng, b):
    n = 2000
    softmax = softmaxes(rng, n)
    other = softmax**b / (softmax**b).sum(axis=1, keepdims=True)
    votes = np.array([rng.multinomial(12, h) for h in other]).astype(float)
    found = inverse_temperature(votes, softmax, recalls(n))
    assert found.b == pytest.approx(b, abs=0.05)
    assert abs(found.b - b) < 4 * found.information**-0.5


def test_where_nothing_tells_b_there_is_none():
    flat, votes = np.full((2, 4), 0.25), np.array([[0.0, 0, 0, 0], [3, 1, 0, 2]])
    assert np.isnan(inverse_temperature(votes, flat, recalls(1)).b)
    assert inverse_temperature(0 * votes, np.array([[0.25] * 4, [0.7, 0.1, 0.1, 0.1]]), recalls(1)).information == 0


def test_b_over_trials_is_weighted_by_what_each_tells(rng):
    softmax = np.stack([softmaxes(rng, 60) for _ in range(30)])
    votes = np.array([[rng.multinomial(12, h) for h in trial] for trial in softmax]).astype(float)
    votes[0] = 0  # a trial that says nothing
    found = pooled(*inverse_temperatures(votes, softmax, Episode.stack([recalls(60)] * 30)))
    assert found.b == pytest.approx(1, abs=4 * found.information**-0.5)
    assert np.isnan(pooled(np.array([np.nan]), np.zeros(1)).b)


def test_argmax_share_counts_recalls_won_by_a_slot_of_largest_softmax():
    softmax = np.array([[1, 0, 0], [0.6, 0.3, 0.1], [0.4, 0.4, 0.2], [0.1, 0.2, 0.7], [0.8, 0.1, 0.1]])
    votes = np.array([[0, 0, 9], [5, 2, 1], [1, 4, 0], [3, 0, 2], [0, 0, 0]])
    # won; won by one of two equals; lost; silent, which is lost
    assert argmax_share(votes, softmax, recalls(4)) == 0.5


def test_missed_and_superfluous_dendritic_spikes_are_counted_per_presentation():
    fired = np.array([[1, 0, 0], [0, 0, 0], [0, 2, 1], [0, 0, 1]])
    nothing = {"windows_ms": np.zeros((4, 2)), "phase": np.full(4, "store"), "evoked": {}, "fan_out": {}, "engine": ""}
    response = SpikingResponse(np.zeros((4, 2)), np.zeros((4, 3)), fired, counts={"dendrite": fired}, **nothing)
    wanted = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]])
    missed, extra = plateau_errors(response, wanted)
    assert (missed, extra) == (1 / 4, 2 / 4)
    missed, extra = plateau_errors(response, None)  # by chance: only a second spike of one neuron is too many
    assert (missed, extra) == (0, 1 / 4)


def answers(values):
    values = np.array(values, float)[..., None]
    return Response(values, np.ones_like(values), np.ones_like(values))


def test_kappa_is_1_where_the_same_recalls_fail_and_0_by_chance():
    episode = Episode(np.ones((5, 2)), np.ones((5, 1)), [1, 0, 0, 0, 0], [-1, 0, 0, 0, 0])
    some = answers([1, 1, -1, 1, -1])
    assert kappa(some, some, episode) == 1
    other = answers([1, 1, 1, -1, -1])  # both right in one of four, as by chance
    assert both_right(some, other, episode) == 1 / 4
    assert kappa(some, other, episode) == 0
    assert np.isnan(kappa(answers(np.ones(5)), answers(np.ones(5)), episode))


def test_after_a_wrong_answer_that_comes_back_as_a_key_nothing_is_compared():
    """The answers differ at step 2. What step 3 gave back comes in at step 4 as one key, that of step 2 as two."""
    keys, source = np.ones((6, 1)), [-1, 0, 0, 0, 0, 0]
    one, other = answers([1, 1, 1, 1, 1, 1]), answers([1, 1, -1, 1, 1, 1])
    plain = Episode(keys, keys, [1, 0, 0, 0, 0, 0], source)
    assert before_parting(one, other, plain).source.tolist() == source
    at_4 = Episode(keys, keys, [1, 0, 0, 0, 0, 0], source, feedback=[0, 0, 0, 0, 1, 0])
    assert before_parting(one, other, at_4).source.tolist() == source
    at_3 = Episode(keys, keys, [1, 0, 0, 0, 0, 0], source, feedback=[0, 0, 0, 1, 0, 0])
    assert before_parting(one, other, at_3).source.tolist() == [-1, 0, 0, -1, -1, -1]
    parted = before_parting(one, answers([-1, 1, 1, 1, 1, 1]), replace(at_3, feedback=np.array([0, 1, 0, 0, 0, 0])))
    assert np.isnan(argmax_share(np.ones((6, 2)), np.full((6, 2), 0.5), parted))
    assert np.isnan(excess_kl(np.ones((6, 2)), np.full((6, 2), 0.5), parted))

"""Gaps, equivalence, and spike shares against the softmax."""

import numpy as np
import pytest

from bioKV import Episode
from bioKV.analysis.agreement import argmax_share, equivalence, excess_kl, inverse_temperature, plateau_errors
from bioKV.response import SpikingResponse

SLOTS = 6


def recalls(n):
    """One stored pair, asked for n times."""
    return Episode(np.ones((n + 1, 2)), np.ones((n + 1, 2)), np.r_[1.0, np.zeros(n)], np.r_[-1, np.zeros(n, int)])


def softmaxes(rng, n):
    u = rng.normal(scale=2, size=(n + 1, SLOTS))
    return np.exp(u) / np.exp(u).sum(axis=1, keepdims=True)


def test_a_small_gap_over_many_trials_is_equivalent_to_none(rng):
    rate = rng.uniform(0.8, 1, size=40)
    found = equivalence(rate - 0.005 + rng.normal(scale=0.01, size=40), rate)
    assert found.holds
    assert found.gap.low < -0.005 < found.gap.high
    assert found.gap.n == 40


def test_a_gap_of_the_margin_is_not_shown_to_be_equivalent(rng):
    rate = rng.uniform(0.8, 1, size=40)
    assert not equivalence(rate - 0.02 + rng.normal(scale=0.01, size=40), rate).holds
    assert not equivalence(rate + 0.03, rate).holds


def test_few_noisy_trials_show_nothing(rng):
    assert not equivalence(rng.normal(scale=0.1, size=4), np.zeros(4)).holds


def test_equal_answers_are_equivalent():
    assert equivalence(np.ones(3), np.ones(3)).p == 0


def test_the_test_of_equivalence_errs_as_often_as_it_says(rng):
    """At a true gap of just the margin, p < 0.05 in one of twenty samples."""
    wrong = [equivalence(rng.normal(0.02, 0.01, size=20), np.zeros(20)).holds for _ in range(400)]
    assert np.mean(wrong) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: equivalence([1.0], [1.0]), "equivalence needs at least two trials"),
        (lambda: equivalence([1.0, 1.0], [1.0, 1.0], margin=0), "margin must be above 0; got 0"),
    ],
)
def test_what_cannot_be_compared_is_refused(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


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
    assert inverse_temperature(votes, softmax, recalls(n)) == pytest.approx(b, abs=0.05)


def test_where_nothing_tells_b_there_is_none():
    flat, votes = np.full((2, 4), 0.25), np.array([[0.0, 0, 0, 0], [3, 1, 0, 2]])
    assert np.isnan(inverse_temperature(votes, flat, recalls(1)))
    assert np.isnan(inverse_temperature(0 * votes, np.array([[0.25] * 4, [0.7, 0.1, 0.1, 0.1]]), recalls(1)))


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

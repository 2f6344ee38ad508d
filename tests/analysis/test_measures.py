"""What counts as recalled, and what a guess would score."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV import Episode, Response
from bioKV.analysis.chance import constant_guess, stored_guess
from bioKV.analysis.measures import is_fraction, measure, names
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.analysis.measures.cosine import cosine, suits
from bioKV.analysis.measures.d_prime import d_prime
from bioKV.analysis.measures.false_alarms import false_alarms
from bioKV.analysis.measures.hits import hits
from bioKV.analysis.measures.silent import silent
from bioKV.analysis.measures.undecided import undecided
from bioKV.analysis.measures.whole_patterns import whole_patterns


def asked(values, answers, subset=None, names=("all",)):
    """One pair of value (1, 1, ...) stored, then as many recalls as there are rows; answers to each."""
    values, answers = np.atleast_2d(values).astype(float), np.atleast_2d(answers).astype(float)
    n, m = values.shape
    episode = Episode(
        keys=np.ones((n + 1, 2)),
        values=np.concatenate([np.ones((1, m)), values]),
        gate=[1.0] + [0.0] * n,
        source=[-1] + [0] * n,
        subset=None if subset is None else [0, *subset],
        subset_names=names,
    )
    said = np.concatenate([np.full((1, m), -9.0), answers])  # what is said while storing is not scored
    return Response(said, np.ones((n + 1, 1)), np.ones((n + 1, 1))), episode


def test_accuracy_is_the_share_of_entries_with_the_right_sign():
    assert accuracy(*asked([1, -1, 1, -1], [0.2, -3, 5, 0.1])) == 3 / 4


def test_an_entry_of_exactly_0_is_wrong_and_undecided():
    scored = asked([1, -1, 1, -1], [0.0, -1, 0, 1])
    assert accuracy(*scored) == 1 / 4
    assert undecided(*scored) == 1 / 2


def test_every_recall_counts_alike():
    assert accuracy(*asked([[1, 1], [1, 1], [-1, -1]], [[1, 1], [1, -1], [1, 1]])) == pytest.approx((1 + 0.5 + 0) / 3)


def test_a_subset_is_scored_on_its_own():
    scored = asked([[1, 1]] * 3, [[1, 1], [-1, -1], [1, -1]], subset=[0, 1, 1], names=("regular", "flashbulb"))
    assert accuracy(*scored, subset="regular") == 1
    assert accuracy(*scored, subset="flashbulb") == 1 / 4
    assert accuracy(*scored) == 1 / 2


def test_every_trial_has_its_own_accuracy_however_many_recalls_it_has():
    episode = Episode(np.ones((2, 3, 1)), np.ones((2, 3, 2)), [[1, 0, 0]] * 2, [[-1, 0, 0], [-1, 0, -1]])
    said = np.array([[[-1, -1], [1, 1], [1, -1]], [[-1, -1], [1, -1], [-1, -1]]], dtype=float)
    response = Response(said, np.ones((2, 3, 1)), np.ones((2, 3, 1)))
    assert accuracy(response, episode).tolist() == [3 / 4, 1 / 2]


def test_a_subset_that_does_not_exist_is_refused_with_those_that_do():
    scored = asked([1], [1], subset=[0], names=("regular", "flashbulb"))
    with pytest.raises(ValueError, match="the episode has no subset 'bright'; it has regular, flashbulb"):
        accuracy(*scored, subset="bright")
    with pytest.raises(ValueError, match="there is no recall step to score in subset 'flashbulb'"):
        undecided(*scored, subset="flashbulb")


def test_an_episode_that_asks_nothing_cannot_be_scored():
    episode = Episode(np.ones((1, 2)), np.ones((1, 2)), 1, -1)
    with pytest.raises(ValueError, match="there is no recall step to score"):
        accuracy(Response(np.ones((1, 2)), np.ones((1, 1)), np.ones((1, 1))), episode)


def test_a_response_to_another_episode_is_refused():
    response, _ = asked([1, 1], [1, 1])
    _, other = asked([1, 1, 1], [1, 1, 1])
    with pytest.raises(ValueError, match=r"response has values of shape \(2, 2\) but the episode has \(2, 3\)"):
        accuracy(response, other)


def test_a_pattern_is_right_as_a_whole_or_not_at_all():
    assert whole_patterns(*asked([[1, 1], [1, 1], [-1, -1]], [[1, 1], [1, -1], [0, -1]])) == pytest.approx(1 / 3)


def test_silence_is_told_from_ties():
    scored = asked([[1, -1], [1, 1]], [[0, 0], [0, 1]])
    assert silent(*scored) == 1 / 2
    assert undecided(*scored) == 3 / 4


def test_hits_and_false_alarms_are_of_entries_of_one_sign():
    """Of four +1 entries three are found, of two -1 entries one is taken for +1; 0 is neither."""
    scored = asked([1, 1, 1, 1, -1, -1], [1, 2, 0.1, 0, 1, 0])
    assert hits(*scored) == 3 / 4
    assert false_alarms(*scored) == 1 / 2
    # by hand: 4/6 and 2/6 are added to the hits and false alarms: 11/16 and 1/2; z(11/16) = .4888 from a table
    assert d_prime(*scored) == pytest.approx(0.4888, abs=1e-4)


def test_without_entries_of_a_sign_there_are_no_hits_and_no_d_prime():
    scored = asked([-1, -1], [-1, 1])
    assert np.isnan(hits(*scored))
    assert np.isnan(d_prime(*scored))
    assert false_alarms(*scored) == 1 / 2


def test_a_sparse_code_that_is_never_recalled_has_nearly_all_bits_right_and_no_d_prime():
    """One entry of twenty is +1, and the answer is -1 everywhere."""
    values = np.roll(np.r_[1.0, -np.ones(19)], 3)
    scored = asked([values] * 4, [-np.ones(20)] * 4)
    assert accuracy(*scored) == 0.95
    assert whole_patterns(*scored) == 0
    assert hits(*scored) == 0
    assert d_prime(*scored) == pytest.approx(0)


def test_the_overlap_is_the_cosine_and_0_in_silence():
    assert cosine(*asked([[1, 0.5], [1, 1]], [[2, 1], [0, 0]])) == pytest.approx(1 / 2)
    assert cosine(*asked([[1, 1, 1, 1]], [[1, 1, 1, -1]])) == pytest.approx(2 * 3 / 4 - 1)
    assert suits(asked([[1, 0.5]], [[1, 1]])[1])
    assert not suits(asked([[1, -1]], [[1, 1]])[1])


def test_every_file_of_measures_is_one():
    scored = asked([[1, -0.5], [1, 1]], [[1, 1], [1, 1]])
    found = {name: measure(name)(*scored) for name in names(scored[1])}
    assert set(found) >= {"accuracy", "whole_patterns", "silent", "undecided", "hits", "false_alarms", "cosine"}
    assert {name for name in found if not is_fraction(name)} == {"d_prime", "cosine"}
    assert not is_fraction("votes_per_recall")


def stored(values, times=1):
    """Values stored one after the other, each so many times with a key of its own, then each asked for."""
    values, n = np.array(values, float), len(values)
    keys, source = np.eye(n), np.r_[[-1] * n * times, range(n)]
    shown = [np.concatenate([a] * (times + 1)) for a in (keys, values)]
    return Episode(*shown, np.repeat([1.0, 0], [n * times, n]), source)


def test_a_constant_guess_takes_the_sign_that_most_of_the_other_values_have():
    """Entry 0 is +1 in three of four, and a majority without the value that is asked for, too: right three times.
    Entry 1 is +1 in two: whichever is left out, the majority is of the other sign, always wrong."""
    assert constant_guess(stored([[1, 1], [1, 1], [1, -1], [-1, -1]])) == pytest.approx((3 / 4 + 0) / 2)
    assert constant_guess(stored([[1, -1]])) == 1 / 2  # nothing else is known
    assert constant_guess(stored([[1, -1]], times=3)) == 1 / 2  # nor of other pairs, if it is stored again


def test_the_value_of_another_pair_is_right_as_often_as_two_agree():
    """Of the pairs (a, b), (a, c), (b, c) the first agree in both entries, the others in one."""
    assert stored_guess(stored([[1, 1], [1, 1], [1, -1]])) == pytest.approx((1 + 1 / 2 + 1 / 2) / 3)
    assert stored_guess(stored([[1, -1]])) == 1 / 2


def test_chance_of_random_patterns_is_a_half_and_of_a_sparse_code_far_more(rng):
    episodes = [stored(rng.choice([-1.0, 1.0], size=(10, 40))) for _ in range(200)]
    for guess in (constant_guess, stored_guess):
        found = np.array([guess(episode) for episode in episodes])
        assert abs(found.mean() - 0.5) < 4 * found.std() / np.sqrt(200)
    sparse = stored(np.where(rng.random((40, 64)) < 0.05, 1.0, -1.0))
    assert constant_guess(sparse) == pytest.approx(0.95, abs=0.02)
    assert stored_guess(sparse) == pytest.approx(1 - 2 * 0.05 * 0.95, abs=0.02)

"""What counts as recalled, and how sure one can be of a mean."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV import Episode, Response
from bioKV.analysis.accuracy import accuracy, mean_with_interval, undecided


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


def test_the_interval_is_students():
    """1, 2, 3: mean 2, standard error 1/sqrt(3), t(0.975; 2) = 4.302653 from a table."""
    mean = mean_with_interval([1, 2, 3])
    assert mean.mean == 2
    assert mean.n == 3
    assert mean.high - 2 == pytest.approx(4.302653 / np.sqrt(3), rel=1e-6)  # the table's seven digits
    assert 2 - mean.low == pytest.approx(mean.high - 2)


def test_one_trial_or_no_spread_gives_the_mean_alone():
    assert mean_with_interval([0.7]) == (0.7, 0.7, 0.7, 1)
    assert mean_with_interval([1.0, 1.0, 1.0]) == (1, 1, 1, 3)


def test_the_interval_covers_the_truth_as_often_as_it_says(rng):
    n = 2000
    covered = [(m := mean_with_interval(rng.normal(size=6))).low <= 0 <= m.high for _ in range(n)]
    assert abs(np.mean(covered) - 0.95) < 5 * np.sqrt(0.95 * 0.05 / n)  # five errors of a binomial share


def test_no_values_have_no_mean():
    with pytest.raises(ValueError, match="there is no value to average"):
        mean_with_interval([])

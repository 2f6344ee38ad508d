"""Patterns of +1 and -1, and what becomes of them when they are corrupted."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV.checks import check_count, check_fraction
from bioKV.protocols.patterns import corrupt, given_patterns, random_patterns


def test_random_patterns_are_plus_and_minus_one_with_equal_chance(rng):
    x = random_patterns(200, 50, rng)
    assert set(np.unique(x)) == {-1, 1}
    assert abs(x.mean()) < 5 / np.sqrt(x.size)  # five standard errors of the mean of +-1


def test_corruption_hides_entries_and_flips_none(rng):
    x = random_patterns(200, 50, rng)
    hidden = corrupt(x, 0.6, rng)
    assert ((hidden == x) | (hidden == 0)).all()
    assert abs((hidden == 0).mean() - 0.6) < 5 * np.sqrt(0.6 * 0.4 / x.size)  # five errors of a binomial share


def test_corruption_of_0_hides_nothing_and_of_1_everything(rng):
    x = random_patterns(20, 10, rng)
    np.testing.assert_array_equal(corrupt(x, 0.0, rng), x)
    assert not corrupt(x, 1.0, rng).any()


def test_ones_own_patterns_come_back_in_their_order(rng):
    x = random_patterns(5, 4, rng)
    np.testing.assert_array_equal(given_patterns(x.astype(int).tolist(), 3, 4), x[:3])


@pytest.mark.parametrize(
    ("patterns", "message"),
    [
        ([1, -1, 1], r"patterns must be a table with one pattern per row; got shape \(3,\)"),
        (np.ones((0, 3)), r"one pattern per row; got shape \(0, 3\)"),
        ([[1, -1]], "patterns have 2 entries but key_dim is 3"),
        ([[1, -1, 1], [1, 0.5, 1]], r"patterns must be \+1 or -1; pattern 1, entry 1 is 0\.5"),
        ([[1, -1, np.nan]], r"patterns must be \+1 or -1; pattern 0, entry 2 is nan"),
        ([[1, -1, 1]], "n_pairs is 2 but there are only 1 patterns"),
    ],
)
def test_patterns_of_ones_own_that_do_not_fit_are_refused(patterns, message):
    with pytest.raises(ValueError, match=message):
        given_patterns(patterns, 2, 3)


@pytest.mark.parametrize("count", [0, -1, 2.5, True, "5", None])
def test_a_count_is_a_whole_number_above_0(count):
    with pytest.raises(ValueError, match=f"n_pairs must be a whole number above 0; got {count!r}"):
        check_count("n_pairs", count)


def test_a_count_may_be_numpys():
    check_count("n_pairs", np.int64(3))


@pytest.mark.parametrize("fraction", [-0.1, 1.1, float("nan")])
def test_a_fraction_lies_between_0_and_1(fraction):
    with pytest.raises(ValueError, match=r"corruption must lie in \[0, 1\]; got"):
        check_fraction("corruption", fraction)

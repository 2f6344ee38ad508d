"""When two curves are one and the same within their errors."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bioKV.analysis.curve_agreement import agreement, standard_error


def test_chi_square_is_the_sum_of_squared_differences_over_their_variances():
    result = agreement([0.5, 0.8], [0.03, 0.0], [0.55, 0.76], [0.04, 0.02])
    assert result.chi_square == pytest.approx(1 + 4)
    assert result.n_points == 2
    assert result.largest_difference == pytest.approx(0.05)
    assert result.p == pytest.approx(np.exp(-5 / 2))  # the chi-square tail with two degrees of freedom


def test_curves_of_one_truth_are_told_apart_as_rarely_as_p_says(rng):
    truth, error = np.linspace(0.6, 1, 12), np.full(12, 0.01)
    p = [agreement(truth + error * rng.standard_normal(12), error, truth + error * rng.standard_normal(12), error).p
         for _ in range(1000)]  # fmt: skip
    assert stats.kstest(p, "uniform").pvalue > 0.001


def test_points_both_are_sure_of_are_not_counted_if_equal_and_refute_if_not():
    assert agreement([1, 0.9], [0, 0.1], [1, 0.9], [0, 0.1]).n_points == 1
    assert agreement([1.0], [0.0], [1.0], [0.0]) == (0.0, 0.0, 0, 1.0)
    assert agreement([1.0], [0.0], [0.99], [0.0]).p == 0


def test_the_standard_error_is_that_behind_a_t_interval(rng):
    values = rng.normal(size=20)
    high = stats.t.interval(0.95, 19, values.mean(), stats.sem(values))[1]
    assert standard_error(values.mean(), high, 20) == pytest.approx(stats.sem(values))


@pytest.mark.parametrize(
    ("curves", "message"),
    [
        (([1], [1], [1, 2], [1, 2]), "the curves must be four lists of one length, above 0"),
        (([], [], [], []), "the curves must be four lists of one length, above 0"),
        (([1.0], [np.nan], [1.0], [0.1]), "standard errors must be finite numbers, 0 or more"),
        (([1.0], [-0.1], [1.0], [0.1]), "standard errors must be finite numbers, 0 or more"),
    ],
)
def test_curves_that_cannot_be_compared_are_refused(curves, message):
    with pytest.raises(ValueError, match=message):
        agreement(*curves)

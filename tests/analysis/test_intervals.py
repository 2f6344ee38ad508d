"""How sure one can be of a mean: intervals that cover, stay where they can be and always have a width."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bioKV import Episode
from bioKV.analysis.asked import unit_of
from bioKV.analysis.equivalence import equivalence
from bioKV.analysis.intervals import Mean, fraction_interval, gap_interval, t_interval


def test_trials_of_one_recall_have_the_interval_of_clopper_and_pearson():
    """Seventy of a hundred, each a whole: the spread is that of a binomial, and a little more for being estimated."""
    found = fraction_interval([1.0] * 70 + [0.0] * 30)
    exact = stats.binomtest(70, 100).proportion_ci(method="exact")
    assert found.low == pytest.approx(exact.low, abs=3e-3)
    assert found.high == pytest.approx(exact.high, abs=3e-3)
    assert found.low < exact.low < exact.high < found.high


@pytest.mark.parametrize(("right", "degrees"), [(97, 2 * 99 * 0.03 + 3), (10, 2 * 99 * 0.1 + 3), (50, 99)])
def test_a_fraction_has_the_interval_of_korn_and_graubard(right, degrees):
    """A hundred wholes vary as 99 binomial draws, fewer by (z/t)^2; the degrees of freedom are those of trials, or
    twice the failures, or successes, and three."""
    found = fraction_interval([1.0] * right + [0.0] * (100 - right))
    draws = 99 * (stats.norm.ppf(0.975) / stats.t.ppf(0.975, degrees)) ** 2
    k = draws * right / 100
    assert found.low == pytest.approx(stats.beta.ppf(0.025, k, draws - k + 1))
    assert found.high == pytest.approx(stats.beta.ppf(0.975, k + 1, draws - k))


def test_trials_that_do_not_differ_have_the_exact_interval_of_their_parts():
    """Twenty perfect trials of ten recalls: 200 of 200, whose lower bound is .025^(1/200)."""
    assert fraction_interval(np.ones(20), 1 / 10) == (1, pytest.approx(0.025 ** (1 / 200)), 1, 20)
    assert fraction_interval(np.ones(20)).low == pytest.approx(0.025 ** (1 / 20))
    assert fraction_interval(np.zeros(20)).high == pytest.approx(1 - 0.025 ** (1 / 20))


@pytest.mark.parametrize("values", [[0.7], [1.0], [0.99, 1.0], [0.0] * 5, [1.0] * 19 + [0.2]])
def test_an_interval_of_fractions_has_a_width_and_stays_between_0_and_1(values):
    found = fraction_interval(values, 1 / 20)
    assert 0 <= found.low < found.high <= 1
    assert found.low <= found.mean <= found.high
    gap = gap_interval(np.array(values) - 1, 1 / 20)
    assert -1 <= gap.low < gap.high <= 1
    assert gap.low <= gap.mean <= gap.high


@pytest.mark.parametrize("value", [0.95, 0.9, 0.002])
@pytest.mark.parametrize("n", [6, 10, 20, 100])
def test_trials_that_all_score_the_same_are_as_sure_as_their_parts_whatever_is_rounded(value, n):
    """In floating point twenty times 0.9 has a mean that is not 0.9, and a variance that is not 0."""
    found = fraction_interval(np.full(n, value), 1 / 20)
    assert found.low < value - 1e-4
    assert found.high > value + 1e-4
    gap = gap_interval(np.full(n, value) - (value - 0.05), 1 / 20)
    assert gap.low < 0.05 - 1e-4
    assert gap.high > 0.05 + 1e-4


def test_the_interval_of_a_gap_is_students_where_that_is_right(rng):
    gaps = rng.normal(0.01, 0.02, size=200)
    ours, students = gap_interval(gaps), t_interval(gaps)
    assert ours.low == pytest.approx(students.low, abs=3e-4)
    assert ours.high == pytest.approx(students.high, abs=3e-4)


def test_a_gap_turned_round_has_its_interval_turned_round(rng):
    gaps = np.r_[np.zeros(10), rng.uniform(0, 0.3, size=5)]
    one, other = gap_interval(gaps, 0.1), gap_interval(-gaps, 0.1)
    assert (one.mean, one.low, one.high) == pytest.approx((-other.mean, -other.high, -other.low))


def test_the_interval_of_numbers_is_students():
    """1, 2, 3: mean 2, standard error 1/sqrt(3), t(0.975; 2) = 4.302653 from a table."""
    mean = t_interval([1, 2, 3])
    assert mean.mean == 2
    assert mean.n == 3
    assert mean.high - 2 == pytest.approx(4.302653 / np.sqrt(3), rel=1e-6)  # the table's seven digits
    assert 2 - mean.low == pytest.approx(mean.high - 2)
    assert np.isnan(t_interval([1.0, 1.0]).low)  # of numbers of any size nothing is known then
    assert f"{Mean(0.5, 0.25, 0.75, 4):+.2f} {t_interval([2.0]):.1f}" == "+0.50 [+0.25, +0.75] 2.0 [no interval]"


def skewed(rng, mean, n):
    """Trials of 20 recalls, of which a lost one has half of its bits."""
    return 1 - rng.binomial(20, 2 * (1 - mean), size=n) / 40


@pytest.mark.parametrize(("mean", "n"), [(0.75, 10), (0.98, 10), (0.995, 20), (0.9999, 40)])
def test_intervals_cover_the_truth_near_the_ceiling_too(rng, mean, n):
    """Student's cover a mean of .9999 in one of seven samples (benchmarks.coverage)."""
    found = [fraction_interval(skewed(rng, mean, n), 1 / 20) for _ in range(400)]
    assert np.mean([one.low > mean for one in found]) < 0.025 + 3 * np.sqrt(0.025 * 0.975 / 400)
    assert np.mean([one.high < mean for one in found]) < 0.025 + 3 * np.sqrt(0.025 * 0.975 / 400)


@pytest.mark.parametrize("gap", [-0.0005, -0.005, -0.02])
def test_intervals_of_gaps_cover_a_loss_that_is_rare(rng, gap):
    found = [gap_interval(skewed(rng, 1 + gap, 20) - 1, 1 / 20) for _ in range(400)]
    assert np.mean([one.low > gap for one in found]) < 0.025 + 3 * np.sqrt(0.025 * 0.975 / 400)
    assert np.mean([one.high < gap for one in found]) < 0.025 + 3 * np.sqrt(0.025 * 0.975 / 400)


def test_the_unit_of_a_trial_is_a_recall_or_the_whole_trajectory():
    keys, source = np.ones((2, 5, 3)), [[-1, 0, 0, 0, 0], [-1, 0, 0, -1, -1]]
    assert unit_of(Episode(keys, keys, [[1, 0, 0, 0, 0]] * 2, source)) == 1 / 2
    played = Episode(keys, keys, [[1, 0, 0, 0, 0]] * 2, source, feedback=[[0, 0, 0, 0, 1]] * 2)
    assert unit_of(played) == 1


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: fraction_interval([]), "there is no value to average"),
        (lambda: t_interval([[1.0, 2.0]]), r"one number per trial; got shape \(1, 2\)"),
        (lambda: fraction_interval([0.5, 1.5]), r"fractions lie in \[0, 1\]; got 0.5 to 1.5"),
        (lambda: gap_interval([0.5, -1.5]), r"differences of fractions lie in \[-1, 1\]; got -1.5 to 0.5"),
        (lambda: fraction_interval([0.5], 0.0), r"unit must lie in \(0, 1\]; got 0"),
        (lambda: fraction_interval([0.5], -0.5), r"unit must lie in \(0, 1\]; got -0.5"),
        (lambda: gap_interval([0.5], 1.5), r"unit must lie in \(0, 1\]; got 1.5"),
        (lambda: fraction_interval([0.5], 1.0, 1.0), r"confidence must lie in \(0, 1\); got 1"),
        (lambda: gap_interval([0.5], 1.0, 0.0), r"confidence must lie in \(0, 1\); got 0"),
        (lambda: t_interval([0.5], -0.5), r"confidence must lie in \(0, 1\); got -0.5"),
        (lambda: equivalence([1.0], [1.0]), "equivalence needs at least two trials"),
        (lambda: equivalence([1.0, 1.0], [1.0]), r"got shapes \(2,\) and \(1,\)"),
        *(
            (lambda margin=margin: equivalence([1.0, 1.0], [1.0, 1.0], margin), f"above 0 and below 1; got {margin}")
            for margin in (0, -0.02, 1.0, 2.0)
        ),
    ],
)
def test_what_has_no_interval_is_refused(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


def test_a_small_gap_over_many_trials_is_equivalent_to_none(rng):
    rate = rng.uniform(0.8, 1, size=40)
    found = equivalence(rate - 0.005 + rng.normal(scale=0.01, size=40), rate)
    assert found.holds
    assert not found.fails
    assert found.gap.low < -0.005 < found.gap.high
    assert found.gap.n == 40


def test_a_gap_of_the_margin_is_not_shown_to_be_equivalent(rng):
    rate = rng.uniform(0.8, 1, size=40)
    assert not equivalence(rate - 0.02 + rng.normal(scale=0.01, size=40), rate).holds
    beyond = equivalence(rate - 0.03 + rng.normal(scale=0.001, size=40), rate)
    assert beyond.fails
    assert beyond.trials_needed is None


def test_few_noisy_trials_show_nothing_and_say_how_many_would(rng):
    found = equivalence(rng.normal(0.5, 0.1, size=4), np.full(4, 0.5), margin=0.2)
    assert not found.holds
    assert not found.fails
    assert found.trials_needed > 4


def test_the_p_of_trials_that_do_not_differ_is_bounded_by_their_number():
    """Twenty trials of twenty recalls without a difference: .98^400 at a margin of .02; and never 0."""
    assert equivalence(np.ones(20), np.ones(20), unit=1 / 20).p == pytest.approx(0.98**400, rel=0.01)
    assert not equivalence(np.ones(20), np.ones(20)).holds  # of wholes twenty are too few
    assert equivalence(np.ones(5), np.ones(5), margin=0.9, unit=1 / 200).p == 0.5**5


@pytest.mark.parametrize("n", [10, 40])
def test_the_test_of_equivalence_errs_no_more_than_it_says(rng, n):
    """At a true gap of just the margin, p < 0.05 in at most one of twenty samples."""
    wrong = [equivalence(rng.normal(0.02, 0.01, size=n), np.zeros(n)).holds for _ in range(200)]
    assert np.mean(wrong) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)

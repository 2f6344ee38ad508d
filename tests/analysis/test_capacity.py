"""Capacity by both definitions, and its slopes against the paper's figure 2b."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV.analysis.capacity import (
    accuracy_of,
    capacity_slope,
    noise_free_capacity,
    searched_capacity,
)
from bioKV.analysis.reference import reference_rows
from bioKV.models import Hopfield, KeyValueMemory, Random, Sequential
from bioKV.protocols import autoassociative

SIZES = (20, 40, 80, 160)
AUTHORS_START = 1e-10
MEMORIES = {
    "sequential": lambda n: KeyValueMemory(n, n, n, Sequential(), initial_scale=AUTHORS_START),
    "random": lambda n: KeyValueMemory(n, n, n, Random(0.1), initial_scale=AUTHORS_START),
    "hopfield": Hopfield,
}


@pytest.mark.parametrize("largest", [0, 1, 2, 3, 7, 8, 41, 1000])
def test_without_noise_the_capacity_is_the_last_number_of_pairs_above_threshold(largest):
    assert noise_free_capacity(lambda n_pairs: 1.0 if n_pairs <= largest else 0.5) == largest


@pytest.mark.parametrize("largest", [2, 3, 7, 8, 41, 1000])
def test_the_papers_search_finds_the_same_where_nothing_is_noisy(largest):
    assert searched_capacity(lambda n_pairs: 1.0 if n_pairs <= largest else 0.5) == largest


@pytest.mark.parametrize("search", [noise_free_capacity, searched_capacity])
@pytest.mark.parametrize("threshold", [0.5, 1.0])
def test_an_accuracy_of_just_the_threshold_reaches_it(search, threshold):
    assert search(lambda n_pairs: threshold if n_pairs <= 13 else threshold - 0.1, threshold) == 13


def test_the_papers_search_says_one_even_where_nothing_is_held():
    assert searched_capacity(lambda n_pairs: 0.5) == 1


def test_the_papers_search_is_biased_upwards_by_noise(rng):
    """At a true capacity of 20 with errors of one trial, a lucky probe lifts the answer and is never asked again."""
    found = [searched_capacity(lambda n: 1 - n / 1000 + 0.02 * rng.standard_normal()) for _ in range(300)]
    assert np.mean(found) > 22


def test_a_sequential_memory_holds_one_pair_a_slot_and_a_few_more_at_98_percent(rng):
    memory = KeyValueMemory(24, 24, 24, initial_scale=AUTHORS_START)
    capacity = noise_free_capacity(accuracy_of(memory, autoassociative, rng, 40, key_dim=24, corruption=0.2))
    assert 24 <= capacity <= 26  # T > N loses T - N of T patterns to chance: 0.5 (T - N)/T > 0.02 from T = 26 on


def test_a_slope_is_that_of_the_line_the_points_lie_on():
    fit = capacity_slope(SIZES, [0.5 * n - 3 for n in SIZES])
    np.testing.assert_allclose(fit, [0.5, -3, 0.5, 0.5])


def test_the_interval_of_a_slope_is_that_of_students_t_worked_out_by_hand():
    # residuals of (0, 0), (1, 2), (2, 1): slope 1/2, sum of squares 3/2, one degree of freedom, sum of (x - 1)^2 = 2
    fit = capacity_slope([0, 1, 2], [0, 2, 1])
    half = 12.7062 * np.sqrt(1.5 / 2)
    np.testing.assert_allclose(fit, [0.5, 0.5, 0.5 - half, 0.5 + half], rtol=1e-5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: searched_capacity(lambda n: 1.0, 0.0), r"threshold .* must lie in \(0, 1\]; got 0\.0"),
        (lambda: noise_free_capacity(lambda n: 1.0, 1.5), r"threshold .* must lie in \(0, 1\]; got 1\.5"),
        (lambda: noise_free_capacity(lambda n: 1.0, -0.5), r"threshold .* must lie in \(0, 1\]; got -0\.5"),
        (lambda: searched_capacity(lambda n: 1.0), "accuracy stays at 0.98 or above up to 1048576 pairs"),
        (lambda: noise_free_capacity(lambda n: 1.0), "accuracy stays at 0.98 or above up to 1048576 pairs"),
        (lambda: capacity_slope([1, 2], [1, 2]), "a slope takes three points or more"),
        (lambda: capacity_slope([1, 1, 1], [1, 2, 3]), "at two sizes or more"),
        (lambda: capacity_slope([1, 2, 3], [1, 2]), r"two lists of one length; got \(3,\), \(2,\)"),
        (lambda: accuracy_of(None, autoassociative, np.random.default_rng(0), 0), "n_trials must be a whole number"),
    ],
)
def test_what_has_no_capacity_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def reference(model, definition):
    return reference_rows("2b", f"{model}, {definition}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "slope", "tolerance", "repeats"),
    [("sequential", 1.07, 0.02, 25), ("hopfield", 0.15, 0.01, 100), ("random", 0.16, 0.02, 100)],
)
def test_capacity_by_the_papers_search_grows_with_the_slopes_of_figure_2b(model, slope, tolerance, repeats, rng):
    sizes = np.repeat(SIZES, repeats)
    found = np.array([searched_capacity(accuracy_of(MEMORIES[model](int(n)), autoassociative, rng, key_dim=int(n)))
                      for n in sizes])  # fmt: skip
    fit = capacity_slope(sizes, found)
    by_size = [found[sizes == n] for n in SIZES]
    means = [c.mean() for c in by_size]
    print(model, fit, means)
    assert abs(fit.slope - slope) < tolerance
    rows = reference(model, "search")
    for c, (_, row) in zip(by_size, rows.iterrows(), strict=True):
        error = np.hypot(c.std(ddof=1) / np.sqrt(repeats), (row["ci95_high"] - row["mean"]) / 1.96)
        assert abs(c.mean() - row["mean"]) <= 3.5 * error + 0.5, f"N = {row['x']}"  # 3.5 errors: .001 after Bonferroni


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "slope", "tolerance", "n_trials"), [("hopfield", 0.143, 0.01, 800), ("random", 0.157, 0.015, 800)]
)
def test_noise_free_capacity_grows_with_its_slopes(model, slope, tolerance, n_trials, rng):
    found = [noise_free_capacity(accuracy_of(MEMORIES[model](n), autoassociative, rng, n_trials, key_dim=n))
             for n in SIZES]  # fmt: skip
    fit = capacity_slope(SIZES, found)
    print(model, fit, found)
    assert abs(fit.slope - slope) < tolerance
    assert np.abs(np.array(found) - reference(model, "noise-free")["mean"].to_numpy()).max() <= 1

"""How far two measured curves are apart, given how sure one is of each of their points."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats


class CurveAgreement(NamedTuple):
    """The largest absolute difference, and the chi-square test that both curves have the same true means."""

    largest_difference: float
    chi_square: float
    n_points: int
    p: float


def standard_error(mean, high, n):
    """The standard error behind a 95 % t interval that ends at `high`, of n > 1 values each. Arrays (points,)."""
    return (np.asarray(high) - np.asarray(mean)) / stats.t.ppf(0.975, np.asarray(n) - 1)


def agreement(mean, error, other_mean, other_error) -> CurveAgreement:
    """Compare the means (points,) of two curves with their standard errors (points,).

    chi-square = sum of (difference)^2 / (sum of squared errors), with as many degrees of freedom as points. Points
    that both curves are sure of (both errors 0) are not counted if they are equal, and refute the agreement if not.
    Raises ValueError if the shapes differ, there is no point, or an error is negative or not finite.
    """
    mean, error, other_mean, other_error = (np.asarray(a, float) for a in (mean, error, other_mean, other_error))
    if not mean.shape == error.shape == other_mean.shape == other_error.shape or mean.ndim != 1 or not mean.size:
        raise ValueError("the curves must be four lists of one length, above 0; got shapes"
                         f" {mean.shape}, {error.shape}, {other_mean.shape}, {other_error.shape}")  # fmt: skip
    if not all((e >= 0).all() and np.isfinite(e).all() for e in (error, other_error)):
        raise ValueError("standard errors must be finite numbers, 0 or more; a mean of one value has none")
    difference, variance = mean - other_mean, error**2 + other_error**2
    largest = float(np.abs(difference).max())
    unsure = variance > 0
    if (difference[~unsure] != 0).any():
        return CurveAgreement(largest, np.inf, int(mean.size), 0.0)
    chi_square = float((difference[unsure] ** 2 / variance[unsure]).sum())
    n = int(unsure.sum())
    return CurveAgreement(largest, chi_square, n, float(stats.chi2.sf(chi_square, n)) if n else 1.0)

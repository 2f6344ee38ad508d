"""How far two measured curves are apart, given how sure one is of each of their points."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ..checks import numbers_of, shown


class CurveAgreement(NamedTuple):
    """How far two curves are apart.

    Parameters
    ----------
    largest_difference : float
        The largest absolute difference of their means.
    chi_square : float
        Of the test that both curves have the same true means.
    n_points : int
        Points that are counted.
    p : float
        Probability of a chi-square as large, if they have.
    """

    largest_difference: float
    chi_square: float
    n_points: int
    p: float


def standard_error(mean: ArrayLike, high: ArrayLike, n: ArrayLike) -> np.ndarray:
    """The standard error behind a 95 % t interval.

    Parameters
    ----------
    mean, high : array_like, shape (points,)
        Means and upper ends of their intervals.
    n : array_like of int, shape (points,)
        Values of each mean, more than 1.

    Returns
    -------
    np.ndarray, shape (points,)
        The standard errors.

    Raises
    ------
    ValueError
        If they are no numbers, of several lengths, or n is less than 2.
    """
    mean, high, n = (numbers_of(name, of) for name, of in (("mean", mean), ("high", high), ("n", n)))
    if (n < 2).any():
        raise ValueError(f"a standard error takes means of two values or more; got n = {shown(n)}")
    try:
        return (high - mean) / stats.t.ppf(0.975, n - 1)
    except ValueError:
        raise ValueError(f"mean, high and n must be of one length; got shapes {mean.shape}, {high.shape}, {n.shape}"
                         ) from None  # fmt: skip


def agreement(mean: ArrayLike, error: ArrayLike, other_mean: ArrayLike, other_error: ArrayLike) -> CurveAgreement:
    """Compare the means of two curves, given their standard errors.

    Parameters
    ----------
    mean, error : array_like, shape (points,)
        Means of one curve, and their standard errors.
    other_mean, other_error : array_like, shape (points,)
        Those of the other.

    Returns
    -------
    CurveAgreement
        The largest difference, and a test.

    Raises
    ------
    ValueError
        If the shapes differ, there is no point, or an error is negative, or a number not finite.

    Notes ----- chi-square = sum of (difference)^2 / (sum of squared errors), with as many degrees of freedom as points.
    Points that both curves are sure of (both errors 0) are not counted if they are equal, and refute the agreement if
    not.

    Examples
    --------
    >>> from bioKV.analysis.curve_agreement import agreement
    >>> found = agreement([0.90, 0.80], [0.01, 0.01], [0.91, 0.80], [0.01, 0.01])
    >>> round(found.chi_square, 6), found.n_points, round(found.p, 3)
    (0.5, 2, 0.779)
    """
    mean, error = numbers_of("mean", mean), numbers_of("error", error)
    other_mean, other_error = numbers_of("other_mean", other_mean), numbers_of("other_error", other_error)
    if not mean.shape == error.shape == other_mean.shape == other_error.shape or mean.ndim != 1 or not mean.size:
        raise ValueError("the curves must be four lists of one length, above 0; got shapes"
                         f" {mean.shape}, {error.shape}, {other_mean.shape}, {other_error.shape}")  # fmt: skip
    if not all((e >= 0).all() and np.isfinite(e).all() for e in (error, other_error)):
        raise ValueError("standard errors must be finite numbers, 0 or more; a mean of one value has none")
    if not (np.isfinite(mean).all() and np.isfinite(other_mean).all()):
        raise ValueError("means must be finite numbers; got NaN or infinity among them")
    difference, variance = mean - other_mean, error**2 + other_error**2
    largest = float(np.abs(difference).max())
    unsure = variance > 0
    if (difference[~unsure] != 0).any():
        return CurveAgreement(largest, np.inf, int(mean.size), 0.0)
    chi_square = float((difference[unsure] ** 2 / variance[unsure]).sum())
    n = int(unsure.sum())
    return CurveAgreement(largest, chi_square, n, float(stats.chi2.sf(chi_square, n)) if n else 1.0)

"""How sure one can be of a mean over independent trials.

Fractions (bits right, whole patterns right) near 1 vary little and skewed: a t interval of twenty trials that were all
perfect has no width, and many of those that have one lie above the truth. There are three intervals, each of a known
method:

- fractions: Korn and Graubard (1998), the exact binomial interval of Clopper and Pearson for the number of independent
  parts that the spread between trials amounts to;
- gaps: Zou and Donner (2008), MOVER: the gap is what is gained less what is lost, each a fraction with such an
  interval;
- other numbers: Student's t.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special  # not scipy.stats: half a second, for which no command need wait

from ..checks import is_number, numbers_of, shown

ROUNDING = 1e-12  # values that differ by no more are equal


class Mean(NamedTuple):
    """A mean over n independent trials with its interval.

    Parameters
    ----------
    mean : float
        The mean.
    low, high : float
        Ends of the interval; nan where nothing is known of them.
    n : int
        Independent trials.

    Examples
    --------
    >>> from bioKV.analysis.intervals import Mean
    >>> print(f"{Mean(0.012, -0.003, 0.020, 40):+.3f}")
    +0.012 [-0.003, +0.020]
    """

    mean: float
    low: float
    high: float
    n: int

    def __format__(self, spec: str) -> str:
        ends = "no interval" if np.isnan(self.low) else f"{self.low:{spec}}, {self.high:{spec}}"
        return f"{self.mean:{spec}} [{ends}]"


def fraction_interval(values: ArrayLike, unit: float = 1.0, confidence: float = 0.95) -> Mean:
    """Mean and interval of fractions, which stays in [0, 1] and always has a width.

    Parameters
    ----------
    values : array_like, shape (n,)
        One fraction per trial.
    unit : float
        How much of a trial fails at most as one, in (0, 1] (`asked.unit_of`: 1 over the number of recalls). Where no
        trial lost half as much, such failures may be too rare to have been seen: the interval then holds their exact
        one, for none of n / unit. 1 takes trials as wholes: only where they do not differ, it is that of none of n.
    confidence : float
        In (0, 1).

    Returns
    -------
    Mean
        Mean, both ends and n.

    Raises
    ------
    ValueError
        Without a value, for values outside [0, 1], or for a unit or confidence outside (0, 1).

    Examples
    --------
    Twenty perfect trials, taken as wholes and as ten recalls each:

    >>> from bioKV.analysis.intervals import fraction_interval
    >>> print(f"{fraction_interval([1.0] * 20):.3f}")
    1.000 [0.832, 1.000]
    >>> print(f"{fraction_interval([1.0] * 20, unit=1 / 10):.3f}")
    1.000 [0.982, 1.000]
    """
    values = _checked(values, unit, confidence)
    if ((values < 0) | (values > 1)).any():
        raise ValueError(f"fractions lie in [0, 1]; got {values.min():g} to {values.max():g}")
    mean, n = float(values.mean()), int(values.size)
    low, high = _ends(values, unit, (1 - confidence) / 2)
    return Mean(mean, min(low, mean), max(high, mean), n)


def gap_interval(differences: ArrayLike, unit: float = 1.0, confidence: float = 0.95) -> Mean:
    """Mean and interval of differences of fractions, which stays in [-1, 1] and always has a width.

    Parameters
    ----------
    differences : array_like, shape (n,)
        One difference per trial, in [-1, 1].
    unit : float
        As for `fraction_interval`.
    confidence : float
        In (0, 1).

    Returns
    -------
    Mean
        Mean, both ends and n.

    Raises
    ------
    ValueError
        Without a value, for values outside [-1, 1], or for a unit or confidence outside (0, 1).

    Examples
    --------
    >>> from bioKV.analysis.intervals import gap_interval
    >>> print(f"{gap_interval([0.0, -0.05, 0.05, 0.0, 0.0]):+.3f}")
    +0.000 [-0.084, +0.084]
    """
    differences = _checked(differences, unit, confidence)
    if (np.abs(differences) > 1).any():
        raise ValueError(
            f"differences of fractions lie in [-1, 1]; got {differences.min():g} to {differences.max():g}"
        )
    gained, lost = np.maximum(differences, 0), np.maximum(-differences, 0)
    tail = (1 - confidence) / 2
    largest = float(np.abs(differences).max())
    if unit == 1 and largest > ROUNDING:
        unit = largest  # of trials as wholes: a side that was never seen is taken to vary no more than the other
    (low, high), (low_lost, high_lost) = _ends(gained, unit, tail), _ends(lost, unit, tail)
    up, down = gained.mean(), lost.mean()
    both = gained.std() * lost.std()
    r = -up * down / both if both > 0 else 0.0  # no trial has both, so their product is 0 everywhere
    mean = up - down
    below = np.sqrt((up - low) ** 2 + (high_lost - down) ** 2 - 2 * r * (up - low) * (high_lost - down))
    above = np.sqrt((high - up) ** 2 + (down - low_lost) ** 2 - 2 * r * (high - up) * (down - low_lost))
    return Mean(float(mean), float(max(mean - below, -1.0)), float(min(mean + above, 1.0)), int(differences.size))


def t_interval(values: ArrayLike, confidence: float = 0.95) -> Mean:
    """Mean and t interval of numbers of any size.

    Parameters
    ----------
    values : array_like, shape (n,)
        One number per trial.
    confidence : float
        In (0, 1).

    Returns
    -------
    Mean
        Mean, both ends and n. Without spread, or with one value, the ends are nan.

    Raises
    ------
    ValueError
        Without a value, for values that are not finite, or for a confidence outside (0, 1).

    Examples
    --------
    >>> from bioKV.analysis.intervals import t_interval
    >>> print(f"{t_interval([1.0, 2.0, 3.0, 4.0]):.2f}")
    2.50 [0.45, 4.55]
    """
    values = _checked(values, 1.0, confidence)
    mean, n = float(values.mean()), int(values.size)
    if n < 2 or np.ptp(values) == 0:
        return Mean(mean, np.nan, np.nan, n)
    half = float(special.stdtrit(n - 1, (1 + confidence) / 2) * (values.std(ddof=1) / np.sqrt(n)))
    return Mean(mean, mean - half, mean + half, n)


def check_confidence(confidence: Any) -> None:
    """Raise ValueError unless confidence lies between 0 and 1.

    Parameters
    ----------
    confidence : anything
        The argument that came.
    """
    if not is_number(confidence) or not 0 < confidence < 1:
        raise ValueError(f"confidence must lie in (0, 1); got {shown(confidence)}")


def _checked(values: ArrayLike, unit: float, confidence: float) -> np.ndarray:
    values = numbers_of("values", values)
    if values.ndim != 1 or values.size == 0:
        raise ValueError("there is no value to average" if values.size == 0 else
                         f"values must be one number per trial; got shape {values.shape}")  # fmt: skip
    if not np.isfinite(values).all():
        raise ValueError("values must be finite; a trial that has none (nan) is left out before")
    if not is_number(unit) or not 0 < unit <= 1:
        raise ValueError(f"unit must lie in (0, 1]; got {shown(unit)}")
    check_confidence(confidence)
    return values


def _ends(values: np.ndarray, unit: float, tail: float) -> tuple[float, float]:
    """Both ends of the interval of Korn and Graubard for the mean of fractions (n,), `tail` beyond each."""
    n, mean = values.size, values.mean()
    # equal values may differ by a rounding, and the variance of equal ones need not be 0
    variance = values.var(ddof=1) / n if np.ptp(values) > ROUNDING else 0.0
    if variance > 0:
        # as many binomial draws as would vary as much; fewer, since the spread of few trials, or of few failures of
        # unequal size, is not known well: benchmarks.coverage is what 2 and 3 are taken from
        parts = mean * (1 - mean) / variance
        degrees = min(n - 1, 2 * parts * min(mean, 1 - mean) + 3)
        parts *= (special.ndtri(1 - tail) / special.stdtrit(degrees, 1 - tail)) ** 2
    else:
        parts = n / unit
    right = parts * mean
    low = special.betaincinv(right, parts - right + 1, tail) if right > 0 else 0.0
    high = special.betaincinv(right + 1, parts - right, 1 - tail) if parts - right > 1e-12 * parts else 1.0
    unseen = 1 - tail ** (unit / n)  # what may be lost by failures of which none was seen in n / unit
    if unit < 1 and values.max() < unit / 2:
        high = max(high, unseen)
    if unit < 1 and values.min() > 1 - unit / 2:
        low = min(low, 1 - unseen)
    return float(low), float(high)

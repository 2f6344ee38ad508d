"""Whether the gap between spiking and rate, paired by trial, is small enough to be taken for none."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..checks import is_number, numbers_of, shown
from .intervals import Mean, gap_interval


class Equivalence(NamedTuple):
    """Whether a mean gap lies within +-margin.

    The test is that of two one-sided tests (Schuirmann 1987), made of the intervals of `gap_interval`.

    Parameters
    ----------
    gap : Mean
        The mean gap, with its 95 % interval.
    margin : float
        How large a gap is taken for none.
    p : float
        The larger of both tests' p, and never below 2^-n (or 1e-12), as small as a sign test of n trials can be.
    """

    gap: Mean
    margin: float
    p: float

    @property
    def holds(self) -> bool:
        """Whether it is shown that the gap lies within the margin: p < 0.05."""
        return self.p < 0.05

    @property
    def fails(self) -> bool:
        """Whether that is refuted: the 95 % interval lies beyond the margin."""
        return self.gap.low > self.margin or self.gap.high < -self.margin

    @property
    def trials_needed(self) -> int | None:
        """About how many trials would show it, if the gap is what it seems to be; None if no number of them would."""
        room = self.margin - abs(self.gap.mean)
        half = max(self.gap.high - self.gap.mean, self.gap.mean - self.gap.low)
        return None if room <= 0 else int(np.ceil(self.gap.n * max(1.0, (half / room) ** 2)))


def equivalence(spiking: ArrayLike, rate: ArrayLike, margin: float = 0.02, unit: float = 1.0) -> Equivalence:
    """Paired gap (spiking minus rate) over independent trials, and whether it is equivalent to none.

    Parameters
    ----------
    spiking, rate : array_like, shape (n,)
        A fraction per trial, of the same episodes.
    margin : float
        How large a gap is taken for none, above 0 and below 1.
    unit : float
        How much of a trial fails at most as one, as of `intervals.gap_interval`; it counts where no trial differs.

    Returns
    -------
    Equivalence
        The gap, and a test.

    Raises
    ------
    ValueError
        With fewer than two trials, unequal lengths, or a margin outside (0, 1).

    Examples
    --------
    >>> from bioKV.analysis.equivalence import equivalence
    >>> found = equivalence(spiking=[0.97] * 10 + [0.98] * 10, rate=[0.97] * 20, margin=0.02)
    >>> print(f"{found.gap:+.3f}", found.holds)
    +0.005 [+0.002, +0.008] True
    """
    from scipy import optimize  # a tenth of a second, which only comparisons need

    spiking, rate = numbers_of("spiking", spiking), numbers_of("rate", rate)
    if spiking.shape != rate.shape or spiking.ndim != 1 or spiking.size < 2:
        raise ValueError("equivalence needs at least two trials, one number each of both; got shapes"
                         f" {spiking.shape} and {rate.shape}")  # fmt: skip
    if not is_number(margin) or not 0 < margin < 1:
        raise ValueError(f"margin must be above 0 and below 1; got {shown(margin)}")
    gaps = spiking - rate

    def beyond(tail: float) -> bool:
        found = gap_interval(gaps, unit, 1 - 2 * tail)
        return found.low <= -margin or found.high >= margin

    # the interval with `tail` beyond each end shrinks as the tail grows: p is the tail at which it fits into the margin
    low, high = max(0.5**gaps.size, 1e-12), 0.49
    if not beyond(low):
        p = low
    elif beyond(high):
        p = 1.0
    else:
        ends = np.log(low), np.log(high)
        p = float(np.exp(optimize.bisect(lambda tail: beyond(np.exp(tail)) - 0.5, *ends, xtol=1e-3)))
    return Equivalence(gap_interval(gaps, unit), margin, p)

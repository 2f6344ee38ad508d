"""Capacity: how many pairs a memory holds at an accuracy of 0.98, and how that grows with its size (section 3.1).

Both definitions ask a function accuracy(T), a number in [0, 1] for T stored pairs; `accuracy_of` makes one from a
memory and a protocol. The paper's search asks once a probe and takes what it gets, so it wants one that measures a
single trial; the noise-free definition wants the mean over many.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import stats

from ..checks import check_callable, check_generator, check_takes, is_number, numbers_of, shown
from ..episode import Episode
from ..memory import check_can, check_sizes
from .intervals import check_confidence
from .measures.accuracy import accuracy as accuracy_by_trial

THRESHOLD = 0.98
MOST_PAIRS = 1 << 20


def accuracy_of(memory, protocol: Callable[..., Episode], rng: np.random.Generator, n_trials: int = 1, **options
                ) -> Callable[[int], float]:  # fmt: skip
    """The mean accuracy over new trials of a protocol, as a function of the number of stored pairs.

    Parameters
    ----------
    memory : object with `respond`
        What is asked.
    protocol : callable
        Its first argument after rng is the number of pairs, as that of `autoassociative`.
    rng : Generator
        Every call draws new trials from it.
    n_trials : int
        Of each call.
    **options
        Of the protocol.

    Returns
    -------
    callable
        From int to float: accuracy(T), in [0, 1].

    Raises
    ------
    ValueError
        If there is no such memory, protocol or option, or n_trials is not a whole number above 0.
    """
    check_generator(rng)
    check_sizes(n_trials=n_trials)
    check_can(memory, "respond")
    check_callable("protocol", protocol, "such as bioKV.protocols.autoassociative")
    check_takes("protocol", protocol, rng, 2, **options)

    def accuracy(n_pairs: int) -> float:
        streams = rng.spawn(n_trials)
        episode = Episode.stack([protocol(stream, n_pairs, **options) for stream in streams])
        return float(accuracy_by_trial(memory.respond(episode, streams), episode).mean())

    return accuracy


def searched_capacity(accuracy: Callable[[int], float], threshold: float = THRESHOLD) -> int:
    """The paper's capacity, by the authors' search.

    Start at T = 2; if accuracy(T) reaches the threshold double T, else halve its distance to the last T that did; stop
    where they meet. With one trial per probe it is noisy and biased upwards, since a lucky probe is never asked again.

    Parameters
    ----------
    accuracy : callable
        From int to float: the accuracy with so many stored pairs, in [0, 1].
    threshold : float
        In (0, 1].

    Returns
    -------
    int
        1 at least.

    Raises
    ------
    ValueError
        On a threshold outside (0, 1], and if no T up to a million falls below it.
    """
    check_callable("accuracy", accuracy, "from a number of pairs to an accuracy")
    _check_threshold(threshold)
    low, high = 1, 2
    while low < high:
        if _reaches(accuracy, high, threshold):
            low, high = high, 2 * high
            _check_end(high, threshold)
        else:
            high = (low + high) // 2
    return high


def noise_free_capacity(accuracy: Callable[[int], float], threshold: float = THRESHOLD) -> int:
    """The largest T whose accuracy reaches the threshold, by doubling and bisection.

    Takes accuracy to fall with T, so it should be the mean over enough trials for its noise not to matter.

    Parameters
    ----------
    accuracy : callable
        From int to float: the accuracy with so many stored pairs, in [0, 1].
    threshold : float
        In (0, 1].

    Returns
    -------
    int
        0 if T = 1 does not reach it.

    Raises
    ------
    ValueError
        On a threshold outside (0, 1], and if no T up to a million falls below it.
    """
    check_callable("accuracy", accuracy, "from a number of pairs to an accuracy")
    _check_threshold(threshold)
    low, high = 0, 1
    while _reaches(accuracy, high, threshold):
        low, high = high, 2 * high
        _check_end(high, threshold)
    while high - low > 1:
        middle = (low + high) // 2
        if _reaches(accuracy, middle, threshold):
            low = middle
        else:
            high = middle
    return low


class Slope(NamedTuple):
    """Capacity = slope * N + intercept, and the 95 % t interval of the slope.

    Parameters
    ----------
    slope, intercept : float
        Of the regression, in pairs per slot and in pairs.
    low, high : float
        The ends of the interval of the slope.
    """

    slope: float
    intercept: float
    low: float
    high: float


def capacity_slope(sizes, capacities, confidence: float = 0.95) -> Slope:
    """The regression, with intercept, of capacities on sizes N.

    Parameters
    ----------
    sizes, capacities : sequence of float, (n,)
        Repeats of a size are points of their own.
    confidence : float
        Of the interval, in (0, 1).

    Returns
    -------
    Slope
        With its interval.

    Raises
    ------
    ValueError
        With fewer than three points, or all at one size, for what is no number, or a confidence outside (0, 1).
    """
    sizes, capacities = numbers_of("sizes", sizes), numbers_of("capacities", capacities)
    check_confidence(confidence)
    if not (np.isfinite(sizes).all() and np.isfinite(capacities).all()):
        raise ValueError("sizes and capacities must be finite numbers; got NaN or infinity among them")
    if sizes.shape != capacities.shape or sizes.ndim != 1:
        raise ValueError(f"sizes and capacities must be two lists of one length; got {sizes.shape}, {capacities.shape}")
    if sizes.size < 3 or np.unique(sizes).size < 2:
        raise ValueError(f"a slope takes three points or more, at two sizes or more; got sizes {sizes.tolist()}")
    fit = stats.linregress(sizes, capacities)
    half = stats.t.ppf((1 + confidence) / 2, sizes.size - 2) * fit.stderr
    return Slope(float(fit.slope), float(fit.intercept), float(fit.slope - half), float(fit.slope + half))


def _check_threshold(threshold):
    if not (is_number(threshold) and 0 < threshold <= 1):
        raise ValueError(f"threshold is an accuracy and must lie in (0, 1]; got {shown(threshold)}")


def _reaches(accuracy, n_pairs, threshold):
    found = accuracy(n_pairs)
    if not is_number(found):
        raise ValueError(f"accuracy must give a number for {n_pairs} pairs; got {shown(found)}")
    return found >= threshold


def _check_end(n_pairs, threshold):
    if n_pairs > MOST_PAIRS:
        raise ValueError(f"accuracy stays at {threshold} or above up to {n_pairs // 2} pairs: no capacity to find")

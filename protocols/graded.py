"""Store T patterns of real numbers, then recall each from a corrupted copy."""

from __future__ import annotations

import numpy as np

from ..checks import check_count, check_fraction, check_generator, check_number
from ..episode import Episode
from .patterns import corrupt, given_patterns


def graded(rng: np.random.Generator, n_pairs: int = 20, key_dim: int = 40, corruption: float = 0.0, sd: float = 0.5,
           unknown: float = 0.0, patterns: np.ndarray | None = None) -> Episode:  # fmt: skip
    """Store T patterns of real numbers, each its own value, then ask for each with a corrupted copy: 2T steps.

    Parameters
    ----------
    rng : Generator
        Draws the patterns, the corruption and what is unknown.
    n_pairs : int
        Number of patterns T, each stored once with q = 1.
    key_dim : int
        Entries of a pattern: d, which is also m.
    corruption : float
        Probability of every entry of a query to be unknown (0), drawn entry by entry.
    sd : float
        Standard deviation of the entries, from a Gaussian that is clipped to [-1, 1].
    unknown : float
        Probability of every entry of a stored key to be unknown (0), beside a value that is whole.
    patterns : array, (P, d), P >= n_pairs
        Your own, of numbers from -1 to 1, stored in their order. None (default): Gaussian ones.

    Returns
    -------
    Episode

    Raises
    ------
    ValueError
        Unless n_pairs and key_dim are whole numbers above 0, sd is above 0, and corruption and unknown lie in [0, 1],
        or if the patterns do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from bioKV import protocols
    >>> rng = np.random.default_rng(2021)
    >>> episode = protocols.graded(rng, n_pairs=1, key_dim=4)
    >>> episode.values[0].round(2)
    array([-0.03, -0.34, -0.39,  0.54])
    """
    check_generator(rng)
    check_count("n_pairs", n_pairs)
    check_count("key_dim", key_dim)
    check_fraction("corruption", corruption)
    check_fraction("unknown", unknown)
    check_number("sd", sd, above=True)
    if patterns is None:
        x = np.clip(sd * rng.standard_normal((n_pairs, key_dim)), -1, 1)
    else:
        x = given_patterns(patterns, n_pairs, key_dim, sizes=True)
    steps = np.arange(n_pairs)
    return Episode(
        keys=np.concatenate([corrupt(x, unknown, rng), corrupt(x, corruption, rng)]),
        values=np.concatenate([x, x]),
        gate=np.repeat([1.0, 0.0], n_pairs),
        source=np.concatenate([np.full(n_pairs, -1), steps]),
    )

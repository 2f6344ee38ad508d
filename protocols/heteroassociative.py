"""Store T pairs of key and value that have nothing to do with each other, then ask for each value (section 3.4)."""

from __future__ import annotations

import numpy as np

from ..checks import check_count, check_fraction, check_generator
from ..episode import Episode
from .patterns import corrupt, patterns_or_random


def heteroassociative(rng: np.random.Generator, n_pairs: int = 20, key_dim: int = 40, value_dim: int = 20,
                      corruption: float = 0.6, patterns: np.ndarray | None = None,
                      value_patterns: np.ndarray | None = None) -> Episode:  # fmt: skip
    """Store T pairs of key and value that have nothing to do with each other, then ask for each value: 2T steps.

    Every pair is stored once, with q = 1, and asked for with a corrupted key (paper, section 3.4).

    Parameters
    ----------
    rng : Generator
        Draws the keys, the values and the corruption.
    n_pairs : int
        Number of pairs T.
    key_dim, value_dim : int
        Sizes d and m.
    corruption : float
        Probability of every entry of a query to be unknown (0).
    patterns : array, (P, d), P >= n_pairs
        Your own keys, of +1 and -1. None (default): random ones.
    value_patterns : array, (P, m), P >= n_pairs
        Your own values, of +1 and -1. None (default): random ones.

    Returns
    -------
    Episode

    Raises
    ------
    ValueError
        Unless the sizes are whole numbers above 0 and corruption lies in [0, 1], or if the patterns do not fit.

    References
    ----------
    Tyulmankov, D., Fang, C., Vadaparty, A. & Yang, G. R. (2021). Biological learning in key-value memory networks.
    NeurIPS 34. arXiv:2110.13976.

    Examples
    --------
    >>> import numpy as np
    >>> from bioKV import protocols
    >>> rng = np.random.default_rng(2021)
    >>> protocols.heteroassociative(rng, n_pairs=5, value_dim=20)
    <Episode: keys (10, 40), values (10, 20), steps 5 store, 5 recall, 0 other>
    """
    check_generator(rng)
    for name, count in (("n_pairs", n_pairs), ("key_dim", key_dim), ("value_dim", value_dim)):
        check_count(name, count)
    check_fraction("corruption", corruption)
    x = patterns_or_random(patterns, n_pairs, key_dim, rng)
    y = patterns_or_random(value_patterns, n_pairs, value_dim, rng, dim_name="value_dim", name="value_patterns")
    return Episode(
        keys=np.concatenate([x, corrupt(x, corruption, rng)]),
        values=np.concatenate([y, y]),
        gate=np.repeat([1.0, 0.0], n_pairs),
        source=np.concatenate([np.full(n_pairs, -1), np.arange(n_pairs)]),
    )

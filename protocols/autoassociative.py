"""Store T patterns, then recall each from a corrupted copy (paper, section 3.1 and appendix A)."""

from __future__ import annotations

import numpy as np

from ..checks import check_count, check_fraction, check_generator
from ..episode import Episode
from .patterns import corrupt, patterns_or_random


def autoassociative(rng: np.random.Generator, n_pairs: int = 20, key_dim: int = 40, corruption: float = 0.6,
                    patterns: np.ndarray | None = None) -> Episode:  # fmt: skip
    """Store T patterns, each its own value, then ask for each with a corrupted copy: 2T steps.

    Every pattern is stored once, with q = 1 (paper, section 3.1 and appendix A).

    Parameters
    ----------
    rng : Generator
        Draws the patterns and the corruption.
    n_pairs : int
        Number of patterns T.
    key_dim : int
        Entries of a pattern: d, which is also m.
    corruption : float
        Probability of every entry of a query to be unknown (0), drawn entry by entry.
    patterns : array, (P, d), P >= n_pairs
        Your own, of +1 and -1, stored in their order. None (default): random ones.

    Returns
    -------
    Episode

    Raises
    ------
    ValueError
        Unless n_pairs and key_dim are whole numbers above 0 and corruption lies in [0, 1], or if the patterns do not
        fit.

    References
    ----------
    Tyulmankov, D., Fang, C., Vadaparty, A. & Yang, G. R. (2021). Biological learning in key-value memory networks.
    NeurIPS 34. arXiv:2110.13976.

    Examples
    --------
    >>> import numpy as np
    >>> from bioKV import protocols
    >>> rng = np.random.default_rng(2021)
    >>> protocols.autoassociative(rng, n_pairs=5)
    <Episode: keys (10, 40), values (10, 40), steps 5 store, 5 recall, 0 other>
    """
    check_generator(rng)
    check_count("n_pairs", n_pairs)
    check_count("key_dim", key_dim)
    check_fraction("corruption", corruption)
    x = patterns_or_random(patterns, n_pairs, key_dim, rng)
    queries = corrupt(x, corruption, rng)
    steps = np.arange(n_pairs)
    return Episode(
        keys=np.concatenate([x, queries]),
        values=np.concatenate([x, x]),
        gate=np.repeat([1.0, 0.0], n_pairs),
        source=np.concatenate([np.full(n_pairs, -1), steps]),
    )

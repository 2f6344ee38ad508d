"""Store T patterns, then recall each from a corrupted copy (paper, section 3.1 and appendix A)."""

from __future__ import annotations

import numpy as np

from ..episode import Episode
from .patterns import check_count, check_fraction, corrupt, given_patterns, random_patterns


def autoassociative(rng: np.random.Generator, n_pairs: int = 20, key_dim: int = 40, corruption: float = 0.6,
                    patterns: np.ndarray | None = None) -> Episode:  # fmt: skip
    """An episode of 2T steps, T = n_pairs: every pattern is stored once (q = 1, value = key), then each is asked for.

    rng : draws the patterns and the corruption.
    key_dim : d, which is also m.
    corruption : probability of every entry of a query to be unknown (0), drawn entry by entry.
    patterns (P, d) of +1 and -1, P >= n_pairs : one's own, stored in their order, instead of random ones.
    Raises ValueError unless n_pairs and key_dim are whole numbers above 0 and corruption lies in [0, 1].
    """
    check_count("n_pairs", n_pairs)
    check_count("key_dim", key_dim)
    check_fraction("corruption", corruption)
    x = random_patterns(n_pairs, key_dim, rng) if patterns is None else given_patterns(patterns, n_pairs, key_dim)
    queries = corrupt(x, corruption, rng)
    steps = np.arange(n_pairs)
    return Episode(
        keys=np.concatenate([x, queries]),
        values=np.concatenate([x, x]),
        gate=np.repeat([1.0, 0.0], n_pairs),
        source=np.concatenate([np.full(n_pairs, -1), steps]),
    )

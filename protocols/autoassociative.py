"""Store T patterns, then recall each from a corrupted copy (paper, section 3.1 and appendix A)."""

from __future__ import annotations

import numpy as np

from ..checks import check_count, check_fraction, check_generator
from ..episode import Episode
from .patterns import corrupt, patterns_or_random


def autoassociative(rng: np.random.Generator, n_pairs: int = 20, key_dim: int = 40, corruption: float = 0.6,
                    patterns: np.ndarray | None = None) -> Episode:  # fmt: skip
    """An episode of 2T steps, T = n_pairs: every pattern is stored once (q = 1, value = key), then each is asked for.

    rng : draws the patterns and the corruption.
    key_dim : d, which is also m.
    corruption : probability of every entry of a query to be unknown (0), drawn entry by entry.
    patterns (P, d) of +1 and -1, P >= n_pairs : one's own, stored in their order, instead of random ones.
    Raises ValueError unless n_pairs and key_dim are whole numbers above 0 and corruption lies in [0, 1].
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

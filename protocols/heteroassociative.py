"""Store T pairs of key and value that have nothing to do with each other, then ask for each value (section 3.4)."""

from __future__ import annotations

import numpy as np

from ..checks import check_count, check_fraction, check_generator
from ..episode import Episode
from .patterns import corrupt, patterns_or_random


def heteroassociative(rng: np.random.Generator, n_pairs: int = 20, key_dim: int = 40, value_dim: int = 20,
                      corruption: float = 0.6, patterns: np.ndarray | None = None,
                      value_patterns: np.ndarray | None = None) -> Episode:  # fmt: skip
    """An episode of 2T steps, T = n_pairs: every pair is stored once (q = 1), then asked for with a corrupted key.

    rng : draws the keys, the values and the corruption.
    key_dim, value_dim : d and m. corruption : probability of every entry of a query to be unknown (0).
    patterns (P, d), value_patterns (P, m) of +1 and -1, P >= n_pairs : one's own, instead of random ones.
    Raises ValueError unless the sizes are whole numbers above 0 and corruption lies in [0, 1].
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

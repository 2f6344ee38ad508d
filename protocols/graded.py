"""Store T patterns of real numbers, then recall each from a corrupted copy."""

from __future__ import annotations

import numpy as np

from ..checks import check_count, check_fraction, check_generator, is_number, shown
from ..episode import Episode
from .patterns import corrupt, given_patterns


def graded(rng: np.random.Generator, n_pairs: int = 20, key_dim: int = 40, corruption: float = 0.0, sd: float = 0.5,
           unknown: float = 0.0, patterns: np.ndarray | None = None) -> Episode:  # fmt: skip
    """An episode of 2T steps, T = n_pairs: every pattern is stored once (q = 1, value = key), then each is asked for.

    rng : draws the patterns, the corruption and what is unknown.
    key_dim : d, which is also m.
    corruption : probability of every entry of a query to be unknown (0), drawn entry by entry.
    sd : standard deviation of the entries, from a Gaussian that is clipped to [-1, 1].
    unknown : probability of every entry of a stored key to be unknown (0), beside a value that is whole.
    patterns (P, d) of numbers from -1 to 1, P >= n_pairs : one's own, stored in their order, instead of Gaussian ones.
    Raises ValueError unless n_pairs and key_dim are whole numbers above 0, sd is above 0, and corruption and unknown
    lie in [0, 1].
    """
    check_generator(rng)
    check_count("n_pairs", n_pairs)
    check_count("key_dim", key_dim)
    check_fraction("corruption", corruption)
    check_fraction("unknown", unknown)
    if not is_number(sd) or sd <= 0:
        raise ValueError(f"sd must be a number above 0; got {shown(sd)}")
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

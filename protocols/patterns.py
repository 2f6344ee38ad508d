"""Patterns of +1 and -1, drawn or given, and their corrupted copies."""

from __future__ import annotations

import numpy as np


def random_patterns(n_patterns: int, dim: int, rng: np.random.Generator) -> np.ndarray:
    """(n_patterns, dim) of +1 and -1 with equal chance."""
    return rng.choice([-1.0, 1.0], size=(n_patterns, dim))


def corrupt(patterns: np.ndarray, fraction: float, rng: np.random.Generator) -> np.ndarray:
    """A copy in which every entry is unknown (0) with probability `fraction`, each on its own."""
    return np.where(rng.random(patterns.shape) < fraction, 0.0, patterns)


def given_patterns(patterns, n_patterns: int, dim: int) -> np.ndarray:
    """The first n_patterns of one's own patterns (P, dim).

    Raises ValueError if there are fewer, if they have other than dim entries, or entries other than +1 and -1.
    """
    patterns = np.asarray(patterns, dtype=float)
    if patterns.ndim != 2 or patterns.size == 0:
        raise ValueError(f"patterns must be a table with one pattern a row; got shape {patterns.shape}")
    if patterns.shape[1] != dim:
        raise ValueError(f"patterns have {patterns.shape[1]} entries but key_dim is {dim}")
    wrong = ~np.isin(patterns, (-1.0, 1.0))
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise ValueError(f"patterns must be +1 or -1; pattern {row}, entry {column} is {patterns[row, column]:g}")
    if len(patterns) < n_patterns:
        raise ValueError(f"n_pairs is {n_patterns} but there are only {len(patterns)} patterns")
    return patterns[:n_patterns]


def check_count(name: str, count) -> None:
    """Raise ValueError unless count is a whole number above 0."""
    if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < 1:
        raise ValueError(f"{name} must be a whole number above 0; got {count!r}")


def check_fraction(name: str, fraction) -> None:
    """Raise ValueError unless fraction lies in [0, 1]."""
    if not 0 <= fraction <= 1:
        raise ValueError(f"{name} must lie in [0, 1]; got {fraction!r}")

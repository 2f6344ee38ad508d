"""Patterns of +1 and -1, drawn or given, and their corrupted copies."""

from __future__ import annotations

import numpy as np

from ..checks import numbers_of


def random_patterns(n_patterns: int, dim: int, rng: np.random.Generator) -> np.ndarray:
    """(n_patterns, dim) of +1 and -1 with equal chance."""
    return rng.choice([-1.0, 1.0], size=(n_patterns, dim))


def corrupt(patterns: np.ndarray, fraction: float, rng: np.random.Generator) -> np.ndarray:
    """A copy in which every entry is unknown (0) with probability `fraction`, each on its own."""
    return np.where(rng.random(patterns.shape) < fraction, 0.0, patterns)


def redraw(pattern: np.ndarray, fraction: float, rng: np.random.Generator) -> np.ndarray:
    """A copy in which every entry is drawn anew with probability `fraction`, hence flipped with half of it."""
    return np.where(rng.random(pattern.shape) < fraction, rng.choice([-1.0, 1.0], size=pattern.shape), pattern)


def patterns_or_random(patterns, n_patterns: int, dim: int, rng: np.random.Generator, need: str = "n_pairs",
                       dim_name: str = "key_dim", name: str = "patterns") -> np.ndarray:  # fmt: skip
    """n_patterns of dim entries: the first rows of one's own, or random ones where patterns is None."""
    if patterns is None:
        return random_patterns(n_patterns, dim, rng)
    return given_patterns(patterns, n_patterns, dim, need, dim_name, name)


def given_patterns(patterns, n_patterns: int, dim: int, need: str = "n_pairs", dim_name: str = "key_dim",
                   name: str = "patterns", sizes: bool = False) -> np.ndarray:  # fmt: skip
    """The first n_patterns of one's own patterns (P, dim). need, dim_name, name : of the arguments, for the message.
    sizes : whether entries have sizes up to 1.

    Raises ValueError if there are fewer, if they have other than dim entries, or entries other than +1 and -1, with
    sizes beyond them.
    """
    patterns = numbers_of(name, patterns)
    if patterns.ndim != 2 or patterns.size == 0:
        raise ValueError(f"{name} must be a table with one pattern per row; got shape {patterns.shape}")
    if patterns.shape[1] != dim:
        raise ValueError(f"{name} have {patterns.shape[1]} entries but {dim_name} is {dim}")
    wrong = ~(np.abs(patterns) <= 1) if sizes else ~np.isin(patterns, (-1.0, 1.0))
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        wanted = "lie in [-1, 1]" if sizes else "be +1 or -1"
        raise ValueError(f"{name} must {wanted}; pattern {row}, entry {column} is {patterns[row, column]:g}")
    if len(patterns) < n_patterns:
        raise ValueError(f"{need} is {n_patterns} but there are only {len(patterns)} {name}; it takes one for each")
    return patterns[:n_patterns]

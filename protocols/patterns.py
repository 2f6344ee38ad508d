"""Patterns of +1 and -1, drawn or given, and their corrupted copies."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..checks import numbers_of


def random_patterns(n_patterns: int, dim: int, rng: np.random.Generator) -> np.ndarray:
    """Patterns of +1 and -1 with equal chance.

    Parameters
    ----------
    n_patterns, dim : int
        How many, and of how many entries.
    rng : Generator
        Draws them.

    Returns
    -------
    array, (n_patterns, dim)
    """
    return rng.choice([-1.0, 1.0], size=(n_patterns, dim))


def corrupt(patterns: np.ndarray, fraction: float, rng: np.random.Generator) -> np.ndarray:
    """A copy in which every entry is unknown (0) with some probability, each on its own.

    Parameters
    ----------
    patterns : array
        Of any shape.
    fraction : float
        That probability.
    rng : Generator
        Draws which.

    Returns
    -------
    array
        Of the same shape.

    Examples
    --------
    >>> import numpy as np
    >>> from bioKV.protocols.patterns import corrupt
    >>> corrupt(np.ones(8), 0.5, np.random.default_rng(2021))
    array([1., 1., 1., 0., 1., 0., 0., 0.])
    """
    return np.where(rng.random(patterns.shape) < fraction, 0.0, patterns)


def redraw(pattern: np.ndarray, fraction: float, rng: np.random.Generator) -> np.ndarray:
    """A copy in which every entry is drawn anew with some probability, hence flipped with half of it.

    Parameters
    ----------
    pattern : array
        Of any shape, of +1 and -1.
    fraction : float
        That probability.
    rng : Generator
        Draws which, and what they become.

    Returns
    -------
    array
        Of the same shape.
    """
    return np.where(rng.random(pattern.shape) < fraction, rng.choice([-1.0, 1.0], size=pattern.shape), pattern)


def patterns_or_random(patterns: ArrayLike | None, n_patterns: int, dim: int, rng: np.random.Generator,
                       need: str = "n_pairs", dim_name: str = "key_dim", name: str = "patterns"
                       ) -> np.ndarray:  # fmt: skip
    """Patterns of +1 and -1: the first rows of one's own, or random ones where there are none.

    Parameters
    ----------
    patterns : array_like, (P, dim)
        One's own, or None.
    n_patterns, dim : int
        How many, and of how many entries.
    rng : Generator
        Draws random ones.
    need, dim_name, name : str
        Names of the three arguments before, for the message: of n_patterns, of dim and of patterns.

    Returns
    -------
    array, (n_patterns, dim)

    Raises
    ------
    ValueError
        For what `given_patterns` refuses.
    """
    if patterns is None:
        return random_patterns(n_patterns, dim, rng)
    return given_patterns(patterns, n_patterns, dim, need, dim_name, name)


def given_patterns(patterns: ArrayLike, n_patterns: int, dim: int, need: str = "n_pairs", dim_name: str = "key_dim",
                   name: str = "patterns", sizes: bool = False) -> np.ndarray:  # fmt: skip
    """The first of one's own patterns.

    Parameters
    ----------
    patterns : array_like, (P, dim)
        One's own.
    n_patterns, dim : int
        How many, and of how many entries.
    need, dim_name, name : str
        Names of the arguments, for the message: of n_patterns, of dim and of patterns.
    sizes : bool
        Whether entries have sizes up to 1.

    Returns
    -------
    array, (n_patterns, dim)

    Raises
    ------
    ValueError
        If there are fewer, if they have other than dim entries, or entries other than +1 and -1, with sizes beyond
        them.
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

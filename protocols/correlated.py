"""Store T patterns that resemble each other, then recall each from a corrupted copy (section 3.3, figs. 4c and C5)."""

from __future__ import annotations

import numpy as np

from ..checks import check_choice, check_count, check_fraction, check_generator
from ..episode import Episode
from .autoassociative import autoassociative
from .patterns import patterns_or_random, redraw


def correlated(rng: np.random.Generator, n_pairs: int = 20, correlation: float = 0.6, mode: str = "template",
               key_dim: int = 40, corruption: float = 0.6, patterns: np.ndarray | None = None) -> Episode:  # fmt: skip
    """Store T patterns that resemble each other, then ask for each with a corrupted copy: 2T steps.

    Every pattern is its own value and stored once, with q = 1 (paper, section 3.3, figs. 4c and C5).

    Parameters
    ----------
    rng : Generator
        Draws the patterns and the corruption.
    n_pairs : int
        Number of patterns T.
    correlation : float
        Number c in [0, 1]. Every entry is drawn anew with probability 1 - c (hence flipped with (1 - c)/2).
    mode : str
        "template" (default, the paper's): the first pattern is the template, all others are redrawn from it, so each
        correlates c with it and two others c^2 with each other. "drift": each is redrawn from the one before it, so two
        that are k apart correlate c^k.
    key_dim : int
        Entries of a pattern: d, which is also m.
    corruption : float
        Probability of every entry of a query to be unknown (0).
    patterns : array, (P, d)
        Your own, of +1 and -1: the first row is the template, or where the drift starts. None (default): a random one.

    Returns
    -------
    Episode

    Raises
    ------
    ValueError
        Unless correlation and corruption lie in [0, 1], the sizes are whole numbers above 0 and mode is one of the two,
        or if the patterns do not fit.

    References
    ----------
    Tyulmankov, D., Fang, C., Vadaparty, A. & Yang, G. R. (2021). Biological learning in key-value memory networks.
    NeurIPS 34. arXiv:2110.13976.

    Examples
    --------
    >>> import numpy as np
    >>> from bioKV import protocols
    >>> rng = np.random.default_rng(2021)
    >>> episode = protocols.correlated(rng, n_pairs=3, correlation=0.6, key_dim=10000)
    >>> np.corrcoef(episode.values[:3])[0].round(1)
    array([1. , 0.6, 0.6])
    """
    check_generator(rng)
    check_count("n_pairs", n_pairs)
    check_count("key_dim", key_dim)
    check_fraction("correlation", correlation)
    check_choice("mode", mode, ("template", "drift"))
    x = np.repeat(patterns_or_random(patterns, 1, key_dim, rng, need="the number of templates"), n_pairs, axis=0)
    for t in range(1, n_pairs):
        x[t] = redraw(x[0] if mode == "template" else x[t - 1], 1 - correlation, rng)
    return autoassociative(rng, n_pairs, key_dim, corruption, patterns=x)

"""Show a sequence of patterns, then an end marker, then have all of it reproduced (section 3.4, figs. 5c and A3)."""

from __future__ import annotations

import numpy as np

from ..checks import check_count, check_generator
from ..episode import Episode
from .patterns import patterns_or_random


def copy_paste(rng: np.random.Generator, n_patterns: int = 10, pattern_dim: int = 25,
               patterns: np.ndarray | None = None) -> Episode:  # fmt: skip
    """Show n patterns and an end marker, then as many blank rows in which they are to come back, in their order.

    A row has pattern_dim entries and one more, the end channel: -1 beside a pattern, +1 in the end marker, whose
    pattern entries are all -1. So steps 0 to n - 1 show the patterns, step n the end marker, and steps n + 1 to 2 n + 1
    are rows of zeros, each scored against the row that was shown n + 1 steps before, the end marker last (paper,
    section 3.4, figs. 5c and A3).

    Parameters
    ----------
    rng : Generator
        Draws the patterns.
    n_patterns : int
        Number of patterns n.
    pattern_dim : int
        Bits of a pattern; keys and values have one entry more.
    patterns : array, (P, pattern_dim), P >= n_patterns
        Your own, of +1 and -1, in their order. None (default): random ones.

    Returns
    -------
    Episode

    Raises
    ------
    ValueError
        If a count is not a whole number above 0, or if the patterns do not fit.

    Notes
    -----
    A blank row says nothing about which pattern is due: something has to count. That is a `Controller`, which looks at
    `keys` alone and makes key, value and gate of its memory itself. `gate` is 1 for rows that are shown and 0 for blank
    ones, and `values` are those rows: what a memory without a controller is told, which then faces empty queries.

    References
    ----------
    Tyulmankov, D., Fang, C., Vadaparty, A. & Yang, G. R. (2021). Biological learning in key-value memory networks.
    NeurIPS 34. arXiv:2110.13976.

    Examples
    --------
    >>> import numpy as np
    >>> from bioKV import protocols
    >>> rng = np.random.default_rng(2021)
    >>> episode = protocols.copy_paste(rng, n_patterns=2, pattern_dim=3)
    >>> episode.keys
    array([[ 1.,  1., -1., -1.],
           [ 1.,  1.,  1., -1.],
           [-1., -1., -1.,  1.],
           [ 0.,  0.,  0.,  0.],
           [ 0.,  0.,  0.,  0.],
           [ 0.,  0.,  0.,  0.]])
    """
    check_generator(rng)
    check_count("n_patterns", n_patterns)
    check_count("pattern_dim", pattern_dim)
    shown = -np.ones((n_patterns + 1, pattern_dim + 1))
    shown[:-1, :-1] = patterns_or_random(patterns, n_patterns, pattern_dim, rng, "n_patterns", "pattern_dim")
    shown[-1, -1] = 1.0
    n_rows = n_patterns + 1
    return Episode(
        keys=np.concatenate([shown, np.zeros_like(shown)]),
        values=np.concatenate([shown, shown]),
        gate=np.repeat([1.0, 0.0], n_rows),
        source=np.concatenate([np.full(n_rows, -1), np.arange(n_rows)]),
        read_after_write=True,
    )

"""A stream in which every pattern that is asked for was shown a fixed number of steps ago (section 3.3, fig. 4a)."""

from __future__ import annotations

import numpy as np

from ..checks import MOST, check_choice, check_count, check_fraction, check_generator, check_number, shown
from ..episode import Episode
from .patterns import corrupt, given_patterns, patterns_or_random


def continual(rng: np.random.Generator, delay: int = 10, p_recall: float = 0.5, store: str = "asked",
              n_steps: int | None = None, length_factor: float = 1.5, key_dim: int = 40, corruption: float = 0.6,
              patterns: np.ndarray | None = None) -> Episode:  # fmt: skip
    """Store and ask for patterns in one stream, each a fixed number of steps after it was shown.

    At each step, with probability p_recall, a corrupted copy of the pattern shown `delay` steps before is asked for,
    unless that step was itself a recall; otherwise a new pattern is shown. If chance asks for nothing at all, one step
    is made a recall (paper, section 3.3 and fig. 4a).

    Parameters
    ----------
    rng : Generator
        Draws the order, the patterns and the corruption.
    delay : int
        Steps R between a pattern and its recall.
    p_recall : float
        Probability per step to ask, in (0, 1].
    store : str
        "asked" (default, the authors' code): q = 1 only for patterns that will be asked for, so with p_recall = 0.5 a
        third of the steps are recalls, a third stored, a third seen and not stored. "all": q = 1 for every new pattern.
    n_steps : int
        Length of the episode. None (default): length_factor * max(1000, 20 R).
    length_factor : float
        The text of the paper has 1, the authors' code 1.5 (default).
    key_dim : int
        Entries of a pattern: d, which is also m.
    corruption : float
        Probability of every entry of a query to be unknown (0).
    patterns : array, (P, d), P >= n_steps
        Your own, of +1 and -1, shown in their order; as many as would do whatever is drawn. None (default): random
        ones.

    Returns
    -------
    Episode

    Raises
    ------
    ValueError
        Unless delay < n_steps, p_recall lies in (0, 1] and corruption in [0, 1], length_factor is above 0 and store is
        one of the two, or if the patterns do not fit.

    References
    ----------
    Tyulmankov, D., Fang, C., Vadaparty, A. & Yang, G. R. (2021). Biological learning in key-value memory networks.
    NeurIPS 34. arXiv:2110.13976.

    Examples
    --------
    >>> import numpy as np
    >>> from bioKV import protocols
    >>> rng = np.random.default_rng(2021)
    >>> episode = protocols.continual(rng, delay=3, n_steps=30)
    >>> asked = episode.is_recall.nonzero()[0]
    >>> asked - episode.source[asked]
    array([3, 3, 3, 3, 3, 3, 3, 3, 3, 3])
    """
    return asking(1, rng, delay, p_recall, store, n_steps, length_factor, key_dim, corruption, patterns)


def asking(at_least: int, rng: np.random.Generator, delay: int, p_recall: float, store: str, n_steps: int | None,
           length_factor: float, key_dim: int, corruption: float, patterns: np.ndarray | None) -> Episode:  # fmt: skip
    """An episode as of `continual` that asks for some number of patterns at least, of those that it can ask for.

    Parameters
    ----------
    at_least : int
        How many.
    rng, delay, p_recall, store, n_steps, length_factor, key_dim, corruption, patterns : as of `continual`
        Its arguments.

    Returns
    -------
    Episode

    Raises
    ------
    ValueError
        For what `continual` refuses.
    """
    check_generator(rng)
    check_count("delay", delay)
    check_count("key_dim", key_dim)
    check_fraction("p_recall", p_recall)
    check_fraction("corruption", corruption)
    check_choice("store", store, ("asked", "all"))
    if p_recall == 0:
        raise ValueError("p_recall must be above 0, or nothing is ever asked for; got 0")
    check_number("length_factor", length_factor, above=True)
    if n_steps is None:
        length = length_factor * max(1000, 20 * delay)
        if not 1 <= length <= MOST:
            raise ValueError(f"length_factor must give 1 to {MOST:,} steps; {shown(length_factor)} gives {length:g}")
        n_steps = int(length)
    check_count("n_steps", n_steps)
    if delay >= n_steps:
        raise ValueError(f"delay is {delay} steps but the episode has only {n_steps}; it takes n_steps above the delay")
    own = None if patterns is None else given_patterns(patterns, n_steps, key_dim, need="n_steps")
    recall = _recalls(at_least, n_steps, delay, p_recall, rng)
    asked = np.flatnonzero(recall)
    keys = np.empty((n_steps, key_dim))
    new = np.flatnonzero(~recall)
    keys[new] = patterns_or_random(own, len(new), key_dim, rng)
    keys[asked] = keys[asked - delay]
    values = keys.copy()
    keys[asked] = corrupt(keys[asked], corruption, rng)
    gate = np.where(recall, 0.0, 1.0)
    if store == "asked":
        gate = np.zeros(n_steps)
        gate[asked - delay] = 1.0
    return Episode(keys, values, gate, np.where(recall, np.arange(n_steps) - delay, -1))


def could_be_recalls(n_steps: int, delay: int) -> np.ndarray:
    """As many steps as can be recalls in one episode: every second stretch of `delay` steps.

    Parameters
    ----------
    n_steps : int
        Length T of the episode.
    delay : int
        Steps between a pattern and its recall.

    Returns
    -------
    array of bool, (T,)
    """
    return np.arange(n_steps) // delay % 2 == 1


def _recalls(at_least, n_steps, delay, p_recall, rng):
    """(T,) bool: drawn, but never within the first `delay` steps nor for a step that is itself a recall. Where chance
    makes too few, they are so many, drawn among as many as there can be."""
    recall = rng.random(n_steps) < p_recall
    recall[:delay] = False
    for start in range(delay, n_steps, delay):  # a stretch of `delay` steps depends on the one before it alone
        here = slice(start, min(start + delay, n_steps))
        recall[here] &= ~recall[start - delay : here.stop - delay]
    if not recall.any():
        recall[rng.integers(delay, n_steps)] = True
    if recall.sum() < at_least:
        recall[:] = False
        recall[rng.choice(np.flatnonzero(could_be_recalls(n_steps, delay)), size=at_least, replace=False)] = True
    return recall

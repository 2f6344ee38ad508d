"""The continual task with a few patterns that come with a strong global third factor (section 3.3, fig. 4b)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..checks import check_count, is_number, shown
from ..episode import Episode
from .continual import asking, could_be_recalls


def flashbulb(rng: np.random.Generator, delay: int = 10, n_flashbulb: int = 5, strength: float = 15.0,
              p_recall: float = 0.5, store: str = "asked", n_steps: int = 1500, key_dim: int = 40,
              corruption: float = 0.6, patterns: np.ndarray | None = None) -> Episode:  # fmt: skip
    """The task of `continual` with a few patterns that come with a strong global third factor q.

    They are drawn among those that will be asked for, and asked for after `delay` steps as the others are; if chance
    asks for fewer, these alone are asked for. Subsets of the recalls are "regular" and "flashbulb" (paper, section 3.3,
    fig. 4b).

    Parameters
    ----------
    rng : Generator
        Draws the order, the patterns, the flashbulbs and the corruption.
    delay : int
        Steps between a pattern and its recall.
    n_flashbulb : int
        Number of flashbulbs.
    strength : float
        Their q, 15 in the authors' code (default), 10 in the text; other patterns have q = 1. For a key-value memory it
        takes a `stability_threshold` to make a difference, since a learning rate is held to 1.
    p_recall : float
        Probability per step to ask, in (0, 1].
    store : str
        "asked" (default): q is above 0 only for patterns that will be asked for. "all": for every new pattern.
    n_steps : int
        Length of the episode, the same at every delay.
    key_dim : int
        Entries of a pattern: d, which is also m.
    corruption : float
        Probability of every entry of a query to be unknown (0).
    patterns : array, (P, d), P >= n_steps
        Your own, of +1 and -1, shown in their order. None (default): random ones.

    Returns
    -------
    Episode

    Raises
    ------
    ValueError
        For what `continual` refuses, and unless strength is a number above 0 and an episode of n_steps can ask for
        n_flashbulb patterns.

    References
    ----------
    Tyulmankov, D., Fang, C., Vadaparty, A. & Yang, G. R. (2021). Biological learning in key-value memory networks.
    NeurIPS 34. arXiv:2110.13976.

    Examples
    --------
    >>> import numpy as np
    >>> from bioKV import protocols
    >>> rng = np.random.default_rng(2021)
    >>> episode = protocols.flashbulb(rng, delay=5, n_flashbulb=2, n_steps=60)
    >>> episode.gate[episode.source[episode.subset == 1]]
    array([15., 15.])
    """
    check_count("n_flashbulb", n_flashbulb)
    check_count("n_steps", n_steps)
    check_count("delay", delay)
    if not (is_number(strength) and strength > 0):
        raise ValueError(f"strength is the q of a flashbulb and must be a number above 0; got {shown(strength)}")
    most = int(could_be_recalls(n_steps, delay).sum())
    if n_flashbulb > most and delay < n_steps:
        raise ValueError(
            f"n_flashbulb is {n_flashbulb} but at most {most} patterns can be asked for in {n_steps} steps with a delay"
            f" of {delay}; it takes a larger n_steps, or fewer flashbulbs"
        )
    episode = asking(n_flashbulb, rng, delay, p_recall, store, n_steps, 1.5, key_dim, corruption, patterns)
    asked = np.flatnonzero(episode.is_recall)
    strong = rng.choice(asked, size=n_flashbulb, replace=False)
    gate, subset = episode.gate.copy(), np.zeros(n_steps, dtype=int)
    gate[episode.source[strong]] = strength
    subset[strong] = 1
    return replace(episode, gate=gate, subset=subset, subset_names=("regular", "flashbulb"))

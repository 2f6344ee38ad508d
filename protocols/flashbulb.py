"""The continual task with a few patterns that come with a strong global third factor (section 3.3, fig. 4b)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..checks import check_count, is_number, shown
from ..episode import Episode
from .continual import continual


def flashbulb(rng: np.random.Generator, delay: int = 10, n_flashbulb: int = 5, strength: float = 15.0,
              p_recall: float = 0.5, store: str = "asked", n_steps: int = 1500, key_dim: int = 40,
              corruption: float = 0.6, patterns: np.ndarray | None = None) -> Episode:  # fmt: skip
    """An episode as of `continual`, of n_steps at every delay, in which n_flashbulb patterns come with q = strength.

    They are drawn among those that will be asked for, and asked for after `delay` steps as the others are. Subsets:
    "regular" and "flashbulb".

    strength : q of a flashbulb, 15 in the authors' code, 10 in the text; other patterns have q = 1. For a key-value
        memory it takes a `stability_threshold` to make a difference, since a learning rate is held to 1.
    Other arguments and errors as of `continual`. Raises ValueError too unless strength is a number above 0 and the
    episode asks for n_flashbulb patterns at least.
    """
    check_count("n_flashbulb", n_flashbulb)
    check_count("n_steps", n_steps)
    if not (is_number(strength) and strength > 0):
        raise ValueError(f"strength is the q of a flashbulb and must be a number above 0; got {shown(strength)}")
    episode = continual(rng, delay, p_recall, store, n_steps, key_dim=key_dim, corruption=corruption, patterns=patterns)
    asked = np.flatnonzero(episode.is_recall)
    if n_flashbulb > len(asked):
        raise ValueError(
            f"n_flashbulb is {n_flashbulb} but only {len(asked)} stored patterns are asked for in {n_steps} steps;"
            " it takes a larger n_steps, or fewer flashbulbs"
        )
    strong = rng.choice(asked, size=n_flashbulb, replace=False)
    gate, subset = episode.gate.copy(), np.zeros(n_steps, dtype=int)
    gate[episode.source[strong]] = strength
    subset[strong] = 1
    return replace(episode, gate=gate, subset=subset, subset_names=("regular", "flashbulb"))

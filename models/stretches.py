"""Stretches of an episode that can be answered at once."""

from __future__ import annotations

import numpy as np


def stretches(alone: np.ndarray) -> list[tuple[int, int]]:
    """Cut T steps into stretches: some steps each by itself, the others in runs.

    Parameters
    ----------
    alone : array of bool, (T,)
        Which steps stand by themselves.

    Returns
    -------
    list of tuple
        First step of each stretch, and the one after its last.
    """
    runs, start = [], 0
    for t in range(1, len(alone) + 1):
        if t == len(alone) or alone[t] or alone[t - 1]:
            runs.append((start, t))
            start = t
    return runs

"""Stretches of an episode that can be answered at once."""

from __future__ import annotations


def stretches(alone) -> list[tuple[int, int]]:
    """(start, stop) of the stretches of T steps: each step where alone (T,) is true by itself, the others in runs."""
    runs, start = [], 0
    for t in range(1, len(alone) + 1):
        if t == len(alone) or alone[t] or alone[t - 1]:
            runs.append((start, t))
            start = t
    return runs

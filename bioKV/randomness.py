"""Independent random streams, one a trial, so that a trial's numbers do not depend on its neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Rng = np.random.Generator | Sequence[np.random.Generator]


def trial_streams(rng: Rng, n_trials: int) -> list[np.random.Generator]:
    """One Generator a trial: the ones handed in, or as many children of a single one.

    Raises ValueError if a sequence of another length comes, TypeError if it is not made of Generators.
    """
    given = rng.spawn(n_trials) if isinstance(rng, np.random.Generator) else rng
    if not isinstance(given, list | tuple) or not all(isinstance(stream, np.random.Generator) for stream in given):
        raise TypeError("rng must be a numpy.random.Generator, as default_rng(seed) makes, or a list with one a trial")
    if len(given) != n_trials:
        raise ValueError(f"rng holds {len(given)} generators but there are {n_trials} trials")
    return list(given)


def study_streams(seed: int, x_index: int, trial: int) -> tuple[np.random.Generator, np.random.Generator]:
    """The streams (protocol, memory) of one trial at one x of a study, the same for every memory and worker count."""
    protocol, memory = np.random.SeedSequence(seed, spawn_key=(x_index, trial)).spawn(2)
    return np.random.default_rng(protocol), np.random.default_rng(memory)

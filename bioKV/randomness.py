"""Independent random streams, one per trial, so that a trial's numbers do not depend on its neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .checks import shown

Rng = np.random.Generator | Sequence[np.random.Generator]


def trial_streams(rng: Rng, n_trials: int) -> list[np.random.Generator]:
    """One Generator per trial: the ones handed in, or as many children of a single one.

    Parameters
    ----------
    rng : Generator, or a list of them
        One for all, or one per trial.
    n_trials : int
        Number of trials B.

    Returns
    -------
    list of Generator

    Raises
    ------
    ValueError
        If rng is neither, or holds another number of them.
    """
    check_streams(rng, n_trials)
    return rng.spawn(n_trials) if isinstance(rng, np.random.Generator) else list(rng)


def check_streams(rng: Rng, n_trials: int) -> None:
    """Raise ValueError unless rng is a Generator, or a list with one per trial.

    Parameters
    ----------
    rng : anything
        The argument that came.
    n_trials : int
        Number of trials B.
    """
    if isinstance(rng, np.random.Generator):
        return
    if not isinstance(rng, list | tuple) or not all(isinstance(stream, np.random.Generator) for stream in rng):
        one = "a numpy.random.Generator, as default_rng(seed) makes"
        raise ValueError(f"rng must be {one}, or a list with one per trial; got {shown(rng)}")
    if len(rng) != n_trials:
        raise ValueError(f"rng holds {len(rng)} generators but there are {n_trials} trials")


def study_streams(seed: int, task: int, trial: int) -> tuple[np.random.Generator, np.random.Generator]:
    """The streams of one trial of a task, the same for every memory and number of workers.

    Parameters
    ----------
    seed : int
        Of the study.
    task : int
        A number that stands for what is presented, such as `studies.plan.task_digest`.
    trial : int
        Number of the trial, from 0.

    Returns
    -------
    protocol : Generator
        For what is presented.
    memory : Generator
        For what is random in the memory.
    """
    # the two that SeedSequence(seed, spawn_key=(task, trial)).spawn(2) gives, in less time
    protocol, memory = (np.random.SeedSequence(seed, spawn_key=(task, trial, i)) for i in (0, 1))
    return np.random.default_rng(protocol), np.random.default_rng(memory)

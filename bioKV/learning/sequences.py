"""Training sequences: episodes side by side, time first."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..checks import shown
from ..episode import Episode
from ..randomness import study_streams
from ..third_factors import ThirdFactor

Present = Callable[[np.random.Generator], Episode]


class Sequences(NamedTuple):
    """Training sequences side by side, time first, float32.

    Parameters
    ----------
    x : array, (T, B, d)
        Keys.
    y : array, (T, B, m)
        Values.
    q : array, (T, B)
        Global third factor.
    gamma : array, (T, B, N)
        Plateaus.
    feedback : array, (T, B)
        1 where the key is the sign of the answer before.
    asked : array, (T, B)
        1 where a step is scored.
    """

    x: np.ndarray
    y: np.ndarray
    q: np.ndarray
    gamma: np.ndarray
    feedback: np.ndarray
    asked: np.ndarray


def draw_sequences(present: Present, third_factor: ThirdFactor, n_slots: int, seed: int, step: int, batch: int,
                   length: int, past: int = 0) -> Sequences:  # fmt: skip
    """The sequences of one training step, padded to one length, and their plateaus.

    Parameters
    ----------
    present : callable
        Function rng -> Episode that draws one training sequence.
    third_factor : ThirdFactor
        Draws the plateaus that an episode does not bring.
    n_slots : int
        Number of slots N.
    seed, step : int
        Decide all that is random.
    batch : int
        Number of sequences B.
    length : int
        Presentations T that they are padded to, or the longest of them if that has more.
    past : int
        Presentations before the first one, for the slot counter.

    Returns
    -------
    Sequences
    """
    streams = [study_streams(seed, step, b) for b in range(batch)]
    episode = Episode.stack([draw_sequence(present, protocol) for protocol, _ in streams])
    length = max(length, episode.n_steps)
    gamma = episode.local_third_factor
    if gamma is None:
        clock = third_factor.begin(batch, n_slots, [own for _, own in streams])
        gamma = third_factor.draw(clock._replace(step=past), length)

    def time_first(array):
        padded = np.zeros((length, batch, *array.shape[2:]), np.float32)
        padded[: array.shape[1]] = array.swapaxes(0, 1)
        return padded

    return Sequences(*map(time_first, (episode.keys, episode.values, episode.gate, gamma, episode.feedback,
                                       episode.is_recall)))  # fmt: skip


def changing_steps(q: np.ndarray, feedback: np.ndarray) -> int:
    """How many steps there are up to the last that writes or hears an answer.

    Parameters
    ----------
    q, feedback : array, (T, ...)
        Global third factor, and where the key is the sign of the answer before.

    Returns
    -------
    int
    """
    busy = ((q > 0) | (feedback > 0)).reshape(len(q), -1).any(axis=1)
    return int(np.flatnonzero(busy).max(initial=-1)) + 1


def draw_sequence(present: Present, rng: np.random.Generator) -> Episode:
    """One training sequence.

    Parameters
    ----------
    present : callable
        Function rng -> Episode.
    rng : Generator
        For present.

    Returns
    -------
    Episode

    Raises
    ------
    ValueError
        Unless it is an Episode of a single trial that asks something.
    """
    episode = present(rng)
    if not isinstance(episode, Episode) or episode.trials_shape or not episode.is_recall.any():
        raise ValueError(f"present must be a function rng -> Episode of one trial that asks something; got"
                         f" {shown(episode)}")  # fmt: skip
    return episode

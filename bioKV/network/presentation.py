"""Presentation: an episode as the arrays a built network reads, one row a window. NumPy only; both engines use it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..episode import Episode


class Presentation(NamedTuple):
    """What B trials are shown in T windows, and a last blank one in which nothing is shown.

    keys (T+1, B, d), targets (T+1, B, m), gate (T+1, B), triggers (T+1, B), plateaus (T+1, B, N), feedback (T+1, B).
    A target is a value that is clamped while it is stored; the right answer of a recall never enters the network.
    """

    keys: np.ndarray
    targets: np.ndarray
    gate: np.ndarray
    triggers: np.ndarray
    plateaus: np.ndarray
    feedback: np.ndarray

    @property
    def n_windows(self) -> int:
        """T + 1."""
        return len(self.gate)

    def of_trials(self, trials: slice) -> Presentation:
        """Some of the trials."""
        return Presentation(*(a[:, trials] for a in self))

    def tables(self) -> dict[str, np.ndarray]:
        """name -> (T+1, columns), trial by trial, as the network's time-dependent inputs."""
        return {name: a.reshape(len(a), -1) for name, a in self._asdict().items()}


def blank_tables(n_windows: int, key_dim: int, n_slots: int, value_dim: int) -> dict[str, np.ndarray]:
    """The tables of one trial in which nothing is shown: the room a compiled network has for presentations."""
    columns = {"keys": key_dim, "targets": value_dim, "gate": 1, "triggers": 1, "plateaus": n_slots, "feedback": 1}
    return {name: np.zeros((n_windows, n)) for name, n in columns.items()}


def present(episode: Episode, n_slots: int) -> Presentation:
    """The presentation of an episode with one leading axis of trials.

    Raises ValueError for what neurons that are on or off cannot show: keys or clamped values other than +1, -1 and
    (in a query) 0, a key with unknown entries to store, a step that is stored and scored at once.
    """
    keys, values, gate = episode.keys, episode.values, episode.gate
    if not np.isin(keys, (-1.0, 0.0, 1.0)).all():
        raise ValueError("the spiking memory shows keys as +1, -1 or 0 (unknown); got other numbers in keys")
    keys = np.where(episode.feedback[..., None], 0.0, keys)  # the network brings its own
    if (keys[episode.is_store & ~episode.feedback] == 0).any():
        raise ValueError("the spiking memory stores whole keys of +1 and -1; a key to store has unknown entries (0)")
    targets = np.where(episode.is_store[..., None], values, 0.0)
    if not np.isin(targets, (-1.0, 0.0, 1.0)).all():
        raise ValueError("the spiking memory clamps values of +1, -1 or 0; got other numbers in values")
    if (episode.is_store & episode.is_recall).any():
        raise ValueError(
            "the spiking memory cannot score a step that it stores: its output is clamped to the answer then"
        )
    gamma = episode.local_third_factor
    plateaus = np.zeros((*gate.shape, n_slots)) if gamma is None else gamma
    blank = [keys, targets, gate, np.ones_like(gate), plateaus, episode.feedback.astype(float)]
    return Presentation(*(np.moveaxis(np.pad(a, [(0, 0), (0, 1)] + [(0, 0)] * (a.ndim - 2)), 0, 1) for a in blank))

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


def shown_keys(episode: Episode) -> np.ndarray:
    """Keys as they are shown: the network brings its own where there is feedback."""
    return np.where(episode.feedback[..., None], 0.0, episode.keys)


def clamped_values(episode: Episode) -> np.ndarray:
    """Values as they are clamped: the right answer of a recall is not."""
    return np.where(episode.is_store[..., None], episode.values, 0.0)


def is_graded(episode: Episode) -> bool:
    """Whether anything is shown that is neither +1 nor -1, or in a query 0: then sizes are rates."""
    stored = episode.keys[episode.is_store & ~episode.feedback]
    shown = (shown_keys(episode), clamped_values(episode))
    return bool((stored == 0).any()) or not all(np.isin(a, (-1.0, 0.0, 1.0)).all() for a in shown)


def present(episode: Episode, n_slots: int) -> Presentation:
    """The presentation of an episode with one leading axis of trials.

    Raises ValueError for what neurons cannot show: keys or clamped values beyond -1 and 1, a step that is stored and
    scored at once.
    """
    gate = episode.gate
    keys, targets = shown_keys(episode), clamped_values(episode)
    for name, shown in (("shows keys", keys), ("clamps values", targets)):
        most = np.abs(shown).max()
        if most > 1:
            raise ValueError(f"the spiking memory {name} from -1 to 1, the largest rate; got a size of {most:g}")
    if (episode.is_store & episode.is_recall).any():
        raise ValueError(
            "the spiking memory cannot score a step that it stores: its output is clamped to the answer then"
        )
    gamma = episode.local_third_factor
    n_trials, n_steps = gate.shape
    # zeros take no memory until something is written there
    plateaus = np.zeros((n_steps + 1, n_trials, n_slots)) if gamma is None else _and_blank(gamma)
    keys, targets, gate, triggers = (_and_blank(a) for a in (keys, targets, gate, np.ones_like(gate)))
    return Presentation(keys, targets, gate, triggers, plateaus, _and_blank(episode.feedback.astype(float)))


def _and_blank(steps: np.ndarray) -> np.ndarray:
    """(B, T, ...) -> (T+1, B, ...), the last window blank."""
    return np.moveaxis(np.pad(steps, [(0, 0), (0, 1)] + [(0, 0)] * (steps.ndim - 2)), 0, 1)

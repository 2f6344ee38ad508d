"""Presentation: an episode as the arrays a built network reads, one row a window. NumPy only; both engines use it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..episode import Episode


class Presentation(NamedTuple):
    """What B trials are shown in T windows, and a last blank one in which nothing is shown.

    The right answer of a recall never enters the network.

    Parameters
    ----------
    keys : np.ndarray, shape (T+1, B, d)
        Keys as they are shown, 0 where an entry is unknown.
    targets : np.ndarray, shape (T+1, B, m)
        Values that are clamped while they are stored, 0 where none is.
    gate : np.ndarray, shape (T+1, B)
        The global third factor q.
    triggers : np.ndarray, shape (T+1, B)
        Whether dendrites are triggered, 1 or 0.
    plateaus : np.ndarray, shape (T+1, B, N)
        Plateaus that are imposed, 1 or 0.
    feedback : np.ndarray, shape (T+1, B)
        Whether outputs supply the key, 1 or 0.
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
        """Some of the trials.

        Parameters
        ----------
        trials : slice
            Which ones.

        Returns
        -------
        Presentation
            What these are shown.
        """
        return Presentation(*(a[:, trials] for a in self))

    def tables(self) -> dict[str, np.ndarray]:
        """The network's time-dependent inputs, trial by trial.

        Returns
        -------
        dict of str to np.ndarray, shape (T+1, columns)
            The arrays by name.
        """
        return {name: a.reshape(len(a), -1) for name, a in self._asdict().items()}


def blank_tables(n_windows: int, key_dim: int, n_slots: int, value_dim: int) -> dict[str, np.ndarray]:
    """The tables of one trial in which nothing is shown: the room a compiled network has for presentations.

    Parameters
    ----------
    n_windows : int
        Presentations, the blank one included.
    key_dim, n_slots, value_dim : int
        Key entries d, slots N and value entries m.

    Returns
    -------
    dict of str to np.ndarray, shape (n_windows, columns)
        Zeros, by name.
    """
    columns = {"keys": key_dim, "targets": value_dim, "gate": 1, "triggers": 1, "plateaus": n_slots, "feedback": 1}
    return {name: np.zeros((n_windows, n)) for name, n in columns.items()}


def shown_keys(episode: Episode) -> np.ndarray:
    """Keys as they are shown: the network brings its own where there is feedback.

    Parameters
    ----------
    episode : Episode
        What is presented.

    Returns
    -------
    np.ndarray, shape (..., T, d)
        The keys, 0 at steps with feedback.
    """
    return np.where(episode.feedback[..., None], 0.0, episode.keys)


def clamped_values(episode: Episode) -> np.ndarray:
    """Values as they are clamped: the right answer of a recall is not.

    Parameters
    ----------
    episode : Episode
        What is presented.

    Returns
    -------
    np.ndarray, shape (..., T, m)
        The values, 0 at steps that store nothing.
    """
    return np.where(episode.is_store[..., None], episode.values, 0.0)


def is_graded(episode: Episode) -> bool:
    """Whether anything is shown that is neither +1 nor -1, or in a query 0: then sizes are rates.

    Parameters
    ----------
    episode : Episode
        What is presented.

    Returns
    -------
    bool
        True if sizes matter.
    """
    stored = episode.keys[episode.is_store & ~episode.feedback]
    shown = (shown_keys(episode), clamped_values(episode))
    return bool((stored == 0).any()) or not all(np.isin(a, (-1.0, 0.0, 1.0)).all() for a in shown)


def present(episode: Episode, n_slots: int) -> Presentation:
    """The presentation of an episode.

    Parameters
    ----------
    episode : Episode
        What is presented, with one leading axis of trials.
    n_slots : int
        Slots of the memory, N.

    Returns
    -------
    Presentation
        What the built network reads.

    Raises
    ------
    ValueError
        For what neurons cannot show: keys or clamped values beyond -1 and 1, a step that is stored and scored at once.
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

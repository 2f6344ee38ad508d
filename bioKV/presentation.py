"""Presentation: an episode as the arrays a built network reads, one row a window. NumPy only; both engines use it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .episode import Episode
from .third_factors import Random, Sequential, ThirdFactor


class Presentation(NamedTuple):
    """What B trials are shown in T windows, and a last blank one in which nothing is shown.

    keys (T+1, B, d), targets (T+1, B, m), gate (T+1, B), triggers (T+1, B), plateaus (T+1, B, N).
    A target is a value that is clamped while it is stored; the right answer of a recall never enters the network.
    """

    keys: np.ndarray
    targets: np.ndarray
    gate: np.ndarray
    triggers: np.ndarray
    plateaus: np.ndarray

    @property
    def n_windows(self) -> int:
        """T + 1."""
        return len(self.gate)

    def of_trial(self, trial: int) -> Presentation:
        """One trial, with B = 1."""
        return Presentation(*(a[:, trial : trial + 1] for a in self))

    def tables(self) -> dict[str, np.ndarray]:
        """name -> (T+1, columns), trial by trial, as the network's time-dependent inputs."""
        return {name: a.reshape(len(a), -1) for name, a in self._asdict().items()}


def blank_tables(n_windows: int, key_dim: int, n_slots: int, value_dim: int) -> dict[str, np.ndarray]:
    """The tables of one trial in which nothing is shown: the room a compiled network has for presentations."""
    columns = {"keys": key_dim, "targets": value_dim, "gate": 1, "triggers": 1, "plateaus": n_slots}
    return {name: np.zeros((n_windows, n)) for name, n in columns.items()}


def present(episode: Episode, n_slots: int) -> Presentation:
    """The presentation of an episode with one leading axis of trials.

    Raises ValueError for what neurons that are on or off cannot show: keys or clamped values other than +1, -1 and
    (in a query) 0, a key with unknown entries to store, a step that is stored and scored at once, feedback.
    """
    keys, values, gate = episode.keys, episode.values, episode.gate
    if not np.isin(keys, (-1.0, 0.0, 1.0)).all():
        raise ValueError("the spiking memory shows keys as +1, -1 or 0 (unknown); got other numbers in keys")
    if (keys[episode.is_store] == 0).any():
        raise ValueError("the spiking memory stores whole keys of +1 and -1; a key to store has unknown entries (0)")
    targets = np.where(episode.is_store[..., None], values, 0.0)
    if not np.isin(targets, (-1.0, 0.0, 1.0)).all():
        raise ValueError("the spiking memory clamps values of +1, -1 or 0; got other numbers in values")
    if (episode.is_store & episode.is_recall).any():
        raise ValueError(
            "the spiking memory cannot score a step that it stores: its output is clamped to the answer then"
        )
    if episode.feedback.any():
        raise ValueError("the spiking memory takes its keys from outside; for feedback use bioKV.models.KeyValueMemory")
    gamma = episode.local_third_factor
    plateaus = np.zeros((*gate.shape, n_slots)) if gamma is None else gamma
    blank = [keys, targets, gate, np.ones_like(gate), plateaus]
    return Presentation(*(np.moveaxis(np.pad(a, [(0, 0), (0, 1)] + [(0, 0)] * (a.ndim - 2)), 0, 1) for a in blank))


def dendrite_settings(third_factor: ThirdFactor, n_slots: int, imposed: bool) -> dict[str, Any]:
    """The dendrites' variables for a third factor: chain, stochastic (), and chance (N,), their hazard over a trigger.

    Raises ValueError for one the dendrites do not have.
    """
    none = np.zeros(n_slots)
    if imposed:
        return {"chain": np.float64(0), "stochastic": np.float64(0), "chance": none}
    if isinstance(third_factor, Sequential):
        return {"chain": np.float64(1), "stochastic": np.float64(0), "chance": none}
    if isinstance(third_factor, Random):
        p = np.minimum(third_factor.probabilities(n_slots), 1 - 1e-12)  # log(1 - p) must stay finite
        return {"chain": np.float64(0), "stochastic": np.float64(1), "chance": -np.log(1 - p)}
    raise ValueError(f"the spiking memory has the third factors sequential and random; got {third_factor.name}")


def initial_phases(n_inputs: int, n_feedforward: int, n_slots: int, rng: np.random.Generator
                   ) -> dict[str, np.ndarray]:  # fmt: skip
    """What is random before the first window, for one trial: firing phases and the hidden neurons' first tolerance."""
    return {
        "input.phase": rng.random(n_inputs),
        "feedforward.v": rng.random(n_feedforward),
        "hidden.tolerance": rng.exponential(size=n_slots),
    }

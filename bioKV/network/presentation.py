"""Presentation: an episode as the arrays a built network reads, one row a window. NumPy only; both engines use it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..episode import Episode
from ..third_factors import LeastRecentlyUsed, Random, Sequential, ThirdFactor
from .parameters import Parameters, imperfect

OUT_OF_REACH = 1e30  # of a dead neuron


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

    def of_trial(self, trial: int) -> Presentation:
        """One trial, with B = 1."""
        return Presentation(*(a[:, trial : trial + 1] for a in self))

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


def dendrite_settings(third_factor: ThirdFactor, n_slots: int, imposed: bool, per_slot: int = 1) -> dict[str, Any]:
    """The dendrites' variables for a third factor: whether primed ones spike (priming), or any by chance (stochastic)
    with a hazard over a trigger, chance (N*per_slot,): of the neuron that leads its slot. Imposed plateaus need none
    of it.

    Raises ValueError for one the dendrites do not have.
    """
    chance = np.zeros(n_slots)
    if isinstance(third_factor, Random):
        p = np.minimum(third_factor.probabilities(n_slots), 1 - 1e-12)  # log(1 - p) must stay finite
        chance = -np.log(1 - p)
    elif not isinstance(third_factor, Sequential | LeastRecentlyUsed):
        known = "sequential, random and least_recently_used"
        raise ValueError(f"the spiking memory has the third factors {known}; got {third_factor.name}")
    own, chance = not imposed, np.kron(chance, np.eye(1, per_slot)[0])
    return {
        "hidden.priming": np.float64(own and not isinstance(third_factor, Random)),
        "hidden.stochastic": np.float64(own and isinstance(third_factor, Random)),
        "hidden.chance": chance * own,
    }


def stability_settings(thresholds: tuple[float, float] | None) -> dict[str, Any]:
    """The rates q at which key and value synapses freeze (eq. 17)."""
    if thresholds is None:
        return {}
    return {f"{name}.stability_threshold": np.float64(q) for name, q in zip(("key", "value"), thresholds, strict=True)}


def feedforward_size(key_dim: int, p: Parameters) -> int:
    """Number of feed-forward interneurons of one network: feedforward_per_entry*d, rounded, and at least one."""
    return max(1, round(p.feedforward_per_entry * key_dim))


def initial_variables(sizes: tuple[int, int, int], n_feedforward: int, parameters: Parameters, rng: np.random.Generator,
                      parts: tuple[str, ...] = ()) -> dict[str, np.ndarray]:  # fmt: skip
    """What is random before the first window, for one trial: firing phases, the hidden neurons' first tolerance, and
    who has which threshold and time constants, where neurons are not alike. parts : of neurons.PARTS; relays are there
    only with "feedback"."""
    d, n, m = sizes
    n_hidden = n * parameters.neurons_per_slot
    start = {
        "input.phase": rng.random(2 * d),
        "feedforward.v": rng.random(n_feedforward),
        "hidden.tolerance": rng.exponential(size=n_hidden),
    }
    if not imperfect(parameters):
        return start
    p = parameters
    start["input.phase"] *= 1 - p.input_irregularity
    start["input.phase"] += p.input_irregularity * (1 - rng.exponential(size=2 * d))
    populations = {"input": 2 * d, "feedforward": n_feedforward, "hidden": n_hidden,
                   "interneuron": int(p.n_interneurons), "output": 2 * m}  # fmt: skip
    if "feedback" in parts:
        populations["relay"] = 2 * m
    for name, size in populations.items():
        threshold, slowness = np.exp(p.heterogeneity * rng.standard_normal((2, size)))
        dead = rng.random(size) < p.dead_share
        if name == "hidden":  # escape noise has no sharp threshold
            start["hidden.tolerance"][dead] = OUT_OF_REACH
        else:
            threshold[dead] = OUT_OF_REACH
        start[f"{name}.threshold"] = threshold
        if name in ("hidden", "output"):
            start[f"{name}.slowness"] = slowness
    return start

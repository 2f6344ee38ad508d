"""A panel of curves, each a memory and a trial as functions of x, and how a curve is measured."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..analysis.asked import asked_of, unit_of
from ..analysis.capacity import accuracy_of, noise_free_capacity, searched_capacity
from ..analysis.measures.accuracy import accuracy
from ..episode import Episode
from ..memory import Memory
from ..protocols import autoassociative
from ..randomness import study_streams

STEPS_AT_ONCE = 40_000  # presentations, over all trials that are answered together: some 100 MB
COLUMNS = ("protocol", "memory", "third_factor", "engine", "x_name", "x", "trial", "subset", "quantity", "value")
PROBE = 50  # trials of a noise-free capacity that are answered together

Make = Callable[[Any], Memory]
Present = Callable[[np.random.Generator, Any], Episode]


class Measured(NamedTuple):
    """Values (n,) of the trials (n,), the smallest step a value can make (n,), how many trials each stands for, and how
    much of a trial one independent part is at most (`asked.unit_of`)."""

    trials: np.ndarray
    values: np.ndarray
    unit: np.ndarray
    n: int = 1
    part: float = 1.0


class Curve(NamedTuple):
    """One curve. model : its name; a subset's curve is "model, subset". memory, third_factor : on the command line.

    make, present : the memory, and a trial, at x. measure : see `accuracies`.
    group, label : the axes it is drawn on, and its name there if not `model`.
    reference : the published curve it is held against, if that is not named `model`. twin : the memory whose twin in
    spikes it is. in_spikes : whether it can have one.
    """

    model: str
    memory: str
    third_factor: str
    protocol: str
    make: Make
    present: Present
    trials: int
    colour: str
    line: str = "-"
    subsets: tuple[str, ...] = ("all",)
    measure: Callable[..., dict[str, Measured]] | None = None
    quantity: str = "accuracy"
    group: int = 0
    label: str = ""
    reference: str = ""
    twin: str = ""
    in_spikes: bool = True

    @property
    def takes_jax(self) -> bool:
        """Whether it is of a learned rule, in rates or in spikes."""
        return "learned" in (self.memory, self.twin)

    def models(self) -> list[str]:
        """The name of the curve of each subset."""
        return self._of_subsets(self.model)

    def references(self) -> list[str]:
        """The published curve that each subset's is held against."""
        return self._of_subsets(self.reference or self.model)

    def _of_subsets(self, name: str) -> list[str]:
        return [name if subset == "all" else f"{name}, {subset}" for subset in self.subsets]


class Panel(NamedTuple):
    """One figure: curves over the same xs.

    groups : the titles of its axes. x_label : if not that of x_name. y_label : if not accuracy. slopes : capacities are
    drawn with the line through them.
    """

    figure: str
    x_name: str
    xs: tuple[Any, ...]
    curves: tuple[Curve, ...]
    groups: tuple[str, ...] = ("",)
    x_label: str = ""
    y_label: str = ""
    slopes: bool = False

    def memories(self) -> list[str]:
        """Names of the memories it has, in the order of its curves."""
        return list(dict.fromkeys(curve.memory for curve in self.curves))


def accuracies(curve: Curve, seed: int, x_index: int, x: Any, trials: int) -> dict[str, Measured]:
    """Accuracy of every trial at the i-th x, for each subset. Trial k draws from `study_streams(seed, i, k)`."""
    memory = curve.make(x)
    streams = [study_streams(seed, x_index, trial) for trial in range(trials)]
    first = curve.present(streams[0][0], x)
    side = int(np.clip(STEPS_AT_ONCE // first.n_steps, 1, 100))
    batches: dict[str, list] = {subset: [] for subset in curve.subsets}
    parts = dict.fromkeys(curve.subsets, 0.0)
    for start in range(0, trials, side):
        some = streams[start : start + side]
        drawn = [curve.present(protocol, x) for protocol, _ in some[start == 0 :]]
        episode = Episode.stack([first, *drawn] if start == 0 else drawn)
        response = memory.respond(episode, [own for _, own in some])
        for subset, measured in batches.items():
            name = None if subset == "all" else subset
            measured.append((accuracy(response, episode, name), 1 / asked_of(episode, name).sum(axis=-1)))
            parts[subset] = max(parts[subset], unit_of(episode, name))
    whole = {subset: [np.concatenate(a) for a in zip(*measured, strict=True)] for subset, measured in batches.items()}
    return {
        subset: Measured(np.arange(trials), values, unit, part=parts[subset])
        for subset, (values, unit) in whole.items()
    }


def searched(curve: Curve, seed: int, x_index: int, x: Any, trials: int) -> dict[str, Measured]:
    """Capacities by the paper's noisy search, one search per trial."""
    memory, found = curve.make(x), []
    for trial in range(trials):
        rng = study_streams(seed, x_index, trial)[0]
        found.append(searched_capacity(accuracy_of(memory, autoassociative, rng, key_dim=memory.key_dim)))
    return {"all": Measured(np.arange(trials), np.array(found, float), np.ones(trials))}


def noise_free(curve: Curve, seed: int, x_index: int, x: Any, trials: int) -> dict[str, Measured]:
    """The one capacity at which the mean accuracy over all trials is still 0.98."""
    rng, memory = study_streams(seed, x_index, 0)[0], curve.make(x)
    sizes = [min(PROBE, trials - start) for start in range(0, trials, PROBE)]
    batches = [accuracy_of(memory, autoassociative, rng, size, key_dim=memory.key_dim) for size in sizes]

    def mean(n_pairs: int) -> float:
        return float(np.average([batch(n_pairs) for batch in batches], weights=sizes))

    return {"all": Measured(np.zeros(1, int), np.array([noise_free_capacity(mean)], float), np.ones(1), trials)}


def bits_per_connection(curve: Curve, seed: int, x_index: int, x: Any, trials: int) -> dict[str, Measured]:
    """The noise-free capacity, counted in bits of the patterns it can store, over the number of plastic connections: of
    K and V, (d + m) N, or of a Hopfield network, d^2."""
    memory = curve.make(x)
    found = noise_free(curve, seed, x_index, x, trials)["all"]
    connections = (memory.key_dim + memory.value_dim) * memory.n_slots or memory.key_dim**2
    per_pair = memory.value_dim / connections
    return {"all": found._replace(values=found.values * per_pair, unit=found.unit * per_pair)}

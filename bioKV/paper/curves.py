"""Curves that several panels have."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from ..analysis.colours import BLACK, BLUE, ORANGE, PURPLE, VERMILION
from ..memory import Memory
from ..models import BAM, Hopfield, KeyValueMemory, LearnedMemory, Random, Sequential
from .learned_rules import learned, third_factor_of
from .panel import Curve, Make, Present

START = 1e-10  # where the authors' K and V start in figs. 2 and 4; in fig. 5 they start at 0


def key_value(third_factor, x=None, *, size: int = 40, value_dim: int | None = None, start: float = START,
              **options) -> KeyValueMemory:  # fmt: skip
    """The paper's memory with d = N = size."""
    return KeyValueMemory(size, size, value_dim or size, third_factor, initial_scale=start, **options)


def always(memory: Memory) -> Make:
    """The same memory at every x."""
    return lambda x: memory


def own_value_curves(protocol: str, present: Present, trials: int, decay: float = 1.0, **fields) -> tuple[Curve, ...]:
    """Sequential, random and Hopfield on patterns that are their own value, d = N = 40: most panels have these."""
    shared: Any = {"protocol": protocol, "present": present, "trials": trials, **fields}
    return (
        Curve("sequential", "rate", "sequential", make=always(key_value(Sequential())), colour=BLUE, **shared),
        Curve("random", "rate", "random", make=always(key_value(Random(0.1))), colour=VERMILION, label="random p=0.1",
              **shared),
        Curve("hopfield", "hopfield", "", make=always(Hopfield(40, decay=decay)), colour=BLACK, **shared),
    )


def trained(kind: str, seed: int, size: int, task: str = "autoassociative", value_dim: int | None = None,
            start: float = START) -> LearnedMemory:  # fmt: skip
    """The memory with d = N = size slots, and value_dim (size, if None) value entries, and a rule learned on the task
    at that size."""
    rule, factor = learned(kind, seed, task, size).rule, third_factor_of(kind, size)
    return LearnedMemory(size, size, value_dim or size, factor, rule=rule, initial_scale=start, dtype=np.float32)


def trained_at_40(kind: str, seed: int, x: Any, **of: Any) -> LearnedMemory:
    """The one of d = N = 40, whatever x is. of : task, value_dim and start, as of `trained`."""
    return trained(kind, seed, 40, **of)


def trained_curve(task: str, present: Present, trials: int, value_dim: int = 40, start: float = START) -> Curve:
    """The paper's "trained": random third factors and a rule learned on the task of the panel (one training)."""
    make = partial(trained_at_40, "random p=4/N", 0, task=task, value_dim=value_dim, start=start)
    return Curve("trained random", "learned", "random", task, make, present, trials, ORANGE, "--",
                 label="trained, random p=4/N")  # fmt: skip


def pair_curves(protocol: str, present: Present, value_dim: int, trials: int) -> tuple[Curve, ...]:
    """Sequential, random, BAM and trained, as in fig. 5."""
    shared: Any = {"protocol": protocol, "present": present, "trials": trials}
    slots = partial(key_value, value_dim=value_dim, start=0.0)
    return (
        Curve("sequential", "rate", "sequential", make=always(slots(Sequential())), colour=BLUE, **shared),
        Curve("random", "rate", "random", make=always(slots(Random(0.1))), colour=VERMILION, label="random p=0.1",
              **shared),
        Curve("bam", "bam", "", make=always(BAM(40, value_dim)), colour=PURPLE, **shared),
        trained_curve(protocol, present, trials, value_dim, 0.0),
    )

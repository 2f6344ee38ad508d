"""Every memory and every protocol, as the tests of what holds for all of them take them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from bioKV import LeastRecentlyUsed, Parameters, Random, Sequential, SpikingMemory
from bioKV.models import BAM, TVT, Hopfield, KeyValueMemory, LearnedMemory
from bioKV.protocols import (
    autoassociative,
    continual,
    copy_paste,
    correlated,
    flashbulb,
    graded,
    heteroassociative,
    sequence,
)
from bioKV.rule import SIMPLE
from bioKV.units import ms

D, N = 12, 8
LEARNED = SIMPLE._replace(axon=0.0, decay=0.95)
RATE: dict[str, Callable[..., Any]] = {  # name -> (d, N, m) -> a memory
    "rate, sequential": partial(KeyValueMemory, third_factor=Sequential()),
    "rate, random": partial(KeyValueMemory, third_factor=Random(0.3), initial_scale=1e-6),
    "rate, least recently used": partial(KeyValueMemory, third_factor=LeastRecentlyUsed()),
    "rate, stable": partial(KeyValueMemory, third_factor=Random(0.3), stability_threshold=(5, 10)),
    "learned": partial(LearnedMemory, third_factor=Random(0.3), rule=LEARNED),
    "learned, with feedback of usage": partial(LearnedMemory, third_factor=LeastRecentlyUsed(), rule=LEARNED),
    "hopfield": lambda d, n, m: Hopfield(d, m),
    "hopfield, decaying": lambda d, n, m: Hopfield(d, m, decay=0.5),
    "hopfield, bounded": lambda d, n, m: Hopfield(d, m, weight_bound=0.375, learning_rate=0.125),
    "hopfield without self-coupling": lambda d, n, m: Hopfield(d, m, self_coupling=False),
    "bam": lambda d, n, m: BAM(d, m),
    "bam to a fixed point": lambda d, n, m: BAM(d, m, n_steps=None),
    "tvt": TVT,
}
# half as many time steps as by default
EVERY = {**RATE, "spiking": partial(SpikingMemory, parameters=Parameters(dt=1 * ms), engine="numpy")}
OWN_VALUE = ("hopfield", "tvt")  # a pattern is its own value
PROTOCOLS = {
    "autoassociative": lambda rng: autoassociative(rng, 6, D),
    "continual": lambda rng: continual(rng, 4, n_steps=60, key_dim=D),
    "continual, all stored": lambda rng: continual(rng, 3, store="all", n_steps=40, key_dim=D),
    "flashbulb": lambda rng: flashbulb(rng, 4, n_flashbulb=2, n_steps=60, key_dim=D),
    "correlated": lambda rng: correlated(rng, 6, 0.5, key_dim=D),
    "graded": lambda rng: graded(rng, 6, D, 0.3),
    "graded, unknown entries stored": lambda rng: graded(rng, 6, D, unknown=0.2),
    "heteroassociative": lambda rng: heteroassociative(rng, 6, D, 5),
    "sequence": lambda rng: sequence(rng, 6, D),
    "sequence, stored prompt": lambda rng: sequence(rng, 6, D, prompt="stored"),
    "copy_paste": lambda rng: copy_paste(rng, 5, D - 1),
}
OF_PAIRS = ("heteroassociative", "sequence", "sequence, stored prompt", "graded, unknown entries stored")
PAIRS = [(m, p) for m in RATE for p in PROTOCOLS if not (m.startswith(OWN_VALUE) and p in OF_PAIRS)]
every = pytest.mark.parametrize("name", EVERY)


def make(name, d=D, n=N, m=D):
    return EVERY[name](d, n, m)


def loop(memory, episode, rng):
    """What a loop over `step` answers: values (B, T, m), hidden and third factor (B, T, N), and the last state.

    With read_after_write an answer is read after the write, as long as the gate is open."""
    flat = episode.flat()
    state, outputs, previous = memory.begin(len(flat.gate), rng), [], np.zeros_like(flat.values[:, 0])
    for t in range(flat.n_steps):
        key = flat.keys[:, t]
        if flat.feedback[:, t].any():
            key = np.where(flat.feedback[:, t, None], np.sign(previous), key)
        gamma = None if flat.local_third_factor is None else flat.local_third_factor[:, t]
        state, output = memory.step(state, key, flat.values[:, t], flat.gate[:, t], gamma)
        after = flat.read_after_write & (flat.gate[:, t, None] > 0)
        previous = np.where(after, output.after, output.before)
        outputs.append((previous, output.hidden, output.third_factor))
    return *(np.stack(each, axis=1) for each in zip(*outputs, strict=True)), state

"""A recorded response, small and made once, as the tests of what leaves bioKV take it."""

from __future__ import annotations

from functools import cache

import numpy as np

from bioKV import Episode, Parameters, SpikingMemory, SpikingResponse
from bioKV.protocols import flashbulb
from bioKV.units import ms

POPULATIONS = ("input", "feedforward", "hidden", "interneuron", "output", "dendrite")
D, N = 6, 4
MEMORY = SpikingMemory(D, N, D, parameters=Parameters(dt=1 * ms), engine="numpy")


@cache
def answered() -> tuple[SpikingResponse, Episode]:
    """Two trials, with every population recorded."""
    episode = Episode.stack([flashbulb(np.random.default_rng(k), 2, n_flashbulb=1, n_steps=9, key_dim=D)
                             for k in range(2)])  # fmt: skip
    return MEMORY.respond(episode, np.random.default_rng(1), record=POPULATIONS), episode


@cache
def traced() -> tuple[SpikingResponse, Episode]:
    """The first of these trials, with traces; of its spikes those of hidden neurons only."""
    episode = answered()[1].trials([0])
    return MEMORY.respond(episode, np.random.default_rng(1), record="hidden", traces=("hidden", "output")), episode


def spikes_of(response: SpikingResponse) -> dict[str, list[tuple[int, int, float]]]:
    """population -> (trial, neuron, t_ms) of every spike, in one order."""
    return {
        name: sorted(zip(train.trial.tolist(), train.neuron.tolist(), train.t_ms.tolist(), strict=True))
        for name, train in response.spikes.items()
    }

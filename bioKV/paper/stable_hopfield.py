"""A Hopfield network with the stability of eq. 17, which the paper found detrimental: for the panel "stability"."""

from __future__ import annotations

import numpy as np

from ..episode import Episode
from ..models import Hopfield, Random
from ..models.plasticity import freeze
from ..randomness import Rng
from ..response import Response


class StableHopfield:
    """A Hopfield network whose synapses freeze: a step with q at the threshold or above fixes each of them with
    probability `share`, for good. A frozen synapse neither learns nor decays.

    In eq. 17 a plateau says which synapses freeze, so one slot is spent for a flashbulb. A Hopfield network stores
    every pattern in all its synapses and has no plateaus: with share 1 the first flashbulb freezes the network. A
    smaller share is our reading of what could still be tried.
    """

    def __init__(self, network: Hopfield, threshold: float, share: float):
        self.network, self.threshold, self.share = network, threshold, share

    def respond(self, episode: Episode, rng: Rng) -> Response:
        """Present an episode of many trials to W = 0, step by step."""
        flat, net = episode.flat(), self.network
        n_trials, n_steps = flat.gate.shape
        W = np.zeros((n_trials, net.key_dim, net.key_dim))
        frozen = np.zeros((n_trials, net.key_dim**2))
        synapses = Random(self.share)
        chance = synapses.begin(n_trials, net.key_dim**2, rng)
        values = np.zeros((n_trials, n_steps, net.key_dim))
        for t in range(n_steps):
            x, q = flat.keys[:, t], flat.gate[:, t]
            values[:, t] = net.read(W, x[:, None])[:, 0]
            change = (net.decay - 1) * W + net.learning_rate * q[:, None, None] * x[:, :, None] * x[:, None, :]
            W += np.where(frozen.reshape(W.shape) > 0, 0, change)
            net.bound(W)
            if (q >= self.threshold).any():
                frozen = freeze(frozen, synapses.draw(chance)[:, 0], q, self.threshold)
            chance = chance._replace(step=t + 1)
        none = np.zeros((*episode.trials_shape, n_steps, 0))
        return Response(values.reshape(*episode.trials_shape, n_steps, -1), none, none, None)

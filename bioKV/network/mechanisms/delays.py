"""Axons with delays of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...checks import check_fraction, check_number
from ..blueprint import Blueprint
from ..mechanism import Mechanism, Request

GOLDEN = 0.6180339887498949  # multiples of it, without their whole part, fill 0 to 1 evenly, and neighbours differ


@dataclass(frozen=True)
class Delays(Mechanism):
    """Axons with delays of their own.

    Parameters
    ----------
    longest : float (s)
        Axons' delays fill 0 to this evenly.
    spread : float
        Lateral inhibition's delays differ by up to this share, evenly over interneurons.

    Raises
    ------
    ValueError
        If longest is below 0, or spread outside [0, 1].

    Examples
    --------
    >>> from bioKV import Parameters, SpikingMemory
    >>> from bioKV.units import ms
    >>> memory = SpikingMemory(8, 4, 8, parameters=Parameters(axon_delay=2 * ms, delay_spread=0.5), engine="numpy")
    >>> float(memory.blueprint().bundles["key"].delay.max()) <= 0.002
    True
    """

    longest: float
    spread: float
    turn = 90

    def __post_init__(self):
        check_number("longest", self.longest)
        check_fraction("spread", self.spread)

    @classmethod
    def asked_for(cls, request: Request) -> Delays | None:
        """Where axons have a delay, or the interneurons' differ."""
        p = request.parameters
        return cls(float(p.axon_delay), p.delay_spread) if p.axon_delay or p.delay_spread else None

    def add(self, network: Blueprint) -> Blueprint:
        """Delays for every axon; dendrites have none, and lateral inhibition keeps its own."""
        for name, bundle in network.bundles.items():
            n_source = network.neurons[bundle.source].size
            if self.longest and bundle.is_axon and name != "inhibit":
                network = network.wired(name, delay=self.longest * (GOLDEN * np.arange(n_source) % 1))
        if self.spread:
            usual, n_source = network.bundles["inhibit"].delay, network.neurons["interneuron"].size
            network = network.wired("inhibit", delay=usual * (1 + self.spread * np.linspace(-1, 1, n_source)))
        return network

"""Assembly: several neurons share a slot; one leads, and its dendritic spike sets off those of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..blueprint import Blueprint
from ..mechanism import Mechanism, Request
from ..parts import Part, Pathway
from ..patterns import chain, pairs
from ..populations import Bundle

LEADER = "leads : 1 (constant)"


@dataclass(frozen=True)
class Assembly(Mechanism):
    """Several neurons share a slot; the first leads, and its dendritic spike sets off those of the others.

    Parameters
    ----------
    per_slot : int
        Neurons of a slot, which stand together.

    Examples
    --------
    >>> from bioKV import Parameters, SpikingMemory
    >>> memory = SpikingMemory(8, 4, 8, parameters=Parameters(neurons_per_slot=3), engine="numpy")
    >>> memory.blueprint().neurons["hidden"].size
    12
    """

    per_slot: int
    turn = 10
    needs = ("hidden.column : integer", "hidden.leads", "hidden.chance", "hidden.dendrite")

    @classmethod
    def asked_for(cls, request: Request) -> Assembly | None:
        """Where more than one neuron shares a slot."""
        p = request.parameters
        return cls(p.neurons_per_slot) if p.neurons_per_slot > 1 else None

    def add(self, network: Blueprint) -> Blueprint:
        """Larger slots, led by their first neurons: they alone are primed, and have their dendritic spike first."""
        n_slots, k = network.sizes[1], self.per_slot
        slot, follows = np.divmod(np.arange(n_slots * k), k)
        leader = np.repeat(np.arange(n_slots) * k, k - 1)
        follower = leader + 1 + np.arange(len(leader)) % (k - 1)
        step = Pathway("source", "dendritic_spike", transmit="dendrite_post += 1000")  # one time step later
        couple = Bundle("hidden", "hidden", {"coupling": Part(pathways={"pre": step})}, pattern=pairs(leader, follower))
        return (
            network.resized("hidden", n_slots * k)
            .replacing("hidden", "leader", Part(LEADER, first={"leads": follows == 0}))
            .changing("hidden", "slot", first={"column": slot})
            .changing("hidden", "dendrite", first={"primed": (slot == 0) & (follows == 0)})
            .wired("prime", pattern=chain(k))
            .having(couple=couple)
        )

    def settings(self, network: Blueprint, values: dict[str, Any]) -> dict[str, Any]:
        """The spikes of a slot are shared by its neurons; the one that leads has its chance of a plateau."""
        shared = {name: values[name] / self.per_slot for name in ("recruit.recruitment", "value.output_weight")}
        return {**shared, "hidden.chance": np.kron(values["hidden.chance"], np.eye(1, self.per_slot)[0])}

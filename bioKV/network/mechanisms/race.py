"""A race for the dendrite at rest for longest (least recently used), in the place of the priming chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...third_factors import LeastRecentlyUsed
from ..blueprint import Blueprint
from ..mechanism import Mechanism, Request
from ..parts import Event, Part, Pathway
from ..patterns import pairs
from ..populations import Bundle

# Before the trigger all dendrites are asked for a time of rest that gets shorter, ever more urgently. The first that
# has rested for so long is primed and ends the race. A race starts a little above where the last one ended, because
# the next oldest is likely to be there
MODEL = """
    drest/dt = 1/window : 1                     # presentations since the slot was last written or won a recall
    ddemand/dt = -racing/race_time*exp(clip(since_onset/tau_urgency, 0, 20)) : 1  # without clip t itself overflows exp
    racing : 1
    slot_votes : 1                              # of all neurons of the slot, in this recall
    race_time : second (shared, constant)
    tau_urgency : second (shared, constant)
    use_share : 1 (shared, constant)
    use_votes : 1 (shared, constant)
"""


@dataclass(frozen=True)
class Race(Mechanism):
    """A race for the dendrite at rest for longest (least recently used), in the place of the priming chain.

    It starts as if all slots had been used in their order before.

    Examples
    --------
    >>> from bioKV import LeastRecentlyUsed, SpikingMemory
    >>> memory = SpikingMemory(8, 4, 8, LeastRecentlyUsed(), engine="numpy")
    >>> "veto" in memory.blueprint().bundles
    True
    """

    turn = 90
    needs = ("hidden.column : integer", "hidden.leads", "hidden.triggered", "hidden.q", "hidden.reading")

    @classmethod
    def asked_for(cls, request: Request) -> Race | None:
        """Where the third factor is the least recently used slot."""
        return cls() if isinstance(request.third_factor, LeastRecentlyUsed) else None

    def add(self, network: Blueprint) -> Blueprint:
        """The race, and the veto of its winner, instead of priming by the dendrite before."""
        n_slots, slot = network.sizes[1], network.neurons["hidden"].all_of("first")["column"]
        race = Part(
            MODEL,
            at={
                "onset": "primed = 0\nracing = triggered*leads\ndemand = demand + 2.5\nslot_votes = 0",
                "dendritic_spike": "rest = rest*int(q <= 0)",  # written
                "first": "primed = 1",
            },
            events={"first": Event("racing > 0 and rest >= demand", "before_synapses")},
            first={"rest": n_slots - slot, "demand": n_slots - 1.5},
            keeps=("rest", "demand"),
        )
        # the first dendrite of a race ends it for all; of those that are first in one time step the last slot stays
        step = Pathway("source", "first", transmit="racing_post = 0; primed_post *= int(j >= i)")
        veto = Bundle("hidden", "hidden", {"veto": Part(pathways={"pre": step})})
        # use: a won recall, which the one that leads hears of from all neurons of its slot
        leader = slot * (len(slot) // n_slots)
        step = Pathway(
            transmit="slot_votes_post += reading_pre",
            after="rest_post *= 1 - int(q_post <= 0)*int(slot_votes_post >= use_votes_post)",
        )
        use = Bundle("hidden", "hidden", {"use": Part(pathways={"pre": step})}, pattern=pairs(range(len(slot)), leader))
        return network.adding("hidden", "race", race).without("prime").having(veto=veto, use=use)

    def settings(self, network: Blueprint, values: dict[str, Any]) -> dict[str, Any]:
        """The votes of a recall that count as use of their slot.

        Inhibition holds the rate of votes, so what counts as use is a share of a known number. Votes of a slot are
        those of all its neurons. Without inhibition every vote is use.
        """
        by_vote = values["inhibit.w_inhibit"] / values["inhibit.hearing"]
        reading = values["hidden.read_stop"] - values["hidden.read_onset"]
        of_a_neuron = values["pool.clearance"] * reading / by_vote if by_vote else 0.0
        n_neurons = network.neurons["hidden"].size / network.sizes[1]
        return {"hidden.use_votes": values["hidden.use_share"] * of_a_neuron * n_neurons}

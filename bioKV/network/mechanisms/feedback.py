"""Feedback: output spikes supply the next key, through latches of the input neurons and relays that discharge them."""

from __future__ import annotations

from dataclasses import dataclass

from ..blueprint import Blueprint
from ..mechanism import Mechanism, Request
from ..neuron import ALIKE, COUNTER
from ..parts import Part, Pathway
from ..patterns import ONE_TO_ONE, OPPOSITE
from ..populations import Bundle, Neurons

# output spikes charge a dendrite of the input; at the onset of a presentation that is marked for feedback, those that
# hold enough are active as if a key were shown
LATCH = Part(
    """
    dlatch/dt = -latch/tau_latch : 1
    tau_latch : second (shared, constant)
    latch_threshold : 1 (shared, constant)
    """,
    at={"onset": "active = clip(active + feedback(t, trial)*int(latch > latch_threshold), 0, 1)"},
    keeps=("latch",),
    tables=("feedback",),
)


def _axon(step: str) -> dict[str, Part]:
    return {"transmission": Part(pathways={"pre": Pathway(transmit=step)})}


@dataclass(frozen=True)
class Feedback(Mechanism):
    """Output spikes supply the next key, through latches of the input neurons and relays that discharge them.

    Every output neuron charges the latch of the input neuron that stands for the same sign of the same entry, and
    through an interneuron of its own, its relay, discharges the latch of the opposite sign. Charged by its own sign
    alone, one stray spike would bring both signs of an entry back.

    Examples
    --------
    An episode with feedback calls for it (the protocol "sequence"):

    >>> from bioKV import SpikingMemory
    >>> memory = SpikingMemory(8, 4, 8, engine="numpy")
    >>> "relay" in memory.blueprint(feedback=True).neurons
    True
    """

    turn = 20
    needs = ("input.active", "input.trial : integer", "output.v")

    @classmethod
    def asked_for(cls, request: Request) -> Feedback | None:
        """Where the episode brings keys by feedback."""
        return cls() if request.feedback else None

    def add(self, network: Blueprint) -> Blueprint:
        """Latches, relays and the loop through them."""
        relay = Neurons(network.neurons["output"].size, {"membrane": COUNTER._replace(keeps=()), "alike": ALIKE})
        return network.adding("input", "latch", LATCH).having(
            relay=relay,
            charge=Bundle("output", "input", _axon("latch_post += 1"), pattern=ONE_TO_ONE),
            to_relay=Bundle("output", "relay", _axon("v_post += 1"), pattern=ONE_TO_ONE),
            discharge=Bundle("relay", "input", _axon("latch_post -= 1"), pattern=OPPOSITE),
        )

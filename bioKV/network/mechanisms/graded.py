"""Graded input: real numbers from -1 to 1 in keys and values, and unknown entries in stored keys; sizes are rates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..blueprint import Blueprint
from ..mechanism import Mechanism, Request
from ..parts import Event, Part, Pathway
from ..patterns import OPPOSITE
from ..populations import Bundle

PUSH = 0.5  # of what an output neuron has in evidence, the share that its opponent takes away from its own
# the size of an entry is the rate of its ON or OFF neuron. Eligibility is a count, up with the neuron's own spikes and
# down, by presynaptic inhibition, with those of its opponent: 1 and 0 for a whole entry, 1/2 and 1/2 for an unknown one
SIZES = {"spike": "phase -= threshold", "onset": "active = clip(keys(t, column)*polarity, 0, 1)"}
ELIGIBILITY = Part(
    """
    trace : 1                                   # own spikes of this presentation, less the opponent's
    full_count = input_rate*stimulus_time*clip(since_onset/stimulus_time, 0, 1) : 1 (shared)  # spikes of a whole entry
    entry_size = clip(trace/full_count, -1, 1) : 1
    eligibility = 0.5 + 0.5*entry_size : 1
    """,
    at={"spike": "trace += 1", "onset": "trace = 0"},
    keeps=("trace",),
)
# a count of the few spikes before the dendritic spike is coarse; at the end of the plateau it is finer, and the key
# that was written moves to that
KEY_WRITE = Part(
    """
    eta_key : 1 (shared, constant)
    first_written : 1                           # at the dendritic spike
    """,
    pathways={
        "write": Pathway(
            "target", "dendritic_spike",
            rate="eta = clip(plastic*q_post*eta_key, 0, 1)",
            learn="first_written = eligibility_pre\nw = (1 - eta)*w + eta*first_written",
        ),
        "plateau_end": Pathway(
            "target", "plateau_end",
            rate="eta = clip(plastic*q_post*eta_key, 0, 1)",
            learn="w = clip(w + eta*(eligibility_pre - first_written), 0, 1)",
        ),
    },
)  # fmt: skip
# what is bound is bound at synapses whose neuron fires
OPENING = Part("opening : 1 (shared, constant)", pathways={"write": Pathway(
    "target", "dendritic_spike",
    release="before = w",
    after="""
    opened = opening*(w - before)*clip(entry_size_pre, 0, 1)
    drive_post += opened
    bound_post += opened*tau_rise_post/tau_drive_post
    """,
)})  # fmt: skip
# outputs fire regularly, at a rate in proportion to the evidence that their opponent's inhibition leaves. The race of
# binary answers would keep the sign alone
MEMBRANE = Part(
    """
    dv/dt = (teacher*target*polarity*stimulus - v)/(tau_output*slowness) : 1    # evidence
    dinhibition/dt = -inhibition/(tau_opponent*slowness) : 1
    dphase/dt = output_pace*clip(v + noise - inhibition, 0, 1e9) : 1
    target : 1                                  # clamped value, 0 while recalling
    teacher : 1 (shared, constant)
    output_pace : Hz (shared, constant)
    tau_output : second (shared, constant)
    tau_opponent : second (shared, constant)
    """,
    at={"spike": "phase -= threshold", "onset": "target = targets(t, column)\nphase = rand()"},
    events={"spike": Event("phase >= threshold")},
    keeps=("v", "inhibition"),
    traces=("v", "inhibition"),
    tables=("targets",),
)
# y of eq. 11 is the membrane's, as in voltage-based plasticity (Clopath et al. 2010): a trace of spikes would know of a
# small entry by none or one
TRACE = Part(
    """
    dtrace/dt = -trace/tau_trace : 1
    activity = clip(v/teacher, 0, 1) : 1
    tau_trace : second (shared, constant)
    """,
    at={"spike": "trace = 1"},
    keeps=("trace",),
)


@dataclass(frozen=True)
class Graded(Mechanism):
    """Real numbers from -1 to 1 in keys and values: sizes of entries are rates.

    Weights stand around the middle: K, ON minus OFF, of a key entry x is x, with (1 + x)/2 and (1 - x)/2; so a neuron
    that fires adds x or takes it away, as feed-forward inhibition has taken 1/2 per spike. V is y h'.

    Examples
    --------
    An episode with other numbers than +1 and -1 calls for it (the protocol "graded"):

    >>> from bioKV import SpikingMemory
    >>> memory = SpikingMemory(8, 4, 8, engine="numpy")
    >>> "oppose" in memory.blueprint(graded=True).bundles
    True
    """

    turn = 5
    needs = ("input.active", "input.phase", "input.input_rate : Hz", "output.v", "key.w", "value.w")

    @classmethod
    def asked_for(cls, request: Request) -> Graded | None:
        """Where an episode shows more than signs.

        Raises
        ------
        ValueError
            Beside a rule or feedback, which know signs alone.
        """
        if not request.graded:
            return None
        for what, there in (("a rule", request.rule is not None), ("feedback", request.feedback)):
            if there:
                raise ValueError(f"in spikes {what} takes whole keys and values of +1 and -1; there are other numbers")
        return cls()

    def add(self, network: Blueprint) -> Blueprint:
        """Rates in the place of on and off, in input and output; keys and values learn sizes."""
        step = Pathway(transmit="trace_post -= 1")
        return (
            network.changing("input", "firing", at=SIZES)
            .replacing("input", "eligibility", ELIGIBILITY)
            .replacing("key", "write", KEY_WRITE)
            .replacing("key", "opening", OPENING)
            .replacing("output", "membrane", MEMBRANE)
            .replacing("output", "trace", TRACE)
            .having(oppose=Bundle("input", "input", {"transmission": Part(pathways={"pre": step})}, pattern=OPPOSITE))
        )

    def settings(self, network: Blueprint, values: dict[str, Any]) -> dict[str, Any]:
        """What an output spike takes from the opponent's evidence."""
        return {"opponent.opponent": PUSH / (values["output.output_pace"] * values["output.tau_opponent"])}

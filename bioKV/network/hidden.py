"""Hidden neurons, one per slot, and the lateral inhibition by which they compete: the spiking stand-in for eq. 4."""

from __future__ import annotations

import numpy as np

from .dendrite import DENDRITE, PLATEAU
from .neuron import ALIKE, COUNT, COUNTER, QUIET, READING, TIME
from .parts import Bundle, Event, Neurons, Part, Pathway

# the escape noise: a spike when the integrated hazard reaches a tolerance drawn from Exp(1). By the time-rescaling
# theorem that is the point process of rate exp(u - g - theta), with one random number per spike, not one per step.
# Refractory periods are written out (silent_until): Brian2's own keep compilers from using vector instructions
ESCAPE_NOISE = Part(
    """
    ddrive/dt = -drive/(tau_drive*slowness) : 1  # u, the dot product of query and key, once inhibition is subtracted
    dinhibition/dt = -inhibition/(tau_inhibition*slowness) : 1                  # g, the same for all neurons
    dexpected/dt = hazard*exp(clip(membrane, -50, 20))*int(t + 0.5*dt > silent_until) : 1
    membrane = drive - inhibition - theta*threshold + noise : 1                 # distance to threshold
    tolerance : 1
    silent_until : second
    tau_drive : second (shared, constant)
    tau_inhibition : second (shared, constant)
    hazard : Hz (shared, constant)
    theta : 1 (shared, constant)
    hidden_refractory : second (shared, constant)
    """,
    at={"spike": "expected = 0\ntolerance = -log(1 - rand())\nsilent_until = t + hidden_refractory"},
    events={"spike": Event("expected > tolerance")},
    random={"tolerance": "exponential"},
    keeps=("drive", "inhibition", "expected", "tolerance"),
    traces=("membrane", "expected", "tolerance"),
)
GATE = Part(
    "q : 1                                       # the global third factor",
    at={"onset": "q = gate(t, trial)"},
    tables=("gate",),
)
VOTES = Part(
    f"""
    n_votes : 1                                 # spikes between read_onset and read_stop
    {READING}
    """,
    at={"spike": "n_votes += reading", "onset": "n_votes = 0"},
    reads=("n_votes",),
)
# one neuron of a slot has the dendrite that decides; here it is alone
ALONE = Part("leads = 1 : 1 (shared)")


def slots(column: np.ndarray) -> Part:
    """column (n,) : the slot of every neuron."""
    return Part(
        """
        column : integer (constant)                 # of the tables: the slot, counted over all trials
        trial : integer (constant)
        """,
        first={"column": column},
    )


def hidden_neurons(n_slots: int) -> Neurons:
    """N neurons with a soma whose spikes are votes, and a dendrite that is primed and triggered; that of the first slot
    is primed before the first presentation."""
    dendrite = DENDRITE._replace(first={"primed": np.arange(n_slots) == 0})
    return Neurons(n_slots, {
        "time": TIME, "escape noise": ESCAPE_NOISE, "dendrite": dendrite, "plateau": PLATEAU, "gate": GATE,
        "votes": VOTES, "count": COUNT, "slot": slots(np.arange(n_slots)), "alike": ALIKE, "noise": QUIET,
        "leader": ALONE,
    })  # fmt: skip


def interneurons(n_interneurons: int, recruitment: float) -> Neurons:
    """Lateral interneurons. They take turns: each hidden spike makes a share `recruitment` of them fire, so that none
    is very fast; at first they stand spread over their way to threshold."""
    turns = COUNTER._replace(first={"v": np.arange(n_interneurons) * recruitment % 1})
    return Neurons(n_interneurons, {"time": TIME, "membrane": turns, "count": COUNT, "alike": ALIKE})


def recruit() -> Bundle:
    """Hidden spikes excite all interneurons alike."""
    part = Part("recruitment : 1 (shared, constant)", pathways={"pre": Pathway(transmit="v_post += recruitment")})
    return Bundle("hidden", "interneuron", {"transmission": part})


def inhibit(delay: float) -> Bundle:
    """Interneurons inhibit all hidden neurons alike, which leaves spike shares a sample of the softmax, whatever the
    course of the inhibition."""
    part = Part("w_inhibit : 1 (shared, constant)", pathways={"pre": Pathway(transmit="inhibition_post += w_inhibit")})
    return Bundle("interneuron", "hidden", {"transmission": part}, delay=delay)

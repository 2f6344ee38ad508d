"""Hidden neurons, one per slot, and the lateral inhibition by which they compete: the spiking stand-in for eq. 4."""

from __future__ import annotations

import numpy as np

from .dendrite import DENDRITE, PLATEAU, SHARE
from .neuron import ALIKE, COUNT, QUIET, READING, SATURATING, TIME
from .parts import Event, Part, Pathway
from .populations import Bundle, Neurons

DRIVE = Part(
    """
    dbound/dt = -bound/tau_rise : 1             # glutamate that is bound, whose channels are not open yet
    ddrive/dt = bound/tau_rise - drive/(tau_drive*slowness) : 1                 # u, the dot product of query and key
    inhibition : 1 (linked)                     # g, the same for all neurons
    tau_rise : second (shared, constant)
    tau_drive : second (shared, constant)
    """,
    links={"inhibition": "pool.inhibition"},
    keeps=("bound", "drive"),
)
# what interneurons release into the space around all somata. It is cleared at a constant pace, as by saturated uptake,
# however much there is. Then the rate at which all slots together vote settles where it brings as much as is cleared,
# for every query, and drives decide the shares alone. A strong key of many entries leaves more than is cleared before
# the next recall is read; what is too much goes at the onset. And where all is cleared and no slot votes for a while,
# because the query is unlike all keys, inhibition falls on, below 0 and four times as fast, until one has
POOL = Part(
    """
    inhibition : 1                              # g
    heard : 1                                   # votes of all slots in this presentation
    relief : 1                                  # how far g may fall below 0 in this presentation
    quiet : second                              # for so long all has been cleared and nobody has voted
    waiting = int(quiet > patience) : 1
    clearance : Hz (shared, constant)
    left_inhibition : 1 (shared, constant)
    patience : second (shared, constant)
    """,
    at={
        "onset": "heard = 0\nrelief = 0\nquiet = 0*second\ninhibition = clip(inhibition, 0, left_inhibition)",
        "step": "quiet = (quiet + dt)*int(inhibition <= -relief*stimulus)\n"
                "relief += 4*clearance*dt*waiting\n"
                "inhibition = clip(inhibition - clearance*dt*(1 + 3*waiting), -relief*stimulus, 1e9)",
    },
    keeps=("inhibition",),
)
# the escape noise: a spike when the integrated hazard reaches a tolerance drawn from Exp(1). By the time-rescaling
# theorem that is the point process of rate exp(u - g - theta), with one random number per spike, not one per step.
# Refractory periods are written out (silent_until): Brian2's own keep compilers from using vector instructions
ESCAPE_NOISE = Part(
    """
    dexpected/dt = hazard*exp(clip(membrane, -50, 20))*int(t + 0.5*dt > silent_until) : 1
    membrane = drive - inhibition - theta*threshold + noise : 1                 # distance to threshold
    tolerance : 1
    silent_until : second
    hazard : Hz (shared, constant)
    theta : 1 (shared, constant)
    hidden_refractory : second (shared, constant)
    """,
    at={"spike": "expected = 0\ntolerance = -log(1 - rand())\nsilent_until = t + hidden_refractory"},
    events={"spike": Event("expected > tolerance")},
    random={"tolerance": "exponential"},
    keeps=("expected", "tolerance"),
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
    """Part that says to which slot every hidden neuron belongs.

    Parameters
    ----------
    column : np.ndarray of int, shape (n,)
        The slot of every neuron.

    Returns
    -------
    Part
        The part "slot".
    """
    return Part(
        """
        column : integer (constant)                 # of the tables: the slot, counted over all trials
        trial : integer (constant)
        """,
        first={"column": column},
    )


def hidden_neurons(n_slots: int) -> Neurons:
    """N neurons with a soma whose spikes are votes, and a dendrite that is primed and triggered.

    The dendrite of the first slot is primed before the first presentation.

    Parameters
    ----------
    n_slots : int
        N.

    Returns
    -------
    Neurons
        The population "hidden".
    """
    dendrite = DENDRITE._replace(first={"primed": np.arange(n_slots) == 0})
    return Neurons(n_slots, {
        "time": TIME, "drive": DRIVE, "escape noise": ESCAPE_NOISE, "dendrite": dendrite, "plateau": PLATEAU,
        "share": SHARE, "gate": GATE, "votes": VOTES, "count": COUNT, "slot": slots(np.arange(n_slots)),
        "alike": ALIKE, "noise": QUIET, "leader": ALONE,
    })  # fmt: skip


def interneurons(n_interneurons: int) -> Neurons:
    """Lateral interneurons, which take turns.

    Each vote makes a share `recruitment` of them fire, so that none is very fast. At first they stand evenly on their
    way to threshold, so that inhibition comes in the smallest of lumps.

    Parameters
    ----------
    n_interneurons : int
        How many there are.

    Returns
    -------
    Neurons
        The population "interneuron".
    """
    turns = SATURATING._replace(first={"v": np.arange(n_interneurons) / n_interneurons})
    return Neurons(n_interneurons, {"time": TIME, "membrane": turns, "count": COUNT, "alike": ALIKE})


def recruit() -> Bundle:
    """Hidden spikes excite all interneurons alike.

    Returns
    -------
    Bundle
        Synapses from hidden neurons to interneurons.
    """
    part = Part("recruitment : 1 (shared, constant)", pathways={"pre": Pathway(transmit="v_post += recruitment")})
    return Bundle("hidden", "interneuron", {"transmission": part})


def pool() -> Neurons:
    """The transmitter that all interneurons release, as one population of one: it never spikes.

    Returns
    -------
    Neurons
        The population "pool".
    """
    return Neurons(1, {"time": TIME, "pool": POOL})


def inhibit(delay: float) -> Bundle:
    """Interneurons release into the pool, which inhibits all hidden neurons alike.

    That leaves spike shares a sample of the softmax, whatever the course of the inhibition, and tells every neuron how
    many votes there were.

    Parameters
    ----------
    delay : float (s)
        From an interneuron's spike to its release.

    Returns
    -------
    Bundle
        Synapses from interneurons to the pool.
    """
    model = "w_inhibit : 1 (shared, constant)\nhearing : 1 (shared, constant)"
    step = Pathway(transmit="inhibition_post += w_inhibit\nheard_post += hearing")
    return Bundle("interneuron", "pool", {"transmission": Part(model, pathways={"pre": step})}, delay=delay)

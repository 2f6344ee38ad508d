"""Dendrites: which slots have a plateau potential now (the local third factor, eqs. 6 and 7), and the priming chain."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..third_factors import LeastRecentlyUsed, Random, Sequential, ThirdFactor
from .parts import Event, Part, Pathway
from .patterns import chain
from .populations import Bundle

# the dendrite integrates while triggered: primed or imposed ones reach a fixed threshold; with the random third
# factor each reaches a tolerance from Exp(1), which happens with probability p in one trigger
DENDRITE = Part(
    """
    ddendrite/dt = trigger*(prime_strength*(priming*primed + imposed) + chance)/trigger_time : 1
    trigger = triggered*int(since_onset > trigger_onset)*int(since_onset < trigger_onset + trigger_time) : 1
    primed : 1
    imposed : 1
    triggered : 1
    dendrite_tolerance : 1
    chance : 1 (constant)                       # -log(1 - p)
    priming : 1 (shared, constant)              # whether primed dendrites spike, as they do but with the random factor
    stochastic : 1 (shared, constant)
    prime_strength : 1 (shared, constant)
    trigger_onset : second (shared, constant)
    trigger_time : second (shared, constant)
    """,
    at={
        "onset": """
        triggered = triggers(t, trial)
        imposed = plateaus(t, column)*leads
        dendrite = 0
        dendrite_tolerance = 1 + stochastic*(-log(1 - rand()) - 1)
        """,
        "dendritic_spike": "primed = 0",
    },
    events={"dendritic_spike": Event("dendrite >= dendrite_tolerance and n_dendritic == 0", "before_synapses")},
    keeps=("primed",),
    traces=("dendrite", "dendrite_tolerance"),
    tables=("triggers", "plateaus"),
)
PLATEAU = Part(
    """
    plateau = int(t < plateau_end) : 1          # the local third factor
    plateau_end : second
    plateau_time : second (shared, constant)
    on_plateau : 1                              # until plateau_end has come about
    n_dendritic : 1                             # dendritic spikes in this presentation
    """,
    at={
        "onset": "n_dendritic = 0",
        "dendritic_spike": "plateau_end = t + plateau_time\non_plateau = 1\nn_dendritic += 1",
        "plateau_end": "on_plateau = 0",
    },
    events={"plateau_end": Event("on_plateau > 0 and t >= plateau_end", "before_synapses")},
    reads=("n_dendritic",),
    traces=("plateau",),
)
# h' of eq. 11: of the votes of all slots, which every neuron hears as inhibition, the share that were this slot's,
# taken when the plateau ends, before the synapses write it
SHARE = Part(
    """
    own : 1                                     # spikes since the dendritic spike
    heard : 1 (linked)                          # votes of all slots
    heard_before : 1                            # those that came before it
    share : 1
    """,
    at={
        "spike": "own += 1",
        "dendritic_spike": "own = 0\nheard_before = heard",
        "plateau_end": "share = clip(own/clip(heard - heard_before, 1, 1e9), 0, 1)",
    },
    links={"heard": "pool.heard"},
)


def prime(delay: float) -> Bundle:
    """Priming chain: a dendritic spike primes the dendrite of the next slot (eq. 6).

    It comes slowly enough to miss the trigger under way.

    Parameters
    ----------
    delay : float (s)
        From the dendritic spike to the priming.

    Returns
    -------
    Bundle
        Synapses from hidden neurons to hidden neurons.
    """
    step = Pathway("source", "dendritic_spike", transmit="primed_post = 1")
    return Bundle("hidden", "hidden", {"priming": Part(pathways={"pre": step})}, pattern=chain(), delay=delay)


def third_factor_values(third_factor: ThirdFactor, n_slots: int, imposed: bool) -> dict[str, Any]:
    """The dendrites' numbers for a third factor.

    Either primed dendrites spike (priming), or any by chance (stochastic) with a hazard over a trigger. Imposed
    plateaus need none of it.

    Parameters
    ----------
    third_factor : ThirdFactor
        Sequential, Random or LeastRecentlyUsed.
    n_slots : int
        N.
    imposed : bool
        Whether the episode brings plateaus of its own.

    Returns
    -------
    dict of str to float or np.ndarray, shape (N,)
        The numbers hidden.priming, hidden.stochastic and hidden.chance.

    Raises
    ------
    ValueError
        For a third factor that the dendrites do not have.
    """
    chance = np.zeros(n_slots)
    if isinstance(third_factor, Random):
        p = np.minimum(third_factor.probabilities(n_slots), 1 - 1e-12)  # log(1 - p) must stay finite
        chance = -np.log(1 - p)
    elif not isinstance(third_factor, Sequential | LeastRecentlyUsed):
        known = "sequential, random and least_recently_used"
        raise ValueError(f"the spiking memory has the third factors {known}; got {third_factor.name}")
    own = not imposed
    return {
        "hidden.priming": float(own and not isinstance(third_factor, Random)),
        "hidden.stochastic": float(own and isinstance(third_factor, Random)),
        "hidden.chance": chance * own,
    }

"""The input: an ON and an OFF neuron for every key entry, and the feed-forward inhibition that counts their spikes."""

from __future__ import annotations

from .neuron import ALIKE, COUNT, COUNTER, TIME, on_off
from .parts import Event, Part, Pathway
from .populations import Bundle, Neurons

FIRING = Part(
    """
    dphase/dt = input_rate*active*stimulus : 1
    active : 1             # this neuron's sign matches the key's entry
    input_rate : Hz (shared, constant)
    """,
    at={"spike": "phase -= threshold", "onset": "active = int(keys(t, column)*polarity > 0)"},
    events={"spike": Event("phase >= threshold")},
    random={"phase": "uniform"},
    keeps=("phase",),
    tables=("keys",),
)
ELIGIBILITY = Part(
    """
    dtrace/dt = -trace/tau_eligibility : 1
    eligibility = clip(eligibility_gain*trace, 0, 1) : 1
    tau_eligibility : second (shared, constant)
    eligibility_gain : 1 (shared, constant)
    """,
    at={"spike": "trace = 1"},
    keeps=("trace",),
)


def input_neurons(key_dim: int) -> Neurons:
    """ON and OFF neurons of the input, which fire regularly while their sign of their entry is shown.

    Parameters
    ----------
    key_dim : int
        Number of key entries, d.

    Returns
    -------
    Neurons
        The population "input", of 2 d neurons.
    """
    parts = {"time": TIME, "firing": FIRING, "eligibility": ELIGIBILITY, "on/off": on_off(key_dim), "count": COUNT}
    return Neurons(2 * key_dim, {**parts, "alike": ALIKE})


def feedforward_neurons(n_feedforward: int) -> Neurons:
    """Interneurons that count input spikes.

    Parameters
    ----------
    n_feedforward : int
        How many there are.

    Returns
    -------
    Neurons
        The population "feedforward".
    """
    counter = COUNTER._replace(random={"v": "uniform"})
    return Neurons(n_feedforward, {"time": TIME, "membrane": counter, "count": COUNT, "alike": ALIKE})


def count_input() -> Bundle:
    """Every input spike brings all counters a share of the way to threshold: together they fire half as often.

    Coarser counts would come in lumps, to which all hidden neurons answer together.

    Returns
    -------
    Bundle
        Synapses from input to feed-forward interneurons.
    """
    part = Part("w_count : 1 (shared, constant)", pathways={"pre": Pathway(transmit="v_post += w_count")})
    return Bundle("input", "feedforward", {"transmission": part})


def subtract() -> Bundle:
    """Feed-forward inhibition, which takes the number of known entries from the drive.

    The drive of a key is twice its matches; without the number of known entries that is the dot product.

    Returns
    -------
    Bundle
        Synapses from feed-forward interneurons to hidden neurons.
    """
    model = "w_key : 1 (shared, constant)\nfeedforward_gain : 1 (shared, constant)"
    step = "bound_post -= feedforward_gain*w_key"
    return Bundle("feedforward", "hidden", {"transmission": Part(model, pathways={"pre": Pathway(transmit=step)})})

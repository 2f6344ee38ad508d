"""The output: an ON and an OFF neuron for every value entry, their opponency, and the filter that reads them."""

from __future__ import annotations

from .neuron import ALIKE, COUNT, QUIET, READING, TIME, on_off
from .parts import Event, Part, Pathway
from .patterns import OPPOSITE
from .populations import Bundle, Neurons

# a race of an entry's ON and OFF neuron: a spike sets both far back, and while inhibition decays, exponentially, the
# one with more evidence is first, by a time that hangs on the ratio of the two alone; so weak answers are as clear
MEMBRANE = Part(
    """
    dv/dt = (teacher*target*polarity*stimulus - v)/(tau_output*slowness) : 1    # evidence, which no spike resets
    dinhibition/dt = -inhibition/(tau_opponent*slowness) : 1
    target : 1                                  # clamped value, 0 while recalling
    teacher : 1 (shared, constant)
    tau_output : second (shared, constant)
    output_inhibition : 1 (shared, constant)
    output_threshold : 1 (shared, constant)
    tau_opponent : second (shared, constant)
    """,
    at={"spike": "inhibition += output_inhibition", "onset": "target = targets(t, column)"},
    events={"spike": Event("v + noise >= inhibition + output_threshold*threshold")},
    keeps=("v", "inhibition"),
    traces=("v", "inhibition"),
    tables=("targets",),
)
TRACE = Part(
    """
    dtrace/dt = -trace/tau_trace : 1
    activity = clip(trace_gain*trace, 0, 1) : 1
    tau_trace : second (shared, constant)
    trace_gain : 1 (shared, constant)
    """,
    at={"spike": "trace = 1"},
    keeps=("trace",),
)
READOUT = Part(
    f"""
    dreadout/dt = -readout/tau_readout : 1      # an observer's filter of the spikes; nothing in the network sees it
    tau_readout : second (shared, constant)
    {READING}
    """,
    at={"spike": "readout += reading", "onset": "readout = 0"},
    reads=("readout",),
    traces=("readout",),
)


def output_neurons(value_dim: int) -> Neurons:
    """ON and OFF neurons of the output; a teacher clamps them while a value is stored.

    Parameters
    ----------
    value_dim : int
        Number of value entries, m.

    Returns
    -------
    Neurons
        The population "output", of 2 m neurons.
    """
    parts = {"time": TIME, "membrane": MEMBRANE, "trace": TRACE, "readout": READOUT, "count": COUNT}
    return Neurons(2 * value_dim, {**parts, "on/off": on_off(value_dim), "alike": ALIKE, "noise": QUIET})


def opponent() -> Bundle:
    """The ON and the OFF neuron of an entry inhibit each other.

    Returns
    -------
    Bundle
        Synapses from output neurons to output neurons.
    """
    step = Pathway(transmit="inhibition_post += opponent")
    part = Part("opponent : 1 (shared, constant)", pathways={"pre": step})
    return Bundle("output", "output", {"transmission": part}, pattern=OPPOSITE)

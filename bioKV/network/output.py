"""The output: an ON and an OFF neuron for every value entry, their opponency, and the filter that reads them."""

from __future__ import annotations

from .neuron import ALIKE, COUNT, QUIET, READING, TIME, on_off
from .parts import Bundle, Event, Neurons, Part, Pathway
from .patterns import OPPOSITE

MEMBRANE = Part(
    """
    dv/dt = (teacher*target*polarity*stimulus*hears - v)/(tau_output*slowness) : 1
    hears = int(t + 0.5*dt > silent_until) : 1  # deaf while refractory
    silent_until : second
    target : 1                                  # clamped value, 0 while recalling
    teacher : 1 (shared, constant)
    tau_output : second (shared, constant)
    output_refractory : second (shared, constant)
    """,
    at={"spike": "v = 0\nsilent_until = t + output_refractory", "onset": "target = targets(t, column)"},
    events={"spike": Event("v + noise >= threshold")},
    keeps=("v",),
    traces=("v",),
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
    """2 m output neurons; a teacher clamps them while a value is stored."""
    parts = {"time": TIME, "membrane": MEMBRANE, "trace": TRACE, "readout": READOUT, "count": COUNT}
    return Neurons(2 * value_dim, {**parts, "on/off": on_off(value_dim), "alike": ALIKE, "noise": QUIET})


def opponent() -> Bundle:
    """The ON and the OFF neuron of an entry inhibit each other."""
    step = Pathway(transmit="v_post -= opponent*hears_post")
    part = Part("opponent : 1 (shared, constant)", pathways={"pre": step})
    return Bundle("output", "output", {"transmission": part}, pattern=OPPOSITE)

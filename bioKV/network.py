"""The spiking network, put together: the same objects run on either engine."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from brian2 import BrianLogger, Clock, EventMonitor, Network, SpikeMonitor, StateMonitor, TimedArray

from . import neurons
from .neurons import Populations, Sizes, populations
from .parameters import Parameters, variables
from .synapses import Connections, connections

# a window is 300.00000000000006 steps long in floating point, which Brian2 takes for grids that are not aligned
BrianLogger.suppress_name("timedarray")

# what is read once a presentation, at its end
READ = {
    "input": ("n_spikes",),
    "feedforward": ("n_spikes",),
    "hidden": ("n_spikes", "n_votes", "n_dendritic"),
    "interneuron": ("n_spikes",),
    "output": ("n_spikes", "readout"),
}
RECORDABLE = (*READ, "dendrite")


class SpikingNetwork(NamedTuple):
    """A built network. `readings` samples READ when a window ends; `spikes` holds monitors of what was asked for."""

    network: Network
    groups: Populations
    synapses: Connections
    readings: dict[str, StateMonitor]
    spikes: dict[str, SpikeMonitor | EventMonitor]
    inputs: dict[str, TimedArray]
    onset: Clock


def build(sizes: Sizes, p: Parameters, tables, record=()) -> SpikingNetwork:
    """All neurons and synapses of `sizes.n_trials` memories, with what is presented in `tables` (T+1, columns).

    Nothing but these Brian2 objects acts between the first and the last window.
    """
    n_feedforward = feedforward_size(sizes, p)
    clock = Clock(dt=p.dt, name="step_clock")
    groups = populations(sizes, n_feedforward, int(p.n_interneurons), clock)
    synapses = connections(groups, sizes, n_feedforward, int(p.n_interneurons), p.priming_delay, p.interneuron_delay)
    values = variables(p, sizes.key_dim)
    for owner in (*groups, *synapses):
        for name, variable in owner.variables.items():
            if name in values and variable.scalar and not variable.read_only:
                setattr(owner, name, values[name])

    synapses.key.w = 0.5
    groups.hidden.primed = np.arange(len(groups.hidden)) % sizes.n_slots == 0
    onset = Clock(dt=p.stimulus_time + p.gap_time, name="onset_clock")
    inputs = {name: TimedArray(table, dt=onset.dt, name=name) for name, table in tables.items()}
    onsets = [
        groups.input.run_regularly(neurons.ONSET_INPUT + "\nn_spikes = 0", clock=onset, when="before_start"),
        groups.feedforward.run_regularly(neurons.ONSET_COUNTER, clock=onset, when="before_start"),
        groups.hidden.run_regularly(neurons.ONSET_HIDDEN, clock=onset, when="before_start"),
        groups.interneuron.run_regularly(neurons.ONSET_COUNTER, clock=onset, when="before_start"),
        groups.output.run_regularly(neurons.ONSET_OUTPUT, clock=onset, when="before_start"),
    ]
    # read before the next presentation overwrites it
    readings = {
        name: StateMonitor(getattr(groups, name), READ[name], record=True, clock=onset, when="before_start", order=-1, name=f"{name}_readings")
        for name in READ
    }  # fmt: skip
    spikes = {
        name: EventMonitor(groups.hidden, "dendritic_spike", name="dendrite_spikes")
        if name == "dendrite"
        else SpikeMonitor(getattr(groups, name), name=f"{name}_spikes")
        for name in record
    }
    del onsets  # they belong to their groups
    network = Network(*groups, *synapses, *readings.values(), *spikes.values())
    return SpikingNetwork(network, groups, synapses, readings, spikes, inputs, onset)


def feedforward_size(sizes: Sizes, p: Parameters) -> int:
    """Number of feed-forward interneurons, at least one."""
    return max(1, round(p.feedforward_per_entry * sizes.key_dim))

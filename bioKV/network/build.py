"""The spiking network, put together: the same objects run on either engine."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from brian2 import BrianLogger, Clock, EventMonitor, Network, SpikeMonitor, StateMonitor, TimedArray, second

from .neurons import onset_code
from .parameters import Parameters, variables
from .populations import Populations, Sizes, populations
from .presentation import feedforward_size
from .recording import READ, TRACED
from .synapses import RULE_VALUE_DECAY, Connections, connections

# a window is 300.00000000000006 steps long in floating point, which Brian2 takes for grids that are not aligned
BrianLogger.suppress_name("timedarray")


class SpikingNetwork(NamedTuple):
    """A built network, with its monitors by the name of their population.

    readings : samples READ at every onset before it takes effect: before any presentation, then at the end of each.
    spikes, traces : what was asked for. inputs : the tables by name, for the namespace of `network.run`.
    onset : ticks once a presentation.
    """

    network: Network
    groups: Populations
    synapses: Connections
    readings: dict[str, StateMonitor]
    spikes: dict[str, SpikeMonitor | EventMonitor]
    traces: dict[str, StateMonitor]
    inputs: dict[str, TimedArray]
    onset: Clock


def build(sizes: Sizes, p: Parameters, tables: dict[str, np.ndarray], parts=(), record=(), traces=()
          ) -> SpikingNetwork:  # fmt: skip
    """All neurons and synapses of `sizes.n_trials` memories, with what is presented in `tables` (T+1, columns).

    tables : a row is one presentation, stimulus_time + gap_time long. Columns go trial by trial:
        keys (T+1, B*d) of +1, -1 and 0 (unknown); targets (T+1, B*m) of +1, -1 and 0 (not clamped);
        gate (T+1, B), the global third factor q; triggers (T+1, B), 1 where dendrites are triggered, else 0;
        plateaus (T+1, B*N), 1 where one is imposed, else 0; feedback (T+1, B), 1 where outputs supply the key, else 0.
        The last is used only with the part "feedback".
    p : says how many neurons share a slot, too.
    parts : of neurons.PARTS, what this network has beyond the common.
    record : populations whose single spikes are kept. traces : of TRACED, whose variables are kept step by step.
    It starts with K = 0.5 on both signs, V = 0 and the first slot primed. What is random at the start is left to the
    caller (presentation.initial_variables).
    Nothing but these Brian2 objects acts in a run.
    """
    n_feedforward, sizes = feedforward_size(sizes.key_dim, p), sizes._replace(per_slot=int(p.neurons_per_slot))
    window = p.stimulus_time + p.gap_time
    clock, onset = Clock(dt=p.dt * second, name="step_clock"), Clock(dt=window * second, name="onset_clock")
    groups = populations(sizes, n_feedforward, int(p.n_interneurons), parts, clock)
    synapses = connections(groups, sizes, n_feedforward, p, parts)
    if "imperfect" in parts:  # every synapse draws for itself, so it does not matter which comes first
        BrianLogger.suppress_hierarchy("brian2.codegen.generators.base")
    values = variables(p, sizes.key_dim)
    for owner in (*groups.groups(), *synapses.bundles()):
        for name, variable in owner.variables.items():
            if name in values and variable.scalar and not variable.read_only and owns(owner, variable):
                setattr(owner, f"{name}_", values[name])
    synapses.key.w = 0.5  # on both signs: dot product 0 with every query
    slot, follows = np.divmod(np.arange(len(groups.hidden)) % sizes.n_hidden, sizes.per_slot)
    groups.hidden.primed = (slot == 0) & (follows == 0)
    if "race" in parts:  # as if all slots had been used in their order before
        groups.hidden.rest = sizes.n_slots - slot
        groups.hidden.demand = sizes.n_slots - 1.5
    turn = np.arange(len(groups.interneuron)) % int(p.n_interneurons)
    groups.interneuron.v = turn * p.recruitment / p.neurons_per_slot % 1

    # at an onset: first read what the presentation before left, then show the next
    readings = {
        name: StateMonitor(getattr(groups, name), READ[name], record=True, clock=onset, when="before_start", order=-1,
                           name=f"{name}_readings")
        for name in READ
    }  # fmt: skip
    for name, code in onset_code(parts).items():
        getattr(groups, name).run_regularly(code, clock=onset, when="before_start")
    if "rule" in parts:  # once q is there
        synapses.value.run_regularly(RULE_VALUE_DECAY, clock=onset, when="before_start", order=1)
    spikes = {
        name: EventMonitor(groups.hidden, "dendritic_spike", name="dendrite_spikes") if name == "dendrite"
        else SpikeMonitor(getattr(groups, name), name=f"{name}_spikes")
        for name in record
    }  # fmt: skip
    traced = {
        name: StateMonitor(getattr(groups, name), TRACED[name], record=True, when="before_thresholds",
                           name=f"{name}_traces")
        for name in traces
    }  # fmt: skip
    shown = [name for name in tables if name != "feedback" or "feedback" in parts]
    inputs = {name: TimedArray(tables[name], dt=onset.dt, name=name) for name in shown}
    network = Network(*groups.groups(), *synapses.bundles(), *readings.values(), *spikes.values(), *traced.values())
    return SpikingNetwork(network, groups, synapses, readings, spikes, traced, inputs, onset)


def owns(group, variable) -> bool:
    """Whether a variable is the group's own, not that of a neuron its synapses reach."""
    return getattr(variable.owner, "name", None) == group.name

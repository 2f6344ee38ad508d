"""Brian2 objects of a blueprint: the only place that makes them. The same objects run on either engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from brian2 import (
    BrianLogger,
    BrianObject,
    Clock,
    Equations,
    EventMonitor,
    Network,
    NeuronGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    TimedArray,
    linked_var,
    second,
)

from .blueprint import Blueprint
from .populations import Bundle, Neurons
from .recording import DENDRITE
from .refusal import in_one_sentence

# a window is 300.00000000000006 steps long in floating point, which Brian2 takes for grids that are not aligned
BrianLogger.suppress_name("timedarray")
BrianLogger.suppress_name("unused_brian_object")  # of a network that was refused


class BuiltNetwork(NamedTuple):
    """A built network, its groups, synapses and monitors by name.

    Parameters
    ----------
    network : brian2.Network
        All of it, ready to run.
    groups : dict of str to brian2.NeuronGroup
        The populations.
    synapses : dict of str to brian2.Synapses
        The bundles.
    readings : dict of str to brian2.StateMonitor
        What is read at every onset before it takes effect: before any presentation, then at the end of each.
    spikes : dict of str to brian2.SpikeMonitor or brian2.EventMonitor
        Those that were asked for.
    traces : dict of str to brian2.StateMonitor
        Those that were asked for.
    inputs : dict of str to brian2.TimedArray
        The tables, for the namespace of `network.run`.
    onset : brian2.Clock
        Ticks once per presentation.
    """

    network: Network
    groups: dict[str, NeuronGroup]
    synapses: dict[str, Synapses]
    readings: dict[str, StateMonitor]
    spikes: dict[str, SpikeMonitor | EventMonitor]
    traces: dict[str, StateMonitor]
    inputs: dict[str, TimedArray]
    onset: Clock

    @property
    def owners(self) -> dict[str, NeuronGroup | Synapses]:
        """Groups and synapses by name."""
        return {**self.groups, **self.synapses}


def build(blueprint: Blueprint, tables: Mapping[str, np.ndarray], n_trials: int = 1, record: tuple[str, ...] = (),
          traces: tuple[str, ...] = ()) -> BuiltNetwork:  # fmt: skip
    """Make the Brian2 objects of some networks side by side, without a connection between them.

    What is random at the start is left to the caller (`design.start_of`). Nothing but these Brian2 objects acts in a
    run.

    Parameters
    ----------
    blueprint : Blueprint
        The network of one trial.
    tables : dict of str to np.ndarray, shape (T+1, columns)
        What is presented; a row is one presentation, and columns go trial by trial. keys (T+1, B*d) of +1, -1 and 0
        (unknown); targets (T+1, B*m) of +1, -1 and 0 (not clamped); gate (T+1, B), the global third factor q; triggers
        (T+1, B), 1 where dendrites are triggered; plateaus (T+1, B*N), 1 where one is imposed; feedback (T+1, B), 1
        where outputs supply the key. Those that the blueprint does not use are left out.
    n_trials : int
        B, the number of networks.
    record : tuple of str
        Populations whose single spikes are kept.
    traces : tuple of str
        Populations whose variables are kept step by step.

    Returns
    -------
    BuiltNetwork
        The objects.

    Raises
    ------
    Refused
        For what Brian2 cannot build; it names the part.
    """
    clock = Clock(dt=blueprint.dt * second, name="step_clock")
    onset = Clock(dt=blueprint.window * second, name="onset_clock")
    groups = {}
    for name, of in blueprint.neurons.items():
        with in_one_sentence(blueprint, name):
            groups[name] = _group(name, of, n_trials, clock)
    if any(pathway.release for of in blueprint.bundles.values() for pathway in of.pathways().values()):
        # every synapse draws for itself, so it does not matter which comes first
        BrianLogger.suppress_hierarchy("brian2.codegen.generators.base")
    for name, of in blueprint.neurons.items():
        for variable, (population, linked) in of.links().items():
            with in_one_sentence(blueprint, name):
                one = linked_var(groups[population], linked, index=np.repeat(np.arange(n_trials), of.size))
                setattr(groups[name], variable, one)
    synapses = {}
    for name in blueprint.bundles:
        with in_one_sentence(blueprint, name):
            synapses[name] = _synapses(name, blueprint, groups, n_trials)
    owners = {**groups, **synapses}
    for name, value in blueprint.values.items():
        set_value(owners, name, value, n_trials)
    # at an onset: first read what the presentation before left, then show the next
    readings = {
        name: StateMonitor(groups[name], of.names("reads"), record=True, clock=onset, when="before_start", order=-1,
                           name=f"{name}_readings")
        for name, of in blueprint.neurons.items() if of.names("reads")
    }  # fmt: skip
    for name, of in blueprint.owners():
        if of.code("onset"):  # synapses once q is there
            later = int(isinstance(of, Bundle))
            owners[name].run_regularly(of.code("onset"), clock=onset, when="before_start", order=later)
    spikes = {
        name: EventMonitor(groups[DENDRITE[0]], DENDRITE[1], name="dendrite_spikes") if name == "dendrite"
        else SpikeMonitor(groups[name], name=f"{name}_spikes")
        for name in record
    }  # fmt: skip
    traced = {
        name: StateMonitor(groups[name], blueprint.neurons[name].names("traces"), record=True,
                           when="before_thresholds", name=f"{name}_traces")
        for name in traces
    }  # fmt: skip
    inputs = {name: TimedArray(tables[name], dt=onset.dt, name=name) for name in blueprint.tables()}
    network = Network(*owners.values(), *readings.values(), *spikes.values(), *traced.values())
    return BuiltNetwork(network, groups, synapses, readings, spikes, traced, inputs, onset)


def set_value(owners: Mapping[str, Any], name: str, value: Any, n_trials: int) -> None:
    """Set a variable of a built network.

    Parameters
    ----------
    owners : dict of str to brian2.NeuronGroup or brian2.Synapses
        Groups and synapses by name.
    name : str
        "population.variable".
    value : float or np.ndarray, shape (n,)
        In SI units: one number, or those of one trial.
    n_trials : int
        How many trials stand side by side.
    """
    owner, variable = name.split(".")
    setattr(owners[owner], f"{variable}_", np.tile(value, n_trials) if np.ndim(value) else value)


def _group(name: str, of: Neurons, n_trials: int, clock: Clock) -> NeuronGroup:
    events = of.all_of("events")
    threshold = events["spike"].condition if "spike" in events else None
    group = NeuronGroup(
        n_trials * of.size, Equations(of.model), threshold=threshold, reset=of.code("spike") if threshold else None,
        events={event: what.condition for event, what in events.items() if event != "spike"},
        method="exponential_euler", clock=clock, name=name,
    )  # fmt: skip
    for event, what in events.items():
        if event != "spike" and of.code(event):
            group.run_on_event(event, of.code(event), when=what.when)
    if of.code("step"):
        group.run_regularly(of.code("step"), clock=clock)
    trial = np.arange(n_trials)[:, None]
    for variable, first in of.all_of("first").items():
        if variable == "column":  # of the tables, trial by trial
            first = (trial * (int(np.max(first)) + 1) + first).ravel()
        elif np.ndim(first):
            first = np.tile(first, n_trials)
        setattr(group, f"{variable}_", first)
    if "trial" in group.variables:
        group.trial = np.repeat(np.arange(n_trials), of.size)
    return group


def _synapses(name: str, blueprint: Blueprint, groups: Mapping[str, NeuronGroup], n_trials: int) -> Synapses:
    of = blueprint.bundles[name]
    pathways = of.pathways()
    on_pre, on_post = (
        {name: pathway.code for name, pathway in pathways.items() if pathway.end == end} for end in ("source", "target")
    )
    alike = np.ndim(of.delay) == 0
    made = Synapses(
        groups[of.source], groups[of.target], clock=groups[of.source].clock, model=of.model, on_pre=on_pre,
        on_post=on_post, on_event={p: pathway.event for p, pathway in pathways.items()},
        delay={"pre": of.delay * second} if alike and of.delay else None, name=name,
    )  # fmt: skip
    trial = np.arange(n_trials)[:, None]
    i, j = ((trial * blueprint.neurons[end].size + pairs).ravel()
            for end, pairs in zip((of.source, of.target), blueprint.connected(name), strict=True))  # fmt: skip
    made.connect(i=i, j=j)
    if not alike:
        made.pre.delay = np.asarray(of.delay)[i % blueprint.neurons[of.source].size] * second
    for variable, first in of.all_of("first").items():
        setattr(made, f"{variable}_", np.tile(first, n_trials) if np.ndim(first) else first)
    return made


def owns(group: BrianObject, variable: Any) -> bool:
    """Whether a variable is the group's own, not that of a neuron its synapses reach.

    Parameters
    ----------
    group : brian2.BrianObject
        A group, or synapses.
    variable : Any
        One of its variables as Brian2 has it.

    Returns
    -------
    bool
        True if it is the group's own.
    """
    return getattr(variable.owner, "name", None) == group.name

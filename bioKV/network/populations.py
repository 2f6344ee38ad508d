"""The groups of neurons of a network, made of the equations in neurons.py.

Groups hold B trials side by side (B = 1 in the compiled engine): neuron i belongs to trial i // n.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from brian2 import Clock, Equations, NeuronGroup

from .neurons import (
    ALIKE,
    ALONE,
    BEGIN_PLATEAU,
    COUNT,
    COUNTER,
    FIRE_COUNTER,
    FIRE_DENDRITE,
    FIRE_HIDDEN,
    FIRE_INPUT,
    FIRE_IRREGULARLY,
    FIRE_OUTPUT,
    FIRE_RATE_CODED,
    HIDDEN,
    INPUT,
    IRREGULAR,
    LATCH,
    LEADER,
    NOISE,
    NOISY,
    OUTPUT,
    PLATEAU_END,
    QUIET,
    RACE,
    RATE_CODED,
    UNEQUAL,
    USE_SLOT,
    WIN_RACE,
    WRITE_SLOT,
)


class Sizes(NamedTuple):
    """How many of everything: d = key_dim, N = n_slots, m = value_dim.

    B = n_trials networks stand side by side without a connection between them.
    """

    key_dim: int
    n_slots: int
    value_dim: int
    n_trials: int = 1
    per_slot: int = 1  # hidden neurons that share a slot

    @property
    def n_hidden(self) -> int:
        """Hidden neurons of a network; those of a slot stand together, the first leads."""
        return self.n_slots * self.per_slot


class Populations(NamedTuple):
    """The groups, in the order a spike passes them; relays of the outputs only where there is feedback."""

    input: NeuronGroup
    feedforward: NeuronGroup
    hidden: NeuronGroup
    interneuron: NeuronGroup
    output: NeuronGroup
    relay: NeuronGroup | None

    def groups(self) -> list[NeuronGroup]:
        """Those that are there."""
        return [group for group in self if group is not None]


def populations(sizes: Sizes, n_feedforward: int, n_interneurons: int, parts: tuple[str, ...], clock: Clock
                ) -> Populations:  # fmt: skip
    """The neurons of B = `sizes.n_trials` networks, trial by trial in every group.

    Their numbers: input 2 B d and output 2 B m, of each trial first ON, then OFF; hidden B N per_slot;
    feedforward B n_feedforward; interneuron B n_interneurons; relay 2 B m, only with the part "feedback".
    parts : of neurons.PARTS. clock : the time step of all groups.
    Set are the constants that say who is who: trial, column (of the presentation's tables), polarity (+1 ON, -1 OFF),
    and with the part "assembly" who leads a slot. With "imperfect" every threshold and slowness is 1. All else is 0.
    """
    d, _, m, b, _ = sizes
    each = UNEQUAL if "imperfect" in parts else ALIKE
    noise = {name: Equations(NOISY.format(population=name)) if "imperfect" in parts else QUIET
             for name in ("hidden", "output")}  # fmt: skip
    input, counter = INPUT + COUNT + each, COUNTER + each
    hidden, output = HIDDEN + each + noise["hidden"], OUTPUT + each + noise["output"]
    fire_input, fire_hidden, fire_dendrite = FIRE_INPUT, FIRE_HIDDEN, FIRE_DENDRITE
    events = {"dendritic_spike": "dendrite >= dendrite_tolerance and n_dendritic == 0"}
    hidden += LEADER if "assembly" in parts else ALONE
    if "imperfect" in parts:
        input += IRREGULAR
        fire_input += FIRE_IRREGULARLY
    if "feedback" in parts:
        input += LATCH
    if "stability" in parts:
        hidden += PLATEAU_END
        fire_dendrite += BEGIN_PLATEAU
        events["plateau_end"] = "on_plateau > 0 and t >= plateau_end"
    if "rule" in parts:
        hidden += RATE_CODED
        fire_hidden += FIRE_RATE_CODED
    if "race" in parts:
        hidden += RACE
        fire_hidden += USE_SLOT
        fire_dendrite += WRITE_SLOT
        events["first"] = "racing > 0 and rest >= demand"

    def group(name, n_neurons, equations, threshold, reset, **how):
        return NeuronGroup(
            b * n_neurons, equations, threshold=threshold, reset=reset, method="exponential_euler", clock=clock,
            name=name, **how,
        )  # fmt: skip

    counting = counter, "v >= threshold", FIRE_COUNTER
    made = Populations(
        input=group("input", 2 * d, input, "phase >= threshold", fire_input),
        feedforward=group("feedforward", n_feedforward, *counting),
        hidden=group("hidden", sizes.n_hidden, hidden, "expected > tolerance", fire_hidden, events=events),
        interneuron=group("interneuron", n_interneurons, *counting),
        output=group("output", 2 * m, output, "v + noise >= threshold", FIRE_OUTPUT),
        relay=group("relay", 2 * m, *counting) if "feedback" in parts else None,
    )
    made.hidden.run_on_event("dendritic_spike", fire_dendrite)
    if "stability" in parts:
        made.hidden.run_on_event("plateau_end", "on_plateau = 0")
    if "race" in parts:
        made.hidden.run_on_event("first", WIN_RACE, when="before_synapses")
    if "imperfect" in parts:
        for neurons in made.groups():
            neurons.threshold = neurons.slowness = 1
        for neurons in (made.hidden, made.output):
            neurons.run_regularly(NOISE.format(population=neurons.name), clock=clock)
    for neurons, n_entries in ((made.input, d), (made.output, m)):
        trial, neuron = np.divmod(np.arange(b * 2 * n_entries), 2 * n_entries)
        neurons.column = trial * n_entries + neuron % n_entries  # entries 0..n-1 ON, then the same OFF
        neurons.polarity = np.where(neuron < n_entries, 1.0, -1.0)
        neurons.trial = trial
    neuron = np.arange(b * sizes.n_hidden)
    made.hidden.column = neuron // sizes.per_slot
    made.hidden.trial = neuron // sizes.n_hidden
    if "assembly" in parts:
        made.hidden.leads = neuron % sizes.per_slot == 0
    return made

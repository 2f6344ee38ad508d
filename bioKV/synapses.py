"""The synapses: who reaches whom, and how the weights learn (equations 9 and 11)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from brian2 import Synapses

from .neurons import Populations, Sizes

# S of eq. 17, set when the plateau ends: what was written strongly enough is never written again
STABILITY = """
    frozen : 1
    stability_threshold : 1 (shared, constant)
"""
ALWAYS_PLASTIC = "frozen = 0 : 1"
KEY_FREEZE = "frozen = clip(frozen + int((1 - frozen)*q_post >= stability_threshold), 0, 1)"
VALUE_FREEZE = "frozen = clip(frozen + int((1 - frozen)*q_pre >= stability_threshold), 0, 1)"

KEY_MODEL = """
    w : 1                                        # K: 0.5 on both signs is a slot that was never written
    w_key : 1 (shared, constant)
    eta_key : 1 (shared, constant)
"""
KEY_DRIVE = "drive_post += w_key*w"
# eq. 9 at the dendritic spike of the slot: eta is q, presynaptic activity alone is written, what was there decays
KEY_WRITE = """
    eta = clip((1 - frozen)*q_post*eta_key, 0, 1)
    w = (1 - eta)*w + eta*eligibility_pre
"""


VALUE_MODEL = """
    w : 1                                        # V
    alpha : 1 (shared, constant)
    value_decay : 1 (shared, constant)
    output_weight : 1 (shared, constant)
    acetylcholine : 1 (shared, constant)
"""
# eq. 11: rapid decay at the dendritic spike; then every hidden spike within the plateau moves V to the output's trace
VALUE_DECAY = "w *= 1 - clip((1 - frozen)*q_pre*value_decay, 0, 1)"
VALUE_SPIKE = """
    v_post += output_weight*w*(1 - acetylcholine*int(q_pre > 0))*hears_post
    w += alpha*clip((1 - frozen)*q_pre*plateau_pre, 0, 1)*(activity_post - w)
"""


class Connections(NamedTuple):
    """The bundles of synapses. A race takes the place of the priming chain; only feedback needs the loop."""

    key: Synapses
    count_input: Synapses
    subtract: Synapses
    recruit: Synapses
    inhibit: Synapses
    value: Synapses
    opponent: Synapses
    prime: Synapses | None
    veto: Synapses | None
    charge: Synapses | None
    to_relay: Synapses | None
    discharge: Synapses | None

    def bundles(self) -> list[Synapses]:
        """Those that are there."""
        return [synapses for synapses in self if synapses is not None]


def key_synapses(input, hidden, sizes: Sizes, parts: tuple[str, ...]) -> Synapses:
    """Plastic, from every input neuron to every hidden neuron."""
    model, on_post, on_event = KEY_MODEL + ALWAYS_PLASTIC, {"write": KEY_WRITE}, {"write": "dendritic_spike"}
    if "stability" in parts:
        model, on_post["freeze"], on_event["freeze"] = KEY_MODEL + STABILITY, KEY_FREEZE, "plateau_end"
    synapses = Synapses(
        input, hidden, clock=input.clock, model=model, on_pre=KEY_DRIVE, on_post=on_post,
        on_event={"pre": "spike", **on_event}, name="key",
    )  # fmt: skip
    _connect_within_trials(synapses, 2 * sizes.key_dim, sizes.n_slots, sizes.n_trials)
    return synapses


def value_synapses(hidden, output, sizes: Sizes, parts: tuple[str, ...]) -> Synapses:
    """Plastic, from every hidden neuron to every output neuron; silent while the neuromodulator is there."""
    model, on_pre, on_event = VALUE_MODEL + ALWAYS_PLASTIC, {"forget": VALUE_DECAY}, {"forget": "dendritic_spike"}
    if "stability" in parts:
        model, on_pre["freeze"], on_event["freeze"] = VALUE_MODEL + STABILITY, VALUE_FREEZE, "plateau_end"
    synapses = Synapses(
        hidden, output, clock=hidden.clock, model=model, on_pre={"pre": VALUE_SPIKE, **on_pre},
        on_event={"pre": "spike", **on_event}, name="value",
    )  # fmt: skip
    _connect_within_trials(synapses, sizes.n_slots, 2 * sizes.value_dim, sizes.n_trials)
    return synapses


def feedforward_inhibition(input, feedforward, hidden, sizes: Sizes, n_feedforward: int) -> tuple[Synapses, Synapses]:
    """Interneurons count input spikes and subtract half their number from every hidden neuron.

    The drive of a key is twice its matches; without the number of known entries that is the dot product.
    """
    count = Synapses(
        input, feedforward, clock=input.clock, on_pre=f"v_post += {1 / (2 * n_feedforward)!r}", name="count_input"
    )
    _connect_within_trials(count, 2 * sizes.key_dim, n_feedforward, sizes.n_trials)
    subtract = Synapses(
        feedforward,
        hidden,
        clock=feedforward.clock,
        model="w_key : 1 (shared, constant)\nfeedforward_gain : 1 (shared, constant)",
        on_pre="drive_post -= feedforward_gain*w_key",
        name="subtract",
    )
    _connect_within_trials(subtract, n_feedforward, sizes.n_slots, sizes.n_trials)
    return count, subtract


def lateral_inhibition(hidden, interneuron, sizes: Sizes, n_interneurons: int, delay) -> tuple[Synapses, Synapses]:
    """Hidden spikes excite interneurons, which inhibit all hidden neurons alike: the spiking stand-in for eq. 4.

    Interneurons take turns: each hidden spike makes a share `recruitment` of them fire, so that none is very fast.
    One and the same inhibition for all leaves spike shares a sample of the softmax, whatever its course.
    """
    recruit = Synapses(hidden, interneuron, clock=hidden.clock, model="recruitment : 1 (shared, constant)",
                       on_pre="v_post += recruitment", name="recruit")  # fmt: skip
    _connect_within_trials(recruit, sizes.n_slots, n_interneurons, sizes.n_trials)
    inhibit = Synapses(interneuron, hidden, clock=interneuron.clock, model="w_inhibit : 1 (shared, constant)",
                       on_pre="inhibition_post += w_inhibit", delay=delay, name="inhibit")  # fmt: skip
    _connect_within_trials(inhibit, n_interneurons, sizes.n_slots, sizes.n_trials)
    return recruit, inhibit


def opponent_inhibition(output, sizes: Sizes) -> Synapses:
    """The ON and the OFF neuron of an output entry inhibit each other."""
    synapses = Synapses(
        output,
        output,
        clock=output.clock,
        model="opponent : 1 (shared, constant)",
        on_pre="v_post -= opponent*hears_post",
        name="opponent",
    )
    opposite = _opposite(sizes.value_dim, sizes.n_trials)
    synapses.connect(i=np.arange(len(opposite)), j=opposite)
    return synapses


def priming_chain(hidden, sizes: Sizes, delay) -> Synapses:
    """A dendritic spike primes the dendrite of the next slot, slowly enough to miss the trigger under way (eq. 6)."""
    synapses = Synapses(
        hidden,
        hidden,
        clock=hidden.clock,
        on_pre="primed_post = 1",
        on_event="dendritic_spike",
        delay=delay,
        name="prime",
    )
    n = sizes.n_slots
    trial, slot = np.divmod(np.arange(sizes.n_trials * n), n)
    synapses.connect(i=np.arange(len(trial)), j=trial * n + (slot + 1) % n)
    return synapses


def race_veto(hidden, sizes: Sizes) -> Synapses:
    """The first dendrite of a race ends it for all; of those that are first in one time step the last slot stays."""
    synapses = Synapses(
        hidden,
        hidden,
        clock=hidden.clock,
        on_pre="racing_post = 0; primed_post *= int(j >= i)",
        on_event="first",
        name="veto",
    )
    _connect_within_trials(synapses, sizes.n_slots, sizes.n_slots, sizes.n_trials)
    return synapses


def loop(output, input, relay, sizes: Sizes) -> tuple[Synapses, Synapses, Synapses]:
    """Every output neuron charges the latch of the input neuron that stands for the same sign of the same entry, and
    through an interneuron of its own, its relay, discharges the latch of the opposite sign."""
    charge = Synapses(output, input, clock=output.clock, on_pre="latch_post += 1", name="charge")
    to_relay = Synapses(output, relay, clock=output.clock, on_pre="v_post += 1", name="to_relay")
    discharge = Synapses(relay, input, clock=output.clock, on_pre="latch_post -= 1", name="discharge")
    n = np.arange(sizes.n_trials * 2 * sizes.key_dim)
    charge.connect(i=n, j=n)
    to_relay.connect(i=n, j=n)
    discharge.connect(i=n, j=_opposite(sizes.key_dim, sizes.n_trials))
    return charge, to_relay, discharge


def connections(groups: Populations, sizes: Sizes, n_feedforward: int, n_interneurons: int, parts: tuple[str, ...],
                priming_delay, interneuron_delay) -> Connections:  # fmt: skip
    """All synapses between the groups."""
    count, subtract = feedforward_inhibition(groups.input, groups.feedforward, groups.hidden, sizes, n_feedforward)
    charge, to_relay, discharge = (
        loop(groups.output, groups.input, groups.relay, sizes) if groups.relay is not None else (None, None, None)
    )
    recruit, inhibit = lateral_inhibition(groups.hidden, groups.interneuron, sizes, n_interneurons, interneuron_delay)
    return Connections(
        key=key_synapses(groups.input, groups.hidden, sizes, parts),
        count_input=count,
        subtract=subtract,
        recruit=recruit,
        inhibit=inhibit,
        value=value_synapses(groups.hidden, groups.output, sizes, parts),
        opponent=opponent_inhibition(groups.output, sizes),
        prime=None if "race" in parts else priming_chain(groups.hidden, sizes, priming_delay),
        veto=race_veto(groups.hidden, sizes) if "race" in parts else None,
        charge=charge,
        to_relay=to_relay,
        discharge=discharge,
    )


def _opposite(n_entries: int, n_trials: int) -> np.ndarray:
    """For every ON and OFF neuron the number of the one for the other sign."""
    trial, neuron = np.divmod(np.arange(n_trials * 2 * n_entries), 2 * n_entries)
    return trial * 2 * n_entries + (neuron + n_entries) % (2 * n_entries)


def _connect_within_trials(synapses: Synapses, n_source: int, n_target: int, n_trials: int) -> None:
    trial, i, j = (a.ravel() for a in np.indices((n_trials, n_source, n_target)))
    synapses.connect(i=trial * n_source + i, j=trial * n_target + j)

"""The synapses: who reaches whom, and how the weights learn (equations 9 and 11, or 12 to 16)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from brian2 import Synapses, second

from .parameters import Parameters
from .populations import Populations, Sizes

# S of eq. 17, set when the plateau ends: what was written strongly enough is never written again
STABILITY = """
    frozen : 1
    stability_threshold : 1 (shared, constant)
"""
ALWAYS_PLASTIC = "frozen = 0 : 1"
# golden sections lie evenly, and no two neighbours alike, whatever the number of neurons
AXON_DELAY = "{longest!r}*second*((0.6180339887498949*(i % {n_source})) % 1)"
# a spike releases nothing with this probability, at every synapse on its own; then nothing is learned from it either
RELEASE = "released = int(rand() >= release_failure)"
FAILING = "\nrelease_failure : 1 (shared, constant)\n"
# what a write of rate eta leaves misses, so that many small ones miss by as much as one whole; then the nearest two
# values that the weight can have share the chance of being it
IMPRECISE_MODEL = """
    weight_noise : 1 (shared, constant)
    weight_steps : 1 (shared, constant)
    coarse : 1 (shared, constant)
"""
IMPRECISE = """
    w = clip(w + weight_noise*sqrt(eta*(2 - eta))*randn(), 0, 1)
    w += coarse*int(eta > 0)*(floor(w*weight_steps + rand())/weight_steps - w)
"""
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
VALUE_DECAY = """
    eta = clip((1 - frozen)*q_pre*value_decay, 0, 1)
    w *= 1 - eta
"""
VALUE_TRANSMIT = "v_post += output_weight*w*(1 - acetylcholine*int(q_pre > 0))*hears_post"
VALUE_RATE = "eta = alpha*clip((1 - frozen)*q_pre*plateau_pre, 0, 1)"
VALUE_LEARN = "w += eta*(activity_post - w)"


# a parameterised rule. K, ON minus OFF around 1/2, is written at the dendritic spike (eq. 15): presynaptic eligibility
# 1 or 0 is x = 1 or -1 for the ON neuron, and the other way round for the OFF neuron
RULE_KEY_MODEL = """
    eta_k : 1 (shared, constant)
    a_fk : 1 (shared, constant)
    b_fk : 1 (shared, constant)
    a_gk : 1 (shared, constant)
    b_gk : 1 (shared, constant)
"""
RULE_KEY_WRITE = """
    eta = clip(q_post, 0, 1)*eta_k
    g_of_h = a_gk*activity_post + b_gk
    f_of_x = a_fk*(2*eligibility_pre - 1) + b_fk*polarity_pre
    w = clip(0.5 + clip(1 - eta, 0, 1)*(w - 0.5) + 0.5*eta*g_of_h*f_of_x, 0, 10)
"""
# V (eq. 16): what was there decays once a presentation that stores, with or without a plateau. A hidden spike writes
# the Hebbian and the presynaptic term, an output spike the postsynaptic one; each is a share of what a store writes
RULE_VALUE_MODEL = """
    eta_v : 1 (shared, constant)
    decay : 1 (shared, constant)
    a_fv : 1 (shared, constant)
    b_fv : 1 (shared, constant)
    a_gv : 1 (shared, constant)
    b_gv : 1 (shared, constant)
    hidden_spikes : 1 (shared, constant)
    output_spikes : 1 (shared, constant)
"""
RULE_VALUE_DECAY = """
    w *= 1 - clip(q_pre, 0, 1)*(1 - decay)
    w = clip(w + 0.5*clip(q_pre, 0, 1)*eta_v*b_fv*b_gv*polarity_post, 0, 10)
"""
RULE_VALUE_RATE = "eta = writing_pre*eta_v*a_fv/hidden_spikes"
RULE_VALUE_LEARN = "w = clip(w + eta*(a_gv*activity_post + 0.5*b_gv*polarity_post), 0, 10)"
RULE_VALUE_POST = "w = clip(w + clip(q_pre, 0, 1)*eta_v*b_fv*a_gv/output_spikes, 0, 10)"


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
    couple: Synapses | None
    veto: Synapses | None
    charge: Synapses | None
    to_relay: Synapses | None
    discharge: Synapses | None

    def bundles(self) -> list[Synapses]:
        """Those that are there."""
        return [synapses for synapses in self if synapses is not None]


def key_synapses(input, hidden, sizes: Sizes, parts: tuple[str, ...]) -> Synapses:
    """Plastic, from every input neuron to every hidden neuron."""
    model, on_post, on_event = KEY_MODEL, {"write": KEY_WRITE}, {"write": "dendritic_spike"}
    if "rule" in parts:
        model += RULE_KEY_MODEL
        on_post["write"] = RULE_KEY_WRITE
    if "imperfect" in parts:
        model += IMPRECISE_MODEL
        on_post["write"] += IMPRECISE
    if "stability" in parts:
        model, on_post["freeze"], on_event["freeze"] = model + STABILITY, KEY_FREEZE, "plateau_end"
    else:
        model += ALWAYS_PLASTIC
    synapses = _spike_synapses(input, hidden, "key", KEY_DRIVE, parts, model=model, on_post=on_post, on_event=on_event)
    _connect_within_trials(synapses, 2 * sizes.key_dim, sizes.n_hidden, sizes.n_trials)
    return synapses


def value_synapses(hidden, output, sizes: Sizes, parts: tuple[str, ...]) -> Synapses:
    """Plastic, from every hidden neuron to every output neuron; silent while the neuromodulator is there."""
    model, rate, learn, on_post = VALUE_MODEL, VALUE_RATE, VALUE_LEARN, {}
    on_pre, on_event = {"forget": VALUE_DECAY}, {"forget": "dendritic_spike"}
    if "rule" in parts:
        model += RULE_VALUE_MODEL
        rate, learn = RULE_VALUE_RATE, RULE_VALUE_LEARN
        on_pre, on_event, on_post = {}, {"post": "spike"}, {"post": RULE_VALUE_POST}
    elif "imperfect" in parts:
        model += IMPRECISE_MODEL
        learn += IMPRECISE
        on_pre["forget"] += IMPRECISE
    if "stability" in parts:
        model, on_pre["freeze"], on_event["freeze"] = model + STABILITY, VALUE_FREEZE, "plateau_end"
    else:
        model += ALWAYS_PLASTIC
    synapses = _spike_synapses(hidden, output, "value", VALUE_TRANSMIT, parts, rate, learn, model=model, on_pre=on_pre,
                               on_post=on_post, on_event=on_event)  # fmt: skip
    _connect_within_trials(synapses, sizes.n_hidden, 2 * sizes.value_dim, sizes.n_trials)
    return synapses


def feedforward_inhibition(input, feedforward, hidden, sizes: Sizes, n_feedforward: int, parts: tuple[str, ...]
                           ) -> tuple[Synapses, Synapses]:  # fmt: skip
    """Interneurons count input spikes and subtract half their number from every hidden neuron.

    The drive of a key is twice its matches; without the number of known entries that is the dot product.
    """
    count = _spike_synapses(input, feedforward, "count_input", f"v_post += {1 / (2 * n_feedforward)!r}", parts)
    _connect_within_trials(count, 2 * sizes.key_dim, n_feedforward, sizes.n_trials)
    subtract = _spike_synapses(
        feedforward, hidden, "subtract", "drive_post -= feedforward_gain*w_key", parts,
        model="w_key : 1 (shared, constant)\nfeedforward_gain : 1 (shared, constant)\n",
    )  # fmt: skip
    _connect_within_trials(subtract, n_feedforward, sizes.n_hidden, sizes.n_trials)
    return count, subtract


def lateral_inhibition(hidden, interneuron, sizes: Sizes, n_interneurons: int, p: Parameters, parts: tuple[str, ...]
                       ) -> tuple[Synapses, Synapses]:  # fmt: skip
    """Hidden spikes excite interneurons, which inhibit all hidden neurons alike: the spiking stand-in for eq. 4.

    Interneurons take turns: each hidden spike makes a share `recruitment` of them fire, so that none is very fast.
    One and the same inhibition for all leaves spike shares a sample of the softmax, whatever its course.
    """
    recruit = _spike_synapses(hidden, interneuron, "recruit", "v_post += recruitment", parts,
                              model="recruitment : 1 (shared, constant)\n")  # fmt: skip
    _connect_within_trials(recruit, sizes.n_hidden, n_interneurons, sizes.n_trials)
    inhibit = _spike_synapses(interneuron, hidden, "inhibit", "inhibition_post += w_inhibit", parts,
                              model="w_inhibit : 1 (shared, constant)\n",
                              delay={"pre": p.interneuron_delay * second} if not p.delay_spread else None)  # fmt: skip
    _connect_within_trials(inhibit, n_interneurons, sizes.n_hidden, sizes.n_trials)
    if p.delay_spread:
        spread = 1 + p.delay_spread * np.linspace(-1, 1, n_interneurons)
        inhibit.pre.delay = p.interneuron_delay * second * np.tile(np.repeat(spread, sizes.n_hidden), sizes.n_trials)
    return recruit, inhibit


def opponent_inhibition(output, sizes: Sizes, parts: tuple[str, ...]) -> Synapses:
    """The ON and the OFF neuron of an output entry inhibit each other."""
    synapses = _spike_synapses(output, output, "opponent", "v_post -= opponent*hears_post", parts,
                               model="opponent : 1 (shared, constant)\n")  # fmt: skip
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
    synapses.connect(i=np.arange(len(trial)) * sizes.per_slot, j=(trial * n + (slot + 1) % n) * sizes.per_slot)
    return synapses


def dendritic_coupling(hidden, sizes: Sizes) -> Synapses:
    """The dendritic spike of the neuron that leads a slot sets off those of the others, one time step later."""
    synapses = Synapses(
        hidden,
        hidden,
        clock=hidden.clock,
        on_pre="dendrite_post += 1000",
        on_event="dendritic_spike",
        name="couple",
    )
    leader = np.repeat(np.arange(sizes.n_trials * sizes.n_slots) * sizes.per_slot, sizes.per_slot - 1)
    synapses.connect(i=leader, j=leader + 1 + np.arange(len(leader)) % (sizes.per_slot - 1))
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
    _connect_within_trials(synapses, sizes.n_hidden, sizes.n_hidden, sizes.n_trials)
    return synapses


def loop(output, input, relay, sizes: Sizes, parts: tuple[str, ...]) -> tuple[Synapses, Synapses, Synapses]:
    """Every output neuron charges the latch of the input neuron that stands for the same sign of the same entry, and
    through an interneuron of its own, its relay, discharges the latch of the opposite sign."""
    charge = _spike_synapses(output, input, "charge", "latch_post += 1", parts)
    to_relay = _spike_synapses(output, relay, "to_relay", "v_post += 1", parts)
    discharge = _spike_synapses(relay, input, "discharge", "latch_post -= 1", parts)
    n = np.arange(sizes.n_trials * 2 * sizes.key_dim)
    charge.connect(i=n, j=n)
    to_relay.connect(i=n, j=n)
    discharge.connect(i=n, j=_opposite(sizes.key_dim, sizes.n_trials))
    return charge, to_relay, discharge


def connections(groups: Populations, sizes: Sizes, n_feedforward: int, p: Parameters, parts: tuple[str, ...]
                ) -> Connections:  # fmt: skip
    """All synapses between the groups."""
    input, feedforward, hidden, interneuron, output, relay = groups
    n_interneurons = int(p.n_interneurons)
    count, subtract = feedforward_inhibition(input, feedforward, hidden, sizes, n_feedforward, parts)
    recruit, inhibit = lateral_inhibition(hidden, interneuron, sizes, n_interneurons, p, parts)
    charge, to_relay, discharge = (
        (None, None, None) if relay is None else loop(output, input, relay, sizes, parts)
    )
    made = Connections(
        key=key_synapses(input, hidden, sizes, parts),
        count_input=count,
        subtract=subtract,
        recruit=recruit,
        inhibit=inhibit,
        value=value_synapses(hidden, output, sizes, parts),
        opponent=opponent_inhibition(output, sizes, parts),
        prime=None if "race" in parts else priming_chain(hidden, sizes, p.priming_delay * second),
        couple=dendritic_coupling(hidden, sizes) if "assembly" in parts else None,
        veto=race_veto(hidden, sizes) if "race" in parts else None,
        charge=charge,
        to_relay=to_relay,
        discharge=discharge,
    )
    if p.axon_delay:
        # lateral inhibition has a delay of its own, and dendrites have no axon
        others = made._replace(inhibit=None, prime=None, couple=None, veto=None)
        for synapses in others.bundles():
            n_source = len(synapses.source) // sizes.n_trials
            synapses.pre.delay = AXON_DELAY.format(longest=float(p.axon_delay), n_source=n_source)
    return made


def _spike_synapses(source, target, name: str, transmit: str, parts: tuple[str, ...], rate: str = "", learn: str = "",
                    model: str = "", on_pre=None, on_event=None, **how) -> Synapses:  # fmt: skip
    """Synapses that `transmit` at a spike of the source and then `learn` at a rate eta, unless the release fails."""
    steps = [transmit, rate, learn]
    if "imperfect" in parts:
        model += FAILING
        steps = [RELEASE, f"{transmit}*released", rate, "eta *= released" if rate else "", learn]
    code = "\n".join(step for step in steps if step)
    return Synapses(
        source, target, clock=source.clock, model=model, on_pre={"pre": code, **(on_pre or {})},
        on_event={"pre": "spike", **(on_event or {})}, name=name, **how,
    )  # fmt: skip


def _opposite(n_entries: int, n_trials: int) -> np.ndarray:
    """For every ON and OFF neuron the number of the one for the other sign."""
    trial, neuron = np.divmod(np.arange(n_trials * 2 * n_entries), 2 * n_entries)
    return trial * 2 * n_entries + (neuron + n_entries) % (2 * n_entries)


def _connect_within_trials(synapses: Synapses, n_source: int, n_target: int, n_trials: int) -> None:
    trial, i, j = (a.ravel() for a in np.indices((n_trials, n_source, n_target)))
    synapses.connect(i=trial * n_source + i, j=trial * n_target + j)

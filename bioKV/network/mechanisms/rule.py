"""A parameterised rule (eqs. 12 to 16) in the place of eqs. 9 and 11."""

from __future__ import annotations

import functools
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...checks import shown
from ...rule import Rule, check_rule
from ..blueprint import Blueprint
from ..mechanism import Mechanism, Request
from ..parts import Part, Pathway

if TYPE_CHECKING:
    from ..parameters import Parameters

WEIGHTS = LOW, HIGH = 0.0, 10.0  # the range of a rule's weights
# h of eqs. 15 and 16 as a firing rate, 1 at the rate of a slot that fires alone; axons learn once the trigger is over
RATE_CODED = Part(
    """
    dactivity/dt = -activity/tau_activity : 1
    tau_activity : second (shared, constant)
    full_rate : Hz (shared, constant)
    writing = clip(q, 0, 1)*int(since_onset > trigger_onset + trigger_time) : 1
    """,
    at={"spike": "activity += 1/(full_rate*tau_activity)"},
    keeps=("activity",),
)
# K, ON minus OFF around 1/2, is written at the dendritic spike (eq. 15): presynaptic eligibility 1 or 0 is x = 1 or -1
# for the ON neuron, and the other way round for the OFF neuron
KEY_WRITE = Part(
    """
    eta_k : 1 (shared, constant)
    a_fk : 1 (shared, constant)
    b_fk : 1 (shared, constant)
    a_gk : 1 (shared, constant)
    b_gk : 1 (shared, constant)
    """,
    pathways={"write": Pathway(
        "target", "dendritic_spike",
        rate="eta = clip(q_post, 0, 1)*eta_k",
        learn=f"""
        g_of_h = a_gk*activity_post + b_gk
        f_of_x = a_fk*(2*eligibility_pre - 1) + b_fk*polarity_pre
        w = clip(0.5 + clip(1 - eta, 0, 1)*(w - 0.5) + 0.5*eta*g_of_h*f_of_x, {LOW:g}, {HIGH:g})
        """,
    )},
)  # fmt: skip
# V (eq. 16): what was there decays once per presentation that stores, with or without a plateau. A hidden spike writes
# the Hebbian and the presynaptic term, an output spike the postsynaptic one; each is a share of what a store writes
VALUE_WRITE = Part(
    """
    eta_v : 1 (shared, constant)
    decay : 1 (shared, constant)
    a_fv : 1 (shared, constant)
    b_fv : 1 (shared, constant)
    a_gv : 1 (shared, constant)
    b_gv : 1 (shared, constant)
    hidden_spikes : 1 (shared, constant)
    output_spikes : 1 (shared, constant)
    """,
    at={"onset": f"""
        w *= 1 - clip(q_pre, 0, 1)*(1 - decay)
        w = clip(w + 0.5*clip(q_pre, 0, 1)*eta_v*b_fv*b_gv*polarity_post, {LOW:g}, {HIGH:g})
        """},
    pathways={
        "pre": Pathway(
            rate="eta = writing_pre*eta_v*a_fv/hidden_spikes",
            learn=f"w = clip(w + eta*(a_gv*activity_post + 0.5*b_gv*polarity_post), {LOW:g}, {HIGH:g})",
        ),
        "post": Pathway(
            "target", "spike",
            rate="eta = clip(q_pre, 0, 1)*eta_v*b_fv*a_gv/output_spikes",
            learn=f"w = clip(w + eta, {LOW:g}, {HIGH:g})",
        ),
    },
)  # fmt: skip
KEY, VALUE = ("eta_k", "a_fk", "b_fk", "a_gk", "b_gk"), ("eta_v", "decay", "a_fv", "b_fv", "a_gv", "b_gv")


@dataclass(frozen=True)
class SpikingRule(Mechanism):
    """rule : of single numbers, with axon 0."""

    rule: Rule
    turn = 30
    needs = ("hidden.q", "hidden.trigger_time : second", "input.polarity", "output.polarity", "key.w", "value.w")

    @classmethod
    def asked_for(cls, request: Request) -> SpikingRule | None:
        """Where there is a rule. Warns of one whose keys ON and OFF weights cannot hold.

        Raises ValueError for one that spiking synapses do not have: other numbers for every neuron, a plateau in the
        axon, keys or values of no size; for coarse or noisy weights, whose range is 0 to 1; and beside a threshold of
        stability.
        """
        if request.rule is None:
            return None
        checked = check_rule(request.rule, *request.sizes)
        for name, value in checked._asdict().items():
            if np.ndim(value):
                raise ValueError(f"the spiking memory takes one number for {name}; got an array of shape {value.shape}")
        if checked.axon != 0:
            raise ValueError(f"in spikes a rule has axon = 0, no plateau in the axon; got {shown(checked.axon)}"
                             " (without a rule the spiking memory learns by section 2's)")  # fmt: skip
        if not (key_size(checked) > 0 and value_size(checked) > 0):
            raise ValueError("a rule without keys (eta_k b_gk a_fk = 0) or values (eta_v a_fv a_gv = 0) learns nothing")
        if request.parameters.weight_noise or request.parameters.weight_levels:
            raise ValueError("weight_noise and weight_levels are of weights from 0 to 1; a rule's have another range")
        if request.stability_threshold is not None:
            raise ValueError("a rule has no stability; leave stability_threshold away")
        warn_of_keys_too_large(key_size(checked))
        return cls(checked)

    def adjust(self, parameters: Parameters) -> Parameters:
        """Thresholds and inhibition in proportion to the rule's keys, output weights to its values."""
        p, size = parameters, key_size(self.rule)
        return p._replace(
            theta_per_entry=p.theta_per_entry * size,
            inhibition_per_entry=p.inhibition_per_entry * size,
            feedforward_gain=1 + (p.feedforward_gain - 1) * size,
            output_weight=p.output_weight / value_size(self.rule),
        )

    def add(self, network: Blueprint) -> Blueprint:
        """The rule's writing in the place of section 2's, in key and value synapses."""
        return (
            network.adding("hidden", "rate code", RATE_CODED)
            .replacing("key", "write", KEY_WRITE)
            .wired("key", weights=WEIGHTS)
            .removing("value", "decay")
            .replacing("value", "write", VALUE_WRITE)
            .wired("value", weights=WEIGHTS)
        )

    def settings(self, network: Blueprint, values: dict[str, Any]) -> dict[str, Any]:
        """The rule's numbers."""
        of = {"key": KEY, "value": VALUE}
        return {f"{owner}.{name}": float(getattr(self.rule, name)) for owner, names in of.items() for name in names}


def key_size(rule: Rule) -> float:
    """The size of a written key entry, where section 2 has 1."""
    return abs(rule.eta_k * rule.b_gk * rule.a_fk)


def value_size(rule: Rule) -> float:
    """The size of a written value entry, where section 2 has 1."""
    return abs(rule.eta_v * rule.a_fv * rule.a_gv)


@functools.cache  # once per process
def warn_of_keys_too_large(size: float) -> None:
    """Warn if ON minus OFF weights, which move by half of a key entry of this size, leave their range."""
    held = min(0.5 + size / 2, HIGH) - max(0.5 - size / 2, LOW)
    if held < 0.98 * size:
        warnings.warn(
            f"this rule writes keys of size {size:g}, but ON and OFF weights, which start at 0.5 and stay above 0, hold"
            f" {held:g}: drives are that much weaker than in the rate memory (|eta_k b_gk a_fk| of at most 1 fits)",
            stacklevel=2,
        )

"""A parameterised rule (eqs. 12 to 16) in the place of eqs. 9 and 11."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...checks import shown
from ...rule import Rule, check_rule
from ..blueprint import Blueprint
from ..mechanism import Mechanism, Request
from ..parts import Event, Part, Pathway

if TYPE_CHECKING:
    from ..parameters import Parameters

WRITES = 10.0  # values range up to what so many writes into one slot add up to, up or down
# all axons learn, with or without a plateau: once per presentation, when one that began with the trigger would end
AXON = Part(
    "axon_stage : 1                              # 0 at first, 1 after the trigger, 2 once values are written",
    at={"onset": "axon_stage = 0", "trigger_end": "axon_stage = 1", "axon_end": "axon_stage = 2"},
    events={
        "trigger_end": Event("axon_stage < 1 and since_onset - trigger_onset > trigger_time"),
        "axon_end": Event(
            "axon_stage == 1 and since_onset - trigger_onset > trigger_time + plateau_time", "before_synapses"
        ),
    },
)
# K, ON minus OFF around the middle of their range, is written at the dendritic spike (eq. 15): presynaptic eligibility
# 1 or 0 is x = 1 or -1 for the ON neuron, and the other way round for the OFF neuron
KEY_WRITE = Part(
    """
    w_middle : 1 (shared, constant)             # of the range of weights
    eta_k : 1 (shared, constant)
    a_fk : 1 (shared, constant)
    b_fk : 1 (shared, constant)
    a_gk : 1 (shared, constant)
    b_gk : 1 (shared, constant)
    """,
    pathways={"write": Pathway(
        "target", "dendritic_spike",
        rate="eta = clip(q_post, 0, 1)*eta_k",
        learn="""
        written = 0.5*eta*(a_gk*share_post + b_gk)*(a_fk*(2*eligibility_pre - 1) + b_fk*polarity_pre)
        w = clip(w_middle + clip(1 - eta, 0, 1)*(w - w_middle) + written, 0, 2*w_middle)
        """,
    )},
)  # fmt: skip
# V (eq. 16), ON minus OFF, around the middle too
VALUE_WRITE = Part(
    """
    eta_v : 1 (shared, constant)
    decay : 1 (shared, constant)
    a_fv : 1 (shared, constant)
    b_fv : 1 (shared, constant)
    a_gv : 1 (shared, constant)
    b_gv : 1 (shared, constant)
    """,
    pathways={"write": Pathway(
        "source", "axon_end",
        rate="eta = clip(q_pre, 0, 1)*eta_v*(a_fv*share_pre + b_fv)",
        learn="""
        written = 0.5*eta*(a_gv*(2*activity_post - 1) + b_gv*polarity_post)
        w = clip(w_middle + (1 - clip(q_pre, 0, 1)*(1 - decay))*(w - w_middle) + written, 0, 2*w_middle)
        """,
    )},
)  # fmt: skip
# feed-forward inhibition of the outputs by every vote takes the middle away. The evidence of an entry's two neurons is
# then V up and V down; two large sums that are nearly equal would race to a tie
TRANSMISSION = Part(
    """
    output_weight : 1 (shared, constant)
    acetylcholine : 1 (shared, constant)
    w_middle : 1 (shared, constant)             # of the range of weights
    """,
    pathways={"pre": Pathway(
        transmit="v_post += output_weight*(w - w_middle)*(1 - acetylcholine*int(q_pre > 0))",
    )},
)  # fmt: skip
KEY, VALUE = ("eta_k", "a_fk", "b_fk", "a_gk", "b_gk"), ("eta_v", "decay", "a_fv", "b_fv", "a_gv", "b_gv")


@dataclass(frozen=True)
class SpikingRule(Mechanism):
    """A parameterised rule (eqs. 12 to 16) in the place of eqs. 9 and 11.

    Parameters
    ----------
    rule : Rule
        Of single numbers, with axon 0.

    Examples
    --------
    >>> from bioKV import Rule, SpikingMemory
    >>> memory = SpikingMemory(8, 4, 8, rule=Rule(axon=0.0, eta_k=0.5), engine="numpy")
    >>> memory.blueprint().values["key.eta_k"]
    0.5
    """

    rule: Rule
    turn = 30
    needs = ("hidden.q", "hidden.trigger_time : second", "input.polarity", "output.polarity", "key.w", "value.w")

    @classmethod
    def asked_for(cls, request: Request) -> SpikingRule | None:
        """Where there is a rule.

        Raises
        ------
        ValueError
            For one that spiking synapses do not have: other numbers for every neuron, a plateau in the axon, keys or
            values of no size; for coarse or noisy weights, whose range is 0 to 1; and beside a threshold of stability.
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
        return cls(checked)

    def adjust(self, parameters: Parameters) -> Parameters:
        """Feed-forward inhibition in proportion to the range of key weights; output weights to the rule's values."""
        p = parameters
        return p._replace(
            feedforward_gain=p.feedforward_gain * key_range(self.rule),
            output_weight=2 * p.output_weight / value_size(self.rule),
        )

    def add(self, network: Blueprint) -> Blueprint:
        """The rule's writing in the place of section 2's, in key and value synapses.

        h is a slot's share of the votes, since the onset for a key, whose write comes first, and since the trigger for
        a value.
        """
        keys, values = key_range(self.rule), value_range(self.rule)
        share = network.neurons["hidden"].parts["share"].at["plateau_end"]
        counts = {
            "onset": "own = 0\nheard_before = 0", "spike": "own += 1", "dendritic_spike": share,
            "trigger_end": "own = 0\nheard_before = heard", "axon_end": share,
        }  # fmt: skip
        return (
            network.adding("hidden", "axon", AXON)
            .changing("hidden", "share", at=counts)
            .changing("key", "weight", first={"w": keys / 2})
            .replacing("key", "write", KEY_WRITE)
            .wired("key", weights=(0.0, keys))
            .replacing("value", "write", VALUE_WRITE)
            .replacing("value", "transmission", TRANSMISSION)
            .changing("value", "weight", first={"w": values / 2})
            .wired("value", weights=(0.0, values))
        )

    def settings(self, network: Blueprint, values: dict[str, Any]) -> dict[str, Any]:
        """The rule's numbers."""
        of = {"key": KEY, "value": VALUE}
        numbers = {f"{owner}.{name}": float(getattr(self.rule, name)) for owner, names in of.items() for name in names}
        middles = {"key": key_range(self.rule) / 2, "value": value_range(self.rule) / 2}
        return {**numbers, **{f"{owner}.w_middle": middle for owner, middle in middles.items()}}


def key_size(rule: Rule) -> float:
    """The size of a written key entry, where section 2 has 1.

    Parameters
    ----------
    rule : Rule
        Of single numbers.

    Returns
    -------
    float
        The size.
    """
    return abs(rule.eta_k * rule.b_gk * rule.a_fk)


def key_range(rule: Rule) -> float:
    """The largest a key entry can become: what is left of the old one and what is written add up to no more.

    Parameters
    ----------
    rule : Rule
        Of single numbers.

    Returns
    -------
    float
        The size.
    """
    return max(1, abs(rule.eta_k)) * (abs(rule.a_gk) + abs(rule.b_gk)) * (abs(rule.a_fk) + abs(rule.b_fk))


def value_size(rule: Rule) -> float:
    """The size of a written value entry, where section 2 has 1.

    Parameters
    ----------
    rule : Rule
        Of single numbers.

    Returns
    -------
    float
        The size.
    """
    return abs(rule.eta_v * rule.a_fv * rule.a_gv)


def value_range(rule: Rule) -> float:
    """The largest value entry that is told from others.

    Parameters
    ----------
    rule : Rule
        Of single numbers.

    Returns
    -------
    float
        The size.
    """
    return WRITES * value_size(rule)

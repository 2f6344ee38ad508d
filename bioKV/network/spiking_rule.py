"""A parameterised rule (eqs. 12-16) in spikes: what its synapses get, and the excitability that suits its weights."""

from __future__ import annotations

import numpy as np

from ..checks import shown
from ..rule import Rule, check_rule
from .parameters import Parameters


def check_spiking_rule(rule: Rule, sizes: tuple[int, int, int], parameters: Parameters) -> Rule:
    """The rule as floats. Raises ValueError for one that spiking synapses do not have: other numbers for every neuron,
    a plateau in the axon, keys or values of no size; and for coarse or noisy weights, whose range is 0 to 1."""
    checked = check_rule(rule, *sizes)
    for name, value in checked._asdict().items():
        if np.ndim(value):
            raise ValueError(f"the spiking memory takes one number for {name}; got an array of shape {value.shape}")
    if checked.axon != 0:
        raise ValueError(f"in spikes a rule has axon = 0, no plateau in the axon; got {shown(checked.axon)}"
                         " (without a rule the spiking memory learns by section 2's)")  # fmt: skip
    if not (key_size(checked) > 0 and value_size(checked) > 0):
        raise ValueError("a rule without keys (eta_k b_gk a_fk = 0) or values (eta_v a_fv a_gv = 0) learns nothing")
    if parameters.weight_noise or parameters.weight_levels:
        raise ValueError("weight_noise and weight_levels are of weights from 0 to 1; a rule's have another range")
    return checked


def key_size(rule: Rule) -> float:
    """The size of a written key entry, where section 2 has 1."""
    return abs(rule.eta_k * rule.b_gk * rule.a_fk)


def value_size(rule: Rule) -> float:
    """The size of a written value entry, where section 2 has 1."""
    return abs(rule.eta_v * rule.a_fv * rule.a_gv)


def rule_settings(rule: Rule | None) -> dict[str, np.float64]:
    """The rule as variables of the synapses."""
    if rule is None:
        return {}
    key, value = ("eta_k", "a_fk", "b_fk", "a_gk", "b_gk"), ("eta_v", "decay", "a_fv", "b_fv", "a_gv", "b_gv")
    of = {"key": key, "value": value}
    return {f"{owner}.{name}": np.float64(getattr(rule, name)) for owner, names in of.items() for name in names}


def parameters_for(rule: Rule, p: Parameters) -> Parameters:
    """The parameters with thresholds and inhibition in proportion to the rule's keys, output weights to its values."""
    size = key_size(rule)
    return p._replace(
        theta_per_entry=p.theta_per_entry * size,
        inhibition_per_entry=p.inhibition_per_entry * size,
        feedforward_gain=1 + (p.feedforward_gain - 1) * size,
        output_weight=p.output_weight / value_size(rule),
    )

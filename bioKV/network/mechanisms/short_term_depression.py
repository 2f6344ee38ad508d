"""Short-term depression of the input's synapses (Tsodyks and Markram, 1997): a release takes a share of a resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...checks import check_fraction, check_number
from ...units import Time, ms, of_kind
from ..blueprint import Blueprint
from ..mechanism import Mechanism
from ..parts import Part, Pathway

STRENGTH = {"key": "w_key", "count_input": "w_count"}  # of the bundles whose axons are the input's
RECOVER = """
    resource = 1 - (1 - resource)*exp(-(t - last_release)/tau_recovery)
    last_release = t
"""
MODEL = """
    resource : 1                                # what is there to be released, 1 after a long rest
    last_release : second                       # when that was, or the onset
    utilisation : 1 (shared, constant)
    tau_recovery : second (shared, constant)
"""


@dataclass(frozen=True)
class ShortTermDepression(Mechanism):
    """Short-term depression of the input's synapses: a release takes a share of a resource, which comes back.

    The model is that of Tsodyks and Markram [1]_. It acts on all that input axons reach, key synapses and feed-forward
    interneurons. Synapses are made stronger by what depression takes from a neuron that fires at `input_rate` for long,
    so that the drive of a key ends where it would without; it begins higher.

    Parameters
    ----------
    utilisation : float
        The share of the resource that a release takes.
    tau_recovery : Time
        In which the resource comes back.

    Raises
    ------
    ValueError
        If utilisation lies outside [0, 1], or tau_recovery is no time above 0.

    References
    ----------
    .. [1] M. V. Tsodyks, H. Markram. The neural code between neocortical pyramidal neurons depends on neurotransmitter
       release probability. PNAS 94, 1997.

    Examples
    --------
    >>> from bioKV import SpikingMemory
    >>> from bioKV.network.mechanisms.short_term_depression import ShortTermDepression
    >>> memory = SpikingMemory(8, 4, 8, mechanisms=[ShortTermDepression(utilisation=0.3)], engine="numpy")
    >>> memory.blueprint().values["key.utilisation"]
    0.3
    """

    utilisation: float = 0.2
    tau_recovery: Time = 100 * ms
    turn = 85  # after imperfections: what is not released is not used up
    needs = ("key.w_key", "count_input.w_count", "input.input_rate : Hz")

    def __post_init__(self):
        check_fraction("utilisation", self.utilisation)
        object.__setattr__(self, "tau_recovery", of_kind(Time, "tau_recovery", self.tau_recovery))  # of Brian2's, too
        check_number("tau_recovery", self.tau_recovery, above=True)

    def add(self, network: Blueprint) -> Blueprint:
        """A resource in every synapse of the input, which scales what a spike transmits."""
        for name in STRENGTH:
            released = "*released" if "released" in network.bundles[name].pathways()["pre"].scale else ""
            used = f"resource -= utilisation*resource{released}"
            step = Pathway(release=RECOVER, scale="resource", after=used)
            # what one presentation hands on is the resource at its end, so it recovers up to every onset
            part = Part(
                MODEL, at={"onset": RECOVER}, pathways={"pre": step}, first={"resource": 1.0}, keeps=("resource",)
            )
            network = network.adding(name, "depression", part)
        return network

    def settings(self, network: Blueprint, values: dict[str, Any]) -> dict[str, Any]:
        """The two numbers, and the strengths that make up for them."""
        left = np.exp(-1 / (values["input.input_rate"] * self.tau_recovery))  # of what is missing, at the next spike
        steady = (1 - left) / (1 - (1 - self.utilisation) * left)
        found: dict[str, float] = {}
        for name, strength in STRENGTH.items():
            found |= {f"{name}.utilisation": self.utilisation, f"{name}.tau_recovery": self.tau_recovery}
            found[f"{name}.{strength}"] = values[f"{name}.{strength}"] / steady
        return found


mechanism = ShortTermDepression()

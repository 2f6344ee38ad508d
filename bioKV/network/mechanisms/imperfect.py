"""Failing, noisy, coarse and unequal parts, as in brains and on chips. One switch: a program each would be 64."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...checks import check_count, check_fraction, check_number
from ..blueprint import Blueprint
from ..equations import formulas, used
from ..mechanism import Mechanism, Request, State
from ..parts import Part, Pathway

KNOBS = ("input_irregularity", "release_failure", "hidden_noise", "output_noise", "weight_noise", "weight_levels",
         "heterogeneity", "dead_share")  # fmt: skip
OUT_OF_REACH = 1e30  # of a dead neuron
UNEQUAL = """
    threshold : 1 (constant)                    # as a share of the usual one
    slowness : 1 (constant)                     # of time constants, as a share of the usual ones
"""
NOISY = """
    noise : 1
    {population}_noise : 1 (shared, constant)
    tau_noise : second (shared, constant)
"""
# the exact step of an Ornstein-Uhlenbeck process
NOISE = "noise = noise*exp(-dt/tau_noise) + {population}_noise*sqrt(1 - exp(-2*dt/tau_noise))*randn()"
# what is left to the next spike is 1 if regular, Exp(1) if Poisson
IRREGULAR = Part("input_irregularity : 1 (shared, constant)",
                 at={"spike": "phase += threshold*input_irregularity*(1 + log(1 - rand()))"})  # fmt: skip
# a spike releases nothing with this probability, at every synapse on its own; then nothing is learned from it either
FAILING = "release_failure : 1 (shared, constant)"
RELEASE = "released = int(rand() >= release_failure)"
# every synapse has a rate of its own now, also where a mechanism has set one number for all, which Brian2 would keep as
# one: it is first named beside what every synapse draws, as a real number
OWN_RATE = "eta = 1.0*released"


IMPRECISE = """
    weight_noise : 1 (shared, constant)
    weight_steps : 1 (shared, constant)
    coarse : 1 (shared, constant)
"""


def imprecise(low: float, high: float) -> str:
    """Code of an imprecise write.

    Write noise: its variance grows with eta*(2 - eta), so that many small writes end as noisy as one full write. Then
    the two nearest of the values a weight can have share the chance of being it.

    Parameters
    ----------
    low, high : float
        The range of the weight.

    Returns
    -------
    str
        Brian2's statements.
    """
    if (low, high) == (0, 1):
        span, position, value = "", "w", "{}"
    else:
        span, position, value = f"{high - low:g}*", f"(w - {low:g})/{high - low:g}", f"({low:g} + {high - low:g}*{{}})"
    level = value.format(f"floor({position}*weight_steps + rand())/weight_steps")
    return f"""
    w = clip(w + {span}weight_noise*sqrt(clip(eta*(2 - eta), 0, 1))*randn(), {low:g}, {high:g})
    w += coarse*int(eta > 0)*({level} - w)
    """


@dataclass(frozen=True)
class Imperfect(Mechanism):
    """Failing, noisy, coarse and unequal parts: irregular input, unequal or dead neurons, coarse weights.

    Its numbers decide what a trial starts from, and the number of values of a weight. The other knobs (release failure,
    noise) are parameters of the network, set by their names: one program serves all values.

    Parameters
    ----------
    input_irregularity : float
        From 0, input neurons fire regularly, to 1, as a Poisson process.
    heterogeneity : float
        Standard deviation of thresholds and time constants over neurons, as a share.
    dead_share : float
        Share of neurons, of every population, that never spike.
    weight_levels : int
        Values a weight can have; 0: any.

    Raises
    ------
    ValueError
        For a share outside [0, 1], another number below 0, or weight_levels that is no whole number.

    Examples
    --------
    >>> from bioKV import Parameters, SpikingMemory
    >>> memory = SpikingMemory(8, 4, 8, parameters=Parameters(release_failure=0.3, weight_levels=4), engine="numpy")
    >>> "release failure" in memory.blueprint().bundles["key"].parts
    True
    """

    input_irregularity: float
    heterogeneity: float
    dead_share: float
    weight_levels: int
    turn = 80
    needs = ("input.phase", "hidden.noise", "output.noise")

    def __post_init__(self):
        check_fraction("input_irregularity", self.input_irregularity)
        check_number("heterogeneity", self.heterogeneity)
        check_fraction("dead_share", self.dead_share)
        check_count("weight_levels", self.weight_levels, least=0)

    @classmethod
    def asked_for(cls, request: Request) -> Imperfect | None:
        """Where one of KNOBS is above 0."""
        p = request.parameters
        if not any(getattr(p, name) > 0 for name in KNOBS):
            return None
        return cls(p.input_irregularity, p.heterogeneity, p.dead_share, p.weight_levels)

    def add(self, network: Blueprint) -> Blueprint:
        """Imperfections at their places in the network.

        Thresholds and time constants of every neuron's own, noise of membranes, irregular input; failing release at
        every axon, and imprecise writing at every pathway that learns.
        """
        for name, of in network.neurons.items():
            if "alike" not in of.parts:  # no neuron
                continue
            handed_on = ("threshold", "slowness") if "slowness" in used(formulas(of.model)) else ("threshold",)
            kept = handed_on if of.names("keeps") else ()  # relays stand at their start in every presentation
            unequal = Part(UNEQUAL, first={"threshold": 1, "slowness": 1}, keeps=kept)
            network = network.replacing(name, "alike", unequal)
        for name in ("hidden", "output"):
            noisy = Part(NOISY.format(population=name), at={"step": NOISE.format(population=name)}, keeps=("noise",))
            network = network.replacing(name, "noise", noisy)
        network = network.adding("input", "irregularity", IRREGULAR)
        for name, bundle in network.bundles.items():
            pathways = bundle.pathways()
            if bundle.is_axon:
                own, learns = (OWN_RATE, "eta *= released") if pathways["pre"].rate else ("", "")
                step = Pathway(release=f"{RELEASE}\n{own}".rstrip(), scale="released", rate=learns)
                network = network.adding(name, "release failure", Part(FAILING, pathways={"pre": step}))
            miss = Pathway(after=imprecise(*bundle.weights))
            writing = {pathway: miss for pathway, what in pathways.items() if what.learn}
            if writing:
                network = network.adding(name, "imprecise writing", Part(IMPRECISE, pathways=writing))
        return network

    def settings(self, network: Blueprint, values: dict[str, Any]) -> dict[str, Any]:
        """The number of steps between the values of a weight, and whether there are any."""
        steps, coarse = float(max(self.weight_levels - 1, 1)), float(self.weight_levels > 0)
        written = [name for name, of in network.bundles.items() if "imprecise writing" in of.parts]
        return {f"{name}.{variable}": number for name in written
                for variable, number in (("weight_steps", steps), ("coarse", coarse))}  # fmt: skip

    def start(self, network: Blueprint, begun: State, rng: np.random.Generator) -> State:
        """Irregular first spikes of the input; for every neuron its threshold and slowness, and whether it is dead."""
        begun = dict(begun)
        size = network.neurons["input"].size
        begun["input.phase"] = begun["input.phase"] * (1 - self.input_irregularity)
        begun["input.phase"] += self.input_irregularity * (1 - rng.exponential(size=size))
        for name, of in network.neurons.items():
            if "alike" not in of.parts:
                continue
            threshold, slowness = np.exp(self.heterogeneity * rng.standard_normal((2, of.size)))
            dead = rng.random(of.size) < self.dead_share
            if f"{name}.tolerance" in begun:  # escape noise has no sharp threshold
                begun[f"{name}.tolerance"][dead] = OUT_OF_REACH
            else:
                threshold[dead] = OUT_OF_REACH
            begun[f"{name}.threshold"] = threshold
            if "slowness" in of.names("keeps"):
                begun[f"{name}.slowness"] = slowness
        return begun

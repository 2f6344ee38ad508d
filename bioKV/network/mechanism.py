"""Mechanism: what some networks have and others do not, as a change of a blueprint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .blueprint import Blueprint

if TYPE_CHECKING:
    from ..rule import Rule
    from ..third_factors import ThirdFactor
    from .parameters import Parameters


State = dict[str, np.ndarray]  # "population.variable" -> (n,), of one trial


class Request(NamedTuple):
    """What a spiking memory was asked for. sizes : (d, N, m). feedback, imposed, graded : whether the episode brings
    keys by feedback, plateaus of its own, and more than signs. mechanisms : the user's own."""

    sizes: tuple[int, int, int]
    third_factor: ThirdFactor
    parameters: Parameters
    stability_threshold: tuple[float, float] | None = None
    rule: Rule | None = None
    feedback: bool = False
    imposed: bool = False
    graded: bool = False
    mechanisms: tuple[Mechanism, ...] = ()


class Mechanism:
    """One file, and one frozen object with its numbers: a pure function from blueprint to blueprint.

    needs : "population.variable", or "population.variable : unit" where it has one, that must be there already.
    turn : mechanisms are added by their turn, those of one turn in the order in which they were given. A user's own
        come (50) after the circuit's and before what acts on all synapses there are (imperfections, delays).
    Only `add` must be written.
    """

    needs: tuple[str, ...] = ()
    turn = 50

    @classmethod
    def asked_for(cls, request: Request) -> Mechanism | None:
        """The mechanism that a request calls for; None (always, unless a built-in one says more) if it does not.

        Raises ValueError where the request contradicts itself.
        """
        return None

    def adjust(self, parameters: Parameters) -> Parameters:
        """The network's parameters with this mechanism in it."""
        return parameters

    def add(self, network: Blueprint) -> Blueprint:
        """The network with its parts, populations and synapses. This alone decides what is compiled.

        Raises ValueError if it does not fit.
        """
        raise NotImplementedError(f"{type(self).__name__} has no method `add(network)`")

    def settings(self, network: Blueprint, values: dict[str, Any]) -> dict[str, Any]:
        """"population.variable" -> a number, or an array of one per neuron, in SI units, set at the built network.
        values : those of all that was there before."""
        return {}

    def start(self, network: Blueprint, begun: State, rng: np.random.Generator) -> State:
        """What a trial starts from, where that is random; `begun` is what there is so far."""
        return begun

    def check_needs(self, network: Blueprint) -> None:
        """Raise ValueError unless everything it needs is there, with its unit."""
        for need in self.needs:
            name, _, unit = (word.strip() for word in need.partition(":"))
            owner, _, variable = name.partition(".")
            there = network.owner(owner).variables()
            if variable not in there:
                raise ValueError(f"it needs {name}, but {owner} has {', '.join(there)}")
            if there[variable].unit != (unit or "1"):
                raise ValueError(f"it needs {name} : {unit or '1'}, but that is in {there[variable].unit}")

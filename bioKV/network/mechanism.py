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
    """What a spiking memory was asked for.

    Parameters
    ----------
    sizes : tuple of int
        Key entries d, slots N and value entries m.
    third_factor : ThirdFactor
        Which dendrites have a plateau when.
    parameters : Parameters
        The memory's parameters.
    stability_threshold : tuple of float or None
        Rates q at which key and value synapses freeze (eq. 17).
    rule : Rule or None
        The rule of learning in the place of eqs. 9 and 11.
    feedback : bool
        Whether the episode brings keys by feedback.
    imposed : bool
        Whether the episode brings plateaus of its own.
    graded : bool
        Whether the episode shows more than signs.
    mechanisms : tuple of Mechanism
        The user's own.
    """

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
    r"""What some networks have and others do not: a pure function from blueprint to blueprint.

    A mechanism is one file, and one frozen object with its numbers. Only `add` must be written.

    Attributes
    ----------
    needs : tuple of str
        "population.variable", or "population.variable : unit" where it has one, that must be there already.
    turn : int
        Mechanisms are added by their turn, those of one turn in the order in which they were given. A user's own come
        (50) after the circuit's and before what acts on all synapses there are (imperfections, delays).

    Examples
    --------
    Hidden neurons that adapt: every spike takes them further from threshold for a while.

    >>> from dataclasses import dataclass
    >>> from bioKV import SpikingMemory
    >>> from bioKV.network import Mechanism, Part
    >>> @dataclass(frozen=True)
    ... class Adaptation(Mechanism):
    ...     by: float = 0.5  # of the threshold, per spike
    ...     tau: float = 0.05  # seconds
    ...     needs = ("hidden.drive", "hidden.slowness")
    ...
    ...     def add(self, network):
    ...         fatigue = Part(
    ...             "dfatigue/dt = -fatigue/tau_fatigue : 1\n"
    ...             "threshold = 1 + by*fatigue : 1\n"
    ...             "slowness = 1 : 1 (shared)\n"
    ...             "tau_fatigue : second (shared, constant)\n"
    ...             "by : 1 (shared, constant)",
    ...             at={"spike": "fatigue += 1"},
    ...             keeps=("fatigue",),
    ...         )
    ...         return network.replacing("hidden", "alike", fatigue)
    ...
    ...     def settings(self, network, values):
    ...         return {"hidden.by": self.by, "hidden.tau_fatigue": self.tau}
    >>> memory = SpikingMemory(8, 4, 8, engine="numpy", mechanisms=[Adaptation(by=0.2)])
    >>> memory.blueprint().values["hidden.by"]
    0.2
    """

    needs: tuple[str, ...] = ()
    turn = 50

    @classmethod
    def asked_for(cls, request: Request) -> Mechanism | None:
        """The mechanism that a request calls for; None, always, unless a built-in one says more.

        Parameters
        ----------
        request : Request
            What a spiking memory was asked for.

        Returns
        -------
        Mechanism or None
            The mechanism, if the request calls for it.

        Raises
        ------
        ValueError
            Where the request contradicts itself.
        """
        return None

    def adjust(self, parameters: Parameters) -> Parameters:
        """The network's parameters with this mechanism in it.

        Parameters
        ----------
        parameters : Parameters
            The parameters so far.

        Returns
        -------
        Parameters
            The parameters from here on.
        """
        return parameters

    def add(self, network: Blueprint) -> Blueprint:
        """The network with its parts, populations and synapses. This alone decides what is compiled.

        Parameters
        ----------
        network : Blueprint
            The network so far.

        Returns
        -------
        Blueprint
            The changed network.

        Raises
        ------
        ValueError
            If it does not fit.
        """
        raise NotImplementedError(f"{type(self).__name__} has no method `add(network)`")

    def settings(self, network: Blueprint, values: dict[str, Any]) -> dict[str, Any]:
        """What is set at the built network.

        Parameters
        ----------
        network : Blueprint
            The network, with all mechanisms.
        values : dict of str to float or np.ndarray
            What is set of all that was there before, in SI units.

        Returns
        -------
        dict of str to float or np.ndarray, shape (n,)
            "population.variable", and a number or one per neuron, in SI units.
        """
        return {}

    def start(self, network: Blueprint, begun: State, rng: np.random.Generator) -> State:
        """What a trial starts from, where that is random.

        Parameters
        ----------
        network : Blueprint
            The network.
        begun : dict of str to np.ndarray, shape (n,)
            What there is so far, by "population.variable".
        rng : np.random.Generator
            What is drawn from.

        Returns
        -------
        dict of str to np.ndarray, shape (n,)
            What there is now.
        """
        return begun

    def check_needs(self, network: Blueprint) -> None:
        """Refuse a network without all that the mechanism needs.

        Parameters
        ----------
        network : Blueprint
            The network so far.

        Raises
        ------
        ValueError
            Unless everything is there, with its unit.
        """
        for need in self.needs:
            name, _, unit = (word.strip() for word in need.partition(":"))
            owner, _, variable = name.partition(".")
            there = network.owner(owner).variables()
            if variable not in there:
                raise ValueError(f"it needs {name}, but {owner} has {', '.join(there)}")
            if there[variable].unit != (unit or "1"):
                raise ValueError(f"it needs {name} : {unit or '1'}, but that is in {there[variable].unit}")

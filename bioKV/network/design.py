"""The design of a network: what every network has, and which mechanisms, in which order, with which numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..checks import numbers_of, shown
from . import dendrite, hidden, input, output, plasticity
from .blueprint import Blueprint
from .clash import Clash
from .equations import formulas, used
from .mechanism import Mechanism, Request
from .mechanisms import built_in
from .parameters import Parameters, checked_parameters
from .parts import DRAW, Pathway
from .populations import Bundle


def common(sizes: tuple[int, int, int], p: Parameters) -> Blueprint:
    """What every network has.

    Parameters
    ----------
    sizes : tuple of int
        Key entries d, slots N and value entries m.
    p : Parameters
        Those under "structure" count, and the number of feed-forward interneurons.

    Returns
    -------
    Blueprint
        The network, without values.
    """
    d, n_slots, m = sizes
    n_feedforward = max(1, round(p.feedforward_per_entry * d))
    neurons = {
        "input": input.input_neurons(d),
        "feedforward": input.feedforward_neurons(n_feedforward),
        "hidden": hidden.hidden_neurons(n_slots),
        "interneuron": hidden.interneurons(p.n_interneurons),
        "pool": hidden.pool(),
        "output": output.output_neurons(m),
    }
    bundles = {
        "count_input": input.count_input(),
        "subtract": input.subtract(),
        "recruit": hidden.recruit(),
        "inhibit": hidden.inhibit(float(p.interneuron_delay)),
        "key": plasticity.key(),
        "value": plasticity.value(),
        "opponent": output.opponent(),
        "prime": dendrite.prime(float(p.priming_delay)),
    }
    return Blueprint(sizes, float(p.dt), float(p.stimulus_time + p.gap_time), neurons, bundles)


def mechanisms_of(request: Request) -> list[Mechanism]:
    """What the network has beyond the common: what the request calls for and the user's own, by their turns.

    Parameters
    ----------
    request : Request
        What a spiking memory was asked for.

    Returns
    -------
    list of Mechanism
        The mechanisms, in the order in which they are added.

    Raises
    ------
    ValueError
        Where the request contradicts itself.
    """
    asked = [mechanism for kind in built_in() if (mechanism := kind.asked_for(request)) is not None]
    return sorted([*asked, *request.mechanisms], key=lambda mechanism: mechanism.turn)


def blueprint_of(request: Request) -> Blueprint:
    """The network that was asked for.

    Parameters
    ----------
    request : Request
        What a spiking memory was asked for.

    Returns
    -------
    Blueprint
        The network, with its values.

    Raises
    ------
    ValueError
        For a mechanism that does not fit; it names the mechanism.
    """
    mechanisms, p = mechanisms_of(request), request.parameters
    for mechanism in mechanisms:
        with _said_of(mechanism):
            p = _checked(mechanism, p, mechanism.adjust(p))
    network, added = common(request.sizes, p), dict[tuple[str, str], Mechanism]()
    for mechanism in mechanisms:
        try:
            mechanism.check_needs(network)
            with _said_of(mechanism):
                changed = mechanism.add(network)
            if not isinstance(changed, Blueprint):
                raise ValueError(f"its add(network) must return the network that it makes; got {shown(changed)}")
            if type(mechanism) not in built_in():
                changed.check()
                if changed[:3] != network[:3]:
                    raise ValueError("its add(network) must leave the sizes, dt and window of the network as they are")
            added |= dict.fromkeys(_new(network, changed), mechanism)
            network = changed
        except Clash as problem:
            others = [f"{part or owner!r} is of the mechanism {type(added[owner, part]).__name__}"
                      for owner, part in problem.where if (owner, part) in added]  # fmt: skip
            whose = f" ({', '.join(others)})" if others else ""
            raise ValueError(f"the mechanism {type(mechanism).__name__} does not fit: {problem}{whose}") from None
        except ValueError as problem:
            raise ValueError(f"the mechanism {type(mechanism).__name__} does not fit: {problem}") from None
    check_first(network)
    check_names(network)
    check_links(network)
    values = parameter_values(network, p)
    values |= dendrite.third_factor_values(request.third_factor, request.sizes[1], request.imposed)
    for mechanism in mechanisms:
        values |= _settings(mechanism, network, values)
    _check_all_set(network, values)
    return network._replace(values=values)


def _new(before: Blueprint, after: Blueprint) -> list[tuple[str, str]]:
    """Owner and part, of parts that were added or changed; the part is "" for a population or bundle that is new."""
    old = dict(before.owners())
    new = [(owner, "") for owner, _ in after.owners() if owner not in old]
    for owner, of in after.owners():
        there = old[owner].parts if owner in old else {}
        new += [(owner, name) for name, part in of.parts.items() if there.get(name) is not part]
    return new


def parameter_values(network: Blueprint, p: Parameters) -> dict[str, float]:
    """The parameters as values of the variables that have their names, for a network of this size.

    Parameters
    ----------
    network : Blueprint
        The network, with all its mechanisms.
    p : Parameters
        The parameters, as mechanisms adjusted them.

    Returns
    -------
    dict of str to float
        "population.variable", and the number in SI units.
    """
    derived = {
        "w_key": 2 * p.drive_gain / (p.input_rate * p.tau_drive),  # so that the mean drive of a matching entry is 2
        "w_count": 1 / (2 * network.neurons["feedforward"].size),
        "opening": 2 * p.drive_gain,  # which a dendritic spike brings at once
        "w_inhibit": p.vote_inhibition / (p.n_interneurons * p.recruitment),
        "hearing": 1 / (p.n_interneurons * p.recruitment),
        "window": p.stimulus_time + p.gap_time,
    }
    named = {name: float(value) for name, value in {**p._asdict(), **derived}.items()}
    return {
        f"{owner}.{name}": named[name]
        for owner, of in network.owners()
        for name, variable in of.variables().items()
        if variable.is_set_once and name in named
    }


def _checked(mechanism: Mechanism, before: Parameters, after: Any) -> Parameters:
    """What a mechanism made of the parameters. Raises ValueError, naming it, if no network can have that."""
    if after is before:
        return before
    try:
        return checked_parameters(after)
    except ValueError as problem:
        raise ValueError(f"the mechanism {type(mechanism).__name__} does not fit: {problem}") from None


@contextmanager
def _said_of(mechanism: Mechanism) -> Iterator[None]:
    """Raises ValueError, naming the mechanism, for whatever one of the user's own raises that is none already."""
    try:
        yield
    except (ValueError, MemoryError):
        raise
    except Exception as problem:
        what = f"{type(problem).__name__}: {' '.join(str(problem).split())}"
        raise ValueError(f"the mechanism {type(mechanism).__name__} fails: {what}") from problem


def _settings(mechanism: Mechanism, network: Blueprint, values: dict[str, Any]) -> dict[str, Any]:
    does = f"the mechanism {type(mechanism).__name__} sets"
    found = {}
    with _said_of(mechanism):
        given = dict(mechanism.settings(network, values))
    for name, value in given.items():
        array = _fitting(network, does, name, value)
        found[name] = array if array.ndim else float(array)
    return found


def _fitting(network: Blueprint, does: str, name: str, value: Any) -> np.ndarray:
    """A value of "population.variable" as an array: () or, of one trial, (n,). Raises ValueError if it does not fit."""
    if not isinstance(name, str):
        raise ValueError(f'{does} {shown(name)}; what is set has a name, such as "hidden.theta"')
    owner, _, variable = name.partition(".")
    of = network.owner(owner)
    there = of.variables()
    if variable not in there:
        raise ValueError(f"{does} {name}, which is not there; {owner} has {', '.join(there)}")
    if there[variable].kind == "formula":
        raise ValueError(f"{does} {name}, which follows from its equation in the part {of.part_of(variable)!r}")
    shape = () if "shared" in there[variable].flags else (network.size(owner),)
    wanted = f"a number{f' or an array of shape {shape}' if shape else ''}"
    try:
        array = numbers_of(name, value)
    except ValueError:
        raise ValueError(f"{does} {name} to {shown(value)}; it must be {wanted}") from None
    if array.shape not in ((), shape):
        raise ValueError(f"{does} {name} to an array of shape {array.shape}; it must be {wanted}")
    if not np.isfinite(array).all():
        raise ValueError(f"{does} {name} to {shown(value)}; it must be finite")
    return array


def _check_all_set(network: Blueprint, values: dict[str, Any]) -> None:
    for owner, of in network.owners():
        for name, variable in of.variables().items():
            if variable.is_set_once and f"{owner}.{name}" not in values:
                raise ValueError(f"nothing sets {owner}.{name}, which the part {of.part_of(name)!r} declares; a"
                                 f" mechanism's `settings` would do")  # fmt: skip


def check_first(network: Blueprint) -> None:
    """Refuse parts that set what first presentations cannot find: arrays of other sizes, or no numbers.

    Parameters
    ----------
    network : Blueprint
        The network, with all its mechanisms.

    Raises
    ------
    ValueError
        Naming the part.
    """
    for owner, of in network.owners():
        for variable, first in of.all_of("first").items():
            does = f"the part {of.part_of(variable)!r} of {owner} sets"
            _fitting(network, does, f"{owner}.{variable}", first)


def check_names(network: Blueprint) -> None:
    """Refuse a name in a text that means nothing there.

    Parameters
    ----------
    network : Blueprint
        The network, with all its mechanisms.

    Raises
    ------
    ValueError
        Naming the part.
    """
    for owner, of in network.owners():
        known = set(of.variables())
        for name, part in of.parts.items():
            texts = [formulas(part.model), *part.at.values(), *(event.condition for event in part.events.values())]
            ends = _ends(network, of) if isinstance(of, Bundle) and part.at else set()
            for text in texts:
                _refuse(owner, name, used(text) - known - ends - set(part.tables))
        if isinstance(of, Bundle):
            _check_events(network, owner, of)
            known |= _ends(network, of)
            for pathway, whole in of.pathways().items():
                unknown = used(whole.code) - known
                for name, part in of.parts.items():
                    _refuse(owner, name, unknown & used(part.pathways.get(pathway, Pathway()).code))


def _check_events(network: Blueprint, owner: str, of: Bundle) -> None:
    """Raise ValueError for a pathway that is set off by what no neuron there does."""
    for name, pathway in of.pathways().items():
        end = getattr(of, pathway.end)
        events = network.neurons[end].all_of("events")
        if pathway.event not in events:
            raise ValueError(f"the pathway {name!r} of {owner} is set off by {shown(pathway.event)} of {end}, which has"
                             f" the events {', '.join(events) or 'none'}")  # fmt: skip


def check_links(network: Blueprint) -> None:
    """Refuse a link to what is not there, or is not one number per trial.

    Parameters
    ----------
    network : Blueprint
        The network, with all its mechanisms.

    Raises
    ------
    ValueError
        Naming the part.
    """
    for name, of in network.neurons.items():
        for variable, (population, linked) in of.links().items():
            link = f"the part {of.part_of(variable)!r} of {name} links {variable} to {population}.{linked}"
            there = network.neurons.get(population)
            if there is None or linked not in there.variables():
                raise ValueError(f"{link}, which is not there")
            if there.size != 1:
                raise ValueError(f"{link}; {population} must be one neuron, and is {there.size}")


def _ends(network: Blueprint, of: Bundle) -> set[str]:
    """Names by which a synapse reaches the variables of its two neurons."""
    source, target = (network.neurons[end].variables() for end in (of.source, of.target))
    return {f"{name}_pre" for name in source} | {f"{name}_post" for name in target}


def _refuse(owner: str, part: str, unknown: frozenset[str] | set[str]) -> None:
    if unknown:
        names = ", ".join(name[:80] for name in sorted(unknown))
        raise ValueError(f"the part {part!r} of {owner} uses {names}, which nothing declares")


def start_of(network: Blueprint, mechanisms: Sequence[Mechanism], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """What is random before the first presentation of one trial.

    Parameters
    ----------
    network : Blueprint
        The network.
    mechanisms : sequence of Mechanism
        Its mechanisms, in their order.
    rng : np.random.Generator
        What is drawn from.

    Returns
    -------
    dict of str to np.ndarray, shape (n,)
        The numbers by "population.variable".

    Raises
    ------
    ValueError
        For a mechanism of the user's own that sets what is not there or does not fit.
    """
    begun: dict[str, np.ndarray] = {}
    for owner, of in network.owners():
        for variable, distribution in of.all_of("random").items():
            begun[f"{owner}.{variable}"] = DRAW[distribution](rng, network.size(owner))
    for mechanism in mechanisms:
        does, before = f"the mechanism {type(mechanism).__name__} sets", begun
        with _said_of(mechanism):
            begun = dict(mechanism.start(network, before, rng))
        for name, value in begun.items():
            if name not in before or value is not before[name]:
                array = _fitting(network, does, name, value)
                begun[name] = np.array(np.broadcast_to(array, network.size(name.partition(".")[0])))
    return begun

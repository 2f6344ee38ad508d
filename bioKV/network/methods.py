"""A network as the Methods section of a paper: populations, equations, synapses, and parameters with their units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..units import Rate, Time
from .equations import declared, lines_of
from .populations import Bundle, Neurons

if TYPE_CHECKING:
    from .blueprint import Blueprint

UNITS: dict[str, type] = {"second": Time, "Hz": Rate}


def methods(network: Blueprint) -> str:
    """A network as text, which `print` of a blueprint shows.

    Parameters
    ----------
    network : Blueprint
        The network.

    Returns
    -------
    str
        Populations, equations, synapses and numbers.
    """
    d, n_slots, m = network.sizes
    said = [f"A network of {d} key entries, {n_slots} slots and {m} value entries. A presentation lasts"
            f" {Time(network.window)}, a time step {Time(network.dt)}."]  # fmt: skip
    said += [f"{name}: {of.size} neurons\n{_parts(network, name, of)}" for name, of in network.neurons.items()]
    said += [f"{_route(name, of)}\n{_parts(network, name, of)}" for name, of in network.bundles.items()]
    return "\n\n".join(said)


def _route(name: str, of: Bundle) -> str:
    delays = np.atleast_1d(of.delay)
    late = "" if not delays.any() else f", after {Time(delays.min())}"
    late += f" to {Time(delays.max())}" if np.ptp(delays) else ""
    weighs = f", weights from {of.weights[0]:g} to {of.weights[1]:g}" if "w" in of.variables() else ""
    return f"{name}: synapses from {of.source} to {of.target}, {of.pattern}{late}{weighs}"


def _parts(network: Blueprint, owner: str, of: Neurons | Bundle) -> str:
    said = []
    for name, part in of.parts.items():
        said.append(f"  {name}")
        variables = declared(part.model)
        for line in lines_of(part.model):
            if not any(variables[v].is_set_once for v in variables if line.startswith(f"{v} ")):
                said.append(f"    {line}")
        said += [f"    {event} when {what.condition}" for event, what in part.events.items()]
        said += [f"    starts at random, {how}: {variable}" for variable, how in part.random.items()]
        said += [f"    starts at {_number(value, '1')}: {v}" for v, value in part.first.items() if v != "column"]
        said += [_code(_when(at), code) for at, code in part.at.items()]
        for pathway, what in part.pathways.items():
            of_pathway = of.pathways()[pathway] if isinstance(of, Bundle) else what
            end = getattr(of, of_pathway.end)
            code = "\n".join(filter(None, (*what[2:4], what.scale and f"transmission times {what.scale}", *what[5:])))
            said.append(_code(f"at a {of_pathway.event} of {end}", code))
        said += [
            f"    {v} = {_number(network.values[f'{owner}.{v}'], variable.unit)}"
            for v, variable in variables.items()
            if f"{owner}.{v}" in network.values
        ]
    return "\n".join(said)


def _when(at: str) -> str:
    return {"onset": "at the onset of a presentation", "step": "in every time step"}.get(at, f"at a {at}")


def _code(when: str, code: str) -> str:
    lines = lines_of(code)
    return "\n".join([f"    {when}: {lines[0]}", *(f"    {' ' * len(when)}  {line}" for line in lines[1:])])


def _number(value: Any, unit: str) -> str:
    if np.ndim(value) and np.ptp(np.asarray(value, float)) > 0:
        array = np.asarray(value, float)
        return f"{array.min():g} to {array.max():g} ({array.size} numbers)"
    number = float(np.ravel(value)[0])
    if unit in UNITS:
        return str(UNITS[unit](number))
    return f"{number:g}" if unit in ("1", "integer") else f"{number:g} {unit}"

"""Blueprint: a network as text and numbers, before anything is built. What a network is, and nothing of how it runs.

NumPy only. Every population and every bundle of synapses is made of parts, named pieces of text ("escape noise",
"plateau"); a mechanism adds parts, or puts one in the place of another. `build.py` makes Brian2 objects of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from .. import shapes
from ..checks import shown
from .methods import methods
from .parts import Bundle, Event, Neurons, Part, Pathway
from .patterns import Pattern, connected, n_connected


class Blueprint(NamedTuple):
    """A network. `print` gives it as a Methods section.

    sizes : (d, N, m). dt, window : time step, and length of a presentation, in seconds. neurons, bundles : by name, in
    the order in which they are built. values : "population.variable" -> the numbers set at the built network, in SI
    units; they are no part of what is compiled.
    """

    sizes: tuple[int, int, int]
    dt: float
    window: float
    neurons: Mapping[str, Neurons]
    bundles: Mapping[str, Bundle]
    values: Mapping[str, Any] = {}

    def adding(self, owner: str, name: str, part: Part) -> Blueprint:
        """With one more part. Raises ValueError if the population or bundle has one of that name, or is not there, or
        the part declares what another one does."""
        of = self.owner(owner)
        if name in of.parts:
            raise ValueError(f"{owner} has a part {name!r} already; replacing() puts another in its place")
        return self._with_parts(owner, {**of.parts, name: part})

    def replacing(self, owner: str, name: str, part: Part) -> Blueprint:
        """With another part in the place of the one of that name. Raises ValueError if there is none."""
        of = self._has(owner, name)
        return self._with_parts(owner, {**of.parts, name: part})

    def changing(self, owner: str, name: str, **fields: Any) -> Blueprint:
        """With other fields in a part that is there. Raises ValueError if it is not."""
        of = self._has(owner, name)
        return self._with_parts(owner, {**of.parts, name: of.parts[name]._replace(**fields)})

    def removing(self, owner: str, *names: str) -> Blueprint:
        """Without these parts. Raises ValueError if one is not there."""
        for name in names:
            self._has(owner, name)
        left = {name: part for name, part in self.owner(owner).parts.items() if name not in names}
        return self._with_parts(owner, left)

    def having(self, **more: Neurons | Bundle) -> Blueprint:
        """With more populations and bundles. Raises ValueError if one is there, or one reaches what is not."""
        neurons, bundles = dict(self.neurons), dict(self.bundles)
        for name, one in more.items():
            if name in neurons or name in bundles:
                raise ValueError(f"the network has {name!r} already; another name would do")
            if isinstance(one, Neurons):
                neurons[name] = one
            else:
                bundles[name] = one
        new = self._replace(neurons=neurons, bundles=bundles)
        for name in more:
            new._check(name)
        return new

    def without(self, *bundles: str) -> Blueprint:
        """Without these bundles. Raises ValueError if one is not there."""
        for name in bundles:
            if name not in self.bundles:
                raise ValueError(f"the network has no bundle {name!r} to leave out; it has {', '.join(self.bundles)}")
        return self._replace(bundles={name: of for name, of in self.bundles.items() if name not in bundles})

    def resized(self, population: str, size: int) -> Blueprint:
        """With another number of neurons in a population; arrays of its parts are to be changed too."""
        return self._with(population, replace(self.owner(population), size=size))

    def wired(self, bundle: str, **how: Any) -> Blueprint:
        """With another pattern, delay or range of weights of a bundle."""
        return self._with(bundle, replace(self.owner(bundle), **how))

    def owner(self, name: str) -> Any:
        """The Neurons or Bundle of that name. Raises ValueError, listing those there are, if there is none."""
        found = self.neurons.get(name) or self.bundles.get(name)
        if found is None:
            raise ValueError(f"the network has no {name!r}; it has {', '.join([*self.neurons, *self.bundles])}")
        return found

    def owners(self) -> Iterator[tuple[str, Any]]:
        """(name, Neurons or Bundle) of everything."""
        yield from self.neurons.items()
        yield from self.bundles.items()

    def listed(self, field: str) -> list[str]:
        """"population.variable" of all that parts list in a field (keeps, reads, traces)."""
        return [f"{name}.{variable}" for name, of in self.owners() for variable in of.names(field)]

    def begun(self) -> dict[str, np.ndarray]:
        """What the first presentation of one trial finds of all that presentations hand on, "population.variable" ->
        (n,), but for what is random."""
        found: dict[str, np.ndarray] = {}
        for name, of in self.owners():
            first, size = of.all_of("first"), self.size(name)
            found |= {f"{name}.{v}": np.array(np.broadcast_to(first.get(v, 0), size), float) for v in of.names("keeps")}
        return found

    def size(self, owner: str) -> int:
        """How many neurons or synapses a population or bundle has in one trial."""
        return self.neurons[owner].size if owner in self.neurons else self.n_synapses(owner)

    def connected(self, bundle: str) -> tuple[np.ndarray, np.ndarray]:
        """The pairs (i, j) of neurons that a bundle connects in one trial."""
        of = self.bundles[bundle]
        return connected(of.pattern, self.neurons[of.source].size, self.neurons[of.target].size)

    def n_synapses(self, bundle: str) -> int:
        """How many there are in a bundle, in one trial."""
        of = self.bundles[bundle]
        return n_connected(of.pattern, self.neurons[of.source].size, self.neurons[of.target].size)

    def fan_out(self) -> dict[str, float]:
        """Population -> synapses that a spike reaches over all its axons, a mean over neurons."""
        reached = dict.fromkeys(self.neurons, 0.0)
        for name, of in self.bundles.items():
            if of.is_axon:
                reached[of.source] += self.n_synapses(name) / self.neurons[of.source].size
        return reached

    def tables(self) -> list[str]:
        """Names of what is presented and used, each once."""
        return list(dict.fromkeys(table for _, of in self.owners() for table in of.names("tables")))

    def to_json(self, values: bool = True) -> str:
        """Everything as text, with the values or without."""
        return json.dumps(self if values else self._replace(values={}), default=_plain)

    @staticmethod
    def from_json(text: str) -> Blueprint:
        """The inverse of `to_json`."""
        sizes, dt, window, neurons, bundles, values = json.loads(text)
        return Blueprint(
            tuple(sizes), dt, window,
            {name: Neurons(size, _parts(parts)) for name, (size, parts) in neurons.items()},
            {name: Bundle(source, target, _parts(parts), Pattern(pattern[0], tuple(pattern[1])), tuple(weights), delay)
             for name, (source, target, parts, pattern, weights, delay) in bundles.items()},
            {name: np.array(value) if isinstance(value, list) else value for name, value in values.items()},
        )  # fmt: skip

    def digest(self) -> str:
        """The same for the same network, whoever made it and whatever its values: what is compiled."""
        return hashlib.sha256(self.to_json(values=False).encode()).hexdigest()[:20]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Blueprint) and self.to_json() == other.to_json()

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __repr__(self) -> str:
        d, n_slots, m = self.sizes
        return f"<Blueprint d={d} N={n_slots} m={m}: {', '.join(self.neurons)}; {', '.join(self.bundles)}>"

    def __str__(self) -> str:
        return methods(self)

    def _repr_html_(self) -> str:
        """Populations and bundles, a row each, with the names of their parts."""
        d, n_slots, m = self.sizes
        ends = {name: f"{of.source} to {of.target}" for name, of in self.bundles.items()}
        ends |= {name: f"{of.size} neuron{'s' * (of.size > 1)}" for name, of in self.neurons.items()}
        rows = {name: f"{ends[name]}: {', '.join(of.parts)}" for name, of in self.owners()}
        return shapes.table(f"Blueprint, d = {d}, N = {n_slots}, m = {m}", rows)

    def _has(self, owner: str, name: str) -> Any:
        of = self.owner(owner)
        if name not in of.parts:
            raise ValueError(f"{owner} has no part {name!r} to change; it has {', '.join(of.parts)}")
        return of

    def _with_parts(self, owner: str, parts: Mapping[str, Part]) -> Blueprint:
        return self._with(owner, replace(self.owner(owner), parts=parts))

    def _with(self, name: str, of: Any) -> Blueprint:
        if name in self.neurons:
            new = self._replace(neurons={**self.neurons, name: of})
        else:
            new = self._replace(bundles={**self.bundles, name: of})
        new._check(name)
        return new

    def _check(self, name: str) -> None:
        of = self.owner(name)
        for end in (of.source, of.target) if isinstance(of, Bundle) else ():
            if end not in self.neurons:
                raise ValueError(f"{name} is to connect {end!r}, which is none of {', '.join(self.neurons)}")
        of.check(name)


def _parts(saved: Mapping[str, Any]) -> dict[str, Part]:
    parts = {}
    for name, (model, at, events, pathways, first, random, links, *listed) in saved.items():
        parts[name] = Part(
            model, at, {event: Event(*e) for event, e in events.items()},
            {pathway: Pathway(*p) for pathway, p in pathways.items()},
            {v: np.array(a) if isinstance(a, list) else a for v, a in first.items()}, random, links, *map(tuple, listed)
        )  # fmt: skip
    return parts


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if is_dataclass(value):
        return [getattr(value, field.name) for field in fields(value)]
    raise TypeError(f"a blueprint holds text and numbers; got {shown(value)}")

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
from ..checks import check_choice, check_count, check_number, closest, shown
from .clash import Clash
from .methods import methods
from .parts import Event, Part, Pathway
from .patterns import Pattern, connected, n_connected
from .populations import Bundle, Neurons


class Blueprint(NamedTuple):
    """A network as text and numbers; `print` gives it as a Methods section.

    Every method that changes something returns a new blueprint, which has been checked; the old one stays as it is.

    Parameters
    ----------
    sizes : tuple of int
        Key entries d, slots N and value entries m.
    dt : float (s)
        Time step.
    window : float (s)
        Length of a presentation.
    neurons : dict of str to Neurons
        Populations by name, in the order in which they are built.
    bundles : dict of str to Bundle
        Bundles of synapses by name, in the order in which they are built.
    values : dict of str to float or np.ndarray, shape (n,)
        "population.variable", and the numbers that are set at the built network, in SI units. They are no part of what
        is compiled.

    Examples
    --------
    >>> from bioKV import SpikingMemory
    >>> network = SpikingMemory(key_dim=8, n_slots=4, value_dim=8, engine="numpy").blueprint()
    >>> print(network)  # doctest: +ELLIPSIS
    A network of 8 key entries, 4 slots and 8 value entries. A presentation lasts 150 ms, a time step 0.5 ms.
    <BLANKLINE>
    input: 16 neurons
      time
    ...
    >>> list(network.neurons)
    ['input', 'feedforward', 'hidden', 'interneuron', 'pool', 'output']
    >>> network.n_synapses("key")  # 16 ON and OFF neurons, and four hidden neurons per slot
    256
    """

    sizes: tuple[int, int, int]
    dt: float
    window: float
    neurons: Mapping[str, Neurons]
    bundles: Mapping[str, Bundle]
    values: Mapping[str, Any] = {}

    def adding(self, owner: str, name: str, part: Part) -> Blueprint:
        """With one more part.

        Parameters
        ----------
        owner : str
            The population or bundle.
        name : str
            What the part is called.
        part : Part
            The part.

        Returns
        -------
        Blueprint
            The changed network.

        Raises
        ------
        ValueError
            If the population or bundle has a part of that name, or is not there, or the part declares what another one
            does.

        Examples
        --------
        >>> from bioKV import SpikingMemory
        >>> from bioKV.network import Part
        >>> network = SpikingMemory(8, 4, 8, engine="numpy").blueprint()
        >>> count = Part("n_all : 1", at={"spike": "n_all += 1"}, keeps=("n_all",))
        >>> counted = network.adding("hidden", "all spikes", count)
        >>> "n_all" in counted.neurons["hidden"].variables()
        True
        """
        of = self.owner(owner)
        if not isinstance(name, str):
            raise ValueError(f"the name of a part is text; got {shown(name)}")
        if name in of.parts:
            raise Clash(f"{owner} has a part {name!r} already; replacing() puts another in its place", (owner, name))
        return self._with_parts(owner, {**of.parts, name: part})

    def replacing(self, owner: str, name: str, part: Part) -> Blueprint:
        """With another part in the place of the one of that name.

        Parameters
        ----------
        owner : str
            The population or bundle.
        name : str
            What the part is called.
        part : Part
            The new part.

        Returns
        -------
        Blueprint
            The changed network.

        Raises
        ------
        ValueError
            If there is no part of that name, or the new one does not fit.
        """
        of = self._has(owner, name)
        return self._with_parts(owner, {**of.parts, name: part})

    def changing(self, owner: str, name: str, **fields: Any) -> Blueprint:
        """With other fields in a part that is there.

        Parameters
        ----------
        owner : str
            The population or bundle.
        name : str
            What the part is called.
        **fields : Any
            Fields of `Part` and what they are to be.

        Returns
        -------
        Blueprint
            The changed network.

        Raises
        ------
        ValueError
            If the part is not there, or no longer fits.
        """
        of = self._has(owner, name)
        return self._with_parts(owner, {**of.parts, name: of.parts[name]._replace(**fields)})

    def removing(self, owner: str, *names: str) -> Blueprint:
        """Without these parts.

        Parameters
        ----------
        owner : str
            The population or bundle.
        *names : str
            What the parts are called.

        Returns
        -------
        Blueprint
            The changed network.

        Raises
        ------
        ValueError
            If a part is not there.
        """
        for name in names:
            self._has(owner, name)
        left = {name: part for name, part in self.owner(owner).parts.items() if name not in names}
        return self._with_parts(owner, left)

    def having(self, **more: Neurons | Bundle) -> Blueprint:
        """With more populations and bundles.

        Parameters
        ----------
        **more : Neurons or Bundle
            The new ones by name.

        Returns
        -------
        Blueprint
            The changed network.

        Raises
        ------
        ValueError
            If one of that name is there, or a bundle connects what is not.
        """
        neurons, bundles = dict(self.neurons), dict(self.bundles)
        for name, one in more.items():
            if name in neurons or name in bundles:
                raise Clash(f"the network has {name!r} already; another name would do", (name, ""))
            if not isinstance(one, Neurons | Bundle):
                raise ValueError(f"{name} must be a Neurons or a Bundle; got {shown(one)}")
            if isinstance(one, Neurons):
                neurons[name] = one
            else:
                bundles[name] = one
        new = self._replace(neurons=neurons, bundles=bundles)
        for name in more:
            new._check(name)
        return new

    def without(self, *bundles: str) -> Blueprint:
        """Without these bundles.

        Parameters
        ----------
        *bundles : str
            Their names.

        Returns
        -------
        Blueprint
            The changed network.

        Raises
        ------
        ValueError
            If one is not there.

        Examples
        --------
        A lesion of the lateral inhibition:

        >>> from bioKV import SpikingMemory
        >>> network = SpikingMemory(8, 4, 8, engine="numpy").blueprint()
        >>> "inhibit" in network.without("inhibit").bundles
        False
        """
        for name in bundles:
            self._known("bundle ", name, *self.bundles)
        return self._replace(bundles={name: of for name, of in self.bundles.items() if name not in bundles})

    def resized(self, population: str, size: int) -> Blueprint:
        """With another number of neurons in a population; arrays of its parts are to be changed too.

        Parameters
        ----------
        population : str
            Its name.
        size : int
            Neurons per trial.

        Returns
        -------
        Blueprint
            The changed network.

        Raises
        ------
        ValueError
            If there is no such population, or size is not a whole number above 0.
        """
        of = self.neurons[self._known("population ", population, *self.neurons)]
        return self._with(population, replace(of, size=size))

    def wired(self, bundle: str, **how: Any) -> Blueprint:
        """With another pattern, delay or range of weights of a bundle.

        Parameters
        ----------
        bundle : str
            Its name.
        **how : Any
            Fields of `Bundle` and what they are to be.

        Returns
        -------
        Blueprint
            The changed network.

        Raises
        ------
        ValueError
            If there is no such bundle, if it has no such field, or if a field cannot be that.

        Examples
        --------
        >>> from bioKV import SpikingMemory
        >>> from bioKV.network import sparse
        >>> network = SpikingMemory(8, 4, 8, engine="numpy").blueprint()
        >>> print(network.wired("key", pattern=sparse(0.5, seed=1)).bundles["key"].pattern)
        sparse (p = 0.5, seed 1)
        """
        of = self.bundles[self._known("bundle ", bundle, *self.bundles)]
        for field in how:
            if field not in Bundle.__match_args__:
                raise ValueError(f"a bundle has no {field!r}{closest(field, Bundle.__match_args__, 'it has')}")
        return self._with(bundle, replace(of, **how))

    def owner(self, name: str) -> Any:
        """The population or bundle of that name.

        Parameters
        ----------
        name : str
            Its name.

        Returns
        -------
        Neurons or Bundle
            What has that name.

        Raises
        ------
        ValueError
            If there is none; it lists those there are.
        """
        self._known("", name, *self.neurons, *self.bundles)
        return self.neurons[name] if name in self.neurons else self.bundles[name]

    def owners(self) -> Iterator[tuple[str, Any]]:
        """Every population, then every bundle.

        Yields
        ------
        name : str
            Its name.
        of : Neurons or Bundle
            The population or bundle.
        """
        yield from self.neurons.items()
        yield from self.bundles.items()

    def listed(self, field: str) -> list[str]:
        """All that parts list in a field, as "population.variable".

        Parameters
        ----------
        field : {"keeps", "reads", "traces"}
            Which field of a part.

        Returns
        -------
        list of str
            The names.

        Raises
        ------
        ValueError
            For another field.
        """
        check_choice("field", field, ("keeps", "reads", "traces"))
        return [f"{name}.{variable}" for name, of in self.owners() for variable in of.names(field)]

    def begun(self) -> dict[str, np.ndarray]:
        """What the first presentation of one trial finds of all that presentations hand on, but for what is random.

        Returns
        -------
        dict of str to np.ndarray, shape (n,)
            The numbers by "population.variable".
        """
        found: dict[str, np.ndarray] = {}
        for name, of in self.owners():
            first, size = of.all_of("first"), self.size(name)
            found |= {f"{name}.{v}": np.array(np.broadcast_to(first.get(v, 0), size), float) for v in of.names("keeps")}
        return found

    def size(self, owner: str) -> int:
        """How many neurons or synapses a population or bundle has in one trial.

        Parameters
        ----------
        owner : str
            Its name.

        Returns
        -------
        int
            Their number.

        Raises
        ------
        ValueError
            If there is none of that name.
        """
        return self.neurons[owner].size if isinstance(self.owner(owner), Neurons) else self.n_synapses(owner)

    def connected(self, bundle: str) -> tuple[np.ndarray, np.ndarray]:
        """The pairs of neurons that a bundle connects in one trial.

        Parameters
        ----------
        bundle : str
            Its name.

        Returns
        -------
        i : np.ndarray of int, shape (n,)
            Source of every synapse.
        j : np.ndarray of int, shape (n,)
            Target of every synapse.

        Raises
        ------
        ValueError
            If there is no such bundle.
        """
        of = self.bundles[self._known("bundle ", bundle, *self.bundles)]
        return connected(of.pattern, self.neurons[of.source].size, self.neurons[of.target].size)

    def n_synapses(self, bundle: str) -> int:
        """How many synapses a bundle has in one trial.

        Parameters
        ----------
        bundle : str
            Its name.

        Returns
        -------
        int
            Their number.

        Raises
        ------
        ValueError
            If there is no such bundle.
        """
        of = self.bundles[self._known("bundle ", bundle, *self.bundles)]
        return n_connected(of.pattern, self.neurons[of.source].size, self.neurons[of.target].size)

    def fan_out(self) -> dict[str, float]:
        """Synapses that a spike reaches over all its axons.

        Returns
        -------
        dict of str to float
            Population, and the mean over its neurons.
        """
        reached = dict.fromkeys(self.neurons, 0.0)
        for name, of in self.bundles.items():
            if of.is_axon:
                reached[of.source] += self.n_synapses(name) / self.neurons[of.source].size
        return reached

    def tables(self) -> list[str]:
        """What is presented and used, each once.

        Returns
        -------
        list of str
            Names of tables, such as "keys" and "gate".
        """
        return list(dict.fromkeys(table for _, of in self.owners() for table in of.names("tables")))

    def to_json(self, values: bool = True) -> str:
        """Everything as text.

        Parameters
        ----------
        values : bool
            Whether the values are written, too.

        Returns
        -------
        str
            JSON.
        """
        return json.dumps(self if values else self._replace(values={}), default=_plain)

    @staticmethod
    def from_json(text: str) -> Blueprint:
        """The inverse of `to_json`.

        Parameters
        ----------
        text : str
            What `to_json` wrote.

        Returns
        -------
        Blueprint
            The network.

        Raises
        ------
        ValueError
            If it is no such text.
        """
        if not isinstance(text, str):
            raise ValueError(f"text must be what to_json() wrote; got {shown(text)}")
        try:
            return _read(json.loads(text))
        except (ValueError, TypeError, AttributeError, RecursionError):  # the last: JSON may nest too deeply
            raise ValueError(f"text must be what to_json() wrote; got {shown(text)}") from None

    def check(self) -> None:
        """Refuse a network that somebody put together by hand, with fields that are none.

        Raises
        ------
        ValueError
            Naming the field, or the part.
        """
        if not isinstance(self.sizes, tuple) or len(self.sizes) != 3:
            raise ValueError(f"sizes of a network are three, d, N and m; got {shown(self.sizes)}")
        for name, size in zip(("d", "N", "m"), self.sizes, strict=True):
            check_count(name, size)
        check_number("dt", self.dt, above=True)
        check_number("window", self.window, above=True)
        for field, kind in (("neurons", Neurons), ("bundles", Bundle)):
            given = getattr(self, field)
            if not isinstance(given, Mapping) or not all(isinstance(one, kind) for one in given.values()):
                raise ValueError(f"{field} of a network are objects of {kind.__name__} by name; got {shown(given)}")
        for name, _ in self.owners():
            self._check(name)

    def digest(self) -> str:
        """A name of what is compiled: the same for the same network, whoever made it and whatever its values.

        Returns
        -------
        str
            Twenty hexadecimal digits.
        """
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
        if not isinstance(name, str) or name not in of.parts:
            raise ValueError(f"{owner} has no part {shown(name)} to change{closest(name, of.parts, 'it has')}")
        return of

    @staticmethod
    def _known(kind: str, name: Any, *known: str) -> str:
        """The name. Raises ValueError, with what there is, if the network has none of that kind."""
        if not isinstance(name, str) or name not in known:
            raise ValueError(f"the network has no {kind}{shown(name)}{closest(name, known, 'it has')}")
        return name

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
            if not isinstance(end, str) or end not in self.neurons:
                raise ValueError(f"{name} is to connect {shown(end)}, which is none of {', '.join(self.neurons)}")
        of.check(name)


def _read(saved: Any) -> Blueprint:
    sizes, dt, window, neurons, bundles, values = saved
    return Blueprint(
        tuple(sizes), dt, window,
        {name: Neurons(size, _parts(parts)) for name, (size, parts) in neurons.items()},
        {name: Bundle(source, target, _parts(parts), Pattern(pattern[0], tuple(pattern[1])), tuple(weights), delay)
         for name, (source, target, parts, pattern, weights, delay) in bundles.items()},
        {name: np.array(value) if isinstance(value, list) else value for name, value in values.items()},
    )  # fmt: skip


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

"""Populations and bundles of synapses: how many neurons, who reaches whom, and the parts that they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ..checks import check_choice, check_count, is_number, numbers_of, shown
from .clash import Clash
from .equations import Variable, check_syntax, declared
from .parts import DRAW, SLOTS, TAKES, Event, Part, Pathway
from .patterns import ALL_TO_ALL, Pattern, check_pattern
from .presentation import Presentation


class Owner:
    """What populations and bundles have in common: parts by name.

    Attributes
    ----------
    WITHOUT : tuple of str
        The fields of parts that they do not have.
    CALLED : str
        What they are called in an error.
    parts : dict of str to Part
        The parts, in their order.
    """

    WITHOUT: ClassVar[tuple[str, ...]]
    CALLED: ClassVar[str]
    parts: Mapping[str, Part]

    @property
    def model(self) -> str:
        """The equations of all parts."""
        return "\n".join(part.model for part in self.parts.values() if part.model)

    def code(self, at: str) -> str:
        """What all parts do at an event.

        Parameters
        ----------
        at : str
            The event, "onset" or "step".

        Returns
        -------
        str
            The code, in the order of the parts.
        """
        return "\n".join(part.at[at] for part in self.parts.values() if at in part.at)

    def variables(self) -> dict[str, Variable]:
        """Every variable of every part.

        Returns
        -------
        dict of str to Variable
            The variables by name.
        """
        return {name: v for part in self.parts.values() for name, v in declared(part.model).items()}

    def all_of(self, field: str) -> dict[str, Any]:
        """A field that is a mapping, of all parts.

        Parameters
        ----------
        field : {"first", "random", "events", "links"}
            Which field of a part.

        Returns
        -------
        dict
            What all parts have there, by name.
        """
        return {name: value for part in self.parts.values() for name, value in getattr(part, field).items()}

    def names(self, field: str) -> list[str]:
        """A field that lists variables or tables, of all parts.

        Parameters
        ----------
        field : {"keeps", "reads", "traces", "tables"}
            Which field of a part.

        Returns
        -------
        list of str
            The names, in the order of the parts.
        """
        return [name for part in self.parts.values() for name in getattr(part, field)]

    def part_of(self, variable: str) -> str:
        """The part that declares a variable.

        Parameters
        ----------
        variable : str
            A variable that is there.

        Returns
        -------
        str
            The name of the part.
        """
        return next(name for name, part in self.parts.items() if variable in declared(part.model))

    def check(self, name: str) -> None:
        """Refuse parts that do not fit, naming the part.

        Parameters
        ----------
        name : str
            What this population or bundle is called.

        Raises
        ------
        ValueError
            For a field of another kind, code that cannot be read, a variable or event that is declared twice, a
            variable that has the name of a table, or one, an event or a table that is not there.
        """
        if not isinstance(self.parts, Mapping) or not all(isinstance(part, str) for part in self.parts):
            raise ValueError(f"parts of {name} must be a dict of names and Parts; got {shown(self.parts)}")
        for part, piece in self.parts.items():
            if not isinstance(piece, Part):
                raise ValueError(f"the part {part!r} of {name} must be a Part; got {shown(piece)}")
            try:
                self._check_fields(piece)
            except ValueError as problem:
                raise ValueError(f"the part {part!r} of {name}: {problem}") from None
        seen: dict[tuple[str, str], str] = {}
        for part, piece in self.parts.items():
            try:
                variables = self._variables_of(piece)
            except ValueError as problem:
                raise ValueError(f"the part {part!r} of {name}: {problem}") from None
            named = [("", variable) for variable in variables] + [("the event ", event) for event in piece.events]
            for kind, one in named:
                first = seen.setdefault((kind, one), part)
                if first != part:
                    raise Clash(f"the parts {first!r} and {part!r} of {name} both declare {kind}{one!r}; another"
                                " name would do", (name, first), (name, part))  # fmt: skip
        for part, piece in self.parts.items():
            for table in piece.tables:
                if (other := seen.get(("", table))) is not None:
                    raise Clash(f"the part {other!r} of {name} declares {table!r}, which is the name of what is"
                                f" presented to its part {part!r}; another name would do",
                                (name, other), (name, part))  # fmt: skip

    def _check_fields(self, part: Part) -> None:
        """Raise ValueError for a field of a part that is of another kind."""
        for field, (kind, wanted) in TAKES.items():
            value = getattr(part, field)
            if not isinstance(value, kind):
                raise ValueError(f"{field} takes {wanted}; got {shown(value)}")
            if value and field in self.WITHOUT:
                raise ValueError(f"{self.CALLED} have no {field}; got {shown(value)}")
        for field in ("at", "random", "links"):
            for text in (*getattr(part, field), *getattr(part, field).values()):
                if not isinstance(text, str):
                    raise ValueError(f"{field} takes names and text; got {shown(text)} among them")
        for field, kind in (("events", Event), ("pathways", Pathway)):
            for one in getattr(part, field).values():
                if not isinstance(one, kind):
                    raise ValueError(f"{field} takes objects of {kind.__name__}; got {shown(one)}")
                for name, text in zip(one._fields, one, strict=True):
                    if not isinstance(text, str):
                        raise ValueError(f"{kind.__name__}.{name} is text; got {shown(text)}")
        for event in part.events.values():
            check_choice("Event.when", event.when, SLOTS)
        for pathway in part.pathways.values():
            check_choice("Pathway.end", pathway.end, ("source", "target", ""))
        for field in ("keeps", "reads", "traces", "tables"):
            for one in getattr(part, field):
                if not isinstance(one, str):
                    raise ValueError(f"{field} takes {TAKES[field][1]}; got {shown(one)} among them")

    def _variables_of(self, part: Part) -> dict[str, Variable]:
        """What a part declares. Raises ValueError for what is wrong with its text and names, wherever they stand."""
        variables = declared(part.model)
        for code in part.code():
            check_syntax(code)
        for field in ("first", "random", "links", "keeps", "reads", "traces"):
            for variable in getattr(part, field):
                if variable not in variables:
                    raise ValueError(f"it has {variable!r} in {field} but does not declare it; it declares"
                                     f" {', '.join(variables) or 'nothing'}")  # fmt: skip
        for field, given, known in (("at", part.at, self.may_act_at()), ("tables", part.tables, Presentation._fields),
                                    ("random", part.random.values(), DRAW)):  # fmt: skip
            for one in given:
                if one not in known:
                    raise ValueError(f"it has {one!r} in {field}, which is none of {', '.join(known)}")
        return variables

    def may_act_at(self) -> list[str]:
        """What code of a part can be set off by.

        Returns
        -------
        list of str
            The names.
        """
        return ["onset"]


@dataclass(frozen=True)
class Neurons(Owner):
    """One population of one trial: so many neurons, made of these parts.

    Parameters
    ----------
    size : int
        Neurons per trial.
    parts : dict of str to Part
        The parts by name, in their order.

    Examples
    --------
    >>> from bioKV.network import Event, Neurons, Part
    >>> membrane = Part("v : 1", at={"spike": "v -= 1"}, events={"spike": Event("v >= 1")}, keeps=("v",))
    >>> counters = Neurons(10, {"membrane": membrane})
    >>> list(counters.variables())
    ['v']
    """

    WITHOUT = ("pathways",)
    CALLED = "populations"
    size: int
    parts: Mapping[str, Part]

    def links(self) -> dict[str, tuple[str, str]]:
        """Variables of other populations that these neurons read.

        Returns
        -------
        dict of str to tuple of str
            Variable, and the population and the variable that it is.
        """
        return {name: (of.partition(".")[0], of.partition(".")[2]) for name, of in self.all_of("links").items()}

    def may_act_at(self) -> list[str]:
        """What code of a part can be set off by: an onset, every step, and the events of the population.

        Returns
        -------
        list of str
            The names.
        """
        return ["onset", "step", *self.all_of("events")]

    def check(self, name: str) -> None:
        """Refuse a size that is no number of neurons, and parts that do not fit.

        Parameters
        ----------
        name : str
            What this population is called.

        Raises
        ------
        ValueError
            For either of them.
        """
        check_count(f"size of {name}", self.size)
        super().check(name)


@dataclass(frozen=True)
class Bundle(Owner):
    """Synapses from one population to another in one trial.

    Parameters
    ----------
    source, target : str
        Names of the two populations.
    parts : dict of str to Part
        The parts by name, in their order.
    pattern : Pattern
        Who reaches whom.
    weights : tuple of float
        The range that w stays in.
    delay : float or array_like, shape (n_source,) (s)
        Of the pathway "pre": one number, or one for each source neuron.

    Examples
    --------
    >>> from bioKV.network import Bundle, Part, Pathway
    >>> excite = Part("w_loop : 1 (shared, constant)", pathways={"pre": Pathway(transmit="drive_post += w_loop")})
    >>> loop = Bundle("output", "hidden", {"transmission": excite}, delay=2e-3)
    >>> loop.is_axon
    True
    """

    WITHOUT = ("events", "links", "reads", "traces")
    CALLED = "synapses"
    source: str
    target: str
    parts: Mapping[str, Part]
    pattern: Pattern = ALL_TO_ALL
    weights: tuple[float, float] = (0.0, 1.0)
    delay: Any = 0.0

    def pathways(self) -> dict[str, Pathway]:
        """All pathways, each with what every part does in it.

        "pre" is set off by spikes of the source unless a part says otherwise.

        Returns
        -------
        dict of str to Pathway
            The pathways by name.
        """
        found: dict[str, Pathway] = {}
        for part in self.parts.values():
            for name, pathway in part.pathways.items():
                if name in found:
                    found[name] = found[name].and_then(pathway)
                else:
                    found[name] = pathway._replace(end=pathway.end or "source", event=pathway.event or "spike")
        return found

    @property
    def is_axon(self) -> bool:
        """Whether spikes of the soma travel here: they can fail, and take the time of their axon."""
        pre = self.pathways().get("pre")
        return pre is not None and (pre.end, pre.event) == ("source", "spike")

    def check(self, name: str) -> None:
        """Refuse a pattern, a range of weights or delays that are none, and parts that do not fit.

        Parameters
        ----------
        name : str
            What this bundle is called.

        Raises
        ------
        ValueError
            For any of them.
        """
        check_pattern(f"pattern of {name}", self.pattern)
        low_and_high = self.weights if isinstance(self.weights, tuple) else ()
        if not (len(low_and_high) == 2 and all(map(is_number, low_and_high)) and low_and_high[0] < low_and_high[1]):
            raise ValueError(f"weights of {name} must be two numbers, the lowest and the highest; got"
                             f" {shown(self.weights)}")  # fmt: skip
        delays = numbers_of(f"delay of {name}", self.delay)
        if delays.ndim > 1 or not ((delays >= 0) & (delays < np.inf)).all():
            raise ValueError(f"delay of {name} must be one time of 0 s or more, or one for each source neuron; got"
                             f" {shown(self.delay)}")  # fmt: skip
        super().check(name)

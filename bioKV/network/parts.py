"""What populations and bundles are made of: parts, named pieces of Brian2's text with all that belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from ..checks import shown
from .equations import Variable, check_syntax, declared, formulas, lines_of
from .patterns import ALL_TO_ALL, Pattern
from .presentation import Presentation

DRAW = {"uniform": lambda rng, n: rng.random(n), "exponential": lambda rng, n: rng.exponential(size=n)}
TAKES: dict[str, tuple[Any, str]] = {  # a field of a Part: what it takes
    "model": (str, "text"),
    **dict.fromkeys(("at", "events", "pathways", "first", "random", "links"), (Mapping, "a dict")),
    **dict.fromkeys(("keeps", "reads", "traces", "tables"), (tuple | list, "a tuple of names")),
}


class Event(NamedTuple):
    """What a neuron can do: the condition, and the slot of a time step in which its code runs (Brian2's `when`)."""

    condition: str
    when: str = "after_resets"


class Pathway(NamedTuple):
    """What a part of a bundle does at an event of one end. Parts that name the same pathway act in it together.

    end : "source" or "target", whose event it is. event : "spike", or another of that population; "" : as the part
        says that began the pathway.
    The fields are done in this order, of all parts: release (code that comes first), transmit ("drive_post += w", one
        line each; what comes after the sign is multiplied by every part's scale), rate (code that sets eta), learn
        (code that moves w at the rate eta), after (code that comes last).
    """

    end: str = ""
    event: str = ""
    release: str = ""
    transmit: str = ""
    scale: str = ""
    rate: str = ""
    learn: str = ""
    after: str = ""

    def and_then(self, other: Pathway) -> Pathway:
        """Both at once. Raises ValueError if they are set off by different events."""
        for mine, theirs in zip(self[:2], other[:2], strict=True):
            if theirs and mine and mine != theirs:
                raise ValueError(f"it is set off by {other.event or self.event} of its {other.end or self.end}, and by"
                                 f" {self.event} of its {self.end} already")  # fmt: skip
        joined = {name: "\n".join(filter(None, (getattr(self, name), getattr(other, name))))
                  for name in ("release", "transmit", "rate", "learn", "after")}  # fmt: skip
        scale = "*".join(filter(None, (self.scale, other.scale)))
        return Pathway(self.end or other.end, self.event or other.event, scale=scale, **joined)

    @property
    def code(self) -> str:
        """All that is done, in its order."""
        transmit = lines_of(self.transmit)
        if self.scale:
            parted = (line.partition("= ") for line in transmit)
            transmit = [f"{target}{sign}({amount})*{self.scale}" for target, sign, amount in parted]
        return "\n".join(filter(None, (self.release, *transmit, self.rate, self.learn, self.after)))


class Part(NamedTuple):
    """A named piece of a population, or of a bundle.

    model : its equations. first : variable -> a number, or an array of one per neuron or synapse of a trial, before the
        first presentation; 0 where nothing is said. random : variable -> "uniform" (0 to 1) or "exponential" (mean 1),
        drawn for every neuron of every trial before the first presentation.
    links : variable, declared "(linked)" -> "population.variable" of a population of one neuron, which all these read
        (synapses cannot).
    keeps : variables that one presentation hands on to the next. reads : those read at the end of every presentation.
    traces : those that can be kept step by step. tables : what is presented and used here (keys, targets, gate,
        triggers, plateaus, feedback), as functions of t and of the columns `column` or `trial`.
    at : of neurons, code for a "spike", the "onset" of a presentation, every "step", or an event; of synapses, for the
        "onset". events : of neurons; the one called "spike" is what is sent along axons.
    pathways : of synapses; "pre" is the axon's.
    """

    model: str = ""
    at: Mapping[str, str] = {}
    events: Mapping[str, Event] = {}
    pathways: Mapping[str, Pathway] = {}
    first: Mapping[str, Any] = {}
    random: Mapping[str, str] = {}
    links: Mapping[str, str] = {}
    keeps: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()

    def code(self) -> list[str]:
        """Everything in it that is code, or the right-hand side of an equation."""
        said = [formulas(self.model), *self.at.values(), *(event.condition for event in self.events.values())]
        return said + [field for pathway in self.pathways.values() for field in pathway[2:]]


class Owner:
    """What populations and bundles have in common: parts by name. WITHOUT : the fields of parts that they, as they are
    CALLED, do not have."""

    WITHOUT: ClassVar[tuple[str, ...]]
    CALLED: ClassVar[str]
    parts: Mapping[str, Part]

    @property
    def model(self) -> str:
        """The equations of all parts."""
        return "\n".join(part.model for part in self.parts.values() if part.model)

    def code(self, at: str) -> str:
        """What all parts do at an event."""
        return "\n".join(part.at[at] for part in self.parts.values() if at in part.at)

    def variables(self) -> dict[str, Variable]:
        """Every variable of every part."""
        return {name: v for part in self.parts.values() for name, v in declared(part.model).items()}

    def all_of(self, field: str) -> dict[str, Any]:
        """A field that is a mapping (first, random, events), of all parts."""
        return {name: value for part in self.parts.values() for name, value in getattr(part, field).items()}

    def names(self, field: str) -> list[str]:
        """A field that lists variables (keeps, reads, traces) or tables, of all parts."""
        return [name for part in self.parts.values() for name in getattr(part, field)]

    def part_of(self, variable: str) -> str:
        """The part that declares a variable."""
        return next(name for name, part in self.parts.items() if variable in declared(part.model))

    def check(self, name: str) -> None:
        """Raise ValueError, naming the part, for what does not fit in the population or bundle of this name."""
        for part, piece in self.parts.items():
            if not isinstance(piece, Part):
                raise ValueError(f"the part {part!r} of {name} must be a Part; got {shown(piece)}")
        seen: dict[str, str] = {}
        for part, piece in self.parts.items():
            try:
                variables = self._variables_of(piece)
            except ValueError as problem:
                raise ValueError(f"the part {part!r} of {name}: {problem}") from None
            for variable in variables:
                if variable in seen:
                    raise ValueError(f"the part {part!r} of {name} declares {variable!r}, which its part"
                                     f" {seen[variable]!r} has already")  # fmt: skip
                seen[variable] = part

    def _variables_of(self, part: Part) -> dict[str, Variable]:
        """What a part declares. Raises ValueError for what is wrong with it, wherever it stands."""
        for field, (kind, wanted) in TAKES.items():
            value = getattr(part, field)
            if not isinstance(value, kind):
                raise ValueError(f"{field} takes {wanted}; got {shown(value)}")
            if value and field in self.WITHOUT:
                raise ValueError(f"{self.CALLED} have no {field}; got {shown(value)}")
        for field, kind in (("events", Event), ("pathways", Pathway)):
            for one in getattr(part, field).values():
                if not isinstance(one, kind):
                    raise ValueError(f"{field} takes objects of {kind.__name__}; got {shown(one)}")
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
        """What code of a part can be set off by."""
        return ["onset"]


@dataclass(frozen=True)
class Neurons(Owner):
    """One population of one trial: so many neurons, made of these parts."""

    WITHOUT = ("pathways",)
    CALLED = "populations"
    size: int
    parts: Mapping[str, Part]

    def links(self) -> dict[str, tuple[str, str]]:
        """Variable -> the population and the variable that it is."""
        return {name: (of.partition(".")[0], of.partition(".")[2]) for name, of in self.all_of("links").items()}

    def may_act_at(self) -> list[str]:
        """An onset, every step, and the events of the population, its spike first."""
        return ["onset", "step", *self.all_of("events")]


@dataclass(frozen=True)
class Bundle(Owner):
    """The synapses from one population to another in one trial.

    pattern : who reaches whom. weights : the range that w stays in.
    delay : of the pathway "pre", in seconds: one number, or one for each source neuron.
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
        """All pathways, each with what every part does in it. "pre" is set off by spikes of the source unless told."""
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

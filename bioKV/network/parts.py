"""What populations and bundles are made of: parts, named pieces of Brian2's text with all that belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..checks import shown
from .equations import formulas, lines_of

DRAW = {"uniform": lambda rng, n: rng.random(n), "exponential": lambda rng, n: rng.exponential(size=n)}
TAKES: dict[str, tuple[Any, str]] = {  # a field of a Part: what it takes
    "model": (str, "text"),
    **dict.fromkeys(("at", "events", "pathways", "first", "random", "links"), (Mapping, "a dict")),
    **dict.fromkeys(("keeps", "reads", "traces", "tables"), (tuple | list, "a tuple of names")),
}
SLOTS = tuple(f"{side}{slot}" for slot in ("start", "groups", "thresholds", "synapses", "resets", "end")
              for side in ("before_", "", "after_"))  # fmt: skip


class Event(NamedTuple):
    """What a neuron can do: a condition, and when in a time step its code runs.

    Parameters
    ----------
    condition : str
        Brian2's text that is true when the event happens, such as "v >= threshold".
    when : str
        The slot of a time step in which the code of the event runs (Brian2's `when`).
    """

    condition: str
    when: str = "after_resets"


class Pathway(NamedTuple):
    """What a part of a bundle does at an event of one end; parts that name the same pathway act in it together.

    The fields are done in their order, of all parts: release, transmit, rate, learn, after.

    Parameters
    ----------
    end : {"source", "target", ""}
        Whose event it is; "": as the part says that began the pathway.
    event : str
        The event, "spike" or another of that population; "": as the part says that began the pathway.
    release : str
        Code that comes first.
    transmit : str
        What reaches the target, one line each, such as "drive_post += w". What comes after the sign is multiplied by
        the scale of every part.
    scale : str
        What multiplies all that is transmitted.
    rate : str
        Code that sets eta.
    learn : str
        Code that moves w at the rate eta.
    after : str
        Code that comes last.

    Examples
    --------
    >>> from bioKV.network import Pathway
    >>> depressed = Pathway(transmit="drive_post += w").and_then(Pathway(scale="resource", after="resource *= 0.8"))
    >>> print(depressed.code)
    drive_post += (w)*resource
    resource *= 0.8
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
        """Both pathways at once.

        Parameters
        ----------
        other : Pathway
            What another part does in the same pathway, after this.

        Returns
        -------
        Pathway
            The pathway with both.

        Raises
        ------
        ValueError
            If they are set off by different events, or the other is no pathway.
        """
        if not isinstance(other, Pathway):
            raise ValueError(f"other must be a Pathway; got {shown(other)}")
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
    r"""A named piece of a population, or of a bundle of synapses.

    Parameters
    ----------
    model : str
        Its equations.
    at : dict of str to str
        Code that neurons run at a "spike", at the "onset" of a presentation, in every "step", or at an event of theirs;
        of synapses only at the "onset".
    events : dict of str to Event
        What neurons can do; the event called "spike" is what is sent along axons.
    pathways : dict of str to Pathway
        What synapses do; "pre" is the axon's.
    first : dict of str to float or array_like, shape (n,)
        Variables before the first presentation, one number or one per neuron or synapse of a trial; 0 where nothing is
        said.
    random : dict of str to {"uniform", "exponential"}
        Variables that are drawn for every neuron of every trial before the first presentation: "uniform" from 0 to 1,
        "exponential" with mean 1.
    links : dict of str to str
        Variables that are declared "(linked)", and the "population.variable" of a population of one neuron that all
        these neurons read. Synapses cannot.
    keeps : tuple of str
        Variables that one presentation hands on to the next.
    reads : tuple of str
        Variables that are read at the end of every presentation.
    traces : tuple of str
        Variables that can be kept step by step.
    tables : tuple of str
        What is presented and used here (keys, targets, gate, triggers, plateaus, feedback), as functions of t and of
        the columns `column` or `trial`.

    Examples
    --------
    Fatigue, which every spike raises and which decays:

    >>> from bioKV.network import Part
    >>> fatigue = Part(
    ...     "dfatigue/dt = -fatigue/tau_fatigue : 1\ntau_fatigue : second (shared, constant)",
    ...     at={"spike": "fatigue += 1"},
    ...     keeps=("fatigue",),
    ... )
    >>> fatigue.keeps
    ('fatigue',)
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
        """Everything in it that is code, or the right-hand side of an equation.

        Returns
        -------
        list of str
            The texts.
        """
        said = [formulas(self.model), *self.at.values(), *(event.condition for event in self.events.values())]
        return said + [field for pathway in self.pathways.values() for field in pathway[2:]]

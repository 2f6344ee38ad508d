"""The memories of a study: by name, by the path of a file, or as functions that make one.

A memory's file holds a function `memory(key_dim, n_slots, value_dim, third_factor, ...)` that returns it. It takes of
these four what it needs; what else it takes by keyword are options on the command line. Those of models/ are found by
that function, under the file's name.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .. import models
from ..checks import closest, shown
from ..memory import stability_thresholds
from ..network.mechanism import Mechanism
from ..network.parameters import Parameters
from ..network.regimes import REGULAR
from ..rule import Rule
from ..spiking import SpikingMemory
from ..third_factors import LeastRecentlyUsed, Random, Sequential, ThirdFactor
from .own_file import arguments, attribute, in_short, is_file

Maker = str | Callable[..., Any]
THIRD_FACTORS = ("sequential", "random", "least_recently_used")
CIRCUIT = ("parameters", "mechanisms", "engine", "workers")  # what the spiking memory is given besides
GIVEN = ("key_dim", "value_dim", "third_factor", *CIRCUIT)  # what is no option of a memory


def spiking(key_dim: int, n_slots: int, value_dim: int, third_factor: ThirdFactor, *,
            stability_threshold: float | None = None, key_stability_threshold: float | None = None,
            rule: str | None = None, regime: str = REGULAR, parameters: Parameters | None = None,
            mechanisms: tuple[Mechanism, ...] = (), engine: str = "auto", workers: int | None = None
            ) -> SpikingMemory:  # fmt: skip
    """The spiking memory of the command line.

    Parameters
    ----------
    key_dim, value_dim : int
        Entries d of a key, and m of a value.
    n_slots : int
        Slots N; none: as many as a key has entries.
    third_factor : ThirdFactor
        Which slots are written.
    stability_threshold : float
        A slot that is written with a gate q of this or more stays as it is; none: slots stay plastic.
    key_stability_threshold : float
        The same for keys alone; none: that of values.
    rule : str
        File of a learned plasticity rule; none: eqs. 9 and 11.
    regime : str
        regular, or irregular: spikes as irregular as in cortex.
    parameters : Parameters
        Those of the regime with others set; none: as they are.
    mechanisms : tuple of Mechanism
        The user's own.
    engine : str
        auto, compiled or numpy.
    workers : int
        Processes at a time; none: all cores.

    Returns
    -------
    SpikingMemory
        Of these sizes.
    """
    return SpikingMemory(
        key_dim, n_slots, value_dim, third_factor, rule=None if rule is None else Rule.load(rule),
        stability_threshold=stability_thresholds(stability_threshold, key_stability_threshold), parameters=parameters,
        regime=regime if parameters is None else REGULAR, mechanisms=mechanisms, engine=engine, workers=workers,
    )  # fmt: skip


def memory_names() -> list[str]:
    """The spiking memory, and every file in models/ that holds a function `memory`."""
    found = (module.name for module in pkgutil.iter_modules(models.__path__))
    return ["spiking", *(name for name in found if hasattr(_module(name), "memory"))]


def _module(name: str):
    return importlib.import_module(f"{models.__name__}.{name}")


def find_memory(memory: Maker) -> Callable[..., Any]:
    """The function that makes a memory: itself, that of a name, or `memory` of a file.

    Raises ValueError, listing the known ones, if there is none, or a file cannot be loaded.
    """
    if callable(memory):
        return memory
    if is_file(memory):
        function = attribute(memory, ("memory",), "a memory's file holds a function"
                             " memory(key_dim, n_slots, value_dim, third_factor)")  # fmt: skip
        if not callable(function):
            raise ValueError(f"memory in {memory} must be a function that returns a memory; got {shown(function)}")
        return function
    if memory == "spiking":
        return spiking
    known = memory_names()
    if memory not in known:
        near = closest(memory, [*known, "or the path of a .py file"])
        raise ValueError(f"there is no memory {shown(memory)}{near}")
    return _module(memory).memory


def memory_name(memory: Maker) -> str:
    """What it is called in tables."""
    if callable(memory):
        return getattr(memory, "__name__", type(memory).__name__)
    return Path(memory).stem if is_file(memory) else memory


def takes_third_factor(memory: Maker) -> bool:
    """Whether a memory has third factors; those that have none are run once, whatever third factors are asked for."""
    return "third_factor" in inspect.signature(find_memory(memory)).parameters


def memory_options(memory: Maker) -> dict[str, inspect.Parameter]:
    """A memory's options by name: n_slots, p of random third factors, and what its function takes by keyword."""
    taken = arguments(find_memory(memory), f"memory {memory_name(memory)}")
    options = {name: parameter for name, parameter in taken.items() if name not in GIVEN}
    if "n_slots" in options:
        options["n_slots"] = options["n_slots"].replace(default=None, annotation=int)
    if "third_factor" in taken:
        options["p"] = inspect.Parameter("p", inspect.Parameter.KEYWORD_ONLY, default=0.1, annotation=float)
    return options


def make_third_factor(name: str, p: float = 0.1) -> ThirdFactor:
    """The third factor of a name on the command line.

    Parameters
    ----------
    name : str
        Of THIRD_FACTORS.
    p : float
        Probability of a plateau per slot and presentation, of random third factors alone.

    Returns
    -------
    ThirdFactor
        Whose `begin` checks p.
    """
    factors: dict[str, ThirdFactor]
    factors = {"sequential": Sequential(), "random": Random(p), "least_recently_used": LeastRecentlyUsed()}
    return factors[name]


def make_memory(memory: Maker, third_factor: str, options: Mapping[str, Any], key_dim: int, value_dim: int,
                **circuit: Any) -> Any:  # fmt: skip
    """A memory for episodes of d = key_dim and m = value_dim.

    options : of `memory_options`, one value each; others do not matter. n_slots, where it is missing or None, is d.
    circuit : of CIRCUIT, for a memory that takes it.
    Raises ValueError for what the memory refuses, and for what is no memory.
    """
    function = find_memory(memory)
    own = {name: options[name] for name in memory_options(memory) if name in options and name not in ("p", "n_slots")}
    n_slots = key_dim if options.get("n_slots") is None else options["n_slots"]
    given = {"key_dim": key_dim, "n_slots": n_slots, "value_dim": value_dim, **circuit}
    taken = inspect.signature(function).parameters
    if "third_factor" in taken:
        given["third_factor"] = make_third_factor(third_factor, options.get("p", 0.1))
    try:
        made = function(**{name: value for name, value in given.items() if name in taken}, **own)
    except (ValueError, MemoryError):
        raise
    except Exception as problem:  # whatever one's own may raise
        raise ValueError(f"the memory {memory_name(memory)} cannot be made: {in_short(problem)}") from problem
    if not all(hasattr(made, name) for name in ("begin", "step", "respond", "key_dim", "value_dim")):
        raise ValueError(f"the memory {memory_name(memory)} must have begin, step, respond, key_dim, value_dim; got"
                         f" {shown(made)}")  # fmt: skip
    return made

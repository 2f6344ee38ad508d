"""The tasks of a study: protocols by name, by the path of a file, or as functions."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import numpy as np

from .. import protocols
from ..checks import closest, shown
from ..episode import Episode
from .own_file import arguments, attribute, in_short, is_file

Protocol = str | Callable[..., Episode]


def protocol_names() -> list[str]:
    """Every file in protocols/ that holds a function of its own name."""
    names = [module.name for module in pkgutil.iter_modules(protocols.__path__)]
    return [name for name in names if callable(getattr(_module(name), name, None))]


def _module(name: str):
    try:
        return importlib.import_module(f"{protocols.__name__}.{name}")
    except Exception as problem:  # whatever a file of one's own may raise
        raise ValueError(f"protocols/{name}.py cannot be loaded: {type(problem).__name__}: {problem}") from problem


def find_protocol(protocol: Protocol) -> Callable[..., Episode]:
    """The function of a protocol: itself, that of a name, or that of a file, which has the file's name.

    Raises ValueError, listing the known ones, if there is none, or a file cannot be loaded.
    """
    if callable(protocol):
        return protocol
    if is_file(protocol):
        name = Path(protocol).stem
        function = attribute(protocol, (name,), f"a protocol's file holds a function of its own name, {name}(rng, ...)")
        if not callable(function):
            raise ValueError(f"{name} in {protocol} must be a function that returns an Episode; got {shown(function)}")
        return function
    known = protocol_names()
    if protocol not in known:
        near = closest(protocol, [*known, "or the path of a .py file"])
        raise ValueError(f"there is no protocol {shown(protocol)}{near}")
    return getattr(_module(protocol), protocol)


def protocol_name(protocol: Protocol) -> str:
    """What it is called in tables and file names."""
    if callable(protocol):
        return getattr(protocol, "__name__", type(protocol).__name__)
    return Path(protocol).stem if is_file(protocol) else protocol


def protocol_options(protocol: Protocol) -> dict[str, inspect.Parameter]:
    """A protocol's arguments by name, from its signature; without the generator and arrays of one's own patterns.

    Raises ValueError for what `find_protocol` refuses, and for a function without a generator `rng`.
    """
    parameters = arguments(find_protocol(protocol), f"protocol {protocol_name(protocol)}")
    if "rng" not in parameters:
        name = protocol_name(protocol)
        raise ValueError(f"the protocol {name} takes {', '.join(parameters) or 'nothing'}; its first argument must be"
                         " rng, a numpy.random.Generator")  # fmt: skip
    kinds = {n: (p.annotation, *get_args(p.annotation)) for n, p in parameters.items()}  # of `int | None`, int too
    return {n: p for n, p in parameters.items() if n != "rng" and np.ndarray not in kinds[n]}


def takes_patterns(protocol: Protocol, name: str = "patterns") -> bool:
    """Whether a protocol can be given patterns of one's own. name : the argument, "patterns" or "value_patterns"."""
    return name in inspect.signature(find_protocol(protocol)).parameters


def example_patterns() -> dict[str, Path]:
    """The files of patterns beside the protocols, by name."""
    return {path.stem: path for folder in protocols.__path__ for path in sorted(Path(folder).glob("*.csv"))}


def length_option(protocol: Protocol) -> str:
    """The option that decides how long a protocol is, as typed on the command line."""
    known = protocol_options(protocol)
    name = next((name for name in ("n_steps", "n_pairs", "n_patterns") if name in known), next(iter(known)))
    return "--" + name.replace("_", "-")


def draw_trial(protocol: Protocol, rng: np.random.Generator, /, **options) -> Episode:
    """One trial. Raises ValueError for what the protocol refuses or cannot do, and for what is no trial."""
    try:
        episode = find_protocol(protocol)(rng, **options)
    except (ValueError, MemoryError):
        raise
    except Exception as problem:  # whatever one's own may raise
        raise ValueError(f"the protocol {protocol_name(protocol)} failed: {in_short(problem)}") from problem
    if not isinstance(episode, Episode) or episode.trials_shape:
        name = protocol_name(protocol)
        raise ValueError(f"the protocol {name} must return one trial as an Episode; got {shown(episode)}")
    return episode

"""Options of a protocol and of the memories, from text."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from typing import Any, get_args

from ..network.mechanism import Mechanism
from ..network.settings import read_setting
from ..studies.memories import Maker, memory_names, memory_options
from ..studies.tasks import Protocol, protocol_name, protocol_options

# what makes one trial short enough to be seen whole, where nothing else is typed
SHORT = {"n_pairs": 4, "n_patterns": 5, "n_steps": 16, "delay": 3, "n_flashbulb": 1}


def parse_options(protocol: Protocol, words: list[str], defaults: dict[str, Any] | None = None,
                  settings: Iterable[str] = (), memories: Iterable[Maker] = (),
                  mechanisms: Sequence[Mechanism] = ()) -> dict[str, Any]:  # fmt: skip
    """`--n-pairs 5,10 --corruption=0.6` -> {"n_pairs": [5, 10], "corruption": 0.6}, by the protocol's signature.

    defaults : for options that were not given; those that neither protocol nor memory has are left out.
    settings : what came after --set, of the spiking memory's parameters and of mechanisms of one's own.
    memories : those of files, whose options count beside those of the built-in ones.
    Raises ValueError for an option that the protocol does not have, one without a value or given twice, or a value of
    another type or unit.
    """
    parameters: dict[str, inspect.Parameter] = {}
    for memory in (*memory_names(), *memories):
        parameters |= memory_options(memory)
    own = protocol_options(protocol)
    known = {name: _type(parameter) for name, parameter in {**own, **parameters, **own}.items()}
    options: dict[str, Any] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            raise ValueError(f"{word!r} does not belong to an option; options look like --n-pairs 5,10,20")
        flag, equals, text = word[2:].partition("=")
        name = flag.replace("-", "_")
        if name not in known:
            listed = ", ".join("--" + n.replace("_", "-") for n in known)
            raise ValueError(f"{protocol_name(protocol)} has no option --{flag}; it has {listed}")
        if name in options:
            raise ValueError(f"--{flag} was given twice; one comma-separated list makes it the x axis")
        if not equals:
            if not rest or rest[0].startswith("--"):
                raise ValueError(f"--{flag} needs a value")
            text = rest.pop(0)
        values = [_read(flag, part, known[name]) for part in text.split(",")]
        options[name] = values if "," in text else values[0]
    for text in settings:
        name, setting = read_setting(text, mechanisms)
        if name in options:
            raise ValueError(f"--set {name} was given twice; one comma-separated list makes it the x axis")
        options[name] = setting
    for name, value in (defaults or {}).items():
        if name in known:
            options.setdefault(name, value)
    return options


def _type(parameter: inspect.Parameter) -> type:
    kinds = get_args(parameter.annotation) or (parameter.annotation,)  # of `int | None`, int
    return next((kind for kind in kinds if kind in (int, float, bool, str)), str)


def _read(flag: str, text: str, kind: type) -> Any:
    text = text.strip()
    try:
        if kind is bool:
            return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[text.lower()]
        return kind(text)
    except (ValueError, KeyError):
        wanted = {int: "a whole number", float: "a number", bool: "true or false"}.get(kind, kind.__name__)
        raise ValueError(f"--{flag} must be {wanted}; got {text!r}") from None

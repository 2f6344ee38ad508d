"""The options that a study may have, and which kind of value each takes."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterable
from typing import Any, NamedTuple, Union, get_args, get_origin

from .memories import Maker, memory_names, memory_options
from .tasks import Protocol, protocol_options

WANTED = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}


class Kind(NamedTuple):
    """of : int, float, bool or str; None if the argument says nothing. optional : None does too, typed as "none"."""

    of: type | None
    optional: bool

    @property
    def wanted(self) -> str:
        """What would do, in words."""
        said = WANTED[self.of] if self.of else "a number, a text, or true or false"
        return f'{said}, or "none"' if self.optional else said

    def fits(self, value: Any) -> bool:
        """Whether a value is of this kind: a whole number is a number too, and a truth value is none."""
        if self.of is None:
            return isinstance(value, int | float | str)
        kinds = (int, float) if self.of is float else self.of
        return isinstance(value, kinds) and (self.of is bool or not isinstance(value, bool))


def option_kinds(protocol: Protocol, memories: Iterable[Maker] = ()) -> dict[str, Kind]:
    """Every option of a protocol, of the built-in memories and of these; a protocol's goes before a memory's.

    Raises ValueError for an unknown protocol or memory.
    """
    found: dict[str, inspect.Parameter] = {}
    for memory in (*memory_names(), *memories):
        found |= memory_options(memory)
    own = protocol_options(protocol)
    return {name: _kind(parameter) for name, parameter in {**own, **found, **own}.items()}


def _kind(parameter: inspect.Parameter) -> Kind:
    annotation = parameter.annotation
    is_union = get_origin(annotation) in (types.UnionType, Union)
    kinds = get_args(annotation) if is_union else (annotation,)  # of `int | None`, int
    optional = type(None) in kinds or (parameter.default is None and bool(kinds))
    return Kind(next((kind for kind in kinds if kind in (int, float, bool, str)), None), optional)

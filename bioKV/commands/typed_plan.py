"""The plan that was typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..studies.own_mechanisms import load_mechanisms
from ..studies.patterns import load_patterns
from ..studies.plan import Plan
from .protocol_options import parse_options


def typed_plan(protocol: str, words: list[str], *, settings: list[str], patterns: Path | None, mechanism: list[str],
               defaults: dict[str, Any] | None = None, **plan: Any) -> Plan:  # fmt: skip
    """The plan of a protocol and the words that no option of the command took.

    settings : what came after --set. patterns : the file of --patterns. mechanism : what came after --mechanism.
    defaults : of options that were not typed, where the protocol draws its own patterns. plan : other fields of Plan.
    Raises ValueError for a word, number or file that cannot be read.
    """
    options = parse_options(protocol, words, defaults if patterns is None else {}, settings, plan["memories"],
                            load_mechanisms(mechanism))  # fmt: skip
    own = load_patterns(patterns, protocol, options)
    return Plan(protocol, options=options, patterns=own, mechanisms=tuple(mechanism), **plan)

"""The plan that was typed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typer

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


FIELDS = {"memory": "memories", "third_factor": "third_factors", "mechanism": "mechanisms"}  # options by another name


def typed_names(ctx: typer.Context, settings: Iterable[str]) -> frozenset[str]:
    """The fields and options of a plan that were typed; the others of the command's are defaults.

    settings : what came after --set.
    """
    fields = {FIELDS.get(name, name) for name in ctx.params if was_typed(ctx, name)} & set(Plan._fields)
    words = {word[2:].partition("=")[0].replace("-", "_") for word in ctx.args if word.startswith("--")}
    return frozenset(fields | words | {text.partition("=")[0].strip() for text in settings})


def was_typed(ctx: typer.Context, *names: str) -> bool:
    """Whether one of these options of the command was."""
    sources = [ctx.get_parameter_source(name) for name in names]
    return any(source is not None and source.name == "COMMANDLINE" for source in sources)

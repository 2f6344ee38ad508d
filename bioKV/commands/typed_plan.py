"""The plan that was typed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typer

from ..progress import say_to_stderr
from ..studies.grid import AXES
from ..studies.own_mechanisms import load_mechanisms
from ..studies.patterns import load_patterns, sizes_of
from ..studies.plan import NONE, Plan, check_plan
from .protocol_options import parse_options, zipped


def typed_plan(protocol: str, ctx: typer.Context, *, settings: list[str], mechanism: list[str], patterns: Path | None,
               value_patterns: Path | None, threshold: float | None, defaults: dict[str, Any] | None = None,
               together: Iterable[str] = (), **plan: Any) -> Plan:  # fmt: skip
    """The plan of a protocol and the words that no option of the command took.

    settings : what came after --set. mechanism : what came after --mechanism. patterns, value_patterns, threshold :
    what came after these options; what was made of a file is said. defaults : of options that were not typed; one's
    own patterns say how many entries there are, and how many patterns at most. together : what came after --zip.
    plan : other fields of Plan.
    Raises ValueError for a word, number or file that cannot be read.
    """
    refuse_plan_file(protocol)
    own, said = load_patterns(protocol, {"patterns": patterns, "value_patterns": value_patterns}, threshold)
    sizes, short = sizes_of(protocol, own), defaults or {}
    defaults = {**short, **sizes, **{name: min(short[name], sizes[name]) for name in short.keys() & sizes.keys()}}
    mechanisms, varied = typed_mechanisms(mechanism)
    loaded = load_mechanisms([*mechanisms, *(one for one in varied.get("mechanism", []) if one != NONE)])
    options = parse_options(protocol, ctx.args, defaults, settings, plan["memories"], loaded, flags_of(ctx))
    options, points = zipped({**options, **varied}, together)
    typed = Plan(protocol, options=options, points=points, mechanisms=mechanisms, patterns=own.get("patterns"),
                 value_patterns=own.get("value_patterns"), **plan)  # fmt: skip
    if said:
        check_plan(typed)  # a plan that is refused gets that sentence alone
    for sentence in said:
        say_to_stderr(f"note: {sentence}")
    return typed


def refuse_plan_file(protocol: str) -> None:
    """Raise ValueError for a plan file where a protocol belongs."""
    if protocol.endswith(".toml"):
        raise ValueError(f"{protocol} is a plan, and this command takes a protocol; biokv run {protocol} runs the plan")


def typed_mechanisms(given: list[str]) -> tuple[tuple[str, ...], dict[str, list[str]]]:
    """Those of every trial, and the option `mechanism` if a list of them was typed: none,short_term_depression."""
    lists = [one for one in given if "," in one]
    if len(lists) > 1:
        raise ValueError(f"--mechanism can be one list of which every one is tried; got {' and '.join(lists)}")
    varied = {"mechanism": [name.strip() for name in lists[0].split(",")]} if lists else {}
    return tuple(one for one in given if "," not in one), varied


# options of a command by another name than the fields of a plan
FIELDS = {"memory": "memories", "third_factor": "third_factors", "mechanism": "mechanisms", "zip": "points",
          **dict.fromkeys(AXES, "axes")}  # fmt: skip


def flags_of(ctx: typer.Context) -> list[str]:
    """The options that the command itself has, as they are typed."""
    return [flag for parameter in ctx.command.params for flag in parameter.opts if flag.startswith("--")]


def typed_names(ctx: typer.Context, settings: Iterable[str]) -> frozenset[str]:
    """The fields and options of a plan that were typed; the others of the command's are defaults.

    settings : what came after --set.
    """
    fields = {FIELDS.get(name, name) for name in ctx.params if was_typed(ctx, name)} & set(Plan._fields)
    words = {word[2:].partition("=")[0].replace("-", "_") for word in ctx.args if word.startswith("--")}
    if "mechanisms" in fields:
        words.add("mechanism")  # which a list of them is
    return frozenset(fields | words | {text.partition("=")[0].strip() for text in settings})


def was_typed(ctx: typer.Context, *names: str) -> bool:
    """Whether one of these options of the command was."""
    sources = [ctx.get_parameter_source(name) for name in names]
    return any(source is not None and source.name == "COMMANDLINE" for source in sources)

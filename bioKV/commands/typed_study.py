"""The study that was typed: a protocol with its options, or a plan file with what is typed in the place of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import typer

from ..memory import check_sizes
from ..progress import say_to_stderr
from ..ranges import listed
from ..studies.estimate import estimate
from ..studies.grid import AXES, varying
from ..studies.own_mechanisms import load_mechanisms
from ..studies.patterns import load_patterns, sizes_of
from ..studies.plan import NONE, NOTHING_RECORDED, Plan, check_plan
from ..studies.plan_file import PlanFile, RunSettings, read_plan_file
from ..studies.study import with_engine
from ..studies.tasks import protocol_name, protocol_options
from .protocol_options import parse_options, zipped
from .shared_options import margins_of
from .typed_plan import FIELDS, flags_of, refuse_plan_file, typed_mechanisms, typed_names, typed_plan, was_typed

AS_TYPED = ("trials", "seed", "engine", "in_order")  # fields of a plan that an option of the command is
MARGIN, PATTERN_MARGIN = 0.02, 0.05


class TypedStudy(NamedTuple):
    """plan, out, workers, margins : as of `run_study`. typed : the names of what was, for --resume; None: all was."""

    plan: Plan
    out: Path
    workers: int | None
    margins: dict[str, float] | None
    typed: frozenset[str] | None


def typed_study(ctx: typer.Context, *, compare: bool = False, settings: Sequence[str] | None = None,
                typed_settings: Sequence[str] | None = None, defaults: dict[str, Any] | None = None,
                suffix: str = "") -> TypedStudy:  # fmt: skip
    """The study of a command that has the options of `biokv run` or `biokv compare`.

    settings : what came after --set, if it is not all of it. typed_settings : those of them that were typed.
    defaults : of options that were not typed. suffix : of the folder in runs/, of a command that takes no plan file.
    Raises ValueError for a word, number or file that cannot be read.
    """
    given = ctx.params
    sets = list(given["set"] if settings is None else settings)
    if given["protocol"].endswith(".toml") and not suffix:
        return _of_file(ctx, read_plan_file(given["protocol"]), compare, sets)
    refuse_plan_file(given["protocol"])
    _say_collisions(ctx, given["protocol"])
    memories = ("spiking", "rate") if compare else tuple(given["memory"])
    plan = typed_plan(
        given["protocol"], ctx, settings=sets, mechanism=given["mechanism"], patterns=given["patterns"],
        value_patterns=given["value_patterns"], threshold=given["threshold"], together=given["zip"], defaults=defaults,
        memories=memories, third_factors=tuple(given["third_factor"]), replay=compare, axes=_axes(ctx),
        **{name: given[name] for name in AS_TYPED}, **_recorded(ctx, ()),
    )  # fmt: skip
    out = given["out"] or Path("runs") / f"{ctx.command.name}-{plan.name}{suffix}"
    names = typed_names(ctx, sets if typed_settings is None else typed_settings)
    return TypedStudy(plan, out, given["workers"], _margins(ctx, plan, RunSettings()), names)


def _of_file(ctx: typer.Context, read: PlanFile, compare: bool, sets: list[str]) -> TypedStudy:
    """The study of a plan file; what was typed beside it goes before what it says."""
    given, plan = ctx.params, read.plan
    fields: dict[str, Any] = {name: given[name] for name in AS_TYPED if was_typed(ctx, name)}
    fields |= {FIELDS[name]: tuple(given[name]) for name in ("memory", "third_factor") if was_typed(ctx, name)}
    if plan.replay and "memories" in fields:
        raise ValueError(f"{read.file.path} compares spiking and rate (compare = true), so --memory does nothing there")
    if compare and not plan.replay:
        fields |= {"replay": True, "memories": ("spiking", "rate")}
    options, varied = dict(plan.options), dict[str, list[str]]()
    if was_typed(ctx, "mechanism"):
        fields["mechanisms"], varied = typed_mechanisms(given["mechanism"])
    if was_typed(ctx, "patterns", "value_patterns", "threshold"):
        paths = {name: given[name] for name in ("patterns", "value_patterns")}
        own, said = load_patterns(plan.protocol, paths, given["threshold"])
        fields |= own
        options |= sizes_of(plan.protocol, own)
        for sentence in said:
            say_to_stderr(f"note: {sentence}")
    _say_collisions(ctx, plan.protocol)
    every = [*fields.get("mechanisms", plan.mechanisms), *_varied_mechanisms({**options, **varied})]
    memories = fields.get("memories", plan.memories)
    words = parse_options(plan.protocol, ctx.args, None, sets, memories, load_mechanisms(every), flags_of(ctx))
    typed, points = zipped({**words, **varied}, given["zip"])
    fields |= {"options": {**options, **typed}, **_recorded(ctx, plan.record)}
    if points:
        fields |= {"points": points, "options": {n: v for n, v in fields["options"].items() if n not in points[0]}}
    changed = plan._replace(**fields)
    no_more = {*varying(plan)} - {*varying(changed)}  # an axis that shows one of these is free again
    axes = {axis: name for axis, name in plan.axes.items() if name not in no_more}
    changed = changed._replace(axes={**axes, **_axes(ctx)})
    read.check(changed, {*fields, *words, *varied, *_axes(ctx)} - {"options"})
    out = given["out"] or read.settings.out or Path("runs") / read.file.path.stem
    workers = given["workers"] if was_typed(ctx, "workers") else read.settings.workers
    return TypedStudy(changed, out, workers, _margins(ctx, changed, read.settings), None)


def _varied_mechanisms(options: dict[str, Any]) -> list[str]:
    given = options.get("mechanism", [])
    return [one for one in (given if isinstance(given, list) else [given]) if one != NONE]


def _axes(ctx: typer.Context) -> dict[str, str]:
    return {axis: ctx.params[axis].lstrip("-").replace("-", "_") for axis in AXES if ctx.params[axis] is not None}


def _recorded(ctx: typer.Context, before: tuple[str, ...]) -> dict[str, tuple]:
    """The fields record and record_trials, where they were typed. before : populations that a plan file records."""
    fields: dict[str, tuple] = {}
    if was_typed(ctx, "record"):
        fields["record"] = tuple(name.strip() for name in ctx.params["record"].split(","))
    if was_typed(ctx, "record_trials"):
        text = ctx.params["record_trials"]
        try:
            fields["record_trials"] = tuple(int(one) for one in listed("--record-trials", text))
        except ValueError:
            raise ValueError(f"--record-trials must be whole numbers, such as 0,1,2 or 0:9; got {text!r}") from None
        if not fields.get("record", before):
            raise ValueError(NOTHING_RECORDED)
    return fields


def _margins(ctx: typer.Context, plan: Plan, said: RunSettings) -> dict[str, float] | None:
    """Of equivalence, of a comparison: typed, or those of the plan file, or the usual ones."""
    found: dict[str, float] = {}
    for name, usual in (("margin", MARGIN), ("pattern_margin", PATTERN_MARGIN)):
        of_file = getattr(said, name)
        found[name] = ctx.params[name] if was_typed(ctx, name) else usual if of_file is None else of_file
    margins = margins_of(**found)
    return margins if plan.replay else None


def _say_collisions(ctx: typer.Context, protocol: Any) -> None:
    """Say of every option that was typed whose it is, if the protocol has one of that name too."""
    for name in protocol_options(protocol):
        if name != "protocol" and name in ctx.params and was_typed(ctx, name):
            said = f"--{name.replace('_', '-')} is that of `biokv {ctx.command.name}`; the option {name} of"
            say_to_stderr(f"note: {said} {protocol_name(protocol)} is set in a plan file, below [fixed] or [sweep]")


def dry(ctx: typer.Context, study: TypedStudy) -> bool:
    """Whether --dry-run was typed: then the study is checked, and what it would take is printed."""
    if not ctx.params["dry_run"]:
        return False
    check_plan(study.plan)
    if study.workers is not None:
        check_sizes(workers=study.workers)
    for line in estimate(with_engine(study.plan)[0], study.workers).lines():
        print(line)
    return True

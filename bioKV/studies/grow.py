"""The plan of a run that goes on: the one in its folder, with what is asked for besides. It grows and never shrinks."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from .grid import combinations
from .inputs import array_of
from .plan import NONE, Plan
from .record import ARRAY, as_json, defaults_of, read_record, resolved_options, typed_of

FREE = ("options", "engine", "axes", "record", "record_trials")  # fields in which it may differ
LISTS = ("memories", "third_factors", "points")  # and those to which values may be added
UNSAID = {"mechanism": NONE}  # options of no protocol or memory, where a plan does not give them


def resumed_plan(path: str | Path, plan: Plan, typed: Collection[str] | None) -> Plan:
    """The plan of the run in a folder, to go on with it or to let it grow.

    plan : the one that is asked for. typed : the fields and options of it that were said; the others are the recorded
    ones. None: all were, as where a plan is made in Python. What was said is the same as before, or more of it: more
    trials, and of memories, third factors and values of an option all that were there and others.
    Raises ValueError if there is no run, one of another protocol or command, one whose input files are gone, or if
    what was said differs (naming all that does).
    """
    record = read_record(Path(path))
    before, now = record["plan"], typed_of(plan)
    if (before["protocol"], before["replay"]) != (now["protocol"], plan.replay):
        command = "compare" if before["replay"] else "run"
        raise ValueError(f"the run in {path} is of `biokv {command} {before['protocol']}`; resume it with that")
    of_plan = set(Plan._fields if typed is None else typed) & set(Plan._fields)
    # what the command itself has is typed to it, though the protocol may have an option of that name
    of_options = {*plan.options, *before["options"]} if typed is None else set(typed) - of_plan
    pairs = {name: (before.get(name), now[name]) for name in Plan._fields if name not in FREE}
    resolved = as_json(resolved_options(plan))
    earlier = {**UNSAID, **record["options"]}
    options = {name: (earlier.get(name), {**UNSAID, **resolved}.get(name)) for name in {**earlier, **resolved}}
    differs = [f"{name} {_short(b)}, this one has {_short(n)}"
               for both, said, fits in ((pairs, of_plan, _grows), (options, of_options, _has_all))
               for name, (b, n) in both.items() if name in said and not fits(name, b, n)]  # fmt: skip
    more = "--resume needs the same, or besides it more trials, memories, third factors or values of an option"
    if differs:
        raise ValueError(f"the run in {path} had {'; it had '.join(differs)}; {more}")
    if typed is None:
        return _with_all(path, plan, before, more)
    for name, one in record["inputs"].items():
        if one["path"] and not Path(one["path"]).expanduser().exists():
            raise ValueError(f"{one['path']} ({name} of the run in {path}) is gone; its content is kept in"
                             f" {Path(path) / one['kept']}")  # fmt: skip
    fields: dict[str, Any] = {}
    inputs = record["inputs"] | (record.get("later_parts") or [record])[-1]["inputs"]
    for name, value in before.items():
        if name in Plan._fields and name not in {*of_plan, "protocol", "options"}:
            fields[name] = array_of(Path(path), inputs[name]) if value == ARRAY else value
    fields = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    grown = plan._replace(**fields)
    together = grown.points[0] if grown.points else ()
    options = {**before["options"], **{name: value for name, value in plan.options.items() if name in of_options}}
    options = {name: value for name, value in options.items() if name not in together}
    return _with_all(path, grown._replace(options=options), before, more)


def _with_all(path: str | Path, plan: Plan, before: Mapping[str, Any], more: str) -> Plan:
    """The plan. Raises ValueError unless it has every combination of options that there was before."""
    earlier = plan._replace(options=before["options"], points=tuple(before.get("points") or ()))
    there, now = ({json.dumps(as_json({**UNSAID, **defaults_of(plan), **options}), sort_keys=True): options
                   for options in combinations(one)} for one in (earlier, plan))  # fmt: skip
    lost = [options for text, options in there.items() if text not in now]
    if lost:
        said = ", ".join(f"{name} {_short(as_json(value))}" for name, value in lost[0].items())
        raise ValueError(f"the run in {path} had the combination {said}, which this one has not; {more}")
    return plan


def _grows(name: str, before: Any, now: Any) -> bool:
    """Whether what is asked for in a field of the plan is what there was, or all of that and more."""
    if name == "trials":
        return now >= before
    return _has_all(name, before, now) if name in LISTS else before == now


def _has_all(name: str, before: Any, now: Any) -> bool:
    """The same of an option."""
    values = now if isinstance(now, list) else [now]
    return all(one in values for one in (before if isinstance(before, list) else [before]))


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 80 else f"{text[:76]} ..."

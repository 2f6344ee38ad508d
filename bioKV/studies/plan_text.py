"""A plan as a file, `study.toml`: it gives the same plan when it is read (plan_file.py)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..network.settings import setting_text
from .grid import varying
from .memories import memory_name
from .option_kinds import option_kinds
from .plan import Plan, described, settings_of

MISSING = "# missing: "  # begins the line of what no file can hold


def plan_text(plan: Plan, run: Mapping[str, Any] | None = None, paths: Mapping[str, str] | None = None) -> str:
    """A plan that can be carried out, as a file. Options that are None are left out.

    run : more for its section [run], such as {"workers": 2}; None as a value leaves it out.
    paths : what is written in the place of a path of the plan, or of its array, by that path or by the name of the
        field or option: {"my/task.py": "inputs/task.py", "patterns": "inputs/patterns.npy"}.
    A function, an object or an array without a path is a line that says so, and reading the file refuses it.
    """
    writer = _Writer(plan, paths or {})
    in_spikes = plan.replay and plan.memories == ("spiking", "rate")
    study: dict[str, Any] = {
        "protocol": plan.protocol,
        "memories": None if in_spikes else plan.memories,
        "third_factors": plan.third_factors,
        "compare": plan.replay or None,
        "mechanisms": plan.mechanisms or None,
        "patterns": plan.patterns,
        "value_patterns": plan.value_patterns,
        "in_order": plan.in_order or None,
        **plan.axes,
    }
    lists = set(varying(plan))
    fixed = {name: value for name, value in plan.options.items() if name not in lists}
    swept = {name: value for name, value in plan.options.items() if name in lists}
    said = {"trials": plan.trials, "seed": plan.seed, "engine": plan.engine, "record": plan.record or None,
            "record_trials": plan.record_trials if plan.record else None, **(run or {})}  # fmt: skip
    sections = [("[study]", study), ("[fixed]", fixed), ("[sweep]", swept), *(("[[points]]", p) for p in plan.points),
                ("[run]", said)]  # fmt: skip
    return "\n".join(
        "".join([f"{header}\n", *(writer.line(name, value) for name, value in section.items() if value is not None)])
        for header, section in sections
        if section
    )


class _Writer:
    def __init__(self, plan: Plan, paths: Mapping[str, str]):
        self.paths = paths
        known = option_kinds(plan.protocol, plan.memories)
        self.settings = {name: kind for name, kind in settings_of(plan).items() if name not in known}

    def line(self, name: str, value: Any) -> str:
        """`name = value`, or a line that says why there is none."""
        if isinstance(value, np.ndarray) and value.ndim:
            value = self.paths.get(name, value)
        if isinstance(value, list | tuple):
            values: Any = [self.one(name, one, len(value) == 1) for one in value]
        else:
            values = self.one(name, value, True)
        try:
            return f"{toml_key(name)} = {toml_text(values)}\n"
        except ValueError:
            each = value if isinstance(value, list | tuple) else [value]
            said = " ".join(", ".join(described(one) for one in each).split())
            return f"{MISSING}{name} was {said!a}, which no file can hold; name the path of one\n"

    def one(self, name: str, value: Any, alone: bool) -> Any:
        """A single value as it is written: with its unit, or the path that it is kept under."""
        if isinstance(value, np.generic):
            value = value.item()
        if value is None:
            return "none"
        if name in self.settings and isinstance(value, int | float):
            return setting_text(value, self.settings[name])
        if isinstance(value, str | Path):
            kept = self.paths.get(str(value), str(value))
            named = self.paths.get(memory_name(kept)) if name == "memories" else self.paths.get(name) if alone else None
            return named or kept
        return value


def toml_text(value: Any) -> str:
    """A name, number, truth value or list of them as TOML. Raises ValueError for what TOML has no text for."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        value.encode()  # raises UnicodeEncodeError, a ValueError, for names that are no text
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_text, value))}]"
    raise ValueError(f"{type(value).__name__} is nothing that TOML can hold")


def toml_key(name: str) -> str:
    """A name as a key, in quotes where it needs them."""
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else toml_text(name)

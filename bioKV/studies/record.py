"""The record of a run: everything needed to do it again, and what it cost."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

try:
    import resource
except ImportError:  # on Windows
    resource = None  # type: ignore[assignment]

from ..network.parameters import Parameters
from .plan import Plan, described, sweep
from .tasks import protocol_options


def describe(plan: Plan, command: str) -> dict[str, Any]:
    """Everything needed to do a run again: command, plan, versions, git revision, parameters."""
    x_name, xs, _ = sweep(plan)
    defaults = {name: str(value) for name, value in Parameters()._asdict().items()}
    said = {name: value for name, value in plan._asdict().items() if name != "patterns"}
    said |= {"protocol": described(plan.protocol)}
    said |= {name: [described(one) for one in getattr(plan, name)] for name in ("memories", "mechanisms")}
    if plan.patterns is not None:
        said["patterns"] = plan.patterns.astype(int).tolist()
    return {
        "command": command,
        "plan": said,
        "options": resolved_options(plan),
        "x_name": x_name,
        "xs": xs,
        "parameters": defaults if "spiking" in said["memories"] else {},
        **provenance(),
    }


def resolved_options(plan: Plan) -> dict[str, Any]:
    """Every argument of protocol and memory, those left at their defaults too."""
    defaults = {name: parameter.default for name, parameter in protocol_options(plan.protocol).items()}
    return {**defaults, "n_slots": "as many as key entries", "p": 0.1, **plan.options}


def provenance(more: tuple[str, ...] = ()) -> dict[str, Any]:
    """With what a run was done: versions (of `more` packages too), git revision, machine."""
    versions = {"python": platform.python_version()}
    for package in ("bioKV", "brian2", "numpy", "scipy", "pandas", "matplotlib", *more):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    return {
        "versions": versions,
        "git_revision": git_revision(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }


def git_revision() -> str | None:
    """The revision of the checkout bioKV runs from, "+" if it was changed since; None outside one."""
    here = Path(__file__).resolve().parents[1]
    if not (here.parent / ".git").exists():
        return None
    try:
        head = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, check=True
        ).stdout.strip()
        changed = subprocess.run(
            ["git", "status", "--porcelain"], cwd=here, capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return head + ("+" if changed.strip() else "")


def spent(started: float) -> dict[str, float]:
    """Wall time since `started` (time.time()), processor time and peak memory of this process and its children.

    On Windows only the first, and the processor time of this process.
    """
    wall = round(time.time() - started, 3)
    if resource is None:
        return {"wall_s": wall, "cpu_s": round(time.process_time(), 3)}
    mine, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    scale = 1 if sys.platform == "darwin" else 1024
    return {
        "wall_s": wall,
        "cpu_s": round(mine.ru_utime + mine.ru_stime + children.ru_utime + children.ru_stime, 3),
        "peak_memory_mb": round(max(mine.ru_maxrss, children.ru_maxrss) * scale / 1e6, 1),
    }


def read_record(folder: Path) -> dict[str, Any]:
    """run.json of a folder. Raises ValueError if there is none, or it is not whole."""
    try:
        record = json.loads((folder / "run.json").read_text())
        if not set(Plan._fields) >= set(record["plan"]) >= {"protocol", "replay"}:
            raise KeyError
    except FileNotFoundError:
        raise ValueError(f"there is no run to resume in {folder}") from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):  # the last: JSON may nest too deeply
        raise ValueError(f"{folder / 'run.json'} is damaged and cannot be resumed; start anew with --force") from None
    return record


def recorded_plan(path: str | Path, like: Plan) -> Plan:
    """The plan of the run in a folder, to go on with it without typing its options again.

    like : gives what must agree. Raises ValueError if there is no run, or one of another protocol or command.
    """
    plan = read_record(Path(path))["plan"]
    if (plan["protocol"], plan["replay"]) != (described(like.protocol), like.replay):
        command = "compare" if plan["replay"] else "run"
        raise ValueError(f"the run in {path} is of `biokv {command} {plan['protocol']}`; resume it with that")
    patterns = plan.pop("patterns", None)
    try:
        lists = {name: tuple(plan.get(name, ())) for name in ("memories", "third_factors", "mechanisms")}
        own = None if patterns is None else np.array(patterns, float)
    except (TypeError, ValueError):
        raise ValueError(f"{Path(path) / 'run.json'} is damaged and cannot be resumed; start anew with --force"
                         ) from None  # fmt: skip
    return Plan(**{**plan, **lists, "protocol": like.protocol, "patterns": own})

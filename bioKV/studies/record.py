"""The record of a run: everything needed to do it again, and what it cost."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

try:
    import resource
except ImportError:  # on Windows
    resource = None  # type: ignore[assignment]

from ..network.parameters import Parameters
from ..whole_file import replacing
from .grid import varying
from .inputs import Input, changed
from .plan import Plan, described
from .read import AS_MANY
from .tasks import protocol_options

ARRAY = "an array"
# as of `git rev-parse --local-env-vars`: by these git looks at another repository or another working tree
ELSEWHERE = (
    "GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CEILING_DIRECTORIES", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE", "GIT_REPLACE_REF_BASE", "GIT_NO_REPLACE_OBJECTS", "GIT_CONFIG", "GIT_CONFIG_PARAMETERS",
)  # fmt: skip


def describe(plan: Plan, command: str) -> dict[str, Any]:
    """Everything needed to do a run again: command, plan, versions, git revision, parameters.

    The plan is what is typed of it; of files and arrays the record says more under "inputs" (inputs.keep).
    """
    defaults = {name: str(value) for name, value in Parameters()._asdict().items()}
    memories = [described(memory) for memory in plan.memories]
    return {
        "commands": [command],
        "plan": typed_of(plan),
        "options": as_json(resolved_options(plan)),
        "varying": varying(plan),
        "parameters": defaults if "spiking" in memories else {},
        **provenance(),
    }


def typed_of(plan: Plan) -> dict[str, Any]:
    """A plan as a record has it: names, numbers and paths; in the place of an array, that there is one."""
    return {name: as_json(value) for name, value in plan._asdict().items()}


def as_json(value: Any) -> Any:
    """A value as a record has it."""
    if isinstance(value, dict):
        return {str(name): as_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return [as_json(one) for one in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return ARRAY
    return str(value) if isinstance(value, Path) else described(value)


def resolved_options(plan: Plan) -> dict[str, Any]:
    """Every argument of protocol and memory, those left at their defaults too."""
    together = {name: [point[name] for point in plan.points] for name in (plan.points[0] if plan.points else ())}
    return {**defaults_of(plan), **plan.options, **together}


def defaults_of(plan: Plan) -> dict[str, Any]:
    """What options are that were not given."""
    defaults = {name: parameter.default for name, parameter in protocol_options(plan.protocol).items()}
    return {**defaults, "n_slots": AS_MANY, "p": 0.1}


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
        return _git(here, "rev-parse", "HEAD") + ("+" if _git(here, "status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(here: Path, *words: str) -> str:
    """What git says of the checkout around a folder, wherever the caller's GIT_DIR and its kind point to."""
    env = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    done = subprocess.run(["git", *words], cwd=here, env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


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


@contextmanager
def noted(folder: Path, record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """run.json of what runs within: its state, and at the end what it cost. More can be put into what is yielded, and
    another state than "failed" before an exception."""
    said, started = {**record, "state": "running"}, time.time()
    try:
        write_record(folder, said)
        yield said
        said["state"] = "finished"
    except KeyboardInterrupt:
        said["state"] = "interrupted"
        raise
    except BaseException:
        if said["state"] == "running":
            said["state"] = "failed"
        raise
    finally:
        write_record(folder, {**said, **spent(started)})


def write_record(folder: Path, record: dict[str, Any]) -> None:
    """Write run.json, all at once. Raises ValueError if it cannot be written."""
    with replacing(folder / "run.json", "; the trials before are kept") as new:
        new.write_text(json.dumps(record, indent=2) + "\n")


def read_record(folder: Path) -> dict[str, Any]:
    """run.json of a folder. Raises ValueError if there is none, or it is not whole."""
    try:
        record = json.loads((folder / "run.json").read_text())
        if not isinstance(record, dict):
            raise TypeError
        if not {"commands", "plan", "options", "inputs", "versions"} <= set(record):
            raise LookupError
        tables = record["plan"], record["options"], record["inputs"], record["versions"], record["plan"].get("options")
        if not all(isinstance(one, dict) for one in tables) or not isinstance(record["commands"], list):
            raise TypeError
        if not set(Plan._fields) >= set(record["plan"]) >= {"protocol", "replay"}:
            raise TypeError
    except FileNotFoundError:
        raise ValueError(f"there is no run to resume in {folder}") from None
    except LookupError:
        raise ValueError(f"the run in {folder} is of an older bioKV and cannot be resumed; start anew with --force"
                         ) from None  # fmt: skip
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):  # the last: JSON may nest too deeply
        raise ValueError(f"{folder / 'run.json'} is damaged and cannot be resumed; start anew with --force") from None
    return record


def differences(record: Mapping[str, Any], description: Mapping[str, Any], inputs: list[Input], engine: list[str]
                ) -> list[str]:  # fmt: skip
    """A phrase for all that was another when the last part of a recorded run began: versions, git revision, engine,
    the content of inputs. Not the machine: numbers do not depend on it."""
    last = (record.get("later_parts") or [record])[-1]
    before, now = last["versions"], description["versions"]
    said = [f"{name} was {before.get(name)}, now {now.get(name)}" for name in {**before, **now}
            if before.get(name) != now.get(name)]  # fmt: skip
    revisions = last["git_revision"], description["git_revision"]
    if None not in revisions and revisions[0] != revisions[1]:  # None: outside a checkout, or git did not say
        said.append(f"the git revision was {revisions[0]}, now {revisions[1]}")
    if last.get("engine", engine) != engine:
        said.append(f"the engine was {' '.join(last['engine'])}, now {' '.join(engine)}")
    return said + changed(last["inputs"], inputs)

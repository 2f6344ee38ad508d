"""The files and arrays that a plan rests on: their content is kept beside its results, and compared by `--resume`."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .memories import memory_name
from .own_file import imported_beside, is_file
from .plan import Plan

FOLDER = "inputs"


class Input(NamedTuple):
    """A file, by its path as it was given, or an array, without one.

    name : of the plan's field or option. importer : the name of the input that imports it, and within : its path below
    the folder of that one, where it has to lie again; None for a file that the plan names.
    """

    name: str
    path: str | None
    content: bytes
    importer: str | None = None
    within: Path | None = None

    @property
    def sha256(self) -> str:
        """Of the content."""
        return hashlib.sha256(self.content).hexdigest()


def inputs_of(plan: Plan) -> list[Input]:
    """All of them. Raises ValueError if a file cannot be read."""
    files = [Input(name, str(path), _read(name, path)) for name, path in _files(plan)]
    for name, path in [(one.name, Path(one.path)) for one in files if one.path and is_file(one.path)]:
        for beside in imported_beside(path):
            other = path.parent / beside
            files.append(Input(f"{name} imports {beside}", str(other), _read(name, other), name, beside))
    arrays = {**plan._asdict(), **plan.options}
    return files + [Input(name, None, npy(a)) for name, a in arrays.items() if isinstance(a, np.ndarray)]


def _files(plan: Plan) -> Iterator[tuple[str, str | Path]]:
    for name, of in {"protocol": (plan.protocol,), "memory": plan.memories, "mechanism": plan.mechanisms}.items():
        yield from (
            (name if len(of) == 1 else f"{name} {memory_name(path)}", path)
            for path in of
            if isinstance(path, str | Path) and is_file(path)
        )
    options = {name: value if isinstance(value, list | tuple) else [value] for name, value in plan.options.items()}
    options |= {name: [point[name] for point in plan.points] for name in (plan.points[0] if plan.points else ())}
    for name, values in options.items():
        paths = dict.fromkeys(path for path in values if isinstance(path, str | Path) and Path(path).is_file())
        alone = len(values) == 1 and name != "mechanism"  # which those of every trial are called
        yield from ((name if alone else f"{name} {path}", path) for path in paths)


def _read(name: str, path: str | Path) -> bytes:
    try:
        return Path(path).expanduser().read_bytes()
    except OSError as problem:
        raise ValueError(f"cannot read {path} ({name}): {problem.strerror}") from None


def npy(array: np.ndarray) -> bytes:
    """An array in NumPy's file format; whole numbers that fit into a byte, such as signs, as bytes."""
    small = array.astype(np.int8) if array.dtype.kind in "biuf" and not np.isnan(array).any() else array
    file = io.BytesIO()
    np.save(file, small if np.array_equal(small, array) else array, allow_pickle=False)
    return file.getvalue()


def keep(folder: Path, inputs: list[Input], part: int = 0, taken: Collection[str] = ()) -> dict[str, dict[str, Any]]:
    """Write the content of all into a folder beside the results; name -> path, sha256 and kept, for the record.

    part : of the results; what changed with a later one lies beside the first. taken : what is kept there already.
    A file keeps its own name, by which a protocol is known, and files that it imports lie beside it as they did. Where
    another content has one of these names already, all of them lie in a folder of their own.
    Raises ValueError if there is no room.
    """
    noted: dict[str, dict[str, Any]] = {}
    for number, first in enumerate(inputs):
        if first.importer:
            continue
        together = [first, *(one for one in inputs if one.importer == first.name)]
        name = Path(first.path).name if first.path else f"{first.name}.npy"
        place, there = Path(FOLDER), {one["kept"]: one["sha256"] for one in noted.values()}
        wanted = {str(place / (one.within or name)): one.sha256 for one in together}
        if part or any(path in taken or there.get(path, sha256) != sha256 for path, sha256 in wanted.items()):
            place = place / f"{part}-{len(taken) + number}"
        for one in together:
            kept = place / (one.within or name)
            try:
                (folder / kept).parent.mkdir(parents=True, exist_ok=True)
                (folder / kept).write_bytes(one.content)
            except OSError as problem:
                raise ValueError(f"cannot write to {folder / kept}: {problem.strerror}") from None
            noted[one.name] = {"path": one.path, "sha256": one.sha256, "kept": str(kept)}
    return noted


def changed(before: Mapping[str, Mapping[str, Any]], now: list[Input]) -> list[str]:
    """A phrase for every input whose content is another than in a record, or that is no more."""
    known = {one["path"] or name: (name, one["sha256"]) for name, one in before.items()}
    found = {one.path or one.name: one for one in now}
    said = []
    for place, (name, sha256) in known.items():
        if place not in found:
            said.append(f"{name} is not given")
        elif found[place].sha256 != sha256:
            said.append(f"the content of {name}{f' ({place})' if found[place].path else ''} has changed")
    return said


def added(before: Mapping[str, Mapping[str, Any]], now: list[Input]) -> list[Input]:
    """Those that are not in a record: of memories or values that a study has grown by."""
    known = {one["path"] or name for name, one in before.items()}
    new = {one.name for one in now if not one.importer and (one.path or one.name) not in known}
    return [one for one in now if (one.importer or one.name) in new]


def array_of(folder: Path, noted: Mapping[str, Any]) -> np.ndarray:
    """An array that was kept. Raises ValueError if it is not there, or not as it was written."""
    path = folder / noted["kept"]
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise ValueError(f"cannot read {path}: {problem.strerror}; the run cannot be resumed without it") from None
    if hashlib.sha256(content).hexdigest() != noted["sha256"]:
        raise ValueError(f"{path} is damaged, so the run cannot be resumed; start anew with --force")
    return np.load(io.BytesIO(content), allow_pickle=False).astype(float)


def begun_with(folder: Path, plan: Plan, noted: Mapping[str, Mapping[str, Any]]) -> Plan:
    """The plan with what it rests on as it was kept in the folder, by which the cells of a run are known there.

    noted : the inputs of the record's beginning. Raises ValueError if an array is not there as it was written.
    """
    files = {one["path"]: str(folder / one["kept"]) for one in noted.values() if one["path"]}
    arrays = {name: array_of(folder, one) for name, one in noted.items() if not one["path"]}

    def of(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return type(value)(of(one) for one in value)
        return files.get(str(value), value) if isinstance(value, str | Path) else value

    options = {name: arrays.get(name, of(value)) for name, value in plan.options.items()}
    points = tuple({name: of(value) for name, value in point.items()} for point in plan.points)
    fields: dict[str, Any] = {name: array for name, array in arrays.items() if name in Plan._fields}
    return plan._replace(options=options, points=points, mechanisms=of(plan.mechanisms), **fields)

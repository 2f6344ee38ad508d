"""A plan that is written: `study.toml`, checked before anything runs.

    [study]    the protocol, memories, third factors, mechanisms, patterns, and which option a figure shows where
    [fixed]    options with one value each
    [sweep]    options with a list of values, or a range "10:100:10": every combination is run
    [[points]] options that go together, one section for each point
    [run]      trials, seed, engine, workers, where results go, which spikes are kept

Settings of the spiking memory have their unit, "30 ms". Paths are seen from the folder of the file, but for `out`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..checks import check_count, check_margin, closest, shown
from ..progress import say_to_stderr
from .grid import AXES
from .option_kinds import Kind
from .own_file import is_file
from .patterns import load_patterns, sizes_of
from .plan import Plan, check_plan
from .plan_file_options import read_options
from .plan_text import MISSING
from .tasks import example_patterns
from .toml_file import TomlFile

TEXT, WHOLE, NUMBER, TRUTH = Kind(str, False), Kind(int, False), Kind(float, False), Kind(bool, False)
LISTS = ("memories", "third_factors", "mechanisms", "record", "record_trials")
KEYS: dict[str, dict[str, Kind]] = {  # of a list, what each of its values is
    "study": {
        "protocol": TEXT, "memories": TEXT, "third_factors": TEXT, "compare": TRUTH, "mechanisms": TEXT,
        "patterns": TEXT, "value_patterns": TEXT, "threshold": NUMBER, "in_order": TRUTH,
        **dict.fromkeys(AXES, TEXT),
    },
    "run": {
        "trials": WHOLE, "seed": WHOLE, "engine": TEXT, "workers": WHOLE, "out": TEXT, "margin": NUMBER,
        "pattern_margin": NUMBER, "record": TEXT, "record_trials": WHOLE,
    },
}  # fmt: skip
SECTIONS = ("study", "fixed", "sweep", "points", "run")
OF_PLAN = ("third_factors", "in_order", "trials", "seed", "engine", "record", "record_trials")  # as they are
# words of check_plan's sentences that stand for a key
SAID_AS = {"third factor": "third_factors", "mechanism": "mechanisms", "record": "record", "population": "record",
           "memory": "memories", "axis": "x"}  # fmt: skip


class RunSettings(NamedTuple):
    """What [run] says beside the plan; None where it says nothing."""

    out: Path | None = None
    workers: int | None = None
    margin: float | None = None
    pattern_margin: float | None = None


class PlanFile(NamedTuple):
    """What a file says. plan : whose keys and types are checked, and not yet whether it can be carried out."""

    file: TomlFile
    plan: Plan
    settings: RunSettings

    def check(self, plan: Plan | None = None, typed: Collection[str] = ()) -> None:
        """Raise ValueError, with line and key where they are known, for what cannot be carried out.

        plan : that of the file with others in the place of some of its fields and options, the `typed` ones.
        """
        with self.file.placing(SAID_AS, typed):
            check_plan(self.plan if plan is None else plan)


def read_plan(path: str | Path) -> tuple[Plan, RunSettings]:
    """The plan of a file and its settings. Raises ValueError for whatever is wrong, with line and key."""
    read = read_plan_file(path)
    read.check()
    return read.plan, read.settings


def read_plan_file(path: str | Path) -> PlanFile:
    """What a file says. Raises ValueError, with line and key, for what no plan has, or values of another type."""
    file = TomlFile(path)
    for number, line in enumerate(file.text.splitlines(), 1):
        if line.startswith(MISSING):
            raise ValueError(f"{path}, line {number}: {line.removeprefix(MISSING)}")
    _check_sections(file)
    study, run = _section(file, "study"), _section(file, "run")
    if "protocol" not in study:
        file.refuse(("study",), 'protocol is missing below [study]; protocol = "autoassociative" would do')
    study = {name: _seen_from(file, value) for name, value in study.items()}
    compare = study.pop("compare", False)
    study.setdefault("memories", ["spiking", "rate"] if compare else ["rate"])
    if compare and "spiking" not in study["memories"]:
        file.refuse(("study", "memories"), "memories must hold spiking where compare = true; without memories they are"
                    " spiking and rate")  # fmt: skip
    with file.placing(SAID_AS):
        options, points = read_options(file, study["protocol"], study["memories"], study.get("mechanisms", []))
        arrays = _patterns(file, study)
    together = {name for point in points for name in point}
    sizes = {name: size for name, size in sizes_of(study["protocol"], arrays).items() if name not in together}
    given = {**study, **run}
    fields: dict[str, Any] = {name: tuple(given[name]) if isinstance(given[name], list) else given[name]
                              for name in OF_PLAN if name in given}  # fmt: skip
    plan = Plan(study["protocol"], tuple(study["memories"]), options={**sizes, **options}, points=points,
                replay=compare, mechanisms=tuple(study.get("mechanisms", [])), patterns=arrays.get("patterns"),
                value_patterns=arrays.get("value_patterns"), axes={a: study[a] for a in AXES if a in study},
                **fields)  # fmt: skip
    with file.placing(SAID_AS):
        if "workers" in run:
            check_count("workers", run["workers"])
        for name in ("margin", "pattern_margin"):
            if name in run:
                check_margin(name, run[name])
    settings = {name: run[name] for name in RunSettings._fields if name in run}
    if "out" in settings:
        settings["out"] = Path(settings["out"]).expanduser()
    return PlanFile(file, plan, RunSettings(**settings))


def _check_sections(file: TomlFile) -> None:
    for name, section in file.content.items():
        of = next((known for known, keys in KEYS.items() if name in keys), None)
        if name not in SECTIONS and of and not isinstance(section, dict):
            file.refuse((name,), f"{name} stands before any section; it belongs below [{of}]")
        if name not in SECTIONS:
            file.refuse((name,), f"a plan has no section [{name}]{closest(name, SECTIONS, 'it has')}")
        if name == "points" and not (isinstance(section, list) and all(isinstance(one, dict) for one in section)):
            file.refuse((name,), "points are sections of their own, [[points]] each")
        if name != "points" and not isinstance(section, dict):
            file.refuse((name,), f"{name} must be one section, [{name}], with its keys below it")


def _section(file: TomlFile, section: str) -> dict[str, Any]:
    """[study] or [run], each key of it known and of its type."""
    given, keys = file.content.get(section, {}), KEYS[section]
    for name, value in given.items():
        if name not in keys:
            elsewhere = next((other for other, known in KEYS.items() if name in known), None)
            hint = f"; it belongs below [{elsewhere}]" if elsewhere else closest(name, keys, "it has")
            file.refuse((section, name), f"[{section}] has no key {name}{hint}")
        kind = keys[name]
        if name in LISTS and not isinstance(value, list):
            example = f'["{value}"]' if isinstance(value, str) else f"[{value}]"
            file.refuse((section, name), f"{name} must be a list, such as {example}; got {shown(value)}")
        for i, one in enumerate(value if name in LISTS else []):
            if not kind.fits(one):
                file.refuse((section, name, i), f"{name} must be a list, each {kind.wanted}; got {shown(one)}")
        if name not in LISTS and not kind.fits(value):
            file.refuse((section, name), f"{name} must be {kind.wanted}; got {shown(value)}")
        if isinstance(value, str) and not value.isprintable():
            file.refuse((section, name), f"{name} holds what no name has: {shown(value)}; a path with \\ is written in"
                        " single quotes, 'C:\\new.csv'")  # fmt: skip
    return dict(given)


def _seen_from(file: TomlFile, value: Any) -> Any:
    """Names as they are, and paths of Python files seen from the folder of the plan."""
    if isinstance(value, list):
        return [_seen_from(file, one) for one in value]
    return str(file.path.parent / Path(value).expanduser()) if is_file(value) else value


def _patterns(file: TomlFile, study: Mapping[str, Any]) -> dict[str, Any]:
    """One's own patterns; what was made of their files is said."""
    paths: dict[str, Path | None] = {}
    for name in ("patterns", "value_patterns"):
        if name in study:
            is_example = study[name] in example_patterns()
            paths[name] = Path(study[name]) if is_example else file.path.parent / Path(study[name]).expanduser()
    try:
        arrays, said = load_patterns(study["protocol"], paths, study.get("threshold"))
    except ValueError as problem:
        about = [name for name, path in paths.items() if str(path) in str(problem)] or ["threshold"]
        file.refuse(("study", about[-1]), str(problem))
    for sentence in said:
        say_to_stderr(f"note: {sentence}")
    return arrays

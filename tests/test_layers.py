"""Who may import whom, read from the sources: imports inside functions count, and so do those for type checking."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOUNS = {"__init__", "checks", "episode", "memory", "third_factors", "rule", "spikes", "randomness"}
STUDY = {"plan", "study", "results"}
COMMANDS = {"cli", "__main__", "run_study", "run_look", "doctor", "figure_panels", "run_figure", "copy_paste_figure"}
COMMANDS |= {"one_sentence", "panel", "run_learn", "learned_rules", "learning_figures"}
BELOW = {  # group -> the groups it may import from, besides itself
    "nouns": set(),
    "models": {"nouns"},
    "protocols": {"nouns"},
    "spiking": {"nouns"},
    "analysis": {"nouns"},
    "study": {"nouns", "models", "protocols", "spiking", "analysis"},
    "commands": {"nouns", "models", "protocols", "spiking", "analysis", "study"},
}
FILES = sorted(path for folder in ("bioKV", "models", "protocols", "analysis") for path in (ROOT / folder).glob("*.py"))
LAZY = {("bioKV/__init__.py", "bioKV.spiking"), ("bioKV/__init__.py", "bioKV.parameters")}  # on first use only


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def group_of(module: str) -> str:
    """The group of a dotted name; what the folder bioKV holds besides the named files is the spiking memory."""
    parts = module.split(".")[1:] or ["__init__"]
    if parts[0] in ("models", "protocols", "analysis"):
        return parts[0]
    named = {"nouns": NOUNS, "study": STUDY, "commands": COMMANDS}
    return next((group for group, names in named.items() if parts[0] in names), "spiking")


def module_of(path: Path) -> str:
    package = ["bioKV"] if path.parent.name == "bioKV" else ["bioKV", path.parent.name]
    return ".".join(package + [path.stem] * (path.stem != "__init__"))


def is_module(name: str) -> bool:
    parts = name.split(".")[1:]
    folder = ROOT if parts[0] in ("models", "protocols", "analysis") else ROOT / "bioKV"
    return folder.joinpath(*parts).with_suffix(".py").is_file() or folder.joinpath(*parts, "__init__.py").is_file()


def imports_of(path: Path) -> set[str]:
    """Dotted names of every module a file imports, anywhere in it."""
    package = module_of(path).split(".")
    if path.stem != "__init__":
        package = package[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            source = ".".join(base + (node.module.split(".") if node.module else []))
            for alias in node.names:
                lazy = {"SpikingMemory": "bioKV.spiking", "Parameters": "bioKV.parameters"}.get(alias.name)
                name = lazy if source == "bioKV" and lazy else f"{source}.{alias.name}"
                found.add(name if name.startswith("bioKV.") and is_module(name) else source)
    return found


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_a_module_imports_only_from_lower_layers_or_its_own_folder(path):
    group = group_of(module_of(path))
    ours = {name for name in imports_of(path) if name.split(".")[0] == "bioKV" and (relative(path), name) not in LAZY}
    assert {name for name in ours if group_of(name) not in BELOW[group] | {group}} == set()


@pytest.mark.parametrize("path", [p for p in FILES if group_of(module_of(p)) == "nouns"], ids=relative)
def test_the_nouns_need_numpy_only(path):
    foreign = {name.split(".")[0] for name in imports_of(path)} - {"bioKV", "numpy"} - sys.stdlib_module_names
    assert foreign == set()


@pytest.mark.parametrize("path", [p for p in FILES if p.parent.name != "bioKV"], ids=relative)
def test_brian2_is_imported_in_the_folder_bioKV_only(path):
    assert "brian2" not in {name.split(".")[0] for name in imports_of(path)}


@pytest.mark.parametrize("path", [p for p in FILES if p.parent.name in ("models", "protocols")], ids=relative)
def test_models_and_protocols_need_no_table_and_no_figure(path):
    assert {name.split(".")[0] for name in imports_of(path)} & {"pandas", "matplotlib", "typer", "rich"} == set()


def test_the_reader_of_imports_sees_those_inside_functions():
    lazy = imports_of(ROOT / "bioKV" / "__init__.py")
    assert {"bioKV.spiking", "bioKV.parameters", "bioKV.episode", "pathlib"} <= lazy

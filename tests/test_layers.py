"""Who may import whom, folder by folder, read from the sources: imports inside functions count, and for types too."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NETWORK = {"nouns", "network", "network/mechanisms", "network/regimes"}
TEXT = {f"network/{name}" for name in ("blueprint", "equations", "mechanism", "neuron", "parameters", "parts")}
TEXT |= {"network/patterns", "network/populations"}
BELOW_STUDIES = {*NETWORK, "engines", "spiking", "models", "protocols", "analysis", "analysis/firing"}
BELOW_STUDIES |= {"analysis/measures", "export", "studies"}
MAY_IMPORT = {  # a folder: what its files may import from. nouns : the files of bioKV/ itself, but for spiking.py
    "nouns": {"nouns"},
    "models": {"nouns", "models"},
    "protocols": {"nouns", "protocols"},
    "analysis": {"nouns", "analysis", "analysis/firing", "analysis/measures"},
    "analysis/firing": {"nouns", "analysis", "analysis/firing"},
    "analysis/measures": {"nouns", "analysis", "analysis/measures"},
    "network": NETWORK,
    "network/mechanisms": {"nouns", "network/mechanisms", *TEXT},
    "network/regimes": {"nouns", "network", "network/regimes"},
    "engines": {*NETWORK, "engines"},
    "spiking": {*NETWORK, "engines", "spiking"},
    "learning": {"nouns", "models", "learning"},
    "export": {"nouns", "network", "analysis", "analysis/measures", "export"},
    "studies": BELOW_STUDIES,
    "report": {*BELOW_STUDIES, "report"},
    "paper": {*BELOW_STUDIES, "learning", "paper"},
    "commands": {*BELOW_STUDIES, "learning", "paper", "report", "commands"},
}
BRIAN2 = {"network/build", "engines/brian2_alone", "engines/brian2_keys", "engines/prepared", "engines/compile",
          "engines/isolation"}  # fmt: skip
FOLDERS = ("analysis", "export", "models", "network", "protocols")
DOORS = {  # of the package: what they open
    "__init__": {"spiking", "network/parameters", "studies/read", *(f"{folder}/__init__" for folder in FOLDERS)},
    "__main__": {"commands/cli"},
    "response": {"export/__init__"},  # whose methods hand a response over
}
FILES = {
    path: path.relative_to(ROOT).with_suffix("").as_posix().removeprefix("bioKV/")
    for folder in ("bioKV", "models", "protocols", "analysis")
    for path in sorted((ROOT / folder).rglob("*.py"))
}


def folder_of(name: str) -> str:
    return name.rpartition("/")[0] or ("spiking" if name == "spiking" else "nouns")


def imports_of(path: Path) -> set[str]:
    """What a file imports, anywhere in it: "network/build" for a file of ours, "numpy" for a package of others'."""
    here, found = ["bioKV", *FILES[path].split("/")][:-1], set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.replace(".", "/") for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) + 1 - node.level] if node.level else []
            source = [*base, *(node.module or "").split(".")] if node.module else base
            for alias in node.names:
                inside = "/".join([*source, alias.name])
                found.add(inside if inside.removeprefix("bioKV/") in FILES.values() else "/".join(source))
    packages = {name.removesuffix("/__init__") for name in FILES.values() if name.endswith("/__init__")}
    ours = {name.removeprefix("bioKV/") for name in found if name.startswith("bioKV/")}
    ours = {f"{name}/__init__" if name in packages else name for name in ours}
    ours |= {"__init__"} if "bioKV" in found else set()
    return ours | {name.partition("/")[0] for name in found if name.partition("/")[0] != "bioKV"}


@pytest.mark.parametrize("path", FILES, ids=FILES.get)
def test_a_file_imports_what_its_folder_may(path):
    name, imported = FILES[path], imports_of(path)
    ours = {one for one in imported if one in FILES.values()} - DOORS.get(name, set())
    assert {one for one in ours if not {folder_of(one), one} & MAY_IMPORT[folder_of(name)]} == set()
    assert "brian2" not in imported or name in BRIAN2
    if folder_of(name) == "nouns":
        assert {one for one in imported if one not in FILES.values()} <= {"numpy", "rich", *sys.stdlib_module_names}
    if folder_of(name) in ("models", "protocols", "network", "network/mechanisms", "network/regimes"):
        assert not imported & {"jax", "optax", "pandas", "matplotlib", "typer", "rich"}


def test_the_reader_of_imports_sees_those_inside_functions():
    assert imports_of(ROOT / "bioKV" / "__init__.py") >= {"spiking", "network/parameters", "episode", "pathlib"}

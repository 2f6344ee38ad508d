"""Every protocol, figure and mechanism has a script in the gallery, and any lab can run it."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from pathlib import Path

import pytest

import bioKV.protocols
from bioKV import SpikingMemory
from bioKV.network import mechanisms
from bioKV.paper.learning_figures import FIGURES
from bioKV.paper.panels import PANELS
from bioKV.studies.own_mechanisms import load_mechanisms

DOCS = Path(__file__).parents[1] / "docs"
SCRIPTS = sorted([*(DOCS / "tutorials").glob("*.py"), *(DOCS / "gallery").rglob("*.py")])


def in_gallery(kind: str) -> set[str]:
    return {path.stem.removeprefix(f"{kind}_") for path in (DOCS / "gallery" / f"{kind}s").glob(f"{kind}_*.py")}


def test_every_protocol_has_a_script():
    found = {one.name for one in pkgutil.iter_modules(bioKV.protocols.__path__)}
    tasks = {name for name in found if hasattr(importlib.import_module(f"bioKV.protocols.{name}"), name)}
    assert len(tasks) >= 8
    assert in_gallery("protocol") == tasks


def test_every_figure_has_a_script():
    assert in_gallery("figure") == {*PANELS, *FIGURES, "5c"}


def test_every_mechanism_has_a_script():
    assert in_gallery("mechanism") == {one.name for one in pkgutil.iter_modules(mechanisms.__path__)}


def test_there_are_eight_tutorials_in_their_order():
    numbers = [path.stem[:2] for path in SCRIPTS if path.parent.name == "tutorials"]
    assert numbers == [f"{i:02}" for i in range(1, 9)]


def test_no_two_scripts_have_the_same_name():
    """Their pages and downloads would take each other's place."""
    names = [path.name for path in SCRIPTS]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_has_a_title_a_picture_and_a_way_on(path):
    text = path.read_text()
    title, line, blank, *_ = (ast.get_docstring(ast.parse(text)) or "").splitlines()
    assert line == "=" * len(title)
    assert blank == ""
    assert "plt.show()" in text
    assert text.rstrip().splitlines()[-1].startswith("#")


def test_the_tutorial_on_rules_is_a_mechanisms_file_that_measures_nothing_when_it_is_read(monkeypatch, capsys):
    monkeypatch.setattr(SpikingMemory, "respond", lambda *given, **how: pytest.fail("it measures"))
    (mechanism,) = load_mechanisms([str(DOCS / "tutorials" / "05_a_rule_of_your_own.py")])
    memory = SpikingMemory(8, 4, 8, mechanisms=[mechanism], engine="numpy")
    assert "slow trace" in memory.blueprint().neurons["input"].parts
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_needs_no_compiler(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "SpikingMemory":
            engines = [keyword.value.value for keyword in node.keywords if keyword.arg == "engine"]
            assert engines == ["numpy"], f"line {node.lineno}"

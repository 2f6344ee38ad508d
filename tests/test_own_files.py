"""Files of one's own that import what lies beside them: each gets its own neighbours, as they are now."""

from __future__ import annotations

import json
import sys
from types import ModuleType

import pytest
from command_line import accuracies, biokv

from bioKV.studies.own_file import load_file

PROTOCOL = """
import how_many
from bioKV.protocols import autoassociative


def mine(rng, key_dim: int = 12):
    return autoassociative(rng, n_pairs=how_many.PAIRS, key_dim=key_dim)
"""
MEMORY = """
import how_many
from bioKV.models import KeyValueMemory


def memory(key_dim, n_slots, value_dim, third_factor):
    return KeyValueMemory(key_dim, how_many.SLOTS, value_dim, third_factor)
"""


@pytest.fixture
def folders(tmp_path):
    """A protocol and a memory in two folders, each beside a module of the same name."""
    files = {"tasks/mine.py": PROTOCOL, "tasks/how_many.py": "PAIRS = 3\nSLOTS = 1\n",
             "memories/small.py": MEMORY, "memories/how_many.py": "PAIRS = 1\nSLOTS = 12  # of them\n"}  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def run(folder, out, *words):
    done = biokv("run", folder / "tasks/mine.py", "--memory", folder / "memories/small.py", "--trials", 2, "--out",
                 out, *words)  # fmt: skip
    assert done.exit_code == 0, done.stderr


def test_modules_of_one_name_beside_two_files_are_not_mistaken_for_each_other(folders, tmp_path):
    run(folders, tmp_path / "out")
    assert (accuracies(tmp_path / "out").value == 1).all(), "three pairs in twelve slots, and not in one"
    inputs = json.loads((tmp_path / "out" / "run.json").read_text())["inputs"]
    kept = {name: (tmp_path / "out" / one["kept"]).read_text() for name, one in inputs.items()}
    assert kept["protocol imports how_many.py"] == (folders / "tasks/how_many.py").read_text()
    assert kept["memory imports how_many.py"] == (folders / "memories/how_many.py").read_text()
    assert biokv("run", tmp_path / "out" / "study.toml", "--out", tmp_path / "again").exit_code == 0
    assert (tmp_path / "again" / "results.csv").read_bytes() == (tmp_path / "out" / "results.csv").read_bytes()


def test_two_files_share_the_module_beside_both(folders, tmp_path):
    (folders / "memories/how_many.py").unlink()
    (folders / "tasks/how_many.py").write_text("PAIRS = 3\nSLOTS = 12\n")
    (folders / "memories/small.py").rename(folders / "tasks/small.py")
    done = biokv("run", folders / "tasks/mine.py", "--memory", folders / "tasks/small.py", "--memory", "rate",
                 "--trials", 2, "--out", tmp_path / "out")  # fmt: skip
    assert done.exit_code == 0, done.stderr
    kept = [path.name for path in (tmp_path / "out" / "inputs").rglob("*.py")]
    assert sorted(kept) == ["how_many.py", "mine.py", "small.py"]


def test_a_module_that_the_caller_imported_is_not_taken_for_that_beside_a_file(folders, monkeypatch):
    callers = ModuleType("how_many")
    monkeypatch.setitem(sys.modules, "how_many", callers)
    assert load_file(folders / "tasks/mine.py").how_many.PAIRS == 3
    assert sys.modules["how_many"] is callers, "which stays as it was"


def test_a_file_is_loaded_again_once_a_module_beside_it_has_changed(folders):
    assert load_file(folders / "tasks/mine.py").how_many.PAIRS == 3
    assert load_file(folders / "tasks/mine.py") is load_file(folders / "tasks/mine.py"), "and else only once"
    (folders / "tasks/how_many.py").write_text("PAIRS = 4  # one more\n")
    assert load_file(folders / "tasks/mine.py").how_many.PAIRS == 4


def test_a_study_that_grows_by_a_memory_keeps_what_that_imports(folders, tmp_path):
    out = tmp_path / "out"
    words = ["run", folders / "tasks/mine.py", "--trials", 2, "--out", out]
    assert biokv(*words).exit_code == 0
    done = biokv(*words, "--memory", "rate", "--memory", folders / "memories/small.py", "--resume")
    assert done.exit_code == 0, done.stderr
    assert biokv("run", out / "study.toml", "--out", tmp_path / "again").exit_code == 0
    assert (tmp_path / "again" / "results.csv").read_bytes() == (out / "results.csv").read_bytes()

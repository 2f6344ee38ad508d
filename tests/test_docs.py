"""What the README and the docs show is what the code does."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bioKV.analysis.activity import POPULATIONS
from bioKV.analysis.tables import GAPS
from bioKV.paper.figure import FIGURE_COLUMNS
from bioKV.studies.plan import Plan
from bioKV.studies.results import FIRST, LAST
from bioKV.studies.scores import ROW, measured
from bioKV.studies.study import Study

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_python_example_runs_and_spiking_recalls_as_rate_does(capsys):
    example = BLOCKS[0]
    assert len(example.strip().splitlines()) <= 12
    scope = {}
    exec(example, scope)
    assert len(capsys.readouterr().out.split()) >= 16  # two accuracies a trial
    gap = scope["accuracy"](scope["spiking"], scope["episode"]) - scope["accuracy"](scope["rate"], scope["episode"])
    assert abs(float(np.mean(gap))) < 0.02


@pytest.mark.slow
def test_the_worked_task_trains_a_controller(tmp_path, monkeypatch, capsys):
    pytest.importorskip("jax")
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "copy_paste.md").read_text(), re.DOTALL)
    exec(example, {})
    accuracies = [float(line.split()[1]) for line in capsys.readouterr().out.splitlines()]
    assert len(accuracies) == 3
    assert min(accuracies[:2]) > 0.9, "as long as in training"


def test_a_rule_for_a_protocol_of_ones_own_is_learned_in_twenty_lines(tmp_path, monkeypatch, capsys):
    pytest.importorskip("jax")
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "learning.md").read_text(), re.DOTALL)
    assert len([line for line in example.splitlines() if line.strip()]) <= 20
    monkeypatch.chdir(tmp_path)
    exec(example, {})
    (_, start), (_, learned) = (line.split() for line in capsys.readouterr().out.splitlines())
    assert float(learned) > float(start) + 0.03
    assert (tmp_path / "rule.json").exists()


def test_spikes_leave_in_every_format_and_others_read_them(tmp_path, monkeypatch, capsys):
    for package in ("neo", "nixio", "elephant", "pynwb", "pynapple"):
        pytest.importorskip(package)
    monkeypatch.chdir(tmp_path)
    scope = {}
    for example in re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "export.md").read_text(), re.DOTALL):
        exec(example, scope)
    assert {path.name for path in tmp_path.iterdir()} == {f"spikes.{kind}" for kind in ("npz", "csv", "nwb", "nix")}
    said = capsys.readouterr().out
    assert "dendrite" in said
    assert "['trial 0', 'trial 1']" in said


def test_every_module_and_benchmark_that_is_named_exists():
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        text = page.read_text()
        named = re.findall(r"`((?:bioKV|models|protocols|analysis|benchmarks|tests|docs)/[\w/]+\.\w+)`", text)
        named += [f"benchmarks/{name}.py" for name in re.findall(r"python -m benchmarks\.(\w+)", text)]
        for target in named:
            is_there = (ROOT / target).exists() or (ROOT / target.removesuffix(".py") / "__main__.py").exists()
            assert is_there, f"{page.name} names {target}"


def test_the_table_of_parameters_is_that_of_the_code():
    table = subprocess.run([sys.executable, ROOT / "docs/parameter_table.py"], capture_output=True, text=True).stdout
    assert table in (ROOT / "docs" / "model.md").read_text()


def test_no_block_of_output_is_empty():
    for page in (ROOT / "docs").glob("*.md"):
        for command, output in re.findall(r"<!-- output of: (.+?) -->\n(.*?)<!-- end -->", page.read_text(), re.DOTALL):
            assert output.strip(), f"{page.name}: run python docs/refresh.py for {command}"


def test_every_column_and_quantity_of_the_results_is_explained(tmp_path):
    """Those of a comparison, with graded values too, and of the table of gaps."""
    page = (ROOT / "docs" / "numbers.md").read_text()
    options = {"n_pairs": 2, "key_dim": 8}
    plans = [Plan(name, ("spiking", "rate"), options=options, trials=1, engine="numpy", replay=True)
             for name in ("autoassociative", "graded")]  # fmt: skip
    rows = [row for plan in plans for cell in Study(plan).cells
            for row in measured(cell, [0], 1, print, print, POPULATIONS)[0]]  # fmt: skip
    table = pd.DataFrame(rows, columns=ROW)
    of_one = re.compile(f"_({'|'.join(POPULATIONS)})_(store|recall)")
    quantities = {of_one.sub("_POPULATION_PHASE", name) for name in table.quantity}
    assert "cv_POPULATION_PHASE" in quantities
    for name in (*FIRST, *LAST, *GAPS, *FIGURE_COLUMNS[4:8], *quantities):
        assert f"`{name}`" in page, name

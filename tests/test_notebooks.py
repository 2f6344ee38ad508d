"""The notebooks in examples/ run from top to bottom in a kernel of their own, and show what a reader is told to see."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytest.importorskip("seaborn")

EXAMPLES = Path(__file__).parents[1] / "examples"
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))
PICTURES = {"first_recall": 1, "look_inside": 2, "own_study": 1}


def executed(notebook, folder: Path):
    """The notebook with its outputs, run as a reader does, whose kernel draws inline. A cell that fails raises."""
    client = nbclient.NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(folder)}})
    return client.execute(env={name: value for name, value in os.environ.items() if name != "MPLBACKEND"})


def outputs(notebook) -> list:
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def test_there_are_three():
    assert {path.stem for path in NOTEBOOKS} == set(PICTURES)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_valid_and_holds_no_outputs(path):
    """Outputs would change with every run; whoever opens it makes their own."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert outputs(notebook) == []
    assert all(cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code")


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_its_pictures(path, tmp_path):
    shown = outputs(executed(nbformat.read(path, as_version=4), tmp_path))
    kinds = [kind for output in shown for kind in output.get("data", {})]
    assert kinds.count("image/png") == PICTURES[path.stem]
    assert "text/html" in kinds
    assert list(tmp_path.iterdir()) == []


LONG = """
import numpy as np
import bioKV.progress
from bioKV import SpikingMemory
from bioKV.protocols import autoassociative

bioKV.progress.MOMENT = 0
with bioKV.progress.bar("a <study>", 1.0) as advance:
    advance(0.4)
    advance(1.0)
episode = autoassociative(np.random.default_rng(1), 8, 8)
response = SpikingMemory(8, 8, 8, engine="numpy").respond(episode, np.random.default_rng(1))
"""


def test_what_takes_long_has_a_bar_below_its_cell(tmp_path):
    """One display each, which is changed as it goes on, and nothing on standard error."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(LONG)])
    study, recall = outputs(executed(notebook, tmp_path))
    assert study.data["text/plain"].startswith("a <study> 100 %, elapsed 0:00:0")
    assert study.data["text/html"].startswith("<progress max='1' value='1.00'></progress> a &lt;study&gt; 100 %")
    assert recall.data["text/plain"].startswith("16 presentations 100 %")


DRAWN = """
from bioKV.studies.pictures import plain_matplotlib

with plain_matplotlib():
    import matplotlib.pyplot as plt
"""


def test_figures_are_inline_also_where_a_study_drew_its_own_first(tmp_path):
    """A notebook's backend that is loaded after ours shows what is drawn next."""
    cells = [nbformat.v4.new_code_cell(code) for code in (DRAWN, "plt.plot([1, 2]);")]
    shown = outputs(executed(nbformat.v4.new_notebook(cells=cells), tmp_path))
    assert ["image/png" in output.data for output in shown] == [True]

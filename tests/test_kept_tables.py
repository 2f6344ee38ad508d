"""Pictures of benchmarks are drawn again from the tables on the pages of the docs, without measuring."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops

from benchmarks import fidelity_grid, fidelity_map, robustness
from benchmarks.kept import kept, rows_of

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = DOCS / "pictures"
PAGES = {"fidelity_map": "fidelity", "fidelity_grid": "fidelity", "robustness": "model",
         "robustness_structure": "model", "scaling": "benchmarks", "spiking_scaling": "benchmarks"}  # fmt: skip


def lines_of(picture: str) -> list[str]:
    return kept(DOCS / f"{PAGES[picture]}.md", Path(f"{picture}.png"))


@pytest.mark.parametrize("picture", PAGES)
def test_the_page_of_a_picture_keeps_its_table(picture):
    assert len([line for line in lines_of(picture) if any(figure.isdigit() for figure in line)]) > 10


def test_a_page_without_the_table_is_refused_by_its_name():
    with pytest.raises(ValueError, match=r"index\.md keeps no output of a command that draws robustness\.png"):
        kept(DOCS / "index.md", Path("robustness.png"))


def test_the_cells_of_a_table_are_told_from_its_rule():
    assert list(rows_of(["text", "| knob | x |", "|---|---|", "| `dt` |  |"])) == [["knob", "x"], ["dt", ""]]


def test_every_point_of_a_table_is_drawn(monkeypatch, tmp_path):
    drawn = {}
    for benchmark, picture in ((fidelity_map, "fidelity_map"), (robustness, "robustness_structure")):
        monkeypatch.setattr(benchmark, "draw_gaps", lambda gaps, limit, path: drawn.update({path.stem: gaps}))
        benchmark.draw(lines_of(picture), tmp_path / f"{picture}.png")
    assert len(drawn["fidelity_map"]) == sum(map(len, fidelity_map.FAMILIES.values()))
    grow = [one.gap for one in drawn["robustness_structure"] if one.panel == "presentation time (ms)"]
    assert grow[:2] == [-0.3664, -0.3072]
    grids, shares = fidelity_grid.read(lines_of("fidelity_grid"))
    assert grids["sequential"][4, 0].tolist() == [-0.0134, 0.871]
    assert (len(shares), grids["random"].shape) == (5, (5, 5, 2))


@pytest.mark.slow
@pytest.mark.parametrize("picture", PAGES)
def test_a_picture_of_the_docs_is_that_of_its_table(picture, tmp_path):
    words = ["-m", f"benchmarks.{picture.removesuffix('_structure')}", "--from", DOCS / f"{PAGES[picture]}.md",
             "--picture", tmp_path / f"{picture}.png"]  # fmt: skip
    subprocess.run([sys.executable, *words], check=True, cwd=DOCS.parent)
    with Image.open(tmp_path / f"{picture}.png") as drawn, Image.open(PICTURES / f"{picture}.png") as shown:
        assert drawn.size == shown.size
        off = np.asarray(ImageChops.difference(drawn.convert("L"), shown.convert("L")))
        assert (off > 32).mean() < 0.01  # letters may be drawn a little otherwise elsewhere

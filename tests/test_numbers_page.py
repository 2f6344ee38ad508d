"""docs/numbers.md names all columns, quantities and fields (of a comparison: test_firing_of_studies)."""

from __future__ import annotations

import pytest
from command_line import biokv
from numbers_page import NAMED, missing

from bioKV.paper.figure import AGREEMENT_COLUMNS, FIGURE_COLUMNS, SLOPE_COLUMNS
from bioKV.paper.panel import COLUMNS
from bioKV.paper.panels import PANELS


@pytest.mark.parametrize("words", [("run", "graded", "--n-pairs", "2", "--key-dim", "6"), ("figure", "2a")], ids=str)
def test_what_is_written_is_on_the_page(words, tmp_path):
    done = biokv(*words, "--trials", "2", "--memory", "rate", "--workers", "1", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert missing(tmp_path / "out") == set()


def test_columns_and_quantities_of_every_figure_are_on_the_page():
    quantities = {curve.quantity for panel in PANELS.values() for curve in panel().curves}
    assert {*FIGURE_COLUMNS, *AGREEMENT_COLUMNS, *SLOPE_COLUMNS, *COLUMNS, *quantities} - NAMED == set()

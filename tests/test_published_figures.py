"""Every curve of the paper's figures that has a reference, measured as `biokv figure` does."""

from __future__ import annotations

import pytest

from bioKV.analysis.reference import reference_rows
from bioKV.paper.figure import figure_table, hold_against_reference, measure
from bioKV.paper.panels import PANELS

SEED = 11  # not that of any table in the docs
CURVES = [
    (figure, index, curve.model)
    for figure, make in PANELS.items()
    for index, curve in enumerate(make().curves)
    if figure != "2b" and len(reference_rows(figure, curve.models()[0]))  # capacities: tests/analysis/test_capacity.py
]
N_CURVES = sum(len(PANELS[figure]().curves[index].subsets) for figure, index, _ in CURVES)  # for Bonferroni


def test_all_curves_with_a_reference_are_held_against_it():
    assert N_CURVES == 27


@pytest.mark.slow
@pytest.mark.parametrize(("figure", "index"), [c[:2] for c in CURVES], ids=[f"{c[0]}-{c[2]}" for c in CURVES])
def test_a_curve_is_that_of_the_paper(figure, index):
    """Chi-square p > .001 after Bonferroni, and no point further than .01 plus its 95 % intervals."""
    panel = PANELS[figure]()
    panel = panel._replace(curves=(panel.curves[index],))
    points = list(measure(panel, SEED))
    held, table = hold_against_reference(panel, points), figure_table(panel, points)
    print(held)
    assert len(held) == len(panel.curves[0].subsets)
    assert (held["p"] > 0.001 / N_CURVES).all(), f"{held}\n{table}"
    difference = (table["mean"] - table["reference_mean"]).abs()
    ours, theirs = table["ci95_high"] - table["mean"], table["reference_high"] - table["reference_mean"]
    assert (difference <= 0.01 + (ours**2 + theirs**2) ** 0.5).all(), f"\n{table}"

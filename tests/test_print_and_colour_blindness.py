"""No picture rests on hue alone: curves can be told apart in grey print, by colour-blind readers and on dark ground."""

from __future__ import annotations

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from synthetic import study_table

from bioKV.analysis.colours import BLACK, ON_DARK, PHASE, POPULATION, WORDS, luminance, on, ordered_colours
from bioKV.analysis.curves import plot_accuracy
from bioKV.analysis.gap_curves import plot_gap
from bioKV.analysis.panels import Look, plot_panel
from bioKV.analysis.style import figure_style
from bioKV.analysis.tables import gaps
from bioKV.paper.memories_of import find_panel

# linear RGB as a reader without M cones sees it, and one without L cones (Machado, Oliveira and Fernandes 2009)
DEUTERANOPIA = np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                         [-0.011820, 0.042940, 0.968881]])  # fmt: skip
PROTANOPIA = np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                       [-0.003882, -0.048116, 1.051998]])  # fmt: skip
PAIRS = {"n_pairs": [5, 10, 20, 40]}
FACTORS = ("sequential", "random", "least_recently_used")
GREY_STEP = 0.12  # of lightness, in which black is 0 and white 1: two greys that are seen as two


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def lightness(colour) -> float:
    """CIE L*, over 100."""
    y = luminance(*to_rgb(colour))
    return 1.16 * np.cbrt(y) - 0.16 if y > 0.008856 else 9.033 * y


def seen(colour, matrix) -> np.ndarray:
    """A colour as a colour-blind reader sees it, linear RGB."""
    linear = np.array([luminance(one, one, one) for one in to_rgb(colour)])
    return np.clip(matrix @ linear, 0, 1)


def curves(ax) -> list[tuple]:
    """What tells each curve with intervals apart but for hue: lightness, marker, whether it is open, and its line."""
    looks = []
    for container in ax.containers:
        line = container[0]
        open_ = to_rgb(line.get_markerfacecolor()) != to_rgb(line.get_color())
        dashes = str(line.get_linestyle()), str(line._dash_pattern), str(container[2][0].get_linestyle())
        looks.append((lightness(line.get_color()), line.get_marker(), open_, dashes))
    return looks


def assert_told_apart(ax) -> None:
    looks = curves(ax)
    assert len(looks) > 1
    for one, other in itertools.combinations(looks, 2):
        assert one[1:] != other[1:] or abs(one[0] - other[0]) > GREY_STEP, (one, other)


@pytest.mark.parametrize(
    "table",
    [
        study_table(PAIRS, third_factors=FACTORS),
        study_table(PAIRS, third_factors=FACTORS, subsets=("regular", "flashbulb")),
        study_table(PAIRS, memories=("rate", "hopfield", "bam", "tvt", "learned", "mine", "yours")),
        study_table({**PAIRS, "corruption": [0.3, 0.6, 0.9]}, third_factors=FACTORS),
        study_table({**PAIRS, "protocol": ["a", "b", "c", "d", "e", "f", "g", "h"]}),
    ],
    ids=["third factors", "groups of recalls", "memories", "numbers in colours", "words in colours"],
)  # fmt: skip
def test_curves_are_told_apart_in_grey(table):
    assert_told_apart(plot_accuracy(table, plt.gca()))
    if {"spiking", "rate"} == {*table.memory}:
        assert_told_apart(plot_gap(gaps(table), plt.figure().gca()))


def test_a_spiking_curve_that_its_rate_twin_covers_is_seen_in_the_rings_of_the_twin():
    ax = plot_accuracy(study_table(PAIRS), plt.gca())
    spiking, rate = (next(bars[0] for bars in ax.containers if bars.get_label().startswith(name))
                     for name in ("spiking", "rate"))  # fmt: skip
    assert spiking.get_markersize() < 0.75 * rate.get_markersize()
    assert spiking.get_zorder() > rate.get_zorder()


@pytest.mark.parametrize("name", ["2a", "4a", "4b", "4c", "5a", "5b", "c5", "blackout", "bounded", "stability"])
def test_curves_of_the_paper_are_told_apart_in_grey(name):
    panel = find_panel(name)
    for group in range(len(panel.groups)):
        looks = {model: Look(curve.label or curve.model, curve.colour, curve.line, subset)
                 for curve in panel.curves if curve.group == group
                 for model, subset in zip(curve.models(), curve.subsets, strict=True)}  # fmt: skip
        rows = [(model, "n_pairs", x, 0.9, 0.8, 0.95) for model in looks for x in (1, 2)]
        table = pd.DataFrame(rows, columns=["model", "x_name", "x", "mean", "ci95_low", "ci95_high"])
        assert_told_apart(plot_panel(table, looks, ax=plt.figure().gca()))


@pytest.mark.parametrize("n", [2, 5, 9, 20])
def test_colours_of_numbers_rise_in_lightness_for_everybody(n):
    with figure_style("dark"):
        on_dark = ordered_colours(n, plt.figure().gca())
    for colours in (ordered_colours(n), on_dark):
        for of in (lightness, lambda c: seen(c, DEUTERANOPIA).sum(), lambda c: seen(c, PROTANOPIA).sum()):
            assert (np.diff([of(colour) for colour in colours]) > 0).all()


@pytest.mark.parametrize("matrix", [DEUTERANOPIA, PROTANOPIA], ids=["deuteranopia", "protanopia"])
def test_colours_of_words_and_populations_are_told_apart_by_colour_blind_readers(matrix):
    for colours in (WORDS, tuple(POPULATION.values())):
        for one, other in itertools.combinations(colours, 2):
            distance = np.abs(np.cbrt(seen(one, matrix)) - np.cbrt(seen(other, matrix))).max()
            assert distance > 0.1, (one, other)


def test_on_dark_ground_every_line_and_letter_has_contrast():
    with figure_style("dark"):
        ax = plt.figure().gca()
        ground = luminance(*to_rgb(ax.get_facecolor()))
        drawn = [*WORDS, *POPULATION.values(), BLACK]
        for colour in [on(ax, one) for one in drawn] + ordered_colours(5, ax) + [plt.rcParams["text.color"]]:
            assert (luminance(*to_rgb(colour)) + 0.05) / (ground + 0.05) > 3, colour
        for phase in PHASE.values():
            assert luminance(*to_rgb(on(ax, phase))) < 0.05
    white = plt.figure().gca()
    assert all(on(white, colour) == colour for colour in ON_DARK)

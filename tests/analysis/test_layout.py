"""Any number of options may vary: which is x, colour and panel, and how pictures show them."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from synthetic import study_table

from bioKV.analysis.colours import GREY, ordered_colours
from bioKV.analysis.curves import plot_accuracy
from bioKV.analysis.gap_curves import plot_gap
from bioKV.analysis.layout import layout_of
from bioKV.analysis.style import line
from bioKV.analysis.tables import GAPS, gaps, option_columns, summary, varying
from bioKV.analysis.verdict import verdict
from bioKV.studies.pictures import draw_accuracy

GRID = {"n_pairs": [10, 20], "corruption": [0.3, 0.6], "n_slots": [20, 40]}
ZIPPED = [{"n_pairs": 10, "n_slots": 20}, {"n_pairs": 20, "n_slots": 40}]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def names(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_options_are_all_columns_but_the_fixed_ones_and_vary_if_they_have_two_values():
    table = study_table(GRID).assign(p=0.1)
    assert option_columns(table) == [*GRID, "p"]
    assert varying(table) == list(GRID)
    assert varying(study_table({"n_slots": [None, 40]})) == ["n_slots"]
    assert varying(study_table()) == []


def test_a_grid_has_a_mean_and_a_gap_at_every_point():
    table = study_table(GRID, third_factors=("sequential", "random"))
    found = summary(table)
    by_hand = table[table.quantity == "accuracy"].groupby(["memory", "third_factor", *GRID]).value.mean()
    assert len(found) == len(by_hand) == 2 * 2 * 8
    for row in found.itertuples():
        at = row.memory, row.third_factor, row.n_pairs, row.corruption, row.n_slots
        assert row.mean == pytest.approx(by_hand[at])
    paired = gaps(table).query("quantity == 'accuracy'").set_index(["third_factor", *GRID]).gap
    expected = by_hand["spiking"] - by_hand["rate"]
    pd.testing.assert_series_equal(paired.sort_index(), expected.sort_index(), check_names=False)
    assert list(gaps(table).columns) == ["third_factor", *GRID, "subset", *GAPS]


def test_none_is_a_value_like_others():
    table = study_table({"n_slots": [None, 40]}, subsets=("regular", "flashbulb"))
    assert summary(table).groupby("subset").n_slots.apply(list).to_dict() == {
        "regular": [None, None, 40, 40], "flashbulb": [None, None, 40, 40]
    }  # fmt: skip
    assert len(gaps(table).query("quantity == 'accuracy'")) == 4
    ax = plot_accuracy(table, plt.gca())
    assert [label.get_text() for label in ax.get_xticklabels()] == ["None", "40"]


def test_other_memories_beside_a_comparison_take_no_gap_away():
    table = study_table({"n_pairs": [10, 20]})
    more = study_table({"n_pairs": [10]}, memories=("hopfield",))
    pd.testing.assert_frame_equal(gaps(pd.concat([table, more], ignore_index=True)), gaps(table))


def test_a_verdict_names_points_by_all_that_varies():
    table = study_table(GRID, trials=10).assign(p=0.1)
    lost = (table.memory == "spiking") & (table.quantity == "accuracy") & (table.n_pairs == 20) & (table.n_slots == 40)
    table.loc[lost & (table.corruption == 0.6), "value"] -= 0.2
    said = verdict(gaps(table))
    assert said.startswith("verdict: spiking and rate differ: bits right by -0.2")
    assert "(margin ±0.02; sequential, n_pairs = 20, corruption = 0.6, n_slots = 40)" in said
    assert "more in" not in said


def test_the_first_option_is_x_the_second_hue_the_third_panel_and_others_stand_apart():
    layout = layout_of(study_table({**GRID, "p": [0.1, 0.2]}))
    assert (layout.x, layout.hue, layout.panel, layout.apart) == ("n_pairs", "corruption", "n_slots", ("p",))
    layout = layout_of(study_table(GRID), {"x": "n_slots", "panel": "n_pairs"})
    assert (layout.x, layout.hue, layout.panel, layout.apart) == ("n_slots", "corruption", "n_pairs", ())
    assert layout_of(study_table()).x == "memory"


def test_options_that_go_together_share_an_axis_that_says_so():
    table = study_table({"corruption": [0.3, 0.6]}, points=ZIPPED)
    layout = layout_of(table, {"x": "n_pairs"})
    assert (layout.x, layout.hue, layout.panel) == ("n_pairs", "corruption", "")
    assert plot_accuracy(table, plt.gca(), layout).get_xlabel() == "stored pairs T\n(with n_slots = 20, 40)"
    as_hue = layout_of(table)
    assert (as_hue.x, as_hue.hue, as_hue.panel) == ("corruption", "n_pairs", "")
    assert "n_pairs = 20, n_slots = 40" in names(plot_accuracy(table, plt.figure().gca(), as_hue))


@pytest.mark.parametrize(
    ("axes", "sentence"),
    [
        ({"x": "p"}, r"x must be an option that varies \(n_pairs, corruption, n_slots\); got 'p'"),
        ({"x": "n_pairs", "hue": "n_pairs"}, "n_pairs can be one of x and hue, not both"),
        ({"colour": "n_pairs"}, "an axis is x, hue, panel; got 'colour'"),
    ],
)
def test_axes_that_do_not_fit_are_refused(axes, sentence):
    with pytest.raises(ValueError, match=sentence):
        layout_of(study_table(GRID).assign(p=0.1), axes)


def test_one_panel_of_three_options_is_refused():
    with pytest.raises(ValueError, match="one panel shows two options that vary, and n_slots varies too"):
        plot_accuracy(study_table(GRID), plt.gca())


def test_colours_and_markers_are_values_of_hue_and_lines_the_memories():
    table = study_table({"n_pairs": [10, 20], "corruption": [0.3, 0.6]})
    ax = plot_accuracy(table, plt.gca())
    curves = {(c[0].get_color(), c[0].get_marker(), c[0].get_linestyle()) for c in ax.containers}
    dark, light = ordered_colours(2)
    assert curves == {(dark, "o", "-"), (dark, "o", "--"), (light, "s", "-"), (light, "s", "--")}
    assert names(ax)[:4] == ["spiking, sequential", "rate, sequential", "corruption = 0.3", "corruption = 0.6"]
    gap = plot_gap(gaps(table), plt.figure().gca())
    assert {c[0].get_color() for c in gap.containers} == {dark, light}


def test_curves_go_from_left_to_right_whatever_was_run_first():
    table = study_table({"n_pairs": [40, 10, 20]})
    assert [c[0].get_xdata().tolist() for c in plot_accuracy(table, plt.gca()).containers] == [[10, 20, 40]] * 2


def test_the_lightest_of_ordered_colours_is_still_seen_on_white():
    for n in (1, 2, 9):
        red, green, blue = (int(ordered_colours(n)[-1][i : i + 2], 16) / 255 for i in (1, 3, 5))
        luminance = np.array([0.2126, 0.7152, 0.0722]) @ np.array([red, green, blue]) ** 2.2
        assert 1.05 / (luminance + 0.05) > 2.2


def test_whole_numbers_have_whole_ticks():
    ax = plot_accuracy(study_table({"n_pairs": [5, 10, 20]}), plt.gca())
    assert all(float(tick).is_integer() for tick in ax.get_xticks())


def test_chance_is_one_grey_line_unless_hues_differ_in_it():
    table = study_table({"n_pairs": [10, 20], "corruption": [0.3, 0.6]})
    table.loc[(table.quantity == "accuracy") & (table.n_pairs == 20), "value"] -= 0.4

    def colours() -> set[str]:
        drawn = plot_accuracy(table, plt.figure().gca()).lines
        return {drawn.get_color() for drawn in drawn if drawn.get_linewidth() == line(0.75)}

    assert colours() == {GREY}
    table.loc[(table.quantity == "constant_guess") & (table.corruption == 0.6), "value"] = 0.9
    assert colours() == {GREY, *ordered_colours(2)}


def test_words_have_points_side_by_side_that_no_line_joins():
    for values, line_of in ((["a", "b", "c"], "None"), ([1, 2, 3], "-")):
        table = study_table({"protocol": values}, third_factors=("sequential", "random"))
        ax = plot_accuracy(table, plt.figure().gca())
        curves = [container[0] for container in ax.containers]
        assert curves[0].get_linestyle() == line_of
        assert len({tuple(curve.get_xdata()) for curve in curves}) == (4 if line_of == "None" else 1)
    table = study_table({"protocol": ["a", "b"]})
    table.loc[(table.quantity == "constant_guess") & (table.protocol == "b"), "value"] = 0.9
    table.loc[table.quantity == "accuracy", "value"] -= 0.4
    ax = plot_accuracy(table, plt.figure().gca())
    guesses = [(line.get_xdata().tolist(), line.get_ydata().tolist()) for line in ax.lines if len(line.get_xdata())]
    assert ([0.6, 1.4], [0.9, 0.9]) in guesses


def test_files_stand_side_by_side_by_their_names():
    table = study_table({"rule": ["rules/of/mine.json", "rules/other.json", None]}, memories=("rate",))
    ax = plot_accuracy(table, plt.gca())
    assert [label.get_text() for label in ax.get_xticklabels()] == ["mine.json", "other.json", "None"]


def test_without_an_option_every_memory_has_a_row_with_its_value():
    table = study_table(third_factors=("sequential", "random"))
    ax = plot_accuracy(table, plt.gca())
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "spiking,\nsequential", "rate,\nsequential", "spiking,\nrandom", "rate,\nrandom"
    ]  # fmt: skip
    means = summary(table)["mean"]
    assert [text.get_text() for text in ax.texts] == [f"{mean:.3f}" for mean in means]
    gap = plot_gap(gaps(table), plt.figure().gca())
    assert len(gap.get_yticklabels()) == 4
    assert [text.get_text()[0] for text in gap.texts] == ["−"] * 4


def test_three_options_are_panels_with_titles_and_the_same_limits(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr("bioKV.studies.pictures.save_figure", lambda figure, stem, style: drawn.append(figure) or [])
    draw_accuracy(study_table(GRID), tmp_path)
    axes = np.reshape(drawn[0].axes, (3, 2))
    assert [ax.get_title() for ax in axes[0]] == ["n_slots = 20", "n_slots = 40"]
    assert len({ax.get_xlim() for ax in axes.flat}) == 1
    assert [len({ax.get_ylim() for ax in row}) for row in axes] == [1, 1, 1]


def test_a_fourth_option_has_a_picture_for_each_value_and_older_ones_go(tmp_path):
    (tmp_path / "accuracy.png").touch()
    (tmp_path / "accuracy-p=7.png").touch()
    (tmp_path / "accuracy-of-mine.png").touch()
    table = study_table({**GRID, "p": [0.1, 0.25]}, memories=("rate",), trials=2)
    written = draw_accuracy(table, tmp_path)
    pictures = {f"accuracy-p={p}.{kind}" for p in ("0.1", "0.25") for kind in ("png", "pdf")}
    assert {path.name for path in written} == pictures
    assert {path.name for path in tmp_path.iterdir()} == {*pictures, "accuracy-of-mine.png"}

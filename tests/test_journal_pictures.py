"""Pictures for a journal: as wide as asked for, with letters that can be read and edited, and none on another."""

from __future__ import annotations

import itertools
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from command_line import biokv
from PIL import Image
from synthetic import controllers_table, figure_table, histories, study_table, trainings, write_run

from bioKV.analysis.curves import plot_accuracy
from bioKV.analysis.dots import printed
from bioKV.analysis.gap_curves import plot_gap
from bioKV.analysis.layout import layout_of
from bioKV.analysis.reference import reference_rows
from bioKV.analysis.style import DPI, MM_PER_INCH, ONE_COLUMN, TWO_COLUMNS, Style, figure_style
from bioKV.analysis.tables import gaps
from bioKV.commands.training import write_learned
from bioKV.paper import copy_paste, figure, learning_figures
from bioKV.paper.memories_of import all_memories, choose_memories, find_panel
from bioKV.studies.look import draw_look
from bioKV.studies.look_activity import draw_activity
from bioKV.studies.pictures import draw_accuracy
from bioKV.studies.plan import Plan

pytestmark = pytest.mark.pictures

WIDTHS = (ONE_COLUMN, TWO_COLUMNS)
RAISED = 0.7  # of the size of letters that matplotlib gives a superscript
PAIRS = {"n_pairs": [5, 10, 20, 40]}
FACTORS = ("sequential", "random", "least_recently_used")
TABLES = {
    "nothing varies": study_table(third_factors=FACTORS),
    "one option": study_table(PAIRS, third_factors=FACTORS),
    "groups of recalls": study_table(PAIRS, third_factors=FACTORS[:2], subsets=("regular", "flashbulb")),
    "other memories": study_table(PAIRS, memories=("rate", "hopfield", "bam", "tvt", "mine", "yours")),
    "hue": study_table({**PAIRS, "corruption": [0.3, 0.6]}, third_factors=FACTORS[:2]),
    "many hues": study_table({**PAIRS, "corruption": [i / 10 for i in range(1, 10)]}),
    "panels": study_table({**PAIRS, "corruption": [0.3, 0.6], "n_slots": [20, 40, 80]}),
    "many words": study_table({"n_pairs": [5, 10, 20], "protocol": [f"task_{i}" for i in range(9)]}),
    "words": study_table({"rule": ["rules/of/mine.json", "rules/other.json", "rules/a-third.json"]}),
}


SECONDS = {ONE_COLUMN: ("many words",), TWO_COLUMNS: ("many words", "many hues", "panels")}  # each takes some
CASES = [pytest.param(name, width, marks=[pytest.mark.slow] * (name in SECONDS[width]))
         for name in TABLES for width in WIDTHS]  # fmt: skip


@pytest.fixture
def drawn(monkeypatch):
    """The figures that are written from now on, still open."""
    figures = []

    def keep(one, stem, style):
        figures.append(SimpleNamespace(figure=one, texts=texts_of(one), stem=Path(stem).name))
        return []

    monkeypatch.setattr("bioKV.studies.pictures.write_figure", keep)
    yield figures
    plt.close("all")


def texts_of(figure) -> list[tuple[str, float, matplotlib.transforms.Bbox]]:
    """Every piece of text that is drawn: its words, the size of its smallest letters in points, and where it is."""
    seen: list[matplotlib.text.Text] = []
    with pytest.MonkeyPatch.context() as patch:
        draw = matplotlib.text.Text.draw
        patch.setattr(matplotlib.text.Text, "draw", lambda text, renderer: (seen.append(text), draw(text, renderer)))
        figure.draw_without_rendering()
    found = []
    for text in seen:
        words = text.get_text()
        if words.strip() and text.get_visible():
            raised = RAISED if "^" in words and "$" in words else 1
            found.append((words, raised * text.get_fontsize(), text.get_window_extent()))
    return found


def check(one, width_mm: float, scale: float = 1.0, tallest: float = 265) -> None:
    """The figure is of this width, no text is too small, leaves the page or lies on another."""
    figure = one.figure
    assert figure.get_figwidth() * MM_PER_INCH == pytest.approx(width_mm, abs=0.5)
    assert figure.get_figheight() * MM_PER_INCH < tallest * scale
    page = figure.bbox
    for words, points, box in one.texts:
        assert points >= 6 * scale, words
        inside = box.x0 > -1 and box.y0 > -1 and box.x1 < page.width + 1 and box.y1 < page.height + 1
        assert inside, f"{words!r} leaves the page of {one.stem}"
    for (words, _, box), (others, _, other) in itertools.combinations(one.texts, 2):
        across = min(box.x1, other.x1) - max(box.x0, other.x0), min(box.y1, other.y1) - max(box.y0, other.y0)
        assert min(across) < 1.5, f"{words!r} lies on {others!r} in {one.stem}"


def letters(figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(matplotlib.text.Text) if text.get_fontweight() == "bold"]


@pytest.mark.parametrize(("name", "width"), CASES)
def test_pictures_of_studies_can_be_read_at_one_column_and_at_two(name, width, drawn, tmp_path):
    axes = {"x": "n_pairs"} if name == "many words" else {}
    draw_accuracy(TABLES[name], tmp_path, axes=axes, style=Style(width_mm=width))
    check(drawn[0], width, tallest=265 if name != "many words" else 600)
    assert letters(drawn[0].figure)[:2] == ["A", "B"]


@pytest.mark.parametrize("name", ["one option", pytest.param("panels", marks=pytest.mark.slow)])
def test_a_slide_has_larger_letters_in_the_same_places(name, drawn, tmp_path):
    draw_accuracy(TABLES[name], tmp_path, style=Style("slide"))
    check(drawn[0], 1.75 * TWO_COLUMNS, 1.75)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["2a", "2b", "3a", "4a", "4b", "c5", "5b"])
def test_figures_of_the_paper_can_be_read_at_one_column_and_at_two(name, width, drawn, tmp_path):
    panel = find_panel(name)
    slopes = [(panel.figure, curve.model, -0.1234, 12.3, -0.2345, 0.3456) for curve in panel.curves if panel.slopes]
    table = figure_table(panel)
    figure.draw(panel, table, pd.DataFrame(slopes, columns=list(figure.SLOPE_COLUMNS)), tmp_path / name,
                Style(width_mm=width))  # fmt: skip
    check(drawn[0], width)
    for ax in drawn[0].figure.axes:
        assert ax.get_xlabel()
        assert ax.get_ylabel()
    assert len(letters(drawn[0].figure)) == (len(panel.groups) if len(panel.groups) > 1 else 0)
    has_reference = len(reference_rows(panel.figure, source="authors' code")) > 0
    shown = [words for words, _, _ in drawn[0].texts]
    assert ("authors' code" in shown) == has_reference


def test_panels_that_have_most_curves_in_common_have_one_legend(drawn, tmp_path):
    for name, legends in (("c5", 1), ("5b", 1), ("4b", 2)):
        panel = choose_memories(find_panel(name), tuple(all_memories(find_panel(name))))
        figure.draw(panel, figure_table(panel), pd.DataFrame(), tmp_path / name)
        assert len(drawn[-1].figure.findobj(matplotlib.legend.Legend)) == legends


def test_the_legend_of_capacities_has_the_lines_by_which_spikes_are_told_apart(drawn, tmp_path):
    panel = choose_memories(find_panel("2b"), ("rate", "spiking"))
    lines = [("2b", model, 0.5, 1.0 + curve.group, 0.4, 0.6) for curve in panel.curves for model in curve.models()]
    figure.draw(panel, figure_table(panel), pd.DataFrame(lines, columns=list(figure.SLOPE_COLUMNS)), tmp_path / "2b")
    legend = drawn[0].figure.axes[0].get_legend()
    dashes = {text.get_text().partition(":")[0]: handle.get_linestyle()
              for text, handle in zip(legend.get_texts(), legend.get_lines(), strict=True)}  # fmt: skip
    assert dashes["sequential"] == "-"
    assert dashes["sequential, spiking"] == ":"


@pytest.mark.parametrize("width", WIDTHS)
def test_pictures_of_learning_can_be_read_at_one_column_and_at_two(width, drawn, tmp_path):
    style = Style(width_mm=width)
    rule = SimpleNamespace(save=lambda path: None)
    write_learned(SimpleNamespace(rule=rule, history=histories().to_dict("list")), tmp_path, style)
    for name in ("3c", "3d"):
        learning_figures.draw(name, trainings(), tmp_path / name, style)
    copy_paste.draw(controllers_table(), copy_paste.ARMS, tmp_path / "5c", style)
    assert len(drawn) == 4
    for one in drawn:
        check(one, width)


@pytest.mark.parametrize("width", [ONE_COLUMN, pytest.param(TWO_COLUMNS, marks=pytest.mark.slow)])
def test_a_look_can_be_read_at_one_column_and_at_two(width, drawn, tmp_path, capsys):
    plan = Plan("autoassociative", memories=("spiking", "rate"), trials=1, replay=True, engine="numpy",
                options={"n_pairs": 2, "key_dim": 12, "n_slots": 12, "dt": 1.0})  # fmt: skip
    draw_look(plan, tmp_path, "", force=True, style=Style(width_mm=width))
    assert len(drawn) == 3
    for one in drawn:
        check(one, width)


@pytest.mark.parametrize("style", [Style(width_mm=ONE_COLUMN), pytest.param(Style("dark"), marks=pytest.mark.slow),
                                   Style("slide")], ids=str)  # fmt: skip
def test_a_look_at_activity_has_the_width_and_the_style_that_are_asked_for(style, drawn, tmp_path, capsys):
    pytest.importorskip("elephant")
    plan = Plan("autoassociative", trials=1, memories=("spiking",), replay=True, engine="numpy",
                options={"n_pairs": 2, "key_dim": 12, "n_slots": 12, "dt": 1.0})  # fmt: skip
    draw_activity(plan, tmp_path, "", force=True, style=style)
    (one,) = drawn
    check(one, style.width() * style.scale, style.scale)
    assert letters(one.figure) == ["A", "B", "C", "D"]
    hidden = one.figure.axes[0].patches[2].get_edgecolor()
    assert matplotlib.colors.to_hex(hidden) == ("#ffffff" if style.name == "dark" else "#000000")


RUN = ("run", "autoassociative", "--n-pairs", 2, "--trials", 2, "--key-dim", 12, "--n-slots", 12)


def test_files_have_the_width_and_the_letters_that_a_journal_takes(tmp_path):
    done = biokv(*RUN, "--width", "85mm", "--format", "pdf,svg,png,tiff", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    files = {path.suffix: path for path in tmp_path.glob("accuracy.*")}
    assert set(files) == {f".{one}" for one in DPI}
    pdf = files[".pdf"].read_bytes()
    assert b"/Type3" not in pdf
    assert b"/FontFile2" in pdf  # TrueType
    box = pdf.partition(b"/MediaBox [")[2].partition(b"]")[0].split()
    assert float(box[2]) / 72 * MM_PER_INCH == pytest.approx(85, abs=0.5)
    svg = files[".svg"].read_text()
    assert "whole patterns right</text>" in svg or ">whole patterns right<" in svg
    assert float(svg.partition('width="')[2].partition("pt")[0]) / 72 * MM_PER_INCH == pytest.approx(85, abs=0.5)
    for suffix, dpi in ((".png", 300), (".tiff", 600)):
        with Image.open(files[suffix]) as image:
            assert image.width / dpi * MM_PER_INCH == pytest.approx(85, abs=0.5)
            assert image.info["dpi"][0] == pytest.approx(dpi, abs=1)
    with Image.open(files[".tiff"]) as image:
        assert (image.mode, image.info["compression"]) == ("RGB", "tiff_lzw")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--width", "85"), "a length with its unit, such as 85mm, 17.4cm or 6.85in; got '85'"),
        (("--width", "8.5mm"), "must lie between 80mm and 600mm; got 8.5mm"),
        (("--width", "nanmm"), "a length with its unit"),
        (("--width", "8.5cm", "--style", "slide"), "in style slide must lie between 140mm and 600mm; got 85mm"),
        (("--format", "pdf,jpg"), "a format of pictures is png, pdf, svg, tiff; got 'jpg'"),
        (("--format", "png,png"), "formats are different ones of png, pdf, svg, tiff; got png, png"),
        (("--style", "nature"), "a style is print, slide, dark; got 'nature'"),
    ],
)
@pytest.mark.parametrize(
    "command", [RUN, ("look", "autoassociative"), ("figure", "2a"), ("learn", "autoassociative"), ("results", "here")]
)
def test_pictures_that_cannot_be_are_refused_before_anything_runs(command, words, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if command[0] == "results":
        write_run(tmp_path / "here", study_table(PAIRS))
    done = biokv(*command, *words)
    assert done.exit_code == 2
    assert sentence in done.output + done.stderr
    assert not (tmp_path / "runs").exists()


def test_results_are_drawn_again_in_another_format_and_what_was_drawn_stays(tmp_path):
    run = write_run(tmp_path / "run", study_table(PAIRS))
    assert biokv("results", run).exit_code == 0
    before = (run / "accuracy.png").read_bytes()
    assert biokv("results", run, "--width", "3.5in", "--format", "svg").exit_code == 0
    assert {path.name for path in run.glob("accuracy.*")} == {"accuracy.png", "accuracy.pdf", "accuracy.svg"}
    assert (run / "accuracy.png").read_bytes() == before


def test_a_style_ends_where_its_block_ends():
    before = dict(matplotlib.rcParams)
    with figure_style("dark"):
        assert matplotlib.rcParams["pdf.fonttype"] == 42
    assert dict(matplotlib.rcParams) == before
    with pytest.raises(ValueError, match="a style is print, slide, dark; got 'bright'"), figure_style("bright"):
        pass


def test_near_the_ceiling_an_axis_shows_the_part_near_1_and_says_so():
    table = study_table(PAIRS, memories=("rate",), trials=40)
    table.loc[table.quantity == "accuracy", "value"] = 1 - 0.015 * (table.n_pairs == 5) - 0.001 * (table.n_pairs == 10)
    ax = plot_accuracy(table, plt.gca())
    assert ax.get_ylim()[0] >= 0.95
    assert ax.get_ylabel().endswith("axis from 0.97")
    table.loc[table.quantity == "accuracy", "value"] -= 0.4 * (table.n_pairs == 40)
    wide = plot_accuracy(table, plt.figure().gca())
    assert wide.get_ylim()[0] < 0.5
    assert "axis from" not in wide.get_ylabel()
    plt.close("all")


def test_a_curve_from_the_ceiling_to_far_below_has_an_axis_on_which_errors_differ(drawn, tmp_path):
    table = study_table({"n_pairs": [5, 10, 20, 30, 40]}, memories=("rate",), trials=40)
    means = {5: 1.0, 10: 0.999, 20: 0.99, 30: 0.97, 40: 0.6}
    table.loc[table.quantity == "accuracy", "value"] = table.n_pairs.map(means)
    ax = plot_accuracy(table, plt.gca())
    assert "logarithmic in errors" in ax.get_ylabel()
    ticks = dict(zip((text.get_text() for text in ax.get_yticklabels()), ax.get_yticks(), strict=True))
    assert list(ticks) == ["0.5", "0.9", "0.99", "0.999", "1"]
    at = {name: ax.transData.transform((0, tick))[1] for name, tick in ticks.items()}
    assert at["0.99"] - at["0.9"] == pytest.approx(at["0.999"] - at["0.99"])
    assert at["1"] < ax.bbox.y1
    assert at["1"] - at["0.999"] > 0.1 * ax.bbox.height
    for width in WIDTHS:
        draw_accuracy(table, tmp_path, style=Style(width_mm=width))
        check(drawn[-1], width)
    below = table.assign(value=table.value.where(table.n_pairs < 30, 0.6))
    assert "logarithmic" in plot_accuracy(below, plt.figure().gca()).get_ylabel()
    below = table.assign(value=table.value.where(table.n_pairs < 20, 0.6))
    assert "logarithmic" not in plot_accuracy(below, plt.figure().gca()).get_ylabel()


def test_a_value_that_is_not_1_is_not_printed_as_1():
    assert [printed(one) for one in (1, 0.9996, 0.9853, 0, 0.0002)] == ["1.000", "0.9996", "0.985", "0.000", "0.0002"]
    assert [printed(one, signed=True) for one in (-0.004, 0.0125, 0)] == ["−0.004", "+0.013", "0"]


def test_many_numbers_in_colours_have_a_bar_and_many_words_panels(drawn, tmp_path):
    draw_accuracy(TABLES["many hues"], tmp_path)
    bar = drawn[0].figure.axes[-1]
    assert bar.get_ylabel() == "fraction of unknown query entries"
    assert [text.get_text() for text in bar.get_yticklabels()][:2] == ["0.1", "0.2"]
    words = study_table({**PAIRS, "protocol": [f"task_{i}" for i in range(8)]}, memories=("rate",))
    layout = layout_of(words, {"x": "n_pairs"})
    assert (layout.hue, layout.panel) == ("", "protocol")
    assert layout_of(words, {"x": "n_pairs", "hue": "protocol"}).hue == "protocol"


def test_functions_that_draw_change_no_setting_and_draw_where_they_are_told():
    table, before = study_table(PAIRS), dict(matplotlib.rcParams)
    figure_, (left, right) = plt.subplots(1, 2)
    assert plot_accuracy(table, left) is left
    assert plot_gap(gaps(table), right) is right
    assert plt.get_fignums() == [figure_.number]
    assert dict(matplotlib.rcParams) == before
    plt.close("all")

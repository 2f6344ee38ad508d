"""`biokv results` of a figure: printed and drawn again from its tables, and nothing is measured."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from command_line import biokv
from synthetic import controllers_table, figure_table, study_table, trainings, write_run

from bioKV.paper import copy_paste, learning_figures
from bioKV.paper import figure as figures
from bioKV.paper.memories_of import choose_memories, find_panel

pytestmark = pytest.mark.pictures


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """The folder of a figure, as the command leaves it, and what it printed."""
    folder = tmp_path_factory.mktemp("figure-2a")
    done = biokv("figure", "2a", "--trials", 2, "--memory", "rate", "--out", folder, "--width", "85mm")
    assert done.exit_code == 0, done.output
    return folder, done.stdout


@pytest.fixture
def folder(measured, tmp_path, monkeypatch):
    """A copy of it. From now on nothing can be measured or learned."""

    def nothing(*_, **__):
        raise AssertionError("measured anew")

    monkeypatch.setattr(figures, "measure", nothing)
    monkeypatch.setattr(copy_paste, "measure", nothing)
    monkeypatch.setattr(learning_figures, "history", nothing)
    return shutil.copytree(measured[0], tmp_path / "figure")


def write_figure(folder, name, **tables):
    """The folder of a figure with these tables."""
    folder.mkdir()
    for one, table in tables.items():
        table.to_csv(folder / f"{one}.csv", index=False)
    (folder / "run.json").write_text(json.dumps({"commands": [], "figure": name, "state": "finished"}))
    return folder


def test_a_figure_is_printed_again_and_its_picture_is_the_same_to_the_byte(folder, measured):
    before = {path.name: path.read_bytes() for path in folder.glob("figure-2a.*")}
    assert set(before) == {"figure-2a.png", "figure-2a.pdf"}
    for name in (*before, "results.csv"):
        (folder / name).unlink()
    done = biokv("results", folder, "--width", "85mm")
    assert done.exit_code == 0, done.output
    assert done.stdout.partition("wrote ")[0] == measured[1].partition("wrote ")[0]
    assert "chi-square p = " in done.stdout
    assert "note: with fewer than 100 trials per point" in done.stdout
    assert {path.name: path.read_bytes() for path in folder.glob("figure-2a.*")} == before


def test_another_width_format_and_folder_leave_what_was_drawn(folder, tmp_path):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = biokv("results", folder, "--width", "174mm", "--format", "svg", "--style", "dark", "--out", tmp_path / "new")
    assert done.exit_code == 0, done.output
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["figure-2a.svg"]
    assert 'width="493.2' in (tmp_path / "new" / "figure-2a.svg").read_text()  # 174 mm in points
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_capacities_are_drawn_with_the_lines_that_were_fitted(folder, tmp_path):
    panel = choose_memories(find_panel("2b"), ("rate", "spiking"))
    lines = pd.DataFrame([("2b", model, 1 / 3, 12.3, 0.1 + 0.2, 0.3456) for curve in panel.curves
                          for model in curve.models()], columns=list(figures.SLOPE_COLUMNS))  # fmt: skip
    held = pd.DataFrame([("2b", "random, search", 0.1, np.nan, 4, np.nan)], columns=list(figures.AGREEMENT_COLUMNS))
    made = write_figure(tmp_path / "2b", "2b", figure=figure_table(panel), agreement=held, slopes=lines)
    done = biokv("results", made, "--format", "png")
    assert done.exit_code == 0, done.output
    assert done.stdout.partition("\nwrote ")[0] == figures.printed(panel, figure_table(panel), held, lines)
    (fresh,) = figures.draw(panel, figure_table(panel), lines, tmp_path / "fresh", figures.Style(formats=("png",)))
    assert (made / "figure-2b.png").read_bytes() == fresh.read_bytes()


@pytest.mark.parametrize("name", ["3c", "3d", "5c"])
def test_trainings_and_controllers_are_drawn_again_from_their_tables(name, folder, tmp_path):
    style = learning_figures.Style(formats=("png",))
    if name == "5c":
        made = write_figure(tmp_path / name, name, figure=controllers_table())
        said = copy_paste.summary(controllers_table(), copy_paste.ARMS)
        (fresh,) = copy_paste.draw(controllers_table(), copy_paste.ARMS, tmp_path / "fresh", style)
    else:
        made = write_figure(tmp_path / name, name, history=trainings())
        said = learning_figures.summary(name, trainings())
        (fresh,) = learning_figures.draw(name, trainings(), tmp_path / "fresh", style)
    done = biokv("results", made, "--format", "png")
    assert done.exit_code == 0, done.output
    assert done.stdout.partition("\nwrote ")[0] == said
    assert (made / f"figure-{name}.png").read_bytes() == fresh.read_bytes()


@pytest.mark.parametrize(
    "words",
    [("--x", "n-pairs"), ("--hue", "n-pairs"), ("--panel", "n-pairs"), ("--margin", 0.02), ("--pattern-margin", 0.1),
     ("--parquet",)],
)  # fmt: skip
def test_options_of_studies_are_refused(words, folder):
    done = biokv("results", folder, *words)
    assert done.exit_code == 2
    assert done.stderr == (f"biokv: {words[0]} is for studies; figure 2a takes --width, --format, --style and --out\n")


def unmeasured(folder):
    (folder / "figure.csv").unlink()


def unheld(folder):
    (folder / "agreement.csv").unlink()


def headless(folder):
    (folder / "figure.csv").write_bytes(b"\0\1\2 no table\n")


def narrow(folder):
    pd.read_csv(folder / "figure.csv").drop(columns="mean").to_csv(folder / "figure.csv", index=False)


def cut(folder):
    text = (folder / "figure.csv").read_text()
    (folder / "figure.csv").write_text(text[: text.index("n_pairs,42") + 8])


def worded(folder):
    (folder / "figure.csv").write_text((folder / "figure.csv").read_text().replace(",1.0,", ",one,"))


def begun(folder):
    (folder / "figure.csv").write_text((folder / "figure.csv").read_text().partition("\n")[0] + "\n")


def of_another(folder):
    (folder / "figure.csv").write_text((folder / "figure.csv").read_text().replace("2a,", "5b,"))


def of_another_version(folder):
    (folder / "figure.csv").write_text((folder / "figure.csv").read_text().replace("sequential", "parallel"))


def unrecorded(folder):
    (folder / "run.json").unlink()


def half_recorded(folder):
    (folder / "run.json").write_text('{"figure": ')


def recorded_as_none(folder):
    (folder / "run.json").write_text('{"figure": "9z"}')


BAD = {
    unmeasured: "holds no figure.csv, from which figure 2a is drawn; `biokv figure 2a --force` measures it anew",
    unheld: "holds no agreement.csv, from which figure 2a is drawn; `biokv figure 2a --force` measures it anew",
    headless: "figure.csv is damaged (it lacks the column figure); `biokv figure 2a --force` measures it anew",
    narrow: "figure.csv is damaged (it lacks the column mean); ",
    cut: "figure.csv is damaged (a row is not whole); ",
    worded: "figure.csv is damaged (could not convert string to float: 'one'); ",
    begun: "figure.csv holds no row; ",
    of_another: "figure.csv is damaged (it is of figure 5b); ",
    of_another_version: "figure.csv has a curve 'parallel', which the figure of this version of bioKV has not; ",
    unrecorded: "run.json is missing, and says of which figure figure.csv is; the folder as `biokv figure` left it",
    half_recorded: "run.json is damaged, and says of which figure figure.csv is; the folder as `biokv figure` left it",
    recorded_as_none: "there is no figure '9z'; known are 2a, 2b",
}


@pytest.mark.parametrize("harm", BAD, ids=lambda harm: harm.__name__)
def test_a_damaged_figure_is_refused_in_one_sentence_and_nothing_is_drawn(harm, folder):
    before = (folder / "figure-2a.png").read_bytes()
    harm(folder)
    done = biokv("results", folder, "--style", "dark")
    assert done.exit_code == 2
    assert BAD[harm] in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert (folder / "figure-2a.png").read_bytes() == before


def test_missing_lines_and_trainings_are_refused(folder, tmp_path):
    panel = choose_memories(find_panel("2b"), ("rate",))
    held, lines = (pd.DataFrame(columns=list(names)) for names in (figures.AGREEMENT_COLUMNS, figures.SLOPE_COLUMNS))
    lines.loc[0] = ("2b", "random, search", 1.0, 0.0, 0.9, 1.1)
    made = write_figure(tmp_path / "2b", "2b", figure=figure_table(panel), agreement=held, slopes=lines)
    assert "slopes.csv or figure.csv lacks 'random p=4/N, noise-free'" in biokv("results", made).stderr
    one = trainings().query("third_factor == 'sequential'")
    done = biokv("results", write_figure(tmp_path / "3c", "3c", history=one))
    assert done.exit_code == 2
    assert "history.csv is damaged (it must have trainings with sequential and random p=4/N)" in done.stderr


def test_a_figure_among_several_folders_and_a_folder_of_another_run_are_refused(folder, tmp_path):
    run = write_run(tmp_path / "run", study_table({"n_pairs": [5, 10]}))
    for several in ((run, folder), (folder, run)):
        done = biokv("results", *several)
        assert done.exit_code == 2
        assert f"{folder} is of `biokv figure 2a`, which is drawn alone; give this folder by itself" in done.stderr
    done = biokv("results", folder, "--out", run)
    assert done.exit_code == 2
    assert f"{run} holds another run; choose another --out" in done.stderr
    assert not list(run.glob("figure-*"))

"""Finished runs are read, summed up and drawn again from their folders alone."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from command_line import biokv
from synthetic import study_table, write_run

import bioKV
from bioKV.studies import parquet, read

GRID = {"n_pairs": [10, 20], "corruption": [0.3, 0.6]}
ZIPPED = [{"n_pairs": 10, "n_slots": 20}, {"n_pairs": 20, "n_slots": 40}]


@pytest.fixture
def run(tmp_path):
    """The folder of a comparison over a grid."""
    return write_run(tmp_path / "run", study_table(GRID), n_slots=40, p=0.1, rule=None)


@pytest.fixture
def undrawn(monkeypatch):
    """Pictures take a second each, and most tests look at none."""
    monkeypatch.setattr("bioKV.studies.again.draw_accuracy", lambda *given: [])


def test_a_run_is_one_table_with_every_option_that_pandas_takes_in_one_line(run):
    table = bioKV.read_results(run)
    means = table.query("quantity == 'accuracy'").pivot_table(index="n_pairs", columns=["memory", "corruption"],
                                                              values="value")  # fmt: skip
    assert means.shape == (2, 4)
    assert means.index.tolist() == [10, 20]
    assert table.n_slots.unique().tolist() == [40]
    assert table.rule.unique().tolist() == [None]
    assert (table.n_pairs.dtype.kind, table.corruption.dtype.kind, table.value.dtype.kind) == ("i", "f", "f")
    assert not {"x", "seed", "mechanisms", "patterns"} & {*table}


def test_none_true_and_words_come_back_as_they_were(tmp_path):
    grid = {"n_slots": [None, 40], "rule": ["mine/a.json", None], "fade": [True, False]}
    made = study_table(grid, memories=("rate",))
    table = bioKV.read_results(write_run(tmp_path / "run", made))
    assert table.n_slots.unique().tolist() == [None, 40]
    assert table.rule.unique().tolist() == ["mine/a.json", None]
    assert table.fade.unique().tolist() == [True, False]
    pd.testing.assert_series_equal(table.value, made.value)


def test_a_table_is_the_same_in_however_many_pieces_it_was_read(run, monkeypatch):
    whole = read.read_table(run)
    monkeypatch.setattr(read, "ROWS_AT_ONCE", 7)
    pd.testing.assert_frame_equal(read.read_table(run), whole)


def test_several_folders_are_one_table_and_what_they_differ_in_varies(run, tmp_path):
    other = write_run(tmp_path / "other", study_table({"n_pairs": [40]}), n_slots=80, p=0.1, corruption=0.3)
    table = bioKV.read_results(run, other)
    assert len(table) == len(bioKV.read_results(run)) + len(bioKV.read_results(other))
    assert table.groupby("n_slots").n_pairs.unique().map(list).to_dict() == {40: [10, 20], 80: [40]}
    assert table.p.unique().tolist() == [0.1]
    assert "seed" not in table


def test_runs_of_two_seeds_have_a_column_for_the_seed(run, tmp_path):
    again = write_run(tmp_path / "again", study_table(GRID, seed=1), n_slots=40, p=0.1, rule=None)
    record = json.loads((again / "run.json").read_text())
    record["plan"]["seed"] = 1
    (again / "run.json").write_text(json.dumps(record))
    assert bioKV.read_results(run, again).seed.unique().tolist() == [0, 1]


def test_a_trial_that_two_folders_hold_is_refused(run, tmp_path):
    options = {"n_slots": 40, "p": 0.1, "rule": None, "corruption": 0.3}
    part = write_run(tmp_path / "part", study_table({"n_pairs": [20, 40]}), **options)
    with pytest.raises(ValueError, match=r"run and .*part hold the same trial .*would count twice; leave one of them"):
        bioKV.read_results(run, part)


def emptied(folder):
    (folder / "results.csv").unlink()


def cut(folder):
    text = (folder / "results.csv").read_text()
    (folder / "results.csv").write_text(text[: len(text) // 2].rstrip("0123456789") + "rubbish,,")


def headless(folder):
    (folder / "results.csv").write_bytes(b"\0\1\2 no table\n")


def begun(folder):
    (folder / "results.csv").write_text((folder / "results.csv").read_text().partition("\n")[0] + "\n")


def of_a_figure(folder):
    pd.read_csv(folder / "results.csv").assign(x_name="n_pairs", x=3).to_csv(folder / "results.csv")


def unrecorded(folder):
    (folder / "run.json").unlink()


def half_recorded(folder):
    (folder / "run.json").write_text('{"options": ')


def recorded_elsewhere(folder):
    (folder / "run.json").write_text('{"command": "raster"}')


BAD = {
    emptied: "holds no results .results.csv.; .* would do",
    cut: "results.csv is damaged .*; the run's --resume writes it anew",
    headless: "results.csv is damaged .*; the run's --resume writes it anew",
    begun: "holds no trial yet; the run's --resume goes on with it",
    of_a_figure: "is no table of a study, but of `biokv figure` or of an older bioKV",
    unrecorded: "holds no record of its run .run.json.; .* would do",
    half_recorded: "run.json is damaged or of another command; the folder of a run would do",
    recorded_elsewhere: "run.json is damaged or of another command; the folder of a run would do",
}


@pytest.mark.parametrize("harm", BAD, ids=lambda harm: harm.__name__)
def test_a_folder_that_cannot_be_read_is_refused_in_one_sentence(harm, run):
    harm(run)
    with pytest.raises(ValueError, match=BAD[harm]) as found:
        bioKV.read_results(run)
    assert "\n" not in str(found.value)
    done = biokv("results", run)
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1


def test_no_folder_a_missing_one_and_one_given_twice_are_refused(run, tmp_path):
    with pytest.raises(ValueError, match="no folder was given; read_results"):
        bioKV.read_results()
    with pytest.raises(ValueError, match=r"there is no folder .*nowhere; one that `biokv run` wrote would do"):
        bioKV.read_results(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="a folder was given twice"):
        bioKV.read_results(run, f"{run}/../run")


def test_results_prints_tables_and_the_verdict_and_draws_without_running(run, monkeypatch):
    monkeypatch.setattr("bioKV.studies.tasks.draw_trial", None)
    done = biokv("results", run)
    assert done.exit_code == 0, done.output
    assert done.output.count("verdict: ") == 1
    assert "n_pairs" in done.output
    assert "corruption" in done.output
    made = {path.name for path in run.iterdir()}
    assert made == {"results.csv", "run.json", "comparison.csv", "accuracy.png", "accuracy.pdf"}


def test_margins_decide_the_verdict_again(tmp_path, undrawn):
    run = write_run(tmp_path / "run", study_table(trials=8))
    wide = biokv("results", run, "--margin", 0.9, "--pattern-margin", 0.9)
    assert "equivalent at every point: bits right within ±0.9" in wide.output
    assert "8 trials do not decide" in biokv("results", run, "--margin", 0.001).output
    refused = biokv("results", run, "--margin", 2)
    assert refused.exit_code == 2
    assert "margin must lie between 0 and 1" in refused.stderr


def test_an_axis_is_checked_before_anything_is_printed(run):
    done = biokv("results", run, "--hue", "n-slots")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "hue must be an option that varies (n_pairs, corruption); got 'n_slots'" in done.stderr


def test_axes_of_the_plan_are_kept_unless_others_are_typed(tmp_path, monkeypatch):
    drawn: list[dict] = []
    monkeypatch.setattr("bioKV.studies.again.draw_accuracy", lambda *given: drawn.append(given[3]) or [])
    folder = write_run(tmp_path / "run", study_table(GRID), axes={"x": "corruption"})
    assert biokv("results", folder).exit_code == 0
    assert biokv("results", folder, "--hue", "corruption").exit_code == 0
    assert drawn == [{"x": "corruption"}, {"hue": "corruption"}]


def test_several_folders_are_summed_up_together_and_drawn_where_out_says(run, tmp_path):
    other = write_run(tmp_path / "other", study_table(GRID, seed=3), n_slots=80, p=0.1, rule=None)
    done = biokv("results", run, other)
    assert done.exit_code == 0
    assert "n_slots" in done.output
    assert not (run / "accuracy.png").exists()
    assert biokv("results", run, other, "--x", "n_slots").exit_code == 2
    assert biokv("results", run, other, "--x", "n_slots", "--out", tmp_path / "both").exit_code == 0
    assert (tmp_path / "both" / "accuracy.png").exists()
    assert biokv("results", run, "--out", other).exit_code == 2


def test_a_run_that_grows_has_its_parquet_file_anew(tmp_path, undrawn, monkeypatch):
    pytest.importorskip("pyarrow")
    words = ("run", "autoassociative", "--n-pairs", "2", "--key-dim", "8", "--trials", "2", "--out", tmp_path)
    assert biokv(*words).exit_code == 0
    assert biokv("results", tmp_path, "--parquet").exit_code == 0
    assert biokv("run", "autoassociative", "--trials", "3", "--resume", "--out", tmp_path).exit_code == 0
    grown = bioKV.read_results(tmp_path)
    (tmp_path / "results.csv").unlink()
    pd.testing.assert_frame_equal(bioKV.read_results(tmp_path), grown)
    monkeypatch.setattr(parquet, "find_spec", lambda name: None)
    assert biokv("run", "autoassociative", "--trials", "4", "--resume", "--out", tmp_path).exit_code == 0
    assert not (tmp_path / "results.parquet").exists(), "which nothing there can write"


def test_parquet_holds_the_same_as_csv(tmp_path, undrawn):
    pytest.importorskip("pyarrow")
    made = study_table({"n_slots": [None, 40], "rule": ["a", None], "p": [0.1, 1]}, memories=("rate",))
    folder = write_run(tmp_path / "run", made)
    before = bioKV.read_results(folder)
    assert biokv("results", folder, "--parquet").exit_code == 0
    (folder / "results.csv").unlink()
    pd.testing.assert_frame_equal(bioKV.read_results(folder), before)


def test_without_pyarrow_the_extra_is_named(run, monkeypatch):
    monkeypatch.setattr(parquet, "find_spec", lambda name: None)
    done = biokv("results", run, "--parquet")
    assert (done.exit_code, done.stdout) == (2, "")
    assert 'pip install "bioKV[parquet]" would do' in done.stderr


def test_a_parquet_file_alone_is_not_read_without_pyarrow(run, monkeypatch):
    (run / "results.csv").rename(run / "results.parquet")
    monkeypatch.setattr(parquet, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match="Parquet takes pyarrow, which is not installed"):
        bioKV.read_results(run)


def test_a_grid_is_printed_up_to_sixty_rows_and_fits_the_width(tmp_path, undrawn):
    grid = {"n_pairs": range(10), "corruption": [0.1, 0.2], "n_slots": [5, 10]}
    folder = write_run(tmp_path / "run", study_table(grid, trials=2))
    said = biokv("results", folder, "--out", tmp_path / "out").stdout
    assert "these are the first 60 of 80 rows; every trial is in results.csv" in said
    assert "all are in comparison.csv" in said
    rows = [line for line in said.splitlines() if line.startswith((" rate ", " spiking "))]
    assert len(rows) == 60
    assert max(map(len, rows)) <= 112


def test_points_that_go_together_and_constants_take_no_axis(tmp_path):
    folder = write_run(tmp_path / "run", study_table({"corruption": [0.3]}, points=ZIPPED), n_slots=None)
    done = biokv("results", folder, "--x", "corruption")
    assert done.exit_code == 2
    assert "x must be an option that varies (n_pairs, n_slots); got 'corruption'" in done.stderr

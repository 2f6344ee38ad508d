"""What an earlier command left in a folder is removed, and nothing of the user's."""

from __future__ import annotations

import json

from bioKV.studies.earlier import remove_earlier


def left_by_a_run(folder):
    """The folder of a run of two parts, each of which kept a file of patterns."""
    kept = "inputs/patterns.csv", "inputs/1-0/patterns.csv"
    ours = "results.csv", "accuracy-n_pairs=3.pdf", "raster.png", "spikes.npz", "parts/cell/rows.csv", *kept
    for name in ours:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    record = {"inputs": {"patterns": {"kept": kept[0]}}, "later_parts": [{"inputs": {"patterns": {"kept": kept[1]}}}]}
    (folder / "run.json").write_text(json.dumps(record))


def files_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_nothing_of_a_run_is_left_no_empty_folder_either(tmp_path):
    left_by_a_run(tmp_path)
    remove_earlier(tmp_path)
    assert files_in(tmp_path) == []


def test_files_that_are_not_ours_stay(tmp_path):
    left_by_a_run(tmp_path)
    for name in ("notes.txt", "rule.json", "inputs/1-0/mine.csv", "accuracy.txt"):
        (tmp_path / name).touch()
    remove_earlier(tmp_path)
    assert files_in(tmp_path) == ["accuracy.txt", "inputs", "inputs/1-0", "inputs/1-0/mine.csv", "notes.txt",
                                  "rule.json"]  # fmt: skip


def test_a_folder_without_a_run_is_left_alone(tmp_path):
    (tmp_path / "raster.png").touch()
    remove_earlier(tmp_path)
    assert files_in(tmp_path) == ["raster.png"]


def test_a_record_that_names_a_file_elsewhere_removes_none_there(tmp_path):
    elsewhere = tmp_path / "mine.csv"
    elsewhere.touch()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text(json.dumps({"inputs": {"patterns": {"kept": "../mine.csv"}}}))
    remove_earlier(tmp_path / "run")
    assert elsewhere.exists()
    assert files_in(tmp_path / "run") == []

"""Finished trials on the disk: a list of names says what is done."""

from __future__ import annotations

import pytest

from bioKV.studies import parts


def put(folder, *ranges, part=0, cell="a"):
    for first, stop in ranges:
        rows = "".join(f"rate,,,{trial},all,accuracy,{trial}.5\n" for trial in range(first, stop))
        parts.keep(folder, cell, range(first, stop), part, rows)


@pytest.mark.parametrize(
    ("there", "trials", "together", "missing"),
    [
        ([], 5, 1, [range(5)]),
        ([(0, 5)], 5, 1, []),
        ([(0, 5)], 8, 1, [range(5, 8)]),
        ([(0, 5)], 3, 1, []),
        ([(2, 4), (6, 7)], 9, 1, [range(2), range(4, 6), range(7, 9)]),
        ([(0, 20)], 45, 20, [range(20, 45)]),
        ([(0, 20), (20, 25)], 25, 20, []),
        ([(0, 20), (20, 25)], 60, 20, [range(20, 60)]),  # trials 20 to 24 ran without their neighbours
        ([(40, 60)], 60, 20, [range(40)]),
        ([(0, 5)], 70, 20, [range(70)]),
        ([(3, 5), (7, 8)], 20, 20, [range(20)]),  # two gaps of one batch
    ],
)
def test_what_is_missing_is_told_by_names(tmp_path, there, trials, together, missing):
    put(tmp_path, *there)
    assert parts.missing(parts.listed(tmp_path).get("a", []), trials, together) == missing


def test_what_is_to_be_recorded_is_run_again(tmp_path):
    put(tmp_path, (0, 20), (20, 50))
    there = parts.listed(tmp_path)["a"]
    assert parts.missing(there, 50, 1, [0, 19, 20, 30]) == [range(1), range(19, 21), range(30, 31)]
    assert parts.missing(there, 50, 20, [30]) == [range(20, 40)]


def test_a_part_within_another_counts_once(tmp_path):
    """A run of trials that is repeated with its neighbours, as on the NumPy engine, leaves the old one behind."""
    put(tmp_path, (0, 20), (20, 25), (20, 40), (3, 4))
    listed = parts.listed(tmp_path)["a"]
    assert [(part.first, part.stop) for part in listed] == [(0, 20), (20, 40)]


def test_what_is_not_whole_and_what_is_not_ours_is_no_part(tmp_path):
    put(tmp_path, (0, 3))
    for name in ("0000003-0000006.0.new", "notes.csv", ".DS_Store"):
        (tmp_path / "parts" / "a" / name).write_text("rate")
    (tmp_path / "parts" / "stray").write_text("")
    assert [part.path.name for part in parts.listed(tmp_path)["a"]] == ["0000000-0000003.0.csv"]
    assert parts.listed(tmp_path / "nowhere") == {}


def test_rows_are_those_of_the_trials_that_are_asked_for(tmp_path):
    put(tmp_path, (2, 6))
    (part,) = parts.listed(tmp_path)["a"]
    for trials in (range(3, 5), range(10)):
        lines = parts.lines_of(part, trials, "mine, too", [0.6, None]).splitlines()
        wanted = [f'"mine, too",rate,,,0.6,,{trial},all,accuracy,{trial}.5,0' for trial in range(2, 6)]
        assert lines == [line for trial, line in zip(range(2, 6), wanted, strict=True) if trial in trials]


def test_names_with_commas_and_quotes_stay_one_column(tmp_path):
    parts.keep(tmp_path, "a", range(1), 2, '"a ""b"", c",,,0,all,accuracy,1.0\n')
    (part,) = parts.listed(tmp_path)["a"]
    assert parts.lines_of(part, range(1), "p", []) == 'p,"a ""b"", c",,,0,all,accuracy,1.0,2\n'


@pytest.mark.parametrize("text", ["rate,,,0,all\n", "rate,,,0,all,accuracy,1.0", "\0\n"])
def test_a_damaged_part_is_named(tmp_path, text):
    parts.keep(tmp_path, "a", range(1), 0, text)
    (part,) = parts.listed(tmp_path)["a"]
    with pytest.raises(ValueError, match=r"0000000-0000001\.0\.csv is damaged .*; delete it, and --resume runs"):
        parts.lines_of(part, range(1), "p", [])


def test_a_folder_of_parts_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    put(tmp_path, (0, 3))
    monkeypatch.setattr(parts.os, "scandir", refuse)
    with pytest.raises(ValueError, match=rf"^cannot read {tmp_path / 'parts'}: Permission denied$"):
        parts.listed(tmp_path)


def test_many_parts_are_listed_by_name_alone(tmp_path, monkeypatch):
    """No part is opened, so that a million finished trials are listed at once."""
    put(tmp_path, *((i, i + 1) for i in range(50)))
    monkeypatch.setattr("builtins.open", None)
    assert parts.missing(parts.listed(tmp_path)["a"], 51) == [range(50, 51)]

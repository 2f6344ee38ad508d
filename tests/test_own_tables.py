"""Files of one's own patterns: read whatever a spreadsheet or NumPy made of them, or refused by row and column."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from command_line import biokv
from hypothesis import given
from hypothesis import strategies as st

from bioKV.protocols import graded
from bioKV.studies.inputs import array_of, inputs_of, keep
from bioKV.studies.own_table import read_array
from bioKV.studies.patterns import load_patterns
from bioKV.studies.plan import Plan
from bioKV.studies.spreadsheet import read_spreadsheet

ROWS = [[1, -1, 1, 1], [-1, -1, 1, -1], [1, 1, -1, -1]]


def load(path, protocol="autoassociative", threshold=None):
    """The patterns of a file, and what is said of it."""
    arrays, said = load_patterns(protocol, {"patterns": path}, threshold)
    return arrays["patterns"].tolist(), " ".join(said)


def spreadsheet(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# what a spreadsheet makes of ROWS

BINARY = "1,0,1,1\n0,0,1,0\n1,1,0,0\n"
SPREADSHEETS = {
    "signs": ("1,-1,1,1\n-1,-1,1,-1\n1,1,-1,-1\n", ""),
    "0 and 1": (BINARY, "0 and 1 as -1 and +1"),
    "decimals": ("1.0,-1.0,1e0,1\n-1,-1.0,1,-1\n1,1,-1,-1\n", ""),
    "a byte order mark": ("\ufeff" + BINARY, "0 and 1"),
    "UTF-16": (BINARY.replace(",", "\t").encode("utf-16"), "0 and 1"),
    "Windows line ends": (BINARY.replace("\n", "\r\n"), "0 and 1"),
    "no last line end": (BINARY.rstrip(), "0 and 1"),
    "blank lines": (BINARY.replace("\n", "\n\n") + ",,,\n", "0 and 1"),
    "comments": ("# drawn by hand\n" + BINARY, "0 and 1"),
    "semicolons": (BINARY.replace(",", ";"), "0 and 1"),
    "decimal commas": ("1,0;-1,0;1,0;1\n-1,0;-1;1;-1,0\n1;1;-1;-1,0\n", ""),
    "tabs": (BINARY.replace(",", "\t"), "0 and 1"),
    "spaces after commas": (BINARY.replace(",", ", "), "0 and 1"),
    "quotation marks": ('"1","0","1","1"\n"0","0","1","0"\n"1","1","0","0"\n', "0 and 1"),
    "a separator that is named": ("sep=;\n" + BINARY.replace(",", ";"), "0 and 1"),
    "truth values": ("True,FALSE,true,True\nfalse,False,True,False\nTrue,True,False,FALSE\n", "0 and 1"),
    "a header": ("a,b,c,d\n" + BINARY, "row 1 ('a', 'b', 'c', ...) as a header"),
    "a header with a mark": ("\ufeffa;b;c;d\n" + BINARY.replace(",", ";"), "row 1 ('a', 'b', 'c', ...) as a header"),
    "a header in Latin letters": ("gr\xf6\xdfe,b,c,d\n".encode("latin-1") + BINARY.encode(), "'größe', 'b', 'c', ..."),
    "a header that counts": ("0,1,2,3\n" + BINARY, "row 1 (0, 1, 2, ...), which counts, as a header"),
    "a header that counts from 1": ("1,2,3,4\n" + BINARY, "row 1 (1, 2, 3, ...), which counts, as a header"),
    "numbers over truth values": ("3,5,7,9\nTrue,False,True,True\nFalse,False,True,False\nTrue,True,False,False\n",
                                  "row 1 ('3', '5', '7', ...) as a header"),
    "an index": ("0,1,0,1,1\n1,0,0,1,0\n2,1,1,0,0\n", "column 1 (0, 1, 2) as an index"),
    "an index from 1": ("1,1,-1,1,1\n2,-1,-1,1,-1\n3,1,1,-1,-1\n", "column 1 (1, 2, 3) as an index"),
    "header and index": (",a,b,c,d\n7,1,0,1,1\n8,0,0,1,0\n9,1,1,0,0\n", "column 1 (7, 8, 9) as an index"),
    "header and index that count": (",0,1,2,3\n0,1,0,1,1\n1,0,0,1,0\n2,1,1,0,0\n",
                                    "row 1 ('', '0', '1', ...) as a header and column 1 (0, 1, 2) as an index"),
    "an index with a name": ("id;a;b;c;d\n9;1;0;1;1\n4;0;0;1;0\n7;1;1;0;0\n", "column 1 (9, 4, 7) as an index"),
    "names": ("A,1,0,1,1\nB,0,0,1,0\nC,1,1,0,0\n", "column 1 ('A', 'B', 'C') as names"),
    "R's row names": ('"V1","V2","V3","V4"\n"a",1,0,1,1\n"b",0,0,1,0\n"c",1,1,0,0\n', "column 1 ('a', 'b', 'c') as na"),
    "labels and a header": ("label,0,1,2,3\n8,1,0,1,1\n9,0,0,1,0\n8,1,1,0,0\n", "column 1 (8, 9, 8) as an index"),
    "an empty column": ("1;0;1;1;\n0;0;1;0;\n1;1;0;0;\n", "column 5 as empty"),
    "empty columns": (";1;0;1;1;;\n;0;0;1;0;;\n;1;1;0;0;;\n", "columns 1, 6, 7 as empty"),
}


@pytest.mark.parametrize("name", SPREADSHEETS)
def test_a_table_is_read_however_a_spreadsheet_writes_it_and_what_is_left_out_is_said(name, tmp_path):
    text, sentence = SPREADSHEETS[name]
    rows, said = load(spreadsheet(tmp_path / "mine.csv", text))
    assert rows == ROWS
    assert sentence in said
    assert bool(said) == bool(sentence)


@pytest.mark.parametrize("options", [{}, {"index": False}, {"header": False}, {"index": False, "header": False},
                                     {"sep": ";", "decimal": ","}, {"sep": "\t"}])  # fmt: skip
@pytest.mark.parametrize("kind", [int, float, bool])
def test_what_pandas_writes_is_read(options, kind, tmp_path):
    table = pd.DataFrame(np.array(ROWS) > 0).astype(kind)
    table.to_csv(tmp_path / "mine.tsv", **options)
    assert load(tmp_path / "mine.tsv")[0] == ROWS


def test_labels_as_pandas_codes_them_are_values(tmp_path):
    pd.get_dummies(pd.Series([7, 3, 7, 5])).to_csv(tmp_path / "labels.csv")
    assert load(tmp_path / "labels.csv")[0] == [[-1, -1, 1], [1, -1, -1], [-1, -1, 1], [-1, 1, -1]]


def test_a_column_that_cannot_be_an_index_is_an_entry(tmp_path):
    """Two rows that read 0, 1 may be patterns, and so may grey values that rise by 1."""
    assert load(spreadsheet(tmp_path / "mine.csv", "0,1\n1,0\n"))[0] == [[-1, 1], [1, -1]]
    grey = spreadsheet(tmp_path / "grey.csv", "1,2,3\n2,30,4\n3,5,60\n")
    assert load(grey, threshold=2.5)[0] == [[-1, -1, 1], [-1, 1, 1], [1, 1, 1]]


def test_five_numbers_that_count_are_an_index_of_grey_values_too(tmp_path):
    grey = np.random.default_rng(0).integers(2, 255, (5, 3))
    np.savetxt(tmp_path / "grey.csv", np.column_stack([np.arange(5), grey]), delimiter=",", fmt="%d")
    rows, said = load(tmp_path / "grey.csv", threshold=100)
    assert rows == np.where(grey > 100, 1, -1).tolist()
    assert "column 1 (0, 1, 2, ...) as an index" in said


# NumPy's files


@pytest.mark.parametrize("kind", [int, float, np.float32, np.int8])
def test_numpys_files_are_read(kind, tmp_path):
    np.save(tmp_path / "mine.npy", np.array(ROWS, kind))
    np.savez(tmp_path / "mine.npz", whatever=np.array(ROWS, kind))
    np.savez(tmp_path / "both.npz", patterns=np.array(ROWS, kind), values=np.ones((3, 2), kind))
    for name in ("mine.npy", "mine.npz", "both.npz"):
        assert load(tmp_path / name) == (ROWS, "")


def test_booleans_of_numpy_become_signs(tmp_path):
    np.save(tmp_path / "mine.npy", np.array(ROWS) > 0)
    assert load(tmp_path / "mine.npy")[0] == ROWS


def test_one_npz_may_hold_patterns_and_values(tmp_path):
    np.savez(tmp_path / "mine.npz", patterns=ROWS, values=[[1], [-1], [1]])
    arrays, _ = load_patterns("heteroassociative", dict.fromkeys(("patterns", "value_patterns"), tmp_path / "mine.npz"))
    assert arrays["patterns"].tolist() == ROWS
    assert arrays["value_patterns"].tolist() == [[1], [-1], [1]]


# other numbers


def test_a_threshold_turns_grey_values_into_signs(tmp_path):
    np.save(tmp_path / "grey.npy", np.array([[0, 128, 255], [3, 127, 200]], np.uint8))
    rows, said = load(tmp_path / "grey.npy", threshold=127)
    assert rows == [[-1, 1, 1], [-1, -1, 1]]
    assert "50 % of them as +1" in said
    assert load(tmp_path / "grey.npy", threshold=0)[0] == [[-1, 1, 1], [1, 1, 1]]


def test_a_threshold_leaves_labels_of_0_and_1_alone(tmp_path):
    np.save(tmp_path / "grey.npy", np.array([[0.0, 128, 255], [3, 127, 200]]))
    np.save(tmp_path / "labels.npy", np.eye(2))
    paths = {"patterns": tmp_path / "grey.npy", "value_patterns": tmp_path / "labels.npy"}
    arrays, said = load_patterns("heteroassociative", paths, 127)
    assert arrays["value_patterns"].tolist() == [[1, -1], [-1, 1]]
    assert "no notice of --threshold" in said[1]


def test_graded_numbers_may_have_decimal_commas(tmp_path):
    mine = spreadsheet(tmp_path / "mine.csv", "a;b\n0,5;-1\n-0,25;0\n")
    assert load(mine, "graded")[0] == [[0.5, -1], [-0.25, 0]]


def test_numbers_within_1_are_graded_input_where_the_protocol_takes_them(tmp_path):
    graded_rows = [[0.5, -1, 0.25], [0, 1, -0.75]]
    np.save(tmp_path / "mine.npy", graded_rows)
    assert load(tmp_path / "mine.npy", "graded") == (graded_rows, "")
    assert load(tmp_path / "mine.npy", "graded", threshold=0.3)[0] == [[1, -1, -1], [-1, 1, -1]]
    assert load(tmp_path / "mine.npy", graded)[0] == graded_rows  # a function of one's own decides itself
    plan = Plan("graded", options={"key_dim": 3, "n_pairs": 2}, patterns=np.array(graded_rows))
    (kept,) = keep(tmp_path, inputs_of(plan)).values()
    assert array_of(tmp_path, kept).tolist() == graded_rows


def test_tables_know_where_their_numbers_stand(tmp_path):
    table = read_spreadsheet(spreadsheet(tmp_path / "mine.csv", "# mine\n,a,b\n\n0,1,5\n1,0,1\n"))
    assert (table.rows.tolist(), table.columns.tolist()) == ([4, 5], [2, 3])
    assert table.place(0, 1) == "row 4, column 3 is 5"
    np.save(tmp_path / "mine.npy", ROWS)
    assert read_array(tmp_path / "mine.npy", "patterns").place(2, 3) == "row 3, column 4 is -1"


# what is refused, in one sentence that names the file and the place

GREY = "0,128,255\n3,127,200\n"
REFUSED = {
    "empty": ("mine.csv", "", "mine.csv is empty; it must hold a table with one pattern per row"),
    "blank": ("mine.csv", " \n,,\n", "mine.csv is empty"),
    "a header alone": ("mine.csv", "a,b,c\n", "mine.csv holds a header but no row of numbers"),
    "sep alone": ("mine.csv", "sep=;\n", "mine.csv holds no row of numbers"),
    "a longer row": ("mine.csv", "1,0\n\n1,0,1\n", "mine.csv has 2 columns in row 1 but 3 in row 3; every row must"),
    "a shorter row": ("mine.csv", "a,b\n1,0\n1\n", "mine.csv has 2 columns in row 1 but 1 in row 3"),
    "a gap": ("mine.csv", "a,b,c\n1,0,1\n1,,1\n", "mine.csv: row 3, column 2 is empty"),
    "a gap in the first row": ("mine.csv", ",1,1\n1,-1,1\n", "mine.csv: row 1, column 1 is empty"),
    "a word": ("mine.csv", "0,1\n\n1,x\n", "mine.csv: row 3, column 2 is 'x', which is no number"),
    "a word in the first row": ("mine.csv", "1,x,1\n1,0,1\n", "mine.csv: row 1, column 2 is 'x', which is no number"),
    "a gap behind an index": ("mine.csv", ",a,b\n0,1,0\n1,1,\n", "mine.csv: row 3, column 3 is empty"),
    "NaN": ("mine.csv", "1,nan\n1,0\n", "mine.csv: row 1, column 2 is 'nan', which is no number"),
    "infinity": ("mine.csv", "1,0\n1,inf\n", "mine.csv: row 2, column 2 is 'inf', which is no number"),
    "an open quotation": ("mine.csv", '1,0\n"1,0\n', "mine.csv: a quotation mark in row 2 is not closed"),
    "both decimals": ("mine.csv", "0.5;0,5\n1;1\n", "mine.csv: row 1, column 2 is '0,5', which is no number"),
    "classes by name": ("mine.csv", "cat\ndog\n", "row 1, column 1 is 'cat', which is no number (names or n"),
    "classes by number": ("mine.csv", "7\n3\n7\n", "row 1, column 1 is 7; names or numbers of classes take one"),
    "grey values": ("mine.csv", GREY, "mine.csv holds numbers from 0 to 255; row 1, column 2 is 128, but"
                    " autoassociative takes +1 and -1, or 0 and 1: --threshold 127.5 would turn what is above into +1"),
    "unknown entries": ("mine.csv", "a,b\n1,-1\n1,0\n", "row 3, column 2 is 0, but autoassociative takes +1 and -1"),
    "a spreadsheet": ("mine.xlsx", "PK", "cannot read patterns from mine.xlsx: its name must end in .csv, .tsv"),
    "a spreadsheet under another name": ("mine.csv", b"PK\0\3", "mine.csv is no text; a spreadsheet saves its"),
    "a very long word": ("mine.csv", 200_000 * "x" + ",1\n1,0\n", "mine.csv: row 1 cannot be read: field larger than"),
    "text as .npy": ("mine.npy", "1,0\n0,1\n", "mine.npy is no file of numbers that NumPy wrote"),
    "an empty .npy": ("mine.npy", "", "mine.npy is no whole file of NumPy's"),
    "a cut .npz": ("mine.npz", b"PK\3\4", "mine.npz is no whole file of NumPy's"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_patterns_is_refused_with_its_place(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file, text, sentence = REFUSED[name]
    spreadsheet(tmp_path / file, text)
    result = biokv("run", "autoassociative", "--patterns", file)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert sentence in line
    assert [path.name for path in tmp_path.iterdir()] == [file], "nothing is written"


WORDS = [*"\t;,\n\n\r\"#ax -01.", "1", "0", "sep=", "True", "nan", "1e999", "\x85", "\0"]


@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_any_text_is_a_table_of_finite_numbers_or_refused_in_one_sentence(tmp_path_factory, words):
    path = spreadsheet(tmp_path_factory.getbasetemp() / "any.csv", "".join(words))
    try:
        table, said = read_spreadsheet(path), ""
    except ValueError as problem:
        table, said = None, str(problem)
    if table is None:
        assert "any.csv" in said
        assert "\n" not in said
    else:
        assert np.isfinite(table.numbers).all()
        assert table.numbers.shape == (len(table.rows), len(table.columns))
        assert table.numbers.size


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (np.zeros((2, 3, 3)), r"it has shape (2, 3, 3); .reshape(2, -1) makes one row of each"),
        (np.zeros(3), "mine.npy must hold a table with one pattern per row; it has shape (3,)"),
        (np.zeros((0, 3)), "it has shape (0, 3)"),
        (np.array([["a", "b"]]), "mine.npy must hold numbers; it holds str"),
        (np.array([[1j]]), "mine.npy must hold numbers; it holds complex"),
        (np.array([[1, {}]], object), "mine.npy is no file of numbers that NumPy wrote"),
        (np.array([[1, 1], [1, np.nan]]), "mine.npy: row 2, column 2 is nan; numbers are needed"),
    ],
)
def test_an_array_that_is_no_table_of_numbers_is_refused(array, sentence, tmp_path):
    np.save(tmp_path / "mine.npy", array)
    with pytest.raises(ValueError) as problem:  # noqa: PT011  (compared below, without escapes)
        load(tmp_path / "mine.npy")
    assert sentence in str(problem.value)


def test_a_complex_number_is_no_name_and_the_letter_j_is(tmp_path):
    with pytest.raises(ValueError, match="which is no number"):
        load(spreadsheet(tmp_path / "mine.csv", "1+2j,0,1,1\n"))
    assert load(spreadsheet(tmp_path / "mine.csv", "I,0,1,1\nJ,1,0,0\n"))[0] == [[-1, 1, 1], [1, -1, -1]]


@pytest.mark.parametrize("how", [{}, {"fmt": "%d"}, {"fmt": "%6.1f"}, {"header": "made by hand"}, {"delimiter": ";"}])
def test_what_numpy_saves_as_text_is_read(how, tmp_path):
    np.savetxt(tmp_path / "p.csv", ROWS, **how)  # spaces are what it puts between numbers
    assert load(tmp_path / "p.csv")[0] == ROWS


def test_spaces_within_words_separate_nothing(tmp_path):
    with pytest.raises(ValueError, match="row 1, column 1 is '1 dog'"):
        load(spreadsheet(tmp_path / "p.csv", "1 dog\n1 cat\n"))


def test_a_file_that_was_cut_in_its_header_is_named(tmp_path):
    path = spreadsheet(tmp_path / "p.npy", b"\x93NUMPY\x01\x00")
    with pytest.raises(ValueError, match=r"p\.npy is no whole file of NumPy's"):
        load(path)

"""Pictures come last and are ours: a broken one costs no table, and no setting of matplotlib changes one."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from command_line import biokv

pytestmark = pytest.mark.pictures


@pytest.mark.parametrize(
    ("words", "printed", "tables"),
    [
        (("run", "autoassociative", "--n-pairs", 2, "--trials", 2), "sequential", ["results.csv"]),
        (("compare", "autoassociative", "--n-pairs", 2, "--trials", 2, "--engine", "numpy"), "gap",
         ["results.csv", "comparison.csv"]),
        (("figure", "5a", "--trials", 2, "--memory", "bam"), "largest difference", ["results.csv", "figure.csv"]),
    ],
)  # fmt: skip
def test_numbers_come_before_the_picture(words, printed, tables, tmp_path, monkeypatch):
    def broken(*args, **options):
        raise RuntimeError("no picture today")

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", broken)
    done = biokv(*words, "--out", tmp_path / "out")
    assert done.exit_code != 0
    assert printed in done.output
    for table in tables:
        assert len(pd.read_csv(tmp_path / "out" / table))
    assert json.loads((tmp_path / "out" / "run.json").read_text())["state"] == "finished"


RUN = ("run", "autoassociative", "--n-pairs", "2", "--trials", "2", "--format", "png,pdf,svg", "--out")


def test_no_setting_of_matplotlib_breaks_a_command_or_changes_its_picture(tmp_path):
    assert biokv(*RUN, tmp_path / "plain").exit_code == 0
    (tmp_path / "odd").mkdir()
    theirs = "text.usetex: True\nfont.size: 31\naxes.facecolor: red\npdf.fonttype: 3\nsvg.hashsalt: mine\n"
    (tmp_path / "odd" / "matplotlibrc").write_text(theirs)
    for name, backend in (("inline", "module://matplotlib_inline.backend_inline"), ("rubbish", "rubbish")):
        done = subprocess.run([sys.executable, "-m", "bioKV", *RUN, tmp_path / name], cwd=tmp_path / "odd",
                              env=os.environ | {"MPLBACKEND": backend}, capture_output=True, text=True)  # fmt: skip
        assert done.returncode == 0, done.stderr
        for kind in ("png", "pdf", "svg"):
            picture, plain = (tmp_path / folder / f"accuracy.{kind}" for folder in (name, "plain"))
            assert picture.read_bytes() == plain.read_bytes()


def test_a_session_keeps_its_own_settings_of_matplotlib(tmp_path):
    with matplotlib.rc_context({"font.size": 31}):
        assert biokv(*RUN, tmp_path / "out").exit_code == 0
        assert matplotlib.rcParams["font.size"] == 31
        assert plt.get_backend().lower() == "agg"

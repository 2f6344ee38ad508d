"""docs/numbers.md names every column, quantity and field of what is written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from command_line import biokv
from conftest import ROOT

from bioKV.analysis.activity import POPULATIONS
from bioKV.analysis.evoked import PHASES

NAMED = set(re.findall(r"`([\w.]+)`", (ROOT / "docs" / "numbers.md").read_text()))
COMMANDS = {
    "compare": ["compare", "autoassociative", "--n-pairs", "1,2", "--key-dim", "4", "--trials", "2",
                "--engine", "numpy", "--record", "hidden", "--record-trials", "0"],
    "run": ["run", "graded", "--n-pairs", "2", "--key-dim", "6", "--trials", "2"],
    "capacities": ["figure", "2b", "--trials", "2", "--memory", "rate"],
    "curves": ["figure", "2a", "--trials", "2", "--memory", "rate"],
}  # fmt: skip


def general(name: str) -> str:
    """A quantity of a population and a phase as the page writes it."""
    for population in POPULATIONS:
        for phase in PHASES:
            name = name.replace(f"_{population}_{phase}", "_POPULATION_PHASE")
    return name


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_written_is_on_the_page(command, tmp_path):
    done = biokv(*COMMANDS[command], "--workers", "1", "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    for path in (tmp_path / "out").glob("*.csv"):
        table = pd.read_csv(path)
        names = {*table.columns, *map(general, table.get("quantity", []))}
        assert names - NAMED == set(), path.name
    record = json.loads(Path(tmp_path / "out" / "run.json").read_text())
    assert {*record} - NAMED == set()

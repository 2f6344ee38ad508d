"""What docs/numbers.md does not name of what a command wrote."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
from conftest import ROOT

from bioKV.analysis.activity import POPULATIONS
from bioKV.analysis.evoked import PHASES

NAMED = set(re.findall(r"`([\w.]+)`", (ROOT / "docs" / "numbers.md").read_text()))


def missing(folder: Path) -> set[str]:
    """Columns and quantities of a run's tables, and fields of its record, that are not on the page."""
    names = {*json.loads((folder / "run.json").read_text())}
    for path in folder.glob("*.csv"):
        table = pd.read_csv(path)
        names |= {*table.columns, *map(_general, table.get("quantity", []))}
    return names - NAMED


def _general(name: str) -> str:
    """A quantity of a population and a phase as the page writes it."""
    for population in POPULATIONS:
        for phase in PHASES:
            name = name.replace(f"_{population}_{phase}", "_POPULATION_PHASE")
    return name

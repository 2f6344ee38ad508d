"""What an earlier command left in a folder: removed with --force, so that nothing old lies beside new results."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path

from ..analysis.style import DPI

PICTURES = ("accuracy", "accuracy-*=*", "raster", "psth", "task", "traces", "weights", "shares", "activity",
            "figure-*")
FOLDERS = ("parts", "recordings")
TABLES = ("results.csv", "results.parquet", "study.toml", "spikes.*", "comparison.csv", "figure.csv", "agreement.csv",
          "slopes.csv", "raster.txt", "report.html")  # fmt: skip


def remove_earlier(folder: Path) -> None:
    """Remove the tables, parts, recordings, pictures and kept inputs of an earlier study, raster, look or figure, and
    its run.json.

    What was trained (rules, controllers) stays, and so does every file that is not known to be ours.
    Raises ValueError if one cannot be removed.
    """
    record = folder / "run.json"
    if not record.exists() and not (folder / "results.csv").exists():
        return
    names = [*TABLES, *(f"{name}.{kind}" for name in PICTURES for kind in DPI)]
    found = [path for name in names for path in folder.glob(name)]
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):  # some other, or half a, record
        said = json.loads(record.read_text())
        parts = [said, *said.get("later_parts", [])]
        inputs = [folder / one["kept"] for part in parts for one in part["inputs"].values()]
        found += [path for path in inputs if path.resolve().is_relative_to((folder / "inputs").resolve())]
    try:
        for path in [*found, record]:
            path.unlink(missing_ok=True)
        for name in FOLDERS:
            if (folder / name).is_dir():
                shutil.rmtree(folder / name)
        for one in sorted({path.parent for path in found} - {folder}, reverse=True):
            if one.is_dir() and not any(one.iterdir()):
                one.rmdir()
        if (folder / "inputs").is_dir() and not any((folder / "inputs").iterdir()):
            (folder / "inputs").rmdir()
    except OSError as problem:
        raise ValueError(f"cannot remove what an earlier run left in {folder}: {problem.strerror}") from None

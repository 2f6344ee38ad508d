"""The kept spikes of a run as one file of a format of others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..export import npz
from ..export.csv import write_csv
from ..export.nix import write_nix
from ..export.nwb import write_nwb
from ..export.trials import Trial, side_by_side
from ..importing import require
from .recordings import FOLDER, has_recordings, read_recordings

FORMATS = {"nwb": ("pynwb", "nwb"), "nix": ("nixio", "neo"), "npz": None, "csv": None}  # format: package, extra


def export_run(folder: Path, to: str, out: Path | None, *, force: bool) -> Path:
    """Write all recordings of a run into one file, and return its path. out : None, RUN/spikes.FORMAT.

    Raises ValueError if the format is unknown or needs what is not installed, if there is no run or it has kept no
    spikes, or if the file is there already (without force) or cannot be written.
    """
    if to not in FORMATS:
        raise ValueError(f"--to takes {', '.join(FORMATS)}; got {to!r}")
    if (needs := FORMATS[to]) is not None:
        require(*needs, what=f"--to {to}")
    record = _record(folder)
    path = folder / f"spikes.{to}" if out is None else out
    if path.is_dir():
        raise ValueError(f"--out names a file; {path} is a folder")
    if path.exists() and not force:
        raise ValueError(f"{path} is there already; another --out or --force (replace) would do")
    _check_kept(folder, record)
    trials = read_recordings(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    if to == "nwb":
        write_nwb(trials, path, record)
    elif to == "nix":
        write_nix(trials, path, record)
    elif to == "csv":
        write_csv(trials, path)
    else:
        _write_npz(trials, path, record)
    return path


def _record(folder: Path) -> dict[str, Any]:
    try:
        record = json.loads((folder / "run.json").read_text())
    except FileNotFoundError:
        raise ValueError(f"there is no run in {folder}: it holds no run.json") from None
    except (OSError, ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise ValueError(f"{folder / 'run.json'} is damaged, so that nothing says where the spikes come from")
    return record


def _check_kept(folder: Path, record: dict[str, Any]) -> None:
    """Raise ValueError, with what would do, for a run that keeps spikes and has none yet, or whose memories have none.
    Of others `read_recordings` says it."""
    plan = record.get("plan")
    if has_recordings(folder) or not isinstance(plan, dict) or not isinstance(plan.get("memories"), list):
        return
    if plan.get("record"):
        raise ValueError(f"the run in {folder} has kept no spikes yet, as none of their trials was finished; its"
                         " --resume goes on")  # fmt: skip
    if "spiking" not in plan["memories"]:
        said = ", ".join(map(str, plan["memories"]))
        raise ValueError(f"the run in {folder} has no spikes, since its memories are {said}; run it again with"
                         " --memory spiking --record hidden,output")  # fmt: skip


def _write_npz(trials: list[Trial], path: Path, record: dict[str, Any]) -> None:
    try:
        response, episode = side_by_side(trials)
    except ValueError as problem:
        raise ValueError(f"{problem}; --to nwb, nix or csv would do, and every trial has a .npz of its own in"
                         f" {FOLDER}/ of the run") from None  # fmt: skip
    each = [{"trial": trial.number, "third_factor": trial.third_factor, "options": dict(trial.options)}
            for trial in trials]  # fmt: skip
    npz(response, path, episode, about={"trials": each, "run": record})

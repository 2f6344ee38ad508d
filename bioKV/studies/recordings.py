"""Recorded trials of a run: recordings/, a file each, beside its results.

A run that keeps any spikes has its networks record RECORDED, whatever is asked for: what is recorded is compiled into a
network's program, so asking for another population later compiles nothing. Only what was asked for is kept. Against
hidden spikes alone that costs a fifth to a half more processor time, and 1.2 MB per trial while its batch runs (d = N =
m = 40, 40 presentations, compiled; benchmarks/export_formats.py); compiling once more takes some twenty seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from .. import export
from ..episode import Episode
from ..export.trials import Trial, one_trial, single
from ..response import SpikingResponse

FOLDER = "recordings"
RECORDED = ("input", "feedforward", "hidden", "interneuron", "output", "dendrite")
ABOUT = ("memory", "third_factor", "engine", "trial", "options")


def recorded(record: Sequence[str]) -> tuple[str, ...]:
    """What networks are to record where `record` is asked for: the fixed set, and populations of one's own."""
    return tuple(dict.fromkeys((*RECORDED, *record))) if record else ()


def kept(response: SpikingResponse, episode: Episode, index: int, record: Sequence[str]
         ) -> tuple[SpikingResponse, Episode]:  # fmt: skip
    """One trial of an answered batch, as write_recording takes it, with the spikes of these populations only."""
    one = one_trial(response, index)
    return replace(one, spikes={name: one.spikes[name] for name in record}), single(episode.flat(), index)


def path_of(folder: Path, digest: str, trial: int) -> Path:
    """The file of one trial in the folder of a run. digest : of its cell."""
    return folder / FOLDER / f"{digest}-{trial}.npz"


def write_recording(
    folder: Path,
    digest: str,
    trial: int,
    response: SpikingResponse,
    episode: Episode,
    about: Mapping[str, Any],
    weights: tuple[np.ndarray, np.ndarray] | None = None,
) -> None:
    """Keep one trial in the folder of a run, all at once; one that is there is replaced.

    response, episode : of this trial alone, as `kept` gives them. about : memory, third_factor, engine, trial and
    options (name -> value, of those that vary); plateau_ms too where a plateau does not last 50 ms.
    weights : K (N, d) and V (m, N) at its end. Raises ValueError if it cannot be written.
    """
    path = path_of(folder, digest, trial)
    path.parent.mkdir(exist_ok=True)
    export.npz(response, path, episode, weights=weights, about=about)


def has_recordings(folder: Path) -> bool:
    """Whether a run has kept the spikes of any trial.

    Parameters
    ----------
    folder : pathlib.Path
        Of the run.

    Returns
    -------
    bool
    """
    return bool(_files(folder))


def _files(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob("[!.]*.npz"))


def read_recordings(folder: Path) -> list[Trial]:
    """All kept trials of a run, by third factor, options and number.

    Parameters
    ----------
    folder : pathlib.Path
        Of the run.

    Returns
    -------
    list of Trial

    Raises
    ------
    ValueError
        If there are none, or one is damaged.
    """
    paths = _files(folder)
    if not paths:
        raise ValueError(f"the run in {folder} has kept no spikes; run it again with --record hidden,output")
    return sorted((_trial(path) for path in paths), key=_order)


def _trial(path: Path) -> Trial:
    saved = export.load(path)
    about = saved.about or {}
    if not set(ABOUT) <= set(about) or not isinstance(about["options"], dict):
        raise ValueError(f"{path} is no recording of a run; it does not say of which trial it is")
    return Trial(int(about["trial"]), saved.response, saved.episode, str(about["third_factor"]), about["options"],
                 saved.weights, float(about.get("plateau_ms", 50.0)))  # fmt: skip


def _order(trial: Trial) -> tuple:
    def key(value: Any) -> tuple:
        return (0, value, "") if isinstance(value, int | float) else (1, 0, str(value))

    return trial.third_factor, [(name, key(value)) for name, value in trial.options.items()], trial.number

"""The state of a training on the disk: what it takes to go on with it exactly."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..whole_file import replacing

FORMAT = "bioKV training 2"


class Checkpoint(NamedTuple):
    """Where a training is after some steps; every array is a NumPy one.

    Parameters
    ----------
    parameters : dict of array
        Those that are trained, by name.
    moments : list of array
        Those of the optimiser, in its order.
    K, V : array, (B, N, d) and (B, m, N)
        Weights carried over from sequence to sequence.
    length : int
        Presentations that a sequence is padded to.
    changing : int
        How many of them may write or hear an answer.
    history : array, (steps, columns)
        One row per step.
    """

    parameters: dict[str, np.ndarray]
    moments: list[np.ndarray]
    K: np.ndarray
    V: np.ndarray
    length: int
    changing: int
    history: np.ndarray


def save_checkpoint(path: str | Path, checkpoint: Checkpoint, settings: dict[str, Any]) -> None:
    """Write a checkpoint as .npz, under just this name and all at once: a cut never leaves half a file.

    Parameters
    ----------
    path : str or Path
        File to write.
    checkpoint : Checkpoint
        Where the training is.
    settings : dict
        Of the training, as JSON can hold them.

    Raises
    ------
    ValueError
        If it cannot be written.
    """
    path = Path(path)
    arrays: dict[str, Any] = {
        "format": np.array(FORMAT),
        "settings": np.array(json.dumps(settings)),
        "K": checkpoint.K, "V": checkpoint.V,
        "length": np.array(checkpoint.length),
        "changing": np.array(checkpoint.changing),
        "history": checkpoint.history,
        **{f"parameter.{name}": value for name, value in checkpoint.parameters.items()},
        **{f"moment.{i}": value for i, value in enumerate(checkpoint.moments)},
    }  # fmt: skip
    with replacing(path) as new, open(new, "wb") as file:
        np.savez(file, **arrays)


def load_checkpoint(path: str | Path, settings: dict[str, Any]) -> Checkpoint:
    """Read a checkpoint.

    Parameters
    ----------
    path : str or Path
        File to read.
    settings : dict
        Of the training that is to go on from it.

    Returns
    -------
    Checkpoint

    Raises
    ------
    ValueError
        If it is no checkpoint, or one of a training with other settings (naming one).
    """
    try:
        with np.load(path, allow_pickle=False) as saved:
            arrays = dict(saved)
        if str(arrays["format"]) != FORMAT:
            raise KeyError
        theirs = json.loads(str(arrays["settings"]))
        moments = [arrays[f"moment.{i}"] for i in range(sum(name.startswith("moment.") for name in arrays))]
        parameters = {n.partition(".")[2]: a for n, a in arrays.items() if n.startswith("parameter.")}
        found = Checkpoint(
            parameters, moments, arrays["K"], arrays["V"], int(arrays["length"]), int(arrays["changing"]),
            arrays["history"],
        )  # fmt: skip
    except (ValueError, TypeError, KeyError, EOFError, OSError, zipfile.BadZipFile):
        raise ValueError(f"{path} is no checkpoint of a training by this bioKV; remove it to start anew") from None
    for name, mine in json.loads(json.dumps(settings)).items():
        if theirs.get(name) != mine:
            raise ValueError(f"the checkpoint {path} is of a training with {name} {theirs.get(name)!r}, this one has"
                             f" {mine!r}; go on with the same, or remove it to start anew")  # fmt: skip
    return found

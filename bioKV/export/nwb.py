"""Spikes as an NWB file (Neurodata Without Borders), written by pynwb."""

from __future__ import annotations

import json
import uuid
import warnings
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from ..analysis.measures.accuracy import accuracy
from ..episode import Episode
from ..importing import require
from ..response import SpikingResponse
from ..whole_file import replacing
from .nwb_tables import intervals, table, units
from .presentations import patterns_of, presentations_of
from .provenance import CITATION, DOI, provenance_of
from .trials import Trial, plateaus_of, trials_of

GAP_S = 1.0  # between trials, which are laid one after another in time


def nwb(response: SpikingResponse, path: str | Path, episode: Episode | None = None, *, third_factor: str = "",
        options: Mapping[str, Any] | None = None, weights: tuple[np.ndarray, np.ndarray] | None = None,
        record: Mapping[str, Any] | None = None, plateau_ms: float = 50.0) -> None:  # fmt: skip
    """Write the recorded spikes of all trials as an NWB file: one trial after another, with a second between.

    Times are in seconds. `units` holds a unit for every neuron that was recorded, silent ones too, and one for every
    dendrite, as population "dendrite".

    Parameters
    ----------
    response : SpikingResponse
        What a spiking memory answered, with recorded spikes.
    path : str or Path
        The file.
    episode : Episode or None
        What was answered; with it trials have an accuracy, and presentations gate, source, subset, key and value.
    third_factor : str
        Its name, for the trials.
    options : dict or None
        Name, and a value or a list with one for each trial; each is a column of `trials`.
    weights : tuple of np.ndarray or None
        K (..., N, d) and V (..., m, N) in rate units, as `memory.weights(response.state)` gives them.
    record : dict or None
        Of the run, as run.json has it; it becomes the notes.
    plateau_ms : float (ms)
        How long a plateau lasts.

    Raises
    ------
    ValueError
        If pynwb is not installed, for what `trials_of` refuses, or if the file cannot be written.
    """
    trials = trials_of("an NWB file", response, episode, third_factor=third_factor, options=options, weights=weights,
                       plateau_ms=plateau_ms)  # fmt: skip
    write_nwb(trials, path, record)


def write_nwb(trials: Sequence[Trial], path: str | Path, record: Mapping[str, Any] | None) -> None:
    """Write single trials as an NWB file.

    Where networks differ in size, neurons that one does not have are silent in it.

    Parameters
    ----------
    trials : sequence of Trial
        The trials.
    path : str or Path
        The file.
    record : dict or None
        Of the run, as run.json has it.

    Raises
    ------
    ValueError
        If pynwb is not installed, or the file cannot be written.
    """
    pynwb = require("pynwb", "nwb", "an NWB file")
    begin = np.cumsum([0.0] + [trial.stop_ms / 1e3 + GAP_S for trial in trials])[:-1]
    nobody = "no animal: a simulated network, as if each trial were another one"
    subject = pynwb.file.Subject(subject_id="simulation", description=nobody, sex="U", age="P0D")
    file = pynwb.NWBFile(**_about(trials, record), subject=subject)
    _add_trials(file, trials, begin)
    file.add_time_intervals(_presentations(trials, begin))
    file.add_time_intervals(_plateaus(trials, begin))
    file.units = units(trials, begin)
    for trial, start in zip(trials, begin, strict=True):
        for series in _traces(pynwb, trial, start, several=len(trials) > 1):
            file.add_acquisition(series)
    if any(trial.weights is not None for trial in trials):
        module = file.create_processing_module("misc", "weights at the end of the trials, in rate units")
        for one in _weights(trials):
            module.add(one)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The file path provided")  # of another ending, which the user chose
        with replacing(path) as new, pynwb.NWBHDF5IO(str(new), "w") as io:
            io.write(file)


def _about(trials: Sequence[Trial], record: Mapping[str, Any] | None) -> dict[str, Any]:
    come = provenance_of(record, " ".join(dict.fromkeys(trial.response.engine for trial in trials)))
    made_by = [[package, number] for package, number in come.versions.items() if number != "not installed"]
    about: dict[str, Any] = {
        "session_description": f"{len(trials)} simulated trials of a spiking key-value memory, one after another",
        "identifier": str(uuid.uuid4()),
        "session_start_time": datetime.now(UTC),
        "experiment_description": f"Simulation with bioKV, engine {come.engine}, of the model of: {CITATION}",
        "was_generated_by": made_by,
        "related_publications": (DOI,),
    }
    if record is not None:
        about["notes"] = json.dumps(dict(record), indent=2, default=str)
    if come.command:
        about |= {"source_script": come.command, "source_script_file_name": "biokv"}
    return about


def _add_trials(file: Any, trials: Sequence[Trial], begin: np.ndarray) -> None:
    columns: dict[str, tuple[str, list[Any]]] = {
        "trial": ("number of the trial in its study, from 0", [trial.number for trial in trials]),
        "third_factor": ("which dendrites have a plateau when", [trial.third_factor for trial in trials]),
        "accuracy": ("share of value entries recalled with the right sign, nan where nothing is asked",
                     [_accuracy(trial) for trial in trials]),
    }  # fmt: skip
    for name in dict.fromkeys(name for trial in trials for name in trial.options):
        values = [trial.options.get(name) for trial in trials]
        numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
        columns[name] = "an option that varied between trials", values if numbers else [str(one) for one in values]
    stop = begin + [trial.stop_ms / 1e3 for trial in trials]
    file.trials = intervals("trials", "simulated trials", begin, stop, columns)


def _accuracy(trial: Trial) -> float:
    if trial.episode is None or not trial.episode.is_recall.any():
        return float("nan")
    return float(accuracy(trial.response, trial.episode))


def _presentations(trials: Sequence[Trial], begin: np.ndarray) -> Any:
    each = [presentations_of(trial) for trial in trials]
    start, stop = (
        np.concatenate([first + of[f"{end}_ms"] / 1e3 for first, of in zip(begin, each, strict=True)])
        for end in ("start", "stop")
    )
    said = {
        "step": "number of the presentation in its trial, from 0",
        "phase": "store, recall or other",
        "gate": "the global third factor q; above 0: stored",
        "source": "the step at which the pair that is asked for was stored, -1 where nothing is asked",
        "subset": "to which group of recalls it belongs",
    }
    columns = _of_trials(trials, [len(of["step"]) for of in each])
    known = [name for name in said if all(name in of for of in each)]
    columns |= {name: (said[name], np.concatenate([of[name] for of in each])) for name in known}
    patterns = [patterns_of(trial) for trial in trials]
    vectors = {
        "key": "what was shown as key, an entry a column; 0: unknown",
        "value": "the value that was clamped, or the right answer of a recall",
        "answer": "the value that the memory answered",
    }
    known = [name for name in vectors if all(name in of for of in patterns)]
    columns |= {name: (vectors[name], _side_by_side([of[name] for of in patterns])) for name in known}
    return intervals("presentations", "presentations of keys, values and queries", start, stop, columns)


def _of_trials(trials: Sequence[Trial], lengths: list[int]) -> dict[str, tuple[str, Any]]:
    """Columns that name the trial of a row, for so many rows of each trial."""
    numbers = [trial.number for trial in trials]
    return {
        "trial": ("number of the trial in its study, from 0", np.repeat(numbers, lengths)),
        "trial_id": ("id of the trial in `trials`; where options vary, several trials have one number",
                     np.repeat(np.arange(len(trials)), lengths)),
    }  # fmt: skip


def _side_by_side(patterns: list[np.ndarray]) -> np.ndarray:
    """The rows of all arrays; shorter ones end in nan."""
    widest = max(array.shape[1] for array in patterns)
    return np.concatenate([
        np.pad(array, ((0, 0), (0, widest - array.shape[1])), constant_values=np.nan) for array in patterns
    ])  # fmt: skip


def _plateaus(trials: Sequence[Trial], begin: np.ndarray) -> Any:
    found = [plateaus_of(trial) for trial in trials]
    start, stop = (
        np.concatenate([first + getattr(of, f"{end}_ms") / 1e3 for first, of in zip(begin, found, strict=True)])
        for end in ("start", "stop")
    )
    columns = _of_trials(trials, [len(of.slot) for of in found]) | {
        "step": ("the presentation in which it began", np.concatenate([of.step for of in found])),
        "slot": ("the slot whose dendrite it is in", np.concatenate([of.slot for of in found])),
    }
    exact = all("dendrite" in trial.response.spikes for trial in trials)
    when = "from the dendritic spike on" if exact else "given as the presentations that they were in"
    return intervals("plateaus", f"plateau potentials of dendrites, {when}", start, stop, columns)


def _traces(pynwb: Any, trial: Trial, start: float, several: bool) -> list[Any]:
    series = []
    for population, trace in trial.response.traces.items():
        step_s = (trace.t_ms[-1] - trace.t_ms[0]) / max(len(trace.t_ms) - 1, 1) / 1e3
        for variable, values in trace.values.items():
            name = f"{population}_{variable}" + (f"_trial_{trial.number}" if several else "")
            series.append(pynwb.TimeSeries(
                name=name, data=values, unit="1", rate=1 / step_s, starting_time=start + trace.t_ms[0] / 1e3,
                description=f"{variable} of every neuron of {population} in trial {trial.number}; axes: time, neuron",
            ))  # fmt: skip
    return series


def _weights(trials: Sequence[Trial]) -> list[Any]:
    tables = []
    for which, name, row, column in ((0, "K", "slot", "key_entry"), (1, "V", "value_entry", "slot")):
        matrices = [trial.weights[which] for trial in trials if trial.weights is not None]
        lengths = [0 if trial.weights is None else len(trial.weights[which]) for trial in trials]
        rows = np.concatenate([np.arange(len(matrix)) for matrix in matrices])
        columns = _of_trials(trials, lengths) | {
            row: (f"the {row.replace('_', ' ')} of this row", rows),
            f"weight_by_{column}": (f"axes: {row}, {column}", _side_by_side(matrices)),
        }
        tables.append(table(f"weights_{name}", f"weights {name}, a {row.replace('_', ' ')} a row", columns))
    return tables

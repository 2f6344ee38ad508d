"""Recording: what either engine brings back from a run, as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ..checks import shown
from .blueprint import Blueprint

DENDRITE = "hidden", "dendritic_spike"  # the population and the event of what is recorded as "dendrite"
MOST_TRACED = 1e9  # bytes


def check_recorded(network: Blueprint, record: tuple[str, ...]) -> None:
    """Refuse to record what is no population of the network, nor "dendrite".

    Parameters
    ----------
    network : Blueprint
        The network.
    record : tuple of str
        What is to be recorded.

    Raises
    ------
    ValueError
        Naming the first that is not there.
    """
    spiking = [name for name, of in network.neurons.items() if "spike" in of.all_of("events")]
    for name in record:
        if name not in (*spiking, "dendrite"):
            raise ValueError(f"record takes {', '.join(spiking)}, dendrite; got {shown(name)}")


def check_traces(network: Blueprint, traces: tuple[str, ...], n_trials: int, n_windows: int) -> None:
    """Refuse traces of what has none, of several trials, or that do not fit into memory.

    Parameters
    ----------
    network : Blueprint
        The network.
    traces : tuple of str
        Populations whose traces are to be kept.
    n_trials, n_windows : int
        Trials, and presentations of each.

    Raises
    ------
    ValueError
        If a population has no traces, there is more than one trial, or they take more than 1 GB.
    """
    traced = {name: of.names("traces") for name, of in network.neurons.items() if of.names("traces")}
    for name in traces:
        if name not in traced:
            raise ValueError(f"traces takes {', '.join(traced)}; got {shown(name)}")
    if traces and n_trials != 1:
        raise ValueError(f"traces are kept of one trial; the episode has {n_trials}")
    n_samples = round(n_windows * network.window / network.dt)
    n_bytes = 8 * n_samples * sum(network.neurons[name].size * len(traced[name]) for name in traces)
    if n_bytes > MOST_TRACED:
        raise ValueError(
            f"traces of {', '.join(traces)} would take {n_bytes / 1e9:.1f} GB, and at most {MOST_TRACED / 1e9:.0f} GB"
            " are kept; a shorter episode or fewer populations would do"
        )


def check_finite(network: Blueprint, recording: Recording) -> None:
    """Refuse variables that are not finite numbers at the end of a presentation.

    Parameters
    ----------
    network : Blueprint
        The network.
    recording : Recording
        What a run brought back.

    Raises
    ------
    RuntimeError
        Naming the part.
    """
    for name, values in {**recording.state, **recording.readings}.items():
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            owner, variable = name.split(".")
            part = network.owner(owner).part_of(variable)
            first = np.argwhere(~np.isfinite(values))[0]
            when = f"presentation {first[1]}" if name in recording.readings else "the last presentation"
            raise RuntimeError(f"{name} is {values[tuple(first)]} after {when} of trial {first[0]}; it is of the part"
                               f" {part!r} of {owner}, whose equations and numbers would have to change")  # fmt: skip


def compact(name: str, reading: np.ndarray) -> np.ndarray:
    """A copy of a reading that takes a quarter of the room if it is a count; no number changes.

    A reading whose variable is called ``n_...`` comes as 16-bit integers, or 32-bit ones if 16 do not hold it. A count
    that is no whole number stays as it is.

    Parameters
    ----------
    name : str
        "population.variable".
    reading : np.ndarray
        Its numbers.

    Returns
    -------
    np.ndarray
        The same numbers, of the same shape.
    """
    if not name.partition(".")[2].startswith("n_"):
        return reading.copy()
    smallest, largest = reading.min(initial=0), reading.max(initial=0)
    for kind in (np.int16, np.int32):
        limits = np.iinfo(kind)
        if limits.min <= smallest and largest <= limits.max:  # never true of nan
            whole = reading.astype(kind)
            return whole if np.array_equal(whole, reading) else reading.copy()
    return reading.copy()


class Recording(NamedTuple):
    """What a run of B trials of T presentations brings back.

    Parameters
    ----------
    readings : dict of str to np.ndarray, shape (B, T, n)
        All that the parts of the network read, such as "hidden.n_votes"; counts are whole numbers.
    state : dict of str to np.ndarray, shape (B, n)
        All that presentations hand on, such as "key.w", after the last one.
    spikes : dict of str to tuple of np.ndarray, shape (S,)
        Of each population that was recorded the times (s), the neurons and the trials of its spikes.
    traces : dict of str to tuple
        Of each population that was asked for the times (S,) in seconds and a dictionary from variables to arrays (S,
        n); only of one trial, and in no file.
    """

    readings: dict[str, np.ndarray]
    state: dict[str, np.ndarray]
    spikes: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]
    traces: dict[str, tuple[np.ndarray, dict[str, np.ndarray]]] = {}  # noqa: RUF012  (never written to)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """All of it but for traces as one flat dictionary, for a file.

        Returns
        -------
        dict of str to np.ndarray
            The arrays by path.
        """
        flat = {f"readings/{k}": v for k, v in self.readings.items()} | {f"state/{k}": v for k, v in self.state.items()}
        for population, columns in self.spikes.items():
            flat |= {f"spikes/{population}/{i}": column for i, column in enumerate(columns)}
        return flat

    @staticmethod
    def from_arrays(flat: Mapping[str, np.ndarray]) -> Recording:
        """The inverse of `to_arrays`.

        Parameters
        ----------
        flat : dict of str to np.ndarray
            What `to_arrays` returned.

        Returns
        -------
        Recording
            The recording.
        """
        spikes = sorted({name.split("/")[1] for name in flat if name.startswith("spikes/")})
        return Recording(
            {name[9:]: flat[name] for name in flat if name.startswith("readings/")},
            {name[6:]: flat[name] for name in flat if name.startswith("state/")},
            {p: (flat[f"spikes/{p}/0"], flat[f"spikes/{p}/1"], flat[f"spikes/{p}/2"]) for p in spikes},
        )


class Joined:
    """The recordings of some trials each, put together as they come, in any order: no trial is held twice.

    Parameters
    ----------
    n_trials : int
        Trials of all of them.
    """

    def __init__(self, n_trials: int):
        self.n_trials = n_trials
        self._rows: dict[str, dict[str, np.ndarray]] = {"readings": {}, "state": {}}
        self._spikes: dict[int, dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]] = {}
        self._traces: dict[str, tuple[np.ndarray, dict[str, np.ndarray]]] = {}

    def put(self, first: int, recording: Recording) -> None:
        """Take a recording of some trials.

        Parameters
        ----------
        first : int
            Number of its first trial.
        recording : Recording
            Trials from `first` on.
        """
        for field, rows in self._rows.items():
            for name, part in getattr(recording, field).items():
                whole = rows.get(name)
                if whole is None:
                    rows[name] = whole = np.empty((self.n_trials, *part.shape[1:]), part.dtype)
                elif not np.can_cast(part.dtype, whole.dtype):  # these counts need more room
                    rows[name] = whole = whole.astype(np.promote_types(part.dtype, whole.dtype))
                whole[first : first + len(part)] = part
        self._spikes[first] = recording.spikes
        if first == 0:
            self._traces = recording.traces

    def recording(self) -> Recording:
        """All of them, trials numbered on; to be called once, since it hands over what was put together.

        Returns
        -------
        Recording
            All trials.
        """
        batches = sorted(self._spikes.items())
        spikes = {}
        for name in list(batches[0][1]):
            parts = [of.pop(name) for _, of in batches]
            t, neuron = (np.concatenate([part[column] for part in parts]) for column in range(2))
            trial = np.concatenate([part[2] + np.int32(first) for (first, _), part in zip(batches, parts, strict=True)])
            spikes[name] = (t, neuron, trial)
        return Recording(self._rows["readings"], self._rows["state"], spikes, self._traces)

"""Recording: what either engine brings back from a run, as plain arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..checks import shown
from .blueprint import Blueprint

DENDRITE = "hidden", "dendritic_spike"  # the population and the event of what is recorded as "dendrite"
MOST_TRACED = 1e9  # bytes


def check_recorded(network: Blueprint, record: tuple[str, ...]) -> None:
    """Raise ValueError unless these are populations of the network, or "dendrite"."""
    spiking = [name for name, of in network.neurons.items() if "spike" in of.all_of("events")]
    for name in record:
        if name not in (*spiking, "dendrite"):
            raise ValueError(f"record takes {', '.join(spiking)}, dendrite; got {shown(name)}")


def check_traces(network: Blueprint, traces: tuple[str, ...], n_trials: int, n_windows: int) -> None:
    """Raise ValueError unless these are populations with traces, of one trial, and their traces fit into memory."""
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
    """Raise RuntimeError, naming the part, if a variable is not a finite number at the end of a presentation."""
    for name, values in {**recording.state, **recording.readings}.items():
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            owner, variable = name.split(".")
            part = network.owner(owner).part_of(variable)
            first = np.argwhere(~np.isfinite(values))[0]
            when = f"presentation {first[1]}" if name in recording.readings else "the last presentation"
            raise RuntimeError(f"{name} is {values[tuple(first)]} after {when} of trial {first[0]}; it is of the part"
                               f" {part!r} of {owner}, whose equations and numbers would have to change")  # fmt: skip


def compact(name: str, reading: np.ndarray) -> np.ndarray:
    """A copy of a reading: if it is called n_..., a count, as 16-bit integers, or 32-bit ones if 16 do not hold it.

    It takes a quarter of the room, and no number changes: a count that is no whole number stays as it is.
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
    """B trials of T presentations.

    readings : "hidden.n_votes" -> (B, T, n), for all that the parts of the network read; counts are whole numbers.
    state : "key.w" -> (B, n), for all that presentations hand on, after the last one.
    spikes : population -> (t in s (S,), neuron (S,), trial (S,)), where recorded.
    traces : population -> (t in s (S,), variable -> (S, n)), where asked for; only of one trial, and in no file.
    """

    readings: dict[str, np.ndarray]
    state: dict[str, np.ndarray]
    spikes: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]
    traces: dict[str, tuple[np.ndarray, dict[str, np.ndarray]]] = {}  # noqa: RUF012  (never written to)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """One flat dictionary, for a file."""
        flat = {f"readings/{k}": v for k, v in self.readings.items()} | {f"state/{k}": v for k, v in self.state.items()}
        for population, columns in self.spikes.items():
            flat |= {f"spikes/{population}/{i}": column for i, column in enumerate(columns)}
        return flat

    @staticmethod
    def from_arrays(flat) -> Recording:
        """The inverse of to_arrays."""
        spikes = sorted({name.split("/")[1] for name in flat if name.startswith("spikes/")})
        return Recording(
            {name[9:]: flat[name] for name in flat if name.startswith("readings/")},
            {name[6:]: flat[name] for name in flat if name.startswith("state/")},
            {p: (flat[f"spikes/{p}/0"], flat[f"spikes/{p}/1"], flat[f"spikes/{p}/2"]) for p in spikes},
        )


class Joined:
    """The recordings of some trials each, put together as they come, in any order: no trial is held twice.

    n_trials : of all of them.
    """

    def __init__(self, n_trials: int):
        self.n_trials = n_trials
        self._rows: dict[str, dict[str, np.ndarray]] = {"readings": {}, "state": {}}
        self._spikes: dict[int, dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]] = {}
        self._traces: dict[str, tuple[np.ndarray, dict[str, np.ndarray]]] = {}

    def put(self, first: int, recording: Recording) -> None:
        """A recording whose trials are those from `first` on."""
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
        """All of them, trials numbered on; to be called once, since it hands over what was put together."""
        batches = sorted(self._spikes.items())
        spikes = {}
        for name in list(batches[0][1]):
            parts = [of.pop(name) for _, of in batches]
            t, neuron = (np.concatenate([part[column] for part in parts]) for column in range(2))
            trial = np.concatenate([part[2] + np.int32(first) for (first, _), part in zip(batches, parts, strict=True)])
            spikes[name] = (t, neuron, trial)
        return Recording(self._rows["readings"], self._rows["state"], spikes, self._traces)

"""What a run has to say: a recording as the answer of a memory."""

from __future__ import annotations

import numpy as np

from ..episode import Episode
from ..network.recording import DENDRITE, Recording, check_finite, compact
from ..network.state import SpikingState
from ..response import SpikingResponse
from ..spikes import SpikeTrain, Trace
from .job import Job

ROUNDING_MS = 1e-6  # of times in steps


def response_of(recording: Recording, job: Job, flat: Episode, shape: tuple[int, ...], engine: str) -> SpikingResponse:
    """The response to an episode, flat : with its trials along one axis; shape : its leading axes.

    The spikes of the recording are used up. Raises RuntimeError, naming the part, if a number is not finite.
    """

    def trials(a: np.ndarray) -> np.ndarray:
        return a.reshape(*shape, *a.shape[1:])

    def train(name: str) -> SpikeTrain:
        t, neuron, trial = recording.spikes.pop(name)
        size = neurons[DENDRITE[0] if name == "dendrite" else name].size
        # as the counts: without the first step of the blank presentation
        return SpikeTrain(t * 1e3, neuron, trial, size).between(0, edges[-1] - ROUNDING_MS)

    check_finite(job.network, recording)
    readings, neurons = recording.readings, job.network.neurons
    votes, dendritic = by_slot(recording, job.network.sizes[1])
    edges = np.round(np.arange(flat.n_steps + 1) * job.network.window * 1e3, 6)
    counts, evoked = (
        {name.split(".")[0]: trials(a) for name, a in readings.items() if name.endswith(f".{reading}")}
        for reading in ("n_spikes", "n_evoked")
    )
    return SpikingResponse(
        values=trials(on_minus_off(readings["output.readout"])),
        hidden=trials(shares(votes)),
        third_factor=trials((dendritic > 0).astype(float)),
        state=SpikingState(recording.state, job.streams),
        windows_ms=np.stack([edges[:-1], edges[1:]], axis=1),
        phase=trials(np.where(flat.is_store, "store", np.where(flat.is_recall, "recall", "other"))),
        spikes={name: train(name) for name in list(recording.spikes)},
        traces={name: _until(edges[-1], Trace(t * 1e3, values)) for name, (t, values) in recording.traces.items()},
        counts=counts | {"votes": trials(votes), "dendrite": trials(dendritic)},
        evoked=evoked,
        fan_out=job.network.fan_out(),
        engine=engine,
    )


def by_slot(recording: Recording, n_slots: int) -> tuple[np.ndarray, np.ndarray]:
    """Votes, and dendritic spikes, of slots (B, T, N): of all neurons that share one, and of the one that leads."""
    votes, dendritic = recording.readings["hidden.n_votes"], recording.readings["hidden.n_dendritic"]
    neurons = votes.reshape(*votes.shape[:2], n_slots, -1)
    return compact("hidden.n_votes", neurons.sum(axis=-1)), dendritic[..., :: neurons.shape[-1]].copy()


def on_minus_off(readout: np.ndarray) -> np.ndarray:
    """(..., 2m) -> (..., m): the value an ON/OFF population stands for."""
    on, off = np.split(readout, 2, axis=-1)
    return on - off


def shares(votes: np.ndarray) -> np.ndarray:
    """(..., N) spike counts -> each neuron's share; 0 for all where none fired."""
    return votes / np.maximum(votes.sum(axis=-1, keepdims=True), 1)


def _until(stop_ms: float, trace: Trace) -> Trace:
    """Without the first step of the blank presentation at the end."""
    before = trace.t_ms < stop_ms - ROUNDING_MS
    return Trace(trace.t_ms[before], {name: a[before] for name, a in trace.values.items()})

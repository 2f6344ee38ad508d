"""How busy the spiking network is: firing rates, spikes and synaptic events."""

from __future__ import annotations

import numpy as np

from ..memory import Response

POPULATIONS = ("input", "feedforward", "hidden", "interneuron", "output")


def peak_rate_hz(response: Response, population: str, phase: str, stimulus_ms: float) -> np.ndarray:
    """99th percentile of the firing rate over neuron-stimulus pairs that fired, one number a trial; 0 if none did.

    phase : "store" or "recall". Spikes while the stimulus is on, divided by its duration.
    """
    counts = response.evoked[population]
    here = np.broadcast_to((np.asarray(response.phase) == phase)[..., None], counts.shape) & (counts > 0)
    flat_counts, flat_here = counts.reshape(-1, *counts.shape[-2:]), here.reshape(-1, *here.shape[-2:])
    peaks = [np.percentile(c[h], 99) if h.any() else 0.0 for c, h in zip(flat_counts, flat_here, strict=True)]
    return np.reshape(peaks, counts.shape[:-2]) / (stimulus_ms * 1e-3)


def spikes_per_recall(response: Response) -> np.ndarray:
    """Spikes of all populations in a recall, a mean a trial."""
    asked = np.asarray(response.phase) == "recall"
    total = sum(response.counts[population].sum(axis=-1) for population in POPULATIONS)
    return np.where(asked, total, 0).sum(axis=-1) / np.maximum(asked.sum(axis=-1), 1)


def synaptic_events_per_recall(response: Response) -> np.ndarray:
    """Spikes times the synapses each reaches, in a recall, a mean a trial; dendritic events are not counted."""
    size = {population: response.counts[population].shape[-1] for population in POPULATIONS}
    fan_out = {
        "input": size["hidden"] + size["feedforward"],
        "feedforward": size["hidden"],
        "hidden": size["interneuron"] + size["output"],
        "interneuron": size["hidden"],
        "output": 1,  # its opponent
    }
    asked = np.asarray(response.phase) == "recall"
    total = sum(response.counts[population].sum(axis=-1) * fan_out[population] for population in POPULATIONS)
    return np.where(asked, total, 0).sum(axis=-1) / np.maximum(asked.sum(axis=-1), 1)

"""How busy the spiking network is: firing rates, spikes and synaptic events."""

from __future__ import annotations

import numpy as np

from ..checks import check_choice, is_number, shown
from ..response import SpikingResponse, check_spiking

POPULATIONS = ("input", "feedforward", "hidden", "interneuron", "output")


def peak_rate_hz(response: SpikingResponse, population: str, phase: str, stimulus_ms: float) -> np.ndarray:
    """99th percentile of firing rates over neuron-stimulus pairs that fired, one number per trial (...); 0 if none did.

    Parameters
    ----------
    response : SpikingResponse
        One trial, or several.
    population : str
        Of `POPULATIONS`.
    phase : str
        "store" or "recall" ("other": seen, not stored).
    stimulus_ms : float
        How long a key is on, in ms: a rate is the spikes in that time, divided by it.

    Returns
    -------
    array, (...)
        In Hz.

    Raises
    ------
    ValueError
        If the response has no spikes, or there is no such population, phase or time.
    """
    check_spiking("a firing rate", response)
    check_choice("population", population, tuple(response.evoked))
    check_choice("phase", phase, ("store", "recall", "other"))
    if not (is_number(stimulus_ms) and stimulus_ms > 0):
        raise ValueError(f"stimulus_ms must be a time above 0; got {shown(stimulus_ms)}")
    counts = response.evoked[population]
    here = np.broadcast_to((response.phase == phase)[..., None], counts.shape) & (counts > 0)
    flat_counts, flat_here = counts.reshape(-1, *counts.shape[-2:]), here.reshape(-1, *here.shape[-2:])
    peaks = [np.percentile(c[h], 99) if h.any() else 0.0 for c, h in zip(flat_counts, flat_here, strict=True)]
    return np.reshape(peaks, counts.shape[:-2]) / (stimulus_ms * 1e-3)


def spikes_per_recall(response: SpikingResponse, feedback: bool = False) -> np.ndarray:
    """Spikes of all populations in a recall, a mean per trial (...).

    Parameters
    ----------
    response : SpikingResponse
        One trial, or several.
    feedback : bool
        Whether output spikes can return as a key; then each sets off its relay too.

    Returns
    -------
    array, (...)
        0 in a trial without a recall.

    Raises
    ------
    ValueError
        If the response has no spikes.
    """
    check_spiking("a count of spikes", response)
    total = sum(response.counts[population].sum(axis=-1) for population in POPULATIONS)
    if feedback:
        total = total + response.counts["output"].sum(axis=-1)
    return _per_recall(total, response)


def synaptic_events_per_recall(response: SpikingResponse, feedback: bool = False) -> np.ndarray:
    """Spikes times the synapses each reaches, in a recall, a mean per trial (...); dendritic events are not counted.

    Parameters
    ----------
    response : SpikingResponse
        One trial, or several.
    feedback : bool
        As for `spikes_per_recall`.

    Returns
    -------
    array, (...)
        0 in a trial without a recall.

    Raises
    ------
    ValueError
        If the response has no spikes.
    """
    check_spiking("a count of synaptic events", response)
    fan_out = dict(response.fan_out)
    if feedback:  # a relay fires with its output neuron, and is not counted by itself
        fan_out["output"] += fan_out["relay"]
    total = sum(response.counts[population].sum(axis=-1) * fan_out[population] for population in POPULATIONS)
    return _per_recall(total, response)


def _per_recall(total: np.ndarray, response: SpikingResponse) -> np.ndarray:
    asked = response.phase == "recall"
    return np.where(asked, total, 0).sum(axis=-1) / np.maximum(asked.sum(axis=-1), 1)

"""How busy the spiking network is: firing rates, spikes and synaptic events."""

from __future__ import annotations

import numpy as np

from ..checks import check_choice, check_switch, is_number, shown
from ..response import SpikingResponse, check_spiking

POPULATIONS = ("input", "feedforward", "hidden", "interneuron", "output")


def peak_rate_hz(response: SpikingResponse, population: str, phase: str, stimulus_ms: float) -> np.ndarray:
    """99th percentile of firing rates over neuron-stimulus pairs that fired.

    Parameters
    ----------
    response : SpikingResponse
        Of (..., T) presentations.
    population : str
        One of POPULATIONS.
    phase : str
        Either "store", "recall" or "other".
    stimulus_ms : float
        How long a key is on: a rate is spikes in this time, divided by it.

    Returns
    -------
    array, (...)
        One number per trial, in Hz; 0 if none fired.

    Raises
    ------
    ValueError
        If the response is not a spiking one, if there is no such population or phase, or for a time that is not above
        0.
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
    """Spikes of all populations in a recall.

    Parameters
    ----------
    response : SpikingResponse
        Of (..., T) presentations.
    feedback : bool
        Whether output spikes can return as a key; then each sets off its relay too.

    Returns
    -------
    array, (...)
        A mean per trial.

    Raises
    ------
    ValueError
        If the response is not a spiking one.
    """
    check_spiking("a count of spikes", response)
    check_switch("feedback", feedback)
    total = sum(response.counts[population].sum(axis=-1) for population in POPULATIONS)
    if feedback:
        total = total + response.counts["output"].sum(axis=-1)
    return _per_recall(total, response)


def synaptic_events_per_recall(response: SpikingResponse, feedback: bool = False) -> np.ndarray:
    """Spikes times the synapses each reaches, in a recall; dendritic events are not counted.

    Parameters
    ----------
    response : SpikingResponse
        Of (..., T) presentations.
    feedback : bool
        Whether output spikes can return as a key; then each sets off its relay too.

    Returns
    -------
    array, (...)
        A mean per trial.

    Raises
    ------
    ValueError
        If the response is not a spiking one.
    """
    check_spiking("a count of synaptic events", response)
    check_switch("feedback", feedback)
    fan_out = dict(response.fan_out)
    if feedback and "relay" not in fan_out:
        raise ValueError("feedback is True, but the network that answered has no relays, which bring an answer back")
    if feedback:  # a relay fires with its output neuron, and is not counted by itself
        fan_out["output"] += fan_out["relay"]
    total = sum(response.counts[population].sum(axis=-1) * fan_out[population] for population in POPULATIONS)
    return _per_recall(total, response)


def _per_recall(total: np.ndarray, response: SpikingResponse) -> np.ndarray:
    asked = response.phase == "recall"
    return np.where(asked, total, 0).sum(axis=-1) / np.maximum(asked.sum(axis=-1), 1)

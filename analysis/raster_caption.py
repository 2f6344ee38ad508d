"""What is seen in a raster, in words: the caption that goes with it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..checks import check_choice, check_number, check_trial
from ..episode import Episode
from ..response import SpikingResponse, check_answers, check_spiking
from .population_rate import rate_bin_ms
from .recall_marks import recall_marks
from .right_slots import right_slots
from .row_order import ORDERS, POPULATIONS, checked_populations
from .time_window import check_span, checked_time

VOLLEY_MS = 10.0  # after an onset


def raster_caption(response: SpikingResponse, episode: Episode, trial: int = 0, *,
                   populations: Sequence[str] = POPULATIONS, time_ms: tuple[float, float] | None = None,
                   order: str = "written", plateau_ms: float = 50.0,
                   votes_ms: tuple[float, float] = (60.0, 105.0)) -> str:  # fmt: skip
    """The caption of `plot_raster`, called with the same arguments.

    Parameters
    ----------
    response : SpikingResponse
        What was answered.
    episode : Episode
        What it answered.
    trial : int
        The trial, from 0.
    populations : str or sequence of str
        Those that are drawn.
    time_ms : tuple of float, optional
        Start and end of what is drawn in milliseconds; the whole trial if None.
    order : str
        Of hidden neurons, "written" or "neuron".
    plateau_ms : float
        How long a plateau lasts, in milliseconds.
    votes_ms : tuple of float
        From when to when in a recall spikes are votes, in milliseconds.

    Returns
    -------
    str
        A sentence or two per line.

    Raises
    ------
    ValueError
        If the response is not of a spiking memory, or not to this episode, or there is no such trial, population,
        order or time.
    """
    check_spiking("a caption", response)
    check_answers("a caption", response, episode)
    check_trial(trial, int(np.prod(episode.trials_shape)))
    populations = checked_populations(populations)
    check_choice("order", order, ORDERS)
    check_number("plateau_ms", plateau_ms)
    check_span("votes_ms", votes_ms)
    windows = response.windows_ms
    window = checked_time(time_ms, windows)
    length = float(np.ptp(windows[0]))
    phase = response.phase.reshape(-1, episode.n_steps)[trial]
    kinds = [f"{int((phase == kind).sum())} {text}" for kind, text in
             (("store", "that store"), ("recall", "that recall"), ("other", "that are only seen"))
             if (phase == kind).any()]  # fmt: skip
    lines = [f"Raster of one trial: {episode.n_steps} presentations of {length:g} ms, {', '.join(kinds)}; drawn are"
             f" {window[0]:g} to {window[1]:g} ms. Above: the global third factor (gate) q; a presentation stores where"
             " it is above 0."]  # fmt: skip
    lines.append("A row is a neuron, a tick a spike; where ticks would fuse, the panel is a density and its title says"
                 " so. The line above the rows is the rate per neuron in bins of"
                 f" {rate_bin_ms(window):g} ms, of the neurons that are drawn.")  # fmt: skip
    if {"input", "output"} & {*populations}:
        lines.append("Input and output neurons come in pairs: the ON neuron of an entry fires for +1, the OFF neuron"
                     " for −1, neither for an unknown one.")  # fmt: skip
    if "hidden" in populations:
        lines += _of_hidden(response, episode, trial, phase, order, plateau_ms, votes_ms)
    marks = recall_marks(response, episode, trial)
    if len(marks.step):
        entries = len(marks.step) * episode.value_dim
        voted = marks.share[~np.isnan(marks.share)]
        share = f" Right slots got {voted.mean():.0%} of the votes, in the mean over recalls." if voted.size else ""
        lines.append(f"Recalls: of {entries} value entries {marks.right.sum()} came with the right sign,"
                     f" {marks.wrong.sum()} with the wrong one, {marks.undecided.sum()} undecided (silent, or ON and"
                     f" OFF alike).{share}")  # fmt: skip
    return "\n".join(lines) + "\n"


def _of_hidden(response: SpikingResponse, episode: Episode, trial: int, phase: np.ndarray, order: str,
               plateau_ms: float, votes_ms: tuple[float, float]) -> list[str]:  # fmt: skip
    """What is said of the hidden population: order, plateaus, and the volley at the onset."""
    lines = []
    if order == "written":
        lines.append("Hidden neurons are sorted by when their slot was first written, from below; the neurons of a slot"
                     " stand together.")  # fmt: skip
    plateaus = response.third_factor.reshape(-1, *response.third_factor.shape[-2:])[trial].sum(axis=-1)
    gate = episode.gate.reshape(-1, episode.n_steps)[trial]
    text = (f"A triangle is a dendritic spike, which opens a plateau potential of {plateau_ms:g} ms (bar), the local"
            " third factor: where the gate is open, that slot is written.")  # fmt: skip
    if plateaus[gate == 0].any():
        text += (" Dendrites are triggered in every presentation, so there are plateaus with the gate shut too,"
                 f" {int(plateaus[gate == 0].sum())} of them (pale bars); they write nothing.")  # fmt: skip
    lines.append(text)
    spikes = response.spikes["hidden"].of_trial(trial)
    slots = right_slots(response, episode).reshape(-1, *response.third_factor.shape[-2:])[trial]
    per_slot = spikes.n_neurons // slots.shape[-1]
    step = np.clip(np.searchsorted(response.windows_ms[:, 0], spikes.t_ms, side="right") - 1, 0, len(phase) - 1)
    since = spikes.t_ms - response.windows_ms[step, 0]
    in_recall, right = phase[step] == "recall", slots[step, spikes.neuron // per_slot]
    volley = in_recall & (since < VOLLEY_MS)
    votes = in_recall & (since >= votes_ms[0]) & (since < votes_ms[1])
    if volley.any() and votes.any():
        lines.append("The volley at the onset of a presentation is of many slots: inhibition has decayed in the gap,"
                     " and the drive by which slots differ is only building up. In recalls"
                     f" {right[volley].mean():.0%} of the hidden spikes in the first {VOLLEY_MS:g} ms are of right"
                     f" slots, and {right[votes].mean():.0%} of those from {votes_ms[0]:g} to {votes_ms[1]:g} ms, which"
                     " alone are votes (black bar below). While a new key is stored, spikes of many slots go on until"
                     " the dendritic spike.")  # fmt: skip
    return lines

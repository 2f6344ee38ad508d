"""What is exported: single trials, each with what it was shown and what it was part of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from ..checks import check_mapping, check_number, numbers_of, shown
from ..episode import STEP_FIELDS, Episode
from ..response import SpikingResponse, check_answers, check_spiking
from ..spikes import SpikeTrain

ON_OFF = ("input", "output")  # populations of an ON neuron for every entry, and then as many OFF neurons


class Trial(NamedTuple):
    """One trial that is exported, with what it was shown and what it was part of.

    Parameters
    ----------
    number : int
        Its number in the study or episode, from 0.
    response : SpikingResponse
        Of this trial alone, without leading axes.
    episode : Episode or None
        Of this trial alone, without leading axes.
    third_factor : str
        Its name.
    options : dict
        What varied between trials, by name.
    weights : tuple of np.ndarray or None
        K (N, d) and V (m, N) at the end, in rate units.
    plateau_ms : float (ms)
        How long a plateau lasts.
    """

    number: int
    response: SpikingResponse
    episode: Episode | None
    third_factor: str = ""
    options: Mapping[str, Any] = {}
    weights: tuple[np.ndarray, np.ndarray] | None = None
    plateau_ms: float = 50.0

    @property
    def stop_ms(self) -> float:
        """When its last presentation ends, in milliseconds."""
        return float(self.response.windows_ms[-1, 1])

    @property
    def populations(self) -> dict[str, int]:
        """Populations whose spikes were recorded, and of how many neurons each is."""
        return {name: train.n_neurons for name, train in self.response.spikes.items()}


def trials_of(
    what: str,
    response: SpikingResponse,
    episode: Episode | None = None,
    *,
    third_factor: str = "",
    options: Mapping[str, Any] | None = None,
    weights: tuple[np.ndarray, np.ndarray] | None = None,
    plateau_ms: float = 50.0,
) -> list[Trial]:
    """The trials of a response, in their order.

    Parameters
    ----------
    what : str
        Who needs them, for an error.
    response : SpikingResponse
        What a spiking memory answered, with recorded spikes.
    episode : Episode or None
        What was answered.
    third_factor : str
        Its name.
    options : dict or None
        Name, and a value, or a list or array with one for each trial.
    weights : tuple of np.ndarray or None
        K (..., N, d) and V (..., m, N), as `memory.weights(response.state)` gives them.
    plateau_ms : float (ms)
        How long a plateau lasts.

    Returns
    -------
    list of Trial
        One for every trial.

    Raises
    ------
    ValueError
        Unless it is what a spiking memory answered to this episode, with recorded spikes, or if options or weights are
        none, or of another number of trials.
    """
    check_spiking(what, response)
    if episode is not None:
        check_answers(what, response, episode)
    if not response.spikes:
        raise ValueError(f"{what} takes recorded spikes, and this response has none; respond(..., record=('hidden',"
                         " 'output')) keeps them")  # fmt: skip
    flat = None if episode is None else episode.flat()
    n_trials = int(np.prod(response.phase.shape[:-1]))
    if not isinstance(third_factor, str):
        raise ValueError(f"third_factor takes its name; got {shown(third_factor)}")
    if options is not None:
        check_mapping("options", options)
    varying = {name: _one_each(name, value, n_trials) for name, value in (options or {}).items()}
    pairs: Sequence[Any] = [None] * n_trials if weights is None else weights_of(response, weights)
    check_number("plateau_ms", plateau_ms, above=True)
    return [
        Trial(i, one_trial(response, i), None if flat is None else single(flat, i), third_factor,
              {name: values[i] for name, values in varying.items()}, pairs[i], plateau_ms)
        for i in range(n_trials)
    ]  # fmt: skip


def _one_each(name: str, value: Any, n_trials: int) -> Sequence[Any]:
    if not isinstance(value, list | tuple | np.ndarray):
        return [value] * n_trials
    if np.ndim(value) != 1 or len(value) != n_trials:
        raise ValueError(f"options takes a value of {name}, or one for each of {n_trials} trials; got {shown(value)}")
    return list(value)


def weights_of(response: SpikingResponse, weights: Any) -> list[tuple[np.ndarray, np.ndarray]]:
    """The weights of each trial.

    Parameters
    ----------
    response : SpikingResponse
        What was answered.
    weights : tuple of np.ndarray
        K (..., N, d) and V (..., m, N), as `memory.weights(response.state)` gives them.

    Returns
    -------
    list of tuple of np.ndarray
        K (N, d) and V (m, N) of each trial.

    Raises
    ------
    ValueError
        Unless they are of the response's trials and sizes.
    """
    n_trials, n_slots = int(np.prod(response.phase.shape[:-1])), response.hidden.shape[-1]
    try:
        key, value = (numbers_of("weights", array) for array in weights)
        pairs = list(zip(key.reshape(n_trials, n_slots, -1), value.reshape(n_trials, -1, n_slots), strict=True))
        fits = value[..., 0].size == n_trials * response.values.shape[-1]
    except (TypeError, ValueError, IndexError):
        pairs, fits = [], False
    if not fits:
        raise ValueError(f"weights takes K and V of all {n_trials} trials, as memory.weights(response.state) gives"
                         f" them; got {shown(weights)}")  # fmt: skip
    return pairs


def single(flat: Episode, trial: int) -> Episode:
    """One trial of an episode with one leading axis, without that axis.

    Parameters
    ----------
    flat : Episode
        The episode.
    trial : int
        Number of the trial, from 0.

    Returns
    -------
    Episode
        The trial.
    """
    given = {name: getattr(flat, name) for name in STEP_FIELDS}
    arrays: dict[str, Any] = {name: None if array is None else array[trial] for name, array in given.items()}
    return replace(flat, **arrays)


def one_trial(response: SpikingResponse, trial: int) -> SpikingResponse:
    """One trial of a response, without leading axes and without the state, which is that of all of them.

    Parameters
    ----------
    response : SpikingResponse
        The response.
    trial : int
        Number of the trial, from 0.

    Returns
    -------
    SpikingResponse
        The trial.
    """
    n_axes = response.phase.ndim - 1

    def at(array: np.ndarray) -> np.ndarray:
        return array.reshape(-1, *array.shape[n_axes:])[trial]

    def train(of: SpikeTrain) -> SpikeTrain:
        one = of.of_trial(trial)
        return SpikeTrain(one.t_ms, one.neuron, np.zeros_like(one.trial), one.n_neurons)

    return replace(
        response,
        values=at(response.values), hidden=at(response.hidden), third_factor=at(response.third_factor), state=None,
        phase=at(response.phase),
        counts={name: at(counts) for name, counts in response.counts.items()},
        evoked={name: at(counts) for name, counts in response.evoked.items()},
        spikes={name: train(of) for name, of in response.spikes.items()},
    )  # fmt: skip


def signs(population: str, neuron: np.ndarray, n_neurons: int) -> np.ndarray:
    """Which sign neurons stand for: +1 for an ON neuron, -1 for an OFF neuron, 0 where a population has no such thing.

    Parameters
    ----------
    population : str
        Its name.
    neuron : np.ndarray of int, shape (n,)
        Numbers of neurons.
    n_neurons : int
        Size of the population.

    Returns
    -------
    np.ndarray of int8, shape (n,)
        The signs.
    """
    if population not in ON_OFF:
        return np.zeros(len(neuron), np.int8)
    return np.where(neuron < n_neurons // 2, 1, -1).astype(np.int8)


class Plateaus(NamedTuple):
    """The plateaus of one trial, in the order of their beginning.

    Parameters
    ----------
    slot : np.ndarray of int, shape (n,)
        Of which slot each is.
    step : np.ndarray of int, shape (n,)
        In which presentation it began.
    start_ms, stop_ms : np.ndarray, shape (n,) (ms)
        When it began and ended.
    """

    slot: np.ndarray
    step: np.ndarray
    start_ms: np.ndarray
    stop_ms: np.ndarray


def plateaus_of(trial: Trial) -> Plateaus:
    """Plateaus from dendritic spikes, where these were recorded; if not, each is the presentation that it was in.

    Parameters
    ----------
    trial : Trial
        The trial.

    Returns
    -------
    Plateaus
        Slot, presentation and times of each.
    """
    response = trial.response
    if "dendrite" in response.spikes:
        dendrite = response.spikes["dendrite"]
        per_slot = dendrite.n_neurons // response.hidden.shape[-1]
        leads = dendrite.neuron % per_slot == 0  # of the neurons of a slot, the first
        start = dendrite.t_ms[leads]
        step = np.searchsorted(response.windows_ms[:, 0], start, side="right") - 1
        return Plateaus(dendrite.neuron[leads] // per_slot, step, start, start + trial.plateau_ms)
    step, slot = np.nonzero(response.third_factor)
    return Plateaus(slot, step, *response.windows_ms[step].T)


def side_by_side(trials: Sequence[Trial]) -> tuple[SpikingResponse, Episode | None]:
    """One response of many trials, along one leading axis, and the episode it answers.

    Parameters
    ----------
    trials : sequence of Trial
        The trials.

    Returns
    -------
    response : SpikingResponse
        All of them, with a leading axis (B,).
    episode : Episode or None
        What was answered; None if one of the trials has none.

    Raises
    ------
    ValueError
        Unless all are of networks of one size, with the same populations recorded, and equally long.
    """
    responses, first = [trial.response for trial in trials], trials[0].response
    for trial in trials:
        one = trial.response
        same = (one.values.shape, one.hidden.shape, trial.populations) == (
            first.values.shape, first.hidden.shape, trials[0].populations
        ) and np.array_equal(one.windows_ms, first.windows_ms)  # fmt: skip
        if not same:
            raise ValueError("one response holds trials of one length and of networks of one size, and these differ")

    def stack(name: str) -> np.ndarray:
        return np.stack([getattr(one, name) for one in responses])

    def counted(field: str) -> dict[str, np.ndarray]:
        return {name: np.stack([getattr(one, field)[name] for one in responses]) for name in getattr(first, field)}

    def train(name: str) -> SpikeTrain:
        trains = [one.spikes[name] for one in responses]
        numbers = np.repeat(np.arange(len(trains)), [len(one.t_ms) for one in trains])
        t_ms, neuron = (np.concatenate([getattr(one, part) for one in trains]) for part in ("t_ms", "neuron"))
        return SpikeTrain(t_ms, neuron, numbers, trains[0].n_neurons)

    response = replace(
        first, values=stack("values"), hidden=stack("hidden"), third_factor=stack("third_factor"), state=None,
        phase=stack("phase"), counts=counted("counts"), evoked=counted("evoked"),
        spikes={name: train(name) for name in first.spikes}, traces=first.traces if len(trials) == 1 else {},
    )  # fmt: skip
    episodes = [trial.episode for trial in trials if trial.episode is not None]
    return response, Episode.stack(episodes) if len(episodes) == len(trials) else None

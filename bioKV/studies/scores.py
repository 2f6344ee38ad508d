"""What is measured of a cell's trials: scores, agreement with the rate twin, activity. A row per trial and quantity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..analysis import firing, measures
from ..analysis.activity import POPULATIONS, peak_rate_hz, spikes_per_recall, synaptic_events_per_recall
from ..analysis.agreement import before_parting, both_right, kappa, plateau_errors
from ..analysis.asked import unit_of
from ..analysis.chance import constant_guess, stored_guess
from ..analysis.evoked import PHASES, Evoked, evoked
from ..analysis.votes import argmax_share, excess_kl, inverse_temperatures
from ..episode import Episode
from ..progress import Say, Share
from ..response import Response, SpikingResponse
from ..third_factors import Random
from .cell import Cell

ANSWERED = ("values", "hidden", "third_factor")
ROW = ("memory", "third_factor", "engine", "trial", "subset", "quantity", "value")
SIDE = 20  # trials of a rate memory side by side: always the same ones, so that sums round alike in every study


def measured(cell: Cell, trials: Sequence[int], workers: int | None, say: Say, progress: Share,
             record: tuple[str, ...] = ()) -> tuple[list[tuple], Response, Episode]:  # fmt: skip
    """Rows (columns ROW) of some trials, trial by trial, in a comparison those of the rate twin too; and the response
    to the episode. record : populations of the spiking memory whose spikes are wanted in it."""
    episode, streams = cell.drawn(trials)
    memory = cell.made(workers)
    if cell.memory == "spiking":
        response = memory.respond(episode, streams, record, say=say, progress=progress)
    else:
        response = memory.respond(episode, streams)
    guesses = _guesses(episode)
    rows = _rows(cell.memory, cell, trials, _scores(response, episode, guesses))
    if isinstance(response, SpikingResponse):
        rows += _rows(cell.memory, cell, trials, _activity(response, episode, cell, memory))
        if record:
            wanted = [i for i, trial in enumerate(trials) if trial in cell.study.plan.record_trials]
            found = _firing(response, memory, from_spikes=True)
            rows += _rows(cell.memory, cell, [trials[i] for i in wanted], {at: of[wanted] for at, of in found.items()})
    if cell.study.plan.replay:
        truth = _one_by_one(cell.twin(), episode.with_third_factor(response.third_factor), streams)
        rows += _rows(cell.memory, cell, trials, _agreement(response, truth, episode))
        rows += _rows("rate", cell, trials, _scores(truth, episode, guesses))
    trial = ROW.index("trial")
    return sorted(rows, key=lambda row: row[trial]), response, episode  # so nobody sees how many were answered together


def _one_by_one(memory: Any, episode: Episode, streams: Sequence[np.random.Generator]) -> Response:
    """What a memory answers to each trial by itself: sums then round alike however many trials a task has."""
    found = [memory.respond(episode.trials([i]), [stream]) for i, stream in enumerate(streams)]
    return Response(*(np.concatenate([getattr(one, name) for one in found]) for name in ANSWERED))


def _rows(memory: str, cell: Cell, trials: Sequence[int], quantities: dict[tuple[str, str], np.ndarray]) -> list[tuple]:
    engine = cell.engine if memory == cell.memory else ""
    columns = ((subset, quantity, np.atleast_1d(values).tolist()) for (subset, quantity), values in quantities.items())
    return [
        (memory, cell.third_factor, engine, trial, subset, quantity, float(value))
        for subset, quantity, values in columns
        for trial, value in zip(trials, values, strict=True)
    ]


def _guesses(episode: Episode) -> dict[str, dict[str, np.ndarray]]:
    """Subset -> what guesses score there, and the unit of its intervals: of the episode, whatever the memory."""
    found = {}
    for subset in episode.subset_names:
        name = None if len(episode.subset_names) == 1 else subset
        unit = np.full(episode.trials_shape, unit_of(episode, name))
        found[subset] = {"constant_guess": constant_guess(episode, name), "stored_guess": stored_guess(episode, name),
                         "unit": unit}  # fmt: skip
    return found


def _scores(response: Response, episode: Episode, guesses: dict[str, dict[str, np.ndarray]]
            ) -> dict[tuple[str, str], np.ndarray]:  # fmt: skip
    scores = {}
    for subset in episode.subset_names:
        name = None if len(episode.subset_names) == 1 else subset
        for quantity in measures.names(episode):
            scores[subset, quantity] = measures.measure(quantity)(response, episode, name)
        scores |= {(subset, quantity): values for quantity, values in guesses[subset].items()}
    return scores


def _agreement(spiking: SpikingResponse, rate: Response, episode: Episode) -> dict[tuple[str, str], np.ndarray]:
    same = before_parting(spiking, rate, episode)  # after that the votes are about another key than the softmax
    votes = spiking.counts["votes"]
    b, information = inverse_temperatures(votes, rate.hidden, same)
    quantities = {
        "kappa": kappa(spiking, rate, episode),
        "whole_patterns_both": both_right(spiking, rate, episode),
        "argmax_share": argmax_share(votes, rate.hidden, same),
        "b": b,
        "b_information": information,
        "excess_kl": excess_kl(votes, rate.hidden, same),
    }
    return {("all", name): values for name, values in quantities.items()}


def _activity(response: SpikingResponse, episode: Episode, cell: Cell, memory) -> dict[tuple[str, str], np.ndarray]:
    fired = response.counts["dendrite"]
    n_steps, n_slots = fired.shape[-2:]
    expected = None  # at random no single plateau is missed or too many; their mean number is still known
    if cell.third_factor == "sequential":
        expected = np.broadcast_to(np.eye(n_slots)[np.arange(n_steps) % n_slots], fired.shape)
    if cell.third_factor == "least_recently_used":  # one slot, whichever
        expected = np.eye(n_slots)[fired.argmax(axis=-1)]
    missed, extra = plateau_errors(response, expected)
    quantities = {"missed_plateaus": missed, "extra_plateaus": extra}
    quantities["plateaus_per_presentation"] = response.third_factor.sum(axis=-1).mean(axis=-1)
    at_random = isinstance(memory.third_factor, Random)
    one = memory.third_factor.probabilities(n_slots).sum() if at_random else 1.0
    quantities["expected_plateaus"] = np.full_like(missed, one)
    for population in POPULATIONS:
        for phase in PHASES:
            peak = peak_rate_hz(response, population, phase, memory.stimulus_ms)
            quantities[f"peak_rate_{population}_{phase}_hz"] = peak
    fires = _firing(response, memory, from_spikes=False)
    asked = response.phase == "recall"
    votes = np.where(asked, response.counts["votes"].sum(axis=-1), 0)
    quantities["votes_per_recall"] = votes.sum(axis=-1) / asked.sum(axis=-1)
    feedback = bool(episode.feedback.any())
    quantities["spikes_per_recall"] = spikes_per_recall(response, feedback)
    quantities["synaptic_events_per_recall"] = synaptic_events_per_recall(response, feedback)
    return {("all", name): values for name, values in quantities.items()} | fires


def _firing(response: SpikingResponse, memory, *, from_spikes: bool) -> dict[tuple[str, str], np.ndarray]:
    """Every measure in analysis/firing/ of every population and phase. from_spikes : those that take recorded spikes,
    or those that take counts."""
    did: dict[tuple[str, str], Evoked] = {}
    found = {}
    for name in firing.names(from_spikes=from_spikes):
        measure = firing.measure(name)
        for population in firing.populations(name):
            for phase in PHASES:
                if (population, phase) not in did:
                    did[population, phase] = evoked(response, population, phase, memory.stimulus_ms)
                found["all", firing.quantity(name, population, phase)] = measure(did[population, phase])
    return found

"""A study: one protocol, some memories, one swept argument, many trials -> one tidy table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ..analysis import measures
from ..analysis.activity import POPULATIONS, peak_rate_hz, spikes_per_recall, synaptic_events_per_recall
from ..analysis.agreement import before_parting, both_right, kappa, plateau_errors
from ..analysis.asked import unit_of
from ..analysis.chance import constant_guess, stored_guess
from ..analysis.votes import argmax_share, excess_kl, inverse_temperatures
from ..engines.children import cores
from ..engines.numpy import BATCH
from ..episode import Episode
from ..progress import Say, Share
from ..randomness import study_streams
from ..response import Response, SpikingResponse
from ..third_factors import Random
from .memories import memory_name, takes_third_factor
from .plan import Plan, draw_episode, memory_for, options_at, sweep, task_digest

COLUMNS = ("protocol", "memory", "third_factor", "engine", "x_name", "x", "trial", "subset", "quantity", "value")
RATE_CHUNK = 100  # trials side by side; more would only take memory


class Cell(NamedTuple):
    """One memory with one third factor at one x, in presentations of n_steps. task : the `task_digest` there."""

    memory: str
    third_factor: str
    engine: str
    x_index: int
    x: Any
    options: dict[str, Any]
    task: int
    n_steps: int


class Chunk(NamedTuple):
    """Some trials of a cell, answered: their rows of the study's table (COLUMNS)."""

    cell: Cell
    trials: range
    rows: list[tuple]


def cells(plan: Plan, workers: int | None = None) -> list[Cell]:
    """All cells of a plan. The engine of "auto" is chosen here, once for all cells of a size."""
    _, xs, _ = sweep(plan)
    made = []
    for third_factor in plan.third_factors:
        for x_index, x in enumerate(xs):
            options = options_at(plan, x_index)
            task = task_digest(plan, options)
            n_steps = draw_episode(plan, options, task, 0).n_steps
            for memory in plan.memories if not plan.replay else ("spiking",):
                has_any = takes_third_factor(memory)
                if not has_any and third_factor != plan.third_factors[0]:
                    continue  # once is enough
                shown = third_factor if has_any else ""
                made.append(Cell(memory_name(memory), shown, "", x_index, x, options, task, n_steps))
    spiking = [cell for cell in made if cell.memory == "spiking"]
    if spiking:
        engine = _engine(plan, spiking, workers)[0]
        made = [cell._replace(engine=engine) if cell.memory == "spiking" else cell for cell in made]
    return made


def _engine(plan: Plan, spiking: list[Cell], workers: int | None) -> tuple[str, str]:
    """The engine for all spiking cells of a study, and why: one choice, by the longest episode."""
    longest = max(spiking, key=lambda cell: cell.n_steps)
    episode = draw_episode(plan, longest.options, longest.task, 0)
    memory = memory_for(plan, "spiking", longest.third_factor, longest.options, episode, None, workers)
    return memory.choose_engine(longest.n_steps)


def engine_and_reason(plan: Plan, workers: int | None = None) -> tuple[str, str] | None:
    """The engine of a study's spiking cells, and why it; None if there are none."""
    spiking = [cell for cell in cells(plan, workers) if cell.memory == "spiking"]
    return _engine(plan, spiking, workers) if spiking else None


def run(
    plan: Plan,
    done: frozenset[tuple] | set[tuple] = frozenset(),
    *,
    workers: int | None = None,
    say: Say,
    progress: Share,
) -> Iterator[Chunk]:
    """Answer every cell, some trials at a time. `done` holds (memory, third_factor, x_index, trial) to leave out.

    progress : told the share of all presentations that are over.
    """
    todo = cells(plan, workers)
    total = sum(cell.n_steps * plan.trials * cost(cell) for cell in todo)
    past = 0.0
    for cell in todo:
        processes = workers or cores()
        size = {"": RATE_CHUNK, "numpy": BATCH * processes, "compiled": 16 * processes}[cell.engine]
        for start in range(0, plan.trials, size):
            trials = range(start, min(start + size, plan.trials))
            weight = cell.n_steps * len(trials) * cost(cell) / total
            missing = [t for t in trials if (cell.memory, cell.third_factor, cell.x_index, t) not in done]
            if missing:
                before = past
                rows = answer(plan, cell, missing, workers, say, lambda share: progress(before + share * weight))  # noqa: B023
                yield Chunk(cell, trials, rows)
            past += weight
            progress(past)


def cost(cell: Cell) -> float:
    """Relative cost of a presentation, for the progress bar alone."""
    return {"": 1.0, "compiled": 20.0, "numpy": 200.0}[cell.engine]


def answer(plan: Plan, cell: Cell, trials: list[int], workers: int | None, say: Say, progress: Share) -> list[tuple]:
    """The rows of some trials of a cell, trial by trial; in a comparison those of the rate twin too."""
    episode = Episode.stack([draw_episode(plan, cell.options, cell.task, trial) for trial in trials])
    streams = [study_streams(plan.seed, cell.task, trial)[1] for trial in trials]
    memory = memory_for(plan, cell.memory, cell.third_factor, cell.options, episode, cell.engine, workers)
    if cell.memory == "spiking":
        response = memory.respond(episode, streams, say=say, progress=progress)
    else:
        response = memory.respond(episode, streams)
    guesses = _guesses(episode)
    rows = _rows(plan, cell, trials, _scores(response, episode, guesses))
    if isinstance(response, SpikingResponse):
        rows += _rows(plan, cell, trials, _activity(response, episode, cell, memory))
    if plan.replay:
        kind = "learned" if "rule" in cell.options else "rate"
        twin = memory_for(plan, kind, cell.third_factor, cell.options, episode)
        truth = twin.respond(episode.with_third_factor(response.third_factor), streams)
        rows += _rows(plan, cell, trials, _agreement(response, truth, episode))
        rows += _rows(plan, cell._replace(memory="rate", engine=""), trials, _scores(truth, episode, guesses))
    trial = COLUMNS.index("trial")
    return sorted(rows, key=lambda row: row[trial])  # so a table does not show how many were answered together


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
        for phase in ("store", "recall"):
            peak = peak_rate_hz(response, population, phase, memory.stimulus_ms)
            quantities[f"peak_rate_{population}_{phase}_hz"] = peak
    asked = response.phase == "recall"
    votes = np.where(asked, response.counts["votes"].sum(axis=-1), 0)
    quantities["votes_per_recall"] = votes.sum(axis=-1) / asked.sum(axis=-1)
    feedback = bool(episode.feedback.any())
    quantities["spikes_per_recall"] = spikes_per_recall(response, feedback)
    quantities["synaptic_events_per_recall"] = synaptic_events_per_recall(response, feedback)
    return {("all", name): values for name, values in quantities.items()}


def _rows(plan: Plan, cell: Cell, trials: list[int], quantities: dict[tuple[str, str], np.ndarray]) -> list[tuple]:
    first = (plan.name, cell.memory, cell.third_factor, cell.engine, sweep(plan)[0], cell.x)
    return [
        (*first, trial, subset, quantity, float(value))
        for (subset, quantity), values in quantities.items()
        for trial, value in zip(trials, np.atleast_1d(values), strict=True)
    ]

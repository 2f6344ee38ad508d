"""A study: one protocol, some memories, one swept argument, many trials -> one tidy table."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, get_args

import numpy as np

from . import models, protocols
from .analysis.accuracy import accuracy, undecided
from .analysis.activity import POPULATIONS, peak_rate_hz, spikes_per_recall, synaptic_events_per_recall
from .analysis.agreement import argmax_share, excess_kl, plateau_errors
from .children import cores
from .episode import Episode
from .memory import Response
from .models.own_value import check_own_value_episode
from .numpy_engine import BATCH
from .progress import Say, Share
from .randomness import study_streams
from .rule import Rule
from .settings import is_setting, parameters_with
from .spiking import ENGINES
from .third_factors import LeastRecentlyUsed, Random, Sequential, ThirdFactor

COLUMNS = ("protocol", "memory", "third_factor", "engine", "x_name", "x", "trial", "subset", "quantity", "value")
MEMORIES = ("rate", "spiking", "hopfield", "bam", "tvt", "learned")
WITHOUT_THIRD_FACTOR = ("hopfield", "bam", "tvt")
THIRD_FACTORS = ("sequential", "random", "least_recently_used")
MEMORY_OPTIONS = {  # may be swept besides the protocol's own arguments; which memories have each
    "n_slots": ("rate", "spiking", "tvt", "learned"),
    "p": ("rate", "spiking", "learned"),
    "stability_threshold": ("rate", "spiking"),
    "decay": ("hopfield", "bam"),
    "rule": ("learned", "spiking"),  # a file that `biokv learn` or Rule.save wrote
}
OWN_VALUE = ("hopfield", "tvt")  # a pattern is its own value
RATE_CHUNK = 100  # trials side by side; more would only take memory


class Plan(NamedTuple):
    """All that decides a study's numbers.

    options : the protocol's arguments, the memory's (MEMORY_OPTIONS) and the spiking memory's parameters (numbers, in
    ms, Hz or plain) by name; a list or tuple of values makes an option the x axis, and only one may be.
    replay : the rate memory gets the plateaus that happened in the spiking one (a comparison of pairs).
    """

    protocol: str
    memories: tuple[str, ...] = ("rate",)
    third_factors: tuple[str, ...] = ("sequential",)
    options: dict[str, Any] = {}  # noqa: RUF012  (never written to)
    trials: int = 20
    seed: int = 0
    engine: str = "auto"
    replay: bool = False
    patterns: np.ndarray | None = None


class Cell(NamedTuple):
    """One memory with one third factor at one x. `rows` are the study's rows but for trial, subset, quantity, value."""

    memory: str
    third_factor: str
    engine: str
    x_index: int
    x: Any
    options: dict[str, Any]
    n_steps: int


class Chunk(NamedTuple):
    """Some trials of a cell, answered."""

    cell: Cell
    trials: range
    rows: list[tuple]


def protocol_names() -> list[str]:
    """Every file in protocols/ that holds a function of its own name."""
    names = [module.name for module in pkgutil.iter_modules(protocols.__path__)]
    return [name for name in names if callable(getattr(_protocol_module(name), name, None))]


def _protocol_module(name: str):
    return importlib.import_module(f"{protocols.__name__}.{name}")


def find_protocol(name: str) -> Callable[..., Episode]:
    """The protocol of that name. Raises ValueError, listing the known ones, if there is none."""
    known = protocol_names()
    if name not in known:
        raise ValueError(f"there is no protocol {name!r}; known are {', '.join(known)}")
    return getattr(_protocol_module(name), name)


def protocol_options(name: str) -> dict[str, inspect.Parameter]:
    """A protocol's arguments by name, from its signature; without the generator and arrays of one's own patterns."""
    parameters = inspect.signature(find_protocol(name), eval_str=True).parameters
    kinds = {n: (p.annotation, *get_args(p.annotation)) for n, p in parameters.items()}  # of `int | None`, int too
    return {n: p for n, p in parameters.items() if n != "rng" and np.ndarray not in kinds[n]}


def length_option(protocol: str) -> str:
    """The option that decides how long a protocol is, as typed on the command line."""
    known = protocol_options(protocol)
    name = next((name for name in ("n_steps", "n_pairs", "n_patterns") if name in known), next(iter(known)))
    return "--" + name.replace("_", "-")


def sweep(plan: Plan) -> tuple[str, list[Any], dict[str, Any]]:
    """(x_name, xs, the options that stay): the one option given as a list, else the protocol's first argument.

    Raises ValueError for two lists, an option the protocol does not have, or an empty or repeating list.
    """
    known = protocol_options(plan.protocol)
    for name in plan.options:
        if name not in known and name not in MEMORY_OPTIONS and not is_setting(name):
            listed = f"it has {', '.join(known)}, and the memory has {', '.join(MEMORY_OPTIONS)}"
            raise ValueError(f"{plan.protocol} has no option {name!r}; {listed}")
    lists = [name for name, value in plan.options.items() if isinstance(value, list | tuple)]
    if len(lists) > 1:
        raise ValueError(f"one option can be a list, the x axis; {' and '.join(lists)} both are")
    fixed = dict(plan.options)
    x_name = lists[0] if lists else next(iter(known))
    xs = list(fixed.pop(x_name)) if lists else [fixed.pop(x_name, known[x_name].default)]
    if not xs or any(x in xs[:i] for i, x in enumerate(xs)):
        raise ValueError(f"{x_name} must be a list of different values; got {xs}")
    return x_name, xs, fixed


def check_plan(plan: Plan) -> None:
    """Raise ValueError, before anything runs, for whatever in a plan cannot be carried out."""
    for kind, given, known in (("memory", plan.memories, MEMORIES), ("third factor", plan.third_factors, THIRD_FACTORS),
                               ("engine", (plan.engine,), ENGINES)):  # fmt: skip
        if not given:
            raise ValueError(f"no {kind} was given; known are {', '.join(known)}")
        for name in given:
            if name not in known:
                raise ValueError(f"there is no {kind} {name!r}; known are {', '.join(known)}")
        if len(set(given)) != len(given):
            raise ValueError(f"a {kind} was given twice: {', '.join(given)}")
    if isinstance(plan.trials, bool) or not isinstance(plan.trials, int) or plan.trials < 1:
        raise ValueError(f"trials must be a whole number above 0; got {plan.trials!r}")
    if isinstance(plan.seed, bool) or not isinstance(plan.seed, int) or plan.seed < 0:
        raise ValueError(f"seed must be a whole number, 0 or more; got {plan.seed!r}")
    _, xs, _ = sweep(plan)
    _check_memory_options(plan)
    if plan.patterns is not None and "patterns" not in inspect.signature(find_protocol(plan.protocol)).parameters:
        raise ValueError(f"{plan.protocol} takes no patterns of one's own; leave --patterns away")
    for x_index in range(
        len(xs)
    ):  # every x once, with the smallest cost: a protocol or memory that refuses does so now
        for third_factor in plan.third_factors:
            options = _options_at(plan, x_index)
            episode = draw_episode(plan, options, x_index, 0)
            for name in plan.memories:
                memory = make_memory(plan, name, third_factor, options, episode, None, None)
                if name in OWN_VALUE:
                    check_own_value_episode(type(memory).__name__, episode)
                if name == "spiking":
                    from .presentation import present

                    present(episode.flat(), memory.n_slots)


def _check_memory_options(plan: Plan) -> None:
    """Raise ValueError for a memory's option that no memory of the plan has, or that acts on none of them."""
    settings = [name for name in plan.options if _is_memorys(plan, name) and name not in MEMORY_OPTIONS]
    if settings and "spiking" not in plan.memories:
        raise ValueError(f"{settings[0]} is a parameter of the spiking memory; it does nothing for"
                         f" {', '.join(plan.memories)} (--memory spiking)")  # fmt: skip
    for name, memories in MEMORY_OPTIONS.items():
        if name in plan.options and not set(memories) & set(plan.memories):
            has = ", ".join(plan.memories)
            raise ValueError(f"{name} is an option of {' and '.join(memories)}; it does nothing for {has}")
    if "p" in plan.options and "random" not in plan.third_factors:
        raise ValueError(
            f"p is the probability of random third factors; it does nothing for {', '.join(plan.third_factors)}"
            " (--third-factor random)"
        )


def _is_memorys(plan: Plan, name: str) -> bool:
    """Whether an option is none of the protocol's own."""
    return name not in protocol_options(plan.protocol)


def _options_at(plan: Plan, x_index: int) -> dict[str, Any]:
    x_name, xs, fixed = sweep(plan)
    return {**fixed, x_name: xs[x_index]}


def draw_episode(plan: Plan, options: dict[str, Any], x_index: int, trial: int) -> Episode:
    """Trial k at the i-th x: the same for every memory, engine and number of workers."""
    own = {name: value for name, value in options.items() if not _is_memorys(plan, name)}
    if plan.patterns is not None:
        own["patterns"] = plan.patterns
    return find_protocol(plan.protocol)(study_streams(plan.seed, x_index, trial)[0], **own)


def make_third_factor(name: str, p: float) -> ThirdFactor:
    """The third factor of a name on the command line."""
    factors: dict[str, ThirdFactor]
    factors = {"sequential": Sequential(), "random": Random(p), "least_recently_used": LeastRecentlyUsed()}
    return factors[name]


def make_memory(plan: Plan, name: str, third_factor: str, options: dict[str, Any], episode: Episode, engine: str | None,
                workers: int | None) -> Any:  # fmt: skip
    """The memory of a name on the command line, of a size that fits the episode."""
    n_slots = episode.key_dim if options.get("n_slots") is None else options["n_slots"]
    d, m = episode.key_dim, episode.value_dim
    decay = options.get("decay", 1.0)
    if name == "hopfield":
        return models.Hopfield(d, m, decay=decay)
    if name == "bam":
        return models.BAM(d, m, decay=decay)
    if name == "tvt":
        return models.TVT(d, n_slots, m)
    factor = make_third_factor(third_factor, options.get("p", 0.1))
    factor.begin(1, n_slots, np.random.default_rng(0))  # refuses a p that is no probability
    if name == "learned":
        if "rule" not in options:
            raise ValueError("the memory learned needs --rule FILE, such as the rule.json of `biokv learn`")
        return models.LearnedMemory(d, n_slots, m, Rule.load(options["rule"]), factor)
    if name == "rate":
        return models.KeyValueMemory(d, n_slots, m, factor, stability_threshold=options.get("stability_threshold"))
    from .spiking import SpikingMemory

    settings = {n: v for n, v in options.items() if _is_memorys(plan, n) and n not in MEMORY_OPTIONS}
    return SpikingMemory(
        d, n_slots, m, factor, parameters_with(settings), stability_threshold=options.get("stability_threshold"),
        rule=Rule.load(options["rule"]) if "rule" in options else None, engine=engine or plan.engine, workers=workers,
    )


def cells(plan: Plan, workers: int | None = None) -> list[Cell]:
    """All cells of a plan. The engine of "auto" is chosen here, once for all cells of a size."""
    _, xs, _ = sweep(plan)
    made = []
    for third_factor in plan.third_factors:
        for x_index, x in enumerate(xs):
            options = _options_at(plan, x_index)
            n_steps = draw_episode(plan, options, x_index, 0).n_steps
            for name in plan.memories if not plan.replay else ("spiking",):
                if name in WITHOUT_THIRD_FACTOR and third_factor != plan.third_factors[0]:
                    continue  # once is enough
                shown = "" if name in WITHOUT_THIRD_FACTOR else third_factor
                made.append(Cell(name, shown, "", x_index, x, options, n_steps))
    spiking = [cell for cell in made if cell.memory == "spiking"]
    if spiking:
        engine = _engine(plan, spiking, workers)[0]
        made = [cell._replace(engine=engine) if cell.memory == "spiking" else cell for cell in made]
    return made


def _engine(plan: Plan, spiking: list[Cell], workers: int | None) -> tuple[str, str]:
    """The engine for all spiking cells of a study, and why: one choice, by all they have to present."""
    longest = max(spiking, key=lambda cell: cell.n_steps)
    total = plan.trials * sum(cell.n_steps for cell in spiking)
    episode = draw_episode(plan, longest.options, longest.x_index, 0)
    memory = make_memory(plan, "spiking", longest.third_factor, longest.options, episode, None, workers)
    return memory.choose_engine(
        -(-total // longest.n_steps), longest.n_steps, feedback=bool(episode.feedback.any())
    )


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
        size = {"": RATE_CHUNK, "numpy": BATCH * (workers or cores()), "compiled": 16 * (workers or cores())}[
            cell.engine
        ]
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
    """The rows of some trials of a cell; in a comparison those of the rate twin too."""
    episode = Episode.stack([draw_episode(plan, cell.options, cell.x_index, trial) for trial in trials])
    streams = [study_streams(plan.seed, cell.x_index, trial)[1] for trial in trials]
    memory = make_memory(plan, cell.memory, cell.third_factor, cell.options, episode, cell.engine, workers)
    if cell.memory == "spiking":
        response = memory.respond(episode, streams, say=say, progress=progress)
    else:
        response = memory.respond(episode, streams)
    rows = _rows(
        plan, cell, trials, episode, response, {**_scores(response, episode), **_activity(response, cell, memory)}
    )
    if plan.replay:
        kind = "learned" if "rule" in cell.options else "rate"
        twin = make_memory(plan, kind, cell.third_factor, cell.options, episode, None, None)
        truth = twin.respond(episode.with_third_factor(response.third_factor), streams)
        votes = response.counts["votes"]
        agreement = {
            ("all", "argmax_share"): argmax_share(votes, truth.hidden, episode),
            ("all", "excess_kl"): excess_kl(votes, truth.hidden, episode),
        }
        rows += _rows(plan, cell, trials, episode, response, agreement)
        rows += _rows(plan, cell._replace(memory="rate", engine=""), trials, episode, truth, _scores(truth, episode))
    return rows


def _scores(response: Response, episode: Episode) -> dict[tuple[str, str], np.ndarray]:
    scores = {}
    for subset in episode.subset_names:
        name = None if len(episode.subset_names) == 1 else subset
        scores[subset, "accuracy"] = accuracy(response, episode, name)
        scores[subset, "undecided"] = undecided(response, episode, name)
    return scores


def _activity(response: Response, cell: Cell, memory) -> dict[tuple[str, str], np.ndarray]:
    if cell.memory != "spiking":
        return {}
    expected = None
    if cell.third_factor == "sequential":
        n_steps, n_slots = response.third_factor.shape[-2:]
        expected = np.broadcast_to(np.eye(n_slots)[np.arange(n_steps) % n_slots], response.third_factor.shape)
    missed, extra = plateau_errors(response, expected)
    quantities = {"missed_plateaus": missed, "extra_plateaus": extra}
    for population in POPULATIONS:
        for phase in ("store", "recall"):
            quantities[f"peak_rate_{population}_{phase}_hz"] = peak_rate_hz(
                response, population, phase, memory.stimulus_ms
            )
    asked = np.asarray(response.phase) == "recall"
    quantities["votes_per_recall"] = np.where(asked, response.counts["votes"].sum(axis=-1), 0).sum(axis=-1) / asked.sum(
        axis=-1
    )
    quantities["spikes_per_recall"] = spikes_per_recall(response)
    quantities["synaptic_events_per_recall"] = synaptic_events_per_recall(response)
    return {("all", name): values for name, values in quantities.items()}


def _rows(plan: Plan, cell: Cell, trials: list[int], episode: Episode, response: Response, quantities) -> list[tuple]:
    x_name = sweep(plan)[0]
    return [
        (
            plan.protocol,
            cell.memory,
            cell.third_factor,
            cell.engine,
            x_name,
            cell.x,
            trial,
            subset,
            quantity,
            float(value),
        )
        for (subset, quantity), values in quantities.items()
        for trial, value in zip(trials, np.atleast_1d(values), strict=True)
    ]

"""A plan: which protocol, memories, options and trials make a study, and whether it can be carried out."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any, NamedTuple, get_args

import numpy as np

from .. import models, protocols
from ..engines.choose import ENGINES
from ..episode import Episode
from ..memory import check_sizes
from ..models.own_value import check_own_value_episode
from ..network.presentation import present
from ..network.settings import is_setting, parameters_with
from ..randomness import study_streams
from ..rule import Rule
from ..spiking import SpikingMemory
from ..third_factors import LeastRecentlyUsed, Random, Sequential, ThirdFactor

MEMORIES = ("rate", "spiking", "hopfield", "bam", "tvt", "learned")
WITHOUT_THIRD_FACTOR = ("hopfield", "bam", "tvt")
THIRD_FACTORS = ("sequential", "random", "least_recently_used")
MEMORY_OPTIONS = {  # may be swept besides the protocol's own arguments; which memories have each
    "n_slots": ("rate", "spiking", "tvt", "learned"),
    "p": ("rate", "spiking", "learned"),
    "stability_threshold": ("rate", "spiking"),
    "key_stability_threshold": ("rate", "spiking"),  # of K, where it is not that of V
    "decay": ("hopfield", "bam"),
    "rule": ("learned", "spiking"),  # a file that `biokv learn` or Rule.save wrote
}
OWN_VALUE = ("hopfield", "tvt")  # a pattern is its own value


class Plan(NamedTuple):
    """All that decides a study's numbers.

    options : the protocol's arguments, the memory's (MEMORY_OPTIONS) and the spiking memory's parameters (numbers, in
    ms, Hz or plain) by name; a list or tuple of values makes an option the x axis, and only one may be.
    trials : for each x, 1 or more. seed : 0 or more. engine : of ENGINES, for the spiking memory.
    replay : the rate memory gets the plateaus that happened in the spiking one (a comparison of pairs).
    patterns (P, d) : one's own, a pattern a row, for the protocol; None lets it draw them.
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


def protocol_names() -> list[str]:
    """Every file in protocols/ that holds a function of its own name."""
    names = [module.name for module in pkgutil.iter_modules(protocols.__path__)]
    return [name for name in names if callable(getattr(_protocol_module(name), name, None))]


def _protocol_module(name: str):
    try:
        return importlib.import_module(f"{protocols.__name__}.{name}")
    except Exception as problem:  # whatever a file of one's own may raise
        raise ValueError(f"protocols/{name}.py cannot be loaded: {type(problem).__name__}: {problem}") from problem


def find_protocol(name: str) -> Callable[..., Episode]:
    """The protocol of that name. Raises ValueError, listing the known ones, if there is none."""
    known = protocol_names()
    if name not in known:
        raise ValueError(f"there is no protocol {name!r}; known are {', '.join(known)}")
    return getattr(_protocol_module(name), name)


def protocol_options(name: str) -> dict[str, inspect.Parameter]:
    """A protocol's arguments by name, from its signature; without the generator and arrays of one's own patterns.

    Raises ValueError if there is no protocol of that name.
    """
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
    if not known:
        raise ValueError(f"{plan.protocol} has no argument beside its generator; it needs one for the x axis")
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
    # every x once, with the smallest cost: a protocol or memory that refuses does so now
    for x_index in range(len(xs)):
        for third_factor in plan.third_factors:
            options = options_at(plan, x_index)
            episode = draw_episode(plan, options, x_index, 0)
            for name in plan.memories:
                memory = make_memory(plan, name, third_factor, options, episode, None, None)
                if name in OWN_VALUE:
                    check_own_value_episode(type(memory).__name__, episode)
                if name == "spiking":
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


def options_at(plan: Plan, x_index: int) -> dict[str, Any]:
    """All options at the i-th x (from 0), each with one value. Raises ValueError as `sweep` does."""
    x_name, xs, fixed = sweep(plan)
    return {**fixed, x_name: xs[x_index]}


def draw_episode(plan: Plan, options: dict[str, Any], x_index: int, trial: int) -> Episode:
    """Trial k at the i-th x: the same for every memory, engine and number of workers.

    options : as `options_at` gives them; the memory's are left out. Raises ValueError for what the protocol refuses.
    """
    own = {name: value for name, value in options.items() if not _is_memorys(plan, name)}
    if plan.patterns is not None:
        own["patterns"] = plan.patterns
    return find_protocol(plan.protocol)(study_streams(plan.seed, x_index, trial)[0], **own)


def make_third_factor(name: str, p: float) -> ThirdFactor:
    """The third factor of a name on the command line, of THIRD_FACTORS. p : of random alone, checked by its `begin`."""
    factors: dict[str, ThirdFactor]
    factors = {"sequential": Sequential(), "random": Random(p), "least_recently_used": LeastRecentlyUsed()}
    return factors[name]


def _thresholds(options: dict[str, Any]) -> float | tuple[float, float] | None:
    """The stability thresholds (eq. 17): one number for K and V, or (K, V)."""
    threshold, of_keys = options.get("stability_threshold"), options.get("key_stability_threshold")
    if of_keys is None:
        return threshold
    if threshold is None:
        raise ValueError("key_stability_threshold is that of K beside the stability_threshold of V, which is missing")
    return of_keys, threshold


def make_memory(plan: Plan, name: str, third_factor: str, options: dict[str, Any], episode: Episode, engine: str | None,
                workers: int | None) -> Any:  # fmt: skip
    """The memory of a name on the command line, of MEMORIES, with the d and m of the episode.

    options : one value each; n_slots, where missing or None, is d. The protocol's do not matter here.
    engine : None takes the plan's. workers : None takes all cores. Both are of the spiking memory.
    Neither name is checked here; that is for `check_plan`.
    Raises ValueError for an option or size out of its range, for hopfield and tvt if m is not d, for learned without a
    rule, and for a rule that cannot be read or does not fit. For spiking also if parameters do not fit each other, a
    rule comes with a stability_threshold, the engine is unknown or lacks its compiler, or workers is not a whole
    number above 0.
    """
    n_slots = episode.key_dim if options.get("n_slots") is None else options["n_slots"]
    d, m = episode.key_dim, episode.value_dim
    decay = options.get("decay", 1.0)
    if name == "hopfield":
        return models.Hopfield(d, m, decay=decay)
    if name == "bam":
        return models.BAM(d, m, decay=decay)
    if name == "tvt":
        return models.TVT(d, n_slots, m)
    check_sizes(n_slots=n_slots)
    factor = make_third_factor(third_factor, options.get("p", 0.1))
    factor.begin(1, n_slots, np.random.default_rng(0))  # refuses a p that is no probability
    if name == "learned":
        if "rule" not in options:
            raise ValueError("the memory learned needs --rule FILE, such as the rule.json of `biokv learn`")
        return models.LearnedMemory(d, n_slots, m, factor, rule=Rule.load(options["rule"]))
    if name == "rate":
        return models.KeyValueMemory(d, n_slots, m, factor, stability_threshold=_thresholds(options))
    settings = {n: v for n, v in options.items() if _is_memorys(plan, n) and n not in MEMORY_OPTIONS}
    return SpikingMemory(
        d, n_slots, m, factor, parameters=parameters_with(settings), stability_threshold=_thresholds(options),
        rule=Rule.load(options["rule"]) if "rule" in options else None, engine=engine or plan.engine, workers=workers,
    )

"""A plan: which protocol, memories, options and trials make a study, and whether it can be carried out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..checks import check_count, check_trial, closest, numbers_of, shown
from ..engines.choose import ENGINES
from ..episode import Episode
from ..memory import check_fits
from ..network.mechanism import Mechanism
from ..network.regimes import REGULAR, settings_of_regime
from ..network.settings import kinds, mechanisms_with, parameters_with
from ..randomness import study_streams
from . import memories as known_memories
from .grid import check_grid, repeats, tried, varying
from .memories import THIRD_FACTORS, Maker, find_memory, make_memory, memory_name, memory_options
from .own_mechanisms import load_mechanisms
from .patterns import check_patterns, in_order_of_trial
from .tasks import Protocol, draw_trial, protocol_name, protocol_options

POPULATIONS = ("input", "feedforward", "hidden", "interneuron", "output", "dendrite")  # whose spikes can be recorded
NONE = "none"  # in the place of a mechanism
NOTHING_RECORDED = ("record_trials says which trials keep their spikes, and record of which populations; without record"
                    " (--record hidden,output) none are kept")  # fmt: skip


class Plan(NamedTuple):
    """All that decides a study's numbers.

    Parameters
    ----------
    protocol : str or callable
        A name, the path of a .py file, or a function.
    memories : tuple of str or callable
        Names, paths of .py files, or functions that make a memory as that of a memory's file does.
    third_factors : tuple of str
        Of THIRD_FACTORS.
    options : dict
        The protocol's arguments, the memories' and the spiking memory's settings (numbers, in ms, Hz or plain) by name.
        Any number of them may be a list or tuple of values: every combination is run (a grid), in the order typed.
        `mechanism`, a name, a path or "none", is an option too, so that it can be a list.
    trials : int
        For each combination, 1 or more.
    seed : int
        What all trials are drawn from, 0 or more.
    engine : {"auto", "compiled", "numpy"}
        For the spiking memory.
    replay : bool
        Whether the rate memory gets the plateaus that happened in the spiking one (a comparison of pairs).
    patterns : np.ndarray or None, shape (P, d)
        One's own, one pattern per row, for the protocol; None lets it draw them.
    mechanisms : tuple of str or Mechanism
        One's own, of the spiking memory: objects, names of built-in ones, or paths of .py files.
    value_patterns : np.ndarray or None, shape (P, m)
        One's own values, for a protocol whose values are no keys, each in the row of its pattern.
    in_order : bool
        True: every trial takes the first of one's own patterns in their order. False: some at random, in random order.
    points : tuple of dict
        Options that vary together, one dictionary per point, all of the same options, none of them in `options`; the
        grid is run at every point.
    axes : dict of str to str
        Of AXES, the varying option that a figure shows there; an axis that is not given is chosen.
    record : tuple of str
        Of POPULATIONS, those whose spikes are kept in the run folder.
    record_trials : tuple of int
        Trials whose spikes are kept, from 0.

    Examples
    --------
    >>> from bioKV.studies.plan import Plan, check_plan
    >>> options = {"n_pairs": [5, 10, 20], "corruption": 0.5}
    >>> plan = Plan("autoassociative", ("rate", "hopfield"), options=options, trials=5)
    >>> check_plan(plan)  # says nothing if all is well
    >>> plan.name
    'autoassociative'
    """

    protocol: Protocol
    memories: tuple[Maker, ...] = ("rate",)
    third_factors: tuple[str, ...] = ("sequential",)
    options: dict[str, Any] = {}  # noqa: RUF012  (never written to)
    trials: int = 20
    seed: int = 0
    engine: str = "auto"
    replay: bool = False
    patterns: np.ndarray | None = None
    mechanisms: tuple[str | Mechanism, ...] = ()
    value_patterns: np.ndarray | None = None
    in_order: bool = False
    points: tuple[dict[str, Any], ...] = ()
    axes: dict[str, str] = {}  # noqa: RUF012  (never written to)
    record: tuple[str, ...] = ()
    record_trials: tuple[int, ...] = (0,)

    @property
    def own_patterns(self) -> dict[str, np.ndarray]:
        """One's own patterns that are given, by name: of patterns and value_patterns."""
        given = {"patterns": self.patterns, "value_patterns": self.value_patterns}
        return {name: array for name, array in given.items() if array is not None}

    @property
    def name(self) -> str:
        """The protocol's name, in tables and file names."""
        return protocol_name(self.protocol)

    def memory(self, name: str) -> Maker:
        """The memory of a name in tables: the plan's own, or a built-in one.

        Parameters
        ----------
        name : str
            The name.

        Returns
        -------
        str or callable
            As the plan has it.
        """
        return next((memory for memory in self.memories if memory_name(memory) == name), name)


def options_of_memories(memories: Iterable[Maker]) -> dict[str, list[str]]:
    """Every option of a memory, the built-in ones' and these.

    Parameters
    ----------
    memories : iterable of str or callable
        Memories besides the built-in ones.

    Returns
    -------
    dict of str to list of str
        Options, and the names of the memories that have them.
    """
    found: dict[str, list[str]] = {}
    for memory in {memory_name(m): m for m in (*known_memories.memory_names(), *memories)}.values():
        for option in memory_options(memory):
            found.setdefault(option, []).append(memory_name(memory))
    return found


def settings_of(plan: Plan) -> dict[str, type[float]]:
    """The settings of the spiking memory with any of the plan's mechanisms.

    Parameters
    ----------
    plan : Plan
        The plan.

    Returns
    -------
    dict of str to type
        Settings, and of which kind each is: Time, Rate or float.

    Raises
    ------
    ValueError
        For a mechanism that is not there.
    """
    given = plan.options.get("mechanism", NONE)
    values = list(given) if isinstance(given, list | tuple) else [given]
    values += [point.get("mechanism", NONE) for point in plan.points]
    sets = [load_mechanisms(mechanisms_of(plan, {"mechanism": value})) for value in values]
    return {name: kind for mechanisms in sets for name, kind in kinds(mechanisms).items()}


def mechanisms_of(plan: Plan, options: Mapping[str, Any]) -> tuple[str | Mechanism, ...]:
    """The mechanisms of every trial, and what the option `mechanism` adds to them.

    Parameters
    ----------
    plan : Plan
        The plan.
    options : dict
        Of one combination.

    Returns
    -------
    tuple of str or Mechanism
        The mechanisms.
    """
    one = options.get("mechanism", NONE)
    return plan.mechanisms if isinstance(one, str) and one == NONE else (*plan.mechanisms, one)


def check_plan(plan: Plan) -> None:
    """Refuse, before anything runs, whatever in a plan cannot be carried out.

    Trial 0 of every combination of `tried` is drawn, and every memory made for it: of up to TRIED combinations all.

    Parameters
    ----------
    plan : Plan
        The plan.

    Raises
    ------
    ValueError
        For the first that cannot be done.
    """
    _check_kinds(plan)
    for memory in plan.memories:
        find_memory(memory)
    _check_choice("memory", [memory_name(memory) for memory in plan.memories], known_memories.memory_names())
    _check_choice("third factor", list(plan.third_factors), THIRD_FACTORS)
    _check_choice("engine", [plan.engine], ENGINES)
    check_count("trials", plan.trials)
    check_count("seed", plan.seed, least=0)
    check_grid(plan)
    _check_known(plan)
    _check_memory_options(plan)
    _check_record(plan)
    check_patterns(plan.protocol, plan.own_patterns, plan.in_order)
    combined = tried(plan)
    if plan.own_patterns:  # in their order first: what is refused is named by its row
        draw_episode(plan._replace(in_order=True), combined[0], 0, 0)
    for options in combined:
        episode = draw_episode(plan, options, task_digest(plan, options), 0)
        for third_factor in plan.third_factors:
            for memory in plan.memories:
                made = memory_for(plan, memory_name(memory), third_factor, options, episode)
                if hasattr(made, "check_episode"):
                    made.check_episode(episode)
                else:
                    check_fits(made, episode)


def _check_known(plan: Plan) -> None:
    """Raise ValueError for an option that nothing of the plan has."""
    known, of_memories = protocol_options(plan.protocol), options_of_memories(plan.memories)
    others = {*known, *of_memories, "mechanism"}
    unknown = [name for name in {**plan.options, **dict.fromkeys(varying(plan))} if name not in others]
    settings = settings_of(plan) if unknown else {}
    for name in unknown:
        if name not in settings:
            there = closest(name, [*known, *of_memories, *settings], "it has")
            raise ValueError(f"{plan.name} has no option {name!r}{there}")


def _check_record(plan: Plan) -> None:
    """Raise ValueError for populations or trials there are none of, and for recording without the spiking memory."""
    for name in plan.record:
        if name not in POPULATIONS:
            raise ValueError(f"there is no population {shown(name)} to record{closest(name, POPULATIONS)}")
    if repeats(plan.record):
        raise ValueError(f"a population was given twice to record: {', '.join(plan.record)}")
    if plan.record and "spiking" not in [memory_name(memory) for memory in plan.memories]:
        raise ValueError("record keeps spikes, and the spiking memory is not among the memories (--memory spiking)")
    if plan.record and not plan.record_trials:
        raise ValueError("record_trials must name at least one trial whose spikes are kept; got none")
    for trial in plan.record_trials if plan.record else ():
        try:
            check_trial(trial, plan.trials)
        except ValueError as problem:
            raise ValueError(f"record_trials: {problem}") from None
    if not plan.record and tuple(plan.record_trials) != Plan._field_defaults["record_trials"]:
        raise ValueError(NOTHING_RECORDED)
    if repeats(plan.record_trials):
        raise ValueError(f"record_trials must differ; got {shown(list(plan.record_trials))}")


def _check_kinds(plan: Plan) -> None:
    """Raise ValueError for a field that holds what none can."""
    if not isinstance(plan.protocol, str) and not callable(plan.protocol):
        raise ValueError(f"protocol must be a name, a path or a function; got {shown(plan.protocol)}")
    for name in ("memories", "third_factors", "mechanisms", "points", "record", "record_trials"):
        given = getattr(plan, name)
        if not isinstance(given, list | tuple):
            raise ValueError(f"{name} must be a tuple of them; got {shown(given)}")
    for memory in plan.memories:
        if not isinstance(memory, str) and not callable(memory):
            raise ValueError(f"a memory must be a name, a path or a function; got {shown(memory)}")
    if not isinstance(plan.options, Mapping) or not all(isinstance(name, str) for name in plan.options):
        raise ValueError(f"options must be a dictionary from names to values; got {shown(plan.options)}")
    for point in plan.points:
        if not isinstance(point, Mapping) or not all(isinstance(name, str) for name in point):
            raise ValueError(f"a point must be a dictionary from names to values; got {shown(point)}")
    if not isinstance(plan.axes, Mapping):
        raise ValueError(f"axes must be a dictionary from axes to options; got {shown(plan.axes)}")
    if plan.patterns is not None:
        numbers_of("patterns", plan.patterns)


def _check_choice(kind: str, given: list[str], known: Sequence[str]) -> None:
    """Raise ValueError if nothing was given, something twice, or (but for memories, which may be files) what is not
    known."""
    if not given:
        raise ValueError(f"no {kind} was given; known are {', '.join(known)}")
    for name in given:
        if name not in known and kind != "memory":
            raise ValueError(f"there is no {kind} {shown(name)}{closest(name, known)}")
    if len(set(given)) != len(given):
        raise ValueError(f"a {kind} was given twice: {', '.join(given)}")


def _check_memory_options(plan: Plan) -> None:
    """Raise ValueError for a memory's option that no memory of the plan has, or that acts on none of them."""
    names, own = [memory_name(memory) for memory in plan.memories], protocol_options(plan.protocol)
    of_memories = options_of_memories(plan.memories)
    given = {**plan.options, **dict.fromkeys(varying(plan))}
    settings = [name for name in given if name not in own and name not in of_memories and name != "mechanism"]
    if settings and "spiking" not in names:
        raise ValueError(f"{settings[0]} is a parameter of the spiking memory; it does nothing for"
                         f" {', '.join(names)} (--memory spiking)")  # fmt: skip
    if (plan.mechanisms or ("mechanism" in given and "mechanism" not in own)) and "spiking" not in names:
        raise ValueError(f"a mechanism is of the spiking memory; it does nothing for {', '.join(names)}"
                         " (--memory spiking)")  # fmt: skip
    for name, having in of_memories.items():
        if name in given and name not in own and not set(having) & set(names):
            raise ValueError(f"{name} is an option of {' and '.join(having)}; it does nothing for {', '.join(names)}")
    if "p" in given and "p" not in own and "random" not in plan.third_factors:
        raise ValueError(
            f"p is the probability of random third factors; it does nothing for {', '.join(plan.third_factors)}"
            " (--third-factor random)"
        )


def task_digest(plan: Plan, options: dict[str, Any]) -> int:
    """A number that stands for what is presented; a trial draws from the seed, this and its own number.

    It is made of the protocol's name, all its own options, defaults too, and the content of one's own patterns. So
    adding a value to a list, a memory or an option of a memory changes no trial of the others.

    Parameters
    ----------
    plan : Plan
        The plan.
    options : dict
        Of one combination; the memory's are left out.

    Returns
    -------
    int
        The digest.

    Raises
    ------
    ValueError
        For an unknown protocol.
    """
    own = {name: options.get(name, parameter.default) for name, parameter in protocol_options(plan.protocol).items()}
    text = json.dumps([plan.name, sorted((name, said(value)) for name, value in own.items())])
    digest = hashlib.sha256(text.encode())
    for name, patterns in plan.own_patterns.items():
        digest.update(f"{name} {patterns.shape}".encode() + np.ascontiguousarray(patterns, float).tobytes())
    return int.from_bytes(digest.digest()[:16])


def said(value: Any) -> str:
    """An option as text: 1, 1.0 and numpy's 1 are the same number.

    Parameters
    ----------
    value : Any
        The option.

    Returns
    -------
    str
        The text.
    """
    is_number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    return repr(float(value)) if is_number else repr(value)


def draw_episode(plan: Plan, options: dict[str, Any], task: int, trial: int) -> Episode:
    """A trial of a task: the same for every memory, engine and number of workers.

    Parameters
    ----------
    plan : Plan
        The plan.
    options : dict
        Of one combination; the memory's are left out.
    task : int
        Their `task_digest`.
    trial : int
        Its number, from 0.

    Returns
    -------
    Episode
        What is presented.

    Raises
    ------
    ValueError
        For what the protocol refuses.
    """
    own = {name: value for name, value in options.items() if name in protocol_options(plan.protocol)}
    rng = study_streams(plan.seed, task, trial)[0]
    return draw_trial(plan.protocol, rng, **own, **in_order_of_trial(plan.own_patterns, plan.in_order, rng))


def memory_for(plan: Plan, name: str, third_factor: str, options: dict[str, Any], episode: Episode,
               engine: str | None = None, workers: int | None = None) -> Any:  # fmt: skip
    """The plan's memory of a name, or a built-in one, with the d and m of an episode.

    Parameters
    ----------
    plan : Plan
        The plan.
    name : str
        The memory.
    third_factor : str
        Its name.
    options : dict
        Of one combination, one value each.
    episode : Episode
        What is presented.
    engine : str or None
        Of the spiking memory; None takes the plan's.
    workers : int or None
        Of the spiking memory, processes at a time; None takes all cores.

    Returns
    -------
    Memory
        The memory.

    Raises
    ------
    ValueError
        For what the memory refuses.
    """
    own = {name: value for name, value in options.items() if name not in protocol_options(plan.protocol)}
    circuit: dict[str, Any] = {}
    if name == "spiking":
        mechanisms = load_mechanisms(mechanisms_of(plan, own))
        settings = {name: own[name] for name in kinds(mechanisms) if name in own}
        settings = {**settings_of_regime(own.get("regime", REGULAR)), **settings}
        circuit = {"parameters": parameters_with(settings), "mechanisms": mechanisms_with(settings, mechanisms),
                   "engine": engine or plan.engine, "workers": workers}  # fmt: skip
    return make_memory(plan.memory(name), third_factor, own, episode.key_dim, episode.value_dim, **circuit)


def described(thing: Any) -> str:
    """What a record says of a thing: a name, a path, or for an object of Python's what it is called there.

    Parameters
    ----------
    thing : Any
        A protocol, memory or mechanism.

    Returns
    -------
    str
        The text.
    """
    if isinstance(thing, str):
        return thing
    if callable(thing):
        return f"{thing.__module__}.{getattr(thing, '__qualname__', type(thing).__qualname__)}"
    return shown(thing)

"""Memory: what every memory of bioKV offers."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike

from . import shapes
from .checks import MOST, check_count, check_generator, is_number, numbers_of, path_of, shown
from .episode import Episode
from .randomness import Rng
from .response import Response
from .third_factors import ThirdFactor
from .whole_file import replacing


class Output(NamedTuple):
    """The answer at one step; B trials side by side.

    Parameters
    ----------
    before, after : array, (B, m)
        The recalled value before and after this step's own write.
    hidden : array, (B, N)
        Softmax (rate) or spike shares (spiking) when the key was read.
    third_factor : array, (B, N)
        The plateaus of this step (0 or 1).
    """

    before: np.ndarray
    after: np.ndarray
    hidden: np.ndarray
    third_factor: np.ndarray

    def __repr__(self) -> str:
        return shapes.line("Output", self._asdict())


class Memory(Protocol):
    """The interface of every memory, rate or spiking.

    Sizes are d = key_dim entries of a key, N = n_slots hidden neurons and m = value_dim entries of a value.
    """

    key_dim: int
    n_slots: int
    value_dim: int

    def begin(self, n_trials: int, rng: Rng) -> Any:
        """A fresh state for independent trials.

        Parameters
        ----------
        n_trials : int
            Number of trials B.
        rng : Generator, or a list of them
            One for all, or one per trial.

        Returns
        -------
        state
            A tuple of arrays that `step` takes.
        """

    def step(self, state: Any, key: np.ndarray, value: np.ndarray, gate: np.ndarray, gamma: np.ndarray | None = None
             ) -> tuple[Any, Output]:  # fmt: skip
        """Read, then write; pure: the state that came stays as it is.

        Parameters
        ----------
        state : state of this memory
            As `begin` or `step` returned it.
        key : array, (B, d)
            The key, or a query.
        value : array, (B, m)
            The value to be stored with it.
        gate : array, (B,)
            Global third factor q; with 0 nothing is stored.
        gamma : array, (B, N)
            Imposed plateaus, 0 or 1. None (default): the memory's own third factor acts.

        Returns
        -------
        state : state of this memory
            After the step.
        output : Output
            What was recalled, before and after the write.
        """

    def respond(self, episode: Episode, rng: Rng) -> Response:
        """Present a whole episode to a fresh state.

        Parameters
        ----------
        episode : Episode
            With keys (..., T, d) and values (..., T, m).
        rng : Generator, or a list of them
            One for all, or one per trial.

        Returns
        -------
        Response

        Raises
        ------
        ValueError
            If the episode's sizes are not the memory's.
        """

    def weights(self, state: Any) -> tuple[np.ndarray, np.ndarray]:
        """The weights in rate units.

        Parameters
        ----------
        state : state of this memory
            As `begin`, `step` or a response has it.

        Returns
        -------
        K : array, (B, N, d)
            Keys, one row per slot. A memory without slots gives W (B, m, d).
        V : array, (B, m, N)
            Values, one column per slot. A memory without slots gives W^T (B, d, m).
        """


class Prompt:
    """The methods store, recall and reset for a person at a prompt, on top of a memory's `begin` and `step`.

    What was stored so far is one state of a single trial, begun when it is first needed.
    """

    key_dim: int
    n_slots: int
    value_dim: int
    third_factor: ThirdFactor | None = None
    _state: Any = None
    _rng: np.random.Generator | None = None
    _form: Any = None

    def begin(self, n_trials: int, rng: Rng) -> Any:
        """A fresh state for independent trials. Every memory has its own.

        Parameters
        ----------
        n_trials : int
            Number of trials B.
        rng : Generator, or a list of them
            One for all, or one per trial.

        Returns
        -------
        state
            A tuple of arrays that `step` takes.

        Raises
        ------
        NotImplementedError
            Here.
        """
        raise NotImplementedError

    def step(self, state: Any, key: np.ndarray, value: np.ndarray, gate: np.ndarray, gamma: np.ndarray | None = None
             ) -> tuple[Any, Output]:  # fmt: skip
        """Read, then write; pure: the state that came stays as it is. Every memory has its own.

        Parameters
        ----------
        state : state of this memory
            As `begin` or `step` returned it.
        key : array, (B, d)
            The key, or a query.
        value : array, (B, m)
            The value to be stored with it.
        gate : array, (B,)
            Global third factor q; with 0 nothing is stored.
        gamma : array, (B, N)
            Imposed plateaus, 0 or 1. None (default): the memory's own third factor acts.

        Returns
        -------
        state : state of this memory
            After the step.
        output : Output
            What was recalled, before and after the write.

        Raises
        ------
        NotImplementedError
            Here.
        """
        raise NotImplementedError

    def check_episode(self, episode: Episode) -> None:
        """Raise ValueError for an episode that this memory cannot answer.

        Parameters
        ----------
        episode : Episode
            What is to be presented.
        """
        check_fits(self, episode)

    def store(self, key: ArrayLike, value: ArrayLike, gate: float = 1.0) -> None:
        """Store one pair.

        Parameters
        ----------
        key : array_like, (d,)
            The key; an entry of 0 is unknown.
        value : array_like, (m,)
            Its value.
        gate : float
            Global third factor q, above 0.

        Raises
        ------
        ValueError
            On another length, on entries that are not finite, on a gate that is not above 0, or on what the memory's
            `step` refuses.
        """
        key, value = _vector("key", key, self.key_dim), _vector("value", value, self.value_dim)
        if not (is_number(gate) and gate > 0):
            raise ValueError(f"gate must be a finite number above 0 to store anything; got {shown(gate)}")
        state, _ = self.step(self.state, key[None], value[None], np.array([float(gate)]))
        self._state = state

    def recall(self, query: ArrayLike) -> np.ndarray:
        """The value recalled for a query. The slot counter stays where it is.

        Parameters
        ----------
        query : array_like, (d,)
            A key, with 0 where an entry is unknown.

        Returns
        -------
        array, (m,)
            Real-valued; its sign is what is scored.

        Raises
        ------
        ValueError
            On another length, on entries that are not finite, or on what the memory's `step` refuses.
        """
        before = self.state
        key = _vector("query", query, self.key_dim)
        after, output = self._prompt_recall(before, key[None])
        self._state = after
        return output.before[0]

    def reset(self, rng: np.random.Generator | None = None) -> None:
        """Forget everything stored at the prompt.

        Parameters
        ----------
        rng : Generator
            Drives what comes after. None (default): fresh entropy.

        Raises
        ------
        ValueError
            If rng is anything but a Generator or None.
        """
        if rng is not None:
            check_generator(rng)
        self._rng = rng
        self._state = None

    @property
    def state(self) -> Any:
        """What was stored at the prompt so far: one trial's state, as `step` takes and returns it.

        Setting it puts another there, of one trial, that `begin`, `step` or `load` of this memory returned.
        """
        if self._state is None:
            self._state = self.begin(1, self._rng or np.random.default_rng())
        return self._state

    @state.setter
    def state(self, state: Any) -> None:
        """What was stored at the prompt so far: one trial's state, as `step` takes and returns it.

        Setting it puts another there, of one trial, that `begin`, `step` or `load` of this memory returned.
        """
        fits = type(state) is type(self.begin(1, np.random.default_rng())) and self._fits(state)
        if not fits or n_trials_of(state) != 1:
            raise ValueError(f"state must be of one trial, as begin(1, rng) of this memory returns; got {shown(state)}")
        self._state = state

    def _fits(self, state: Any) -> bool:
        """Whether a state of this memory's kind has its sizes."""
        if self._form is None:
            self._form = _form(self.begin(1, np.random.default_rng()))
        return self._form == _form(state)

    def __repr__(self) -> str:
        sizes = {"key_dim": self.key_dim, "n_slots": self.n_slots or None, "value_dim": self.value_dim}
        facts = {**sizes, "third_factor": self.third_factor}
        said = ", ".join(f"{name}={value!r}" for name, value in facts.items() if value is not None)
        return f"{type(self).__name__}({said})"

    def _prompt_recall(self, before, key):
        after, output = self.step(before, key, np.zeros((1, self.value_dim)), np.zeros(1))
        assert self.third_factor is not None  # memories without one have a recall of their own
        kept = self.third_factor.after_prompt(before.third_factor, after.third_factor)
        return after._replace(third_factor=kept), output


def _form(state: Any) -> list[Any]:
    """Of every field of a state the shape of a trial's array, or what it is."""
    return [one.shape[1:] if isinstance(one, np.ndarray) else type(one) for one in state]


def _vector(name: str, vector: Any, size: int) -> np.ndarray:
    vector = numbers_of(name, vector)
    if vector.shape != (size,):
        raise ValueError(f"{name} has shape {vector.shape} but this memory takes ({size},)")
    if not np.isfinite(vector).all():
        raise ValueError(f"{name} must be finite numbers; entry {np.flatnonzero(~np.isfinite(vector))[0]} is not")
    return vector


def check_sizes(**sizes: int) -> None:
    """Raise ValueError unless every size is a whole number from 1 to a thousand million.

    So must be the number of weights where there are slots.

    Parameters
    ----------
    **sizes : int
        By the name of their argument.
    """
    for name, size in sizes.items():
        check_count(name, size)
    if "n_slots" in sizes:
        n_weights = sizes["n_slots"] * (sizes.get("key_dim", 0) + sizes.get("value_dim", 0))
        if n_weights > MOST:
            said = ", ".join(f"{name}={size}" for name, size in sizes.items())
            raise ValueError(f"a memory of {said} has {n_weights:,} weights, and at most {MOST:,} fit; fewer n_slots"
                             " are needed")  # fmt: skip


def check_thresholds(threshold: Any) -> tuple[float, float] | None:
    """The stability thresholds of K and V.

    Parameters
    ----------
    threshold : float, or a pair of them
        One number for K and V, or (K, V). None: slots stay plastic.

    Returns
    -------
    tuple of float, or None

    Raises
    ------
    ValueError
        Unless they are numbers above 0.
    """
    if threshold is None:
        return None
    pair = tuple(threshold) if isinstance(threshold, tuple | list | np.ndarray) else (threshold, threshold)
    if len(pair) != 2 or not all(is_number(t) and t > 0 for t in pair):
        raise ValueError(
            f"stability_threshold must be a number above 0, or two of them for K and V; got {shown(threshold)}"
        )
    return float(pair[0]), float(pair[1])


def stability_thresholds(threshold: float | None, of_keys: float | None) -> float | tuple[float, float] | None:
    """The stability thresholds (eq. 17) as they are typed: one number for K and V, or (K, V) where K has its own.

    Parameters
    ----------
    threshold : float
        Of V, and of K where it has none of its own. None: slots stay plastic.
    of_keys : float
        Of K. None: that of V.

    Returns
    -------
    float, tuple of float, or None

    Raises
    ------
    ValueError
        For one of K without one of V.
    """
    if of_keys is None:
        return threshold
    if threshold is None:
        raise ValueError("key_stability_threshold is that of K beside the stability_threshold of V, which is missing")
    return of_keys, threshold


def check_fits(memory: Any, episode: Episode) -> None:
    """Raise ValueError unless the episode's keys, values and imposed plateaus have the memory's sizes.

    Parameters
    ----------
    memory : Memory
        Which is to answer.
    episode : anything
        The argument that came.
    """
    if not isinstance(episode, Episode):
        raise ValueError(f"a memory answers an Episode, such as a protocol returns; got {shown(episode)}")
    if episode.key_dim != memory.key_dim:
        raise ValueError(f"keys has {episode.key_dim} columns but this memory has key_dim={memory.key_dim}")
    if episode.value_dim != memory.value_dim:
        raise ValueError(f"values has {episode.value_dim} columns but this memory has value_dim={memory.value_dim}")
    gamma = episode.local_third_factor
    if gamma is not None and gamma.shape[-1] != memory.n_slots:
        raise ValueError(
            f"local_third_factor has {gamma.shape[-1]} columns but this memory has n_slots={memory.n_slots}"
        )


def n_trials_of(state: Any) -> int:
    """Number of trials that a state is of.

    Parameters
    ----------
    state : state of a memory
        A tuple of arrays (B, ...); a spiking memory's holds its arrays by name.

    Returns
    -------
    int
    """
    return len(state.streams if hasattr(state, "streams") else state[0])


def check_can(memory: Any, *methods: str) -> None:
    """Raise ValueError unless memory has these methods, as the memories of bioKV have.

    Parameters
    ----------
    memory : anything
        The argument that came.
    *methods : str
        Names of what will be called.
    """
    if not all(hasattr(memory, name) for name in methods):
        raise ValueError(f"memory must be one such as bioKV.models.KeyValueMemory; got {shown(memory)}")


def check_state_of(memory: Any, kind: type[tuple], state: Any) -> None:
    """Raise ValueError unless the state is of a memory's kind and sizes.

    Parameters
    ----------
    memory : Prompt
        The memory.
    kind : type
        Of its states.
    state : anything
        The argument that came.
    """
    if not isinstance(state, kind) or not memory._fits(state):
        raise ValueError(f"state must be what begin or step of this memory returned; got {shown(state)}")


def check_step(memory: Memory, kind: type[tuple], state: Any, key: Any, value: Any, gate: Any,
               gamma: Any = None) -> None:  # fmt: skip
    """Raise ValueError unless the state is of its kind and a step's arrays have the memory's sizes.

    Parameters
    ----------
    memory : Memory
        Which is to take the step.
    kind : type
        Of its state.
    state : anything
        The argument that came.
    key : array_like, (B, d)
        Finite numbers.
    value : array_like, (B, m)
        Finite numbers.
    gate : array_like, (B,)
        Finite numbers, 0 or more.
    gamma : array_like, (B, N)
        0 or 1; or None.
    """
    check_state_of(memory, kind, state)
    n_trials = n_trials_of(state)
    shapes = {"key": (n_trials, memory.key_dim), "value": (n_trials, memory.value_dim), "gate": (n_trials,),
              "gamma": (n_trials, memory.n_slots)}  # fmt: skip
    for (name, shape), array in zip(shapes.items(), (key, value, gate, gamma), strict=True):
        if array is None and name == "gamma":
            continue
        found = numbers_of(name, array)
        if found.shape != shape:
            raise ValueError(f"{name} has shape {found.shape} but this step takes {shape}")
        if not np.isfinite(found).all() or (name == "gate" and (found < 0).any()):
            raise ValueError(f"{name} must be finite numbers{', 0 or more' * (name == 'gate')}; got {shown(array)}")
        if name == "gamma" and not np.isin(found, (0, 1)).all():
            raise ValueError(f"gamma must be 0 or 1, a plateau or none; got {shown(array)}")


def save_arrays(path: str | Path, kind: str, arrays: dict[str, np.ndarray]) -> None:
    """Write a state's arrays with the kind of memory they belong to, in NumPy's .npz format, under just this name.

    Parameters
    ----------
    path : str or Path
        File to write.
    kind : str
        Name of the kind of memory.
    arrays : dict of array
        Of any names but "kind".

    Raises
    ------
    ValueError
        If it cannot be written.
    """
    everything: dict[str, Any] = {"kind": np.array(kind), **arrays}
    with replacing(path) as new, open(new, "wb") as file:
        np.savez_compressed(file, **everything)


def check_saved(path: str | Path, saved: Iterable[str], wanted: Iterable[str]) -> None:
    """Raise ValueError unless a file holds the arrays of these names and no others.

    Parameters
    ----------
    path : str or Path
        The file, for the message.
    saved : iterable of str
        Names that it holds.
    wanted : iterable of str
        Names that this memory's state has.
    """
    saved, wanted = set(saved), set(wanted)
    for says, names in (("lacks", sorted(wanted - saved)), ("holds", sorted(saved - wanted))):
        if names:
            has = "which this memory has" if says == "lacks" else "which this memory does not have"
            raise ValueError(f"{path} {says} {', '.join(names)}, {has}; it was saved by a memory with another third"
                             " factor, stability, rule, parameters or mechanisms")  # fmt: skip


def check_saved_third_factor(path: str | Path, saved: Any, third_factor: ThirdFactor) -> None:
    """Raise ValueError unless a file was saved with this third factor.

    Parameters
    ----------
    path : str or Path
        The file, for the message.
    saved : anything
        The name that it holds.
    third_factor : ThirdFactor
        That of this memory.
    """
    if str(saved) != third_factor.name:
        raise ValueError(f"{path} was saved with the third factor {saved}, this memory has {third_factor.name}")


def load_arrays(path: str | Path, kind: str) -> dict[str, np.ndarray]:
    """The arrays that `save_arrays` wrote, by name, without the kind.

    Parameters
    ----------
    path : str or Path
        File to read.
    kind : str
        Name of the kind of memory it must belong to.

    Returns
    -------
    dict of array

    Raises
    ------
    ValueError
        If the file cannot be read, or does not hold the state of this kind of memory.
    """
    path = path_of("path", path)
    try:
        with np.load(path, allow_pickle=False) as saved:
            arrays = dict(saved)
    except OSError as problem:
        raise ValueError(f"cannot read {path}: {problem.strerror or problem}") from None
    except (ValueError, TypeError, EOFError, zipfile.BadZipFile):
        arrays = {}  # some other file
    if str(arrays.pop("kind", "")) != kind:
        raise ValueError(f"{path} does not hold the state of a {kind} memory")
    return arrays

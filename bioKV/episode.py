"""Episode: what a protocol presents to a memory, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from . import shapes
from .checks import numbers_of, shown

STEP_FIELDS = ("keys", "values", "gate", "source", "feedback", "local_third_factor", "subset")


@dataclass(frozen=True, eq=False, repr=False)
class Episode:
    """What is presented when.

    T counts presentations (steps), not pairs; leading axes are independent trials. Everything is checked once, here,
    and the arrays are copies that cannot be written to.

    Parameters
    ----------
    keys : array, (..., T, d)
        The key to store, or the query; 0 where an entry is unknown.
    values : array, (..., T, m)
        The clamped value while storing; the right answer while recalling, which no memory is shown.
    gate : array, (..., T)
        Global third factor q; 0 = do not store.
    source : array of int, (..., T)
        The step at which the queried pair was stored, -1 where nothing is asked. ``source >= 0`` is exactly what is
        scored; a lure (a query that was never stored) has source -1.
    feedback : array of bool, (..., T)
        Whether the key of this step is the sign of the memory's previous output. None (default): nowhere.
    local_third_factor : array, (..., T, N)
        Imposed plateaus (0 or 1). None (default): the memory's own third factor acts.
    read_after_write : bool
        False, a step answers before its own write; True, after it.
    subset : array of int, (..., T)
        Small numbers that group the recalls, one for each of `subset_names`. None (default): 0 everywhere.
    subset_names : tuple of str
        What the groups are called: "regular", "flashbulb", ...

    Raises
    ------
    ValueError
        When shapes disagree, an array is empty or not finite, the gate is negative, `source` points to a later step or
        to one that was not stored, feedback or a third factor is neither 0 nor 1, or read_after_write is no bool.

    Examples
    --------
    A pattern is stored at step 0 and asked for at step 1, with its second half unknown.

    >>> from bioKV import Episode
    >>> Episode(
    ...     keys=[[1, -1, 1, 1], [1, -1, 0, 0]],
    ...     values=[[1, -1, 1, 1], [1, -1, 1, 1]],
    ...     gate=[1, 0],
    ...     source=[-1, 0],
    ... )
    <Episode: keys (2, 4), values (2, 4), steps 1 store, 1 recall, 0 other>
    """

    keys: np.ndarray
    values: np.ndarray
    gate: np.ndarray
    source: np.ndarray
    feedback: np.ndarray = None  # type: ignore[assignment]  # filled in below
    local_third_factor: np.ndarray | None = None
    read_after_write: bool = False
    subset: np.ndarray = None  # type: ignore[assignment]  # filled in below
    subset_names: tuple[str, ...] = ("all",)

    def __post_init__(self):
        keys = numbers_of("keys", self.keys).copy()
        if keys.ndim < 2 or keys.size == 0:
            raise ValueError(f"keys must have shape (..., T, d) with at least one step and one entry; got {keys.shape}")
        steps = keys.shape[:-1]
        values = numbers_of("values", self.values).copy()
        if values.shape[:-1] != steps or values.ndim < 2 or values.size == 0:
            raise ValueError(
                f"values must have shape {(*steps, 'm')} to go with keys of shape {keys.shape}; got {values.shape}"
            )
        gate = _per_step("gate", self.gate, float, steps)
        for name, array in (("keys", keys), ("values", values), ("gate", gate)):
            if not np.isfinite(array).all():
                raise ValueError(
                    f"{name} must be finite numbers; got NaN or infinity at index {_first(~np.isfinite(array))}"
                )
        if (gate < 0).any():
            raise ValueError(
                f"gate is the global third factor q and must be 0 or more; got {gate.min()} at index {_first(gate < 0)}"
            )
        source = _per_step("source", self.source, np.int64, steps)
        feedback = _per_step("feedback", False if self.feedback is None else self.feedback, bool, steps)
        if not isinstance(self.read_after_write, bool | np.bool_):
            raise ValueError(f"read_after_write must be True or False; got {self.read_after_write!r}")
        if feedback.any() and keys.shape[-1] != values.shape[-1]:
            raise ValueError(
                f"feedback turns a value into a key; values have {values.shape[-1]} entries, keys {keys.shape[-1]}"
            )
        subset = _per_step("subset", 0 if self.subset is None else self.subset, np.int64, steps)
        if (subset < 0).any() or (subset >= len(self.subset_names)).any():
            raise ValueError(
                f"subset must hold integers from 0 to {len(self.subset_names) - 1}, one for each of {self.subset_names}"
            )
        self._check_source(gate, source)
        arrays = {
            "keys": keys,
            "values": values,
            "gate": gate,
            "source": source,
            "feedback": feedback,
            "subset": subset,
        }
        if self.local_third_factor is not None:
            gamma = numbers_of("local_third_factor", self.local_third_factor).copy()
            if gamma.shape[:-1] != steps or gamma.shape[-1] == 0:
                raise ValueError(f"local_third_factor must have shape {(*steps, 'N')}; got {gamma.shape}")
            if not np.isin(gamma, (0.0, 1.0)).all():
                raise ValueError(
                    f"local_third_factor must be 0 or 1; got something else at index {_first(~np.isin(gamma, (0, 1)))}"
                )
            arrays["local_third_factor"] = gamma
        for name, array in arrays.items():
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    def _check_source(self, gate, source):
        n_steps = gate.shape[-1]
        now = np.arange(n_steps)
        newest = now if self.read_after_write else now - 1  # what is read after the write may be what was just written
        if (source < -1).any() or (source > np.broadcast_to(newest, source.shape))[source >= 0].any():
            wrong = (source < -1) | ((source >= 0) & (source > newest))
            raise ValueError(f"source must be -1 or an earlier step; at index {_first(wrong)} it is {source[wrong][0]}")
        stored = np.take_along_axis(gate, np.maximum(source, 0), axis=-1) > 0
        if ((source >= 0) & ~stored).any():
            wrong = (source >= 0) & ~stored
            raise ValueError(
                f"source must point to a step that was stored (gate above 0); at index {_first(wrong)} it points to"
                f" step {source[wrong][0]}, whose gate is 0"
            )

    def facts(self) -> dict[str, Any]:
        """What is shown of it.

        Returns
        -------
        dict
            From a short name to an array or a text.
        """
        asked = np.unique(self.subset[self.is_recall])
        return {
            "keys": self.keys,
            "values": self.values,
            "steps": f"{int(self.is_store.sum())} store, {int(self.is_recall.sum())} recall,"
            f" {int((~self.is_store & ~self.is_recall).sum())} other",
            "keys by feedback": str(int(self.feedback.sum())) if self.feedback.any() else None,
            "imposed third factor": self.local_third_factor,
            "read": "after the write" if self.read_after_write else None,
            "subsets": ", ".join(self.subset_names[i] for i in asked) if len(self.subset_names) > 1 else None,
        }

    def __repr__(self) -> str:
        return shapes.line("Episode", self.facts())

    def _repr_html_(self) -> str:
        return shapes.table("Episode", self.facts())

    @property
    def n_steps(self) -> int:
        """Number of presentations T."""
        return self.keys.shape[-2]

    @property
    def key_dim(self) -> int:
        """Number of entries of a key, d."""
        return self.keys.shape[-1]

    @property
    def value_dim(self) -> int:
        """Number of entries of a value, m."""
        return self.values.shape[-1]

    @property
    def trials_shape(self) -> tuple[int, ...]:
        """The leading axes; () for a single trial."""
        return self.keys.shape[:-2]

    @property
    def is_recall(self) -> np.ndarray:
        """The steps that are scored: bool, (..., T)."""
        return self.source >= 0

    @property
    def is_store(self) -> np.ndarray:
        """The steps at which plasticity is on: bool, (..., T)."""
        return self.gate > 0

    def flat(self) -> Episode:
        """The same trials along one leading axis; a single trial becomes B = 1.

        Returns
        -------
        Episode
            Its arrays have shape (B, T, ...).
        """
        n = len(self.trials_shape)
        if n == 1:
            return self  # checked already
        return self._map(lambda a: a.reshape(-1, *a.shape[n:]))

    def trials(self, which: Any) -> Episode:
        """Some of the trials of an episode with one leading axis.

        Parameters
        ----------
        which : int, slice or array of int
            Trials to take, from 0.

        Returns
        -------
        Episode

        Raises
        ------
        ValueError
            If it has another number of leading axes, or no such trial.
        """
        if len(self.trials_shape) != 1:
            raise ValueError(f"trials takes an episode with one leading axis; this one has {self.trials_shape}")
        try:
            if which is None:  # which NumPy takes for another axis
                raise IndexError
            return self._map(lambda a: a[which])
        except IndexError:
            n_trials = len(self.gate)
            raise ValueError(f"trials lie in 0 to {n_trials - 1}, of {n_trials}; got {shown(which)}") from None

    def with_third_factor(self, local_third_factor: np.ndarray | None) -> Episode:
        """The same episode with imposed plateaus, as when a spiking run is replayed into the rate model.

        Parameters
        ----------
        local_third_factor : array, (..., T, N)
            Plateaus, 0 or 1; None: the memory's own third factor acts.

        Returns
        -------
        Episode
        """
        return replace(self, local_third_factor=local_third_factor)

    def _map(self, transform) -> Episode:
        arrays: dict[str, Any] = {name: getattr(self, name) for name in STEP_FIELDS}
        changed: dict[str, Any] = {name: None if a is None else transform(a) for name, a in arrays.items()}
        return replace(self, **changed)

    @staticmethod
    def stack(episodes: Sequence[Episode]) -> Episode:
        """Put single trials side by side along a new leading axis.

        Shorter ones are padded with key 0, gate 0 and source -1, which stores nothing and asks nothing.

        Parameters
        ----------
        episodes : list of Episode
            Single trials of one protocol.

        Returns
        -------
        Episode
            With arrays of shape (B, T, ...), where T is the length of the longest.

        Raises
        ------
        ValueError
            If there are none, if one is not a single trial, or if they disagree in anything but length.

        Examples
        --------
        >>> import numpy as np
        >>> from bioKV import Episode, protocols
        >>> rng = np.random.default_rng(2021)
        >>> Episode.stack([protocols.autoassociative(rng, n_pairs=n) for n in (2, 5)])
        <Episode: keys (2, 10, 40), values (2, 10, 40), steps 7 store, 7 recall, 6 other>
        """
        if not isinstance(episodes, list | tuple):
            raise ValueError(f"stack takes a list of episodes; got {shown(episodes)}")
        if not episodes:
            raise ValueError("stack needs at least one episode; got none")
        for e in episodes:
            check_is_episode("stack", e)
        first, n_steps = episodes[0], max(e.n_steps for e in episodes)
        for e in episodes:
            same = (e.key_dim, e.value_dim, e.read_after_write, e.subset_names) == (
                first.key_dim, first.value_dim, first.read_after_write, first.subset_names
            ) and (e.local_third_factor is None) == (first.local_third_factor is None)  # fmt: skip
            if e.trials_shape or not same:
                raise ValueError(
                    "stack takes single trials of one protocol: same d, m, read order, subsets and third factor"
                )
        stacked: dict[str, Any] = {}
        for name in STEP_FIELDS:
            arrays = [getattr(e, name) for e in episodes]
            if arrays[0] is not None:
                blank = -1 if name == "source" else 0
                stacked[name] = np.stack([_pad(a, n_steps, blank) for a in arrays])
        rest = {f.name: getattr(first, f.name) for f in fields(Episode) if f.name not in STEP_FIELDS}
        return Episode(**stacked, **rest)


def check_is_episode(what: str, episode: Any) -> None:
    """Raise ValueError unless this is an Episode.

    Parameters
    ----------
    what : str
        Name of what needs it, for the message.
    episode : anything
        The argument that came.
    """
    if not isinstance(episode, Episode):
        raise ValueError(f"{what} takes an Episode, such as a protocol returns; got {shown(episode)}")


def _per_step(name, array, dtype, steps):
    array = numbers_of(name, array) if dtype is float else np.asarray(array)
    if dtype is np.int64 and array.dtype.kind not in "iub":
        raise ValueError(f"{name} must hold integers; got {array.dtype}")
    if dtype is bool and array.dtype != bool and not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} must hold True and False, or 1 and 0; got {array.dtype}")
    if array.ndim and array.shape != steps:
        raise ValueError(f"{name} must have shape {steps}, one entry per step; got {array.shape}")
    return np.array(np.broadcast_to(array, steps), dtype=dtype)


def _pad(array, n_steps, blank):
    padded = np.full((n_steps, *array.shape[1:]), blank, array.dtype)  # np.pad takes ten times as long
    padded[: len(array)] = array
    return padded


def _first(mask):
    return tuple(int(i) for i in np.argwhere(mask)[0])

"""The paper's key-value memory in rate form: the ground truth for the spiking one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from .. import shapes
from ..checks import check_number, floating_type
from ..episode import Episode
from ..memory import (
    Output,
    Prompt,
    check_saved,
    check_saved_third_factor,
    check_sizes,
    check_state_of,
    check_step,
    check_thresholds,
    load_arrays,
    save_arrays,
    stability_thresholds,
)
from ..randomness import Rng, trial_streams
from ..response import Response
from ..third_factors import Sequential, ThirdFactor, check_third_factor
from .open_loop import Stability, answer
from .plasticity import freeze, hidden_activity, learning_rate, plastic, read, write_key, write_value


class KeyValueState(NamedTuple):
    """What a key-value memory has stored.

    Parameters
    ----------
    K : array, (B, N, d)
        Keys, one row per slot.
    V : array, (B, m, N)
        Values, one column per slot.
    third_factor : Clock or Usage
        State of the third factor.
    stability : Stability
        Which slots are frozen. None (default): none can be.
    """

    K: np.ndarray
    V: np.ndarray
    third_factor: Any
    stability: Stability | None = None

    def __repr__(self) -> str:
        return shapes.line("KeyValueState", self._asdict())


class KeyValueMemory(Prompt):
    """The paper's memory, eqs. 4-11, with d inputs, N hidden neurons and m outputs.

    Parameters
    ----------
    key_dim, n_slots, value_dim : int
        Sizes d, N and m.
    third_factor : ThirdFactor
        Sequential() (default), Random(p) or LeastRecentlyUsed().
    stability_threshold : float, or a pair of them
        Meta-plasticity (eq. 17): a slot whose rate q gamma reaches it is never written again. None (default): slots
        stay plastic. One number for K and V, or a pair (K, V). The authors' code has 10, and 5 for K with a random
        third factor, where flashbulbs come with q = 15; the text says "above 1".
    initial_scale : float
        K and V start at U(-scale, scale). 0 (default) starts both at exactly 0; the authors' code has 1e-10, which only
        matters for what is read from a slot that was never written.
    dtype : dtype
        Type of the weights, one of floating-point numbers.

    Raises
    ------
    ValueError
        If a size is not a whole number above 0, a threshold not a number above 0, or the scale negative.

    References
    ----------
    Tyulmankov, D., Fang, C., Vadaparty, A. & Yang, G. R. (2021). Biological learning in key-value memory networks.
    NeurIPS 34. arXiv:2110.13976, section 2.

    Examples
    --------
    Store one pair at the prompt, and recall it from half of its key:

    >>> import numpy as np
    >>> from bioKV.models import KeyValueMemory
    >>> memory = KeyValueMemory(4, 2, 3)
    >>> memory.store([1, -1, 1, 1], [-1, -1, 1])
    >>> np.sign(memory.recall([1, -1, 0, 0]))
    array([-1., -1.,  1.])

    Answer a whole episode, of 10 patterns of 40 entries:

    >>> from bioKV import protocols
    >>> rng = np.random.default_rng(2021)
    >>> episode = protocols.autoassociative(rng, n_pairs=10)
    >>> KeyValueMemory(40, 10, 40).respond(episode, rng)
    <Response: trials and steps (20,), values (20, 40), hidden (20, 10), third factor (20, 10)>
    """

    name = "rate"
    third_factor: ThirdFactor

    def __init__(self, key_dim: int, n_slots: int, value_dim: int, third_factor: ThirdFactor | None = None, *,
                 stability_threshold: float | tuple[float, float] | None = None, initial_scale: float = 0.0,
                 dtype: DTypeLike = np.float64):  # fmt: skip
        check_sizes(key_dim=key_dim, n_slots=n_slots, value_dim=value_dim)
        self.key_dim, self.n_slots, self.value_dim = int(key_dim), int(n_slots), int(value_dim)
        self.third_factor = Sequential() if third_factor is None else third_factor
        check_third_factor(self.third_factor, self.n_slots)
        self.stability_threshold = check_thresholds(stability_threshold)
        check_number("initial_scale", initial_scale)
        self.initial_scale = initial_scale
        self.dtype = floating_type(dtype)

    def begin(self, n_trials: int, rng: Rng) -> KeyValueState:
        """Fresh weights, before the first step.

        Parameters
        ----------
        n_trials : int
            Number of trials B.
        rng : Generator, or a list of them
            One for all, or one per trial.

        Returns
        -------
        KeyValueState
        """
        check_sizes(n_trials=n_trials)
        needed = self.initial_scale or not isinstance(rng, np.random.Generator)  # a stream per trial takes time
        streams = trial_streams(rng, n_trials) if needed else rng
        n_keys = self.n_slots * self.key_dim
        weights = np.zeros((n_trials, n_keys + self.value_dim * self.n_slots))
        if self.initial_scale:
            for trial, stream in zip(weights, trial_streams(streams, n_trials), strict=True):
                stream.random(out=trial)
            weights *= 2 * self.initial_scale
            weights -= self.initial_scale
        K = weights[:, :n_keys].reshape(n_trials, self.n_slots, self.key_dim).astype(self.dtype)
        V = weights[:, n_keys:].reshape(n_trials, self.value_dim, self.n_slots).astype(self.dtype)
        stability = None
        if self.stability_threshold is not None:
            stability = Stability(*(np.zeros((n_trials, self.n_slots), self.dtype) for _ in "KV"))
        return KeyValueState(K, V, self.third_factor.begin(n_trials, self.n_slots, streams), stability)

    def step(self, state: KeyValueState, key: np.ndarray, value: np.ndarray, gate: np.ndarray,
             gamma: np.ndarray | None = None) -> tuple[KeyValueState, Output]:  # fmt: skip
        """One presentation: read (eqs. 4-5), then write (eqs. 8-11, 17). With gate 0 no weight changes.

        Parameters
        ----------
        state : KeyValueState
            As `begin` or `step` returned it.
        key : array, (B, d)
            The key, or a query.
        value : array, (B, m)
            The value to be stored with it.
        gate : array, (B,)
            Global third factor q.
        gamma : array, (B, N)
            Imposed plateaus, 0 or 1. None (default): the memory's own third factor acts.

        Returns
        -------
        state : KeyValueState
            After the step.
        output : Output
            What was recalled, before and after the write.
        """
        check_step(self, KeyValueState, state, key, value, gate, gamma)
        key, value, gate = (np.asarray(a, self.dtype) for a in (key, value, gate))
        own = self.third_factor.draw(state.third_factor)
        gamma = own[:, 0] if gamma is None else np.asarray(gamma)
        gamma = gamma.astype(self.dtype)
        hidden, before = read(state.K, state.V, key)
        gamma_K, gamma_V, stability = self._meta_plasticity(state.stability, gamma, gate)
        K = write_key(state.K, key, gamma_K, gate)
        V = write_value(state.V, value, hidden_activity(K, key), gamma_V, gate)
        _, after = read(K, V, key)
        factor = self.third_factor.advance(state.third_factor, gamma[:, None], gate[:, None], hidden[:, None])
        return KeyValueState(K, V, factor, stability), Output(before, after, hidden, gamma)

    def _meta_plasticity(self, stability, gamma, gate):
        """The plateaus that can still change K, and V, and which slots are frozen after this step."""
        if stability is None:
            return gamma, gamma, None
        frozen = (freeze(S, gamma, gate, limit) for S, limit in zip(stability, self.stability_threshold, strict=True))
        return plastic(gamma, stability.K), plastic(gamma, stability.V), Stability(*frozen)

    def write_and_read(self, weights, key, value, gate, gamma, xp=np):
        """One step of plastic slots as a pure function, for learning.

        Parameters
        ----------
        weights : tuple of array
            K (B, N, d) and V (B, m, N).
        key : array, (B, d)
            The key.
        value : array, (B, m)
            The value to be stored with it.
        gate : array, (B,)
            Global third factor q.
        gamma : array, (B, N)
            Plateaus.
        xp : module
            Either numpy or jax.numpy.

        Returns
        -------
        weights : tuple of array
            After the write.
        value : array, (B, m)
            What is read with the key after the write.
        """
        K, V = weights
        K = write_key(K, key, gamma, gate, xp)
        V = write_value(V, value, hidden_activity(K, key, xp), gamma, gate, xp)
        return (K, V), read(K, V, key, xp)[1]

    def respond(self, episode: Episode, rng: Rng) -> Response:
        """Present a whole episode to fresh weights; equal to the loop over `step`, and faster.

        Where neither a key (feedback) nor a plateau depends on what was answered, stretches of steps are matrix
        products; else it goes step by step.

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
        self.check_episode(episode)
        flat = episode.flat()
        state = self.begin(len(flat.gate), rng)
        closed = self.third_factor.needs_answers or flat.feedback.any()
        values, hidden, third_factor, state = (self._closed_loop if closed else self._open_loop)(flat, state)
        shape = (*episode.trials_shape, flat.n_steps, -1)
        return Response(values.reshape(shape), hidden.reshape(shape), third_factor.reshape(shape), state)

    def _open_loop(self, flat, state):
        x, y, q = (np.asarray(a, self.dtype) for a in (flat.keys, flat.values, flat.gate))
        gamma = self._plateaus(flat, state.third_factor)
        values, hidden = answer(
            state.K, state.V, x, y, q, gamma, flat.read_after_write, state.stability, self.stability_threshold
        )
        factor = self.third_factor.advance(state.third_factor, gamma, q, hidden)
        return values, hidden, gamma, state._replace(third_factor=factor)

    def _plateaus(self, flat, factor):
        """gamma (B, T, N) of all steps, imposed or drawn ahead."""
        imposed = flat.local_third_factor
        return np.asarray(self.third_factor.draw(factor, flat.n_steps) if imposed is None else imposed, self.dtype)

    def _closed_loop(self, flat, state):
        n_trials, n_steps = flat.gate.shape
        keys, targets, gates = (np.asarray(a, self.dtype) for a in (flat.keys, flat.values, flat.gate))
        values = np.zeros((n_trials, n_steps, self.value_dim), self.dtype)
        hidden = np.zeros((n_trials, n_steps, self.n_slots), self.dtype)
        adaptive = self.third_factor.needs_answers and flat.local_third_factor is None
        gamma = np.zeros_like(hidden) if adaptive else self._plateaus(flat, state.third_factor)
        K, V, factor, stability = state
        for t in range(n_steps):
            if adaptive:
                gamma[:, t] = self.third_factor.draw(factor)[:, 0]
            x = keys[:, t]
            if flat.feedback[:, t].any():
                x = np.where(flat.feedback[:, t, None], np.sign(values[:, t - 1]) if t else 0, x)
            hidden[:, t], values[:, t] = read(K, V, x)
            if (gates[:, t] > 0).any():
                gamma_K, gamma_V, stability = self._meta_plasticity(stability, gamma[:, t], gates[:, t])
                self._write(K, V, x, targets[:, t], gamma_K, gamma_V, gates[:, t])
                if flat.read_after_write:
                    values[:, t] = read(K, V, x)[1]
            now = slice(t, t + 1)
            factor = self.third_factor.advance(factor, gamma[:, now], gates[:, now], hidden[:, now])
        return values, hidden, gamma, KeyValueState(K, V, factor, stability)

    @staticmethod
    def _write(K, V, x, y, gamma_K, gamma_V, q) -> None:
        """Eqs. 9-11 on the slots with a plateau alone; everywhere else eta is 0 and they change nothing."""
        trial, slot = np.nonzero(learning_rate(gamma_K, q))
        one = np.ones((len(trial), 1), K.dtype)
        K[trial, slot] = write_key(K[trial, slot][:, None], x[trial], one, q[trial])[:, 0]
        if gamma_V is not gamma_K:
            trial, slot = np.nonzero(learning_rate(gamma_V, q))
            one = np.ones((len(trial), 1), K.dtype)
        h = hidden_activity(K, x)[trial, slot]
        V[trial, :, slot] = write_value(V[trial, :, slot][..., None], y[trial], h[:, None], one, q[trial])[..., 0]

    def weights(self, state: KeyValueState) -> tuple[np.ndarray, np.ndarray]:
        """The weights as they are.

        Parameters
        ----------
        state : KeyValueState
            As `begin`, `step` or a response has it.

        Returns
        -------
        K : array, (B, N, d)
            Keys, one row per slot.
        V : array, (B, m, N)
            Values, one column per slot.

        Raises
        ------
        ValueError
            If it is no state of this memory.
        """
        check_state_of(self, KeyValueState, state)
        return state.K, state.V

    def save(self, path: str | Path, state: KeyValueState | None = None) -> None:
        """Write a state as .npz.

        Parameters
        ----------
        path : str or Path
            File to write.
        state : KeyValueState
            Of any number of trials. None (default): the one at the prompt.

        Raises
        ------
        ValueError
            If it is no state of this memory, or the file cannot be written.
        """
        state = self.state if state is None else state
        check_state_of(self, KeyValueState, state)
        factor = {f"third_factor.{name}": np.asarray(a) for name, a in state.third_factor._asdict().items()}
        factor["third_factor"] = np.array(self.third_factor.name)
        frozen = {} if state.stability is None else {"stability.K": state.stability.K, "stability.V": state.stability.V}
        save_arrays(path, self.name, {"K": state.K, "V": state.V, **factor, **frozen})

    def load(self, path: str | Path) -> KeyValueState:
        """Read a state; one of a single trial is put at the prompt too.

        Parameters
        ----------
        path : str or Path
            File to read.

        Returns
        -------
        KeyValueState

        Raises
        ------
        ValueError
            If it belongs to a memory of other sizes, another third factor, or another kind.
        """
        saved = load_arrays(path, self.name)
        check_saved_third_factor(path, saved.get("third_factor"), self.third_factor)
        fresh = self.third_factor.begin(1, self.n_slots, np.random.default_rng(0))
        stable = ("stability.K", "stability.V") if self.stability_threshold is not None else ()
        check_saved(path, saved, ("K", "V", "third_factor", *(f"third_factor.{f}" for f in fresh._fields), *stable))
        sizes = (*saved["K"].shape[1:], saved["V"].shape[1])
        if sizes != (self.n_slots, self.key_dim, self.value_dim):
            raise ValueError(f"{path} holds n_slots, key_dim, value_dim = {sizes}; this memory has"
                             f" {(self.n_slots, self.key_dim, self.value_dim)}")  # fmt: skip
        kept = {name: saved[f"third_factor.{name}"] for name in fresh._fields}
        factor = fresh._replace(**{name: a if a.ndim else int(a) for name, a in kept.items()})
        stability = Stability(saved["stability.K"], saved["stability.V"]) if self.stability_threshold else None
        K, V = (np.asarray(saved[name], self.dtype) for name in "KV")
        state = KeyValueState(K, V, factor, stability)
        if len(state.K) == 1:
            self._state = state
        return state


def memory(key_dim: int, n_slots: int, value_dim: int, third_factor: ThirdFactor, *,
           stability_threshold: float | None = None, key_stability_threshold: float | None = None
           ) -> KeyValueMemory:  # fmt: skip
    """The memory of ``--memory rate``, and its options.

    Parameters
    ----------
    key_dim, n_slots, value_dim : int
        Sizes d, N and m.
    third_factor : ThirdFactor
        Which slots are written.
    stability_threshold : float
        Of V, and of K where it has none of its own. None (default): slots stay plastic.
    key_stability_threshold : float
        Of K. None (default): that of V.

    Returns
    -------
    KeyValueMemory
    """
    thresholds = stability_thresholds(stability_threshold, key_stability_threshold)
    return KeyValueMemory(key_dim, n_slots, value_dim, third_factor, stability_threshold=thresholds)

"""Memories that add up outer products of key and value in one matrix W: what Hopfield and BAM have in common."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from .. import shapes
from ..checks import check_number, floating_type, is_number, shown
from ..episode import Episode
from ..memory import Output, Prompt, check_saved, check_sizes, check_state_of, check_step, load_arrays, save_arrays
from ..randomness import Rng, check_streams
from ..response import Response
from .stretches import stretches

BLOCK = 1 << 17  # weights of the trials that are presented together: what stays in a core's cache
MOST_ROUNDS = 1000  # a safety: in exact arithmetic a symmetric network settles, or ends in a cycle of two


class OuterProductState(NamedTuple):
    """What an outer-product memory has stored.

    Parameters
    ----------
    W : array, (B, m, d)
        Weights.
    """

    W: np.ndarray

    def __repr__(self) -> str:
        return shapes.line("OuterProductState", self._asdict())


class OuterProductMemory(Prompt):
    """Memories in one matrix: W <- decay W + learning_rate q y x^T at every step, then whatever `bound` does to it.

    The decay acts at every step, whether or not anything is stored. There are no slots, so n_slots is 0, `hidden` and
    `third_factor` of an answer are empty, and no plateau can be imposed. A subclass says how W is read.

    Parameters
    ----------
    key_dim, value_dim : int
        Sizes d and m.
    n_steps : int
        Rounds of a recall, or None: as many as it takes.
    decay : float
        Share of W that is left after a step, in (0, 1].
    learning_rate : float
        Above 0.
    dtype : dtype
        Type of the weights, one of floating-point numbers.

    Raises
    ------
    ValueError
        If a size is not a whole number above 0, decay is outside (0, 1], or learning_rate not above 0.
    """

    name = "outer product"
    n_slots = 0

    def __init__(self, key_dim: int, value_dim: int, n_steps: int | None, decay: float, learning_rate: float,
                 dtype: DTypeLike):
        check_sizes(key_dim=key_dim, value_dim=value_dim)
        if n_steps is not None:
            check_sizes(n_steps=n_steps)
        if not (is_number(decay) and 0 < decay <= 1):
            raise ValueError(f"decay is what is left of W after a step and must lie in (0, 1]; got {shown(decay)}")
        check_number("learning_rate", learning_rate, above=True)
        self.key_dim, self.value_dim, self.n_steps = int(key_dim), int(value_dim), n_steps
        self.decay, self.learning_rate, self.dtype = float(decay), float(learning_rate), floating_type(dtype)

    def read(self, W: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Answers to keys. Every memory has its own.

        Parameters
        ----------
        W : array, (B, m, d)
            Weights.
        x : array, (B, c, d)
            Keys, c per trial.

        Returns
        -------
        array, (B, c, m)

        Raises
        ------
        NotImplementedError
            Here.
        """
        raise NotImplementedError

    def check(self, key: np.ndarray, value: np.ndarray, gate: np.ndarray) -> None:
        """Raise ValueError if this memory cannot store these pairs.

        Parameters
        ----------
        key : array, (..., d)
            Keys.
        value : array, (..., m)
            Values.
        gate : array, (...,)
            Global third factor q; above 0 where a pair is stored.
        """

    def bound(self, W: np.ndarray) -> None:
        """Do what else happens to W after a step's change, in place.

        Parameters
        ----------
        W : array, (B, m, d)
            Weights.
        """

    def begin(self, n_trials: int, rng: Rng) -> OuterProductState:
        """W = 0; nothing is random.

        Parameters
        ----------
        n_trials : int
            Number of trials B.
        rng : Generator, or a list of them
            Not drawn from.

        Returns
        -------
        OuterProductState
        """
        check_sizes(n_trials=n_trials)
        check_streams(rng, n_trials)
        return OuterProductState(np.zeros((n_trials, self.value_dim, self.key_dim), self.dtype))

    def step(self, state: OuterProductState, key: np.ndarray, value: np.ndarray, gate: np.ndarray,
             gamma: np.ndarray | None = None) -> tuple[OuterProductState, Output]:  # fmt: skip
        """One presentation: read, then write.

        Parameters
        ----------
        state : OuterProductState
            As `begin` or `step` returned it.
        key : array, (B, d)
            The key, or a query.
        value : array, (B, m)
            The value to be stored with it.
        gate : array, (B,)
            Global third factor q; with 0 nothing is stored.
        gamma : None
            There are no slots.

        Returns
        -------
        state : OuterProductState
            After the step.
        output : Output
            What was recalled, before and after the write.
        """
        if gamma is not None:
            raise ValueError(f"{self.name} has no slots, so no plateau can be imposed on it; give gamma=None")
        check_step(self, OuterProductState, state, key, value, gate)
        key, value, gate = (np.asarray(a, self.dtype) for a in (key, value, gate))
        self.check(key, value, gate)
        before = self.read(state.W, key[:, None])[:, 0]
        W = self._write(state.W.copy(), key, value, gate)
        none = np.zeros((len(key), 0), self.dtype)
        return OuterProductState(W), Output(before, self.read(W, key[:, None])[:, 0], none, none)

    def _write(self, W, x, y, q):
        """Change W in place: decay, then the outer products of the trials that store, then whatever bounds it."""
        if self.decay < 1:
            W *= self.decay
        stored = slice(None) if (q > 0).all() else np.flatnonzero(q > 0)
        W[stored] += (self.learning_rate * q[stored, None] * y[stored])[:, :, None] * x[stored, None, :]
        self.bound(W)
        return W

    def respond(self, episode: Episode, rng: Rng) -> Response:
        """Present a whole episode to W = 0; equal to the loop over `step`.

        While W stays as it is, a run of keys is answered at once.

        Parameters
        ----------
        episode : Episode
            With keys (..., T, d) and values (..., T, m).
        rng : Generator, or a list of them
            Not drawn from.

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
        n_trials, n_steps = flat.gate.shape
        shape = (*episode.trials_shape, n_steps)
        values = np.zeros((n_trials, n_steps, self.value_dim), self.dtype)
        W = self.begin(n_trials, rng).W
        side = max(1, BLOCK // W[0].size)
        for start in range(0, n_trials, side):
            b = slice(start, start + side)
            x, y, q = (np.asarray(a[b], self.dtype) for a in (flat.keys, flat.values, flat.gate))
            self._present(W[b], values[b], x, y, q, flat.feedback[b], flat.read_after_write)
        none = np.zeros((*shape, 0), self.dtype)
        return Response(values.reshape(*shape, -1), none, none, OuterProductState(W))

    def _present(self, W, values, keys, targets, gates, feedback, read_after_write):
        """Fill values (b, T, m), and change W (b, m, d) in place, for keys (b, T, d) and so on."""
        changing = (gates > 0).any(axis=0)
        for start, stop in stretches(changing | feedback.any(axis=0) | (self.decay < 1)):
            here = slice(start, stop)
            x = keys[:, here]
            if feedback[:, start].any():
                previous = np.sign(values[:, start - 1]) if start else np.zeros_like(values[:, 0])
                x = np.where(feedback[:, here, None], previous[:, None], x)
            values[:, here] = self.read(W, x)
            if changing[start] or self.decay < 1:
                self.check(x[:, 0], targets[:, start], gates[:, start])
                self._write(W, x[:, 0], targets[:, start], gates[:, start])
                if read_after_write and changing[start]:
                    values[:, here] = self.read(W, x)

    def weights(self, state: OuterProductState) -> tuple[np.ndarray, np.ndarray]:
        """The weights there and back: the way back goes through the same synapses.

        Parameters
        ----------
        state : OuterProductState
            As `begin`, `step` or a response has it.

        Returns
        -------
        W : array, (B, m, d)
            From keys to values.
        back : array, (B, d, m)
            Its transpose.

        Raises
        ------
        ValueError
            If it is no state of this memory.
        """
        check_state_of(self, OuterProductState, state)
        return state.W, state.W.swapaxes(1, 2)

    def save(self, path: str | Path, state: OuterProductState | None = None) -> None:
        """Write a state as .npz.

        Parameters
        ----------
        path : str or Path
            File to write.
        state : OuterProductState
            Of any number of trials. None (default): the one at the prompt.

        Raises
        ------
        ValueError
            If it is no state of this memory, or the file cannot be written.
        """
        state = self.state if state is None else state
        check_state_of(self, OuterProductState, state)
        save_arrays(path, self.name, {"W": state.W})

    def load(self, path: str | Path) -> OuterProductState:
        """Read a state; one of a single trial is put at the prompt too.

        Parameters
        ----------
        path : str or Path
            File to read.

        Returns
        -------
        OuterProductState

        Raises
        ------
        ValueError
            If it is another memory's.
        """
        saved = load_arrays(path, self.name)
        check_saved(path, saved, OuterProductState._fields)
        W = saved["W"]
        if W.shape[1:] != (self.value_dim, self.key_dim):
            raise ValueError(f"{path} holds value_dim, key_dim = {W.shape[1:]}; this memory has"
                             f" {(self.value_dim, self.key_dim)}")  # fmt: skip
        state = OuterProductState(W)
        if len(W) == 1:
            self._state = state
        return state

    def _prompt_recall(self, before, key):
        _, output = self.step(before, key, np.zeros((1, self.value_dim)), np.zeros(1))
        return before, output  # a recall by hand is not a presentation: nothing decays

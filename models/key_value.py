"""The paper's key-value memory in rate form: the ground truth for the spiking one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..episode import Episode
from ..memory import Output, Prompt, Response, check_fits, check_sizes, load_arrays, save_arrays
from ..randomness import Rng, trial_streams
from ..third_factors import Sequential, ThirdFactor
from .plasticity import hidden_activity, learning_rate, read, softmax, write_key, write_value


class KeyValueState(NamedTuple):
    """K (B, N, d), V (B, m, N), and the third factor's own state."""

    K: np.ndarray
    V: np.ndarray
    third_factor: Any


class KeyValueMemory(Prompt):
    """Eqs. 4-11 with d = key_dim inputs, N = n_slots hidden neurons, m = value_dim outputs.

    third_factor : Sequential() (default), Random(p) or LeastRecentlyUsed().
    initial_scale : K and V start at U(-scale, scale). 0 (default) starts both at exactly 0; the authors' code has
        1e-10, which only matters for what is read from a slot that was never written.
    Raises ValueError if a size is not a whole number above 0.
    """

    name = "rate"

    def __init__(self, key_dim: int, n_slots: int, value_dim: int, third_factor: ThirdFactor | None = None,
                 *, initial_scale: float = 0.0, dtype=np.float64):  # fmt: skip
        check_sizes(key_dim=key_dim, n_slots=n_slots, value_dim=value_dim)
        self.key_dim, self.n_slots, self.value_dim = int(key_dim), int(n_slots), int(value_dim)
        self.third_factor: ThirdFactor = Sequential() if third_factor is None else third_factor
        self.initial_scale = initial_scale
        self.dtype = np.dtype(dtype)

    def begin(self, n_trials: int, rng: Rng) -> KeyValueState:
        """Fresh weights for n_trials trials. rng: a Generator, or one for each trial."""
        streams = trial_streams(rng, n_trials)
        K = np.zeros((n_trials, self.n_slots, self.key_dim), self.dtype)
        V = np.zeros((n_trials, self.value_dim, self.n_slots), self.dtype)
        if self.initial_scale:
            for k, v, stream in zip(K, V, streams, strict=True):
                k[...] = stream.uniform(-self.initial_scale, self.initial_scale, k.shape)
                v[...] = stream.uniform(-self.initial_scale, self.initial_scale, v.shape)
        return KeyValueState(K, V, self.third_factor.begin(n_trials, self.n_slots, streams))

    def step(self, state: KeyValueState, key, value, gate, gamma=None) -> tuple[KeyValueState, Output]:
        """One presentation: read (eqs. 4-5), then write (eqs. 8-11). With gate 0 no weight changes.

        key (B, d), value (B, m), gate (B,); gamma (B, N) imposes plateaus, None lets the third factor act.
        """
        key, value, gate = (np.asarray(a, self.dtype) for a in (key, value, gate))
        own = self.third_factor.draw(state.third_factor)
        gamma = own[:, 0] if gamma is None else np.asarray(gamma)
        gamma = gamma.astype(self.dtype)
        hidden, before = read(state.K, state.V, key)
        K = write_key(state.K, key, gamma, gate)
        V = write_value(state.V, value, hidden_activity(K, key), gamma, gate)
        _, after = read(K, V, key)
        factor = self.third_factor.advance(state.third_factor, gamma[:, None], gate[:, None], hidden[:, None])
        return KeyValueState(K, V, factor), Output(before, after, hidden, gamma)

    def respond(self, episode: Episode, rng: Rng) -> Response:
        """Present a whole episode to fresh weights; equal to the loop over `step`, and faster.

        Steps that store are taken one by one, but only the slots with a plateau are touched; a run of steps that
        store nothing is one matrix product. Raises ValueError if the episode's sizes are not the memory's.
        """
        check_fits(self, episode)
        flat = episode.flat()
        n_trials, n_steps = flat.gate.shape
        state = self.begin(n_trials, rng)
        K, V, factor = state
        keys, targets, gates = (np.asarray(a, self.dtype) for a in (flat.keys, flat.values, flat.gate))
        values = np.empty((n_trials, n_steps, self.value_dim), self.dtype)
        hidden = np.empty((n_trials, n_steps, self.n_slots), self.dtype)
        third_factor = np.empty((n_trials, n_steps, self.n_slots), self.dtype)
        for start, stop in self._runs(flat):
            here = slice(start, stop)
            own = self.third_factor.draw(factor, stop - start)
            gamma = own if flat.local_third_factor is None else flat.local_third_factor[:, here]
            third_factor[:, here] = gamma
            x = keys[:, here]
            if flat.feedback[:, start].any():
                previous = np.sign(values[:, start - 1]) if start else np.zeros_like(values[:, 0])
                x = np.where(flat.feedback[:, here, None], previous[:, None], x)
            hidden[:, here] = softmax(x @ K.swapaxes(1, 2))
            values[:, here] = hidden[:, here] @ V.swapaxes(1, 2)
            if (gates[:, start] > 0).any():
                self._write(K, V, x[:, 0], targets[:, start], third_factor[:, start], gates[:, start])
                if flat.read_after_write:
                    values[:, start] = read(K, V, x[:, 0])[1]
            factor = self.third_factor.advance(factor, gamma, gates[:, here], hidden[:, here])
        shape = episode.trials_shape
        return Response(
            values=values.reshape(*shape, n_steps, self.value_dim),
            hidden=hidden.reshape(*shape, n_steps, self.n_slots),
            third_factor=third_factor.reshape(*shape, n_steps, self.n_slots),
            state=KeyValueState(K, V, factor),
        )

    def _runs(self, flat: Episode) -> list[tuple[int, int]]:
        """Stretches that can be answered at once: single steps, or many that neither store nor look back."""
        stores, looks_back = np.any(flat.gate > 0, axis=0), np.any(flat.feedback, axis=0)
        alone = np.asarray(stores | looks_back | self.third_factor.needs_answers)
        runs, start = [], 0
        for t in range(1, len(alone) + 1):
            if t == len(alone) or alone[t] or alone[t - 1]:
                runs.append((start, t))
                start = t
        return runs

    @staticmethod
    def _write(K, V, x, y, gamma, q) -> None:
        """Eqs. 9-11 on the slots with a plateau alone; everywhere else eta is 0 and they change nothing."""
        trial, slot = np.nonzero(learning_rate(gamma, q))
        one = np.ones((len(trial), 1), K.dtype)
        K[trial, slot] = write_key(K[trial, slot][:, None], x[trial], one, q[trial])[:, 0]
        h = hidden_activity(K, x)[trial, slot]
        V[trial, :, slot] = write_value(V[trial, :, slot][..., None], y[trial], h[:, None], one, q[trial])[..., 0]

    def weights(self, state: KeyValueState) -> tuple[np.ndarray, np.ndarray]:
        """K (B, N, d) and V (B, m, N)."""
        return state.K, state.V

    def save(self, path: str | Path, state: KeyValueState | None = None) -> None:
        """Write a state (default: the one at the prompt) as .npz."""
        state = self._current() if state is None else state
        factor = {f"third_factor.{name}": np.asarray(a) for name, a in state.third_factor._asdict().items()}
        save_arrays(path, self.name, {"K": state.K, "V": state.V, **factor})

    def load(self, path: str | Path) -> KeyValueState:
        """Read a state and put it at the prompt. Raises ValueError if it belongs to a memory of other sizes."""
        saved = load_arrays(path, self.name)
        sizes = (*saved["K"].shape[1:], saved["V"].shape[1])
        if sizes != (self.n_slots, self.key_dim, self.value_dim):
            raise ValueError(f"{path} holds n_slots, key_dim, value_dim = {sizes}; this memory has"
                             f" {(self.n_slots, self.key_dim, self.value_dim)}")  # fmt: skip
        fresh = self.begin(len(saved["K"]), np.random.default_rng(0)).third_factor
        names = {f"third_factor.{name}": name for name in fresh._fields}
        if set(names) != {name for name in saved if name.startswith("third_factor.")}:
            raise ValueError(f"{path} was saved with another third factor than {self.third_factor.name}")
        factor = fresh._replace(**{n: saved[k] if saved[k].ndim else int(saved[k]) for k, n in names.items()})
        self._state = KeyValueState(saved["K"], saved["V"], factor)
        return self._state

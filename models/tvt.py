"""The slot memory of Hung et al. (2019), TVT, with which the paper compares its network (section 3.1)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .. import shapes
from ..checks import floating_type, is_number, numbers_of, shown
from ..episode import Episode
from ..memory import Output, Prompt, check_saved, check_sizes, check_step, load_arrays, save_arrays
from ..randomness import Rng, check_streams
from ..response import Response
from .own_value import check_own_value_dim, check_own_value_episode, check_own_values
from .plasticity import softmax
from .stretches import stretches


class TVTState(NamedTuple):
    """M (B, N, d), one pattern per row, and how many have been written, (B,)."""

    M: np.ndarray
    counter: np.ndarray

    def __repr__(self) -> str:
        return shapes.line("TVTState", self._asdict())


class TrainedKey(NamedTuple):
    """What a head learns: the linear map key (d, d) of a query to what is compared with the rows, and its strength."""

    key: np.ndarray
    strength: float


TRAINED = Path(__file__).with_name("tvt_trained.json")  # d = N = 40, written by benchmarks/tvt_key.py


def load_key(path: str | Path = TRAINED) -> TrainedKey:
    """The key and strength in a file that `save_key` wrote; default: those that come with bioKV, for d = 40.

    Raises ValueError if they are missing, of the wrong shape, or no finite numbers.
    """
    try:
        saved = json.loads(Path(path).read_text())
        key, strength = numbers_of("key", saved["key"]), saved["strength"]
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"{path} does not hold a key and a strength, as save_key writes them") from None
    try:
        check_key(key, len(key))
        check_strength(strength)
    except ValueError as problem:
        raise ValueError(f"{path}: {problem}") from None
    return TrainedKey(key, strength)


def save_key(path: str | Path, trained: TrainedKey) -> None:
    """Write key and strength as JSON, a row of the key a line."""
    rows = ",\n".join("  " + json.dumps([round(float(k), 5) for k in row]) for row in trained.key)
    Path(path).write_text(f'{{"strength": {trained.strength:.5f}, "key": [\n{rows}\n]}}\n')


def check_key(key: np.ndarray, key_dim: int) -> None:
    """Raise ValueError unless key is a (d, d) array of finite numbers."""
    if key.shape != (key_dim, key_dim) or not np.isfinite(key).all():
        raise ValueError(f"key must be a finite matrix of shape {(key_dim, key_dim)}; got {shown(key)}")


def check_strength(strength) -> None:
    """Raise ValueError unless strength is a number above 0."""
    if not (is_number(strength) and strength > 0):
        raise ValueError(f"strength must be a number above 0, or None for |row| |x|; got {shown(strength)}")


def read_rows(M, x, strength=None, key=None, xp=np):
    """h (..., c, N) and values (..., c, d) of rows M (..., N, d) for queries x (..., c, d). xp : numpy or jax.numpy."""
    x = x if key is None else x @ key.T
    similarity = x @ M.swapaxes(-1, -2)
    if strength is not None:
        similarity = strength * similarity / (_length(x, xp)[..., None] * _length(M, xp)[..., None, :])
    h = softmax(similarity, xp)
    return h, h @ M


def _length(vector, xp):
    return xp.sqrt(xp.maximum((vector * vector).sum(axis=-1), 1e-12))  # an empty one has no gradient at 0


class TVT(Prompt):
    """One head. Write: where q > 0 the input replaces row (number of writes) mod N, whatever q's size.
    Read: h = softmax(strength * cosine(M, key x)), and the value is M^T h.

    key_dim : d. n_slots : N rows. value_dim : None or key_dim, for a row is its own value.
    strength : of the head; a number (10 is the authors' "sharpened"), or None (default): |row| |key x|, with which, and
        the identity key, it is the paper's network with sequential third factors, but that its counter advances with
        writes alone.
    key (d, d) : a linear map of the query; None (default): the identity. `load_key` has a trained one and its strength.
    Rows start at 0; the cosine with an empty row is 0. An imposed plateau chooses the rows instead of the counter.
    Raises ValueError if value_dim is not key_dim, or a size, the strength or the key is out of its range.
    """

    name = "tvt"

    def __init__(self, key_dim: int, n_slots: int, value_dim: int | None = None, *, strength: float | None = None,
                 key: np.ndarray | None = None, dtype=np.float64):  # fmt: skip
        check_own_value_dim("TVT", key_dim, value_dim)
        check_sizes(key_dim=key_dim, n_slots=n_slots)
        if strength is not None:
            check_strength(strength)
        self.key_dim, self.n_slots, self.value_dim = int(key_dim), int(n_slots), int(key_dim)
        self.strength, self.dtype = strength, floating_type(dtype)
        self.key = None if key is None else numbers_of("key", key).astype(self.dtype)
        if self.key is not None:
            check_key(self.key, self.key_dim)

    def check_episode(self, episode: Episode) -> None:
        """Raise ValueError if an episode does not fit, or stores anything but patterns as their own value."""
        super().check_episode(episode)
        check_own_value_episode("TVT", episode)

    def begin(self, n_trials: int, rng: Rng) -> TVTState:
        """Empty rows for n_trials trials; nothing is random."""
        check_sizes(n_trials=n_trials)
        check_streams(rng, n_trials)
        return TVTState(np.zeros((n_trials, self.n_slots, self.key_dim), self.dtype), np.zeros(n_trials, np.int64))

    def read(self, M, x):
        """h (B, c, N) and values (B, c, d) for keys x (B, c, d)."""
        return read_rows(M, x, self.strength, self.key)

    def step(self, state: TVTState, key, value, gate, gamma=None) -> tuple[TVTState, Output]:
        """One presentation: read, then write. key (B, d), value (B, d) the same where gate (B,) is above 0."""
        check_step(self, TVTState, state, key, value, gate, gamma)
        key, value, gate = (np.asarray(a, self.dtype) for a in (key, value, gate))
        check_own_values("TVT", key, value, gate)
        hidden, before = self.read(state.M, key[:, None])
        state, rows = self._written(state, key, gate, gamma)
        return state, Output(before[:, 0], self.read(state.M, key[:, None])[1][:, 0], hidden[:, 0], rows)

    def _written(self, state, x, q, gamma):
        if gamma is None:
            gamma = (np.arange(self.n_slots) == (state.counter % self.n_slots)[:, None]) & (q > 0)[:, None]
        rows = np.asarray(gamma, self.dtype)
        M = np.where(((rows > 0) & (q > 0)[:, None])[..., None], x[:, None], state.M)
        return TVTState(M, state.counter + (q > 0)), rows

    def respond(self, episode: Episode, rng: Rng) -> Response:
        """Present a whole episode to empty rows; equal to the loop over `step`, with runs of recalls at once.
        Raises ValueError if the episode's sizes are not the memory's, or it stores pairs."""
        self.check_episode(episode)
        flat = episode.flat()
        n_trials, n_steps = flat.gate.shape
        keys, gates, imposed = np.asarray(flat.keys, self.dtype), flat.gate, flat.local_third_factor
        values = np.zeros((n_trials, n_steps, self.value_dim), self.dtype)
        hidden = np.zeros((n_trials, n_steps, self.n_slots), self.dtype)
        third_factor = np.zeros_like(hidden) if imposed is None else np.array(imposed, self.dtype)
        state = self.begin(n_trials, rng)
        storing = np.asarray((gates > 0).any(axis=0))
        for start, stop in stretches(storing | flat.feedback.any(axis=0)):
            here = slice(start, stop)
            x = keys[:, here]
            if flat.feedback[:, start].any():
                previous = np.sign(values[:, start - 1]) if start else np.zeros_like(values[:, 0])
                x = np.where(flat.feedback[:, here, None], previous[:, None], x)
            hidden[:, here], values[:, here] = self.read(state.M, x)
            if storing[start]:
                gamma = None if imposed is None else imposed[:, start]
                state, third_factor[:, start] = self._written(state, x[:, 0], gates[:, start], gamma)
                if flat.read_after_write:
                    values[:, here] = self.read(state.M, x)[1]
        shape = (*episode.trials_shape, n_steps, -1)
        return Response(values.reshape(shape), hidden.reshape(shape), third_factor.reshape(shape), state)

    def weights(self, state: TVTState) -> tuple[np.ndarray, np.ndarray]:
        """K = M (B, N, d) and V = M^T (B, d, N): a row is key and value."""
        return state.M, state.M.swapaxes(1, 2)

    def save(self, path: str | Path, state: TVTState | None = None) -> None:
        """Write a state (default: the one at the prompt) as .npz."""
        save_arrays(path, self.name, (self.state if state is None else state)._asdict())

    def load(self, path: str | Path) -> TVTState:
        """Read a state; one of a single trial is put at the prompt too. Raises ValueError if it is another memory's."""
        saved = load_arrays(path, self.name)
        check_saved(path, saved, TVTState._fields)
        if saved["M"].shape[1:] != (self.n_slots, self.key_dim):
            raise ValueError(f"{path} holds n_slots, key_dim = {saved['M'].shape[1:]}; this memory has"
                             f" {(self.n_slots, self.key_dim)}")  # fmt: skip
        state = TVTState(saved["M"], saved["counter"])
        if len(state.M) == 1:
            self._state = state
        return state

    def _prompt_recall(self, before, key):
        return self.step(before, key, np.zeros((1, self.value_dim)), np.zeros(1))


def memory(key_dim: int, n_slots: int, value_dim: int) -> TVT:
    """`--memory tvt`, and its options."""
    return TVT(key_dim, n_slots, value_dim)

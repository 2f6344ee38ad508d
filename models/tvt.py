"""The slot memory of Hung et al. (2019), TVT, with which the paper compares its network (section 3.1).

References
----------
Hung, C.-C., Lillicrap, T., Abramson, J., Wu, Y., Mirza, M., Carnevale, F., Ahuja, A. & Wayne, G. (2019). Optimizing
agent behavior over long time scales by transporting value. Nature Communications 10.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from .. import shapes
from ..checks import floating_type, is_number, numbers_of, path_of, shown
from ..episode import Episode
from ..memory import Output, Prompt, check_saved, check_sizes, check_state_of, check_step, load_arrays, save_arrays
from ..randomness import Rng, check_streams
from ..response import Response
from ..whole_file import replacing
from .own_value import check_own_value_dim, check_own_value_episode, check_own_values
from .plasticity import softmax
from .stretches import stretches


class TVTState(NamedTuple):
    """What a TVT has stored.

    Parameters
    ----------
    M : array, (B, N, d)
        One pattern per row.
    counter : array of int, (B,)
        How many have been written.
    """

    M: np.ndarray
    counter: np.ndarray

    def __repr__(self) -> str:
        return shapes.line("TVTState", self._asdict())


class TrainedKey(NamedTuple):
    """What a head learns.

    Parameters
    ----------
    key : array, (d, d)
        Linear map of a query to what is compared with the rows.
    strength : float
        Of the head.
    """

    key: np.ndarray
    strength: float


TRAINED = Path(__file__).with_name("tvt_trained.json")  # d = N = 40, written by benchmarks/tvt_key.py


def load_key(path: str | Path = TRAINED) -> TrainedKey:
    """The key and strength in a file that `save_key` wrote.

    Parameters
    ----------
    path : str or Path
        File to read. Default: those that come with bioKV, for d = 40.

    Returns
    -------
    TrainedKey

    Raises
    ------
    ValueError
        If the file cannot be read, or they are missing, of the wrong shape, or no finite numbers.
    """
    path = path_of("path", path)
    try:
        saved = json.loads(path.read_text())
        key, strength = numbers_of("key", saved["key"]), saved["strength"]
    except OSError as problem:
        raise ValueError(f"cannot read {path}: {problem.strerror}") from None
    except (ValueError, KeyError, TypeError, RecursionError):  # the last: JSON may nest too deeply
        raise ValueError(f"{path} does not hold a key and a strength, as save_key writes them") from None
    try:
        check_key(key, len(key))
        check_strength(strength)
    except ValueError as problem:
        raise ValueError(f"{path}: {problem}") from None
    return TrainedKey(key, strength)


def save_key(path: str | Path, trained: TrainedKey) -> None:
    """Write key and strength as JSON, one row of the key per line.

    Parameters
    ----------
    path : str or Path
        File to write.
    trained : TrainedKey
        Key and strength.

    Raises
    ------
    ValueError
        If they are none, or the file cannot be written.
    """
    if not isinstance(trained, TrainedKey):
        raise ValueError(f"trained must be a TrainedKey, as train_tvt returns one; got {shown(trained)}")
    key = numbers_of("key", trained.key)
    check_key(key, len(np.atleast_1d(key)))
    check_strength(trained.strength)
    rows = ",\n".join("  " + json.dumps([round(float(k), 5) for k in row]) for row in key)
    with replacing(path) as new:
        new.write_text(f'{{"strength": {trained.strength:.5f}, "key": [\n{rows}\n]}}\n')


def check_key(key: np.ndarray, key_dim: int) -> None:
    """Raise ValueError unless key is a (d, d) array of finite numbers.

    Parameters
    ----------
    key : array
        The argument that came.
    key_dim : int
        Size d.
    """
    if key.shape != (key_dim, key_dim) or not np.isfinite(key).all():
        raise ValueError(f"key must be a finite matrix of shape {(key_dim, key_dim)}; got {shown(key)}")


def check_strength(strength: Any) -> None:
    """Raise ValueError unless strength is a number above 0.

    Parameters
    ----------
    strength : anything
        The argument that came.
    """
    if not (is_number(strength) and strength > 0):
        raise ValueError(f"strength must be a number above 0, or None for |row| |x|; got {shown(strength)}")


def read_rows(M, x, strength=None, key=None, xp=np):
    """Read rows with queries: h = softmax(strength * cosine(M, key x)), and M^T h.

    Parameters
    ----------
    M : array, (..., N, d)
        Rows.
    x : array, (..., c, d)
        Queries, c per trial.
    strength : float
        Of the head. None (default): ``|row| |key x|``.
    key : array, (d, d)
        A linear map of the query. None (default): the identity.
    xp : module
        Either numpy or jax.numpy.

    Returns
    -------
    h : array, (..., c, N)
        Weight of each row.
    values : array, (..., c, d)
        What is read.
    """
    x = x if key is None else x @ key.T
    similarity = x @ M.swapaxes(-1, -2)
    if strength is not None:
        similarity = strength * similarity / (_length(x, xp)[..., None] * _length(M, xp)[..., None, :])
    h = softmax(similarity, xp)
    return h, h @ M


def _length(vector, xp):
    return xp.sqrt(xp.maximum((vector * vector).sum(axis=-1), 1e-12))  # an empty one has no gradient at 0


class TVT(Prompt):
    """One head. It writes the input into row (number of writes) mod N where q > 0, whatever q's size.

    It reads h = softmax(strength * cosine(M, key x)), and the value is M^T h. Rows start at 0; the cosine with an empty
    row is 0. An imposed plateau chooses the rows instead of the counter.

    Parameters
    ----------
    key_dim : int
        Size d.
    n_slots : int
        Number of rows N.
    value_dim : int
        None (default) or key_dim, for a row is its own value.
    strength : float
        Of the head; a number (10 is the authors' "sharpened"), or None (default): ``|row| |key x|``, with which, and
        the identity key, it is the paper's network with sequential third factors, but that its counter advances with
        writes alone.
    key : array, (d, d)
        A linear map of the query. None (default): the identity. `load_key` has a trained one and its strength.
    dtype : dtype
        Type of the rows, one of floating-point numbers.

    Raises
    ------
    ValueError
        If value_dim is not key_dim, or a size, the strength or the key is out of its range.

    Examples
    --------
    >>> import numpy as np
    >>> from bioKV.models import TVT
    >>> memory = TVT(4, 2, strength=10)
    >>> memory.store([1, -1, 1, 1], [1, -1, 1, 1])
    >>> np.sign(memory.recall([1, -1, 0, 0]))
    array([ 1., -1.,  1.,  1.])
    """

    name = "tvt"

    def __init__(self, key_dim: int, n_slots: int, value_dim: int | None = None, *, strength: float | None = None,
                 key: np.ndarray | None = None, dtype: DTypeLike = np.float64):  # fmt: skip
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
        """Raise ValueError if an episode does not fit, or stores anything but patterns as their own value.

        Parameters
        ----------
        episode : Episode
            What is to be presented.
        """
        super().check_episode(episode)
        check_own_value_episode("TVT", episode)

    def begin(self, n_trials: int, rng: Rng) -> TVTState:
        """Empty rows; nothing is random.

        Parameters
        ----------
        n_trials : int
            Number of trials B.
        rng : Generator, or a list of them
            Not drawn from.

        Returns
        -------
        TVTState
        """
        check_sizes(n_trials=n_trials)
        check_streams(rng, n_trials)
        return TVTState(np.zeros((n_trials, self.n_slots, self.key_dim), self.dtype), np.zeros(n_trials, np.int64))

    def read(self, M: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What keys read from the rows.

        Parameters
        ----------
        M : array, (B, N, d)
            Rows.
        x : array, (B, c, d)
            Keys, c per trial.

        Returns
        -------
        h : array, (B, c, N)
            Weight of each row.
        values : array, (B, c, d)
            What is read.
        """
        return read_rows(M, x, self.strength, self.key)

    def step(self, state: TVTState, key: np.ndarray, value: np.ndarray, gate: np.ndarray,
             gamma: np.ndarray | None = None) -> tuple[TVTState, Output]:  # fmt: skip
        """One presentation: read, then write.

        Parameters
        ----------
        state : TVTState
            As `begin` or `step` returned it.
        key : array, (B, d)
            The key, or a query.
        value : array, (B, d)
            The same where something is stored.
        gate : array, (B,)
            Global third factor q; above 0 the key is stored.
        gamma : array, (B, N)
            Imposed plateaus, 0 or 1. None (default): rows are written in turn.

        Returns
        -------
        state : TVTState
            After the step.
        output : Output
            What was recalled, before and after the write.
        """
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

        Parameters
        ----------
        episode : Episode
            With keys and values (..., T, d).
        rng : Generator, or a list of them
            Not drawn from.

        Returns
        -------
        Response

        Raises
        ------
        ValueError
            If the episode's sizes are not the memory's, or it stores pairs.
        """
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
        """The rows as keys and as values: a row is both.

        Parameters
        ----------
        state : TVTState
            As `begin`, `step` or a response has it.

        Returns
        -------
        K : array, (B, N, d)
            The rows M.
        V : array, (B, d, N)
            Its transpose.

        Raises
        ------
        ValueError
            If it is no state of this memory.
        """
        check_state_of(self, TVTState, state)
        return state.M, state.M.swapaxes(1, 2)

    def save(self, path: str | Path, state: TVTState | None = None) -> None:
        """Write a state as .npz.

        Parameters
        ----------
        path : str or Path
            File to write.
        state : TVTState
            Of any number of trials. None (default): the one at the prompt.

        Raises
        ------
        ValueError
            If it is no state of this memory, or the file cannot be written.
        """
        state = self.state if state is None else state
        check_state_of(self, TVTState, state)
        save_arrays(path, self.name, state._asdict())

    def load(self, path: str | Path) -> TVTState:
        """Read a state; one of a single trial is put at the prompt too.

        Parameters
        ----------
        path : str or Path
            File to read.

        Returns
        -------
        TVTState

        Raises
        ------
        ValueError
            If it is another memory's.
        """
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
    """The memory of ``--memory tvt``, and its options.

    Parameters
    ----------
    key_dim, n_slots, value_dim : int
        Sizes d, N and d again.

    Returns
    -------
    TVT
    """
    return TVT(key_dim, n_slots, value_dim)

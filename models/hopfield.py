"""The classical Hopfield network (eqs. 1-2 and footnote 4 of the paper)."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from ..checks import is_number, shown
from ..episode import Episode
from .outer_product import MOST_ROUNDS, OuterProductMemory
from .own_value import check_own_value_dim, check_own_value_episode, check_own_values


class Hopfield(OuterProductMemory):
    """The Hopfield network: W <- decay W + learning_rate q x x^T (eq. 1), and recall by x <- sign(W x) (eq. 2).

    All neurons change at once. sign(0) is 0: a neuron without input is undecided.

    Parameters
    ----------
    key_dim : int
        Number of neurons d.
    value_dim : int
        None (default) or the same.
    n_steps : int
        Attractor steps of a recall. None (default): until nothing changes any more. A network without self-coupling may
        end in a cycle of two states instead; then the state in which the cycle closes is the answer.
    decay : float
        Lambda, at every step, whether or not something is stored; 0.95 in the paper's continual task, 1 in others.
    learning_rate : float
        1 (default); 0.5/40 in the authors' flashbulb task; 1/sqrt(d) is theirs where weights are bounded.
    weight_bound : float
        Every weight is held to [-bound, bound] (Parisi, 1986; the authors' code has 0.35). None (default): free.
    self_coupling : bool
        True (default, the authors' code) keeps the diagonal of W. It holds every query close to where it starts, and is
        why no blackout shows in fig. 2a; without it accuracy at d = T = 40 falls from 0.82 to 0.66.
    dtype : dtype
        Type of the weights, one of floating-point numbers.

    Raises
    ------
    ValueError
        If value_dim is not key_dim, or a parameter is out of its range.

    References
    ----------
    Hopfield, J. J. (1982). Neural networks and physical systems with emergent collective computational abilities.
    PNAS 79.

    Parisi, G. (1986). A memory which forgets. Journal of Physics A 19.

    Examples
    --------
    >>> from bioKV.models import Hopfield
    >>> memory = Hopfield(4)
    >>> memory.store([1, -1, 1, 1], [1, -1, 1, 1])
    >>> memory.recall([1, -1, 0, 0])
    array([ 1., -1.,  1.,  1.])
    """

    name = "hopfield"

    def __init__(self, key_dim: int, value_dim: int | None = None, *, n_steps: int | None = None, decay: float = 1.0,
                 learning_rate: float = 1.0, weight_bound: float | None = None, self_coupling: bool = True,
                 dtype: DTypeLike = np.float64):  # fmt: skip
        check_own_value_dim("Hopfield", key_dim, value_dim)
        super().__init__(key_dim, key_dim, n_steps, decay, learning_rate, dtype)
        if weight_bound is not None and not (is_number(weight_bound) and weight_bound > 0):
            came = shown(weight_bound)
            raise ValueError(f"weight_bound must be a number above 0, or None for free weights; got {came}")
        if not isinstance(self_coupling, bool | np.bool_):
            raise ValueError(f"self_coupling must be True or False; got {shown(self_coupling)}")
        self.weight_bound, self.self_coupling = weight_bound, self_coupling

    def check(self, key: np.ndarray, value: np.ndarray, gate: np.ndarray) -> None:
        """Raise ValueError if a pattern to store is not its own value.

        Parameters
        ----------
        key, value : array, (..., d)
            Patterns.
        gate : array, (...,)
            Global third factor q; above 0 where one is stored.
        """
        check_own_values("Hopfield", key, value, gate)

    def check_episode(self, episode: Episode) -> None:
        """Raise ValueError if an episode does not fit, or stores anything but patterns as their own value.

        Parameters
        ----------
        episode : Episode
            What is to be presented.
        """
        super().check_episode(episode)
        check_own_value_episode("Hopfield", episode)

    def bound(self, W: np.ndarray) -> None:
        """Hold W within the bound, and without its diagonal where there is no self-coupling.

        Parameters
        ----------
        W : array, (B, d, d)
            Weights, changed in place.
        """
        if self.weight_bound is not None:
            np.clip(W, -self.weight_bound, self.weight_bound, out=W)
        if not self.self_coupling:
            W[:, np.arange(self.key_dim), np.arange(self.key_dim)] = 0

    def read(self, W: np.ndarray, x: np.ndarray) -> np.ndarray:
        """The states that queries end in.

        Parameters
        ----------
        W : array, (B, d, d)
            Weights.
        x : array, (B, c, d)
            Queries, c per trial.

        Returns
        -------
        array, (B, c, d)
            Of -1, 0 and 1.
        """
        if self.n_steps is not None:
            for _ in range(self.n_steps):
                x = np.sign(x @ W)  # W is symmetric
            return x
        answers, old, older = np.empty_like(x), x, None
        going = np.ones(x.shape[:2], bool)
        for _ in range(MOST_ROUNDS):
            new = np.sign(old @ W)
            done = (new == old).all(axis=2)
            if older is not None:
                done |= (new == older).all(axis=2)
            now = going & done
            answers[now] = new[now]
            going &= ~done
            if not going.any():
                return answers
            older, old = old, new
        answers[going] = old[going]
        return answers


def memory(key_dim: int, value_dim: int, *, decay: float = 1.0) -> Hopfield:
    """The memory of ``--memory hopfield``, and its options.

    Parameters
    ----------
    key_dim, value_dim : int
        Number of neurons d, twice.
    decay : float
        Share of the weights W that is left after a step.

    Returns
    -------
    Hopfield
    """
    return Hopfield(key_dim, value_dim, decay=decay)

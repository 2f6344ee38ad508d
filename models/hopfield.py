"""The classical Hopfield network (paper, eqs. 1-2 and footnote 4)."""

from __future__ import annotations

import numpy as np

from ..checks import is_number, shown
from ..episode import Episode
from .outer_product import MOST_ROUNDS, OuterProductMemory
from .own_value import check_own_value_dim, check_own_value_episode, check_own_values


class Hopfield(OuterProductMemory):
    """W <- decay W + learning_rate q x x^T (eq. 1), and recall by x <- sign(W x), all neurons at once (eq. 2).

    key_dim : d neurons. value_dim : None or the same.
    n_steps : attractor steps of a recall; None (default): until nothing changes any more. A network without
        self-coupling may end in a cycle of two states instead; then the state in which the cycle closes is the answer.
        sign(0) is 0: a neuron without input is undecided.
    decay : lambda, at every step, whether or not something is stored; 0.95 in the paper's continual task, 1 in others.
    learning_rate : 1; 0.5/40 in the authors' flashbulb task; 1/sqrt(d) is theirs where weights are bounded.
    weight_bound : every weight is held to [-bound, bound] (Parisi, 1986; the authors' code has 0.35), None: free.
    self_coupling : True (default, the authors' code) keeps the diagonal of W. It holds every query close to where it
        starts, and is why no blackout shows in fig. 2a; without it accuracy at d = T = 40 falls from 0.82 to 0.66.
    Raises ValueError if value_dim is not key_dim, or a parameter is out of its range.
    """

    name = "hopfield"

    def __init__(self, key_dim: int, value_dim: int | None = None, *, n_steps: int | None = None, decay: float = 1.0,
                 learning_rate: float = 1.0, weight_bound: float | None = None, self_coupling: bool = True,
                 dtype=np.float64):  # fmt: skip
        check_own_value_dim("Hopfield", key_dim, value_dim)
        super().__init__(key_dim, key_dim, n_steps, decay, learning_rate, dtype)
        if weight_bound is not None and not (is_number(weight_bound) and weight_bound > 0):
            came = shown(weight_bound)
            raise ValueError(f"weight_bound must be a number above 0, or None for free weights; got {came}")
        if not isinstance(self_coupling, bool | np.bool_):
            raise ValueError(f"self_coupling must be True or False; got {shown(self_coupling)}")
        self.weight_bound, self.self_coupling = weight_bound, self_coupling

    def check(self, key, value, gate) -> None:
        """Raise ValueError if a pattern to store is not its own value."""
        check_own_values("Hopfield", key, value, gate)

    def check_episode(self, episode: Episode) -> None:
        """Raise ValueError if an episode does not fit, or stores anything but patterns as their own value."""
        super().check_episode(episode)
        check_own_value_episode("Hopfield", episode)

    def bound(self, W) -> None:
        """Hold W within the bound, and without its diagonal where there is no self-coupling."""
        if self.weight_bound is not None:
            np.clip(W, -self.weight_bound, self.weight_bound, out=W)
        if not self.self_coupling:
            W[:, np.arange(self.key_dim), np.arange(self.key_dim)] = 0

    def read(self, W, x):
        """States (B, c, d) that queries x (B, c, d) end in."""
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
    """`--memory hopfield`, and its options."""
    return Hopfield(key_dim, value_dim, decay=decay)

"""The bidirectional associative memory (Kosko, 1988), a Hopfield network for pairs (paper, section 3.4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from .outer_product import MOST_ROUNDS, OuterProductMemory


class BAM(OuterProductMemory):
    """The bidirectional associative memory: W <- decay W + learning_rate q y x^T, and recall by y = sign(W x).

    Parameters
    ----------
    key_dim, value_dim : int
        Sizes d and m.
    n_steps : int
        How often the value layer is computed: 1 (default, the paper's), or more: the value calls the key back, x =
        sign(W^T y), and that key the value again; None: until the value no longer changes. sign(0) is 0.
    decay, learning_rate : float
        1 and 1, which the authors' training ends with too: through sign() it has no gradient.
    dtype : dtype
        Type of the weights, one of floating-point numbers.

    Raises
    ------
    ValueError
        If a size or a parameter is out of its range.

    References
    ----------
    Kosko, B. (1988). Bidirectional associative memories. IEEE Transactions on Systems, Man, and Cybernetics 18.

    Examples
    --------
    >>> from bioKV.models import BAM
    >>> memory = BAM(4, 2)
    >>> memory.store([1, -1, 1, 1], [-1, 1])
    >>> memory.recall([1, -1, 0, 0])
    array([-1.,  1.])
    """

    name = "bam"

    def __init__(self, key_dim: int, value_dim: int, *, n_steps: int | None = 1, decay: float = 1.0,
                 learning_rate: float = 1.0, dtype: DTypeLike = np.float64):  # fmt: skip
        super().__init__(key_dim, value_dim, n_steps, decay, learning_rate, dtype)

    def read(self, W: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Values for keys: sign(W x), and round again where n_steps asks for it.

        Parameters
        ----------
        W : array, (B, m, d)
            Weights.
        x : array, (B, c, d)
            Keys, c per trial.

        Returns
        -------
        array, (B, c, m)
            Of -1, 0 and 1.
        """
        y = np.sign(x @ W.swapaxes(1, 2))
        for _ in range((MOST_ROUNDS if self.n_steps is None else self.n_steps) - 1):
            old, y = y, np.sign(np.sign(y @ W) @ W.swapaxes(1, 2))
            if self.n_steps is None and (y == old).all():
                break
        return y


def memory(key_dim: int, value_dim: int, *, decay: float = 1.0) -> BAM:
    """The memory of ``--memory bam``, and its options.

    Parameters
    ----------
    key_dim, value_dim : int
        Sizes d and m.
    decay : float
        Share of the weights W that is left after a step.

    Returns
    -------
    BAM
    """
    return BAM(key_dim, value_dim, decay=decay)

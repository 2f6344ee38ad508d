"""The bidirectional associative memory (Kosko, 1988), a Hopfield network for pairs (paper, section 3.4)."""

from __future__ import annotations

import numpy as np

from .outer_product import MOST_ROUNDS, OuterProductMemory


class BAM(OuterProductMemory):
    """W <- decay W + learning_rate q y x^T, and recall by y = sign(W x).

    key_dim, value_dim : d and m.
    n_steps : how often the value layer is computed: 1 (default, the paper's), or more: the value calls the key back,
        x = sign(W^T y), and that key the value again; None: until the value no longer changes. sign(0) is 0.
    decay, learning_rate : 1 and 1, which the authors' training ends with too: through sign() it has no gradient.
    Raises ValueError if a size or a parameter is out of its range.
    """

    name = "bam"

    def __init__(self, key_dim: int, value_dim: int, *, n_steps: int | None = 1, decay: float = 1.0,
                 learning_rate: float = 1.0, dtype=np.float64):  # fmt: skip
        super().__init__(key_dim, value_dim, n_steps, decay, learning_rate, dtype)

    def read(self, W, x):
        """Values (B, c, m) for keys x (B, c, d)."""
        y = np.sign(x @ W.swapaxes(1, 2))
        for _ in range((MOST_ROUNDS if self.n_steps is None else self.n_steps) - 1):
            old, y = y, np.sign(np.sign(y @ W) @ W.swapaxes(1, 2))
            if self.n_steps is None and (y == old).all():
                break
        return y


def memory(key_dim: int, value_dim: int, *, decay: float = 1.0) -> BAM:
    """`--memory bam`, and its options."""
    return BAM(key_dim, value_dim, decay=decay)

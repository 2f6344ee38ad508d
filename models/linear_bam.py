"""The associative memory of the copy-paste task (fig. 5c): a BAM whose answer is not cut to signs."""

from __future__ import annotations

import numpy as np

from .outer_product import OuterProductMemory
from .plasticity import write_outer_product


class LinearBAM(OuterProductMemory):
    """W <- W + (q/d) y x^T, and recall by y = W x: real-valued keys of length sqrt(d) bring their values back as they
    were stored, if they are orthogonal. The global third factor q scales the change, as in the paper; nothing decays.

    key_dim, value_dim : d and m. Raises ValueError if one is not a whole number above 0.
    """

    name = "linear bam"

    def __init__(self, key_dim: int, value_dim: int, *, dtype=np.float64):
        super().__init__(key_dim, value_dim, 1, 1.0, 1.0, dtype)

    def read(self, W, x):
        """Values (B, c, m) for keys x (B, c, d)."""
        return x @ W.swapaxes(1, 2)

    def _write(self, W, x, y, q):
        W[...] = write_outer_product(W, x, y, q)
        return W

    def write_and_read(self, weights, key, value, gate, gamma, xp=np):
        """One step as a pure function, for learning: weights (W,); gamma is None. Returns the new weights and the value
        (B, m) that is read with the key after the write."""
        (W,) = weights
        W = write_outer_product(W, key, value, gate, xp)
        return (W,), (W @ key[..., None])[..., 0]

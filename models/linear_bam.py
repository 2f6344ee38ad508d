"""The associative memory of the copy-paste task (fig. 5c): a BAM whose answer is not cut to signs."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from .outer_product import OuterProductMemory
from .plasticity import write_outer_product


class LinearBAM(OuterProductMemory):
    """A BAM whose answer is not cut to signs: W <- W + (q/d) y x^T, and recall by y = W x.

    Real-valued keys of length sqrt(d) bring their values back as they were stored, if they are orthogonal. The global
    third factor q scales the change, as in the paper; nothing decays.

    Parameters
    ----------
    key_dim, value_dim : int
        Sizes d and m.
    dtype : dtype
        Type of the weights, one of floating-point numbers.

    Raises
    ------
    ValueError
        If a size is not a whole number above 0.

    Examples
    --------
    >>> from bioKV.models import LinearBAM
    >>> memory = LinearBAM(4, 2)
    >>> memory.store([1, -1, 1, 1], [0.5, -2])
    >>> memory.recall([1, -1, 1, 1])
    array([ 0.5, -2. ])
    """

    name = "linear bam"

    def __init__(self, key_dim: int, value_dim: int, *, dtype: DTypeLike = np.float64):
        super().__init__(key_dim, value_dim, 1, 1.0, 1.0, dtype)

    def read(self, W: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Values for keys: W x.

        Parameters
        ----------
        W : array, (B, m, d)
            Weights.
        x : array, (B, c, d)
            Keys, c per trial.

        Returns
        -------
        array, (B, c, m)
        """
        return x @ W.swapaxes(1, 2)

    def _write(self, W, x, y, q):
        W[...] = write_outer_product(W, x, y, q)
        return W

    def write_and_read(self, weights, key, value, gate, gamma, xp=np):
        """One step as a pure function, for learning.

        Parameters
        ----------
        weights : tuple of array
            The one matrix W (B, m, d).
        key : array, (B, d)
            The key.
        value : array, (B, m)
            The value to be stored with it.
        gate : array, (B,)
            Global third factor q.
        gamma : None
            There are no slots.
        xp : module
            Either numpy or jax.numpy.

        Returns
        -------
        weights : tuple of array
            After the write.
        value : array, (B, m)
            What is read with the key after the write.
        """
        (W,) = weights
        W = write_outer_product(W, key, value, gate, xp)
        return (W,), (W @ key[..., None])[..., 0]

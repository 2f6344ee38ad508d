"""A memory behind neurons that are on or off: what a controller shows a spiking memory, and gets back (fig. 5c)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..checks import is_number, numbers_of, shown
from ..memory import Output
from ..randomness import Rng
from .controller import check_memory

GATE = 2  # the gate is so much steeper than the rest: a pattern that is half stored is of no use to a spiking memory


class BinaryChannel:
    """Any memory, shown signs alone: of the key and of the value; q is 0 or 1; what it answers are signs, too.

    Each entry of a key or value is one bit this way: which of its ON and OFF neurons is active. That is what a
    SpikingMemory can show.

    Parameters
    ----------
    memory : KeyValueMemory or LinearBAM
        Any that a Controller can work.
    slope : float
        None (default): signs. A number: tanh(slope * x) in their place, and a gate as steep, for training, since signs
        have no gradient. A controller that was trained with a slope of 2 works with signs, too.

    Raises
    ------
    ValueError
        If memory is none that a controller can work, or slope is not a number above 0.
    """

    name = "binary channel"

    def __init__(self, memory: Any, slope: float | None = None):
        if slope is not None and not (is_number(slope) and slope > 0):
            raise ValueError(f"slope must be a number above 0, or None for signs; got {shown(slope)}")
        check_memory(memory)
        self.memory = memory
        self.slope = slope
        self.key_dim, self.value_dim, self.n_slots = memory.key_dim, memory.value_dim, memory.n_slots
        self.third_factor = getattr(memory, "third_factor", None)
        self.stability_threshold = getattr(memory, "stability_threshold", None)

    def begin(self, n_trials: int, rng: Rng) -> Any:
        """A fresh state of the memory.

        Parameters
        ----------
        n_trials : int
            Number of trials B.
        rng : Generator, or a list of them
            One for all, or one per trial.

        Returns
        -------
        state
        """
        return self.memory.begin(n_trials, rng)

    def step(self, state: Any, key: np.ndarray, value: np.ndarray, gate: np.ndarray, gamma: np.ndarray | None = None
             ) -> tuple[Any, Output]:  # fmt: skip
        """A step of the memory, shown signs, with signs as its answer.

        Parameters
        ----------
        state : state of the memory
            As `begin` or `step` returned it.
        key : array, (B, d)
            The key, or a query.
        value : array, (B, m)
            The value to be stored with it.
        gate : array, (B,)
            Global third factor q, from 0 to 1; rounded where signs are shown.
        gamma : array, (B, N)
            Imposed plateaus, 0 or 1. None (default): the memory's own third factor acts.

        Returns
        -------
        state : state of the memory
            After the step.
        output : Output
            Of signs before and after the write.

        Raises
        ------
        ValueError
            As the memory's own step.
        """
        key, value, gate = numbers_of("key", key), numbers_of("value", value), numbers_of("gate", gate)
        now = self._sign(key, np), self._sign(value, np), self._on(gate, np)
        state, output = self.memory.step(state, *now, gamma)
        before, after = (self._sign(a, np) for a in (output.before, output.after))
        return state, output._replace(before=before, after=after)

    def write_and_read(self, weights, key, value, gate, gamma, xp=np):
        """A step of the memory as a pure function, for learning around it, which takes a slope.

        Parameters
        ----------
        weights : tuple of array
            Those of the memory.
        key : array, (B, d)
            The key.
        value : array, (B, m)
            The value to be stored with it.
        gate : array, (B,)
            Global third factor q.
        gamma : array, (B, N)
            Plateaus.
        xp : module
            Either numpy or jax.numpy.

        Returns
        -------
        weights : tuple of array
            After the write.
        value : array, (B, m)
            What is read with the key after the write.

        Raises
        ------
        ValueError
            If xp is not numpy and there is no slope.
        """
        if self.slope is None and xp is not np:
            raise ValueError("signs have no gradient; train with a slope, as in BinaryChannel(memory, slope=2)")
        now = self._sign(key, xp), self._sign(value, xp), self._on(gate, xp)
        weights, read = self.memory.write_and_read(weights, *now, gamma, xp)
        return weights, self._sign(read, xp)

    def weights(self, state: Any) -> tuple[np.ndarray, np.ndarray]:
        """The weights of the memory.

        Parameters
        ----------
        state : state of the memory
            As `begin` or `step` returned it.

        Returns
        -------
        K : array, (B, N, d)
            Keys, or W of a memory without slots.
        V : array, (B, m, N)
            Values, or W^T of a memory without slots.
        """
        return self.memory.weights(state)

    def _sign(self, x, xp):
        return xp.sign(x) if self.slope is None else xp.tanh(self.slope * x)

    def _on(self, q, xp):
        if self.slope is None:
            return xp.round(q)
        q = xp.clip(q, 1e-4, 1 - 1e-4)
        return 1 / (1 + ((1 - q) / q) ** (GATE * self.slope))

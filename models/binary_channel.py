"""A memory behind neurons that are on or off: what a controller shows a spiking memory, and gets back (fig. 5c)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..checks import is_number, shown

GATE = 2  # the gate is so much steeper than the rest: a pattern that is half stored is of no use to a spiking memory


class BinaryChannel:
    """Any memory, shown signs alone: of the key and of the value; q is 0 or 1; what it answers are signs, too.

    Each entry of a key or value is one bit this way: which of its ON and OFF neurons is active. That is what a
    SpikingMemory can show.
    memory : one that a Controller can work.
    slope : None for signs; a number for tanh(slope * x) in their place, and a gate as steep, for training: signs have
        no gradient. A controller that was trained with a slope of 2 works with signs, too.
    Raises ValueError if slope is not a number above 0.
    """

    name = "binary channel"

    def __init__(self, memory: Any, slope: float | None = None):
        if slope is not None and not (is_number(slope) and slope > 0):
            raise ValueError(f"slope must be a number above 0, or None for signs; got {shown(slope)}")
        self.memory = memory
        self.slope = slope
        self.key_dim, self.value_dim, self.n_slots = memory.key_dim, memory.value_dim, memory.n_slots
        self.third_factor = getattr(memory, "third_factor", None)
        self.stability_threshold = getattr(memory, "stability_threshold", None)

    def begin(self, n_trials: int, rng):
        """The memory's own."""
        return self.memory.begin(n_trials, rng)

    def step(self, state, key, value, gate, gamma=None):
        """The memory's own, shown signs: key (B, d), value (B, m), gate (B,); gamma (B, N) imposes plateaus."""
        now = self._sign(key, np), self._sign(value, np), self._on(gate, np)
        state, output = self.memory.step(state, *now, gamma)
        before, after = (self._sign(a, np) for a in (output.before, output.after))
        return state, output._replace(before=before, after=after)

    def write_and_read(self, weights, key, value, gate, gamma, xp=np):
        """The memory's own as a pure function, for learning around it, which takes a slope."""
        if self.slope is None and xp is not np:
            raise ValueError("signs have no gradient; train with a slope, as in BinaryChannel(memory, slope=2)")
        now = self._sign(key, xp), self._sign(value, xp), self._on(gate, xp)
        weights, read = self.memory.write_and_read(weights, *now, gamma, xp)
        return weights, self._sign(read, xp)

    def weights(self, state):
        """The memory's own."""
        return self.memory.weights(state)

    def _sign(self, x, xp):
        return xp.sign(x) if self.slope is None else xp.tanh(self.slope * x)

    def _on(self, q, xp):
        if self.slope is None:
            return xp.round(q)
        q = xp.clip(q, 1e-4, 1 - 1e-4)
        return 1 / (1 + ((1 - q) / q) ** (GATE * self.slope))

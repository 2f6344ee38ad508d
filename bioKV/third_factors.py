"""Local third factors: which slots have a plateau potential at a step, hence are written if the gate is open.

Each is a small immutable object with the same three methods; the state it returns belongs to the caller:
`begin(n_trials, n_slots, rng) -> state`, `draw(state, n_steps) -> gamma (B, n_steps, N)` for the coming steps, and
`advance(state, gamma, gate, hidden) -> state` once they have happened. `needs_answers` says whether the next draw
depends on what the memory answered, so that steps cannot be drawn ahead.
"""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

import numpy as np

from .checks import numbers_of, shown
from .randomness import Rng, trial_streams

DRAWS_PER_COUNT = 4  # Philox makes four 64-bit numbers a count, and advance() moves by counts


class ThirdFactor(Protocol):
    """What a memory asks of its local third factor."""

    @property
    def name(self) -> str: ...
    @property
    def needs_answers(self) -> bool: ...

    def begin(self, n_trials: int, n_slots: int, rng: Rng): ...
    def draw(self, state, n_steps: int = 1) -> np.ndarray: ...
    def advance(self, state, gamma, gate, hidden): ...
    def after_prompt(self, before, after): ...


def check_third_factor(third_factor, n_slots: int) -> None:
    """Raise ValueError unless this is a third factor that can choose among n_slots slots."""
    if isinstance(third_factor, type) or not hasattr(third_factor, "advance"):
        raise ValueError(f"third_factor takes an object such as bioKV.Random(p=0.1); got {shown(third_factor)}")
    third_factor.begin(1, n_slots, np.random.default_rng(0))


class Clock(NamedTuple):
    """Steps passed, and the key of each trial's random stream."""

    step: int
    n_slots: int
    stream: np.ndarray  # (B, 2) uint64


class Sequential(NamedTuple):
    """Eq. 6: slot t mod N at step t. The counter advances at every step, recalls included."""

    @property
    def name(self) -> str:
        return "sequential"

    @property
    def needs_answers(self) -> bool:
        return False

    def begin(self, n_trials: int, n_slots: int, rng: Rng) -> Clock:
        return Clock(0, n_slots, np.zeros((n_trials, 2), dtype=np.uint64))

    def draw(self, state: Clock, n_steps: int = 1) -> np.ndarray:
        slot = (state.step + np.arange(n_steps)) % state.n_slots
        gamma = np.zeros((len(state.stream), n_steps, state.n_slots))
        gamma[:, np.arange(n_steps), slot] = 1.0
        return gamma

    def advance(self, state: Clock, gamma, gate, hidden) -> Clock:
        return state._replace(step=state.step + gamma.shape[-2])

    def after_prompt(self, before: Clock, after: Clock) -> Clock:
        return before  # a recall by hand is not a presentation: the next pair goes to the next slot


class Random(NamedTuple):
    """Eq. 7: every slot on its own with probability p a step. p may be a list, one for each slot.

    A draw is a function of the trial's stream and the step alone (a counter-based generator), so that an episode
    answered step by step and one answered at once see the same plateaus.
    Raises ValueError from `begin` unless every p lies in [0, 1].
    """

    p: float | tuple[float, ...] = 0.1

    @property
    def name(self) -> str:
        return "random"

    @property
    def needs_answers(self) -> bool:
        return False

    def probabilities(self, n_slots: int) -> np.ndarray:
        """p for each of the slots, (N,)."""
        p = numbers_of("p", self.p)
        if p.ndim and p.shape != (n_slots,):
            raise ValueError(f"p must be one probability or one for each of the {n_slots} slots; got {p.size}")
        if not ((p >= 0) & (p <= 1)).all():  # written so that NaN fails too
            worst = p if p.ndim == 0 else p[~((p >= 0) & (p <= 1))][0]
            hint = f" Did you mean p={worst:g}/N?" if worst > 1 else ""
            raise ValueError(f"p is a probability per slot and step and must lie in [0, 1]; got {worst:g}.{hint}")
        return np.broadcast_to(p, (n_slots,))

    def begin(self, n_trials: int, n_slots: int, rng: Rng) -> Clock:
        self.probabilities(n_slots)
        stream = [r.integers(2**64, size=2, dtype=np.uint64) for r in trial_streams(rng, n_trials)]
        return Clock(0, n_slots, np.array(stream, dtype=np.uint64).reshape(n_trials, 2))

    def draw(self, state: Clock, n_steps: int = 1) -> np.ndarray:
        counts_per_step = math.ceil(state.n_slots / DRAWS_PER_COUNT)
        uniform = np.empty((len(state.stream), n_steps, counts_per_step * DRAWS_PER_COUNT))
        for out, key in zip(uniform, state.stream, strict=True):
            bits = np.random.Philox(key=key)
            bits.advance(state.step * counts_per_step)
            np.random.Generator(bits).random(out=out)
        return (uniform[:, :, : state.n_slots] < self.probabilities(state.n_slots)).astype(float)

    def advance(self, state: Clock, gamma, gate, hidden) -> Clock:
        return state._replace(step=state.step + gamma.shape[-2])

    def after_prompt(self, before: Clock, after: Clock) -> Clock:
        return before


class Usage(NamedTuple):
    """Steps passed, and when each slot was last written or won a recall (-1: never), (B, N)."""

    step: int
    last_used: np.ndarray


class LeastRecentlyUsed(NamedTuple):
    """The slot that was longest neither written nor the winner of a recall; never used slots first, in order.

    A step counts as a recall when its gate is 0 and the winner stands out (its share is above 1/2): an answer
    that leans on no slot uses none.
    """

    @property
    def name(self) -> str:
        return "least_recently_used"

    @property
    def needs_answers(self) -> bool:
        return True

    def begin(self, n_trials: int, n_slots: int, rng: Rng) -> Usage:
        return Usage(0, np.full((n_trials, n_slots), -1))

    def draw(self, state: Usage, n_steps: int = 1) -> np.ndarray:
        if n_steps != 1:
            raise ValueError("least_recently_used depends on the answers and is drawn one step at a time")
        gamma = np.zeros((len(state.last_used), 1, state.last_used.shape[1]))
        gamma[np.arange(len(gamma)), 0, state.last_used.argmin(axis=1)] = 1.0
        return gamma

    def advance(self, state: Usage, gamma, gate, hidden) -> Usage:
        written = (gate > 0)[..., None] & (gamma > 0)
        recalled = (gate <= 0)[..., None] & (hidden > 0.5)
        used = (written | recalled)[:, 0]
        return Usage(state.step + 1, np.where(used, state.step, state.last_used))

    def after_prompt(self, before: Usage, after: Usage) -> Usage:
        return after  # being recalled is what keeps a slot

"""Local third factors: which slots have a plateau potential at a step, hence are written if the gate is open.

Each is a small immutable object with the same four methods; the state it returns belongs to the caller:
`begin(n_trials, n_slots, rng) -> state`, `draw(state, n_steps) -> gamma (B, n_steps, N)` for the coming steps,
`advance(state, gamma, gate, hidden) -> state` once they have happened, and `after_prompt(before, after) -> state` once
a person has recalled something. `needs_answers` says whether the next draw depends on what the memory answered, so
that steps cannot be drawn ahead. In the spiking memory dendrites do the work of `draw` and `advance`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from . import shapes
from .checks import check_count, numbers_of, shown
from .randomness import Rng, trial_streams

DRAWS_PER_COUNT = 4  # Philox makes four 64-bit numbers a count, and advance() moves by counts


class ThirdFactor(Protocol):
    """What a memory asks of its local third factor.

    It is immutable; the state that it returns belongs to the caller.
    """

    @property
    def name(self) -> str:
        """As on the command line and in the file of a saved memory."""

    @property
    def needs_answers(self) -> bool:
        """Whether the next draw depends on what the memory answered; then a draw is of one step."""

    def begin(self, n_trials: int, n_slots: int, rng: Rng) -> Any:
        """The state before the first step.

        Parameters
        ----------
        n_trials : int
            Number of trials B.
        n_slots : int
            Number of slots N.
        rng : Generator, or a list of them
            One for all, or one per trial.

        Returns
        -------
        state

        Raises
        ------
        ValueError
            If it cannot choose among n_slots slots.
        """

    def draw(self, state: Any, n_steps: int = 1) -> np.ndarray:
        """The plateaus of the coming steps. The same state gives the same plateaus.

        Parameters
        ----------
        state : state of this third factor
            As `begin` or `advance` returned it.
        n_steps : int
            Number of steps ahead.

        Returns
        -------
        array, (B, n_steps, N)
            Plateaus gamma, 1.0 or 0.0.
        """

    def advance(self, state: Any, gamma: np.ndarray, gate: np.ndarray, hidden: np.ndarray) -> Any:
        """The state after T steps.

        Parameters
        ----------
        state : state of this third factor
            As `begin` or `advance` returned it.
        gamma : array, (B, T, N)
            Plateaus, drawn or imposed.
        gate : array, (B, T)
            Global third factor q.
        hidden : array, (B, T, N)
            Each slot's share of the activity when the key was read.

        Returns
        -------
        state
        """

    def after_prompt(self, before: Any, after: Any) -> Any:
        """The state to go on with after a recall at the prompt.

        Parameters
        ----------
        before, after : state of this third factor
            Before the step of that recall, and after it.

        Returns
        -------
        state
            One of the two.
        """


def check_third_factor(third_factor: Any, n_slots: int) -> None:
    """Raise ValueError unless this is a third factor that can choose among n_slots slots.

    Parameters
    ----------
    third_factor : anything
        The argument that came.
    n_slots : int
        Number of slots N.
    """
    if isinstance(third_factor, type) or not hasattr(third_factor, "advance"):
        raise ValueError(f"third_factor takes an object such as bioKV.Random(p=0.1); got {shown(third_factor)}")
    third_factor.begin(1, n_slots, np.random.default_rng(0))


def check_sizes_of_state(n_trials: int, n_slots: int) -> None:
    """Raise ValueError unless both are whole numbers above 0.

    Parameters
    ----------
    n_trials, n_slots : int
        Numbers of trials B and of slots N.
    """
    check_count("n_trials", n_trials)
    check_count("n_slots", n_slots)


class Clock(NamedTuple):
    """What `Sequential` and `Random` keep from step to step.

    Parameters
    ----------
    step : int
        Steps passed.
    n_slots : int
        Number of slots N.
    stream : array of uint64, (B, 2)
        Key of each trial's random stream; 0 where nothing is random.
    """

    step: int
    n_slots: int
    stream: np.ndarray  # (B, 2) uint64

    def __repr__(self) -> str:
        return shapes.line("Clock", self._asdict())


@dataclass(frozen=True)
class Sequential:
    """Eq. 6: slot t mod N at step t. The counter advances at every step, recalls included.

    Examples
    --------
    >>> import numpy as np
    >>> from bioKV import Sequential
    >>> turn = Sequential()
    >>> turn.draw(turn.begin(1, 3, np.random.default_rng(0)), n_steps=4)[0]
    array([[1., 0., 0.],
           [0., 1., 0.],
           [0., 0., 1.],
           [1., 0., 0.]])
    """

    @property
    def name(self) -> str:
        """Always "sequential"."""
        return "sequential"

    @property
    def needs_answers(self) -> bool:
        """False: slots come in turn, whatever was answered."""
        return False

    def begin(self, n_trials: int, n_slots: int, rng: Rng) -> Clock:
        """Step 0.

        Parameters
        ----------
        n_trials, n_slots : int
            Numbers of trials B and of slots N.
        rng : Generator, or a list of them
            Not looked at: nothing is random.

        Returns
        -------
        Clock

        Raises
        ------
        ValueError
            Unless both are whole numbers above 0.
        """
        check_sizes_of_state(n_trials, n_slots)
        return Clock(0, n_slots, np.zeros((n_trials, 2), dtype=np.uint64))

    def draw(self, state: Clock, n_steps: int = 1) -> np.ndarray:
        """The plateaus of the coming steps: slot t mod N at step t (eq. 6), in every trial.

        Parameters
        ----------
        state : Clock
            Steps passed.
        n_steps : int
            Number of steps ahead.

        Returns
        -------
        array, (B, n_steps, N)
            1.0 for the slot whose turn it is, 0.0 for the others.
        """
        slot = (state.step + np.arange(n_steps)) % state.n_slots
        gamma = np.zeros((len(state.stream), n_steps, state.n_slots))
        gamma[:, np.arange(n_steps), slot] = 1.0
        return gamma

    def advance(self, state: Clock, gamma: np.ndarray, gate: np.ndarray, hidden: np.ndarray) -> Clock:
        """The clock T steps on, whatever plateaus, gate and hidden activity were.

        Parameters
        ----------
        state : Clock
            Steps passed before.
        gamma : array, (B, T, N)
            Plateaus, of which only the number of steps counts.
        gate, hidden : array
            Not looked at.

        Returns
        -------
        Clock
        """
        return state._replace(step=state.step + gamma.shape[-2])

    def after_prompt(self, before: Clock, after: Clock) -> Clock:
        """The clock as it was before the recall.

        Parameters
        ----------
        before, after : Clock
            Before and after the recall.

        Returns
        -------
        Clock
        """
        return before  # a recall by hand is not a presentation: the next pair goes to the next slot


@dataclass(frozen=True)
class Random:
    """Eq. 7: every slot on its own with probability p per step.

    A draw is a function of the trial's stream and the step alone (a counter-based generator), so that an episode
    answered step by step and one answered at once see the same plateaus.

    Parameters
    ----------
    p : float or tuple of float
        Probability per slot and step, in [0, 1]; one for all slots, or one for each. `begin` raises ValueError for
        others.

    Examples
    --------
    >>> import numpy as np
    >>> from bioKV import Random
    >>> chance = Random(p=0.5)
    >>> state = chance.begin(1, 5, np.random.default_rng(2021))
    >>> chance.draw(state, n_steps=2)[0]
    array([[0., 1., 0., 1., 0.],
           [0., 1., 0., 1., 1.]])
    """

    p: float | tuple[float, ...] = 0.1

    @property
    def name(self) -> str:
        """Always "random"."""
        return "random"

    @property
    def needs_answers(self) -> bool:
        """False: a draw depends on the stream and the step alone."""
        return False

    def probabilities(self, n_slots: int) -> np.ndarray:
        """The probability p of each slot.

        Parameters
        ----------
        n_slots : int
            Number of slots N.

        Returns
        -------
        array, (N,)

        Raises
        ------
        ValueError
            If p is not numeric, is neither one number nor N of them, or is outside [0, 1] anywhere.
        """
        p = numbers_of("p", self.p)
        if p.ndim and p.shape != (n_slots,):
            came = p.size if p.ndim == 1 else f"an array of shape {p.shape}"
            raise ValueError(f"p must be one probability or one for each of the {n_slots} slots; got {came}")
        if not ((p >= 0) & (p <= 1)).all():  # written so that NaN fails too
            worst = p if p.ndim == 0 else p[~((p >= 0) & (p <= 1))][0]
            hint = f" Did you mean p={worst:g}/N?" if worst > 1 else ""
            raise ValueError(f"p is a probability per slot and step and must lie in [0, 1]; got {worst:g}.{hint}")
        return np.broadcast_to(p, (n_slots,))

    def begin(self, n_trials: int, n_slots: int, rng: Rng) -> Clock:
        """Step 0, and a key for each trial, drawn from its stream.

        Parameters
        ----------
        n_trials, n_slots : int
            Numbers of trials B and of slots N.
        rng : Generator, or a list of them
            One for all, or one per trial.

        Returns
        -------
        Clock

        Raises
        ------
        ValueError
            For what `probabilities` refuses, for sizes that are no whole numbers above 0, or if rng is neither.
        """
        check_sizes_of_state(n_trials, n_slots)
        self.probabilities(n_slots)
        stream = [r.integers(2**64, size=2, dtype=np.uint64) for r in trial_streams(rng, n_trials)]
        return Clock(0, n_slots, np.array(stream, dtype=np.uint64).reshape(n_trials, 2))

    def draw(self, state: Clock, n_steps: int = 1) -> np.ndarray:
        """The plateaus of the coming steps (eq. 7). A step may have none, or several.

        Parameters
        ----------
        state : Clock
            Steps passed, and the streams.
        n_steps : int
            Number of steps ahead.

        Returns
        -------
        array, (B, n_steps, N)
            1.0 with the slot's probability, 0.0 otherwise.
        """
        counts_per_step = math.ceil(state.n_slots / DRAWS_PER_COUNT)
        uniform = np.empty((len(state.stream), n_steps, counts_per_step * DRAWS_PER_COUNT))
        for out, key in zip(uniform, state.stream, strict=True):
            bits = np.random.Philox(key=key)
            bits.advance(state.step * counts_per_step)
            np.random.Generator(bits).random(out=out)
        return (uniform[:, :, : state.n_slots] < self.probabilities(state.n_slots)).astype(float)

    def advance(self, state: Clock, gamma: np.ndarray, gate: np.ndarray, hidden: np.ndarray) -> Clock:
        """The clock T steps on, whatever plateaus, gate and hidden activity were.

        Parameters
        ----------
        state : Clock
            Steps passed before.
        gamma : array, (B, T, N)
            Plateaus, of which only the number of steps counts.
        gate, hidden : array
            Not looked at.

        Returns
        -------
        Clock
        """
        return state._replace(step=state.step + gamma.shape[-2])

    def after_prompt(self, before: Clock, after: Clock) -> Clock:
        """The clock as it was before the recall: the next store draws what it would have drawn without it.

        Parameters
        ----------
        before, after : Clock
            Before and after the recall.

        Returns
        -------
        Clock
        """
        return before


class Usage(NamedTuple):
    """What `LeastRecentlyUsed` keeps from step to step.

    Parameters
    ----------
    step : int
        Steps passed.
    last_used : array of int, (B, N)
        The step at which each slot was last written or won a recall; -1: never.
    """

    step: int
    last_used: np.ndarray

    def __repr__(self) -> str:
        return shapes.line("Usage", self._asdict())


@dataclass(frozen=True)
class LeastRecentlyUsed:
    """The slot that was longest neither written nor the winner of a recall; never used slots first, in order.

    A step counts as a recall when its gate is 0 and the winner stands out (its share is above 1/2): an answer that
    leans on no slot uses none.

    Examples
    --------
    Two patterns are stored, the first is recalled: the next goes to the slot of the second.

    >>> from bioKV import LeastRecentlyUsed
    >>> from bioKV.models import KeyValueMemory
    >>> memory = KeyValueMemory(4, 2, 4, LeastRecentlyUsed())
    >>> first, second = [1, 1, 1, -1], [1, -1, -1, -1]
    >>> memory.store(first, first)
    >>> memory.store(second, second)
    >>> answer = memory.recall(first)
    >>> memory.third_factor.draw(memory.state.third_factor)
    array([[[0., 1.]]])
    """

    @property
    def name(self) -> str:
        """Always "least_recently_used"."""
        return "least_recently_used"

    @property
    def needs_answers(self) -> bool:
        """True: winning a recall counts as use of a slot."""
        return True

    def begin(self, n_trials: int, n_slots: int, rng: Rng) -> Usage:
        """Step 0, with no slot ever used.

        Parameters
        ----------
        n_trials, n_slots : int
            Numbers of trials B and of slots N.
        rng : Generator, or a list of them
            Not looked at: nothing is random.

        Returns
        -------
        Usage

        Raises
        ------
        ValueError
            Unless both sizes are whole numbers above 0.
        """
        check_sizes_of_state(n_trials, n_slots)
        return Usage(0, np.full((n_trials, n_slots), -1))

    def draw(self, state: Usage, n_steps: int = 1) -> np.ndarray:
        """The plateau of the coming step: the slot used longest ago, the first of equals.

        Parameters
        ----------
        state : Usage
            When each slot was used.
        n_steps : int
            One, for the next depends on what will be answered.

        Returns
        -------
        array, (B, 1, N)
            1.0 for that slot, 0.0 for the others.

        Raises
        ------
        ValueError
            Unless n_steps is 1.
        """
        if n_steps != 1:
            raise ValueError("least_recently_used depends on the answers and is drawn one step at a time")
        gamma = np.zeros((len(state.last_used), 1, state.last_used.shape[1]))
        gamma[np.arange(len(gamma)), 0, state.last_used.argmin(axis=1)] = 1.0
        return gamma

    def advance(self, state: Usage, gamma: np.ndarray, gate: np.ndarray, hidden: np.ndarray) -> Usage:
        """The state one step on.

        A slot was used if its plateau and the gate are above 0, or if the gate is 0 and its share is above 1/2.

        Parameters
        ----------
        state : Usage
            When each slot was used before.
        gamma : array, (B, 1, N)
            Plateaus.
        gate : array, (B, 1)
            Global third factor q.
        hidden : array, (B, 1, N)
            Each slot's share of the activity when the key was read.

        Returns
        -------
        Usage
        """
        written = (gate > 0)[..., None] & (gamma > 0)
        recalled = (gate <= 0)[..., None] & (hidden > 0.5)
        used = (written | recalled)[:, 0]
        return Usage(state.step + 1, np.where(used, state.step, state.last_used))

    def after_prompt(self, before: Usage, after: Usage) -> Usage:
        """The state after the recall.

        Parameters
        ----------
        before, after : Usage
            Before and after the recall.

        Returns
        -------
        Usage
        """
        return after  # being recalled is what keeps a slot

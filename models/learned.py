"""The key-value memory under a parameterised plasticity rule, set by hand or learned (paper, section 3.2)."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from ..memory import Output, check_step
from ..rule import SIMPLE, Rule, check_rule
from ..third_factors import ThirdFactor
from .plasticity import learned_step, softmax
from .rate import KeyValueMemory, KeyValueState
from .stretches import stretches


class LearnedMemory(KeyValueMemory):
    """Eqs. 4-7 and 12-16 with d inputs, N hidden neurons and m outputs.

    Parameters
    ----------
    key_dim, n_slots, value_dim : int
        Sizes d, N and m.
    third_factor : ThirdFactor
        Sequential() (default), Random(p) or LeastRecentlyUsed().
    rule : Rule
        With SIMPLE (default) it is KeyValueMemory wherever q is 0 or 1; where q is larger, what is written is not held
        to q = 1. The paper has q of 0 and 1 alone here (eq. 13).
    initial_scale : float
        K and V start at U(-scale, scale). 0 (default) starts both at exactly 0.
    dtype : dtype
        Type of the weights, one of floating-point numbers.

    Raises
    ------
    ValueError
        For what KeyValueMemory refuses, and if the rule has a number that is not finite or an array of another size.

    References
    ----------
    Tyulmankov, D., Fang, C., Vadaparty, A. & Yang, G. R. (2021). Biological learning in key-value memory networks.
    NeurIPS 34. arXiv:2110.13976, section 3.2.

    Examples
    --------
    A rule that keeps half of every value at each store (decay, eq. 13):

    >>> import numpy as np
    >>> from bioKV import Rule
    >>> from bioKV.models import LearnedMemory
    >>> memory = LearnedMemory(2, 3, 2, rule=Rule(decay=0.5, axon=0.0))
    >>> memory.store([1, 1], [-1, 1])
    >>> memory.store([1, -1], [1, 1])
    >>> np.sign(memory.recall([1, 1]))
    array([-1.,  1.])
    """

    name = "learned"

    def __init__(self, key_dim: int, n_slots: int, value_dim: int, third_factor: ThirdFactor | None = None, *,
                 rule: Rule = SIMPLE, initial_scale: float = 0.0,
                 dtype: DTypeLike = np.float64):  # fmt: skip
        super().__init__(key_dim, n_slots, value_dim, third_factor, initial_scale=initial_scale, dtype=dtype)
        self.rule = check_rule(rule, self.key_dim, self.n_slots, self.value_dim)
        self._rule = Rule(*(p.astype(self.dtype) if isinstance(p, np.ndarray) else p for p in self.rule))

    def step(self, state: KeyValueState, key: np.ndarray, value: np.ndarray, gate: np.ndarray,
             gamma: np.ndarray | None = None) -> tuple[KeyValueState, Output]:  # fmt: skip
        """One presentation: read (eqs. 4-5), then write (eqs. 12-16). With gate 0 no weight changes.

        Parameters
        ----------
        state : KeyValueState
            As `begin` or `step` returned it.
        key : array, (B, d)
            The key, or a query.
        value : array, (B, m)
            The value to be stored with it.
        gate : array, (B,)
            Global third factor q.
        gamma : array, (B, N)
            Imposed plateaus, 0 or 1. None (default): the memory's own third factor acts.

        Returns
        -------
        state : KeyValueState
            After the step.
        output : Output
            What was recalled, before and after the write.
        """
        check_step(self, KeyValueState, state, key, value, gate, gamma)
        x, y, q = (np.asarray(a, self.dtype) for a in (key, value, gate))
        gamma = self.third_factor.draw(state.third_factor)[:, 0] if gamma is None else np.asarray(gamma)
        gamma = gamma.astype(self.dtype)
        K, V, hidden, before, after = learned_step(self._rule, state.K, state.V, x, y, q, gamma)
        factor = self.third_factor.advance(state.third_factor, gamma[:, None], q[:, None], hidden[:, None])
        return KeyValueState(K, V, factor), Output(before, after, hidden, gamma)

    def with_rule(self, rule: Rule) -> LearnedMemory:
        """The same memory under another rule.

        Parameters
        ----------
        rule : Rule
            In the place of its own.

        Returns
        -------
        LearnedMemory

        Raises
        ------
        ValueError
            For a rule that does not fit.
        """
        return LearnedMemory(self.key_dim, self.n_slots, self.value_dim, self.third_factor, rule=rule,
                             initial_scale=self.initial_scale, dtype=self.dtype)  # fmt: skip

    def write_and_read(self, weights, key, value, gate, gamma, xp=np, rule: Rule | None = None):
        """One step as a pure function, for learning around it.

        Parameters
        ----------
        weights : tuple of array
            K (B, N, d) and V (B, m, N).
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
        rule : Rule
            Another than the memory's, for where that is learned too. None (default): the memory's.

        Returns
        -------
        weights : tuple of array
            After the write.
        value : array, (B, m)
            What is read with the key after the write.
        """
        K, V = weights
        K, V, _, _, after = learned_step(self._rule if rule is None else rule, K, V, key, value, gate, gamma, xp)
        return (K, V), after

    def _closed_loop(self, flat, state):
        """Step by step, but for runs of recalls, which are two products."""
        keys, targets, gates = (np.asarray(a, self.dtype) for a in (flat.keys, flat.values, flat.gate))
        values = np.zeros_like(targets)
        hidden = np.zeros((*gates.shape, self.n_slots), self.dtype)
        adaptive = self.third_factor.needs_answers and flat.local_third_factor is None
        gamma = np.zeros_like(hidden) if adaptive else self._plateaus(flat, state.third_factor)
        K, V, factor, _ = state
        storing = (gates > 0).any(axis=0)
        for start, stop in stretches(storing | flat.feedback.any(axis=0) | self.third_factor.needs_answers):
            here = slice(start, stop)
            if adaptive:
                gamma[:, here] = self.third_factor.draw(factor)
            x = keys[:, here]
            if flat.feedback[:, start].any():
                previous = np.sign(values[:, start - 1]) if start else np.zeros_like(values[:, 0])
                x = np.where(flat.feedback[:, here, None], previous[:, None], x)
            if storing[start]:
                now = x[:, 0], targets[:, start], gates[:, start], gamma[:, start]
                K, V, hidden[:, start], before, after = learned_step(self._rule, K, V, *now)
                values[:, start] = after if flat.read_after_write else before
            else:
                hidden[:, here] = softmax(x @ K.swapaxes(1, 2))
                values[:, here] = hidden[:, here] @ V.swapaxes(1, 2)
            factor = self.third_factor.advance(factor, gamma[:, here], gates[:, here], hidden[:, here])
        return values, hidden, gamma, KeyValueState(K, V, factor)

    _open_loop = _closed_loop  # V decays in every slot: its columns cannot be laid out ahead


def memory(key_dim: int, n_slots: int, value_dim: int, third_factor: ThirdFactor, *, rule: str | None = None
           ) -> LearnedMemory:  # fmt: skip
    """The memory of ``--memory learned``, and its options.

    Parameters
    ----------
    key_dim, n_slots, value_dim : int
        Sizes d, N and m.
    third_factor : ThirdFactor
        Which slots are written.
    rule : str
        File of a rule.

    Returns
    -------
    LearnedMemory

    Raises
    ------
    ValueError
        If there is no rule.
    """
    if rule is None:
        raise ValueError("the memory learned needs --rule FILE, such as the rule.json of `biokv learn`")
    return LearnedMemory(key_dim, n_slots, value_dim, third_factor, rule=Rule.load(rule))

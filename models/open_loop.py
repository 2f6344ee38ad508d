"""The key-value memory's answers where all keys and plateaus are known beforehand: many steps as matrix products.

What a slot holds changes only at its own plateaus. So, for a stretch of steps, every content that a slot ever holds
becomes a row of one table (the N initial ones, then one per write); all keys meet all rows in one product, and each
step picks the N rows that its slots held then. The equations are those of `plasticity`, in another order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .plasticity import plastic

STRETCH = 16, 64  # steps at once, at least and at most; about as many as bring one write for each slot
IDLE = 8  # so many steps without a write are worth a stretch of their own
BLOCK = 1 << 16  # numbers in a table of some trials: what stays in a core's cache


class Stability(NamedTuple):
    """S of eq. 17, 1 where a slot is frozen.

    Parameters
    ----------
    K : array, (B, N)
        For its key.
    V : array, (B, N)
        For its value.
    """

    K: np.ndarray
    V: np.ndarray


def answer(K, V, x, y, q, gamma, read_after_write=False, stability=None, thresholds=None):
    """Values and hidden activity at every step of an episode.

    Parameters
    ----------
    K, V : array, (B, N, d) and (B, m, N)
        Weights before the first step and, changed in place, after the last.
    x : array, (B, T, d)
        Keys.
    y : array, (B, T, m)
        Targets.
    q : array, (B, T)
        Gates.
    gamma : array, (B, T, N)
        Plateaus.
    read_after_write : bool
        Whether a step answers after its own write.
    stability : Stability
        Which slots are frozen; changed in place. None (default): none can be.
    thresholds : tuple of float
        Those of eq. 17 for K and for V, with stability.

    Returns
    -------
    values : array, (B, T, m)
        What is recalled.
    hidden : array, (B, T, N)
        Softmax over slots when the key was read.
    """
    n_trials, n_steps = q.shape
    n_slots = K.shape[1]
    values = np.empty((n_trials, n_steps, V.shape[1]), K.dtype)
    hidden = np.empty((n_trials, n_steps, n_slots), K.dtype)
    some = slice(0, 8)
    writes = max(1, np.count_nonzero(gamma[some][q[some] > 0]))
    stretch = int(np.clip(n_slots * q[some].size // writes, *STRETCH))
    side = max(1, BLOCK // (2 * n_slots * max(stretch, *V.shape[1:2], *K.shape[2:])))
    for first in range(0, n_trials, side):
        b = slice(first, first + side)
        keys, columns = K[b], V[b].swapaxes(1, 2)
        for start, stop in _cut((q[b] > 0).any(axis=0), stretch):
            here = b, slice(start, stop)
            gamma_K = gamma_V = gamma[here]
            if stability is not None:
                gamma_K = _still_plastic(gamma_K, q[here], stability.K[b], thresholds[0])
                gamma_V = _still_plastic(gamma_V, q[here], stability.V[b], thresholds[1])
            hidden[here], values[here], keys, columns = _stretch(
                keys, columns, x[here], y[here], q[here], gamma_K, gamma_V, read_after_write
            )
        K[b], V[b] = keys, columns.swapaxes(1, 2)
    return values, hidden


def _cut(storing, most):
    """(start, stop) of stretches of `most` steps at most that end with a write, and of longer ones without any."""
    writes = np.flatnonzero(storing)
    start = 0
    while start < len(storing):
        ahead = writes[np.searchsorted(writes, start) :]
        if not ahead.size:
            stop = len(storing)
        elif ahead[0] - start >= IDLE:
            stop = int(ahead[0])
        else:
            stop = min(start + most, len(storing))
            last = int(ahead[np.searchsorted(ahead, stop) - 1]) + 1
            stop = last if stop - last >= IDLE or stop == len(storing) else stop
        yield start, stop
        start = stop


def _still_plastic(gamma, q, frozen, threshold):
    """Eq. 17 for a stretch: a plateau counts up to the first that reached the threshold in its slot."""
    reached = q[..., None] * gamma >= threshold
    over = np.concatenate([frozen[:, None] > 0, reached], axis=1)
    np.logical_or.accumulate(over, axis=1, out=over)
    frozen[...] = over[:, -1]
    return plastic(gamma, over[:, :-1].astype(gamma.dtype))


class _Writes(NamedTuple):
    """The writes into one weight matrix. Rows are counted over all trials, n_rows to a trial.

    held (b, c+1, N) : the row that each slot holds before every step, and after the last one.
    store : which storing step each write belongs to; trial, step, slot, row, eta : of each write.
    """

    held: np.ndarray
    n_rows: int
    store: np.ndarray
    trial: np.ndarray
    step: np.ndarray
    slot: np.ndarray
    row: np.ndarray
    eta: np.ndarray

    def table(self, start, new):
        """(b, n_rows, n): the initial contents start (b, N, n), then those of every write, new (writes, n)."""
        table = np.zeros((len(start), self.n_rows, start.shape[2]), start.dtype)
        table[:, : start.shape[1]] = start
        rows = table.reshape(-1, start.shape[2])
        rows[self.row] = new
        partial = np.flatnonzero(self.eta < 1)  # these keep some of what was there before, so they go in order
        for t in np.unique(self.step[partial]) if partial.size else ():
            e = partial[self.step[partial] == t]
            before = rows[self.held[self.trial[e], t, self.slot[e]]]
            rows[self.row[e]] = (1 - self.eta[e, None]) * before + self.eta[e, None] * new[e]
        return table


def _writes(trial, step, gamma, q):
    """From the storing steps: trial, step (W,), and all gamma (b, c, N), q (b, c)."""
    n_trials, n_steps, n_slots = gamma.shape
    here = gamma[trial, step]
    store, slot = np.nonzero(here != 0)  # finding them is faster in booleans
    trial, step = trial[store], step[store]
    eta = np.minimum(q[trial, step] * here[store, slot], 1)  # eq. 8, held to [0, 1]
    bounds = np.searchsorted(trial, np.arange(n_trials + 1))
    n_rows = n_slots + int((bounds[1:] - bounds[:-1]).max())
    first = np.arange(n_trials) * n_rows
    row = np.arange(n_slots, n_slots + len(trial)) + (first - bounds[:-1])[trial]
    held = np.zeros((n_trials, n_steps + 1, n_slots), np.intp)
    held[:, 0] = first[:, None] + np.arange(n_slots)
    held[trial, step + 1, slot] = row
    np.maximum.accumulate(held, axis=1, out=held)  # later writes have higher rows
    return _Writes(held, n_rows, store, trial, step, slot, row, eta)


def _stretch(keys, columns, x, y, q, gamma_K, gamma_V, read_after_write):
    trial, step = np.nonzero(q)
    if not trial.size:
        hidden = _softmax(x @ keys.swapaxes(1, 2))
        return hidden, hidden @ columns, keys, columns
    n_trials, n_steps = q.shape
    of_K = _writes(trial, step, gamma_K, q)
    of_V = of_K if gamma_V is gamma_K else _writes(trial, step, gamma_V, q)
    at = of_K.trial * n_steps + of_K.step
    table = of_K.table(keys, x.reshape(-1, x.shape[2]).take(at, axis=0))
    scores = x @ table.swapaxes(1, 2)
    where = _entries(of_K, slice(-1))
    hidden = _softmax(scores.take(where))
    after = _softmax(scores.take(_entries(of_K, slice(1, None))[trial, step]))  # eq. 10
    keys = table.reshape(-1, x.shape[2])[of_K.held[:, -1]]

    h = after[of_V.store, of_V.slot][:, None]
    at = of_V.trial * n_steps + of_V.step
    table = of_V.table(columns, y.reshape(-1, y.shape[2]).take(at, axis=0) * h)  # eq. 11
    columns = table.reshape(-1, y.shape[2])[of_V.held[:, -1]]
    shown = hidden
    if read_after_write:
        shown, where = hidden.copy(), _entries(of_V, slice(1, None))
        shown[trial, step] = after
    elif of_V is not of_K:
        where = _entries(of_V, slice(-1))
    weight = np.zeros((n_trials, n_steps, of_V.n_rows), x.dtype)
    weight.put(where, shown)
    return hidden, weight @ table, keys, columns


def _softmax(u):
    """Eq. 4, in the place of u."""
    highest = u.max()  # one for all is much faster than one for each step, and as good while nothing vanishes
    u -= highest if highest - u.min() < 500 else u.max(axis=-1, keepdims=True)
    np.exp(u, out=u)
    u /= u.sum(axis=-1, keepdims=True)
    return u


def _entries(writes, steps):
    """Where in a flat (b, c, n_rows) each step's N held rows are, (b, c, N)."""
    n_trials, n_steps = writes.held.shape[0], writes.held.shape[1] - 1
    trial, step = np.arange(n_trials)[:, None], np.arange(n_steps)
    offset = (trial * (n_steps - 1) + step) * writes.n_rows  # held counts the trial's own rows before already
    return writes.held[:, steps] + offset[..., None]

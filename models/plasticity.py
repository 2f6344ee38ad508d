"""The equations of the paper's section 2 as pure functions of arrays.

Letters are the paper's: K (..., N, d) keys, V (..., m, N) values, x (..., d) key or query, y (..., m) target,
h (..., N) hidden activity, gamma (..., N) local third factor, q (...,) global third factor. Leading axes are trials.
`xp` is numpy or jax.numpy: nothing is written in place, indexed by a mask, or decided by a value.
"""

from __future__ import annotations

import numpy as np


def softmax(u, xp=np):
    """exp(u) normalised over the last axis, without overflow."""
    e = xp.exp(u - u.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def hidden_activity(K, x, xp=np):
    """Eq. 4 (and eq. 10 with the updated K): h = softmax(K x), (..., N)."""
    return softmax((K @ x[..., None])[..., 0], xp)


def read(K, V, x, xp=np):
    """Eqs. 4-5: h = softmax(K x) and y = V h."""
    h = hidden_activity(K, x, xp)
    return h, (V @ h[..., None])[..., 0]


def learning_rate(gamma, q, xp=np):
    """Eq. 8: eta = q gamma, held to [0, 1], (..., N)."""
    return xp.clip(q[..., None] * gamma, 0, 1)


def write_key(K, x, gamma, q, xp=np):
    """Eq. 9: the key is written into every slot with a plateau; what was there decays."""
    eta = learning_rate(gamma, q, xp)[..., None]
    return (1 - eta) * K + eta * x[..., None, :]


def write_value(V, y, h, gamma, q, xp=np):
    """Eq. 11: Hebbian, into the columns of slots with a plateau; h is eq. 10's, after the key was written."""
    eta = learning_rate(gamma, q, xp)[..., None, :]
    return (1 - eta) * V + eta * (y[..., :, None] * h[..., None, :])


def plastic(gamma, frozen):
    """Eq. 17: what the local third factor can still change, (1 - S) gamma, (..., N); S is 1 in a frozen slot."""
    return (1 - frozen) * gamma


def freeze(frozen, gamma, q, threshold, xp=np):
    """S (..., N) after a write: 1 for ever once (1 - S) q gamma reaches the threshold.

    The rate is compared before it is held to [0, 1]: that is how a strong q differs from an ordinary one. All
    synapses of a slot share its plateau, so one S a slot is one S a synapse.
    """
    return xp.maximum(frozen, q[..., None] * plastic(gamma, frozen) >= threshold)


def write_outer_product(W, x, y, q, xp=np):
    """Hebbian, W <- W + (q/d) y x^T, (..., m, d)."""
    return W + (q / x.shape[-1])[..., None, None] * (y[..., :, None] * x[..., None, :])

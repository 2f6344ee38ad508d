"""The equations of the paper's sections 2 and 3.2 as pure functions of arrays.

Letters are the paper's: K (..., N, d) keys, V (..., m, N) values, x (..., d) key or query, y (..., m) target,
h (..., N) hidden activity, gamma (..., N) local third factor, q (...,) global third factor. Leading axes are trials.
`xp` is numpy or jax.numpy: nothing is written in place, indexed by a mask, or decided by a value.

References
----------
Tyulmankov, D., Fang, C., Vadaparty, A. & Yang, G. R. (2021). Biological learning in key-value memory networks.
NeurIPS 34. arXiv:2110.13976.
"""

from __future__ import annotations

import numpy as np

from ..rule import Rule


def softmax(u, xp=np):
    """Normalise exp(u) over the last axis, without overflow.

    Parameters
    ----------
    u : array, (..., n)
        Scores.
    xp : module
        Either numpy or jax.numpy.

    Returns
    -------
    array, (..., n)
        Shares that add up to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from bioKV.models.plasticity import softmax
    >>> softmax(np.log([1.0, 3.0, 4.0]))
    array([0.125, 0.375, 0.5  ])
    """
    e = xp.exp(u - u.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def hidden_activity(K, x, xp=np):
    """Eq. 4 (and eq. 10 with the updated K): h = softmax(K x).

    Parameters
    ----------
    K, x : array, (..., N, d) and (..., d)
        Keys of the slots, and the key or query.
    xp : module
        Either numpy or jax.numpy.

    Returns
    -------
    array, (..., N)
    """
    return softmax((K @ x[..., None])[..., 0], xp)


def read(K, V, x, xp=np):
    """Eqs. 4-5: h = softmax(K x) and y = V h.

    Parameters
    ----------
    K, V, x : array, (..., N, d), (..., m, N) and (..., d)
        Keys and values of the slots, and the key or query.
    xp : module
        Either numpy or jax.numpy.

    Returns
    -------
    h : array, (..., N)
        Hidden activity.
    y : array, (..., m)
        Recalled value.
    """
    h = hidden_activity(K, x, xp)
    return h, (V @ h[..., None])[..., 0]


def learning_rate(gamma, q, xp=np):
    """Eq. 8: eta = q gamma, held to [0, 1].

    Parameters
    ----------
    gamma, q : array, (..., N) and (...,)
        Local and global third factor.
    xp : module
        Either numpy or jax.numpy.

    Returns
    -------
    array, (..., N)
    """
    return xp.clip(q[..., None] * gamma, 0, 1)


def write_key(K, x, gamma, q, xp=np):
    """Eq. 9: the key is written into every slot with a plateau; what was there decays.

    Parameters
    ----------
    K, x, gamma, q : array, (..., N, d), (..., d), (..., N) and (...,)
        Keys of the slots, the key, local and global third factor.
    xp : module
        Either numpy or jax.numpy.

    Returns
    -------
    array, (..., N, d)
        The new K.

    Examples
    --------
    Slot 1 has a plateau:

    >>> import numpy as np
    >>> from bioKV.models.plasticity import write_key
    >>> K, x = np.zeros((2, 3)), np.array([1, -1, 1])
    >>> write_key(K, x, gamma=np.array([0, 1]), q=np.array(1.0))
    array([[ 0.,  0.,  0.],
           [ 1., -1.,  1.]])
    """
    eta = learning_rate(gamma, q, xp)[..., None]
    return (1 - eta) * K + eta * x[..., None, :]


def write_value(V, y, h, gamma, q, xp=np):
    """Eq. 11: Hebbian, into the columns of slots with a plateau.

    Parameters
    ----------
    V, y, h, gamma, q : array, (..., m, N), (..., m), (..., N), (..., N) and (...,)
        Values of the slots, the value, eq. 10's activity after the key was written, local and global third factor.
    xp : module
        Either numpy or jax.numpy.

    Returns
    -------
    array, (..., m, N)
        The new V.
    """
    eta = learning_rate(gamma, q, xp)[..., None, :]
    return (1 - eta) * V + eta * (y[..., :, None] * h[..., None, :])


def affine(a, b, rate):
    """Eq. 14: a term of the rule, linear in a firing rate.

    Parameters
    ----------
    a, b : float or array, (n,)
        Slope and offset.
    rate : array, (..., n)
        Activity of the neurons.

    Returns
    -------
    array, (..., n)
    """
    return a * rate + b


def learned_key(rule: Rule, K, x, h, gamma, q, xp=np):
    """Eqs. 12 and 15: K <- (1 - eta) K + eta g(h) f(x)^T with eta = q gamma eta_k.

    Here 1 - eta is held to [0, 1]; what is written is not.

    Parameters
    ----------
    rule : Rule
        Slopes, offsets and rates.
    K, x, h, gamma, q : array, (..., N, d), (..., d), (..., N), (..., N) and (...,)
        Keys of the slots, the key, the activity before the write, local and global third factor.
    xp : module
        Either numpy or jax.numpy.

    Returns
    -------
    array, (..., N, d)
        The new K.
    """
    eta = (q[..., None] * gamma)[..., None] * rule.eta_k
    post, pre = affine(rule.a_gk, rule.b_gk, h), affine(rule.a_fk, rule.b_fk, x)
    return xp.clip(1 - eta, 0, 1) * K + eta * (post[..., :, None] @ pre[..., None, :])


def learned_value(rule: Rule, V, y, h, gamma, q, xp=np):
    """Eqs. 12, 13 and 16: V <- lambda V + q eta_v g(y) f(h')^T.

    With `axon` above 0 plateaus count in the axon as well: q becomes q (1 - axon + axon gamma), of each slot. What is
    left, 1 - q (1 - decay), is never below 0; above 1 it may be, or a decay that strays there could not be learned.

    Parameters
    ----------
    rule : Rule
        Slopes, offsets, rates and decay.
    V, y, h, gamma, q : array, (..., m, N), (..., m), (..., N), (..., N) and (...,)
        Values of the slots, the value, h' (the activity after the key was written), local and global third factor.
    xp : module
        Either numpy or jax.numpy.

    Returns
    -------
    array, (..., m, N)
        The new V.
    """
    q = (q[..., None] * (1 - rule.axon + rule.axon * gamma))[..., None, :]
    post, pre = affine(rule.a_gv, rule.b_gv, y), affine(rule.a_fv, rule.b_fv, h)
    left = xp.maximum(1 - q * (1 - rule.decay), 0)
    return left * V + q * rule.eta_v * (post[..., :, None] @ pre[..., None, :])


def learned_step(rule: Rule, K, V, x, y, q, gamma, xp=np):
    """One presentation under a parameterised rule: read, write the key, then the value with the new key (eq. 10).

    With q = 0 nothing is written.

    Parameters
    ----------
    rule : Rule
        Slopes, offsets, rates and decay.
    K, V : array, (..., N, d) and (..., m, N)
        Keys and values of the slots.
    x, y, q, gamma : array, (..., d), (..., m), (...,) and (..., N)
        Key, value, global and local third factor.
    xp : module
        Either numpy or jax.numpy.

    Returns
    -------
    K, V : array, (..., N, d) and (..., m, N)
        After the write.
    h : array, (..., N)
        Hidden activity before the write.
    before, after : array, (..., m)
        What was read, before and after the write.
    """
    h, before = read(K, V, x, xp)
    K = learned_key(rule, K, x, h, gamma, q, xp)
    h_new = hidden_activity(K, x, xp)
    V = learned_value(rule, V, y, h_new, gamma, q, xp)
    after = (V @ h_new[..., None])[..., 0]
    return K, V, h, before, after


def plastic(gamma, frozen):
    """Eq. 17: what the local third factor can still change, (1 - S) gamma.

    Parameters
    ----------
    gamma, frozen : array, (..., N)
        Plateaus, and S, which is 1 in a frozen slot.

    Returns
    -------
    array, (..., N)
    """
    return (1 - frozen) * gamma


def freeze(frozen, gamma, q, threshold, xp=np):
    """Eq. 17: S after a write, 1 for ever once (1 - S) q gamma reaches the threshold.

    The rate is compared before it is held to [0, 1]: that is how a strong q differs from an ordinary one. All synapses
    of a slot share its plateau, so one S per slot is one S per synapse.

    Parameters
    ----------
    frozen, gamma, q : array, (..., N), (..., N) and (...,)
        S before, local and global third factor.
    threshold : float
        Of the rate.
    xp : module
        Either numpy or jax.numpy.

    Returns
    -------
    array, (..., N)
        The new S.
    """
    return xp.maximum(frozen, q[..., None] * plastic(gamma, frozen) >= threshold)


def write_outer_product(W, x, y, q, xp=np):
    """Hebbian: W <- W + (q/d) y x^T.

    Parameters
    ----------
    W, x, y, q : array, (..., m, d), (..., d), (..., m) and (...,)
        Weights, key, value and global third factor.
    xp : module
        Either numpy or jax.numpy.

    Returns
    -------
    array, (..., m, d)
        The new W.
    """
    return W + (q / x.shape[-1])[..., None, None] * (y[..., :, None] * x[..., None, :])

"""The equations of every rate memory written out once more, one trial and one step at a time, as the reference.

Nothing is shared with bioKV.models: no function, no vectorisation over trials, no branch that saves work.
"""

from __future__ import annotations

import numpy as np


def softmax(u):
    e = np.exp(u - np.max(u))
    return e / np.sum(e)


def key_value_step(K, V, S_K, S_V, x, y, q, gamma, theta_K=np.inf, theta_V=np.inf):
    """Eqs. 4-5, 8-11 and 17. Returns K, V, S_K, S_V, h, the output before and after the write."""
    h = softmax(K @ x)
    before = V @ h
    rate_K = q * gamma * (1 - S_K)
    eta_K = np.minimum(np.maximum(rate_K, 0), 1)
    K = (1 - eta_K)[:, None] * K + np.outer(eta_K, x)
    h_new = softmax(K @ x)
    rate_V = q * gamma * (1 - S_V)
    eta_V = np.minimum(np.maximum(rate_V, 0), 1)
    V = (1 - eta_V)[None, :] * V + np.outer(y, eta_V * h_new)
    S_K = np.where(rate_K >= theta_K, 1.0, S_K)
    S_V = np.where(rate_V >= theta_V, 1.0, S_V)
    return K, V, S_K, S_V, h, before, V @ softmax(K @ x)


def hopfield_read(W, x, n_steps):
    """Eq. 2, n_steps times or (None) until nothing changes or the state before the last one is back."""
    older, old, new = None, None, x
    done = 0
    while n_steps is None or done < n_steps:
        older, old, new = old, new, np.sign(W @ new)
        done += 1
        if n_steps is None and (np.array_equal(new, old) or (older is not None and np.array_equal(new, older))):
            break
    return new


def hopfield_step(W, x, q, n_steps=None, decay=1.0, learning_rate=1.0, bound=np.inf, self_coupling=True):
    """Eq. 1 with decay at every step, learning rate and bound. Returns W, output before and after."""
    before = hopfield_read(W, x, n_steps)
    W = decay * W + learning_rate * q * np.outer(x, x)
    W = np.minimum(np.maximum(W, -bound), bound)
    if not self_coupling:
        W = W - np.diag(np.diag(W))
    return W, before, hopfield_read(W, x, n_steps)


def bam_read(W, x, n_steps):
    """y = sign(W x), then back and forth, n_steps answers in all or (None) until the answer is the same twice."""
    y = np.sign(W @ x)
    done = 1
    while n_steps is None or done < n_steps:
        old, y = y, np.sign(W @ np.sign(W.T @ y))
        done += 1
        if n_steps is None and np.array_equal(old, y):
            break
    return y


def bam_step(W, x, y, q, n_steps=1, decay=1.0, learning_rate=1.0):
    """Kosko's rule. Returns W, output before and after."""
    before = bam_read(W, x, n_steps)
    W = decay * W + learning_rate * q * np.outer(y, x)
    return W, before, bam_read(W, x, n_steps)


def tvt_read(M, x, strength):
    """Cosine similarity of the query with every row, times the strength, softmax, weighted sum of rows."""
    cosine = np.zeros(len(M))
    beta = np.zeros(len(M))
    for i, row in enumerate(M):
        length = np.sqrt(row @ row) * np.sqrt(x @ x)
        cosine[i] = row @ x / length if length > 0 else 0.0
        beta[i] = length if strength is None else strength
    h = softmax(beta * cosine)
    return h, M.T @ h


def tvt_step(M, counter, x, q, strength=None):
    """Round-robin write of the input, where q > 0. Returns M, counter, h, output before and after."""
    h, before = tvt_read(M, x, strength)
    if q > 0:
        M = M.copy()
        M[counter % len(M)] = x
        counter += 1
    return M, counter, h, before, tvt_read(M, x, strength)[1]

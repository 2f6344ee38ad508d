"""Train the head of a TVT, its key and strength, on the autoassociative task (extra "learn": JAX and optax)."""

from __future__ import annotations

import sys

import numpy as np

from ..checks import check_count, check_generator, check_number
from ..episode import Episode, check_is_episode
from ..models.tvt import TVT, TrainedKey, read_rows
from .jax_extra import require_jax
from .train_controller import Task, check_task

ROW = 100  # training steps of a line of progress


def train_tvt(n_slots: int, task: Task, rng: np.random.Generator, *, steps: int = 600, batch: int = 16,
              learning_rate: float = 1e-2) -> TrainedKey:  # fmt: skip
    """Train the head of a TVT with Adam, on the squared error of what is recalled.

    Training begins with a random key and a strength of 1. What the rows hold depends on neither key nor strength, so a
    TVT with the identity key stores, and the gradient goes through reading alone. Every hundredth step is a line on
    standard error.

    Parameters
    ----------
    n_slots : int
        Number of rows N.
    task : callable
        Function rng -> Episode that draws one trial of patterns that are their own value.
    rng : Generator
        Draws the first key and the trials.
    steps : int
        Number of updates.
    batch : int
        Trials at each, all new.
    learning_rate : float
        At the first step; it falls along a cosine.

    Returns
    -------
    TrainedKey

    Raises
    ------
    ValueError
        If a count is not a whole number above 0, the learning rate not above 0, or the task no function that draws an
        Episode; or if JAX or optax are not installed.
    RuntimeError
        If the error is no longer a number.
    """
    jax, optax = require_jax()
    check_generator(rng)
    for name, count in (("n_slots", n_slots), ("steps", steps), ("batch", batch)):
        check_count(name, count)
    check_number("learning_rate", learning_rate, above=True)
    check_task(task)
    xp = jax.numpy
    first = task(rng)
    check_is_episode("train_tvt", first)
    key_dim = first.key_dim
    store = TVT(key_dim, n_slots)
    adam = optax.adam(optax.cosine_decay_schedule(learning_rate, steps, 0.04))

    def loss(head, M, queries, targets, scored):
        key, log_strength = head
        values = read_rows(M, queries, xp.exp(log_strength), key, xp)[1]
        return (((values - targets) ** 2).sum(axis=-1) * scored).sum() / scored.sum()

    @jax.jit
    def improve(head, moments, *trials):
        error, gradient = jax.value_and_grad(loss)(head, *trials)
        change, moments = adam.update(gradient, moments)
        return optax.apply_updates(head, change), moments, error

    limit = key_dim**-0.5
    head = (xp.asarray(rng.uniform(-limit, limit, (key_dim, key_dim)), xp.float32), xp.zeros(()))
    moments, longest = adam.init(head), 0
    for step in range(1, steps + 1):
        episode = Episode.stack([task(rng) for _ in range(batch)])
        longest = max(longest, episode.n_steps)
        blank = [(0, 0), (0, longest - episode.n_steps)]
        M = store.respond(episode, rng).state.M
        queries, targets = (np.pad(a, [*blank, (0, 0)]) for a in (episode.keys, episode.values))
        trials = (M, queries, targets, np.pad(episode.is_recall, blank))
        head, moments, error = improve(head, moments, *(xp.asarray(a, xp.float32) for a in trials))
        if (step % ROW == 0 or step == steps) and not np.isfinite(error):
            raise RuntimeError(f"the error is no longer a number after step {step} of {steps}")
        if step % ROW == 0:
            print(f"step {step} of {steps}: squared error {float(error):.3f} of {key_dim} bits", file=sys.stderr)
    return TrainedKey(np.asarray(head[0], float), float(np.exp(head[1])))


"""Train a controller on a task by gradient descent through the memory's plasticity (extra "learn": JAX and optax)."""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..checks import check_callable, check_count, check_generator, check_number, check_takes, shown
from ..episode import Episode
from ..models.controller import (
    Controller,
    Heads,
    check_memory,
    checked_parameters,
    controlled_step,
    draw_parameters,
    first_state,
    parameter_shapes,
)
from .diverged import Diverged
from .fit import check_trainable, with_numbers
from .jax_extra import require_jax

Task = Callable[[np.random.Generator], Episode]
PROBE = 100  # episodes drawn to learn how long they are
ROW = 25  # training steps of a row of the history
STUCK_AFTER, STUCK = 400, 0.75  # a start that after so many steps has more than this share of its first loss ends


class HistoryRow(NamedTuple):
    """A row of the history: means over the last steps up to `step`.

    Parameters
    ----------
    start : int
        Which start of the training, counted from 1.
    step : int
        Step of that start, counted from 1.
    loss, accuracy : float
        Means over 25 steps.
    seconds : float
        Since the training began, all starts.
    """

    start: int
    step: int
    loss: float
    accuracy: float
    seconds: float


class TrainedController(NamedTuple):
    """A trained controller, and how it came about.

    Parameters
    ----------
    controller : Controller
        With a memory.
    history : list of HistoryRow
        From the first start to the last.
    """

    controller: Controller
    history: list[HistoryRow]


def say_progress(row: HistoryRow, steps: int) -> None:
    """Write a line to standard error, every tenth row.

    Parameters
    ----------
    row : HistoryRow
        The newest.
    steps : int
        How many a start has.
    """
    if row.step % (10 * ROW) == 0 or row.step == steps:
        left = row.seconds / (row.step + (row.start - 1) * STUCK_AFTER) * (steps - row.step)
        again = f"start {row.start}, " if row.start > 1 else ""
        print(f"{again}step {row.step} of {steps}: loss {row.loss:.4f}, accuracy {row.accuracy:.3f}, {left:.0f} s left",
              file=sys.stderr, flush=True)  # fmt: skip


def train_controller(memory: Any, task: Task, rng: np.random.Generator, *, steps: int = 2500, batch: int = 16,
                     learning_rate: float = 1e-2, last_learning_rate: float = 4e-4, clip: float = 1.0, starts: int = 5,
                     parameters: Heads | None = None, trainable: tuple[str, ...] = (),
                     report: Callable[[HistoryRow, int], None] = say_progress) -> TrainedController:  # fmt: skip
    """Train a controller with Adam, on the squared error of the scored answers.

    The learning rate falls along a cosine, and gradients are clipped.

    Parameters
    ----------
    memory : KeyValueMemory, LearnedMemory or LinearBAM
        One that offers `write_and_read`.
    task : callable
        Function rng -> Episode that draws one trial; trials may differ in length.
    rng : Generator
        Draws the first parameters, the trials and the plateaus of random third factors: all that is random.
    steps : int
        Number of updates.
    batch : int
        Trials at each, all new.
    learning_rate, last_learning_rate : float
        At the first and the last step.
    clip : float
        The largest norm of a gradient.
    starts : int
        So often at most new first parameters are drawn, for some lead to a gate that closes for good and answers that
        are all alike: the loss has hardly fallen after STUCK_AFTER steps.
    parameters : Heads
        Where training begins, of another training. None (default) draws them.
    trainable : tuple of str
        Names of numbers of the memory's rule (LearnedMemory) that are learned along with the controller, from where
        they are; the memory of the controller that is returned has them. () (default): its plasticity is left as it is.
    report : callable
        Called with each row of the history and `steps`.

    Returns
    -------
    TrainedController

    Raises
    ------
    ValueError
        For a memory without a gradient or an argument out of its range.
    Diverged
        When the loss is no longer a number.
    """
    jax, optax = require_jax()
    check_memory(memory)
    check_generator(rng)
    for name, count in (("steps", steps), ("batch", batch), ("starts", starts)):
        check_count(name, count)
    for name, number in (("learning_rate", learning_rate), ("last_learning_rate", last_learning_rate), ("clip", clip)):
        check_number(name, number, above=True)
    check_callable("report", report, "of a row of the history and the number of steps")
    check_task(task)
    check_learnable(memory)
    if not isinstance(trainable, tuple | list) or trainable:
        check_trainable(trainable)
        if not hasattr(memory, "rule"):
            raise ValueError(f"trainable names numbers of a rule ({', '.join(trainable)}) and takes a LearnedMemory;"
                             f" got {shown(memory)}")  # fmt: skip
    rule = {name: np.asarray(getattr(memory.rule, name), np.float32) for name in trainable}
    some = [_draw(task, rng) for _ in range(PROBE)]
    if parameters is not None:
        first, starts = checked_parameters(memory, parameters), 1
        wanted = parameter_shapes(memory, some[0].key_dim, some[0].value_dim)
        if first.key.shape != wanted.key or first.answer.shape != wanted.answer:
            raise ValueError(f"parameters are of a controller with heads {first.key.shape} and {first.answer.shape};"
                             f" this task takes {wanted.key} and {wanted.answer}")  # fmt: skip
    longest = max(episode.n_steps for episode in some)
    schedule = optax.cosine_decay_schedule(learning_rate, steps, last_learning_rate / learning_rate)
    adam = optax.chain(optax.clip_by_global_norm(clip), optax.adam(schedule))
    loss = loss_of(memory)
    measure = jax.value_and_grad(lambda learned, *trials: loss(learned[0], *trials, learned[1]), has_aux=True)

    @jax.jit
    def improve(learned, moments, *trials):
        (loss, accuracy), gradient = measure(learned, *trials)
        change, moments = adam.update(gradient, moments)
        return optax.apply_updates(learned, change), moments, loss, accuracy

    history: list[HistoryRow] = []
    started = time.monotonic()
    for start in range(1, starts + 1):
        if parameters is None:
            first = draw_parameters(memory, some[0].key_dim, some[0].value_dim, rng)
        learned = Heads(*(jax.numpy.asarray(a, jax.numpy.float32) for a in first)), rule
        good, moments, recent = learned, adam.init(learned), []
        for step in range(1, steps + 1):
            trials = draw_batch(memory, task, rng, batch, longest)
            longest = len(trials[0])
            learned, moments, *found = improve(learned, moments, *trials)
            recent.append(found)
            if step % ROW and step < steps:
                continue
            losses, accuracies = np.array(recent, float).T
            if not np.isfinite(losses).all() or not _finite(jax.tree.leaves(learned)):
                wrong = step - len(losses) + 1 + int(np.argmin(np.isfinite(losses)))
                last = TrainedController(_controller(memory, good), history)
                raise Diverged(f"the loss is no longer a number at step {wrong} of {steps}; a learning_rate below"
                               f" {learning_rate:g} would do", last)  # fmt: skip
            good, recent = learned, []
            took = time.monotonic() - started
            history.append(HistoryRow(start, step, float(losses.mean()), float(accuracies.mean()), took))
            report(history[-1], steps)
            if step == STUCK_AFTER and start < starts and history[-1].loss > STUCK * history[-STUCK_AFTER // ROW].loss:
                break
        else:
            break
    return TrainedController(_controller(memory, learned), history)


def answers_of(memory: Any) -> Callable[..., Any]:
    """The loop in JAX, whose steps are computed again on the way back instead of kept.

    Parameters
    ----------
    memory : KeyValueMemory, LearnedMemory or LinearBAM
        One that offers `write_and_read`.

    Returns
    -------
    callable
        (parameters, x (T, B, key_dim), gamma (T, B, N), rule) -> answers (T, B, value_dim). rule : numbers in the place
        of those of the memory's rule, or None.
    """
    jax, _ = require_jax()
    xp = jax.numpy

    def answers(parameters, x, gamma, rule=None):
        step = memory.write_and_read
        if rule:
            step = functools.partial(step, rule=memory.rule._replace(**rule))
        weights = tuple(xp.zeros((x.shape[1], *shape), x.dtype) for shape in weight_shapes(memory))

        def one(state, now):
            x, gamma = now

            def work(weights, key, value, gate):
                return (*step(weights, key, value, gate, gamma, xp), ())

            state, decision = controlled_step(parameters, state, x, work, xp)
            return state, decision.answer

        start = first_state(parameters, weights, x.shape[1], xp)
        return jax.lax.scan(jax.checkpoint(one), start, (x, gamma))[1]

    return answers


def loss_of(memory: Any) -> Callable[..., Any]:
    """The loss in JAX: the squared error summed over the entries of an answer, its mean over all that is scored.

    Parameters
    ----------
    memory : KeyValueMemory, LearnedMemory or LinearBAM
        One that offers `write_and_read`.

    Returns
    -------
    callable
        (parameters, x, target (T, B, value_dim), scored (T, B), gamma, rule) -> (loss, accuracy), where accuracy is the
        share of entries with the right sign; x, gamma and rule are those of `answers_of`.
    """
    jax, _ = require_jax()
    xp, loop = jax.numpy, answers_of(memory)

    def loss(parameters, x, target, scored, gamma, rule=None):
        answers = loop(parameters, x, gamma, rule)
        n = scored.sum()
        error = ((answers - target) ** 2).sum(axis=-1)
        right = (xp.sign(answers) == target).mean(axis=-1)
        return (error * scored).sum() / n, (right * scored).sum() / n

    return loss


def weight_shapes(memory: Any) -> list[tuple[int, ...]]:
    """Shapes of the arrays that `write_and_read` takes, for one trial.

    Parameters
    ----------
    memory : KeyValueMemory, LearnedMemory or LinearBAM
        One that offers `write_and_read`.

    Returns
    -------
    list of tuple of int
    """
    state = memory.begin(1, np.random.default_rng(0))
    return [a.shape[1:] for a in state[: 2 if memory.n_slots else 1]]


def check_learnable(memory: Any) -> None:
    """Raise ValueError unless there are gradients through this memory, and its plateaus can be drawn ahead.

    Parameters
    ----------
    memory : anything
        The argument that came.
    """
    if not hasattr(memory, "write_and_read"):
        raise ValueError(f"there is no gradient through a memory such as {shown(memory)}; there is one through"
                         " KeyValueMemory and LinearBAM")  # fmt: skip
    if getattr(memory, "stability_threshold", None) is not None:
        raise ValueError("there is no gradient through stability; train with stability_threshold=None")
    factor = getattr(memory, "third_factor", None)
    if factor is not None and factor.needs_answers:
        raise ValueError(f"{factor.name} plateaus depend on the answers and cannot be drawn ahead; train with"
                         " sequential or random ones")  # fmt: skip


def check_task(task: Any) -> None:
    """Raise ValueError unless task can be called with a Generator.

    Parameters
    ----------
    task : anything
        The argument that came.
    """
    check_callable("task", task, "from a Generator to an Episode")
    check_takes("task", task, np.random.default_rng())


def draw_batch(memory: Any, task: Task, rng: np.random.Generator, batch: int, n_steps: int
               ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """New trials, time first, float32, padded to one length.

    Parameters
    ----------
    memory : KeyValueMemory, LearnedMemory or LinearBAM
        Which draws the plateaus.
    task : callable
        Function rng -> Episode that draws one trial.
    rng : Generator
        Draws the trials and the plateaus.
    batch : int
        Number of trials B.
    n_steps : int
        Length T they are padded to at least.

    Returns
    -------
    x : array, (T, B, key_dim)
        Keys.
    target : array, (T, B, value_dim)
        Right answers.
    scored : array, (T, B)
        1 where a step is scored.
    gamma : array, (T, B, N)
        Plateaus.
    """
    episode = Episode.stack([_draw(task, rng) for _ in range(batch)])
    blank = max(0, n_steps - episode.n_steps)
    n_steps = episode.n_steps + blank
    factor = getattr(memory, "third_factor", None)
    gamma = np.zeros((batch, n_steps, 0))
    if factor is not None:
        gamma = factor.draw(factor.begin(batch, memory.n_slots, rng), n_steps)

    def time_first(array, pad=blank):
        padded = np.pad(array, [(0, 0), (0, pad)] + [(0, 0)] * (array.ndim - 2))
        return np.ascontiguousarray(padded.swapaxes(0, 1), np.float32)

    return (*(time_first(a) for a in (episode.keys, episode.values, episode.is_recall)), time_first(gamma, 0))


def _draw(task, rng) -> Episode:
    episode = task(rng)
    if not isinstance(episode, Episode) or episode.trials_shape or not episode.is_recall.any():
        raise ValueError(f"task must be a function rng -> Episode of one trial that asks something; got"
                         f" {shown(episode)}")  # fmt: skip
    return episode


def _controller(memory, learned) -> Controller:
    """Of heads and the numbers of a rule as JAX has them."""
    heads, rule = learned
    if rule:
        memory = memory.with_rule(with_numbers(memory.rule, rule))
    return Controller(memory, Heads(*(np.asarray(a, float) for a in heads)))


def _finite(arrays) -> bool:
    return all(bool(np.isfinite(np.asarray(a)).all()) for a in arrays)

"""Learning of plasticity: the parameters of a rule by gradient descent through a memory's life (paper, section 3.2).

Needs the extra "learn" (JAX and optax), which is imported here alone, and only when something is learned. The steps
are those of `plasticity`, given jax.numpy.
"""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..checks import (
    check_callable,
    check_choice,
    check_count,
    check_number,
    check_switch,
    check_takes,
    closest,
    path_of,
    shown,
)
from ..episode import Episode
from ..models.plasticity import learned_step, read
from ..randomness import study_streams
from ..rule import Rule, check_rule
from ..third_factors import Sequential, ThirdFactor, check_third_factor
from .checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from .diverged import Diverged
from .jax_extra import require_jax
from .sequences import Present, Sequences, changing_steps, draw_sequence, draw_sequences

Report = Callable[[int, int, float, float], None]  # step, of how many, loss, accuracy

TRAINABLE = tuple(name for name in Rule._fields if name != "axon")
PROBE = 200  # sequences drawn ahead to see how long they are
SAVE_EVERY = 100  # steps between checkpoints


class Learned(NamedTuple):
    """A learned rule, and how it came about.

    Parameters
    ----------
    rule : Rule
        As it was learned.
    history : dict of array, (steps,)
        A table, name -> column: step, loss, accuracy and what is trained (an array's mean). A row is a step: how many
        there were before, and what the rule was then.
    """

    rule: Rule
    history: dict[str, np.ndarray]


def say_progress(step: int, n_steps: int, loss: float, accuracy: float) -> None:
    """Write a line to standard error, every fiftieth step.

    Parameters
    ----------
    step, n_steps : int
        The step, from 0, and how many there are.
    loss, accuracy : float
        Of its batch.
    """
    if step % 50 == 0 or step == n_steps - 1:
        print(f"step {step} of {n_steps}: loss {loss:.3f}, accuracy {accuracy:.3f}", file=sys.stderr, flush=True)


def fit(rule: Rule, present: Present, *, n_slots: int, third_factor: ThirdFactor | None = None,
        trainable: tuple[str, ...] = TRAINABLE, n_steps: int = 500, batch: int = 8, learning_rate: float = 1e-2,
        seed: int = 0, carry: bool = False, patience: int | None = None, checkpoint: str | Path | None = None,
        device: str = "cpu", progress: Report | None = say_progress) -> Learned:  # fmt: skip
    """Learn a rule with Adam, on the squared error of what is recalled.

    The error is summed over bits, its mean taken over the recalls of a sequence, then over sequences.

    Parameters
    ----------
    rule : Rule
        Where learning starts.
    present : callable
        Function rng -> Episode that draws one training sequence. Lengths may vary: shorter ones are padded at the end.
    n_slots : int
        Number of slots N.
    third_factor : ThirdFactor
        Sequential() (default) or Random(p), p one number or one per slot; not learned. An episode's own plateaus come
        first.
    trainable : tuple of str
        Names of what is learned, the rest stays; an array is learned entry by entry, so one rate per neuron or per
        synapse is learned where the rule holds an array of that shape.
    n_steps : int
        Updates in all.
    batch : int
        New sequences at each. Sequence b of step s draws from study_streams(seed, s, b).
    learning_rate : float
        That of Adam.
    seed : int
        Decides all that is random.
    carry : bool
        False (default): every sequence meets a network without memories. True (as the authors'): the network that the
        one before left behind, and the slot counter goes on.
    patience : int
        Stop when the mean loss of that many steps is not below that of as many before. None (default): never.
    checkpoint : str or Path
        A file, written every 100 steps and at the end, also an early one. Where it is there already, training goes on
        from it, to the bit as if it had not stopped. None (default): no file.
    device : str
        "cpu" or "gpu".
    progress : callable
        Told step, n_steps, loss and accuracy at each step. None: silent.

    Returns
    -------
    Learned

    Raises
    ------
    ValueError
        Before anything is learned, for what cannot be: names that a rule does not have, plateaus that depend on the
        answers, a checkpoint of another training, a GPU that is not there.
    Diverged
        With the last good rule, at the step at which a number is no longer finite.
    """
    jax, _ = require_jax()
    check_switch("carry", carry)
    if progress is not None:
        check_callable("progress", progress, "of a step, how many there are, loss and accuracy")
    checkpoint = None if checkpoint is None else path_of("checkpoint", checkpoint)
    if checkpoint is not None and not checkpoint.parent.is_dir():  # found after the training, it would be lost
        raise ValueError(f"checkpoint cannot be written to {checkpoint}: there is no folder {checkpoint.parent}")
    third_factor = Sequential() if third_factor is None else third_factor
    rule, first = check_fit(rule, present, n_slots=n_slots, third_factor=third_factor, trainable=trainable,
                            n_steps=n_steps, batch=batch, learning_rate=learning_rate, seed=seed, patience=patience,
                            device=device)  # fmt: skip
    settings = {"rule": [np.asarray(value).tolist() for value in rule], "trainable": list(trainable),
                "third_factor": repr(third_factor), "n_slots": n_slots, "key_dim": first.key_dim,
                "value_dim": first.value_dim, "batch": batch, "learning_rate": learning_rate, "seed": seed,
                "carry": carry}  # fmt: skip
    with jax.default_device(jax.devices(device)[0]):
        improve, adam = _improver(learning_rate, first.read_after_write, bool(first.feedback.any()))
        everything = {name: np.asarray(value, np.float32) for name, value in rule._asdict().items()}
        fixed = {name: value for name, value in everything.items() if name not in trainable}
        parameters = {name: everything[name] for name in trainable}
        empty = (np.zeros((batch, n_slots, first.key_dim), np.float32),
                 np.zeros((batch, first.value_dim, n_slots), np.float32))  # fmt: skip
        form = jax.tree.structure(adam.init(parameters))
        if checkpoint is not None and Path(checkpoint).exists():
            now = load_checkpoint(checkpoint, settings)
        else:
            probes = [draw_sequence(present, study_streams(seed, 0, k)[0]) for k in range(PROBE)]
            longest = (max(probe.n_steps for probe in probes),
                       max(changing_steps(probe.gate, probe.feedback) for probe in probes))  # fmt: skip
            columns = np.zeros((0, 3 + len(trainable)))
            now = Checkpoint(parameters, jax.tree.leaves(adam.init(parameters)), *empty, *longest, columns)
        rows = list(now.history)
        n_before, before = len(rows), now.parameters

        def sequences_of(step: int, length: int) -> Sequences:
            past = step * length if carry else 0
            return draw_sequences(present, third_factor, n_slots, seed, step, batch, length, past)

        try:
            drawn = sequences_of(len(rows), now.length) if len(rows) < n_steps else None
            while drawn is not None and not _stalled(rows, patience):
                step, length = len(rows), len(drawn.q)
                changing = max(now.changing, changing_steps(drawn.q, drawn.feedback))
                moments = jax.tree.unflatten(form, now.moments)
                new, moments, K, V, numbers, finite = improve(now.parameters, fixed, moments, now.K, now.V, drawn,
                                                              changing)  # fmt: skip
                drawn = sequences_of(step + 1, length) if step + 1 < n_steps else None  # while JAX computes
                numbers = np.asarray(numbers, float)
                if not math.isfinite(numbers[0]) or not bool(finite):
                    good = now.parameters if math.isfinite(numbers[0]) else before
                    raise Diverged(f"the loss or its gradient is not finite at step {step}; the last good rule is kept,"
                                   f" and a learning_rate below {learning_rate:g} may do",
                                   _learned(rule, good, rows, trainable))  # fmt: skip
                weights = (K, V) if carry else empty
                then = now._replace(parameters=new, moments=jax.tree.leaves(moments), K=weights[0], V=weights[1],
                                    length=length, changing=changing)  # fmt: skip
                before, now, rows = now.parameters, then, [*rows, np.array([step, *numbers])]  # at once: see finally
                if progress is not None:
                    progress(step, n_steps, numbers[0], numbers[1])
                if checkpoint is not None and len(rows) % SAVE_EVERY == 0:
                    save_checkpoint(checkpoint, _on_disk(now, rows), settings)
        finally:
            if checkpoint is not None and len(rows) > n_before:
                save_checkpoint(checkpoint, _on_disk(now, rows), settings)
    return _learned(rule, now.parameters, rows, trainable)


def check_fit(rule: Rule, present: Present, *, n_slots: int, third_factor: ThirdFactor, trainable: tuple[str, ...],
              n_steps: int, batch: int, learning_rate: float, seed: int, patience: int | None, device: str
              ) -> tuple[Rule, Episode]:  # fmt: skip
    """The rule, checked, and the first sequence; nothing is learned.

    Parameters
    ----------
    rule, present, n_slots, third_factor, trainable, n_steps, batch, learning_rate, seed, patience, device : as of `fit`
        Its arguments.

    Returns
    -------
    rule : Rule
        With numbers as floats and arrays as arrays of floats.
    first : Episode
        The first training sequence.

    Raises
    ------
    ValueError
        For what `fit` refuses.
    """
    jax, _ = require_jax()
    for name, count in (("n_slots", n_slots), ("n_steps", n_steps), ("batch", batch)):
        check_count(name, count)
    check_count("seed", seed, least=0)
    if patience is not None:
        check_count("patience", patience)
    check_number("learning_rate", learning_rate, above=True)
    check_trainable(trainable)
    check_third_factor(third_factor, n_slots)
    check_choice("device", device, ("cpu", "gpu"))
    try:
        jax.devices(device)
    except RuntimeError:
        raise ValueError(f'device is {device!r}, but JAX finds none here; device="cpu" always works') from None
    check_callable("present", present, "from a Generator to an Episode")
    check_takes("present", present, np.random.default_rng())
    first = draw_sequence(present, study_streams(seed, 0, 0)[0])
    if third_factor.needs_answers and first.local_third_factor is None:
        raise ValueError(f"{third_factor.name} plateaus depend on the answers and cannot be drawn ahead; learn with"
                         " sequential or random ones")  # fmt: skip
    return check_rule(rule, first.key_dim, n_slots, first.value_dim), first


def answers(rule: Rule, K, V, sequences: Sequences, changing: int, read_after_write: bool, feedback: bool):
    """What is recalled at every step, and the weights after the last; a function for JAX.

    Parameters
    ----------
    rule : Rule
        By which the memory learns.
    K, V : array, (B, N, d) and (B, m, N)
        Weights before the first step.
    sequences : Sequences
        What is presented.
    changing : int
        So many steps are a scan that keeps the weights of each and computes the rest again on the way back. After them
        nothing is written and no answer is heard, so that they are all read from the same weights at once.
    read_after_write : bool
        Whether a step answers after its own write.
    feedback : bool
        Whether any key is an answer's sign.

    Returns
    -------
    answers : array, (T, B, m)
        What is recalled.
    K, V : array, (B, N, d) and (B, m, N)
        Weights after the last step.
    """
    jax, _ = require_jax()
    xp = jax.numpy

    def one(state, now):
        K, V, answer = state
        x, y, q, gamma, from_answer = now
        if feedback:
            x = xp.where(from_answer[:, None] > 0, xp.sign(answer), x)
        K, V, _, before, after = learned_step(rule, K, V, x, y, q, gamma, xp)
        answer = after if read_after_write else before
        return (K, V, answer), answer

    start = (K, V, xp.zeros_like(sequences.y[0]))
    steps = tuple(a[:changing] for a in (*sequences[:4], sequences.feedback))
    (K, V, _), answered = jax.lax.scan(jax.checkpoint(one), start, steps)
    _, rest = read(K, V, sequences.x[changing:], xp)
    return xp.concatenate([answered, rest]), K, V


@functools.lru_cache(maxsize=8)
def _improver(learning_rate: float, read_after_write: bool, feedback: bool):
    """The compiled update, and its optimiser: one program for all rules and sequences of a shape."""
    jax, optax = require_jax()
    xp = jax.numpy
    adam = optax.adam(learning_rate)

    def loss(parameters, fixed, K, V, sequences, changing):
        answered, K, V = answers(Rule(**parameters, **fixed), K, V, sequences, changing, read_after_write, feedback)
        share = sequences.asked / sequences.asked.sum(axis=0) / sequences.asked.shape[1]
        error = ((answered - sequences.y) ** 2).sum(axis=-1)
        right = (xp.sign(answered) == sequences.y).mean(axis=-1)
        return (error * share).sum(), ((right * share).sum(), K, V)

    @functools.partial(jax.jit, static_argnames="changing")
    def improve(parameters, fixed, moments, K, V, sequences, changing):
        found, gradient = jax.value_and_grad(loss, has_aux=True)(parameters, fixed, K, V, sequences, changing)
        error, (accuracy, K, V) = found
        change, moments = adam.update(gradient, moments)
        new = optax.apply_updates(parameters, change)
        numbers = xp.stack([error, accuracy, *(parameters[name].mean() for name in _in_order(parameters))])
        finite = xp.array([xp.isfinite(value).all() for value in jax.tree.leaves(new)]).all()
        return new, moments, K, V, numbers, finite

    return improve, adam


def check_trainable(trainable: Any) -> None:
    """Raise ValueError unless these are names of a rule's numbers, each once.

    Parameters
    ----------
    trainable : anything
        The argument that came.
    """
    if not isinstance(trainable, tuple | list):
        raise ValueError(f"trainable must be a tuple of names of a rule's parameters; got {shown(trainable)}")
    for name in trainable:
        if name not in Rule._fields:
            raise ValueError(f"a rule has no {shown(name)} to train{closest(name, Rule._fields, 'it has')}")
    if not trainable or len(set(trainable)) != len(trainable):
        raise ValueError(f"trainable must name one or more parameters of a rule, each once; got {shown(trainable)}")


def _stalled(rows: list[np.ndarray], patience: int | None) -> bool:
    """Whether the loss stopped falling."""
    if patience is None or len(rows) < 2 * patience:
        return False
    losses = [row[1] for row in rows[-2 * patience :]]
    return float(np.mean(losses[patience:])) >= float(np.mean(losses[:patience]))


def _on_disk(now: Checkpoint, rows: list[np.ndarray]) -> Checkpoint:
    arrays = {name: np.asarray(value) for name, value in now.parameters.items()}
    moments = [np.asarray(value) for value in now.moments]
    history = np.array(rows).reshape(len(rows), now.history.shape[1])
    return Checkpoint(arrays, moments, np.asarray(now.K), np.asarray(now.V), now.length, now.changing,
                      history)  # fmt: skip


def _learned(rule: Rule, parameters, rows, trainable) -> Learned:
    table = np.array(rows).reshape(len(rows), 3 + len(trainable))
    history = dict(zip(("step", "loss", "accuracy", *_in_order(trainable)), table.T, strict=True))
    history["step"] = history["step"].astype(int)
    return Learned(with_numbers(rule, parameters), history)


def with_numbers(rule: Rule, parameters: Mapping[str, Any]) -> Rule:
    """The rule with those of its numbers that were learned in the place of its own.

    Parameters
    ----------
    rule : Rule
        The one that learning started from.
    parameters : dict of array
        Name -> what was learned, as JAX has it.

    Returns
    -------
    Rule
    """
    new = {name: np.asarray(value, float) for name, value in parameters.items()}
    return rule._replace(**{name: a if a.ndim else float(a) for name, a in new.items()})


def _in_order(names) -> list[str]:
    return [name for name in Rule._fields if name in names]

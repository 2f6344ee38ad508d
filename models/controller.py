"""A feed-forward controller around a memory (section 3.4, fig. 5c): what it looks at, stores and answers is learned."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..checks import check_count, check_generator, numbers_of, shown
from ..episode import Episode
from ..memory import check_fits, load_arrays, save_arrays
from ..randomness import Rng
from ..response import Response

KIND = "controller"


class Heads(NamedTuple):
    """All that a controller learns.

    Its input z, of Z = key_dim + d + m + 1 entries, is the key of the episode, and of the step before the memory's key
    (d), output (m) and gate (1). The last row of each head is its bias.

    Parameters
    ----------
    key : array, (Z + 1, d)
        Head of the memory's key.
    value : array, (Z + 1, m)
        Head of the memory's value.
    gate : array, (Z + 1, 1)
        Head of the global third factor.
    answer : array, (m + 1, value_dim)
        Head of the controller's answer.
    start : array, (d + m + 1,)
        What stands for the step before the first.
    """

    key: Any
    value: Any
    gate: Any
    answer: Any
    start: Any


class ControllerState(NamedTuple):
    """What a step leaves to the next.

    Parameters
    ----------
    memory : state of the memory
        After that step.
    key : array, (B, d)
        The key that the memory was given.
    output : array, (B, m)
        What the memory answered.
    gate : array, (B,)
        The gate that the memory was given.
    """

    memory: Any
    key: Any
    output: Any
    gate: Any


class Decision(NamedTuple):
    """What a controller decided at a step of B trials; `Controller.follow` returns all steps, (..., T, size).

    Parameters
    ----------
    key : array, (B, d)
        The key that the controller gave its memory.
    value : array, (B, m)
        The value that it gave.
    gate : array, (B,)
        The gate that it gave.
    output : array, (B, m)
        What the memory answered, after the write.
    answer : array, (B, value_dim)
        The controller's answer.
    seen : anything
        What the memory showed besides.
    """

    key: Any
    value: Any
    gate: Any
    output: Any
    answer: Any
    seen: Any


# how a controller works its memory: (memory state, key, value, gate) -> (memory state, output after the write, more)
Work = Callable[[Any, Any, Any, Any], tuple[Any, Any, Any]]


def controlled_step(parameters: Heads, state: ControllerState, x, work: Work,
                    xp=np) -> tuple[ControllerState, Decision]:  # fmt: skip
    """One step of the loop, pure: the key that is seen and the step before decide what the memory is given.

    With z = [x, previous key, previous output, previous gate] the key is tanh(key head of z) and the value tanh(value
    head of z), each brought to the length of a vector of +-1; q = sigmoid(gate head of z). The memory writes, then
    reads, and the answer is tanh(answer head of what it read).

    Parameters
    ----------
    parameters : Heads
        What was learned.
    state : ControllerState
        Of the step before.
    x : array, (B, key_dim)
        Key of the episode.
    work : callable
        How the memory is worked: (memory state, key, value, gate) -> (memory state, output after the write, more).
    xp : module
        Either numpy or jax.numpy.

    Returns
    -------
    state : ControllerState
        For the next step.
    decision : Decision
        What the memory was given, and the answer.
    """
    z = xp.concatenate([x, state.key, state.output, state.gate[..., None]], axis=-1)
    key = _as_long_as_signs(xp.tanh(_head(parameters.key, z)), xp)
    value = _as_long_as_signs(xp.tanh(_head(parameters.value, z)), xp)
    gate = 1 / (1 + xp.exp(-_head(parameters.gate, z)[..., 0]))
    memory, output, seen = work(state.memory, key, value, gate)
    answer = xp.tanh(_head(parameters.answer, output))
    return ControllerState(memory, key, output, gate), Decision(key, value, gate, output, answer, seen)


def first_state(parameters: Heads, memory_state, n_trials: int, xp=np) -> ControllerState:
    """What stands for the step before the first: learned, the same for all trials.

    Parameters
    ----------
    parameters : Heads
        What was learned.
    memory_state : state of the memory
        Before its first step.
    n_trials : int
        Number of trials B.
    xp : module
        Either numpy or jax.numpy.

    Returns
    -------
    ControllerState
    """
    d, m = parameters.key.shape[1], parameters.value.shape[1]
    start = xp.broadcast_to(parameters.start, (n_trials, d + m + 1))
    return ControllerState(memory_state, start[:, :d], start[:, d : d + m], start[:, -1])


def _head(weights, z):
    return z @ weights[:-1] + weights[-1]


def _as_long_as_signs(vector, xp):
    length = xp.sqrt((vector * vector).sum(axis=-1, keepdims=True))
    return vector * (math.sqrt(vector.shape[-1]) / length)


def draw_parameters(memory: Any, key_dim: int, value_dim: int, rng: np.random.Generator) -> Heads:
    """Untrained parameters: uniform in +-1/sqrt(inputs of the head).

    Parameters
    ----------
    memory : KeyValueMemory or LinearBAM
        Any that a Controller can work.
    key_dim, value_dim : int
        Sizes of the episodes.
    rng : Generator
        Draws them.

    Returns
    -------
    Heads
    """
    check_memory(memory)
    check_count("key_dim", key_dim)
    check_count("value_dim", value_dim)
    check_generator(rng)
    return Heads(*(
        rng.uniform(-1, 1, shape) / math.sqrt(shape[0] - 1 if len(shape) > 1 else shape[0])
        for shape in parameter_shapes(memory, key_dim, value_dim)
    ))  # fmt: skip


def parameter_shapes(memory: Any, key_dim: int, value_dim: int) -> Heads:
    """The shape of each parameter.

    Parameters
    ----------
    memory : KeyValueMemory or LinearBAM
        Any that a Controller can work.
    key_dim, value_dim : int
        Sizes of the episodes.

    Returns
    -------
    Heads
        Of tuples.
    """
    d, m = memory.key_dim, memory.value_dim
    rows = key_dim + d + m + 2
    return Heads((rows, d), (rows, m), (rows, 1), (m + 1, value_dim), (d + m + 1,))


class Controller:
    """A memory with a controller: answers an episode whose keys are all that it sees.

    The episode's values, gate and read order are not shown: what is stored, under which key and how strongly (q in (0,
    1)) is the controller's decision, at every step, and its answer is read after the write. Imposed plateaus act. Its
    attributes key_dim and value_dim are sizes of the episodes, n_slots is that of the memory.

    Parameters
    ----------
    memory : KeyValueMemory or LinearBAM
        Any whose `step` takes real-valued keys and values and a fractional gate.
    parameters : Heads
        Trained by `train_controller`, read by `Controller.load`, or `draw_parameters` for an untrained one.

    Raises
    ------
    ValueError
        If a parameter is missing, does not fit the memory, or is not finite.

    Examples
    --------
    An untrained controller; ``biokv learn copy_paste`` trains one.

    >>> import numpy as np
    >>> from bioKV import protocols
    >>> from bioKV.models.controller import Controller, draw_parameters
    >>> from bioKV.models import LinearBAM
    >>> rng = np.random.default_rng(2021)
    >>> episode = protocols.copy_paste(rng, n_patterns=3, pattern_dim=5)
    >>> memory = LinearBAM(8, 8)
    >>> parameters = draw_parameters(memory, episode.key_dim, episode.value_dim, rng)
    >>> Controller(memory, parameters).respond(episode, rng).values.shape
    (8, 6)
    """

    name = "controller"

    def __init__(self, memory: Any, parameters: Heads):
        check_memory(memory)
        self.memory = memory
        self.parameters = checked_parameters(memory, parameters)
        self.key_dim = len(self.parameters.key) - memory.key_dim - memory.value_dim - 2
        self.value_dim = self.parameters.answer.shape[1]
        self.n_slots = memory.n_slots

    def begin(self, n_trials: int, rng: Rng) -> ControllerState:
        """A fresh memory, and the learned start.

        Parameters
        ----------
        n_trials : int
            Number of trials B.
        rng : Generator, or a list of them
            One for all, or one per trial.

        Returns
        -------
        ControllerState
        """
        return first_state(self.parameters, self.memory.begin(n_trials, rng), n_trials)

    def step(self, state: ControllerState, x: np.ndarray, gamma: np.ndarray | None = None
             ) -> tuple[ControllerState, Decision]:  # fmt: skip
        """One step of the loop.

        Parameters
        ----------
        state : ControllerState
            As `begin` or `step` returned it.
        x : array, (B, key_dim)
            Key of the episode.
        gamma : array, (B, N)
            Imposed plateaus, 0 or 1. None (default): the memory's own third factor acts.

        Returns
        -------
        state : ControllerState
            For the next step.
        decision : Decision
            Whose `seen` is the memory's Output.

        Raises
        ------
        ValueError
            If state is none of a controller, or x has another shape or is not finite.
        """
        if not isinstance(state, ControllerState):
            raise ValueError(f"state must be what begin or step of this controller returned; got {shown(state)}")
        x = numbers_of("x", x)
        if x.shape != (len(state.gate), self.key_dim) or not np.isfinite(x).all():
            raise ValueError(f"x must be finite numbers of shape {(len(state.gate), self.key_dim)}; got {shown(x)}")

        def work(memory_state, key, value, gate):
            after, output = self.memory.step(memory_state, key, value, gate, gamma)
            return after, output.after, output

        return controlled_step(self.parameters, state, x, work)

    def follow(self, episode: Episode, rng: Rng) -> tuple[Response, Decision]:
        """The response to an episode, and all that was decided on the way.

        Parameters
        ----------
        episode : Episode
            With keys (..., T, key_dim) and values (..., T, value_dim).
        rng : Generator, or a list of them
            One for all, or one per trial.

        Returns
        -------
        response : Response
            Its answers.
        decision : Decision
            Each entry with axes (..., T, size); `seen` is the memory's hidden activity.

        Raises
        ------
        ValueError
            If the episode's sizes are not the controller's, or it brings keys by feedback.
        """
        as_memory: Any = self  # of its sizes, if not of its step
        check_fits(as_memory, episode)
        if episode.feedback.any():
            raise ValueError("a controller is shown its memory's last output at every step and takes no feedback as a"
                             " key; give it an episode without feedback")  # fmt: skip
        flat = episode.flat()
        state, decisions = self.begin(len(flat.gate), rng), []
        for t in range(flat.n_steps):
            gamma = None if flat.local_third_factor is None else flat.local_third_factor[:, t]
            state, decision = self.step(state, flat.keys[:, t], gamma)
            decisions.append(decision)
        shape = (*episode.trials_shape, flat.n_steps)

        def whole(parts):
            stacked = np.stack(parts, axis=1)
            return stacked.reshape(*shape, *stacked.shape[2:])

        hidden = whole([d.seen.hidden for d in decisions])
        third_factor = whole([d.seen.third_factor for d in decisions])
        *rest, answers = (whole(parts) for parts in zip(*(d[:-1] for d in decisions), strict=True))
        followed: Any = Decision(*rest, answers, hidden)  # type: ignore[call-arg]
        return Response(answers, hidden, third_factor, state.memory), followed

    def respond(self, episode: Episode, rng: Rng) -> Response:
        """Present a whole episode to a fresh memory.

        Parameters
        ----------
        episode : Episode
            With keys (..., T, key_dim) and values (..., T, value_dim).
        rng : Generator, or a list of them
            One for all, or one per trial.

        Returns
        -------
        Response

        Raises
        ------
        ValueError
            If the episode's sizes are not the controller's, or it brings keys by feedback.
        """
        return self.follow(episode, rng)[0]

    def weights(self, state: Any) -> tuple[np.ndarray, np.ndarray]:
        """The weights of the memory at the end of a response.

        Parameters
        ----------
        state : state of the memory
            That of a response.

        Returns
        -------
        K : array, (B, N, d)
            Keys, or W of a memory without slots.
        V : array, (B, m, N)
            Values, or W^T of a memory without slots.
        """
        return self.memory.weights(state)

    def save(self, path: str | Path) -> None:
        """Write the parameters as .npz.

        Parameters
        ----------
        path : str or Path
            File to write.
        """
        save_arrays(path, KIND, self.parameters._asdict())

    @classmethod
    def load(cls, path: str | Path, memory: Any) -> Controller:
        """A controller with the parameters of a file.

        Parameters
        ----------
        path : str or Path
            File to read.
        memory : KeyValueMemory or LinearBAM
            The memory it works.

        Returns
        -------
        Controller

        Raises
        ------
        ValueError
            If they are not those of a controller of such a memory, or damaged.
        """
        saved = load_arrays(path, KIND)
        if set(saved) != set(Heads._fields):
            raise ValueError(f"{path} must hold the parameters {', '.join(Heads._fields)}; it holds"
                             f" {', '.join(saved) or 'none'}")  # fmt: skip
        try:
            return cls(memory, Heads(**saved))
        except ValueError as problem:
            raise ValueError(f"{path}: {problem}") from None


def check_memory(memory: Any) -> None:
    """Raise ValueError unless a controller can work this memory.

    Parameters
    ----------
    memory : anything
        The argument that came.
    """
    if not all(hasattr(memory, name) for name in ("begin", "step", "key_dim", "value_dim")):
        raise ValueError(f"memory must be one such as bioKV.models.KeyValueMemory(40, 40, 40); got {shown(memory)}")


def checked_parameters(memory: Any, parameters: Heads) -> Heads:
    """The parameters in double precision.

    Parameters
    ----------
    memory : KeyValueMemory or LinearBAM
        The memory that the controller works.
    parameters : anything
        The argument that came.

    Returns
    -------
    Heads

    Raises
    ------
    ValueError
        If they are no Heads, their shapes do not fit, or they are not finite.
    """
    if not isinstance(parameters, Heads):
        raise ValueError(f"parameters must be Heads, as draw_parameters makes; got {shown(parameters)}")
    arrays = Heads(*(numbers_of(name, a) for name, a in parameters._asdict().items()))
    d, m = memory.key_dim, memory.value_dim
    rows = len(arrays.key) if arrays.key.ndim else 0
    least = d + m + 3
    value_dim = arrays.answer.shape[-1] if arrays.answer.ndim == 2 else 1
    wanted = parameter_shapes(memory, max(rows, least) - d - m - 2, value_dim)
    for name, array, shape in zip(Heads._fields, arrays, wanted, strict=True):
        if array.shape != shape or array.size == 0:
            raise ValueError(f"{name} has shape {array.shape} but a controller of a memory with key_dim={d} and"
                             f" value_dim={m} takes {shape}")  # fmt: skip
        if not np.isfinite(array).all():
            first = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
            raise ValueError(f"{name} must hold finite numbers; entry {first} is not")
    return arrays

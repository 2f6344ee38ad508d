"""SpikingMemory: the key-value memory on spiking neurons, with the interface of every other memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .checks import check_callable, check_count, check_switch, is_number, shown
from .engines import compiled
from .engines import numpy as numpy_engine
from .engines.answer import by_slot, on_minus_off, response_of, shares
from .engines.cache import Structure, room_for
from .engines.children import cores
from .engines.choose import ENGINES, choose_engine
from .engines.job import Job
from .engines.prepared import Batch, PreparedRun
from .engines.toolchain import require_compiler
from .episode import Episode
from .memory import (
    Output,
    Prompt,
    check_fits,
    check_saved_third_factor,
    check_sizes,
    check_state_of,
    check_step,
    check_thresholds,
    load_arrays,
    save_arrays,
)
from .network.blueprint import Blueprint
from .network.design import blueprint_of, mechanisms_of, start_of
from .network.mechanism import Mechanism, Request
from .network.parameters import Parameters, checked_parameters
from .network.presentation import is_graded, present
from .network.recording import Recording, check_finite, check_recorded, check_traces
from .network.regimes import REGULAR, parameters_of_regime, settings_of_regime
from .network.state import SpikingState, check_state, copied, weight_matrix
from .notebook_bar import shown_in_a_notebook
from .progress import Say, Share, say_to_stderr
from .randomness import Rng, trial_streams
from .response import SpikingResponse
from .rule import Rule
from .third_factors import Sequential, ThirdFactor, check_third_factor


class SpikingMemory(Prompt):
    """The key-value memory on spiking neurons: d ON/OFF inputs, N hidden neurons with dendrites, m ON/OFF outputs.

    Parameters
    ----------
    key_dim, n_slots, value_dim : int
        Sizes d, N and m.
    third_factor : ThirdFactor
        Sequential() (default; dendritic spikes prime the next dendrite), Random(p) or LeastRecentlyUsed() (the dendrite
        at rest for longest wins a race and is primed).
    parameters : Parameters
        Time constants, rates and weights. None (default): those of the regime.
    regime : str
        A named bundle of parameters: "regular" (the package's own) or "irregular" (spikes as irregular as in cortex).
        For parameters of one's own in it, start from `bioKV.network.regimes.parameters_of_regime`.
    seed : int
        Of the memory at the prompt (store, recall); `respond` and `begin` take a Generator. None (default): fresh
        entropy.
    stability_threshold : float, or a pair of them
        As of the rate memory (eq. 17): synapses whose rate q reaches it freeze when the plateau ends. None (default):
        they stay plastic.
    rule : Rule
        By which the synapses learn (eqs. 12-16), of single numbers; None (default): eqs. 9 and 11. Thresholds,
        inhibition and output weights are scaled to the size of the keys and values it writes.
    mechanisms : sequence of Mechanism
        The user's own, added to the network in their order.
    engine : str
        "compiled" (needs a C++ compiler), "numpy", or "auto": compiled where a C++ compiler works, else numpy. The two
        draw other random numbers; the response names its engine. A network is compiled on first use, which takes some
        twenty seconds, and kept in the cache folder ($BIOKV_CACHE). `step` always uses numpy.
    workers : int
        Processes at a time. None (default): all cores.

    Raises
    ------
    ValueError
        If a size is not a whole number above 0, a parameter has another unit or does not fit the schedule, the engine
        or regime is unknown, both parameters and a regime are given, or the third factor is one the dendrites do not
        have.

    Examples
    --------
    Store one pair at the prompt, and recall it from half of its key.

    >>> import numpy as np
    >>> from bioKV import SpikingMemory
    >>> memory = SpikingMemory(4, 2, 4, seed=2021, engine="numpy")
    >>> memory.store([1, -1, 1, 1], [-1, -1, 1, -1])
    >>> np.sign(memory.recall([1, -1, 0, 0]))
    array([-1., -1.,  1., -1.])

    Its network, whose equations `print` shows:

    >>> memory.blueprint()
    <Blueprint d=4 N=2 m=4: input, feedforward, hidden, interneuron, pool, output; ...>
    """

    name = "spiking"
    third_factor: ThirdFactor

    def __init__(self, key_dim: int, n_slots: int, value_dim: int, third_factor: ThirdFactor | None = None, *,
                 parameters: Parameters | None = None, regime: str = REGULAR, seed: int | None = None,
                 stability_threshold: float | tuple[float, float] | None = None, rule: Rule | None = None,
                 mechanisms: Sequence[Mechanism] = (), engine: str = "auto", workers: int | None = None):  # fmt: skip
        check_sizes(key_dim=key_dim, n_slots=n_slots, value_dim=value_dim)
        self.key_dim, self.n_slots, self.value_dim = int(key_dim), int(n_slots), int(value_dim)
        self.third_factor = Sequential() if third_factor is None else third_factor
        check_third_factor(self.third_factor, self.n_slots)
        self.stability_threshold = check_thresholds(stability_threshold)
        if not isinstance(engine, str) or engine not in ENGINES:
            raise ValueError(f"engine must be one of {', '.join(ENGINES)}; got {shown(engine)}")
        if seed is not None:
            check_count("seed", seed, least=0)
        if engine == "compiled":
            require_compiler()
        if workers is not None:
            check_sizes(workers=workers)
        if settings_of_regime(regime) and parameters is not None:
            both = f"bioKV.network.regimes.parameters_of_regime({regime!r})._replace(...)"
            raise ValueError(f"regime={regime!r} sets parameters itself, so it takes none besides; {both} has both")
        self.parameters = parameters_of_regime(regime) if parameters is None else checked_parameters(parameters)
        self.rule = rule
        self.mechanisms = checked_mechanisms(mechanisms)
        self.engine = engine
        self.workers = workers or cores()
        self._rng = np.random.default_rng(seed)
        self.blueprint()  # refuses what does not fit
        if self.mechanisms:
            self.begin(1, np.random.default_rng())  # and what they start from

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Sizes d, N and m."""
        return self.key_dim, self.n_slots, self.value_dim

    def blueprint(self, *, feedback: bool = False, imposed: bool = False, graded: bool = False) -> Blueprint:
        """The network as text and numbers; `print` gives it as a Methods section.

        Parameters
        ----------
        feedback : bool
            For an episode that brings keys by feedback.
        imposed : bool
            For one that brings plateaus of its own.
        graded : bool
            For one with entries to store that are neither +1 nor -1, or entries to ask that are not 0 either.

        Returns
        -------
        Blueprint

        Raises
        ------
        ValueError
            Naming the mechanism, for what does not fit.
        """
        for name, switch in (("feedback", feedback), ("imposed", imposed), ("graded", graded)):
            check_switch(name, switch)
        return blueprint_of(self._request(feedback, imposed, graded))

    def _request(self, feedback: bool, imposed: bool, graded: bool) -> Request:
        return Request(self.sizes, self.third_factor, self.parameters, self.stability_threshold, self.rule, feedback,
                       imposed, graded, self.mechanisms)  # fmt: skip

    def _request_of(self, episode: Episode) -> Request:
        return self._request(bool(episode.feedback.any()), episode.local_third_factor is not None, is_graded(episode))

    def structure(self, episode: Episode, record: str | Sequence[str] = ()) -> Structure:
        """What the compiled engine needs a program of to present an episode; nothing is run.

        Parameters
        ----------
        episode : Episode
            What is to be presented.
        record : str or sequence of str
            Populations to be recorded, as of `respond`.

        Returns
        -------
        Structure

        Raises
        ------
        ValueError
            For what `respond` refuses, and for more presentations than the compiled engine takes.
        """
        check_fits(self, episode)
        network, names = blueprint_of(self._request_of(episode)), _names("record", record)
        check_recorded(network, names)
        return Structure(network, room_for(episode.n_steps + 1), names)

    def choose_engine(self, n_steps: int) -> tuple[str, str]:
        """The engine that would run an episode.

        Parameters
        ----------
        n_steps : int
            Number of its presentations T.

        Returns
        -------
        engine : str
            "compiled" or "numpy".
        reason : str
            Why, in a few words.

        Raises
        ------
        ValueError
            If n_steps is not a whole number above 0.
        """
        check_count("n_steps", n_steps)
        return choose_engine(self.engine, n_steps)

    @property
    def stimulus_ms(self) -> float:
        """How long a key is on in each presentation, in ms."""
        return float(self.parameters.stimulus_time) * 1e3

    def respond(self, episode: Episode, rng: Rng, record: str | Sequence[str] = (), traces: str | Sequence[str] = (), *,
                say: Say = say_to_stderr, progress: Share | None = None) -> SpikingResponse:  # fmt: skip
        """Present a whole episode to a fresh network, in one run: no Python acts between its windows.

        Parameters
        ----------
        episode : Episode
            With keys (..., T, d) and values (..., T, m).
        rng : Generator, or a list of them
            One for all, or one per trial.
        record : str or sequence of str
            Populations whose spikes come back in the response, of input, feedforward, hidden, interneuron, output and
            dendrite (dendritic spikes).
        traces : str or sequence of str
            Populations of a single trial whose variables come back step by step: of hidden (membrane: distance to
            threshold, expected: integrated hazard, tolerance: what it must reach, dendrite, dendrite_tolerance,
            plateau) and output (v, readout).
        say : callable
            Takes a line of text, about what takes long. Default: writes it to standard error.
        progress : callable, optional
            Takes the share that is done, from 0 to 1. Default: in a notebook a bar below the cell, nothing elsewhere.

        Returns
        -------
        SpikingResponse

        Raises
        ------
        ValueError
            If the episode does not fit the memory or shows what ON/OFF neurons cannot, if traces are asked of many
            trials or would fill the memory, or if say or progress is no function.
        """
        check_callable("say", say, "which takes a line of text")
        if progress is not None:
            check_callable("progress", progress, "which takes the share that is done")
        job, flat = self._job(episode, rng, _names("record", record), _names("traces", traces))
        engine, _ = self.choose_engine(flat.n_steps)
        run = compiled.run if engine == "compiled" else numpy_engine.run
        progress = shown_in_a_notebook(f"{flat.n_steps} presentations") if progress is None else progress
        recording = run(job, workers=self.workers, say=say, progress=progress)
        return response_of(recording, job, flat, episode.trials_shape, engine)

    def network(self, episode: Episode, rng: Rng, record: str | Sequence[str] = (), traces: str | Sequence[str] = ()
                ) -> PreparedRun:  # fmt: skip
        """Brian2's objects of a run on the NumPy engine, before it begins.

        Add monitors of your own, then ``run()``, and ``response()`` is what `respond` would have returned on that
        engine, to the bit.

        Parameters
        ----------
        episode : Episode
            With keys (..., T, d) and values (..., T, m).
        rng : Generator, or a list of them
            One for all, or one per trial.
        record, traces : str or sequence of str
            Populations whose spikes, and whose variables, come back in the response, as of `respond`.

        Returns
        -------
        PreparedRun

        Raises
        ------
        ValueError
            For what `respond` refuses, and for more trials than the engine runs side by side.
        """
        job, flat = self._job(episode, rng, _names("record", record), _names("traces", traces))
        n_trials, most = len(job.streams), numpy_engine.BATCH
        if n_trials > most:
            raise ValueError(f"a network holds at most {most} trials side by side; the episode has {n_trials}")

        def answer(recording: Recording) -> SpikingResponse:
            return response_of(recording, job, flat, episode.trials_shape, "numpy")

        return PreparedRun(numpy_engine.batch_of(job, range(n_trials)), answer)

    def check_episode(self, episode: Episode) -> None:
        """Raise ValueError if an episode does not fit the memory, or shows what ON/OFF neurons cannot.

        Parameters
        ----------
        episode : Episode
            What is to be presented.
        """
        super().check_episode(episode)
        present(episode.flat(), self.n_slots)

    def _job(self, episode: Episode, rng: Rng, record: tuple[str, ...], traces: tuple[str, ...]) -> tuple[Job, Episode]:
        """What an engine is asked for, and the episode with its trials along one axis."""
        check_fits(self, episode)
        flat = episode.flat()
        n_trials, n_steps = flat.gate.shape
        request = self._request_of(flat)
        network = blueprint_of(request)
        check_recorded(network, record)
        check_traces(network, traces, n_trials, n_steps)
        presented = present(flat, self.n_slots)
        streams = trial_streams(rng, n_trials)
        return Job(network, tuple(mechanisms_of(request)), presented, streams, record, traces), flat

    def begin(self, n_trials: int, rng: Rng) -> SpikingState:
        """Fresh networks, before their first presentation.

        Parameters
        ----------
        n_trials : int
            Number of trials B.
        rng : Generator, or a list of them
            One for all, or one per trial.

        Returns
        -------
        SpikingState
        """
        streams, request = trial_streams(rng, n_trials), self._request(False, False, False)
        network, mechanisms = blueprint_of(request), mechanisms_of(request)
        each = [{**network.begun(), **start_of(network, mechanisms, stream)} for stream in streams]
        return SpikingState({name: np.stack([e[name] for e in each]) for name in each[0]}, streams)

    def step(self, state: SpikingState, key: np.ndarray, value: np.ndarray, gate: np.ndarray,
             gamma: np.ndarray | None = None) -> tuple[SpikingState, Output]:  # fmt: skip
        """One presentation, on the NumPy engine. The value is clamped where the gate is above 0.

        Parameters
        ----------
        state : SpikingState
            As `begin` or `step` returned it.
        key : array, (B, d)
            The key, or a query.
        value : array, (B, m)
            The value to be stored with it.
        gate : array, (B,)
            Global third factor q; with 0 nothing is stored.
        gamma : array, (B, N)
            Imposed plateaus, 0 or 1. None (default): the memory's own third factor acts.

        Returns
        -------
        state : SpikingState
            After the presentation.
        output : Output
            A spiking memory answers once per presentation, so `before` and `after` are the same: the filtered output
            spikes.
        """
        return self._present_once(state, key, value, gate, gamma, trigger=True)

    def _present_once(self, state, key, value, gate, gamma, trigger):
        check_step(self, SpikingState, state, key, value, gate, gamma)
        key, value, gate = (np.asarray(a, float) for a in (key, value, gate))
        local = None if gamma is None else np.asarray(gamma, float)[:, None]
        episode = Episode(
            key[:, None], value[:, None], gate[:, None], np.full((len(gate), 1), -1), local_third_factor=local
        )
        presented = present(episode, self.n_slots)
        if not trigger:
            presented = presented._replace(triggers=np.zeros_like(presented.triggers))
        start = {name: a.ravel() for name, a in state.variables.items()}
        streams = [copied(stream) for stream in state.streams]
        network = self._network_of(state.variables, gamma is not None, is_graded(episode))
        batch = Batch(network, presented, start, int(streams[0].integers(2**31)))
        recording = numpy_engine.run_batch(batch)
        check_finite(network, recording)
        values = on_minus_off(recording.readings["output.readout"])[:, 0]
        votes, dendritic = by_slot(recording, self.n_slots)
        output = Output(values, values, shares(votes)[:, 0], (dendritic[:, 0] > 0).astype(float))
        return SpikingState({**state.variables, **recording.state}, streams), output

    def _fits(self, state: SpikingState) -> bool:
        """Whether a state is of one of the networks that this memory is, with its sizes."""
        if self._form is None:
            graded = [self.blueprint(graded=True)] if self.rule is None else []
            feedback = [self.blueprint(feedback=True)] if self.key_dim == self.value_dim else []
            self._form = [_sizes(network.begun(), 0) for network in (self.blueprint(), *graded, *feedback)]
        return _sizes(state.variables, 1) in self._form

    def _network_of(self, variables: dict[str, np.ndarray], imposed: bool, graded: bool) -> Blueprint:
        """The network that goes on from these, with feedback if that is what they are of.

        Raises ValueError if they are of neither.
        """
        networks = [self.blueprint(imposed=imposed, graded=graded)]
        if self.key_dim == self.value_dim and not graded:
            networks.append(self.blueprint(feedback=True, imposed=imposed))
        for network in networks:
            if set(network.begun()) == set(variables):
                return network
        raise ValueError(f"state must be what begin or step of this memory returned; it holds {', '.join(variables)}")

    def _prompt_recall(self, before: SpikingState, key):
        # no trigger: a recall by hand is not a presentation, and the next pair goes to the next slot
        return self._present_once(before, key, np.zeros((1, self.value_dim)), np.zeros(1), None, trigger=False)

    def weights(self, state: SpikingState) -> tuple[np.ndarray, np.ndarray]:
        """The weights in rate units: ON minus OFF, the mean over the neurons that share a slot.

        Parameters
        ----------
        state : SpikingState
            As `begin`, `step` or a response has it.

        Returns
        -------
        K : array, (B, N, d)
            Keys, one row per slot.
        V : array, (B, m, N)
            Values, one column per slot.

        Raises
        ------
        ValueError
            If it is no state of this memory.
        """
        check_state_of(self, SpikingState, state)
        network = self.blueprint()
        key, value = (weight_matrix(network, name, state.variables[f"{name}.w"]) for name in ("key", "value"))
        key = key.reshape(len(key), 2, self.key_dim, self.n_slots, -1).mean(axis=-1)
        value = value.reshape(len(value), self.n_slots, -1, 2, self.value_dim).mean(axis=2)
        return np.moveaxis(key[:, 0] - key[:, 1], 1, 2), np.moveaxis(value[:, :, 0] - value[:, :, 1], 1, 2)

    def save(self, path: str | Path, state: SpikingState | None = None) -> None:
        """Write a state as .npz.

        Parameters
        ----------
        path : str or Path
            File to write.
        state : SpikingState
            Of any number of trials. None (default): the one at the prompt.

        Raises
        ------
        ValueError
            If it is no state of a spiking memory, or the file cannot be written.
        """
        state = self.state if state is None else state
        check_state_of(self, SpikingState, state)
        said = {"sizes": np.array(self.sizes), "third_factor": np.array(self.third_factor.name)}
        save_arrays(path, self.name, {**said, **state.variables})

    def load(self, path: str | Path) -> SpikingState:
        """Read a state; one of a single trial is put at the prompt too.

        Parameters
        ----------
        path : str or Path
            File to read.

        Returns
        -------
        SpikingState

        Raises
        ------
        ValueError
            If it belongs to a memory of other sizes, another third factor, another structure or kind.
        """
        saved = load_arrays(path, self.name)
        sizes = tuple(int(size) for size in saved.pop("sizes", ()))
        if sizes != self.sizes:
            raise ValueError(f"{path} holds key_dim, n_slots, value_dim = {sizes}; this memory has {self.sizes}")
        check_saved_third_factor(path, saved.pop("third_factor", ""), self.third_factor)
        feedback = self.key_dim == self.value_dim and set(self.blueprint(feedback=True).begun()) == set(saved)
        check_state(path, saved, self.blueprint(feedback=feedback))
        n_trials = len(saved["key.w"])
        state = SpikingState(saved, trial_streams(self._rng or np.random.default_rng(), n_trials))
        if n_trials == 1:
            self._state = state
        return state


def checked_mechanisms(mechanisms: Any) -> tuple[Mechanism, ...]:
    """The user's own mechanisms.

    Parameters
    ----------
    mechanisms : Mechanism, or a sequence of them
        The argument that came.

    Returns
    -------
    tuple of Mechanism

    Raises
    ------
    ValueError
        Unless they are objects of bioKV.network.Mechanism.
    """
    given = (mechanisms,) if isinstance(mechanisms, Mechanism) else mechanisms
    if not isinstance(given, tuple | list) or not all(isinstance(one, Mechanism) for one in given):
        raise ValueError(f"mechanisms takes objects of bioKV.network.Mechanism; got {shown(mechanisms)}")
    for one in given:
        if not is_number(one.turn):
            raise ValueError(f"turn of the mechanism {type(one).__name__} must be a number; got {shown(one.turn)}")
        if not isinstance(one.needs, tuple | list) or not all(isinstance(need, str) for need in one.needs):
            raise ValueError(f"needs of the mechanism {type(one).__name__} must be a tuple of text, such as"
                             f' ("hidden.q",); got {shown(one.needs)}')  # fmt: skip
    return tuple(given)


def _sizes(variables: dict[str, np.ndarray], n_axes: int) -> dict[str, tuple[int, ...]]:
    """Shapes of a single trial, after so many axes of trials."""
    return {name: array.shape[n_axes:] for name, array in variables.items()}


def _names(argument: str, given: str | Sequence[str]) -> tuple[str, ...]:
    names = (given,) if isinstance(given, str) else given
    if not isinstance(names, tuple | list) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{argument} takes names of populations, such as ('hidden', 'output'); got {shown(given)}")
    return tuple(names)

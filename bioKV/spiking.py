"""SpikingMemory: the key-value memory on spiking neurons, with the interface of every other memory."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from .engines import cache
from .engines import compiled as compiled_engine
from .engines import numpy as numpy_engine
from .engines.children import cores
from .episode import Episode
from .memory import Output, Prompt, Response, check_fits, check_sizes, check_thresholds, load_arrays, save_arrays
from .network.parameters import Parameters, checked_parameters, imperfect
from .network.presentation import dendrite_settings, feedforward_size, initial_variables, present, stability_settings
from .network.recording import RECORDABLE, Recording, check_traces
from .network.spiking_rule import check_spiking_rule, parameters_for, rule_settings
from .progress import Say, Share, say_to_stderr
from .randomness import Rng, trial_streams
from .rule import Rule
from .spikes import SpikeTrain, Trace
from .third_factors import LeastRecentlyUsed, Sequential, ThirdFactor, check_third_factor

ENGINES = ("auto", "compiled", "numpy")
# rough costs in core-seconds, for the choice of "auto" alone: benchmarks figure_time and engine_speed measure them
BUILD_COST = 25.0
NUMPY_COST = 0.08  # a second of biological time at d = N = m = 40
COMPILED_COST = 0.002


class SpikingState(NamedTuple):
    """variables : "key.w" -> (B, n), everything one presentation hands on to the next. streams (B) : noise to come."""

    variables: dict[str, np.ndarray]
    streams: list[np.random.Generator]


class SpikingMemory(Prompt):
    """d = key_dim ON/OFF inputs, N = n_slots hidden neurons with dendrites, m = value_dim ON/OFF outputs.

    third_factor : Sequential() (default; dendritic spikes prime the next dendrite), Random(p) or LeastRecentlyUsed()
        (the dendrite at rest for longest wins a race and is primed).
    stability_threshold : as of the rate memory (eq. 17): synapses whose rate q reaches it freeze when the plateau ends.
    rule : a bioKV.Rule (eqs. 12-16) by which the synapses learn, of single numbers; None for eqs. 9 and 11. Thresholds,
        inhibition and output weights are scaled to the size of the keys and values it writes.
    parameters : bioKV.Parameters, None for the defaults.
    seed : of the memory at the prompt (store, recall); `respond` and `begin` take a Generator.
    engine : "compiled" (needs a C++ compiler once), "numpy", or "auto": a compiled network if there is one, else
        compiled if the job is large enough to pay for compiling, else numpy. `step` always uses numpy.
    workers : processes at a time; None takes all cores.
    Raises ValueError if a size is not a whole number above 0, a parameter has another unit or does not fit the
    schedule, the engine is unknown, or the third factor is one the dendrites do not have.
    """

    name = "spiking"
    third_factor: ThirdFactor

    def __init__(self, key_dim: int, n_slots: int, value_dim: int, third_factor: ThirdFactor | None = None,
                 parameters: Parameters | None = None, seed: int | None = None, *,
                 stability_threshold: float | tuple[float, float] | None = None, rule: Rule | None = None,
                 engine: str = "auto",
                 workers: int | None = None):  # fmt: skip
        check_sizes(key_dim=key_dim, n_slots=n_slots, value_dim=value_dim)
        self.key_dim, self.n_slots, self.value_dim = int(key_dim), int(n_slots), int(value_dim)
        self.third_factor = Sequential() if third_factor is None else third_factor
        check_third_factor(self.third_factor, self.n_slots)
        dendrite_settings(self.third_factor, self.n_slots, imposed=False)
        self.stability_threshold = check_thresholds(stability_threshold)
        if engine not in ENGINES:
            raise ValueError(f"engine must be one of {', '.join(ENGINES)}; got {engine!r}")
        if engine == "compiled":
            cache.require_compiler()
        parameters = Parameters() if parameters is None else checked_parameters(parameters)
        if rule is not None:
            rule = check_spiking_rule(rule, self.sizes, parameters)
            if self.stability_threshold is not None:
                raise ValueError("a rule has no stability; leave stability_threshold away")
            parameters = parameters_for(rule, parameters)
        if workers is not None:
            check_sizes(workers=workers)
        self.rule = rule
        self.parameters = parameters
        self.engine = engine
        self.workers = workers or cores()
        self._rng = np.random.default_rng(seed)

    @property
    def sizes(self) -> tuple[int, int, int]:
        """(d, N, m)."""
        return self.key_dim, self.n_slots, self.value_dim

    def choose_engine(self, n_trials: int, n_steps: int, record: tuple[str, ...] = (), feedback: bool = False,
                      traces: tuple[str, ...] = ()) -> tuple[str, str]:  # fmt: skip
        """The engine that would run so many trials of so many presentations, and why, in a few words."""
        if self.engine == "compiled":
            cache.cache_folder()  # refuses one that cannot be trusted, before anything starts
        if self.engine != "auto":
            return self.engine, "asked for"
        if cache.compiler() is None:
            return "numpy", "there is no C++ compiler"
        if n_steps + 1 > cache.LENGTHS[-1]:
            return "numpy", "the episode is too long for the compiled one"
        parts = self._parts(feedback)
        structure = compiled_engine.structure_of(self.sizes, n_steps + 1, self.parameters, parts, record, traces)
        if cache.find(structure) is not None:
            return "compiled", "it is compiled already"
        seconds = n_trials * n_steps * self._window_s
        size = self.n_slots * (self.key_dim + self.value_dim) / 3200
        if seconds * size * (NUMPY_COST - COMPILED_COST) / min(self.workers, n_trials) > BUILD_COST / cores():
            return "compiled", "the job is large enough to pay for compiling"
        return "numpy", "the job is too small to pay for compiling"

    @property
    def per_slot(self) -> int:
        """Hidden neurons that share a slot."""
        return self.parameters.neurons_per_slot

    @property
    def _window_s(self) -> float:
        return float(self.parameters.stimulus_time + self.parameters.gap_time)

    @property
    def _dt_s(self) -> float:
        return float(self.parameters.dt)

    @property
    def stimulus_ms(self) -> float:
        """How long a key is on in each presentation."""
        return float(self.parameters.stimulus_time) * 1e3

    def respond(self, episode: Episode, rng: Rng, record: tuple[str, ...] = (), traces: tuple[str, ...] = (), *,
                say: Say = say_to_stderr, progress: Share = lambda share: None) -> Response:  # fmt: skip
        """Present a whole episode to a fresh network, in one run: no Python acts between its windows.

        rng : a Generator, or one for each trial. record : populations whose spikes come back in Response.spikes,
        of input, feedforward, hidden, interneuron, output and dendrite (dendritic spikes).
        traces : populations of a single trial whose variables come back step by step in Response.traces: of hidden
        (membrane: distance to threshold, expected: integrated hazard, tolerance: what it must reach, dendrite,
        dendrite_tolerance, plateau) and output (v, readout).
        say, progress : told what takes long, and the share that is done.
        Raises ValueError if the episode does not fit the memory or shows what ON/OFF neurons cannot, or if traces are
        asked of many trials or would fill the memory.
        """
        check_fits(self, episode)
        record = (record,) if isinstance(record, str) else tuple(record)
        for name in record:
            if name not in RECORDABLE:
                raise ValueError(f"record takes {', '.join(RECORDABLE)}; got {name!r}")
        flat = episode.flat()
        n_trials, n_steps = flat.gate.shape
        traces = (traces,) if isinstance(traces, str) else tuple(traces)
        check_traces(traces, n_trials, round(n_steps * self._window_s / self._dt_s), self.sizes)
        presentation = present(flat, self.n_slots)
        settings = self._settings(flat.local_third_factor is not None)
        streams = trial_streams(rng, n_trials)
        feedback = bool(flat.feedback.any())
        engine, _ = self.choose_engine(n_trials, n_steps, record, feedback, traces)
        run = compiled_engine.run if engine == "compiled" else numpy_engine.run
        recording = run(self.sizes, presentation, settings, streams, parameters=self.parameters,
                        parts=self._parts(feedback), record=record, traces=traces, workers=self.workers,
                        say=say, progress=progress)  # fmt: skip
        return self._response(recording, flat, episode.trials_shape, streams)

    def _parts(self, feedback: bool) -> tuple[str, ...]:
        """What the network has beyond the common, of neurons.PARTS."""
        has = {
            "feedback": feedback,
            "stability": self.stability_threshold is not None,
            "race": isinstance(self.third_factor, LeastRecentlyUsed),
            "assembly": self.per_slot > 1,
            "imperfect": imperfect(self.parameters),
            "rule": self.rule is not None,
        }
        return tuple(part for part, there in has.items() if there)

    def _settings(self, imposed: bool) -> dict[str, np.ndarray]:
        factor = dendrite_settings(self.third_factor, self.n_slots, imposed, self.per_slot)
        return factor | stability_settings(self.stability_threshold) | rule_settings(self.rule)

    def _response(self, recording: Recording, flat: Episode, shape: tuple[int, ...], streams) -> Response:
        def trials(a: np.ndarray) -> np.ndarray:
            return a.reshape(*shape, *a.shape[1:])

        readings = recording.readings
        votes, dendritic = self._by_slot(readings)
        edges = np.round(np.arange(flat.n_steps + 1) * self._window_s * 1e3, 6)
        counts, evoked = (
            {name.split(".")[0]: trials(a) for name, a in readings.items() if name.endswith(f".{reading}")}
            for reading in ("n_spikes", "n_evoked")
        )
        return Response(
            values=trials(on_minus_off(readings["output.readout"])),
            hidden=trials(shares(votes)),
            third_factor=trials((dendritic > 0).astype(float)),
            state=SpikingState(recording.state, streams),
            windows_ms=np.stack([edges[:-1], edges[1:]], axis=1),
            phase=trials(np.where(flat.is_store, "store", np.where(flat.is_recall, "recall", "other"))),
            spikes={
                name: SpikeTrain(t * 1e3, neuron, trial, self._population_size(name, readings))
                for name, (t, neuron, trial) in recording.spikes.items()
            },
            traces={name: _until(edges[-1], Trace(t * 1e3, values)) for name, (t, values) in recording.traces.items()},
            counts=counts | {"votes": trials(votes), "dendrite": trials(dendritic)},
            evoked=evoked,
        )

    def _by_slot(self, readings: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Votes, and dendritic spikes, of slots (B, T, N): of all neurons that share one, and of the one that leads."""
        votes = readings["hidden.n_votes"].reshape(*readings["hidden.n_votes"].shape[:2], self.n_slots, self.per_slot)
        return votes.sum(axis=-1), readings["hidden.n_dendritic"][..., :: self.per_slot]

    def _population_size(self, name: str, readings: dict[str, np.ndarray]) -> int:
        return readings[f"{'hidden' if name == 'dendrite' else name}.n_spikes"].shape[-1]

    def begin(self, n_trials: int, rng: Rng) -> SpikingState:
        """Fresh networks for n_trials trials, before their first presentation."""
        streams = trial_streams(rng, n_trials)
        n_feedforward = feedforward_size(self.key_dim, self.parameters)
        each = [initial_variables(self.sizes, n_feedforward, self.parameters, stream) for stream in streams]
        variables = {name: np.stack([e[name] for e in each]) for name in each[0]}
        # what a network of no presentations yet would hand on, as far as anyone looks at it
        n_hidden = self.n_slots * self.per_slot
        variables["key.w"] = np.full((n_trials, 2 * self.key_dim * n_hidden), 0.5)
        variables["value.w"] = np.zeros((n_trials, 2 * self.value_dim * n_hidden))
        return SpikingState(variables, streams)

    def step(self, state: SpikingState, key, value, gate, gamma=None) -> tuple[SpikingState, Output]:
        """One presentation, on the NumPy engine. key (B, d), value (B, m), gate (B,), gamma (B, N) or None.

        The value is clamped where the gate is above 0. A spiking memory answers once a presentation, so `before` and
        `after` are the same: the filtered output spikes.
        """
        return self._present_once(state, key, value, gate, gamma, trigger=True)

    def _present_once(self, state, key, value, gate, gamma, trigger):
        key, value, gate = (np.asarray(a, float) for a in (key, value, gate))
        local = None if gamma is None else np.asarray(gamma, float)[:, None]
        episode = Episode(
            key[:, None], value[:, None], gate[:, None], np.full((len(gate), 1), -1), local_third_factor=local
        )
        check_fits(self, episode)
        presentation = present(episode, self.n_slots)
        if not trigger:
            presentation = presentation._replace(triggers=np.zeros_like(presentation.triggers))
        start = {name: a.ravel() for name, a in state.variables.items()}
        streams = [_copy(stream) for stream in state.streams]
        recording = numpy_engine.run_batch(
            self.sizes, presentation, self._settings(gamma is not None), start, int(streams[0].integers(2**31)),
            self.parameters, self._parts(feedback=False)
        )
        values = on_minus_off(recording.readings["output.readout"])[:, 0]
        votes, dendritic = self._by_slot(recording.readings)
        output = Output(values, values, shares(votes)[:, 0], (dendritic[:, 0] > 0).astype(float))
        return SpikingState({**state.variables, **recording.state}, streams), output

    def _prompt_recall(self, before: SpikingState, key):
        # no trigger: a recall by hand is not a presentation, and the next pair goes to the next slot
        return self._present_once(before, key, np.zeros((1, self.value_dim)), np.zeros(1), None, trigger=False)

    def weights(self, state: SpikingState) -> tuple[np.ndarray, np.ndarray]:
        """K (B, N, d) and V (B, m, N) in rate units: ON minus OFF, the mean over the neurons that share a slot."""
        b = len(state.variables["key.w"])
        key = state.variables["key.w"].reshape(b, 2, self.key_dim, self.n_slots, self.per_slot).mean(axis=-1)
        value = state.variables["value.w"].reshape(b, self.n_slots, self.per_slot, 2, self.value_dim).mean(axis=2)
        return np.moveaxis(key[:, 0] - key[:, 1], 1, 2), np.moveaxis(value[:, :, 0] - value[:, :, 1], 1, 2)

    def save(self, path: str | Path, state: SpikingState | None = None) -> None:
        """Write a state (default: the one at the prompt) as .npz."""
        state = self._current() if state is None else state
        save_arrays(path, self.name, {"sizes": np.array(self.sizes), **state.variables})

    def load(self, path: str | Path) -> SpikingState:
        """Read a state; one of a single trial is put at the prompt too.

        Raises ValueError if it belongs to a memory of other sizes or of another kind.
        """
        saved = load_arrays(path, self.name)
        sizes = tuple(int(size) for size in saved.pop("sizes"))
        if sizes != self.sizes:
            raise ValueError(f"{path} holds key_dim, n_slots, value_dim = {sizes}; this memory has {self.sizes}")
        n_trials, n_weights = saved["key.w"].shape
        if n_weights != 2 * self.key_dim * self.n_slots * self.per_slot:
            raise ValueError(f"{path} was saved with other neurons_per_slot than this memory's {self.per_slot}")
        state = SpikingState(saved, trial_streams(self._rng or np.random.default_rng(), n_trials))
        if n_trials == 1:
            self._state = state
        return state


def on_minus_off(readout: np.ndarray) -> np.ndarray:
    """(..., 2m) -> (..., m): the value an ON/OFF population stands for."""
    on, off = np.split(readout, 2, axis=-1)
    return on - off


def shares(votes: np.ndarray) -> np.ndarray:
    """(..., N) spike counts -> each neuron's share; 0 for all where none fired."""
    return votes / np.maximum(votes.sum(axis=-1, keepdims=True), 1)


def _until(stop_ms: float, trace: Trace) -> Trace:
    """Without the first step of the blank presentation at the end."""
    before = trace.t_ms < stop_ms - 1e-6
    return Trace(trace.t_ms[before], {name: a[before] for name, a in trace.values.items()})


def _copy(stream: np.random.Generator) -> np.random.Generator:
    bits = type(stream.bit_generator)()
    bits.state = stream.bit_generator.state
    return np.random.Generator(bits)

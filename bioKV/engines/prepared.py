"""A run of the NumPy engine, prepared: trials of one network side by side, as Brian2's objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..checks import check_callable, shown
from ..network.blueprint import Blueprint
from ..network.presentation import Presentation
from ..network.recording import Recording, compact
from ..network.refusal import in_one_sentence
from .isolation import isolated


class Batch(NamedTuple):
    """Trials of one network side by side.

    Parameters
    ----------
    network : Blueprint
        The network, with its values.
    presentation : Presentation
        What B trials are shown.
    start : dict of str to np.ndarray, shape (B*n,)
        Initial values by "population.variable", of what is random and, where presentations go on from others, of all
        that they hand on.
    seed : int
        Of the noise of all of them.
    record : tuple of str
        Populations whose single spikes are kept.
    traces : tuple of str
        Populations whose variables are kept step by step.
    """

    network: Blueprint
    presentation: Presentation
    start: dict[str, np.ndarray]
    seed: int
    record: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()


class PreparedRun:
    """Brian2's objects of a run that has not begun: look at them, add monitors, `run`, and see the `response`.

    Adding monitors changes no number. What changes a group or its variables does, and the response is then of that.

    Parameters
    ----------
    batch : Batch
        What is run.
    answer : callable
        What makes the response of the recording.

    Examples
    --------
    `SpikingMemory.network` makes one. Here Brian2 counts the spikes of the interneurons, beside all that bioKV reads:

    >>> import numpy as np
    >>> from brian2 import SpikeMonitor
    >>> from bioKV import SpikingMemory, protocols
    >>> episode = protocols.autoassociative(np.random.default_rng(0), n_pairs=1, key_dim=4)
    >>> memory = SpikingMemory(key_dim=4, n_slots=1, value_dim=4, engine="numpy")
    >>> prepared = memory.network(episode, np.random.default_rng(1))
    >>> spikes = SpikeMonitor(prepared.groups["interneuron"])
    >>> prepared.add(spikes)
    >>> prepared.run()
    >>> bool(spikes.num_spikes >= prepared.response().counts["interneuron"].sum() > 0)
    True
    """

    def __init__(self, batch: Batch, answer: Callable[[Recording], Any] = lambda recording: recording):
        self.batch = batch
        self._answer = answer
        self._began = self._over = False
        self.n_trials = batch.presentation.gate.shape[1]
        with isolated():
            from ..network.build import build, set_value

            self.built = build(batch.network, batch.presentation.tables(), self.n_trials, batch.record, batch.traces)
            for name, values in batch.start.items():
                set_value(self.built.owners, name, values, 1)

    @property
    def groups(self) -> dict[str, Any]:
        """Brian2's NeuronGroups by name, as in the blueprint, trial by trial."""
        return self.built.groups

    @property
    def synapses(self) -> dict[str, Any]:
        """Brian2's Synapses by name, as in the blueprint, trial by trial."""
        return self.built.synapses

    @property
    def network(self) -> Any:
        """Brian2's Network, with everything in it."""
        return self.built.network

    def add(self, *objects: Any) -> None:
        """Put objects of one's own, such as monitors, into the run.

        Parameters
        ----------
        *objects : brian2.BrianObject
            What is added.

        Raises
        ------
        ValueError
            Once the run has begun, or for what Brian2 cannot run.
        """
        if self._began:
            raise ValueError("this run is over; monitors are added before run()")
        for one in objects:
            try:
                self.network.add(one)
            except TypeError:
                raise ValueError(f"objects must be Brian2's, such as SpikeMonitor(...); got {shown(one)}") from None

    def response(self) -> Any:
        """What `respond` of the memory would have returned.

        Returns
        -------
        SpikingResponse
            The response.

        Raises
        ------
        ValueError
            Before `run`, and after one that was cut.
        """
        if not self._over:
            cut = "the run was cut, so there is no response; memory.network() prepares another"
            raise ValueError(cut if self._began else "there is no response before run()")
        return self._answer(self.recording())

    def run(self, progress: Callable[[float], None] = lambda share: None) -> None:
        """All presentations, and the first step of the blank one, which reads the last.

        Parameters
        ----------
        progress : callable
            Told the share that is done about once a second.

        Raises
        ------
        ValueError
            If this run is over, or progress is no function.
        RuntimeError
            If it was stopped; and what an operation that was added raises comes out as it is.
        """
        if self._began:
            raise ValueError("this run is over; memory.network() prepares another")
        check_callable("progress", progress, "which takes the share that is done")
        import brian2
        from brian2 import second

        onset, step = self.built.onset, self.built.groups["hidden"].clock
        duration = (self.batch.presentation.n_windows - 1) * float(onset.dt) * second + step.dt
        self._began = True
        made = False  # all code, which Brian2 makes before it reports the first time

        def report(elapsed: Any, share: float, *_: Any) -> None:
            nonlocal made
            made = True
            progress(share)

        with isolated(), in_one_sentence(self.batch.network, but=lambda: made):
            brian2.seed(self.batch.seed)
            self.network.run(duration, namespace=dict(self.built.inputs), report=report, report_period=1 * second)
        if self.network.t / step.dt < round(duration / step.dt) - 0.5:
            raise RuntimeError(f"the network was stopped at {self.network.t}, before its presentations were over")
        self._over = True

    def recording(self) -> Recording:
        """What the run brought, as plain arrays.

        Returns
        -------
        Recording
            All that the network's parts read, hand on and record.
        """
        from brian2 import second

        network, built, n_trials = self.batch.network, self.built, self.n_trials
        readings = {
            name: _by_trial(compact(name, np.asarray(getattr(built.readings[population], variable))), n_trials)
            for population in built.readings
            for variable in network.neurons[population].names("reads")
            for name in [f"{population}.{variable}"]
        }
        state = {
            name: np.array(getattr(built.owners[owner], f"{variable}_")).reshape(n_trials, -1)
            for name in network.listed("keeps")
            for owner, variable in [name.split(".")]
        }
        spikes = {}
        for population, monitor in built.spikes.items():
            trial, neuron = np.divmod(np.array(monitor.i), len(monitor.source) // n_trials)
            t = np.array(monitor.t / second)
            order = np.lexsort((t, trial))
            spikes[population] = (t[order], neuron[order].astype(np.int32), trial[order].astype(np.int32))
        traced = {
            population: (np.array(monitor.t / second), {
                name: np.array(getattr(monitor, f"{name}_")).T for name in network.neurons[population].names("traces")
            })
            for population, monitor in built.traces.items()
        }  # fmt: skip
        return Recording(readings, state, spikes, traced)


def _by_trial(reading: np.ndarray, n_trials: int) -> np.ndarray:
    """(B*n, T+1) as Brian2 monitors it -> (B, T, n), without the reading before the first presentation."""
    reading = reading[:, 1:]
    return np.moveaxis(reading.reshape(n_trials, -1, reading.shape[-1]), 2, 1)

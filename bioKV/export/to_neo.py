"""Spikes as objects of Neo, which Elephant takes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..episode import Episode
from ..importing import require
from ..response import SpikingResponse
from .presentations import presentations_of
from .provenance import CITATION, DOI, provenance_of
from .trials import Trial, plateaus_of, signs, trials_of


def to_neo(response: SpikingResponse, episode: Episode | None = None, *, third_factor: str = "",
           options: Mapping[str, Any] | None = None, record: Mapping[str, Any] | None = None) -> Any:  # fmt: skip
    """A neo.Block: a Segment for every trial, a Group for every population, a SpikeTrain for every recorded neuron.

    Silent neurons have a train too, so every Segment holds the same trains in the same order, as Elephant's trial tools
    want them; each is annotated with population, neuron and sign (+1 ON, -1 OFF, 0 neither). Times are in ms from the
    start of the trial. Epochs "presentations" are labelled with their phase, and have as array annotations step and,
    with an episode, gate, source and subset; Events "plateaus" have the slot. Traces become AnalogSignals.

    Parameters
    ----------
    response : SpikingResponse
        What a spiking memory answered, with recorded spikes.
    episode : Episode or None
        What was answered.
    third_factor : str
        Its name, for the Segments' annotations.
    options : dict or None
        Name, and a value or a list with one for each trial, for the Segments' annotations.
    record : dict or None
        Of the run, as run.json has it, for the Block's annotations.

    Returns
    -------
    neo.Block
        The block.

    Raises
    ------
    ValueError
        If Neo is not installed, or for what `trials_of` refuses.
    """
    trials = trials_of("a Neo block", response, episode, third_factor=third_factor, options=options)
    return block_of(trials, record, per_neuron=True)


def block_of(trials: Sequence[Trial], record: Mapping[str, Any] | None, per_neuron: bool) -> Any:
    """The Block of single trials.

    Parameters
    ----------
    trials : sequence of Trial
        The trials.
    record : dict or None
        Of the run, as run.json has it.
    per_neuron : bool
        True: a SpikeTrain for every neuron. False: one for every population, whose spikes have neuron and sign as array
        annotations.

    Returns
    -------
    neo.Block
        The block.

    Raises
    ------
    ValueError
        If Neo is not installed.
    """
    neo = require("neo", "neo", "a Neo block")
    block = neo.Block(name="bioKV", description=CITATION, **_annotations(trials, record))
    groups = {}
    for index, trial in enumerate(trials):
        segment = neo.Segment(name=f"trial {trial.number}", index=index, **_of_trial(trial))
        block.segments.append(segment)
        segment.epochs.append(_presentations(neo, trial))
        segment.events.append(_plateaus(neo, trial))
        segment.analogsignals.extend(_traces(neo, trial))
        for name in trial.populations:
            trains = _each(neo, trial, name) if per_neuron else [_together(neo, trial, name)]
            segment.spiketrains.extend(trains)
            if name not in groups:
                groups[name] = neo.Group(name=name)
                block.groups.append(groups[name])
            groups[name].spiketrains.extend(trains)
    block.check_relationships()
    return block


def _annotations(trials: Sequence[Trial], record: Mapping[str, Any] | None) -> dict[str, Any]:
    """Of text and numbers only: files have no other."""
    engines = " ".join(dict.fromkeys(trial.response.engine for trial in trials))
    come = provenance_of(record, engines)
    said: dict[str, Any] = {f"version_{package}": number for package, number in come.versions.items()}
    said |= {"engine": come.engine, "doi": DOI}
    rest = {"seed": come.seed, "command": come.command, "git_revision": come.git_revision}
    said |= {name: value for name, value in rest.items() if value not in (None, "")}
    return said if record is None else said | {"record": json.dumps(dict(record))}


def _of_trial(trial: Trial) -> dict[str, Any]:
    options = {name: value if isinstance(value, int | float | str) else str(value) for name, value in
               trial.options.items()}  # fmt: skip
    said = {"trial": trial.number, "engine": trial.response.engine, **options}
    return said | ({"third_factor": trial.third_factor} if trial.third_factor else {})


def _presentations(neo: Any, trial: Trial) -> Any:
    columns = presentations_of(trial)
    start, stop, phase = (columns.pop(name) for name in ("start_ms", "stop_ms", "phase"))
    return neo.Epoch(start, stop - start, phase, units="ms", name="presentations", array_annotations=columns)


def _plateaus(neo: Any, trial: Trial) -> Any:
    found = plateaus_of(trial)
    labels = np.array([f"slot {slot}" for slot in found.slot], dtype="U")
    about = {"slot": found.slot.astype(int), "step": found.step.astype(int)}
    return neo.Event(found.start_ms, labels, units="ms", name="plateaus", array_annotations=about)


def _traces(neo: Any, trial: Trial) -> list[Any]:
    import quantities as pq

    signals = []
    for population, trace in trial.response.traces.items():
        step = (trace.t_ms[-1] - trace.t_ms[0]) / max(len(trace.t_ms) - 1, 1)
        for variable, values in trace.values.items():
            signals.append(
                neo.AnalogSignal(values, units="dimensionless", sampling_period=step * pq.ms,
                                 t_start=trace.t_ms[0] * pq.ms, name=f"{population}.{variable}")
            )  # fmt: skip
    return signals


def _each(neo: Any, trial: Trial, population: str) -> list[Any]:
    train = trial.response.spikes[population]
    order = np.argsort(train.neuron, kind="stable")
    ends = np.searchsorted(train.neuron[order], np.arange(train.n_neurons + 1))
    times = train.t_ms[order]
    sign = signs(population, np.arange(train.n_neurons), train.n_neurons)
    return [
        neo.SpikeTrain(times[ends[i] : ends[i + 1]], t_start=0.0, t_stop=trial.stop_ms, units="ms",
                       name=f"{population} {i}", population=population, neuron=i, sign=int(sign[i]))
        for i in range(train.n_neurons)
    ]  # fmt: skip


def _together(neo: Any, trial: Trial, population: str) -> Any:
    train = trial.response.spikes[population]
    about = {"neuron": train.neuron.astype(int),
             "sign": signs(population, train.neuron, train.n_neurons).astype(int)}  # fmt: skip
    return neo.SpikeTrain(train.t_ms, t_start=0.0, t_stop=trial.stop_ms, units="ms", name=population,
                          population=population, n_neurons=train.n_neurons, array_annotations=about)  # fmt: skip

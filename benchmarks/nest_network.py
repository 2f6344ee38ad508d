"""A network of the memory's size and firing rates in NEST: the opponent of nest_speed.py, run by NEST's Python.

Reads a `Task` as one line of JSON from standard input. The last line it prints is JSON too: NEST's version, the mean
rate of each population, and the CPU time of nest.Simulate alone.

Populations and connections are the memory's, at its default parameters for d = N = m = 40; neurons and synapses are
NEST's own. Input neurons play spike trains with the counts they had in bioKV; interneurons are integrators without a
leak; hidden neurons, four of a slot, are point processes with an exponential escape rate, each with an inhibition of
its own, as NEST has no pool that all of them read; output neurons are leaky integrators. The
slots hold the patterns of an autoassociative episode from the start, in static synapses or in ones with STDP. What
bioKV computes besides is left out: dendrites, plateaus, third factors, the teacher, traces, the read-out and counts.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any, NamedTuple

import nest
import numpy as np

DT = 0.5  # ms, the time step and the delay of every synapse
WINDOW = 150.0  # ms, one presentation
INTERVAL = 10.0  # ms between the spikes of an active input neuron
WARM_UP = 10  # presentations before the timed ones
N_SLOTS, PER_SLOT, N_FEEDFORWARD, N_INTERNEURONS = 40, 4, 16, 16
RECRUITMENT = 0.25 / PER_SLOT  # of an interneuron's threshold, at a hidden spike
HAZARD, THRESHOLD = 150.0, 2.5  # Hz; in units of the dot product
DRIVE_GAIN = 1.2
NO_LEAK = 1e9  # ms, a membrane time constant longer than any run
LEARNING_RATE = 1e-9  # so small that rates stay while STDP computes what it always does


class Task(NamedTuple):
    """What to measure.

    counts (T, 80) : spikes of each input neuron in each presentation. stored (T) : whether the presentation stores.
    n_presentations : how many are timed; the episode starts again when it is over. plastic : STDP; static if False.
    Tuned to bioKV's rates: inhibition, a hidden neuron's step down at an interneuron's spike, in units of the dot
    product; tonic, an interneuron's steady input in thresholds per ms, for what it loses at resets; output_weight, an
    output neuron's mean step up at a hidden spike, in thresholds.
    """

    counts: list[list[int]]
    stored: list[bool]
    n_presentations: int
    plastic: bool
    inhibition: float
    tonic: float
    output_weight: float


class Populations(NamedTuple):
    """Five collections of nodes, named as in bioKV."""

    input: Any
    feedforward: Any
    hidden: Any
    interneuron: Any
    output: Any


def input_trains(counts: np.ndarray, n_presentations: int) -> list[np.ndarray]:
    """Spike times of each input neuron in ms: regular, at a random phase after each onset."""
    rng = np.random.default_rng(1)
    trains = []
    for per_presentation in np.resize(counts, (n_presentations, counts.shape[1])).T:
        phase = DT * rng.integers(1, round(INTERVAL / DT), n_presentations)
        spikes = [i * WINDOW + phase[i] + INTERVAL * np.arange(n) for i, n in enumerate(per_presentation)]
        trains.append(np.concatenate(spikes))
    return trains


def held_patterns(counts: np.ndarray, stored: np.ndarray) -> np.ndarray:
    """What the slots hold when the episode is over (N, 80): 1 for active neurons, 0.5 for all where none was stored."""
    held = np.full((N_SLOTS, counts.shape[1]), 0.5)
    for i, active in enumerate(counts[stored] > 0):
        held[i % N_SLOTS] = active
    return held


def populations(task: Task, counts: np.ndarray) -> Populations:
    """All neurons; 1 mV is one threshold, in hidden neurons one unit of the dot product."""
    trains = input_trains(counts, WARM_UP + task.n_presentations)
    unit = {"C_m": 1.0, "E_L": 0.0, "V_m": 0.0}
    counter = {**unit, "V_reset": 0.0, "V_th": 0.999, "tau_m": NO_LEAK, "t_ref": 0.0}  # sums of weights are rounded
    escape = {"c_1": 0.0, "c_2": HAZARD * np.exp(-THRESHOLD), "c_3": 1.0, "with_reset": False}
    made = Populations(
        input=nest.Create("spike_train_injector", len(trains), [{"spike_times": train} for train in trains]),
        feedforward=nest.Create("iaf_psc_delta", N_FEEDFORWARD, counter),
        hidden=nest.Create("pp_psc_delta", N_SLOTS * PER_SLOT, {"C_m": 1.0, "tau_m": 20.0, "dead_time": 5.0, **escape}),
        interneuron=nest.Create("iaf_psc_delta", N_INTERNEURONS, {**counter, "I_e": task.tonic}),
        output=nest.Create("iaf_psc_delta", len(trains), {**counter, "V_th": 1.0, "tau_m": 20.0}),
    )
    made.interneuron.V_m = np.arange(N_INTERNEURONS) * RECRUITMENT % 1  # they take turns
    return made


def connect(groups: Populations, held: np.ndarray, task: Task) -> None:
    """All synapses; matrices of weights are (target, source)."""
    graded = task.output_weight * np.random.default_rng(2).uniform(0.5, 1.5, held.T.shape)  # rates vary smoothly
    if task.plastic:
        nest.CopyModel("stdp_synapse", "learning", {"lambda": LEARNING_RATE, "Wmax": 2 * task.output_weight})
    learning = "learning" if task.plastic else "static_synapse"
    half = len(groups.output) // 2  # ON neurons, then OFF
    for source, target, weight, model, rule in (
        (groups.input, groups.hidden, DRIVE_GAIN * held, learning, "all_to_all"),
        (groups.input, groups.feedforward, 1 / (2 * N_FEEDFORWARD), "static_synapse", "all_to_all"),
        (groups.feedforward, groups.hidden, -DRIVE_GAIN, "static_synapse", "all_to_all"),
        (groups.hidden, groups.interneuron, RECRUITMENT, "static_synapse", "all_to_all"),
        (groups.interneuron, groups.hidden, -task.inhibition, "static_synapse", "all_to_all"),
        (groups.hidden, groups.output, graded * (held.T > 0.5), learning, "all_to_all"),
        (groups.output[:half], groups.output[half:], -1.0, "static_synapse", "one_to_one"),
        (groups.output[half:], groups.output[:half], -1.0, "static_synapse", "one_to_one"),
    ):
        nest.Connect(source, target, rule, {"synapse_model": model, "weight": weight, "delay": DT})


def build(task: Task) -> Populations:
    """The network in a fresh kernel, one thread."""
    nest.ResetKernel()
    nest.set(resolution=DT, local_num_threads=1, rng_seed=1)
    counts = np.array(task.counts)
    groups = populations(task, counts)
    connect(groups, np.repeat(held_patterns(counts, np.array(task.stored)), PER_SLOT, axis=0), task)
    return groups


def measure_rates(task: Task) -> dict[str, float]:
    """Mean rate in Hz of the neurons of each population, over the presentations that are timed."""
    groups = build(task)
    recorders = [nest.Create("spike_recorder", params={"start": WARM_UP * WINDOW}) for _ in groups]
    for group, recorder in zip(groups, recorders, strict=True):
        nest.Connect(group, recorder)
    nest.Simulate((WARM_UP + task.n_presentations) * WINDOW)
    seconds = task.n_presentations * WINDOW / 1e3
    per_neuron = [recorder.n_events / len(group) for group, recorder in zip(groups, recorders, strict=True)]
    return {name: n / seconds for name, n in zip(Populations._fields, per_neuron, strict=True)}


def measure_cpu(task: Task) -> float:
    """CPU seconds, user and system, of the timed presentations, with nothing recorded."""
    build(task)
    nest.Simulate(WARM_UP * WINDOW)
    start = time.process_time()
    nest.Simulate(task.n_presentations * WINDOW)
    return time.process_time() - start


def main() -> None:
    nest.verbosity = nest.VerbosityLevel.ERROR
    task = Task(**json.loads(sys.stdin.readline()))
    print(json.dumps({"version": nest.__version__, "rates": measure_rates(task), "cpu_s": measure_cpu(task)}))


if __name__ == "__main__":
    main()

"""The spiking network does its own remembering: nothing but its neurons and synapses acts, and it sees no answer."""

from typing import Any, NamedTuple

import brian2
import numpy as np
import pytest
from brian2 import ms

from bioKV import Episode, LeastRecentlyUsed, Parameters, Random, Sequential, SpikingMemory
from bioKV.engines.numpy import run_batch
from bioKV.engines.prepared import Batch
from bioKV.network.presentation import present
from bioKV.protocols import autoassociative, continual, correlated, flashbulb, heteroassociative, sequence
from bioKV.response import Response

D = 16
STORED = 3
RECORDABLE = ("input", "feedforward", "hidden", "interneuron", "output", "dendrite")


class Task(NamedTuple):
    """A task in spikes: a short trial of it, and what its memory is beside its size."""

    episode: Episode
    options: dict[str, Any] = {}  # noqa: RUF012  (never written to)

    def respond(self, episode, record=(), engine="numpy") -> Response:
        sizes = D, 6, episode.value_dim
        memory = SpikingMemory(*sizes, engine=engine, workers=1, **self.options)
        return memory.respond(episode, np.random.default_rng(11), record)


def tasks() -> dict[str, Task]:
    """Every task of the paper that is performed in spikes, with the parts and third factors that it takes."""

    def draw(protocol, **options):
        return protocol(np.random.default_rng(4), key_dim=D, **options)

    life = draw(continual, delay=2, n_steps=12)
    return {
        "autoassociative": Task(draw(autoassociative, n_pairs=3), {"third_factor": Random(0.3)}),
        "continual": Task(life, {"third_factor": Sequential()}),
        "continual, least recently used": Task(life, {"third_factor": LeastRecentlyUsed()}),
        "flashbulb": Task(draw(flashbulb, delay=2, n_steps=14, n_flashbulb=1), {"stability_threshold": 10}),
        "correlated": Task(draw(correlated, n_pairs=3)),
        "heteroassociative": Task(draw(heteroassociative, n_pairs=3, value_dim=5)),
        "sequence": Task(draw(sequence, n_patterns=9)),  # more than slots: what is recalled surely cannot be clamped
    }


TASKS = tasks()
TASK = pytest.mark.parametrize("name", TASKS)


def memory(third_factor=None):
    return SpikingMemory(D, D, D, third_factor or Sequential(), engine="numpy")


def answer(episode, third_factor=None, record=(), seed=11) -> Response:
    return memory(third_factor).respond(episode, np.random.default_rng(seed), record=record)


def changed(episode, **arrays):
    names = ("keys", "values", "gate", "source", "local_third_factor", "feedback", "read_after_write", "subset",
             "subset_names")  # fmt: skip
    return Episode(**{**{name: getattr(episode, name) for name in names}, **arrays})


def scrambled(episode):
    """The same trial with other right answers."""
    values = episode.values.copy()
    values[episode.is_recall] = np.random.default_rng(2).choice([-1.0, 1.0], size=values[episode.is_recall].shape)
    assert (values != episode.values).any()
    return changed(episode, values=values)


def assert_same_spikes(one: Response, other: Response):
    for population, spikes in one.spikes.items():
        assert spikes.t_ms.size > 0
        np.testing.assert_array_equal(spikes.t_ms, other.spikes[population].t_ms)
        np.testing.assert_array_equal(spikes.neuron, other.spikes[population].neuron)


@pytest.fixture(scope="module")
def episode():
    return autoassociative(np.random.default_rng(1), n_pairs=STORED, key_dim=D)


@pytest.fixture(scope="module")
def response(episode):
    return answer(episode, record=RECORDABLE)


@TASK
def test_scrambling_the_right_answers_of_all_recalls_changes_no_spike(name):
    task = TASKS[name]
    assert_same_spikes(task.respond(task.episode, RECORDABLE), task.respond(scrambled(task.episode), RECORDABLE))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["autoassociative", "continual, least recently used", "flashbulb", "sequence"])
def test_nor_does_it_in_a_compiled_network(name):
    task = TASKS[name]
    one, other = (task.respond(episode, RECORDABLE, "compiled") for episode in (task.episode, scrambled(task.episode)))
    assert_same_spikes(one, other)


def test_what_is_stored_decides_what_is_recalled(episode, response):
    values = episode.values.copy()
    values[episode.is_store] *= -1
    opposite = answer(changed(episode, values=values))
    recalled = episode.is_recall
    np.testing.assert_array_equal(np.sign(opposite.values[recalled]), -np.sign(response.values[recalled]))


def test_a_recall_leaves_every_weight_as_it_was(episode, response):
    only_stored = Episode(*(a[:STORED] for a in (episode.keys, episode.values, episode.gate, episode.source)))
    before = answer(only_stored)
    for name in ("key.w", "value.w"):
        np.testing.assert_array_equal(before.state.variables[name], response.state.variables[name])


@TASK
def test_every_answer_is_what_a_low_pass_filter_makes_of_output_spikes(name):
    """ON minus OFF; of spikes between read_onset and read_stop; as the presentation ends, before the next step."""
    task, p = TASKS[name], Parameters()
    answer = task.respond(task.episode, ("output",))
    spikes = answer.spikes["output"]
    dt, window, tau = (float(time / ms) for time in (p.dt, p.stimulus_time + p.gap_time, p.tau_readout))
    presentation, since_onset = np.divmod(spikes.t_ms + dt / 2, window)
    read = (since_onset > float(p.read_onset / ms)) & (since_onset < float(p.read_stop / ms))
    held = np.zeros((task.episode.n_steps, 2 * task.episode.value_dim))
    since_spike = window - since_onset - dt / 2
    np.add.at(held, (presentation.astype(int), spikes.neuron), read * np.exp(-since_spike / tau))
    on, off = np.split(held, 2, axis=1)
    np.testing.assert_allclose(answer.values, on - off, rtol=0, atol=1e-9)


@TASK
def test_without_the_gate_no_weight_changes(name):
    task = TASKS[name]
    closed = {"gate": np.zeros(task.episode.n_steps), "source": np.full(task.episode.n_steps, -1)}
    after = task.respond(changed(task.episode, **closed))
    assert after.third_factor.sum() > 0  # there were plateaus; only the gate was shut
    np.testing.assert_array_equal(after.state.variables["key.w"], 0.5)
    np.testing.assert_array_equal(after.state.variables["value.w"], 0.0)


@TASK
def test_what_is_stored_gets_weights(name):
    """The tasks above do store: what a shut gate and scrambled answers leave alone is not nothing."""
    task = TASKS[name]
    after = task.respond(task.episode)
    assert (after.state.variables["key.w"] != 0.5).any()
    assert (after.state.variables["value.w"] != 0).any()


def test_without_a_plateau_no_weight_changes(episode):
    flat = changed(episode, local_third_factor=np.zeros((episode.n_steps, D)))
    after = answer(flat)
    np.testing.assert_array_equal(after.state.variables["key.w"], 0.5)
    np.testing.assert_array_equal(after.state.variables["value.w"], 0.0)


def test_only_slots_with_a_plateau_are_written(episode):
    gamma = np.zeros((episode.n_steps, D))
    gamma[0, [2, 7]] = 1
    gamma[1, 5] = 1
    after = answer(changed(episode, local_third_factor=gamma))
    K, V = memory().weights(after.state)
    np.testing.assert_array_equal(np.flatnonzero(np.abs(K[0]).sum(axis=1)), [2, 5, 7])
    np.testing.assert_array_equal(np.flatnonzero(np.abs(V[0]).sum(axis=0)), [2, 5, 7])
    np.testing.assert_array_equal(after.third_factor, gamma)


@TASK
def test_a_respond_is_one_run_of_brian2_objects_without_python_between_windows(name, monkeypatch):
    task, runs = TASKS[name], []
    run = brian2.Network.run

    def counted(network, duration, *args, **how):
        runs.append((network, float(duration)))
        return run(network, duration, *args, **how)

    monkeypatch.setattr(brian2.Network, "run", counted)
    task.respond(task.episode)
    [(network, duration)] = runs
    assert duration == pytest.approx(task.episode.n_steps * 0.15 + 0.0005)
    assert not [thing for thing in network.objects if isinstance(thing, brian2.NetworkOperation)]
    for thing in network.objects:
        assert type(thing).__module__.startswith("brian2."), thing


def test_progress_sees_a_number_and_nothing_else(episode):
    seen = []
    flat = episode.flat()
    start = {name: values.ravel() for name, values in memory().begin(1, np.random.default_rng(0)).variables.items()}
    run_batch(Batch(memory().blueprint(), present(flat, D), start, 1), progress=lambda *told: seen.append(told))
    assert seen
    assert all(len(told) == 1 and isinstance(told[0], float) for told in seen)


def test_all_weights_stay_excitatory_and_bounded(response):
    for name in ("key.w", "value.w"):
        w = response.state.variables[name]
        assert w.min() >= 0  # Dale: ON/OFF coding needs no negative weight
        assert w.max() <= 1

"""What happens when in a presentation: spikes, traces and counts of one trial, on the NumPy engine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from bioKV import Episode, Parameters, SpikingMemory
from bioKV.network import Mechanism, Part
from bioKV.protocols import heteroassociative
from bioKV.units import ms

D, N, M = 13, 5, 7
COARSE = Parameters(dt=1 * ms, neurons_per_slot=1)
WINDOW, STIMULUS = 150, 100
GATES = (1.0, 0.3)


@pytest.fixture(scope="module")
def episode():
    task = heteroassociative(np.random.default_rng(3), 2, D, M, corruption=0.4)
    return Episode(task.keys, task.values, np.array([*GATES, 0.0, 0.0]), task.source)


@pytest.fixture(scope="module")
def response(episode):
    memory = SpikingMemory(D, N, M, parameters=COARSE, engine="numpy")
    recorded = ("input", "feedforward", "hidden", "interneuron", "output", "dendrite")
    return memory.respond(episode, np.random.default_rng(5), recorded, ("hidden", "output"))


def spikes_of(response, population):
    """Presentation, time in it in ms, and neuron of every spike; those of the blank step at the end are left out."""
    train = response.spikes[population]
    presentation, t = np.divmod(np.round(train.t_ms, 6), WINDOW)
    seen = presentation < len(response.values)
    return presentation[seen].astype(int), t[seen], train.neuron[seen]


def counted(response, population, between):
    """Spikes of every neuron in every presentation, at those times in it."""
    presentation, t, neuron = spikes_of(response, population)
    here = (t >= between[0]) & (t < between[1])
    counts = np.zeros_like(response.counts[population])
    np.add.at(counts, (presentation[here], neuron[here]), 1)
    return counts


@pytest.mark.parametrize("population", ["input", "feedforward", "hidden", "interneuron", "output"])
def test_counts_are_of_a_presentation_and_those_evoked_of_its_stimulus(population, response):
    np.testing.assert_array_equal(response.counts[population], counted(response, population, (0, WINDOW)))
    np.testing.assert_array_equal(response.evoked[population], counted(response, population, (0, STIMULUS)))


def test_votes_are_hidden_spikes_from_60_to_105_ms(response):
    np.testing.assert_array_equal(response.counts["votes"], counted(response, "hidden", (60, 105)))
    assert response.counts["votes"].sum() < response.evoked["hidden"].sum()


def test_inputs_fire_while_their_sign_is_shown_and_for_an_unknown_entry_neither_does(episode, response):
    shown = np.concatenate([episode.keys > 0, episode.keys < 0], axis=1)
    np.testing.assert_array_equal(counted(response, "input", (0, STIMULUS + 1)) > 0, shown)
    assert not counted(response, "input", (STIMULUS + 1, WINDOW)).any()
    assert (episode.keys == 0).any()


def test_a_plateau_lasts_50_ms_from_the_dendritic_spike(response):
    trace = response.traces["hidden"]
    presentation, t, neuron = spikes_of(response, "dendrite")
    assert presentation.tolist() == [0, 1, 2, 3]
    for one, start, slot in zip(presentation, t, neuron, strict=True):
        on = trace.t_ms[trace.values["plateau"][:, slot] > 0]
        on = on[on // WINDOW == one] - one * WINDOW
        assert len(on) == pytest.approx(50, abs=1)
        assert start <= on.min() <= start + 1


def test_a_teacher_alone_clamps_outputs_at_any_gate_and_no_longer_than_the_stimulus(episode, response):
    """Evidence is its low-pass filter: acetylcholine, wherever q is above 0, keeps all votes away from the outputs."""
    evidence, p = response.traces["output"].values["v"], COARSE
    teacher = p.teacher * np.concatenate([episode.values, -episode.values], axis=1)
    expected, decay = np.zeros(2 * M), np.exp(-float(p.dt / p.tau_output))
    for t in range(len(GATES) * WINDOW):
        presentation, since_onset = divmod(t, WINDOW)
        target = teacher[presentation] * (since_onset < STIMULUS)
        expected = target + (expected - target) * decay  # traces are read within a step, once it was made
        np.testing.assert_allclose(evidence[t], expected, atol=1e-9)
    assert response.counts["hidden"][:2].sum() > 0  # there were votes


def test_without_inhibition_a_neuron_fires_as_often_as_its_refractory_period_lets_it():
    free = COARSE._replace(vote_inhibition=0.0, feedforward_gain=0.0, hazard=1e5 * COARSE.hazard)
    episode = Episode(np.ones((1, D)), np.ones((1, M)), 0.0, -1)
    memory = SpikingMemory(D, N, M, parameters=free, engine="numpy")
    train = memory.respond(episode, np.random.default_rng(0), "hidden").spikes["hidden"]
    intervals = np.diff(train.t_ms[train.neuron == 0])
    assert intervals.min() == pytest.approx(5)


@dataclass(frozen=True)
class Seen(Mechanism):
    """The gate as synapses meet it at an onset."""

    def add(self, network):
        return network.adding("key", "seen", Part("seen : 1", at={"onset": "seen = q_post"}, keeps=("seen",)))


def test_at_an_onset_synapses_act_once_the_gate_is_there():
    """The last onset is that of the blank step at the end, whose gate is 0."""
    episode = Episode(np.ones((2, D)), np.ones((2, M)), np.array([0.5, 1.0]), np.full(2, -1))
    memory = SpikingMemory(D, N, M, parameters=COARSE, mechanisms=[Seen()], engine="numpy")
    assert not memory.respond(episode, np.random.default_rng(0)).state.variables["key.seen"].any()

"""Numbers of the network that were calibrated, and what for: the default numbers, on the NumPy engine."""

from __future__ import annotations

import brian2
import numpy as np
import pytest
from scipy import stats

from bioKV import Episode, Parameters, Random, SpikingMemory
from bioKV.models import KeyValueMemory
from bioKV.network.mechanisms.short_term_depression import ShortTermDepression
from bioKV.protocols import autoassociative
from bioKV.rule import SIMPLE
from bioKV.units import ms, second

ALONE = Parameters(neurons_per_slot=1)
COARSE = ALONE._replace(dt=1 * ms)
D, WINDOW = 16, 150
KEY = np.tile([1.0, -1.0], D // 2)
SURE = 0.9999  # an interval that a sound network leaves by chance once in 10,000 seeds; these are fixed


def drives(mechanisms=()):
    """Time since the onset in ms, and the drive of three slots while the key of the first is asked for. Nothing
    inhibits, so a membrane is its drive less theta."""
    p = ALONE._replace(vote_inhibition=0.0, patience=10 * second)
    asked = Episode(np.stack([KEY, KEY]), np.ones((2, 2)), np.array([1.0, 0.0]), np.array([-1, 0]))
    memory = SpikingMemory(D, 3, 2, parameters=p, mechanisms=mechanisms, engine="numpy")
    trace = memory.respond(asked, np.random.default_rng(0), traces="hidden").traces["hidden"]
    recall = trace.t_ms >= WINDOW - 1e-6
    return trace.t_ms[recall] - WINDOW, trace.values["membrane"][recall] + p.theta


@pytest.fixture(scope="module")
def drive():
    return drives()


@pytest.fixture(scope="module")
def many():
    """Twenty trials of a memory of 40 slots whose dendrites have a plateau with probability .1, .5 or .9."""
    p = np.repeat([0.1, 0.5, 0.9], [10, 20, 10])
    shown = Episode.stack([Episode(np.ones((4, 2)), np.ones((4, 1)), np.zeros(4), np.full(4, -1))] * 20)
    memory = SpikingMemory(2, 40, 1, Random(tuple(p)), parameters=COARSE, engine="numpy")
    return p, memory.respond(shown, np.random.default_rng(1))


@pytest.mark.parametrize("chance", [0.1, 0.5, 0.9])
def test_dendrites_have_a_plateau_with_their_probability(chance, many):
    p, response = many
    fired = response.third_factor[..., p == chance]
    low, high = stats.binom.interval(SURE, fired.size, chance)
    assert low <= fired.sum() <= high


def test_after_every_spike_the_tolerance_is_drawn_from_an_exponential_of_mean_1(many):
    """So that spikes are those of the point process whose rate is the hazard."""
    _, response = many
    of = response.state.variables
    fired = response.counts["hidden"].sum(axis=1) > 0
    left = (of["hidden.tolerance"] - of["hidden.expected"])[fired]  # an exponential has no memory
    assert left.size > 200
    assert stats.kstest(left, "expon").pvalue > 1 - SURE


def test_the_drive_is_the_dot_product_of_query_and_key(drive):
    """With a gain of 1.27 per entry, which makes up for refractory periods; 0 for a slot that was never written.

    That is 1.2, times what a time step of exponential Euler adds, and all but some hundredths of where it settles."""
    t, u = drive
    mean = u[(t >= 60) & (t < 100)].mean(axis=0)
    step = ALONE.dt / ALONE.tau_rise
    settled = ALONE.drive_gain * step / (1 - np.exp(-step))
    assert (round(settled, 2), mean[0]) == (1.3, pytest.approx(1.27 * D, rel=0.04))
    assert 0.94 * settled * D < mean[0] < settled * D
    np.testing.assert_allclose(mean[1:], 0, atol=0.05 * D)


def test_votes_are_counted_and_outputs_read_while_that_drive_is_there(drive):
    t, u = drive
    read = (t >= float(ALONE.read_onset) * 1e3) & (t < float(ALONE.read_stop) * 1e3)
    assert u[read, 0].min() > 0.8 * 1.27 * D


def test_a_depressed_drive_ends_where_it_would_without_depression(drive):
    t, u = drive
    _, depressed = drives([ShortTermDepression()])
    end = (t >= 80) & (t < 100)
    assert depressed[end, 0].mean() == pytest.approx(u[end, 0].mean(), rel=0.2)  # nearly steady


def test_a_recall_has_28_votes_and_they_are_enough():
    episode = Episode.stack([autoassociative(np.random.default_rng(k), 3, 40) for k in range(2)])
    response = SpikingMemory(40, 5, 40, engine="numpy").respond(episode, np.random.default_rng(1))
    votes = response.counts["votes"].sum(axis=-1)[episode.is_recall]
    assert votes.mean() == pytest.approx(28, rel=0.12)
    assert votes.std() < 4
    np.testing.assert_array_equal(np.sign(response.values[episode.is_recall]), episode.values[episode.is_recall])


@pytest.fixture(scope="module")
def written():
    """One pair, stored; eight trials."""
    task = autoassociative(np.random.default_rng(0), 1, D)
    one = Episode(task.keys[:1], task.values[:1], task.gate[:1], task.source[:1])
    episode, memory = Episode.stack([one] * 8), SpikingMemory(D, 4, D, engine="numpy")
    twin = KeyValueMemory(D, 4, D)
    rate = twin.weights(twin.respond(one, np.random.default_rng(0)).state)
    return rate, memory.weights(memory.respond(episode, np.random.default_rng(1)).state)


def test_one_write_brings_keys_and_values_to_those_of_the_rate_rule(written):
    """Eligibility saturates, so K is exact; V is y h', and nearly all votes are the written slot's."""
    (K_rate, V_rate), (K, V) = written
    np.testing.assert_array_equal(K, np.broadcast_to(K_rate, K.shape))
    assert (V[:, :, 0] * V_rate[0, :, 0]).mean() == pytest.approx(1, abs=0.1)


def test_clamped_outputs_are_active_as_a_whole_all_the_time():
    """Their trace saturates between any two of their spikes, so what is written does not hang on when that is."""
    shown = Episode(KEY[None], KEY[None], np.ones(1), np.full(1, -1))
    memory = SpikingMemory(D, 1, D, parameters=ALONE, engine="numpy")
    run = memory.network(shown, np.random.default_rng(0))
    monitor = brian2.StateMonitor(run.groups["output"], "activity", record=True)
    run.add(monitor)
    run.run()
    activity = monitor.activity[:, (monitor.t / brian2.ms > 10) & (monitor.t / brian2.ms < 100)]
    np.testing.assert_array_equal(activity[np.concatenate([KEY, -KEY]) > 0], 1)
    np.testing.assert_array_equal(activity[np.concatenate([KEY, -KEY]) < 0], 0)


def test_a_teacher_brings_evidence_of_two_and_leaves_less_than_the_threshold_of_outputs():
    shown = Episode(np.ones((2, 1)), np.ones((2, 1)), np.array([1.0, 0.0]), np.full(2, -1))
    silent = ALONE._replace(output_weight=0.0)
    memory = SpikingMemory(1, 1, 1, parameters=silent, engine="numpy")
    trace = memory.respond(shown, np.random.default_rng(0), traces="output").traces["output"]
    evidence = trace.values["v"][:, 0]
    assert evidence.max() == pytest.approx(2, rel=0.01)
    read = trace.t_ms >= WINDOW + float(silent.read_onset) * 1e3
    assert 0 < evidence[read].max() < silent.output_threshold


def evidence(**memory):
    """Of output neurons that stand for the right sign, while they are read: a mean over one recall."""
    task = autoassociative(np.random.default_rng(0), 1, D, corruption=0.2)
    memory = SpikingMemory(D, 3, D, engine="numpy", **memory)
    trace = memory.respond(task, np.random.default_rng(0), traces="output").traces["output"]
    read = (trace.t_ms >= WINDOW + 60) & (trace.t_ms < WINDOW + 105)
    right = np.concatenate([task.values[1], -task.values[1]]) > 0
    return trace.values["v"][read][:, right].mean()


@pytest.fixture(scope="module")
def usual_evidence():
    return evidence(parameters=ALONE)


def test_outputs_get_as_much_evidence_whatever_the_number_of_neurons_per_slot(usual_evidence):
    assert evidence(parameters=Parameters(neurons_per_slot=4)) == pytest.approx(usual_evidence, rel=0.3)


def test_outputs_get_as_much_evidence_from_the_values_of_a_rule(usual_evidence):
    rule = SIMPLE._replace(axon=0.0, eta_v=1.5)
    assert evidence(parameters=ALONE, rule=rule) == pytest.approx(usual_evidence, rel=0.3)

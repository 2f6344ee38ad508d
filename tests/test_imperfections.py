"""Failing, noisy, coarse and unequal parts do what their parameters say, and none of them is there unless asked for."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from brian2 import ms
from scipy import stats

from bioKV import Episode, LeastRecentlyUsed, Parameters, Random, Sequential, SpikingMemory
from bioKV.analysis.asked import unit_of
from bioKV.analysis.equivalence import equivalence
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.engines.isolation import isolated
from bioKV.models import KeyValueMemory
from bioKV.network import Mechanism, Part, Pathway
from bioKV.network.build import build
from bioKV.network.design import mechanisms_of
from bioKV.network.mechanism import Request
from bioKV.network.mechanisms.imperfect import KNOBS, OUT_OF_REACH, Imperfect
from bioKV.network.parameters import presented_for
from bioKV.network.presentation import blank_tables
from bioKV.protocols import autoassociative, sequence

D, N = 16, 6
FINE = Parameters(neurons_per_slot=1)
IDEAL = FINE._replace(dt=1 * ms)  # fewer time steps: what is said of parts does not depend on them


def answer(third_factor=None, n_pairs=3, n_trials=4, record=(), **changed):
    episode = Episode.stack(
        [autoassociative(np.random.default_rng(k), n_pairs=n_pairs, key_dim=D) for k in range(n_trials)]
    )
    memory = SpikingMemory(D, N, D, third_factor, parameters=IDEAL._replace(**changed), engine="numpy")
    return episode, memory, memory.respond(episode, np.random.default_rng(1), record=record)


def written(memory, response, n_pairs=3):
    """The weights, 0 to 1, of the slots that the sequential third factor wrote: keys (B, 2, d, n), values."""
    variables = response.state.variables
    key = variables["key.w"].reshape(-1, 2, D, N)[..., :n_pairs]
    value = variables["value.w"].reshape(-1, N, 2, D)[:, :n_pairs]
    return key, value


def test_an_ideal_network_has_no_imperfect_part():
    def request(p):
        return Request((D, N, D), Sequential(), p)

    assert mechanisms_of(request(IDEAL)) == []
    for name in KNOBS:
        changed = IDEAL._replace(**{name: 4 if name == "weight_levels" else 0.5})
        assert [type(mechanism) for mechanism in mechanisms_of(request(changed))] == [Imperfect]


def test_where_a_relay_is_dead_both_signs_of_a_fed_back_entry_stay_active():
    episode, both_signs = sequence(np.random.default_rng(3), n_patterns=4, key_dim=D), {}
    for dead in (0.0, 0.3):
        memory = SpikingMemory(D, 8, D, parameters=IDEAL._replace(dead_share=dead, heterogeneity=1e-9), engine="numpy")
        response = memory.respond(episode, np.random.default_rng(5))
        on, off = np.split(response.counts["input"][episode.feedback] > 0, 2, axis=1)
        both_signs[dead] = (on & off).any()
    assert both_signs == {0.0: False, 0.3: True}


def test_input_neurons_fire_regularly_or_as_a_poisson_process():
    variation = {}
    for irregularity in (0.0, 1.0):
        _, _, response = answer(record="input", input_irregularity=irregularity, n_pairs=2, stimulus_time=400 * ms)
        train, intervals = response.spikes["input"], []
        shown = response.counts["input"][:, :2].sum() / (4 * 2 * D)  # two whole keys in four trials
        assert shown == pytest.approx(40, rel=0.05)  # at the same rate of 100 Hz; 2560 spikes: 2 %
        for trial, neuron in set(zip(train.trial, train.neuron, strict=True)):
            t = train.t_ms[(train.trial == trial) & (train.neuron == neuron)]
            intervals += [b - a for a, b in pairwise(t) if a // 450 == b // 450]  # of one presentation
        variation[irregularity] = np.std(intervals) / np.mean(intervals)
    assert variation[0.0] < 0.05
    # 1 but for those cut off by the 400 ms of a stimulus
    assert 0.8 < variation[1.0] < 1.15


@pytest.mark.parametrize(("irregularity", "first"), [(0.0, "uniform"), (1.0, "expon")])
def test_so_do_their_first_spikes(irregularity, first):
    """What is left to the first spike, in intervals."""
    memory = SpikingMemory(D, N, D, parameters=IDEAL._replace(input_irregularity=irregularity, weight_noise=1e-9))
    phase = memory.begin(10, np.random.default_rng(2)).variables["input.phase"]
    assert stats.kstest(1 - phase.ravel(), first).pvalue > 1e-3


def test_a_release_can_fail_at_every_axon():
    """Those of interneurons, of the feedback and of its relays too; `prime` is no axon."""
    network = SpikingMemory(4, 3, 4, parameters=IDEAL._replace(release_failure=0.1)).blueprint(feedback=True)
    failing = {name for name, of in network.bundles.items() if "release failure" in of.parts}
    assert failing == {
        "count_input", "subtract", "recruit", "inhibit", "key", "value", "opponent", "charge", "to_relay", "discharge",
    }  # fmt: skip
    assert all(network.values[f"{name}.release_failure"] == 0.1 for name in failing)


@dataclass(frozen=True)
class GrowsWithUse(Mechanism):
    """Key synapses that grow whenever their axon fires, all at one rate."""

    def add(self, network):
        grow = Pathway(rate="eta = 0.1", learn="w = clip(w + eta, 0, 1)")
        return network.adding("key", "growth", Part(pathways={"pre": grow}))


@pytest.mark.parametrize(("failure", "grows"), [(1.0, False), (1e-9, True)])
def test_nothing_is_learned_from_a_spike_that_releases_nothing(failure, grows):
    memory = SpikingMemory(D, N, D, parameters=IDEAL._replace(release_failure=failure), mechanisms=[GrowsWithUse()],
                           engine="numpy")  # fmt: skip
    asked = Episode(np.ones((1, D)), np.ones((1, D)), 0.0, -1)
    weights = memory.respond(asked, np.random.default_rng(0)).state.variables["key.w"]
    assert (weights != 0.5).any() == grows


def test_where_every_release_fails_nothing_is_answered():
    episode, _, response = answer(release_failure=1.0)
    assert not response.values[episode.is_recall].any()


def test_plateaus_write_keys_and_values_without_any_release():
    """K from the input's own trace, V from the output's: the teacher and the trigger are no synapses of the network."""
    _, memory, response = answer(release_failure=1.0)
    keys, values = written(memory, response)
    assert (keys != 0.5).any()
    assert values.any()


def test_half_of_all_releases_that_fail_leave_half_of_the_drive():
    """Of one hidden neuron's drive after an input, mean over many; feed-forward inhibition is switched off."""
    drive = {}
    for failure in (0.0, 0.5):
        _, _, response = answer(n_pairs=1, n_trials=10, release_failure=failure, weight_noise=1e-9,
                                feedforward_gain=0.0, gap_time=10 * ms, plateau_time=50 * ms)  # fmt: skip
        drive[failure] = response.state.variables["hidden.drive"][:, 1:].mean()  # of slots that were never written
    assert drive[0.5] / drive[0.0] == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("levels", [2, 4])
def test_weights_have_so_many_values(levels):
    _, memory, response = answer(weight_levels=levels)
    for w in written(memory, response):
        steps = w * (levels - 1)
        np.testing.assert_allclose(steps, np.round(steps), atol=1e-9)
    key, value = written(memory, response)
    assert set(np.round(np.unique(key) * (levels - 1)).astype(int)) >= {0, levels - 1}
    assert value.max() == 1


def test_a_written_weight_misses_by_the_weight_noise():
    """One write of rate 1 leaves 1 + noise held to 1, and 0 + noise held to 0: off by half a normal, mean 0.4 s.d."""
    miss = {}
    for noise in (1e-12, 0.1):
        _, memory, response = answer(weight_noise=noise, n_pairs=1, n_trials=10)
        key, _ = written(memory, response, 1)
        miss[noise] = np.minimum(key, 1 - key).mean()
    assert miss[1e-12] < 1e-6
    assert miss[0.1] == pytest.approx(0.1 / np.sqrt(2 * np.pi), rel=0.2)  # 320 weights: standard error 7 %


def test_a_write_of_rate_q_misses_by_so_much_that_many_end_as_noisy_as_one_of_rate_1():
    """Its variance is q(2 - q) of theirs: w keeps 1 - q of what was there, noise and all."""
    q, noise, found = 0.3, 0.1, {}
    keys = np.ones((10, 1, D))
    episode = Episode(keys, keys, np.full((10, 1), q), np.full((10, 1), -1))
    for size in (1e-12, noise):
        memory = SpikingMemory(D, N, D, parameters=IDEAL._replace(weight_noise=size), engine="numpy")
        key, _ = written(memory, memory.respond(episode, np.random.default_rng(1)), 1)
        found[size] = key
    miss = (found[noise] - found[1e-12]).std()
    assert miss == pytest.approx(noise * np.sqrt(q * (2 - q)), rel=0.15)  # 320 weights: standard error 4 %


def test_membranes_are_as_noisy_as_said():
    _, _, response = answer(hidden_noise=2.0, output_noise=0.3, n_trials=10)
    for name, size in (("hidden", 2.0), ("output", 0.3)):
        noise = response.state.variables[f"{name}.noise"]
        low, high = np.sqrt(stats.chi2.interval(0.9999, noise.size) / np.array(noise.size)) * size
        assert low < noise.std() < high


def test_unequal_neurons_differ_by_the_heterogeneity():
    _, _, response = answer(heterogeneity=0.2, n_trials=10)
    for name in ("input.threshold", "hidden.threshold", "hidden.slowness", "output.threshold", "output.slowness"):
        assert np.log(response.state.variables[name]).std() == pytest.approx(0.2, abs=0.05)
    counts = response.evoked["input"]
    assert len(np.unique(counts[counts > 0])) > 3  # alike they would fire 10 times in 100 ms, give or take one


def test_dead_neurons_never_spike():
    _, _, response = answer(dead_share=0.4, n_trials=10)
    variables = response.state.variables
    dead = {"hidden": variables["hidden.tolerance"] >= OUT_OF_REACH}
    dead |= {name: variables[f"{name}.threshold"] >= OUT_OF_REACH for name in ("input", "interneuron", "output")}
    for name, mask in dead.items():
        low, high = stats.binom.interval(0.9999, mask.size, 0.4)
        assert low <= mask.sum() <= high
        spikes = response.counts[name].sum(axis=1)
        assert not spikes[mask].any()
        assert spikes[~mask].any()


def built(*what):
    """As an engine builds it; Brian2 by itself would compile what makes the synapses."""
    with isolated():
        return build(*what)


def test_delays_of_inhibition_are_spread_evenly():
    tables = blank_tables(2, 4, 3, 4)
    network = built(SpikingMemory(4, 3, 4, parameters=IDEAL._replace(delay_spread=0.5)).blueprint(), tables)
    delay = np.unique(np.round(network.synapses["inhibit"].pre.delay / ms, 9))
    assert (delay.min(), delay.max(), len(delay)) == (0.25, 0.75, 16)
    alike = built(SpikingMemory(4, 3, 4).blueprint(), tables)
    assert np.unique(alike.synapses["inhibit"].pre.delay / ms) == 0.5


def test_every_axon_has_a_delay_of_its_own_up_to_the_longest():
    longest = 10.0
    memory = SpikingMemory(8, 6, 8, parameters=IDEAL._replace(axon_delay=longest * ms))
    network = built(memory.blueprint(feedback=True), blank_tables(2, 16, 12, 16) | {"feedback": np.zeros((2, 2))}, 2)
    for synapses in network.synapses.values():
        if synapses.name in ("inhibit", "prime"):  # these have delays of their own
            continue
        delays = np.full((2, len(synapses.source) // 2), np.nan)
        for i, delay in zip(np.array(synapses.i), np.array(synapses.pre.delay / ms), strict=True):
            trial, neuron = divmod(i, delays.shape[1])
            assert np.isnan(delays[trial, neuron]) or delays[trial, neuron] == delay  # one for all that it reaches
            delays[trial, neuron] = delay
        np.testing.assert_array_equal(delays[0], delays[1])
        assert 0 <= delays.min() < longest / len(delays[0]) * 1.5
        assert longest * (1 - 1.5 / len(delays[0])) < delays.max() < longest
        assert len(np.unique(delays)) == len(delays[0])


@pytest.mark.parametrize("third_factor", [Sequential(), Random(0.4), LeastRecentlyUsed()])
def test_neurons_that_share_a_slot_have_its_plateau_together(third_factor):
    episode, memory, response = answer(third_factor, neurons_per_slot=3, record="dendrite")
    assert response.third_factor.shape == (*episode.gate.shape, N)
    dendrite = response.spikes["dendrite"]
    leaders = dendrite.neuron % 3 == 0
    t, slot, trial = dendrite.t_ms, dendrite.neuron // 3, dendrite.trial
    for follower in (1, 2):
        follows = dendrite.neuron % 3 == follower
        for mask in (leaders, follows):
            order = np.lexsort((slot[mask], t[mask], trial[mask]))
            if mask is leaders:
                first = np.stack([trial[mask], t[mask], slot[mask]])[:, order]
            else:
                second = np.stack([trial[mask], t[mask] - 1, slot[mask]])[:, order]
        np.testing.assert_allclose(first, second)  # one time step later
    assert response.third_factor.sum() == leaders.sum() > 0
    K, V = memory.weights(response.state)
    assert K.shape == (4, N, D)
    assert V.shape == (4, D, N)


def test_more_neurons_a_slot_give_more_votes():
    votes = {}
    for k in (1, 4):
        episode, _, response = answer(neurons_per_slot=k)
        votes[k] = response.counts["votes"].sum(axis=-1)[episode.is_recall].mean()
    assert votes[4] > 2.5 * votes[1]


def test_a_schedule_can_be_run_through_faster():
    fast = presented_for(FINE, 60 * ms)
    np.testing.assert_allclose([fast.stimulus_time / ms, fast.gap_time / ms, fast.read_stop / ms], [40, 20, 42])
    episode, _, response = answer(**fast._asdict())
    assert response.windows_ms[-1, 1] == 60 * 6
    assert accuracy(response, episode).mean() > 0.9
    with pytest.raises(ValueError, match="presentation_time must be a multiple of dt"):
        presented_for(FINE, 60.2 * ms)
    with pytest.raises(ValueError, match="presentation_time is a time above 0"):
        presented_for(IDEAL, 0 * ms)


@pytest.mark.slow
@pytest.mark.parametrize("changed", [{"input_irregularity": 1.0}, {"release_failure": 0.3}, {"weight_noise": 0.1}])
def test_degradation_is_graceful(changed):
    """At T = 20 each costs at most 0.03 against the rate twin with a stimulus of at most 200 ms."""
    p = presented_for(FINE._replace(**changed), 300 * ms)
    seeds = [np.random.SeedSequence(61, spawn_key=(k,)).spawn(2) for k in range(20)]
    episode = Episode.stack([autoassociative(np.random.default_rng(protocol), n_pairs=20) for protocol, _ in seeds])
    spiking = SpikingMemory(40, 40, 40, parameters=p).respond(episode, [np.random.default_rng(own) for _, own in seeds])
    twin = KeyValueMemory(40, 40, 40).respond(
        episode.with_third_factor(spiking.third_factor), np.random.default_rng(0)
    )
    assert equivalence(accuracy(spiking, episode), accuracy(twin, episode), unit=unit_of(episode)).gap.low > -0.03

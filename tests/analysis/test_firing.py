"""Measures of firing, on processes whose statistics are known, and against Elephant on the same trains."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from bioKV import SpikeTrain
from bioKV.analysis import firing
from bioKV.analysis.evoked import Evoked, evoked
from bioKV.analysis.firing import measure

STIMULUS, WINDOW, N = 1000.0, 1200.0, 12  # ms, and neurons


def shown(trains, n_steps, stimulus_ms=STIMULUS, window_ms=WINDOW):
    """One trial of n_steps presentations, all of the phase; trains[k][i] : ms after the onset of presentation k."""
    t, neuron = [], []
    for step, of in enumerate(trains):
        for i, times in enumerate(of):
            t += [step * window_ms + one for one in times]
            neuron += [i] * len(times)
    order = np.argsort(t, kind="stable")
    n = len(trains[0])
    train = SpikeTrain(np.array(t, float)[order], np.array(neuron, int)[order], np.zeros(len(t), int), n)
    counts = np.array([[sum(0 <= one < stimulus_ms for one in times) for times in of] for of in trains])
    onsets = np.arange(n_steps) * window_ms
    return Evoked(counts[None], np.ones((1, n_steps), bool), stimulus_ms, train, onsets)


def renewal(rng, shape, rate_hz, n_steps, n=N, stimulus_ms=STIMULUS):
    """Gamma processes, a spike every 1/rate on average; shape 1: Poisson. Each is watched from some time on."""

    def train():
        intervals = rng.gamma(shape, 1e3 / rate_hz / shape, int(6 * rate_hz * stimulus_ms / 1e3) + 50)
        times = np.cumsum(intervals) - 2 * stimulus_ms
        return times[(times >= 0) & (times < stimulus_ms)]

    return shown([[train() for _ in range(n)] for _ in range(n_steps)], n_steps, stimulus_ms)  # fmt: skip


@pytest.mark.parametrize("shape", [1, 2, 4, 16])
def test_a_gamma_process_has_the_cv_of_its_intervals(shape, rng):
    found = renewal(rng, shape, 60, 30)
    assert measure("cv")(found)[0] == pytest.approx(shape**-0.5, abs=0.03)
    of = rng.gamma(shape, size=(2, 400_000))
    assert measure("cv2")(found)[0] == pytest.approx((2 * np.abs(of[0] - of[1]) / of.sum(axis=0)).mean(), abs=0.03)


def test_a_poisson_process_has_a_rate_a_fano_factor_of_1_and_neither_correlation_nor_synchrony(rng):
    found = renewal(rng, 1, 40, 60)
    assert measure("mean_rate")(found)[0] == pytest.approx(40, rel=0.03)
    assert measure("fano")(found)[0] == pytest.approx(1, abs=0.12)
    for name in ("count_correlation", "synchrony"):
        assert measure(name)(found)[0] == pytest.approx(0, abs=0.05)


def test_short_presentations_bend_the_cv_of_a_poisson_process_as_is_said_and_not_its_cv2(rng):
    found = shown([[np.sort(rng.uniform(0, 100, 5)) for _ in range(N)] for _ in range(300)], 300, 100.0)
    assert measure("cv")(found)[0] == pytest.approx(np.sqrt(5 / 7), abs=0.02)
    assert measure("cv2")(found)[0] == pytest.approx(1, abs=0.03)


def test_a_rate_that_differs_between_presentations_changes_cv_and_not_cv2(rng):
    clocks = [[np.arange(0, 1000, period) + rng.uniform(0, period)] * 3 for period in (5, 50, 5, 50)]
    found = shown(clocks, 4)
    assert measure("cv2")(found)[0] == pytest.approx(0, abs=1e-9)
    assert measure("cv")(found)[0] > 0.8


def test_intervals_are_of_one_neuron_in_one_presentation_while_the_key_is_on():
    trains = [[[0, 10, 30, 999.5, 1000, 1100], [5]], [[2, 4], []]]
    of = shown(trains, 2).intervals
    np.testing.assert_allclose(of.ms, [10, 20, 969.5, 2])
    np.testing.assert_allclose(of.before_ms, [np.nan, 10, 20, np.nan])
    assert of.neuron.tolist() == [0] * 4


@pytest.mark.parametrize(("name", "bin_ms"), [("synchrony", 2), ("count_correlation", STIMULUS)])
def test_spikes_from_a_common_input_are_correlated_by_their_share(name, bin_ms, rng):
    """Each neuron takes every spike of a mother process with probability r: pairs share r of their spikes."""
    r, n_steps = 0.4, 300 if name == "count_correlation" else 40
    trains = []
    for _ in range(n_steps):
        mother = np.sort(rng.uniform(0, STIMULUS, rng.poisson(60)))
        trains.append([mother[rng.random(len(mother)) < r] for _ in range(N)])
    assert measure(name)(shown(trains, n_steps))[0] == pytest.approx(r, abs=0.07)


def test_neurons_in_lockstep_are_synchronous_and_clocks_apart_are_not():
    together = shown([[np.arange(k, 1000, 20) for _ in range(N)] for k in range(5)], 5)
    apart = shown([[np.arange(i, 1000, 20) for i in range(0, 20, 2)] for _ in range(5)], 5)
    assert measure("synchrony")(together)[0] == pytest.approx(1)
    assert measure("synchrony")(apart)[0] < 0


def test_a_code_of_one_neuron_is_sparse_and_one_of_all_alike_is_not():
    alone, alike = np.eye(8)[None] * 5, np.full((1, 8, 8), 3)
    for name in ("population_sparseness", "lifetime_sparseness"):
        for counts, sparse in ((alone, 1.0), (alike, 0.0)):
            assert measure(name)(Evoked(counts, np.ones((1, 8), bool), 100.0))[0] == pytest.approx(sparse)
    half = np.tile([1, 1, 0, 0], (1, 4, 1))  # of n neurons half fire: (1 - 1/2)/(1 - 1/4)
    assert measure("population_sparseness")(Evoked(half, np.ones((1, 4), bool), 100.0))[0] == pytest.approx(2 / 3)


def test_counts_that_vary_more_than_their_mean_have_moments_worked_out_by_hand():
    """Four presentations. 0, 0, 0, 4: mean 1, variance 3. 2, 2, 2, 2: mean 2, variance 0. Silent neurons are left out
    of the Fano factor. The correlation of 0, 0, 0, 4 and 4, 0, 0, 0 is -1/3."""

    def of(*neurons):
        return Evoked(np.array(neurons).T[None], np.ones((1, 4), bool), 100.0)

    late, early, steady, silent = [0, 0, 0, 4], [4, 0, 0, 0], [2, 2, 2, 2], [0, 0, 0, 0]
    (mean, variance), *_ = of(late, steady, silent).moments
    assert (mean.tolist(), variance.tolist()) == ([1, 2, 0], [3, 0, 0])
    assert measure("fano")(of(late, steady, silent))[0] == pytest.approx((3 + 0) / 2)
    assert measure("count_correlation")(of(late, early, steady))[0] == pytest.approx(-1 / 3)
    assert measure("count_correlation")(of(late, late, early))[0] == pytest.approx((1 - 1 / 3 - 1 / 3) / 3)


def test_elephant_measures_the_same_on_the_same_trains(rng):
    elephant = pytest.importorskip("elephant.statistics")
    correlation = pytest.importorskip("elephant.spike_train_correlation").correlation_coefficient
    from elephant.conversion import BinnedSpikeTrain
    from neo import SpikeTrain as Train

    n_steps = 6
    found = renewal(rng, 3, 50, n_steps)
    train, onsets = found.train, found.onsets_ms
    cuts = [[train.t_ms[(train.neuron == i) & (train.t_ms >= a) & (train.t_ms < a + STIMULUS)] - a for a in onsets]
            for i in range(N)]  # fmt: skip
    pooled = [np.concatenate([elephant.isi(cut) for cut in of]) for of in cuts]
    assert measure("cv")(found)[0] == pytest.approx(np.mean([elephant.cv(one) for one in pooled]))
    each = [np.mean([elephant.cv2(elephant.isi(cut)) for cut in of]) for of in cuts]
    assert measure("cv2")(found)[0] == pytest.approx(np.mean(each), abs=0.02)  # means of means: nearly as many pairs
    first = shown([[of[0] for of in cuts]], 1)
    assert measure("cv2")(first)[0] == pytest.approx(np.mean([elephant.cv2(elephant.isi(of[0])) for of in cuts]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fano = [elephant.fanofactor([Train(cut, t_stop=STIMULUS, units="ms") for cut in of]) for of in cuts]
        joined = [Train(np.concatenate([cut + k * STIMULUS for k, cut in enumerate(of)]), units="ms",
                        t_stop=n_steps * STIMULUS) for of in cuts]  # fmt: skip
        matrix = correlation(BinnedSpikeTrain(joined, bin_size=2 * joined[0].units))
        whole = correlation(BinnedSpikeTrain(joined, bin_size=STIMULUS * joined[0].units))
    assert measure("fano")(found)[0] == pytest.approx(np.mean(fano))
    pairs = ~np.eye(N, dtype=bool)
    assert measure("synchrony")(found)[0] == pytest.approx(matrix[pairs].mean(), abs=1e-6)
    assert measure("count_correlation")(found)[0] == pytest.approx(whole[pairs].mean(), abs=1e-6)


def test_a_trial_has_its_own_numbers_and_one_without_spikes_none(rng):
    counts = np.stack([rng.poisson(4, (20, 6)), np.zeros((20, 6), int)])
    here = np.stack([np.arange(20) < 10, np.arange(20) >= 10])
    for name in firing.names(from_spikes=False):
        both = measure(name)(Evoked(counts, here, 100.0))
        assert both[0] == pytest.approx(measure(name)(Evoked(counts[0], here[0], 100.0)))
        assert both[1] == 0 if name == "mean_rate" else np.isnan(both[1])


def test_intervals_of_a_response_without_spikes_are_refused_and_so_is_an_unknown_phase():
    from recorded import answered, traced

    response, _ = traced()
    for name in firing.names(from_spikes=True):
        assert np.shape(measure(name)(evoked(answered()[0], "output", "store", 100.0))) == (2,)
        with pytest.raises(ValueError, match=r"take recorded spikes; respond\(..., record=\('hidden', 'output'\)\)"):
            measure(name)(evoked(response, "output", "store", 100.0))
    with pytest.raises(ValueError, match="phase must be 'store' or 'recall'; got 'rest'"):
        evoked(response, "hidden", "rest", 100.0)


def test_only_presentations_of_the_phase_count():
    """A clock at one rate while storing, at another while recalling."""
    trains = [[np.arange(3, 1000, 10)] * 2, [np.arange(3, 1000, 25)] * 2] * 2
    whole = shown(trains, 4)
    for phase, rate in ((0, 100), (1, 40)):
        here = np.arange(4) % 2 == phase
        of = Evoked(whole.counts, here[None], STIMULUS, whole.train, whole.onsets_ms)
        assert measure("mean_rate")(of)[0] == rate
        assert set(of.intervals.ms.round(6)) == {1e3 / rate}
        assert measure("cv")(of)[0] == pytest.approx(0, abs=1e-9)
        assert measure("synchrony")(of)[0] == pytest.approx(1)

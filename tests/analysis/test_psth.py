"""Peri-stimulus time histograms count every spike once, at its time since the onset."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from synthetic import spiking_response

from bioKV.analysis.psth import plot_psth, psth
from bioKV.analysis.right_slots import right_slots
from bioKV.protocols import autoassociative, continual


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture
def episode(rng):
    return continual(rng, 3, n_steps=30, key_dim=6)


@pytest.fixture
def response(episode):
    return spiking_response(episode)


@pytest.mark.parametrize("bin_ms", [5.0, 7.0, 150.0])
def test_a_histogram_integrates_to_the_number_of_spikes(response, bin_ms):
    for name in ("hidden", "output"):
        found = [psth(response, name, phase, bin_ms=bin_ms) for phase in ("store", "recall", "other")]
        assert sum(int(of.counts.sum()) for of in found) == len(response.spikes[name].t_ms)
        for of in found:
            seconds = np.diff(of.edges_ms) * 1e-3
            assert (of.rate_hz * seconds).sum() * of.n_neurons * of.n_presentations == pytest.approx(of.counts.sum())
        assert sum(of.n_presentations for of in found) == 30


def test_a_spike_falls_into_the_bin_of_its_time_since_the_onset(response):
    train = response.spikes["dendrite"]  # all 45 ms after the onset
    found = psth(response, "dendrite", "recall", bin_ms=10.0)
    assert found.counts.nonzero()[0].tolist() == [4]
    assert found.rate_hz[4] == pytest.approx(100 / 4)  # one of four slots in every presentation of 10 ms
    assert found.n_neurons == train.n_neurons


def test_right_slots_and_others_add_up(episode, response):
    right = np.repeat(right_slots(response, episode), 2, axis=-1)
    whole, one, other = (psth(response, "hidden", "recall", among=among) for among in (None, right, ~right))
    np.testing.assert_allclose(one.rate_hz + other.rate_hz, whole.rate_hz)
    assert 0 < one.counts.sum() < whole.counts.sum()


def test_every_population_and_phase_has_its_axes(rng):
    episode = autoassociative(rng, n_pairs=2, key_dim=4)
    axes = plot_psth(spiking_response(episode), episode, populations=("hidden", "output"))
    assert axes.shape == (2, 2)
    assert axes[0, 0].get_ylabel() == "Hz per neuron"
    assert "5 ms bins" in axes[1, 0].get_xlabel()
    assert [ax.texts[0].get_text() for ax in axes[0]] == ["store\n(n = 2)", "recall\n(n = 2)"]


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"population": "wings"}, "a histogram needs recorded spikes of 'wings'; recorded are input"),
        ({"population": ["hidden"]}, "a histogram needs recorded spikes of .'hidden'.; recorded are input"),
        ({"phase": "sleep"}, "phase must be 'store' or 'recall' or 'other'; got 'sleep'"),
        ({"bin_ms": 0}, "bin_ms is a time above 0 and at most that of a presentation, 150 ms; got 0"),
        ({"trial": 1}, "trial must lie in 0 to 0, of 1 trials; got 1"),
    ],
)
def test_what_is_not_there_is_refused(how, sentence, response):
    with pytest.raises(ValueError, match=sentence):
        psth(response, **{"population": "hidden", "phase": "recall", **how})

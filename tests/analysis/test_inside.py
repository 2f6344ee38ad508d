"""Pictures from inside the network: traces of one pair, weights before and after its write, shares against softmax."""

import itertools
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest

from bioKV import Episode, SpikingMemory
from bioKV.analysis import shares
from bioKV.analysis.matrices import COLUMNS, Weights, plot_weights, weights_after
from bioKV.analysis.shares import Bin, binned_shares, plot_shares
from bioKV.analysis.traces import NEEDED, ROWS, TRACED, pair_to_show, plot_traces, slots_to_show
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative

D = 12


@pytest.fixture(scope="module")
def episode():
    return autoassociative(np.random.default_rng(4), n_pairs=2, key_dim=D)


@pytest.fixture(scope="module")
def spiking():
    return SpikingMemory(D, D, D, engine="numpy")


@pytest.fixture(scope="module")
def response(spiking, episode):
    return spiking.respond(episode, np.random.default_rng(4), NEEDED, TRACED)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_the_pair_that_is_shown_is_the_most_strongly_stored_one(episode):
    assert pair_to_show(episode) == (1, 3)
    strong = Episode(episode.keys, episode.values, [15, 1, 0, 0], episode.source)
    assert pair_to_show(strong) == (0, 2)
    with pytest.raises(ValueError, match="has no recall step"):
        pair_to_show(Episode(episode.keys, episode.values, episode.gate, np.full(4, -1)))
    with pytest.raises(ValueError, match="show a single trial"):
        pair_to_show(Episode.stack([episode]))


def test_winner_runner_up_and_written_slot_are_shown(response):
    slots = slots_to_show(response, 0, 2)
    votes = response.counts["votes"][2]
    assert len(slots) == 3
    assert "winner" in slots[int(votes.argmax())]
    assert "written" in slots[0]  # the first plateau is that of slot 0
    assert [votes[slot] for slot in slots] == sorted((votes[slot] for slot in slots), reverse=True)


def test_every_spike_of_a_shown_slot_is_a_tick_from_the_threshold_up(response, episode):
    axes = plot_traces(response, episode)
    assert axes.shape == (len(ROWS), 2)
    train = response.spikes["hidden"]
    for column, step in enumerate(pair_to_show(episode)):
        start, stop = response.windows_ms[step]
        assert axes[0, column].get_xlim() == (start, stop)
        for ax, slot in zip(axes[:3, column], slots_to_show(response, 1, 3), strict=True):
            ticks = [s for c in ax.collections if hasattr(c, "get_segments") for s in c.get_segments()]
            now = train.between(start, stop)
            assert sorted(tick[0, 0] for tick in ticks) == now.t_ms[now.neuron == 4 * slot].tolist()  # the first
            assert all(tick[0, 1] == 0 < tick[1, 1] for tick in ticks)


def test_a_drawn_dendrite_meets_its_threshold_where_its_spike_is_marked(response, episode):
    ax = plot_traces(response, episode)[3, 0]
    [mark] = [line for line in ax.lines if line.get_marker() == "^"]
    [time], [height] = mark.get_data()
    charge, tolerance = (line for line in ax.lines[:2])
    at = charge.get_xdata().searchsorted(time - 1e-6)
    assert charge.get_ydata()[at] == pytest.approx(height, abs=0.25)  # one step more than the threshold at most
    assert charge.get_ydata()[at - 2] < height == tolerance.get_ydata()[at]


def test_traces_that_were_not_recorded_are_named(episode, response):
    with pytest.raises(ValueError, match="hidden, output was not recorded"):
        plot_traces(replace(response, traces={}), episode)
    with pytest.raises(ValueError, match="entry must lie in 0 to 11; got 12"):
        plot_traces(response, episode, entry=D)
    with pytest.raises(ValueError, match="a picture of traces takes 6 by 2 axes"):
        plot_traces(response, episode, axes=np.array([[plt.gca()]]))


def test_one_write_changes_the_slot_with_the_plateau_alone_in_spikes_as_in_rate(spiking, episode, response):
    written = np.flatnonzero(response.third_factor[1])
    assert written.tolist() == [1]
    replayed, rng = episode.with_third_factor(response.third_factor), np.random.default_rng(4)
    others, after = np.arange(D) != 1, {}
    for name, memory, shown in (("spiking", spiking, episode), ("rate", KeyValueMemory(D, D, D), replayed)):
        one, two = (weights_after(memory, shown, n_steps, rng) for n_steps in (1, 2))
        np.testing.assert_array_equal(one.K[others], two.K[others])
        np.testing.assert_array_equal(one.V[:, others], two.V[:, others])
        assert not one.K[1].any()
        assert (np.sign(two.K[1]) == episode.keys[1]).all()
        assert (np.sign(two.V[:, 1]) == episode.values[1]).all()
        after[name] = two
    np.testing.assert_allclose(after["spiking"].K, after["rate"].K, atol=0.2)
    # so short a run is how the whole one began, and recalls write nothing; the numbers handed in were left alone
    for stored, at_the_end in zip(after["spiking"], spiking.weights(response.state), strict=True):
        np.testing.assert_array_equal(stored, at_the_end[0])
    assert rng.random() == np.random.default_rng(4).random()


def test_before_the_first_presentation_all_weights_are_0_and_a_longer_life_is_refused(spiking, episode):
    rng = np.random.default_rng(4)
    assert not any(w.any() for w in weights_after(spiking, episode, 0, rng))
    with pytest.raises(ValueError, match="n_steps must lie in 0 to 4, the length of the episode; got 5"):
        weights_after(spiking, episode, 5, rng)
    with pytest.raises(ValueError, match="weights are those of a single trial"):
        weights_after(spiking, Episode.stack([episode]), 1, rng)


def test_all_matrices_share_one_colour_scale_with_zero_in_its_middle():
    rng = np.random.default_rng(0)
    w = [Weights(*rng.uniform(-1.5, 1, size=(2, 3, 3))) for _ in range(4)]
    axes = plot_weights((w[0], w[1]), (w[2], w[3]), [1])
    scales = {ax.images[0].get_clim() for ax in axes.ravel()}
    [(low, high)] = scales
    assert low == -high
    np.testing.assert_array_equal(axes[0, 4].images[0].get_array(), w[1].K - w[3].K)
    np.testing.assert_array_equal(axes[1, 1].images[0].get_array(), w[1].V.T)
    assert [ax.get_title() for ax in axes[0]] == list(COLUMNS)


def test_slots_that_were_never_written_are_left_out_of_a_picture_of_weights(rng):
    before, after = np.zeros((2, 9, 4))
    before[2], after[[2, 7]] = 1, [[1] * 4, [-1] * 4]
    two = tuple(Weights(K, K.T) for K in (before, after))
    axes = plot_weights(two, two, [7])
    assert axes[1, 1].images[0].get_array().tolist() == [[1] * 4, [-1] * 4]
    assert [tick.get_text() for tick in axes[0, 0].get_yticklabels()] == ["2", "7"]
    assert axes[1, 0].get_ylabel() == "values V: slot\n(2 of 9 written)"
    unwritten = tuple(Weights(np.zeros((9, 4)), np.zeros((4, 9))) for _ in range(2))
    axes = plot_weights(unwritten, unwritten)
    assert axes[0, 0].images[0].get_array().shape == (9, 4)
    assert axes[0, 0].get_ylabel() == "keys K: slot"


def drawn(rng, n_recalls=400, votes=15, tilt=0.0):
    """Votes that are drawn from the softmax (tilt 0), or from a flatter one."""
    softmax = rng.dirichlet(np.full(D, 0.15), size=n_recalls)
    p = (1 - tilt) * softmax + tilt / D
    return np.stack([rng.multinomial(votes, one) for one in p]), softmax


def test_votes_drawn_from_the_softmax_lie_on_the_identity_and_others_do_not(rng):
    def inside(bins):
        return [b.low <= b.softmax <= b.high for b in bins]

    votes, softmax = drawn(rng)
    fair = binned_shares(votes, softmax)
    assert sum(b.votes for b in fair) == votes.sum()
    assert sum(inside(fair)) >= len(fair) - 1 >= 6  # 95 % intervals
    flat = inside(binned_shares(*drawn(rng, tilt=0.3)))
    assert sum(flat) < len(flat) / 2


def test_the_shares_of_recalls_alone_are_drawn(episode, response):
    truth = KeyValueMemory(D, D, D).respond(episode.with_third_factor(response.third_factor), np.random.default_rng(1))
    ax = plot_shares(response, truth, episode)
    points = next(line for line in ax.lines if line.get_label() == "slot in a recall")
    np.testing.assert_array_equal(points.get_xdata(), truth.hidden[2:].ravel())
    np.testing.assert_allclose(points.get_ydata(), response.hidden[2:].ravel())
    assert ax.get_title().startswith(f"{int(response.counts['votes'][2:].sum())} votes in 2 recalls")


def test_numbers_of_votes_do_not_cover_each_other(monkeypatch, episode, response):
    softmax, share = (0.0, 0.03, 0.11, 0.43, 0.61, 0.83, 0.96, 1.0), (0.0, 0.02, 0.15, 0.45, 0.7, 0.8, 0.94, 0.995)
    bins = [Bin(x, y, y - 0.01, y + 0.01, 1000) for x, y in zip(softmax, share, strict=True)]
    monkeypatch.setattr(shares, "binned_shares", lambda *given: bins)
    truth = KeyValueMemory(D, D, D).respond(episode.with_third_factor(response.third_factor), np.random.default_rng(1))
    figure, ax = plt.subplots(figsize=(5.2, 5.2), layout="constrained")
    plot_shares(response, truth, episode, ax)
    figure.draw_without_rendering()
    for one, other in itertools.combinations([text.get_window_extent() for text in ax.texts], 2):
        assert not one.padded(2).overlaps(other)
    plt.close(figure)
    with pytest.raises(ValueError, match="takes what a spiking memory answered; got <Response"):
        plot_shares(truth, truth, episode)
    silent = replace(response, counts={"votes": np.zeros((4, D))})
    with pytest.raises(ValueError, match="no hidden neuron fired in a recall"):
        plot_shares(silent, truth, episode)

"""Figures draw on the axes they are given, name their axes with units, and show what happened."""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from bioKV import Episode, SpikeTrain, SpikingMemory
from bioKV.analysis.activity import peak_rate_hz, spikes_per_recall, synaptic_events_per_recall
from bioKV.analysis.curves import plot_accuracy
from bioKV.analysis.gap_curves import plot_gap
from bioKV.analysis.raster import NEEDED, PANELS, pattern_names, plot_raster, plot_spikes
from bioKV.analysis.tables import gaps, summary
from bioKV.protocols import autoassociative

D = 12


@pytest.fixture(scope="module")
def episode():
    return autoassociative(np.random.default_rng(4), n_pairs=2, key_dim=D)


@pytest.fixture(scope="module")
def response(episode):
    return SpikingMemory(D, D, D, engine="numpy").respond(episode, np.random.default_rng(4), record=NEEDED)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def table():
    rng = np.random.default_rng(0)
    rows = [
        ("autoassociative", memory, factor, "", x, trial, "all", "accuracy", rng.uniform(0.8, 1))
        for memory in ("rate", "spiking")
        for factor in ("sequential", "random")
        for x in (5, 10)
        for trial in range(4)
    ]
    columns = ("protocol", "memory", "third_factor", "engine", "n_pairs", "trial", "subset", "quantity", "value")
    return pd.DataFrame(rows, columns=columns)


def test_the_raster_draws_on_given_axes_and_leaves_style_alone(episode, response):
    before = dict(plt.rcParams)
    figure, axes = plt.subplots(len(PANELS), 1)
    assert list(plot_raster(response, episode, axes=axes)) == list(axes)
    assert plt.get_fignums() == [figure.number]
    assert dict(plt.rcParams) == before
    assert axes[-1].get_xlabel() == "time (ms)"
    assert axes[-1].get_xlim() == (0, 600)


def test_the_raster_gives_silent_neurons_their_row_too(episode, response):
    fired = response.spikes["input"].neuron
    silent_last = SpikeTrain(np.zeros(1), np.zeros(1, int), np.zeros(1, int), 2 * D)
    assert fired.max() > silent_last.neuron.max()
    axes = plot_raster(replace(response, spikes={**response.spikes, "input": silent_last}), episode)
    bottom, top = axes[PANELS.index("input")].get_ylim()
    assert bottom < 0
    assert top >= 2 * D - 1


def test_the_raster_shows_every_dendritic_spike_and_plateau(episode, response):
    hidden = plot_raster(response, episode)[PANELS.index("hidden")]
    drawn = {line.get_label(): line for line in hidden.lines}
    assert len(drawn["dendritic spike"].get_xdata()) == episode.n_steps
    assert len(drawn["spike"].get_xdata()) == response.spikes["hidden"].t_ms.size
    [bars] = [c for c in hidden.collections if c.get_label() == "plateau"]
    assert all(segment[1, 0] - segment[0, 0] == pytest.approx(50) for segment in bars.get_segments())


def test_presentations_are_named_by_the_pattern_they_show(episode):
    assert pattern_names(episode) == ["store 1", "store 2", "recall 1", "recall 2"]


def test_delays_flashbulbs_prompts_and_fed_back_keys_are_named():
    keys, gate, source = np.ones((5, 2)), np.array([1.0, 15, 0, 0, 0]), [-1, -1, -1, 1, 0]
    interleaved = Episode(keys[:4], keys[:4], [15, 0, 0, 1], [-1, -1, 0, -1], subset=[0, 0, 1, 0],
                          subset_names=("regular", "flashbulb"))  # fmt: skip
    assert pattern_names(interleaved) == ["store 1\nq = 15", "seen", "recall 1\ndelay 2\nflashbulb", "store 2"]
    played = Episode(keys, keys, gate, source, feedback=[0, 1, 0, 0, 1])
    assert pattern_names(played) == [
        "store 1", "store 2\nq = 15\nfed back", "prompt", "recall 2\nprompt", "recall 1\nfed back"
    ]  # fmt: skip


def test_the_ground_of_a_flashbulb_and_the_bar_over_fed_back_keys_cover_their_windows(episode, response):
    feedback = [False, True, True, False]
    played = Episode(episode.keys, episode.values, [1, 15, 0, 0], episode.source, feedback=feedback)
    axes = plot_raster(response, played)
    bars = [line.get_xdata() for line in axes[PANELS.index("input")].lines if line.get_linewidth() == 4]
    assert [tuple(bar) for bar in bars] == [(150, 300), (300, 450)]
    plain = plot_raster(response, episode)
    for marked, unmarked in zip(axes, plain, strict=True):
        assert len(marked.patches) == len(unmarked.patches) + 1


def test_a_raster_without_recorded_spikes_says_what_to_record(episode):
    silent = SpikingMemory(D, D, D, engine="numpy").respond(episode, np.random.default_rng(4), record="hidden")
    with pytest.raises(ValueError, match="needs recorded spikes of input, feedforward, interneuron, output, dendrite"):
        plot_raster(silent, episode)


def test_a_raster_needs_all_its_axes(episode, response):
    with pytest.raises(ValueError, match="the raster takes 6 axes"):
        plot_raster(response, episode, axes=[plt.gca()])


def test_spikes_alone_can_be_drawn_and_cut():
    train = SpikeTrain(np.array([1.0, 5, 9, 2]), np.array([0, 1, 0, 1]), np.array([0, 0, 0, 1]), 3)
    ax = plot_spikes(train.of_trial(0).between(0, 6), colour="red", size=5)
    assert ax.lines[0].get_xdata().tolist() == [1, 5]
    assert train.of_trial(1).neuron.tolist() == [1]


def test_the_accuracy_figure_has_a_curve_with_intervals_for_each_memory_and_third_factor():
    _, ax = plt.subplots()
    assert plot_accuracy(table(), ax) is ax
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["rate, sequential", "rate, random", "spiking, sequential", "spiking, random"]
    assert ax.get_xlabel() == "stored pairs T"
    assert ax.get_ylabel().startswith("accuracy")


def test_the_gap_figure_shows_paired_differences():
    found = gaps(table())
    by_hand = table().pivot(index=["third_factor", "n_pairs", "trial"], columns="memory", values="value")
    expected = (by_hand.spiking - by_hand.rate).groupby(["third_factor", "n_pairs"]).mean()
    for row in found.itertuples():
        assert row.gap == pytest.approx(expected[row.third_factor, row.n_pairs])
    ax = plot_gap(gaps(table()), plt.gca())
    assert "spiking" in ax.get_ylabel()


def test_a_summary_has_the_mean_and_interval_over_trials():
    row = summary(table()).iloc[0]
    values = table().query("memory == 'rate' and third_factor == 'sequential' and n_pairs == 5").value
    assert row["mean"] == pytest.approx(values.mean())
    assert row.low < row["mean"] < row.high


def test_activity_counts_spikes_of_recalls_alone(response):
    recalls = response.phase == "recall"
    total = sum(response.counts[p][recalls].sum() for p in ("input", "feedforward", "hidden", "interneuron", "output"))
    assert spikes_per_recall(response) == total / recalls.sum()
    n_hidden = response.counts["hidden"].shape[-1]
    assert synaptic_events_per_recall(response) > spikes_per_recall(response)
    assert n_hidden == 4 * D
    # an active input fires once every 10 ms of a stimulus of 100 ms
    assert peak_rate_hz(response, "input", "store", 100.0) == pytest.approx(100, abs=10)


def test_words_stand_side_by_side_on_the_axis():
    words = table().replace({"n_pairs": {5: "template", 10: "drift"}})
    _, ax = plt.subplots()
    plot_accuracy(words, ax)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["template", "drift"]
    plot_gap(gaps(words), ax)


def test_accuracies_far_below_chance_are_drawn_too():
    low = table()
    low.loc[low.n_pairs == 5, "value"] -= 0.7
    bottom, _ = plot_accuracy(low, plt.gca()).get_ylim()
    assert bottom < summary(low).low.min()


def test_regular_and_flashbulb_memories_have_gaps_of_their_own():
    both = pd.concat([table().assign(subset=name) for name in ("regular", "flashbulb")])
    ax = plot_gap(gaps(both), plt.gca())
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert set(names) >= {
        f"gap, {factor}, {subset}" for subset in ("regular", "flashbulb") for factor in ("sequential", "random")
    }
    assert len(gaps(both)) == 2 * 2 * 2


@pytest.mark.parametrize(
    ("option", "label"),
    [("tau_drive", "tau drive (ms)"), ("hazard", "hazard (Hz)"), ("alpha", "alpha"), ("dt", "time step (ms)")],
)
def test_an_axis_of_times_or_rates_says_the_unit(option, label):
    assert plot_accuracy(table().rename(columns={"n_pairs": option}), plt.gca()).get_xlabel() == label

"""Figures draw on the axes they are given, name their axes with units, and show what happened."""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from bioKV import SpikingMemory
from bioKV.analysis.activity import peak_rate_hz, spikes_per_recall, synaptic_events_per_recall
from bioKV.analysis.curves import plot_accuracy
from bioKV.analysis.gap_curves import plot_gap
from bioKV.analysis.raster import NEEDED
from bioKV.analysis.style import Style
from bioKV.analysis.tables import gaps, summary
from bioKV.analysis.task import plot_task
from bioKV.protocols import autoassociative
from bioKV.studies.pictures import draw_accuracy

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


@pytest.mark.pictures
def test_a_dollar_from_outside_is_a_dollar_in_labels_titles_and_legends(tmp_path):
    odd, svg = "$$x^2$$", Style(formats=("svg",))  # matplotlib cannot read it as a formula
    of = table().replace({"n_pairs": {5: odd}})
    draw_accuracy(of, tmp_path, style=svg)
    assert f">{odd}<" in (tmp_path / "accuracy.svg").read_text()  # below x
    for option in ("hue", "panel", "apart"):
        of = pd.concat([of.assign(**{option: value}) for value in (odd, "b")])
    drawn = draw_accuracy(of, tmp_path, style=svg)[0].read_text()
    assert all(drawn.count(f"{option} = {odd}") == 1 for option in ("hue", "panel", "apart"))


def test_a_dollar_in_the_name_of_a_kind_of_recalls_is_one(episode):
    odd = replace(episode, subset=episode.is_recall.astype(int), subset_names=("all", "$$x^2$$"))
    gate, *_ = plot_task(odd, figure=plt.figure())
    gate.figure.canvas.draw()
    assert any("$$x^2$$" in text.get_text().replace("\\", "") for text in gate.texts)

"""A raster shows every spike in its row, in the order of writing, and how every recall went, at any size."""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.text import Text
from synthetic import spiking_response

from bioKV import Episode, SpikeTrain
from bioKV.analysis.density import density, ticks_fuse
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.analysis.measures.undecided import undecided
from bioKV.analysis.population_rate import population_rate, rate_bin_ms
from bioKV.analysis.presentations import pattern_names
from bioKV.analysis.raster import NEEDED, PANELS, POPULATIONS, figure_height_mm, panels_of, plot_raster
from bioKV.analysis.raster_caption import raster_caption
from bioKV.analysis.recall_marks import recall_marks
from bioKV.analysis.right_slots import right_slots
from bioKV.analysis.row_order import first_written, rows_by_writing
from bioKV.analysis.style import figure_style
from bioKV.analysis.ticks import plot_spikes
from bioKV.protocols import autoassociative

D = 10


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture
def episode(rng):
    return autoassociative(rng, n_pairs=3, key_dim=D)


@pytest.fixture
def response(episode):
    return spiking_response(episode)


def ticks(ax):
    return [one for one in ax.collections if isinstance(one, LineCollection) and one.get_label() == "spike"]


def panel(axes, name):
    return axes[PANELS.index(name)]


@pytest.mark.parametrize("width_mm", [85, 174])
@pytest.mark.parametrize(("d", "per_slot", "n_slots"), [(10, 1, 4), (40, 4, 20), (116, 2, 60)])
def test_a_tick_is_never_taller_than_its_row(width_mm, d, per_slot, n_slots, rng):
    """In points of the final figure, with its layout; and no letter is smaller than 6 points."""
    episode = autoassociative(rng, n_pairs=2, key_dim=d)
    response = spiking_response(episode, n_slots, per_slot, rate_hz=4.0)
    with figure_style():
        figure = plt.figure(figsize=(width_mm / 25.4, figure_height_mm(PANELS) / 25.4), layout="constrained")
        axes = plot_raster(response, episode, figure=figure)
        figure.draw_without_rendering()
    assert min(text.get_fontsize() for text in figure.findobj(Text) if text.get_text()) >= 6
    found = 0
    for ax in axes:
        row = np.diff(ax.transData.transform([(0, 0), (0, 1)])[:, 1])[0]
        for collection in ticks(ax):
            for segment in collection.get_segments():
                assert np.ptp(ax.transData.transform(segment)[:, 1]) <= row
                found += 1
            assert collection.get_capstyle() == "butt"  # which would add to the height
    assert found > 50


def test_as_many_ticks_are_drawn_as_neurons_fired_in_the_window(episode, response):
    axes = plot_raster(response, episode, time_ms=(100, 500))
    for name in POPULATIONS:
        drawn = sum(len(one.get_segments()) for one in ticks(panel(axes, name)))
        assert drawn == len(response.spikes[name].between(100, 500).t_ms) > 0, name
    assert axes[-1].get_xlim() == (100, 500)


def test_every_neuron_has_its_row_silent_ones_too(episode, response):
    one = SpikeTrain(np.array([5.0]), np.array([0]), np.array([0]), 2 * D)
    ax = panel(plot_raster(replace(response, spikes={**response.spikes, "input": one}), episode), "input")
    bottom, top = ax.get_ylim()
    assert bottom == -0.5
    assert top > 2 * D - 0.5  # and above the rows there is the rate


def test_slots_stand_in_the_order_in_which_they_were_written():
    gamma, gate = np.zeros((4, 5)), np.array([1.0, 0, 1, 1])
    gamma[0, 3] = gamma[1, 0] = gamma[2, 1] = gamma[3, 3] = gamma[3, 0] = 1  # slot 0 first with the gate shut
    assert first_written(gamma, gate).tolist() == [3, 2, 4, 0, 4]
    rows = rows_by_writing(gamma, gate, 10)
    assert rows.neurons.tolist() == [6, 7, 2, 3, 0, 1, 4, 5, 8, 9]
    assert rows.written == 6
    moved = rows.of(SpikeTrain(np.array([1.0, 2, 3]), np.array([6, 9, 0]), np.zeros(3, int), 10))
    assert moved.neuron.tolist() == [0, 9, 4]


def test_hidden_neurons_are_sorted_by_writing_or_by_number(episode, response):
    backwards = replace(response, third_factor=response.third_factor[:, ::-1])
    rows = rows_by_writing(backwards.third_factor, episode.gate, 8)
    for order, row in (("written", {n: i for i, n in enumerate(rows.neurons)}), ("neuron", {n: n for n in range(8)})):
        ax = panel(plot_raster(backwards, episode, order=order), "hidden")
        drawn = np.sort([[tick[0, 0], tick[:, 1].mean()] for tick in ticks(ax)[0].get_segments()], axis=0)
        train = response.spikes["hidden"]
        expected = np.sort(np.stack([train.t_ms, [row[n] for n in train.neuron]], axis=-1), 0)
        np.testing.assert_allclose(drawn, expected)


def test_only_some_neurons_and_populations_are_drawn(episode, response):
    axes = plot_raster(response, episode, populations=("hidden", "input"), neurons={"hidden": range(3)})
    assert len(axes) == len(panels_of(("input", "hidden"))) == 5
    hidden = response.spikes["hidden"]
    assert len(ticks(axes[2])[0].get_segments()) == (hidden.neuron < 3).sum()
    assert axes[2].get_title(loc="left").startswith("hidden, 3 neurons")


def test_rows_and_rates_say_what_they_are(episode, response):
    axes = plot_raster(response, episode)
    labels = [text.get_text() for text in panel(axes, "input").get_yticklabels()]
    assert labels == ["ON", "OFF"]
    legend = [text.get_text() for text in axes[-1].get_legend().get_texts()]
    assert "rate per neuron (Hz, 10 ms bins)" in legend
    assert {"dendritic spike", "plateau (50 ms), slot written", "plateau, gate shut"} <= {*legend}


def test_the_rate_of_a_population_counts_its_spikes(response):
    train = response.spikes["output"]
    rate = population_rate(train, (0, 895), 20.0)
    spikes = rate.rate_hz * np.diff(rate.edges_ms) * 1e-3 * train.n_neurons
    assert spikes.sum() == pytest.approx(len(train.between(0, 895).t_ms))
    assert rate_bin_ms((0, 1200)) == 10
    assert rate_bin_ms((0, 150_000)) == 500


def test_dendritic_spikes_have_a_plateau_filled_where_the_slot_is_written(episode, response):
    ax = panel(plot_raster(response, episode, plateau_ms=70.0), "hidden")
    drawn = {one.get_label(): one for one in ax.collections if isinstance(one, PolyCollection)}
    written, idle = (drawn[f"plateau, {kind}"].get_paths() for kind in ("written", "not written"))
    assert len(written) == len(idle) == 3 * 2  # pairs of two neurons per slot
    assert all(np.ptp(path.vertices[:, 0]) == pytest.approx(70) for path in [*written, *idle])
    [leads] = [line for line in ax.lines if line.get_label() == "dendritic spike"]
    assert len(leads.get_xdata()) == episode.n_steps


def test_marks_of_recalls_are_the_measures(episode):
    response = spiking_response(episode, wrong=3, undecided=2)
    marks = recall_marks(response, episode)
    assert marks.step.tolist() == [3, 4, 5]
    assert (marks.right + marks.wrong + marks.undecided == D).all()
    assert marks.right.sum() / (3 * D) == pytest.approx(accuracy(response, episode))
    assert marks.undecided.sum() / (3 * D) == pytest.approx(undecided(response, episode))
    votes = response.counts["votes"]
    assert marks.share[1] == pytest.approx(votes[4, 1] / votes[4].sum())  # pair 2 was stored in slot 1
    text = [one.get_text() for one in panel(plot_raster(response, episode), "recalls").texts]
    assert text == ["5/10"] * 3


def test_right_slots_are_those_written_or_asked_for(episode, response):
    right = right_slots(response, episode)
    assert right.argmax(axis=-1).tolist() == [0, 1, 2, 0, 1, 2]
    assert (right.sum(axis=-1) == 1).all()


def test_trials_side_by_side_have_the_right_slots_of_each(rng):
    both = Episode.stack([autoassociative(rng, n_pairs=3, key_dim=D) for _ in range(2)])
    one, other = spiking_response(both.trials(0)), spiking_response(both.trials(1))
    gamma = np.stack([one.third_factor, other.third_factor[:, ::-1]])
    side_by_side = replace(one, values=np.stack([one.values, other.values]), third_factor=gamma)
    assert right_slots(side_by_side, both).argmax(axis=-1).tolist() == [[0, 1, 2, 0, 1, 2], [3, 2, 1, 3, 2, 1]]


def test_a_recall_without_a_vote_has_no_share(episode, response):
    silent = replace(response, counts={"votes": np.zeros_like(response.counts["votes"])})
    assert np.isnan(recall_marks(silent, episode).share).all()
    plot_raster(silent, episode)


def test_where_ticks_would_fuse_a_density_is_drawn_and_named(rng):
    episode = autoassociative(rng, n_pairs=400, key_dim=4)
    response = spiking_response(episode)
    axes = plot_raster(response, episode)
    assert len(axes) == len(panels_of(values=False))  # too narrow for two columns of values
    for ax in axes[1 : 1 + len(POPULATIONS)]:
        assert not ticks(ax)
        assert ax.images
        assert "density" in ax.get_title(loc="left")
    assert axes[-1].get_xlabel() == "time (s)"
    few = autoassociative(rng, n_pairs=2, key_dim=4)
    for ax in plot_raster(spiking_response(few), few):
        assert "density" not in ax.get_title(loc="left")


def test_rows_too_low_for_ticks_become_a_density_that_counts_every_spike():
    t, neuron = np.array([1.0, 2, 99, 55]), np.array([0, 1, 999, 500])
    train = SpikeTrain(t, neuron, np.zeros(4, int), 1000)
    assert ticks_fuse(train, (0, 100), 400.0, 100.0)
    assert not ticks_fuse(train, (0, 100), 400.0, 1000.0)
    found = density(train, (0, 100), 400.0, 130.0)
    in_cell = np.minimum(found.neurons, 1000 - found.neurons * np.arange(len(found.rate_hz)))
    assert (found.rate_hz * in_cell[:, None] * found.bin_ms * 1e-3).sum() == pytest.approx(4)


def test_twenty_pairs_fit_on_a_page_with_all_names(rng):
    episode = autoassociative(rng, n_pairs=20, key_dim=4)
    axes = plot_raster(spiking_response(episode), episode)
    width, height = axes[0].figure.get_size_inches() * 25.4
    assert width <= 174 + 1e-6
    assert height <= 297
    assert [one.get_text() for one in axes[0].texts] == pattern_names(episode)


def test_ground_of_a_flashbulb_and_bars_over_fed_back_keys_cover_their_windows(episode, response):
    played = Episode(episode.keys, episode.values, [1, 15, 1, 0, 0, 0], episode.source, feedback=[0, 1, 1, 0, 0, 0])
    axes = plot_raster(response, played)
    bars = [line.get_xdata() for line in panel(axes, "input").lines if line.get_label() == "fed back"]
    assert [tuple(bar) for bar in bars] == [(150, 300), (300, 450)]
    for marked, plain in zip(axes[1:6], plot_raster(response, episode)[1:6], strict=True):
        assert len(marked.patches) == len(plain.patches) + 1


def test_a_raster_draws_where_it_is_told_and_leaves_style_alone(episode, response):
    before = dict(plt.rcParams)
    axes = plt.subplots(len(PANELS), 1)[1]
    assert list(plot_raster(response, episode, axes=axes)) == list(axes)
    left, right = plt.figure().subfigures(1, 2)
    drawn = plot_raster(response, episode, figure=right)
    assert drawn[0].figure is right
    assert not left.axes
    assert dict(plt.rcParams) == before
    assert len(plt.get_fignums()) == 2


def test_a_trial_of_two_is_drawn_alone(rng):
    both = Episode.stack([autoassociative(rng, n_pairs=2, key_dim=D) for _ in range(2)])
    one = [spiking_response(both.trials(i), seed=i) for i in range(2)]
    spikes = {}
    for name in NEEDED:
        t, neuron = (np.concatenate([getattr(of.spikes[name], field) for of in one]) for field in ("t_ms", "neuron"))
        trial = np.repeat([0, 1], [len(of.spikes[name].t_ms) for of in one])
        spikes[name] = SpikeTrain(t, neuron, trial, one[0].spikes[name].n_neurons)
    fields = ("values", "hidden", "third_factor", "phase")
    arrays = {name: np.stack([getattr(of, name) for of in one]) for name in fields}
    votes = {"votes": np.stack([of.counts["votes"] for of in one])}
    response = replace(one[0], **arrays, counts=votes, spikes=spikes)
    assert raster_caption(response, both, 1) == raster_caption(one[1], both.trials(1))
    hidden = panel(plot_raster(response, both, 1), "hidden")
    assert len(ticks(hidden)[0].get_segments()) == len(one[1].spikes["hidden"].t_ms)


def test_the_caption_names_the_volley_and_counts_what_is_drawn(episode):
    response = spiking_response(episode, wrong=1, undecided=2)
    caption = raster_caption(response, episode)
    assert "volley at the onset" in caption
    assert "of 30 value entries 21 came with the right sign, 3 with the wrong one, 6 undecided" in caption
    assert "gate shut too, 3 of them" in caption
    train = response.spikes["hidden"]
    step = (train.t_ms // 150).astype(int)
    early = (step >= 3) & (train.t_ms % 150 < 10)
    share = (train.neuron[early] // 2 == step[early] - 3).mean()
    assert f"{share:.0%} of the hidden spikes in the first 10 ms" in caption


def test_the_caption_says_what_is_drawn_and_no_more(episode):
    """Dendrites without a plateau while the gate is shut, votes all of the right slots, and no hidden neuron drawn."""
    response = spiking_response(episode)
    only_stored = response.third_factor * episode.is_store[:, None]
    votes = np.where(right_slots(response, episode), 4, 0)
    quiet = replace(response, third_factor=only_stored, counts={"votes": votes})
    said = raster_caption(quiet, episode, plateau_ms=30.0, votes_ms=(20.0, 50.0))
    first, second, pairs, order, plateaus, volley, recalls = said.splitlines()
    assert first == (
        "Raster of one trial: 6 presentations of 150 ms, 3 that store, 3 that recall; drawn are 0 to 900 ms. Above: the"
        " global third factor (gate) q; a presentation stores where it is above 0."
    )
    assert f"in bins of {rate_bin_ms((0, 900)):g} ms" in second
    assert pairs.startswith("Input and output neurons come in pairs")
    assert order.startswith("Hidden neurons are sorted by when their slot was first written")
    assert "opens a plateau potential of 30 ms" in plateaus
    assert "gate shut" not in plateaus
    train, since = response.spikes["hidden"], response.spikes["hidden"].t_ms % 150
    step = (train.t_ms // 150).astype(int)
    reading = (step >= 3) & (since >= 20) & (since < 50)
    share = (train.neuron[reading] // 2 == step[reading] - 3).mean()
    assert f"and {share:.0%} of those from 20 to 50 ms" in volley
    assert recalls == (
        "Recalls: of 30 value entries 30 came with the right sign, 0 with the wrong one, 0 undecided (silent, or ON and"
        " OFF alike). Right slots got 100% of the votes, in the mean over recalls."
    )
    no_votes = replace(quiet, counts={"votes": np.zeros_like(votes)})
    assert raster_caption(no_votes, episode).endswith("(silent, or ON and OFF alike).\n")
    by_number = raster_caption(quiet, episode, order="neuron", time_ms=(150.0, 300.0))
    assert "drawn are 150 to 300 ms" in by_number
    assert "sorted" not in by_number
    without = raster_caption(quiet, episode, populations=("interneuron",))
    assert len(without.splitlines()) == 3
    assert "ON neuron" not in without
    early = replace(quiet, spikes={**quiet.spikes, "hidden": quiet.spikes["hidden"].between(0, 10)})
    assert "volley" not in raster_caption(early, episode)


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"populations": "wings"}, "populations must be 'input' or .* got 'wings'"),
        ({"populations": ()}, "populations are some of input, .* got none"),
        ({"populations": 3}, "populations are some of input, .* got 3"),
        ({"neurons": [3]}, "neurons go by population, such as {'hidden': range.20.}; got .3."),
        ({"neurons": {"wings": [0]}}, "neurons are of a population that is drawn, input, .* got 'wings'"),
        ({"neurons": {"hidden": [8]}}, "neurons of hidden lie in 0 to 7; got 8"),
        ({"neurons": {"hidden": []}}, "neurons of hidden must be whole numbers"),
        ({"neurons": {"hidden": [0.5]}}, "neurons of hidden must be whole numbers"),
        ({"time_ms": (0, 1e4)}, "must lie in 0 ms to 900 ms, .* got 0 ms to 10000 ms"),
        ({"time_ms": 3}, "time_ms is a start and an end in milliseconds"),
        ({"order": "up"}, "order must be 'written' or 'neuron'; got 'up'"),
        ({"trial": 1}, "trial must lie in 0 to 0"),
        ({"axes": [None]}, "the raster takes 8 axes"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused(how, sentence, episode, response):
    with pytest.raises(ValueError, match=sentence):
        plot_raster(response, episode, **how)


def test_spikes_that_were_not_recorded_are_asked_for(episode, response):
    only = replace(response, spikes={"hidden": response.spikes["hidden"]})
    with pytest.raises(ValueError, match="needs recorded spikes of input, feedforward, interneuron, output, dendrite"):
        plot_raster(only, episode)


def test_spikes_alone_can_be_drawn_and_cut():
    train = SpikeTrain(np.array([1.0, 5, 9, 2]), np.array([0, 1, 0, 1]), np.array([0, 0, 0, 1]), 3)
    ax = plot_spikes(train.of_trial(0).between(0, 6), colour="red", width=2)
    assert [segment[0, 0] for segment in ax.collections[0].get_segments()] == [1, 5]
    assert train.of_trial(1).neuron.tolist() == [1]


def test_presentations_are_named_by_the_pattern_they_show(episode):
    assert pattern_names(episode) == ["store 1", "store 2", "store 3", "recall 1", "recall 2", "recall 3"]


def test_delays_flashbulbs_prompts_and_fed_back_keys_are_named():
    keys, gate, source = np.ones((5, 2)), np.array([1.0, 15, 0, 0, 0]), [-1, -1, -1, 1, 0]
    interleaved = Episode(keys[:4], keys[:4], [15, 0, 0, 1], [-1, -1, 0, -1], subset=[0, 0, 1, 0],
                          subset_names=("regular", "flashbulb"))  # fmt: skip
    assert pattern_names(interleaved) == ["store 1\nq = 15", "seen", "recall 1\ndelay 2\nflashbulb", "store 2"]
    played = Episode(keys, keys, gate, source, feedback=[0, 1, 0, 0, 1])
    assert pattern_names(played) == [
        "store 1", "store 2\nq = 15\nfed back", "prompt", "recall 2\nprompt", "recall 1\nfed back"
    ]  # fmt: skip

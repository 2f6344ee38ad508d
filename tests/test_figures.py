"""`biokv figure`: every panel can be measured, drawn, and held against the authors' curves."""

from __future__ import annotations

import json

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from command_line import biokv
from synthetic import controllers_table

from bioKV import Episode
from bioKV.analysis.controllers import plot_controllers
from bioKV.analysis.panels import Look, plot_panel
from bioKV.analysis.reference import reference_rows
from bioKV.learning.fit import Learned
from bioKV.models import Hopfield
from bioKV.paper import curves
from bioKV.paper import figure as figures
from bioKV.paper.copy_paste import ARMS
from bioKV.paper.learned_rules import training_sequence
from bioKV.paper.memories_of import choose_memories, find_panel
from bioKV.paper.panel import COLUMNS, Measured, accuracies, noise_free
from bioKV.paper.panels import PANELS
from bioKV.paper.stable_hopfield import StableHopfield
from bioKV.protocols import flashbulb
from bioKV.rule import SIMPLE
from bioKV.studies.tasks import protocol_names

COLUMNS_OF_A_FIGURE = ("figure,model,x_name,x,mean,ci95_low,ci95_high,n_trials,"
                       "reference_mean,reference_low,reference_high")  # fmt: skip


def few_xs(panel):
    """The panel at its first xs, three where a line is fitted: every curve is measured, and none takes long."""
    return panel._replace(xs=panel.xs[: 3 if panel.slopes else 2])


@pytest.mark.parametrize("name", PANELS)
def test_every_figure_is_measured_and_drawn_by_one_command(name, tmp_path, monkeypatch):
    make = PANELS[name]
    monkeypatch.setattr(curves, "learned", lambda *which, **at: Learned(SIMPLE, {}))  # to learn one takes a while
    monkeypatch.setitem(PANELS, name, lambda: few_xs(make()))
    done = biokv("figure", name, "--trials", 2, "--out", tmp_path, "--seed", 3)
    assert done.exit_code == 0, done.output
    trials = pd.read_csv(tmp_path / "results.csv", keep_default_na=False)
    assert tuple(trials.columns) == COLUMNS
    assert {protocol.split()[0] for protocol in trials.protocol} <= set(protocol_names())
    assert (tmp_path / "figure.csv").read_text().splitlines()[0] == COLUMNS_OF_A_FIGURE
    table = pd.read_csv(tmp_path / "figure.csv")
    panel = few_xs(make())
    models = [model for curve in panel.curves for model in curve.models()]
    assert list(table.model.unique()) == models
    assert len(table) == len(models) * len(panel.xs)
    averaged = table[table.ci95_low.notna()]
    assert ((averaged.ci95_low <= averaged["mean"]) & (averaged["mean"] <= averaged.ci95_high)).all()
    assert (table.n_trials == 2).all()
    known = set(reference_rows(name).model) if len(reference_rows(name)) else set()
    assert set(table[table.reference_mean.notna()].model) == known & set(models)
    assert set(pd.read_csv(tmp_path / "agreement.csv").model) == known & set(models)
    record = json.loads((tmp_path / "run.json").read_text())
    assert (record["seed"], record["state"], record["trials"]) == (3, "finished", 2)
    assert {"commands", "versions", "git_revision", "wall_s", "cpu_s", "peak_memory_mb"} <= set(record)
    for kind in ("png", "pdf"):
        assert (tmp_path / f"figure-{name}.{kind}").exists()
    assert "largest difference" in done.output or not known


def test_every_reference_curve_belongs_to_a_curve_at_the_same_xs():
    for name, make in PANELS.items():
        panel = make()
        models = {model for curve in panel.curves for model in curve.models()}
        for source in ("oracle", "authors' code"):
            rows = reference_rows(name, source=source)
            assert set(rows.model) <= models
            assert set(rows.x) <= set(panel.xs)
            assert set(rows.x_name) <= {panel.x_name}


def test_a_trial_is_the_same_however_many_come_after_it():
    curve = find_panel("2a").curves[1]
    few, many = (accuracies(curve, 5, 0, 20, n)["all"].values for n in (2, 5))
    assert (many[:2] == few).all()


def test_the_sequential_slots_forget_in_steps_of_their_number_and_so_does_the_picture_of_a_life():
    sequential = find_panel("age").curves[0]
    kept, lost = (accuracies(sequential, 1, 0, age, 4)["all"].values.mean() for age in (39, 60))
    assert kept > 0.98 > 0.85 > lost


def test_a_network_without_self_coupling_blacks_out():
    panel = find_panel("blackout")
    coupled, free = (c for c in panel.curves if c.label == "d = 80")
    assert accuracies(coupled, 1, 0, 1.0, 10)["all"].values.mean() > 0.75
    assert accuracies(free, 1, 0, 1.0, 10)["all"].values.mean() < 0.7


def test_memory_picks_curves_and_tells_what_a_figure_has():
    assert {c.memory for c in choose_memories(find_panel("5a"), ("bam",)).curves} == {"bam"}
    with pytest.raises(ValueError, match=r"figure 5a has no memory 'hopfield'; it has rate, bam"):
        choose_memories(find_panel("5a"), ("hopfield",))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["9z"], "there is no figure '9z'; known are 2a, 2b, 3a, 3b, 4a, 4b, 4c, c5, 5a, 5b, age, blackout, width,"),
        (["2a", "--trials", 1], "at least 2 trials for its intervals; got 1"),
        (["blackout", "--memory", "spiking"], "figure blackout has no memory 'spiking'; it has hopfield"),
        (["all", "--memory", "elephant"], "no figure has a memory 'elephant'; they have rate, hopfield, tvt, spiking,"),
        (["all", "--workers", 0], "workers must be a whole number above 0; got 0"),
        (["2a", "--workers", 0], "workers must be a whole number above 0; got 0"),
        (["2a", "--memory", "rate", "--memory", "rate"], "a memory was given twice: rate, rate"),
        (["all", "--memory", "bam", "--memory", "bam"], "a memory was given twice: bam, bam"),
        (["2a", "--resume"], "figure 2a is measured anew every time; --resume is for 5c, which trains"),
        (["2a", "--seed", -1], "seed must be a whole number of 0 or more; got -1"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(words, message, tmp_path):
    done = biokv("figure", *words, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert message in done.output
    assert not (tmp_path / "out").exists()


def test_results_are_replaced_only_by_force(tmp_path):
    (tmp_path / "results.csv").write_text("mine")
    done = biokv("figure", "5a", "--trials", 2, "--out", tmp_path)
    assert done.exit_code == 2
    assert "already holds results; choose another --out, or add --force" in done.output
    assert (tmp_path / "results.csv").read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    done = biokv("figure", "5a", "--trials", 2, "--out", tmp_path / "file" / "below")
    assert done.exit_code == 2
    assert "cannot write to the output folder" in done.output


def test_all_draws_each_figure_in_a_folder_of_its_own(tmp_path, monkeypatch):
    for name in set(PANELS) - {"5a", "4c"}:
        monkeypatch.delitem(PANELS, name)
    done = biokv("figure", "all", "--trials", 2, "--memory", "bam", "--memory", "hopfield", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    for name, memory in (("5a", "bam"), ("4c", "hopfield")):
        assert set(pd.read_csv(tmp_path / f"figure-{name}" / "figure.csv").model) == {memory}
    assert done.output.index("figure 4c:") < done.output.index("figure 5a:")
    assert "2 figures in" in done.output
    assert biokv("figure", "all", "--out", tmp_path).exit_code == 2  # they are there now


def test_a_curve_that_is_off_is_found_and_one_that_is_not_agrees():
    panel = find_panel("2a")
    rows, rng = reference_rows("2a", "random"), np.random.default_rng(1)

    def points(offset):
        made = []
        for x, mean in zip(rows["x"], rows["mean"], strict=True):
            values = mean + offset + 0.03 * rng.standard_normal(400)
            measured = Measured(np.arange(400), values, np.full(400, 1 / x))
            made.append(figures.Point(1, "random", "all", x, measured, "random"))
        return made

    (same,), (off,) = (figures.hold_against_reference(panel, points(o)).itertuples() for o in (0.0, 0.01))
    assert same.p > 0.001 > 1e-9 > off.p
    assert 0.005 < off.largest_difference < 0.02


def test_reference_rows_come_from_a_known_source():
    with pytest.raises(ValueError, match="source must be 'oracle' or \"authors' code\"; got 'memory'"):
        reference_rows("2a", source="memory")


def test_a_panel_is_drawn_on_the_axes_it_is_given():
    _, (left, right) = plt.subplots(1, 2)
    table = pd.DataFrame({"model": "bam", "x_name": "n_pairs", "x": [1, 2], "mean": [1.0, 0.9],
                          "ci95_low": [1.0, 0.88], "ci95_high": [1.0, 0.92]})  # fmt: skip
    authors = pd.DataFrame({"model": "bam", "x": [1, 2], "mean": [1.0, 0.91]})
    assert plot_panel(table, {"bam": Look("bam", "#000000")}, authors, left) is left
    assert left.get_xlabel() == "stored pairs T"
    assert [text.get_text() for text in left.get_legend().get_texts()] == ["authors' code", "BAM"]
    assert not right.lines
    slopes = pd.DataFrame({"model": ["bam"], "slope": [0.5], "low": [0.4], "high": [0.6], "intercept": [1.0]})
    plot_panel(table, {"bam": Look("bam", "#000000")}, None, right, slopes=slopes)
    assert right.get_legend().get_texts()[0].get_text() == "BAM: 0.500 [0.400, 0.600] N +1.0"
    plt.close("all")


@pytest.mark.parametrize("page", ["panel of the paper", "controllers"])
def test_a_reader_of_an_accuracy_is_told_what_bars_and_the_dotted_line_are(page):
    if page == "controllers":
        ax = plot_controllers(controllers_table(), {ARMS[0].model: ("key-value", "#000000", "-")}, 4)
    else:
        table = pd.DataFrame({"model": "bam", "x_name": "n_pairs", "x": [1, 2], "mean": [1.0, 0.9],
                              "ci95_low": [1.0, 0.88], "ci95_high": [1.0, 0.92]})  # fmt: skip
        ax = plot_panel(table, {"bam": Look("bam", "#000000")}, ax=plt.subplots()[1])
        assert "95 % intervals" in ax.get_ylabel()
    (said,) = ax.texts
    assert (said.get_text(), said.xy[1]) == ("chance", 0.5)
    plt.close("all")


# with learned rules


@pytest.mark.parametrize("in_spikes", [False, True])
def test_without_jax_a_panel_is_drawn_without_its_learned_memory_and_says_so(in_spikes, monkeypatch, tmp_path):
    monkeypatch.setattr(figures, "has_jax", lambda: False)
    monkeypatch.setattr(figures, "find_panel", lambda figure: find_panel(figure)._replace(xs=(2,)))
    memories = [word for name in ("rate", "bam", "spiking") for word in ("--memory", name)] * in_spikes
    done = biokv("figure", "5a", "--trials", 2, "--out", tmp_path, *memories)
    assert done.exit_code == 0, done.output
    assert 'figure 5a: no learned memory for lack of JAX (pip install "bioKV[learn]")' in done.output
    drawn = pd.read_csv(tmp_path / "figure.csv")
    spiking = ["spiking sequential", "spiking random"] * in_spikes
    assert list(drawn.model) == ["sequential", "random", "bam", *spiking]


@pytest.mark.parametrize("figure", ["4a", "4c", "5a", "5b"])
def test_the_trained_curve_is_of_a_rule_that_was_learned_on_the_task_of_the_panel(figure, monkeypatch):
    asked = []

    def learned(third_factor, seed, task, size):
        asked.append((third_factor, task))
        return Learned(SIMPLE, {})

    monkeypatch.setattr(curves, "learned", learned)
    panel = find_panel(figure)
    for curve in choose_memories(panel, ("learned",)).curves:
        memory = curve.make(5)
        rng = np.random.default_rng(0)
        trained, measured = training_sequence(asked[-1][1], rng), curve.present(rng, 5)
        assert asked[-1] == ("random p=4/N", curve.protocol)
        assert (trained.key_dim, trained.value_dim) == (measured.key_dim, measured.value_dim)
        assert (memory.key_dim, memory.value_dim) == (measured.key_dim, measured.value_dim)
        assert trained.read_after_write == measured.read_after_write
        np.testing.assert_allclose(memory.third_factor.probabilities(40), 0.1)


def test_a_rule_of_3b_is_learned_at_the_size_at_which_it_is_measured(monkeypatch):
    asked = []

    def learned(third_factor, seed, task, size):
        asked.append((third_factor, size))
        return Learned(SIMPLE, {})

    monkeypatch.setattr(curves, "learned", learned)
    (curve, _) = (c for c in find_panel("3b").curves if c.model.startswith("learned random p=4/N"))
    memory = curve.make(80)
    assert asked == [("random p=4/N", 80)]
    assert (memory.key_dim, memory.n_slots) == (80, 80)
    assert training_sequence("autoassociative", np.random.default_rng(0), 80).key_dim == 80


def test_a_rule_of_c5_is_learned_on_patterns_that_correlate_as_those_of_the_panel_do():
    rng = np.random.default_rng(0)

    def mean_square(episode):
        stored = episode.keys[episode.gate > 0]
        return ((stored[1:] @ stored[0] / 40) ** 2).mean() ** 0.5

    for c in (0.3, 0.9):
        drawn = [mean_square(training_sequence(f"correlated correlation={c}", rng)) for _ in range(20)]
        assert abs(np.mean(drawn) - (c**2 + (1 - c**2) / 40) ** 0.5) < 0.03


def test_a_trained_curve_in_spikes_has_its_twins_rule_and_more_neurons_for_random_third_factors(monkeypatch):
    rule = SIMPLE._replace(axon=0.0, decay=0.9)
    monkeypatch.setattr(curves, "learned", lambda *which, **at: Learned(rule, {}))
    panel = choose_memories(find_panel("3a"), ("spiking",))
    twins = {curve.model: curve.make(10) for curve in panel.curves}
    assert twins["spiking learned sequential, training 0"].rule == rule
    assert twins["spiking learned sequential, training 0"].parameters.neurons_per_slot == 4
    assert twins["spiking learned random p=1/N, training 2"].parameters.neurons_per_slot == 32
    assert not any("simple" in model for model in twins)


def test_rate_and_spiking_memories_of_5b_play_the_same_sequences_and_none_in_spikes_is_scored_while_clamped():
    panel = choose_memories(find_panel("5b"), ("rate", "learned", "spiking"))
    spiking = [curve for curve in panel.curves if curve.memory == "spiking"]
    for curve in spiking:
        (twin,) = (c for c in panel.curves if f"spiking {c.model}" == curve.model)
        one, other = (c.present(np.random.default_rng(4), 10) for c in (curve, twin))
        np.testing.assert_array_equal(one.keys, other.keys)
        assert not (one.is_recall & (one.gate > 0)).any()
    assert len(spiking) == 3
    stored = [c for c in panel.curves if c.present(np.random.default_rng(4), 10).gate[10:].any()]
    assert {c.model for c in stored} == {"sequential", "random", "trained random"}  # the names of the reference


# what the paper says without a panel


def test_slots_add_capacity_at_a_fixed_key_size_and_a_hopfield_network_has_none_to_add():
    panel = find_panel("width")

    def capacity(model, n):
        (curve,) = (c for c in panel.curves if c.model == f"{model}, noise-free")
        return curve.measure(curve, 3, 0, n, 30)["all"].values.item()

    assert capacity("sequential", 20) + 15 < capacity("sequential", 40)
    assert capacity("hopfield", 20) == capacity("hopfield", 40)


def test_bits_per_connection_are_the_capacity_in_bits_over_the_plastic_connections():
    panel = find_panel("connections")
    sequential, _, hopfield, wide = panel.curves[:4]
    for curve, n_connections in ((sequential, 2 * 40 * 40), (hopfield, 40**2), (wide, 2 * 40 * 40)):
        pairs = noise_free(curve, 3, 0, 40, 30)["all"].values.item()
        bits = curve.measure(curve, 3, 0, 40, 30)["all"].values.item()
        assert bits == pytest.approx(pairs * 40 / n_connections)


def test_a_hopfield_network_that_freezes_keeps_its_first_flashbulb_and_learns_nothing_more():
    network = Hopfield(40, n_steps=3, decay=0.95, learning_rate=0.5 / 40)
    streams = [np.random.default_rng([7, k]) for k in range(40)]
    episode = Episode.stack([flashbulb(stream, 5, n_steps=400) for stream in streams])
    free, none, whole = (memory.respond(episode, [np.random.default_rng(k) for k in range(40)]) for memory in
                         (network, StableHopfield(network, 10, 0.0), StableHopfield(network, 10, 1.0)))  # fmt: skip
    np.testing.assert_array_equal(free.values, none.values)
    first = np.argmax(episode.gate == 15, axis=1)
    right = (np.sign(whole.values) == episode.values).mean(axis=-1)
    later = episode.is_recall & (episode.source > first[:, None])
    its_own = episode.is_recall & (episode.source == first[:, None])
    assert right[its_own].mean() > 0.95
    assert right[later].mean() < 0.56  # what is known of the query is right by itself in some trials
    assert (np.sign(free.values) == episode.values).mean(axis=-1)[later].mean() > 0.7


# with the spiking memory


@pytest.mark.parametrize("figure", ["2a", "4a", "4b", "4c", "c5", "5a", "5b", "2b"])
def test_every_rate_curve_has_a_spiking_twin_with_the_same_third_factor_and_stability(figure):
    panel = find_panel(figure)
    both = choose_memories(panel, ("rate", "spiking"))
    spiking = {curve.reference: curve for curve in both.curves if curve.memory == "spiking"}
    for curve in both.curves:
        stored = curve.protocol == "sequence prompt=stored"
        if curve.memory == "rate" and curve.quantity in ("accuracy", "capacity") and not stored:
            twin, rate = spiking[curve.model].make(panel.xs[0]), curve.make(panel.xs[0])
            assert (twin.key_dim, twin.n_slots, twin.value_dim) == (rate.key_dim, rate.n_slots, rate.value_dim)
            assert twin.third_factor == rate.third_factor
            assert twin.stability_threshold == rate.stability_threshold


def test_the_spiking_memory_is_drawn_only_when_asked_for():
    assert "spiking" not in {curve.memory for curve in choose_memories(find_panel("2a"), ()).curves}


def test_a_spiking_curve_is_held_against_the_published_curve_of_its_rate_twin():
    panel = choose_memories(find_panel("5a"), ("spiking",))
    panel = panel._replace(xs=(2,), curves=tuple(curve for curve in panel.curves if curve.twin == "rate"))
    points = list(figures.measure(panel, seed=3, trials=3))
    table = figures.figure_table(panel, points)
    assert set(table["model"]) == {"spiking sequential", "spiking random"}
    assert (table["reference_mean"] > 0.9).all()
    assert (table["mean"] > 0.85).all()
    held = figures.hold_against_reference(panel, points)
    assert set(held["model"]) == set(table["model"])
    assert held["p"].isna().all()  # the chi-square is for rate memories: these may differ by a margin

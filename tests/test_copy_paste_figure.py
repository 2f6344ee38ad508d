"""`biokv figure 5c`: what is trained is kept, and what cannot be done is said before anything is trained."""

from __future__ import annotations

import json
import sys

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from command_line import biokv

from bioKV import SpikingMemory
from bioKV.analysis.controllers import key_code, plot_controllers
from bioKV.learning.fit import Learned
from bioKV.learning.train_controller import HistoryRow, TrainedController
from bioKV.models.controller import Controller, draw_parameters
from bioKV.paper import copy_paste as figure
from bioKV.paper.figure import FIGURE_COLUMNS
from bioKV.paper.panel import COLUMNS
from bioKV.rule import SIMPLE


@pytest.fixture
def quick(monkeypatch):
    """Two controllers a memory, three lengths, and a training that draws parameters and lists what it was asked for."""
    asked = []

    def train(memory, task, rng, *, report, trainable=(), **recipe):
        asked.append(recipe)
        report(HistoryRow(1, recipe["steps"], 1.0, 0.5, 0.1), recipe["steps"])
        if trainable:
            memory = memory.with_rule(memory.rule._replace(decay=0.75))
        found = Controller(memory, draw_parameters(memory, 26, 26, rng))
        return TrainedController(found, [HistoryRow(1, recipe["steps"], 1.0, 0.5, 0.1)])

    monkeypatch.setattr(figure, "train_controller", train)
    monkeypatch.setattr(figure, "CONTROLLERS", 2)
    monkeypatch.setattr(figure, "XS", (1, 10, 20))
    monkeypatch.setattr(figure, "require_jax", lambda: None)
    monkeypatch.setattr(figure, "learned", lambda third_factor, seed: Learned(SIMPLE, {}))
    return asked


def test_every_controller_is_trained_once_measured_and_drawn(quick, tmp_path):
    done = biokv("figure", "5c", "--trials", 2, "--out", tmp_path, "--seed", 4)
    assert done.exit_code == 0, done.output
    begun_with = [recipe.pop("parameters", None) for recipe in quick]
    assert quick == ([figure.RECIPE] * 5 + [figure.SIGNS]) * 2
    for number, parameters in enumerate(begun_with[5::6]):  # the controllers that are shown signs
        sequential = np.load(tmp_path / "controllers" / f"sequential-{number}.npz")
        np.testing.assert_array_equal(parameters.key, sequential["key"])
    trials = pd.read_csv(tmp_path / "results.csv", keep_default_na=False)
    assert tuple(trials.columns) == COLUMNS
    assert len(trials) == 6 * 2 * 3 * 2
    table = pd.read_csv(tmp_path / "figure.csv")
    assert tuple(table.columns) == FIGURE_COLUMNS
    assert list(table.model.unique())[:3] == ["sequential, controller 0", "sequential, controller 1", "sequential"]
    assert len(table) == 6 * 3 * 3
    two = table[table.model.isin(["bam, controller 0", "bam, controller 1"]) & (table.x == 10)]["mean"]
    mean = table[(table.model == "bam") & (table.x == 10)]
    assert mean["mean"].item() == pytest.approx(two.mean())
    assert mean.n_trials.item() == 2
    record = json.loads((tmp_path / "run.json").read_text())
    assert (record["seed"], record["state"], record["recipe"]["steps"]) == (4, "finished", 2000)
    for kind in ("png", "pdf"):
        assert (tmp_path / f"figure-5c.{kind}").exists()
    history = (tmp_path / "controllers" / "random-1.csv").read_text()
    assert history.startswith("start,step,loss,accuracy,seconds\n1,2000,1.0,")
    assert "random p=0.1" in done.output
    heads = {name: np.load(tmp_path / "controllers" / f"{name}.npz")["key"] for name in ("bam-0", "random-0", "bam-1")}
    np.testing.assert_array_equal(heads["bam-0"], heads["random-0"])  # memories start from the same parameters
    assert (heads["bam-0"] != heads["bam-1"]).any()


def test_a_resumed_run_trains_only_what_is_missing_and_finds_the_same(quick, tmp_path):
    assert biokv("figure", "5c", "--trials", 2, "--out", tmp_path, "--memory", "bam").exit_code == 0
    before = (tmp_path / "results.csv").read_text()
    (tmp_path / "controllers" / "bam-1.npz").unlink()
    del quick[:]
    done = biokv("figure", "5c", "--trials", 2, "--out", tmp_path, "--memory", "bam", "--resume")
    assert done.exit_code == 0, done.output
    assert len(quick) == 1
    assert (tmp_path / "results.csv").read_text() == before
    assert len(json.loads((tmp_path / "run.json").read_text())["commands"]) == 2
    biokv("figure", "5c", "--trials", 2, "--out", tmp_path, "--force", "--memory", "bam")
    assert len(quick) == 3


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--memory", "hopfield"], "figure 5c has no memory 'hopfield'; it has rate, learned, together, bam, signs"),
        (["--memory", "bam", "--memory", "bam"], "a memory was given twice: bam, bam"),
        (["--trials", 1], "at least 2 trials for its intervals; got 1"),
        (["--resume"], "there is no run of figure 5c to resume in"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(words, message, quick, tmp_path):
    done = biokv("figure", "5c", *words, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert message in done.output
    assert not (tmp_path / "out").exists()
    assert not quick


def test_trained_controllers_are_neither_lost_nor_taken_for_others(quick, tmp_path):
    assert biokv("figure", "5c", "--trials", 2, "--out", tmp_path, "--memory", "bam").exit_code == 0
    done = biokv("figure", "5c", "--trials", 2, "--out", tmp_path)
    assert done.exit_code == 2
    assert "already holds trained controllers; choose another --out, or add --resume (keep them)" in done.output
    done = biokv("figure", "5c", "--trials", 2, "--out", tmp_path, "--resume", "--seed", 9)
    assert done.exit_code == 2
    assert "were trained with seed 0, this run has 9; --resume needs the same, --force trains anew" in done.output
    (tmp_path / "controllers" / "bam-0.npz").write_text("rubbish")
    done = biokv("figure", "5c", "--trials", 2, "--out", tmp_path, "--resume", "--memory", "bam")
    assert done.exit_code == 2
    assert "bam-0.npz does not hold the state of a controller memory" in done.output


def test_without_jax_it_says_how_to_get_it_and_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    done = biokv("figure", "5c", "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert 'pip install "bioKV[learn]"' in done.output
    assert not (tmp_path / "out").exists()


def test_a_rule_that_was_learned_together_with_a_controller_is_kept_with_it(quick, tmp_path):
    arm, alone = figure.arm_of("trained together"), figure.arm_of("trained random")
    fresh = figure.trained(arm, 0, 0, tmp_path)
    again = figure.trained(arm, 0, 0, tmp_path)  # from its file
    assert len(quick) == 1
    assert fresh.memory.rule == again.memory.rule == SIMPLE._replace(decay=0.75)
    assert figure.trained(alone, 0, 0, tmp_path).memory.rule == SIMPLE


def test_the_spiking_memory_is_given_the_controllers_that_were_trained_on_signs(quick, tmp_path):
    assert "spiking" not in {arm.memory for arm in figure.choose_arms(())}
    (arm,) = figure.choose_arms(("spiking",))
    (tmp_path / "controllers").mkdir()
    controller = figure.trained(arm, 1, 0, tmp_path / "controllers")
    assert [recipe["steps"] for recipe in quick] == [figure.RECIPE["steps"], figure.SIGNS["steps"]]
    saved = np.load(tmp_path / "controllers" / "sequential-signs-1.npz")
    np.testing.assert_array_equal(controller.parameters.key, saved["key"])
    assert isinstance(controller.memory.memory, SpikingMemory)
    assert not (tmp_path / "controllers" / "spiking-sequential-1.npz").exists()


# the code of the keys


def test_keys_that_count_rows_have_no_content_and_keys_drawn_anew_have_nothing_else(rng):
    counting = np.broadcast_to(rng.choice([-1.0, 1.0], (6, 8)), (50, 6, 8))
    code = key_code(np.concatenate([counting, counting], axis=1))
    np.testing.assert_allclose(code.content, 0, atol=1e-12)
    np.testing.assert_allclose(code.match, 8)
    anew = rng.choice([-1.0, 1.0], (400, 6, 8))
    code = key_code(np.concatenate([anew, -anew], axis=1))
    np.testing.assert_allclose(code.content, 1, atol=0.02)  # a mean of 400 signs: 1/400 on average
    np.testing.assert_allclose(code.match, -8)
    assert (code.rival < 8).all()


def test_keys_of_an_odd_number_of_steps_have_no_two_halves(rng):
    with pytest.raises(ValueError, match=r"an even number of steps, \(B, 2 n \+ 2, d\); got \(4, 5, 8\)"):
        key_code(rng.normal(size=(4, 5, 8)))


def test_controllers_are_drawn_on_the_axes_they_are_given():
    _, (left, right) = plt.subplots(1, 2)
    table = pd.DataFrame({"model": ["bam, controller 0"] * 2 + ["bam"] * 2, "x": [1, 2] * 2, "mean": [1, 0.9] * 2})
    assert plot_controllers(table, {"bam": ("BAM", "#000000", "-")}, 10, left) is left
    assert [text.get_text() for text in left.get_legend().get_texts()] == ["BAM", "one controller each",
                                                                          "longest in training"]  # fmt: skip
    assert not right.lines
    plt.close("all")

"""One's own patterns: which of them a trial gets, what is refused, and what is said about them."""

from __future__ import annotations

import json
import re
import shlex

import numpy as np
import pandas as pd
import pytest
from command_line import accuracies, biokv
from conftest import ROOT

from bioKV import read_results
from bioKV.protocols import heteroassociative
from bioKV.protocols.patterns import random_patterns
from bioKV.studies.bias import constant_guess, what_misleads
from bioKV.studies.grow import resumed_plan
from bioKV.studies.inputs import array_of, inputs_of, keep
from bioKV.studies.patterns import sizes_of
from bioKV.studies.plan import Plan, check_plan, draw_episode
from bioKV.studies.record import describe, write_record
from bioKV.studies.run import run_study

ROWS = [[1, -1, 1, 1], [-1, -1, 1, -1], [1, 1, -1, -1]]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["run", "autoassociative", "--patterns", "three.npy", "--n-pairs", "4"], "n_pairs is 4 but there are only 3"),
        (["run", "autoassociative", "--patterns", "three.npy", "--key-dim", "5"], "patterns have 4 entries but key"),
        (["run", "autoassociative", "--value-patterns", "three.npy"], "autoassociative takes no values of one's own"),
        (["run", "heteroassociative", "--patterns", "three.npy", "--value-patterns", "two.npy"],
         "three.npy holds 3 rows but two.npy holds 2 rows; a pattern and its value stand in the same row"),
        (["run", "autoassociative", "--patterns", "several.npz"], "several.npz holds a, b; it must hold one array, "),
        (["run", "autoassociative", "--patterns", "grey.npy", "--threshold", "300"],
         "a threshold of 300 makes all entries of grey.npy the same; its numbers lie between 0 and 255"),
        (["run", "autoassociative", "--patterns", "grey.npy", "--threshold", "nan"], "threshold must be a number; got"),
        (["run", "autoassociative", "--threshold", "3"], "a threshold is for patterns of one's own; give --patt"),
        (["run", "autoassociative", "--in-order"], "in_order is about patterns of one's own, and there are none"),
        (["run", "graded", "--patterns", "grey.npy"], "row 1, column 2 is 128, but graded takes numbers from -1 to 1"),
        (["run", "autoassociative", "--patterns", "binary.npy", "--n-pairs", "4"], "n_pairs is 4 but there are only 2"),
        (["compare", "autoassociative", "--patterns", "none.npy"], "cannot read patterns from none.npy: No such file"),
        (["raster", "autoassociative", "--patterns", "."], "cannot read patterns from .: its name must end in .csv"),
    ],
)  # fmt: skip
def test_options_that_do_not_fit_the_patterns_get_one_sentence(words, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("three.npy", ROWS)
    np.save("two.npy", ROWS[:2])
    np.save("binary.npy", np.eye(2))
    np.save("grey.npy", [[0, 128.0], [255, 3]])
    np.savez("several.npz", a=ROWS, b=ROWS)
    result = biokv(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert sentence in line


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"patterns": np.ones(4)}, r"patterns must be a table with one pattern per row; got shape \(4,\)"),
        ({"patterns": [["a", "b"]]}, "patterns must be an array of numbers; got"),
        ({"patterns": [[1, 1], [1]]}, "patterns must be an array of numbers; got"),
        ({"patterns": [*ROWS, *ROWS, [1, np.nan, 1, 1]]}, r"patterns must be \+1 or -1; pattern 6, entry 1 is nan"),
        ({"patterns": ROWS, "value_patterns": [[1, 1]] * 2}, "are pairs, row by row; there are 3 and 2"),
        ({"value_patterns": ROWS}, r"value_patterns have 4 entries but value_dim is 2"),
        ({"patterns": ROWS, "in_order": 1}, "in_order must be True or False; got 1"),
    ],
)
def test_a_plan_with_patterns_that_do_not_fit_is_refused(fields, sentence):
    with pytest.raises(ValueError, match=sentence):
        check_plan(Plan("heteroassociative", options={"key_dim": 4, "value_dim": 2, "n_pairs": 2}, **fields))


def test_patterns_of_a_plan_in_python_do_not_hinder_a_resume(tmp_path):
    plan = Plan("autoassociative", patterns=np.ones((20, 40)))
    with pytest.raises(ValueError, match="there is no run to resume in"):
        run_study(plan, tmp_path / "out", "", force=False, resume=True, workers=None)


# which of them a trial gets


def stored(plan, trial):
    """The rows of one's own patterns that a trial stores, in its order. Row i of the patterns is i in binary digits."""
    episode = draw_episode(plan, plan.options, 0, trial)
    bits = episode.keys[episode.is_store, :6] > 0
    return (bits @ 2 ** np.arange(6)).tolist()


NUMBERED = 2.0 * (np.arange(40)[:, None] >> np.arange(6) & 1) - 1
FIVE = Plan("autoassociative", options={"n_pairs": 5, "key_dim": 6}, patterns=NUMBERED)


def test_every_trial_stores_some_of_ones_own_patterns_at_random():
    trials = [stored(FIVE, trial) for trial in range(200)]
    assert all(len(set(rows)) == 5 for rows in trials)
    assert {row for rows in trials for row in rows} == set(range(40))
    assert any(rows != sorted(rows) for rows in trials)
    times = np.bincount(np.concatenate(trials), minlength=40)
    assert abs(times - 25).max() < 5 * np.sqrt(25)  # five errors of a count


def test_all_of_ones_own_patterns_are_a_permutation():
    rows = stored(FIVE._replace(options={"n_pairs": 40, "key_dim": 6}), 3)
    assert sorted(rows) == list(range(40))
    assert rows != list(range(40))


def test_in_order_every_trial_stores_the_first_ones():
    plan = FIVE._replace(in_order=True)
    assert stored(plan, 0) == stored(plan, 7) == [0, 1, 2, 3, 4]
    queries = [draw_episode(plan, plan.options, 0, trial).keys[5:] for trial in (0, 7)]
    assert not np.array_equal(*queries)


def test_a_trial_gets_the_same_patterns_whatever_else_is_drawn():
    forwards, backwards = ([stored(FIVE, trial) for trial in order] for order in (range(5), reversed(range(5))))
    assert forwards == backwards[::-1]
    assert stored(FIVE, 3) == stored(FIVE._replace(trials=4, memories=("spiking",), engine="numpy"), 3)
    assert stored(FIVE, 3) != stored(FIVE, 4)
    assert stored(FIVE, 3) != stored(FIVE._replace(seed=1), 3)


def test_a_pattern_keeps_its_value():
    values = np.column_stack([NUMBERED[:, :2], -NUMBERED[:, 2:4]])
    plan = Plan("heteroassociative", options={"n_pairs": 9, "key_dim": 6, "value_dim": 4}, patterns=NUMBERED,
                value_patterns=values)  # fmt: skip
    episode = draw_episode(plan, plan.options, 0, 2)
    assert stored(plan, 2) != list(range(9))
    np.testing.assert_array_equal(episode.values[:9], values[stored(plan, 2)])


@pytest.mark.parametrize(
    ("protocol", "options"),
    [
        ("correlated", {"n_pairs": 3, "correlation": 1.0}),
        ("sequence", {"n_patterns": 5}),
        ("continual", {"n_steps": 30, "delay": 3}),
        ("flashbulb", {"n_steps": 30, "delay": 3, "n_flashbulb": 1}),
        ("copy_paste", {"n_patterns": 5}),
        ("graded", {"n_pairs": 5}),
    ],
)
def test_every_protocol_takes_a_random_choice_or_the_first_ones(protocol, options):
    own = {"pattern_dim" if protocol == "copy_paste" else "key_dim": 6, **options}
    plan = Plan(protocol, options=own, patterns=NUMBERED)
    check_plan(plan)

    def shown(plan, trial):
        episode = draw_episode(plan, own, 0, trial)
        new = ~episode.is_recall & (np.arange(episode.n_steps) < options.get("n_patterns", 99))
        return ((episode.values[new, :6] > 0) @ 2 ** np.arange(6)).tolist()

    first, second = (shown(plan, trial) for trial in (0, 1))
    assert first != second
    in_order = shown(plan._replace(in_order=True), 1)
    expected = [0, 0, 0] if protocol == "correlated" else list(range(len(in_order)))
    assert in_order == expected
    if protocol != "correlated":
        assert len(set(first)) == len(first)


def test_a_protocol_of_ones_own_gets_a_random_choice_too():
    def mine(rng: np.random.Generator, n_pairs: int = 2, patterns: np.ndarray | None = None,
             value_patterns: np.ndarray | None = None):  # fmt: skip
        return heteroassociative(rng, n_pairs, 6, 6, patterns=patterns, value_patterns=value_patterns)

    plan = Plan(mine, options={"n_pairs": 4}, patterns=NUMBERED, value_patterns=NUMBERED)
    check_plan(plan)
    episode = draw_episode(plan, plan.options, 0, 1)
    np.testing.assert_array_equal(episode.keys[:4], episode.values[:4])
    assert stored(plan, 0) != stored(plan, 1)


# on the command line


def test_images_and_labels_go_to_heteroassociative(tmp_path):
    images, labels = random_patterns(8, 10, np.random.default_rng(0)), np.arange(8) % 3
    pd.DataFrame(images > 0).to_csv(tmp_path / "images.csv")
    pd.get_dummies(labels).to_csv(tmp_path / "labels.csv")
    own = ["--patterns", tmp_path / "images.csv", "--value-patterns", tmp_path / "labels.csv"]
    words = ["run", "heteroassociative", *own, "--corruption", 0, "--trials", 3, "--out", tmp_path / "out"]
    result = biokv(*words)
    assert result.exit_code == 0, result.output
    record = json.loads((tmp_path / "out" / "run.json").read_text())
    plan = record["plan"]
    assert plan["options"] == {"key_dim": 10, "value_dim": 3, "n_pairs": 8, "corruption": 0.0}
    kept = array_of(tmp_path / "out", record["inputs"]["value_patterns"])
    assert kept.tolist() == (2 * pd.get_dummies(labels) - 1).values.tolist()
    assert accuracies(tmp_path / "out").value.tolist() == [1, 1, 1]
    before = (tmp_path / "out" / "results.csv").read_text()
    assert biokv(*words, "--resume").exit_code == 0
    assert biokv("run", "heteroassociative", "--out", tmp_path / "out", "--resume").exit_code == 0
    assert (tmp_path / "out" / "results.csv").read_text() == before
    other = biokv(*words, "--in-order", "--resume")
    assert (other.exit_code, "had in_order False, this one has True" in other.stderr) == (2, True)


def test_a_recorded_plan_has_ones_own_patterns_again(tmp_path):
    options = {"key_dim": 4, "value_dim": 4, "n_pairs": 2}
    plan = Plan("heteroassociative", options=options, patterns=np.array(ROWS, float),
                value_patterns=-np.array(ROWS), in_order=True)  # fmt: skip
    write_record(tmp_path, {**describe(plan, ""), "inputs": keep(tmp_path, inputs_of(plan))})
    again = resumed_plan(tmp_path, Plan("heteroassociative"), typed=())
    assert again.patterns.tolist() == ROWS
    assert again.value_patterns.tolist() == (-np.array(ROWS)).tolist()
    assert again.in_order


def test_the_example_is_there_by_name_wherever_one_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = biokv("run", "autoassociative", "--patterns", "letters", "--corruption", "0.3", "--out", "mine")
    assert result.exit_code == 0, result.output
    notes = [line for line in result.stderr.splitlines() if line.startswith("note: ")]
    assert "letters.csv: 26 rows of 35 entries; took column 1 ('A', 'B', 'C', ...) as names and 0 and 1 as" in notes[0]
    assert "guessing each entry from the other patterns gets 68 % of their bits right" in notes[1]
    assert len(notes) == 2
    assert read_results(tmp_path / "mine").n_pairs.unique().tolist() == [26]


@pytest.mark.parametrize("command", ["raster", "look"])
def test_before_one_trial_is_drawn_too_what_misleads_is_said(command, tmp_path, monkeypatch):
    def stop(*words, **more):
        raise ValueError("no further")

    monkeypatch.setattr("bioKV.spiking.SpikingMemory.respond", stop)
    np.save(tmp_path / "mine.npy", np.ones((9, 4)))
    words = ["autoassociative", "--patterns", tmp_path / "mine.npy", "--engine", "numpy", "--out", tmp_path / "out"]
    engine, said, stopped = biokv(command, *words).stderr.splitlines()
    assert engine == "spiking engine: numpy"
    assert said.startswith("note: ")
    assert "gets 100 % of their bits right (4 of 4 entries never change), so accuracy" in said
    assert stopped == "biokv: no further"


@pytest.mark.parametrize(
    ("command", "n_pairs"), [("run", 26), ("compare", 26), ("robustness", 20), ("raster", 4), ("look", 20)]
)
def test_every_command_takes_patterns_values_threshold_and_order(command, n_pairs, tmp_path, monkeypatch):
    """What a command shows by default stays as short as it is without patterns of one's own, or shorter."""
    plans = []
    for name in ("run.run_study", "raster.draw_raster", "look.draw_look"):
        monkeypatch.setattr(f"bioKV.studies.{name}", lambda plan, *rest, **more: plans.append(plan))
    np.save(tmp_path / "grey.npy", np.arange(26 * 3).reshape(26, 3))
    np.save(tmp_path / "three.npy", ROWS)
    words = [command, "heteroassociative", "--value-patterns", tmp_path / "grey.npy", "--threshold", 5, "--in-order"]
    for more in ([], ["--patterns", "letters"]):
        assert biokv(*words, *more).exit_code == 0
    assert biokv(command, "autoassociative", "--patterns", tmp_path / "three.npy").exit_code == 0
    values, both, three = plans
    assert (values.patterns, values.in_order) == (None, True)
    assert values.value_patterns.tolist() == np.where(np.arange(26 * 3) > 5, 1, -1).reshape(26, 3).tolist()
    assert both.patterns.shape == (26, 35)
    assert {name: both.options[name] for name in ("n_pairs", "key_dim", "value_dim")} == {
        "n_pairs": n_pairs, "key_dim": 35, "value_dim": 3
    }  # fmt: skip
    assert sizes_of("copy_paste", both.own_patterns) == {"n_patterns": 26, "pattern_dim": 35}
    assert (three.in_order, three.value_patterns, three.options["n_pairs"]) == (False, None, 3)


def test_the_commands_of_the_documentation_run(tmp_path, monkeypatch):
    commands = re.findall("^    (biokv .*--patterns.*)$", (ROOT / "docs" / "extend.md").read_text(), re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    grey = np.random.default_rng(0).integers(0, 256, (12, 9))
    pd.DataFrame(grey).to_csv("images.csv", index=False)
    pd.get_dummies(np.arange(12) % 3).to_csv("labels.csv")
    assert len(commands) == 2
    for command in commands:
        result = biokv(*shlex.split(command)[1:])
        assert result.exit_code == 0, result.output
    record = json.loads((tmp_path / "runs" / "labels" / "run.json").read_text())
    kept = array_of(tmp_path / "runs" / "labels", record["inputs"]["patterns"])
    assert kept.tolist() == np.where(grey > 127, 1, -1).tolist()


# bits that are right without a memory


def test_a_constant_guess_is_right_as_often_as_entries_are_biased(rng):
    biased = np.where(rng.random((400, 50)) < 0.05, 1, -1)
    assert constant_guess(biased) == pytest.approx((biased < 0).mean(), abs=1e-12)
    assert constant_guess(np.ones((3, 4))) == 1
    assert constant_guess(np.array([[0.5, 0], [0.2, 0], [0.1, -1], [0.3, -1]])) == 1  # graded: a 0 has no sign
    assert constant_guess([[1, -1], [-1, -1], [1, -1]]) == pytest.approx((0.5 + 0 + 0.5 + 3) / 6)


@pytest.mark.parametrize("n_patterns", [2, 3, 4, 10, 40, 400])
def test_patterns_without_a_bias_are_not_warned_of(n_patterns, rng):
    plan = Plan("autoassociative", patterns=random_patterns(n_patterns, 40, rng))
    assert what_misleads(plan) == []


def test_bias_is_said_of_what_is_recalled():
    labels = 2 * np.eye(10)[np.arange(40) % 10] - 1
    (said,) = what_misleads(Plan("heteroassociative", patterns=NUMBERED, value_patterns=labels))
    assert "guessing each entry from the other values gets 90 % of their bits right, so accuracy" in said
    assert what_misleads(Plan("heteroassociative", patterns=labels)) == []  # keys are not scored
    assert what_misleads(Plan("correlated", patterns=labels)) == []  # one of them is a template
    assert what_misleads(Plan("autoassociative")) == []
    still = np.column_stack([NUMBERED, np.ones((40, 6))])
    (said,) = what_misleads(Plan("autoassociative", patterns=still))
    assert "(6 of 12 entries never change)" in said

"""`biokv learn`, `biokv run --memory learned --rule`, and figures 3a to 3d as a user meets them."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from command_line import biokv

from bioKV import Rule
from bioKV.paper import learned_rules as rules
from bioKV.paper.panels import PANELS
from bioKV.rule import NEAR_ZERO, SIMPLE
from bioKV.studies.memories import memory_names

SMALL = ["--key-dim", 8, "--batch", 2]
FILES = ["checkpoint.npz", "history.csv", "learning.pdf", "learning.png", "rule.json", "run.json"]


def learn(*words):
    return biokv("learn", "autoassociative", *SMALL, *words)


def state(folder):
    return json.loads((folder / "run.json").read_text())["state"]


@pytest.fixture
def few_steps(monkeypatch):
    """Figures whose rules took three steps to learn."""
    monkeypatch.setattr(rules, "STEPS", 3)


def test_learn_writes_rule_history_record_and_picture(tmp_path):
    pytest.importorskip("jax")
    done = learn("--third-factor", "random", "--p", 0.3, "--steps", 5, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES
    history = pd.read_csv(tmp_path / "out" / "history.csv")
    assert history.step.tolist() == [0, 1, 2, 3, 4]
    rule = Rule.load(tmp_path / "out" / "rule.json")
    assert 0 < abs(rule.a_fk - NEAR_ZERO.a_fk) < 0.1
    assert rule.axon == 0
    record = json.loads((tmp_path / "out" / "run.json").read_text())
    assert (record["state"], record["training"]["options"]["p"]) == ("finished", 0.3)
    assert {"jax", "optax"} <= set(record["versions"])


def test_a_training_goes_on_from_where_it_was_and_takes_more_steps(tmp_path):
    pytest.importorskip("jax")
    assert learn("--steps", 6, "--seed", 2, "--out", tmp_path / "whole").exit_code == 0
    assert learn("--steps", 3, "--seed", 2, "--out", tmp_path / "parts").exit_code == 0
    again = ("learn", "autoassociative", "--steps", 6, "--resume", "--out", tmp_path / "parts")
    done = biokv(*again)
    assert done.exit_code == 0, done.output
    assert len(json.loads((tmp_path / "parts" / "run.json").read_text())["commands"]) == 2
    refused = biokv(*again, "--seed", 0)  # a default, but typed
    assert refused.exit_code == 2
    assert "had seed 2, this one has 0" in refused.stderr
    assert (tmp_path / "parts/rule.json").read_text() == (tmp_path / "whole/rule.json").read_text()
    assert (tmp_path / "parts/history.csv").read_text() == (tmp_path / "whole/history.csv").read_text()


def test_a_learned_rule_is_a_memory_of_the_command_line(tmp_path):
    SIMPLE.save(tmp_path / "simple.json")
    both = ("--memory", "rate", "--memory", "learned", "--rule", tmp_path / "simple.json")
    sizes = ("--n-pairs", "5,20", "--key-dim", 12, "--trials", 3)
    done = biokv("run", "autoassociative", *both, *sizes, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    table = pd.read_csv(tmp_path / "out" / "results.csv")
    rate, same = (table[table.memory == memory].value.to_numpy() for memory in ("rate", "learned"))
    np.testing.assert_array_equal(rate, same)


def test_a_loss_that_is_no_number_ends_the_command_and_leaves_the_last_good_rule(tmp_path):
    pytest.importorskip("jax")
    done = learn("--learning-rate", 1e20, "--steps", 20, "--out", tmp_path)
    assert done.exit_code == 1
    assert "not finite at step" in done.output
    assert np.isfinite([*Rule.load(tmp_path / "rule.json")]).all()
    assert state(tmp_path) == "diverged"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--train", "a_fk,a_hk"], "a rule has no 'a_hk' to train"),
        (["--third-factor", "least_recently_used"], "third_factor must be 'sequential' or 'random'"),
        (["--p", "0.1"], "p is the probability of random third factors; it does nothing for sequential"),
        (["--third-factor", "random", "--p", "4"], "must lie in [0, 1]; got 4. Did you mean p=4/N?"),
        (["--n-pairs", "9,3"], "n_pairs takes one value, or the two ends between which it is drawn"),
        (["--n-pairs", "1,2,3"], "n_pairs takes one value, or the two ends between which it is drawn"),
        (["--decay", "0.9"], "autoassociative has no option 'decay' to learn with"),
        (["--start", "nothing.json"], "cannot read the rule nothing.json: No such file"),
        (["--steps", "0"], "n_steps must be a whole number above 0"),
        (["--device", "tpu"], "device must be 'cpu' or 'gpu'"),
        (["--resume"], "there is no training to resume in"),
    ],
)
def test_what_cannot_be_learned_is_said_and_no_folder_made(words, message, tmp_path):
    pytest.importorskip("jax")
    done = learn(*words, "--out", tmp_path / "out")
    assert done.exit_code == 2, done.output
    assert message in " ".join(done.output.split())
    assert not (tmp_path / "out").exists()


def test_results_that_are_there_are_kept_unless_asked_otherwise(tmp_path):
    pytest.importorskip("jax")
    assert learn("--steps", 1, "--out", tmp_path).exit_code == 0
    for words, message in (([], "already holds a training"), (["--resume", "--seed", 1], "had seed 0, this one has 1")):
        done = learn("--steps", 2, *words, "--out", tmp_path)
        assert done.exit_code == 2
        assert message in " ".join(done.output.split())
    assert learn("--steps", 2, "--force", "--out", tmp_path).exit_code == 0


def test_the_learned_memory_needs_a_rule_and_the_rule_that_memory(tmp_path):
    done = biokv("run", "autoassociative", "--memory", "learned", "--out", tmp_path / "out")
    assert (done.exit_code, "needs --rule FILE" in done.output) == (2, True)
    done = biokv("run", "autoassociative", "--rule", "rule.json", "--out", tmp_path / "out")
    assert (done.exit_code, "rule is an option of spiking and learned" in done.output) == (2, True)


def test_without_jax_all_but_learning_works_and_learning_says_how_to_get_it(tmp_path):
    SIMPLE.save(tmp_path / "simple.json")
    out = ["--out", str(tmp_path / "out")]
    run = ["run", "autoassociative", "--memory", "learned", "--rule", str(tmp_path / "simple.json"), "--n-pairs", "3",
           "--trials", "2", "--key-dim", "8"]  # fmt: skip
    commands = [[*words, *out] for words in (["learn", "autoassociative"], ["figure", "3a"], ["figure", "3d"], run)]
    code = (
        "import json, sys; sys.modules['jax'] = sys.modules['optax'] = None\n"
        "from bioKV.commands.cli import main\n"
        "for words in json.loads(sys.argv[1]):\n"
        "    sys.argv, ended = ['biokv', *words], 'code 0'\n"
        "    try: main()\n"
        "    except SystemExit as end: ended = f'code {end.code or 0}'\n"
        "    print(ended, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, json.dumps(commands)], capture_output=True, text=True)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    *refused, ran, rest = re.split(r"code (\d)\n", done.stderr)
    assert (refused[1::2], ran, rest) == (["2"] * 3, "0", "")
    assert all('pip install "bioKV[learn]"' in sentence for sentence in refused[:-1:2])


@pytest.mark.parametrize("name", ["3c", "3d"])
def test_the_figures_of_training_are_drawn_by_one_command(name, tmp_path, few_steps):
    pytest.importorskip("jax")
    done = biokv("figure", name, "--out", tmp_path)
    assert done.exit_code == 0, done.output
    table = pd.read_csv(tmp_path / "history.csv")
    assert len(table) == 2 * 3 * 3
    assert table[table.step == 0].a_fk.tolist() == pytest.approx([0.01] * 6)
    assert done.output.count("b_fk/a_fk") == 6
    for kind in ("png", "pdf"):
        assert (tmp_path / f"figure-{name}.{kind}").exists()
    assert biokv("figure", name, "--out", tmp_path).exit_code == 2
    assert biokv("figure", name, "--trials", 3, "--force", "--out", tmp_path).exit_code == 2


def test_a_rule_is_learned_once_and_read_from_then_on(few_steps, monkeypatch):
    pytest.importorskip("jax")
    first = rules.learned("sequential", 1).rule
    monkeypatch.setattr(rules, "say_to_stderr", lambda line: pytest.fail(line))
    assert rules.learned("sequential", 1).rule == first


def test_figure_3a_has_learned_rules_of_three_trainings():
    models = [curve.model for curve in PANELS["3a"]().curves if curve.memory == "learned"]
    assert len({model.rpartition(" ")[2] for model in models}) == 3
    assert "learned" in memory_names()

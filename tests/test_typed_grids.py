"""Grids, points and plan files on the command line: what is typed, and what a file says."""

import shutil
from pathlib import Path

import pytest
from command_line import biokv
from conftest import ROOT

from bioKV.commands.protocol_options import parse_options, zipped
from bioKV.network.settings import read_setting
from bioKV.ranges import listed
from bioKV.studies.grid import combinations
from bioKV.studies.plan import check_plan
from bioKV.studies.plan_file import read_plan, read_plan_file
from bioKV.studies.plan_text import plan_text

STUDIES = sorted((ROOT / "studies").glob("*.toml"))


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """What a command asks `run_study` for: the last call's plan, folder and options. Nothing is run."""
    calls = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bioKV.studies.run.run_study", lambda plan, out, command, **how: calls.append((plan, out, how)))

    def ask(*words):
        result = biokv(*words)
        assert (result.exit_code, result.stderr) == (0, ""), result.output
        return calls[-1]

    return ask


def refused(*words):
    """The one sentence that a command is refused with."""
    result = biokv(*words)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    (line,) = result.stderr.splitlines()
    return line.removeprefix("biokv: ")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("10:100:30", "10 40 70 100"),
        ("10:100:40", "10 50 90"),
        ("1:4", "1 2 3 4"),
        ("3:1:-1", "3 2 1"),
        ("0:1:0.1", "0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1.0"),
        ("5,10:40:10", "5 10 20 30 40"),
        ("1:1", "1"),
        ("0:4:2ms", "0ms 2ms 4ms"),
        ("0ms:1ms:.5ms", "0.0ms 0.5ms 1.0ms"),
    ],
)
def test_a_range_has_its_stop_and_decimal_steps(text, values):
    assert listed("n", text) == values.split()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1:5:0", "n: the step of a range must not be 0; got '1:5:0'"),
        ("5:1", "n: the range '5:1' is empty, as its steps lead away from its stop; 5:1:-1 is not"),
        ("1:5:-1", "n: the range '1:5:-1' is empty, as its steps lead away from its stop; 1:5:1 is not"),
        ("0:1e9", "n: the range '0:1e9' has more than 10,000 values"),
        ("0:1:1e-999999999", "n: the range '0:1:1e-999999999' has more than 10,000 values"),
        ("1:", "n: a range is START:STOP or START:STOP:STEP, such as 10:100:10, with one unit; got '1:'"),
        ("1ms:2s:1", "n: a range is START:STOP or START:STOP:STEP, such as 10:100:10, with one unit; got '1ms:2s:1'"),
    ],
)
def test_a_range_that_is_none_is_refused(text, sentence):
    with pytest.raises(ValueError) as problem:  # noqa: PT011
        listed("n", text)
    assert str(problem.value) == sentence


def test_options_and_settings_take_lists_and_ranges():
    words = ["--n-pairs", "5,10:30:10", "--corruption=0:0.3:0.1", "--n-slots", "none"]
    options = parse_options("autoassociative", words, settings=["axon_delay=0:2:1ms", "theta=2.5"])
    assert options == {"n_pairs": [5, 10, 20, 30], "corruption": [0.0, 0.1, 0.2, 0.3], "n_slots": None,
                       "axon_delay": [0.0, 1.0, 2.0], "theta": 2.5}  # fmt: skip
    assert read_setting("axon_delay=1ms,2ms") == ("axon_delay", [1.0, 2.0])


def test_zipped_options_go_together():
    options = {"n_pairs": [1, 2], "n_slots": [3, 4], "p": [0.1, 0.2], "corruption": [0.5, 0.6], "key_dim": 8}
    rest, points = zipped(options, ["n_pairs,n-slots"])
    assert rest == {"p": [0.1, 0.2], "corruption": [0.5, 0.6], "key_dim": 8}
    assert points == ({"n_pairs": 1, "n_slots": 3}, {"n_pairs": 2, "n_slots": 4})
    assert len(zipped(options, ["n_pairs,n_slots", "p,corruption"])[1]) == 4
    assert zipped(options, []) == (options, ())


def test_a_typed_grid_becomes_a_plan(asked):
    plan, out, how = asked(
        "run", "autoassociative", "--n-pairs", "2:4", "--n-slots", "4,6,8", "--corruption", "0.3,0.6", "--zip",
        "n_pairs,n_slots", "--x", "n-slots", "--hue", "corruption", "--memory", "spiking", "--record", "hidden,output",
        "--record-trials", "0:2", "--trials", "3",
    )  # fmt: skip
    assert plan.options == {"corruption": [0.3, 0.6]}
    assert plan.points == tuple({"n_pairs": n, "n_slots": 2 * n} for n in (2, 3, 4))
    assert plan.axes == {"x": "n_slots", "hue": "corruption"}
    assert (plan.record, plan.record_trials) == (("hidden", "output"), (0, 1, 2))
    assert {"points", "axes", "record", "record_trials", "trials"} <= how["typed"]
    assert out == Path("runs/run-autoassociative")


def test_a_list_of_mechanisms_is_an_option_that_varies(asked):
    words = ("--mechanism", "none,short_term_depression", "--set", "tau_recovery=90ms")
    plan, _, _ = asked("compare", "autoassociative", *words)
    assert plan.options == {"mechanism": ["none", "short_term_depression"], "tau_recovery": 90.0}
    assert len(combinations(plan)) == 2


PLAN = """
[study]
protocol = "autoassociative"
memories = ["rate", "hopfield"]
x = "n_pairs"

[fixed]
key_dim = 12

[sweep]
n_pairs = [2, 3]

[run]
trials = 4
seed = 9
workers = 1
out = "there"
"""


def test_a_plan_file_is_run_and_what_is_typed_beside_it_goes_first(asked, tmp_path):
    (tmp_path / "my.toml").write_text(PLAN)
    plan, out, how = asked("run", "my.toml")
    assert plan == read_plan("my.toml")[0]
    assert (str(out), how["workers"], how["typed"], how["margins"]) == ("there", 1, None, None)
    plan, out, how = asked("run", "my.toml", "--trials", "5", "--n-pairs", "7", "--out", "here", "--memory", "rate",
                           "--n-slots", "4,8", "--workers", "2")  # fmt: skip
    assert (plan.trials, plan.seed, plan.memories, str(out), how["workers"]) == (5, 9, ("rate",), "here", 2)
    assert plan.options == {"key_dim": 12, "n_pairs": 7, "n_slots": [4, 8]}
    assert plan.axes == {}  # n_pairs, which was along x, varies no more


def test_a_plan_file_is_compared_by_its_key_or_by_the_command(asked, tmp_path):
    (tmp_path / "my.toml").write_text(PLAN.replace('memories = ["rate", "hopfield"]', ""))
    both = PLAN.replace('memories = ["rate", "hopfield"]', "compare = true")
    (tmp_path / "both.toml").write_text(both + "margin = 0.1\n")
    plan, _, how = asked("compare", "my.toml")
    assert (plan.replay, plan.memories) == (True, ("spiking", "rate"))
    assert how["margins"] == {"accuracy": 0.02, "whole_patterns": 0.05, "silent": 0.02}
    for command in ("run", "compare"):
        plan, _, how = asked(command, "both.toml")
        assert (plan.replay, plan.memories) == (True, ("spiking", "rate"))
        assert how["margins"] == {"accuracy": 0.1, "whole_patterns": 0.05, "silent": 0.1}
    assert asked("compare", "both.toml", "--margin", "0.3")[2]["margins"]["accuracy"] == 0.3


def test_what_is_wrong_with_a_grid_that_was_typed_is_said_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.toml").write_text(PLAN)
    (tmp_path / "both.toml").write_text(PLAN.replace('memories = ["rate", "hopfield"]', "compare = true"))
    (tmp_path / "no-axis.toml").write_text('[study]\nprotocol = "autoassociative"\nx = "n_pairs"\n')
    run = ("run", "autoassociative")
    for words, sentence in [
        ((*run, "--n-pairs", "5:1"), "--n-pairs: the range '5:1' is empty"),
        ((*run, "--n-pairs", "0:1:0.5"), "--n-pairs must be a whole number; got '0.0'"),
        ((*run, "--n-pairs", "2,3", "--zip", "n_pairs"), "--zip takes two different options or more, such as n_p"),
        ((*run, "--n-pairs", "2,3", "--zip", "n_pairs,n_slots"), "each in one --zip; n_slots is not there"),
        ((*run, "--n-pairs", "2,3", "--n-slots", "4", "--zip", "n_pairs,n_slots"), "n_slots is 4"),
        ((*run, "--n-pairs", "2,3", "--n-slots", "4,5,6", "--zip", "n_pairs,n_slots"), "has 2 and n_slots has 3"),
        ((*run, "--n-pairs", "2,3", "--zip", "n_pairs,n_pairs"), "--zip takes two different options or more"),
        ((*run, "--n-pairs", "2,3", "--x", "n_slots"), "x must be an option that varies; got 'n_slots'"),
        ((*run, "--record", "hidden"), "the spiking memory is not among the memories"),
        ((*run, "--memory", "spiking", "--record", "hidden", "--record-trials", "one"), "must be whole"),
        (("raster", "my.toml"), "my.toml is a plan, and this command takes a protocol; biokv run my"),
        (("robustness", "my.toml"), "my.toml is a plan, and this command takes a protocol"),
        (("run", "no-such.toml"), "there is no plan no-such.toml"),
        (("run", "my.toml", "--n-pairs", "-3"), "n_pairs must be a whole number above 0; got -3"),
        (("run", "my.toml", "--key-dim", "4", "--n-slots", "3", "--memory", "hopfield"), "n_slots is an option of"),
        (("run", "no-axis.toml"), "no-axis.toml, line 3: x must be an option that varies; got 'n_pairs'"),
        (("run", "my.toml", "--workers", "0", "--dry-run"), "workers must be a whole number above 0; got 0"),
        (("run", "my.toml", "--record-trials", "0,1"), "without record (--record hidden,output) none are kept"),
        (("run", "my.toml", "--record-trials", "0"), "without record (--record hidden,output) none are kept"),
        ((*run, "--memory", "spiking", "--record-trials", "0"), "record (--record hidden,output) none are kept"),
        (("run", "my.toml", "--x", "key_dim"), "x must be an option that varies; got 'key_dim'"),
        (("run", "both.toml", "--memory", "rate"), "both.toml compares spiking and rate (compare = true), so --memory"),
    ]:  # fmt: skip
        assert sentence in refused(*words), words
    assert not (tmp_path / "runs").exists()


def test_an_option_that_the_command_has_too_is_set_in_a_plan_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "task.py").write_text(
        "import numpy as np\nfrom bioKV import Episode\n\ndef task(rng, seed: int = 3):\n"
        "    return Episode(np.ones((3, 4)), np.ones((3, 4)), np.ones(3), np.array([-1, -1, 0]))\n"
    )
    said = biokv("run", "task.py", "--seed", "5", "--dry-run").stderr
    about = "the option seed of task is set in a plan file, below [fixed] or [sweep]"
    assert said == f"note: --seed is that of `biokv run`; {about}\n"
    (tmp_path / "my.toml").write_text('[study]\nprotocol = "task.py"\n[sweep]\nseed = [5, 6]\n')
    assert read_plan("my.toml")[0].options == {"seed": [5, 6]}


@pytest.mark.parametrize("name", ["protocol", "memories", "options", "patterns", "trial", "rng_", "name"])
def test_an_option_may_have_the_name_of_anything_of_ours(name, tmp_path):
    (tmp_path / "task.py").write_text(
        f"import numpy as np\nfrom bioKV import Episode\n\ndef task(rng, {name}: int = 3):\n"
        f"    return Episode(np.ones(({name}, 4)), np.ones(({name}, 4)), np.ones({name}), np.array([-1, -1, 0]))\n"
    )
    (tmp_path / "my.toml").write_text(f'[study]\nprotocol = "task.py"\n[fixed]\n{name} = 3\n[run]\ntrials = 2\n')
    done = biokv("run", tmp_path / "my.toml", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.stderr


def test_a_dry_run_says_what_a_study_takes_and_stops(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.toml").write_text(PLAN)
    result = biokv("run", "my.toml", "--dry-run")
    assert result.exit_code == 0, result.output
    first, second = result.stdout.splitlines()
    assert first == "4 cells, 16 trials, 80 presentations"  # 2 memories at 2 loads of 4 trials: 4 * 2 * (4 + 6)
    assert second.startswith("takes about a second with 1 worker, and 0.0 MB of results")
    assert list(tmp_path.iterdir()) == [tmp_path / "my.toml"]
    assert "trials must be a whole number above 0" in refused("run", "my.toml", "--dry-run", "--trials", "0")


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_every_study_that_ships_can_be_carried_out(path):
    plan, _ = read_plan(path)
    check_plan(plan._replace(trials=2))
    assert f"biokv run studies/{path.name}" in path.read_text()


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_a_study_that_was_read_can_be_written_and_read_again(path, tmp_path):
    plan = read_plan_file(path).plan
    (tmp_path / "study.toml").write_text(plan_text(plan))
    assert read_plan_file(tmp_path / "study.toml").plan == plan


@pytest.mark.parametrize(("name", "swept"), [("2a", "--n-pairs"), ("4a", "--delay"), ("5a", "--n-pairs")])
def test_a_figure_that_ships_is_one_command(name, swept, tmp_path):
    path, out = ROOT / "studies" / f"figure-{name}.toml", tmp_path / "out"
    result = biokv("run", path, swept, "2,3", "--memory", "rate", *["--memory", "hopfield"] * (name == "4a"),
                   "--trials", "2", "--out", out)  # fmt: skip
    assert result.exit_code == 0, result.output
    assert (out / "accuracy.pdf").exists()


def test_the_studies_that_ship_are_these():
    names = {"figure-2a", "figure-4a", "figure-5a", "robustness", "mechanisms", "three-factors"}
    assert {path.stem for path in STUDIES} == names


def test_a_plan_runs_from_any_folder(tmp_path, monkeypatch):
    """The rule of one's own lies beside the plan."""
    shutil.copytree(ROOT / "studies", tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path)
    plan, _ = read_plan("elsewhere/mechanisms.toml")
    assert plan.options["mechanism"][2] == "elsewhere/additive_write.py"

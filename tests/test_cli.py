"""The command line as a user meets it: what commands do, print and write."""

import hashlib
import json

import numpy as np
import pandas as pd
import pytest
from command_line import SMALL, accuracies, biokv

import bioKV
from bioKV import read_results
from bioKV.analysis.tables import GAPS
from bioKV.commands.protocol_options import SHORT, parse_options
from bioKV.rule import SIMPLE
from bioKV.studies.plan import Plan, check_plan
from bioKV.studies.study import Study
from bioKV.studies.tasks import protocol_names, protocol_options

QUICK = [*SMALL, "--engine", "numpy", "--set", "dt=1ms"]  # half as many time steps in spikes
COUNTER = r"""
from dataclasses import dataclass
from bioKV.network import Mechanism, Part

@dataclass(frozen=True)
class Counter(Mechanism):
    step: float = 1.0

    def add(self, network):
        return network.adding("input", "counter", Part(
            "counted : 1\nstep : 1 (shared, constant)", at={"spike": "counted += step"}, keeps=("counted",)))

    def settings(self, network, values):
        return {"input.step": self.step}

mechanism = Counter()
"""


def test_run_writes_table_record_and_pictures(tmp_path):
    out = tmp_path / "out"
    result = biokv(
        "run",
        "autoassociative",
        "--n-pairs",
        "3,6",
        "--trials",
        5,
        "--third-factor",
        "sequential",
        "--third-factor",
        "random",
        *SMALL,
        "--seed",
        1,
        "--out",
        out,
    )
    assert result.exit_code == 0, result.output
    files = {"accuracy.pdf", "accuracy.png", "parts", "results.csv", "run.json", "study.toml"}
    assert {path.name for path in out.iterdir()} == files
    assert len(accuracies(out)) == 2 * 2 * 5
    record = json.loads((out / "run.json").read_text())
    assert record["state"] == "finished"
    assert record["plan"]["seed"] == 1
    assert {"commands", "versions", "git_revision", "wall_s", "cpu_s", "peak_memory_mb", "engine", "parameters"} <= set(
        record
    )
    assert str(out / "accuracy.png") in result.output.replace("\n", "")


def test_force_leaves_nothing_of_an_older_run(tmp_path):
    words = ["autoassociative", "--n-pairs", "1", "--trials", "2", "--key-dim", "6", "--out", tmp_path]
    assert biokv("compare", *words, "--engine", "numpy", "--set", "dt=1ms").exit_code == 0
    (tmp_path / "notes.txt").write_text("mine")
    assert (tmp_path / "comparison.csv").exists()
    SIMPLE.save(tmp_path / "rule.json")
    assert biokv("run", *words, "--memory", "learned", "--rule", tmp_path / "rule.json", "--force").exit_code == 0
    kept = {"accuracy.png", "accuracy.pdf", "parts", "results.csv", "run.json", "study.toml", "notes.txt",
            "rule.json", "inputs"}  # fmt: skip
    assert {path.name for path in tmp_path.iterdir()} == kept
    assert biokv("run", *words, "--force").exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == kept - {"inputs"}


def test_the_same_command_gives_the_same_numbers(tmp_path):
    for name in ("first", "second"):
        assert (
            biokv("run", "autoassociative", "--n-pairs", "3", "--trials", 3, *SMALL, "--out", tmp_path / name).exit_code
            == 0
        )
    assert (tmp_path / "first/results.csv").read_text() == (tmp_path / "second/results.csv").read_text()


def test_compare_reports_the_gap_and_one_verdict(tmp_path):
    out = tmp_path / "out"
    result = biokv(
        "compare", "autoassociative", "--n-pairs", "1,2", "--trials", 3, *QUICK, "--out", out
    )
    assert result.exit_code == 0, result.output
    assert result.output.count("verdict:") == 1
    assert "largest slot" in result.output
    assert "kappa" in result.output
    assert set(accuracies(out).memory) == {"spiking", "rate"}
    comparison = pd.read_csv(out / "comparison.csv")
    assert list(comparison.columns)[-len(GAPS) :] == GAPS
    assert set(comparison.quantity) == {"accuracy", "whole_patterns", "silent", "accuracy_ties_half"}
    assert "chance: a constant guess has " in result.output
    record = json.loads((out / "run.json").read_text())
    assert record["engine"] == ["numpy"]
    assert record["parameters"]["tau_drive"] == "20 ms"


def test_raster_draws_one_trial(tmp_path):
    result = biokv("raster", "autoassociative", "--n-pairs", 1, *QUICK, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "spiking engine: numpy" in result.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "psth.pdf", "psth.png", "raster.pdf", "raster.png", "raster.txt", "run.json", "task.pdf", "task.png"
    ]  # fmt: skip


def test_robustness_sweeps_one_knob_beside_the_rate_twin(tmp_path):
    """With a mechanism of one's own in the circuit, whose field is set like any parameter."""
    out, own = tmp_path / "out", tmp_path / "counter.py"
    own.write_text(COUNTER)
    result = biokv("robustness", "autoassociative", "--knob", "release_failure", "--values", "0,1", "--n-pairs", 1,
                   "--trials", 2, *QUICK, "--set", "tau_drive=25ms",
                   "--mechanism", own, "--set", "step=3", "--out", out)  # fmt: skip
    assert result.exit_code == 0, result.output
    assert {"accuracy.png", "comparison.csv", "results.csv", "run.json"} <= {path.name for path in out.iterdir()}
    table = accuracies(out)
    means = table.groupby(["memory", "release_failure"]).value.mean()
    assert means["spiking", 0.0] > 0.9  # and nothing is recalled where every release fails
    assert means["spiking", 1.0] == 0
    assert means["rate"].min() > 0.9
    plan = json.loads((out / "run.json").read_text())["plan"]
    assert plan["options"]["tau_drive"] == 25.0
    assert plan["options"]["step"] == 3
    assert plan["mechanisms"] == [str(own)]


def test_look_draws_the_inside_of_one_trial(tmp_path):
    out = tmp_path / "out"
    words = ["look", "autoassociative", "--n-pairs", 2, *QUICK, "--seed", 3,
             "--mechanism", "short_term_depression", "--out", out]  # fmt: skip
    result = biokv(*words)
    assert result.exit_code == 0, result.output
    assert "spiking engine: numpy" in result.stderr
    assert sorted(path.name for path in out.iterdir()) == sorted(
        ["run.json", *(f"{name}.{kind}" for name in ("traces", "weights", "shares") for kind in ("pdf", "png"))]
    )
    record = json.loads((out / "run.json").read_text())
    assert record["plan"]["seed"] == 3
    assert (record["stored_in_step"], record["recalled_in_step"], record["written_slots"]) == (1, 3, [1])
    assert "accuracy in this trial: spiking " in result.output
    refused = biokv(*words)
    assert refused.exit_code == 2
    assert "already holds a look or other results; choose another --out, or add --force (replace)" in refused.stderr


@pytest.mark.parametrize("protocol", protocol_names())
def test_a_raster_of_any_protocol_fits_with_nothing_else_typed(protocol):
    for seed in range(20):
        plan = Plan(protocol, ("spiking",), options=parse_options(protocol, [], SHORT), seed=seed, engine="numpy")
        check_plan(plan)
        assert Study(plan).cells[0].n_steps <= 60


@pytest.mark.usefixtures("tables_alone")
def test_ones_own_patterns_are_stored(tmp_path):
    patterns = np.random.default_rng(0).choice([-1, 1], size=(4, 10))
    np.savetxt(tmp_path / "own.csv", patterns, delimiter=",", fmt="%d")
    np.save(tmp_path / "own.npy", patterns)
    tables = []
    for name in ("own.csv", "own.npy"):
        out = tmp_path / name.replace(".", "_")
        result = biokv("run", "autoassociative", "--patterns", tmp_path / name, "--trials", 2, "--out", out)
        assert result.exit_code == 0, result.output
        tables.append((out / "results.csv").read_text())
        kept = json.loads((out / "run.json").read_text())["inputs"]["patterns"]
        assert (out / "run.json").stat().st_size < 4000
        np.testing.assert_array_equal(np.load(out / kept["kept"]), patterns)
        assert hashlib.sha256((out / kept["kept"]).read_bytes()).hexdigest() == kept["sha256"]
        assert read_results(out).n_pairs.unique().tolist() == [4]
    assert tables[0] == tables[1]


def test_doctor_names_what_is_there():
    result = biokv("doctor")
    assert result.exit_code == 0
    for word in (
        "bioKV",
        "Python",
        "brian2",
        "compiler",
        "cache",
        "autoassociative --n-pairs 20 --key-dim 40 --corruption 0.6",
    ):
        assert word in result.output


@pytest.mark.usefixtures("tables_alone")
def test_every_option_of_every_protocol_can_be_typed(tmp_path):
    for protocol in protocol_names():
        words = []
        for name, option in protocol_options(protocol).items():
            words += ["--" + name.replace("_", "-"), 200 if option.default is None else option.default]
        out = tmp_path / protocol
        result = biokv("run", protocol, *words, "--memory", "bam", "--trials", 2, "--out", out)
        assert result.exit_code == 0, result.output
        typed = json.loads((out / "run.json").read_text())["plan"]["options"]
        assert typed.keys() == protocol_options(protocol).keys()
    assert "n_patterns" in typed


@pytest.mark.parametrize(
    ("protocol", "name", "value"),
    [("autoassociative", "n_pairs", 12), ("heteroassociative", "n_pairs", 12), ("sequence", "n_patterns", 12),
     ("continual", "delay", 4), ("correlated", "n_pairs", 20)],
)  # fmt: skip
@pytest.mark.usefixtures("tables_alone")
def test_ones_own_patterns_go_to_every_protocol(protocol, name, value, tmp_path):
    np.save(tmp_path / "own.npy", np.random.default_rng(0).choice([-1, 1], size=(12, 10)))
    delay = ["--delay", 4] if protocol == "continual" else []
    words = ["run", protocol, *delay, "--patterns", tmp_path / "own.npy", "--trials", 2]
    result = biokv(*words, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert read_results(tmp_path / "out")[name].unique().tolist() == [value]
    plan = json.loads((tmp_path / "out" / "run.json").read_text())["plan"]
    assert plan["options"]["key_dim"] == 10
    if protocol == "continual":
        assert plan["options"]["n_steps"] == 12


def test_version_is_that_of_the_package():
    result = biokv("--version")
    assert result.exit_code == 0
    assert result.output.split() == ["bioKV", bioKV.__version__]

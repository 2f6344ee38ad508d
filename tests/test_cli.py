"""The command line as a user meets it: files, sentences, exit codes, interruptions."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from bioKV import cache, study
from bioKV.cli import app
from bioKV.run_study import SHORT, parse_options
from bioKV.study import COLUMNS, Plan

SMALL = ["--key-dim", "12", "--n-slots", "12"]


def biokv(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def accuracies(folder):
    table = pd.read_csv(folder / "results.csv", keep_default_na=False)
    assert tuple(table.columns) == COLUMNS
    return table[table.quantity == "accuracy"]


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
    assert sorted(path.name for path in out.iterdir()) == ["accuracy.pdf", "accuracy.png", "results.csv", "run.json"]
    assert len(accuracies(out)) == 2 * 2 * 5
    record = json.loads((out / "run.json").read_text())
    assert record["state"] == "finished"
    assert record["plan"]["seed"] == 1
    assert {"command", "versions", "git_revision", "wall_s", "cpu_s", "peak_memory_mb", "engine", "parameters"} <= set(
        record
    )
    assert str(out / "accuracy.png") in result.output.replace("\n", "")


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
        "compare", "autoassociative", "--n-pairs", "2,3", "--trials", 3, *SMALL, "--engine", "numpy", "--out", out
    )
    assert result.exit_code == 0, result.output
    assert result.output.count("verdict:") == 1
    assert "argmax" in result.output
    assert set(accuracies(out).memory) == {"spiking", "rate"}
    comparison = pd.read_csv(out / "comparison.csv")
    assert list(comparison.columns) == ["third_factor", "x", "subset", "gap", "low", "high", "trials", "p_equivalence"]
    record = json.loads((out / "run.json").read_text())
    assert record["engine"] == ["numpy"]
    assert record["parameters"]["tau_drive"] == "20 * ms"


def test_raster_draws_one_trial(tmp_path):
    result = biokv("raster", "autoassociative", "--n-pairs", 2, *SMALL, "--engine", "numpy", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["raster.pdf", "raster.png"]


def test_robustness_sweeps_one_knob_beside_the_rate_twin(tmp_path):
    out = tmp_path / "out"
    result = biokv("robustness", "autoassociative", "--knob", "release_failure", "--values", "0,1", "--n-pairs", 2,
                   "--trials", 2, *SMALL, "--engine", "numpy", "--set", "tau_drive=25ms", "--out", out)  # fmt: skip
    assert result.exit_code == 0, result.output
    assert {"accuracy.png", "comparison.csv", "results.csv", "run.json"} <= {path.name for path in out.iterdir()}
    table = accuracies(out)
    assert set(table.x_name) == {"release_failure"}
    means = table.groupby(["memory", "x"]).value.mean()
    assert means["spiking", 0.0] > 0.9  # and nothing is recalled where every release fails
    assert means["spiking", 1.0] == 0
    assert means["rate"].min() > 0.9
    assert json.loads((out / "run.json").read_text())["plan"]["options"]["tau_drive"] == 25.0


def test_look_draws_the_inside_of_one_trial(tmp_path):
    out = tmp_path / "out"
    words = ["look", "autoassociative", "--n-pairs", 2, *SMALL, "--engine", "numpy", "--seed", 3, "--out", out]
    result = biokv(*words)
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in out.iterdir()) == sorted(
        ["run.json", *(f"{name}.{kind}" for name in ("traces", "weights", "shares") for kind in ("pdf", "png"))]
    )
    record = json.loads((out / "run.json").read_text())
    assert record["plan"]["seed"] == 3
    assert (record["stored_in_step"], record["recalled_in_step"], record["written_slots"]) == (1, 3, [1])
    assert "accuracy in this trial: spiking " in result.output
    refused = biokv(*words)
    assert refused.exit_code == 2
    assert "already holds a look; choose another --out, or add --force (replace)" in refused.stderr


@pytest.mark.parametrize("protocol", study.protocol_names())
def test_a_raster_of_any_protocol_fits_with_nothing_else_typed(protocol):
    for seed in range(20):
        plan = Plan(protocol, ("spiking",), options=parse_options(protocol, [], SHORT), seed=seed, engine="numpy")
        study.check_plan(plan)
        assert study.cells(plan)[0].n_steps <= 60


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
        assert json.loads((out / "run.json").read_text())["plan"]["patterns"] == patterns.tolist()
        assert accuracies(out).x.unique().tolist() == [4]
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


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["run", "autoasociative"], "there is no protocol 'autoasociative'; known are autoassociative"),
        (["run", "autoassociative", "--memory", "elephant"], "no memory 'elephant'; known are rate, spiking, hopfield"),
        (["run", "autoassociative", "--third-factor", "chance"], "there is no third factor 'chance'"),
        (["run", "autoassociative", "--engine", "gpu"], "there is no engine 'gpu'; known are auto, compiled, numpy"),
        (["run", "autoassociative", "--n-pairs", "5,10", "--corruption", "0.1,0.2"], "n_pairs and corruption both are"),
        (["run", "autoassociative", "--n-pairs", "5.5"], "--n-pairs must be a whole number; got '5.5'"),
        (["run", "autoassociative", "--n-pairs", "-5"], "n_pairs must be a whole number above 0; got -5"),
        (["run", "autoassociative", "--n-pairs"], "--n-pairs needs a value"),
        (["run", "autoassociative", "--n-pairs", "5", "--n-pairs", "6"], "--n-pairs was given twice"),
        (
            ["run", "autoassociative", "--birds", "5"],
            "has no option --birds; it has --n-pairs, --key-dim, --corruption",
        ),
        (["run", "autoassociative", "5"], "'5' does not belong to an option"),
        (["run", "autoassociative", "--corruption", "nan"], "corruption must lie in [0, 1]; got nan"),
        (["run", "autoassociative", "--third-factor", "random", "--p", "4"], "Did you mean p=4/N?"),
        (["run", "autoassociative", "--trials", "0"], "trials must be a whole number above 0; got 0"),
        (["run", "autoassociative", "--patterns", "no-such.csv"], "cannot read patterns from no-such.csv"),
        (["compare", "autoassociative", "--trials", "1"], "a comparison needs at least 2 trials; got 1"),
        (["compare", "autoassociative", "--margin", "0"], "margin must be above 0; got 0.0"),
        (
            ["raster", "autoassociative", "--n-pairs", "2,3"],
            "a raster shows one trial; give every option a single value",
        ),
        (["raster", "autoassociative", "--n-pairs", "100"], "a raster of 200 presentations cannot be read"),
        (["raster", "continual", "--n-steps", "100"], "at most 60 fit (a smaller --n-steps)"),
        (["look", "autoassociative", "--n-pairs", "2,3"], "a look is into one trial; give every option a single value"),
        (
            ["look", "continual", "--n-steps", "1500"],
            "a look into 1500 presentations takes too much memory and time; at most 400 do (a smaller --n-steps)",
        ),
        (["run", "autoassociative", "--out", "/proc/nowhere"], "cannot write to the output folder /proc/nowhere"),
        (["run", "autoassociative", "--resume", "--out", "no-such-run"], "there is no run to resume in no-such-run"),
    ],
)
def test_bad_input_gets_one_sentence_and_exit_code_2(words, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = biokv(*words)
    assert result.exit_code == 2, result.output
    lines = [line for line in result.stderr.splitlines() if line]
    assert len(lines) == 1
    assert lines[0].startswith("biokv: ")
    assert sentence in lines[0]


def test_a_pattern_file_with_a_wrong_entry_says_which(tmp_path):
    np.savetxt(tmp_path / "own.csv", [[1, -1, 1], [1, 0, 1]], delimiter=",")
    result = biokv("run", "autoassociative", "--patterns", tmp_path / "own.csv", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "patterns must be +1 or -1; pattern 1, entry 1 is 0" in result.stderr


def test_a_missing_compiler_is_said_with_the_cure(monkeypatch, tmp_path):
    monkeypatch.setenv("CXX", "no-such-compiler")
    result = biokv("run", "autoassociative", "--memory", "spiking", "--engine", "compiled", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "apt install g++ make" in result.stderr


def test_results_are_not_overwritten_by_accident(tmp_path):
    words = ["run", "autoassociative", "--n-pairs", 3, "--trials", 2, *SMALL, "--out", tmp_path / "out"]
    assert biokv(*words).exit_code == 0
    before = (tmp_path / "out/results.csv").read_text()
    refused = biokv(*words)
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert "--resume" in refused.stderr
    assert (tmp_path / "out/results.csv").read_text() == before
    assert biokv(*words, "--force").exit_code == 0


def test_a_resumed_run_equals_an_uninterrupted_one(tmp_path):
    words = ["compare", "autoassociative", "--n-pairs", "2,3", "--trials", 3, *SMALL, "--engine", "numpy"]
    assert biokv(*words, "--out", tmp_path / "whole").exit_code == 0
    assert biokv(*words, "--out", tmp_path / "cut").exit_code == 0
    table = tmp_path / "cut/results.csv"
    lines = table.read_text().splitlines(keepends=True)
    table.write_text("".join(lines[: len(lines) // 2 + 7]) + "autoassociative,spiking,seq")  # as a crash leaves it
    assert biokv("compare", "autoassociative", "--out", tmp_path / "cut", "--resume").exit_code == 0  # nothing retyped
    whole, resumed = (pd.read_csv(tmp_path / name / "results.csv", keep_default_na=False) for name in ("whole", "cut"))
    order = ["memory", "x", "trial", "quantity"]
    pd.testing.assert_frame_equal(
        whole.sort_values(order, ignore_index=True), resumed.sort_values(order, ignore_index=True)
    )
    assert biokv(*words, "--out", tmp_path / "cut", "--resume").exit_code == 0  # nor does it hurt
    refused = biokv("run", "autoassociative", "--out", tmp_path / "cut", "--resume")
    assert "is of `biokv compare autoassociative`" in refused.stderr
    refused = biokv(*words[:-1], "auto", "--seed", 9, "--out", tmp_path / "cut", "--resume")
    assert refused.exit_code == 2
    assert "the run in" in refused.stderr


def test_a_run_cut_in_its_first_chunk_starts_that_chunk_anew(tmp_path):
    words = ["run", "autoassociative", "--n-pairs", "3", "--trials", 6, *SMALL, "--out", tmp_path / "out"]
    assert biokv(*words).exit_code == 0
    whole = (tmp_path / "out/results.csv").read_text()
    record = json.loads((tmp_path / "out/run.json").read_text())
    header = whole.partition("\n")[0] + "\n"
    (tmp_path / "out/run.json").write_text(json.dumps(record | {"whole_bytes": len(header)}))  # as before the chunk
    (tmp_path / "out/results.csv").write_text("".join(whole.splitlines(keepends=True)[:9]))
    assert biokv(*words, "--resume").exit_code == 0
    assert (tmp_path / "out/results.csv").read_text() == whole


def test_a_damaged_record_is_said_in_one_sentence(tmp_path):
    (tmp_path / "run.json").write_text("")
    (tmp_path / "results.csv").write_text("")
    result = biokv("run", "autoassociative", "--out", tmp_path, "--resume")
    assert result.exit_code == 2
    assert "run.json is damaged" in result.stderr


def test_what_is_refused_leaves_no_folder_behind(tmp_path, monkeypatch):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(0o777)
    monkeypatch.setenv("BIOKV_CACHE", str(tmp_path / "cache"))
    out = tmp_path / "out"
    words = ["run", "autoassociative", "--memory", "spiking", "--n-pairs", "2", "--out", out]
    for engine in ("auto", "compiled"):
        result = biokv(*words, "--engine", engine)
        assert result.exit_code == 2
        assert "others may write to the cache folder" in result.stderr
        assert not out.exists()
    assert biokv("run", "autoassociative", "--workers", "0", "--out", out).exit_code == 2
    assert not out.exists()


def test_debug_shows_where_an_error_came_from():
    result = biokv("run", "autoassociative", "--n-pairs", "-5", "--debug")
    assert isinstance(result.exception, ValueError)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for child processes in /proc")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_within_seconds_keeps_what_is_finished_and_leaves_no_process(tmp_path, stop):
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "bioKV",
        "run",
        "autoassociative",
        "--memory",
        "rate",
        "--memory",
        "spiking",
        "--n-pairs",
        "30",
        "--trials",
        "60",
        "--engine",
        "numpy",
        "--out",
        str(out),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=cache.import_folder()) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not _children(process.pid):
            time.sleep(0.1)
        children = _children(process.pid)
        assert children
        process.send_signal(stop)
        asked = time.monotonic()
        process.wait(timeout=20)
        assert time.monotonic() - asked < 10
        message = process.stderr.read()
    assert process.returncode == 130
    assert "the finished trials are in" in message
    assert len(accuracies(out)) == 60  # the rate memory had finished
    assert json.loads((out / "run.json").read_text())["state"] == "interrupted"
    assert not [pid for pid in children if _status(pid)[:1] not in ([], ["Z"])]


def _children(pid):
    """The engine's processes of a run; not those that ask git for the revision."""
    found = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [child for child in found if _status(child)[1:] == [str(pid)] and b"numpy_engine" in _command_line(child)]


def _command_line(pid):
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_bytes()
    except OSError:
        return b""


def _status(pid):
    """[state, parent] of a process; nothing once it is gone."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return []


def test_a_full_disk_keeps_what_was_computed(tmp_path, monkeypatch):
    from bioKV import results

    calls = []

    def full(descriptor):
        calls.append(descriptor)
        if len(calls) > 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(results.os, "fsync", full)
    result = biokv("run", "autoassociative", "--n-pairs", "3,4,5", "--trials", 2, *SMALL, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "No space left on device; the trials before are kept, --resume goes on" in result.stderr
    monkeypatch.undo()
    assert len(accuracies(tmp_path / "out")) == 2
    resumed = biokv(
        "run", "autoassociative", "--n-pairs", "3,4,5", "--trials", 2, *SMALL, "--out", tmp_path / "out", "--resume"
    )
    assert resumed.exit_code == 0
    assert len(accuracies(tmp_path / "out")) == 6


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["run", "autoassociative", "--trials", "abc"], "'--trials': must be a whole number; got 'abc'"),
        (["figure", "2a", "--seed", "1.5"], "'--seed': must be a whole number; got '1.5'"),
        (["compare", "autoassociative", "--margin", "wide"], "'--margin': must be a number; got 'wide'"),
        (["elephant"], "No such command 'elephant'"),
        (["figure", "2a", "--birds", "3"], "No such option: --birds"),
        (["figure", "--trials", "3"], "Missing argument 'FIGURE'; "),
        (["run", "autoassociative", "--p", "4"], "p is the probability of random third factors; it does nothing for"),
        (["run", "continual", "--memory", "tvt", "--decay", "0.9"], "decay is an option of hopfield and bam; it does"),
        (["run", "flashbulb", "--memory", "bam", "--stability-threshold", "9"], "stability_threshold is an option of"),
        (["run", "autoassociative", "--memory", "hopfield", "--n-slots", "9"], "n_slots is an option of rate and"),
        (["run", "sequence", "--n-patterns", "1"], "n_patterns must be a whole number of 2 or more; got 1"),
        (["run", "sequence", "--memory", "hopfield"], "what feedback brings as a key to something else; for"),
        (["run", "heteroassociative", "--value-dim", "40", "--memory", "tvt"], "use KeyValueMemory or BAM"),
        (["run", "continual", "--delay", "10,60", "--n-steps", "60"], "delay is 60 steps but the episode has only 60"),
        (["run", "flashbulb", "--n-flashbulb", "5000"], "n_flashbulb is 5000 but only"),
        (["run", "correlated", "--correlation", "0.2,1.2"], "correlation must lie in [0, 1]; got 1.2"),
        (["run", "autoassociative", "--set", "release_failure"], "--set takes NAME=VALUE, such as release_failure=0.3"),
        (["compare", "autoassociative", "--set", "tau_driv=3ms"], "the spiking memory has no parameter 'tau_driv'; it"),
        (["compare", "autoassociative", "--set", "tau_drive=3"], "takes a number with a unit of time, such as tau_dri"),
        (["compare", "autoassociative", "--set", "tau_drive=3Hz"], "takes a number with a unit of time, such as tau_"),
        (["compare", "autoassociative", "--set", "alpha=3ms"], "alpha takes a plain number, such as alpha=0.3; got '"),
        (["compare", "autoassociative", "--set", "dead_share=2"], "dead_share is a share and at most 1; got 2.0"),
        (["compare", "autoassociative", "--set", "weight_levels=1"], "weight_levels must be 2 or more, or 0 for weig"),
        (["compare", "autoassociative", "--set", "presentation_time=10.2ms"], "presentation_time must be a multiple "),
        (["compare", "autoassociative", "--set", "alpha=.1", "--set", "alpha=.2"], "--set alpha was given twice"),
        (["run", "autoassociative", "--set", "dead_share=.1"], "dead_share is a parameter of the spiking memory; it "),
        (["robustness", "autoassociative", "--knob", "age"], "there is no knob 'age'; known are input_irregularity, "),
        (["robustness", "autoassociative", "--values", "0.1"], "--values takes at least two, comma-separated; got '0"),
        (["run", "autoassociative", "--n-pairs", "100000000", "--key-dim", "100000"], "more memory than there is, so"),
    ],
)  # fmt: skip
def test_bad_words_and_options_that_do_nothing_get_one_sentence_too(words, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = biokv(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("biokv: ")
    assert sentence in line
    assert not list(tmp_path.iterdir()), "nothing is written before"


@pytest.mark.parametrize("words", [[], ["run"], ["figure"]])
def test_without_any_words_there_is_the_help(words):
    result = biokv(*words)
    assert result.exit_code in (0, 2)
    assert "Usage: " in result.output


def test_every_option_of_every_protocol_can_be_typed(tmp_path):
    from bioKV.study import protocol_names, protocol_options

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
    ("protocol", "x_name", "x"),
    [("autoassociative", "n_pairs", 12), ("heteroassociative", "n_pairs", 12), ("sequence", "n_patterns", 12),
     ("continual", "delay", 4), ("correlated", "n_pairs", 20)],
)  # fmt: skip
def test_ones_own_patterns_go_to_every_protocol(protocol, x_name, x, tmp_path):
    np.save(tmp_path / "own.npy", np.random.default_rng(0).choice([-1, 1], size=(12, 10)))
    delay = ["--delay", 4] if protocol == "continual" else []
    words = ["run", protocol, *delay, "--patterns", tmp_path / "own.npy", "--trials", 2]
    result = biokv(*words, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert set(zip(*accuracies(tmp_path / "out")[["x_name", "x"]].T.values, strict=True)) == {(x_name, x)}
    plan = json.loads((tmp_path / "out" / "run.json").read_text())["plan"]
    assert plan["options"]["key_dim"] == 10
    if protocol == "continual":
        assert plan["options"]["n_steps"] == 12

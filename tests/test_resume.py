"""`--resume` goes on with the very run that is in the folder, and says all that has changed since it began."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command_line import SMALL, biokv, read_table

from bioKV.rule import SIMPLE
from bioKV.studies import record, results
from bioKV.studies.plan import Plan
from bioKV.studies.run import run_study

pytestmark = pytest.mark.usefixtures("tables_alone")
WORDS = ["run", "autoassociative", "--n-pairs", "3,4", "--trials", "2", *SMALL]
PROTOCOL = """
from bioKV.protocols import autoassociative

def mine(rng, n_pairs: int = 3, corruption: float = 0.4):
    return autoassociative(rng, n_pairs, key_dim=12, corruption=corruption)
"""


def cut(out: Path) -> str:
    """Leave the first part of a run and half of another, as SIGKILL does; the whole table that there was."""
    whole = (out / "results.csv").read_text()
    (out / "results.csv").unlink()
    _, second, *others = sorted(out.glob("parts/*/*.csv"), key=lambda path: path.stat().st_mtime_ns)
    for path in others:
        path.unlink()
    second.rename(second.with_suffix(".new"))
    return whole


def read(out: Path) -> dict:
    return json.loads((out / "run.json").read_text())


def resumed(out, *words, command=("run", "autoassociative")):
    return biokv(*command, *words, "--out", out, "--resume")


@pytest.fixture
def out(tmp_path) -> Path:
    """A run that was cut."""
    assert biokv(*WORDS, "--seed", 7, "--out", tmp_path / "out").exit_code == 0
    cut(tmp_path / "out")
    return tmp_path / "out"


def test_options_that_are_not_typed_again_are_those_of_the_run(tmp_path):
    for name in ("whole", "cut"):
        assert biokv(*WORDS, "--seed", 7, "--corruption", "0.3", "--out", tmp_path / name).exit_code == 0
    whole = cut(tmp_path / "cut")
    done = resumed(tmp_path / "cut", "--seed", 7)  # one option, and the others stay
    assert done.exit_code == 0, done.output
    assert (tmp_path / "cut" / "results.csv").read_text() == whole == (tmp_path / "whole" / "results.csv").read_text()


def test_every_command_is_in_the_record(out):
    assert len(read(out)["commands"]) == 1
    assert resumed(out).exit_code == 0
    assert len(read(out)["commands"]) == 2
    assert read(out)["plan"]["seed"] == 7


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--seed", 8], "had seed 7, this one has 8; --resume"),
        (["--trials", 2, "--seed", 8, "--n-slots", 9], "had seed 7, this one has 8; it had n_slots 12, this one has 9"),
        (["--third-factor", "random"], "had third_factors ['sequential'], this one has ['random']"),
        (["--corruption", "0.5"], "had corruption 0.6, this one has 0.5"),  # a default then, another value now
    ],
)
def test_what_is_typed_must_agree_and_all_that_does_not_is_named(out, words, said):
    before = list(out.glob("parts/*/*"))
    for more in ([], ["--anyway"]):  # another plan is another run
        refused = resumed(out, *words, *more)
        assert refused.exit_code == 2
        assert said in refused.stderr
    assert list(out.glob("parts/*/*")) == before


def test_defaults_may_be_typed_again(out):
    assert resumed(out, "--third-factor", "sequential", "--engine", "auto").exit_code == 0


def change(out: Path, **changed) -> None:
    (out / "run.json").write_text(json.dumps(read(out) | changed))


def test_another_version_or_revision_is_refused_and_goes_on_as_a_part_of_its_own(out):
    change(out, versions=read(out)["versions"] | {"numpy": "1.0", "brian2": "2.0"}, git_revision="abc")
    refused = resumed(out)
    assert refused.exit_code == 2
    for said in (f"numpy was 1.0, now {version('numpy')}", "brian2 was 2.0, now", "the git revision was abc, now"):
        assert said in refused.stderr
    assert "--anyway" in refused.stderr
    assert resumed(out, "--anyway").exit_code == 0
    table = pd.read_csv(out / "results.csv")
    assert table.groupby("n_pairs").part.unique().map(list).to_dict() == {3: [0], 4: [1]}
    (part,) = read(out)["later_parts"]
    assert part["versions"]["numpy"] == version("numpy")
    assert "numpy was 1.0" in part["differs"][0] + part["differs"][1]
    assert read(out)["versions"]["numpy"] == "1.0"
    assert resumed(out).exit_code == 0  # the last part is the one to agree with


def test_a_revision_that_nobody_knows_is_no_difference(out):
    change(out, git_revision=None)
    assert resumed(out).exit_code == 0


def test_part_is_0_in_a_run_that_nothing_changed(out):
    assert resumed(out).exit_code == 0
    table = pd.read_csv(out / "results.csv")
    assert tuple(table.columns) == (*results.FIRST, "n_pairs", *results.LAST)
    assert not table.part.any()


def test_another_engine_is_refused(tmp_path):
    words = ["run", "autoassociative", "--memory", "spiking", "--n-pairs", "1", "--trials", "1", "--key-dim", "6"]
    assert biokv(*words, "--engine", "numpy", "--out", tmp_path).exit_code == 0
    change(tmp_path, engine=["compiled"])
    refused = resumed(tmp_path, "--engine", "numpy")
    assert refused.exit_code == 2
    assert "the engine was compiled, now numpy" in refused.stderr


def files(folder: Path) -> dict[str, tuple[list, Path]]:
    """An input file of every kind, with the words that name it."""
    SIMPLE.save(folder / "rule.json")
    (folder / "mine.py").write_text(PROTOCOL)
    (folder / "memory_of_mine.py").write_text("from bioKV.models.rate import memory  # noqa\n")
    np.savetxt(folder / "own.csv", np.random.default_rng(0).choice([-1, 1], (4, 12)), delimiter=",", fmt="%d")
    return {
        "protocol": (["run", folder / "mine.py", "--n-pairs", "3,4"], folder / "mine.py"),
        "memory": (["run", "autoassociative", "--memory", folder / "memory_of_mine.py", "--n-pairs", "3,4", *SMALL],
                   folder / "memory_of_mine.py"),
        "rule": (["run", "autoassociative", "--memory", "learned", "--rule", folder / "rule.json", "--n-pairs", "3,4",
                  *SMALL], folder / "rule.json"),
        "patterns": (["run", "autoassociative", "--patterns", folder / "own.csv", "--n-pairs", "3,4"],
                     folder / "own.csv"),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["protocol", "memory", "rule", "patterns"])
def test_the_content_of_every_input_is_kept_and_compared(name, tmp_path):
    words, path = files(tmp_path)[name]
    out = tmp_path / "out"
    assert biokv(*words, "--trials", 2, "--out", out).exit_code == 0
    noted = read(out)["inputs"][name]
    before, whole = (out / noted["kept"]).read_bytes(), cut(out)
    if name != "patterns":
        assert (noted["path"], before) == (str(path), path.read_bytes())
    assert biokv(*words, "--out", out, "--resume").exit_code == 0
    assert (out / "results.csv").read_text() == whole
    cut(out)
    text = path.read_text()
    other = {"protocol": "n_pairs: int = 4", "memory": "# another", "rule": " ", "patterns": ""}[name]
    path.write_text(text.replace("n_pairs: int = 3", other) if name == "protocol" else text + other)
    if name == "patterns":
        path.write_text(text.replace("-1", "2").replace("1", "-1").replace("2", "1"))
    refused = biokv(*words, "--out", out, "--resume")
    assert refused.exit_code == 2
    assert f"the content of {name}" in refused.stderr
    assert "has changed" in refused.stderr
    assert biokv(*words, "--out", out, "--resume", "--anyway").exit_code == 0
    assert (out / noted["kept"]).read_bytes() == before
    later = read(out)["later_parts"][0]["inputs"][name]
    assert later["sha256"] != noted["sha256"]
    assert (out / later["kept"]).read_bytes() != before


def test_files_that_ones_own_file_imports_are_inputs_too(tmp_path):
    own = tmp_path / "own"
    (own / "parts").mkdir(parents=True)
    (own / "task_in_files.py").write_text(
        "from parts.letters_of_mine import drawn\n\n\n"
        "def task_in_files(rng, n_pairs: int = 2):\n    return drawn(rng, n_pairs)\n"
    )
    (own / "parts" / "letters_of_mine.py").write_text(
        "from bioKV.protocols import autoassociative\n\n\n"
        "def drawn(rng, n_pairs):\n    return autoassociative(rng, n_pairs, key_dim=8)\n"
    )
    out = tmp_path / "out"
    assert biokv("run", own / "task_in_files.py", "--trials", 2, "--out", out).exit_code == 0
    inputs = json.loads((out / "run.json").read_text())["inputs"]
    assert {one["kept"] for one in inputs.values()} == {"inputs/task_in_files.py", "inputs/parts/letters_of_mine.py"}
    again = tmp_path / "again"
    assert biokv("run", out / "study.toml", "--out", again).exit_code == 0, "from what was kept alone"
    assert (again / "results.csv").read_bytes() == (out / "results.csv").read_bytes()
    with (own / "parts" / "letters_of_mine.py").open("a") as file:
        file.write("# changed\n")
    refused = biokv("run", own / "task_in_files.py", "--trials", 3, "--out", out, "--resume")
    assert refused.exit_code == 2
    assert "letters_of_mine.py) has changed" in refused.stderr


def test_patterns_need_no_file_any_more(tmp_path):
    words, path = files(tmp_path)["patterns"]
    assert biokv(*words, "--trials", 2, "--out", tmp_path / "out").exit_code == 0
    whole = cut(tmp_path / "out")
    path.unlink()
    assert resumed(tmp_path / "out").exit_code == 0
    assert (tmp_path / "out" / "results.csv").read_text() == whole
    (tmp_path / "out" / "inputs" / "patterns.npy").write_bytes(b"")
    refused = resumed(tmp_path / "out")
    assert refused.exit_code == 2
    assert "patterns.npy is damaged" in refused.stderr


def test_an_input_that_is_gone_is_named_with_its_copy(tmp_path):
    words, path = files(tmp_path)["rule"]
    assert biokv(*words, "--trials", 2, "--out", tmp_path / "out").exit_code == 0
    path.unlink()
    refused = resumed(tmp_path / "out")
    assert refused.exit_code == 2
    assert f"is gone; its content is kept in {tmp_path / 'out' / 'inputs' / 'rule.json'}" in refused.stderr


def test_robustness_goes_on_with_the_knob_of_the_run(tmp_path):
    words = ["robustness", "autoassociative", "--knob", "weight_noise", "--values", "0,0.1", "--n-pairs", "1",
             "--key-dim", "6", "--set", "dt=1ms", "--trials", "2", "--engine", "numpy"]  # fmt: skip
    assert biokv(*words, "--out", tmp_path).exit_code == 0
    whole = cut(tmp_path)
    assert resumed(tmp_path, command=("robustness", "autoassociative")).exit_code == 0
    assert (tmp_path / "results.csv").read_text() == whole
    refused = resumed(tmp_path, "--knob", "release_failure", command=("robustness", "autoassociative"))
    assert refused.exit_code == 2
    assert "had release_failure None, this one has [" in refused.stderr


def test_a_plan_made_in_python_with_functions_and_arrays_is_resumed_by_content(tmp_path):
    def mine(rng, n_pairs: int = 3, patterns: np.ndarray | None = None):
        from bioKV.protocols import autoassociative

        return autoassociative(rng, n_pairs, 10, patterns=patterns)

    def study(patterns, **how):
        plan = Plan(mine, options={"n_pairs": [3, 4]}, trials=2, patterns=patterns)
        return run_study(plan, tmp_path, "in Python", workers=1, force=False, **how)

    patterns = np.random.default_rng(0).choice([-1.0, 1.0], (4, 10))
    study(patterns, resume=False)
    whole = cut(tmp_path)
    study(patterns.copy(), resume=True)
    assert (tmp_path / "results.csv").read_text() == whole
    with pytest.raises(ValueError, match="the content of patterns has changed"):
        study(-patterns, resume=True)


def test_anyway_without_resume_is_refused(tmp_path):
    refused = biokv(*WORDS, "--out", tmp_path / "out", "--anyway")
    assert refused.exit_code == 2
    assert "--anyway goes on with a run though something has changed; it needs --resume" in refused.stderr
    assert not (tmp_path / "out").exists()


def test_a_record_of_an_older_biokv_is_said(out):
    old = read(out)
    (out / "run.json").write_text(json.dumps({name: old[name] for name in ("plan", "versions")} | {"command": ""}))
    refused = resumed(out)
    assert refused.exit_code == 2
    assert "is of an older bioKV and cannot be resumed; start anew with --force" in refused.stderr


def test_large_patterns_are_written_once(tmp_path, monkeypatch):
    """Not into run.json at every chunk."""
    written = []
    monkeypatch.setattr(results, "write_record", lambda folder, said: written.append(len(json.dumps(said))) or
                        record.write_record(folder, said))  # fmt: skip
    patterns = np.random.default_rng(0).choice([-1.0, 1.0], (2000, 100))
    plan = Plan("autoassociative", options={"n_pairs": [2, 3], "key_dim": 100}, trials=2, patterns=patterns)
    run_study(plan, tmp_path, "", workers=1, force=False, resume=False)
    assert max(written) < 5000
    assert (tmp_path / "inputs" / "patterns.npy").stat().st_size < 2000 * 100 + 1000


@pytest.mark.parametrize("kind", ["patterns", "rule"])
def test_trials_before_and_after_an_input_changed_are_parts_of_one_table(kind, tmp_path):
    """What a cell is called in parts/ depends on the content, too: the earlier trials were left out of the table."""
    words, path = files(tmp_path)[kind]
    out = tmp_path / "out"
    assert biokv(*words, "--trials", 20, "--out", out).exit_code == 0
    before = read_table(out)
    text = path.read_text()
    path.write_text(text.replace("-1", "2").replace("1", "-1").replace("2", "1") if kind == "patterns" else text + " ")
    assert biokv(*words, "--trials", 22, "--out", out, "--resume", "--anyway").exit_code == 0
    after = read_table(out)
    assert {*after[after.part == 1].trial} == {20, 21}
    pd.testing.assert_frame_equal(after[after.part == 0].reset_index(drop=True), before)
    done = biokv(*words, "--trials", 23, "--out", out, "--resume")
    assert done.exit_code == 0, done.stderr
    assert {*read_table(out).query("part == 1").trial} >= {22}
    assert len(read_table(out).query("part == 0")) == len(before)

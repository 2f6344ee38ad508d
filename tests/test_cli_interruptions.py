"""Nothing that is finished is lost: runs that are stopped, cut or find the disk full, and go on."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from command_line import SMALL, accuracies, biokv

from bioKV.engines import cache
from bioKV.engines.children import in_parallel, run_child
from bioKV.studies import parts, results
from bioKV.studies.plan import Plan
from bioKV.studies.study import Study

pytestmark = pytest.mark.usefixtures("tables_alone")


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
    words = ["compare", "autoassociative", "--n-pairs", "1,2", "--trials", 2, "--key-dim", 6, "--set", "dt=1ms"]
    words += ["--engine", "numpy"]
    assert biokv(*words, "--out", tmp_path / "whole").exit_code == 0
    shutil.copytree(tmp_path / "whole", tmp_path / "cut")
    table = tmp_path / "cut/results.csv"
    table.unlink()
    next(iter(tmp_path.glob("cut/parts/*/*.csv"))).unlink()
    assert biokv("compare", "autoassociative", "--out", tmp_path / "cut", "--resume").exit_code == 0  # nothing retyped
    assert table.read_bytes() == (tmp_path / "whole/results.csv").read_bytes()
    assert biokv(*words, "--out", tmp_path / "cut", "--resume").exit_code == 0  # nor does it hurt
    refused = biokv("run", "autoassociative", "--out", tmp_path / "cut", "--resume")
    assert "is of `biokv compare autoassociative`" in refused.stderr
    refused = biokv(*words[:-1], "auto", "--seed", 9, "--out", tmp_path / "cut", "--resume")
    assert refused.exit_code == 2
    assert "the run in" in refused.stderr


def test_a_run_that_was_killed_before_its_table_was_written_has_one_when_it_is_resumed(tmp_path):
    words = ["run", "autoassociative", "--n-pairs", "3", "--trials", 6, *SMALL, "--out", tmp_path / "out"]
    assert biokv(*words).exit_code == 0
    whole = (tmp_path / "out/results.csv").read_text()
    for half in ("results.csv", "results.new"):
        (tmp_path / "out/results.csv").unlink(missing_ok=True)
        (tmp_path / "out" / half).write_text(whole[:200])
        assert biokv(*words, "--resume").exit_code == 0
        assert (tmp_path / "out/results.csv").read_text() == whole


def test_a_damaged_record_is_said_in_one_sentence(tmp_path):
    (tmp_path / "run.json").write_text("")
    (tmp_path / "results.csv").write_text("")
    result = biokv("run", "autoassociative", "--out", tmp_path, "--resume")
    assert result.exit_code == 2
    assert "run.json is damaged" in result.stderr


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for child processes in /proc")
@pytest.mark.parametrize("stop", [
    signal.SIGINT, *(pytest.param(other, marks=pytest.mark.slow) for other in (signal.SIGTERM, signal.SIGHUP))
])  # fmt: skip
def test_ctrl_c_keeps_what_is_finished_and_leaves_no_process(tmp_path, stop):
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
        while time.monotonic() < deadline and not (_children(process.pid) and _kept(out) >= 60):
            time.sleep(0.1)
        children = _children(process.pid)
        assert children
        process.send_signal(stop)
        _, message = process.communicate()
    assert process.returncode == 130
    assert message.endswith(
        f"biokv: stopped; the finished trials are in {out}/results.csv, and --resume goes on from there\n"
    )
    assert len(accuracies(out)) == 60  # the rate memory had finished
    assert json.loads((out / "run.json").read_text())["state"] == "interrupted"
    assert not [pid for pid in children if _status(pid)[:1] not in ([], ["Z"])]


def test_ctrl_c_while_runs_are_still_handed_out_ends_those_that_have_begun(monkeypatch):
    """The first run is under way before the last is handed in; it lasts ten minutes if nobody ends it."""
    submit = ThreadPoolExecutor.submit

    def interrupted(pool, run, i):
        if i:
            raise KeyboardInterrupt
        return submit(pool, run, i)

    monkeypatch.setattr(ThreadPoolExecutor, "submit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        in_parallel(lambda i: run_child(["sleep", "600"]), 2, 2, lambda i, result: None)


def _kept(out):
    """How many trials are finished."""
    return sum(part.stop - part.first for of in parts.listed(out).values() for part in of)


def _children(pid):
    """The worker processes of a run; not those that ask git for the revision."""
    found = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    mine = [child for child in found if _status(child)[1:] == [str(pid)]]
    return [child for child in mine if b"bioKV.studies.processes" in _command_line(child)]


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
    calls = []

    def full(descriptor):
        calls.append(descriptor)
        if len(calls) > 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(parts.os, "fsync", full)
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


def test_two_runs_cannot_write_to_one_folder(tmp_path):
    plan = Plan("autoassociative", options={"n_pairs": 3})
    first = results.RunFolder(tmp_path, Study(plan), plan, "biokv")
    refused = biokv("run", "autoassociative", "--out", tmp_path, "--resume")
    assert refused.exit_code == 2
    said = refused.stderr.replace("\n", "")
    assert f"another run writes to {tmp_path}" in said
    assert f"if there is none, on no machine, delete {tmp_path / '.running'}" in said
    first.finish("interrupted")
    assert biokv("run", "autoassociative", "--out", tmp_path, "--resume").exit_code == 0
    assert not (tmp_path / ".running").exists()


@pytest.mark.parametrize("problem", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_run_goes_on_where_the_file_system_has_no_locks(tmp_path, monkeypatch, problem):
    def refuse(fd, how):
        raise OSError(problem, os.strerror(problem))

    monkeypatch.setattr("fcntl.flock", refuse)
    words = ["run", "autoassociative", "--n-pairs", "3", "--trials", 2, *SMALL, "--out", tmp_path / "out"]
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".running").write_text("1\nanother-host")  # left over from another machine
    for more in ([], ["--resume"], ["--force"]):
        done = biokv(*words, *more)
        assert done.exit_code == 0, done.stderr
        said = " ".join(done.stderr.split())
        assert f"cannot be locked ({os.strerror(problem)}); see to it that no other run writes there" in said
    assert len(accuracies(tmp_path / "out")) == 2


@pytest.mark.parametrize("command", ["run", "look", "raster", "figure"])
def test_the_record_of_another_command_is_not_overwritten(command, tmp_path):
    (tmp_path / "run.json").write_text("{}")
    what = "5a" if command == "figure" else "autoassociative"
    refused = biokv(command, what, "--out", tmp_path)
    assert refused.exit_code == 2
    assert "already holds" in refused.stderr
    assert (tmp_path / "run.json").read_text() == "{}"

"""Whatever standard output and standard error are, a command does its work to the end and says what it can."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections import deque
from pathlib import Path

import pandas as pd
import pytest
from command_line import SMALL, biokv
from synthetic import study_table, write_run

from bioKV import progress
from bioKV.engines.cache import import_folder

RUN = ["run", "autoassociative", "--n-pairs", "3,6", *SMALL, "--trials", "2", "--format", "png", "--force",
       "--out", "out"]  # fmt: skip
FILES = ["accuracy.png", "parts", "results.csv", "run.json", "study.toml"]
BAR = """
from bioKV.progress import bar
with bar("autoassociative", 1.0) as advance:
    for done in range(11):
        advance(done / 10)
"""
PLAIN = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

posix = pytest.mark.skipif(os.name != "posix", reason="made with a POSIX shell")


def shell(text: str, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    """A line of bash with $B for the command and $RUN for a short run."""
    paths = {"PYTHONPATH": str(import_folder()), "B": f"{sys.executable} -m bioKV", "RUN": " ".join(RUN)}
    line = f"set -o pipefail; {text}"
    return subprocess.run(["bash", "-c", line], cwd=folder, env=os.environ | paths | environment, capture_output=True)


@posix
@pytest.mark.parametrize("how", ["| true", pytest.param("2>&1 | true", marks=pytest.mark.slow), "<&- >&- 2>&-"])
def test_a_stream_that_nobody_reads_changes_neither_work_nor_exit_code(how, tmp_path):
    done = shell(f"$B $RUN {how}", tmp_path)
    assert done.returncode == 0
    assert b"biokv:" not in done.stdout + done.stderr
    assert b"Exception" not in done.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES


@posix
@pytest.mark.parametrize("command", ["--help", pytest.param("doctor", marks=pytest.mark.slow)])
def test_what_is_printed_ends_quietly_with_its_reader(command, tmp_path):
    done = shell(f"$B {command} | head -1", tmp_path, PYTHONUNBUFFERED="1")
    assert (len(done.stdout.splitlines()), done.stderr) == (1, b"")


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_under_standard_output_is_said_and_the_work_is_kept(tmp_path):
    done = shell("$B $RUN > /dev/full", tmp_path)
    assert done.returncode == 1
    assert done.stderr.endswith(b"biokv: cannot write to standard output: No space left on device\n")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES


@posix
def test_ascii_output_holds_the_verdict_and_every_number(tmp_path):
    write_run(tmp_path / "out", study_table())
    done = shell("$B results out", tmp_path, PYTHONIOENCODING="ascii", NO_COLOR="1", TERM="dumb")
    assert done.returncode == 0
    said = done.stdout.decode("ascii")
    assert "bits +-0.02" in said
    assert re.search(r"verdict: .*\(margin \+-0\.0[25]; sequential[);]", said)
    assert re.search(r"sequential +\|? +spiking +\|? +\d\.\d{4} \[", said)


@posix
def test_names_that_the_locale_has_no_letters_for_are_written_and_read(tmp_path):
    (tmp_path / "tâche.py").write_text("from bioKV.models.rate import memory\n")
    done = shell("$B run autoassociative --memory tâche.py --n-pairs 3 --trials 2 --out dossier_é", tmp_path, **PLAIN)
    assert done.returncode == 0, done.stderr
    assert set(pd.read_csv(tmp_path / "dossier_é" / "results.csv").memory) == {"tâche"}


@posix
def test_a_terminal_that_only_prints_gets_lines(tmp_path):
    done = on_a_terminal(tmp_path, {"TERM": "dumb"})
    assert "autoassociative 100 %, elapsed 0:00:0" in done
    assert "\x1b[2K" not in done


@pytest.mark.parametrize(("name", "value"), [("TERM", "dumb"), ("COLUMNS", "30"), ("TTY_INTERACTIVE", "0")])
def test_so_do_others_where_a_bar_cannot_move_or_be_read(name, value, monkeypatch):
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stderr", terminal)
    for usual in (("TERM", "xterm"), ("COLUMNS", "80"), (name, value)):
        monkeypatch.setenv(*usual)
    with progress.bar("work", 1.0) as advance:
        advance(1.0)
    assert terminal.getvalue() == "work 100 %, elapsed 0:00:00\n"


@posix
def test_a_terminal_gets_a_bar_with_the_time_left(tmp_path):
    done = on_a_terminal(tmp_path, {"TERM": "xterm", "COLUMNS": "80"})
    assert "left" in done
    assert "\x1b[2K" in done


def on_a_terminal(folder: Path, environment: dict[str, str]) -> str:
    """What a bar prints to standard error, if that is a terminal."""
    import pty

    inside, outside = pty.openpty()
    paths = {"PYTHONPATH": str(import_folder())}
    process = subprocess.Popen([sys.executable, "-c", BAR], cwd=folder, stderr=outside,
                               env=os.environ | paths | environment)  # fmt: skip
    os.close(outside)
    printed = b""
    while True:
        try:
            more = os.read(inside, 4096)
        except OSError:  # Linux says so when the other side is closed
            more = b""
        if not more:
            break
        printed += more
    os.close(inside)
    assert process.wait() == 0
    return printed.decode()


def test_a_file_gets_a_line_for_every_tenth_also_if_colours_are_forced(tmp_path, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.chdir(tmp_path)
    lines = biokv(*RUN).stderr.splitlines()
    assert lines[-1].startswith("autoassociative 100 %, elapsed 0:00:0")
    shares = [int(line.split()[1]) for line in lines]
    assert shares == sorted(set(shares))
    assert all(share % 10 == 0 for share in shares)


def test_the_lines_say_the_time_elapsed_and_the_time_left():
    times, said = deque([0.0, 10.0, 25.0, 3700.0, 3800.0]), []
    tell = progress.Tenths("work", 20.0, said.append, times.popleft)
    for done in (2.0, 3.0, 4.0, 4.1, 18.0, 20.0):
        tell(done)
    assert said == [
        "work 10 %, elapsed 0:00:10, left 0:01:30",
        "work 20 %, elapsed 0:00:25, left 0:01:40",
        "work 90 %, elapsed 1:01:40, left 0:06:51",
        "work 100 %, elapsed 1:03:20",
    ]


def test_what_was_done_before_a_resumed_run_is_soon_no_guide_to_the_time_left():
    times, said = deque([0.0, 0.0, 10.0, 20.0, 30.0, 40.0]), []
    tell = progress.Tenths("work", 1.0, said.append, times.popleft)
    for done in (0.5, 0.6, 0.7, 0.8, 0.9):
        tell(done)
    assert said[-1] == "work 90 %, elapsed 0:00:40, left 0:00:10"


def test_a_narrow_table_breaks_numbers_but_loses_no_digit(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.chdir(tmp_path)
    assert "…" not in biokv(*RUN).stdout


@posix
def test_without_a_home_folder_runs_work(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['pwd'] = None\n")  # nor an entry of the user
    keep = f"PATH='{os.environ['PATH']}' PYTHONPATH='{tmp_path}:{import_folder()}' MPLBACKEND=agg"
    done = shell(f"env -i {keep} $B $RUN", tmp_path)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "__pycache__") == ["out", "sitecustomize.py"]

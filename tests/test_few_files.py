"""A process that may open few files at once: one sentence that names the limit, and nothing stays behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from command_line import biokv
from place import sentence

from bioKV.engines import children, open_files
from bioKV.engines.cache import import_folder

resource = pytest.importorskip("resource")
# of rate memories, whose workers load no Brian2; long enough for workers of their own
WORDS = ["run", "autoassociative", "--key-dim", "6", "--n-pairs", "50", "--trials", "600"]


def run(limit: int, out: Path, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "bioKV", *WORDS, *words, "--out", str(out)], cwd=import_folder(), capture_output=True,
        text=True, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)),
    )  # fmt: skip


def test_too_few_are_said_with_the_limit(tmp_path):
    done = run(24, tmp_path / "out", "--workers", "2")
    assert done.returncode == 1
    assert sentence(done.stderr).endswith("; a higher limit would do (ulimit -n, now 24)")


def test_with_few_there_are_fewer_workers_and_the_same_numbers(tmp_path):
    assert run(72, tmp_path / "few", "--workers", "9").returncode == 0
    assert biokv(*WORDS, "--workers", "1", "--out", tmp_path / "alone").exit_code == 0
    assert (tmp_path / "few/results.csv").read_bytes() == (tmp_path / "alone/results.csv").read_bytes()


@pytest.mark.parametrize(("free", "workers"), [(64, 1), (67, 1), (72, 3), (100, 9), (10**6, 9)])
def test_workers_are_as_many_as_fit(free, workers, monkeypatch):
    monkeypatch.setattr(open_files, "_free", lambda most: min(free, most))
    assert open_files.workers_by_files(9) == workers


def test_a_program_that_says_something_else_than_an_exit_code_has_failed(tmp_path):
    program = "for line in iter(input, ''): print('Error opening static array', flush=True)"
    server = children.Server([sys.executable, "-c", program], tmp_path)
    try:
        assert server.run("anything") == (1, "Error opening static array\n")
    finally:
        server.close()

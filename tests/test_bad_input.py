"""A tenth of the malformed commands, files and calls of `benchmarks.bad_input`: each is refused in one sentence."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bioKV.engines.cache import import_folder

pytest.importorskip("resource")


@pytest.mark.parametrize("kind", ["commands", "files", "calls"])
def test_every_tenth_is_refused_in_one_sentence_and_leaves_nothing(kind):
    command = [sys.executable, "-m", "benchmarks.bad_input", "--kinds", kind, "--every", "10"]
    done = subprocess.run(command, cwd=import_folder(), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]

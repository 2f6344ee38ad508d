"""Commands that are killed at random moments: the benchmark that does so a thousand times, in small."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bioKV.engines import cache

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")
@pytest.mark.skipif(cache.compiler() is None, reason="no C++ compiler")
def test_killed_commands_go_on_to_the_same_tables_and_leave_nothing():
    words = [sys.executable, "-m", "benchmarks.kills", "--kills", "20", "--seed", "16"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "20 kills, 0 failures" in done.stdout

"""docs/studies.md from its first to its last command: interrupted, resumed, grown, on Dask with a killed worker,
exported, read by Neo, Elephant and pynapple, plotted with seaborn."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[1] / "docs" / "studies.md").read_text()


def interrupt(words: list[str]) -> None:
    """What `timeout --signal=INT SECONDS` does, as soon as some trials are finished."""
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        while not list(Path("runs/grid").glob("parts/*/*.csv")):
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 130
    assert "biokv: stopped; the finished trials are in runs/grid/results.csv, and --resume goes on" in said


@pytest.mark.slow
def test_every_command_of_the_page_works_in_its_order(tmp_path, monkeypatch):
    for package in ("distributed", "neo", "nixio", "elephant", "pynwb", "pynapple", "seaborn"):
        pytest.importorskip(package)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
    scope: dict = {}
    for fenced, typed in re.findall(r"```(\w+\n.*?)```|((?:^    [^\n]*\n)+)", PAGE, re.DOTALL | re.MULTILINE):
        language, _, text = fenced.partition("\n")
        if language == "toml":
            Path("grid.toml").write_text(text)
        elif language == "python":
            exec(text, scope)
        else:
            first, _, rest = typed.strip().partition("\n")
            if first.startswith("timeout "):
                interrupt(first.split()[3:])
                typed = rest
            ended = f"trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\nset -e\n{typed}"
            done = subprocess.run(["bash", "-c", ended], capture_output=True, text=True)
            assert done.returncode == 0, f"{typed}\n{done.stdout}\n{done.stderr}"
    assert {path.name for path in Path("runs").iterdir()} == {"typed", "grid", "dask"}
    assert Path("grid.png").stat().st_size > 10_000

"""What a user's type checker sees: a right script passes, a wrong one fails at the wrong line, `mypy --strict` both."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("mypy")
RIGHT = """
import numpy as np
from dataclasses import dataclass
import bioKV
from bioKV import Episode, Parameters, Random, Rule, SpikingMemory, SpikingResponse
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.models import KeyValueMemory
from bioKV.network import Blueprint, Mechanism, Part
from bioKV.protocols import autoassociative
from bioKV.units import ms, Time

@dataclass(frozen=True)
class Slower(Mechanism):
    tau: Time = 30 * ms

    def add(self, network: Blueprint) -> Blueprint:
        return network.adding("hidden", "note", Part("note : 1", keeps=("note",)))

episode: Episode = autoassociative(np.random.default_rng(0), n_pairs=3)
memory = SpikingMemory(40, 40, 40, Random(0.1), parameters=Parameters(tau_drive=20 * ms), rule=Rule(axon=0.0),
                       mechanisms=[Slower()], engine="numpy")
response: SpikingResponse = memory.respond(episode, np.random.default_rng(1), record="hidden")
spikes: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = response.spikes["hidden"].t_ms
engine: str = response.engine
print(memory.blueprint().digest(), memory.parameters.theta + 1.0, memory.state)
memory.store(episode.keys[0], episode.values[0])
run = memory.network(episode, np.random.default_rng(1))
rate = KeyValueMemory(40, 40, 40, Random(0.1)).respond(episode, np.random.default_rng(1))
print(bioKV.read_results("runs/run-autoassociative").query("quantity == 'accuracy'"))
print(accuracy(rate, episode).mean(), bioKV.protocols.sequence, bioKV.models.BAM, bioKV.analysis.measures)
"""
WRONG = {
    "SpikingMemory(40, 40, 40, engin='numpy')": "call-arg",
    "SpikingMemory('40', 40, 40)": "arg-type",
    "SpikingMemory(40, 40, 40, parameters={'theta': 0.2})": "arg-type",
    "SpikingMemory(40, 40, 40, mechanisms=[3])": "list-item",
    "Parameters(tau=3.0)": "call-arg",
    "memory.parameters.tau_drve": "attr-defined",
    "memory.respond(episode, np.random.default_rng(1), record=True)": "arg-type",
    "memory.respond(3, np.random.default_rng(1))": "arg-type",
    "rate.spikes": "attr-defined",
    "response.spike": "attr-defined",
    "Random('0.1')": "arg-type",
    "bioKV.read_results(3)": "arg-type",
}


@pytest.fixture(scope="module")
def checked(installed, tmp_path_factory):
    """Checks scripts, each a text, against the installed wheel; returns the errors in each."""

    def check(*scripts: str) -> list[list[str]]:
        folder = tmp_path_factory.mktemp("scripts")
        for i, text in enumerate(scripts):
            (folder / f"script_{i}.py").write_text(text)
        mypy = [sys.executable, "-m", "mypy", "--strict", "--python-executable", installed, "--cache-dir", "cache"]
        done = subprocess.run([*mypy, "."], cwd=folder, capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stdout + done.stderr
        lines = [line for line in done.stdout.splitlines() if ": error: " in line]
        assert all(line.startswith("script_") for line in lines), lines
        return [[line for line in lines if line.startswith(f"script_{i}.py")] for i in range(len(scripts))]

    return check


def test_a_right_script_passes_and_every_wrong_line_is_found(checked):
    right, *wrong = checked(RIGHT, *(f"{RIGHT}\n{line}\n" for line in WRONG))
    assert right == []
    for (line, code), found in zip(WRONG.items(), wrong, strict=True):
        assert [f"[{code}]" in one for one in found] == [True], (line, found)

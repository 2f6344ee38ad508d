"""One command, one answer: whatever surrounds it."""

from __future__ import annotations

import pytest

from benchmarks import same_answer
from bioKV import SpikingMemory
from bioKV.network import hidden


@pytest.mark.slow
def test_workers_and_a_hostile_environment_change_no_byte_of_the_results(tmp_path):
    """21 trials are two batches of the NumPy engine, each in a process of its own."""
    command = ["biokv", "run", "autoassociative", "--memory", "spiking", "--memory", "rate", "--engine", "numpy",
               "--n-pairs", "2,1", "--key-dim", "6", "--trials", "21"]  # fmt: skip
    plain = same_answer.results(command, tmp_path / "plain", {}, ["--workers", "2"])
    hostile = same_answer.hostile(tmp_path / "home")
    assert same_answer.results(command, tmp_path / "hostile", hostile, ["--workers", "1"]) == plain
    assert "ascii" not in (tmp_path / "hostile" / "said").read_text()


def test_the_readme_has_commands_to_repeat():
    assert len(same_answer.commands("")) >= 6


def test_an_equation_that_is_changed_at_run_time_is_changed_on_both_engines(monkeypatch):
    """The text is read when a network is made, and the digest of that text names the compiled program."""
    before = SpikingMemory(4, 3, 4).blueprint().digest()
    changed = hidden.VOTES._replace(model=hidden.VOTES.model + "\nextra : 1")
    monkeypatch.setattr(hidden, "VOTES", changed)
    assert changed in SpikingMemory(4, 3, 4).blueprint().neurons["hidden"].parts.values()
    assert SpikingMemory(4, 3, 4).blueprint().digest() != before

"""Protocols, memories, mechanisms and monitors of one's own: the files of README and docs/extend.md do what they say.

Each lies in a folder with nothing else beside an installed wheel, and is run by the commands that stand there.
"""

from __future__ import annotations

import functools
import re
import shlex
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from command_line import read_table
from conftest import ROOT

from bioKV import Episode, SpikingMemory
from bioKV.analysis.intervals import fraction_interval
from bioKV.analysis.measures.accuracy import accuracy as accuracy_of
from bioKV.engines import cache
from bioKV.protocols import autoassociative
from bioKV.studies.results import FIRST, LAST

PAGE = (ROOT / "docs" / "extend.md").read_text()
README = (ROOT / "README.md").read_text()
FILES = dict(re.findall(r"`(\w+\.py)`:\n\n```python\n(.*?)```", README + PAGE, re.DOTALL))
SIMULATES = re.compile("--mechanism|spiking")
COMMANDS = re.findall(r"^    ((?:biokv|python) .*\.py.*)$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def typed(folder, installed):
    """Types a command in the folder, once; returns what it printed."""

    @functools.cache
    def run(command: str) -> str:
        first, *words = shlex.split(command)
        begin = [installed, "-m", "bioKV"] if first == "biokv" else [installed]
        engine = ["--engine", "numpy"] * (first == "biokv" and bool(SIMULATES.search(command)))  # nothing is compiled
        done = subprocess.run([*begin, *words, *engine], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def accuracy(folder, out) -> pd.Series:
    table = read_table(folder / out)
    table = table[table.quantity == "accuracy"]
    varies = [name for name in table.columns if name not in (*FIRST, *LAST)]
    return table.groupby(["memory", *varies, "subset"]).value.mean()


def mechanism(file: str):
    """The class of a file's mechanism, in no module that a child process could import."""
    scope: dict = {"__name__": "nowhere"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "nowhere", type(sys)("nowhere"))  # where dataclasses look their class up
        exec(FILES[file], scope)
    return type(scope["mechanism"])


def answer(kind, n_trials=4, n_pairs=4, engine="numpy", say=lambda line: None, **numbers):
    seeds = [np.random.SeedSequence(5, spawn_key=(k,)).spawn(2) for k in range(n_trials)]
    episode = Episode.stack(
        [autoassociative(np.random.default_rng(protocol), n_pairs, key_dim=20, corruption=0.4) for protocol, _ in seeds]
    )
    memory = SpikingMemory(20, 10, 20, mechanisms=[kind(**numbers)], engine=engine)
    return episode, memory, memory.respond(episode, [np.random.default_rng(own) for _, own in seeds], say=say)


def test_it_is_the_wheel_that_runs(typed, folder):
    (folder / "where.py").write_text("import bioKV; print(bioKV.__file__)")
    assert str(ROOT) not in typed("python where.py")


def test_every_kind_of_file_is_shown():
    own = {"ask_twice.py", "nearest.py", "btsp.py", "leaky_integrator.py", "monitor.py"}
    assert set(FILES) == {"store_twice.py", *own}
    assert len(COMMANDS) == 6


@pytest.mark.parametrize(
    "command", [pytest.param(typed, marks=pytest.mark.slow) if SIMULATES.search(typed) else typed for typed in COMMANDS]
)
def test_every_command_of_the_page_leaves_its_table_and_pictures(command, typed, folder):
    printed = typed(command)
    if "--out" in command:
        out = folder / command.rpartition(" ")[2]
        assert (out / "run.json").exists()
        assert list(out.glob("*.png"))
        assert list(out.glob("*.pdf"))
    else:
        assert "recalled 20 of 20" in printed
        assert (folder / "monitor.png").exists()


def test_a_protocol_in_the_readme_is_one_file_and_its_arguments_are_options(typed):
    said = typed("biokv run store_twice.py --n-pairs 3,7 --corruption 0.2 --trials 2 --out twice")
    assert re.search(r"sequential +rate +7 +\d", said)


def test_a_list_of_all_pairs_is_an_upper_bound(typed, folder):
    typed(COMMANDS[1])
    found = accuracy(folder, "upper-bound")
    assert found["nearest", 60, "whole"] == 1
    assert found["rate", 60, "noisy"] < found["rate", 60, "whole"] < 0.95  # 60 pairs in 40 slots
    assert found["nearest", 60, "noisy"] > 0.99


def test_a_plateau_of_btsp_reaches_back_to_the_presentation_before_and_not_on_to_the_next():
    episode, memory, response = answer(mechanism("btsp.py"), n_trials=8)
    K, x = memory.weights(response.state)[0], episode.keys[:, :4]
    overlap = np.einsum("bnd,btd->bnt", K[:, 1:3], x) / 20  # of slots 1 and 2 with what was shown when
    own, before, after = (np.diagonal(overlap, offset, 1, 2) for offset in (1, 0, 2))
    assert own.mean() > before.mean() + 0.05
    assert before.mean() > 0.05 + abs(after.mean())


def test_children_get_a_mechanism_as_text_and_need_no_module():
    """21 trials are two batches, each in a process that cannot import what was defined here."""
    _, _, response = answer(mechanism("btsp.py"), n_trials=21, n_pairs=1)
    assert response.values.shape == (21, 2, 20)


def test_a_neuron_that_integrates_is_set_back_by_its_spike_and_recalls():
    kind = mechanism("leaky_integrator.py")
    episode = autoassociative(np.random.default_rng(1), 3, key_dim=20)
    memory = SpikingMemory(20, 10, 20, mechanisms=[kind()], engine="numpy")
    response = memory.respond(episode, np.random.default_rng(2), record="hidden", traces="hidden")
    assert (np.sign(response.values) == episode.values)[episode.is_recall].all()
    trace, spikes = response.traces["hidden"], response.spikes["hidden"]
    assert list(trace.values) == ["membrane", "dendrite", "dendrite_tolerance", "plateau"]
    steps = np.searchsorted(trace.t_ms, spikes.t_ms - 0.1)
    inside = steps < len(trace.t_ms) - 1
    membrane = trace.values["membrane"]
    assert (membrane[steps, spikes.neuron][inside] >= 0).all()
    assert membrane[steps + inside, spikes.neuron][inside].max() < 4  # of two standard deviations each, from -2
    assert "hidden.expected" not in response.state.variables
    assert "hidden.membrane" in response.state.variables


@pytest.mark.slow
@pytest.mark.skipif(cache.compiler() is None, reason="no C++ compiler")
@pytest.mark.parametrize(
    ("file", "numbers"), [("btsp.py", {"potentiation": 0.7}), ("leaky_integrator.py", {"sigma": 1.0})]
)
def test_it_is_compiled_once_for_all_numbers_and_both_engines_agree(file, numbers):
    kind, said = mechanism(file), []
    found = {}
    for engine in ("compiled", "numpy"):
        for changed in ({}, numbers):
            episode, _, response = answer(kind, 20, 8, engine, said.append, **changed)
            found[engine, bool(changed)] = accuracy_of(response, episode)
    assert len(said) == 1  # a compile is announced
    for changed in (False, True):
        one, other = (fraction_interval(found[engine, changed]) for engine in ("compiled", "numpy"))
        assert abs(one.mean - other.mean) <= (one.high - one.low + other.high - other.low) / 2

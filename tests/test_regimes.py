"""Regimes: named bundles of settings, in Python, on the command line and in plan files."""

from __future__ import annotations

import json

import numpy as np
import pytest
from command_line import biokv, read_table

from bioKV import Episode, Parameters, SpikingMemory
from bioKV.analysis.evoked import evoked
from bioKV.analysis.firing import measure
from bioKV.network.regimes import parameters_of_regime, regime_names, settings_of_regime
from bioKV.network.settings import SHOWN_IN, kinds
from bioKV.protocols import autoassociative
from bioKV.studies.plan import Plan
from bioKV.studies.plan_file import read_plan
from bioKV.studies.plan_text import plan_text
from bioKV.studies.study import Study

SMALL = ["--n-pairs", "2", "--key-dim", "8", "--trials", "2", "--engine", "numpy", "--set", "neurons_per_slot=1",
         "--set", "dt=1ms"]  # fmt: skip


@pytest.mark.parametrize("name", [name for name in regime_names() if name != "regular"])
def test_every_regime_is_a_network_that_can_be_built_and_sets_what_it_says(name):
    memory = SpikingMemory(4, 3, 4, regime=name, engine="numpy")
    for setting, number in settings_of_regime(name).items():
        assert float(getattr(memory.parameters, setting)) == pytest.approx(number * SHOWN_IN.get(kinds()[setting], 1))
        assert getattr(memory.parameters, setting) != getattr(Parameters(), setting)


def test_the_regular_regime_is_the_default():
    assert SpikingMemory(4, 3, 4, regime="regular").parameters == SpikingMemory(4, 3, 4).parameters == Parameters()


@pytest.mark.parametrize("wrong", ["chaotic", None, 3])
def test_an_unknown_regime_is_refused_and_the_known_ones_are_named(wrong):
    with pytest.raises(ValueError, match=r"there is no regime .*; known are regular, irregular"):
        SpikingMemory(4, 3, 4, regime=wrong)


def test_a_regime_beside_parameters_of_ones_own_is_refused_with_what_would_do():
    own = parameters_of_regime("irregular")._replace(release_failure=0.3)
    with pytest.raises(ValueError, match=r"parameters_of_regime\('irregular'\)._replace\(...\) has both"):
        SpikingMemory(4, 3, 4, regime="irregular", parameters=own)
    assert SpikingMemory(4, 3, 4, parameters=own).parameters.release_failure == 0.3


def test_in_a_study_a_regime_may_vary_and_what_is_set_goes_before_it():
    options = {"n_pairs": 2, "regime": ["regular", "irregular"], "release_failure": 0.3, "input_irregularity": 0.0}
    cells = Study(Plan("autoassociative", ("spiking",), options=options, engine="numpy")).cells
    regular, irregular = (cell.made().parameters for cell in cells)
    assert regular == Parameters(release_failure=0.3)
    expected = parameters_of_regime("irregular")._replace(release_failure=0.3, input_irregularity=0.0)
    assert irregular == expected
    assert cells[0].digest != cells[1].digest


def test_a_plan_file_holds_the_regime(tmp_path):
    plan = Plan("autoassociative", ("spiking",), options={"n_pairs": 2, "regime": ["regular", "irregular"]})
    (tmp_path / "study.toml").write_text(plan_text(plan))
    assert read_plan(tmp_path / "study.toml")[0].options == plan.options


def test_a_command_takes_it_and_its_record_names_it(tmp_path):
    found = biokv("run", "autoassociative", "--memory", "spiking", "--regime", "regular,irregular", *SMALL, "--out",
                  tmp_path / "a")  # fmt: skip
    assert found.exit_code == 0, found.output
    assert set(read_table(tmp_path / "a").regime) == {"regular", "irregular"}
    assert json.loads((tmp_path / "a" / "run.json").read_text())["options"]["regime"] == ["regular", "irregular"]


def test_a_command_refuses_an_unknown_regime_and_one_for_a_memory_without(tmp_path):
    found = biokv("run", "autoassociative", "--memory", "spiking", "--regime", "wild", "--out", tmp_path / "a")
    assert found.exit_code == 2
    assert "there is no regime 'wild'; known are regular, irregular" in found.stderr.replace("\n", " ")
    found = biokv("run", "autoassociative", "--regime", "irregular", "--out", tmp_path / "a")
    assert found.exit_code == 2
    assert not (tmp_path / "a").exists()


@pytest.mark.slow
def test_irregular_neurons_fire_as_irregularly_as_in_cortex_and_the_memory_still_works():
    """CV and CV2 of .5 to 1.2 (Softky and Koch 1993) where regular ones have next to none in storing."""
    episode = Episode.stack([autoassociative(np.random.default_rng(k), 10) for k in range(2)])
    found = {}
    for regime in regime_names():
        memory = SpikingMemory(40, 40, 40, regime=regime, engine="numpy")
        response = memory.respond(episode, np.random.default_rng(1), record=("hidden", "output"))
        for population in ("hidden", "output"):
            for phase in ("store", "recall"):
                did = evoked(response, population, phase, memory.stimulus_ms)
                found |= {(regime, population, phase, name): measure(name)(did).mean() for name in ("cv", "cv2")}
        found[regime] = (response.values * episode.values > 0)[episode.is_recall].mean()
    assert found["regular", "hidden", "store", "cv2"] < 0.1
    assert found["regular", "output", "store", "cv2"] < 0.1
    assert all(0.45 < value < 1.25 for key, value in found.items() if key[0] == "irregular")
    assert found["irregular"] > 0.97

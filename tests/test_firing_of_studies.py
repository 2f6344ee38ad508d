"""How populations fire: in results.csv, in the table of a comparison, and in `biokv look --activity`."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest
from command_line import biokv, read_table
from numbers_page import missing
from synthetic import study_table

from bioKV.analysis import firing
from bioKV.analysis.activity import POPULATIONS
from bioKV.analysis.evoked import PHASES, evoked
from bioKV.analysis.firing_table import firing_table
from bioKV.studies.firing_summary import firing as summed_up
from bioKV.studies.plan import Plan
from bioKV.studies.scores import ROW, measured
from bioKV.studies.study import Study

SMALL = ["--n-pairs", "3", "--key-dim", "8", "--engine", "numpy", "--set", "neurons_per_slot=1", "--set", "dt=1ms"]
OPTIONS = {"n_pairs": 3, "key_dim": 8, "neurons_per_slot": 1, "dt": 1.0}


def quantities(*, from_spikes: bool) -> set[str]:
    return {firing.quantity(name, population, phase) for name in firing.names(from_spikes=from_spikes)
            for population in firing.populations(name) for phase in PHASES}  # fmt: skip


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    out = tmp_path_factory.mktemp("compared") / "run"
    return biokv("compare", "autoassociative", *SMALL, "--trials", 4, "--record", "hidden", "--record-trials", "1,2",
                 "--out", out), out  # fmt: skip


def test_every_spiking_trial_has_its_counts_measured_and_recorded_ones_their_intervals_too(compared):
    result, out = compared
    assert result.exit_code == 0, result.output
    table = read_table(out)
    for from_spikes, trials in ((False, {0, 1, 2, 3}), (True, {1, 2})):
        for name in quantities(from_spikes=from_spikes):
            rows = table[table.quantity == name]
            assert set(rows.trial) == trials, name
            assert set(rows.memory) == {"spiking"}


def test_a_comparison_prints_how_every_population_fires(compared):
    said = compared[0].output
    table = said[said.index("firing while keys are on") :]
    for population in POPULATIONS:
        for phase in ("storing", "recalling"):
            assert any(line.split()[:2] == [population, phase] for line in table.splitlines())
    for column in ("mean Hz", "99 % Hz", "CV", "CV2", "Fano", "r counts", "r 2 ms"):
        assert column in table
    assert "sparseness of the hidden code: storing " in said


def test_the_numbers_are_those_of_the_measures_and_say_nothing_of_other_trials():
    study = Study(Plan("autoassociative", ("spiking",), options=OPTIONS, engine="numpy", trials=3, record=("hidden",),
                       record_trials=(2,)))  # fmt: skip
    cell = study.cells[0]
    rows, response, _ = measured(cell, range(3), 1, lambda line: None, lambda share: None, POPULATIONS)
    found = {(row[ROW.index("quantity")], row[ROW.index("trial")]): row[-1] for row in rows}
    for name in firing.names():
        own = firing.measure(name)(evoked(response, "hidden", "recall", 100.0))
        at = [found.get((firing.quantity(name, "hidden", "recall"), trial), "none") for trial in range(3)]
        shown = own.tolist() if name in firing.names(from_spikes=False) else ["none", "none", own[2]]
        assert [one == "none" for one in at] == [one == "none" for one in shown]
        np.testing.assert_equal([x for x in at if x != "none"], [x for x in shown if x != "none"])


def test_without_spikes_the_table_says_what_to_type_and_older_tables_are_shown_too():
    shown, *said = summed_up(study_table())  # from before there were any but peak rates
    assert shown.columns == ["population", "phase", "99 % Hz"]
    assert any("--record hidden,output keeps those of trial 0" in one for one in said)
    assert list(summed_up(study_table(memories=("rate",)))) == []


def test_of_one_point_there_is_an_interval_over_trials_and_of_several_the_range_of_their_means():
    one, several = study_table(), study_table({"n_pairs": [5, 10]})
    peak = several.quantity == "peak_rate_hidden_recall_hz"
    several.loc[peak, "value"] = np.where(several.n_pairs[peak] == 5, 50.0, 70.0)
    one.loc[one.quantity == "peak_rate_hidden_recall_hz", "value"] = [50.0, 52.0, 54.0, 56.0]

    def hidden(table):
        found = firing_table(table)
        return found[(found.population == "hidden") & (found.phase == "recall")].iloc[0]

    assert hidden(one)["mean"] == 53
    assert hidden(one).high - 53 == pytest.approx(3.182 * np.sqrt(20 / 3) / 2, rel=1e-3)  # Student's t, 3 degrees
    assert (hidden(several).least, hidden(several).most) == (50, 70)
    assert np.isnan(hidden(several)["mean"])
    several.loc[peak & (several.n_pairs == 10), "value"] = np.nan  # of one of several points it is a mean of that point
    assert np.isnan([hidden(several)["mean"], hidden(several).low]).all()
    assert (hidden(several).least, hidden(several).most) == (50, 50)


def test_look_activity_draws_one_trial_and_prints_the_table(tmp_path):
    pytest.importorskip("elephant")
    words = ["look", "autoassociative", "--activity", *SMALL, "--out", tmp_path / "a"]
    result = biokv(*words)
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["activity.pdf", "activity.png", "run.json"]
    assert "firing while keys are on: one trial" in result.output
    assert json.loads((tmp_path / "a" / "run.json").read_text())["state"] == "finished"
    again = biokv(*words)
    assert again.exit_code == 2
    assert "already holds a look or other results" in again.stderr


def test_without_elephant_look_activity_says_what_to_install_and_runs_nothing(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "elephant", None)
    result = biokv("look", "autoassociative", "--activity", *SMALL, "--out", tmp_path / "a")
    assert result.exit_code == 2
    assert 'look --activity needs elephant, which is not installed: pip install "bioKV[neo]"' in result.stderr
    assert not (tmp_path / "a").exists()
    compared = biokv("compare", "autoassociative", *SMALL, "--trials", 2, "--record", "output", "--out", tmp_path / "b")
    assert compared.exit_code == 0, compared.output
    assert "CV2" in compared.output


def test_the_page_on_numbers_names_all_that_a_comparison_writes(compared):
    assert missing(compared[1]) == set()

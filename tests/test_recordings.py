"""The spikes that a run has kept, and `biokv export`."""

import json
import sys
from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest
from command_line import biokv
from recorded import MEMORY, answered, spikes_of

import bioKV
from bioKV.studies.recordings import RECORDED, kept, path_of, read_recordings, recorded, write_recording

POPULATIONS = ("hidden", "output")


@pytest.fixture
def run(tmp_path):
    """The folder of a run that has kept two trials, each of another cell."""
    response, episode = answered()
    K, V = MEMORY.weights(response.state)
    said = {"commands": ["biokv run flashbulb"], "plan": {"seed": 3}, "versions": {"bioKV": "1.2"}}
    (tmp_path / "run.json").write_text(json.dumps(said))
    for i, delay in enumerate((20, 3)):  # in the other order
        about = {"memory": "spiking", "third_factor": "sequential", "engine": "numpy", "trial": 0,
                 "options": {"delay": delay}}  # fmt: skip
        one, shown = kept(response, episode, i, POPULATIONS)
        write_recording(tmp_path, f"cell{i}", 0, one, shown, about, (K[i], V[i]))
    return tmp_path


def test_a_kept_trial_is_what_was_asked_for_of_it_to_the_last_bit(run):
    response, episode = answered()
    trials = read_recordings(run)
    assert [trial.options["delay"] for trial in trials] == [3, 20]
    for trial, i in zip(trials, (1, 0), strict=True):
        assert set(trial.response.spikes) == set(POPULATIONS)
        for name in POPULATIONS:
            of = response.spikes[name].of_trial(i)
            np.testing.assert_array_equal(trial.response.spikes[name].t_ms, of.t_ms)
            np.testing.assert_array_equal(trial.response.spikes[name].neuron, of.neuron)
        np.testing.assert_array_equal(trial.response.values, response.values[i])
        np.testing.assert_array_equal(trial.episode.keys, episode.keys[i])
        np.testing.assert_array_equal(trial.weights[0], MEMORY.weights(response.state)[0][i])


def test_whatever_is_asked_for_networks_record_one_set_and_so_compile_once():
    assert recorded(()) == ()
    assert recorded(("hidden",)) == recorded(("output", "dendrite")) == RECORDED
    assert recorded(("hidden", "relay")) == (*RECORDED, "relay")


def test_csv_has_a_column_for_every_option(run):
    assert biokv("export", run, "--to", "csv").exit_code == 0
    table = pd.read_csv(run / "spikes.csv")
    assert list(table.columns) == ["trial", "third_factor", "delay", "population", "neuron", "sign", "t_ms"]
    n_spikes = sum(len(spikes) for name, spikes in spikes_of(answered()[0]).items() if name in POPULATIONS)
    assert len(table) == n_spikes
    assert set(table.delay) == {3, 20}


def test_an_option_that_is_a_pair_is_written_as_text(run):
    response, episode = answered()
    about = {"memory": "spiking", "third_factor": "sequential", "engine": "numpy", "trial": 1,
             "options": {"delay": 3, "stability_threshold": [5, 10]}}  # fmt: skip
    write_recording(run, "cell1", 1, *kept(response, episode, 0, POPULATIONS), about)
    formats = [to for to, package in (("csv", "pandas"), ("nwb", "pynwb"), ("nix", "nixio")) if find_spec(package)]
    assert [biokv("export", run, "--to", to).exit_code for to in formats] == [0] * len(formats)
    assert set(pd.read_csv(run / "spikes.csv").stability_threshold.dropna()) == {"[5, 10]"}


def test_npz_is_one_response_of_all_trials(run):
    assert biokv("export", run, "--to", "npz", "--out", run / "all.npz").exit_code == 0
    saved = bioKV.export.load(run / "all.npz")
    response, episode = answered()
    np.testing.assert_array_equal(saved.response.values, response.values[::-1])
    np.testing.assert_array_equal(saved.episode.keys, episode.keys[::-1])
    for name in POPULATIONS:
        for i in range(2):
            got, made = saved.response.spikes[name].of_trial(i), response.spikes[name].of_trial(1 - i)
            np.testing.assert_array_equal(got.t_ms, made.t_ms)
    assert [one["options"]["delay"] for one in saved.about["trials"]] == [3, 20]
    assert saved.about["run"]["plan"]["seed"] == 3


def test_nwb_and_nix_hold_all_trials_and_where_they_come_from(run):
    pynwb, neo = pytest.importorskip("pynwb"), pytest.importorskip("neo")
    for to in ("nwb", "nix"):
        assert biokv("export", run, "--to", to).exit_code == 0
    n_spikes = sum(len(spikes) for name, spikes in spikes_of(answered()[0]).items() if name in POPULATIONS)
    with pynwb.NWBHDF5IO(run / "spikes.nwb", "r") as io:
        file = io.read()
        assert file.trials["delay"][:].tolist() == [3, 20]
        assert file.trials["trial"][:].tolist() == [0, 0], "of two values of an option"
        weights = file.processing["misc"]["weights_K"]
        for table in (file.intervals["presentations"], file.intervals["plateaus"], weights):
            delay = file.trials.to_dataframe().delay.loc[table["trial_id"][:]]
            assert delay.unique().tolist() == [3, 20], f"every row of {table.name} finds its trial"
        assert json.loads(file.notes)["plan"]["seed"] == 3
        assert len(file.units["spike_times"].target.data) == n_spikes
    with neo.NixIO(str(run / "spikes.nix"), "ro") as file:
        (block,) = file.read_all_blocks()
    assert [segment.annotations["delay"] for segment in block.segments] == [3, 20]
    assert sum(len(train) for segment in block.segments for train in segment.spiketrains) == n_spikes
    assert block.annotations["seed"] == 3


def refused(*words):
    done = biokv("export", *words)
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_what_cannot_be_exported_is_said_in_a_sentence(run, tmp_path_factory, monkeypatch):
    empty = tmp_path_factory.mktemp("empty")
    assert refused(run, "--to", "mat") == "biokv: --to takes nwb, nix, npz, csv; got 'mat'\n"
    assert "there is no run in" in refused(empty, "--to", "csv")
    (empty / "run.json").write_text("{")
    assert "run.json is damaged" in refused(empty, "--to", "csv")
    (empty / "run.json").write_text("{}")
    assert "has kept no spikes; run it again with --record hidden,output" in refused(empty, "--to", "csv")
    (empty / "run.json").write_text('{"plan": {"memories": ["rate"], "record": []}}')
    assert "its memories are rate; run it again with --memory spiking --record" in refused(empty, "--to", "csv")
    (empty / "run.json").write_text('{"plan": {"memories": ["spiking"], "record": ["hidden"]}}')
    assert "has kept no spikes yet, as none of their trials was finished; its --resume" in refused(empty, "--to", "csv")
    assert biokv("export", run, "--to", "csv").exit_code == 0
    assert "another --out or --force (replace) would do" in refused(run, "--to", "csv")
    assert biokv("export", run, "--to", "csv", "--force").exit_code == 0
    assert "is a folder" in refused(run, "--to", "csv", "--out", empty)
    monkeypatch.setitem(sys.modules, "pynwb", None)
    assert 'needs pynwb, which is not installed: pip install "bioKV[nwb]"' in refused(run, "--to", "nwb")
    path_of(run, "cell0", 0).write_bytes(b"PK")
    assert "cell0-0.npz is damaged" in refused(run, "--to", "csv", "--force")


def test_trials_of_different_length_do_not_fit_into_one_npz(run):
    _, episode = answered()
    short = bioKV.Episode(*(getattr(episode, name)[0, :3] for name in ("keys", "values", "gate", "source")))
    other = MEMORY.respond(short, np.random.default_rng(0), record=POPULATIONS)
    about = {"memory": "spiking", "third_factor": "sequential", "engine": "numpy", "trial": 0, "options": {"delay": 4}}
    write_recording(run, "cell2", 0, other, short, about)
    assert "--to nwb, nix or csv would do" in refused(run, "--to", "npz")
    assert not (run / "spikes.npz").exists()

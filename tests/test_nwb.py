"""Spikes as an NWB file: valid, and read back by pynwb, Neo and pynapple to the last spike."""

import json
from dataclasses import replace

import numpy as np
import pytest
from recorded import MEMORY, D, N, answered, spikes_of, traced

import bioKV
from bioKV import SpikeTrain
from bioKV.analysis.measures.accuracy import accuracy

pynwb = pytest.importorskip("pynwb")

BEGIN_S = (0.0, 1.35 + 1)  # of the trials, with a second between them
RECORD = {"versions": {"bioKV": "1.2", "jax": "not installed"}, "plan": {"seed": 7}, "commands": ["biokv run x"]}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    response, episode = answered()
    path = tmp_path_factory.mktemp("nwb") / "a.nwb"
    bioKV.export.nwb(response, path, episode, third_factor="random", options={"corruption": [0.1, 0.2]},
                     weights=MEMORY.weights(response.state), record=RECORD)  # fmt: skip
    return path


@pytest.fixture(scope="module")
def file(path):
    with pynwb.NWBHDF5IO(path, "r") as io:
        yield io.read()


def expected():
    """(population, neuron, nanoseconds) of every spike, trials one after another."""
    response, _ = answered()
    return sorted((name, neuron, round((BEGIN_S[trial] + t_ms / 1e3) * 1e9))
                  for name, spikes in spikes_of(response).items() for trial, neuron, t_ms in spikes)  # fmt: skip


def test_the_file_is_valid(path, tmp_path):
    assert pynwb.validate(path=str(path)) == []
    bioKV.export.nwb(traced()[0], tmp_path / "traces and no episode.nwb")
    assert pynwb.validate(path=str(tmp_path / "traces and no episode.nwb")) == []


def test_the_inspector_finds_nothing_critical(path):
    inspector = pytest.importorskip("nwbinspector")
    found = inspector.inspect_nwbfile(nwbfile_path=path)
    worst = inspector.Importance.BEST_PRACTICE_VIOLATION
    assert [one.message for one in found if one.importance.value > worst.value] == []


def test_every_neuron_is_a_unit_with_all_its_spikes_watched_from_start_to_end(file):
    response, _ = answered()
    units = file.units.to_dataframe()
    assert len(units) == sum(train.n_neurons for train in response.spikes.values())
    got = sorted((unit.population, int(unit.neuron), round(t * 1e9)) for unit in units.itertuples()
                 for t in unit.spike_times)  # fmt: skip
    assert got == expected()
    assert all(np.array_equal(times, np.sort(times)) for times in units.spike_times)
    end = BEGIN_S[1] + 9 * 0.15
    assert all(np.allclose(watched, [[0.0, end]]) for watched in units.obs_intervals)
    inputs = units[units.population == "input"]
    assert inputs.sign.tolist() == [1] * D + [-1] * D
    assert set(units[units.population == "dendrite"].sign) == {0}


def test_trials_presentations_and_plateaus_are_tables(file):
    response, episode = answered()
    trials = file.trials.to_dataframe()
    assert trials.start_time.tolist() == list(BEGIN_S)
    assert trials.corruption.tolist() == [0.1, 0.2]
    assert trials.third_factor.tolist() == ["random"] * 2
    np.testing.assert_array_equal(trials.accuracy, accuracy(response, episode))
    shown = file.intervals["presentations"].to_dataframe()
    assert shown.phase.tolist() == response.phase.ravel().tolist()
    assert shown.step.tolist() == list(range(9)) * 2
    for name, array in (("gate", episode.gate), ("source", episode.source)):
        assert shown[name].tolist() == array.ravel().tolist()
    assert shown.subset.tolist() == np.array(episode.subset_names)[episode.subset].ravel().tolist()
    for name, array in (("key", episode.keys), ("value", episode.values), ("answer", response.values)):
        np.testing.assert_array_equal(np.stack(list(shown[name])), array.reshape(-1, D))
    plateaus = file.intervals["plateaus"].to_dataframe()
    assert sorted(zip(plateaus.trial, plateaus.step, plateaus.slot, strict=True)) == [
        tuple(one) for one in np.argwhere(response.third_factor)
    ]
    np.testing.assert_allclose(plateaus.stop_time - plateaus.start_time, 0.05)


def test_weights_are_tables_with_named_axes(file):
    K, V = MEMORY.weights(answered()[0].state)
    module = file.processing["misc"]
    for name, axes, matrix in (("weights_K", ("slot", "weight_by_key_entry"), K),
                               ("weights_V", ("value_entry", "weight_by_slot"), V)):  # fmt: skip
        table = module[name].to_dataframe()
        assert list(table.columns) == ["trial", "trial_id", *axes]
        np.testing.assert_array_equal(np.stack(list(table[axes[1]])).reshape(matrix.shape), matrix)
        assert table[axes[0]].tolist() == list(range(matrix.shape[1])) * 2


def test_the_file_says_where_it_comes_from_and_has_no_keywords(file):
    assert [tuple(one) for one in file.was_generated_by[:]] == [("bioKV", "1.2")]
    assert file.source_script == "biokv run x"
    assert json.loads(file.notes) == RECORD
    assert file.related_publications[0] == "https://doi.org/10.48550/arXiv.2110.13976"
    assert file.keywords is None  # Neo cannot read any


def test_populations_that_never_fired_are_there_with_empty_trains(tmp_path):
    response, episode = answered()
    train = response.spikes["hidden"]
    none = SpikeTrain(train.t_ms[:0], train.neuron[:0], train.trial[:0], train.n_neurons)
    silent = replace(response, spikes={"hidden": none, "dendrite": none, "input": response.spikes["input"]})
    bioKV.export.nwb(silent, tmp_path / "a.nwb", episode)
    assert pynwb.validate(path=str(tmp_path / "a.nwb")) == []
    with pynwb.NWBHDF5IO(tmp_path / "a.nwb", "r") as io:
        units = io.read().units.to_dataframe()
        assert {len(times) for times in units.spike_times[units.population == "hidden"]} == {0}
        assert sum(len(times) for times in units.spike_times) == len(response.spikes["input"].t_ms)
    pytest.importorskip("nixio")
    bioKV.export.nix(silent, tmp_path / "a.nix", episode)
    assert len(silent.to_pandas()) == len(response.spikes["input"].t_ms)


def test_traces_are_series_in_the_time_of_the_file(tmp_path):
    response, episode = traced()
    bioKV.export.nwb(response, tmp_path / "a.nwb", episode)
    with pynwb.NWBHDF5IO(tmp_path / "a.nwb", "r") as io:
        series = io.read().acquisition["output_v"]
        np.testing.assert_array_equal(series.data[:], response.traces["output"].values["v"])
        assert (series.starting_time, series.rate) == (0, pytest.approx(1000))


def test_neo_reads_it(path):
    neo = pytest.importorskip("neo")
    (block,) = neo.NWBIO(str(path), "r").read_all_blocks()
    trains = block.segments[0].spiketrains
    assert sum(len(train) for train in trains) == len(expected())
    assert {str(train.units.dimensionality) for train in trains} == {"s"}


def test_pynapple_reads_it(path):
    pynapple = pytest.importorskip("pynapple")
    data = pynapple.load_file(str(path))
    units, shown = data["units"], data["presentations"]
    assert set(units.get_info("population")) == {*answered()[0].spikes}
    times = units[units.get_info("population") == "output"].count(ep=shown[shown.get_info("phase") == "recall"])
    response, _ = answered()
    counted = response.counts["output"][response.phase == "recall"].sum()
    assert abs(times.values.sum() - counted) <= 0.01 * counted  # it moves borders that touch by a microsecond


def test_networks_of_different_size_fit_into_one_file(tmp_path):
    from bioKV.export.nwb import write_nwb
    from bioKV.export.trials import trials_of

    response, episode = answered()
    smaller = bioKV.SpikingMemory(D, N - 1, D, engine="numpy").respond(
        episode.trials([0]), np.random.default_rng(1), record=("hidden", "input")
    )
    trials = [*trials_of("a test", smaller, episode.trials([0]), options={"n_slots": N - 1}),
              *trials_of("a test", response, episode, options={"n_slots": N})]  # fmt: skip
    write_nwb(trials, tmp_path / "a.nwb", None)
    assert pynwb.validate(path=str(tmp_path / "a.nwb")) == []
    with pynwb.NWBHDF5IO(tmp_path / "a.nwb", "r") as io:
        file = io.read()
        assert file.trials["n_slots"][:].tolist() == [N - 1, N, N]
        n_spikes = sum(len(train.t_ms) for one in (smaller, response) for train in one.spikes.values())
        assert len(file.units["spike_times"].target.data) == n_spikes

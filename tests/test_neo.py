"""Spikes as Neo's objects and in NIX files, and Elephant's tools on them."""

import importlib

import numpy as np
import pytest
from recorded import D, N, answered, spikes_of, traced

import bioKV
from bioKV.export import nix

neo = pytest.importorskip("neo")
pytest.importorskip("nixio")
pq = pytest.importorskip("quantities")


def spikes_in(block):
    """population -> (trial, neuron, t_ms), of trains per neuron or per population."""
    found = {}
    for segment in block.segments:
        for train in segment.spiketrains:
            name, trial = str(train.annotations["population"]), int(segment.annotations["trial"])
            neurons = train.array_annotations.get("neuron", np.full(len(train), train.annotations.get("neuron", 0)))
            times = train.rescale("ms").magnitude.tolist()
            found.setdefault(name, []).extend(zip([trial] * len(times), neurons.tolist(), times, strict=True))
    return {name: sorted(spikes) for name, spikes in found.items()}


@pytest.fixture(scope="module")
def block():
    return answered()[0].to_neo(answered()[1])


def test_every_neuron_of_every_trial_has_a_train_with_its_spikes_to_the_bit(block):
    response, _ = answered()
    assert spikes_in(block) == spikes_of(response)
    sizes = {name: train.n_neurons for name, train in response.spikes.items()}
    assert {group.name: len(group.spiketrains) // 2 for group in block.groups} == sizes
    for segment in block.segments:
        assert len(segment.spiketrains) == sum(sizes.values())
        assert {(float(t.t_start), float(t.t_stop), str(t.units.dimensionality)) for t in segment.spiketrains} == {
            (0.0, 9 * 150.0, "ms")
        }
    signs = [train.annotations["sign"] for train in block.segments[0].spiketrains[: 2 * D]]
    assert signs == [1] * D + [-1] * D


def test_presentations_are_epochs_and_plateaus_events(block):
    response, episode = answered()
    for i, segment in enumerate(block.segments):
        (epoch,), (event,) = segment.epochs, segment.events
        assert epoch.labels.tolist() == response.phase[i].tolist()
        assert epoch.rescale("ms").magnitude.tolist() == response.windows_ms[:, 0].tolist()
        for name in ("gate", "source"):
            assert epoch.array_annotations[name].tolist() == getattr(episode, name)[i].tolist()
        assert set(epoch.array_annotations["subset"]) == set(np.array(episode.subset_names)[episode.subset[i]])
        step, slot = event.array_annotations["step"], event.array_annotations["slot"]
        happened = [tuple(one) for one in np.argwhere(response.third_factor[i]).tolist()]
        assert sorted(zip(step.tolist(), slot.tolist(), strict=True)) == happened


def test_a_block_says_where_it_comes_from():
    record = {"versions": {"bioKV": "1.2"}, "plan": {"seed": 7}, "commands": ["biokv run x"], "git_revision": "abc"}
    block = bioKV.export.to_neo(*answered(), record=record, options={"corruption": [0.1, 0.2]}, third_factor="random")
    said = block.annotations
    assert (said["version_bioKV"], said["seed"], said["command"], said["engine"]) == ("1.2", 7, "biokv run x", "numpy")
    assert "Biological learning in key-value memory networks" in block.description
    assert [segment.annotations["corruption"] for segment in block.segments] == [0.1, 0.2]
    assert block.segments[0].annotations["third_factor"] == "random"


def test_traces_are_analog_signals_in_their_own_time():
    response, episode = traced()
    signals = {signal.name: signal for signal in response.to_neo(episode).segments[0].analogsignals}
    trace = response.traces["output"]
    np.testing.assert_array_equal(signals["output.v"].magnitude, trace.values["v"])
    np.testing.assert_allclose(signals["output.v"].times.rescale("ms").magnitude, trace.t_ms, atol=1e-6)


def test_elephant_takes_the_block_as_it_is(block):
    pytest.importorskip("elephant")
    from elephant.statistics import mean_firing_rate, time_histogram
    from elephant.trials import TrialsFromBlock
    from neo.utils import cut_segment_by_epoch

    response, _ = answered()
    trials = TrialsFromBlock(block, description="flashbulb")
    assert trials.n_trials == 2
    assert len(set(trials.n_spiketrains_trial_by_trial)) == 1
    output = [train for train in block.segments[0].spiketrains if train.annotations["population"] == "output"]
    counted = time_histogram(output, bin_size=150 * pq.ms).magnitude[:, 0]
    np.testing.assert_array_equal(counted, response.counts["output"][0].sum(axis=-1))
    rate = mean_firing_rate(output[0]).rescale("Hz")
    assert float(rate) == pytest.approx(response.counts["output"][0, :, 0].sum() / 1.35)
    cut = cut_segment_by_epoch(block.segments[0], block.segments[0].epochs[0], reset_time=True)
    assert len(cut) == 9


@pytest.mark.parametrize("made", [answered, traced])
def test_a_nix_file_holds_the_same_spikes_to_the_bit(made, tmp_path):
    response, episode = made()
    nix(response, tmp_path / "a.nix", episode)
    with neo.NixIO(str(tmp_path / "a.nix"), "ro") as file:
        (block,) = file.read_all_blocks()
    assert spikes_in(block) == spikes_of(response)
    assert len(block.segments[0].spiketrains) == len(response.spikes)
    assert block.segments[0].epochs[0].labels.tolist() == response.phase[0].tolist()
    assert block.segments[0].events[0].array_annotations["slot"].max() < N
    assert len(block.segments[0].analogsignals) == sum(len(trace.values) for trace in response.traces.values())


def test_more_trains_per_neuron_than_a_nix_file_can_bear_are_refused(tmp_path, monkeypatch):
    response, episode = answered()
    monkeypatch.setattr(importlib.import_module("bioKV.export.nix"), "MOST_TRAINS", 20)
    with pytest.raises(ValueError, match=r"30 ms for every spike train, and per neuron these would be \d+, of at most"):
        nix(response, tmp_path / "a.nix", episode, per_neuron=True)
    assert not list(tmp_path.iterdir())

"""Traces: what neurons do between their spikes, recorded without touching them."""

import numpy as np
import pytest

from bioKV import Episode, Parameters, SpikingMemory
from bioKV.engines import cache
from bioKV.protocols import autoassociative

D = 12
POPULATIONS = ("hidden", "output", "dendrite")
DT_MS = 0.5


@pytest.fixture(scope="module")
def episode():
    return autoassociative(np.random.default_rng(4), n_pairs=2, key_dim=D)


def respond(episode, engine="numpy", traces=("hidden", "output")):
    return SpikingMemory(D, D, D, engine=engine).respond(
        episode, np.random.default_rng(4), record=POPULATIONS, traces=traces, say=lambda line: None
    )


@pytest.fixture(
    scope="module",
    params=["numpy", pytest.param("compiled", marks=[
        pytest.mark.slow, pytest.mark.skipif(cache.compiler() is None, reason="no C++ compiler")
    ])],
)  # fmt: skip
def both(request, episode):
    """The same trial without and with traces."""
    return respond(episode, request.param, traces=()), respond(episode, request.param)


def steps_of(train):
    """(time step, neuron) of every spike."""
    return set(zip(np.round(train.t_ms / DT_MS).astype(int).tolist(), train.neuron.tolist(), strict=True))


def steps_where(condition):
    return set(zip(*(axis.tolist() for axis in np.nonzero(condition)), strict=True))


def test_recording_traces_changes_no_spike(both):
    silent, traced = both
    assert not silent.traces
    for name in POPULATIONS:
        assert steps_of(silent.spikes[name]) == steps_of(traced.spikes[name])
    np.testing.assert_array_equal(silent.values, traced.values)


def test_a_trace_has_a_row_for_every_time_step_of_every_presentation(both, episode):
    for name, n_neurons in (("hidden", 4 * D), ("output", 2 * D)):
        trace = both[1].traces[name]
        assert set(trace.values) == set(SpikingMemory(D, D, D).blueprint().neurons[name].names("traces"))
        np.testing.assert_allclose(trace.t_ms, DT_MS * np.arange(episode.n_steps * 300), atol=1e-9)
        assert {a.shape for a in trace.values.values()} == {(episode.n_steps * 300, n_neurons)}


def test_a_hidden_neuron_fires_just_when_its_integrated_hazard_passes_the_tolerance(both):
    trace = both[1].traces["hidden"].values
    assert steps_of(both[1].spikes["hidden"]) == steps_where(trace["expected"] > trace["tolerance"])


def test_the_hazard_grows_e_fold_with_the_distance_to_threshold(both):
    trace = both[1].traces["hidden"].values
    p = Parameters()
    grown = np.diff(trace["expected"], axis=0)
    free = grown > 1e-9  # neither refractory, nor just set back, nor far below threshold
    membrane = trace["membrane"][1:][free]
    assert np.ptp(membrane) > 10
    # the hazard is that of the beginning of the step, in whose course the drive rises by up to a third of what is bound
    np.testing.assert_allclose(np.log(grown[free] / float(p.hazard * p.dt)), membrane, atol=0.7)


def test_an_output_neuron_fires_just_when_its_evidence_is_above_its_inhibition(both):
    trace = both[1].traces["output"].values
    spikes = {(t, i) for t, i in steps_of(both[1].spikes["output"]) if t < len(trace["v"])}
    assert spikes == steps_where(trace["v"] >= trace["inhibition"] + Parameters().output_threshold)
    assert len(spikes) > 100


def test_a_dendrite_reaches_its_threshold_at_its_spike_and_opens_a_plateau(both):
    trace = both[1].traces["hidden"].values
    reached = trace["dendrite"] >= trace["dendrite_tolerance"] - 1e-6
    fired = steps_of(both[1].spikes["dendrite"])
    assert len(fired) == 4 * 4  # of each presentation, the neurons of a slot
    leaders = {(step, neuron) for step, neuron in fired if neuron % 4 == 0}
    assert {(step + 1, neuron + k) for step, neuron in leaders for k in (1, 2, 3)} == fired - leaders
    for step, neuron in leaders:
        assert reached[step, neuron]
        assert not reached[step - 2, neuron]
        assert trace["plateau"][step : step + 2, neuron].tolist() == [0, 1]
        in_window = trace["plateau"][step : step + 200, neuron].sum() * DT_MS
        assert in_window == pytest.approx(50, abs=1)
    assert trace["plateau"].any(axis=0).sum() == 4 * 4


def test_traces_of_many_trials_or_of_other_populations_are_refused(episode):
    two = Episode.stack([episode, episode])
    with pytest.raises(ValueError, match="traces are kept of one trial; the episode has 2"):
        respond(two)
    with pytest.raises(ValueError, match="traces takes hidden, output; got 'input'"):
        respond(episode, traces="input")


def test_traces_that_would_fill_the_memory_are_refused_before_anything_runs():
    long = Episode(np.ones((9000, D)), np.ones((9000, D)), np.ones(9000), np.full(9000, -1))
    with pytest.raises(ValueError, match=r"traces of hidden, output would take 7.8 GB, and at most 1 GB are kept"):
        respond(long)

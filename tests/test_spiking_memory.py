"""SpikingMemory as a memory: recall, the prompt, states, what it refuses."""

import numpy as np
import pytest

from bioKV import Episode, Parameters, Random, Sequential, SpikingMemory
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative
from bioKV.units import ms

D = 16
COARSE = {"parameters": Parameters(dt=1 * ms), "engine": "numpy"}  # half as many time steps; nothing here needs more


def well_separated(n):
    """Rows of a Hadamard matrix: dot product 0 with each other."""
    rows = np.array([[1.0]])
    while len(rows) < D:
        rows = np.block([[rows, rows], [rows, -rows]])
    return rows[1 : n + 1]


def test_what_was_stored_is_recalled_from_a_corrupted_query():
    episode = autoassociative(
        np.random.default_rng(0), n_pairs=5, key_dim=D, corruption=0.25, patterns=well_separated(5)
    )
    response = SpikingMemory(D, D, D, **COARSE).respond(episode, np.random.default_rng(1))
    assert accuracy(response, episode) == 1.0


def test_keys_and_values_may_differ_in_size():
    x, y = well_separated(3), np.random.default_rng(0).choice([-1.0, 1.0], size=(3, 5))
    episode = Episode(np.vstack([x, x]), np.vstack([y, y]), np.repeat([1.0, 0.0], 3), np.r_[-1, -1, -1, 0, 1, 2])
    response = SpikingMemory(D, 4, 5, **COARSE).respond(episode, np.random.default_rng(1))
    np.testing.assert_array_equal(np.sign(response.values[3:]), y)


def test_an_empty_memory_recalls_nothing():
    x = well_separated(1)
    episode = Episode(x, x, np.zeros(1), np.full(1, -1))
    response = SpikingMemory(D, D, D, **COARSE).respond(episode, np.random.default_rng(1))
    np.testing.assert_array_equal(response.values, 0.0)  # silence reads as 0, not as what was read before


def test_trials_of_a_batch_do_not_touch_each_other():
    episodes = [autoassociative(np.random.default_rng(k), n_pairs=2, key_dim=D) for k in range(3)]
    memory = SpikingMemory(D, D, D, **COARSE)
    response = memory.respond(Episode.stack(episodes), np.random.default_rng(0))
    K, V = memory.weights(response.state)
    for k, episode in enumerate(episodes):
        np.testing.assert_array_equal(np.sign(K[k, :2]), episode.keys[:2])
        np.testing.assert_array_equal(np.sign(V[k, :, :2]).T, episode.values[:2])


def test_the_shape_of_a_response_is_the_shape_of_its_episode():
    episode = autoassociative(np.random.default_rng(0), n_pairs=2, key_dim=D)
    memory = SpikingMemory(D, 6, D, **COARSE)
    response = memory.respond(episode, np.random.default_rng(0), record=("hidden", "dendrite"))
    assert response.values.shape == (4, D)
    assert response.hidden.shape == response.third_factor.shape == (4, 6)
    assert response.windows_ms.tolist() == [[0, 150], [150, 300], [300, 450], [450, 600]]
    assert response.phase.tolist() == ["store", "store", "recall", "recall"]
    assert response.spikes["hidden"].n_neurons == response.spikes["dendrite"].n_neurons == 4 * 6
    t_ms = response.spikes["hidden"].t_ms
    assert response.counts["hidden"].sum() == t_ms.size
    assert response.evoked["hidden"].sum() == (t_ms % 150 < 100).sum() < t_ms.size  # the key is on for 100 of 150 ms


def test_every_recorded_spike_is_counted_in_its_presentation():
    episode = Episode.stack([autoassociative(np.random.default_rng(k), n_pairs=1, key_dim=D) for k in range(20)])
    memory = SpikingMemory(D, 6, D, **COARSE)
    populations = ("input", "feedforward", "hidden", "interneuron", "output")
    response = memory.respond(episode, np.random.default_rng(0), record=populations)
    edges = np.append(response.windows_ms[:, 0], response.windows_ms[-1, 1])
    for name, train in response.spikes.items():
        bins = [np.arange(21), edges, np.arange(train.n_neurons + 1)]
        found, _ = np.histogramdd([train.trial, train.t_ms + 1e-6, train.neuron], bins)
        np.testing.assert_array_equal(found, response.counts[name])
        assert found.sum() == train.t_ms.size > 0


def test_a_recall_at_the_prompt_uses_up_no_slot():
    x, memory = well_separated(2), SpikingMemory(D, D, D, seed=1, **COARSE)
    memory.store(x[0], x[0])
    memory.recall(np.where(np.arange(D) < D // 2, x[0], 0))
    memory.store(x[1], x[1])
    K, _ = memory.weights(memory.state)
    np.testing.assert_array_equal(np.sign(K[0, :3]), np.vstack([x, np.zeros(D)]))


def test_the_seed_of_the_prompt_decides_what_is_drawn_there():
    (x,), memory = well_separated(1), SpikingMemory(D, 6, D, Random(0.5), **COARSE)
    state = memory.begin(1, np.random.default_rng(0))
    draws = []
    for seed in (1, 1, 2):
        streams = [np.random.default_rng(seed)]
        after, output = memory.step(state._replace(streams=streams), x[None], x[None], np.ones(1))
        draws.append(np.concatenate([output.third_factor[0], memory.weights(after)[1].ravel()]))
    np.testing.assert_array_equal(draws[0], draws[1])
    assert (draws[0] != draws[2]).any()
    first = [SpikingMemory(D, 6, D, seed=seed, **COARSE).state.variables["input.phase"] for seed in (1, 1, 2)]
    np.testing.assert_array_equal(first[0], first[1])
    assert (first[0] != first[2]).any()


def test_the_rate_twin_with_the_same_plateaus_recalls_the_same():
    episode = Episode.stack(
        [autoassociative(np.random.default_rng(k), n_pairs=6, key_dim=D, corruption=0.3) for k in range(10)]
    )
    response = SpikingMemory(D, D, D, Random(0.15), **COARSE).respond(episode, np.random.default_rng(1))
    twin = KeyValueMemory(D, D, D).respond(episode.with_third_factor(response.third_factor), np.random.default_rng(1))
    # a coarse check of the everyday suite: the slow suite holds the gap to a hundredth
    assert abs(float(np.mean(accuracy(response, episode) - accuracy(twin, episode)))) < 0.05


def good_episode(**changes):
    x = well_separated(2)
    arrays = {
        "keys": np.vstack([x, x]),
        "values": np.vstack([x, x]),
        "gate": np.r_[1.0, 1, 0, 0],
        "source": np.r_[-1, -1, 0, 1],
    }
    return Episode(**{**arrays, **changes})


@pytest.mark.parametrize(
    ("episode", "sentence"),
    [
        (good_episode(keys=np.full((4, D), 1.5)), r"shows keys from -1 to 1, the largest rate; got a size of 1\.5"),
        (good_episode(values=np.full((4, D), -2)), "clamps values from -1 to 1, the largest rate; got a size of 2"),
        (good_episode(gate=np.ones(4)), "cannot score a step that it stores"),
        (good_episode(keys=np.ones((4, D - 1))), f"keys has {D - 1} columns but this memory has key_dim={D}"),
        (good_episode(values=np.ones((4, D + 1))), f"values has {D + 1} columns but this memory has value_dim={D}"),
        (good_episode(local_third_factor=np.ones((4, 3))), f"has 3 columns but this memory has n_slots={D}"),
    ],
)
def test_what_neurons_cannot_show_is_refused_before_anything_runs(episode, sentence):
    with pytest.raises(ValueError, match=sentence):
        SpikingMemory(D, D, D, **COARSE).respond(episode, np.random.default_rng(0))


def test_unknown_populations_and_engines_and_sizes_are_refused(monkeypatch):
    episode = good_episode()
    with pytest.raises(
        ValueError, match="record takes input, feedforward, hidden, interneuron, output, dendrite; got 'soma'"
    ):
        SpikingMemory(D, D, D, **COARSE).respond(episode, np.random.default_rng(0), record=("soma",))
    with pytest.raises(ValueError, match="engine must be one of auto, compiled, numpy; got 'gpu'"):
        SpikingMemory(D, D, D, engine="gpu")
    with pytest.raises(ValueError, match=r"n_slots must be a whole number above 0; got 2\.5"):
        SpikingMemory(D, 2.5, D)
    with pytest.raises(ValueError, match="stability_threshold must be a number above 0"):
        SpikingMemory(D, D, D, stability_threshold=0)
    with pytest.raises(ValueError, match=r"p is a probability .* got 4. Did you mean p=4/N\?"):
        SpikingMemory(D, D, D, Random(4))
    with pytest.raises(ValueError, match="2 generators but there are 1 trials"):
        SpikingMemory(D, D, D, Sequential(), **COARSE).respond(
            episode, [np.random.default_rng(i) for i in range(2)]
        )
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(ValueError, match=r"\$CXX names the compiler 'no-such-compiler', which was not found; unset"):
        SpikingMemory(D, D, D, engine="compiled")

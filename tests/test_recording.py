"""What a run brings back takes little memory, and all of it is what was counted."""

import numpy as np
import pytest

from bioKV import Episode, SpikingMemory
from bioKV.network.recording import Joined, Recording, compact
from bioKV.protocols import autoassociative


def one(counts, neuron):
    spikes = {"hidden": (np.array([0.1]), np.array([neuron], np.int32), np.zeros(1, np.int32))}
    return Recording({"hidden.n_spikes": counts[None]}, {"key.w": np.full((1, 2), float(neuron))}, spikes)


def test_counts_take_two_bytes_and_agree_with_the_spikes():
    episode = Episode.stack([autoassociative(np.random.default_rng(k), n_pairs=2, key_dim=8) for k in range(2)])
    response = SpikingMemory(8, 4, 8, engine="numpy").respond(episode, np.random.default_rng(1), record="hidden")
    assert {counts.dtype for counts in (*response.counts.values(), *response.evoked.values())} == {np.dtype(np.int16)}
    train = response.spikes["hidden"]
    counted, step = np.zeros(response.counts["hidden"].shape, int), (train.t_ms / 150).astype(int)
    np.add.at(counted, (train.trial, step, train.neuron), 1)
    np.testing.assert_array_equal(counted, response.counts["hidden"])
    assert response.values.dtype == response.hidden.dtype == float


@pytest.mark.parametrize(
    ("name", "reading", "dtype"),
    [("a.n_b", [0.0, 9], "int16"), ("a.n_b", [4e4], "int32"), ("a.n_b", [0.5], "float64"), ("a.n_b", [3e9], "float64"),
     ("a.n_b", [np.nan], "float64"), ("output.readout", [0.0, 1], "float64")],
)  # fmt: skip
def test_only_whole_counts_are_made_smaller_and_no_number_changes(name, reading, dtype):
    smaller = compact(name, np.array(reading))
    assert smaller.dtype == dtype
    np.testing.assert_array_equal(smaller, reading)


def test_trials_are_put_together_in_their_order_whichever_came_first():
    joined = Joined(2)
    joined.put(1, one(np.array([[1, 40_000]], np.int32), 1))
    joined.put(0, one(np.array([[2, 3]], np.int16), 0))
    whole = joined.recording()
    assert whole.readings["hidden.n_spikes"].tolist() == [[[2, 3]], [[1, 40_000]]]
    assert whole.state["key.w"].tolist() == [[0, 0], [1, 1]]
    assert [column.tolist() for column in whole.spikes["hidden"]] == [[0.1, 0.1], [0, 1], [0, 1]]


def test_a_larger_count_that_comes_later_still_fits():
    joined = Joined(2)
    joined.put(0, one(np.array([[2, 3]], np.int16), 0))
    joined.put(1, one(np.array([[1, 40_000]], np.int32), 1))
    assert joined.recording().readings["hidden.n_spikes"].max() == 40_000

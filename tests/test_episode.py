"""An episode is checked once, when it is made, and never changes."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV import Episode

STORE_STORE_ASK = {
    "keys": [[1, -1], [-1, -1], [1, 0]],
    "values": [[1, 1, 1], [-1, 1, 1], [1, 1, 1]],
    "gate": [1, 0.5, 0],
    "source": [-1, -1, 0],
}


def episode(**changes) -> Episode:
    """Two pairs are stored, the first is asked for: T = 3, d = 2, m = 3."""
    return Episode(**{**STORE_STORE_ASK, **changes})


def test_sizes_are_read_off_the_arrays():
    e = episode()
    assert (e.n_steps, e.key_dim, e.value_dim, e.trials_shape) == (3, 2, 3, ())


def test_exactly_the_steps_with_a_source_are_recalls_and_those_with_an_open_gate_are_stores():
    e = episode()
    assert e.is_recall.tolist() == [False, False, True]
    assert e.is_store.tolist() == [True, True, False]


def test_what_is_not_said_is_no_feedback_one_subset_and_the_memorys_own_plateaus():
    e = episode()
    assert not e.feedback.any()
    assert e.subset.tolist() == [0, 0, 0]
    assert e.subset_names == ("all",)
    assert e.local_third_factor is None
    assert e.read_after_write is False


def test_one_number_serves_for_every_step():
    assert episode(gate=1.0, source=-1).gate.tolist() == [1, 1, 1]


def test_an_episode_cannot_be_changed_afterwards_not_even_through_the_array_it_was_made_from():
    keys = np.array(STORE_STORE_ASK["keys"], dtype=float)
    e = episode(keys=keys)
    keys[0] = 5
    assert e.keys[0].tolist() == [1, -1]
    with pytest.raises(ValueError, match="read-only"):
        e.keys[0] = 5


def test_a_lure_is_asked_but_not_scored():
    assert not episode(source=[-1, -1, -1]).is_recall.any()


def test_a_step_may_ask_for_what_it_has_just_stored_only_if_it_reads_after_its_write():
    assert episode(source=[0, -1, 0], read_after_write=True).source[0] == 0
    with pytest.raises(ValueError, match=r"source must be -1 or an earlier step; at index \(0,\) it is 0"):
        episode(source=[0, -1, 0])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"keys": [1.0, 2.0]}, r"keys must have shape \(\.\.\., T, d\).* got \(2,\)"),
        ({"keys": np.ones((0, 2))}, r"keys must have shape .*at least one step.*got \(0, 2\)"),
        ({"values": np.ones((2, 3))}, r"values must have shape \(3, 'm'\) to go .* of shape \(3, 2\); got \(2, 3\)"),
        ({"values": np.ones((3, 0))}, r"values must have shape .*got \(3, 0\)"),
        ({"values": np.ones(3)}, r"values must have shape .*got \(3,\)"),
        ({"keys": [[1, 1], [1, np.nan], [1, 1]]}, r"keys must be finite numbers; .* at index \(1, 1\)"),
        ({"values": np.full((3, 3), np.inf)}, r"values must be finite numbers; .*at index \(0, 0\)"),
        ({"gate": [1, np.nan, 0]}, r"gate must be finite numbers; .*at index \(1,\)"),
        ({"gate": [1, -0.5, 0]}, r"gate is the global third factor q and must be 0 or more; got -0\.5 at index \(1,\)"),
        ({"gate": [1, 1]}, r"gate must have shape \(3,\), one entry per step; got \(2,\)"),
        ({"source": [-1, -1, 0.5]}, "source must hold integers; got float64"),
        ({"source": [-1, -1]}, r"source must have shape \(3,\), one entry per step; got \(2,\)"),
        ({"source": [-1, -1, 2]}, r"source must be -1 or an earlier step; at index \(2,\) it is 2"),
        ({"source": [-1, -1, -2]}, r"source must be -1 or an earlier step; at index \(2,\) it is -2"),
        ({"gate": [0, 1, 0]}, r"source must .* stored.* at index \(2,\) it points to step 0, whose gate is 0"),
        ({"feedback": [True]}, r"feedback must have shape \(3,\), one entry per step; got \(1,\)"),
        ({"feedback": [0, 0.5, 0]}, "feedback must hold True and False, or 1 and 0; got float64"),
        ({"feedback": ["no"] * 3}, "feedback must hold True and False, or 1 and 0; got <U2"),
        ({"read_after_write": "no"}, "read_after_write must be True or False; got 'no'"),
        ({"subset": [0, 0, 1]}, r"subset must hold integers from 0 to 0, one for each of \('all',\)"),
        ({"subset": [0, 0, -1]}, "subset must hold integers from 0 to 0"),
        ({"subset": [0.0, 0.0, 0.0]}, "subset must hold integers; got float64"),
        ({"local_third_factor": np.zeros((2, 4))}, r"local_third_factor must have shape \(3, 'N'\); got \(2, 4\)"),
        ({"local_third_factor": np.zeros((3, 0))}, r"local_third_factor must have shape \(3, 'N'\); got \(3, 0\)"),
        ({"local_third_factor": [[0, 1], [0, 0.5], [0, 1]]}, r"local_third_factor must be 0 or 1; .*at index \(1, 1\)"),
    ],
)  # fmt: skip
def test_what_cannot_be_presented_is_refused_with_what_came(changes, message):
    with pytest.raises(ValueError, match=message):
        episode(**changes)


def test_leading_axes_are_trials_and_flatten_to_one():
    e = Episode(np.ones((2, 3, 4, 5)), np.ones((2, 3, 4, 6)), np.ones((2, 3, 4)), -1)
    assert e.trials_shape == (2, 3)
    assert e.flat().keys.shape == (6, 4, 5)
    assert e.flat().trials([0, 5]).trials_shape == (2,)
    assert episode().flat().trials_shape == (1,)


def test_flattening_keeps_the_order_of_trials():
    keys = np.arange(24.0).reshape(2, 3, 2, 2)
    e = Episode(keys, np.ones((2, 3, 2, 1)), 0, -1)
    np.testing.assert_array_equal(e.flat().keys[4], keys[1, 1])


def test_imposed_plateaus_can_be_exchanged_and_taken_away():
    gamma = np.eye(3)
    imposed = episode().with_third_factor(gamma)
    np.testing.assert_array_equal(imposed.local_third_factor, gamma)
    assert imposed.with_third_factor(None).local_third_factor is None


def test_shorter_trials_are_padded_with_steps_that_store_nothing_and_ask_nothing():
    short = Episode([[1, 1]], [[1]], 1.0, -1, local_third_factor=[[1, 0]])
    long = Episode([[1, 1]] * 3, [[1]] * 3, [1, 1, 0], [-1, -1, 0], local_third_factor=[[1, 0]] * 3)
    stacked = Episode.stack([short, long])
    assert stacked.trials_shape == (2,)
    assert stacked.keys[0].tolist() == [[1, 1], [0, 0], [0, 0]]
    assert stacked.gate[0].tolist() == [1, 0, 0]
    assert stacked.source[0].tolist() == [-1, -1, -1]
    assert stacked.local_third_factor[0].tolist() == [[1, 0], [0, 0], [0, 0]]
    np.testing.assert_array_equal(stacked.keys[1], long.keys)


def test_stacking_needs_episodes():
    with pytest.raises(ValueError, match="stack needs at least one episode; got none"):
        Episode.stack([])


@pytest.mark.parametrize(
    "other",
    [
        episode().flat(),
        episode(keys=np.ones((3, 5))),
        episode(values=np.ones((3, 1))),
        episode(read_after_write=True),
        episode(subset_names=("regular", "flashbulb")),
        episode(local_third_factor=np.zeros((3, 4))),
    ],
    ids=["a batch", "another d", "another m", "another read order", "other subsets", "imposed plateaus"],
)
def test_only_single_trials_of_one_protocol_are_stacked(other):
    with pytest.raises(ValueError, match="stack takes single trials of one protocol: same d, m, read order"):
        Episode.stack([episode(), other])

"""Equations 4-11, by hand: numbers small enough to check on paper."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioKV.models.plasticity import (
    hidden_activity,
    learning_rate,
    read,
    softmax,
    write_key,
    write_outer_product,
    write_value,
)

LOG3 = math.log(3)
ROUNDING = 1e-14  # a handful of float64 operations on numbers of order 1


def test_softmax_turns_logarithms_into_shares():
    np.testing.assert_allclose(softmax(np.array([0, LOG3])), [1 / 4, 3 / 4], atol=ROUNDING)


def test_softmax_does_not_care_about_a_common_offset_and_never_overflows():
    np.testing.assert_allclose(softmax(np.array([1e4, 1e4 + LOG3])), [1 / 4, 3 / 4], atol=1e-11)  # 1e4 costs 4 digits
    assert softmax(np.array([-1e300, 1e300])).tolist() == [0, 1]


def test_hidden_activity_is_the_softmax_of_the_overlaps_with_the_keys():
    """Eq. 4 with K x = (log 3, 0)."""
    K = np.array([[LOG3, 0], [0, LOG3]])
    np.testing.assert_allclose(hidden_activity(K, np.array([1.0, 0])), [3 / 4, 1 / 4], atol=ROUNDING)


def test_the_recalled_value_is_the_mean_of_the_stored_ones_weighted_by_hidden_activity():
    """Eq. 5: 3/4 of (1, 2) and 1/4 of (-1, 6)."""
    K, V = np.array([[LOG3, 0], [0, LOG3]]), np.array([[1.0, -1], [2, 6]])
    h, y = read(K, V, np.array([1.0, 0]))
    np.testing.assert_allclose(h, [3 / 4, 1 / 4], atol=ROUNDING)
    np.testing.assert_allclose(y, [1 / 2, 3], atol=ROUNDING)


def test_an_empty_memory_is_undecided():
    h, y = read(np.zeros((4, 3)), np.zeros((2, 4)), np.array([1.0, -1, 1]))
    assert h.tolist() == [1 / 4] * 4
    assert y.tolist() == [0, 0]


@pytest.mark.parametrize(("q", "eta"), [(0, 0), (0.5, 0.5), (1, 1), (3, 1)])
def test_the_learning_rate_is_q_where_there_is_a_plateau_and_at_most_1(q, eta):
    """Eq. 8."""
    assert learning_rate(np.array([1.0, 0]), np.array(float(q))).tolist() == [eta, 0]


def test_a_key_is_written_into_slots_with_a_plateau_in_proportion_to_q():
    """Eq. 9 with q = 1/4: 3/4 of (2, 0) and 1/4 of (1, -1)."""
    K = write_key(np.array([[2.0, 0], [2, 0]]), np.array([1.0, -1]), np.array([1.0, 0]), np.array(0.25))
    assert K.tolist() == [[1.75, -0.25], [2, 0]]


def test_a_value_is_written_in_proportion_to_q_and_to_the_slots_activity():
    """Eq. 11 with q = 1/2: half of 1 and half of -1 times 4/5; the second slot has no plateau."""
    V = write_value(np.array([[1.0, 1]]), np.array([-1.0]), np.array([0.8, 0.2]), np.array([1.0, 0]), np.array(0.5))
    np.testing.assert_allclose(V, [[0.1, 1]], atol=ROUNDING)


@given(seed=st.integers(0, 999), q=st.sampled_from([0.0, 0.3, 1.0, 2.5]))
def test_a_slot_without_a_plateau_keeps_its_weights(seed, q):
    rng = np.random.default_rng(seed)
    K, V, x, y, h = (rng.normal(size=shape) for shape in ((6, 3), (2, 6), 3, 2, 6))
    gamma = rng.integers(2, size=6).astype(float)
    silent = gamma == 0
    np.testing.assert_array_equal(write_key(K, x, gamma, np.array(q))[silent], K[silent])
    np.testing.assert_array_equal(write_value(V, y, h, gamma, np.array(q))[:, silent], V[:, silent])


@given(seed=st.integers(0, 999))
def test_nothing_is_written_while_the_gate_is_closed(seed):
    rng = np.random.default_rng(seed)
    K, V, x, y, h = (rng.normal(size=shape) for shape in ((6, 3), (2, 6), 3, 2, 6))
    np.testing.assert_array_equal(write_key(K, x, np.ones(6), np.array(0.0)), K)
    np.testing.assert_array_equal(write_value(V, y, h, np.ones(6), np.array(0.0)), V)


def test_a_fully_open_gate_replaces_what_was_there():
    K = write_key(np.full((1, 2), 9.0), np.array([1.0, -1]), np.ones(1), np.array(1.0))
    V = write_value(np.full((2, 1), 9.0), np.array([1.0, -1]), np.array([0.5]), np.ones(1), np.array(1.0))
    assert K.tolist() == [[1, -1]]
    assert V.tolist() == [[0.5], [-0.5]]


@given(seed=st.integers(0, 999))
def test_trials_side_by_side_are_trials_one_by_one(seed):
    rng = np.random.default_rng(seed)
    K, V, x, y, h = (rng.normal(size=(4, *shape)) for shape in ((6, 3), (2, 6), (3,), (2,), (6,)))
    gamma, q = rng.integers(2, size=(4, 6)).astype(float), rng.random(4)
    for batch, one in [
        (read(K, V, x)[1], lambda b: read(K[b], V[b], x[b])[1]),
        (write_key(K, x, gamma, q), lambda b: write_key(K[b], x[b], gamma[b], q[b])),
        (write_value(V, y, h, gamma, q), lambda b: write_value(V[b], y[b], h[b], gamma[b], q[b])),
    ]:
        np.testing.assert_allclose(batch, np.stack([one(b) for b in range(4)]), atol=ROUNDING)


def test_rules_leave_the_arrays_they_are_given_alone():
    K, V, x, y, h = (np.ones(shape) for shape in ((2, 3), (4, 2), 3, 4, 2))
    for array in (K, V, x, y, h):
        array.setflags(write=False)
    assert write_key(K, x, np.ones(2), np.array(0.5)) is not K
    assert write_value(V, y, h, np.ones(2), np.array(0.5)) is not V


def test_an_outer_product_is_written_in_proportion_to_q_and_to_one_over_the_entries_of_the_key():
    """Two trials, keys of four entries: q/4 of y x^T is added to what was there."""
    W, x, y = np.ones((2, 1, 4)), np.array([[1.0, -1, 2, 0], [1, 1, 1, 1]]), np.array([[3.0], [-2.0]])
    written = write_outer_product(W, x, y, np.array([1.0, 0.5]))
    np.testing.assert_allclose(written, [[[1.75, 0.25, 2.5, 1]], [[0.75] * 4]])

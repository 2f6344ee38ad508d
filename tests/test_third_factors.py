"""Which slots have a plateau potential, and when."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioKV import LeastRecentlyUsed, Random, Sequential

N_TRIALS = 3


def play(third_factor, n_slots, steps, rng, n_trials=1):
    """Plateaus (T, B, N) for steps given as (gate, winner of the recall or None), the same in all trials."""
    state, plateaus = third_factor.begin(n_trials, n_slots, rng), []
    for gate, winner in steps:
        gamma = third_factor.draw(state)
        hidden = np.zeros((n_trials, 1, n_slots))
        if winner is not None:
            hidden[..., winner] = 1.0
        state = third_factor.advance(state, gamma, np.full((n_trials, 1), float(gate)), hidden)
        plateaus.append(gamma[:, 0])
    return np.array(plateaus)


WRITE, LURE = (1, None), (0, None)


def recall(winner):
    return (0, winner)


def slots(plateaus):
    """The one slot with a plateau at each step of trial 0."""
    assert (plateaus.sum(axis=-1) == 1).all()
    return plateaus[:, 0].argmax(axis=-1).tolist()


def test_sequential_plateaus_visit_the_slots_in_turn_and_start_over(rng):
    assert slots(play(Sequential(), 3, [WRITE] * 7, rng)) == [0, 1, 2, 0, 1, 2, 0]


def test_the_sequential_counter_goes_on_during_recalls(rng):
    assert slots(play(Sequential(), 4, [WRITE, recall(0), recall(0), WRITE], rng)) == [0, 1, 2, 3]


@given(n_slots=st.integers(1, 9), n_steps=st.integers(1, 25))
def test_exactly_one_slot_has_a_sequential_plateau_at_a_step(n_slots, n_steps):
    gamma = Sequential().draw(Sequential().begin(N_TRIALS, n_slots, np.random.default_rng(0)), n_steps)
    assert gamma.shape == (N_TRIALS, n_steps, n_slots)
    assert (np.sort(gamma, axis=-1)[..., :-1] == 0).all()
    assert (gamma.max(axis=-1) == 1).all()


@pytest.mark.parametrize("third_factor", [Sequential(), Random(0.4), Random((0.1, 0.9, 0.5, 0.0, 1.0))], ids=str)
@given(seed=st.integers(0, 99), lengths=st.lists(st.integers(1, 6), min_size=1, max_size=5))
def test_plateaus_drawn_ahead_are_those_drawn_step_by_step(third_factor, seed, lengths):
    n_slots = 5  # not a multiple of the generator's four numbers a count
    ahead, single = [], []
    state = third_factor.begin(N_TRIALS, n_slots, np.random.default_rng(seed))
    for length in lengths:
        ahead.append(third_factor.draw(state, length))
        nothing = np.zeros((N_TRIALS, length))
        state = third_factor.advance(state, ahead[-1], nothing, np.zeros((N_TRIALS, length, n_slots)))
    state = third_factor.begin(N_TRIALS, n_slots, np.random.default_rng(seed))
    for _ in range(sum(lengths)):
        single.append(third_factor.draw(state))
        state = third_factor.advance(state, single[-1], np.zeros((N_TRIALS, 1)), np.zeros((N_TRIALS, 1, n_slots)))
    np.testing.assert_array_equal(np.concatenate(ahead, axis=1), np.concatenate(single, axis=1))


def test_random_plateaus_come_with_probability_p_in_every_slot_at_every_step(rng):
    n_trials, n_steps, n_slots, p = 200, 50, 40, 0.1
    third_factor = Random(p)
    gamma = third_factor.draw(third_factor.begin(n_trials, n_slots, rng), n_steps)
    five_errors = 5 * np.sqrt(p * (1 - p))  # of a binomial share; five, because about a hundred shares are looked at
    assert abs(gamma.mean() - p) < five_errors / np.sqrt(gamma.size)
    assert (abs(gamma.mean(axis=(0, 1)) - p) < five_errors / np.sqrt(n_trials * n_steps)).all()
    assert (abs(gamma.mean(axis=(0, 2)) - p) < five_errors / np.sqrt(n_trials * n_slots)).all()


def test_random_plateaus_of_different_slots_steps_and_trials_have_nothing_to_do_with_each_other(rng):
    """Were they tied, counts along that axis would vary more or less than binomial ones, Np(1 - p)."""
    n, p = 60, 0.3
    gamma = Random(p).draw(Random(p).begin(n, n, rng), n)
    for axis in range(3):
        variance = gamma.sum(axis=axis).var()
        # 3600 counts: their variance is known to about sqrt(2/3600) = 2.4 %; 12 % is five such errors
        assert variance == pytest.approx(n * p * (1 - p), rel=0.12)


def test_a_slot_has_its_own_probability_where_a_list_is_given(rng):
    gamma = Random((0.0, 1.0, 0.5)).draw(Random((0.0, 1.0, 0.5)).begin(1, 3, rng), 400)[0]
    assert gamma[:, 0].sum() == 0
    assert gamma[:, 1].sum() == 400
    assert abs(gamma[:, 2].sum() - 200) < 5 * np.sqrt(100)  # binomial, variance 400/4


def test_random_plateaus_come_back_with_the_seed_and_change_with_it():
    first, again, other = (play(Random(0.5), 8, [WRITE] * 8, np.random.default_rng(s), 2) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_a_trials_random_plateaus_do_not_depend_on_its_neighbours():
    streams = [np.random.default_rng(seed) for seed in range(3)]
    together = Random(0.5).draw(Random(0.5).begin(3, 8, streams), 6)
    alone = Random(0.5).draw(Random(0.5).begin(1, 8, [np.random.default_rng(2)]), 6)
    np.testing.assert_array_equal(together[2], alone[0])


def test_random_plateaus_do_not_depend_on_what_is_recalled(rng):
    asked = play(Random(0.5), 8, [recall(3)] * 5, np.random.default_rng(1))
    stored = play(Random(0.5), 8, [WRITE] * 5, np.random.default_rng(1))
    np.testing.assert_array_equal(asked, stored)


def test_slots_never_used_come_first_then_the_one_unused_for_longest(rng):
    assert slots(play(LeastRecentlyUsed(), 3, [WRITE] * 5, rng)) == [0, 1, 2, 0, 1]


def test_winning_a_recall_keeps_a_slot_from_being_overwritten(rng):
    steps = [WRITE, WRITE, WRITE, recall(0), WRITE, WRITE, WRITE]
    assert slots(play(LeastRecentlyUsed(), 3, steps, rng))[4:] == [1, 2, 0]


def test_a_recall_that_leans_on_no_slot_uses_none(rng):
    assert slots(play(LeastRecentlyUsed(), 3, [WRITE, WRITE, WRITE, LURE, WRITE], rng))[4] == 0


@pytest.mark.parametrize(("share", "next_slot"), [(0.5, 0), (0.51, 1)])
def test_half_of_the_activity_is_not_enough_to_win_a_recall(share, next_slot, rng):
    third_factor, gate = LeastRecentlyUsed(), np.ones((1, 1))
    state = third_factor.begin(1, 3, rng)
    for slot in range(3):
        state = third_factor.advance(state, np.eye(3)[slot][None, None], gate, np.zeros((1, 1, 3)))
    rest = (1 - share) / 2
    state = third_factor.advance(state, np.zeros((1, 1, 3)), 0 * gate, np.array([[[share, rest, rest]]]))
    assert third_factor.draw(state)[0, 0].argmax() == next_slot


def test_what_was_active_while_storing_counts_for_nothing_only_what_was_written(rng):
    third_factor = LeastRecentlyUsed()
    state = third_factor.begin(1, 3, rng)
    state = third_factor.advance(state, np.array([[[0, 1, 0]]]), np.ones((1, 1)), np.array([[[1.0, 0, 0]]]))
    assert (state.last_used >= 0).tolist() == [[False, True, False]]


def test_every_trial_remembers_its_own_use(rng):
    third_factor = LeastRecentlyUsed()
    state = third_factor.begin(2, 2, rng)
    gamma = np.array([[[1.0, 0]], [[0, 1.0]]])
    state = third_factor.advance(state, gamma, np.ones((2, 1)), np.zeros((2, 1, 2)))
    assert third_factor.draw(state)[:, 0].tolist() == [[0, 1], [1, 0]]


def test_least_recently_used_cannot_be_drawn_ahead_of_the_answers(rng):
    with pytest.raises(ValueError, match="least_recently_used depends on the answers and is drawn one step at a time"):
        LeastRecentlyUsed().draw(LeastRecentlyUsed().begin(1, 3, rng), 2)
    assert LeastRecentlyUsed().needs_answers
    assert not Sequential().needs_answers
    assert not Random().needs_answers


@pytest.mark.parametrize(
    ("p", "message"),
    [
        (4, r"p is a probability per slot and step and must lie in \[0, 1\]; got 4\. Did you mean p=4/N\?"),
        (-0.1, r"must lie in \[0, 1\]; got -0\.1\.$"),
        (float("nan"), r"must lie in \[0, 1\]; got nan\.$"),
        ((0.1, 0.2, 1.5), r"must lie in \[0, 1\]; got 1\.5\."),
        ((0.1, 0.2), "p must be one probability or one for each of the 3 slots; got 2"),
    ],
)
def test_a_p_that_is_no_probability_is_refused(p, message, rng):
    with pytest.raises(ValueError, match=message):
        Random(p).begin(1, 3, rng)


@pytest.mark.parametrize(
    ("third_factor", "name"),
    [(Sequential(), "sequential"), (Random(), "random"), (LeastRecentlyUsed(), "least_recently_used")],
)
def test_third_factors_are_named_as_on_the_command_line(third_factor, name):
    assert third_factor.name == name


def test_a_third_factor_is_true_and_equals_its_own_kind_alone():
    """`factor or default` keeps a factor without numbers."""
    kinds = (Sequential(), Random(), LeastRecentlyUsed())
    assert all(bool(factor) for factor in kinds)
    assert [[one == other for other in kinds] for one in kinds] == np.eye(3, dtype=bool).tolist()
    assert Random(0.1) == Random(0.1) != Random(0.2)


def test_a_random_plateau_comes_with_a_probability_of_a_tenth_unless_told():
    assert Random().p == 0.1
    assert Random() == Random(0.1)

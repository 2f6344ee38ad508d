"""The continual task and its flashbulbs: what is asked, when, and what was stored for it."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV.protocols import continual, flashbulb
from bioKV.protocols.patterns import random_patterns


@pytest.mark.parametrize("store", ["asked", "all"])
@pytest.mark.parametrize("delay", [1, 2, 30, 180])
def test_every_recall_asks_for_what_was_shown_and_stored_delay_steps_before(delay, store, rng):
    episode = continual(rng, delay, store=store)
    asked = np.flatnonzero(episode.is_recall)
    np.testing.assert_array_equal(episode.source[asked], asked - delay)
    assert not episode.is_recall[asked - delay].any(), "what is asked for was shown whole, not asked for itself"
    assert (episode.gate[asked - delay] == 1).all()
    np.testing.assert_array_equal(episode.values[asked], episode.keys[asked - delay])
    query = episode.keys[asked]
    assert ((query == 0) | (query == episode.values[asked])).all()
    assert (episode.gate[asked] == 0).all()


def test_a_third_is_recalled_a_third_stored_and_a_third_seen_and_not_stored(rng):
    episode = continual(rng, 20, n_steps=30_000)
    for share in (episode.is_recall.mean(), episode.is_store.mean()):
        assert abs(share - 1 / 3) < 5 * np.sqrt(1 / 3 * 2 / 3 / 30_000) + 20 / 30_000  # 5 errors, and the delay


def test_with_store_all_everything_new_is_stored(rng):
    episode = continual(rng, 20, store="all")
    np.testing.assert_array_equal(episode.is_store, ~episode.is_recall)


def test_with_p_recall_1_all_that_was_shown_is_asked_for(rng):
    episode = continual(rng, 3, p_recall=1.0, n_steps=12)
    np.testing.assert_array_equal(episode.is_recall, [0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1])


def test_the_length_is_the_authors_or_the_texts(rng):
    assert continual(rng, 10).n_steps == 1500
    assert continual(rng, 100).n_steps == 3000
    assert continual(rng, 100, length_factor=1).n_steps == 2000
    assert continual(rng, 100, n_steps=101).n_steps == 101


def test_something_is_asked_even_where_chance_would_ask_nothing(rng):
    for _ in range(20):
        assert continual(rng, 5, p_recall=1e-9, n_steps=6).is_recall.sum() == 1


def test_ones_own_patterns_are_shown_in_their_order(rng):
    mine = random_patterns(100, 8, rng)
    episode = continual(rng, 4, n_steps=60, key_dim=8, patterns=mine)
    shown = episode.keys[~episode.is_recall]
    np.testing.assert_array_equal(shown, mine[: len(shown)])


def test_flashbulbs_are_stored_with_their_strength_and_the_others_with_1(rng):
    episode = flashbulb(rng, 20, n_flashbulb=7, strength=12.5)
    special = episode.is_recall & (episode.subset == 1)
    assert episode.subset_names == ("regular", "flashbulb")
    assert special.sum() == 7
    assert (episode.gate[episode.source[special]] == 12.5).all()
    assert (episode.gate[episode.source[episode.is_recall & ~special]] == 1).all()
    assert episode.n_steps == flashbulb(rng, 180).n_steps == 1500


@pytest.mark.parametrize(("n_steps", "delay", "most"), [(8, 2, 4), (7, 2, 3), (9, 4, 4), (5, 4, 1)])
def test_whether_there_are_enough_for_the_flashbulbs_depends_on_the_options_alone(n_steps, delay, most, rng):
    for _ in range(50):
        episode = flashbulb(rng, delay, n_flashbulb=most, n_steps=n_steps, key_dim=4, p_recall=0.2)
        strong = episode.subset == 1
        assert (strong.sum(), (episode.gate == 15).sum()) == (most, most)
        assert not episode.is_recall[episode.source[strong]].any()
    with pytest.raises(ValueError, match=f"n_flashbulb is {most + 1} but at most {most} patterns can be asked for"):
        flashbulb(rng, delay, n_flashbulb=most + 1, n_steps=n_steps, key_dim=4)


def test_flashbulbs_come_at_random_among_the_stored(rng):
    steps = [np.flatnonzero(flashbulb(rng, 20).gate > 1) for _ in range(200)]
    assert abs(np.mean(steps) - 740) < 5 * 1480 / np.sqrt(12 * 1000)  # five errors of a uniform mean over 0 to 1479


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: continual(rng, 0), "delay must be a whole number above 0; got 0"),
        (lambda rng: continual(rng, 2.5), r"delay must be a whole number above 0; got 2\.5"),
        (lambda rng: continual(rng, 100, n_steps=100), "delay is 100 steps but the episode has only 100"),
        (lambda rng: continual(rng, 10, n_steps=0), "n_steps must be a whole number above 0; got 0"),
        (lambda rng: continual(rng, 10, key_dim=0), "key_dim must be a whole number above 0; got 0"),
        (lambda rng: continual(rng, 10, p_recall=0), "p_recall must be above 0, or nothing is ever asked for; got 0"),
        (lambda rng: continual(rng, 10, p_recall=1.2), r"p_recall must lie in \[0, 1\]; got 1\.2"),
        (lambda rng: continual(rng, 10, corruption=-0.1), r"corruption must lie in \[0, 1\]; got -0\.1"),
        (lambda rng: continual(rng, 10, length_factor=0), "length_factor must be a finite number above 0; got 0"),
        (lambda rng: continual(rng, 10, length_factor=float("nan")), "must be a finite number above 0; got nan"),
        (lambda rng: continual(rng, 10, store="some"), "store must be 'asked' or 'all'; got 'some'"),
        (lambda rng: continual(rng, 10, patterns=np.ones((5, 40))), "n_steps is 1500 but there are only 5 patterns"),
        (lambda rng: flashbulb(rng, 2000), "delay is 2000 steps but the episode has only 1500"),
        (lambda rng: flashbulb(rng, 10, n_flashbulb=0), "n_flashbulb must be a whole number above 0; got 0"),
        (lambda rng: flashbulb(rng, 10, n_flashbulb=2000), "n_flashbulb is 2000 but at most 750 patterns"),
        (lambda rng: flashbulb(rng, 10, strength=0), "strength is .* and must be a number above 0; got 0"),
        (lambda rng: flashbulb(rng, 10, strength=float("inf")), "must be a number above 0; got inf"),
    ],
)
def test_a_stream_that_cannot_be_is_refused(call, message, rng):
    with pytest.raises(ValueError, match=message):
        call(rng)

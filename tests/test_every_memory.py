"""One contract, and every memory of bioKV keeps it: those of models/ and the spiking one."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from every import EVERY, PAIRS, PROTOCOLS, RATE, D, N, every, loop, make
from hypothesis import given, settings
from hypothesis import strategies as st

from bioKV import Episode, Random
from bioKV.protocols import autoassociative, continual
from bioKV.protocols.patterns import corrupt, random_patterns
from bioKV.studies.memories import memory_names

SEED = st.integers(0, 2**32 - 1)


def test_none_is_left_out():
    kinds = {memory(D, N, D).name for memory in EVERY.values()}
    assert kinds == set(memory_names())


@every
def test_sizes_come_first_and_then_the_third_factor(name):
    """key_dim, n_slots, value_dim, third_factor, as far as a memory has them; all else by keyword."""
    parameters = inspect.signature(type(make(name)).__init__).parameters.values()
    in_order = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD and p.name != "self"]
    assert in_order == [n for n in ("key_dim", "n_slots", "value_dim", "third_factor") if n in in_order]
    assert in_order[0] == "key_dim"
    assert not [p.name for p in parameters if p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]


@every
def test_it_prints_its_sizes_and_third_factor_on_one_line(name):
    memory = make(name)
    said = repr(memory)
    assert said.startswith(f"{type(memory).__name__}(key_dim=12, ")
    assert "value_dim=12" in said
    assert ("third_factor=" in said) == (memory.third_factor is not None)
    assert len(said) < 120
    for state in (memory.begin(2, np.random.default_rng(0)), memory.state):
        assert len(repr(state)) < 300
        assert "\n" not in repr(state)


@every
def test_what_was_just_stored_is_recalled_from_part_of_it(name, rng):
    memory, (x,) = make(name, 40, 40, 40), random_patterns(1, 40, rng)
    memory.reset(np.random.default_rng(3))
    memory.store(x, x)
    np.testing.assert_array_equal(np.sign(memory.recall(x)), x)
    np.testing.assert_array_equal(np.sign(memory.recall(corrupt(x, 0.4, rng))), x)


@every
def test_a_recall_by_hand_changes_no_weight(name, rng):
    memory, x = make(name), random_patterns(2, D, rng)
    memory.store(x[0], x[0])
    before = [w.copy() for w in memory.weights(memory.state)]
    memory.recall(x[1])
    for then, now in zip(before, memory.weights(memory.state), strict=True):
        np.testing.assert_array_equal(then, now)


@pytest.mark.parametrize("name", [name for name in EVERY if "decaying" not in name])  # W decays at every step
def test_nothing_is_written_while_the_gate_is_closed(name, rng):
    memory, x = make(name), random_patterns(4, D, rng)
    state = memory.begin(4, rng)
    after, _ = memory.step(state, x, x, np.zeros(4))
    closed = Episode(x, x, 0.0, -1)
    whole = memory.respond(closed, np.random.default_rng(1)).state
    for then, now, at_once in zip(*(memory.weights(s) for s in (state, after, whole)), strict=True):
        np.testing.assert_array_equal(then, now)
        assert at_once.std() < 1e-6  # the initial weights


@pytest.mark.parametrize("name", RATE)  # in spikes: test_every_mechanism.py
def test_the_right_answer_of_a_recall_is_never_looked_at(name, rng):
    episode = continual(rng, 3, n_steps=16, key_dim=D)
    values = np.where(episode.is_recall[:, None], -episode.values, episode.values)
    scrambled = Episode(episode.keys, values, episode.gate, episode.source)
    one, other = (make(name).respond(e, np.random.default_rng(1)) for e in (episode, scrambled))
    np.testing.assert_array_equal(one.values, other.values)


@pytest.mark.parametrize(("name", "protocol"), PAIRS)
@settings(max_examples=8)  # of some 130 pairs each
@given(seed=SEED)
def test_answering_at_once_equals_answering_step_by_step(name, protocol, seed):
    episode = Episode.stack([PROTOCOLS[protocol](np.random.default_rng([seed, k])) for k in range(2)])
    memory = RATE[name](D, N, episode.value_dim)
    response = memory.respond(episode, [np.random.default_rng([seed, k]) for k in range(2)])
    *answers, state = loop(memory, episode, [np.random.default_rng([seed, k]) for k in range(2)])
    # 1e-9: sums in another order, in double precision; answers through sign() are compared where they are no tie
    for ours, theirs in zip((response.values, response.hidden, response.third_factor), answers, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-9)
    for ours, theirs in zip(memory.weights(response.state), memory.weights(state), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-9)


def test_spikes_at_once_and_step_by_step_write_the_same_keys_and_say_the_same(rng):
    """A key is written by the regular input alone; hidden spikes have other noise when every step is a run. A step ends
    one time step into the next presentation, in which traces decay by 2.5 %, so keys agree to that of what is left."""
    episode = Episode.stack([autoassociative(np.random.default_rng(k), 2, 40, 0.2) for k in range(3)])
    memory = make("spiking", 40, 10, 40)
    response = memory.respond(episode, np.random.default_rng(2))
    values, _, third_factor, state = loop(memory, episode, np.random.default_rng(2))
    np.testing.assert_array_equal(third_factor, response.third_factor)
    np.testing.assert_array_equal(np.sign(values[episode.is_recall]), np.sign(response.values[episode.is_recall]))
    np.testing.assert_allclose(memory.weights(state)[0], memory.weights(response.state)[0], rtol=0, atol=1e-3)


@pytest.mark.parametrize("name", RATE)
def test_a_trial_is_answered_alike_alone_and_among_others(name, rng):
    single = [continual(rng, 5, key_dim=D, n_steps=n) for n in (50, 30, 41)]
    memory = make(name)
    together = memory.respond(Episode.stack(single), [np.random.default_rng([1, k]) for k in range(3)])
    for k, episode in enumerate(single):
        alone = memory.respond(episode, [np.random.default_rng([1, k])])
        n = episode.n_steps  # shorter ones were padded at the end
        np.testing.assert_allclose(together.values[k, :n], alone.values, rtol=0, atol=1e-13)
        np.testing.assert_array_equal(together.third_factor[k, :n], alone.third_factor)


@every
def test_equal_seeds_give_equal_answers_and_others_other_chances_where_there_are_any(name):
    episode = autoassociative(np.random.default_rng(1), 2, D)
    one, again, other = (make(name).respond(episode, np.random.default_rng(seed)) for seed in (5, 5, 6))
    np.testing.assert_array_equal(one.values, again.values)
    np.testing.assert_array_equal(one.third_factor, again.third_factor)
    for first, second in zip(*(make(name).weights(r.state) for r in (one, again)), strict=True):
        np.testing.assert_array_equal(first, second)
    random = isinstance(make(name).third_factor, Random) or "spiking" in name
    assert np.array_equal(one.values, other.values) != random


@every
def test_an_episode_of_other_sizes_is_refused_before_anything_runs(name, rng):
    memory = make(name)
    for keys, values, sentence in (
        (np.ones((1, D + 1)), np.ones((1, D)), "keys has 13 columns but this memory has key_dim=12"),
        (np.ones((1, D)), np.ones((1, D + 1)), "values has 13 columns but this memory has value_dim=12"),
    ):
        for call in (memory.check_episode, lambda episode: memory.respond(episode, rng)):
            with pytest.raises(ValueError, match=sentence):
                call(Episode(keys, values, 1, -1))
    imposed = Episode(np.ones((1, D)), np.ones((1, D)), 1, -1, local_third_factor=np.zeros((1, N + 1)))
    with pytest.raises(ValueError, match=f"has 9 columns but this memory has n_slots={memory.n_slots}"):
        memory.respond(imposed, rng)


@pytest.mark.parametrize("name", ["rate, sequential", "rate, stable", "learned", "tvt"])
@given(seed=SEED, order=st.permutations(range(N)))
def test_a_permutation_of_slots_changes_nothing_in_a_whole_life(name, seed, order):
    """Plateaus in other slots, and the same slots' weights: every answer stays, and the weights are permuted."""
    rng = np.random.default_rng(seed)
    x = rng.choice([-1.0, 1.0], size=(40, D))
    gamma = (rng.random((40, N)) < 0.2).astype(float)
    life = Episode(x, x, rng.choice([0, 0.5, 1, 7, 15], size=40), np.full(40, -1), local_third_factor=gamma)
    memory = make(name)
    one, other = memory.respond(life, rng), memory.respond(life.with_third_factor(gamma[:, list(order)]), rng)
    np.testing.assert_allclose(one.values, other.values, atol=1e-12)
    np.testing.assert_allclose(one.hidden[:, list(order)], other.hidden, atol=1e-12)
    (K, V), (K_other, V_other) = memory.weights(one.state), memory.weights(other.state)
    np.testing.assert_allclose(K[:, list(order)], K_other, atol=1e-12)
    np.testing.assert_allclose(V[:, :, list(order)], V_other, atol=1e-12)

"""The state of every memory: what a step leaves alone, what is saved, and what is refused when it is loaded."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from every import D, N, every, make

from bioKV import LeastRecentlyUsed, Random, Sequential, SpikingMemory
from bioKV.models import KeyValueMemory, LearnedMemory
from bioKV.protocols.patterns import random_patterns


@every
def test_a_step_leaves_the_state_it_starts_from_as_it_was(name, rng):
    memory, x = make(name), random_patterns(3, D, rng)
    state = memory.begin(3, rng)
    before = [w.copy() for w in memory.weights(state)]
    one = memory.step(state, x, x, np.ones(3))[0]
    again = memory.step(state, x, x, np.ones(3))[0]
    for then, now in zip(before, memory.weights(state), strict=True):
        np.testing.assert_array_equal(then, now)
    for first, second in zip(memory.weights(one), memory.weights(again), strict=True):
        np.testing.assert_array_equal(first, second)


@every
def test_a_saved_memory_goes_on_as_if_nothing_had_happened(name, rng, tmp_path):
    through, loaded, x = make(name), make(name), random_patterns(4, D, rng)
    through.reset(np.random.default_rng(3))
    for pattern in x[:2]:
        through.store(pattern, pattern)
    through.save(tmp_path / "state")
    assert [path.name for path in tmp_path.iterdir()] == ["state"]  # under just the name that was given
    with np.load(tmp_path / "state", allow_pickle=False) as saved:
        assert all(saved[array].dtype.kind in "fiuU" for array in saved.files)
    state = loaded.load(tmp_path / "state")
    for then, now in zip(through.weights(through.state), loaded.weights(state), strict=True):
        np.testing.assert_array_equal(then, now)
    if "spiking" in name:  # the noise to come is not saved
        return
    for memory in (through, loaded):
        memory.recall(x[0])
        for pattern in x[2:]:
            memory.store(pattern, pattern)
    for one, other in zip(*(m.weights(m.state) for m in (through, loaded)), strict=True):
        np.testing.assert_array_equal(one, other)


@every
def test_states_of_many_trials_are_saved_whole_and_leave_the_prompt_as_it_was(name, rng, tmp_path):
    memory, x = make(name), random_patterns(3, D, rng)
    state, _ = memory.step(memory.begin(3, rng), x, x, np.ones(3))
    memory.save(tmp_path / "state", state)
    before = [w.copy() for w in memory.weights(memory.state)]
    for then, now in zip(memory.weights(state), memory.weights(memory.load(tmp_path / "state")), strict=True):
        np.testing.assert_array_equal(then, now)
    for then, now in zip(before, memory.weights(memory.state), strict=True):
        np.testing.assert_array_equal(then, now)


@every
def test_a_state_that_is_not_its_own_is_refused(name, tmp_path):
    memory = make(name)
    (tmp_path / "text").write_text("some text")
    np.savez(tmp_path / "kind.npz", kind=np.array("another"), W=np.zeros(1))
    np.savez(tmp_path / "names.npz", kind=np.array(memory.name), third_factor="sequential", sizes=[D, N, D])
    make(name, D + 1, N, D + 1).save(tmp_path / "sizes.npz")
    for file in ("text", "kind.npz"):
        with pytest.raises(ValueError, match=f"{file} does not hold the state of a {memory.name} memory"):
            memory.load(tmp_path / file)
    with pytest.raises(ValueError, match=r"sizes\.npz holds .*; this memory has"):
        memory.load(tmp_path / "sizes.npz")
    with pytest.raises(ValueError, match=r"names\.npz (lacks|was saved with the third factor) "):
        memory.load(tmp_path / "names.npz")


@pytest.mark.parametrize("kind", [KeyValueMemory, LearnedMemory, partial(SpikingMemory, engine="numpy")])
@pytest.mark.parametrize("mine", [Sequential(), Random(0.1), LeastRecentlyUsed()], ids=lambda f: f.name)
@pytest.mark.parametrize("theirs", [Sequential(), Random(0.1), LeastRecentlyUsed()], ids=lambda f: f.name)
def test_a_state_of_another_third_factor_is_refused(kind, mine, theirs, tmp_path):
    kind(4, 3, 4, theirs).save(tmp_path / "state")
    if mine.name == theirs.name:
        kind(4, 3, 4, mine).load(tmp_path / "state")
        return
    with pytest.raises(ValueError, match=f"was saved with the third factor {theirs.name}, this memory has {mine.name}"):
        kind(4, 3, 4, mine).load(tmp_path / "state")


@every
def test_the_state_at_the_prompt_can_be_read_and_put_back(name, rng):
    memory, x = make(name), random_patterns(2, D, rng)
    memory.store(x[0], x[0])
    kept = memory.state
    memory.store(x[1], x[1])
    memory.state = kept
    for then, now in zip(memory.weights(kept), memory.weights(memory.state), strict=True):
        np.testing.assert_array_equal(then, now)
    for wrong in (3, None, memory.begin(2, rng)):
        with pytest.raises(ValueError, match="state must be of one trial, as begin"):
            memory.state = wrong


@every
def test_reset_forgets_everything(name, rng):
    memory, (x,) = make(name), random_patterns(1, D, rng)
    memory.store(x, x)
    memory.reset(np.random.default_rng(1))
    for w in memory.weights(memory.state):
        assert abs(w).max() <= 1e-6

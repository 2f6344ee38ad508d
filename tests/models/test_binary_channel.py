"""A memory behind neurons that are on or off."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV import Episode, SpikingMemory
from bioKV.learning.train_controller import train_controller
from bioKV.models import BinaryChannel, KeyValueMemory
from bioKV.models.controller import draw_parameters

SLOPES = (None, 2.0)


def real_valued(rng, *shape):
    x = rng.normal(size=shape)
    return x + 0.2 * np.sign(x)


def test_a_memory_is_shown_signs_and_answers_signs(rng):
    memory, key, value = KeyValueMemory(30, 8, 12), real_valued(rng, 5, 30), real_valued(rng, 5, 12)
    channel = BinaryChannel(memory)
    state, output = channel.step(channel.begin(5, rng), key, value, np.full(5, 0.7))
    K, V = channel.weights(state)
    np.testing.assert_array_equal(K[:, 0], np.sign(key))
    np.testing.assert_allclose(V[:, :, 0], np.sign(value), atol=1e-9)
    np.testing.assert_array_equal(output.after, np.sign(value))
    unchanged, output = channel.step(state, key, -value, np.full(5, 0.4))
    np.testing.assert_array_equal(channel.weights(unchanged)[1], V)  # q below a half is no q
    np.testing.assert_array_equal(output.after, np.sign(value))


@pytest.mark.parametrize("slope", SLOPES)
def test_write_and_read_does_what_the_step_does(slope, rng):
    channel = BinaryChannel(KeyValueMemory(30, 8, 12), slope)
    now = real_valued(rng, 5, 30), real_valued(rng, 5, 12), rng.random(5)
    state, output = channel.step(channel.begin(5, rng), *now)
    empty = np.zeros((5, 8, 30)), np.zeros((5, 12, 8))
    (K, V), read = channel.write_and_read(empty, *now, output.third_factor)
    np.testing.assert_allclose(K, channel.weights(state)[0])
    np.testing.assert_allclose(V, channel.weights(state)[1])
    np.testing.assert_allclose(read, output.after)


def test_a_steep_slope_is_a_sign(rng):
    key, value, gate = real_valued(rng, 5, 30), real_valued(rng, 5, 12), np.array([0.1, 0.3, 0.6, 0.8, 0.9])
    found = []
    for slope in (None, 100):
        channel = BinaryChannel(KeyValueMemory(30, 8, 12), slope)
        state, output = channel.step(channel.begin(5, rng), key, value, gate)
        found.append((*channel.weights(state), output.after))
    for sign, steep in zip(*found, strict=True):
        np.testing.assert_allclose(steep, sign, atol=1e-6)


def test_real_valued_keys_and_values_reach_the_spiking_memory_as_signs(rng):
    channel = BinaryChannel(SpikingMemory(20, 4, 10, engine="numpy"))
    keys, values = real_valued(rng, 3, 2, 20), real_valued(rng, 3, 2, 10)
    state = channel.begin(2, rng)
    for key, value in zip(keys, values, strict=True):
        state, _ = channel.step(state, key, value, np.full(2, 0.9))
    for key, value in zip(keys, values, strict=True):
        state, output = channel.step(state, key, 0 * value, np.full(2, 0.1))
        assert (output.after == np.sign(value)).mean() > 0.9


def draw(rng):
    x = rng.choice([-1.0, 1.0], (2, 6))
    gate, source = np.array([1.0, 1, 0, 0]), np.array([-1, -1, 0, 1])
    return Episode(np.concatenate([x, 0 * x]), np.concatenate([x, x]), gate, source)


def test_signs_have_no_gradient_and_say_so(rng):
    pytest.importorskip("jax")
    with pytest.raises(ValueError, match=r"signs have no gradient; train with a slope, as in BinaryChannel"):
        train_controller(BinaryChannel(KeyValueMemory(8, 4, 8)), draw, rng, steps=2)


def test_a_training_goes_on_from_the_parameters_of_another(rng):
    pytest.importorskip("jax")
    memory = BinaryChannel(KeyValueMemory(8, 4, 8), slope=2)
    parameters = draw_parameters(memory, 6, 6, rng)
    found = train_controller(memory, draw, rng, steps=1, learning_rate=1e-12, last_learning_rate=1e-13,
                             parameters=parameters, report=lambda row, steps: None).controller.parameters  # fmt: skip
    np.testing.assert_allclose(found.key, parameters.key, atol=1e-6)
    other = draw_parameters(memory, 5, 6, rng)
    with pytest.raises(ValueError, match=r"are of a controller with heads \(23, 8\) and \(9, 6\); this task"):
        train_controller(memory, draw, rng, steps=1, parameters=other)


@pytest.mark.parametrize("slope", [0, -1, float("nan"), "steep"])
def test_a_slope_that_is_none_is_refused(slope):
    with pytest.raises(ValueError, match="slope must be a number above 0, or None for signs; got"):
        BinaryChannel(KeyValueMemory(8, 4, 8), slope)


@pytest.mark.parametrize(("slope", "power"), [(1, 2), (2, 4)])
def test_the_gate_is_twice_as_steep_as_keys_and_values(slope, power):
    """Its odds, .6 to .4, to a power of twice the slope; a large key entry is 1 at any slope."""
    channel, rng = BinaryChannel(KeyValueMemory(4, 2, 4), slope=slope), np.random.default_rng(0)
    state, _ = channel.step(channel.begin(1, rng), np.full((1, 4), 1e3), np.ones((1, 4)), np.array([0.6]))
    np.testing.assert_allclose(channel.weights(state)[0][0, 0], 0.6**power / (0.6**power + 0.4**power))

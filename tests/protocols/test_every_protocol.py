"""What holds for every task, today's and tomorrow's: a protocol is a function of its file's name."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import numpy as np
import pytest

from bioKV import Episode, protocols


def every_protocol():
    for module in pkgutil.iter_modules(protocols.__path__):
        function = getattr(importlib.import_module(f"bioKV.protocols.{module.name}"), module.name, None)
        if callable(function):
            yield pytest.param(function, id=module.name)


every = pytest.mark.parametrize("protocol", list(every_protocol()))


@every
def test_a_protocol_runs_on_its_defaults_and_asks_something(protocol, rng):
    episode = protocol(rng)
    assert isinstance(episode, Episode)
    assert episode.trials_shape == ()
    assert episode.is_store.any()
    assert episode.is_recall.any()


@every
def test_the_right_answer_is_the_value_that_was_stored(protocol, rng):
    episode = protocol(rng)
    asked = episode.is_recall
    np.testing.assert_array_equal(episode.values[asked], episode.values[episode.source[asked]])


@every
def test_a_protocol_draws_all_that_is_random_from_the_stream_it_is_given(protocol):
    def drawn(seed):
        episode = protocol(np.random.default_rng(seed))
        return np.concatenate([episode.keys.ravel(), episode.values.ravel(), episode.gate])

    np.testing.assert_array_equal(drawn(1), drawn(1))
    first, other = drawn(1), drawn(2)
    assert first.shape != other.shape or (first != other).any()


@every
def test_a_protocols_options_can_be_read_off_its_signature(protocol):
    first, *options = inspect.signature(protocol).parameters.values()
    assert first.name == "rng"
    assert all(option.default is not option.empty and option.annotation is not option.empty for option in options)
    assert protocol.__doc__

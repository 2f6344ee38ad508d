"""The keys of what Brian2 has parsed before are Brian2's own, however quickly they are made."""

from __future__ import annotations

import brian2
import numpy as np
import pytest
from brian2.utils import caching

from bioKV import SpikingMemory
from bioKV.engines.brian2_keys import quick_keys
from bioKV.protocols import sequence


def network():
    episode = sequence(np.random.default_rng(0), 2, key_dim=4)
    return SpikingMemory(4, 3, 4, engine="numpy").network(episode, np.random.default_rng(1))


@pytest.fixture(scope="module")
def asked():
    """All that Brian2 makes a key of, by its name: the variables of every group, and kinds that are rarely met."""
    run = network()
    groups = {**run.groups, **run.synapses}
    rare = {
        "a quantity": 3 * brian2.mV, "a unit": brian2.ms, "numbers": (1, True, 2.5, np.float64(3), np.int32(4)),
        "a set": {"v", None}, "a list": [["v"], ()], "a class": float,
        "equations": brian2.Equations("dv/dt = -v/ms : 1"),
        "a table": brian2.TimedArray([1.0, 2.0], dt=brian2.ms), "a function": brian2.DEFAULT_FUNCTIONS["exp"],
    }  # fmt: skip
    return {**{name: dict(group.variables) for name, group in groups.items()}, **rare}


def test_they_are_the_same_entry_by_entry(asked):
    brian2s, own = caching._hashable, {name: caching._hashable(one) for name, one in asked.items()}
    with quick_keys():
        assert caching._hashable is not brian2s
        quick = {name: caching._hashable(one) for name, one in asked.items()}
    for name, key in own.items():
        assert quick[name] == key, name
        assert hash(quick[name]) == hash(key)
        assert type(quick[name]) is type(key)


def test_what_has_none_has_none():
    with quick_keys(), pytest.raises(TypeError, match="Do not know how to handle object of type"):
        caching._hashable({"v": np.ones(3)})


def test_afterwards_brian2_makes_them_its_own_way():
    own = caching._hashable
    with pytest.raises(KeyError), quick_keys(), quick_keys():
        raise KeyError
    assert caching._hashable is own
    network().run()
    assert caching._hashable is own

"""What a person sees of an episode and a response: shapes in one line, the same as a table in a notebook, no arrays."""

from __future__ import annotations

from html.parser import HTMLParser

import numpy as np
import pytest

from bioKV import Episode, SpikingMemory
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative, sequence


@pytest.fixture(scope="module")
def shown():
    """Objects, and what must be said of each."""
    batch = Episode.stack([autoassociative(np.random.default_rng(k), 2, key_dim=8) for k in range(3)])
    one = autoassociative(np.random.default_rng(0), 1, key_dim=8)
    spiking = SpikingMemory(8, 5, 8, engine="numpy").respond(one, np.random.default_rng(1), record="hidden")
    return {
        "batch": (batch, ["Episode", "(3, 4, 8)", "6 store, 6 recall, 0 other"]),
        "sequence": (sequence(np.random.default_rng(0), 3, 8), ["keys by feedback 3"]),
        "rate": (KeyValueMemory(8, 5, 8).respond(batch, np.random.default_rng(1)), ["Response", "(3, 4, 5)"]),
        "spiking": (spiking, ["SpikingResponse", "numpy", "hidden", "(2, 8)"]),
    }


@pytest.mark.parametrize("name", ["batch", "sequence", "rate", "spiking"])
def test_one_line_of_shapes(shown, name):
    thing, words = shown[name]
    assert "\n" not in repr(thing)
    assert len(repr(thing)) < 600
    for word in words:
        assert word in repr(thing)


@pytest.mark.parametrize("name", ["batch", "sequence", "rate", "spiking"])
def test_a_notebook_has_the_same_as_a_table(shown, name):
    thing, said = shown[name][0], []
    parser = HTMLParser()
    parser.handle_data = said.append
    parser.feed(thing._repr_html_())
    for cell in said:
        assert cell in repr(thing)
    assert len(said) >= 5

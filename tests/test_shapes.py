"""What a person sees of an episode and a response: shapes in one line, the same as a table in a notebook, no arrays."""

from __future__ import annotations

from html.parser import HTMLParser

import numpy as np
import pytest

import bioKV
from bioKV import Episode, SpikingMemory, shapes
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative, sequence
from bioKV.studies.plan import Plan
from bioKV.studies.study import Study


@pytest.fixture(scope="module")
def shown():
    """Objects, and what must be said of each."""
    batch = Episode.stack([autoassociative(np.random.default_rng(k), 2, key_dim=8) for k in range(3)])
    one = autoassociative(np.random.default_rng(0), 1, key_dim=8)
    spiking = SpikingMemory(8, 5, 8, engine="numpy").respond(one, np.random.default_rng(1), record="hidden")
    plan = Plan("autoassociative", ("rate", "spiking"), options={"n_pairs": [2, 3]}, trials=5, engine="numpy")
    return {
        "study": (Study(plan), ["Study", "rate, spiking", "n_pairs 2, 3", "4 of 5 trials", "engine numpy"]),
        "batch": (batch, ["Episode", "(3, 4, 8)", "6 store, 6 recall, 0 other"]),
        "sequence": (sequence(np.random.default_rng(0), 3, 8), ["keys by feedback 3"]),
        "rate": (KeyValueMemory(8, 5, 8).respond(batch, np.random.default_rng(1)), ["Response", "(3, 4, 5)"]),
        "spiking": (spiking, ["SpikingResponse", "numpy", "hidden", "(2, 8)"]),
    }


@pytest.mark.parametrize("name", ["study", "batch", "sequence", "rate", "spiking"])
def test_one_line_of_shapes(shown, name):
    thing, words = shown[name]
    assert "\n" not in repr(thing)
    assert len(repr(thing)) < 600
    for word in words:
        assert word in repr(thing)


@pytest.mark.parametrize("name", ["study", "batch", "sequence", "rate", "spiking"])
def test_a_notebook_has_the_same_as_a_table(shown, name):
    thing, said = shown[name][0], []
    parser = HTMLParser()
    parser.handle_data = said.append
    parser.feed(thing._repr_html_())
    for cell in said:
        assert cell in repr(thing)
    assert len(said) >= 5


def test_a_blueprint_has_a_row_for_all_that_it_is_made_of():
    network = SpikingMemory(8, 5, 8, engine="numpy").blueprint(feedback=True)
    assert network._repr_html_().count("<tr>") == len(network.neurons) + len(network.bundles)
    assert "input to hidden: weight, transmission, write, opening, plasticity" in network._repr_html_()


def test_a_table_is_text_without_colours_of_its_own():
    """Whatever a name holds, and on a dark ground, too."""
    html = shapes.table("<script>", {"a<b": "c & d"})
    assert "<script>" not in html
    assert "a&lt;b" in html
    assert "c &amp; d" in html
    assert "color" not in html
    assert "background" not in html


def test_what_a_user_reaches_for_is_found_by_completion():
    assert {"Episode", "SpikingMemory", "analysis", "models", "protocols", "read_results"} <= set(dir(bioKV))
    assert {"raster", "curves", "shares", "intervals", "measures"} <= set(dir(bioKV.analysis))
    assert {"respond", "recall", "store", "network", "blueprint"} <= set(dir(SpikingMemory))

"""What no network can be made of is refused in one sentence, where it is said and before anything is built."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV import SpikingMemory
from bioKV.network import Blueprint, Bundle, Event, Mechanism, Neurons, Part, Pathway, pairs
from bioKV.network.mechanisms.imperfect import Imperfect
from bioKV.network.mechanisms.short_term_depression import ShortTermDepression
from bioKV.network.patterns import Pattern
from bioKV.units import ms


@pytest.fixture
def network():
    return SpikingMemory(6, 5, 6, engine="numpy").blueprint()


def of(**returned):
    """A mechanism whose methods return these."""

    class Mine(Mechanism):
        def __getattribute__(self, name):
            return (lambda *_: returned[name]) if name in returned and name not in ("needs", "turn") else (
                super().__getattribute__(name))  # fmt: skip

        def add(self, network):
            return network

    mine = Mine()
    mine.__dict__ |= {name: returned[name] for name in ("needs", "turn") if name in returned}
    return SpikingMemory(6, 5, 6, engine="numpy", mechanisms=[mine])


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (Part(at={"spike": 3}), "at takes names and text; got 3 among them"),
        (Part("x : 1", links={"x": ["pool.v"]}), "links takes names and text; got .'pool.v'. among them"),
        (Part("x : 1", random={"x": {}}), "random takes names and text; got {} among them"),
        (Part(events={"mine": Event(None)}), "Event.condition is text; got None"),
        (Part(events={"mine": Event("v > 1", "never")}), "Event.when must be 'before_start' or .*; got 'never'"),
        (Part("v = 1 : 1 : 1"), "is no equation"),
    ],
)
def test_a_part_is_looked_at_when_it_is_added(network, part, sentence):
    with pytest.raises(ValueError, match=sentence):
        network.adding("hidden", "mine", part)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda n: n.adding("hidden", 3, Part()), "the name of a part is text; got 3"),
        (lambda n: n.having(mine=Neurons(3, "abc")), "parts of mine must be a dict of names and Parts; got 'abc'"),
        (lambda n: n.having(mine=Bundle("input", "hidden", None)), "parts of mine must be a dict of names and Parts"),
        (lambda n: n.adding("key", "mine", Part(pathways={"pre": Pathway("sauce")})), "Pathway.end must be"),
        (lambda n: n.adding("key", "mine", Part(pathways={"pre": Pathway(learn=3)})), "Pathway.learn is text"),
        (lambda n: Pathway().and_then("abc"), "other must be a Pathway; got 'abc'"),
        (lambda n: n.wired("key", pattern=Pattern("sparce")), "the name of pattern of key must be .*; got 'sparce'"),
        (lambda n: n.wired("key", pattern=Pattern("sparse", (2, 1))), r"p must lie in \[0, 1\]; got 2"),
        (lambda n: n.wired("key", pattern=Pattern("sparse", (0.5,))), "'sparse', takes 2 numbers"),
        (lambda n: pairs([0.5, 1], [0, 1]), "i must be a list of whole numbers from 0, one for each pair"),
        (lambda n: pairs([0, 1], [True, False]), "j must be a list of whole numbers from 0"),
        (lambda n: pairs([0, 1], [-1, 0]), "j must be a list of whole numbers from 0"),
        (lambda n: Blueprint.from_json("[1, 2]"), r"text must be what to_json\(\) wrote"),
        (lambda n: Blueprint.from_json("[" * 10**5), r"text must be what to_json\(\) wrote"),
    ],
)
def test_names_patterns_and_texts_are_looked_at(network, call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call(network)


@pytest.mark.parametrize(
    ("returned", "sentence"),
    [
        ({"turn": "late"}, "turn of the mechanism Mine must be a number; got 'late'"),
        ({"needs": None}, "needs of the mechanism Mine must be a tuple of text"),
        ({"adjust": None}, "the mechanism Mine does not fit: parameters takes bioKV.Parameters"),
        ({"settings": {3: 1.0}}, "the mechanism Mine sets 3; what is set has a name"),
        ({"settings": {"hidden.theta": np.array("2020", "M8[s]")}}, "the mechanism Mine sets hidden.theta to"),
        ({"start": {"hidden.v": None}}, "the mechanism Mine sets hidden.v"),
    ],
)
def test_what_a_mechanism_returns_is_looked_at(returned, sentence):
    with pytest.raises(ValueError, match=sentence):
        of(**returned)


@pytest.mark.parametrize("field", ["sizes", "dt", "window", "neurons", "bundles"])
def test_a_mechanism_cannot_put_a_network_together_that_is_none(network, field):
    with pytest.raises(ValueError, match=f"the mechanism Mine does not fit: .*{field}"):
        of(add=network._replace(**{field: "abc"}))


def test_a_mechanism_leaves_sizes_and_times_to_the_memory(network):
    with pytest.raises(ValueError, match="must leave the sizes, dt and window of the network as they are"):
        of(add=network._replace(window=0.2))


def test_a_pathway_is_set_off_by_what_its_neurons_do(network):
    write = Part(pathways={"mine": Pathway("target", "dendritic_spick", transmit="drive_post += 1")})
    said = "is set off by 'dendritic_spick' of hidden, which has the events spike, dendritic_spike, plateau_end"
    with pytest.raises(ValueError, match=f"the pathway 'mine' of key {said}"):
        of(add=network.adding("key", "mine", write))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: ShortTermDepression(utilisation=-1), r"utilisation must lie in \[0, 1\]; got -1"),
        (lambda: ShortTermDepression(tau_recovery=0 * ms), "tau_recovery must be a finite number above 0"),
        (lambda: ShortTermDepression(tau_recovery=0.1), r"tau_recovery is a time, such as 20\*ms; got 0.1"),
        (lambda: Imperfect(0.0, 0.0, 2.0, 0), r"dead_share must lie in \[0, 1\]; got 2.0"),
    ],
)
def test_numbers_of_a_mechanism_are_looked_at(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()


def test_an_object_that_brian2_cannot_run_is_refused(network):
    from bioKV.protocols import autoassociative

    rng = np.random.default_rng(0)
    run = SpikingMemory(6, 5, 6, engine="numpy").network(autoassociative(rng, 2, 6), rng)
    with pytest.raises(ValueError, match="objects must be Brian2's, such as SpikeMonitor"):
        run.add("a monitor")

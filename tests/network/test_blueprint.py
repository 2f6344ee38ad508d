"""A network as a value: what can be added and replaced, what is refused, and what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from bioKV import Episode, Parameters, SpikingMemory
from bioKV.engines.isolation import isolated
from bioKV.network import ONE_TO_ONE, Blueprint, Bundle, Event, Mechanism, Neurons, Part, Pathway, sparse
from bioKV.network.build import build
from bioKV.network.presentation import blank_tables
from bioKV.protocols import autoassociative

D, N = 6, 4
LONE = Parameters(neurons_per_slot=1)
NETWORK = SpikingMemory(D, N, D, parameters=LONE).blueprint()
NOTE = Part("note : 1")


@dataclass(frozen=True)
class Change(Mechanism):
    """A mechanism of one function, as short as tests want it. sets : the settings."""

    change: Callable[[Blueprint], Blueprint]
    needs: tuple[str, ...] = ()
    sets: tuple[tuple[str, object], ...] = ()

    def add(self, network):
        return self.change(network)

    def settings(self, network, values):
        return dict(self.sets)


def memory(change=lambda network: network, **how) -> SpikingMemory:
    return SpikingMemory(D, N, D, parameters=LONE, mechanisms=[Change(change, **how)], engine="numpy")


def test_of_two_mechanisms_that_clash_both_are_named():
    class Counting(Change):
        pass

    def clash(mine, other) -> str:
        with pytest.raises(ValueError, match="the mechanism Change does not fit") as caught:
            SpikingMemory(D, N, D, parameters=LONE, mechanisms=[Counting(other), Change(mine)], engine="numpy")
        return str(caught.value)

    def counter(n):
        return n.adding("hidden", "counter", NOTE)

    both = clash(lambda n: n.adding("hidden", "tally", NOTE), counter)
    assert "the parts 'counter' and 'tally' of hidden both declare" in both
    assert both.endswith("('counter' is of the mechanism Counting)")
    assert clash(counter, counter).endswith("('counter' is of the mechanism Counting)")
    late = clash(lambda n: n.changing("hidden", "time", model=n.neurons["hidden"].parts["time"].model + NOTE.model),
                 counter)  # fmt: skip
    assert "the parts 'time' and 'counter' of hidden both declare" in late
    population = {"axon": Neurons(2, {"note": NOTE})}
    whole = clash(lambda n: n.having(**population), lambda n: n.having(**population))
    assert whole.endswith("the network has 'axon' already; another name would do ('axon' is of the mechanism Counting)")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda n: n.adding("hidden", "gate", NOTE), r"hidden has a part 'gate' already; replacing\(\) puts another"),
        (lambda n: n.replacing("hidden", "axon", NOTE), "hidden has no part 'axon' to change; it has time, "),
        (lambda n: n.changing("hidden", "axon", model=""), "hidden has no part 'axon' to change"),
        (lambda n: n.removing("key", "axon"), "key has no part 'axon' to change; it has weight, transmission, write"),
        (lambda n: n.without("axon"), "the network has no bundle 'axon'; it has count_input"),
        (lambda n: n.without(["key"]), r"the network has no bundle \['key'\]; it has count_input"),
        (lambda n: n.resized("hiden", 3), "the network has no population 'hiden'; did you mean hidden"),
        (lambda n: n.resized("hidden", 2.5), "size of hidden must be a whole number above 0; got 2.5"),
        (lambda n: n.wired("keys", delay=0.001), "the network has no bundle 'keys'; did you mean key"),
        (lambda n: n.wired("key", latency=0.001), "a bundle has no 'latency'; it has source, target, parts, pattern"),
        (lambda n: n.wired("key", pattern="sparse"), "pattern of key must be one of bioKV.network, such as ONE_TO_ONE"),
        (lambda n: n.wired("key", weights=(1, 0)), r"weights of key must be two numbers, the lowest and the highest"),
        (lambda n: n.wired("key", delay=-0.001), "delay of key must be one time of 0 s or more, or one for each"),
        (lambda n: n.n_synapses("hidden"), "the network has no bundle 'hidden'; it has count_input"),
        (lambda n: n.having(more="spikes"), "more must be a Neurons or a Bundle; got 'spikes'"),
        (lambda n: n.adding("soma", "note", NOTE), "the network has no 'soma'; it has input, feedforward, hidden"),
        (lambda n: n.adding("hidden", "note", Part("q : 1")), "parts 'gate' and 'note' of hidden both declare 'q'"),
        (lambda n: n.adding("hidden", "note", Part("gate : 1")), "'note' of hidden declares 'gate', which is the name"),
        (lambda n: n.adding("hidden", "note", Part(events={"spike": Event("True")})), "declare the event 'spike'"),
        (lambda n: n.having(key=n.bundles["key"]), "the network has 'key' already; another name would do"),
        (lambda n: n.having(more=Bundle("input", "soma", {})), "more is to connect 'soma', which is none of input, "),
        (lambda n: n.adding("hidden", "note", Part("dv/dt = : 1")), "'note' of hidden: 'dv/dt = : 1' is no equation"),
        (lambda n: n.adding("hidden", "note", Part("v = 2*q")), "'v = 2\\*q' has no unit; an equation ends with one"),
        (lambda n: n.adding("hidden", "note", Part("v : 1", at={"spike": "v = ("})), "'v = \\(' is no code that"),
        (lambda n: n.adding("hidden", "note", Part("v : 1", at={"noon": "v = 1"})), "'noon' in at, which is none of"),
        (lambda n: n.adding("hidden", "note", Part("v : 1", keeps=("w",))), "'w' in keeps but does not declare it"),
        (lambda n: n.adding("hidden", "note", Part("v : 1", keeps="v")), "keeps takes a tuple of names; got 'v'"),
        (lambda n: n.adding("hidden", "note", Part("v : 1", random={"v": "normal"})), "none of uniform, exponential"),
        (lambda n: n.adding("hidden", "note", Part(tables=("noon",))), "'noon' in tables, which is none of keys"),
        (lambda n: n.adding("hidden", "note", Part(pathways={"pre": Pathway()})), "populations have no pathways; got"),
        (lambda n: n.adding("key", "note", Part("v : 1", traces=("v",))), "synapses have no traces; got"),
        (lambda n: n.adding("key", "note", Part(events={"noon": Event("w > 1")})), "synapses have no events; got"),
        (lambda n: n.adding("key", "note", Part(pathways={"pre": "w = 1"})), "pathways takes objects of Pathway; got"),
        (lambda n: n.adding("hidden", "note", "note : 1"), "'note' of hidden must be a Part; got 'note : 1'"),
        (lambda n: n.adding("hidden", "note", Part("v : 1", first={"v": np.ones(3)})), r"array of shape \(4,\)"),
        (lambda n: n.adding("hidden", "note", Part("v : 1", at={"spike": "v = nn"})), "of hidden uses nn, which"),
        (lambda n: n.adding("key", "note", Part(pathways={"pre": Pathway(after="w = nn_pre")})), "of key uses nn_pre"),
        (lambda n: n.adding("hidden", "note", Part("v : 1 (shared, constant)")), "nothing sets hidden.v, which the"),
        (lambda n: n.adding("key", "note", Part(pathways={"pre": Pathway("target", "spike", after="w = 1")})),
         "set off by spike of its target"),
        (lambda n: n.wired("opponent", pattern=ONE_TO_ONE).wired("recruit", pattern=ONE_TO_ONE),
         "'one to one' takes populations of one size; got 4 and 16"),
        (lambda n: n.adding("hidden", "note", Part("v : 1 (linked)", links={"v": "pool.calcium"})),
         "the part 'note' of hidden links v to pool.calcium, which is not there"),
        (lambda n: n.adding("hidden", "note", Part("v : 1 (linked)", links={"v": "output.v"})),
         "links v to output.v; output must be one neuron, and is 12"),
        (lambda n: None, r"its add\(network\) must return the network that it makes; got None"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_name(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        memory(change).begin(1, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("need", "sentence"),
    [
        ("hidden.calcium", "the mechanism Change does not fit: it needs hidden.calcium, but hidden has window, "),
        ("soma.v", "the mechanism Change does not fit: the network has no 'soma'"),
        ("hidden.plateau_end", "it needs hidden.plateau_end : 1, but that is in second"),
        ("hidden.q : second", "it needs hidden.q : second, but that is in 1"),
    ],
)
def test_what_a_mechanism_needs_is_checked_by_name_and_unit(need, sentence):
    with pytest.raises(ValueError, match=sentence):
        memory(needs=(need,))
    memory(needs=("hidden.q", "hidden.plateau_end : second", "key.w"))


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("hidden.calcium", 1.0, "the mechanism Change sets hidden.calcium, which is not there; hidden has "),
        ("soma.v", 1.0, "the network has no 'soma'"),
        ("hidden.membrane", 1.0, "sets hidden.membrane, which follows from its equation in the part 'escape noise'"),
        ("hidden.theta", np.ones(N), r"sets hidden.theta to an array of shape \(4,\); it must be a number$"),
        ("hidden.chance", np.ones(3), r"of shape \(3,\); it must be a number or an array of shape \(4,\)"),
        ("hidden.theta", np.nan, "sets hidden.theta to nan; it must be finite"),
        ("hidden.theta", "high", "sets hidden.theta to 'high'; it must be a number"),
    ],
)
def test_a_setting_that_fits_no_variable_is_refused(name, value, sentence):
    with pytest.raises(ValueError, match=sentence):
        memory(sets=((name, value),))


def test_what_a_trial_starts_from_is_checked_too():
    class Start(Change):
        def start(self, network, begun, rng):
            return {**begun, "hidden.calcium": np.zeros(N)}

    with pytest.raises(ValueError, match=r"the mechanism Start sets hidden\.calcium, which is not there"):
        SpikingMemory(D, N, D, mechanisms=[Start(lambda network: network)])


def test_a_change_leaves_the_network_it_was_made_from():
    before = NETWORK.to_json()
    changed = NETWORK.adding("hidden", "note", NOTE).without("opponent").wired("key", pattern=sparse(0.5, 1))
    assert NETWORK.to_json() == before
    assert changed != NETWORK
    assert Blueprint.from_json(before) == NETWORK
    assert len({NETWORK, Blueprint.from_json(before), changed}) == 2


def test_numbers_are_no_part_of_the_digest_and_text_is():
    assert NETWORK._replace(values={}).digest() == NETWORK.digest()
    assert NETWORK.adding("hidden", "note", NOTE).digest() != NETWORK.digest()
    other = SpikingMemory(D, N, D, parameters=LONE._replace(theta=2.0)).blueprint()
    assert other.digest() == NETWORK.digest()


def test_a_new_population_and_its_synapses_act():
    """Interneurons that see every output spike: their number of spikes is the outputs' all together."""
    counted = Neurons(1, {"membrane": Part("v : 1", at={"spike": "v = 0"}, events={"spike": Event("v > 0.5")})})
    step = Part(pathways={"pre": Pathway(transmit="total_post += 1")})
    total = Part("total : 1", keeps=("total",))

    def change(network):
        counter = Neurons(1, {**counted.parts, "total": total})
        return network.having(counter=counter, tell=Bundle("output", "counter", {"transmission": step}))

    episode = autoassociative(np.random.default_rng(0), 2, key_dim=D)
    response = memory(change).respond(episode, np.random.default_rng(1))
    # the last step's spikes arrive after the last reading
    assert response.counts["output"].sum() <= response.state.variables["counter.total"][0, 0] <= response.counts[
        "output"].sum() + 2 * D  # fmt: skip
    assert response.counts["output"].sum() > 50


def test_sparse_keys_are_written_where_there_is_a_synapse_and_still_recall():
    d = n = 40
    thin = Change(lambda network: network.wired("key", pattern=sparse(0.8, seed=3)))
    dense, sparsely = (SpikingMemory(d, n, d, parameters=LONE, mechanisms=m, engine="numpy") for m in ([], [thin]))
    episode = Episode.stack([autoassociative(np.random.default_rng(k), 5) for k in range(2)])
    full, some = (m.respond(episode, np.random.default_rng(1)) for m in (dense, sparsely))
    there = np.zeros((2 * d, n), bool)
    there[sparsely.blueprint().connected("key")] = True
    assert there.mean() == pytest.approx(0.8, abs=0.03)
    # a missing synapse weighs 0 and is never written; one that is there ends as it does in the whole network
    on, off = there[:d].T, there[d:].T
    K, K_full = sparsely.weights(some.state)[0], dense.weights(full.state)[0]
    assert not K[:, ~on & ~off].any()
    np.testing.assert_allclose(K[:, :5][:, (on & off)[:5]], K_full[:, :5][:, (on & off)[:5]], atol=1e-9)
    recalled = np.sign(some.values)[episode.is_recall] == episode.values[episode.is_recall]
    assert recalled.mean() > 0.9


def test_the_code_of_a_population_does_not_depend_on_what_was_made_before_it():
    tables = blank_tables(1, D, N, D)

    def order(network):
        with isolated():  # as an engine builds it; Brian2 by itself would compile what makes the synapses
            made = build(network, tables).groups["input"]
        return [(e.varname, e.update_order) for e in made.equations.ordered]

    alone = NETWORK._replace(neurons={"input": NETWORK.neurons["input"]}, bundles={})
    alone = alone._replace(values={n: v for n, v in NETWORK.values.items() if n.startswith("input.")})
    last = NETWORK._replace(neurons=dict(reversed(NETWORK.neurons.items())))
    assert order(alone) == order(NETWORK) == order(last)


def test_it_prints_as_a_methods_section():
    said = str(SpikingMemory(40, 40, 40, parameters=LONE).blueprint())
    for line in (
        "A network of 40 key entries, 40 slots and 40 value entries. A presentation lasts 150 ms, a time step 0.5 ms.",
        "input: 80 neurons",
        "key: synapses from input to hidden, all to all, weights from 0 to 1",
        "opponent: synapses from output to output, opposite",
        "prime: synapses from hidden to hidden, chain, after 20 ms",
        "ddrive/dt = bound/tau_rise - drive/(tau_drive*slowness) : 1",
        "tau_drive = 20 ms",
        "input_rate = 100 Hz",
    ):
        assert line in said, line
    for match in re.findall(r"^    (\w+) = ([\d.e+-]+)( \w+)?$", said, re.MULTILINE):
        name, number, unit = match
        if name in Parameters._fields:
            value = getattr(LONE, name)
            assert str(value) == f"{number}{unit}" or float(value) == pytest.approx(float(number), rel=1e-5), name


def test_failing_releases_scale_all_that_a_spike_transmits_each_by_itself():
    """Two parts transmit at one spike: where half of the releases fail, half of what the second brings is there."""
    tell = Part(pathways={"pre": Pathway(transmit="""
        told_post += 1 + 0.5
        told_post += 0.5
        """)})  # fmt: skip
    change = Change(lambda n: n.adding("pool", "ear", Part("told : 1", keeps=("told",)))
                    .adding("inhibit", "tell", tell))  # fmt: skip
    episode, heard = autoassociative(np.random.default_rng(0), 4, key_dim=D), {}
    for failure in (0.0, 0.5):
        p = Parameters(release_failure=failure)
        response = SpikingMemory(D, N, D, parameters=p, mechanisms=[change], engine="numpy").respond(
            episode, np.random.default_rng(1)
        )
        per_spike = response.state.variables["pool.told"].sum() / response.counts["interneuron"].sum()
        heard[failure] = per_spike / 2
    assert heard[0.0] == pytest.approx(1, abs=0.02)  # but for those on their way at the end
    assert heard[0.5] == pytest.approx(0.5, abs=0.1)

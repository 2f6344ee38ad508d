"""A circuit of one's own: Brian2's objects of a run, and what is said of a mechanism that Brian2 cannot build."""

from __future__ import annotations

from dataclasses import dataclass

import brian2
import numpy as np
import pytest

from bioKV import Episode, LeastRecentlyUsed, Parameters, SpikingMemory
from bioKV.engines import cache
from bioKV.network import Event, Mechanism, Part, Pathway
from bioKV.protocols import autoassociative, sequence
from bioKV.units import ms

D, N = 8, 5
COARSE = Parameters(dt=1 * ms, neurons_per_slot=1)  # fewer time steps and neurons; nothing here depends on them


@dataclass(frozen=True)
class Added(Mechanism):
    """A part more."""

    part: Part
    owner: str = "input"

    def add(self, network):
        return network.adding(self.owner, "mine", self.part)

    def settings(self, network, values):
        return {f"{self.owner}.tau_slow": 1.0} if "tau_slow" in self.part.model else {}


def added(owner="input", engine="numpy", **part):
    episode = autoassociative(np.random.default_rng(0), 2, key_dim=D)
    memory = SpikingMemory(D, N, D, parameters=COARSE, mechanisms=[Added(Part(**part), owner)], engine=engine)
    return memory.respond(episode, np.random.default_rng(0), say=lambda line: None)


def test_monitors_of_ones_own_change_no_bit_of_the_response():
    """Of a network with feedback, a race and chance in every time step."""
    episode = Episode.stack([sequence(np.random.default_rng(k), 3, key_dim=D) for k in range(2)])
    chance = COARSE._replace(release_failure=0.2, hidden_noise=0.5)
    memory = SpikingMemory(D, N, D, LeastRecentlyUsed(), parameters=chance, engine="numpy")
    alone = memory.respond(episode, np.random.default_rng(1), record=("hidden", "dendrite"))
    run = memory.network(episode, np.random.default_rng(1), record=("hidden", "dendrite"))
    drive = brian2.StateMonitor(run.groups["hidden"], ["drive", "inhibition"], record=True)
    weights = brian2.StateMonitor(run.synapses["key"], "w", record=[0, 7])
    rates = brian2.PopulationRateMonitor(run.groups["output"])
    run.add(drive, weights, rates)
    run.run()
    watched = run.response()
    assert drive.drive.shape == (2 * N, len(drive.t))
    assert drive.drive.std() > 0
    assert weights.w.std() > 0
    np.testing.assert_array_equal(alone.values, watched.values)
    for population, counts in alone.counts.items():
        np.testing.assert_array_equal(counts, watched.counts[population])
    for variable, values in alone.state.variables.items():
        np.testing.assert_array_equal(values, watched.state.variables[variable])
    for population, spikes in alone.spikes.items():
        np.testing.assert_array_equal(spikes.t_ms, watched.spikes[population].t_ms)
    assert watched.engine == "numpy"


def test_a_lesion_by_hand_is_what_the_response_then_shows():
    """Interneurons are silenced in the objects themselves: hidden neurons fire more, and the response is of that."""
    episode = autoassociative(np.random.default_rng(0), 1, key_dim=D)
    memory = SpikingMemory(D, N, D, parameters=COARSE, engine="numpy")
    whole, run = memory.respond(episode, np.random.default_rng(1)), memory.network(episode, np.random.default_rng(1))
    run.synapses["inhibit"].w_inhibit = 0
    run.run()
    assert run.response().counts["hidden"].sum() > 1.5 * whole.counts["hidden"].sum()


def test_a_run_is_prepared_run_once_and_then_answered():
    episode = autoassociative(np.random.default_rng(0), 1, key_dim=D)
    memory = SpikingMemory(D, N, D, parameters=COARSE)
    run = memory.network(episode, np.random.default_rng(1))
    with pytest.raises(ValueError, match=r"there is no response before run\(\)"):
        run.response()
    run.run()
    with pytest.raises(ValueError, match=r"this run is over; memory.network\(\) prepares another"):
        run.run()
    with pytest.raises(ValueError, match=r"this run is over; monitors are added before run\(\)"):
        run.add(brian2.StateMonitor(run.groups["hidden"], "drive", record=True))
    many = Episode.stack([episode] * 21)
    with pytest.raises(ValueError, match="a network holds at most 20 trials side by side; the episode has 21"):
        memory.network(many, np.random.default_rng(1))


TEXTS = [
    ({"model": "dslow/dt = -slow/tau_slow : 1\ntau_slow : 1 (shared, constant)"}, "not have the expected unit hertz"),
    ({"model": "x = trace*tau_eligibility : 1"}, "does not have the expected unit 1"),
    ({"model": "x : second", "at": {"spike": "x = trace"}}, '"x = trace" does not have the expected unit s'),
    ({"model": "x : 1", "events": {"e": Event("x > window")}, "at": {"e": "x = 0"}}, "with different units"),
    ({"model": "x : banana"}, "Unit specification refers to 'banana'"),
    ({"model": "x : 1 (event-driven)"}, "cannot have a flag 'event-driven'"),
    ({"owner": "key", "model": "x : second", "pathways": {"write": Pathway(after="x = w")}}, "the expected unit s"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "why"), TEXTS)
def test_what_brian2_refuses_is_one_sentence_that_names_the_part(part, why):
    with pytest.raises(ValueError, match=r"^the part 'mine' of (input|key) cannot be built: ") as refused:
        added(**part)
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.skipif(cache.compiler() is None, reason="no C++ compiler")
def test_so_it_is_before_anything_is_compiled():
    with pytest.raises(ValueError, match=r"^the part 'mine' of input cannot be built: ") as refused:
        added(engine="compiled", **TEXTS[0][0])
    assert "\n" not in str(refused.value)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_variable_that_is_no_number_stops_the_run_and_its_part_is_named():
    with pytest.raises(RuntimeError, match=r"input\.x is nan after the last .* of the part 'mine' of input"):
        added(model="dx/dt = (log(x - 1) - x)/second : 1", keeps=("x",))
    with pytest.raises(RuntimeError, match=r"input\.x is inf after presentation 0 of trial 0; .* 'mine' of input"):
        added(model="x : 1", at={"spike": "x = (x + 1)*1e200"}, reads=("x",))


class Unlucky(Exception):
    pass


def prepared():
    episode = autoassociative(np.random.default_rng(0), 2, key_dim=D)
    return SpikingMemory(D, N, D, parameters=COARSE).network(episode, np.random.default_rng(0))


@pytest.mark.parametrize("problem", [Unlucky("of mine"), ValueError("of mine"), KeyboardInterrupt()], ids=repr)
def test_what_an_operation_of_ones_own_raises_comes_out_as_it_is_and_leaves_no_response(problem):
    def fail(t):
        if t > 200 * brian2.ms:
            raise problem

    run = prepared()
    run.add(brian2.NetworkOperation(fail, dt=10 * brian2.ms))
    with pytest.raises(type(problem)) as raised:
        run.run()
    assert raised.value is problem
    with pytest.raises(ValueError, match="the run was cut, so there is no response"):
        run.response()


def test_an_object_of_ones_own_that_cannot_be_built_is_still_refused():
    run = prepared()
    run.add(brian2.PopulationRateMonitor(run.groups["output"]), brian2.NeuronGroup(1, "x = banana : 1", name="own"))
    with pytest.raises(ValueError, match=r"cannot be built: .*banana"):
        run.run()

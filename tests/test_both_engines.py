"""Where nothing is left to chance both engines have the same spikes, at sizes that fill no vector and at 40; and all
that is handed to them acts: every parameter, seed, trial and plateau."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy import stats

from bioKV import Episode, LeastRecentlyUsed, Parameters, Random, SpikingMemory
from bioKV.engines import cache
from bioKV.engines import numpy as numpy_engine
from bioKV.network import Mechanism
from bioKV.protocols import heteroassociative, sequence
from bioKV.units import ms

needs_compiler = pytest.mark.skipif(cache.compiler() is None, reason="no C++ compiler")
COARSE = Parameters(dt=1 * ms, neurons_per_slot=1)  # fewer time steps and neurons; nothing here depends on them
RECORDED = ("input", "feedforward", "hidden", "interneuron", "output", "dendrite")


@dataclass(frozen=True)
class NoChance(Mechanism):
    """Hidden neurons spike at a fixed hazard, so what is left of chance is drawn before a trial begins. values : what
    else is set, last of all."""

    values: tuple[tuple[str, float], ...] = ()
    turn = 95

    def add(self, network):
        spike = "expected = 0\ntolerance = 0.7\nsilent_until = t + hidden_refractory"
        return network.changing("hidden", "escape noise", at={"spike": spike})

    def settings(self, network, values):
        return {name: value for name, value in self.values if name.partition(".")[0] in network.bundles}


class Case(NamedTuple):
    """Two trials of a task, and the network that performs it."""

    sizes: tuple[int, int, int]
    episode: Episode
    parameters: Parameters
    memory: dict[str, Any] = {}  # noqa: RUF012  (never written to)

    def respond(self, engine, episode=None, seeds=(1, 2), values=(), third_factor=None, workers=1, **parameters):
        memory = SpikingMemory(
            *self.sizes, third_factor, parameters=self.parameters._replace(**parameters), engine=engine,
            mechanisms=[NoChance(values)], workers=workers, **self.memory,
        )  # fmt: skip
        streams = [np.random.default_rng(seed) for seed in seeds]
        return memory.respond(self.episode if episode is None else episode, streams, RECORDED, say=lambda line: None)


def pairs(seed):
    """Two stored pairs, the first of them asked for, and a query that is like neither key."""
    task = heteroassociative(np.random.default_rng(seed), 2, 13, 7, corruption=0.2)
    keys = task.keys.copy()
    keys[3] = -np.sign(keys[0] + keys[1] + 0.5)
    return replace(task, keys=keys)


def melody(seed):
    return sequence(np.random.default_rng(seed), 3, key_dim=40)


ODD = Case((13, 5, 7), Episode.stack([pairs(0), pairs(1)]), COARSE)
FORTY = Case((40, 40, 40), Episode.stack([melody(0), melody(1)]), COARSE._replace(heterogeneity=0.05),
             {"stability_threshold": (20.0, 30.0)})  # fmt: skip
CASES = pytest.mark.parametrize("case", [ODD, FORTY], ids=["13, 5, 7", "40, 40, 40"])
ENGINES = pytest.mark.parametrize("engine", [pytest.param("compiled", marks=needs_compiler), "numpy"])


@functools.cache
def usual(engine, sizes):
    """What a case answers with its own numbers; compiled, or run, once."""
    return {case.sizes: case for case in (ODD, FORTY)}[sizes].respond(engine)


# part of what is compiled
STRUCTURE = ("dt", "stimulus_time", "gap_time", "feedforward_per_entry", "n_interneurons", "priming_delay",
             "interneuron_delay", "delay_spread", "axon_delay", "neurons_per_slot")  # fmt: skip
# a change of what ODD has; of what FORTY has besides; and where to look for the rest
IN_ODD = {
    name: 0.8 * getattr(COARSE, name)
    for name in (
        "input_rate", "tau_eligibility", "eligibility_gain", "drive_gain", "tau_rise", "tau_drive", "hazard", "theta",
        "hidden_refractory", "feedforward_gain", "recruitment", "vote_inhibition", "clearance",
        "trigger_onset", "trigger_time", "prime_strength", "plateau_time", "eta_key", "eta_value", "acetylcholine",
        "output_weight", "tau_output", "teacher", "output_threshold", "output_inhibition", "opponent", "tau_opponent",
        "tau_trace", "trace_gain", "tau_readout", "read_onset", "read_stop",
    )
} | {"left_inhibition": 0.0, "patience": 5 * ms}  # fmt: skip
IN_FORTY = {
    "tau_latch": 30 * ms, "latch_threshold": 30.0, "input_irregularity": 0.5, "release_failure": 0.3,
    "hidden_noise": 0.5, "output_noise": 0.5, "weight_noise": 0.1, "weight_levels": 3, "heterogeneity": 0.1,
    "dead_share": 0.2,
}  # fmt: skip
ELSEWHERE = {"race_time": LeastRecentlyUsed(), "tau_urgency": LeastRecentlyUsed(), "use_share": LeastRecentlyUsed(),
             "output_pace": None, "tau_noise": None}  # fmt: skip


def differences(one, other) -> list[str]:
    """What two responses differ in: counts and times of spikes, answers, and what is left of the network."""
    arrays = {f"counts of {name}": (a, other.counts[name]) for name, a in one.counts.items()}
    arrays |= {name: (a, other.state.variables[name]) for name, a in one.state.variables.items()}
    arrays |= {name: (getattr(one, name), getattr(other, name)) for name in ("values", "hidden", "third_factor")}
    found = [name for name, (a, b) in arrays.items() if not np.allclose(a, b, rtol=1e-7, atol=1e-9)]
    for name, train in one.spikes.items():
        spikes = [np.stack([s.trial, np.round(s.t_ms, 6), s.neuron]) for s in (train, other.spikes[name])]
        if not np.array_equal(*(a[:, np.lexsort(a[::-1])] for a in spikes)):
            found.append(f"spikes of {name}")
    return found


def test_the_last_neuron_of_every_population_fires_at_odd_sizes():
    for population in RECORDED:
        counts = usual("numpy", ODD.sizes).counts[population]
        assert counts[..., -1 if population != "dendrite" else 3].any(), population  # of four presentations


@needs_compiler
@CASES
def test_both_engines_have_the_same_spikes_and_weights(case):
    one, other = usual("compiled", case.sizes), usual("numpy", case.sizes)
    assert (one.engine, other.engine) == ("compiled", "numpy")
    assert differences(one, other) == []
    assert min(counts.sum() for counts in one.counts.values()) > 0


@pytest.mark.slow  # every day nothing is optimised (conftest.py)
@needs_compiler
@CASES
def test_an_optimised_program_has_them_too(case):
    assert differences(usual("compiled", case.sizes), usual("numpy", case.sizes)) == []


@needs_compiler
def test_and_with_all_parameters_changed_too():
    changed = {name: value for name, value in IN_ODD.items() if name != "left_inhibition"}
    one, other = (ODD.respond(engine, **changed) for engine in ("compiled", "numpy"))
    assert differences(one, other) == []
    assert "counts of hidden" in differences(one, usual("compiled", ODD.sizes))


@needs_compiler
@pytest.mark.parametrize("name", IN_ODD)
def test_every_parameter_acts_on_a_compiled_network(name):
    assert differences(usual("compiled", ODD.sizes), ODD.respond("compiled", **{name: IN_ODD[name]}))


@needs_compiler
@pytest.mark.parametrize("name", IN_FORTY)
def test_so_does_every_imperfection_and_what_feedback_has(name):
    assert differences(usual("compiled", FORTY.sizes), FORTY.respond("compiled", **{name: IN_FORTY[name]}))


def blueprint(third_factor=None, graded=False, **parameters):
    memory = SpikingMemory(4, 3, 4, third_factor, parameters=FORTY.parameters._replace(**parameters), engine="numpy")
    return memory.blueprint(graded=graded)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_only_a_race_graded_values_or_noise_have_is_a_number_of_theirs(name):
    third_factor, graded, default = ELSEWHERE[name], name == "output_pace", getattr(COARSE, name)
    usual, other = (blueprint(third_factor, graded, **{name: factor * default}) for factor in (1, 0.8))
    changed = {value for value in usual.values if np.any(usual.values[value] != other.values[value])}
    assert {value.partition(".")[2] for value in changed} & {name, "use_votes"}
    assert usual.digest() == other.digest()


@needs_compiler
def test_the_time_constant_of_noise_acts_too():
    usual, other = (FORTY.respond("compiled", hidden_noise=0.5, tau_noise=tau * ms) for tau in (5, 20))
    assert differences(usual, other)


@pytest.mark.parametrize("name", STRUCTURE)
def test_another_structure_is_another_program(name):
    other = {"dt": 0.5 * ms, "feedforward_per_entry": 1.0, "delay_spread": 0.5, "axon_delay": 2 * ms,
             "neurons_per_slot": 2, "n_interneurons": 8}  # fmt: skip
    default = getattr(COARSE, name)
    assert blueprint().digest() != blueprint(**{name: other.get(name, 1.5 * default)}).digest()


def test_no_parameter_is_left_out():
    named = [*STRUCTURE, *IN_ODD, *IN_FORTY, *ELSEWHERE]
    assert sorted(named) == sorted(Parameters._fields)


@needs_compiler
@pytest.mark.parametrize(
    "bundle", ["count_input", "subtract", "recruit", "inhibit", "key", "value", "opponent", "charge", "to_relay",
               "discharge"],
)  # fmt: skip
def test_a_release_can_fail_at_every_axon(bundle):
    failing = FORTY.respond("compiled", values=((f"{bundle}.release_failure", 1.0),))
    assert differences(usual("compiled", FORTY.sizes), failing)


@needs_compiler
@pytest.mark.parametrize("end", ["key", "value"])
def test_the_threshold_of_stability_is_a_number_of_the_run(end):
    assert not usual("compiled", FORTY.sizes).state.variables[f"{end}.frozen"].any()
    frozen = FORTY.respond("compiled", values=((f"{end}.stability_threshold", 0.5),)).state.variables
    assert frozen[f"{end}.frozen"].any()
    assert not frozen[f"{'value' if end == 'key' else 'key'}.frozen"].any()


@ENGINES
def test_a_trial_is_the_same_alone_and_among_others(engine):
    together = usual(engine, ODD.sizes)
    alone = ODD.respond(engine, ODD.episode.trials([1]), seeds=(2,))
    for name, counts in together.counts.items():
        np.testing.assert_array_equal(counts[1], alone.counts[name][0])
    for name, values in together.state.variables.items():
        np.testing.assert_allclose(values[1], alone.state.variables[name][0], rtol=1e-9, atol=1e-12)


@needs_compiler
def test_workers_change_nothing():
    assert differences(usual("compiled", ODD.sizes), ODD.respond("compiled", workers=2)) == []


@needs_compiler
def test_plateaus_that_are_imposed_happen_in_both_engines():
    gamma = np.random.default_rng(0).integers(2, size=(2, 4, 5)).astype(float)
    gamma[:, -1, -1] = 1
    imposed = ODD.episode.with_third_factor(gamma)
    one, other = (ODD.respond(engine, imposed) for engine in ("compiled", "numpy"))
    np.testing.assert_array_equal(one.third_factor, gamma)
    assert differences(one, other) == []


@ENGINES
def test_a_seed_decides_what_is_drawn_before_a_trial_and_in_it(engine):
    """Where inputs begin is drawn before it, dendrites draw in it."""
    one, other = (ODD.respond(engine, seeds=seeds, third_factor=Random(0.5)) for seeds in ((1, 2), (3, 4)))
    assert {"spikes of input", "spikes of dendrite"} <= set(differences(one, other))


@needs_compiler
def test_two_trials_of_one_task_draw_for_themselves():
    twice = Episode.stack([pairs(0), pairs(0)])
    answer = ODD.respond("compiled", twice, third_factor=Random(0.5))
    assert (answer.third_factor[0] != answer.third_factor[1]).any()
    assert (answer.state.variables["input.phase"][0] != answer.state.variables["input.phase"][1]).any()


@needs_compiler
@CASES
def test_dendrites_take_turns_and_begin_anew(case):
    """More presentations than slots."""
    d, n_slots, m = case.sizes
    n_steps = n_slots + 3
    keys, values = np.ones((n_steps, d)), np.ones((n_steps, m))
    shown = Episode.stack([Episode(keys, values, np.zeros(n_steps), np.full(n_steps, -1))] * 2)
    # the feedback of a sequence is part of the network, so one step of it is there
    feedback = None if case is ODD else np.arange(n_steps) == n_steps - 1
    shown = shown if feedback is None else replace(shown, feedback=np.stack([feedback, feedback]))
    answer = case.respond("compiled", shown)
    np.testing.assert_array_equal(answer.third_factor, [np.eye(n_slots)[np.arange(n_steps) % n_slots]] * 2)


@needs_compiler
@pytest.mark.parametrize("p", [0.1, 0.5])
def test_compiled_dendrites_have_a_plateau_with_probability_p(p):
    """Every slot, in 50 trials of 100 presentations. Of 25,000 chances a fifth, or a step of the trigger, is seen."""
    keys, values, n_trials, n_steps = np.ones((100, 13)), np.ones((100, 7)), 50, 100
    shown = Episode.stack([Episode(keys, values, np.zeros(n_steps), np.full(n_steps, -1))] * n_trials)
    fired = ODD.respond("compiled", shown, seeds=range(n_trials), third_factor=Random(p)).third_factor
    low, high = stats.binom.interval(0.9999, fired.size, p)
    assert low <= fired.sum() <= high
    low, high = stats.binom.interval(1 - 1e-4 / 5, fired.size // 5, p)
    each = fired.sum(axis=(0, 1))
    assert (low <= each).all()
    assert (each <= high).all()


def test_batches_come_back_in_the_order_of_their_trials(monkeypatch):
    """A batch per trial, each in a process of its own: keys, spikes and answers are those of the trial."""
    together = usual("numpy", ODD.sizes)
    monkeypatch.setattr(numpy_engine, "BATCH", 1)
    assert differences(together, ODD.respond("numpy", workers=2)) == []

"""One contract, and every mechanism keeps it: absent it leaves no trace, present it keeps the network honest."""

from __future__ import annotations

import ast
import functools
import inspect
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import brian2
import numpy as np
import pytest
from scipy import stats

from bioKV import Episode, LeastRecentlyUsed, Parameters, Random, SpikingMemory, network
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.engines import cache
from bioKV.network import design
from bioKV.network.blueprint import Blueprint
from bioKV.network.mechanisms import built_in
from bioKV.network.mechanisms.assembly import Assembly
from bioKV.network.mechanisms.delays import Delays
from bioKV.network.mechanisms.feedback import Feedback
from bioKV.network.mechanisms.graded import Graded
from bioKV.network.mechanisms.imperfect import Imperfect
from bioKV.network.mechanisms.race import Race
from bioKV.network.mechanisms.rule import SpikingRule
from bioKV.network.mechanisms.short_term_depression import ShortTermDepression
from bioKV.network.mechanisms.stability import Stability
from bioKV.network.presentation import is_graded
from bioKV.protocols import autoassociative, continual, flashbulb, graded, heteroassociative, sequence
from bioKV.response import SpikingResponse
from bioKV.rule import SIMPLE
from bioKV.units import ms

D, N = 16, 6
RECORDABLE = ("input", "feedforward", "hidden", "interneuron", "output", "dendrite")
COARSE = Parameters(dt=1 * ms, neurons_per_slot=1)  # fewer time steps and neurons; nothing here depends on them
PLAIN = SpikingMemory(D, N, D, parameters=COARSE, engine="numpy")
IMPERFECT = {"release_failure": 0.1, "hidden_noise": 0.5, "output_noise": 0.1, "weight_noise": 0.05, "weight_levels": 9,
             "input_irregularity": 0.5, "heterogeneity": 0.05, "dead_share": 0.02}  # fmt: skip


class Case(NamedTuple):
    """A task, a memory that performs it, and what a mechanism in it is. other : the same mechanism with other numbers,
    where it has any that are not built into the network."""

    protocol: Any
    options: dict[str, Any]
    kind: type | None = None
    memory: dict[str, Any] = {}  # noqa: RUF012  (never written to)
    other: dict[str, Any] | None = None

    def make(self, engine="numpy", sizes=(D, N), **changed) -> SpikingMemory:
        d, n = sizes
        m = self.options.get("value_dim", d)
        of = {"parameters": COARSE, **self.memory, **changed}
        return SpikingMemory(d, n, m, engine=engine, workers=1, **of)

    def episode(self, seed=4, key_dim=D) -> Episode:
        return self.protocol(np.random.default_rng(seed), key_dim=key_dim, **self.options)

    def blueprint(self, **changed) -> Blueprint:
        episode = self.episode()
        of = {"feedback": bool(episode.feedback.any()), "graded": is_graded(episode)}
        return self.make(**changed).blueprint(**of)


def numbers(**changed):
    return {"parameters": COARSE._replace(**changed)}


CASES = {
    "autoassociative": Case(autoassociative, {"n_pairs": 2}, None, {"third_factor": Random(0.3)}),
    "assembly": Case(heteroassociative, {"n_pairs": 2, "value_dim": 5}, Assembly, numbers(neurons_per_slot=3)),
    "delays": Case(autoassociative, {"n_pairs": 2}, Delays, numbers(axon_delay=3 * ms, delay_spread=0.3)),
    "feedback": Case(sequence, {"n_patterns": 4}, Feedback),
    "graded": Case(graded, {"n_pairs": 2, "unknown": 0.2}, Graded),
    "imperfect": Case(autoassociative, {"n_pairs": 2}, Imperfect, numbers(**IMPERFECT), numbers(release_failure=0.3)),
    "race": Case(continual, {"delay": 2, "n_steps": 7}, Race, {"third_factor": LeastRecentlyUsed()}),
    "rule": Case(autoassociative, {"n_pairs": 2}, SpikingRule, {"rule": SIMPLE._replace(axon=0.0, decay=0.9)},
                 {"rule": SIMPLE._replace(axon=0.0, decay=0.8, eta_k=0.5)}),
    "short-term depression": Case(autoassociative, {"n_pairs": 2}, ShortTermDepression,
                                  {"mechanisms": [ShortTermDepression()]}, {"mechanisms": [ShortTermDepression(0.5)]}),
    "stability": Case(flashbulb, {"delay": 2, "n_steps": 7, "n_flashbulb": 1}, Stability,
                      {"stability_threshold": 10}, {"stability_threshold": 7}),
}  # fmt: skip
MECHANISMS = [name for name, case in CASES.items() if case.kind]
every_case = pytest.mark.parametrize("name", CASES)
every_mechanism = pytest.mark.parametrize("name", MECHANISMS)


def scrambled(episode: Episode) -> Episode:
    """The same trial with other right answers."""
    values = episode.values.copy()
    values[episode.is_recall] = np.random.default_rng(2).choice([-1.0, 1.0], size=values[episode.is_recall].shape)
    assert (values != episode.values).any()
    return replace(episode, values=values)


class Run(NamedTuple):
    """What a memory answered, and the (Brian2 network, duration in seconds) of everything that was run for it here."""

    response: SpikingResponse
    runs: list[tuple[brian2.Network, float]]


@functools.cache
def run(name, episode="own", engine="numpy") -> Run:
    """The memory of a case with two trials: its episode or, "scrambled", with other answers; and one of a shut gate."""
    case = CASES[name]
    own = case.episode()
    shut = replace(own, gate=np.zeros(own.n_steps), source=np.full(own.n_steps, -1))
    both = Episode.stack([scrambled(own) if episode == "scrambled" else own, shut])
    begin, runs = brian2.Network.run, []

    def noted(network, duration, *args, **how):
        runs.append((network, float(duration)))
        return begin(network, duration, *args, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(brian2.Network, "run", noted)
        return Run(case.make(engine).respond(both, np.random.default_rng(11), RECORDABLE), runs)


def assert_same_spikes(one: SpikingResponse, other: SpikingResponse):
    for population, spikes in one.spikes.items():
        assert spikes.t_ms.size > 0
        np.testing.assert_array_equal(spikes.t_ms, other.spikes[population].t_ms)
        np.testing.assert_array_equal(spikes.neuron, other.spikes[population].neuron)
        np.testing.assert_array_equal(spikes.trial, other.spikes[population].trial)


def test_none_is_left_out():
    assert {CASES[name].kind for name in MECHANISMS} == set(built_in())


@every_mechanism
def test_it_is_there_where_it_is_asked_for_and_nowhere_else(name):
    case = CASES[name]
    request = case.make()._request(bool(case.episode().feedback.any()), False, is_graded(case.episode()))
    assert [type(one) for one in design.mechanisms_of(request)] == [case.kind]
    assert design.mechanisms_of(PLAIN._request(False, False, False)) == []


@every_mechanism
def test_absent_it_leaves_the_network_as_if_there_were_no_such_mechanism(name, monkeypatch):
    """Text, values and chances of every other case: nothing is left to compute other spikes from."""
    def networks():
        for other, case in CASES.items():
            if case.kind is not CASES[name].kind:
                begun = case.make().begin(1, np.random.default_rng(3)).variables
                yield other, case.blueprint().to_json(), {v: a.tolist() for v, a in begun.items()}

    with_it = list(networks())
    others = tuple(kind for kind in built_in() if kind is not CASES[name].kind)
    monkeypatch.setattr(design, "built_in", lambda: others)
    assert list(networks()) == with_it


@every_mechanism
def test_its_variables_are_known_to_no_file_outside_mechanisms(name):
    with_it, plain = CASES[name].blueprint(), PLAIN.blueprint()
    known = {variable for _, of in plain.owners() for variable in of.variables()}
    typed = {*Parameters._fields, *SIMPLE._fields, *inspect.signature(SpikingMemory).parameters}  # by users
    own = {v for _, of in with_it.owners() for v in of.variables()} - known - typed
    for path in Path(network.__file__).parents[1].rglob("*.py"):
        if "mechanisms" in path.parts:
            continue
        words = {word for text in _texts(path) for word in text.replace(".", " ").split()}
        assert not own & words, f"{path} knows {own & words}"


@functools.cache
def _texts(path: Path) -> list[str]:
    """Every text constant of a file but its docstrings."""
    tree = ast.parse(path.read_text())
    said = {ast.get_docstring(node, clean=False) for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)}  # fmt: skip
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [text for text in constants if isinstance(text, str) and text not in said]


@every_case
def test_a_network_survives_json_and_has_one_digest(name):
    blueprint = CASES[name].blueprint()
    again = Blueprint.from_json(blueprint.to_json())
    assert again == blueprint
    assert again.digest() == blueprint.digest()
    assert {v: a.tolist() for v, a in again.begun().items()} == {v: a.tolist() for v, a in blueprint.begun().items()}


def test_every_structure_has_a_digest_of_its_own():
    digests = {name: case.blueprint().digest() for name, case in CASES.items()}
    assert digests["autoassociative"] == PLAIN.blueprint().digest()  # but for the third factor's numbers
    assert len(set(digests.values())) == len(CASES)


@pytest.mark.parametrize("name", [name for name in MECHANISMS if CASES[name].other])
def test_other_numbers_are_the_same_program(name):
    one, other = CASES[name].blueprint(), CASES[name].blueprint(**CASES[name].other)
    assert one.digest() == other.digest()
    assert one != other


@every_mechanism
def test_a_state_is_refused_by_a_network_that_keeps_other_things(name, tmp_path):
    case = CASES[name]
    with_it, without = case.make(), SpikingMemory(D, N, D, with_third(case), parameters=COARSE, engine="numpy")
    same = set(with_it.begin(1, np.random.default_rng(0)).variables) == set(PLAIN.blueprint().begun())
    for saving, loading in ((with_it, without), (without, with_it)):
        saving.save(tmp_path / "state")
        saving.load(tmp_path / "state")
        if same and case.kind is not Assembly:  # delays keep nothing; nor does feedback at a prompt, which has none
            loading.load(tmp_path / "state")
            continue
        with pytest.raises(ValueError, match=r"state (lacks|has|was saved|holds) "):
            loading.load(tmp_path / "state")


def with_third(case):
    return None if case.kind is Race else case.memory.get("third_factor")


@every_case
def test_the_right_answers_of_all_recalls_are_seen_by_no_neuron(name):
    assert_same_spikes(run(name).response, run(name, "scrambled").response)


@every_case
def test_without_the_gate_no_weight_changes(name):
    response = run(name).response
    assert response.third_factor[1].sum() > 0  # there were plateaus; only the gate was shut
    begun = CASES[name].blueprint().begun()
    for weights in ("key.w", "value.w"):
        np.testing.assert_array_equal(response.state.variables[weights][1], begun[weights])


@every_case
def test_what_is_stored_gets_weights_in_their_range(name):
    """What a shut gate leaves alone is not nothing; and ON/OFF coding needs no negative weight (Dale)."""
    variables, bundles = run(name).response.state.variables, CASES[name].blueprint().bundles
    for bundle, before in (("key", 0.5), ("value", 0.0)):
        w, (low, high) = variables[f"{bundle}.w"][0], bundles[bundle].weights
        assert (w != before).any()
        assert low == 0
        assert 0 <= w.min() < w.max() <= high


@every_case
def test_a_respond_is_one_run_of_brian2_objects_without_python_between_windows(name):
    [(network, duration)] = run(name).runs
    assert duration == pytest.approx(CASES[name].episode().n_steps * 0.15 + 0.001)
    assert not [thing for thing in network.objects if isinstance(thing, brian2.NetworkOperation)]
    for thing in network.objects:
        assert type(thing).__module__.startswith("brian2."), thing


@every_case
def test_every_answer_is_what_a_low_pass_filter_makes_of_output_spikes(name):
    """ON minus OFF; of spikes between read_onset and read_stop; as the presentation ends, before the next step."""
    answer, episode, p = run(name).response, CASES[name].episode(), COARSE
    spikes = answer.spikes["output"]
    dt, window, tau = (float(time / ms) for time in (p.dt, p.stimulus_time + p.gap_time, p.tau_readout))
    in_it = (spikes.trial == 0) & (spikes.t_ms < window * episode.n_steps - dt / 2)  # not in the blank step at the end
    presentation, since_onset = np.divmod(spikes.t_ms[in_it] + dt / 2, window)
    read = (since_onset > float(p.read_onset / ms)) & (since_onset < float(p.read_stop / ms))
    held = np.zeros((episode.n_steps, 2 * episode.value_dim))
    since_spike = window - since_onset - dt / 2
    np.add.at(held, (presentation.astype(int), spikes.neuron[in_it]), read * np.exp(-since_spike / tau))
    on, off = np.split(held, 2, axis=1)
    np.testing.assert_allclose(answer.values[0], on - off, rtol=0, atol=1e-9)


@pytest.mark.slow
@every_case
@pytest.mark.skipif(cache.compiler() is None, reason="no C++ compiler")
def test_nor_does_a_compiled_network_see_the_right_answers(name):
    assert_same_spikes(run(name, "own", "compiled").response, run(name, "scrambled", "compiled").response)


@pytest.mark.slow
@every_case
@pytest.mark.skipif(cache.compiler() is None, reason="no C++ compiler")
def test_both_engines_answer_alike(name):
    """Twenty trials each: accuracies and hidden spikes per presentation differ by no more than chance makes them."""
    case = CASES[name]
    episode = Episode.stack([case.episode(k) for k in range(20)])
    rngs = [[np.random.default_rng([7, k]) for k in range(20)] for _ in range(2)]
    found = [case.make(engine).respond(episode, rng) for engine, rng in zip(("compiled", "numpy"), rngs, strict=True)]
    accuracies = [accuracy(answer, episode) for answer in found]
    votes = [answer.counts["hidden"].sum(axis=-1).mean(axis=-1) for answer in found]
    if (accuracies[0] != accuracies[1]).any():  # alike in every trial is no distribution to test
        assert stats.ttest_rel(*accuracies).pvalue > 1e-3
    assert stats.ttest_ind(*votes).pvalue > 1e-3

"""Paths that are none, files that cannot be read, and what cannot be saved: one sentence, and nothing is lost."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV import LeastRecentlyUsed, Random, Rule, SpikingMemory, SpikingResponse, export, models, read_results
from bioKV.models.tvt import TrainedKey, load_key, save_key
from bioKV.protocols import autoassociative

MEMORIES = {
    "rate": lambda n=5: models.KeyValueMemory(6, n, 6), "learned": lambda n=5: models.LearnedMemory(6, n, 6),
    "bam": lambda n=5: models.BAM(6, n), "tvt": lambda n=5: models.TVT(6, n),
    "spiking": lambda n=5: SpikingMemory(6, n, 6, engine="numpy"),
}  # fmt: skip


@pytest.fixture(scope="module")
def answer():
    rng = np.random.default_rng(0)
    return SpikingMemory(6, 5, 6, engine="numpy").respond(autoassociative(rng, 1, 6), rng, record="hidden")


LOADS = {
    "rate": MEMORIES["rate"]().load, "rule": Rule.load, "response": SpikingResponse.load, "export": export.load,
    "key": load_key, "results": read_results,
}  # fmt: skip


@pytest.mark.parametrize("load", LOADS.values(), ids=LOADS)
@pytest.mark.parametrize("path", [3, None, b"a", "", "a\0b", "x" * 5000])
def test_what_is_no_path_is_refused(load, path):
    with pytest.raises(ValueError, match=r"must be a path, as text or pathlib\.Path; got"):
        load(path)


@pytest.mark.parametrize("load", LOADS.values(), ids=LOADS)
def test_a_file_that_is_not_there_or_a_folder_is_refused(load, tmp_path):
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(ValueError, match=str(tmp_path)):
            load(path)


@pytest.mark.parametrize("owner", MEMORIES)
def test_a_state_of_other_sizes_is_no_state_of_this_memory(owner, tmp_path):
    memory, other = MEMORIES[owner](), MEMORIES[owner](4).begin(1, np.random.default_rng(0))
    arrays = np.ones((1, 6)), np.ones((1, memory.value_dim)), np.ones(1)
    asked = (lambda: memory.step(other, *arrays), lambda: memory.weights(other),
             lambda: memory.save(tmp_path / "state.npz", other), lambda: setattr(memory, "state", other))  # fmt: skip
    for ask in asked:
        with pytest.raises(ValueError, match=r"state must be (what begin or step|of one trial)"):
            ask()
    assert not list(tmp_path.iterdir())


def test_a_state_of_another_third_factor_is_refused():
    random = models.KeyValueMemory(6, 5, 6, Random(0.1))
    state = models.KeyValueMemory(6, 5, 6, LeastRecentlyUsed()).begin(1, np.random.default_rng(0))
    with pytest.raises(ValueError, match="state must be what begin or step of this memory returned"):
        random.step(state, np.ones((1, 6)), np.ones((1, 6)), np.ones(1))


def test_a_file_that_cannot_be_written_again_stays_as_it_was(tmp_path):
    memory = MEMORIES["rate"]()
    memory.save(tmp_path / "state.npz")
    before = (tmp_path / "state.npz").read_bytes()
    memory._state = memory.state._replace(K=np.array([object()]))
    with pytest.raises(ValueError, match="state must be"):
        memory.save(tmp_path / "state.npz")
    Rule().save(tmp_path / "rule.json")
    with pytest.raises(ValueError, match="eta_k must be a finite number"):
        Rule(eta_k=float("nan")).save(tmp_path / "rule.json")
    assert Rule.load(tmp_path / "rule.json") == Rule()
    assert (tmp_path / "state.npz").read_bytes() == before
    with pytest.raises(ValueError, match="key must be a finite matrix"):
        save_key(tmp_path / "key.json", TrainedKey(np.ones((2, 3)), 1.0))
    memory.reset()
    with pytest.raises(ValueError, match=r"cannot write to .*below: "):
        memory.save(tmp_path / "state.npz" / "below")
    assert {path.name for path in tmp_path.iterdir()} == {"state.npz", "rule.json"}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"options": "abc"}, "options must be a dict of names and what they are; got 'abc'"),
        ({"options": {"a": [1, 2]}}, "options takes a value of a, or one for each of 1 trials"),
        ({"record": {"plan": 3}}, "plan of record must be a dict"),
        ({"third_factor": 3}, "third_factor takes its name; got 3"),
        ({"per_neuron": "yes"}, "per_neuron must be True or False; got 'yes'"),
    ],
)
def test_what_an_export_is_told_is_looked_at(answer, given, sentence, tmp_path):
    pytest.importorskip("nixio")
    with pytest.raises(ValueError, match=sentence):
        export.nix(answer, tmp_path / "a.nix", **given)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("weights", ["abc", {}, (np.ones((1, 5, 6)),), (np.ones((1, 4, 6)), np.ones((1, 6, 4)))])
def test_weights_of_other_trials_or_sizes_are_not_saved(answer, weights, tmp_path):
    with pytest.raises(ValueError, match="weights takes K and V of all 1 trials"):
        export.npz(answer, tmp_path / "a.npz", weights=weights)
    assert not list(tmp_path.iterdir())

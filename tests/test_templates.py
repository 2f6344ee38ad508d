"""Our C++ around the equations (templates/, fast_network.cpp) changes no bit of what a compiled network computes."""

import sys

import numpy as np
import pytest
from brian2 import ms

from bioKV import LeastRecentlyUsed, Parameters, Random, Sequential, SpikingMemory
from bioKV.engines import obtain
from bioKV.protocols import autoassociative, continual, flashbulb, sequence
from bioKV.rule import SIMPLE

pytestmark = pytest.mark.slow
D, N = 8, 5
IDEAL = Parameters()
IMPERFECT = IDEAL._replace(
    release_failure=0.2, weight_noise=0.1, weight_levels=8, input_irregularity=1.0, heterogeneity=0.1, dead_share=0.05,
    hidden_noise=0.5, output_noise=0.1,
)  # fmt: skip
SHARED = IDEAL._replace(neurons_per_slot=2, delay_spread=0.5, axon_delay=3 * ms, n_interneurons=7, dt=0.25 * ms)
NETWORKS = {
    "common": (autoassociative, {"n_pairs": 4}, {"third_factor": Random(0.3)}),
    "feedback": (sequence, {"n_patterns": 4}, {"third_factor": Sequential()}),
    "stability": (flashbulb, {"delay": 2, "n_steps": 14, "n_flashbulb": 1}, {"stability_threshold": 10}),
    "race": (continual, {"delay": 2, "n_steps": 14}, {"third_factor": LeastRecentlyUsed()}),
    "imperfect": (autoassociative, {"n_pairs": 4}, {"parameters": IMPERFECT}),
    "assembly, unequal delays": (autoassociative, {"n_pairs": 4}, {"parameters": SHARED}),
    "rule": (autoassociative, {"n_pairs": 4}, {"rule": SIMPLE._replace(axon=0.0)}),
}
# Brian2's own templates and loop over time. Both are compiled without vector instructions: whether g++ can use them
# hangs on how a loop is written, and exp rounds its last bit otherwise in them.
AS_BRIAN2_DOES = """
import bioKV.engines.compile
from brian2.codegen.templates import Templater
Templater.derive = lambda templater, *folder: templater
del bioKV.engines.compile.OURS["fast_network.cpp"]
bioKV.engines.compile.main()
"""


def answer(name, cache, monkeypatch):
    protocol, options, more = NETWORKS[name]
    cache.mkdir(mode=0o700)
    monkeypatch.setenv("BIOKV_CACHE", str(cache))
    monkeypatch.setenv("CXX", "g++ -fno-tree-vectorize")
    episode = protocol(np.random.default_rng(3), key_dim=D, **options)
    memory = SpikingMemory(D, N, D, engine="compiled", workers=1, **more)
    return memory.respond(episode, np.random.default_rng(5))


@pytest.mark.parametrize("name", NETWORKS)
def test_the_code_around_the_equations_changes_no_bit(name, tmp_path, monkeypatch):
    ours = answer(name, tmp_path / "ours", monkeypatch)
    run_child, built = obtain.run_child, []

    def built_as_brian2_does(command, *more, **how):
        if command[1:3] == ["-m", "bioKV.engines.compile"]:
            built.append(command)
            command = [sys.executable, "-c", AS_BRIAN2_DOES, *command[3:]]
        return run_child(command, *more, **how)

    monkeypatch.setattr(obtain, "run_child", built_as_brian2_does)
    theirs = answer(name, tmp_path / "theirs", monkeypatch)
    assert len(built) == 1
    ((program,),) = [list((tmp_path / "theirs").glob("*/synapses_classes.h"))]
    assert "CSpikeQueue" in program.read_text()  # Brian2's own
    assert "_last_run_time = elapsed_realtime" in (program.parent / "network.cpp").read_text()
    assert ours.counts["hidden"].any()
    for population, counts in ours.counts.items():
        np.testing.assert_array_equal(counts, theirs.counts[population], err_msg=population)
    assert ours.state.variables.keys() == theirs.state.variables.keys()
    for variable, one in ours.state.variables.items():
        np.testing.assert_array_equal(one, theirs.state.variables[variable], err_msg=variable)
    np.testing.assert_array_equal(ours.values, theirs.values)

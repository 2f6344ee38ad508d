"""The compiled engine: the same network, built once, run again with other arguments; and its cache."""

import json
import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from bioKV import Episode, Parameters, Random, Sequential, SpikingMemory
from bioKV.analysis.intervals import fraction_interval
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.engines import cache
from bioKV.engines.job import Job
from bioKV.protocols import autoassociative
from bioKV.units import ms

needs_compiler = pytest.mark.skipif(cache.compiler() is None, reason="no C++ compiler")
D = 16
SIZES = (D, D, D)


def memory(third_factor=None, **how):
    return SpikingMemory(D, D, D, third_factor or Sequential(), engine="compiled", **how)


def episodes(n, n_pairs=4, first=0):
    return Episode.stack(
        [autoassociative(np.random.default_rng(first + k), n_pairs=n_pairs, key_dim=D) for k in range(n)]
    )


def streams(n, first=0):
    return [np.random.default_rng([1, first + k]) for k in range(n)]


@pytest.fixture(scope="module")
def said():
    """Compile once for all tests of this file; what was said about it."""
    lines = []
    memory().respond(episodes(1), streams(1), say=lines.append)
    return lines


@needs_compiler
class TestCompiled:
    def test_a_compile_is_announced_once_and_reused(self, said):
        assert len(said) == 1
        assert said[0].startswith("compiling the network for d=16, N=16, m=16")
        again = []
        memory(Random(0.2)).respond(episodes(2, n_pairs=7), streams(2), say=again.append)
        assert again == []  # another third factor, length and number of trials is the same program

    def test_a_trial_is_the_same_in_any_company_and_with_any_number_of_workers(self, said):
        together = memory(workers=2).respond(episodes(3), streams(3))
        alone = memory(workers=1).respond(episodes(3).trials([2]), [streams(3)[2]])
        np.testing.assert_array_equal(together.values[2], alone.values[0])
        np.testing.assert_array_equal(together.counts["hidden"][2], alone.counts["hidden"][0])

    def test_ctrl_c_comes_out_of_respond_and_the_runs_of_another_thread_go_on(self, said):
        found, under_way = {}, threading.Event()

        def another():
            how = {"progress": lambda share: under_way.set()}
            found["values"] = memory(workers=1).respond(episodes(4), streams(4), **how).values

        def cut(share):
            assert under_way.wait(60)
            raise KeyboardInterrupt

        thread = threading.Thread(target=another)
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            memory(workers=2).respond(episodes(8), streams(8), progress=cut)
        thread.join()
        np.testing.assert_array_equal(found["values"], memory().respond(episodes(4), streams(4)).values)

    def test_scrambling_the_right_answers_of_all_recalls_changes_no_spike(self, said):
        one = episodes(1)
        values = one.values.copy()
        values[one.is_recall] *= -1
        scrambled = Episode(one.keys, values, one.gate, one.source)
        first, second = (memory().respond(e, streams(1)) for e in (one, scrambled))
        for population, counts in first.counts.items():
            np.testing.assert_array_equal(counts, second.counts[population])
        np.testing.assert_array_equal(first.values, second.values)

    def test_recalls_and_a_closed_gate_leave_all_weights_as_they_were(self, said):
        one = episodes(1)
        stored = Episode(*(a[:, :4] for a in (one.keys, one.values, one.gate, one.source)))
        short, long = (memory().respond(e, streams(1)).state.variables for e in (stored, one))
        np.testing.assert_array_equal(short["key.w"], long["key.w"])
        np.testing.assert_array_equal(short["value.w"], long["value.w"])
        closed = Episode(one.keys, one.values, np.zeros_like(one.gate), np.full_like(one.source, -1))
        after = memory(Random(0.5)).respond(closed, streams(1)).state.variables
        assert np.unique(after["key.w"]).tolist() == [0.5]
        assert np.unique(after["value.w"]).tolist() == [0.0]

    def test_parameters_are_run_arguments(self, said):
        lines = []
        silent = Parameters()._replace(output_weight=0.0)  # hidden spikes no longer reach the output
        response = memory(parameters=silent).respond(episodes(1), streams(1), say=lines.append)
        assert lines == []
        np.testing.assert_array_equal(response.values[:, 4:], 0.0)

    def test_plateaus_can_be_imposed(self, said):
        gamma = np.zeros((1, 8, D))
        gamma[0, :4, 3:7] = np.eye(4)
        response = memory().respond(episodes(1).with_third_factor(gamma), streams(1))
        np.testing.assert_array_equal(response.third_factor, gamma)

    @pytest.mark.slow  # spike by spike, without chance: test_both_engines.py
    def test_both_engines_agree_within_their_intervals(self, said):
        n = 20
        found = []
        for engine in ("compiled", "numpy"):
            response = SpikingMemory(*SIZES, Random(0.2), engine=engine).respond(episodes(n), streams(n))
            found.append(accuracy(response, episodes(n)))
        low, high = (fraction_interval(f) for f in found)
        assert abs(low.mean - high.mean) <= (low.high - low.low + high.high - high.low) / 2

    def test_a_damaged_program_is_not_run(self, said):
        structure = cache.Structure(memory().blueprint(), cache.LENGTHS[0])
        program = cache.find(structure)
        kept = (program.folder / "main").read_bytes()
        try:
            (program.folder / "main").write_bytes(kept[:1000])
            assert cache.find(structure) is None
        finally:
            (program.folder / "main").write_bytes(kept)
        assert cache.find(structure) is not None

    def test_a_later_process_needs_neither_brian2_nor_the_compiler(self, said):
        code = (
            "import sys, numpy as np\n"
            "from bioKV import SpikingMemory\n"
            "from bioKV.protocols import autoassociative\n"
            f"e = autoassociative(np.random.default_rng(0), n_pairs=2, key_dim={D})\n"
            f"SpikingMemory({D}, {D}, {D}, engine='compiled').respond(e, np.random.default_rng(0))\n"
            "assert 'brian2' not in sys.modules\n"
        )
        subprocess.run([sys.executable, "-c", code], check=True, cwd=cache.import_folder())

    def test_a_program_that_fails_says_so_and_gives_no_number(self, said, monkeypatch):
        monkeypatch.setattr(Job, "start", lambda job, trial: {"hidden.nonsense": 1.0})
        with pytest.raises(
            RuntimeError, match=r"the compiled network failed \(exit code 1\): Cannot set unknown variable"
        ):
            memory().respond(episodes(1), streams(1))

    def test_a_program_runs_a_trial_a_line_and_each_begins_anew(self, said, tmp_path):
        program = cache.find(cache.Structure(memory().blueprint(), cache.LENGTHS[0]))
        (tmp_path / "long").write_bytes(bytes(8 * (SIZES[0] * cache.LENGTHS[0] + 1)))
        (tmp_path / "some").write_bytes(np.ones(5 * SIZES[0]).tobytes())
        fine = f"keys={tmp_path / 'some'}\trun.t_stop=0.7"
        with subprocess.Popen(
            [program.folder / "main", "--results_dir", f"{tmp_path}/"], cwd=program.folder, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as process:  # fmt: skip
            results = []
            for line, code in ((fine, "0"), (f"keys={tmp_path / 'long'}", "1"), (fine, "0")):
                process.stdin.write(f"{line}\n")
                process.stdin.flush()
                assert process.stdout.readline() == f"{code}\n"
                results.append((tmp_path / "results").read_bytes())
            _, errors = process.communicate()
        assert process.returncode == 0
        assert errors == f"cannot read at most {SIZES[0] * cache.LENGTHS[0]} numbers from {tmp_path / 'long'}\n"
        assert results[0] == results[2]


@needs_compiler
def test_a_compiler_that_fails_leaves_no_entry_behind(tmp_path, monkeypatch):
    broken = tmp_path / "g++"
    broken.write_text(
        '#!/bin/sh\ncase "$1" in -dumpfullversion) echo 1;; *) echo "error: no room left" >&2; exit 1;; esac\n'
    )
    broken.chmod(0o755)
    monkeypatch.setenv("CXX", str(broken))
    monkeypatch.setenv("BIOKV_CACHE", str(tmp_path / "cache"))
    with pytest.raises(RuntimeError, match="compiling the network failed"):
        memory().respond(episodes(1), streams(1), say=lambda line: None)
    assert not [path for path in (tmp_path / "cache").iterdir() if path.is_dir()]


def test_a_cache_that_others_can_write_to_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("BIOKV_CACHE", str(tmp_path / "cache"))
    folder = cache.cache_folder()
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o770)
    with pytest.raises(ValueError, match=r"others may write to the cache folder .*chmod 700"):
        cache.cache_folder()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no user ids")
def test_a_cache_of_another_user_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("BIOKV_CACHE", str(tmp_path))
    owner = tmp_path.stat().st_uid
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    with pytest.raises(ValueError, match="belongs to another user"):
        cache.cache_folder()


def test_a_half_built_entry_does_not_count(tmp_path, monkeypatch):
    monkeypatch.setenv("BIOKV_CACHE", str(tmp_path / "cache"))
    structure = cache.Structure(SpikingMemory(*SIZES).blueprint(), cache.LENGTHS[0])
    folder = cache.entry(structure)
    folder.mkdir()
    (folder / "main").touch()
    assert cache.find(structure) is None
    (folder / "manifest.json").write_text("{")
    assert cache.find(structure) is None
    (folder / "manifest.json").write_text(json.dumps({"digest": "of something else"}))
    assert cache.find(structure) is None


def test_the_entry_depends_on_what_decides_the_program(tmp_path, monkeypatch):
    monkeypatch.setenv("BIOKV_CACHE", str(tmp_path / "cache"))
    base = cache.Structure(SpikingMemory(*SIZES).blueprint(), 512)
    slower, stable = Parameters()._replace(dt=1 * ms), {"stability_threshold": 10}
    others = [
        base._replace(network=SpikingMemory(D, D, D + 1).blueprint()),
        base._replace(network=SpikingMemory(*SIZES, parameters=slower).blueprint()),
        base._replace(network=SpikingMemory(*SIZES, **stable).blueprint()),
        base._replace(network=SpikingMemory(*SIZES).blueprint(feedback=True)),
        base._replace(n_windows=4096),
        base._replace(record=("hidden",)),
    ]
    assert len({cache.entry(structure) for structure in [base, *others]}) == 7
    numbers = Parameters()._replace(theta=2.0, tau_drive=30 * ms)
    same = [SpikingMemory(*SIZES, Random(0.2), parameters=numbers), SpikingMemory(*SIZES)]
    assert len({cache.entry(base._replace(network=memory.blueprint())) for memory in same}) == 1


def test_an_episode_longer_than_the_longest_program_is_refused():
    with pytest.raises(ValueError, match="has 32768 presentations; the compiled engine takes at most 32767"):
        cache.room_for(32769)

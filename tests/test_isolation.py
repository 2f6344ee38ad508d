"""Nothing of ours changes the caller's process, and nothing of the caller's changes our numbers."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import threading

import brian2
import numpy as np
import pytest

from bioKV import Episode, Parameters, SpikingMemory
from bioKV.engines import numpy as numpy_engine
from bioKV.engines.cache import import_folder
from bioKV.engines.isolation import OURS, our_preferences
from bioKV.protocols import autoassociative
from bioKV.units import ms

D, N = 8, 4
COARSE = {"parameters": Parameters(dt=1 * ms), "engine": "numpy"}  # half as many time steps; nothing here needs more
ODD = {
    "core.default_float_dtype": np.float32,
    "codegen.target": "cython",
    "codegen.loop_invariant_optimisations": False,
    "core.network.default_schedule": ["start", "groups", "synapses", "thresholds", "resets", "end"],
}


@pytest.fixture
def preferences():
    """Brian2's preferences, as they were again afterwards."""
    before = {name: brian2.prefs[name] for name in ODD}
    yield brian2.prefs
    for name, value in before.items():
        brian2.prefs[name] = value


def respond(n_trials=2):
    episode = Episode.stack([autoassociative(np.random.default_rng(k), 2, D) for k in range(n_trials)])
    memory = SpikingMemory(D, N, D, **COARSE)
    return memory.respond(episode, [np.random.default_rng(10 + k) for k in range(n_trials)])


def store_and_recall():
    memory = SpikingMemory(D, N, D, **COARSE, seed=1)
    key = np.tile([1.0, -1.0], D // 2)
    memory.store(key, key)
    return memory.recall(key)


def look():
    episode = autoassociative(np.random.default_rng(0), 2, D)
    run = SpikingMemory(D, N, D, **COARSE).network(episode, np.random.default_rng(1))
    run.run()
    return run.response().values


def refused():
    class Broken(BaseException):
        pass

    def progress(share):
        raise Broken

    episode = autoassociative(np.random.default_rng(0), 4, D)
    with pytest.raises(Broken):
        SpikingMemory(D, N, D, **COARSE).respond(episode, np.random.default_rng(1), progress=progress)


def answer():
    return respond().values


@functools.cache
def usual(work):
    """What a piece of work gives where nobody has set anything."""
    return work()


@pytest.mark.parametrize("work", [answer, store_and_recall, look, refused])
def test_the_callers_random_numbers_preferences_and_device_are_as_before_and_change_no_number(work, preferences):
    as_usual = None if work is refused else usual(work)
    device = brian2.get_device()
    for name, value in ODD.items():
        preferences[name] = value
    brian2.seed(5)
    expected = np.random.rand(3)  # noqa: NPY002
    brian2.seed(5)
    found = work()
    np.testing.assert_array_equal(np.random.rand(3), expected)  # noqa: NPY002
    assert {name: preferences[name] for name in ODD} == ODD
    assert brian2.get_device() is device
    np.testing.assert_array_equal(found, as_usual)


def test_no_preference_in_a_users_file_changes_a_number_of_a_child(tmp_path, monkeypatch):
    monkeypatch.setattr(numpy_engine, "BATCH", 1)
    before = respond(n_trials=1)  # one batch, in this process
    (tmp_path / ".brian").mkdir()
    (tmp_path / ".brian" / "user_preferences").write_text("core.default_float_dtype = float32\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    np.testing.assert_array_equal(respond(n_trials=2).values[:1], before.values)  # two, each in a child


def test_a_program_is_compiled_with_our_preferences(preferences):
    for name, value in ODD.items():
        preferences[name] = value
    before = our_preferences()
    assert set(before) >= set(ODD)
    for base, (names, _) in preferences.pref_register.items():
        for name, preference in names.items():
            assert preferences[f"{base}.{name}"] == OURS.get(f"{base}.{name}", preference.default)


FIRST = """
import signal, sys, threading
import numpy as np
from bioKV import SpikingMemory, protocols
episode = protocols.autoassociative(np.random.default_rng(0), n_pairs=1, key_dim=4)
def first():
    print(len(SpikingMemory(4, 1, 4, engine="numpy").respond(episode, np.random.default_rng(1)).values))
signal.signal(signal.SIGINT, signal.SIG_IGN)
one = threading.Thread(target=first)
if sys.argv[1] == "another thread":
    one.start()
    one.join()
else:
    first()
print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)
signal.signal(signal.SIGINT, signal.default_int_handler)
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
"""


@pytest.mark.parametrize("thread", ["the main thread", "another thread"])
def test_the_first_run_of_a_process_takes_no_signal_whatever_its_thread(thread):
    done = subprocess.run([sys.executable, "-c", FIRST, thread], cwd=import_folder(), capture_output=True, text=True)
    assert done.stdout.split() == ["2", "True", "True"], done.stderr


def test_two_threads_get_the_numbers_that_each_gets_alone():
    work, found = (answer, look), {}
    threads = [threading.Thread(target=lambda one=one: found.update({one: one()})) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in work:
        np.testing.assert_array_equal(found[one], usual(one))


CUT = """
import os, signal, sys
import numpy as np
from bioKV import SpikingMemory
from bioKV.protocols import autoassociative

def progress(share):
    os.kill(os.getpid(), signal.SIGINT)

episode = autoassociative(np.random.default_rng(0), 30, 8)
try:
    SpikingMemory(8, 4, 8, engine="numpy").respond(episode, np.random.default_rng(1), progress=progress)
except KeyboardInterrupt:
    print("interrupted")
else:
    print("a response")
"""


def test_ctrl_c_is_a_keyboard_interrupt_and_never_half_a_response():
    done = subprocess.run([sys.executable, "-c", CUT], capture_output=True, text=True, env=dict(os.environ))
    assert done.stdout.strip() == "interrupted", done.stderr


def test_a_run_that_was_stopped_is_no_response():
    episode = autoassociative(np.random.default_rng(0), 3, D)
    run = SpikingMemory(D, N, D, **COARSE).network(episode, np.random.default_rng(1))
    run.add(brian2.NetworkOperation(lambda t: brian2.stop() if t > 200 * brian2.ms else None, dt=10 * brian2.ms))
    with pytest.raises(RuntimeError, match=r"the network was stopped at .*, before its presentations were over"):
        run.run()
    with pytest.raises(ValueError, match="the run was cut, so there is no response"):
        run.response()

"""Ctrl-C, SIGTERM and a hang-up, at any moment of any command: one sentence and exit code 130, and no traceback."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import numpy as np
import pytest

from bioKV import Parameters, SpikingMemory
from bioKV.engines import cache
from bioKV.engines import numpy as numpy_engine
from bioKV.units import ms

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="not these signals")
# The `biokv` command in a process that sends itself a signal at a moment: when a function is called, or one imported.
COMMAND = """
import importlib, os, sys, time
number, moment, sys.argv = int(sys.argv[1]), sys.argv[2], ["biokv", *sys.argv[3:]]

class Loading:
    def find_spec(self, name, path=None, target=None):
        if name == moment:
            os.kill(os.getpid(), number)

class Dropped:
    def __del__(self):
        os.kill(os.getpid(), number)
        time.sleep(0.01)  # the exception is raised here, and Python has to drop it

class Text:
    def __str__(self):
        eval("os.kill(os.getpid(), number) or time.sleep(0.01)")

sys.meta_path.insert(0, Loading())
from bioKV.commands.cli import main
if ":" in moment:
    module, name, *how = moment.split(":")
    module = importlib.import_module(module)
    function = getattr(module, name)

    def called(*args, **kwargs):
        if how == ["dropped"]:
            Dropped()
            time.sleep(60)
        elif how == ["text"]:
            str(Text())
        elif how == ["twice"]:
            try:
                os.kill(os.getpid(), number)
                time.sleep(0.01)
            finally:
                os.kill(os.getpid(), number)
                time.sleep(0.01)
        elif how == ["another"]:
            try:
                os.kill(os.getpid(), number)
                time.sleep(0.01)
            except KeyboardInterrupt:
                raise ImportError("a module that was interrupted while it was loaded")
        else:
            os.kill(os.getpid(), number)
        return function(*args, **kwargs)

    setattr(module, name, called)
main()
"""
SMALL = ["autoassociative", "--key-dim", "8", "--n-pairs", "2"]
RUN = ["run", *SMALL, "--trials", "2"]
NUMPY = [*SMALL, "--engine", "numpy"]
HERE = "biokv: stopped"
KEPT = "biokv: stopped; the finished trials are in OUT/results.csv, and --resume goes on from there"
DRAWN = "biokv: stopped; all trials are in OUT/results.csv, and --resume draws the pictures"
MOMENTS = [
    (["doctor"], "numpy", "biokv: stopped before anything began", None),
    (["run"], "typer", "biokv: stopped before anything began", None),
    (["autoassociative", "--help"], "bioKV.studies.tasks:protocol_names", HERE, None),  # while words are read
    (RUN, "pandas", HERE, None),
    (RUN, "bioKV.studies.run:check_plan", HERE, None),
    (RUN, "bioKV.studies.run:check_plan:dropped", HERE, None),
    (RUN, "bioKV.studies.run:check_plan:text", HERE, None),
    (RUN, "bioKV.studies.run:check_plan:another", HERE, None),
    (RUN, "bioKV.studies.run:check_plan:twice", HERE, None),
    (RUN, "bioKV.studies.workers:answer", KEPT, "interrupted"),
    (RUN, "bioKV.studies.workers:answer:another", KEPT, "interrupted"),
    (RUN, "bioKV.studies.run:print_summary", DRAWN, "finished"),
    (RUN, "bioKV.studies.run:draw_accuracy", DRAWN, "finished"),
    (["compare", *NUMPY, "--trials", "2"], "bioKV.engines.numpy:run_batch", KEPT, "interrupted"),
    (["raster", *NUMPY], "bioKV.engines.numpy:run_batch", HERE, None),
    (["look", *NUMPY], "bioKV.studies.cell:draw_trial", HERE, None),
    (["figure", "2a", "--memory", "rate", "--trials", "2"], "bioKV.paper.figure:figure_table",
     "biokv: stopped; figure 2a is measured anew next time (--force)", "interrupted"),
    (["figure", "3c"], "bioKV.paper.learning_figures:history", "biokv: stopped; the rules that were learned are kept,"
     " and figure 3c goes on from there (--force)", "interrupted"),
    (["figure", "5c", "--memory", "bam"], "bioKV.paper.copy_paste:train_controller",
     "biokv: stopped; the controllers that are trained are in OUT/controllers, and --resume goes on", "interrupted"),
    (["figure", "all", "--memory", "bam", "--trials", "2"], "bioKV.paper.figure:run_child",
     "biokv: stopped; the figures that were finished are in OUT", None),
    (["learn", *SMALL], "bioKV.commands.training:fit", "biokv: stopped; what was learned is in OUT/checkpoint.npz, and"
     " --resume goes on from there", "interrupted"),
]  # fmt: skip

SLOW = ("typer", ":text", ":twice", ":print_summary", "run:check_plan", ":history", ":train_controller", ":run_child")


def command(number, moment, words, **how) -> subprocess.CompletedProcess:
    words = [sys.executable, "-c", COMMAND, str(int(number)), moment, *map(str, words)]
    return subprocess.run(words, cwd=cache.import_folder(), capture_output=True, text=True, **how)


@pytest.mark.parametrize(("number", "case"), [
    pytest.param([signal.SIGINT, signal.SIGTERM, signal.SIGHUP][i % 3], case, id=f"{case[0][0]}-{case[1]}",
                 marks=[pytest.mark.slow] * case[1].endswith(SLOW))
    for i, case in enumerate(MOMENTS)
])  # fmt: skip
def test_a_signal_ends_a_command_with_code_130_and_one_sentence(number, case, tmp_path):
    words, moment, sentence, state = case
    done = command(number, moment, [*words, *(["--out", tmp_path] if len(words) > 1 else [])],
                   preexec_fn=lambda: signal.signal(number, signal.SIG_DFL))  # nohup and & ignore some  # fmt: skip
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("biokv: ") == 1
    assert done.stderr.endswith(f"{sentence.replace('OUT', str(tmp_path))}\n")
    assert state is None or json.loads((tmp_path / "run.json").read_text())["state"] == state


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGHUP, marks=pytest.mark.slow)])
def test_a_signal_that_was_ignored_when_the_command_began_stays_ignored(number, tmp_path):
    done = command(number, "bioKV.studies.workers:answer", [*RUN, "--out", tmp_path],
                   preexec_fn=lambda: signal.signal(number, signal.SIG_IGN))  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "biokv: " not in done.stderr
    assert (tmp_path / "accuracy.png").exists()


def test_nothing_is_listened_to_in_a_program_that_imports_biokv():
    script = "import signal, bioKV, bioKV.commands.cli; print(*map(signal.getsignal, (2, 15, 1)))"
    before = "import signal; print(*map(signal.getsignal, (2, 15, 1)))"
    found = [subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, cwd=cache.import_folder())
             for text in (script, before)]  # fmt: skip
    assert found[0].stdout.partition(" at 0x")[0] == found[1].stdout.partition(" at 0x")[0] != ""


def test_a_store_that_is_cut_leaves_the_memory_as_it_was(monkeypatch):
    memory = SpikingMemory(8, 4, 8, parameters=Parameters(dt=1 * ms), seed=1)
    key = np.tile([1.0, -1.0], 4)
    memory.store(key, key)
    before = memory.state
    prepared = numpy_engine.PreparedRun

    class Cut(prepared):
        def recording(self):
            raise KeyboardInterrupt

    monkeypatch.setattr(numpy_engine, "PreparedRun", Cut)
    for cut in (lambda: memory.store(-key, key), lambda: memory.recall(key)):
        with pytest.raises(KeyboardInterrupt):
            cut()
        assert memory.state is before

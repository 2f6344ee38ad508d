"""The NumPy engine without what only POSIX systems have; Windows, as far as it can be tried elsewhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pandas as pd
import pytest
from command_line import biokv

from bioKV.engines import guard, toolchain
from bioKV.engines.cache import import_folder
from bioKV.engines.choose import choose_engine

# what every process of a test runs before anything else: Windows has none of these
WITHOUT = """
import os, signal, subprocess, sys, warnings
import filelock, platformdirs  # which have a side for Windows of their own, and here take that of POSIX
warnings.filterwarnings("ignore", "only soft file lock is available")
for name in ("resource", "fcntl", "pwd", "grp", "termios", "tty", "pty", "syslog"):
    sys.modules[name] = None
for name in ("fork", "forkpty", "killpg", "getpgid", "getpgrp", "setpgid", "setsid", "getuid", "geteuid", "getgid",
             "getegid", "getgroups", "sched_getaffinity", "sched_setaffinity", "nice", "sysconf",
             "chown", "mkfifo", "wait", "wait3", "wait4", "getloadavg", "posix_fallocate", "initgroups", "setuid"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGKILL", "SIGHUP", "SIGXFSZ", "SIGALRM", "SIGUSR1", "SIGUSR2", "SIGPIPE", "SIGCHLD", "SIGSTOP",
             "SIGCONT", "SIGTSTP", "SIGQUIT", "pthread_sigmask", "alarm", "setitimer", "sigwait", "siginterrupt"):
    if hasattr(signal, name):
        delattr(signal, name)
subprocess.Popen.kill = subprocess.Popen.terminate
start = subprocess.Popen.__init__

def popen(self, *args, start_new_session=False, **how):
    for name in ("preexec_fn", "pass_fds", "process_group", "user", "group", "umask"):
        assert not how.get(name), name  # Windows refuses these, and overlooks start_new_session
    start(self, *args, **how)

subprocess.Popen.__init__ = popen
"""
WORDS = ["run", "autoassociative", "--memory", "spiking", "--n-pairs", "1", "--key-dim", "6", "--trials", "21",
         "--set", "dt=1ms"]  # fmt: skip


@pytest.fixture
def without(tmp_path):
    """Runs Python, or a command of bioKV, without these names, in all processes but the guard."""
    (tmp_path / "sitecustomize.py").write_text(WITHOUT)
    paths = {"PYTHONPATH": os.pathsep.join((str(tmp_path), str(import_folder())))}

    def run(*words: str) -> subprocess.CompletedProcess:
        command = [sys.executable, *(words if words[0] == "-c" else ("-m", "bioKV", *words))]
        return subprocess.run(command, cwd=tmp_path, env=os.environ | paths, capture_output=True, text=True)

    return run


def test_a_run_with_children_gives_the_same_numbers(without, tmp_path):
    done = without(*WORDS, "--engine", "numpy", "--workers", "2", "--out", "out")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert biokv(*WORDS, "--engine", "numpy", "--out", tmp_path / "usual").exit_code == 0
    ours, usual = (pd.read_csv(tmp_path / name / "results.csv") for name in ("out", "usual"))
    pd.testing.assert_frame_equal(ours, usual)


def test_a_child_that_fails_ends_the_run_and_its_siblings(without):
    done = without(
        "-c",
        "from bioKV.engines.children import in_parallel, run_child\n"
        "import sys\n"
        "def one(i):\n"
        "    code, _ = run_child([sys.executable, '-c', 'import time; time.sleep(600 * %d)' % i])\n"
        "    if i == 0: raise ValueError('the first')\n"
        "in_parallel(one, 2, 2, print)",
    )
    assert done.stderr.endswith("ValueError: the first\n"), done.stderr


def test_doctor_and_the_packages_import_work(without):
    imports = "import bioKV.paper.figure, bioKV.learning.fit, bioKV.commands.cli; from bioKV import *"
    done = without("-c", f"{imports}; bioKV.commands.cli.app(['doctor'])")
    assert (done.returncode, done.stderr) == (0, "")
    assert "memories and their options" in done.stdout


def test_windows_itself_is_sent_to_numpy_and_to_wsl(tmp_path, monkeypatch):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(0o777)  # as all folders look there
    monkeypatch.setenv("BIOKV_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "platform", "win32")
    assert choose_engine("auto", 1000)[0] == "numpy"
    with pytest.raises(ValueError, match=r"^the compiled engine does not run on Windows itself; use it in WSL \(wsl"):
        choose_engine("compiled", 1)
    with pytest.raises(ValueError, match="in WSL"):
        toolchain.require_compiler()


def test_the_guard_ends_processes_where_there_are_no_groups(monkeypatch, tmp_path):
    killed = []
    monkeypatch.delattr(os, "killpg", raising=False)
    monkeypatch.setattr(os, "kill", lambda *how: killed.append(how))
    (tmp_path / "scratch").mkdir()
    guard.clean({"123456", str(tmp_path / "scratch")}, "no process has this mark")
    assert killed == [(123456, signal.SIGTERM)]
    assert not (tmp_path / "scratch").exists()

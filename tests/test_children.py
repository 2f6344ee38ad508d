"""Child processes of a job: they end with it and with this process, and know nothing of another job's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from place import until

from bioKV.engines import cache, children
from bioKV.engines.children import Children, Stopped, in_parallel, run_child, scratch_folder

IN_PROC = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")
SLEEP = [sys.executable, "-c", "import time; print(flush=True); time.sleep(600)"]


def with_argument(argument) -> list[int]:
    """The processes whose command line ends with it."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and process.name != str(os.getpid()):
            try:
                if (process / "cmdline").read_bytes().endswith(f"{argument}\0".encode()):
                    found.append(int(process.name))
            except OSError:  # it has ended
                continue
    return found


class Job(threading.Thread):
    """Two children that sleep, on a thread of its own; made when both have begun."""

    def __init__(self, monkeypatch):
        super().__init__()
        self.children, self.begun, self.problem = Children(), threading.Semaphore(0), None
        monkeypatch.setattr(children, "Children", lambda: self.children)
        self.start()
        for _ in range(2):
            assert self.begun.acquire(timeout=60)

    def run(self):
        try:
            in_parallel(lambda i: run_child(SLEEP, on_line=lambda line: self.begun.release()), 2, 2, print)
        except Stopped as problem:
            self.problem = problem


@IN_PROC
def test_a_failure_ends_the_children_of_its_own_job_alone(tmp_path):
    def failing(i):
        if i:
            until(lambda: with_argument(tmp_path))
            raise RuntimeError("out of luck")
        return run_child([*SLEEP, str(tmp_path)])

    def another(i):
        return run_child([*SLEEP, f"{tmp_path}/another"])

    ended = []
    thread = threading.Thread(target=lambda: in_parallel(another, 1, 1, lambda i, found: ended.append(found)))
    thread.start()
    (other,) = until(lambda: with_argument(f"{tmp_path}/another"))
    with pytest.raises(RuntimeError, match="out of luck"):
        in_parallel(failing, 2, 2, lambda i, found: None)
    assert not with_argument(tmp_path)
    assert with_argument(f"{tmp_path}/another") == [other]
    assert not ended
    os.kill(other, signal.SIGTERM)
    thread.join()
    assert ended == [(-signal.SIGTERM, "\nkilled by signal 15 (Terminated)")]


def test_two_jobs_are_stopped_one_by_one(monkeypatch):
    first, second = Job(monkeypatch), Job(monkeypatch)
    first.children.stop()
    first.join()
    assert isinstance(first.problem, Stopped)
    assert second.is_alive()
    assert second.problem is None
    second.children.stop()
    second.join()
    assert isinstance(second.problem, Stopped)


KILLED = """
import os, signal, sys
from bioKV.engines import children

tell = children._tell
def killed(guard, line):
    tell(guard, line) if "biokv" in line else os.kill(os.getpid(), signal.SIGKILL)

children._tell = killed
with children.scratch_folder() as folder:
    print(folder, flush=True)
    children.run_child([sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", sys.argv[1]])
"""


@IN_PROC
def test_a_child_that_its_killed_parent_had_no_time_to_tell_of_is_ended_even_if_it_is_stopped(tmp_path):
    words = [sys.executable, "-c", KILLED, str(tmp_path)]
    done = subprocess.run(words, cwd=cache.import_folder(), capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    until(lambda: not with_argument(tmp_path))
    until(lambda: not Path(done.stdout.strip()).exists())


def test_a_scratch_folder_is_private_and_gone_afterwards():
    with scratch_folder() as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "file").write_text("x")
    assert not folder.exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_process_that_is_forked_has_a_guard_of_its_own():
    with scratch_folder():
        mine = children._guard
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            try:
                os.write(writing, b"none" if children._guard is None else b"the same")
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
        assert os.read(reading, 10) == b"none"
        os.close(reading)
        os.close(writing)
        assert children._guard is mine

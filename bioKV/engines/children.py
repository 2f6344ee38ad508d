"""Child processes that do a run each: kept off the terminal's Ctrl-C, ended with their parent or its interest."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TypeVar

from .open_files import workers_by_files

Result = TypeVar("Result")
SHARED_MEMORY = Path("/dev/shm")
REFUSED = 3  # exit code of a child that cannot build its network, and says why
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_running: set[subprocess.Popen] = set()
_lock = threading.Lock()
_stopping = threading.Event()
_guard: subprocess.Popen | None = None
_guard_lock = threading.Lock()


class Stopped(Exception):
    """The run was given up because the whole job is being stopped."""


def run_child(command: Sequence[str], cwd: Path | None = None, on_line: Callable[[str], None] | None = None
              ) -> tuple[int, str]:  # fmt: skip
    """Run a command to its end; returns its exit code and what it printed to standard error, or which signal killed it.

    on_line : called with every line of its standard output. Raises Stopped if the job is being stopped.
    """
    with tempfile.TemporaryFile("w+") as errors:
        child = _start(
            command,
            cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if on_line else subprocess.DEVNULL,
            stderr=errors,
        )
        try:
            if on_line and child.stdout:
                for line in child.stdout:
                    on_line(line)
            code = child.wait()
        finally:
            if child.poll() is None:
                end(child)
                child.wait()
            _forget(child)
        if _stopping.is_set():
            raise Stopped
        if code < 0:
            end(child)  # what it had started itself
        return code, _printed(code, errors)


class Server:
    """A program that stays: for every line it is given it does a run, and then prints the run's exit code.

    One thread at a time. Closed by `close`, or by the end of this process.
    """

    def __init__(self, command: Sequence[str], cwd: Path):
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115  (closed by close)
        self._child = _start(command, cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors)

    def run(self, line: str) -> tuple[int, str]:
        """As run_child does: the exit code of a run, and what was printed to standard error since the program started,
        or which signal killed it. Raises Stopped if the job is being stopped."""
        assert self._child.stdin
        assert self._child.stdout
        with suppress(BrokenPipeError):
            self._child.stdin.write(f"{line}\n")
            self._child.stdin.flush()
        said = self._child.stdout.readline()
        try:
            code = int(said) if said else self._child.wait()
        except ValueError:  # no exit code: what a program says that cannot open a file, say
            end(self._child)
            return 1, said
        if _stopping.is_set():
            raise Stopped
        return code, _printed(code, self._errors)

    def close(self) -> None:
        """End the program, and the run it may have left behind when it was killed."""
        assert self._child.stdin
        assert self._child.stdout
        with suppress(BrokenPipeError):
            self._child.stdin.close()
        if self._child.wait():
            end(self._child)
        self._child.stdout.close()
        self._errors.close()
        _forget(self._child)


def _start(command: Sequence[str], cwd: Path | None, **streams) -> subprocess.Popen:
    """Start a child that `end` ends with all it starts, when the job is stopped or this process is killed.

    Raises Stopped if the job is being stopped.
    """
    with _lock:
        if _stopping.is_set():
            raise Stopped
        # a session of its own: Ctrl-C reaches the parent alone, which then ends the child
        child = subprocess.Popen(command, cwd=cwd, text=True, start_new_session=True, **streams)
        _running.add(child)
    _tell_guard(f"+{child.pid}")
    return child


def _forget(child: subprocess.Popen) -> None:
    """A child that is over needs no end any more."""
    with _lock:
        _running.discard(child)
    _tell_guard(f"-{child.pid}")


def _printed(code: int, errors: IO[str]) -> str:
    """What is in the file of a child's standard error, and which signal killed the child, if one did."""
    errors.seek(0)
    printed = errors.read()
    return printed if code >= 0 else f"{printed}\n{killed_by(-code)}"


def killed_by(number: int) -> str:
    """What to say of a child that a signal ended."""
    causes = {"SIGKILL": ", by someone or because memory ran out",
              "SIGXFSZ": ", because it may not write a file that large"}  # fmt: skip
    name = next((of.name for of in signal.Signals if of == number), "")
    return f"killed by signal {number} ({signal.strsignal(number)}){causes.get(name, '')}"


def _tell_guard(line: str) -> None:
    """Note with the guard what it must end or remove if this process is killed ("+..."), or need no more ("-...")."""
    global _guard
    with _guard_lock:
        if _guard is None:
            _guard = subprocess.Popen(
                [sys.executable, "-I", "-S", str(Path(__file__).with_name("guard.py"))],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # what kills this process's group leaves it alone
            )
        with suppress(OSError):  # without a guard a run goes on all the same
            os.write(_guard.stdin.fileno(), f"{line}\n".encode())  # type: ignore[union-attr]


def end(child: subprocess.Popen) -> None:
    """Kill a child and all that it started (a compiler, say): each leads a session of its own."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError, AttributeError):  # the last: Windows has no groups, and needs none
        child.kill()


def in_parallel(
    run: Callable[[int], Result], n_runs: int, workers: int, on_done: Callable[[int, Result], None]
) -> None:
    """run(0) ... run(n_runs - 1) on threads that each wait for a child; on_done sees every result as it comes.

    On Ctrl-C, or when a run fails, children are ended, the rest is given up and the exception goes on.
    Raises RuntimeError if too few files may be open at once.
    """
    _stopping.clear()
    pool = ThreadPoolExecutor(max_workers=workers_by_files(min(workers, n_runs)))
    try:
        futures = {pool.submit(run, i): i for i in range(n_runs)}  # the first runs while the others are handed in
        for future in as_completed(futures):
            on_done(futures[future], future.result())
    except BaseException:
        with _lock:
            _stopping.set()
            for child in _running:
                end(child)
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        _stopping.clear()


@contextmanager
def scratch_folder(n_bytes: int = 0) -> Iterator[Path]:
    """A private folder that is gone afterwards: in shared memory if n_bytes fit there, on disk if not."""
    roomy = (
        SHARED_MEMORY.is_dir()
        and os.access(SHARED_MEMORY, os.W_OK)
        and shutil.disk_usage(SHARED_MEMORY).free > 4 * n_bytes + 2**26
    )
    with tempfile.TemporaryDirectory(prefix="biokv-", dir=SHARED_MEMORY if roomy else None) as folder:
        _tell_guard(f"+{folder}")
        try:
            yield Path(folder)
        except OSError as problem:
            if problem.errno not in NO_ROOM:
                raise
            raise RuntimeError(f"cannot write to the scratch folder {folder}: {problem.strerror}") from None
        finally:
            _tell_guard(f"-{folder}")


def cores() -> int:
    """Processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

"""Child processes that do a run each: kept off the terminal's Ctrl-C, ended with their parent or its interest."""

from __future__ import annotations

import atexit
import errno
import os
import secrets
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
from typing import IO, Any, TypeVar

from .open_files import workers_by_files

Result = TypeVar("Result")
SHARED_MEMORY = Path("/dev/shm")
REFUSED = 3  # exit code of a child that cannot build its network, and says why
MARK = "BIOKV_STARTED_BY"  # environment variable: the marks of all processes that a process descends from
_mark = secrets.token_hex(8)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_guard: subprocess.Popen | None = None
_guard_lock = threading.Lock()
_this_thread = threading.local()  # .children : of the job that this thread works for


class Stopped(Exception):
    """The run was given up because the whole job is being stopped."""


class Children:
    """The child processes of one job, which end together; those of another job in this process go on."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen] = set()
        self._lock = threading.Lock()
        self._stopping = False

    def start(self, command: Sequence[str], cwd: Path | None, own: Path | None = None, **streams: Any
              ) -> subprocess.Popen:  # fmt: skip
        """Start a child that `end` ends with all it starts, when the job is stopped or this process is killed.

        own : where it puts its temporary files. Raises Stopped if the job is being stopped.
        """
        guard = _running_guard()
        with self._lock:
            self.check()
            # a session of its own: Ctrl-C reaches the parent alone, which then ends the child
            env = marked() | ({} if own is None else {"TMPDIR": str(own)})
            child = subprocess.Popen(command, cwd=cwd, text=True, start_new_session=True, env=env, **streams)
            self._running.add(child)
        _tell(guard, f"+{child.pid}")
        return child

    def forget(self, child: subprocess.Popen) -> None:
        """A child that is over needs no end any more."""
        with self._lock:
            self._running.discard(child)
        _tell(_running_guard(), f"-{child.pid}")

    def check(self) -> None:
        """Raise Stopped if the job is being stopped."""
        if self._stopping:
            raise Stopped

    def stop(self) -> None:
        """End them all; no other one is started."""
        with self._lock:
            self._stopping = True
            for child in self._running:
                end(child)


def _of_this_thread() -> Children:
    """Those of the job that this thread works for, as in_parallel has it do; outside of one, some of its own."""
    return getattr(_this_thread, "children", None) or Children()


def run_child(command: Sequence[str], cwd: Path | None = None, on_line: Callable[[str], None] | None = None,
              own: Path | None = None) -> tuple[int, str]:  # fmt: skip
    """Run a command to its end; returns its exit code and what it printed to standard error, or which signal killed it.

    on_line : called with every line of its standard output. own : a folder that is gone when the child is, for its
    temporary files: Brian2 writes a log there, and cannot remove it when it is killed.
    Raises Stopped if the job is being stopped.
    """
    if not hasattr(_this_thread, "children"):  # on a thread of its own: Ctrl-C comes to the main thread, at any moment
        found: list[tuple[int, str]] = []
        in_parallel(lambda i: run_child(command, cwd, on_line, own), 1, 1, lambda i, ended: found.append(ended))
        return found[0]
    children = _of_this_thread()
    with tempfile.TemporaryFile("w+") as errors:
        child = children.start(
            command,
            cwd,
            own,
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
            children.forget(child)
        children.check()
        if code < 0:
            end(child)  # what it had started itself
        return code, _printed(code, errors)


class Server:
    """A program that stays: for every line it is given it does a run, and then prints the run's exit code.

    Of the job whose thread makes it; one thread at a time. Closed by `close`, or by the end of this process.
    """

    def __init__(self, command: Sequence[str], cwd: Path):
        self._children = _of_this_thread()
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115  (closed by close)
        self._child = self._children.start(
            command, cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors
        )

    def run(self, line: str, on_line: Callable[[str], None] = lambda line: None) -> tuple[int, str]:
        """As run_child does: the exit code of a run, and what was printed to standard error since the program started,
        or which signal killed it. on_line : told the lines before it that begin with >, without that.
        Raises Stopped if the job is being stopped."""
        assert self._child.stdin
        assert self._child.stdout
        with suppress(BrokenPipeError):
            self._child.stdin.write(f"{line}\n")
            self._child.stdin.flush()
        while (said := self._child.stdout.readline()).startswith(">"):
            on_line(said[1:].rstrip("\n"))
        try:
            code = int(said) if said else self._child.wait()
        except ValueError:  # no exit code: what a program says that cannot open a file, say
            end(self._child)
            return 1, said
        self._children.check()
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
        self._children.forget(self._child)


def marked() -> dict[str, str]:
    """The environment of a child, by which the guard knows it even if this process is killed while it starts it."""
    return {**os.environ, MARK: f"{os.environ.get(MARK, '')} {_mark}"}


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


def _running_guard() -> subprocess.Popen:
    """The process that ends and removes what this one leaves behind if it is killed."""
    global _guard
    with _guard_lock:
        if _guard is None:
            _guard = subprocess.Popen(
                [sys.executable, "-I", "-S", str(Path(__file__).with_name("guard.py")), _mark],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # what kills this process's group leaves it alone
                # it outlives this process, and a guard of another that has started this one must not end it
                env={name: value for name, value in os.environ.items() if name != MARK},
            )
        return _guard


def _say_good_bye() -> None:
    """Have the guard look for nothing where this process ends as usual."""
    if _guard is not None:
        _tell(_guard, ".")


def _begin_anew() -> None:
    """In a process forked from this one: a guard and children of its own."""
    global _guard, _guard_lock, _mark
    if _guard is not None and _guard.stdin is not None:
        _guard.stdin.close()  # or the other process's guard would wait for the end of this one too
    _guard, _guard_lock, _mark = None, threading.Lock(), secrets.token_hex(8)


atexit.register(_say_good_bye)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


def _tell(guard: subprocess.Popen, line: str) -> None:
    """Note with the guard what is in use ("+...") or is no more ("-...")."""
    assert guard.stdin
    with suppress(OSError):  # without a guard a run goes on all the same
        os.write(guard.stdin.fileno(), f"{line}\n".encode())


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

    On Ctrl-C, or when a run fails, the children of these runs are ended, the rest is given up and the exception goes
    on. Calls on several threads know nothing of one another. Raises RuntimeError if too few files may be open at once.
    """
    children, pool = threads(min(workers, n_runs))
    try:
        futures = {pool.submit(run, i): i for i in range(n_runs)}  # the first runs while the others are handed in
        for future in as_completed(futures):
            on_done(futures.pop(future), future.result())  # results are large: none is kept here
    except BaseException:
        children.stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def threads(workers: int) -> tuple[Children, ThreadPoolExecutor]:
    """So many threads whose child processes are those of one job, which end together.

    Raises RuntimeError if too few files may be open at once.
    """
    children = Children()
    return children, ThreadPoolExecutor(workers_by_files(workers), initializer=setattr,
                                        initargs=(_this_thread, "children", children))  # fmt: skip


@contextmanager
def scratch_folder(n_bytes: int = 0) -> Iterator[Path]:
    """A private folder that is gone afterwards: in shared memory if n_bytes fit there, on disk if not."""
    roomy = (
        SHARED_MEMORY.is_dir()
        and os.access(SHARED_MEMORY, os.W_OK)
        and shutil.disk_usage(SHARED_MEMORY).free > 4 * n_bytes + 2**26
    )
    folder = (SHARED_MEMORY if roomy else Path(tempfile.gettempdir())) / f"biokv-{secrets.token_hex(8)}"
    with removed_if_killed(folder):  # before there is one: this process may be killed at any moment
        try:
            folder.mkdir(mode=0o700)
            yield folder
        except OSError as problem:
            if problem.errno not in NO_ROOM:
                raise
            raise RuntimeError(f"cannot write to the scratch folder {folder}: {problem.strerror}") from None
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def removed_if_killed(folder: Path) -> Iterator[None]:
    """Should this process be killed inside, the folder goes with it; who leaves in peace removes it oneself."""
    guard = _running_guard()
    _tell(guard, f"+{folder}")
    try:
        yield
    finally:
        _tell(guard, f"-{folder}")


def cores() -> int:
    """Processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

"""Waits until the process that started it is gone, ends what it left running and removes its scratch folders.

A script, run by its path so that it starts at once. Told on standard input, a line each: "+" and a process group or
a folder that is in use, "-" and the same when it is no more, "." at its usual end. Standard input ends with the one
that started it, however that one ended: even SIGKILL leaves nothing behind.

Its argument is the mark that all descendants of that process have in their environment. One that was killed while it
started a child did not tell of it; where there is /proc the child is found by its mark.
"""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress

LAST_LOOK_S = 1.0  # how long a child may need from fork to exec, before which it has no mark


def end_group(group: int) -> None:
    """Kill a process and all it started, or on Windows, where there are no groups, the process alone."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(group, signal.SIGKILL)
        else:
            os.kill(group, signal.SIGTERM)  # which there ends it at once


def descendants(mark: str) -> list[int]:
    """The processes with the mark in their environment, as far as /proc tells."""
    found = []
    for name in os.listdir("/proc") if os.path.isdir("/proc/self") else []:
        if name.isdigit():
            with suppress(OSError), open(f"/proc/{name}/environ", "rb") as environment:
                if mark.encode() in environment.read():
                    found.append(int(name))
    return found


def clean(left: set[str], mark: str) -> None:
    """Kill the process groups among `left` and all with the mark, and remove the folders."""
    for what in left:
        if what.isdigit():
            end_group(int(what))
    until = time.monotonic() + LAST_LOOK_S
    while time.monotonic() < until:
        for pid in descendants(mark):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        for folder in left:
            if os.path.exists(folder):
                shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.05)


def main() -> None:
    left: set[str] = set()
    for line in sys.stdin:
        if line == ".\n" and not left:
            return
        (left.add if line[0] == "+" else left.discard)(line[1:].rstrip("\n"))
    clean(left, sys.argv[1])


if __name__ == "__main__":
    main()

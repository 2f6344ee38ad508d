"""Waits until the process that started it is gone, ends what it left running and removes its scratch folders.

A script, run by its path so that it starts at once. Told on standard input, a line each: "+" and a process group or
a folder that is in use, "-" and the same when it is no more. Standard input ends with the one that started it, however
that one ended: even SIGKILL leaves nothing behind.
"""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress


def kill(number: int) -> None:
    """Kill a process and all it started, or on Windows, where there are no groups, the process alone."""
    if hasattr(os, "killpg"):
        os.killpg(number, signal.SIGKILL)
    else:
        os.kill(number, signal.SIGTERM)  # which there ends it at once


def clean(left: set[str]) -> None:
    """Kill the process groups among `left`, and remove the folders."""
    for what in left:
        if what.isdigit():
            with suppress(OSError):
                kill(int(what))
    for what in left:
        for _ in range(100):  # one that is being killed may still write
            if what.isdigit() or not os.path.exists(what):
                break
            shutil.rmtree(what, ignore_errors=True)
            time.sleep(0.02)


def main() -> None:
    left: set[str] = set()
    for line in sys.stdin:
        (left.add if line[0] == "+" else left.discard)(line[1:].rstrip("\n"))
    clean(left)


if __name__ == "__main__":
    main()

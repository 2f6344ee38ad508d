"""How far something is, and how long it still takes."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta


class Pace:
    """How far something is, and how long it still takes at the pace of the last three tenths.

    Parameters
    ----------
    total : float
        How much there is to do, in any unit.
    parts : int
        How often it is told: whenever another of so many parts is done.
    clock : callable
        Returns the time, in seconds.
    """

    def __init__(self, total: float, parts: int, clock: Callable[[], float] = time.monotonic):
        self.total, self.parts, self.clock = total, parts, clock
        self.begin, self.share = clock(), 0.0
        # of a resumed run much is done at once: the pace of its beginning is no guide
        self.past = deque([(self.begin, 0.0)], maxlen=3 * parts // 10 + 1)

    def told(self, done: float) -> str:
        """Say how far it is, if another part is done.

        Parameters
        ----------
        done : float
            How much of the total is done.

        Returns
        -------
        str
            The percentage and the times, or "" if no other part is done.
        """
        part = int(self.parts * done / self.total + 1e-9)
        if part <= int(self.parts * self.past[-1][1] + 1e-9):
            return ""
        now, share = self.clock(), min(done / self.total, 1.0)
        before, begun = self.past[0]
        self.past.append((now, share))
        self.share = share
        left = (now - before) / (share - begun) * (1 - share)
        when = f"elapsed {_clock_face(now - self.begin)}" + (f", left {_clock_face(left)}" if share < 1 else "")
        return f"{100 * part // self.parts} %, {when}"


def _clock_face(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))

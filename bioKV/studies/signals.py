"""Signals that end a run."""

from __future__ import annotations

import signal


class stop_on_terminate:
    """SIGTERM ends a run as Ctrl-C does. Raises ValueError outside the main thread."""

    def __enter__(self):
        self.before = signal.signal(signal.SIGTERM, signal.default_int_handler)

    def __exit__(self, *problem):
        signal.signal(signal.SIGTERM, self.before)

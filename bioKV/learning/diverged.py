"""Diverged: a training that reached a number that is not finite."""

from __future__ import annotations

from typing import Any


class Diverged(RuntimeError):
    """A training reached a number that is not finite.

    Parameters
    ----------
    message : str
        At which step, and what would do.
    last_good : Learned or TrainedController
        What the training had learned before that.
    """

    def __init__(self, message: str, last_good: Any):
        super().__init__(message)
        self.last_good = last_good

"""Job: all that an engine is asked to run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..network.blueprint import Blueprint
from ..network.design import start_of
from ..network.mechanism import Mechanism
from ..network.presentation import Presentation


class Job(NamedTuple):
    """A network, and what B trials of it are shown.

    network : with the values of its variables. mechanisms : those in it, which say what is random at the start.
    streams : one Generator per trial. record : populations whose single spikes come back. traces : those whose
    variables come back step by step, of a single trial.
    """

    network: Blueprint
    mechanisms: tuple[Mechanism, ...]
    presentation: Presentation
    streams: list[np.random.Generator]
    record: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()

    def start(self, trial: int) -> dict[str, np.ndarray]:
        """What a trial starts from, drawn from its stream."""
        return start_of(self.network, self.mechanisms, self.streams[trial])

"""The same trials in spikes and in rates, on the plateaus that happened in spikes: what several benchmarks print of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from bioKV import Episode, SpikingMemory
from bioKV.analysis.asked import unit_of
from bioKV.analysis.equivalence import equivalence
from bioKV.analysis.measures.accuracy import accuracy


def drawn(present: Callable[[np.random.Generator], Episode], seed: int, index: int, trials: int
          ) -> tuple[Episode, list[np.random.Generator]]:  # fmt: skip
    """So many trials, and a stream for what a memory draws in each. index : of the table's row, which has its own."""
    seeds = [np.random.SeedSequence(seed, spawn_key=(index, trial)).spawn(2) for trial in range(trials)]
    episode = Episode.stack([present(np.random.default_rng(one)) for one, _ in seeds])
    return episode, [np.random.default_rng(own) for _, own in seeds]


class Twins(NamedTuple):
    """Trials, and what both memories answered."""

    episode: Episode
    spiking: Any
    rate: Any

    def gap_of(self, response: Any) -> Any:
        """Its accuracy less that in rates, with the 95 % interval over trials."""
        ours, theirs = accuracy(response, self.episode), accuracy(self.rate, self.episode)
        return equivalence(ours, theirs, unit=unit_of(self.episode)).gap

    def votes(self) -> float:
        """Votes of a recall, on average."""
        return self.spiking.counts["votes"].sum(axis=-1)[self.episode.is_recall].mean()


def twins(memory: SpikingMemory, rate: Any, episode: Episode, streams: list[np.random.Generator]) -> Twins:
    """Both memories on these trials."""
    spiking = memory.respond(episode, streams)
    return Twins(episode, spiking, rate.respond(episode.with_third_factor(spiking.third_factor),
                                                np.random.default_rng(0)))  # fmt: skip

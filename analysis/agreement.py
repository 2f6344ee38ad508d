"""Whether the spiking network and its rate twin do the same: which recalls fail in both, up to where they are asked the
same, and which plateaus happen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..episode import Episode
from ..response import Response, SpikingResponse
from .asked import mean_where_asked
from .measures.whole_patterns import whole_patterns


def kappa(spiking: Response, rate: Response, episode: Episode) -> np.ndarray:
    """Cohen's kappa of both memories on which recalls are right as wholes, one number per trial.

    1: the same recalls fail in both; 0: no more of them than by chance; nan where all recalls are right in both, or all
    wrong, so that there is nothing to agree on.
    """
    one, other = (whole_patterns(response, episode) for response in (spiking, rate))
    return kappa_of(one, other, both_right(spiking, rate, episode))


def kappa_of(spiking: Any, rate: Any, both: Any) -> Any:
    """kappa from the shares of recalls that are right in one, in the other, and in both."""
    observed = 1 - spiking - rate + 2 * both
    expected = spiking * rate + (1 - spiking) * (1 - rate)
    room = 1 - np.asarray(expected)
    return np.where(room > 1e-12, (observed - expected) / np.where(room > 1e-12, room, 1), np.nan)[()]


def both_right(spiking: Response, rate: Response, episode: Episode) -> np.ndarray:
    """Fraction of recalls that are right as wholes in both, one number per trial."""
    right = [(response.values * episode.values > 0).all(axis=-1) for response in (spiking, rate)]
    return mean_where_asked(right[0] & right[1], episode.is_recall)


def before_parting(spiking: Response, rate: Response, episode: Episode) -> Episode:
    """The episode with only those recalls at which both memories were still asked the same.

    With feedback a key is the sign of the answer before it: once the two answers differ, so do all that follows.
    """
    differ = (np.sign(spiking.values) != np.sign(rate.values)).any(axis=-1)
    before = np.concatenate([np.zeros_like(differ[..., :1]), differ[..., :-1]], axis=-1)
    parted = np.logical_or.accumulate(episode.feedback & before, axis=-1)
    return replace(episode, source=np.where(parted, -1, episode.source))


def plateau_errors(response: SpikingResponse, expected: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Dendritic spikes that were missed, and ones too many, per presentation, one number per trial each.

    expected (..., T, N) : the plateaus that should happen, or None where chance decides (then only a second
    dendritic spike of the same neuron in one presentation is one too many, and nothing can be missed).
    """
    fired = response.counts["dendrite"]
    wanted = np.minimum(fired, 1) if expected is None else expected
    missed, extra = np.maximum(wanted - fired, 0), np.maximum(fired - wanted, 0)
    return missed.sum(axis=-1).mean(axis=-1), extra.sum(axis=-1).mean(axis=-1)

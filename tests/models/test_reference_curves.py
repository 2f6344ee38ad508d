"""Figure 2a of the paper: the rate memory against curves of an independent implementation, point by point."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bioKV import Episode, Random, Sequential
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.analysis.reference import reference_rows
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative
from bioKV.randomness import study_streams

AUTHORS_START = 1e-10  # an empty slot answers at random there, not 0, and the reference started the same way
SEED = 2021


def recalled(third_factor, n_pairs: int, n_trials: int) -> np.ndarray:
    """Accuracy of each trial at d = N = m = 40 and corruption 0.6."""
    streams = [study_streams(SEED, n_pairs, trial) for trial in range(n_trials)]
    episodes = [autoassociative(protocol, n_pairs=n_pairs, key_dim=40, corruption=0.6) for protocol, _ in streams]
    episode = Episode.stack(episodes)
    memory = KeyValueMemory(40, 40, 40, third_factor, initial_scale=AUTHORS_START)
    return accuracy(memory.respond(episode, [stream for _, stream in streams]), episode)


@pytest.mark.parametrize(("curve", "third_factor"), [("sequential", Sequential()), ("random", Random(0.1))])
def test_the_rate_memory_draws_figure_2a(curve, third_factor):
    """Chi-square of the differences over their standard errors (ours and the reference's), summed over the curve."""
    rows = reference_rows("2a", curve)
    rows = rows[rows["x"].isin([1, 5, 10, 20, 40, 60, 100, 180])]
    assert len(rows) == 8
    chi_square, n_points = 0.0, 0
    for row in rows.itertuples():
        ours = recalled(third_factor, int(row.x), 250)
        half_width = (row.ci95_high - row.ci95_low) / 2
        error = np.hypot(half_width / stats.t.ppf(0.975, row.n_trials - 1), stats.sem(ours))
        if error == 0:
            assert ours.mean() == row.mean, f"T = {row.x}"
            continue
        chi_square += ((ours.mean() - row.mean) / error) ** 2
        n_points += 1
    assert stats.chi2.sf(chi_square, n_points) > 0.001

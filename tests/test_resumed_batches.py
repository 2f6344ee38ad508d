"""What of a run that was cut counts as finished."""

from __future__ import annotations

import pytest

from bioKV.engines.numpy import BATCH
from bioKV.studies.plan import Plan
from bioKV.studies.results import finished_trials
from bioKV.studies.study import COLUMNS

N_TRIALS = BATCH + 5


@pytest.mark.parametrize(("engine", "finished"), [("numpy", BATCH), ("compiled", N_TRIALS - 1)])
def test_a_batch_that_is_not_whole_is_done_anew(engine, finished):
    """Trials of a batch share one stream of noise; a compiled trial is by itself. The last trial is missing."""
    plan = Plan("autoassociative", ("spiking",), options={"n_pairs": 2}, trials=N_TRIALS, engine=engine)
    said = {"x": "2", "memory": "spiking", "third_factor": "sequential", "engine": engine}
    rows = [
        [str({**said, "trial": trial, "quantity": quantity}.get(column, "")) for column in COLUMNS]
        for trial in range(N_TRIALS - 1) for quantity in ("accuracy", "undecided")
    ]  # fmt: skip
    done, kept = finished_trials(rows, plan)
    assert done == {("spiking", "sequential", 0, trial) for trial in range(finished)}
    assert kept == rows[: 2 * finished]

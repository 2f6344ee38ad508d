"""Every curve of the paper's figures 2a, 4a, 4b, 4c, 5a and 5b against the reference rows in tests/reference."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bioKV import Episode
from bioKV.analysis.accuracy import accuracy
from bioKV.analysis.curve_agreement import agreement, standard_error
from bioKV.models import BAM, Hopfield, KeyValueMemory, Random, Sequential
from bioKV.protocols import autoassociative, continual, correlated, flashbulb, heteroassociative, sequence

REFERENCE = Path(__file__).parent / "reference"
N_CURVES = 27  # for Bonferroni: all the curves tested here
START = {"initial_scale": 1e-10}  # the authors' start in figs. 2 and 4; in fig. 5 they start at 0
THIRD_FACTORS = {"sequential": Sequential(), "random": Random(0.1)}


def key_value(model, value_dim=40, **options):
    return KeyValueMemory(40, 40, value_dim, THIRD_FACTORS[model], **options)


def measured(memory, protocol, n_trials, seed, subsets=(None,)):
    """Accuracy of n_trials, one array for each subset; in batches, for the memory's sake."""
    parts = []
    for start in range(0, n_trials, 100):
        trials = range(start, min(start + 100, n_trials))
        episode = Episode.stack([protocol(np.random.default_rng([seed, k])) for k in trials])
        response = memory.respond(episode, np.random.default_rng([seed, start, 1]))
        parts.append([accuracy(response, episode, subset) for subset in subsets])
    return np.concatenate(parts, axis=1)


def assert_agrees(rows, trials, recalls):
    """rows: the reference; trials: accuracies, an array for each row; recalls: about how many a trial, per row.

    A standard error is taken no smaller than half a pattern wrong in all that was asked: where errors are that rare,
    their number is a small Poisson number and its measured spread says little.
    """
    recalls = np.broadcast_to(recalls, len(rows))
    n = np.array([len(t) for t in trials])
    mean = np.array([t.mean() for t in trials])
    error = np.maximum([t.std(ddof=1) / np.sqrt(len(t)) for t in trials], 0.5 / (n * recalls))
    theirs = standard_error(rows["mean"], rows["ci95_high"], rows["n_trials"])
    theirs = np.maximum(theirs, 0.5 / (rows["n_trials"] * recalls))
    result = agreement(mean, error, rows["mean"], theirs)
    print(result)
    table = pd.DataFrame({"x": rows["x"], "ours": mean, "reference": rows["mean"],
                          "z": (mean - rows["mean"]) / np.hypot(error, theirs)})  # fmt: skip
    far = np.abs(mean - rows["mean"]) > 0.01 + 1.96 * np.hypot(error, theirs)
    assert not far.any(), f"\n{table}"
    assert result.p > 0.001 / N_CURVES, f"{result}\n{table}"


def rows_of(figure, **where):
    rows = pd.read_csv(REFERENCE / f"figure_{figure}.csv")
    for column, value in where.items():
        rows = rows[rows[column] == value]
    return rows.reset_index(drop=True)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["sequential", "random", "hopfield"])
def test_autoassociative_recall_has_the_accuracy_of_figure_2a(model):
    memory = Hopfield(40) if model == "hopfield" else key_value(model, **START)
    rows = rows_of("2a", model=model)
    trials = [measured(memory, lambda rng, T=T: autoassociative(rng, T), 500, [21, T])[0] for T in rows["x"]]
    assert_agrees(rows, trials, rows["x"])


@pytest.mark.slow
@pytest.mark.parametrize("model", ["sequential", "random", "hopfield"])
def test_continual_recall_has_the_accuracy_of_figure_4a(model):
    memory = Hopfield(40, decay=0.95) if model == "hopfield" else key_value(model, **START)
    rows = rows_of("4a", model=model)
    trials = [measured(memory, lambda rng, R=R: continual(rng, R), 36, [41, R])[0] for R in rows["x"]]
    assert_agrees(rows, trials, 500)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["sequential", "random"])
def test_flashbulb_memories_are_kept_and_ordinary_ones_decay_as_in_figure_4b(model):
    threshold = 10 if model == "sequential" else (5, 10)
    memory = key_value(model, stability_threshold=threshold, **START)
    regular, special = (rows_of("4b", model=model, subset=s) for s in ("regular", "flashbulb"))
    both = [measured(memory, lambda rng, R=R: flashbulb(rng, R), 150, [42, R], ("regular", "flashbulb"))
            for R in regular["x"]]  # fmt: skip
    assert_agrees(regular, [t[0] for t in both], 500)
    assert_agrees(special, [t[1] for t in both], 5)


@pytest.mark.slow
@pytest.mark.parametrize("strength", [10.0, 50.0, 1e3, 1e6])
def test_a_hopfield_network_trades_flashbulbs_for_ordinary_memories_as_in_figure_4b(strength):
    memory = Hopfield(40, n_steps=3, decay=0.95, learning_rate=0.5 / 40)
    regular, special = (rows_of("4b", model="hopfield", subset=s, strength=strength) for s in ("regular", "flashbulb"))
    both = [measured(memory, lambda rng, R=R: flashbulb(rng, R, strength=strength), 100, [43, R, int(strength)],
                     ("regular", "flashbulb")) for R in regular["x"]]  # fmt: skip
    assert_agrees(regular, [t[0] for t in both], 500)
    assert_agrees(special, [t[1] for t in both], 5)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["sequential", "random", "hopfield"])
def test_correlated_patterns_are_recalled_as_in_figure_4c(model):
    memory = Hopfield(40) if model == "hopfield" else key_value(model, **START)
    rows = rows_of("4c", model=model)
    trials = [measured(memory, lambda rng, T=T: correlated(rng, T, 0.6), 300, [44, T])[0] for T in rows["x"]]
    assert_agrees(rows, trials, rows["x"])


@pytest.mark.slow
@pytest.mark.parametrize("model", ["sequential", "random", "bam"])
def test_heteroassociative_recall_has_the_accuracy_of_figure_5a(model):
    memory = BAM(40, 20) if model == "bam" else key_value(model, value_dim=20)
    rows = rows_of("5a", model=model)
    trials = [measured(memory, lambda rng, T=T: heteroassociative(rng, T), 500, [51, T])[0] for T in rows["x"]]
    assert_agrees(rows, trials, rows["x"])


@pytest.mark.slow
@pytest.mark.parametrize("model", ["sequential", "random", "bam"])
def test_sequences_are_replayed_as_in_figure_5b(model):
    memory = BAM(40, 40) if model == "bam" else key_value(model)
    rows = rows_of("5b", model=model)
    trials = [measured(memory, lambda rng, n=n: sequence(rng, n, prompt="stored"), 2000, [52, n])[0] for n in rows["x"]]
    assert_agrees(rows, trials, rows["x"] / 2)

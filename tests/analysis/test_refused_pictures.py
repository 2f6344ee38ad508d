"""What no picture can be drawn of, or on, is refused in one sentence, and no figure is left open."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from bioKV import SpikeTrain, SpikingMemory
from bioKV.analysis import agreement, capacity, chance, curve_agreement, firing, measures, tables, traces
from bioKV.analysis.activity import spikes_per_recall
from bioKV.analysis.curves import plot_accuracy
from bioKV.analysis.learning_curves import plot_term, plot_training
from bioKV.analysis.matrices import Weights, plot_weights, weights_after
from bioKV.analysis.psth import plot_psth
from bioKV.analysis.raster import NEEDED, plot_raster
from bioKV.analysis.raster_caption import raster_caption
from bioKV.analysis.style import Style, write_figure
from bioKV.analysis.task import plot_task
from bioKV.analysis.ticks import plot_spikes
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative

AT = {"protocol": "autoassociative", "memory": "rate", "third_factor": "sequential", "engine": "", "part": 0}
TABLE = pd.DataFrame({"n_pairs": [5, 10], "trial": [0, 0], "value": [1.0, 0.9]}).assign(
    **AT, subset="all", quantity="accuracy")  # fmt: skip
HISTORY = pd.DataFrame({"step": [0], "loss": [1.0]})
SPIKES = SpikeTrain(np.array([1.0]), np.array([0]), np.array([0]), 2)
PAIR = (Weights(np.ones((5, 6)), np.ones((6, 5))),) * 2


@pytest.fixture(scope="module")
def shown():
    episode = autoassociative(np.random.default_rng(0), 2, 6)
    memory = SpikingMemory(6, 5, 6, engine="numpy")
    return memory.respond(episode, np.random.default_rng(1), NEEDED, ("hidden", "output")), episode


@pytest.mark.parametrize(
    ("draw", "sentence"),
    [
        (lambda r, e: plot_accuracy("runs/a"), "table must be a DataFrame, such as .*; got 'runs/a'"),
        (lambda r, e: plot_accuracy(TABLE.drop(columns="memory")), "table lacks the column memory"),
        (lambda r, e: plot_accuracy(TABLE, plt), "ax must be Axes of matplotlib, as .*; got <module"),
        (lambda r, e: plot_accuracy(TABLE, legend="no"), "legend must be True or False; got 'no'"),
        (lambda r, e: plot_accuracy(TABLE, layout="x"), "layout must be a Layout, as layout_of gives"),
        (lambda r, e: plot_training([HISTORY], "los"), "column must be 'loss' or 'accuracy'; got 'los'"),
        (lambda r, e: plot_training([HISTORY], "accuracy"), "a history lacks the column accuracy"),
        (lambda r, e: plot_training([HISTORY], "loss", colour="blak"), "colour must be one that matplotlib knows"),
        (lambda r, e: plot_term([HISTORY], "eta"), "term must be 'fk' or 'gk' or .*; got 'eta'"),
        (lambda r, e: plot_weights(PAIR[:1], PAIR), "spiking must be two Weights, before and after"),
        (lambda r, e: plot_weights(PAIR, PAIR, [9]), "neurons of slots lie in 0 to 4; got 9"),
        (lambda r, e: plot_spikes("abc"), "spikes must be a SpikeTrain, as response.spikes holds them; got 'abc'"),
        (lambda r, e: plot_spikes(SPIKES, width=-1), "width must be a finite number of 0 or more; got -1"),
        (lambda r, e: plot_raster(r, e, votes_ms=(105, 60)), "votes_ms is a start and an end in milliseconds, in this"),
        (lambda r, e: plot_raster(r, e, plateau_ms=-1), "plateau_ms must be a finite number of 0 or more; got -1"),
        (lambda r, e: plot_raster(r, e, figure="abc"), "figure must be a Figure of matplotlib, as .*; got 'abc'"),
        (lambda r, e: plot_psth(r, e, bin_ms=-1), "bin_ms is a time above 0"),
        (lambda r, e: plot_task(e, axes=plt), "a picture of a task takes 4 axes .*; got <module"),
        (lambda r, e: traces.plot_traces(r, e, pair=(0, 99)), "pair must be two steps in 0 to 3"),
        (lambda r, e: traces.plot_traces(r, e, entry=0.5), "entry must lie in 0 to 5; got 0.5"),
        (lambda r, e: raster_caption(r, e, 9), "trial must lie in 0 to 0, of 1 trials; got 9"),
        (lambda r, e: raster_caption(r, e, populations=["wings"]), "populations must be 'input' or .*; got 'wings'"),
        (lambda r, e: raster_caption(r, e, time_ms=(0, 1e9)), "the time of a raster must lie in 0 ms to 600 ms"),
    ],
)  # fmt: skip
def test_a_picture_is_refused_in_one_sentence_before_a_figure_is_made(shown, draw, sentence):
    plt.close("all")
    with pytest.raises(ValueError, match=sentence):
        draw(*shown)
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda r, e: tables.summary(TABLE, "acuracy"), "the table has no quantity 'acuracy'; did you mean accuracy"),
        (lambda r, e: tables.gaps(TABLE, {"accuracy": -1}), "the margin of accuracy must be a finite number above 0"),
        (lambda r, e: measures.measure("acuracy"), "there is no measure 'acuracy'; did you mean accuracy"),
        (lambda r, e: firing.measure("vc"), "there is no measure 'vc'"),
        (lambda r, e: firing.measure("cv")(r), "a measure of firing takes what .* gives; got <Spik"),
        (lambda r, e: spikes_per_recall(r, "yes"), "feedback must be True or False; got 'yes'"),
        (lambda r, e: agreement.both_right(r, "abc", e), "agreement takes what a memory's respond returned; got 'abc'"),
        (lambda r, e: agreement.plateau_errors(r, np.ones(3)), "expected must have the shape of the plateaus"),
        (lambda r, e: chance.constant_guess(r), "a guess takes an Episode"),
        (lambda r, e: r.spikes["hidden"].between(0, "end"), "stop_ms must be a time in milliseconds; got 'end'"),
        (lambda r, e: weights_after(KeyValueMemory(6, 5, 6), e, 1, np.random.default_rng(0), birds=1),
         "memory.respond cannot be called so: .*birds"),
        (lambda r, e: capacity.accuracy_of(KeyValueMemory(6, 5, 6), autoassociative, np.random.default_rng(0), birds=1),
         "protocol cannot be called so: .*birds"),
        (lambda r, e: capacity.searched_capacity(lambda n: "high"), "accuracy must give a number for 2 pairs; got"),
        (lambda r, e: capacity.capacity_slope([1, 2, np.nan], [1, 2, 3]), "sizes and capacities must be finite"),
        (lambda r, e: curve_agreement.agreement([np.nan], [0.1], [0.5], [0.1]), "means must be finite numbers"),
        (lambda r, e: curve_agreement.standard_error([0.5], [0.6], [1]), "takes means of two values or more"),
        (lambda r, e: Style(width_mm="wide").check(), "the width of a picture in style print must lie .*; got 'wide'"),
        (lambda r, e: write_figure("abc", "stem"), "figure must be a Figure of matplotlib"),
    ],
)  # fmt: skip
def test_what_is_counted_is_looked_at(shown, ask, sentence):
    with pytest.raises(ValueError, match=sentence):
        ask(*shown)


def test_axes_may_come_as_a_list_of_rows(shown):
    _, axes = plt.subplots(6, 2)
    assert traces.plot_traces(*shown, axes=axes.tolist()).shape == (6, 2)
    plt.close("all")

"""Malformed calls about pictures and what they show, for `benchmarks.bad_input`: `bioKV.analysis` but for measures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from benchmarks.nonsense import (
    ANSWER,
    EPISODE,
    INF,
    NAN,
    NO_SWITCH,
    NONSENSE,
    OTHER_EPISODES,
    RATE,
    SPIKING,
    TWIN,
    Call,
    D,
    M,
    N,
    of_each,
    rng,
    varied,
    without,
)  # fmt: skip
from bioKV import protocols
from bioKV.analysis import (
    curves,
    firing_figure,
    firing_table,
    gap_curves,
    layout,
    learning_curves,
    matrices,
    panels,
    psth,
    raster,
    raster_caption,
    recall_marks,
    shares,
    style,
    tables,
    task,
    ticks,
    traces,
    verdict,
)  # fmt: skip

mpl.use("agg")
AX = plt.figure().subplots()
TRACED = SPIKING.respond(EPISODE, rng(), record=(*raster.NEEDED,), traces=("hidden", "output"))
AT = {"protocol": "autoassociative", "memory": "rate", "third_factor": "sequential", "engine": "", "part": 0}
TABLE = pd.DataFrame({"n_pairs": [5, 5, 10, 10], "trial": [0, 1, 0, 1], "value": [1.0, 1.0, 0.9, 0.8]}).assign(
    **AT, subset="all", quantity="accuracy")  # fmt: skip
BOTH = pd.concat([TABLE, TABLE.assign(memory="spiking")])
NO_TABLE = {**NONSENSE, "without columns": pd.DataFrame(), "of something else": pd.DataFrame({"a": [1]}),
            "an array": np.ones((3, 3))}  # fmt: skip
NO_AXES = {**without(NONSENSE, "nothing"), "the module": plt, "a figure": AX.figure, "a list of axes": [AX]}
NO_AXIS_ARRAY = {**without(NONSENSE, "nothing"), "one": AX, "too few": [AX], "none": []}
ANSWERS = {**NONSENSE, "a rate memory's": RATE, "to another episode": SPIKING.respond(
    protocols.autoassociative(rng(), 2, D), rng(), record=("hidden", "output"))}  # fmt: skip


def of_tables() -> Iterator[Call]:
    for function in (tables.summary, tables.gaps, tables.chance, tables.misleading, tables.beside_bits, tables.fitted_b,
                     firing_table.firing_table):  # fmt: skip
        yield from varied(function.__name__, function, {}, "table", NO_TABLE)
    for function in (tables.varying, layout.layout_of):  # which take any table
        yield from varied(function.__name__, function, {}, "table", {**NONSENSE, "an array": np.ones((3, 3))})
    yield from varied("summary", tables.summary, {"table": TABLE}, "quantity", NONSENSE)
    yield from varied("gaps", tables.gaps, {"table": BOTH}, "margins",
                      {**without(NONSENSE, "nothing", "a dictionary"), "words": {"accuracy": "abc"}})  # fmt: skip
    yield from varied("verdict", verdict.verdict, {}, "paired", {**NO_TABLE, "a study's": TABLE})
    yield from varied("layout_of", layout.layout_of, {"table": TABLE}, "axes",
                      {**without(NONSENSE, "nothing", "a dictionary"), "unknown": {"x": "birds"}, "3": {"x": 3}})
    drawn = {"ax": NO_AXES, "layout": without(NONSENSE, "nothing"), "legend": NO_SWITCH,
             "axis": without(NONSENSE, "nothing")}  # fmt: skip
    yield from of_each("plot_accuracy", curves.plot_accuracy, {"table": TABLE, "ax": AX}, {"table": NO_TABLE, **drawn})
    yield from of_each("plot_measure", curves.plot_measure, {"table": TABLE, "quantity": "accuracy", "ax": AX},
                       {"table": NO_TABLE, "quantity": NONSENSE, **drawn})  # fmt: skip
    yield from of_each("plot_gap", gap_curves.plot_gap, {"paired": tables.gaps(BOTH), "ax": AX},
                       {"paired": {**NO_TABLE, "a study's": TABLE}, **without(drawn, "axis")})  # fmt: skip
    history = pd.DataFrame({"step": [0, 1], "loss": [1.0, 0.5], "accuracy": [0.5, 0.6], "eta_k": [1.0, 0.9]})
    yield from of_each("plot_training", learning_curves.plot_training,
                       {"histories": [history], "column": "loss", "ax": AX},
                       {"histories": {**NONSENSE, "of none": [], "of words": ["abc"]}, "column": NONSENSE,
                        "ax": NO_AXES, "colour": NONSENSE})  # fmt: skip
    yield from of_each("plot_term", learning_curves.plot_term, {"histories": [history], "term": "eta", "ax": AX},
                       {"histories": {**NONSENSE, "of none": [], "of words": ["abc"]}, "term": NONSENSE, "ax": NO_AXES})
    figure = pd.DataFrame({"model": ["rate"], "x": [5], "mean": [0.9], "ci95_low": [0.8], "ci95_high": [1.0], "n": [5]})
    yield from of_each("plot_panel", panels.plot_panel,
                       {"table": figure, "looks": {"rate": panels.Look("rate", "black")}, "ax": AX},
                       {"table": NO_TABLE, "looks": {**NONSENSE, "none": {"rate": "black"}}, "ax": NO_AXES,
                        "authors": without(NO_TABLE, "nothing"), "slopes": without(NO_TABLE, "nothing")})  # fmt: skip


def of_a_trial() -> Iterator[Call]:
    shown = {"response": TRACED, "episode": EPISODE}
    usual = {"response": ANSWERS, "episode": OTHER_EPISODES}
    trial = {"trial": {**NONSENSE, "9": 9, "-1": -1, "2.5": 2.5}}
    drawn = {"axes": NO_AXIS_ARRAY, "figure": {**without(NONSENSE, "nothing"), "axes": AX}, "populations": NONSENSE}
    times = {**without(NONSENSE, "nothing"), "backwards": (5, 1), "NaN": (NAN, 1), "infinite": (0, INF)}
    yield from of_each("plot_raster", raster.plot_raster, shown, {
        **usual, **trial, **drawn, "order": NONSENSE, "time_ms": times,
        "neurons": {**without(NONSENSE, "nothing", "a dictionary"), "far": {"hidden": [999]}, "birds": {"birds": [1]}},
        "plateau_ms": {**NONSENSE, "NaN": NAN, "-1": -1}, "votes_ms": {**times, "nothing": None},
    })  # fmt: skip
    yield from of_each("raster_caption", raster_caption.raster_caption, shown, {
        **usual, **trial, "populations": NONSENSE, "time_ms": times, "order": NONSENSE,
        "plateau_ms": {**NONSENSE, "NaN": NAN, "-1": -1}, "votes_ms": {**times, "nothing": None},
    })  # fmt: skip
    yield from of_each("plot_psth", psth.plot_psth, shown, {
        **usual, **drawn, "trial": {**without(NONSENSE, "nothing"), "9": 9, "-1": -1},
        "bin_ms": {**NONSENSE, "0": 0, "NaN": NAN}, "votes_ms": {**NONSENSE, "backwards": (5, 1)},
    })  # fmt: skip
    yield from of_each("recall_marks", recall_marks.recall_marks, shown, {**usual, **trial})
    yield from of_each("plot_traces", traces.plot_traces, shown, {
        **usual, "axes": NO_AXIS_ARRAY, "entry": {**NONSENSE, "9": 9, "-1": -1, "0.5": 0.5}, "legend": NO_SWITCH,
        "pair": {**without(NONSENSE, "nothing"), "far": (0, 99), "of words": ("a", "b"), "halves": (0.5, 1)},
    })  # fmt: skip
    yield from varied("pair_to_show", traces.pair_to_show, {}, "episode", OTHER_EPISODES)
    yield from of_each("plot_task", task.plot_task, {"episode": EPISODE}, {
        "episode": NONSENSE, **trial, "axes": NO_AXIS_ARRAY, "figure": {**without(NONSENSE, "nothing"), "axes": AX},
        "presentations": {**without(NONSENSE, "nothing"), "backwards": (5, 1), "far": (0, 99), "halves": (0.5, 2)},
    })  # fmt: skip
    yield from of_each("plot_shares", shares.plot_shares, {**shown, "truth": TWIN, "ax": AX},
                       {**usual, "truth": {**NONSENSE, "to another": RATE}, "ax": NO_AXES, "legend": NO_SWITCH})
    yield from of_each("binned_shares", shares.binned_shares,
                       {"votes": ANSWER.counts["votes"], "softmax": TWIN.hidden},
                       {"votes": NONSENSE, "softmax": NONSENSE, "edges": {**NONSENSE, "one": (0.5,), "down": (1, 0)}})
    yield from of_each("plot_firing", firing_figure.plot_firing, {"response": TRACED, "stimulus_ms": 100.0},
                       {"response": {**NONSENSE, "a rate memory's": RATE}, "stimulus_ms": {**NONSENSE, "0": 0},
                        "style": NONSENSE})  # fmt: skip
    of_weights = {"memory": SPIKING, "episode": EPISODE, "n_steps": 2, "rng": rng()}
    yield from of_each("weights_after", matrices.weights_after, of_weights, {
        "memory": NONSENSE, "n_steps": {**NONSENSE, "99": 99, "-1": -1}, "episode": NONSENSE, "rng": NONSENSE,
        "birds": NONSENSE,
    })  # fmt: skip
    pair = (matrices.Weights(np.ones((N, D)), np.ones((M, N))),) * 2
    yield from of_each("plot_weights", matrices.plot_weights, {"spiking": pair, "rate": pair},
                       {"spiking": {**NONSENSE, "one": pair[:1]}, "rate": {**NONSENSE, "one": pair[:1]},
                        "written": {**NONSENSE, "far": [99]}, "axes": NO_AXIS_ARRAY})  # fmt: skip
    yield from of_each("plot_spikes", ticks.plot_spikes, {"spikes": ANSWER.spikes["hidden"], "ax": AX},
                       {"spikes": NONSENSE, "ax": NO_AXES, "colour": NONSENSE, "offset": NONSENSE, "width": NONSENSE})


def styles() -> Iterator[Call]:
    for field, values in {"name": NONSENSE, "formats": {**NONSENSE, "twice": ("png", "png")},
                          "width_mm": {**without(NONSENSE, "nothing"), "NaN": NAN, "0": 0, "infinity": INF}}.items():
        for said, value in values.items():
            yield Call("Style", f"{field} is {said}", style.Style()._replace(**{field: value}).check)
    for said, value in NONSENSE.items():
        yield Call("figure_style", f"name is {said}", partial(entered, value))
    yield from of_each("write_figure", style.write_figure, {"figure": AX.figure, "stem": Path("figure")},
                       {"figure": NONSENSE, "stem": {**without(NONSENSE, "a word"), "in no folder": "none/there/file"},
                        "style": NONSENSE})  # fmt: skip
    yield from varied("panel_letters", style.panel_letters, {}, "axes", {**NONSENSE, "one": AX})


def entered(name: Any) -> None:
    """A style is looked at when it is drawn in."""
    with style.figure_style(name):
        pass


GROUPS = (of_tables, of_a_trial, styles)
CALLS = [call for group in GROUPS for call in group()]

"""Tables of studies and answers of memories that nobody ran: what tests of tables, pictures and commands read."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd

from bioKV import Episode, SpikeTrain
from bioKV.paper import copy_paste, learning_figures
from bioKV.paper.figure import FIGURE_COLUMNS
from bioKV.response import SpikingResponse

POPULATIONS = ("input", "feedforward", "hidden", "interneuron", "output")
PEAKS = [f"peak_rate_{population}_{phase}_hz" for population in POPULATIONS for phase in ("store", "recall")]
COST = {"argmax_share": 0.9, "b": 1.0, "b_information": 30.0, "excess_kl": 0.1, "votes_per_recall": 12.0,
        "spikes_per_recall": 400.0, "synaptic_events_per_recall": 9000.0, "missed_plateaus": 0.0, "extra_plateaus": 0.0,
        "plateaus_per_presentation": 1.0, "expected_plateaus": 1.0, **dict.fromkeys(PEAKS, 80.0)}  # fmt: skip


def study_table(grid=None, points=({},), *, memories=("spiking", "rate"), third_factors=("sequential",), trials=4,
                subsets=("all",), seed=0) -> pd.DataFrame:  # fmt: skip
    """A study's table; that of a comparison if the memories are spiking and rate.

    grid : option -> values, each combined with each. points : options that go together, the grid at each of them.
    Bits right fall with the first numbers by an equal amount for each, spiking a little more.
    """
    rng = np.random.default_rng(seed)
    grid = grid or {}
    compared = set(memories) == {"spiking", "rate"}
    rows: list[dict] = []
    for factor, point, values in itertools.product(third_factors, points, itertools.product(*grid.values())):
        options = {**dict(zip(grid, values, strict=True)), **point}
        lost = sum(0.01 * (list(of).index(options[name]) + 1) for name, of in grid.items())
        lost += 0.02 * list(points).index(point) + 0.03 * (factor == "random")
        for trial, memory, subset in itertools.product(range(trials), memories, subsets):
            at = {"protocol": "autoassociative", "memory": memory,
                  "third_factor": factor if memory in ("spiking", "rate") else "",
                  "engine": "numpy" if memory == "spiking" else "", **options, "trial": trial,
                  "subset": subset}  # fmt: skip
            bits = np.clip(0.99 - lost - 0.004 * (memory == "spiking") + rng.normal(scale=0.008), 0, 1)
            scores = {"accuracy": bits, "whole_patterns": max(0.0, 4 * bits - 3), "silent": 0.0, "undecided": 0.002,
                      "hits": bits, "false_alarms": 1 - bits, "d_prime": 3 * bits, "unit": 0.05,
                      "constant_guess": rng.normal(0.5, 0.01), "stored_guess": rng.normal(0.5, 0.01)}  # fmt: skip
            rows += [{**at, "quantity": name, "value": value} for name, value in scores.items()]
            if compared and memory == "spiking" and subset == subsets[0]:
                whole = {"kappa": 0.8, "whole_patterns_both": max(0.0, 4 * bits - 3.05), **COST}
                rows += [{**at, "subset": "all", "quantity": name, "value": value} for name, value in whole.items()]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    mixed = {name: pd.Series(of, dtype=object) for name, of in columns.items() if None in of}  # 5 stays 5 beside None
    return pd.DataFrame({**columns, **mixed}).assign(part=0)


def write_run(folder: Path, table: pd.DataFrame, /, axes=None, **options) -> Path:
    """The folder of a run with this table, as `biokv run` leaves it. options : those that do not vary."""
    fixed = {"protocol", "memory", "third_factor", "engine", "trial", "subset", "quantity", "value", "part"}
    swept = {name: table[name].drop_duplicates().tolist() for name in table if name not in fixed}
    plan = {"protocol": table.protocol.iloc[0], "replay": True, "seed": 0, "mechanisms": [], "in_order": False,
            "options": swept, "axes": axes or {}}  # fmt: skip
    record = {"commands": ["biokv compare"], "plan": plan, "options": {**swept, **options}, "inputs": {},
              "versions": {}, "state": "finished"}  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / "results.csv", index=False, na_rep="")
    (folder / "run.json").write_text(json.dumps(record))
    return folder


def figure_table(panel) -> pd.DataFrame:
    """figure.csv of a panel that nobody measured."""
    rows = []
    for number, curve in enumerate(panel.curves):
        for model, (i, x) in itertools.product(curve.models(), enumerate(panel.xs)):
            mean = 12.3 * (i + 1) * (number + 1) if panel.slopes else 1 - 0.03 * i - 0.01 * number
            rows.append((panel.figure, model, panel.x_name, x, mean, mean - 0.02, mean + 0.01, 9, None, None, None))
    return pd.DataFrame(rows, columns=list(FIGURE_COLUMNS))


def controllers_table() -> pd.DataFrame:
    """figure.csv of fig. 5c: every memory with one controller."""
    rows = [("5c", f"{arm.model}{of}", "n_patterns", x, 1 - 0.02 * i - 0.03 * j, None, None, 4, None, None, None)
            for i, arm in enumerate(copy_paste.ARMS) for of in ("", ", controller 0")
            for j, x in enumerate(copy_paste.XS)]  # fmt: skip
    return pd.DataFrame(rows, columns=list(FIGURE_COLUMNS))


def histories() -> pd.DataFrame:
    """The history of a training of a rule."""
    step = np.arange(60)
    terms = {f"{scale}_{term}": np.sin(step / 9 + i) for i, (scale, term) in enumerate(
        itertools.product("ab", ("fk", "gk", "fv", "gv")))}  # fmt: skip
    return pd.DataFrame({"step": step, "loss": 9 - step / 9, "accuracy": 0.5 + step / 150, **terms})


def trainings() -> pd.DataFrame:
    """history.csv of figs. 3c and 3d: two trainings of each kind."""
    return pd.concat([histories().assign(third_factor=kind, training_seed=seed)
                      for kind in learning_figures.KINDS for seed in (0, 1)], ignore_index=True)  # fmt: skip


def spiking_response(episode: Episode, n_slots: int = 4, per_slot: int = 2, *, rate_hz: float = 40.0, window_ms=150.0,
                     wrong: int = 0, undecided: int = 0, seed: int = 0) -> SpikingResponse:  # fmt: skip
    """What a spiking memory could have answered to a single trial: slots are written one after another, spikes come as
    they may at this rate, and all answers are right but for the first `wrong` entries and the next `undecided` ones."""
    rng, n_steps, steps = np.random.default_rng(seed), episode.n_steps, np.arange(episode.n_steps)
    onsets = window_ms * steps
    gamma = np.eye(n_slots)[steps % n_slots]
    values = np.sign(episode.values).astype(float)
    values[:, :wrong] *= -1
    values[:, wrong : wrong + undecided] = 0
    sizes = {"input": 2 * episode.key_dim, "feedforward": 6, "hidden": n_slots * per_slot, "interneuron": 5,
             "output": 2 * episode.value_dim}  # fmt: skip
    spikes = {}
    for name, n in sizes.items():
        count = rng.poisson(rate_hz * n * n_steps * window_ms * 1e-3)
        t = np.sort(rng.uniform(0, n_steps * window_ms, count))
        spikes[name] = SpikeTrain(t, rng.integers(0, n, count), np.zeros(count, int), n)
    lead = (steps % n_slots * per_slot)[:, None] + np.arange(per_slot)
    spikes["dendrite"] = SpikeTrain(np.repeat(onsets + 45.0, per_slot), lead.ravel(), np.zeros(lead.size, int),
                                    n_slots * per_slot)  # fmt: skip
    votes = rng.integers(0, 9, (n_steps, n_slots))
    phase = np.where(episode.is_store, "store", np.where(episode.is_recall, "recall", "other"))
    return SpikingResponse(values, votes / np.maximum(votes.sum(axis=-1, keepdims=True), 1), gamma,
                           windows_ms=np.stack([onsets, onsets + window_ms], axis=-1), phase=phase,
                           counts={"votes": votes}, evoked={}, fan_out={}, engine="numpy", spikes=spikes)  # fmt: skip

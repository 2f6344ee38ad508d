"""The rows of a raster: what is drawn of one recorded trial, as plain columns."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..analysis.colours import BLUE, ORANGE, PHASE, VERMILION
from ..analysis.raster import pattern_names
from ..export.trials import ON_OFF, Trial
from .items import Item

ORDER = ("output", "interneuron", "hidden", "feedforward", "input")  # from below
BANDS = ("output OFF", "output ON", "interneuron", "hidden", "feedforward", "input OFF", "input ON")
MARK = {True: ("circle", BLUE), False: ("x", VERMILION), None: ("triangle", ORANGE)}  # right, wrong, undecided
BETWEEN = 2  # rows between bands
TICK = (0.05, 0.95, np.nan)  # the heights in its row where a spike's stroke begins and ends, and where none is


class Rows(NamedTuple):
    """One trial; a neuron has a row, and the neurons of a population a band of rows. Times are in ms.

    Parameters
    ----------
    bands : dict
        Of each band that was recorded, and of the lanes of answers above them: name, start and stop (rows), per_slot
        (neurons per slot, 0 for none).
    windows : dict
        Of each presentation: name, start, stop, says, colour, bottom, top.
    marks : dict
        Of each answer: t, y, marker, colour, says.
    plateaus : dict
        Of each plateau: left, right, y.
    spikes : list of dict
        Of the spikes of each of BANDS, as strokes of TICK, one after another: t and y (float32).
    """

    bands: dict[str, list]
    windows: dict[str, Any]
    marks: dict[str, list]
    plateaus: dict[str, Any]
    spikes: list[dict[str, np.ndarray]]

    @property
    def sources(self) -> list[dict[str, Any]]:
        """All columns, in one order."""
        return [self.bands, self.windows, self.marks, self.plateaus, *self.spikes]


def rows_of(trial: Trial, items: list[Item], n_steps: int) -> Rows:
    """Lay out a recorded trial.

    Parameters
    ----------
    trial : Trial
        With its episode.
    items : list of Item
        Its recalls.
    n_steps : int
        How many of its presentations, from the first.

    Returns
    -------
    Rows
    """
    end = float(trial.response.windows_ms[n_steps - 1, 1])
    bands: dict[str, list] = {"name": [], "start": [], "stop": [], "per_slot": []}
    none = np.zeros(0, np.float32)
    spikes = {name: {"t": none, "y": none} for name in BANDS}
    n_slots, row, hidden = trial.response.hidden.shape[-1], 0.0, 0.0
    for name, population, first, n in _parts(trial):
        train = trial.response.spikes[population]
        here = (train.neuron >= first) & (train.neuron < first + n) & (train.t_ms < end)
        if name in spikes:
            heights = train.neuron[here, None] - first + row + TICK
            times = np.repeat(np.asarray(train.t_ms[here], np.float32), len(TICK))
            spikes[name] = {"t": times, "y": heights.astype(np.float32).ravel()}
        is_slots = population in ("hidden", "dendrite")
        hidden = row if is_slots else hidden
        _add(bands, name=name, start=row, stop=row + n, per_slot=n // n_slots if is_slots else 0)
        row += n + BETWEEN
    height, lanes = 0.05 * row + 1, {}
    in_rate = any(item.right_in_rate is not None for item in items)
    for name, what in [*([("answer, rate", "right_in_rate")] if in_rate else []), ("answer, spiking", "right")]:
        if items:
            _add(bands, name=name, start=row, stop=row + height, per_slot=0)
            lanes[what] = row + height / 2
            row += height
    plateaus: dict[str, Any] = {"left": [], "right": [], "y": []}
    if "dendrite" in trial.response.spikes:
        train = trial.response.spikes["dendrite"]
        here = train.t_ms < end
        plateaus = {"left": train.t_ms[here], "right": np.minimum(train.t_ms[here] + trial.plateau_ms, end),
                    "y": train.neuron[here] + hidden + 0.5}  # fmt: skip
    marks = _marks(trial, [item for item in items if item.step < n_steps], lanes)
    return Rows(bands, _windows(trial, items, n_steps, row), marks, plateaus, list(spikes.values()))


def _parts(trial: Trial) -> list[tuple[str, str, int, int]]:
    """Name, population, first neuron and number of neurons of every band, from below."""
    found, spikes = [], trial.response.spikes
    for name in [name for name in ORDER if name in spikes]:
        n = spikes[name].n_neurons
        if name in ON_OFF:
            found += [(f"{name} OFF", name, n // 2, n - n // 2), (f"{name} ON", name, 0, n // 2)]
        else:
            found.append((name, name, 0, n))
    if "hidden" not in spikes and "dendrite" in spikes:
        found.append(("dendrite", "dendrite", 0, spikes["dendrite"].n_neurons))
    return found


def _windows(trial: Trial, items: list[Item], n_steps: int, top: float) -> dict[str, Any]:
    assert trial.episode is not None  # a run keeps it with every trial
    names, known = pattern_names(trial.episode)[:n_steps], {item.step: item for item in items}
    start, stop = trial.response.windows_ms[:n_steps].T
    return {
        "name": [name.splitlines()[0] for name in names], "start": start.tolist(), "stop": stop.tolist(),
        "says": [_says(", ".join(name.splitlines()), known.get(step)) for step, name in enumerate(names)],
        "colour": [PHASE[str(kind)] for kind in trial.response.phase[:n_steps]],
        "bottom": [-1.0] * n_steps, "top": [top] * n_steps,
    }  # fmt: skip


def _marks(trial: Trial, items: list[Item], lanes: dict[str, float]) -> dict[str, list]:
    marks: dict[str, list] = {"t": [], "y": [], "marker": [], "colour": [], "says": []}
    for item in items:
        for what, lane in lanes.items():
            right = getattr(item, what)
            state: bool | None = right == item.n_entries
            if what == "right" and not state and right + item.undecided == item.n_entries:
                state = None
            if right is not None:
                marker, colour = MARK[state]
                _add(marks, t=float(trial.response.windows_ms[item.step].mean()), y=lane, marker=marker, colour=colour,
                     says=_says(item.name, item))  # fmt: skip
    return marks


def _says(name: str, item: Item | None) -> str:
    if item is None:
        return name
    rate = "" if item.right_in_rate is None else f"; rate twin {item.right_in_rate} of {item.n_entries}"
    undecided = f" ({item.undecided} undecided)" if item.undecided else ""
    return f"{name}: {item.right} of {item.n_entries} entries right{undecided}{rate}"


def _add(columns: dict[str, list], **row: Any) -> None:
    for name, value in row.items():
        columns[name].append(value)

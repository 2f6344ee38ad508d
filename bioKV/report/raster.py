"""The spikes of recorded trials as one plot, to zoom into and to hover over; a trial is chosen beside it.

Every spike is drawn, at any zoom: none are left out and none are pooled. A tick grows with its row, and is never taller.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..analysis.colours import BLUE, GREY, ORANGE, PHASE, POPULATION, VERMILION
from ..analysis.raster import pattern_names
from ..export.trials import ON_OFF, Trial
from .frame import frame, plain
from .items import Item

HEIGHT = 640
INSIDE = 520  # pixels of it that rows have
ORDER = ("output", "interneuron", "hidden", "feedforward", "input")  # from below
MARK = {True: ("circle", BLUE), False: ("x", VERMILION), None: ("triangle", ORANGE)}  # right, wrong, undecided
IN_VIEW = """
const {start, end} = cb_data.range, low = Math.min(start, end), high = Math.max(start, end)
const {start: starts, stop: stops} = source.data, found = []
for (let i = 0; i < starts.length; i++) {
  const from = Math.max(starts[i], low), to = Math.min(stops[i], high)
  if (to > from) found.push((from + to) / 2)
}
const step = Math.max(1, Math.ceil(found.length * room / Math.max(plot.inner_width, room)))
return found.filter((_, i) => i % step == 0)
"""
NAME = """
const {start: starts, stop: stops, name} = source.data
for (let i = 0; i < starts.length; i++) if (tick >= starts[i] && tick <= stops[i]) return name[i]
return ""
"""
HOVERED = """
if (format == "ms") return value.toFixed(1) + " ms"
if (format == "neuron") {
  const {start, stop, name, per_slot} = bands.data
  for (let i = 0; i < start.length; i++) if (value >= start[i] && value <= stop[i]) {
    const n = Math.round(value - start[i] - 0.5)
    return name[i] + " " + n + (per_slot[i] ? ", slot " + Math.floor(n / per_slot[i]) : "")
  }
}
const {start, stop, says} = windows.data
for (let i = 0; i < start.length; i++) if (value >= start[i] && value < stop[i]) return says[i]
return "-"
"""
CHOSEN = """
const trial = kept[cb_obj.tags[0]]
shown.forEach((source, i) => { source.data = trial[i].data })
const {start, stop} = shown[1].data, rows = shown[0].data, top = Math.max(...rows.stop)
cb_obj.x_range.setv({start: start[0], end: stop[stop.length - 1], reset_start: start[0], reset_end: stop[stop.length - 1]})
cb_obj.y_range.setv({start: -1, end: top + 1, reset_start: -1, reset_end: top + 1})
"""
SIZED = """
const row = plot.inner_height / Math.abs(cb_obj.end - cb_obj.start), size = Math.min(16, Math.max(2, 0.8 * row))
for (const one of spikes) if (Math.abs(one.glyph.size.value - size) > 0.15 * size) one.glyph.size = {value: size}
"""


class Raster(NamedTuple):
    """The plot of all recorded trials that fit on a page.

    Attributes
    ----------
    figure : bokeh.plotting.figure
    n_spikes : list of int
        Of each trial that is in it.
    n_steps : list of int
        Presentations of each that are drawn.
    windows : list of list of tuple
        Per trial: name, start and stop (ms) of every presentation that is drawn.
    """

    figure: Any
    n_spikes: list[int]
    n_steps: list[int]
    windows: list[list[tuple[str, float, float]]]


def raster_of(trials: list[Trial], items: list[list[Item]], name: str, at_most: int) -> Raster | None:
    """Draw recorded trials, the first of which is shown.

    Parameters
    ----------
    trials : list of Trial
    items : list of list of Item
        The recalls of each.
    name : str
        Of the figure.
    at_most : int
        How many spikes there is room for; trials beyond that are left out, and the end of the first if it alone has
        more.

    Returns
    -------
    Raster or None
        None if there is no room for any, or there are no trials.
    """
    kept, counts, steps, named, room = [], [], [], [], at_most
    for trial, recalls in zip(trials, items, strict=True):
        n_steps = _steps_within(trial, room)
        if not n_steps or (kept and n_steps < trial.response.windows_ms.shape[0]):
            break
        sources = _sources(trial, recalls, n_steps)
        n_spikes = sum(len(source["t"]) for source in sources[4:])
        room -= n_spikes
        kept.append(sources)
        counts.append(n_spikes)
        steps.append(n_steps)
        windows = sources[1]
        named.append(list(zip(windows["name"], windows["start"].tolist(), windows["stop"].tolist(), strict=True)))
    return Raster(_figure(name, kept), counts, steps, named) if kept else None


def _steps_within(trial: Trial, room: int) -> int:
    """How many presentations have no more spikes than there is room for."""
    ends = trial.response.windows_ms[:, 1]
    times = np.sort(np.concatenate([train.t_ms for train in trial.response.spikes.values()]))
    return int((np.searchsorted(times, ends) <= room).sum())


def _parts(trial: Trial) -> list[tuple[str, str, int, int]]:
    """Name, population, first neuron and number of neurons of every band of rows, from below."""
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


def _sources(trial: Trial, items: list[Item], n_steps: int) -> list[dict[str, Any]]:
    """The data of bands, presentations, answers and plateaus, and then of the spikes of every band in BANDS."""
    response, episode = trial.response, trial.episode
    assert episode is not None
    windows = response.windows_ms[:n_steps]
    end = windows[-1, 1]
    bands: dict[str, list] = {"name": [], "start": [], "stop": [], "per_slot": []}
    spikes: dict[str, dict[str, np.ndarray]] = {name: {"t": np.zeros(0, np.float32), "y": np.zeros(0, np.float32)}
                                                for name in BANDS}  # fmt: skip
    n_slots, row = response.hidden.shape[-1], 0.0
    first_row: dict[str, float] = {}
    for name, population, first, n in _parts(trial):
        train = response.spikes[population]
        here = (train.neuron >= first) & (train.neuron < first + n) & (train.t_ms < end)
        if name in spikes:
            at = np.asarray(train.neuron[here] - first + row + 0.5, np.float32)
            spikes[name] = {"t": np.asarray(train.t_ms[here], np.float32), "y": at}
        first_row[population] = row
        for key, value in (("name", name), ("start", row), ("stop", row + n),
                           ("per_slot", n // n_slots if population in ("hidden", "dendrite") else 0)):  # fmt: skip
            bands[key].append(value)
        row += n + 2
    height = 0.05 * row + 1  # of a lane of answers
    lanes = [("answer, rate", "right_in_rate")] if any(i.right_in_rate is not None for i in items) else []
    lane_of = {}
    for name, what in [*lanes, ("answer, spiking", "right")] if items else []:
        bands["name"].append(name)
        bands["start"].append(row)
        bands["stop"].append(row + height)
        bands["per_slot"].append(0)
        lane_of[what] = row + height / 2
        row += height
    names = pattern_names(episode)[:n_steps]
    known = {item.step: item for item in items}
    presented = {
        "name": [name.splitlines()[0] for name in names], "start": windows[:, 0], "stop": windows[:, 1],
        "says": [_says(", ".join(name.splitlines()), known.get(step)) for step, name in enumerate(names)],
        "colour": [PHASE[str(kind)] for kind in response.phase[:n_steps]],
        "top": np.full(n_steps, row), "bottom": np.full(n_steps, -1.0),
    }  # fmt: skip
    marks: dict[str, list] = {"t": [], "y": [], "marker": [], "colour": [], "says": []}
    for item in items:
        for what, lane in lane_of.items():
            right = getattr(item, what)
            if item.step < n_steps and right is not None:
                state: bool | None = right == item.n_entries
                if what == "right" and not state and right + item.undecided == item.n_entries:
                    state = None
                for key, value in (("t", float(windows[item.step].mean())), ("y", lane), ("marker", MARK[state][0]),
                                   ("colour", MARK[state][1]), ("says", _says(item.name, item))):  # fmt: skip
                    marks[key].append(value)
    plateaus: dict[str, Any] = {"left": [], "right": [], "y": []}
    if "dendrite" in response.spikes:
        train = response.spikes["dendrite"]
        here = train.t_ms < end
        base = first_row.get("hidden", first_row.get("dendrite", 0.0))
        plateaus = {"left": train.t_ms[here], "right": np.minimum(train.t_ms[here] + trial.plateau_ms, end),
                    "y": train.neuron[here] + base + 0.5}  # fmt: skip
    return [bands, presented, marks, plateaus, *(spikes[name] for name in BANDS)]


BANDS = ("output OFF", "output ON", "interneuron", "hidden", "feedforward", "input OFF", "input ON")


def _says(name: str, item: Item | None) -> str:
    if item is None:
        return name
    rate = "" if item.right_in_rate is None else f"; rate twin {item.right_in_rate} of {item.n_entries}"
    undecided = f" ({item.undecided} undecided)" if item.undecided else ""
    return f"{name}: {item.right} of {item.n_entries} entries right{undecided}{rate}"


def _figure(name: str, kept: list[list[dict[str, Any]]]) -> Any:
    from bokeh.models import (
        ColumnDataSource,
        CustomJS,
        CustomJSHover,
        CustomJSTicker,
        CustomJSTickFormatter,
        HoverTool,
        LinearAxis,
        Range1d,
    )

    first = kept[0]
    windows, rows = first[1], max(first[0]["stop"]) + 2
    made = frame(name, HEIGHT, "pan,xpan,box_zoom,wheel_zoom,undo,reset,save", lod_threshold=None,
                 x_range=Range1d(float(windows["start"][0]), float(windows["stop"][-1])),
                 y_range=Range1d(-1, rows - 1))  # fmt: skip
    sources = [[ColumnDataSource(data) for data in trial] for trial in kept]
    shown = [ColumnDataSource(data) for data in first] if len(kept) > 1 else sources[0]
    if len(kept) > 1:
        for one, source in zip(shown, sources[0], strict=True):
            one.data = dict(source.data)
    bands, presented, marks, plateaus, *spikes = shown
    made.quad("start", "stop", "top", "bottom", source=presented, fill_color="colour", line_color="white",
              level="image")  # fmt: skip
    made.segment("left", "y", "right", "y", source=plateaus, color=ORANGE, alpha=0.55, line_width=3)
    size = min(16.0, max(2.0, 0.8 * INSIDE / rows))
    drawn = [
        made.scatter("t", "y", source=source, marker="dash", angle=np.pi / 2, size=size, line_width=1.1,
                     line_color=GREY if band.endswith("OFF") else POPULATION[band.split()[0]])  # fmt: skip
        for band, source in zip(BANDS, spikes, strict=True)
    ]
    answers = made.scatter("t", "y", source=marks, marker="marker", size=9, line_width=2, line_color="colour",
                           fill_color="colour")  # fmt: skip
    hovered = CustomJSHover(args={"bands": bands, "windows": presented}, code=HOVERED)
    made.add_tools(
        HoverTool(renderers=drawn, limit=1, description="Spikes: time, neuron, presentation",
                  tooltips=[("spike of", "@y{neuron}"), ("at", "@t{ms}"), ("during", "@t{window}")],
                  formatters={"@y": hovered, "@t": hovered}),
        HoverTool(renderers=[answers], limit=1, visible=False, tooltips=[("", "@says")]),
    )  # fmt: skip
    ticks = {"plot": made, "source": bands, "room": 1}
    made.yaxis.ticker = CustomJSTicker(args=ticks, major_code=IN_VIEW)
    made.yaxis.formatter = CustomJSTickFormatter(args={"source": bands}, code=NAME)
    above = LinearAxis(ticker=CustomJSTicker(args={"plot": made, "source": presented, "room": 70}, major_code=IN_VIEW),
                       formatter=CustomJSTickFormatter(args={"source": presented}, code=NAME))  # fmt: skip
    above.major_tick_line_color = above.axis_line_color = None
    above.major_label_text_font_size = "12px"
    made.add_layout(above, "above")
    made.grid.grid_line_color = None
    made.yaxis.major_tick_line_color = None
    made.xaxis[-1].axis_label = plain("time (ms)")
    if len(kept) > 1:
        made.js_on_change("tags", CustomJS(args={"kept": sources, "shown": shown}, code=CHOSEN))
    made.y_range.js_on_change("end", CustomJS(args={"plot": made, "spikes": drawn}, code=SIZED))
    return made

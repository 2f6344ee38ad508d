"""The spikes of recorded trials as one plot, to zoom into and to hover over; a trial is chosen beside it.

Every spike is drawn, at any zoom: none are left out and none are pooled. A tick grows with its row.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..analysis.colours import GREY, ORANGE, POPULATION
from ..export.trials import Trial
from .frame import frame, plain
from .items import Item
from .rows import BANDS, TICK, Rows, rows_of

HEIGHT = 640
IN_VIEW = """
const {start, end} = cb_data.range, low = Math.min(start, end), high = Math.max(start, end)
const {start: starts, stop: stops} = source.data, found = []
for (let i = 0; i < starts.length; i++) {
  const from = Math.max(starts[i], low), to = Math.min(stops[i], high)
  if (to > from) found.push((from + to) / 2)
}
const step = Math.max(1, Math.ceil(found.length * room / Math.min(window.innerWidth, 1200)))
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
    const n = Math.floor(value - start[i])
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
const first = start[0], last = stop[stop.length - 1]
cb_obj.x_range.setv({start: first, end: last, reset_start: first, reset_end: last})
cb_obj.y_range.setv({start: -1, end: top + 1, reset_start: -1, reset_end: top + 1})
"""


class Raster(NamedTuple):
    """The plot of all recorded trials that fit on a page.

    Parameters
    ----------
    figure : bokeh.plotting.figure
        The plot itself.
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
        Recorded ones.
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
    kept: list[Rows] = []
    counts, steps, named, room = [], [], [], at_most
    for trial, recalls in zip(trials, items, strict=True):
        n_steps = _steps_within(trial, room)
        if not n_steps or (kept and n_steps < trial.response.windows_ms.shape[0]):
            break
        rows = rows_of(trial, recalls, n_steps)
        n_spikes = sum(len(band["t"]) // len(TICK) for band in rows.spikes)
        room -= n_spikes
        kept.append(rows)
        counts.append(n_spikes)
        steps.append(n_steps)
        named.append(list(zip(*(list(rows.windows[name]) for name in ("name", "start", "stop")), strict=True)))
    return Raster(_figure(name, kept), counts, steps, named) if kept else None


def _steps_within(trial: Trial, room: int) -> int:
    """How many presentations have no more spikes than there is room for."""
    ends = trial.response.windows_ms[:, 1]
    times = np.sort(np.concatenate([train.t_ms for train in trial.response.spikes.values()]))
    return int((np.searchsorted(times, ends) <= room).sum())


def _figure(name: str, kept: list[Rows]) -> Any:
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

    first = kept[0].sources
    windows, rows = kept[0].windows, max(kept[0].bands["stop"]) + 2
    made = frame(name, HEIGHT, "pan,xpan,box_zoom,wheel_zoom,undo,reset,save", lod_threshold=None,
                 x_range=Range1d(float(windows["start"][0]), float(windows["stop"][-1])),
                 y_range=Range1d(-1, rows - 1))  # fmt: skip
    sources = [[ColumnDataSource(data) for data in trial.sources] for trial in kept]
    shown = [ColumnDataSource(data) for data in first] if len(kept) > 1 else sources[0]
    if len(kept) > 1:
        for one, source in zip(shown, sources[0], strict=True):
            one.data = dict(source.data)
    bands, presented, marks, plateaus, *spikes = shown
    made.quad("start", "stop", "top", "bottom", source=presented, fill_color="colour", line_color="white",
              level="image")  # fmt: skip
    made.segment("left", "y", "right", "y", source=plateaus, color=ORANGE, alpha=0.55, line_width=3)
    colours = [GREY if band.endswith("OFF") else POPULATION[band.split()[0]] for band in BANDS]
    # one path for a band: fifty thousand strokes of their own take five times as long
    drawn = [made.line("t", "y", source=source, line_color=colour, line_width=1.1)
             for colour, source in zip(colours, spikes, strict=True)]  # fmt: skip
    answers = made.scatter("t", "y", source=marks, marker="marker", size=9, line_width=2, line_color="colour",
                           fill_color="colour")  # fmt: skip
    hovered = CustomJSHover(args={"bands": bands, "windows": presented}, code=HOVERED)
    made.add_tools(
        HoverTool(renderers=drawn, limit=1, description="Spikes: time, neuron, presentation",
                  tooltips=[("spike of", "@y{neuron}"), ("at", "@t{ms}"), ("during", "@t{window}")],
                  formatters={"@y": hovered, "@t": hovered}),
        HoverTool(renderers=[answers], limit=1, visible=False, tooltips=[("", "@says")]),
    )  # fmt: skip
    made.yaxis.ticker = CustomJSTicker(args={"source": bands, "room": 1}, major_code=IN_VIEW)
    made.yaxis.formatter = CustomJSTickFormatter(args={"source": bands}, code=NAME)
    above = LinearAxis(ticker=CustomJSTicker(args={"source": presented, "room": 80}, major_code=IN_VIEW),
                       formatter=CustomJSTickFormatter(args={"source": presented}, code=NAME))  # fmt: skip
    above.major_tick_line_color = above.axis_line_color = None
    above.major_label_text_font_size = "12px"
    made.add_layout(above, "above")
    made.grid.grid_line_color = None
    made.yaxis.major_tick_line_color = None
    made.xaxis[-1].axis_label = plain("time (ms)")
    if len(kept) > 1:
        made.js_on_change("tags", CustomJS(args={"kept": sources, "shown": shown}, code=CHOSEN))
    return made

"""How every plot of a report looks and is used: plain, sharp, as wide as its column, and still under a finger."""

from __future__ import annotations

from typing import Any

from ..analysis.colours import BLACK, GREY

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
FAINT = "#E8E8E8"
CLICKED = "if (cb_obj.indices.length) report.choose(run, source.data.point[cb_obj.indices[0]])"


def frame(name: str, height: int, tools: str = "pan,box_zoom,wheel_zoom,reset,save", **how: Any) -> Any:
    """Make an empty bokeh figure.

    Parameters
    ----------
    name : str
        By which the page's script finds it.
    height : int
        In pixels; its width is that of its column.
    tools : str
        Of bokeh, by name.
    **how
        Goes to bokeh's `figure`.

    Returns
    -------
    bokeh.plotting.figure
    """
    from bokeh.models import NoOverlap, WheelZoomTool
    from bokeh.plotting import figure

    made = figure(name=name, height=height, sizing_mode="stretch_width", tools=tools, toolbar_location="above",
                  output_backend="canvas", active_drag="box_zoom", active_scroll=None, **how)  # fmt: skip
    for tool in made.select(WheelZoomTool):
        tool.modifiers = "ctrl"  # a page is scrolled with the wheel; a pinch is Ctrl and the wheel
    if made.select(WheelZoomTool):
        made.toolbar.active_scroll = made.select_one(WheelZoomTool)
    made.toolbar.logo = None
    made.min_border_right = 22  # for the half of the last label that stands out
    made.background_fill_color = made.border_fill_color = "white"
    made.outline_line_color = None
    for axis in made.axis:
        axis.axis_label_text_font = axis.major_label_text_font = FONT
        axis.axis_label_text_font_style = "normal"
        axis.axis_label_text_font_size = "13px"
        axis.major_label_text_font_size = "12px"
        axis.axis_label_text_color = axis.major_label_text_color = BLACK
        axis.axis_line_color = axis.major_tick_line_color = GREY
        axis.minor_tick_line_color = None
    made.xaxis.major_label_policy = NoOverlap(min_distance=6)  # on a phone numbers would touch
    made.grid.grid_line_color = FAINT
    return made


def plain(text: str) -> Any:
    """Take a text as it is: bokeh would set what stands between $$ as a formula, with what it has to load.

    Parameters
    ----------
    text : str
        What is written.

    Returns
    -------
    bokeh.models.text.PlainText
    """
    from bokeh.models import PlainText

    return PlainText(text)


def clickable(source: Any, name: str) -> None:
    """Let a click on a mark show the trials of its point.

    Parameters
    ----------
    source : bokeh.models.ColumnDataSource
        Whose column "point" has the number of each mark's point.
    name : str
        Begins with that of the run, "run-1".
    """
    from bokeh.models import CustomJS

    run = int(name.split("-")[1]) - 1
    source.selected.js_on_change("indices", CustomJS(args={"source": source, "run": run}, code=CLICKED))

"""The page: everything of some runs in one HTML file that asks no network for anything."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .. import __version__
from ..importing import require
from ..progress import bar
from ..studies.printed_table import Shown
from ..studies.summary import summed_up
from ..whole_file import replacing
from .activity import activity
from .agreement import scatter, shares_of
from .curves import curves_of
from .facts import facts, headline, unfinished
from .finished import FinishedRun, read_run
from .items import items_of, rate_twin
from .points import name_of_recorded, places_of, points_of
from .provenance import again, origin
from .raster import raster_of

MARK = '<meta name="generator" content="bioKV report'  # begins every page of ours
MOST_BYTES = 3_000_000  # of a page, so that it goes with a mail
BYTES_OF_A_SPIKE = 6  # twice what those of a trial take, compressed
MOST_VALUES = 60_000  # of trials, on the page
MOST_ROWS = 200  # of a table
SLOW = 2_000_000  # bytes of results, from which on a report takes seconds


def write_report(folders: Sequence[Path], out: Path | None = None, margins: dict[str, float] | None = None) -> Path:
    """Write one self-contained HTML page of finished runs.

    Parameters
    ----------
    folders : sequence of pathlib.Path
        Of `biokv run`, `compare` or `robustness`.
    out : pathlib.Path, optional
        The file; report.html in the folder of a single run, unless given.
    margins : dict of str to float, optional
        Of equivalence, as of `analysis.tables.gaps`.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ValueError
        If bokeh is not installed, if a folder holds no results of a study or damaged ones, or is given twice, if
        several are given and no file, or if the file is one that bioKV has not written, or cannot be written.
    """
    require("bokeh", "report", "a report")
    folders = [Path(folder) for folder in folders]
    path = _path(folders, out)
    if len({folder.resolve() for folder in folders}) < len(folders):
        raise ValueError(f"a folder was given twice: {', '.join(map(str, folders))}")
    tables = [folder / name for folder in folders for name in ("results.csv", "results.parquet")]
    size = sum(table.stat().st_size for table in tables if table.is_file())
    size += sum(one.stat().st_size for folder in folders for one in (folder / "recordings").glob("*.npz"))
    if size < SLOW:
        text = page_of([read_run(folder) for folder in folders], margins)
    else:
        with bar("report", len(folders) + 1) as advance:
            runs = []
            for folder in folders:
                runs.append(read_run(folder))
                advance(len(runs))
            text = page_of(runs, margins)
            advance(len(folders) + 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as new:
        new.write_text(text, encoding="utf-8", errors="replace")  # a name in a path may be no text
    return path


def _path(folders: list[Path], out: Path | None) -> Path:
    if not folders:
        raise ValueError("no folder was given; that of a run would do")
    if out is None and len(folders) > 1:
        raise ValueError("a report of several runs needs a file of its own: --out FILE.html")
    path = folders[0] / "report.html" if out is None else out
    if path.is_dir():
        raise ValueError(f"--out names a file; {path} is a folder")
    if path.suffix.lower() not in (".html", ".htm"):
        raise ValueError(f"a report is a page, so that --out ends in .html; got {path}")
    if path.exists() and MARK not in path.read_bytes()[:2000].decode(errors="replace"):
        raise ValueError(f"{path} is there already and no report of bioKV; choose another --out")
    return path


def page_of(runs: Sequence[FinishedRun], margins: dict[str, float] | None = None) -> str:
    """Make the text of the page.

    Parameters
    ----------
    runs : sequence of FinishedRun
        The runs, in the order of their sections.
    margins : dict of str to float, optional
        As of `write_report`.

    Returns
    -------
    str
        Under 3 MB: of many recorded trials, the first that fit are in it.
    """
    from bokeh.embed import components
    from bokeh.resources import Resources
    from jinja2 import Environment, FileSystemLoader

    here = Path(__file__).parent
    environment = Environment(loader=FileSystemLoader(here), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["number"] = _is_number
    library = Resources(mode="inline", components=["bokeh"]).render_js()
    views = [_view(run, i, margins, MOST_VALUES // len(runs)) for i, run in enumerate(runs)]
    plots: dict[str, Any] = {}
    for view in views:
        plots |= {plot.figure.name: plot.figure for _, row in view["curves"].rows for plot in row}
        if view["scatter"] is not None:
            plots[view["scatter"].name] = view["scatter"]
    page = environment.get_template("page.html")
    given = {"runs": views, "version": __version__, "day": datetime.date.today().isoformat(), "most": MOST_ROWS,
             "style": (here / "page.css").read_text(), "script": (here / "page.js").read_text()}  # fmt: skip

    def rendered() -> str:
        script, places = components(plots, theme=None) if plots else ("", {})
        data = {"runs": [view["data"] for view in views]}
        return page.render(given, library=library, plots=script, places=places, data=data)

    room = (MOST_BYTES - len(rendered().encode(errors="replace"))) // BYTES_OF_A_SPIKE // len(runs)
    for view in views:
        _add_raster(view, max(0, room))
        if view["raster"] is not None:
            plots[view["raster"].figure.name] = view["raster"].figure
    return rendered()


def _view(run: FinishedRun, number: int, margins: dict[str, float] | None, values: int) -> dict[str, Any]:
    """What the template shows of a run, but for its raster."""
    places, points = places_of(run), points_of(run, values)
    said = list(summed_up(run.table, margins, with_firing=False))  # which stands under activity
    bits = run.table[run.table.quantity == "accuracy"].groupby("memory", sort=False, observed=True).value.mean()
    in_twins = [rate_twin(run, trial) for trial in run.recorded]
    verdicts = [one for one in said if isinstance(one, str) and one.startswith("verdict")]
    return {
        "id": f"run-{number + 1}", "number": number, "run": run, "name": run.name, "headline": headline(run),
        "unfinished": unfinished(run), "facts": facts(run),
        "bits": {str(name): f"{value:.4f}" for name, value in bits.items()},
        "verdict": verdicts[-1].partition(": ")[2] if verdicts else "",
        "tables": [one for one in said if isinstance(one, Shown)],
        "notes": [one for one in said if isinstance(one, str) and not one.startswith("verdict")],
        "curves": curves_of(run, places, margins, f"run-{number + 1}"),
        "scatter": scatter(run, points, places, f"run-{number + 1}-trials") if run.is_comparison else None,
        "shares": shares_of(run, points), "activity": activity(run), "origin": origin(run), "again": again(run),
        "items": [items_of(trial, twin) for trial, twin in zip(run.recorded, in_twins, strict=True)],
        "twins": [twin is not None for twin in in_twins], "raster": None,
        "without_trials": sum(not point.trials for point in points),
        "data": {
            "points": [{"name": point.name, "trials": point.trials, "columns": [name for name, _ in point.columns],
                        "values": [values for _, values in point.columns], "recorded": point.recorded}
                       for point in points],
            "recorded": [], "windows": [], "items": [],
        },
    }  # fmt: skip


def _add_raster(view: dict[str, Any], room: int) -> None:
    """Put the recorded trials there is room for into a view."""
    run = view["run"]
    with_episode = [i for i, trial in enumerate(run.recorded) if trial.episode is not None]
    raster = raster_of([run.recorded[i] for i in with_episode], [view["items"][i] for i in with_episode],
                       f"{view['id']}-raster", room)  # fmt: skip
    if raster is None:
        return
    shown = with_episode[: len(raster.n_spikes)]
    view["raster"] = raster
    view["data"]["recorded"] = [name_of_recorded(run, i) for i in shown]
    view["data"]["windows"] = raster.windows
    view["data"]["items"] = [
        [[item.name, item.delay, f"{item.right} of {item.n_entries}",
          "-" if item.right_in_rate is None else f"{item.right_in_rate} of {item.n_entries}", item.votes, item.outcome]
         for item in view["items"][i]]
        for i in shown
    ]  # fmt: skip
    drawn = {trial: place for place, trial in enumerate(shown)}
    for point in view["data"]["points"]:
        point["recorded"] = {trial: drawn[i] for trial, i in point["recorded"].items() if i in drawn}


def _is_number(text: str) -> bool:
    """Whether a cell of a table is a number, one with its interval, or a range, which stands to the right."""
    return bool(re.fullmatch(r"-|[+-]?[\d.]+(e[+-]?\d+)?( ± ?[\d.]+)?( \[.*\])?( to [+-]?[\d.]+)?", text))

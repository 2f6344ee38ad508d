"""The tables and pictures of finished runs, made again from their results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ..analysis.layout import layout_of
from ..analysis.style import PRINT, Style
from ..analysis.tables import FIXED, point_of, varying
from .parquet import check_parquet, write_parquet
from .pictures import draw_accuracy
from .read import read_json, read_results
from .results import make_writable
from .summary import print_summary


def show_results(folders: Sequence[Path], out: Path | None = None, margins: dict[str, float] | None = None,
                 axes: Mapping[str, str] | None = None, *, parquet: bool = False,
                 style: Style = PRINT) -> pd.DataFrame:  # fmt: skip
    """Print a summary of runs, of several as one study, and draw their pictures; returns the table.

    out : for pictures, comparison.csv of a comparison, and with `parquet` results.parquet. None: the folder if there is
        one, and of several nothing is written. margins : as of `run_study`. axes : as of `draw_accuracy`; what is not
        given is as in the plan of a single run. style : of the pictures; those in other formats stay.
    Raises ValueError for what `read_results` refuses, for axes that do not fit, if a memory has the same trial twice,
    if `out` holds another run or cannot be written, or if pyarrow is needed and not installed.
    """
    folders, axes = [Path(one) for one in folders], dict(axes or {})
    into = folders[0] if out is None and len(folders) == 1 else out
    if into is None and (axes or parquet or style != PRINT):
        raise ValueError("several folders are read, so that --x, --hue, --panel, --parquet and options of pictures need"
                         " --out")  # fmt: skip
    if parquet:
        check_parquet()
    read = [one.resolve() for one in folders]
    if into is not None and into.resolve() not in read and (into / "results.csv").exists():
        raise ValueError(f"{into} holds the results of another run; choose another --out")
    table = read_results(*folders)
    table = table[[name for name in table if name in {*FIXED, *varying(table)}]]
    check_once(table)
    if len(folders) == 1:
        planned = read_json(folders[0])["plan"].get("axes") or {}
        axes = {axis: name for axis, name in planned.items() if name not in axes.values()} | axes
    layout_of(table, axes)
    if into is not None:
        make_writable(into)
    print_summary(table, margins)
    if into is not None:
        written = draw_accuracy(table, into, margins, axes, style)
        if parquet:
            written.append(write_parquet(table, into / "results.parquet"))
        print("wrote " + ", ".join(str(path) for path in written))
    else:
        print("nothing was written; --out FOLDER would draw the pictures")
    return table


def check_once(table: pd.DataFrame) -> None:
    """Raise ValueError if a memory has a trial twice, as with two engines: they would count as independent.

    Parameters
    ----------
    table : pandas.DataFrame
        A study's.

    Raises
    ------
    ValueError
        Naming the trial, the memory and the engines.
    """
    bits = table[table.quantity == "accuracy"]
    twice = bits[bits.duplicated(["memory", *point_of(bits), "trial"], keep=False)]
    if len(twice):
        engines = " and ".join(str(one or "none") for one in twice.engine.unique())
        raise ValueError(f"trial {twice.trial.iloc[0]} of {twice.memory.iloc[0]} is there twice, with the engines"
                         f" {engines}; leave one of the folders out")  # fmt: skip

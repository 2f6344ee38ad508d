"""`biokv results` of a figure: what was printed of it, and its picture, made again from its tables."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from ..analysis.learning_curves import TERMS
from ..analysis.style import PRINT, Style
from ..studies.results import make_writable
from . import copy_paste, learning_figures
from .figure import AGREEMENT_COLUMNS, FIGURE_COLUMNS, SLOPE_COLUMNS, draw, printed
from .memories_of import all_memories, choose_memories, find_panel
from .panel import Panel

NUMBERS = {"x", "mean", "ci95_low", "ci95_high", "n_trials", "reference_mean", "reference_low", "reference_high",
           "step", "loss", "accuracy", "training_seed", *AGREEMENT_COLUMNS[2:], *SLOPE_COLUMNS[2:],
           *(f"{scale}_{term}" for term in TERMS for scale in "ab")}  # fmt: skip
MAY_LACK = {"ci95_low", "ci95_high", "reference_mean", "reference_low", "reference_high", "chi_square", "p"}


def figure_of(folder: Path) -> str:
    """Which figure a folder is of, by its record (run.json).

    Parameters
    ----------
    folder : Path
        Of any run.

    Returns
    -------
    str
        Its name, such as "2a"; "" for the folder of another command, and for one without a record.

    Raises
    ------
    ValueError
        If there is a figure.csv and no record that can be read.
    """
    path = folder / "run.json"
    try:
        record = json.loads(path.read_text(encoding="utf-8", errors="surrogateescape"))
    except (OSError, ValueError, RecursionError):
        record = None
    figure = record.get("figure", "") if isinstance(record, dict) else None
    if isinstance(figure, str):
        return figure
    if (folder / "figure.csv").exists():
        raise ValueError(f"{path} is {'damaged' if path.exists() else 'missing'}, and says of which figure figure.csv"
                         " is; the folder as `biokv figure` left it would do")  # fmt: skip
    return ""


def show_figure(folder: Path, figure: str, out: Path | None = None, style: Style = PRINT) -> list[Path]:
    """Print how well a measured figure agrees with the reference, and draw its picture; nothing is measured.

    Parameters
    ----------
    folder : Path
        Of `biokv figure`.
    figure : str
        Its name, as `figure_of` gives it.
    out : Path or None
        Where the picture goes; None takes the folder. Pictures in other formats stay.
    style : Style
        How it is drawn, and as which files.

    Returns
    -------
    list of Path
        The pictures.

    Raises
    ------
    ValueError
        If there is no such figure, one of its tables is missing or damaged, or `out` holds another run or cannot be
        written.
    """
    into = folder if out is None else out
    if into.resolve() != folder.resolve() and (into / "run.json").exists():
        raise ValueError(f"{into} holds another run; choose another --out")
    stem = into / f"figure-{figure}"
    if figure in learning_figures.FIGURES:
        history = _history(folder, figure)
        make_writable(into)
        print(learning_figures.summary(figure, history))
        written = learning_figures.draw(figure, history, stem, style)
    elif figure == "5c":
        table = _table(folder, figure, "figure", FIGURE_COLUMNS)
        arms = tuple(arm for arm in copy_paste.ARMS if (table.model == arm.model).any())
        _check_known(folder, table.model.str.partition(", ")[0], [arm.model for arm in arms])
        make_writable(into)
        print(copy_paste.summary(table, arms))
        written = copy_paste.draw(table, arms, stem, style)
    else:
        panel, table, held, lines = _measured(folder, figure)
        make_writable(into)
        print(printed(panel, table, held, lines))
        written = draw(panel, table, lines, stem, style)
    print("wrote " + ", ".join(str(path) for path in written))
    return written


def _measured(folder: Path, figure: str) -> tuple[Panel, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The panel with the curves that were measured, its figure.csv, agreement.csv and slopes.csv."""
    panel = find_panel(figure)
    table = _table(folder, figure, "figure", FIGURE_COLUMNS)
    measured = {*table.model}
    every = choose_memories(panel, tuple(all_memories(panel)))
    panel = every._replace(curves=tuple(curve for curve in every.curves if measured & {*curve.models()}))
    _check_known(folder, table.model, [model for curve in panel.curves for model in curve.models()])
    held = _table(folder, figure, "agreement", AGREEMENT_COLUMNS)
    lines = pd.DataFrame(columns=list(SLOPE_COLUMNS))
    if panel.slopes:
        lines = _table(folder, figure, "slopes", SLOPE_COLUMNS)
        if odd := sorted({*lines.model} ^ measured):
            raise ValueError(f"{folder} is damaged: slopes.csv or figure.csv lacks {odd[0]!r}; {_anew(figure)}")
    return panel, table, held, lines


def _history(folder: Path, figure: str) -> pd.DataFrame:
    """history.csv of a figure of learned rules."""
    scales = (f"{scale}_{term}" for term in TERMS for scale in "ab")
    columns = ("third_factor", "training_seed", "step", "loss", "accuracy", *scales)
    table = _table(folder, figure, "history", columns)
    if {*table.third_factor} != {*learning_figures.KINDS}:
        raise ValueError(f"{folder / 'history.csv'} is damaged (it must have trainings with"
                         f" {' and '.join(learning_figures.KINDS)}); {_anew(figure)}")  # fmt: skip
    return table


def _table(folder: Path, figure: str, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """A table of a figure as it was written, to the last digit; what it must hold is looked for."""
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise ValueError(f"{folder} holds no {path.name}, from which figure {figure} is drawn; {_anew(figure)}")
    try:
        table = pd.read_csv(path, dtype=object, encoding_errors="surrogateescape")
        missing = [one for one in columns if one not in table]
        if missing:
            raise ValueError(f"it lacks the column {missing[0]}")
        for one in NUMBERS.intersection(table):
            table[one] = _numbers(table[one])
        whole = [one for one in columns if one not in MAY_LACK]
        if table[whole].isna().any(axis=None):
            raise ValueError("a row is not whole")
        if "figure" in columns and (table.figure != figure).any():
            raise ValueError(f"it is of figure {table.figure.iloc[0]}")
    except (OSError, ValueError) as problem:  # what pandas raises of a file that is no table is a ValueError, too
        raise ValueError(f"{path} is damaged ({' '.join(str(problem).split())}); {_anew(figure)}") from None
    if name != "agreement" and not len(table):
        raise ValueError(f"{path} holds no row; {_anew(figure)}")
    return table


def _numbers(texts: pd.Series) -> pd.Series:
    """Whole numbers, or others to the last digit: not every version of pandas reads its own that well."""
    try:
        return texts.astype(int)
    except (ValueError, TypeError):
        return texts.astype(float)


def _anew(figure: str) -> str:
    """What would do in the place of damaged tables."""
    return f"`biokv figure {figure} --force` measures it anew"


def _check_known(folder: Path, found: Iterable[str], known: Iterable[str]) -> None:
    """Raise ValueError for a curve that this version's figure does not have."""
    if other := sorted({*found} - {*known}):
        raise ValueError(f"{folder / 'figure.csv'} has a curve {other[0]!r}, which the figure of this version of bioKV"
                         " has not; the version that measured it draws it (run.json names it)")  # fmt: skip


"""What of a trial a raster shows, as typed: populations, neurons, times and presentations."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from ..analysis.row_order import POPULATIONS
from ..ranges import NUMBER, listed
from ..units import UNITS, Time, ms
from . import completing
from .shared_options import WHOLE

Populations = Annotated[
    str,
    typer.Option("--populations", metavar="NAME,NAME", autocompletion=completing.drawn_populations,
                 help=f"What is drawn: {', '.join(POPULATIONS)}."),
]  # fmt: skip
Neurons = Annotated[
    list[str],
    typer.Option("--neurons", metavar="NAME=LIST", help="Neurons of a population, from 0, such as hidden=0:19 (a range"
                 " has its stop) or input=3,5; again for more (default: all).", show_default=False),
]  # fmt: skip
TimeOf = Annotated[
    str | None,
    typer.Option("--time", metavar="START:STOP", help="What is drawn, such as 0.5s:2s or 0:600ms (default: all).",
                 show_default=False),
]  # fmt: skip
Presentations = Annotated[
    str | None,
    typer.Option("--presentations", metavar="FIRST:LAST", help="What is drawn, such as 0:7, the first eight"
                 " (default: all).", show_default=False),
]  # fmt: skip
Trial = Annotated[int, typer.Option("--trial", **WHOLE, help="The trial that is drawn, from 0, as run numbers them.")]
Order = Annotated[
    str,
    typer.Option("--order", autocompletion=completing.orders, help="Of hidden neurons: written (by when their slot"
                 " first was) or neuron."),
]  # fmt: skip
TaskAlone = Annotated[
    bool, typer.Option("--task", help="Draw the task alone, what is shown and asked; the network does not run.")
]
TIMES = re.compile(rf"\s*{NUMBER}\s*:\s*{NUMBER}\s*")


def populations_of(text: str) -> tuple[str, ...]:
    """The populations that were typed; that there are such is looked at later.

    Parameters
    ----------
    text : str
        Such as "input,hidden".

    Returns
    -------
    tuple of str
        Their names.
    """
    return tuple(name.strip() for name in text.split(","))


def neurons_of(texts: list[str]) -> dict[str, list[int]]:
    """The neurons that were typed, of every population.

    Parameters
    ----------
    texts : list of str
        Such as "hidden=0:2,7", one for each population.

    Returns
    -------
    dict of str to list of int
        Such as {"hidden": [0, 1, 2, 7]}.

    Raises
    ------
    ValueError
        If one is no list of whole numbers, or a population comes twice.
    """
    found: dict[str, list[int]] = {}
    for text in texts:
        name, equals, numbers = (part.strip() for part in text.partition("="))
        if name in found:
            raise ValueError(f"--neurons {name} was given twice; one comma-separated list would do")
        try:
            found[name] = [int(one) for one in listed(f"--neurons {name}", numbers)] if equals else [int("")]
        except ValueError as problem:
            if "range" in str(problem):
                raise
            raise ValueError(f"--neurons takes a population and whole numbers, such as hidden=0:19; got"
                             f" {text!r}") from None  # fmt: skip
    return found


def time_of(text: str | None) -> tuple[float, float] | None:
    """The start and the end that were typed.

    Parameters
    ----------
    text : str or None
        Such as "0.5s:2s"; a unit may stand behind the last number alone.

    Returns
    -------
    tuple of float or None
        In milliseconds.

    Raises
    ------
    ValueError
        If it is no such range of times.
    """
    if text is None:
        return None
    matched = TIMES.fullmatch(text)
    units = [UNITS.get(unit) for unit in (matched[2] or matched[4], matched[4])] if matched else []
    times = [float(unit / ms) for unit in units if isinstance(unit, Time)]
    if not matched or len(times) < 2:
        raise ValueError(f"--time takes a start and a stop with their unit, such as 0.5s:2s or 0:600ms; got {text!r}")
    start, stop = (float(f"{float(matched[i]) * unit_ms:.9g}") for i, unit_ms in zip((1, 3), times, strict=True))
    return start, stop


def presentations_of(text: str | None) -> tuple[int, int] | None:
    """The first and the last presentation that were typed.

    Parameters
    ----------
    text : str or None
        Such as "0:7", or "3" for one alone.

    Returns
    -------
    tuple of int or None
        The first and the last, from 0.

    Raises
    ------
    ValueError
        If it is no such range.
    """
    if text is None:
        return None
    matched = re.fullmatch(r"\s*(\d{1,9})\s*(?::\s*(\d{1,9})\s*)?", text)
    if not matched:
        raise ValueError(f"--presentations takes the first and the last, such as 0:7; got {text!r}")
    return int(matched[1]), int(matched[2] or matched[1])

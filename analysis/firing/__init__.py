"""Measures of how a population fires, a file each, which holds a function of its own name:

    measure(evoked) -> one number per trial

`evoked` is an `analysis.evoked.Evoked`: the spikes of one population in one phase while keys are on. A new file is a
new row of results.csv for every population and phase. A file may say more: UNIT, if its numbers have one, POPULATIONS,
those it is of use for, and SPIKES = True, if it takes recorded spikes and not only their counts.
"""

from __future__ import annotations

from collections.abc import Callable

from ...checks import check_choice
from ..activity import POPULATIONS
from ..evoked import PHASES
from ..named_files import file_in, names_in


def names(*, from_spikes: bool | None = None) -> list[str]:
    """The measures.

    Parameters
    ----------
    from_spikes : bool, optional
        Only those that take recorded spikes, or only those that do not; None for all.

    Returns
    -------
    list of str
        The names of the files in this folder.
    """
    known = names_in(__name__)
    if from_spikes is None:
        return list(known)
    return [name for name in known if getattr(file_in(__name__, name), "SPIKES", False) == from_spikes]


def measure(name: str) -> Callable:
    """The function of one measure.

    Parameters
    ----------
    name : str
        One of `names()`.

    Returns
    -------
    function
        Which takes an `Evoked` and returns one number per trial.
    """
    return getattr(file_in(__name__, name), name)


def populations(name: str) -> tuple[str, ...]:
    """The populations that a measure is of use for.

    Parameters
    ----------
    name : str
        One of `names()`.

    Returns
    -------
    tuple of str
        Their names.
    """
    return getattr(file_in(__name__, name), "POPULATIONS", POPULATIONS)


def quantity(name: str, population: str, phase: str) -> str:
    """What a measure of a population in a phase is called in results.csv.

    Parameters
    ----------
    name : str
        One of `names()`.
    population : str
        One of `populations(name)`.
    phase : str
        "store" or "recall".

    Returns
    -------
    str
        Such as "mean_rate_hidden_recall_hz".
    """
    check_choice("population", population, tuple(populations(name)))
    check_choice("phase", phase, PHASES)
    unit = getattr(file_in(__name__, name), "UNIT", "")
    return "_".join([name, population, phase, *([unit] if unit else [])])

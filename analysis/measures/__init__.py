"""Measures of a trial, one file for each, which holds a function of its own name.

Every one is called as ``measure(response, episode, subset=None)``, gives one number per trial, and is told what a
memory answered and what was right; the errors are those of `asked_steps`. A new file is a new row of every results.csv.
A file may say more: ``FRACTION = False``, if its numbers do not lie in [0, 1], and ``suits(episode)``, whether it is of
use there.
"""

from __future__ import annotations

from collections.abc import Callable

from ...episode import Episode
from ..named_files import file_in, names_in


def names(episode: Episode | None = None) -> list[str]:
    """Measures that there are, or those that are of use for an episode.

    Parameters
    ----------
    episode : Episode or None
        What was asked.

    Returns
    -------
    list of str
        The names of files in this folder.

    Examples
    --------
    >>> from bioKV.analysis import measures
    >>> "whole_patterns" in measures.names()
    True
    """
    known = names_in(__name__)
    if episode is None:
        return list(known)
    return [name for name in known if getattr(file_in(__name__, name), "suits", lambda one: True)(episode)]


def measure(name: str) -> Callable:
    """The function of a measure.

    Parameters
    ----------
    name : str
        One of `names`.

    Returns
    -------
    callable
        Called with a response, an episode and a subset.

    Examples
    --------
    >>> from bioKV.analysis import measures
    >>> measures.measure("hits").__name__
    'hits'
    """
    return getattr(file_in(__name__, name), name)


def is_fraction(name: str) -> bool:
    """Whether a measure lies in [0, 1], which decides its interval.

    Parameters
    ----------
    name : str
        A measure, or another quantity of results.csv.

    Returns
    -------
    bool
        True for a measure that is a fraction.
    """
    return name in names() and getattr(file_in(__name__, name), "FRACTION", True)

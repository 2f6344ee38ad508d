"""Checks of single arguments. What fails is said in one sentence: the argument, what would do, and what came."""

from __future__ import annotations

import difflib
import inspect
import math
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

LONGEST_PATH = 4096  # letters, on most systems
MOST = 10**9  # of anything that is counted; numpy's own words for larger arrays name no argument


def is_number(value: Any) -> bool:
    """Whether value is one finite real number (a bool, a string, NaN and infinity are none).

    Parameters
    ----------
    value : anything
        The argument that came.

    Returns
    -------
    bool
    """
    real = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    return bool(real and -math.inf < value < math.inf)


def shown(value: Any) -> str:
    """What came, on one line of readable length.

    Parameters
    ----------
    value : anything
        The argument that came.

    Returns
    -------
    str
        Its `repr`, of 80 characters at most.
    """
    text = " ".join(repr(value).split())
    return text if len(text) <= 80 else text[:77] + "..."


def closest(name: Any, known: Iterable[str], there: str = "known are", also: Iterable[str] = ()) -> str:
    """End a sentence about a name that is not known: "; did you mean this?", or what there is.

    Parameters
    ----------
    name : anything
        As it came, and no word perhaps.
    known : iterable of str
        Names that are known; they are listed where none is near.
    there : str
        What stands before the list.
    also : iterable of str
        Names that may be meant, too, and are not listed.

    Returns
    -------
    str
        From the semicolon on.

    Examples
    --------
    >>> from bioKV.checks import closest
    >>> closest("relase_failure", ["release_failure", "hidden_noise"])
    '; did you mean release_failure?'
    >>> closest("birds", ["rate", "spiking"])
    '; known are rate, spiking'
    """
    near = difflib.get_close_matches(str(name), [*known, *also], 1, cutoff=0.7)
    return f"; did you mean {near[0]}?" if near else f"; {there} {', '.join(known) or 'none'}"


def check_count(name: str, count: Any, least: int = 1) -> None:
    """Raise ValueError unless count is a whole number, from `least` to a thousand million.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    count : anything
        The argument that came.
    least : int
        Smallest number that would do.
    """
    if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < least:
        above = "above 0" if least == 1 else f"of {least} or more"
        raise ValueError(f"{name} must be a whole number {above}; got {shown(count)}")
    if count > MOST:
        raise ValueError(f"{name} must be a whole number of {MOST:,} or less; got {shown(count)}")


def check_trial(trial: Any, n_trials: int = MOST) -> None:
    """Raise ValueError unless trial is the number of one of n_trials trials, counted from 0.

    Parameters
    ----------
    trial : anything
        The argument that came.
    n_trials : int
        Number of trials there are.
    """
    if isinstance(trial, bool) or not isinstance(trial, int | np.integer) or not 0 <= trial < n_trials:
        known = f"lie in 0 to {n_trials - 1}, of {n_trials} trials" if n_trials < MOST else "be a whole number from 0"
        raise ValueError(f"trial must {known}; got {shown(trial)}")


def check_fraction(name: str, fraction: Any) -> None:
    """Raise ValueError unless fraction is a number in [0, 1].

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    fraction : anything
        The argument that came.
    """
    if not (is_number(fraction) and 0 <= fraction <= 1):
        raise ValueError(f"{name} must lie in [0, 1]; got {shown(fraction)}")


def check_number(name: str, number: Any, above: bool = False) -> None:
    """Raise ValueError unless number is a finite number of 0 or more.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    number : anything
        The argument that came.
    above : bool
        Whether 0 is too small, too.
    """
    if not is_number(number) or number < 0 or (above and number == 0):
        raise ValueError(f"{name} must be a finite number {'above 0' if above else 'of 0 or more'}; got"
                         f" {shown(number)}")  # fmt: skip


def check_switch(name: str, switch: Any) -> None:
    """Raise ValueError unless switch is True or False.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    switch : anything
        The argument that came.
    """
    if not isinstance(switch, bool | np.bool_):
        raise ValueError(f"{name} must be True or False; got {shown(switch)}")


def check_callable(name: str, function: Any, such_as: str) -> None:
    """Raise ValueError unless function can be called.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    function : anything
        The argument that came.
    such_as : str
        What it takes and gives, for the message.
    """
    if not callable(function):
        raise ValueError(f"{name} must be a function, {such_as}; got {shown(function)}")


def check_takes(name: str, function: Any, *given: Any, **options: Any) -> None:
    """Raise ValueError unless a function can be called so.

    Parameters
    ----------
    name : str
        What it is called, for the message.
    function : callable
        The function.
    *given : Any
        Its first arguments.
    **options : Any
        Further ones.
    """
    try:
        signature = inspect.signature(function)
    except ValueError:  # of what is written in C
        return
    try:
        signature.bind(*given, **options)
    except TypeError as problem:
        raise ValueError(f"{name} cannot be called so: {shown(str(problem))[1:-1]}") from None


def check_mapping(name: str, mapping: Any) -> None:
    """Raise ValueError unless mapping is a dict, or the like, whose names are text.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    mapping : anything
        The argument that came.
    """
    if not isinstance(mapping, Mapping) or not all(isinstance(one, str) for one in mapping):
        raise ValueError(f"{name} must be a dict of names and what they are; got {shown(mapping)}")


def check_margin(name: str, margin: float) -> None:
    """Raise ValueError unless a margin is a difference of fractions.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    margin : float
        The argument that came.
    """
    if not 0 < margin < 1:
        raise ValueError(f"{name} must lie between 0 and 1, a difference of fractions; got {margin}")


def check_choice(name: str, choice: Any, choices: tuple[str, ...]) -> None:
    """Raise ValueError unless choice is one of choices.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    choice : anything
        The argument that came.
    choices : tuple of str
        Those that would do.
    """
    if not isinstance(choice, str) or choice not in choices:
        raise ValueError(f"{name} must be {' or '.join(repr(c) for c in choices)}; got {shown(choice)}")


def path_of(name: str, path: Any) -> Path:
    """An argument as a path.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    path : anything
        The argument that came.

    Returns
    -------
    Path
        As it was given.

    Raises
    ------
    ValueError
        If it is neither text nor a path, or no file could have that name.
    """
    text = str(path)
    if not isinstance(path, str | os.PathLike) or not 0 < len(text) < LONGEST_PATH or "\0" in text:
        raise ValueError(f"{name} must be a path, as text or pathlib.Path; got {shown(path)}")
    return Path(path)


def check_generator(rng: Any) -> None:
    """Raise ValueError unless rng is a numpy.random.Generator.

    Parameters
    ----------
    rng : anything
        The argument that came.
    """
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a numpy.random.Generator, as default_rng(seed) makes; got {shown(rng)}")


def numbers_of(name: str, array: Any) -> np.ndarray:
    """An argument as floating-point numbers, of its own shape.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    array : array_like
        The argument that came.

    Returns
    -------
    array of float
        The argument itself where it is such an array already.

    Raises
    ------
    ValueError
        If it holds anything but numbers, or rows of different lengths.
    """
    try:
        given = np.asarray(array)
        if given.dtype.kind not in "biuf":
            raise TypeError
        return given.astype(float, copy=False)
    except (TypeError, ValueError):  # the second: rows of different lengths
        raise ValueError(f"{name} must be an array of numbers; got {shown(array)}") from None


def floating_type(dtype: Any) -> np.dtype:
    """The NumPy type that a dtype names.

    Parameters
    ----------
    dtype : dtype or str
        The argument that came.

    Returns
    -------
    numpy.dtype

    Raises
    ------
    ValueError
        Unless it is a type of floating-point numbers.
    """
    try:
        found = np.dtype(dtype)
    except (TypeError, ValueError):
        found = None
    if found is None or found.kind != "f":
        raise ValueError(f"dtype must be one of floating-point numbers, such as numpy.float32; got {shown(dtype)}")
    return found

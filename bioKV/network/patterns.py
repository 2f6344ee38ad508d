"""Who reaches whom: patterns of connection, by name."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..checks import check_choice, check_count, check_fraction, shown


class Pattern(NamedTuple):
    """Named pattern of connection, with its numbers where it has any.

    The functions of this file and the constants ALL_TO_ALL, ONE_TO_ONE and OPPOSITE make them.

    Parameters
    ----------
    name : str
        One of "all to all"; "one to one", each with the neuron of its own number; "opposite", each ON or OFF neuron
        with the one for the other sign; "chain", of groups of neurons each leader with the next group's, and the last
        with the first; "sparse", each pair with some probability; "pairs", those that are listed.
    numbers : tuple
        Of "chain" the neurons per group; of "sparse" the probability and the seed; of "pairs" the lists i and j.
    """

    name: str
    numbers: tuple[Any, ...] = ()

    def __str__(self) -> str:
        if self.name == "pairs":
            return f"{len(self.numbers[0])} pairs"
        if self.name == "sparse":
            return "sparse (p = {:g}, seed {})".format(*self.numbers)
        return f"chain of groups of {self.numbers[0]}" if self.name == "chain" and self.numbers[0] > 1 else self.name


NUMBERS = {"all to all": 0, "one to one": 0, "opposite": 0, "chain": 1, "sparse": 2, "pairs": 2}  # of each pattern
ALL_TO_ALL = Pattern("all to all")
ONE_TO_ONE = Pattern("one to one")
OPPOSITE = Pattern("opposite")


def chain(per_group: int = 1) -> Pattern:
    """Leaders in a ring: the first neuron of every group reaches that of the next group, the last the first.

    Parameters
    ----------
    per_group : int
        Neurons per group, 1 or more.

    Returns
    -------
    Pattern
        The pattern "chain".

    Raises
    ------
    ValueError
        If per_group is not a whole number above 0.

    Examples
    --------
    >>> from bioKV.network import chain
    >>> from bioKV.network.patterns import connected
    >>> [pairs.tolist() for pairs in connected(chain(2), 6, 6)]
    [[0, 2, 4], [2, 4, 0]]
    """
    check_count("per_group", per_group)
    return Pattern("chain", (per_group,))


def sparse(p: float, seed: int) -> Pattern:
    """Random pairs: every pair is connected with one probability, the same pairs in every trial.

    Parameters
    ----------
    p : float
        Probability of a connection, in [0, 1].
    seed : int
        What the pairs are drawn from, 0 or more.

    Returns
    -------
    Pattern
        The pattern "sparse".

    Raises
    ------
    ValueError
        If p lies outside [0, 1], or seed is not a whole number of 0 or more.

    Examples
    --------
    >>> from bioKV.network import sparse
    >>> print(sparse(0.1, seed=3))
    sparse (p = 0.1, seed 3)
    """
    check_fraction("p", p)
    check_count("seed", seed, least=0)
    return Pattern("sparse", (p, seed))


def pairs(i: ArrayLike, j: ArrayLike) -> Pattern:
    """Listed pairs: source neuron i[k] reaches target neuron j[k].

    Parameters
    ----------
    i, j : array_like of int, shape (n,)
        Numbers of the neurons, from 0.

    Returns
    -------
    Pattern
        The pattern "pairs".

    Raises
    ------
    ValueError
        If i or j is no list of whole numbers from 0, or there are not as many sources as targets.

    Examples
    --------
    >>> from bioKV.network import pairs
    >>> print(pairs([0, 1, 2], [2, 1, 0]))
    3 pairs
    """
    i, j = _numbers("i", i), _numbers("j", j)
    if len(i) != len(j):
        raise ValueError(f"pairs takes as many sources as targets; got {len(i)} and {len(j)}")
    return Pattern("pairs", (i, j))


def _numbers(name: str, given: ArrayLike) -> list[int]:
    """Numbers of neurons as plain ones."""
    try:
        found = np.atleast_1d(np.asarray(given))
    except ValueError:  # rows of different lengths
        found = np.array([None])
    if found.ndim != 1 or (found.size and (found.dtype.kind not in "iu" or found.min() < 0)):
        raise ValueError(f"{name} must be a list of whole numbers from 0, one for each pair; got {shown(given)}")
    return [int(n) for n in found]


def check_pattern(name: str, pattern: Any) -> None:
    """Refuse what is no pattern, or one of other numbers than the functions of this file make.

    Parameters
    ----------
    name : str
        Of the argument, for the message.
    pattern : anything
        The argument that came.

    Raises
    ------
    ValueError
        Saying what would do.
    """
    if not isinstance(pattern, Pattern):
        raise ValueError(f"{name} must be one of bioKV.network, such as ONE_TO_ONE or sparse(0.1, seed=1); got"
                         f" {shown(pattern)}")  # fmt: skip
    check_choice(f"the name of {name}", pattern.name, tuple(NUMBERS))
    if not isinstance(pattern.numbers, tuple | list) or len(pattern.numbers) != NUMBERS[pattern.name]:
        raise ValueError(f"{name}, {pattern.name!r}, takes {NUMBERS[pattern.name]} numbers; got"
                         f" {shown(pattern.numbers)}")  # fmt: skip
    made: dict[str, Any] = {"chain": chain, "sparse": sparse, "pairs": pairs}
    if pattern.numbers:
        made[pattern.name](*pattern.numbers)


def n_connected(pattern: Pattern, n_source: int, n_target: int) -> int:
    """Count the pairs that a pattern connects in one trial.

    Parameters
    ----------
    pattern : Pattern
        Who reaches whom.
    n_source, n_target : int
        Sizes of the two populations.

    Returns
    -------
    int
        The number of synapses.

    Raises
    ------
    ValueError
        If the pattern does not fit these sizes.
    """
    if pattern == ALL_TO_ALL:
        return n_source * n_target
    return len(connected(pattern, n_source, n_target)[0])


def connected(pattern: Pattern, n_source: int, n_target: int) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of neurons that a pattern connects in one trial, source by source.

    Parameters
    ----------
    pattern : Pattern
        Who reaches whom.
    n_source, n_target : int
        Sizes of the two populations.

    Returns
    -------
    i : np.ndarray of int, shape (n,)
        Source of every synapse.
    j : np.ndarray of int, shape (n,)
        Target of every synapse.

    Raises
    ------
    ValueError
        If the pattern does not fit these sizes.
    """
    check_count("n_source", n_source)
    check_count("n_target", n_target)
    name, numbers = pattern
    if name == "all to all":
        i, j = (a.ravel() for a in np.indices((n_source, n_target)))
        return i, j
    if name == "sparse":
        p, seed = numbers
        i, j = np.nonzero(np.random.default_rng(seed).random((n_source, n_target)) < p)
        return i, j
    if name == "pairs":
        i, j = (np.array(n, int) for n in numbers)
        if i.size and not (i.min() >= 0 and i.max() < n_source and j.min() >= 0 and j.max() < n_target):
            raise ValueError(f"pairs must lie within {n_source} sources and {n_target} targets; they reach from"
                             f" ({i.min()}, {j.min()}) to ({i.max()}, {j.max()})")  # fmt: skip
        return i, j
    if n_source != n_target:
        raise ValueError(f"the pattern {name!r} takes populations of one size; got {n_source} and {n_target}")
    all_of_them = np.arange(n_source)
    if name == "one to one":
        return all_of_them, all_of_them
    if name == "opposite" and n_source % 2 == 0:
        return all_of_them, (all_of_them + n_source // 2) % n_source
    if name == "chain" and n_source % numbers[0] == 0:
        leaders = all_of_them[:: numbers[0]]
        return leaders, np.roll(leaders, -1)
    raise ValueError(f"there is no pattern {shown(pattern)} of {n_source} neurons; there are all to all, one to one,"
                     " opposite, chain, sparse and pairs")  # fmt: skip

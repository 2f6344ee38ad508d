"""Who reaches whom: patterns of connection, by name."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..checks import check_count, check_fraction, shown


class Pattern(NamedTuple):
    """A named pattern, with its numbers where it has any.

    "all to all"; "one to one", each with the neuron of its own number; "opposite", each ON or OFF neuron with the one
    for the other sign; "chain" (k): of groups of k neurons each leader with the next group's, and the last with the
    first; "sparse" (p, seed): each pair with probability p; "pairs" (i, j): these.
    """

    name: str
    numbers: tuple[Any, ...] = ()

    def __str__(self) -> str:
        if self.name == "pairs":
            return f"{len(self.numbers[0])} pairs"
        if self.name == "sparse":
            return "sparse (p = {:g}, seed {})".format(*self.numbers)
        return f"chain of groups of {self.numbers[0]}" if self.name == "chain" and self.numbers[0] > 1 else self.name


ALL_TO_ALL = Pattern("all to all")
ONE_TO_ONE = Pattern("one to one")
OPPOSITE = Pattern("opposite")


def chain(per_group: int = 1) -> Pattern:
    """The leader (first) of every group of per_group neurons reaches that of the next group, the last the first."""
    check_count("per_group", per_group)
    return Pattern("chain", (per_group,))


def sparse(p: float, seed: int) -> Pattern:
    """Every pair is connected with probability p, drawn from the seed; the same pairs in every trial."""
    check_fraction("p", p)
    check_count("seed", seed, least=0)
    return Pattern("sparse", (p, seed))


def pairs(i, j) -> Pattern:
    """Source neuron i[k] reaches target neuron j[k]."""
    i, j = ([int(n) for n in np.ravel(a)] for a in (i, j))
    if len(i) != len(j):
        raise ValueError(f"pairs takes as many sources as targets; got {len(i)} and {len(j)}")
    return Pattern("pairs", (i, j))


def n_connected(pattern: Pattern, n_source: int, n_target: int) -> int:
    """How many pairs there are."""
    if pattern == ALL_TO_ALL:
        return n_source * n_target
    return len(connected(pattern, n_source, n_target)[0])


def connected(pattern: Pattern, n_source: int, n_target: int) -> tuple[np.ndarray, np.ndarray]:
    """The pairs (i, j) of one trial, source by source. Raises ValueError if the pattern does not fit these sizes."""
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

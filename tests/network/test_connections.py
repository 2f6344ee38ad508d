"""Who reaches whom: every named pattern of connection."""

import numpy as np
import pytest

from bioKV.network.patterns import (
    ALL_TO_ALL,
    ONE_TO_ONE,
    OPPOSITE,
    Pattern,
    chain,
    connected,
    n_connected,
    pairs,
    sparse,
)


def of(pattern, n_source=4, n_target=4):
    i, j = connected(pattern, n_source, n_target)
    assert n_connected(pattern, n_source, n_target) == len(i) == len(j)
    return list(zip(i.tolist(), j.tolist(), strict=True))


def test_every_pattern_connects_whom_it_says():
    assert of(ALL_TO_ALL, 2, 3) == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    assert of(ONE_TO_ONE, 3, 3) == [(0, 0), (1, 1), (2, 2)]
    assert of(OPPOSITE) == [(0, 2), (1, 3), (2, 0), (3, 1)]  # ON neurons come first, then OFF
    assert of(chain()) == [(0, 1), (1, 2), (2, 3), (3, 0)]
    assert of(chain(2), 6, 6) == [(0, 2), (2, 4), (4, 0)]  # from leader to leader
    assert of(pairs([0, 1], [3, 0]), 2, 4) == [(0, 3), (1, 0)]


@pytest.mark.parametrize("n", [1, 5, 13, 40])
def test_a_chain_leaves_no_neuron_out_at_any_size(n):
    assert of(chain(), n, n) == [(i, (i + 1) % n) for i in range(n)]
    assert of(chain(3), 3 * n, 3 * n) == [(3 * i, 3 * ((i + 1) % n)) for i in range(n)]


def test_a_sparse_pattern_has_each_pair_with_probability_p_from_its_seed():
    assert of(sparse(0, 1)) == []
    assert of(sparse(1, 1), 2, 3) == of(ALL_TO_ALL, 2, 3)
    many = n_connected(sparse(0.2, 5), 100, 100)
    assert abs(many - 2000) < 4 * np.sqrt(10_000 * 0.2 * 0.8)
    assert of(sparse(0.5, 7), 9, 9) == of(sparse(0.5, 7), 9, 9) != of(sparse(0.5, 8), 9, 9)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: connected(ONE_TO_ONE, 3, 4), "'one to one' takes populations of one size; got 3 and 4"),
        (lambda: connected(OPPOSITE, 3, 3), "there is no pattern .* of 3 neurons"),
        (lambda: connected(chain(2), 5, 5), "there is no pattern .* of 5 neurons"),
        (lambda: connected(Pattern("ring"), 3, 3), "no pattern .*'ring'.*; there are all to all, one to one, opposite"),
        (lambda: connected(pairs([0], [4]), 3, 4), r"within 3 sources and 4 targets; they reach from \(0, 4\)"),
        (lambda: pairs([0, 1], [1]), "as many sources as targets; got 2 and 1"),
        (lambda: sparse(1.5, 1), r"p must lie in \[0, 1\]; got 1\.5"),
        (lambda: sparse(0.5, -1), "seed must be a whole number of 0 or more; got -1"),
        (lambda: chain(0), "per_group must be a whole number above 0; got 0"),
    ],
)
def test_what_connects_nothing_is_refused(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()

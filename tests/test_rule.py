"""A rule is written and read as text, and says in a sentence what is wrong with it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from bioKV import Rule
from bioKV.rule import NEAR_ZERO, SIMPLE, check_rule


def saved(path, change):
    """The file of SIMPLE, changed."""
    SIMPLE.save(path)
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    return path


def test_a_rule_comes_back_from_its_file_number_by_number(tmp_path, rng):
    rule = NEAR_ZERO._replace(eta_k=rng.normal(size=(4, 3)), b_gk=rng.normal(size=4), a_fv=1 / 3)
    rule.save(tmp_path / "rule.json")
    read = Rule.load(tmp_path / "rule.json")
    for name in Rule._fields:
        np.testing.assert_array_equal(getattr(read, name), getattr(rule, name))
    assert isinstance(read.a_fv, float)
    assert read.eta_k.shape == (4, 3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.update(version=2), "is a rule of version 2; this bioKV reads version 1"),
        (lambda c: c.pop("version"), "is a rule of version None; this bioKV reads version 1"),
        (lambda c: c["rule"].pop("a_gk"), "lacks a_gk"),
        (lambda c: c["rule"].update(a_hk=1.0), "has unknown a_hk"),
        (lambda c: c["rule"].update(eta_v=float("nan")), "eta_v must be a finite number"),
        (lambda c: c["rule"].update(b_fk=[0.1, float("inf")]), "b_fk must be a finite number, or an array"),
        (lambda c: c["rule"].update(b_fk=[[1], [1, 2]]), "b_fk must be a finite number, or an array"),
        (lambda c: c["rule"].update(decay="slow"), "decay must be a finite number"),
        (lambda c: c["rule"].update(decay=None), "decay must be a finite number"),
        (lambda c: c.pop("rule"), "is not a rule"),
        (lambda c: c.update(format="a song"), "is not a rule"),
    ],
)
def test_a_file_that_is_no_rule_of_this_version_is_refused_by_name(change, message, tmp_path):
    path = saved(tmp_path / "rule.json", change)
    with pytest.raises(ValueError, match=r"rule\.json") as problem:
        Rule.load(path)
    assert message in str(problem.value)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("content", ["", "eta_k: 1", "[1, 2]", "3"])
def test_what_is_not_a_rule_at_all_is_refused_too(content, tmp_path):
    (tmp_path / "rule.json").write_text(content)
    with pytest.raises(ValueError, match=r"rule\.json is not a rule"):
        Rule.load(tmp_path / "rule.json")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"cannot read the rule .*none\.json: No such file"):
        Rule.load(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("name", "shape", "fits"),
    [
        ("eta_k", (5, 3), True), ("eta_k", (5, 1), True), ("eta_k", (3,), True), ("eta_k", (5,), False),
        ("eta_v", (2, 5), True), ("decay", (2, 1), True), ("decay", (1, 2, 5), False), ("a_fk", (3,), True),
        ("a_fk", (5,), False), ("b_gk", (5,), True), ("a_fv", (5,), True), ("b_gv", (2,), True), ("axon", (5,), False),
    ],
)  # fmt: skip
def test_a_parameter_may_be_an_array_of_one_a_neuron_or_a_synapse(name, shape, fits):
    """d = 3, N = 5, m = 2."""
    rule = SIMPLE._replace(**{name: np.ones(shape)})
    if fits:
        assert getattr(check_rule(rule, 3, 5, 2), name).shape == shape
    else:
        with pytest.raises(ValueError, match=f"^{name} must be .*; got an array of shape"):
            check_rule(rule, 3, 5, 2)


@pytest.mark.parametrize("rule", [None, "simple.json", tuple(SIMPLE), SIMPLE._replace(eta_k=None)])
def test_anything_else_is_no_rule(rule):
    with pytest.raises(ValueError, match="must be"):
        check_rule(rule, 3, 5, 2)

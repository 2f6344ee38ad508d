"""The mistakes of benchmarks/mutants can still be made, and the tests that should notice them are there."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def mutants(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks.mutants.__main__ import MUTANTS

    return MUTANTS


def test_what_a_mutant_changes_stands_once_in_its_file(mutants):
    assert len(mutants) >= 60
    for mutant in mutants:
        assert (ROOT / mutant.file).read_text().count(mutant.before) == 1, mutant
        assert mutant.before != mutant.after


def test_the_tests_that_it_names_are_there(mutants):
    for name in {name for mutant in mutants for name in mutant.tests}:
        path, _, test = name.partition("::")
        assert (ROOT / path).exists(), name
        if test:
            assert f"def {test.partition('[')[0]}(" in (ROOT / path).read_text(), name

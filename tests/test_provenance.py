"""The record of a run names the checkout it ran from, whatever the caller has set for git."""

from __future__ import annotations

import subprocess

import pytest
from conftest import ROOT

from bioKV.studies.record import git_revision

pytestmark = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no checkout")


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE"])
def test_no_variable_of_git_moves_the_revision_elsewhere(name, tmp_path, monkeypatch):
    before = git_revision()
    assert before is not None
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    places = {"GIT_WORK_TREE": tmp_path, "GIT_INDEX_FILE": tmp_path / "index"}
    monkeypatch.setenv(name, str(places.get(name, tmp_path / ".git")))
    assert git_revision() == before

"""A plug-in of pytest that tells coverage which test runs, and notes how long each took that passed."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path

import pytest
from coverage import Coverage


def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Seconds())


def pytest_runtest_logstart(nodeid):
    _now_runs(nodeid)


def pytest_runtest_logfinish():
    _now_runs("")


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef, request):
    """What a fixture of a file runs, it runs for all tests of the file."""
    shared = fixturedef.scope != "function"
    if shared:
        _now_runs(request.node.nodeid.partition("::")[0])
    try:
        return (yield)
    finally:
        if shared:
            _now_runs(os.environ.get("PYTEST_CURRENT_TEST", ""))


def _now_runs(context: str) -> None:
    if (current := Coverage.current()) is not None:  # where pytest itself distributes tests there is none
        current.switch_context(context)


class Seconds:
    """The seconds of the tests that passed, beside the settings of coverage; what is known of other files stays."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.others: set[str] = set()

    def pytest_runtest_logreport(self, report):
        self.seconds[report.nodeid] += report.duration
        if not report.passed:
            self.others.add(report.nodeid)

    def pytest_sessionfinish(self):
        path = Path(os.environ["COVERAGE_PROCESS_START"]).parent / "seconds.json"
        files = {test.partition("::")[0] for test in self.seconds}
        known = json.loads(path.read_text()) if path.exists() else {}
        known = {test: took for test, took in known.items() if test.partition("::")[0] not in files}
        passed = {test: round(took, 3) for test, took in self.seconds.items() if test not in self.others}
        path.write_text(json.dumps(known | passed, indent=0))

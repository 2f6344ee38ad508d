"""What all tests share: a random stream, a cache folder of their own, and what is installed."""

from __future__ import annotations

import os

os.environ.setdefault("MPLBACKEND", "Agg")  # before anything imports matplotlib: a test opens no window

import gc
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from bioKV.engines.toolchain import compiler

ROOT = Path(__file__).parents[1]
FOLDERS = ("bioKV", "models", "protocols", "analysis")

# The same examples every time: a test that passes today passes tomorrow. The first example loads modules: no deadline.
settings.register_profile("bioKV", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("bioKV")


@pytest.fixture
def rng() -> np.random.Generator:
    """The same stream for every test, whatever ran before."""
    return np.random.default_rng(2021)


@pytest.fixture(scope="module", autouse=True)
def what_stays_is_not_searched():
    """Brian2 collects garbage at every run. In a process with all that tests import and keep, that takes longer than
    many a run; what is there between two files stays there."""
    yield
    gc.collect()
    gc.freeze()


def pytest_collection_finish():
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def private_cache(tmp_path_factory):
    """Compiled networks of the tests go to a folder of this session, never to the user's."""
    folder = tmp_path_factory.mktemp("bioKV-cache")
    folder.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BIOKV_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def nothing_is_optimised_every_day(request, tmp_path_factory):
    """The compilers of the everyday tests, of C++ and of JAX, leave out what they optimise, which takes a third of
    their time or more. Where slow tests are run, programs are those of users."""
    if any("slow" in item.keywords for item in request.session.items):
        yield
        return
    real = compiler()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")  # where it is not loaded yet
        if "jax" in sys.modules:
            sys.modules["jax"].config.update("jax_disable_most_optimizations", True)
        if real is not None:
            path = tmp_path_factory.mktemp("compiler") / "c++"
            path.write_text(f'#!/bin/sh\nexec {real} "$@" -O0\n')
            path.chmod(0o700)
            patch.setenv("CXX", str(path))
        yield


@pytest.fixture(scope="session", autouse=True)
def auto_does_not_compile():
    """The engine "auto" is NumPy in the process of the tests: they compile where they ask for "compiled", and only
    there. Commands in a process of their own name their engine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bioKV.engines.choose.trouble", lambda folder: "tests do not compile unasked")
        yield


@pytest.fixture(autouse=True)
def pictures_are_files_alone(request, monkeypatch):
    """Commands in the process of the tests draw their pictures and leave empty files: to write them takes longer than
    most of what they do. Tests of what is in a picture have the mark `pictures`."""

    def leave_empty(figure, stem, style):
        paths = [stem.with_name(f"{stem.name}.{kind}") for kind in style.formats]
        for path in paths:
            path.touch()
        return paths

    if "pictures" not in request.keywords:
        monkeypatch.setattr("bioKV.studies.pictures.write_figure", leave_empty)


@pytest.fixture
def tables_alone(monkeypatch):
    """Runs in the process of the tests end with their table: it is neither summed up nor drawn, which takes longer
    than a few trials. Of what is printed and drawn there are tests of its own."""
    monkeypatch.setattr("bioKV.studies.run.print_summary", lambda *given: None)
    monkeypatch.setattr("bioKV.studies.run.draw_accuracy", lambda *given: [])


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Path:
    """A wheel built from a copy of the sources, so that nothing is left in the checkout and nothing old gets in."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "--no-build-isolation", "--no-index", "-w", out]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory) -> Path:
    """The Python of an environment in which this wheel is installed; all other packages are those of this one."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    shutil.unpack_archive(wheel, site, "zip")
    (site / "others.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin" / "python"

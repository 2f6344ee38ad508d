"""What all tests share: a random stream, and a cache folder of their own."""

from __future__ import annotations

import os

os.environ.setdefault("MPLBACKEND", "Agg")  # before anything imports matplotlib: a test opens no window

import numpy as np
import pytest
from hypothesis import settings

# The same examples every time: a test that passes today passes tomorrow. The first example loads modules: no deadline.
settings.register_profile("bioKV", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("bioKV")


@pytest.fixture
def rng() -> np.random.Generator:
    """The same stream for every test, whatever ran before."""
    return np.random.default_rng(2021)


@pytest.fixture(scope="session", autouse=True)
def private_cache(tmp_path_factory):
    """Compiled networks of the tests go to a folder of this session, never to the user's."""
    folder = tmp_path_factory.mktemp("bioKV-cache")
    folder.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BIOKV_CACHE", str(folder))
        yield folder

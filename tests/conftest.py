"""Fixtures that all tests share."""

import numpy as np
import pytest


@pytest.fixture
def rng():
    """A Generator with a seed of its own, so that a test does not depend on those before it."""
    return np.random.default_rng(2021)

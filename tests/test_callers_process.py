"""What is imported and drawn on the way changes nothing in the caller's process."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

STATE = """
import random, warnings
import numpy as np
import matplotlib as mpl

def state():
    chosen = [dict.get(mpl.rcParams, name) for name in ("backend", "backend_fallback")]
    return random.getstate(), np.random.get_state()[1].tolist(), list(warnings.filters), chosen

"""
WORK = {
    "a bar of progress": """
from bioKV.progress import bar
before = state()
with bar("a", 1):
    pass
""",
    "a printed table": """
from bioKV.studies.printed_table import print_shown
before = state()
print_shown("a sentence")
""",
    "JAX": """
from bioKV.learning.jax_extra import require_jax
before = state()
require_jax()
""",
    "Elephant, Bokeh and pynwb": """
import bioKV.analysis.firing_figure, bioKV.export.nwb, bioKV.report.page
from bioKV.importing import require
before = state()
for package in ("elephant", "bokeh", "pynwb"):
    require(package, "x", "a test")
""",
    "a picture where no backend is chosen": """
import bioKV.analysis.curves
from bioKV.studies.pictures import plain_matplotlib
before = state()
with plain_matplotlib():
    import matplotlib.pyplot as plt
    plt.close(plt.figure())
assert plt._backend_mod is None  # so that the caller's first figure chooses one with windows, on a screen
""",
}
NEEDS = {"JAX": ("jax", "optax"), "Elephant, Bokeh and pynwb": ("elephant", "bokeh", "pynwb")}


@pytest.mark.parametrize("work", WORK)
def test_random_numbers_filters_and_backend_are_as_before(work):
    for package in NEEDS.get(work, ()):
        pytest.importorskip(package)
    code = STATE + WORK[work] + "assert [a == b for a, b in zip(before, state())] == [True] * 4"
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]

"""A process that is ours alone imports Brian2 without pyplot, and leaves no trace of how."""

import subprocess
import sys

from bioKV.engines.cache import import_folder

LOOK = """
import sys
import bioKV.engines.compile
import brian2
print(*(name for name in ("matplotlib.pyplot", "pytest") if name in sys.modules))
print(*(name for name, module in sys.modules.items() if module is None and name in ("pylab", "pytest")))
import pylab, pytest
"""


def test_what_compiles_loads_neither_pictures_nor_pytest():
    done = subprocess.run([sys.executable, "-c", LOOK], cwd=import_folder(), capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("\n\n", 0), done.stderr


def test_where_brian2_is_there_it_stays_as_it_is():
    import brian2

    from bioKV.engines import brian2_alone

    assert sys.modules["brian2"] is brian2
    assert not hasattr(brian2_alone, "brian2")

"""Brian2 without pylab and pytest, which take a third of the time of its import.

Only processes that are ours alone import this, before anything else of Brian2. It does without either where it cannot
be imported, and all that it computes is the same.
"""

import sys

if "brian2" not in sys.modules:
    for left_out in ("pylab", "pytest"):
        sys.modules[left_out] = None  # type: ignore[assignment]  # Python's way to say that there is no such package
    try:
        import brian2  # noqa: F401
    finally:
        for left_out in ("pylab", "pytest"):
            del sys.modules[left_out]

"""Brian2 as our networks need it while one is built or runs, and the caller's again afterwards.

Brian2's preferences, its device and NumPy's global random numbers are one for the whole process. What a caller has set
there must change none of our numbers, and what we set there must not be seen by the caller.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from ..stopping import handlers_kept
from .brian2_keys import quick_keys

OURS = {"codegen.target": "numpy", "core.stop_on_keyboard_interrupt": False}  # or Ctrl-C ends a run early, in silence
_one_at_a_time = threading.RLock()


def our_preferences() -> dict[str, object]:
    """Set Brian2's preferences to its defaults and OURS; returns those that were others before."""
    import brian2

    before = {}
    for base, (names, _) in brian2.prefs.pref_register.items():
        for name, preference in names.items():
            full = f"{base}.{name}"
            wanted = OURS.get(full, preference.default)
            if brian2.prefs[full] != wanted:
                before[full] = brian2.prefs[full]
                brian2.prefs[full] = wanted
    return before


@contextmanager
def isolated() -> Iterator[None]:
    """Our preferences and the runtime device inside; preferences, device and random numbers of the caller afterwards.

    Threads take turns: inside there is one stream of random numbers for the whole process.
    """
    with handlers_kept() if "brian2" not in sys.modules else nullcontext():  # it would take SIGINT
        import brian2
    from brian2.devices.device import reset_device, runtime_device

    with _one_at_a_time:
        random_numbers = runtime_device.get_random_state()
        before: dict[str, object] = {}
        brian2.set_device("runtime")
        try:
            before = our_preferences()
            with quick_keys():
                yield
        finally:
            for name, value in before.items():
                brian2.prefs[name] = value
            reset_device()
            runtime_device.set_random_state(random_numbers)

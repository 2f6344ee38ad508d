"""Parts that neurons of several populations have."""

from __future__ import annotations

import numpy as np

from .parts import Event, Part

# time since the onset of the presentation, at the middle of the step: no comparison falls on a rounding error
TIME = Part("""
    window : second (shared, constant)
    stimulus_time : second (shared, constant)
    since_onset = t - window*floor((t + 0.5*dt)/window) + 0.5*dt : second (shared)
    stimulus = int(since_onset < stimulus_time) : 1 (shared)
""")
COUNT = Part(
    """
    n_spikes : 1           # in this presentation
    n_evoked : 1           # of these while the stimulus was on
    """,
    at={"spike": "n_spikes += 1\nn_evoked += stimulus", "onset": "n_spikes = 0\nn_evoked = 0"},
    reads=("n_spikes", "n_evoked"),
)
# when output spikes are read, and hidden ones are votes
READING = """
    read_onset : second (shared, constant)
    read_stop : second (shared, constant)
    reading = int(since_onset > read_onset)*int(since_onset < read_stop) : 1 (shared)
"""
# neurons of a population are all alike, and have no noise, unless a mechanism says otherwise
ALIKE = Part("""
    threshold = 1 : 1 (shared)                  # as a share of the usual one
    slowness = 1 : 1 (shared)                   # of time constants, as a share of the usual ones
""")
QUIET = Part("noise = 0 : 1 (shared)")
# interneurons only count: membranes slow against the intervals between their inputs
COUNTER = Part("v : 1", at={"spike": "v -= threshold"}, events={"spike": Event("v >= threshold")}, keeps=("v",))

# or they saturate: a volley that comes to several thresholds makes one fire once, and keeps its turn
SATURATING = COUNTER._replace(at={"spike": "v -= threshold*floor(v/threshold)"})


def on_off(n_entries: int) -> Part:
    """Part that says for which entry and which sign every neuron stands: entries 0 to n - 1 ON, then the same OFF.

    Parameters
    ----------
    n_entries : int
        How many entries there are.

    Returns
    -------
    Part
        The part "on/off", of 2 n neurons.
    """
    return Part(
        """
        column : integer (constant)      # of the tables: the entry, counted over all trials
        polarity : 1 (constant)          # +1 ON, -1 OFF
        trial : integer (constant)
        """,
        first={"column": np.tile(np.arange(n_entries), 2), "polarity": np.repeat([1.0, -1.0], n_entries)},
    )

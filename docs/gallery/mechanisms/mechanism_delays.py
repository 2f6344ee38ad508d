"""
Delays: axons of unequal length
===============================

With ``axon_delay`` the axons of a population have delays that lie evenly between zero and this, and ``delay_spread``
makes those of the inhibition differ. Without either, spikes that are fired together arrive together.
"""

import matplotlib.pyplot as plt
import numpy as np

from bioKV import Episode, Parameters, SpikingMemory
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.protocols import autoassociative
from bioKV.units import ms

# %%
# What to expect: output neurons fire in volleys, because each vote reaches all of them at once. Delays of up to 10 ms
# smear the volleys; what is recalled should suffer little, since a recall is a sum over tens of milliseconds.

episode = Episode.stack(
    [
        autoassociative(np.random.default_rng(trial), 3, key_dim=20)
        for trial in range(10)
    ]
)
figure, axes = plt.subplots(
    2, 1, sharex=True, sharey=True, figsize=(6.4, 3.8), layout="constrained"
)
for ax, longest in zip(axes, (0 * ms, 10 * ms), strict=True):
    parameters = Parameters(axon_delay=longest, delay_spread=0.5 if longest else 0.0)
    memory = SpikingMemory(20, 6, 20, parameters=parameters, engine="numpy")
    response = memory.respond(episode, np.random.default_rng(1), record="output")
    begin, end = response.windows_ms[3]
    spikes = response.spikes["output"].of_trial(0).between(begin, end)
    counts, edges = np.histogram(
        spikes.t_ms - begin, np.arange(0, end - begin + 1, 1.0)
    )
    ax.stairs(counts, edges, fill=True, color="#009E73")
    said = f"{float(longest) * 1e3:g} ms"
    ax.set(title=f"longest delay {said}", ylabel="output spikes per ms")
    print(
        f"longest delay {said}: largest volley {counts.max()} of 40 neurons, variance over mean of the counts"
        f" {counts.var() / counts.mean():.1f}, accuracy {accuracy(response, episode).mean():.3f}"
    )
axes[-1].set_xlabel("time since the first query (ms)")
plt.show()

# %%
# On the command line: ``--set axon_delay=10ms --set delay_spread=0.5``.

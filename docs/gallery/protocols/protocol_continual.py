"""
A continual stream
==================

Patterns come one after the other for as long as the animal lives, and each may be asked for a fixed number of steps
after it was seen. Nothing marks the end of learning.

It is the task of section 3.3 and figure 4a. With ``store="asked"``, as in the authors' code, the gate q is open for
those patterns only that will be asked for; with ``store="all"`` for every new one.
"""

import matplotlib.pyplot as plt
import numpy as np

from bioKV import Episode, SpikingMemory
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.analysis.raster import plot_raster
from bioKV.analysis.task import plot_task
from bioKV.models import Hopfield, KeyValueMemory
from bioKV.protocols import continual

# %%
# What is shown, and what is asked
# --------------------------------
# A column for each presentation. Arrows lead from a recall to the presentation that stored what it asks for; framed
# values are right answers, which no memory is shown.

episode = continual(np.random.default_rng(7), delay=2, n_steps=8, key_dim=20)
plot_task(episode)
plt.show()

# %%
# In spikes
# ---------
# Storing (orange), recall (blue) and patterns that are seen and not stored (grey) interleave. Lines above say how long
# ago a recalled pattern was stored.

memory = SpikingMemory(20, 8, 20, engine="numpy")
response = memory.respond(
    episode,
    np.random.default_rng(2),
    record=("input", "feedforward", "hidden", "interneuron", "output", "dendrite"),
)
plot_raster(response, episode)
plt.show()
print("entries recalled with the right sign:", float(accuracy(response, episode)))

# %%
# How hard it is
# --------------
# Rate memories over 8 streams of 600 steps. Slots in turn keep every pattern until its slot comes round again, and
# lose it then if something is stored. A Hopfield network whose weights decay forgets gradually, from the first step
# on.

delays = (1, 5, 10, 20, 40, 60, 80, 120, 160)
figure, ax = plt.subplots(figsize=(4.6, 3.4), layout="constrained")
for name, one, marker in (
    ("key-value, 40 slots", KeyValueMemory(40, 40, 40), "o"),
    ("Hopfield, decay 0.95", Hopfield(40, decay=0.95), "D"),
):
    scores = []
    for delay in delays:
        streams = np.random.default_rng(0).spawn(8)
        trials = Episode.stack(
            [continual(rng, delay=delay, n_steps=600) for rng in streams]
        )
        scores.append(accuracy(one.respond(trials, streams), trials).mean())
    ax.plot(delays, scores, marker=marker, label=name)
ax.axhline(0.5, color="grey", linestyle=":", label="chance")
ax.set(
    xlabel="delay (steps from storing to recall)",
    ylabel="accuracy (fraction of bits)",
    ylim=(0.45, 1.03),
)
ax.legend(frameon=False)
plt.show()

# %%
# On the command line: ``biokv run continual --delay 1,20,40,80 --n-steps 300 --memory rate --memory hopfield --out
# runs/continual``.

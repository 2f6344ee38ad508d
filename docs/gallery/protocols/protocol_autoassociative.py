"""
Autoassociative recall
======================

Store patterns, then complete each from a damaged copy: an episode is brought back by a part of itself.

It is the task of the paper's section 3.1. The value of every pattern is the pattern. In a query every entry is unknown
with the probability ``corruption``.
"""

import matplotlib.pyplot as plt
import numpy as np

from bioKV import Episode, SpikingMemory
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.analysis.raster import plot_raster
from bioKV.analysis.task import plot_task
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative

# %%
# What is shown, and what is asked
# --------------------------------
# A column for each presentation. Arrows lead from a recall to the presentation that stored what it asks for; framed
# values are right answers, which no memory is shown.

episode = autoassociative(
    np.random.default_rng(1), n_pairs=3, key_dim=20, corruption=0.6
)
plot_task(episode)
plt.show()

# %%
# In spikes
# ---------
# Three patterns are stored, each in the slot whose dendrite has a plateau. At recall the same slot speaks, and the
# output neurons complete the pattern.

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
# The rate memory, over 20 trials. With 40 slots in turn, up to 40 pairs have a slot each. Then the oldest are lost, and
# with fewer known entries a query is more easily taken for another pattern.

pairs = (5, 10, 20, 30, 40, 50, 60, 80)
figure, ax = plt.subplots(figsize=(4.6, 3.4), layout="constrained")
for corruption, marker in ((0.3, "o"), (0.6, "s"), (0.8, "^")):
    scores = []
    for n_pairs in pairs:
        streams = np.random.default_rng(0).spawn(20)
        trials = Episode.stack(
            [autoassociative(rng, n_pairs, corruption=corruption) for rng in streams]
        )
        scores.append(
            accuracy(KeyValueMemory(40, 40, 40).respond(trials, streams), trials).mean()
        )
    ax.plot(pairs, scores, marker=marker, label=f"{corruption:.0%} unknown")
ax.axvline(40, color="grey", linestyle=":")
ax.set(
    xlabel="stored patterns", ylabel="accuracy (fraction of bits)", ylim=(0.45, 1.03)
)
ax.legend(frameon=False)
plt.show()

# %%
# On the command line: ``biokv run autoassociative --n-pairs 5:80:15 --corruption 0.3,0.6,0.8 --memory rate --memory
# spiking --out runs/autoassociative``.

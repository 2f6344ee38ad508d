"""
Heteroassociative recall
========================

Store pairs of a key and a value that have nothing to do with each other, then ask for the value with a damaged key: a
name for a face.

It is the task of figure 5a. The value cannot be guessed from the query, so what comes out was stored.
"""

import matplotlib.pyplot as plt
import numpy as np

from bioKV import Episode, SpikingMemory
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.analysis.raster import plot_raster
from bioKV.analysis.task import plot_task
from bioKV.models import BAM, KeyValueMemory
from bioKV.protocols import heteroassociative

# %%
# What is shown, and what is asked
# --------------------------------
# A column for each presentation. Arrows lead from a recall to the presentation that stored what it asks for; framed
# values are right answers, which no memory is shown.

episode = heteroassociative(
    np.random.default_rng(3), n_pairs=3, key_dim=20, value_dim=10, corruption=0.6
)
plot_task(episode)
plt.show()

# %%
# In spikes
# ---------
# Keys of 20 entries, values of 10: twice as many neurons in the input as in the output.

memory = SpikingMemory(20, 8, 10, engine="numpy")
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
# The key-value memory (rate) beside a bidirectional associative memory (BAM; Kosko, 1988), which stores all pairs in
# one matrix, over 20 trials. Pairs that share synapses disturb each other; pairs in slots of their own do not.

pairs = (2, 5, 10, 20, 30, 40, 60)
figure, ax = plt.subplots(figsize=(4.6, 3.4), layout="constrained")
for name, one, marker in (
    ("key-value, 40 slots", KeyValueMemory(40, 40, 20), "o"),
    ("BAM", BAM(40, 20), "v"),
):
    scores = []
    for n_pairs in pairs:
        streams = np.random.default_rng(0).spawn(20)
        trials = Episode.stack([heteroassociative(rng, n_pairs) for rng in streams])
        scores.append(accuracy(one.respond(trials, streams), trials).mean())
    ax.plot(pairs, scores, marker=marker, label=name)
ax.axhline(0.5, color="grey", linestyle=":", label="chance")
ax.set(xlabel="stored pairs", ylabel="accuracy (fraction of bits)", ylim=(0.45, 1.03))
ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 0.18))
plt.show()

# %%
# With pictures and labels of your own it is the second tutorial. On the command line: ``biokv run heteroassociative
# --memory rate --memory bam --n-pairs 2,5,10,20,40 --out runs/heteroassociative``.

"""
Graded patterns
===============

Store patterns of real numbers between -1 and 1, such as normalised rates, and ask for each.

Binary tasks score the sign of an entry. Here sizes matter, and the overlap (cosine) of answer and pattern is scored
beside it. In spikes the size of an entry is the rate of its ON or OFF neuron.
"""

import matplotlib.pyplot as plt
import numpy as np

from bioKV import SpikingMemory
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.analysis.measures.cosine import cosine
from bioKV.analysis.raster import plot_raster
from bioKV.analysis.task import plot_task
from bioKV.models import KeyValueMemory
from bioKV.protocols import graded

# %%
# What is shown, and what is asked
# --------------------------------
# A column for each presentation. Arrows lead from a recall to the presentation that stored what it asks for; framed
# values are right answers, which no memory is shown.

episode = graded(np.random.default_rng(1), n_pairs=3, key_dim=20, sd=0.5)
plot_task(episode)
plt.show()

# %%
# In spikes
# ---------

memory = SpikingMemory(20, 8, 20, engine="numpy")
response = memory.respond(
    episode,
    np.random.default_rng(2),
    record=("input", "feedforward", "hidden", "interneuron", "output", "dendrite"),
)
plot_raster(response, episode)
plt.show()

# %%
# Answers against what was stored
# -------------------------------
# The rate memory, given the same plateaus, reads its values linearly. So do the spikes, with the noise of a count of
# few spikes. Each answer is scaled to the largest entry of its pattern.

rate = KeyValueMemory(20, 8, 20).respond(
    episode.with_third_factor(response.third_factor), np.random.default_rng(2)
)
figure, axes = plt.subplots(1, 2, figsize=(6.6, 3.3), sharey=True, layout="constrained")
asked = episode.is_recall
for ax, (name, of) in zip(
    axes, {"spiking": response, "rate": rate}.items(), strict=True
):
    answer, stored = of.values[asked], episode.values[asked]
    scaled = (
        answer
        / np.abs(answer).max(axis=1, keepdims=True)
        * np.abs(stored).max(axis=1, keepdims=True)
    )
    ax.axline((0, 0), slope=1, color="grey", linestyle=":")
    ax.plot(stored.ravel(), scaled.ravel(), "o", markersize=4, color="black", alpha=0.7)
    ax.set(title=name, xlabel="stored entry", aspect="equal")
    print(
        f"{name:8} overlap {float(cosine(of, episode)):.3f}, signs right {float(accuracy(of, episode)):.3f}"
    )
axes[0].set_ylabel("recalled entry (scaled)")
plt.show()

# %%
# On the command line: ``biokv compare graded --n-pairs 10,20,40 --out runs/graded``.

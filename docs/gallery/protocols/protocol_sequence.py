"""
A sequence that plays itself
============================

Store a sequence in which every pattern is the key to the next one. Then show one pattern as a prompt, and let the
memory go on: each answer is the next query.

It is the task of figure 5b. In spikes the loop is made of neurons too: output neurons charge latches in the input,
which are read at the onset of the next presentation.
"""

import matplotlib.pyplot as plt
import numpy as np

from bioKV import Episode, SpikingMemory
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.analysis.raster import plot_raster
from bioKV.analysis.task import plot_task
from bioKV.models import KeyValueMemory
from bioKV.protocols import sequence

# %%
# What is shown, and what is asked
# --------------------------------
# A column for each presentation. Arrows lead from a recall to the presentation that stored what it asks for; framed
# values are right answers, which no memory is shown.

episode = sequence(np.random.default_rng(3), n_patterns=4, key_dim=20)
plot_task(episode)
plt.show()

# %%
# In spikes
# ---------
# Green bars mark presentations whose key is what the output neurons said just before. The prompt is shown from outside,
# and all that follows is recall.

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
# The rate memory over 20 sequences. As long as every pattern has a slot, the whole sequence plays from any prompt. One
# pattern more, and the first slot is overwritten; an error does not stay alone, since the next query is made of it.

lengths = (5, 10, 20, 30, 38, 40, 42, 45, 50)
figure, ax = plt.subplots(figsize=(4.6, 3.4), layout="constrained")
scores = []
for n_patterns in lengths:
    streams = np.random.default_rng(0).spawn(20)
    trials = Episode.stack([sequence(rng, n_patterns) for rng in streams])
    scores.append(accuracy(KeyValueMemory(40, 40, 40).respond(trials, streams), trials))
ax.plot(
    lengths, [score.mean() for score in scores], "o-", color="black", label="mean of 20"
)
for n_patterns, score in zip(lengths, scores, strict=True):
    ax.plot(
        np.full(score.shape, n_patterns),
        score,
        ".",
        color="grey",
        alpha=0.4,
        markersize=4,
        label="_" if n_patterns > lengths[0] else "one sequence each",
    )
ax.axvline(40, color="grey", linestyle=":")
ax.set(
    xlabel="length of the sequence",
    ylabel="accuracy (fraction of bits)",
    ylim=(0.35, 1.03),
)
ax.legend(frameon=False)
plt.show()

# %%
# On the command line: ``biokv raster sequence --n-patterns 4 --out runs/sequence``.

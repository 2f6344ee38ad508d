"""
Patterns that resemble each other
=================================

Store patterns that are redrawn from one template, as the mornings of a week are, and ask for each.

It is the task of figure 4c. The more two keys have in common, the fewer entries of a query tell them apart. In a
Hopfield network, whose synapses add up all patterns, what they have in common drowns what tells them apart.
"""

import matplotlib.pyplot as plt
import numpy as np

from bioKV import Episode, SpikingMemory
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.analysis.raster import plot_raster
from bioKV.analysis.task import plot_task
from bioKV.models import Hopfield, KeyValueMemory
from bioKV.protocols import correlated

# %%
# What is shown, and what is asked
# --------------------------------
# A column for each presentation. Arrows lead from a recall to the presentation that stored what it asks for; framed
# values are right answers, which no memory is shown.

episode = correlated(np.random.default_rng(1), n_pairs=3, correlation=0.6, key_dim=20)
plot_task(episode)
plt.show()

# %%
# In spikes
# ---------
# Several slots have a drive above threshold at a recall, for their keys are alike. Inhibition lets the best win most of
# the votes.

memory = SpikingMemory(20, 8, 20, engine="numpy")
response = memory.respond(
    episode,
    np.random.default_rng(2),
    record=("input", "feedforward", "hidden", "interneuron", "output", "dendrite"),
)
plot_raster(response, episode)
plt.show()
stored = episode.keys[episode.is_store]
print(
    "overlap of the stored patterns:",
    np.round((stored @ stored.T / 20)[np.triu_indices(3, 1)], 2),
)
print("entries recalled with the right sign:", float(accuracy(response, episode)))

# %%
# How hard it is
# --------------
# Rate memories, 20 patterns, 20 trials, against the correlation with the template.

correlations = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9)
figure, ax = plt.subplots(figsize=(4.6, 3.4), layout="constrained")
for name, one, marker in (
    ("key-value, 40 slots", KeyValueMemory(40, 40, 40), "o"),
    ("Hopfield", Hopfield(40), "D"),
):
    scores = []
    for correlation in correlations:
        streams = np.random.default_rng(0).spawn(20)
        trials = Episode.stack(
            [correlated(rng, correlation=correlation) for rng in streams]
        )
        scores.append(accuracy(one.respond(trials, streams), trials).mean())
    ax.plot(correlations, scores, marker=marker, label=name)
ax.plot(
    correlations,
    [0.5 + c / 2 for c in correlations],
    ":",
    color="grey",
    label="the template, always",
)
ax.set(
    xlabel="correlation with the template",
    ylabel="accuracy (fraction of bits)",
    ylim=(0.45, 1.03),
)
ax.legend(frameon=False, loc="lower right")
plt.show()

# %%
# The dotted line is worth a look wherever patterns are alike: an answer that is always the template gets so many
# entries right without a memory of any pattern.
#
# On the command line: ``biokv run correlated --correlation 0.3,0.6,0.9 --n-pairs 20 --memory rate --memory hopfield
# --out runs/correlated``.

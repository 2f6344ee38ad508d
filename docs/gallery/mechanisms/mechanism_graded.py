"""
Graded input: sizes as rates
============================

For patterns of real numbers, the size of an entry is the rate of its ON neuron (above 0) or of its OFF neuron (below
0). Weights stand around the middle of their range, and outputs fire at a rate in proportion to what they are told.
"""

import matplotlib.pyplot as plt
import numpy as np

from bioKV import Episode, SpikingMemory
from bioKV.analysis.measures.cosine import cosine
from bioKV.protocols import graded

# %%
# The mechanism is added where an episode shows more than signs. What to expect: on the input side counts of spikes that
# follow the entry, as far as a tenth of a second at 100 Hz can; on the output side the same with the noise of recall.

episode = Episode.stack(
    [graded(np.random.default_rng(trial), n_pairs=3, key_dim=20) for trial in range(10)]
)
memory = SpikingMemory(20, 6, 20, engine="numpy")
response = memory.respond(episode, np.random.default_rng(1))

store, recall = ~episode.is_recall[0], episode.is_recall[0]
figure, axes = plt.subplots(1, 2, figsize=(7, 3.2), layout="constrained")
for half, name, colour, marker in (
    (slice(0, 20), "ON", "#0072B2", "o"),
    (slice(20, 40), "OFF", "#D55E00", "s"),
):
    shown = episode.keys[:, store].ravel()
    spikes = response.counts["input"][:, store, half].ravel()
    axes[0].plot(
        shown,
        spikes,
        marker,
        color=colour,
        markersize=3,
        alpha=0.5,
        label=f"{name} neuron",
    )
    asked = episode.values[:, recall].ravel()
    spikes = response.counts["output"][:, recall, half].ravel()
    axes[1].plot(
        asked,
        spikes,
        marker,
        color=colour,
        markersize=3,
        alpha=0.5,
        label=f"{name} neuron",
    )
axes[0].set(
    title="input, while storing",
    xlabel="entry of the key",
    ylabel="spikes in the presentation",
)
axes[1].set(
    title="output, at recall",
    xlabel="entry of the right answer",
    ylabel="spikes in the presentation",
)
axes[0].legend(frameon=False)
plt.show()
print(
    f"overlap (cosine) of answers and patterns: {cosine(response, episode).mean():.3f}"
)

# %%
# On the command line: ``biokv compare graded --n-pairs 10,20,40``; ``--patterns FILE`` takes your own numbers.

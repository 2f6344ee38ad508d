"""
Assembly: several neurons share a slot
======================================

A slot is not one neuron but a few, four by default. Their dendrites are coupled, so that one plateau writes all of
them, and their votes are counted together.

A recall lasts a tenth of a second, in which one neuron fires a few spikes. More neurons per slot mean more votes, and
shares of votes that are a finer sample of the softmax.
"""

import matplotlib.pyplot as plt
import numpy as np

from bioKV import Episode, Parameters, SpikingMemory
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative

# %%
# The same trials with one neuron per slot and with four. Eight of ten entries of a query are unknown, so that recalls
# are hard and the softmax is not just 0 and 1.

PAIRS = 4
episode = Episode.stack(
    [
        autoassociative(
            np.random.default_rng(trial), PAIRS, key_dim=40, corruption=0.85
        )
        for trial in range(20)
    ]
)
recall = episode.is_recall[0]
figure, axes = plt.subplots(
    1, 2, sharex=True, sharey=True, figsize=(6.8, 3.5), layout="constrained"
)
for ax, per_slot in zip(axes, (1, 4), strict=True):
    memory = SpikingMemory(
        40, 8, 40, parameters=Parameters(neurons_per_slot=per_slot), engine="numpy"
    )
    response = memory.respond(episode, np.random.default_rng(1))
    twin = KeyValueMemory(40, 8, 40).respond(
        episode.with_third_factor(response.third_factor), np.random.default_rng(1)
    )
    share, softmax = response.hidden[:, recall].ravel(), twin.hidden[:, recall].ravel()
    error = np.sqrt(np.mean((share - softmax) ** 2))
    votes = response.counts["votes"][:, recall].sum(axis=-1).mean()
    ax.plot([0, 1], [0, 1], ":", color="grey")
    ax.plot(softmax, share, "o", color="black", markersize=4, alpha=0.4)
    ax.set(
        title=f"{per_slot} neuron{'s' * (per_slot > 1)} per slot",
        xlabel="softmax of the rate twin",
        aspect="equal",
    )
    print(
        f"{per_slot} per slot: {votes:.1f} votes in a recall, distance of shares from the softmax {error:.3f} (r.m.s.),"
        f" accuracy {accuracy(response, episode).mean():.3f} (rate {accuracy(twin, episode).mean():.3f})"
    )
axes[0].set_ylabel("share of the votes")
plt.show()

# %%
# On the command line: ``--set neurons_per_slot=1``. A rule that was learned with random third factors needs more of
# them, for its softmax is flat: ``biokv figure`` gives it 32.

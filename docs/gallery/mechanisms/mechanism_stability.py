"""
Stability: what was written strongly stays
==========================================

A synapse that was written with a rate q at or above a threshold is never written again (eq. 17). A moment of a strong
global third factor becomes a flashbulb memory, and its slot is spent.
"""

import matplotlib.pyplot as plt
import numpy as np

from bioKV import Episode, SpikingMemory
from bioKV.protocols.patterns import random_patterns

# %%
# Seven patterns for three slots, the second one with q = 15. What to expect: without stability the slots hold the last
# three patterns. With a threshold of 10 the slot of the second pattern freezes: it keeps that pattern, and what would
# have gone there is lost.

STRONG = 1
x = random_patterns(7, 40, np.random.default_rng(1))
gate = np.ones(7)
gate[STRONG] = 15
episode = Episode(keys=x, values=x, gate=gate, source=np.full(7, -1))

figure, axes = plt.subplots(1, 2, sharey=True, figsize=(7.2, 2.6), layout="constrained")
for ax, threshold in zip(axes, (None, 10), strict=True):
    memory = SpikingMemory(40, 3, 40, stability_threshold=threshold, engine="numpy")
    response = memory.respond(episode, np.random.default_rng(2))
    keys, _ = memory.weights(response.state)
    overlap = keys[0] @ x.T / 40
    image = ax.imshow(overlap, cmap="RdBu_r", vmin=-1, vmax=1, aspect="auto")
    ax.set(
        title=f"threshold {threshold}" if threshold else "no stability",
        xlabel="pattern, in the order of storing",
    )
    ax.set_xticks(range(7), [f"{i + 1}" + "\nq = 15" * (i == STRONG) for i in range(7)])
    print(
        "threshold",
        threshold,
        "- each slot holds pattern",
        (overlap.argmax(axis=1) + 1).tolist(),
    )
axes[0].set(ylabel="key of slot", yticks=range(3))
figure.colorbar(image, ax=axes, label="overlap")
plt.show()

# %%
# On the command line: ``biokv compare flashbulb --delay 1,20 --n-steps 300 --stability-threshold 10``.

"""
A rule with numbers
===================

The plasticity of section 2 is one member of a family (eqs. 12 to 16) with a rate, a slope and an offset for each of its
terms. Any member, written down or learned, runs in spikes: ``SpikingMemory(..., rule=Rule)``.
"""

import matplotlib.pyplot as plt
import numpy as np

from bioKV import SpikingMemory
from bioKV.models import LearnedMemory
from bioKV.protocols import autoassociative
from bioKV.rule import SIMPLE

# %%
# Here every value synapse loses a part at each step that stores (``decay``), and keys are written at half the rate.
# What to expect: keys of half the size, and values that are paler, the older they are. The weights of the spiking
# memory, ON minus OFF, should be those of the rate memory that follows the same rule with the same plateaus.

rule = SIMPLE._replace(axon=0.0, decay=0.7, eta_k=0.5)
episode = autoassociative(np.random.default_rng(1), n_pairs=4, key_dim=20)
spiking = SpikingMemory(20, 6, 20, rule=rule, engine="numpy")
response = spiking.respond(episode, np.random.default_rng(2))
rate = LearnedMemory(20, 6, 20, rule=rule)
twin = rate.respond(
    episode.with_third_factor(response.third_factor), np.random.default_rng(2)
)

figure, axes = plt.subplots(1, 2, figsize=(7, 3.4), layout="constrained")
for ax, name, ours, theirs in zip(
    axes,
    ("keys K", "values V"),
    spiking.weights(response.state),
    rate.weights(twin.state),
    strict=True,
):
    ax.axline((0, 0), slope=1, color="grey", linestyle=":")
    ax.plot(theirs.ravel(), ours.ravel(), "o", color="black", markersize=4, alpha=0.4)
    ax.set(title=name, xlabel="rate", ylabel="spiking", aspect="equal")
    print(f"{name}: correlation {np.corrcoef(theirs.ravel(), ours.ravel())[0, 1]:.3f}, largest difference"
          f" {np.abs(ours - theirs).max():.2f}")  # fmt: skip
plt.show()

sizes = np.abs(spiking.weights(response.state)[1][0]).mean(axis=0)[:4]
print("mean size of the values, oldest first:", np.round(sizes, 2))
right = np.sign(response.values[episode.is_recall]) == episode.values[episode.is_recall]
print("entries recalled with the right sign:", int(right.sum()), "of", right.size)

# %%
# ``biokv learn`` finds a rule by gradient descent and writes it into a file; ``--rule FILE`` gives it to any memory on
# the command line.

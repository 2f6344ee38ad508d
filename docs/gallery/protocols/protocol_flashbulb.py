"""
Flashbulb memories
==================

In a continual stream a few patterns come with a strong global third factor, as the day of an accident comes with
arousal. Are they kept for longer than the others?

It is the task of figure 4b. A strong q makes a difference through *stability* (eq. 17): a synapse that was written with
a rate above a threshold is never written again.
"""

import matplotlib.pyplot as plt
import numpy as np

from bioKV import Episode, SpikingMemory
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.analysis.raster import plot_raster
from bioKV.analysis.task import plot_task
from bioKV.models import KeyValueMemory
from bioKV.protocols import flashbulb

# %%
# What is shown, and what is asked
# --------------------------------
# A column for each presentation. Arrows lead from a recall to the presentation that stored what it asks for; framed
# values are right answers, which no memory is shown.

episode = flashbulb(
    np.random.default_rng(4), delay=3, n_flashbulb=1, n_steps=10, key_dim=20
)
plot_task(episode)
plt.show()

# %%
# In spikes
# ---------
# The gate at the top tells flashbulbs from ordinary patterns. Their presentations have a darker ground.

memory = SpikingMemory(20, 8, 20, stability_threshold=10, engine="numpy")
response = memory.respond(
    episode,
    np.random.default_rng(2),
    record=("input", "feedforward", "hidden", "interneuron", "output", "dendrite"),
)
plot_raster(response, episode)
plt.show()
print("entries recalled with the right sign:", float(accuracy(response, episode)))

# %%
# What stability does
# -------------------
# The rate memory over 8 streams of 600 steps, with and without a threshold. Ordinary patterns are overwritten once 40
# others were stored. Flashbulbs outlive them only where their synapses freeze.

delays = (1, 10, 20, 40, 80, 120)
figure, axes = plt.subplots(1, 2, figsize=(7, 3.2), sharey=True, layout="constrained")
for ax, threshold in zip(axes, (None, 10), strict=True):
    one = KeyValueMemory(40, 40, 40, stability_threshold=threshold)
    scores = {"regular": [], "flashbulb": []}
    for delay in delays:
        streams = np.random.default_rng(0).spawn(8)
        trials = Episode.stack(
            [flashbulb(rng, delay=delay, n_steps=600) for rng in streams]
        )
        answered = one.respond(trials, streams)
        for name, of in scores.items():
            of.append(accuracy(answered, trials, name).mean())
    for (name, of), line in zip(scores.items(), ("o-", "s--"), strict=True):
        ax.plot(delays, of, line, label=name)
    ax.set(
        xlabel="delay (steps)",
        title=f"threshold {threshold}" if threshold else "no stability",
    )
axes[0].set(ylabel="accuracy (fraction of bits)", ylim=(0.45, 1.03))
axes[0].legend(frameon=False)
plt.show()

# %%
# On the command line: ``biokv compare flashbulb --delay 1,20 --n-steps 300 --stability-threshold 10 --trials 8 --out
# runs/flashbulb``.

"""
A first recall
==============

Store four patterns in a network of spiking neurons, show it a damaged copy of each, and see which neurons bring the
rest back.

You need nothing but bioKV. The network here is small, and everything random comes from numbers that stand in the
script, so that you see the same spikes as this page.
"""

# %%
# What is shown
# -------------
# A *protocol* draws one trial and returns it as an ``Episode``: what is presented, step by step. In the
# autoassociative protocol every pattern of +1 and -1 is stored once, and then asked for with a copy in which each entry
# is unknown (0) with the probability ``corruption``. Trials lie side by side along a leading axis and run at once.

import matplotlib.pyplot as plt
import numpy as np

from bioKV import Episode, SpikingMemory
from bioKV.analysis.asked import unit_of
from bioKV.analysis.intervals import fraction_interval
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.analysis.raster import plot_raster
from bioKV.protocols import autoassociative

episode = Episode.stack(
    [
        autoassociative(
            np.random.default_rng(trial), n_pairs=4, key_dim=40, corruption=0.7
        )
        for trial in range(20)
    ]
)
print(episode)
print(
    "known entries of each query of the first trial:",
    (episode.keys[0, 4:] != 0).sum(axis=-1),
)

# %%
# What answers
# ------------
# The memory has an ON and an OFF neuron for every entry of a key, hidden neurons in groups called *slots*, and an ON
# and an OFF neuron for every entry of a value. A slot holds one pair: its incoming synapses hold the key, its outgoing
# synapses the value. ``engine="numpy"`` needs no compiler; without it bioKV takes the faster engine where it can.

memory = SpikingMemory(key_dim=40, n_slots=20, value_dim=40, engine="numpy")
response = memory.respond(
    episode,
    np.random.default_rng(2),
    record=("input", "feedforward", "hidden", "interneuron", "output", "dendrite"),
)
print(response)

# %%
# What to expect, and why
# -----------------------
# The picture is of the first trial. Time runs from left to right, one presentation after the other. Look for four
# things.
#
# - While a pattern is *stored*, one dendrite fires a dendritic spike (triangle) and stays in a plateau potential
#   (orange). That is the local third factor: it says which slot learns. The next presentation takes the next slot.
# - Plateaus go on during recalls, because dendrites do not know what a presentation is for. They write nothing there:
#   the global third factor, the gate q at the top, is 0.
# - At a *recall* the slot whose key is most like the query fires most. Interneurons answer every one of its spikes
#   with inhibition of all slots alike, so that the slots compete.
# - The output neurons of the winner's value follow. Below them the right answer stands beside the recalled one.

axes = plot_raster(response, episode)
plt.show()

# %%
# Was it right?
# -------------
# The sign of each answer is scored, one entry at a time. An entry on which no output neuron says anything counts as
# wrong. One trial says little; the interval is over trials.

scores = accuracy(response, episode)
found = fraction_interval(scores, unit_of(episode))
print(f"first trial: {scores[0]:.3f} of the entries")
print(
    f"{found.n} trials: {found.mean:.3f}, 95 % interval {found.low:.3f} to {found.high:.3f}"
)

# %%
# Which slot spoke
# ----------------
# ``response.hidden`` is each slot's share of the hidden spikes of a presentation. At a recall nearly all of them should
# come from the slot that stored the pattern: pattern 1 in slot 0, pattern 2 in slot 1, and so on.

shares = response.hidden[:, episode.is_recall[0], :8].mean(axis=0)
figure, ax = plt.subplots(figsize=(4.2, 2.8), layout="constrained")
image = ax.imshow(shares, cmap="Greys", vmin=0, vmax=1)
ax.set(
    xlabel="slot",
    ylabel="recalled pattern",
    yticks=range(4),
    yticklabels=range(1, 5),
    xticks=range(8),
    title=f"mean of {len(episode.gate)} trials",
)
figure.colorbar(image, label="share of the hidden spikes")
print("share of the slot that stored the pattern:", np.round(np.diag(shares), 3))
plt.show()

# %%
# By hand
# -------
# ``store`` and ``recall`` keep one network between calls.

rng = np.random.default_rng(4)
key, value = rng.choice([-1.0, 1.0], size=(2, 40))
memory.store(key, value)
query = np.where(rng.random(40) < 0.6, 0.0, key)
print(
    "right entries:",
    int((np.sign(memory.recall(query)) == value).sum()),
    "of",
    len(value),
)

# %%
# Where to go next
# ----------------
# - Patterns of your own, with labels, are the next tutorial.
# - How far this network is from the rate model that it stands for is the third.
# - On the command line the same picture is ``biokv raster autoassociative --n-pairs 4 --out runs/raster``.

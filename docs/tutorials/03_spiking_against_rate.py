"""
Spiking against rate
====================

The spiking network stands for a rate model: a softmax over slots, and two equations that write keys and values. Run
both on the same trials, and learn how far they are apart, with an interval.
"""

# %%
# The same trials, the same plateaus
# ----------------------------------
# Which slot learns is decided by dendrites, and in the spiking network dendrites are part of the dynamics. So that both
# memories are asked the same question, the plateaus that happened in spikes are replayed into the rate memory.

import matplotlib.pyplot as plt
import numpy as np

from bioKV import Episode, SpikingMemory
from bioKV.analysis.agreement import kappa
from bioKV.analysis.asked import unit_of
from bioKV.analysis.intervals import fraction_interval, gap_interval
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.analysis.shares import plot_shares
from bioKV.analysis.votes import inverse_temperature
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative

TRIALS = 20
episode = Episode.stack(
    [
        autoassociative(
            np.random.default_rng(trial), n_pairs=6, key_dim=40, corruption=0.8
        )
        for trial in range(TRIALS)
    ]
)
spiking = SpikingMemory(40, 12, 40, engine="numpy").respond(
    episode, np.random.default_rng(0)
)
replayed = episode.with_third_factor(spiking.third_factor)
rate = KeyValueMemory(40, 12, 40).respond(replayed, np.random.default_rng(0))

# %%
# The gap, paired by trial
# ------------------------
# Eight of ten entries of a query are unknown here, so that both memories make mistakes. What matters is their
# difference on each trial: the trials are the same, so much of what varies between trials cancels.

unit = unit_of(episode)
scores = {"spiking": accuracy(spiking, episode), "rate": accuracy(rate, episode)}
for name, of in scores.items():
    found = fraction_interval(of, unit)
    print(
        f"{name:8} accuracy {found.mean:.3f}, 95 % interval {found.low:.3f} to {found.high:.3f}"
    )
gap = gap_interval(scores["spiking"] - scores["rate"], unit)
print(
    f"spiking minus rate {gap.mean:+.3f}, 95 % interval {gap.low:+.3f} to {gap.high:+.3f}"
)

# %%
# Do they fail on the same items?
# -------------------------------
# Two memories can be right equally often, and on different items. Cohen's kappa is 1 where the same recalls are right
# as wholes in both, and 0 where no more of them agree than by chance. A trial in which all recalls are right in both
# says nothing about that, and is left out.

each = kappa(spiking, rate, episode)
told = each[np.isfinite(each)]
print(
    f"kappa: mean {told.mean():.2f} over the {len(told)} of {TRIALS} trials that can tell"
)

# %%
# Where the difference comes from
# -------------------------------
# In the rate model every slot has a weight, its softmax. In spikes a slot has *votes*, the spikes of its hidden
# neurons, and a recall has only so many of them. If votes are a fair sample, a slot's share of them is its softmax on
# average, and the points of the picture lie on the diagonal. A flatter cloud means that spikes decide less sharply. One
# number says how much: the b of softmax(b u) that fits the votes best, 1 for a fair sample.

fit = inverse_temperature(spiking.counts["votes"], rate.hidden, episode)
print(f"b = {fit.b:.2f}, standard error {fit.information**-0.5:.2f}")
votes = spiking.counts["votes"][episode.is_recall].sum(axis=-1)
print(
    f"votes in a recall: {votes.mean():.1f} on average, {votes.min():.0f} to {votes.max():.0f}"
)

figure, ax = plt.subplots(figsize=(5.2, 5.2), layout="constrained")
plot_shares(spiking, rate, episode, ax)
plt.show()

# %%
# Item by item
# ------------
# For each trial, the accuracy of both. Points on the diagonal are trials on which spiking and rate do the same.

figure, ax = plt.subplots(figsize=(3.6, 3.6), layout="constrained")
low = min(of.min() for of in scores.values()) - 0.02
ax.plot([low, 1], [low, 1], color="grey", linestyle="--", linewidth=0.8)
ax.plot(scores["rate"], scores["spiking"], "o", color="black", alpha=0.6)
ax.set(
    xlabel="rate: accuracy of a trial",
    ylabel="spiking: accuracy of the same trial",
    aspect="equal",
)
plt.show()

# %%
# Where to go next
# ----------------
# - ``biokv compare autoassociative --n-pairs 10,20,40 --out runs/compare`` does all of this for many loads, with a
#   verdict: equivalent within a margin, different, or undecided.
# - The page on fidelity says where the two are known to part.
# - Silencing the interneurons, the eighth tutorial, takes the competition away and looks at what is left.

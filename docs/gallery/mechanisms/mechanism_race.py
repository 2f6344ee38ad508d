"""
A race for the least recently used slot
=======================================

Which slot learns next? Slots in turn overwrite the oldest pair, also one that is in use. With
``LeastRecentlyUsed`` dendrites race instead: the one that has rested for longest wins, and a slot that has just won a
recall starts its rest anew.
"""

import matplotlib.pyplot as plt
import numpy as np

from bioKV import Episode, LeastRecentlyUsed, Sequential, SpikingMemory
from bioKV.protocols.patterns import corrupt, random_patterns

# %%
# Five patterns and three slots. The first pattern is asked for after each of the others was stored. What to expect:
# with slots in turn it is overwritten; with the race, use keeps it, and the others share the two slots that are left.

rng = np.random.default_rng(2)
x = random_patterns(5, 40, rng)
order = [
    (0, True),
    (1, True),
    (0, False),
    (2, True),
    (0, False),
    (3, True),
    (0, False),
    (4, True),
    (0, False),
]
which = np.array([pattern for pattern, _ in order])
stores = np.array([store for _, store in order])
episode = Episode(
    keys=np.where(stores[:, None], x[which], corrupt(x[which], 0.5, rng)),
    values=x[which],
    gate=stores.astype(float),
    source=np.where(stores, -1, 0),
)

figure, axes = plt.subplots(1, 2, sharey=True, figsize=(7.4, 2.8), layout="constrained")
for ax, factor in zip(axes, (Sequential(), LeastRecentlyUsed()), strict=True):
    memory = SpikingMemory(40, 3, 40, third_factor=factor, engine="numpy")
    response = memory.respond(episode, np.random.default_rng(4))
    for step, (pattern, store) in enumerate(order):
        for slot in np.flatnonzero(response.third_factor[step]):
            ax.plot(
                step, slot, "s", color="#E69F00" if store else "#DDDDDD", markersize=17
            )
            if store:
                ax.text(step, slot, f"{pattern + 1}", ha="center", va="center")
    right = (np.sign(response.values) == episode.values).mean(axis=-1)[~stores]
    ax.set(
        title=factor.name.replace("_", " "),
        xlabel="presentation",
        xlim=(-0.6, 8.6),
        ylim=(-0.5, 2.5),
    )
    ax.set_xticks(
        range(9),
        [f"{'store' if s else 'ask'}\n{p + 1}" for p, s in order],
        fontsize="x-small",
    )
    print(
        f"{factor.name:20} entries of pattern 1 recalled right, each time:",
        np.round(right, 2),
    )
axes[0].set(ylabel="slot with a plateau", yticks=range(3))
plt.show()

# %%
# Orange: a plateau that writes, with the number of the pattern. Grey: one during a recall, which writes nothing because
# the gate q is 0; in the race that slot has not been used by it, and wins again. On the command line: ``--third-factor
# least_recently_used``.

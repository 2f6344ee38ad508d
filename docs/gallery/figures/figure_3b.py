"""
Figure 3b: capacity of learned rules
====================================

Does what was learned hold as many patterns as the rule of section 2, and does that grow with the size? A rule is
learned at each size.

Rules are learned on this page, with JAX (``pip install "bioKV[learn]"``), in a tiny version: sizes 10 and 20 instead of
20 to 160, 150 steps instead of 500, and sequential third factors alone.
"""

import matplotlib.pyplot as plt
import numpy as np

from bioKV.analysis.capacity import accuracy_of, noise_free_capacity
from bioKV.learning.fit import fit
from bioKV.models import KeyValueMemory, LearnedMemory
from bioKV.protocols import autoassociative
from bioKV.rule import NEAR_ZERO

# %%
# Learn, then search
# ------------------
# Capacity is the largest number of patterns whose mean accuracy, over 40 trials, reaches the threshold. A lower
# threshold than the paper's 0.98 suits such small sizes, where one pattern that is taken for another weighs more.

THRESHOLD, SIZES = 0.9, (10, 20)
found = {"section 2": [], "learned": []}
for size in SIZES:

    def task(rng, size=size):
        return autoassociative(rng, int(rng.integers(size // 2, 2 * size + 1)), size)

    rule = fit(
        NEAR_ZERO, task, n_slots=size, n_steps=150, learning_rate=0.02, progress=None
    ).rule
    for name, memory in (
        ("section 2", KeyValueMemory(size, size, size)),
        ("learned", LearnedMemory(size, size, size, rule=rule)),
    ):
        measure = accuracy_of(
            memory, autoassociative, np.random.default_rng(0), 40, key_dim=size
        )
        found[name].append(noise_free_capacity(measure, THRESHOLD))
        print(
            f"N = {size}: {name:9} {found[name][-1]} patterns at an accuracy of {THRESHOLD}"
        )

figure, ax = plt.subplots(figsize=(4, 3.2), layout="constrained")
ax.plot(SIZES, SIZES, ":", color="grey", label="one pattern per slot")
for (name, capacities), line in zip(found.items(), ("s--", "o-"), strict=True):
    ax.plot(
        SIZES,
        capacities,
        line,
        color="#0072B2",
        label=name,
        markerfacecolor="white" if "2" in name else "#0072B2",
    )
ax.set(
    xlabel="size N = d",
    ylabel=f"capacity (accuracy {THRESHOLD})",
    xticks=SIZES,
    ylim=(0, None),
)
ax.legend(frameon=False, fontsize="small")
plt.show()

# %%
# At full size, with all third factors and both definitions: ``biokv figure 3b``.

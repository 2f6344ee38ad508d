"""
Figure 3c: learning a rule
==========================

Loss and accuracy while a plasticity rule is learned by gradient descent through the memory's life.

A rule is learned on this page, with JAX (``pip install "bioKV[learn]"``), in a tiny version: 20 slots instead of 40,
150 steps instead of 500, two trainings instead of three, and sequential third factors alone.
"""

import matplotlib.pyplot as plt
import pandas as pd

from bioKV.analysis.learning_curves import plot_training
from bioKV.learning.fit import fit
from bioKV.protocols import autoassociative
from bioKV.rule import NEAR_ZERO

SIZE, STEPS = 20, 150


def task(rng):
    return autoassociative(rng, int(rng.integers(SIZE // 2, 2 * SIZE + 1)), SIZE)


how = {"n_slots": SIZE, "n_steps": STEPS, "learning_rate": 0.02, "progress": None}
histories = [
    pd.DataFrame(fit(NEAR_ZERO, task, seed=seed, **how).history) for seed in (0, 1)
]
for seed, history in enumerate(histories):
    first, last = history.head(20).mean(), history.tail(20).mean()
    print(f"training {seed}: loss {first.loss:.1f} to {last.loss:.1f}, accuracy {first.accuracy:.2f} to"
          f" {last.accuracy:.2f}")  # fmt: skip

# %%
# What to expect: accuracy stays at chance while nothing is written strongly enough to be read, then rises at once. The
# lines are running means; sequences differ in length, and long ones cannot all be held.

figure, axes = plt.subplots(1, 2, figsize=(7, 3), layout="constrained")
for ax, column in zip(axes, ("loss", "accuracy"), strict=True):
    plot_training(histories, column, ax, label="sequential")
axes[1].set_ylim(0.45, 1)
plt.show()

# %%
# At full size, with both third factors: ``biokv figure 3c``.

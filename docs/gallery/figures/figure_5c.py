"""
Figure 5c: controllers that copy a sequence
===========================================

A controller around a memory learns the copy-paste task on short sequences. Does it copy longer ones? With slots in turn
it can count; with other memories it has to find keys of its own.

Controllers are trained on this page, with JAX (``pip install "bioKV[learn]"``), in a tiny version: patterns of 6 bits
instead of 25, 10 slots instead of 40, up to 4 patterns instead of 10, 400 steps instead of 2000, and one controller for
each of two memories. So little training settles nothing about longer sequences; the full figure does.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from bioKV import Episode
from bioKV.analysis.controllers import plot_controllers
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.learning.train_controller import train_controller
from bioKV.models import KeyValueMemory, LinearBAM, Sequential
from bioKV.protocols import copy_paste

LONGEST, BITS, SIZE = 4, 6, 16


def task(rng):
    return copy_paste(rng, int(rng.integers(1, LONGEST + 1)), BITS)


rows = []
memories = {
    "sequential": KeyValueMemory(SIZE, 10, SIZE, Sequential()),
    "bam": LinearBAM(SIZE, SIZE),
}
for name, memory in memories.items():
    found = train_controller(
        memory,
        task,
        np.random.default_rng(0),
        steps=400,
        batch=8,
        learning_rate=2e-2,
        report=lambda row, steps: None,
    )
    for n_patterns in range(1, 8):
        streams = np.random.default_rng(1).spawn(30)
        trials = Episode.stack([copy_paste(rng, n_patterns, BITS) for rng in streams])
        score = accuracy(found.controller.respond(trials, streams), trials).mean()
        rows += [
            (name, n_patterns, score),
            (f"{name}, controller 0", n_patterns, score),
        ]
table = pd.DataFrame(rows, columns=["model", "x", "mean"])
print(
    table[table.model.isin(list(memories))]
    .pivot(index="x", columns="model", values="mean")
    .round(3)
)

# %%
# Draw
# ----

figure, ax = plt.subplots(figsize=(4.6, 4), layout="constrained")
looks = {
    "sequential": ("key-value, sequential", "#0072B2", "-"),
    "bam": ("BAM", "#CC79A7", "-"),
}
plot_controllers(table, looks, LONGEST, ax)
plt.show()

# %%
# At full size, with four controllers for each of six memories: ``biokv figure 5c``.

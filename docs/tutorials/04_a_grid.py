"""
A grid
======

Vary two things at once, with error bars, and get a table for pandas. What is finished is never run twice.
"""

# %%
# A plan
# ------
# A ``Plan`` holds all that decides the numbers. Any option of the protocol or of a memory may be a list; several lists
# make a grid. The first one that varies becomes the x axis, the second the colours.

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt

import bioKV
from bioKV.analysis.curves import plot_accuracy
from bioKV.analysis.tables import summary
from bioKV.studies.plan import Plan
from bioKV.studies.run import run_study

plan = Plan(
    "autoassociative",
    memories=("rate",),
    options={
        "n_pairs": [5, 10, 20, 30, 40, 50],
        "corruption": [0.4, 0.6, 0.8],
        "n_slots": 40,
        "key_dim": 40,
    },
    trials=20,
    seed=1,
)

# %%
# Run it into a folder
# --------------------
# The folder keeps the table, pictures, and how they came about. ``command`` is your note of what asked for the run.
# The same plan gives the same numbers anywhere, on any number of workers.

folder = Path(tempfile.mkdtemp()) / "grid"
table = run_study(
    plan, folder, command="tutorial: a grid", force=False, resume=False, workers=1
)
print(sorted(path.name for path in folder.iterdir()))

# %%
# The table
# ---------
# One row per trial and quantity, and a column for every option that varies. ``read_results`` adds those that do not.

results = bioKV.read_results(folder)
print(
    results[
        ["n_pairs", "corruption", "n_slots", "memory", "trial", "quantity", "value"]
    ].head(3)
)

accuracies = results[results.quantity == "accuracy"]
print(
    accuracies.pivot_table(index="n_pairs", columns="corruption", values="value").round(
        3
    )
)

# %%
# What to expect, and why
# -----------------------
# The memory has 40 slots. Up to 40 pairs each has a slot of its own and is recalled; after that the oldest pairs have
# been overwritten, and asking for them brings the value of another pair. So every curve should fall beyond 40 pairs. A
# query with fewer known entries is more easily taken for another one, the more pairs there are.

figure, ax = plt.subplots(figsize=(5.4, 4.2), layout="constrained")
plot_accuracy(table, ax)
ax.axvline(40, color="grey", linestyle=":", linewidth=1)
plt.show()

# %%
# The same numbers with their intervals, as a table:

shown = ["memory", "n_pairs", "corruption", "mean", "low", "high", "trials"]
print(summary(table)[shown].tail(6).round(3).to_string(index=False))

# %%
# More of it
# ----------
# A finished run gets more trials, more values or another memory. What is there is not run again, and the table is the
# same as if all had been run at once. Here the spiking memory does a corner of the grid. On the NumPy engine that takes
# seconds; with a C++ compiler (``engine="auto"``) whole grids do.

corner = plan._replace(
    memories=("rate", "spiking"),
    options={"n_pairs": [1, 2], "corruption": 0.8, "n_slots": 40, "key_dim": 40},
    engine="numpy",
)
small = run_study(
    corner,
    folder.with_name("corner"),
    command="tutorial",
    force=False,
    resume=False,
    workers=1,
)
print(
    summary(small)
    .drop(columns=["third_factor", "subset"])
    .round(3)
    .to_string(index=False)
)

# %%
# Where to go next
# ----------------
# - The same on the command line: ``biokv run autoassociative --n-pairs 5,10,20 --corruption 0.4,0.6,0.8 --memory rate
#   --memory spiking --out runs/grid``, and ``--resume`` with more of anything.
# - A plan can be a file, which goes well beside a paper; ``--cluster`` runs it on a batch system.
# - The notebook ``examples/own_study.ipynb`` takes such a table to seaborn.

"""
Your own patterns and labels
============================

Store pictures of yours, or any table of +1 and -1, together with a label for each. Then ask for the label of a damaged
picture.

The pictures here are capital letters that ship with bioKV, and the labels are groups of them. A table of yours takes
their place without any other change.
"""

# %%
# A table of patterns
# -------------------
# One pattern per row and one entry per column. ``letters.csv`` has 26 letters of 7 rows of 5 pixels each, 0 and 1, the
# letter itself first. A memory takes +1 and -1.

from importlib.resources import files

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from bioKV import Episode, SpikingMemory
from bioKV.analysis.asked import unit_of
from bioKV.analysis.intervals import fraction_interval
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.protocols import heteroassociative

LETTERS = "AEIKRX"
table = pd.read_csv(files("bioKV.protocols") / "letters.csv", header=None, index_col=0)
patterns = 2.0 * table.loc[list(LETTERS)].to_numpy() - 1
print("patterns:", patterns.shape, "with entries", np.unique(patterns))

# %%
# Labels
# ------
# A class takes one column each: +1 for the members, -1 for the others. ``pandas.get_dummies`` makes such a table.

classes = pd.Series(
    ["vowel", "vowel", "vowel", "consonant", "consonant", "consonant"],
    index=list(LETTERS),
)
labels = pd.get_dummies(classes).astype(float) * 2 - 1
print(labels)

# %%
# Ask for the label
# -----------------
# The heteroassociative protocol stores a key with a value that has nothing to do with it. Here the key is a letter and
# the value its label. In each of the trials other pixels are unknown.

TRIALS, CORRUPTION = 20, 0.8
episode = Episode.stack(
    [
        heteroassociative(
            np.random.default_rng(trial),
            n_pairs=len(LETTERS),
            key_dim=patterns.shape[1],
            value_dim=labels.shape[1],
            corruption=CORRUPTION,
            patterns=patterns,
            value_patterns=labels.to_numpy(),
        )
        for trial in range(TRIALS)
    ]
)
memory = SpikingMemory(
    episode.key_dim, n_slots=12, value_dim=episode.value_dim, engine="numpy"
)
response = memory.respond(episode, np.random.default_rng(0))

# %%
# What to expect, and why
# -----------------------
# A label is read from the slot that wins. Letters that share many pixels compete for a query that shows few of
# them, so an error is no blur between two labels: it is the label of another letter. Which letters resemble each other
# is in the patterns already.

overlap = patterns @ patterns.T / patterns.shape[1]
closest = np.where(np.eye(len(LETTERS)) > 0, -np.inf, overlap).argmax(axis=1)
recalled = np.sign(response.values[:, episode.is_recall[0]])
right = (recalled == labels.to_numpy()).all(axis=-1).mean(axis=0)
votes = response.hidden[:, episode.is_recall[0], : len(LETTERS)].mean(axis=0)
for i, letter in enumerate(LETTERS):
    print(
        f"{letter}: label right in {right[i]:.0%} of the trials; most like {LETTERS[closest[i]]}"
        f" (overlap {overlap[i, closest[i]]:+.2f})"
    )
found = fraction_interval(accuracy(response, episode), unit_of(episode))
print(
    f"entries of labels that are right: {found.mean:.3f}, 95 % interval {found.low:.3f} to {found.high:.3f}"
)

# %%
# A guess without any memory scores something too; how much depends on the sizes of the classes.

print(
    "accuracy of the answer 'vowel' to everything:",
    float((labels.to_numpy() == [-1, 1]).mean()),
)

# %%
# The picture
# -----------
# Above, a letter as it was stored and as it was asked for in the first trial. Below, how the votes of the hidden
# neurons fell on the slots: a dark square off the diagonal is a letter that was taken for another one.

grey = {"cmap": "gray", "vmin": -1, "vmax": 1}
figure = plt.figure(figsize=(7, 5.2), layout="constrained")
above, below = figure.subfigures(2, 1, height_ratios=(2, 2.4))
letters = above.subplots(2, len(LETTERS))
for i in range(len(LETTERS)):
    for row, step in enumerate((i, len(LETTERS) + i)):
        ax = letters[row, i]
        ax.imshow(-episode.keys[0, step].reshape(7, 5), **grey)
        ax.set(xticks=[], yticks=[])
        if i == 0:
            ax.set_ylabel("stored" if row == 0 else "asked for")
ax = below.add_subplot(below.add_gridspec(1, 6)[1:5])
image = ax.imshow(votes, cmap="Greys", vmin=0, vmax=1)
ax.set(
    xlabel="slot of",
    ylabel="asked for",
    xticks=range(len(LETTERS)),
    yticks=range(len(LETTERS)),
)
ax.set_xticklabels(LETTERS)
ax.set_yticklabels(LETTERS)
below.colorbar(image, label="share of the votes")
plt.show()

# %%
# Where to go next
# ----------------
# - From the command line: ``biokv run heteroassociative --patterns images.csv --value-patterns labels.csv``. It reads
#   .csv, .tsv, .npy and .npz, and ``--threshold`` turns other numbers into +1 and -1.
# - ``biokv run graded`` takes numbers between -1 and 1 as they are.
# - A grid over corruption and the number of patterns is the fourth tutorial.

"""
From spikes to Elephant and NWB
===============================

Hand the spikes of a run to the tools that you use for recordings: Neo and Elephant for the analysis, Neurodata Without
Borders (NWB) for the archive.

Elephant comes with ``pip install "bioKV[neo]"``, the NWB file with ``pip install "bioKV[nwb]"``.
"""

# %%
# Record
# ------
# ``record=`` names the populations whose spikes are kept. Silent neurons are kept too: a rate over neurons needs them.

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pynwb
import quantities as pq
from elephant.statistics import cv2, isi, mean_firing_rate, time_histogram

import bioKV
from bioKV import Episode, SpikingMemory
from bioKV.protocols import autoassociative

PAIRS = 3
episode = Episode.stack(
    [
        autoassociative(np.random.default_rng(k), n_pairs=PAIRS, key_dim=20)
        for k in range(8)
    ]
)
memory = SpikingMemory(20, 8, 20, engine="numpy")
response = memory.respond(
    episode,
    np.random.default_rng(0),
    record=("input", "hidden", "interneuron", "output"),
)
print({name: len(train.t_ms) for name, train in response.spikes.items()})

# %%
# Neo
# ---
# A ``Block`` has a ``Segment`` for every trial and a ``SpikeTrain`` for every neuron, in the same order in each trial.

block = response.to_neo(episode)
segment = block.segments[0]
print(len(block.segments), "segments with", len(segment.spiketrains), "trains each")
print("a train says of itself:", segment.spiketrains[0].annotations)

# %%
# Rates and intervals
# -------------------
# What to expect: input neurons fire regularly while a key is on. The pauses between presentations would make a CV of
# all intervals large, and say nothing of that; CV2 compares each interval with the next one, and should be near 0.
# Hidden neurons answer to a drive that comes and goes, by a random process, and should be less regular.


def trains(population):
    return [
        train
        for segment in block.segments
        for train in segment.spiketrains
        if train.annotations["population"] == population
    ]


for population in response.spikes:
    of = trains(population)
    rates = np.array([mean_firing_rate(train).rescale(pq.Hz).item() for train in of])
    cv2s = [cv2(isi(train)) for train in of if len(train) > 5]
    said = (
        f"{np.mean(cv2s):.2f} over {len(cv2s)} trains with more than 5 spikes"
        if cv2s
        else "too few spikes"
    )
    print(
        f"{population:12} {rates.mean():6.1f} Hz on average, {(rates == 0).mean():.0%} silent; CV2 {said}"
    )

# %%
# A histogram over peri-stimulus time
# -----------------------------------
# ``time_histogram`` takes trains and a bin. All trials have the same schedule, so spikes of all trials and neurons of a
# population can be counted together.

BIN = 5
figure, axes = plt.subplots(3, 1, sharex=True, figsize=(7, 4.6), layout="constrained")
for ax, population in zip(axes, ("input", "hidden", "output"), strict=True):
    of = trains(population)
    histogram = time_histogram(
        of, bin_size=BIN * pq.ms, output="mean"
    )  # spikes per train and bin
    rate = np.asarray(histogram).ravel() * 1e3 / BIN
    ax.stairs(rate, np.arange(len(rate) + 1) * BIN, fill=True, color="#444444")
    for (start, stop), phase in zip(
        response.windows_ms, response.phase[0], strict=True
    ):
        ax.axvspan(
            start, stop, color="#FBEBD3" if phase == "store" else "#DCEBF7", zorder=0
        )
        ax.axvline(start, color="white", linewidth=1)
    ax.set(ylabel=f"{population}\n(spikes/s)", xlim=(0, response.windows_ms[-1, 1]))
axes[0].set_title(
    f"mean of {len(block.segments)} trials; orange: store, blue: recall",
    fontsize="medium",
)
axes[-1].set_xlabel("time (ms)")
plt.show()

# %%
# NWB
# ---
# The file holds units, trials, presentations with their keys and answers, and the weights at the end.

path = Path(tempfile.mkdtemp()) / "spikes.nwb"
bioKV.export.nwb(response, path, episode, weights=memory.weights(response.state))
print("complaints of the validator:", pynwb.validate(path=path))
with pynwb.NWBHDF5IO(path, "r") as file:
    nwb = file.read()
    print(
        "tables:",
        [*nwb.intervals, "units"],
        "; acquisition:",
        list(nwb.acquisition) or "none",
    )
    print(
        nwb.intervals["presentations"]
        .to_dataframe()[["start_time", "stop_time", "trial", "step", "phase"]]
        .head(3)
    )
    populations = nwb.units.to_dataframe().population.value_counts()
print(populations.to_dict())

# %%
# Where to go next
# ----------------
# - ``response.to_pandas()`` is a table of spikes, and ``response.save("spikes.npz", episode)`` keeps everything to the
#   last bit for bioKV itself.
# - A study keeps spikes with ``--record hidden,output``, and ``biokv export runs/grid --to nwb`` writes all its trials.
# - pynapple reads the NWB file and restricts spikes to the recalls in one line.

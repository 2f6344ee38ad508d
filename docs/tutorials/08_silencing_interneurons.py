"""
Silencing the interneurons at recall
====================================

An experiment that a lab would do with light: let the network store in peace, silence the lateral interneurons while it
recalls, in several doses, and report the effect with an interval.
"""

# %%
# The manipulation, defined exactly
# ---------------------------------
# A hidden spike makes interneurons fire, and they inhibit all hidden neurons alike. What is to be silenced is that
# recruitment, during recalls only. Recalls are the presentations whose global third factor q is 0, so a factor in the
# synapses from hidden neurons to interneurons does it. Nothing else of the network changes, storing included.

from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np

from bioKV import Episode, SpikingMemory
from bioKV.analysis.asked import unit_of
from bioKV.analysis.intervals import gap_interval, t_interval
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.network import Mechanism, Part, Pathway
from bioKV.protocols import autoassociative

SILENCED = Part(
    "silenced : 1 (shared, constant)             # share of the recruitment that is lost during recalls",
    pathways={"pre": Pathway(scale="(1 - silenced*int(q_pre <= 0))")},
)


@dataclass(frozen=True)
class SilencedAtRecall(Mechanism):
    """dose : 0 leaves the interneurons alone, 1 silences them."""

    dose: float
    needs = ("hidden.q",)

    def add(self, network):
        return network.adding("recruit", "silencing", SILENCED)

    def settings(self, network, values):
        return {"recruit.silenced": self.dose}


# %%
# What to expect, and why
# -----------------------
# Lateral inhibition does two things. It makes slots compete, so that a recall is decided by the best of them; and it
# holds the number of hidden spikes in check. Without it every slot whose drive reaches threshold goes on firing. We
# should see many more votes, of more slots, and answers that mix several values. How much that costs is the question.
#
# Every dose gets the same trials and the same random numbers, so effects are differences within trials.

TRIALS, PAIRS = 20, 4
episode = Episode.stack(
    [
        autoassociative(np.random.default_rng(trial), n_pairs=PAIRS, key_dim=40)
        for trial in range(TRIALS)
    ]
)
doses = (0.0, 0.5, 1.0)
responses = {}
for dose in doses:
    memory = SpikingMemory(
        40, 10, 40, mechanisms=[SilencedAtRecall(dose)], engine="numpy"
    )
    responses[dose] = memory.respond(episode, np.random.default_rng(7), record="hidden")

# %%
# First, was the manipulation what it was meant to be? Interneurons should fire as before while patterns are stored, and
# less at recall.

recall = episode.is_recall[0]
for dose, response in responses.items():
    spikes = response.counts["interneuron"].mean(axis=-1)
    print(
        f"dose {dose:g}: {spikes[:, ~recall].mean():.2f} spikes per interneuron and presentation while storing,"
        f" {spikes[:, recall].mean():.2f} at recall"
    )

# %%
# The effect
# ----------
# Three measures, each as the difference from dose 0 on the same trial: accuracy, votes per recall, and the share of the
# votes that goes to the slot that holds the pattern.


def measures(response):
    votes = response.counts["votes"][:, recall]
    own = votes[:, np.arange(PAIRS), np.arange(PAIRS)]
    return {
        "accuracy": accuracy(response, episode),
        "votes": votes.sum(axis=-1).mean(axis=-1),
        "share of the right slot": own.sum(axis=-1) / votes.sum(axis=(1, 2)),
    }


found = {dose: measures(response) for dose, response in responses.items()}
for dose in doses:
    print(
        f"dose {dose:g}:",
        ", ".join(
            f"{name} {values.mean():.3f}" for name, values in found[dose].items()
        ),
    )
effects = {}
for name in ("accuracy", "share of the right slot"):
    for dose in doses[1:]:
        differences = found[dose][name] - found[0.0][name]
        gap = (
            gap_interval(differences, unit_of(episode))
            if name == "accuracy"
            else t_interval(differences)
        )
        effects[name, dose] = gap
        print(
            f"effect of dose {dose:g} on {name}: {gap.mean:+.3f}, 95 % interval {gap.low:+.3f} to {gap.high:+.3f}"
        )

# %%
# The picture
# -----------
# Left, hidden spikes of the first trial during its first recall, without and with silencing. Right, the effects.

figure = plt.figure(figsize=(8.4, 3.4), layout="constrained")
left, middle, right = figure.subplots(1, 3, width_ratios=(1, 1, 1.1))
begin, end = response.windows_ms[PAIRS]
for ax, dose in ((left, 0.0), (middle, 1.0)):
    spikes = responses[dose].spikes["hidden"].of_trial(0).between(begin, end)
    ax.plot(
        spikes.t_ms - begin,
        spikes.neuron / memory.parameters.neurons_per_slot,
        "|",
        color="black",
        markersize=3,
    )
    ax.set(
        xlim=(0, end - begin),
        ylim=(-0.5, 10),
        xlabel="time since the query (ms)",
        title=f"dose {dose:g}",
    )
left.set_ylabel("slot (the first holds the pattern)")
for shift, marker, name in (
    (-0.02, "o", "accuracy"),
    (0.02, "s", "share of the right slot"),
):
    gaps = [effects[name, dose] for dose in doses[1:]]
    mean = np.array([gap.mean for gap in gaps])
    error = [mean - [gap.low for gap in gaps], [gap.high for gap in gaps] - mean]
    right.errorbar(np.array(doses[1:]) + shift, mean, yerr=error, fmt=marker, capsize=3, color="black",
                   markerfacecolor="white" if marker == "s" else "black", label=name)  # fmt: skip
right.axhline(0, color="grey", linewidth=0.8)
right.set(
    xlabel="dose of silencing",
    ylabel="effect (95 % interval)",
    xticks=doses[1:],
    xlim=(0.3, 1.2),
)
right.legend(frameon=False, fontsize="small", loc="center left")
plt.show()

# %%
# Half of the inhibition is enough for right answers, though the votes have spread already: what decides an entry is
# the larger of two sums. Without any, all slots fire in step, and the right one is outnumbered.

# %%
# Where to go next
# ----------------
# - A lesion without a dose is shorter still: ``SpikingMemory(..., parameters=Parameters(dead_share=0.3))`` kills a
#   share of all neurons.
# - On the command line: a line ``mechanism = SilencedAtRecall(1.0)`` in ``silenced.py`` and ``biokv compare
#   autoassociative --mechanism silenced.py``.
# - ``biokv robustness autoassociative --knob release_failure`` sweeps one of the built-in imperfections.

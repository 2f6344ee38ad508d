"""
A rule of your own
==================

Put another plasticity rule into the spiking network, see what it writes, and what that does to recall.

The rule here is after behavioural-time-scale plasticity (BTSP; Bittner et al. 2017): the trace that an input leaves at
a synapse outlives its spikes by far, so that a plateau potential writes inputs of the past few seconds, too.
"""

# %%
# What a network is made of
# -------------------------
# A network is text and numbers before it is built: populations and bundles of synapses, each made of *parts* with
# names. ``print(memory.blueprint())`` gives all of it as a Methods section. These are the parts of the key synapses.

from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np

from bioKV import Episode, SpikingMemory
from bioKV.analysis.asked import unit_of
from bioKV.analysis.intervals import fraction_interval
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.network import Mechanism, Part, Pathway
from bioKV.protocols import autoassociative
from bioKV.units import Time, ms, second

memory = SpikingMemory(40, 10, 40, engine="numpy")
list(memory.blueprint().bundles["key"].parts)

# %%
# The part ``write`` is the rule: what a synapse does when the dendrite that it sits on fires a dendritic spike.

memory.blueprint().bundles["key"].parts["write"].pathways["write"].code.splitlines()

# %%
# Another rule
# ------------
# A part is a piece of Brian2's text that declares the variables it needs. A part that is replaced takes its own
# with it (here ``eta_key``), and a new name must be one that neither the synapses nor their neurons have already.
# This one gives every input neuron a slow trace, set to 1 by a spike, and this one moves a weight up where the
# trace is high and down where it is low.

SLOW_TRACE = Part(
    """
    dslow/dt = -slow/tau_slow : 1
    tau_slow : second (shared, constant)
    """,
    at={"spike": "slow = 1"},
    keeps=("slow",),
)
WRITE = Part(
    """
    potentiation : 1 (shared, constant)
    depression : 1 (shared, constant)
    """,
    pathways={
        "write": Pathway(
            "target",
            "dendritic_spike",
            rate="eta = clip(plastic*q_post, 0, 1)",
            learn="w += eta*(potentiation*slow_pre*(1 - w) - depression*(1 - slow_pre)*w)",
        )
    },
)

# %%
# A ``Mechanism`` gives back a network with other parts. ``keeps`` says that the trace goes on from one presentation to
# the next, and ``needs`` is checked, with units, before anything is built. ``mechanism`` is what ``biokv`` takes out of
# a file.


@dataclass(frozen=True)
class BTSP(Mechanism):
    """A slow presynaptic trace, by which weights move up or down to a fixed point."""

    tau_slow: Time = 1 * second
    potentiation: float = 0.9
    depression: float = 0.9
    needs = ("hidden.q", "key.w")

    def add(self, network):
        return network.adding("input", "slow trace", SLOW_TRACE).replacing(
            "key", "write", WRITE
        )

    def settings(self, network, values):
        return {
            "input.tau_slow": self.tau_slow,
            "key.potentiation": self.potentiation,
            "key.depression": self.depression,
        }


mechanism = BTSP()

# %%
# What to expect, and why
# -----------------------
# With the built-in rule a slot's key is the pattern that was shown during its plateau, and nothing else. With a trace
# that lasts longer than a presentation (150 ms), inputs of the patterns before are still eligible: keys should smear
# backwards in time, to what was shown earlier, never to what came later. A trace that is as short as the built-in one
# should bring the sharp keys back, more or less.
# ``biokv`` reads a mechanism's file to take ``mechanism`` out of it; the ``if`` keeps it from measuring then.

TRIALS, PAIRS = 20, 4
if __name__ == "__main__":
    episode = Episode.stack(
        [
            autoassociative(np.random.default_rng(trial), n_pairs=PAIRS, key_dim=40)
            for trial in range(TRIALS)
        ]
    )
    memories = {
        "built in": memory,
        "trace of 50 ms": SpikingMemory(
            40, 10, 40, mechanisms=[BTSP(tau_slow=50 * ms)], engine="numpy"
        ),
        "trace of 1 s": SpikingMemory(40, 10, 40, mechanisms=[BTSP()], engine="numpy"),
    }
    figure, axes = plt.subplots(1, 3, figsize=(8.4, 3.2), sharey=True, layout="constrained")
    for ax, (name, one) in zip(axes, memories.items(), strict=True):
        response = one.respond(episode, np.random.default_rng(5))
        keys, _ = one.weights(response.state)  # (trials, slots, entries), ON minus OFF
        stored = episode.keys[:, :PAIRS]
        overlap = (keys[:, :PAIRS] @ stored.swapaxes(1, 2)).mean(axis=0) / stored.shape[-1]
        score = fraction_interval(accuracy(response, episode), unit_of(episode))
        before, after = np.diag(overlap, -1).mean(), np.diag(overlap, 1).mean()
        print(
            f"{name:15} own pattern {np.diag(overlap).mean():+.2f}, the one before {before:+.2f},"
            f" the one after {after:+.2f}; accuracy {score.mean:.3f} [{score.low:.3f}, {score.high:.3f}]"
        )
        image = ax.imshow(overlap, cmap="RdBu_r", vmin=-1, vmax=1)
        ax.set(title=name, xlabel="pattern", xticks=range(PAIRS), yticks=range(PAIRS))
        ax.set_xticklabels(range(1, PAIRS + 1))
        ax.set_yticklabels(range(1, PAIRS + 1))
    axes[0].set_ylabel("key of slot")
    figure.colorbar(image, ax=axes, label="overlap")
    plt.show()

# %%
# So it is. Below the diagonal, keys hold what came before their own pattern, and above it nothing. The first slot is
# the sharpest, since nothing came before it. With the short trace the diagonal stays paler than with the built-in rule,
# in which eligibility saturates. And recall suffers less than the keys: a query still resembles its own slot most, and
# the competition between slots looks at differences only.

# %%
# Where to go next
# ----------------
# - Downloaded and saved as ``btsp.py``, this script works on the command line:
#   ``biokv run autoassociative --memory spiking --mechanism btsp.py --set tau_slow=500ms --out runs/btsp``.
# - The gallery shows every built-in mechanism; each is one file of this kind.
# - Before publishing, ask how much of an effect is the rule's and how much the network's: compare on the same trials,
#   with an interval, as the eighth tutorial does.

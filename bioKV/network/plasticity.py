"""The plastic synapses: keys (eq. 9) and values (eq. 11)."""

from __future__ import annotations

from .parts import Part, Pathway
from .populations import Bundle

PLASTIC = Part("plastic = 1 : 1                     # the share of plasticity that a synapse has left")
# a dendritic spike opens what is bound: what the write adds to the drive is there at once, as it would be in a
# steady state, so that the slot competes with its new key from then on (eq. 10)
OPENING = Part("opening : 1 (shared, constant)", pathways={"write": Pathway(
    "target", "dendritic_spike",
    release="before = w",
    after="""
    opened = opening*(w - before)*eligibility_pre
    drive_post += opened
    bound_post += opened*tau_rise_post/tau_drive_post
    """,
)})  # fmt: skip


def key() -> Bundle:
    """Synapses from input to hidden neurons, K, which learn by eq. 9.

    At the dendritic spike of the slot eta is q, presynaptic activity alone is written, what was there decays.

    Returns
    -------
    Bundle
        The plastic synapses.
    """
    return Bundle("input", "hidden", {
        "weight": Part("w : 1                   # K: 0.5 on both signs is a slot that was never written",
                       first={"w": 0.5}, keeps=("w",)),
        "transmission": Part("w_key : 1 (shared, constant)", pathways={"pre": Pathway(
            transmit="bound_post += w_key*w",
        )}),
        "write": Part("eta_key : 1 (shared, constant)", pathways={"write": Pathway(
            "target", "dendritic_spike",
            rate="eta = clip(plastic*q_post*eta_key, 0, 1)",
            learn="w = (1 - eta)*w + eta*eligibility_pre",
        )}),
        "opening": OPENING,
        "plasticity": PLASTIC,
    })  # fmt: skip


def value() -> Bundle:
    """Synapses from hidden to output neurons, V, which learn by eq. 11.

    At the end of the plateau eta is q; written is y h', the output's trace times the share of the votes that the slot
    had in it. They are silent while the neuromodulator is there, or old values would write themselves again.

    Returns
    -------
    Bundle
        The plastic synapses.
    """
    return Bundle("hidden", "output", {
        "weight": Part("w : 1                   # V", keeps=("w",)),
        "transmission": Part(
            """
            output_weight : 1 (shared, constant)
            acetylcholine : 1 (shared, constant)
            """,
            pathways={"pre": Pathway(
                transmit="v_post += output_weight*w*(1 - acetylcholine*int(q_pre > 0))",
            )},
        ),
        "write": Part("eta_value : 1 (shared, constant)", pathways={"write": Pathway(
            "source", "plateau_end",
            rate="eta = clip(plastic*q_pre*eta_value, 0, 1)",
            learn="w = (1 - eta)*w + eta*share_pre*activity_post",
        )}),
        "plasticity": PLASTIC,
    })  # fmt: skip

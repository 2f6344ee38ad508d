"""The plastic synapses: keys (eq. 9) and values (eq. 11)."""

from __future__ import annotations

from .parts import Bundle, Part, Pathway

PLASTIC = Part("plastic = 1 : 1                     # the share of plasticity that a synapse has left")


def key() -> Bundle:
    """Input to hidden, K. Eq. 9 at the dendritic spike of the slot: eta is q, presynaptic activity alone is written,
    what was there decays."""
    return Bundle("input", "hidden", {
        "weight": Part("w : 1                   # K: 0.5 on both signs is a slot that was never written",
                       first={"w": 0.5}, keeps=("w",)),
        "transmission": Part("w_key : 1 (shared, constant)", pathways={"pre": Pathway(
            transmit="drive_post += w_key*w",
        )}),
        "write": Part("eta_key : 1 (shared, constant)", pathways={"write": Pathway(
            "target", "dendritic_spike",
            rate="eta = clip(plastic*q_post*eta_key, 0, 1)",
            learn="w = (1 - eta)*w + eta*eligibility_pre",
        )}),
        "plasticity": PLASTIC,
    })  # fmt: skip


def value() -> Bundle:
    """Hidden to output, V. Eq. 11: rapid decay at the dendritic spike; then every hidden spike within the plateau moves
    V to the output's trace. Silent while the neuromodulator is there, or old values would write themselves again."""
    return Bundle("hidden", "output", {
        "weight": Part("w : 1                   # V", keeps=("w",)),
        "transmission": Part(
            """
            output_weight : 1 (shared, constant)
            acetylcholine : 1 (shared, constant)
            """,
            pathways={"pre": Pathway(
                transmit="v_post += output_weight*w*(1 - acetylcholine*int(q_pre > 0))*hears_post",
            )},
        ),
        "write": Part("alpha : 1 (shared, constant)", pathways={"pre": Pathway(
            rate="eta = alpha*clip(plastic*q_pre*plateau_pre, 0, 1)",
            learn="w += eta*(activity_post - w)",
        )}),
        "decay": Part("value_decay : 1 (shared, constant)", pathways={"forget": Pathway(
            "source", "dendritic_spike",
            rate="eta = clip(plastic*q_pre*value_decay, 0, 1)",
            learn="w *= 1 - eta",
        )}),
        "plasticity": PLASTIC,
    })  # fmt: skip

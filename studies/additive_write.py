"""A plasticity rule of one's own: a write adds to a key, and nothing decays, so that what a slot held stays in it."""

from bioKV.network import Mechanism, Part, Pathway

WRITE = Part(
    "eta_key : 1 (shared, constant)",
    pathways={"write": Pathway(
        "target", "dendritic_spike",
        rate="eta = clip(plastic*q_post*eta_key, 0, 1)",
        learn="w = clip(w + eta*(eligibility_pre - 0.5), 0, 1)",
    )},
)  # fmt: skip


class AdditiveWrite(Mechanism):
    """In the place of eq. 9, in which a write replaces: at q = 1 an unwritten slot learns the same."""

    needs = ("hidden.q", "key.w")

    def add(self, network):
        return network.replacing("key", "write", WRITE)


mechanism = AdditiveWrite()

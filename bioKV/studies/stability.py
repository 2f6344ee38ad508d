"""What a stability threshold does in a study, in a sentence, where that is all or nothing."""

from __future__ import annotations

import numpy as np

from .memories import memory_name
from .plan import Plan, draw_episode, memory_for, task_digest, tried


def what_freezes(plan: Plan) -> list[str]:
    """Sentences for someone who may have meant something else: a strong gate without a threshold, a threshold that no
    gate reaches, and one that all gates reach."""
    said: dict[str, None] = {}
    for options in tried(plan):
        episode = draw_episode(plan, options, task_digest(plan, options), 0)
        gates = np.unique(episode.gate[episode.gate > 0])
        for one in plan.memories if not plan.replay else ("spiking",):
            memory = memory_for(plan, memory_name(one), plan.third_factors[0], options, episode)
            if gates.size and hasattr(memory, "stability_threshold"):
                said[_sentence(gates, memory.stability_threshold)] = None
    return [sentence for sentence in said if sentence]


def _sentence(gates: np.ndarray, threshold: tuple[float, float] | None) -> str:
    if threshold is None:
        if gates.max() <= 1:
            return ""
        return (f"q reaches {gates.max():g}, which changes nothing without a stability threshold, as a learning rate is"
                f" held to 1; --stability-threshold 10 would freeze what a q of 10 or more writes")  # fmt: skip
    low, high = min(threshold), max(threshold)
    if gates.max() < low:
        return f"no q reaches the stability threshold of {low:g} (the largest is {gates.max():g}): nothing freezes"
    if gates.min() >= high:
        return (f"every q reaches the stability threshold of {high:g} (the smallest is {gates.min():g}): all that is"
                f" written freezes, and slots are never written again")  # fmt: skip
    return ""

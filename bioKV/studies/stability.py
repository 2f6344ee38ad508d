"""What a stability threshold does in a study, in a sentence, where that is all or nothing."""

from __future__ import annotations

import numpy as np

from .study import Study


def what_freezes(study: Study) -> list[str]:
    """Sentences for someone who may have meant something else: a strong gate without a threshold, a threshold that no
    gate reaches, and one that all gates reach."""
    said: dict[str, None] = {}
    seen = set()
    for cell in study.cells:
        threshold, gate = cell.options.get("stability_threshold"), cell.first.gate
        if (cell.task, cell.memory, threshold) in seen or not gate.any():
            continue
        seen.add((cell.task, cell.memory, threshold))
        made = cell.made()
        if hasattr(made, "stability_threshold"):
            said[_sentence(np.unique(gate[gate > 0]), made.stability_threshold)] = None
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

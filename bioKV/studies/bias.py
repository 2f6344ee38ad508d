"""Whether entries of one's own patterns are so biased that the share of right bits misleads, in a sentence."""

from __future__ import annotations

import numpy as np

from ..analysis.chance import TOO_EASY, by_majority
from .plan import Plan
from .tasks import protocol_name, takes_patterns


def what_misleads(plan: Plan) -> list[str]:
    """A sentence if one's own patterns are recalled and a constant guess per entry has more than TOO_EASY right."""
    has_values = takes_patterns(plan.protocol, "value_patterns")
    name = "value_patterns" if has_values else "patterns"
    values = getattr(plan, name)
    if values is None or len(values) < 2 or protocol_name(plan.protocol) == "correlated":  # drawn from a single row
        return []
    guessed = constant_guess(np.asarray(values))
    if guessed <= TOO_EASY:
        return []
    constant = int((np.ptp(values, axis=0) == 0).sum())
    never = f" ({constant} of {np.shape(values)[1]} entries never change)" if constant else ""
    of = "values" if has_values else "patterns"
    return [f"without any memory, guessing each entry from the other {of} gets {100 * guessed:.0f} % of their bits"
            f" right{never}, so accuracy has to be judged against that, not against 50 %"]  # fmt: skip


def constant_guess(values: np.ndarray) -> float:
    """The share of entries that have the sign which is the commoner one of the same entry in all other patterns.

    values (P, m), P >= 2; entries of 0 are not guessed. Ties count as a half. The pattern itself is left out: with
    it, a few balanced patterns would look biased by chance.
    """
    signs = np.sign(values)
    others = signs.sum(axis=0) - signs
    return float(by_majority(signs, others)[signs != 0].mean()) if signs.any() else 0.5

"""What was run, as a reader wants it: sentences, and names with their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..analysis.labels import LABEL, unit_of, value_text, values_text
from .finished import FinishedRun

STATES = {
    "running": "This run is not finished: it goes on, or it was cut off (a power cut, or it was killed).",
    "interrupted": "This run was stopped before its end.",
    "failed": "This run ended with an error.",
}


def headline(run: FinishedRun) -> str:
    """Say in one sentence what a run is.

    Parameters
    ----------
    run : FinishedRun
        The run.

    Returns
    -------
    str
    """
    memories = [LABEL.get(name, name) for name in run.table.memory.unique()]
    fewest, most = run.n_trials
    trials = f"{most} trial{'s' if most > 1 else ''}" if fewest == most else f"{fewest} to {most} trials"
    protocols = " and ".join(run.table.protocol.unique())
    what = "spiking memory and its rate twin" if run.is_comparison else f"memory {_listed(memories)}"
    if len(memories) > 1 and not run.is_comparison:
        what = f"memories {_listed(memories)}"
    of = [values_text(name, values) for name, values in _varying(run).items()]
    where = f" at {', '.join(of)}" if of else ""
    return f"Protocol {protocols}, {what}, {trials} at each point{where}."


def unfinished(run: FinishedRun) -> str:
    """Say how far a run has come that is not finished.

    Parameters
    ----------
    run : FinishedRun
        The run.

    Returns
    -------
    str
        "" for a run that is finished.
    """
    state = run.record.get("state", "finished")
    planned = run.record["plan"].get("trials")
    fewest, most = run.n_trials
    if state == "finished":
        return ""
    there = f"{most}" if fewest == most else f"{fewest} to {most}"
    of = f" of {planned}" if planned else ""
    return (f"{STATES.get(state, f'The state of this run is {state}.')} Its points have {there}{of} trials so far, and"
            " points without a trial are missing; what follows rests on those that are there.")  # fmt: skip


def facts(run: FinishedRun) -> list[tuple[str, str]]:
    """List what decided the numbers of a run.

    Parameters
    ----------
    run : FinishedRun
        The run.

    Returns
    -------
    list of tuple of str
        Names and values, the values of every option among them.
    """
    record, plan = run.record, run.record["plan"]
    factors = [name for name in run.table.third_factor.unique() if name]
    found = {
        "protocol": plan.get("protocol"),
        "memories": _listed(run.table.memory.unique()),
        "third factors": _listed(factors),
        "trials at each point": plan.get("trials"),
        "seed": plan.get("seed"),
        "engine of the spiking memory": _listed(run.table.engine[run.table.engine != ""].unique()),
        "mechanisms": _listed(plan.get("mechanisms") or ()),
        "own patterns": _given(plan, record, "patterns"),
        "own values": _given(plan, record, "value_patterns"),
        "spikes kept of": _listed(plan.get("record") or ()),
    }
    listed = [(name, str(value)) for name, value in found.items() if value not in (None, "")]
    swept = _varying(run)
    for name, value in (record.get("options") or {}).items():
        values = swept.get(name, value)
        text = ", ".join(value_text(one) for one in values) if isinstance(values, list) else value_text(values)
        unit = f" {unit_of(name)}" if unit_of(name) and text != "None" else ""
        listed.append((name, text + unit))
    return listed


def _varying(run: FinishedRun) -> dict[str, list]:
    from ..analysis.tables import varying

    return {name: run.table[name].drop_duplicates().tolist() for name in varying(run.table)}


def _listed(names: Any) -> str:
    return ", ".join(str(name) for name in names)


def _given(plan: Mapping[str, Any], record: Mapping[str, Any], name: str) -> str:
    """The file of one's own patterns, or that they were an array."""
    if not plan.get(name):
        return ""
    kept = (record.get("inputs") or {}).get(name) or {}
    return str(kept.get("path") or "an array")

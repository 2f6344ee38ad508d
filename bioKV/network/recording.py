"""Recording: what either engine brings back from a run, as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

# what is read once a presentation, at its end
READ = {
    "input": ("n_spikes", "n_evoked"),
    "feedforward": ("n_spikes", "n_evoked"),
    "hidden": ("n_spikes", "n_evoked", "n_votes", "n_dendritic"),
    "interneuron": ("n_spikes", "n_evoked"),
    "output": ("n_spikes", "n_evoked", "readout"),
}
# what one presentation hands on to the next, all of it; not every network has everything
STATE = {
    "input": ("phase", "trace", "latch", "threshold"),
    "feedforward": ("v", "threshold"),
    "hidden": ("drive", "inhibition", "expected", "tolerance", "primed", "rest", "demand", "activity", "threshold",
               "slowness", "noise"),
    "interneuron": ("v", "threshold"),
    "output": ("v", "trace", "threshold", "slowness", "noise"),
    "key": ("w", "frozen"),
    "value": ("w", "frozen"),
}  # fmt: skip
RECORDABLE = (*READ, "dendrite")
# what can be kept of every step of one trial
TRACED = {
    "hidden": ("membrane", "expected", "tolerance", "dendrite", "dendrite_tolerance", "plateau"),
    "output": ("v", "readout"),
}
MOST_TRACED = 1e9  # bytes


def check_traces(traces: tuple[str, ...], n_trials: int, n_samples: int, sizes: tuple[int, int, int]) -> None:
    """Raise ValueError unless these are populations of TRACED, of one trial, and their traces fit into memory."""
    for name in traces:
        if name not in TRACED:
            raise ValueError(f"traces takes {', '.join(TRACED)}; got {name!r}")
    if traces and n_trials != 1:
        raise ValueError(f"traces are kept of one trial; the episode has {n_trials}")
    neurons = {"hidden": sizes[1], "output": 2 * sizes[2]}
    n_bytes = 8 * n_samples * sum(neurons[name] * len(TRACED[name]) for name in traces)
    if n_bytes > MOST_TRACED:
        raise ValueError(
            f"traces of {', '.join(traces)} would take {n_bytes / 1e9:.1f} GB, and at most {MOST_TRACED / 1e9:.0f} GB"
            " are kept; a shorter episode or fewer populations would do"
        )


def state_of(owners: Mapping[str, Any]) -> list[str]:
    """The "group.variable" of STATE that these Brian2 groups have."""
    return [
        f"{group}.{name}"
        for group, names in STATE.items()
        for name in names
        if name in owners[group].variables and not hasattr(owners[group].variables[name], "expr")
    ]


class Recording(NamedTuple):
    """B trials of T presentations.

    readings : "hidden.n_votes" -> (B, T, n), for everything in READ.
    state : "key.w" -> (B, n), for everything in STATE, after the last presentation.
    spikes : population -> (t in s (S,), neuron (S,), trial (S,)), where recorded.
    traces : population -> (t in s (S,), variable -> (S, n)), where asked for; only of one trial, and in no file.
    """

    readings: dict[str, np.ndarray]
    state: dict[str, np.ndarray]
    spikes: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]
    traces: dict[str, tuple[np.ndarray, dict[str, np.ndarray]]] = {}  # noqa: RUF012  (never written to)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """One flat dictionary, for a file."""
        flat = {f"readings/{k}": v for k, v in self.readings.items()} | {f"state/{k}": v for k, v in self.state.items()}
        for population, columns in self.spikes.items():
            flat |= {f"spikes/{population}/{i}": column for i, column in enumerate(columns)}
        return flat

    @staticmethod
    def from_arrays(flat) -> Recording:
        """The inverse of to_arrays."""
        spikes = sorted({name.split("/")[1] for name in flat if name.startswith("spikes/")})
        return Recording(
            {name[9:]: flat[name] for name in flat if name.startswith("readings/")},
            {name[6:]: flat[name] for name in flat if name.startswith("state/")},
            {p: (flat[f"spikes/{p}/0"], flat[f"spikes/{p}/1"], flat[f"spikes/{p}/2"]) for p in spikes},
        )

    @staticmethod
    def join(parts: list[Recording]) -> Recording:
        """Batches side by side: trials are numbered on."""
        starts = np.cumsum([0] + [len(next(iter(p.readings.values()))) for p in parts])
        return Recording(
            {k: np.concatenate([p.readings[k] for p in parts]) for k in parts[0].readings},
            {k: np.concatenate([p.state[k] for p in parts]) for k in parts[0].state},
            {
                name: (
                    np.concatenate([p.spikes[name][0] for p in parts]),
                    np.concatenate([p.spikes[name][1] for p in parts]),
                    np.concatenate([p.spikes[name][2] + start for p, start in zip(parts, starts, strict=False)]),
                )
                for name in parts[0].spikes
            },
            parts[0].traces,
        )

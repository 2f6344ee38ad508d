"""How far the spiking network is from its rate twin, on seeds nobody tuned on.

    python -m benchmarks.fidelity [--trials 200] [--sizes]

Every trial runs the spiking network on its own dendrites; the plateaus that happened are replayed into the rate
memory, and the two are compared pair by pair. Prints a Markdown table and a line per target.
"""

from __future__ import annotations

import argparse
from typing import Any, NamedTuple

import numpy as np

from bioKV import Episode, Random, Sequential, SpikingMemory
from bioKV.analysis.activity import peak_rate_hz
from bioKV.analysis.agreement import plateau_errors
from bioKV.analysis.asked import unit_of
from bioKV.analysis.equivalence import equivalence
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.analysis.measures.undecided import undecided
from bioKV.analysis.votes import argmax_share, excess_kl
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative

REPORTING_SEED = 20261123  # tuning used others


class Case(NamedTuple):
    """One row of the table; limit is on the absolute gap."""

    dim: int
    n_pairs: int
    third_factor: object
    trials: int
    limit: float | None
    note: str = ""
    parameters: object = None


def measure(case: Case) -> dict[str, Any]:
    """All columns of one case."""
    seeds = [
        np.random.SeedSequence(REPORTING_SEED, spawn_key=(case.dim, case.n_pairs, trial))
        for trial in range(case.trials)
    ]
    streams = [np.random.default_rng(seed) for seed in seeds]
    episode = Episode.stack([autoassociative(stream, n_pairs=case.n_pairs, key_dim=case.dim) for stream in streams])
    sizes = case.dim, case.dim, case.dim
    memory = SpikingMemory(*sizes, case.third_factor, parameters=case.parameters, engine="compiled")
    spiking = memory.respond(episode, streams)
    twin = KeyValueMemory(case.dim, case.dim, case.dim).respond(
        episode.with_third_factor(spiking.third_factor), streams
    )
    found = equivalence(accuracy(spiking, episode), accuracy(twin, episode), unit=unit_of(episode))
    votes = spiking.counts["votes"]
    expected = None
    if case.third_factor.name == "sequential":
        expected = np.broadcast_to(np.eye(case.dim)[np.arange(episode.n_steps) % case.dim], spiking.third_factor.shape)
    missed, extra = plateau_errors(spiking, expected)
    return {
        "spiking": accuracy(spiking, episode).mean(),
        "rate": accuracy(twin, episode).mean(),
        "gap": found.gap,
        "p": found.p,
        "undecided": undecided(spiking, episode).mean(),
        "argmax": argmax_share(votes, twin.hidden, episode).mean(),
        "kl": excess_kl(votes, twin.hidden, episode).mean(),
        "votes": votes[:, case.n_pairs :].sum(axis=-1).mean(),
        "missed": missed.mean(),
        "extra": extra.mean(),
        **{
            f"{population} {phase}": peak_rate_hz(spiking, population, phase, memory.stimulus_ms).max()
            for population in ("input", "feedforward", "hidden", "interneuron", "output")
            for phase in ("store", "recall")
        },
    }


def cases(trials: int, sizes: bool) -> list[Case]:
    """The points that are promised something, and with `sizes` other sizes of network."""
    rows = [Case(40, n, Sequential(), trials, 0.005 if n <= 40 else 0.01) for n in (5, 10, 20, 40, 60, 80)]
    rows += [Case(40, n, Random(0.1), trials, 0.01) for n in (5, 10, 20, 40, 80)]
    if sizes:
        from brian2 import ms

        from bioKV import Parameters

        longer = Parameters()._replace(stimulus_time=300 * ms, read_stop=305 * ms, tau_readout=300 * ms)
        rows += [
            Case(20, 20, Sequential(), trials, 0.03),
            Case(20, 20, Sequential(), trials, 0.01, "stimulus 300 ms", longer),
            Case(80, 80, Sequential(), max(40, trials // 4), 0.01),
            Case(160, 160, Sequential(), 40, 0.01),
            Case(320, 320, Sequential(), 10, None),
        ]
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--sizes", action="store_true", help="also d = N = m = 20, 80, 160, 320")
    chosen = parser.parse_args()
    columns = ("d=N=m", "third factor", "T", "trials", "spiking", "rate", "gap [95 %]", "p of ±.02", "limit", "argmax",
               "excess KL", "votes", "undecided")  # fmt: skip
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)
    rows = [(case, measure(case)) for case in cases(chosen.trials, chosen.sizes)]
    for case, row in rows:
        name = case.third_factor.name + (f", {case.note}" if case.note else "")
        limit = "none" if case.limit is None else f"{case.limit:g}"
        print(
            f"| {case.dim} | {name} | {case.n_pairs} | {case.trials} | {row['spiking']:.4f} | {row['rate']:.4f} |"
            f" {row['gap']:+.4f} | {row['p']:.1g} | {limit} |"
            f" {row['argmax']:.3f} | {row['kl']:.2f} | {row['votes']:.1f} | {row['undecided']:.4f} |"
        )
    print("\n99th percentile of firing rates over neuron-stimulus pairs that fired, largest of all trials:")
    for population in ("input", "feedforward", "hidden", "interneuron", "output"):
        peaks = [max(row[f"{population} {phase}"] for _, row in rows) for phase in ("store", "recall")]
        print(f"{population}: at most {peaks[0]:.0f} Hz storing, {peaks[1]:.0f} Hz recalling")
    print(
        f"dendritic spikes per presentation: missed {np.mean([row['missed'] for _, row in rows]):.2g},"
        f" too many {np.mean([row['extra'] for _, row in rows]):.2g}"
    )
    late = [case for case, row in rows if case.limit is not None and abs(row["gap"].mean) > case.limit]
    print(f"gaps within their limits: {_verdict(late)}")
    wide = [case for case, row in rows if row["p"] >= 0.05 and case.dim == 40]
    print(f"equivalent within 0.02 at d = 40: {_verdict(wide)}")
    fast = max(max(row["hidden store"], row["hidden recall"]) for _, row in rows)
    print(f"hidden neurons at most 200 Hz: {'yes' if fast <= 200 else 'NO'} ({fast:.0f} Hz)")


def _verdict(failed: list[Case]) -> str:
    return "all" if not failed else f"NOT {[(case.dim, case.n_pairs, case.third_factor.name) for case in failed]}"


if __name__ == "__main__":
    main()

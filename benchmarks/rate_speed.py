"""How fast the rate memory answers, against the paper's equations 4 to 11 written down as they stand.

    python -m benchmarks.rate_speed [--repeats 7]

The opponent loops over trials and steps and computes with full matrices, as a reader of the paper would. Both run on
one core, in turn, on the episodes of the paper's figure 2a at T = 40 pairs, 100 trials, and of figure 4a at a delay of
30 steps, 36 trials. The opponent is handed its plateaus; the memory draws its own, and that counts.
"""

from __future__ import annotations

import os

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # `python benchmarks/rate_speed.py` works too

from bioKV import Episode, Random, Sequential
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative, continual

SIZE, TARGET = 40, 20
TASKS = {"fig. 2a, T=40": (autoassociative, 40, 100), "fig. 4a, R=30": (continual, 30, 36)}  # the protocol, x, trials


def softmax(u):
    return np.exp(u - u.max()) / np.exp(u - u.max()).sum()


def paper(keys, values, gate, gamma):
    """Equations 4 to 11 for one trial: keys (T, d), values (T, m), gate (T,), gamma (T, N) -> what is read (T, m)."""
    n_steps, d = keys.shape
    m, n = values.shape[1], gamma.shape[1]
    K, V = np.zeros((n, d)), np.zeros((m, n))
    one = np.ones(n)
    read = np.zeros((n_steps, m))
    for t in range(n_steps):
        x, y = keys[t], values[t]
        h = softmax(K @ x)  # eq. 4
        read[t] = V @ h  # eq. 5
        eta = gate[t] * gamma[t]  # eq. 8, the plateaus of eq. 6 or 7
        eta_K = np.tile(eta[:, None], (1, d))
        K = (1 - eta_K) * K + eta_K * np.outer(one, x)  # eq. 9
        h = softmax(K @ x)  # eq. 10
        eta_V = np.tile(eta, (m, 1))
        V = (1 - eta_V) * V + eta_V * np.outer(y, h)  # eq. 11
    return read


def paper_without_idle_writes(keys, values, gate, gamma):
    """The same, but a step that stores nothing is only read: the first thing a reader would make faster."""
    m, n = values.shape[1], gamma.shape[1]
    K, V = np.zeros((n, keys.shape[1])), np.zeros((m, n))
    read = np.zeros((len(keys), m))
    for t, (x, y, q) in enumerate(zip(keys, values, gate, strict=True)):
        read[t] = V @ softmax(K @ x)
        if q > 0:
            eta = q * gamma[t]
            K = (1 - eta[:, None]) * K + eta[:, None] * x
            V = (1 - eta) * V + eta * np.outer(y, softmax(K @ x))
    return read


def over_trials(equations: Callable, episode: Episode, gamma: np.ndarray) -> np.ndarray:
    """Trial after trial, (B, T, m)."""
    trials = zip(episode.keys, episode.values, episode.gate, gamma, strict=True)
    return np.array([equations(*trial) for trial in trials])


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(third_factor, task: str, repeats: int) -> tuple[float, float]:
    """Prints both opponents' medians against the memory's; returns (ratio to the paper's equations, equal signs)."""
    rng = np.random.default_rng(1)
    protocol, x, n_trials = TASKS[task]
    episode = Episode.stack([protocol(rng, x, key_dim=SIZE) for _ in range(n_trials)])
    memory = KeyValueMemory(SIZE, SIZE, SIZE, third_factor)

    def respond():
        return memory.respond(episode, np.random.default_rng(2))

    answer = respond()
    gamma = answer.third_factor
    recall = episode.is_recall
    expected = over_trials(paper, episode, gamma)
    same = float((np.sign(answer.values) == np.sign(expected))[recall].mean())
    contestants = {
        "KeyValueMemory.respond": respond,
        "the paper's equations": lambda: over_trials(paper, episode, gamma),
        "the same without idle writes": lambda: over_trials(paper_without_idle_writes, episode, gamma),
    }
    samples: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(repeats):
        for name, work in contestants.items():
            samples[name].append(seconds(work))
    medians = {name: float(np.median(each)) for name, each in samples.items()}
    memory_s = medians["KeyValueMemory.respond"]
    print(f"\n{third_factor.name}, {task}, {n_trials} trials, d=N=m={SIZE}: wall milliseconds, median (min-max)")
    for name, each in samples.items():
        spread = f"{1e3 * medians[name]:9.2f}  ({1e3 * min(each):.2f}-{1e3 * max(each):.2f})"
        print(f"  {name:30} {spread:32} {medians[name] / memory_s:7.1f} times the memory's")
    print(f"  recalled signs that are equal: {same:.6f}")
    return medians["the paper's equations"] / memory_s, same


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7, help="how often everything is measured")
    repeats = parser.parse_args().repeats
    results = [
        (f"{name}, {task}", enough, *compare(third_factor, task, repeats))
        for task in TASKS
        for name, third_factor, enough in (("sequential", Sequential(), True), ("random p=0.1", Random(0.1), False))
    ]
    print()
    for name, enough, ratio, _ in results:
        verdict = ("met    " if ratio >= TARGET else "not met") if enough else "       "
        target = f" (target: {TARGET})" if enough else ""
        print(f"{verdict}  {name}: {ratio:.1f} times as fast as the paper's equations{target}")
    print(f"{'met    ' if all(same == 1 for *_, same in results) else 'not met'}  identical recalled signs")


if __name__ == "__main__":
    main()

"""How fast a rule is learned, against a loop over sequences and steps in PyTorch.

    pip install torch==2.13.0
    python -m benchmarks.learning_speed [--repeats 5]

Both do what one training step takes: draw sequences of 20 to 80 patterns (d = N = m = 40), go through them, the
gradient of the loss for all eleven parameters, and Adam. The opponent is a reader's transcription of eqs. 4, 5 and 12
to 16, one sequence after another, one step after another, on one thread, which is its fastest. Ours is `fit` at its
default of 8 sequences a step, and at 32, after compiling. Each works in a process of its own, for some
seconds, in turn, repeated; wall time and processor time. Leaves with code 2 if PyTorch or JAX is
not installed.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # `python benchmarks/learning_speed.py` works too

from bioKV.learning.fit import TRAINABLE, answers, fit
from bioKV.learning.jax_extra import require_jax
from bioKV.learning.sequences import Sequences
from bioKV.protocols import autoassociative
from bioKV.rule import NEAR_ZERO

N, TARGET = 40, 30
OPPONENTS_SEQUENCES = 48


def present(rng):
    return autoassociative(rng, int(rng.integers(N // 2, 2 * N + 1)), N)


def torch_loss(torch, rule, x, y, q, gamma, asked):
    """Loss of one sequence: x (T, d), y (T, m), q (T,), gamma (T, N), asked (T,)."""
    K, V = torch.zeros(N, N), torch.zeros(N, N)
    error = torch.zeros(())
    for t in range(len(q)):
        h = torch.softmax(K @ x[t], 0)
        if asked[t]:
            error = error + ((V @ h - y[t]) ** 2).sum()
        eta = (q[t] * gamma[t] * rule["eta_k"])[:, None]
        pre, post = rule["a_fk"] * x[t] + rule["b_fk"], rule["a_gk"] * h + rule["b_gk"]
        K = (1 - eta).clamp(0, 1) * K + eta * torch.outer(post, pre)
        h = torch.softmax(K @ x[t], 0)
        pre, post = rule["a_fv"] * h + rule["b_fv"], rule["a_gv"] * y[t] + rule["b_gv"]
        V = (1 - q[t] * (1 - rule["decay"])).clamp(0, 1) * V + q[t] * rule["eta_v"] * torch.outer(post, pre)
    return error / asked.sum()


def tensors_of(torch, episode):
    gamma = np.eye(N)[np.arange(episode.n_steps) % N]
    arrays = (episode.keys, episode.values, episode.gate, gamma, episode.is_recall)
    return [torch.tensor(np.asarray(a), dtype=torch.float32) for a in arrays]


def torch_training(torch, n_sequences: int) -> None:
    """As many sequences, an update for each."""
    rule = {name: torch.tensor(float(getattr(NEAR_ZERO, name)), requires_grad=True) for name in TRAINABLE}
    adam = torch.optim.Adam(rule.values(), lr=1e-2)
    rng = np.random.default_rng(0)
    for _ in range(n_sequences):
        loss = torch_loss(torch, rule, *tensors_of(torch, present(rng)))
        adam.zero_grad()
        loss.backward()
        adam.step()


def same_loss(torch) -> float:
    """The largest difference between what both find for eight sequences."""
    rule = NEAR_ZERO._replace(a_fk=0.7, b_gk=0.7, a_fv=1.0, a_gv=1.0, decay=0.97)
    streams = np.random.default_rng(5).spawn(8)
    theirs, ours = [], []
    for stream in streams:
        episode = present(stream)
        x, y, q, gamma, asked = tensors_of(torch, episode)
        numbers = {name: torch.tensor(float(getattr(rule, name))) for name in TRAINABLE}
        theirs.append(float(torch_loss(torch, numbers, x, y, q, gamma, asked)))
        one = [a.numpy()[:, None] for a in (x, y, q, gamma)]
        sequences = Sequences(*one, np.zeros_like(one[2]), asked.numpy()[:, None])
        empty = np.zeros((2, 1, N, N), np.float32)
        found = np.asarray(answers(rule, *empty, sequences, len(y) // 2, False, False)[0])[:, 0]
        ours.append((((found - y.numpy()) ** 2).sum(axis=1) * asked.numpy()).sum() / asked.numpy().sum())
    return float(np.abs(np.array(theirs) / np.array(ours) - 1).max())


def ours(batch: int, n_steps: int) -> None:
    fit(NEAR_ZERO, present, n_slots=N, n_steps=n_steps, batch=batch, progress=None)


def theirs() -> None:
    import torch

    torch.set_num_threads(1)
    torch_training(torch, OPPONENTS_SEQUENCES)


CONTESTANTS = {  # sequences, and what goes through them
    "PyTorch, a loop over sequences": (OPPONENTS_SEQUENCES, theirs),
    "fit, 8 sequences a step": (8 * 200, partial(ours, 8, 200)),
    "fit, 32 sequences a step": (32 * 50, partial(ours, 32, 50)),
}


def timed(name: str) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    CONTESTANTS[name][1]()
    return time.perf_counter() - wall, time.process_time() - processor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5, help="how often everything is measured")
    repeats = parser.parse_args().repeats
    try:
        import torch
    except ImportError:
        print("the opponent needs PyTorch: pip install torch==2.13.0", file=sys.stderr)
        sys.exit(2)
    try:
        require_jax()
    except ValueError as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
    print(f"both losses agree to {same_loss(torch):.1e}")
    processes = {name: ProcessPoolExecutor(1, get_context("spawn")) for name in CONTESTANTS}
    for name, process in processes.items():
        process.submit(timed, name).result()  # compiles, warms up
    samples: dict[str, list[tuple[float, float]]] = {name: [] for name in CONTESTANTS}
    for _ in range(repeats):
        for name, process in processes.items():
            samples[name].append(process.submit(timed, name).result())
    for process in processes.values():
        process.shutdown()
    print("\n| | sequences a wall second | a processor second | times the opponent's, wall | processor |")
    print("|---|---|---|---|---|")
    rates = {name: n / np.median(samples[name], axis=0) for name, (n, _) in CONTESTANTS.items()}
    slowest = rates["PyTorch, a loop over sequences"]
    for name, rate in rates.items():
        ratio = rate / slowest
        print(f"| {name} | {rate[0]:.1f} | {rate[1]:.1f} | {ratio[0]:.1f} | {ratio[1]:.1f} |")
    reached = rates["fit, 8 sequences a step"][0] / slowest[0]
    print(f"\n{'met' if reached >= TARGET else 'not met'}: {reached:.0f} times at the default (target: {TARGET})")


if __name__ == "__main__":
    main()

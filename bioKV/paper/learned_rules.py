"""The rules of figs. 3 to 5: learned from a near-zero start, and kept in the cache folder for all figures to share."""

from __future__ import annotations

import hashlib
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from ..engines.cache import cache_folder
from ..episode import Episode
from ..learning.fit import Learned, fit
from ..learning.jax_extra import require_jax
from ..models import Random, Sequential
from ..progress import say_to_stderr
from ..protocols import autoassociative, continual, correlated, heteroassociative, sequence
from ..rule import NEAR_ZERO
from ..third_factors import ThirdFactor

SEEDS = (0, 1, 2)
SIZE = 40  # d = N = m
LIFE = 240  # steps of a continual life in training
STEPS = 500
SOURCES = ("models/plasticity.py", "bioKV/learning/fit.py", "bioKV/rule.py", "bioKV/third_factors.py")


def third_factor_of(name: str, size: int) -> ThirdFactor:
    """"sequential", "random p=4/N", "random p=1/N" or "random p=0.1"."""
    factors: dict[str, ThirdFactor]
    factors = {"sequential": Sequential(), "random p=4/N": Random(4 / size), "random p=1/N": Random(1 / size),
               "random p=0.1": Random(0.1)}  # fmt: skip
    return factors[name]


def training_sequence(task: str, rng: np.random.Generator, size: int = SIZE) -> Episode:
    """One sequence to learn from, d = N = size: N/2 to 2N patterns; of a continual life, a delay of 1 to 2N in 240
    steps. task : a protocol; "correlated correlation=0.3" is one with another correlation than 0.6."""
    n = int(rng.integers(size // 2, 2 * size + 1))
    protocol, _, option = task.partition(" ")
    if protocol == "continual":
        return continual(rng, int(rng.integers(1, 2 * size + 1)), n_steps=LIFE, key_dim=size)
    if protocol == "correlated":
        return correlated(rng, n, correlation=float(option.partition("=")[2] or 0.6), key_dim=size)
    if protocol == "heteroassociative":
        return heteroassociative(rng, n, size, value_dim=20)
    if protocol == "sequence":
        return sequence(rng, n, size, prompt="stored", storage_keys="value")
    return autoassociative(rng, n, size)


def learned(third_factor: str, seed: int, task: str = "autoassociative", size: int = SIZE) -> Learned:
    """The rule for a task of d = N = size (fig. 3's for the autoassociative one): batch 8, Adam at 0.01.

    Learned on first use, which takes some 15 s (N = 160: five minutes), and read from the cache folder after that.
    Raises ValueError if JAX is not installed.
    """
    require_jax()
    factor = third_factor_of(third_factor, size)
    present = partial(training_sequence, task, size=size)
    folder = cache_folder() / "rules"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{task}-{factor!r}-{size}-{seed}-{STEPS}-{_made_by()}.npz"
    if not path.exists():
        say_to_stderr(f"learning a rule: {task}, {third_factor}, N = {size}, training seed {seed}")
    return fit(NEAR_ZERO, present, n_slots=size, third_factor=factor, n_steps=STEPS, seed=seed, checkpoint=path,
               progress=None)  # fmt: skip


def history(third_factor: str, seed: int) -> pd.DataFrame:
    """The training of such a rule as a table."""
    return pd.DataFrame(learned(third_factor, seed).history)


def _made_by() -> str:
    """Changes with the sources and packages that decide what is learned."""
    here = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(f"{version('jax')} {version('optax')} {np.__version__}".encode())
    for name in SOURCES:
        folder = here.parent if (here.parent / name).exists() else here  # a checkout, or installed
        digest.update((folder / name.removeprefix("bioKV/" if folder == here else "")).read_bytes())
    return digest.hexdigest()[:16]

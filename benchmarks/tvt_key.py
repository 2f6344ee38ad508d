"""Train the key and strength of a TVT with d = N = 40, and say what came out.

    python benchmarks/tvt_key.py [FILE]

FILE: where to write them; default: models/tvt_trained.json, the ones that figure 2a draws. Needs the extra "learn".
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bioKV import Episode
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.learning.train_tvt import train_tvt
from bioKV.models import TVT
from bioKV.models.tvt import TRAINED, load_key, save_key
from bioKV.protocols import autoassociative

SEED, TRIALS, SIZE = 2019, 300, 40


def task(rng: np.random.Generator) -> Episode:
    """20 to 80 patterns: from half of what the rows hold to twice as much."""
    return autoassociative(rng, int(rng.integers(SIZE // 2, 2 * SIZE + 1)), SIZE)


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else TRAINED
    try:
        save_key(path, train_tvt(SIZE, task, np.random.default_rng(SEED)))
    except ValueError as problem:  # JAX is not installed
        print(f"tvt_key: {problem}", file=sys.stderr)
        sys.exit(2)
    key, strength = load_key(path)
    scale = np.trace(key) / SIZE
    rest = np.sqrt(((key - scale * np.eye(SIZE)) ** 2).sum() / (SIZE * scale**2))
    print(f"strength {strength:.2f}; key = {scale:.2f} times the identity, plus a rest of {rest:.1%} of its norm")
    memories = {"trained key": TVT(SIZE, SIZE, key=key, strength=strength), "identity key": TVT(SIZE, SIZE)}
    print(f"| patterns | {' | '.join(memories)} |\n|{'---|' * (1 + len(memories))}")
    for n_pairs in (20, 40, 60, 80, 180):
        rng = np.random.default_rng([SEED, n_pairs])
        episode = Episode.stack([autoassociative(rng, n_pairs, SIZE) for _ in range(TRIALS)])
        found = (accuracy(memory.respond(episode, rng), episode).mean() for memory in memories.values())
        print(f"| {n_pairs} | {' | '.join(f'{a:.4f}' for a in found)} |")


if __name__ == "__main__":
    main()

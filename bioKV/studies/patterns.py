"""One's own patterns, from a file."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from ..checks import numbers_of
from .tasks import Protocol, protocol_name, protocol_options


def load_patterns(path: Path | None, protocol: Protocol, options: dict[str, Any]) -> np.ndarray | None:
    """One's own patterns from .csv or .npy; sets key_dim, and how many the protocol stores or shows (n_pairs,
    n_patterns or n_steps) to all of them, unless that was given.

    Returns (P, d), one pattern per row; None without a path. `options` is changed in place.
    Raises ValueError if the file cannot be read as a table of numbers.
    """
    if path is None:
        return None
    try:
        if path.suffix == ".npy":
            patterns = np.load(path, allow_pickle=False)
        elif path.suffix == ".csv":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of an empty file, which is refused below
                patterns = np.loadtxt(path, delimiter=",", ndmin=2)
        else:
            raise ValueError("its name must end in .csv or .npy")
        patterns = numbers_of("what it holds", patterns)
    except (OSError, EOFError, ValueError) as problem:
        raise ValueError(f"cannot read patterns from {path}: {problem}") from None
    if patterns.ndim != 2 or patterns.size == 0:
        raise ValueError(f"{path} must hold a table with one pattern per row; it has shape {patterns.shape}")
    known = protocol_options(protocol)
    if "key_dim" in known:
        options.setdefault("key_dim", patterns.shape[1])
    count = next((name for name in ("n_pairs", "n_patterns", "n_steps") if name in known), None)
    if count and protocol_name(protocol) != "correlated":  # whose patterns are all made from the first row
        options.setdefault(count, len(patterns))
    return patterns

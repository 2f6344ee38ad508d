"""Store a sequence, each pattern the key to the next, then play it from a prompt (section 3.4, fig. 5b)."""

from __future__ import annotations

import numpy as np

from ..checks import check_choice, check_count, check_generator
from ..episode import Episode
from .patterns import patterns_or_random, random_patterns


def sequence(rng: np.random.Generator, n_patterns: int = 20, key_dim: int = 40, prompt: str = "recalled",
             storage_keys: str = "output", patterns: np.ndarray | None = None) -> Episode:  # fmt: skip
    """Store a sequence, each pattern the key to the next, then play it on from a prompt at a random place.

    Step t < n_patterns stores pattern t as the value of a key that is the memory's own previous output, which, read
    after the write, is pattern t - 1; the first key is a random vector. In recall every key is the previous output too.
    A key that feedback will supply is 0 in the episode. All answers are read after the write (paper, section 3.4, fig.
    5b).

    Parameters
    ----------
    rng : Generator
        Draws the patterns, the first key and the prompt, uniform over patterns 0 to n_patterns - 2.
    n_patterns : int
        Length of the sequence.
    key_dim : int
        Entries of a pattern: d, which is also m.
    prompt : str
        "recalled" (default): pattern p is shown as a key with q = 0, and every answer from p + 1 on is scored. "stored"
        (the authors' code, and fig. 5b): pattern p is shown as a value and is itself written (q = 1, the key is the
        previous output) and scored, so the first score is for what was just clamped.
    storage_keys : str
        "output" (default, the authors' code) as said above, so what was stored wrongly misleads what follows; "value":
        the key of pattern t is pattern t - 1 itself, without feedback.
    patterns : array, (P, d), P >= n_patterns
        Your own sequence, of +1 and -1. None (default): a random one.

    Returns
    -------
    Episode

    Raises
    ------
    ValueError
        Unless n_patterns is a whole number of 2 or more and the choices are among those named, or if the patterns do
        not fit.

    References
    ----------
    Tyulmankov, D., Fang, C., Vadaparty, A. & Yang, G. R. (2021). Biological learning in key-value memory networks.
    NeurIPS 34. arXiv:2110.13976.

    Examples
    --------
    >>> import numpy as np
    >>> from bioKV import protocols
    >>> rng = np.random.default_rng(2021)
    >>> episode = protocols.sequence(rng, n_patterns=6)
    >>> episode.source[episode.is_recall]
    array([2, 3, 4, 5])
    """
    check_generator(rng)
    check_count("n_patterns", n_patterns, least=2)
    check_count("key_dim", key_dim)
    check_choice("prompt", prompt, ("recalled", "stored"))
    check_choice("storage_keys", storage_keys, ("output", "value"))
    n = n_patterns
    y = patterns_or_random(patterns, n, key_dim, rng, need="n_patterns")
    p = int(rng.integers(n - 1))
    first = p if prompt == "stored" else p + 1  # of the patterns that are to come out
    n_steps = n + n - first
    keys = np.zeros((n_steps, key_dim))
    keys[0] = random_patterns(1, key_dim, rng)[0]
    gate = np.zeros(n_steps)
    gate[:n] = 1.0
    source = np.full(n_steps, -1)
    source[n:] = np.arange(first, n)
    feedback = np.arange(n_steps) > 0
    if storage_keys == "value":
        keys[1:n] = y[:-1]
        feedback[1:n] = False
    if prompt == "stored":
        gate[n], source[n] = 1.0, n
    else:
        keys[n], feedback[n] = y[p], False
    return Episode(
        keys, np.concatenate([y, y[first:]]), gate, source, feedback=feedback, read_after_write=True
    )

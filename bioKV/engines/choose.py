"""Which engine runs a network."""

from __future__ import annotations

from .cache import LENGTHS, NoCache, cache_folder
from .toolchain import lacking, require_compiler, trouble

ENGINES = ("auto", "compiled", "numpy")


def choose_engine(engine: str, n_steps: int) -> tuple[str, str]:
    """The engine that would run episodes of so many presentations, and why.

    "auto" does not depend on what has been compiled before, so that one command gives the same numbers twice.

    Parameters
    ----------
    engine : {"auto", "compiled", "numpy"}
        What was asked for.
    n_steps : int
        Presentations.

    Returns
    -------
    engine : {"compiled", "numpy"}
        The engine.
    reason : str
        Why, in a few words.

    Raises
    ------
    ValueError
        For a cache folder that cannot be trusted, and for "compiled" without a compiler.
    """
    if engine == "compiled":  # what is refused is refused before anything starts
        require_compiler()
        cache_folder()
    if engine != "auto":
        return engine, "asked for"
    if n_steps + 1 > LENGTHS[-1]:
        return "numpy", "the episode is too long for the compiled one"
    try:
        why_not = lacking() or trouble(cache_folder())
    except NoCache as problem:
        why_not = str(problem)
    return ("numpy", why_not) if why_not else ("compiled", "a C++ compiler works")

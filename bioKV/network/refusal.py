"""What Brian2 refuses to build, said in one sentence that names the part."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .blueprint import Blueprint
from .equations import declared
from .parts import Part

QUOTED = re.compile(r"'([^'\n]+)'|\"([^\"\n]+)\"|subexpression (\w+)")
LIST_OF_ALLOWED = re.compile(r"[,.] (only the|The) following .*", re.DOTALL)
OBJECT = re.compile(r"object named '(\w+)'")


class Refused(ValueError):
    """A network whose text Brian2 cannot build: units that do not fit, or a name it does not know."""


@contextmanager
def in_one_sentence(network: Blueprint, owner: str = "", but: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Raise Refused for what Brian2 raises within.

    Parameters
    ----------
    network : Blueprint
        What is built or run.
    owner : str
        The population or bundle that is being made, if one is.
    but : callable
        Whether all is made. What is raised after that comes out as it is, unless it is of code that Brian2 made.

    Yields
    ------
    None
        Nothing; the block is what is watched.

    Raises
    ------
    Refused
        With one sentence that names the part.
    """
    try:
        yield
    except (Refused, MemoryError):
        raise
    except Exception as problem:
        if but() and type(problem).__name__ != "BrianObjectException":
            raise
        raise Refused(sentence(network, problem, owner)) from problem


def sentence(network: Blueprint, problem: BaseException, owner: str = "") -> str:
    """What went wrong, and in which part of which population or bundle, as far as Brian2's words tell.

    Parameters
    ----------
    network : Blueprint
        What is built or run.
    problem : BaseException
        What Brian2 raised.
    owner : str
        The population or bundle that is being made, if one is.

    Returns
    -------
    str
        One sentence.
    """
    words = [str(problem)]
    while problem.__cause__ is not None:
        problem = problem.__cause__
        words.append(str(problem))
    words = [LIST_OF_ALLOWED.sub("", text).replace("unit radian", "unit 1") for text in words]
    said = " ".join(words[-1].split())
    said = (said[1:-1] if said.startswith("'") and said.endswith("'") else said).rstrip(".")
    named = OBJECT.search("\n".join(words))
    if named:  # "key_write" is of "key"
        known = [name for name, _ in network.owners() if named[1] == name or named[1].startswith(f"{name}_")]
        owner = max(known, key=len, default=owner)
    if not owner:
        return f"the network cannot be built: {said}"
    quoted = [next(filter(None, found)) for found in QUOTED.findall("\n".join(words))]
    owned = network.owner(owner).parts
    found = {name: sum(_says(part, text) for text in quoted) for name, part in owned.items()}
    blamed = max(reversed(found), key=lambda name: found[name])  # of equals the one that was added last
    return f"{f'the part {blamed!r} of {owner}' if found[blamed] else owner} cannot be built: {said}"


def _says(part: Part, text: str) -> bool:
    """Whether a text stands in a part, or is the name of one of its variables."""
    return text in declared(part.model) or _bare(text) in _bare("\n".join([part.model, *part.code()]))


def _bare(text: str) -> str:
    return "".join(text.split())

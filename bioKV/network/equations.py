"""What a piece of Brian2's text declares and what it uses, read without Brian2."""

from __future__ import annotations

import ast
import functools
import re
from typing import NamedTuple

from ..checks import shown

COMMENT = re.compile(r"#[^\n]*")
DECLARED = re.compile(
    r"(?:d(?P<state>\w+)/dt|(?P<name>\w+))\s*(?P<formula>=\s*[^:\s][^:]*)?:\s*(?P<unit>[^(:]+?)\s*(?:\((?P<flags>.*)\))?"
)
NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
ASSIGNED = re.compile(r"(?:^|;)\s*([A-Za-z_]\w*)\s*=(?!=)", re.MULTILINE)
# names that mean something everywhere in Brian2
KNOWN = frozenset(
    """t dt i j N lastspike lastupdate and or not True False if else int clip exp log log10 expm1 log1p exprel sqrt abs
    sign ceil floor sin cos tan sinh cosh tanh arcsin arccos arctan rand randn poisson timestep pi inf second ms Hz
    """.split()  # noqa: SIM905
)


class Variable(NamedTuple):
    """A variable of a neuron or synapse.

    Parameters
    ----------
    unit : str
        Its unit as written, such as "1", "second" or "Hz".
    flags : frozenset of str
        What stands in brackets after the unit: "shared", "constant", "linked".
    kind : {"state", "formula", "parameter"}
        "state": it has a differential equation; "formula": it follows from others; "parameter": it keeps its value.
    """

    unit: str
    flags: frozenset[str]
    kind: str

    @property
    def is_set_once(self) -> bool:
        """Whether it is one number for all, given from outside."""
        return self.kind == "parameter" and {"shared", "constant"} <= self.flags


@functools.lru_cache(maxsize=1024)
def declared(model: str) -> dict[str, Variable]:
    r"""Variables that the text of a model declares.

    Parameters
    ----------
    model : str
        Brian2's equations.

    Returns
    -------
    dict of str to Variable
        The variables by name, in their order.

    Raises
    ------
    ValueError
        For a line that declares nothing, or an equation without a unit.

    Examples
    --------
    >>> from bioKV.network.equations import declared
    >>> declared("dv/dt = -v/tau : 1\ntau : second (shared, constant)")["tau"].is_set_once
    True
    """
    found, logical = {}, ""
    for line in COMMENT.sub("", model).splitlines():
        logical = f"{logical} {line.strip()}".strip()
        if not logical or ":" not in logical:  # an equation may go over several lines; its unit ends it
            continue
        matched = DECLARED.fullmatch(logical)
        if matched is None:
            raise ValueError(f"{shown(logical)} is no equation; one looks like 'dv/dt = -v/tau : 1' or 'tau : second'")
        kind = "state" if matched["state"] else "formula" if matched["formula"] else "parameter"
        flags = frozenset(flag.strip() for flag in (matched["flags"] or "").split(",") if flag.strip())
        found[matched["state"] or matched["name"]] = Variable(matched["unit"], flags, kind)
        logical = ""
    if logical:
        raise ValueError(f"{shown(logical)} has no unit; an equation ends with one, such as ': 1' or ': second'")
    return found


@functools.lru_cache(maxsize=1024)
def used(code: str) -> frozenset[str]:
    r"""Names that a model or code takes from elsewhere: not its own local ones, and not those Brian2 knows.

    Parameters
    ----------
    code : str
        Statements, or right-hand sides of equations.

    Returns
    -------
    frozenset of str
        The names.

    Examples
    --------
    >>> from bioKV.network.equations import used
    >>> sorted(used("eta = clip(q_post, 0, 1)\nw += eta*(trace_pre - w)"))
    ['q_post', 'trace_pre', 'w']
    """
    text = COMMENT.sub("", code)
    return frozenset(NAME.findall(text)) - frozenset(ASSIGNED.findall(text)) - KNOWN


@functools.lru_cache(maxsize=1024)
def check_syntax(code: str) -> None:
    """Refuse a text that is no code.

    Parameters
    ----------
    code : str
        Statements: Brian2 has Python's, = and the like of +=.

    Raises
    ------
    ValueError
        With the line, for one that cannot be read, or if it is no text.
    """
    if not isinstance(code, str):
        raise ValueError(f"code is text; got {shown(code)}")
    for line in lines_of(COMMENT.sub("", code)):
        try:
            ast.parse(line)
        except SyntaxError:
            raise ValueError(f"{shown(line)} is no code that Brian2 could read") from None


@functools.lru_cache(maxsize=1024)
def formulas(model: str) -> str:
    """Right-hand sides of a model's equations, one per line.

    Parameters
    ----------
    model : str
        Brian2's equations.

    Returns
    -------
    str
        The formulas, without names and units.
    """
    text = COMMENT.sub("", model)
    return "\n".join(re.findall(r"=([^:]*):", text))


def lines_of(text: str) -> list[str]:
    """Lines of a text, without indent and blank lines.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        The lines.
    """
    return [line.strip() for line in text.splitlines() if line.strip()]

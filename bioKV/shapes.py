"""How objects that hold arrays are shown: their shapes, in one line, and as a small table in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np


def line(title: str, facts: Mapping[str, Any]) -> str:
    """The facts of an object as ``<title: name (shape), name text>``; what is None or empty is left out.

    Parameters
    ----------
    title : str
        What the object is.
    facts : dict
        From a name to a value that `brief` shows.

    Returns
    -------
    str
    """
    said = [f"{name} {text}" for name, value in facts.items() if (text := brief(value))]
    return f"<{title}: {', '.join(said)}>" if said else f"<{title}>"


def table(title: str, facts: Mapping[str, Any]) -> str:
    """The facts of an object as HTML, escaped; what is None or empty is left out.

    Parameters
    ----------
    title : str
        What the object is.
    facts : dict
        From a name to a value that `brief` shows.

    Returns
    -------
    str
    """
    rows = "".join(
        f"<tr><th style='text-align:left'>{escape(name)}</th><td style='text-align:left'>{escape(text)}</td></tr>"
        for name, value in facts.items()
        if (text := brief(value))
    )
    return f"<table><caption style='text-align:left'>{escape(title)}</caption>{rows}</table>"


def brief(value: Any) -> str:
    """The shape of an array, the names in a dict, the length of a list; of a named tuple, all its fields.

    Parameters
    ----------
    value : anything
        What is to be shown.

    Returns
    -------
    str
    """
    if value is None:
        return ""
    if isinstance(value, np.ndarray):
        return str(value.shape)
    if isinstance(value, Mapping):
        return ", ".join(map(str, value))
    if hasattr(value, "_fields"):
        said = [f"{name} {text}" for name in value._fields if (text := brief(getattr(value, name)))]
        return f"({', '.join(said)})"
    if isinstance(value, list):
        return f"({len(value)},)"
    return str(value)

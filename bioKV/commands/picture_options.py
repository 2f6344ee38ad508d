"""Options of commands that draw: how wide pictures are, as which files, and in which style."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from ..analysis.style import DPI, MM_PER_INCH, SCALE, Style
from . import completing

MM = {"mm": 1.0, "cm": 10.0, "in": MM_PER_INCH}


def length(text: str) -> float:
    """The length of a text in mm, such as "85mm", "17.4 cm" or "6.85in"."""
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+) *(mm|cm|in)", text.strip().lower())
    if not found:
        raise typer.BadParameter(f"must be a length with its unit, such as 85mm, 17.4cm or 6.85in; got {text!r}")
    return float(found[1]) * MM[found[2]]


def formats(text: str) -> str:
    """Names of formats, comma-separated, as they are; those that are none are refused."""
    try:
        Style(formats=names(text)).check()
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from None
    return text


def names(text: str) -> tuple[str, ...]:
    """The formats of a text: small letters, and "tif" is tiff."""
    given = (one.strip().lower().removeprefix(".") for one in text.split(","))
    return tuple("tiff" if one == "tif" else one for one in given)


def style_name(text: str) -> str:
    """The name of a style; one that is none is refused."""
    try:
        return Style(text.strip().lower()).check().name
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from None


Width = Annotated[
    float | None,
    typer.Option("--width", parser=length, metavar="LENGTH", help="Of pictures: 85mm (one column), 174mm (two), or any"
                 " other in mm, cm or in (default: each its own).", show_default=False),
]  # fmt: skip
Format = Annotated[
    str,
    typer.Option("--format", parser=formats, metavar="NAME,NAME", autocompletion=completing.formats,
                 help=f"Of pictures: {', '.join(DPI)}."),
]  # fmt: skip
StyleName = Annotated[
    str,
    typer.Option("--style", parser=style_name, metavar="NAME", autocompletion=completing.styles,
                 help=f"Of pictures: {', '.join(SCALE)}."),
]  # fmt: skip


def typed_style(params: dict[str, Any]) -> Style:
    """The style of pictures that a command's parameters width, format and style ask for.

    Raises ValueError if the width holds no picture in that style.
    """
    return Style(params["style"], params["width"], names(params["format"])).check()

"""The pieces of code of a program, a few dozen to a C++ file.

Brian2 writes one file per piece, some eighty, and most of their compiling is what every one begins with. Here they
stand together in a few files, each piece in a namespace of its own, so that nothing in them changes.
"""

from __future__ import annotations

import re
from pathlib import Path

FILES = 4  # that many compilers can work at a time


def put_together(folder: Path) -> list[Path]:
    """Write together-0.cpp and so on: all of FOLDER/code_objects, which the makefile then compiles in its place."""
    pieces = sorted((folder / "code_objects").glob("*.cpp"))
    written = []
    for first in range(FILES):
        includes: dict[str, None] = {}  # in their order, once
        bodies: list[str] = []
        for piece in pieces[first::FILES]:
            lines = piece.read_text().splitlines()
            includes |= dict.fromkeys(line for line in lines if line.lstrip().startswith("#include"))
            rest = [line for line in lines if line not in includes]
            declared = re.findall(r"^void (\w+)\(\);", piece.with_suffix(".h").read_text(), re.MULTILINE)
            within = f"of_{piece.stem}"
            bodies += [f"namespace {within} {{", *rest, "}"]
            bodies += [f"void {name}() {{ {within}::{name}(); }}" for name in declared]
        written.append(folder / f"together-{first}.cpp")
        written[-1].write_text("\n".join([*includes, *bodies, ""]))
    return written

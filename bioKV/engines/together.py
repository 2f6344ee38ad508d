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
        includes, bodies = {}, []
        for piece in pieces[first::FILES]:
            begins, rest = [], []
            for line in piece.read_text().splitlines():
                (begins if line.lstrip().startswith("#include") else rest).append(line)
            includes |= dict.fromkeys(begins)  # in their order, once
            declared = re.findall(r"^void (\w+)\(\);", piece.with_suffix(".h").read_text(), re.MULTILINE)
            within = f"of_{piece.stem}"
            bodies += [f"namespace {within} {{", *rest, "}"]
            bodies += [f"void {name}() {{ {within}::{name}(); }}" for name in declared]
        written.append(folder / f"together-{first}.cpp")
        written[-1].write_text("\n".join([*includes, *bodies, ""]))
    return written

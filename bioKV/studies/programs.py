"""Compiled programs of a study's networks: which are lacking, and compiling those before any trial waits for one."""

from __future__ import annotations

from collections.abc import Iterable

from ..engines.cache import Structure, entry, load
from ..engines.children import in_parallel
from ..engines.obtain import obtain
from ..progress import say_to_stderr
from .cell import Cell
from .recordings import recorded


def lacking(cells: Iterable[Cell]) -> list[Structure]:
    """The structures of these cells' networks, each once, of which the compiled engine has no program yet: without
    recordings, and with them where the plan keeps any."""
    compiled = [cell for cell in cells if cell.engine == "compiled"]
    needed = (cell.made().structure(cell.first, of) for cell in compiled
              for of in {(), recorded(cell.study.plan.record)})  # fmt: skip
    by_entry = {entry(structure): structure for structure in needed}
    return [structure for folder, structure in by_entry.items() if load(folder) is None]


def compile_ahead(cells: Iterable[Cell], workers: int) -> None:
    """Compile what is lacking, as many at a time as there are workers."""
    structures = lacking(cells)
    if structures:
        in_parallel(lambda i: obtain(structures[i], say_to_stderr), len(structures), workers, lambda i, program: None)

"""A mutant: one small mistake, made on purpose, and the tests that should notice it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Mutant(NamedTuple):
    """file : from the root of the checkout. before : a text that stands in it once. after : what takes its place.
    tests : pytest's names of files or tests, at least one of which should fail then."""

    file: str
    before: str
    after: str
    tests: tuple[str, ...]

    def make_in(self, root: Path) -> None:
        """Make the mistake in a copy of the checkout. Raises ValueError unless `before` stands there once."""
        path = root / self.file
        text = path.read_text()
        if text.count(self.before) != 1:
            raise ValueError(f"{self.file} has {text.count(self.before)} times, not once: {self.before}")
        path.write_text(text.replace(self.before, self.after))

"""Two parts of a network that have the same name, or declare the same."""

from __future__ import annotations


class Clash(ValueError):
    """Two parts of a network that have the same name, or declare the same.

    Parameters
    ----------
    sentence : str
        What they share.
    *where : tuple of str
        Population or bundle and part, of each that was there or is put there; of a whole population or bundle the part
        is "".
    """

    def __init__(self, sentence: str, *where: tuple[str, str]) -> None:
        super().__init__(sentence)
        self.where = where

"""What neurons did, in files and objects of others: a format a file. What a format needs is imported when it is asked
for."""

from .csv import csv
from .nix import nix
from .npz import Saved, load, npz
from .nwb import nwb
from .to_neo import to_neo
from .to_pandas import to_pandas

__all__ = ["Saved", "csv", "load", "nix", "npz", "nwb", "to_neo", "to_pandas"]

"""Tasks: what is presented when. A protocol is a function of the same name in its own file."""

from .autoassociative import autoassociative
from .continual import continual
from .copy_paste import copy_paste
from .correlated import correlated
from .flashbulb import flashbulb
from .graded import graded
from .heteroassociative import heteroassociative
from .sequence import sequence

__all__ = [
    "autoassociative",
    "continual",
    "copy_paste",
    "correlated",
    "flashbulb",
    "graded",
    "heteroassociative",
    "sequence",
]

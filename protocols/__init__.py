"""Tasks: what is presented when. A protocol is a function of the same name in its own file."""

from .autoassociative import autoassociative

__all__ = ["autoassociative"]

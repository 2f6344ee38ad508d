"""`python -m bioKV` is the same as `biokv`."""

from .cli import main

main()

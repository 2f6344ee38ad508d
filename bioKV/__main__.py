"""`python -m bioKV` is the same as `biokv`."""

from .commands.cli import main

main()

"""Run the commands whose output stands in the docs, and put it there.

    python docs/refresh.py [WORD]     only the commands that contain WORD

A block begins with `<!-- output of: COMMAND -->` and ends with `<!-- end -->`; what lies between is replaced. It is
kept where the command leaves with code 2, which says that something it needs is not installed.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parent
BLOCK = re.compile(r"<!-- output of: (.+?) -->\n(.*?)<!-- end -->", re.DOTALL)


def run(command: str) -> str | None:
    """Standard output of a command, with this Python in place of `python`; None if it lacks what it needs."""
    words = shlex.split(command)
    words = [sys.executable, *words[1:]] if words[0] == "python" else words
    print(f"running {command} ...", file=sys.stderr, flush=True)
    done = subprocess.run(words, cwd=DOCS.parent, stdout=subprocess.PIPE, text=True)
    if done.returncode == 2:
        print(f"kept as it was: the output of {command}", file=sys.stderr)
        return None
    done.check_returncode()
    return done.stdout


def fresh(block: re.Match[str]) -> str:
    """A block with the output its command gives now."""
    command = block[1]
    if len(sys.argv) > 1 and sys.argv[1] not in command:
        return block[0]
    output = run(command)
    if output is None:
        return block[0]
    output = output.rstrip()
    if not output.startswith("|"):
        output = f"```\n{output}\n```"
    return f"<!-- output of: {command} -->\n{output}\n<!-- end -->"


def main() -> None:
    for page in sorted(DOCS.glob("*.md")):
        page.write_text(BLOCK.sub(fresh, page.read_text()))


if __name__ == "__main__":
    main()

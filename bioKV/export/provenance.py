"""Where exported spikes come from: versions, engine, seed, command and what to cite."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple

CITATION = (
    "Tyulmankov, D., Fang, C., Vadaparty, A. and Yang, G. R. (2021). Biological learning in key-value memory networks."
    " Advances in Neural Information Processing Systems 34 (NeurIPS 2021)."
)
DOI = "https://doi.org/10.48550/arXiv.2110.13976"


class Provenance(NamedTuple):
    """versions : package -> version. seed, command : of the run, None and "" outside of one."""

    versions: dict[str, str]
    engine: str
    seed: int | None
    command: str
    git_revision: str | None


def provenance_of(record: Mapping[str, Any] | None, engine: str) -> Provenance:
    """That of a run, whose run.json this is; without one, of what is installed here."""
    if record is None:
        return Provenance(versions_here(), engine, None, "", None)
    plan, commands = record.get("plan", {}), record.get("commands", [])
    command = commands[-1] if commands else ""
    return Provenance(dict(record.get("versions", {})), engine, plan.get("seed"), command, record.get("git_revision"))


def versions_here() -> dict[str, str]:
    """Of Python and of what makes the numbers."""
    found = {"python": platform.python_version()}
    for package in ("bioKV", "brian2", "numpy"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # run from a copy that was never installed
            continue
    return found

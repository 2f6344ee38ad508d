"""Where exported spikes come from: versions, engine, seed, command and what to cite."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple

from ..checks import check_mapping

CITATION = (
    "Tyulmankov, D., Fang, C., Vadaparty, A. and Yang, G. R. (2021). Biological learning in key-value memory networks."
    " Advances in Neural Information Processing Systems 34 (NeurIPS 2021)."
)
DOI = "https://doi.org/10.48550/arXiv.2110.13976"


class Provenance(NamedTuple):
    """Where exported spikes come from.

    Parameters
    ----------
    versions : dict of str to str
        Package and version.
    engine : str
        What ran the networks.
    seed : int or None
        Of the run; None outside of one.
    command : str
        Of the run; "" outside of one.
    git_revision : str or None
        Of the checkout that ran it, where there was one.
    """

    versions: dict[str, str]
    engine: str
    seed: int | None
    command: str
    git_revision: str | None


def provenance_of(record: Mapping[str, Any] | None, engine: str) -> Provenance:
    """Where the spikes of a run come from; without one, what is installed here.

    Parameters
    ----------
    record : dict or None
        Of the run, as run.json has it.
    engine : str
        What ran the networks.

    Returns
    -------
    Provenance
        Versions, engine, seed and command.

    Raises
    ------
    ValueError
        If record is none of a run.
    """
    if record is None:
        return Provenance(versions_here(), engine, None, "", None)
    check_mapping("record", record)
    plan, versions, commands = record.get("plan", {}), record.get("versions", {}), record.get("commands", [])
    check_mapping("plan of record", plan)
    check_mapping("versions of record", versions)
    command = str(commands[-1]) if isinstance(commands, list) and commands else ""
    return Provenance(dict(versions), engine, plan.get("seed"), command, record.get("git_revision"))


def versions_here() -> dict[str, str]:
    """Versions of Python and of what makes the numbers.

    Returns
    -------
    dict of str to str
        Package and version; a package that is not installed is left out.
    """
    found = {"python": platform.python_version()}
    for package in ("bioKV", "brian2", "numpy"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # run from a copy that was never installed
            continue
    return found

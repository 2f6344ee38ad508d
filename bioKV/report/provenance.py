"""Where the numbers of a run come from (versions, revision, machine, checksums), how to cite, how to run it again."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..export.provenance import CITATION, DOI
from .finished import FinishedRun

BIBTEX = """@inproceedings{tyulmankov2021biological,
  title = {Biological learning in key-value memory networks},
  author = {Tyulmankov, Danil and Fang, Ching and Vadaparty, Annapurna and Yang, Guangyu Robert},
  booktitle = {Advances in Neural Information Processing Systems},
  volume = {34},
  year = {2021},
  doi = {10.48550/arXiv.2110.13976}
}"""


class Origin(NamedTuple):
    """Where a run comes from.

    Parameters
    ----------
    facts : list of tuple of str
        Names and values: state, revision, machine, time it took, memory.
    versions : list of tuple of str
        Packages and their versions.
    files : list of tuple of str
        Names of files and their SHA-256.
    parameters : list of tuple of str
        Defaults of the spiking memory then, with units.
    changes : list of str
        What had changed when later trials were added.
    """

    facts: list[tuple[str, str]]
    versions: list[tuple[str, str]]
    files: list[tuple[str, str]]
    parameters: list[tuple[str, str]]
    changes: list[str]


def origin(run: FinishedRun) -> Origin:
    """Collect where a run comes from, out of run.json and the files beside it.

    Parameters
    ----------
    run : FinishedRun
        The run.

    Returns
    -------
    Origin
    """
    record = run.record
    facts = {
        "state": record.get("state"),
        "git revision of bioKV": _revision(record) or "not a checkout",
        "machine": record.get("machine"),
        "wall time": _seconds(record.get("wall_s")),
        "processor time": _seconds(record.get("cpu_s")),
        "peak memory of a process": f"{record['peak_memory_mb']:g} MB" if "peak_memory_mb" in record else None,
    }
    files = [(name, _sum(run.folder / name)) for name in ("results.csv", "results.parquet", "study.toml", "run.json")]
    files += [(f"{one.get('kept')} ({name})", str(one.get("sha256"))) for name, one in _inputs(record).items()]
    changes = [text for part in record.get("later_parts") or [] for text in part.get("differs") or []]
    return Origin(
        [(name, str(value)) for name, value in facts.items() if value],
        [(name, str(value)) for name, value in (record.get("versions") or {}).items()],
        [(name, digest) for name, digest in files if digest],
        [(name, str(value)) for name, value in (record.get("parameters") or {}).items()],
        changes,
    )


class Again(NamedTuple):
    """How to do a run again, and whom to cite.

    Parameters
    ----------
    commands : str
        To be copied into a shell: the plan of the run, where it has kept one.
    typed : str
        The commands of the run as they were typed.
    plan : str
        The text of study.toml; "" where the run has none.
    inputs : list of str
        Files that the plan needs beside it.
    citation : str
        The paper and bioKV, in a sentence each.
    bibtex : str
        The paper.
    doi : str
        Its address.
    """

    commands: str
    typed: str
    plan: str
    inputs: list[str]
    citation: str
    bibtex: str
    doi: str


def again(run: FinishedRun) -> Again:
    """Say how to run a run again and what to cite.

    Parameters
    ----------
    run : FinishedRun
        The run.

    Returns
    -------
    Again
    """
    record, plan = run.record, run.folder / "study.toml"
    version = (record.get("versions") or {}).get("bioKV", "")
    typed = [str(command) for command in record.get("commands") or []]
    revision = _revision(record)
    made_with = f"# bioKV {version}" + (f" (git revision {revision})" if revision else "")
    text = plan.read_text(encoding="utf-8", errors="replace") if plan.is_file() else ""
    do = [f"biokv run study.toml --out {shlex.quote(run.name + '-again')}"] if text else typed[:1]
    inputs = [str(one.get("kept")) for one in _inputs(record).values()]
    ours = f"bioKV {version}: key-value memory networks on spiking neurons, beside their rate model. Software."
    return Again("\n".join([made_with, *do]), "\n".join(typed), text, inputs, f"{CITATION}\n{ours}", BIBTEX, DOI)


def _revision(record: Mapping[str, Any]) -> str:
    found = str(record.get("git_revision") or "")
    return found.removesuffix("+") + (", with changes since" if found.endswith("+") else "")


def _inputs(record: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {str(name): one for name, one in (record.get("inputs") or {}).items() if isinstance(one, Mapping)}


def _sum(path: Path) -> str:
    if not path.is_file():
        return ""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _seconds(value: Any) -> str:
    return "" if value is None else f"{value:.3g} s"

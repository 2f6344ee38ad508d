"""What is installed is what was agreed, and every file that names a version or a package says the same."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from conftest import FOLDERS, ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import bioKV
from bioKV.export import provenance

TOP_LEVEL = {*FOLDERS, "tests", "benchmarks", "docs", "studies", "environment.yml", "pyproject.toml", "constraints.txt"}
TOP_LEVEL |= {"Makefile", "README.md", "CITATION.cff", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "examples"}
PYTHONS = ("3.11", "3.12", "3.13")

if not (ROOT / "pyproject.toml").is_file():
    pytest.skip("these tests look at a checkout", allow_module_level=True)


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def requirements(lines, python: str, platform: str = "linux") -> dict[str, Requirement]:
    """name -> requirement, of the lines whose marker holds for that Python and platform; no name comes twice."""
    environment = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": platform}
    holding = [r for r in map(Requirement, lines) if r.marker is None or r.marker.evaluate(environment)]
    named = {canonicalize_name(r.name): r for r in holding}
    assert len(named) == len(holding), f"a package is named twice for Python {python} on {platform}"
    return named


def everything(project) -> list[str]:
    """What `make test` installs: the package's own requirements and those of the extras test, learn and docs."""
    extras = project["optional-dependencies"]
    return project["dependencies"] + extras["test"] + extras["learn"] + extras["docs"]


def run_python(code: str, **options):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, **options)


def test_the_wheel_holds_the_four_folders_under_one_name_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = set()
    for folder in FOLDERS:
        inside = "" if folder == "bioKV" else "bioKV/"
        expected |= {f"{inside}{path.relative_to(ROOT).as_posix()}" for path in (ROOT / folder).rglob("*.py")}
    data = {"py.typed", "analysis/reference_curves.csv", "models/tvt_trained.json", "protocols/letters.csv"}
    data |= {f"report/page.{kind}" for kind in ("html", "css", "js")}
    engines = ROOT / "bioKV" / "engines"
    data |= {f"engines/{path.relative_to(engines)}" for path in (*engines.glob("*.cpp"), *engines.glob("templates/*"))}
    assert names == expected | {f"bioKV/{name}" for name in data}


def test_the_wheel_works_away_from_the_checkout(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = (
        f"import sys; from pathlib import Path; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import bioKV, bioKV.models, bioKV.protocols, bioKV.analysis.measures.accuracy\n"
        "from bioKV.studies.patterns import load_patterns\n"
        "assert load_patterns('autoassociative', {'patterns': Path('letters')})[0]['patterns'].shape == (26, 35)\n"
        "print(*(m.__file__ for m in (bioKV, bioKV.models, bioKV.protocols, bioKV.analysis)))"
    )
    done = run_python(code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [Path(name).is_relative_to(tmp_path) for name in done.stdout.split()] == [True] * 4, done.stdout


@pytest.mark.parametrize("module", ["models", "protocols", "analysis.measures.accuracy"])
def test_a_folder_imported_under_its_bare_name_fails_instead_of_loading_a_second_copy(module):
    done = run_python(f"import {module}", cwd=ROOT)
    assert done.returncode != 0
    assert "ImportError" in done.stderr


def test_the_top_level_of_the_repository_holds_what_was_agreed():
    missing = {name for name in TOP_LEVEL | {".ci", ".gitignore"} if not (ROOT / name).exists()}
    assert not missing
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("what is tracked is known in a git checkout only")
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"git does not answer here: {done.stderr.strip()}")
    tracked = {line.partition("/")[0] for line in done.stdout.splitlines()}
    assert {name for name in tracked if not name.startswith(".")} <= TOP_LEVEL


def test_environment_yml_has_the_packages_and_bounds_of_pyproject(project):
    packages = (ROOT / "environment.yml").read_text().partition("dependencies:\n")[2]
    lines = re.findall(r"^ +- ([^-\s]\S*)", packages, re.MULTILINE)  # those that pip installs, too
    (python,) = (line.removeprefix("python=") for line in lines if line.startswith("python="))
    assert python in PYTHONS
    listed = [line.replace("matplotlib-base", "matplotlib") for line in lines if not re.match(r"python=|pip\b", line)]
    conda = requirements(listed, python)
    pip = requirements(everything(project), python)
    assert {name: r.specifier for name, r in conda.items()} == {name: r.specifier for name, r in pip.items()}


@pytest.mark.parametrize("platform", ["linux", "darwin"])
@pytest.mark.parametrize("python", PYTHONS)
def test_constraints_pin_every_requirement_within_its_bounds(project, python, platform):
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")]
    pins = requirements(lines, python, platform)
    for name, wanted in requirements(everything(project), python, platform).items():
        (pin,) = pins[name].specifier
        assert pin.operator == "==", f"{name} is not pinned"
        assert wanted.specifier.contains(pin.version), f"{pins[name]} is outside {wanted}"


def test_an_extra_for_a_format_has_what_the_tests_of_it_take(project):
    extras = project["optional-dependencies"]
    assert {*extras["neo"], *extras["nwb"], *extras["report"]} <= {*extras["test"]}


def test_constraints_hold_no_address():
    assert "://" not in (ROOT / "constraints.txt").read_text()


def test_every_file_says_the_same_version(project, wheel):
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        built = re.search(r"^Version: (.+)$", archive.read(metadata).decode(), re.MULTILINE)[1]
    cited = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)[1]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[1]
    assert (project["version"], built, cited, newest) == (bioKV.__version__,) * 4


def test_exported_spikes_cite_the_paper_that_citation_cff_names():
    said = (ROOT / "CITATION.cff").read_text()
    (doi,), (title, *_) = re.findall(r"^ +doi: (.+)$", said, re.MULTILINE), re.findall(r"^ +title: (.+)$", said, re.M)
    assert provenance.DOI.removeprefix("https://doi.org/") == doi
    assert title in provenance.CITATION


def test_folders_are_there_after_import_biokv():
    done = run_python(
        "import bioKV; print(bioKV.analysis.intervals.t_interval, bioKV.models.BAM, bioKV.protocols.sequence,"
        " {'SpikingMemory', 'Parameters'} - set(dir(bioKV)))"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().endswith("set()")


def test_the_package_loads_without_the_heavy_packages():
    heavy = {"brian2", "jax", "optax", "pandas", "matplotlib", "scipy", "neo", "nixio", "pynwb", "h5py", "bokeh",
             "jinja2"}  # fmt: skip
    done = run_python(f"import sys, bioKV; print(*{heavy} & set(sys.modules))")
    assert done.returncode == 0, done.stderr
    assert (done.stdout.strip(), done.stderr) == ("", "")


def test_the_spiking_memory_loads_without_a_word_on_stderr():
    done = run_python("from bioKV import SpikingMemory, Parameters")
    assert (done.returncode, done.stderr) == (0, "")

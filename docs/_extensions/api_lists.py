"""Lists for the pages of the API, found by walking the package: a module has its docstring, and a table of what is in it.

    .. include:: ../auto_lists/bioKV.models.rst

in a page of api/ shows all modules of a folder; what a package offers under a shorter name goes by that.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from pathlib import Path
from types import ModuleType

DOCS = Path(__file__).parents[1]
FOLDERS = ("bioKV", "bioKV.models", "bioKV.protocols", "bioKV.analysis", "bioKV.analysis.measures", "bioKV.network")
FOLDERS += ("bioKV.network.mechanisms", "bioKV.export", "bioKV.learning")
# of the studies, these two; their other modules serve them and the command line
MODULES = ("bioKV.studies.plan", "bioKV.studies.study")


def modules(folder: str) -> list[ModuleType]:
    """A package and its public modules, without the packages in it."""
    package = importlib.import_module(folder)
    paths = [Path(package.__file__).parent]  # bioKV's __path__ has the checkout, too
    found = [one.name for one in pkgutil.iter_modules(map(str, paths)) if not one.ispkg and one.name[0] != "_"]
    return [package, *(importlib.import_module(f"{folder}.{name}") for name in found)]


def is_public(name: str, value: object, module: ModuleType) -> bool:
    is_made_there = getattr(value, "__module__", None) == module.__name__
    return name[0] != "_" and is_made_there and (inspect.isclass(value) or inspect.isfunction(value))


def shortest_name(name: str, value: object, module: ModuleType) -> str:
    """`bioKV.SpikingMemory` for what is made in bioKV/spiking.py, since bioKV has it."""
    words = module.__name__.split(".")
    for n in range(1, len(words)):
        package = importlib.import_module(".".join(words[:n]))
        if name in getattr(package, "__all__", ()) and getattr(package, name, None) is value:
            return f"{package.__name__}.{name}"
    return f"{module.__name__}.{name}"


def offered(module: ModuleType) -> list[str]:
    """The classes and functions that are made in a module, by the names under which a reader finds them."""
    return [shortest_name(name, value, module) for name, value in vars(module).items() if is_public(name, value, module)]


def section(module: ModuleType) -> str:
    names = offered(module)
    title = f"``{module.__name__}``"
    lines = [title, "-" * len(title), ""]
    # a module and its function of one name share one place in the index: the function's
    if module.__name__ not in names:
        lines += [f".. py:module:: {module.__name__}", "", ".. py:currentmodule:: None", ""]
    lines += [inspect.cleandoc(module.__doc__ or ""), ""]
    if names:
        lines += [".. autosummary::", "   :toctree: ../auto_api", "   :nosignatures:", "", *(f"   {n}" for n in names), ""]
    return "\n".join(lines)


def write(app, config) -> None:
    out = DOCS / "auto_lists"
    out.mkdir(exist_ok=True)
    every = {name: modules(name) for name in FOLDERS} | {name: [importlib.import_module(name)] for name in MODULES}
    for folder, found in every.items():
        text = "\n".join(map(section, found))
        path = out / f"{folder}.rst"
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
    config.autosummary_generate = [str(path) for path in sorted(out.glob("*.rst"))]


def setup(app):
    app.connect("config-inited", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

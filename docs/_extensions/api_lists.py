"""Lists for the pages of the API, found by walking the package: for a module its docstring, and a table of its names.

    .. include:: ../auto_lists/bioKV.models.rst

in a page of api/ asks for one: of all modules of a folder, or of a single module. What a package offers under a
shorter name goes by that.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path
from types import ModuleType

from sphinx.ext import autosummary

from bioKV import Rule
from bioKV.units import Quantity

DOCS = Path(__file__).parents[1]
ABBREVIATIONS = ("eq.", "eqs.", "fig.", "figs.", "s.d.")


def asked_for() -> list[str]:
    """The packages and modules whose lists pages of the API include."""
    pages = "".join(page.read_text() for page in sorted((DOCS / "api").glob("*.rst")))
    return re.findall(r"^\.\. include:: \.\./auto_lists/([\w.]+)\.rst$", pages, re.MULTILINE)


def modules(name: str) -> list[ModuleType]:
    """A package and its public modules, without the packages in it; or the one module of that name."""
    package = importlib.import_module(name)
    if not hasattr(package, "__path__"):
        return [package]
    paths = [Path(package.__file__).parent]  # bioKV's __path__ has the checkout, too
    found = [one.name for one in pkgutil.iter_modules(map(str, paths)) if not one.ispkg and one.name[0] != "_"]
    return [package, *(importlib.import_module(f"{name}.{one}") for one in found)]


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


def made_in(module: ModuleType) -> list[str]:
    """The classes and functions that are made in a module, by the names under which a reader finds them."""
    made = ((name, value) for name, value in vars(module).items() if is_public(name, value, module))
    return [shortest_name(name, value, module) for name, value in made]


def offered_by(package: ModuleType) -> list[str]:
    """The classes and functions that a package offers as its own; what lies in a module that has a page is found there,
    too, under the same name."""
    names = []
    for name in getattr(package, "__all__", ()):
        value = getattr(package, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            home = importlib.import_module(value.__module__)
            short = shortest_name(name, value, home)
            names += [short] if short == f"{package.__name__}.{name}" else []
    return names


def constants(module: ModuleType) -> dict[str, object]:
    """Objects with a name of their own: units, rules, and what a package offers that is no class and no function."""
    targets = (getattr(node, "targets", []) for node in ast.parse(inspect.getsource(module)).body)
    assigned = {name.id for target in targets for one in target for name in ast.walk(one) if isinstance(name, ast.Name)}
    found = {n: value for n, value in vars(module).items() if n in assigned and isinstance(value, Quantity | Rule)}
    for name in getattr(module, "__all__", ()):
        value = getattr(module, name)
        if not (inspect.isclass(value) or inspect.isfunction(value) or inspect.ismodule(value)):
            found[name] = value
    return {name: value for name, value in found.items() if name[0] != "_"}


def title_of(module: ModuleType) -> list[str]:
    title = f"``{module.__name__}``"
    return [title, "-" * len(title), ""]


def table_of(names: list[str]) -> list[str]:
    if not names:
        return []
    options = [".. autosummary::", "   :toctree: ../auto_api", "   :nosignatures:", ""]
    return [*options, *(f"   {name}" for name in names), ""]


def section(module: ModuleType, names: list[str], is_function: bool = False) -> str:
    """is_function : the module and its function share a name, and so one place in the index: the function's."""
    lines = title_of(module)
    if not is_function:
        lines += [f".. py:module:: {module.__name__}", "", ".. py:currentmodule:: None", ""]
    # sections of a docstring (Examples) are none of the page
    said = inspect.cleandoc(module.__doc__ or "")
    lines += [re.sub(r"^(\w+)\n-+$", r".. rubric:: \1\n", said, flags=re.MULTILINE), ""]
    for name, value in constants(module).items():
        lines += [f".. py:data:: {module.__name__}.{name}", f"   :value: {' '.join(repr(value).split())}", ""]
    return "\n".join([*lines, *table_of(names)])


def page(name: str) -> str:
    """All modules of a folder: first what the package offers, then what else is in each module."""
    package, *others = modules(name)
    first = list(dict.fromkeys([*offered_by(package), *made_in(package)]))
    sections = [section(package, first)]
    for module in others:
        names = made_in(module)
        sections.append(section(module, [name for name in names if name not in first], module.__name__ in names))
    return "\n".join(sections)


def write(app, config) -> None:
    (DOCS / "auto_lists").mkdir(exist_ok=True)
    lists = {DOCS / "auto_lists" / f"{name}.rst": page(name) for name in asked_for()}
    for path, text in lists.items():
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
    config.autosummary_generate = [str(path) for path in lists]


def setup(app):
    # a summary in a table ends with its first sentence, and not with "Eq."
    autosummary.WELL_KNOWN_ABBREVIATIONS += (*ABBREVIATIONS, *(word.capitalize() for word in ABBREVIATIONS))
    app.connect("config-inited", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

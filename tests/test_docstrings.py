"""Every public name of the package is documented, in numpydoc's sections, and the examples of docstrings run."""

from __future__ import annotations

import doctest
import functools
import importlib
import inspect
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import ROOT
from numpydoc.docscrape import get_doc_object
from numpydoc.validate import Validator, validate

FOLDERS = ("bioKV", "models", "protocols", "analysis", "analysis/measures", "bioKV/network", "bioKV/network/mechanisms")
FOLDERS += ("bioKV/export", "bioKV/learning")

# What numpydoc checks, but for the following.
LEFT_OUT = {
    "ES01",  # an extended summary: where one sentence says all, a second would say it again
    "SA01",  # "See Also" everywhere: a module is about one idea, its names stand beside each other
    "EX01",  # examples everywhere: those that users call themselves have one, and it is run below
    "SS05",  # a summary may begin with a plural ("Values for keys ..."), which is taken for a verb in the third person
    "RT03",  # the summary often is the description of what returns; type and shape are asked for in any case
}
FROM_THE_BASE = {"GL08", "PR01", "RT01", "YD01"}  # said by the documented method of ours that a method overrides


def module_of(path: Path) -> str:
    """The name under which a file is imported: models/ is bioKV.models."""
    inside = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(inside if inside[0] == "bioKV" else ("bioKV", *inside)).removesuffix(".__init__")


FILES = {module_of(path): path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.py"))}
CALLED_BY_USERS = ("engines/choose", "engines/prepared", "studies/cell", "studies/plan", "studies/read")
CALLED_BY_USERS += ("studies/study",)
FILES |= {module_of(path): path for path in (ROOT / "bioKV" / f"{name}.py" for name in CALLED_BY_USERS)}
FILES.pop("bioKV.__main__")  # which runs the command line
WITH_EXAMPLES = [name for name, path in FILES.items() if ">>> " in path.read_text()]


def public(names: dict[str, Any], module: ModuleType) -> dict[str, Any]:
    """The classes, functions and properties among names that were written in this module; no `_names`."""
    kinds = (type, property, functools.cached_property, functools._lru_cache_wrapper, classmethod, staticmethod)
    found = {}
    for name, value in names.items():
        inner = getattr(value, "fget", None) or getattr(value, "func", None) or value
        if isinstance(value, kinds) or inspect.isfunction(value):
            home = getattr(getattr(inner, "__func__", inner), "__module__", None)
            if home == module.__name__ and not name.startswith("_"):
                found[name] = value
    return found


def names_of(module: ModuleType) -> list[tuple[str, Any, bool]]:
    """(name, object, whether it overrides a documented method of a class of ours) of all that a module offers."""
    found: list[tuple[str, Any, bool]] = [(module.__name__, module, False)]
    for name, value in public(vars(module), module).items():
        found.append((name, value, False))
        for inside, member in public(vars(value), module).items() if isinstance(value, type) else ():
            ours = (base for base in value.__mro__[1:] if base.__module__.startswith("bioKV"))
            overrides = any(getattr(vars(base).get(inside), "__doc__", None) for base in ours)
            function = getattr(value, inside, member)
            found.append((f"{name}.{inside}", getattr(function, "__func__", function), overrides))
    return found


class Reader(Validator):
    """numpydoc's, for an object instead of its name."""

    source_file_def_line = None  # it fails for a module that defines nothing, and serves "numpydoc ignore" alone

    def __init__(self, obj_name: Any):
        super().__init__(get_doc_object(obj_name))


def problems(value: Any, overrides: bool) -> list[str]:
    """What numpydoc finds, "code: message"."""
    if isinstance(value, functools._lru_cache_wrapper):
        value = value.__wrapped__
    left_out = LEFT_OUT | (FROM_THE_BASE if overrides else set())
    if isinstance(value, type) and not written_here(value):
        left_out = left_out | {"PR01"}
    found = validate(value, validator_cls=Reader)["errors"]
    return [f"{code}: {message}" for code, message in found if code not in left_out]


def written_here(kind: type) -> bool:
    """Whether the arguments of a class are ours to document: not those of an exception or of a Protocol."""
    return any("__init__" in vars(one) or "__new__" in vars(one) for one in kind.__mro__
               if one.__module__.startswith("bioKV")) and not getattr(kind, "_is_protocol", False)  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_every_public_name_has_a_docstring_with_valid_sections(name):
    found = {full: problems(value, overrides) for full, value, overrides in names_of(importlib.import_module(name))}
    assert {full: said for full, said in found.items() if said} == {}


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_of_docstrings_say_what_comes(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # what an example writes stays here
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    said: list[str] = []
    for example in doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(name), globs={}):
        runner.run(example, out=said.append)  # each imports what it uses, as a reader would
    assert "".join(said) == ""
    assert runner.tries > 0


def untidy(x, *, y=1):
    """adds two
    numbers

    Returns
    -------
    total : float
        their sum
    """
    return x + y


def test_a_missing_parameter_and_an_untidy_sentence_are_found():
    assert {said[:4] for said in problems(untidy, False)} == {"SS02", "SS03", "SS06", "PR01", "RT02", "RT04", "RT05"}
    assert "PR01" not in {said[:4] for said in problems(untidy, True)}

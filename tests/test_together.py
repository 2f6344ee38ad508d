"""Pieces of a program that stand in one C++ file do what each does alone."""

from __future__ import annotations

import shlex
import subprocess

import pytest

from bioKV.engines.together import FILES, put_together
from bioKV.engines.toolchain import compiler

NAMES = [f"piece_{k}" for k in range(2 * FILES + 1)]


@pytest.fixture
def folder(tmp_path):
    """Pieces that all have helpers, constants and a function of the same name, as Brian2's have."""
    (tmp_path / "code_objects").mkdir()
    for k, name in enumerate(NAMES):
        path = tmp_path / "code_objects" / name
        path.with_suffix(".h").write_text(f"#ifndef _{name}\n#define _{name}\n\nvoid _run_{name}();\n\n#endif\n")
        text = f'#include "code_objects/{name}.h"\n#include<iostream>\n#define NUMBER {k}\n'
        text += "namespace {\n  #include <complex>\n  const int here = NUMBER;\n  int helper() { return 10*here; }\n}\n"
        text += f"void _run_{name}()\n{{\n  std::cout << helper() << std::endl;\n}}\n"
        path.with_suffix(".cpp").write_text(text)
    return tmp_path


def test_every_piece_stands_in_one_of_a_few_files(folder):
    written = put_together(folder)
    assert [path.name for path in written] == [f"together-{k}.cpp" for k in range(FILES)]
    texts = [path.read_text() for path in written]
    assert [sum(text.count(f"namespace of_{name} {{") for text in texts) for name in NAMES] == [1] * len(NAMES)
    assert all(text.count("#include<iostream>") == 1 for text in texts)


@pytest.mark.skipif(compiler() is None, reason="no C++ compiler")
def test_each_keeps_its_own_helpers_and_is_called_by_its_name(folder):
    lines = ["int main() {", *(f"  _run_{name}();" for name in NAMES), "}"]
    heads = [f'#include "code_objects/{name}.h"' for name in NAMES]
    (folder / "main.cpp").write_text("\n".join([*heads, *lines, ""]))
    files = ["main.cpp", *(path.name for path in put_together(folder))]
    subprocess.run([*shlex.split(compiler()), "-w", "-I.", *files, "-o", "main"], cwd=folder, check=True)
    said = subprocess.run([folder / "main"], capture_output=True, text=True, check=True).stdout
    assert said.split() == [str(10 * k) for k in range(len(NAMES))]

"""Malformed files and damaged folders of results, for `benchmarks.bad_input`."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import numpy as np
from typer.testing import CliRunner

from benchmarks.bad_commands import BASE, Command
from bioKV import Rule
from bioKV.commands.cli import app

SIGNS = "1,-1,1,-1,1,-1"
GARBAGE = bytes(range(256)) * 8
TABLES: dict[str, str | bytes] = {  # of patterns
    "empty.csv": "", "blank.csv": "\n\n\n", "text.csv": "a,b,c\nd,e,f\n", "one-word.csv": "elephant\n",
    "ragged.csv": f"{SIGNS}\n1,-1\n", "nan.csv": f"{SIGNS}\n1,-1,nan,1,1,1\n", "inf.csv": "1,-1,inf,1,1,1\n",
    "hole.csv": f"{SIGNS}\n1,-1,,1,1,1\n", "half.csv": f"{SIGNS}\n1,-1,0.5,1,1,1\n", "garbage.csv": GARBAGE,
    "zeros-inside.csv": "1\x00,-1\n", "json.csv": '{"patterns": [[1, -1]]}\n', "complex.csv": "1+2j,1,1,1,1,1\n",
    "quote.csv": '"1,-1,1\n', "huge.csv": "1e400,1,1,1,1,1\n", "wide.csv": f"{SIGNS},1\n", "long-word.csv": "x" * 5000,
    "empty.npy": "", "garbage.npy": GARBAGE, "text.npy": f"{SIGNS}\n", "empty.npz": "", "garbage.npz": GARBAGE,
    "table.txt": f"{SIGNS}\n", "table": f"{SIGNS}\n", "table.xlsx": GARBAGE, "table.CSV.gz": GARBAGE,
}  # fmt: skip
ARRAYS = {
    "flat.npy": np.ones(6), "cube.npy": np.ones((2, 2, 6)), "none.npy": np.ones((0, 6)),
    "no-width.npy": np.ones((3, 0)), "number.npy": np.array(1.0), "words.npy": np.array([["a", "b"]]),
    "nan.npy": np.full((3, 6), np.nan), "complex.npy": np.ones((2, 6), complex), "wide.npy": np.ones((2, 7)),
    "dates.npy": np.zeros((2, 6), "M8[s]"),
}  # fmt: skip
RULES: dict[str, str | bytes] = {
    "empty.json": "", "garbage.json": GARBAGE, "list.json": "[]", "number.json": "3", "null.json": "null",
    "other.json": "{}", "cut.json": '{"format": "bioKV rule", "version": 1, "rule": {"eta_k"', "deep.json": "[" * 5000,
}  # fmt: skip
WHOLE_RULE = {"format": "bioKV rule", "version": 1, "rule": {n: float(v) for n, v in Rule()._asdict().items()}}
RULES |= {
    f"{name}.json": json.dumps({**WHOLE_RULE, **change})
    for name, change in {
        "version": {"version": 99}, "no-version": {"version": None}, "format": {"format": "elephant"},
        "no-numbers": {"rule": {}}, "text": {"rule": "elephant"}, "unknown": {"rule": {**WHOLE_RULE["rule"], "z": 1}},
        "word": {"rule": {**WHOLE_RULE["rule"], "eta_k": "abc"}},
        "nothing": {"rule": {**WHOLE_RULE["rule"], "eta_k": None}},
        "nan": {"rule": {**WHOLE_RULE["rule"], "eta_k": float("nan")}},
        "shape": {"rule": {**WHOLE_RULE["rule"], "eta_k": [1, 2, 3]}},
        "ragged": {"rule": {**WHOLE_RULE["rule"], "eta_k": [[1], [2, 3]]}},
    }.items()
}  # fmt: skip
BROKEN = {  # Python files that are no protocol, no memory and no mechanism
    "empty": "", "syntax": "def (:\n", "raises": "raise RuntimeError('elephant\\nin\\nlines')\n", "garbage": GARBAGE,
    "leaves": "import sys; sys.exit(3)\n", "imports": "import no_such_package\n", "null": "x = 1\x00\n",
    "interrupts": "raise SystemExit('elephant')\n", "indent": "if True:\nx = 1\n", "elsewhere": "def other(): ...\n",
}  # fmt: skip
PROTOCOLS = {
    "own": "own = 3\n", "no_rng": "def no_rng(n_pairs=2): ...\n", "nothing": "def nothing(rng, n=2): ...\n",
    "text": "def text(rng, n=2): return 'elephant'\n", "fails": "def fails(rng, n=2): return 1/0\n",
    "key": "def key(rng, n=2): return {}['elephant']\n", "positional": "def positional(rng, a, b, n=2): ...\n",
    "only_rng": "def only_rng(rng): ...\n", "typed": "def typed(rng, n: 'elephant' = 2): ...\n",
    "asserts": "def asserts(rng, n=2): assert False\n", "klass": "class klass: ...\n",
    "many": "import numpy as np\nfrom bioKV import Episode\nfrom bioKV.protocols import autoassociative\n"
            "def many(rng, n=2): return Episode.stack([autoassociative(rng, n, 6)] * 2)\n",
}  # fmt: skip
MEMORIES = {
    "number": "memory = 3\n", "nothing": "def memory(key_dim): ...\n", "text": "def memory(key_dim): return 'x'\n",
    "fails": "def memory(key_dim): return 1/0\n", "more": "def memory(key_dim, elephant): ...\n",
    "type": "def memory(key_dim): return {}['elephant']\n", "positional": "def memory(key_dim, /): ...\n",
    "size": "from bioKV.models import BAM\ndef memory(key_dim): return BAM(key_dim + 1, key_dim)\n",
    "half": "class M: begin = step = respond = key_dim = value_dim = None\ndef memory(): return M()\n",
}  # fmt: skip
MECHANISMS = {
    "number": "mechanism = 3\n", "none": "mechanism = None\n", "empty_list": "mechanisms = [3]\n",
    "class": "from bioKV.network import Mechanism\nclass M(Mechanism): ...\nmechanism = M\n",
    "fails": "from bioKV.network import Mechanism\nclass M(Mechanism):\n    def add(self, network): return 1/0\n"
             "mechanism = M()\n",
    "returns": "from bioKV.network import Mechanism\nclass M(Mechanism):\n    def add(self, network): return 3\n"
               "mechanism = M()\n",
    "equation": "from bioKV.network import Mechanism, Part\nclass M(Mechanism):\n    def add(self, network):\n"
                "        return network.adding('hidden', 'm', Part('dx/dt = elephant : 1'))\nmechanism = M()\n",
    "syntax": "from bioKV.network import Mechanism, Part\nclass M(Mechanism):\n    def add(self, network):\n"
              "        return network.adding('hidden', 'm', Part('x x x'))\nmechanism = M()\n",
    "room": "from bioKV.network import Mechanism, Part\nclass M(Mechanism):\n    def add(self, network):\n"
            "        return network.adding('elephant', 'm', Part('x : 1'))\nmechanism = M()\n",
}  # fmt: skip
RECORDS: dict[str, str | bytes] = {
    "empty": "", "garbage": GARBAGE, "list": "[]", "number": "3", "null": "null", "other": "{}", "deep": "[" * 5000,
    "no plan": '{"plan": null}', "short plan": '{"plan": {"protocol": "autoassociative"}}',
}  # fmt: skip
PLANS = {
    "options": 3, "trials": "many", "seed": -1, "memories": ["elephant"], "third_factors": [], "engine": "gpu",
    "elephant": 3, "replay": None, "protocol": "elephant", "xs": None, "patterns": "none",
}  # fmt: skip


def write(name: str, text: str | bytes, folder: Path) -> None:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def save(name: str, array: np.ndarray, folder: Path) -> None:
    np.save(folder / name, array)


def make(name: str, folder: Path) -> None:
    (folder / name).mkdir()


@cache
def finished(name: str) -> Path:
    """A folder with a finished run of a command, made once; it goes with this process."""
    place = Path(tempfile.mkdtemp(prefix="bad-input-", dir="/tmp"))
    atexit.register(shutil.rmtree, place)
    result = CliRunner().invoke(app, [*BASE[name], "--out", str(place / "out")])
    assert result.exit_code == 0, result.output
    return place / "out"


def damaged(name: str, harm: Callable[[Path], None], folder: Path) -> None:
    """The finished run as `out`, with some harm done."""
    shutil.copytree(finished(name), folder / "out")
    harm(folder / "out")


def cut(name: str, out: Path) -> None:
    whole = (out / name).read_bytes()
    (out / name).write_bytes(whole[: len(whole) // 2])


def gone(name: str, out: Path) -> None:
    (out / name).unlink()


def instead(name: str, out: Path) -> None:
    (out / name).unlink()
    (out / name).mkdir()


def other_plan(field: str, value: object, out: Path) -> None:
    record = json.loads((out / "run.json").read_text())
    record["plan"][field] = value
    (out / "run.json").write_text(json.dumps(record))


def files() -> Iterator[Command]:
    """Every file and folder, with a command that reads it."""
    pattern_commands = (BASE["run"], BASE["compare"], BASE["raster"], BASE["look"])
    makers = [(name, partial(write, name, text)) for name, text in TABLES.items()]
    makers += [(name, partial(save, name, array)) for name, array in ARRAYS.items()]
    makers += [(name, partial(make, name)) for name in ("folder.csv", "folder.npy", "folder.npz", "folder")]
    makers += [(name, lambda folder: None) for name in ("none.csv", "none.npy", "/dev/null", "/proc/self/mem")]
    for number, (name, maker) in enumerate(makers):
        yield Command("patterns", [*pattern_commands[number % 4], "--patterns", name], maker)
        if not name.startswith("wide"):
            yield Command("patterns", ["run", "heteroassociative", "--patterns", name], maker)
    for name, text in RULES.items():
        for words in (["run", "autoassociative", "--memory", "learned", "--rule", name],
                      ["compare", "autoassociative", "--engine", "numpy", "--rule", name],
                      [*BASE["learn"], "--start", name]):  # fmt: skip
            if name != "shape.json" or "--start" not in words:
                yield Command("rule", words, partial(write, name, text))
    learned = ["run", "autoassociative", "--memory", "learned"]
    for words in ([*learned, "--rule", "folder"], [*BASE["learn"], "--start", "folder"]):
        yield Command("rule", words, partial(make, "folder"))
    for files_of, words in (
        (PROTOCOLS, ["run", "{}"]), (MEMORIES, [*BASE["run"], "--memory", "{}"]),
        (MECHANISMS, [*BASE["compare"], "--mechanism", "{}"]),
    ):  # fmt: skip
        for stem, text in {**BROKEN, **files_of}.items():
            named = [word.replace("{}", f"{stem}.py") for word in words]
            yield Command("file of one's own", named, partial(write, f"{stem}.py", text))
        for name in ("none.py", "folder.py"):
            named = [word.replace("{}", name) for word in words]
            yield Command("file of one's own", named, partial(make, "folder.py"))
    for stem in ("syntax", "fails", "nothing", "text"):
        for command in ("raster", "look", "learn", "robustness"):
            text = {**BROKEN, **PROTOCOLS}[stem]
            yield Command("file of one's own", [command, f"{stem}.py"], partial(write, f"{stem}.py", text))
    harms: dict[str, Callable[[Path], None]] = {
        "cut record": partial(cut, "run.json"), "no record": partial(gone, "run.json"),
        "folder as record": partial(instead, "run.json"),
        **{f"record: {name}": partial(write, "run.json", text) for name, text in RECORDS.items()},
        **{f"plan: {name}": partial(other_plan, name, value) for name, value in PLANS.items()},
    }  # fmt: skip
    for name in ("run", "compare"):
        for about, harm in harms.items():
            words = [name, "autoassociative", "--resume", "--out", "out"]
            yield Command(f"resume, {about}", words, partial(damaged, name, harm))
    for changed in (["--seed", "5"], ["--trials", "1"], ["--n-pairs", "3"], ["--memory", "bam"]):
        words = [*BASE["run"][:2], *changed, "--resume", "--out", "out"]
        yield Command("resume", words, partial(damaged, "run", lambda out: None))
    yield Command("resume", ["run", "continual", "--resume", "--out", "out"], partial(damaged, "run", lambda out: None))
    for text in RECORDS.values():
        yield Command("resume", [*BASE["learn"], "--resume", "--out", "."], partial(write, "run.json", text))
    for name in ("run", "compare", "raster", "look", "learn", "figure"):
        yield Command("holds results", [*BASE[name], "--out", "."], partial(write, "run.json", "{}"))


FILES = list(files())

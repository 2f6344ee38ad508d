"""A plan may be a file: it is read as it was written, and what is wrong is said with its line and key."""

import re
import tomllib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bioKV.studies.plan import Plan
from bioKV.studies.plan_file import RunSettings, read_plan
from bioKV.studies.plan_text import plan_text
from bioKV.studies.toml_lines import lines_of

STUDY = '[study]\nprotocol = "autoassociative"\n'  # two lines
SPIKING = '[study]\nprotocol = "autoassociative"\nmemories = ["spiking"]\n'  # three


def written(text, folder, name="study.toml"):
    """A file of that text, and its path."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read_back(plan, folder, run=None):
    """What a plan is after it was written and read."""
    return read_plan(written(plan_text(plan, run), folder))


def test_every_section_of_a_file_has_its_place_in_the_plan(tmp_path):
    plan, run = read_plan(written("""
[study]
protocol = "autoassociative"
memories = ["rate", "spiking"]
third_factors = ["random"]
x = "n_slots"
hue = "axon_delay"

[fixed]
corruption = 0.5
tau_drive = "30 ms"

[sweep]
n_pairs = "2:3"
axon_delay = ["0 ms", "1ms"]
dead_share = "0:0.2:0.1"

[[points]]
n_slots = 8
p = 0.125

[[points]]
n_slots = 16
p = 1

[run]
trials = 4
seed = 7
engine = "numpy"
workers = 2
out = "runs/there"
record = ["hidden", "dendrite"]
record_trials = [0, 3]
margin = 0.1
""", tmp_path))  # fmt: skip
    options = {"corruption": 0.5, "tau_drive": 30.0, "n_pairs": [2, 3], "axon_delay": [0.0, 1.0],
               "dead_share": [0.0, 0.1, 0.2]}  # fmt: skip
    points = ({"n_slots": 8, "p": 0.125}, {"n_slots": 16, "p": 1.0})
    expected = Plan("autoassociative", ("rate", "spiking"), ("random",), options, 4, 7, "numpy", points=points,
                    axes={"x": "n_slots", "hue": "axon_delay"}, record=("hidden", "dendrite"), record_trials=(0, 3)
                    )  # fmt: skip
    assert plan == expected
    assert str(run.out) == "runs/there"
    assert (run.workers, run.margin, run.pattern_margin) == (2, 0.1, None)


def test_paths_are_seen_from_the_folder_of_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "task.py").write_text(
        "import numpy as np\nfrom bioKV import Episode\n\ndef task(rng, n_pairs: int = 2, threshold: float = 0, "
        "patterns: np.ndarray | None = None):\n"
        "    return Episode(np.ones((3, 4)), np.ones((3, 4)), np.ones(3), np.array([-1, -1, 0]))\n"
    )
    (tmp_path / "own" / "table.csv").write_text("0,1,0,1\n1,1,0,0\n")
    text = '[study]\nprotocol = "task.py"\npatterns = "table.csv"\n\n[sweep]\nthreshold = [1, 2]\n'
    written(text, tmp_path / "own")
    plan, _ = read_plan("own/study.toml")
    assert plan.protocol == "own/task.py"
    assert plan.options["threshold"] == [1.0, 2.0]  # an option that on the command line is that of --patterns
    np.testing.assert_array_equal(plan.patterns, [[-1, 1, -1, 1], [1, 1, -1, -1]])


def test_a_comparison_is_one_key(tmp_path):
    plan, _ = read_plan(written(STUDY + "compare = true\n", tmp_path))
    assert (plan.replay, plan.memories) == (True, ("spiking", "rate"))


NAMES = st.text(st.characters(blacklist_categories=("Cs",)), max_size=8)


@settings(max_examples=25)
@given(
    st.dictionaries(st.sampled_from(["n_pairs", "key_dim"]), st.integers(1, 5) | st.lists(
        st.integers(1, 9), min_size=1, max_size=3, unique=True)),
    st.floats(0, 1) | st.lists(st.floats(0, 1), min_size=1, max_size=3, unique=True) | st.just(1e-05),
    st.integers(1, 10**9), st.integers(0, 10**9), st.sampled_from([(), ({"p": 0.1}, {"p": 1e-05})]),
    st.sampled_from([{}, {"n_slots": None}, {"release_failure": 0.1 + 0.2}, {"tau_drive": [10 / 3, 20.0]}]),
)  # fmt: skip
def test_a_plan_that_is_written_is_read_as_it_was(tmp_path_factory, sizes, corruption, trials, seed, points, more):
    plan = Plan("autoassociative", ("spiking", "rate"), ("random", "sequential"), {**sizes, "corruption": corruption,
                **more}, trials, seed, "numpy", points=points)  # fmt: skip
    back, run = read_back(plan, tmp_path_factory.mktemp("plan"), {"workers": 3, "out": None})
    kept = {name: value for name, value in plan.options.items() if value is not None}
    assert back == plan._replace(options=kept)
    assert run == RunSettings(workers=3)


@given(NAMES | st.sampled_from(['a "b" \\ c', "C:\\new\\table.csv", "it's", "line\nbreak\t", "\x7f\x00", "ü 漢 🧠"]))
def test_any_text_is_written_so_that_it_is_read_again(text):
    said = plan_text(Plan("autoassociative"), {"out": text})
    assert tomllib.loads(said)["run"]["out"] == text


@pytest.mark.parametrize(
    "plan",
    [
        Plan("continual", options={"store": ["asked", "all"], "n_steps": 60, "delay": (1, 2)}),
        Plan("autoassociative", ("spiking", "rate"), replay=True, options={"stability_threshold": [None, 10.0]}),
        Plan("autoassociative", ("spiking",), options={"mechanism": ["none", "short_term_depression"]}),
        Plan("autoassociative", ("spiking",), mechanisms=("short_term_depression",), options={"tau_recovery": 80.0}),
        Plan("autoassociative", ("spiking",), record=("hidden",), trials=3, record_trials=(0, 2)),
        Plan("autoassociative", options={"n_pairs": [np.int64(2), 3]}, axes={"hue": "n_pairs"}),
    ],
)
def test_plans_of_every_kind_come_back(plan, tmp_path):
    options = {n: list(v) if isinstance(v, tuple) else v for n, v in plan.options.items()}
    assert read_back(plan, tmp_path)[0] == plan._replace(options=options)


def test_own_files_and_arrays_are_named_where_they_are_kept(tmp_path):
    plan = Plan("my/task.py", ("rate", "my/memory.py"), options={"rule": "my/rule.json"}, patterns=np.ones((2, 3)))
    (tmp_path / "task.py").write_text("def task(rng, n: int = 1): ...")
    paths = {"my/task.py": "inputs/task.py", "memory": "inputs/memory.py", "rule": "inputs/rule.json",
             "patterns": "inputs/patterns.npy"}  # fmt: skip
    plan = plan._replace(protocol=str(tmp_path / "task.py"), memories=("rate",))
    said = plan_text(plan, None, {**paths, plan.protocol: "inputs/task.py"})
    for line in ('protocol = "inputs/task.py"', 'rule = "inputs/rule.json"', 'patterns = "inputs/patterns.npy"'):
        assert line in said.splitlines()


def test_a_function_of_a_notebook_cannot_be_written_and_the_file_says_so(tmp_path):
    def my_task(rng, n: int = 2):
        raise AssertionError

    said = plan_text(Plan(my_task, patterns=np.ones((2, 3))))
    path = written(said, tmp_path)
    with pytest.raises(ValueError, match=r"line 2: protocol was .*my_task.*, which no file can hold; name the path"):
        read_plan(path)
    assert "# missing: patterns was" in said


def test_lines_are_found_of_keys_lists_tables_and_quoted_names():
    text = """
[study]  # "not" = 1
protocol = "a # b = [c]"
'quoted key' = 'x = "y"'
a."b c".d = 1.5
[sweep]
many = [  # one a line
  1,

  "two ] ,",
  [3,
   4],
]
inline = { e = 1, f = [2,
  3], g = {h = "}"} }
long = \"\"\"
[no.section]
key = 1
\"\"\"
lit = '''
k = 2'''
date = 1979-05-27T07:32:00Z
[[points]]
n = 1
[[points]]
m = 2
"""
    lines = lines_of(text)
    for place, line in {
        ("study",): 2, ("study", "protocol"): 3, ("study", "quoted key"): 4, ("study", "a", "b c", "d"): 5,
        ("sweep", "many"): 7, ("sweep", "many", 0): 8, ("sweep", "many", 1): 10, ("sweep", "many", 2, 1): 12,
        ("sweep", "inline", "e"): 14, ("sweep", "inline", "f", 1): 15, ("sweep", "inline", "g", "h"): 15,
        ("sweep", "long"): 16, ("sweep", "lit"): 20, ("sweep", "date"): 22, ("points", 0, "n"): 24,
        ("points", 1): 25, ("points", 1, "m"): 26,
    }.items():  # fmt: skip
        assert lines[place] == line
    assert ("no", "section") not in lines


MALFORMED = [  # text, line, key, what is said
    # no TOML
    (STUDY + "[fixed]\nn_pairs 5\n", 4, "n_pairs", "this is no TOML, 'n_pairs 5': expected '='"),
    (STUDY + "[fixed]\nn_pairs = \n", 4, "n_pairs", "this is no TOML"),
    (STUDY + "[fixed]\nn_pairs = five\n", 4, "n_pairs", "this is no TOML, 'n_pairs = five': invalid value"),
    (STUDY + "[fixed]\nn_pairs = 05\n", 4, "n_pairs", "this is no TOML"),
    (STUDY + "[fixed]\nn_pairs = 5 6\n", 4, "n_pairs", "this is no TOML"),
    (STUDY + '[run]\nengine = "numpy\n', 4, "engine", "this is no TOML"),
    (STUDY + "[fixed\nn_pairs = 5\n", 3, "fixed", "this is no TOML"),
    (STUDY + "[fixed]\nn_pairs = 5\nn_pairs = 6\n", 5, "n_pairs", "n_pairs is given twice"),
    (STUDY + "[fixed]\nn_pairs = 5\n[fixed]\nkey_dim = 6\n", 5, "fixed", "the section [fixed] is there twice"),
    (STUDY + "[sweep]\nn_pairs = [5, 6\n", 4, "n_pairs", "this is no TOML"),
    (STUDY + 'patterns = "C:\\new\\table.csv"\n', 3, "patterns", "a path with \\ is written in single quotes"),
    (STUDY.encode() + b'patterns = "caf\xe9.csv"\n', 3, "", "this is no text in UTF-8"),
    ("[study]\nprotocol = [", 2, "protocol", "this is no TOML, 'protocol = [': invalid"),  # at the end of all
    ("study = [", 1, "study", "this is no TOML, 'study = [': invalid"),
    # sections and keys
    ('protocol = "autoassociative"\n', 1, "protocol", "protocol stands before any section; it belongs below [study]"),
    (STUDY + "[runs]\ntrials = 3\n", 3, "runs", "a plan has no section [runs]; did you mean run?"),
    (STUDY + "[elephants]\n", 3, "elephants", "a plan has no section [elephants]; it has study, fixed, sweep"),
    ("[fixed]\nn_pairs = 3\n", None, "protocol", "protocol is missing below [study]"),
    ("[study]\nx = \"n_pairs\"\n", 1, "protocol", "protocol is missing below [study]"),
    ("study = 3\n", 1, "study", "study must be one section, [study]"),
    ("[[study]]\nprotocol = \"autoassociative\"\n", 1, "study", "study must be one section, [study]"),
    (STUDY + "[points]\nn_slots = 3\n", 3, "points", "points are sections of their own, [[points]] each"),
    (STUDY + 'memory = "rate"\n', 3, "memory", "[study] has no key memory; did you mean memories?"),
    (STUDY + "trials = 3\n", 3, "trials", "[study] has no key trials; it belongs below [run]"),
    (STUDY + '[run]\ntrails = 3\n', 4, "trails", "[run] has no key trails; did you mean trials?"),
    (STUDY + "[run]\nelephants = 3\n", 4, "elephants", "[run] has no key elephants; it has trials, seed"),
    # types
    (STUDY + "[run]\ntrials = 2.5\n", 4, "trials", "trials must be a whole number; got 2.5"),
    (STUDY + '[run]\ntrials = "3"\n', 4, "trials", "trials must be a whole number; got '3'"),
    (STUDY + "[run]\nseed = true\n", 4, "seed", "seed must be a whole number; got True"),
    (STUDY + '\ncompare = "yes"\n', 4, "compare", "compare must be true or false; got 'yes'"),
    (STUDY + 'memories = "rate"\n', 3, "memories", "memories must be a list, such as [\"rate\"]; got 'rate'"),
    (STUDY + 'third_factors = [\n  "random",\n  3,\n]\n', 5, "third_factors", "a list, each a text; got 3"),
    ("[study]\nprotocol = 3\n", 2, "protocol", "protocol must be a text; got 3"),
    (STUDY + "[fixed]\nn_pairs = 2.5\n", 4, "n_pairs", "n_pairs must be a whole number; got 2.5"),
    (STUDY + '[fixed]\nn_pairs = "5"\n', 4, "n_pairs", "n_pairs must be a whole number; got '5'"),
    (STUDY + "[fixed]\nn_pairs = [5, 6]\n", 4, "n_pairs", "one value here; got [5, 6], and a list belongs below"),
    (STUDY + "[fixed]\ncorruption = true\n", 4, "corruption", "corruption must be a number; got True"),
    (STUDY + "[fixed]\nn_pairs.of = 3\n", 4, "n_pairs", "n_pairs must have one value here"),
    (STUDY + "[sweep]\nn_pairs = 5\n", 4, "n_pairs", "must be a list, such as [10, 20], or a range of numbers"),
    (STUDY + "[sweep]\nn_pairs = []\n", 4, "n_pairs", "n_pairs must be a list, such as [10, 20]"),
    (STUDY + '[sweep]\nn_pairs = [\n  5,\n  "6",\n]\n', 6, "n_pairs", "n_pairs must be a whole number; got '6'"),
    # options
    (STUDY + "\n\n[fixed]\nn_pair = 5\n", 6, "n_pair", "n_pair, nor has a memory; did you mean n_pairs?"),
    (STUDY + '[fixed]\n"n pairs" = 5\n', 4, "n pairs", "has no option n pairs"),
    (STUDY + "[sweep]\nbirds = [5, 6]\n", 4, "birds", "has no option birds, nor has a memory; there are"),
    (STUDY + "[fixed]\nn_pairs = 5\n[sweep]\nn_pairs = [5, 6]\n", 6, "n_pairs", "is below [fixed] too (line 4)"),
    (STUDY + "[fixed]\nn_pairs = 5\n[[points]]\nn_pairs = 6\n", 6, "n_pairs", "of all combinations too (line 4)"),
    (STUDY + "[[points]]\nn_slots = 5\n[[points]]\np = 6\n", 5, "point", "point 2 has p, and the first has n_slots"),
    (STUDY + "[[points]]\nn_slots = 5\n[[points]]\nn_slots = [6]\n", 6, "n_slots", "n_slots must have one value here"),
    (STUDY + '[sweep]\nn_pairs = "10:5"\n', 4, "n_pairs", "the range '10:5' is empty"),
    (STUDY + '[sweep]\nn_pairs = "1:5:0"\n', 4, "n_pairs", "the step of a range must not be 0"),
    (STUDY + '[sweep]\nn_pairs = "1:100000"\n', 4, "n_pairs", "has more than 10,000 values"),
    (STUDY + '[sweep]\nn_pairs = "one:five"\n', 4, "n_pairs", "a range is START:STOP or START:STOP:STEP"),
    (STUDY + '[sweep]\nn_pairs = "0:1:0.5"\n', 4, "n_pairs", "n_pairs must be a whole number; got '0.0'"),
    (SPIKING + "[fixed]\ntau_drive = 30\n", 5, "tau_drive", "tau_drive takes a number with a unit of time"),
    (SPIKING + '[fixed]\ntau_drive = "30 Hz"\n', 5, "tau_drive", "tau_drive takes a number with a unit of time"),
    (SPIKING + '[sweep]\ntau_drive = "10ms:30Hz:10ms"\n', 5, "tau_drive", "with one unit"),
    # what cannot be carried out
    ('[study]\nprotocol = "autoasociative"\n', 2, "protocol", "no protocol 'autoasociative'; did you mean auto"),
    ('[study]\nprotocol = "task.py"\n', 2, "protocol", "there is no file task.py"),
    (STUDY + 'memories = [\n  "rate",\n  "elephant",\n]\n', 5, "memories", "there is no memory 'elephant'; known are"),
    (STUDY + 'third_factors = ["chance"]\n', 3, "third_factors", "there is no third factor 'chance'; known are"),
    (SPIKING + 'mechanisms = ["magic"]\n', 4, "mechanisms", "there is no mechanism 'magic'"),
    (STUDY + 'mechanisms = ["short_term_depression"]\n', 3, "mechanisms", "a mechanism is of the spiking memory"),
    (SPIKING + '[sweep]\nmechanism = ["none", "magic"]\n', 5, "mechanism", "there is no mechanism 'magic'"),
    (STUDY + 'patterns = "no-such.csv"\n', 3, "patterns", "cannot read patterns from no-such.csv"),
    (STUDY + "threshold = 0.5\n", 3, "threshold", "a threshold is for patterns of one's own"),
    (STUDY + 'compare = true\nmemories = ["rate"]\n', 4, "memories", "memories must hold spiking where compare = true"),
    (STUDY + '[run]\nengine = "gpu"\n', 4, "engine", "there is no engine 'gpu'; known are auto, compiled, numpy"),
    (STUDY + "[run]\ntrials = 0\n", 4, "trials", "trials must be a whole number above 0; got 0"),
    (STUDY + "[run]\n\nseed = -1\n", 5, "seed", "seed must be a whole number of 0 or more; got -1"),
    (STUDY + "\n\n\n[fixed]\nn_pairs = -3\n", 7, "n_pairs", "n_pairs must be a whole number above 0; got -3"),
    (STUDY + "[sweep]\nn_pairs = [\n  2,\n  -3,\n]\n", 6, "n_pairs", "n_pairs must be a whole number above 0; got -3"),
    (STUDY + "[[points]]\nn_slots = 5\n[[points]]\nn_slots = -4\n", 6, "n_slots", "n_slots must be a whole number"),
    (STUDY + "[sweep]\nn_pairs = [2, 3, 2]\n", 4, "n_pairs", "must be a list of different values; got [2, 3, 2]"),
    (STUDY + "[fixed]\ncorruption = 1.5\n", 4, "corruption", "corruption must lie in [0, 1]; got 1.5"),
    (STUDY + "[fixed]\np = 0.2\n", 4, "p", "p is the probability of random third factors"),
    (STUDY + '[fixed]\ntau_drive = "30 ms"\n', 4, "tau_drive", "tau_drive is a parameter of the spiking memory"),
    (STUDY + 'x = "n_pairs"\n[fixed]\nn_pairs = 5\n', 3, "x", "x must be an option that varies; got 'n_pairs'"),
    (STUDY + 'x = "n_pairs"\nhue = "n_pairs"\n[sweep]\nn_pairs = [5, 6]\n', 3, "x", "every axis shows another option"),
    (STUDY + '[run]\nrecord = ["hidden"]\n', 4, "record", "the spiking memory is not among the memories"),
    (SPIKING + '[run]\nrecord = [\n  "hiden",\n]\n', 6, "record", "there is no population 'hiden' to record"),
    (STUDY + "[run]\nrecord_trials = [1, 2]\n", 4, "record_trials", "without record (--record hidden,output) none"),
    (STUDY + "[run]\nworkers = 0\n", 4, "workers", "workers must be a whole number above 0; got 0"),
    (STUDY + "[run]\n\nmargin = -0.1\n", 5, "margin", "margin must lie between 0 and 1, a difference of fractions"),
    (STUDY + "[run]\npattern_margin = 1\n", 4, "pattern_margin", "must lie between 0 and 1"),
    (SPIKING + '[run]\nrecord = ["hidden"]\nrecord_trials = [20]\n', 6, "record_trials", "trial must lie in 0 to 19"),
]  # fmt: skip


def test_there_are_sixty_malformed_files():
    assert len({text for text, *_ in MALFORMED}) == len(MALFORMED) >= 60


@pytest.mark.parametrize(("text", "line", "key", "sentence"), MALFORMED)
def test_what_is_wrong_with_a_file_is_said_with_its_line_and_key(text, line, key, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written(text, tmp_path)
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        read_plan("study.toml")
    said = str(refused.value)
    assert "\n" not in said
    assert said.startswith(f"study.toml, line {line}: " if line else "study.toml: ")
    assert sentence in said
    assert re.search(rf"\b{key}\b", said.removeprefix("study.toml"))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("no-such.toml", "there is no plan no-such.toml"),
        (".", ". is a folder; a plan is a file in it, such as study.toml"),
        ("a\0b.toml", "cannot read the plan a"),
        ("x" * 300 + ".toml", "cannot read the plan xxx"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(name, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read_plan(name)

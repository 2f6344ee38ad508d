"""A finished run gets more trials, values, memories or options: what is there stays, and the table is as of one run."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import SMALL, biokv

from bioKV import read_results
from bioKV.studies import workers

pytestmark = pytest.mark.usefixtures("tables_alone")
BASE = ["run", "autoassociative"]
N = (3, 4)
FIRST = ["--n-pairs", "3,4", "--trials", "3", *SMALL]


def run(out: Path, *words: str) -> str:
    done = biokv(*BASE, *words, "--out", out)
    assert done.exit_code == 0, done.stderr
    return (out / "results.csv").read_text()


@pytest.fixture
def answered(monkeypatch) -> list[tuple]:
    """The tasks that are run: memory, option values and trials."""
    seen, real = [], workers.answer

    def answer(study, task, *others):
        cell = study.cells[task.cell]
        seen.append((cell.memory, cell.third_factor, cell.options["n_pairs"], *task.trials))
        return real(study, task, *others)

    monkeypatch.setattr(workers, "answer", answer)
    return seen


@pytest.mark.parametrize(
    ("more", "tasks"),
    [
        (["--trials", "5"], {("rate", "sequential", n, *range(5)) for n in N}),  # a group of twenty is run anew
        (["--n-pairs", "2,3,4"], {("rate", "sequential", 2, 0, 1, 2)}),
        (["--n-pairs", "4,5,3"], {("rate", "sequential", 5, 0, 1, 2)}),
        (["--memory", "rate", "--memory", "hopfield"], {("hopfield", "", n, 0, 1, 2) for n in N}),
        (["--third-factor", "sequential", "--third-factor", "random"], {("rate", "random", n, 0, 1, 2) for n in N}),
        (["--corruption", "0.6,0.3"], {("rate", "sequential", n, 0, 1, 2) for n in N}),  # 0.6 is there
        (["--n-slots", "12,6"], {("rate", "sequential", n, 0, 1, 2) for n in N}),
    ],
    ids=["trials", "values", "values in another order", "memories", "third factors", "an option", "another option"],
)
def test_only_what_is_missing_is_run_and_the_table_is_that_of_one_run(tmp_path, answered, more, tasks):
    run(tmp_path / "grown", *FIRST)
    answered.clear()
    grown = run(tmp_path / "grown", *more, "--resume")
    assert sorted(answered) == sorted(tasks)
    at_once = dict(zip(FIRST[::2], FIRST[1::2], strict=True)) | {more[0]: more[1]}
    rest = more[2:]
    assert grown == run(tmp_path / "once", *(word for pair in at_once.items() for word in pair), *rest)


def test_what_is_not_said_again_stays(tmp_path):
    run(tmp_path / "grown", *FIRST, "--corruption", "0.4", "--seed", "3")
    grown = run(tmp_path / "grown", "--trials", "4", "--resume")
    words = ["--n-pairs", "3,4", *SMALL, "--trials", "4", "--corruption", "0.4", "--seed", "3"]
    assert grown == run(tmp_path / "once", *words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--trials", "2"], "had trials 3, this one has 2"),
        (["--n-pairs", "3,5"], "had n_pairs [3, 4], this one has [3, 5]"),
        (["--n-pairs", "5"], "had n_pairs [3, 4], this one has 5"),
        (["--memory", "hopfield"], "had memories ['rate'], this one has ['hopfield']"),
        (["--corruption", "0.3"], "had corruption 0.6, this one has 0.3"),
        (["--seed", "1"], "had seed 0, this one has 1"),
    ],
)
def test_nothing_is_taken_away(tmp_path, words, said):
    before = run(tmp_path, *FIRST)
    refused = biokv(*BASE, *words, "--out", tmp_path, "--resume")
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert "more trials, memories, third factors or values of an option" in refused.stderr
    assert (tmp_path / "results.csv").read_text() == before


def test_a_comparison_on_the_numpy_engine_grows_to_the_same_table(tmp_path):
    """Trials of a batch share one stream of noise: one that was not whole is run again."""
    words = ["compare", "autoassociative", "--n-pairs", "1", "--key-dim", "6", "--engine", "numpy",
             "--set", "dt=1ms", "--third-factor", "random", "--out"]  # fmt: skip
    for out, trials in (("grown", ["2"]), ("grown", ["4", "--resume"]), ("once", ["4"])):
        assert biokv(*words, tmp_path / out, "--trials", *trials).exit_code == 0
    assert (tmp_path / "grown/results.csv").read_text() == (tmp_path / "once/results.csv").read_text()


def test_a_study_grows_by_a_file_of_ones_own(tmp_path):
    """A second memory of one's own is kept beside the first, and the plan that is kept runs both."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"mine_{folder}.py").write_text("from bioKV.models.rate import memory  # noqa\n")
    first, second = tmp_path / "a" / "mine_a.py", tmp_path / "b" / "mine_b.py"
    run(tmp_path / "grown", *FIRST, "--memory", str(first))
    grown = run(tmp_path / "grown", "--memory", str(first), "--memory", str(second), "--resume")
    assert {line.split(",")[1] for line in grown.splitlines()[1:]} == {"mine_a", "mine_b"}
    again = biokv("run", tmp_path / "grown" / "study.toml", "--out", tmp_path / "again")
    assert again.exit_code == 0, again.stderr
    assert (tmp_path / "again" / "results.csv").read_text() == grown


def test_a_memory_that_was_given_no_number_of_slots_has_one_per_key_entry(tmp_path):
    run(tmp_path, "--n-pairs", "2", "--key-dim", "9,11", "--trials", "2")
    table = read_results(tmp_path)
    assert table.n_slots.tolist() == table.key_dim.tolist()


def test_a_list_of_mechanisms_grows_as_other_options_do(tmp_path):
    base = ["--memory", "spiking", "--engine", "numpy", "--key-dim", "8", "--n-pairs", "2", "--trials", "2"]
    (tmp_path / "own.py").write_text("from bioKV.network.mechanisms.short_term_depression import mechanism\n")
    three = ["--mechanism", f"none,short_term_depression,{tmp_path / 'own.py'}"]
    run(tmp_path / "grown", *base)
    run(tmp_path / "grown", *base, *three[:1], "none,short_term_depression", "--resume")
    assert run(tmp_path / "grown", *three, "--resume") == run(tmp_path / "once", *base, *three)
    refused = biokv(*BASE, *three[:1], "short_term_depression", "--out", tmp_path / "grown", "--resume")
    assert refused.exit_code == 2
    assert "it had mechanism ['none', 'short_term_depression'" in refused.stderr


def test_the_seed_of_a_run_stays_though_its_protocol_has_an_option_of_that_name(tmp_path):
    (tmp_path / "mine.py").write_text(
        "from bioKV.protocols import autoassociative\n\n\n"
        "def mine(rng, seed: int = 3):\n    return autoassociative(rng, seed, key_dim=8)\n"
    )
    words = ["run", tmp_path / "mine.py", "--trials", 2, "--out", tmp_path / "out"]
    assert biokv(*words, "--seed", 5).exit_code == 0
    refused = biokv(*words, "--seed", 6, "--resume")
    assert refused.exit_code == 2
    assert "had seed 5, this one has 6" in refused.stderr
    done = biokv(*words, "--seed", 5, "--resume")
    assert done.exit_code == 0, done.stderr

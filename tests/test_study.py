"""A study: every trial draws its own numbers, every memory sees the same episodes, and the plan is checked first."""

import numpy as np
import pandas as pd
import pytest

from bioKV import Episode, Random, SpikingMemory, protocols
from bioKV.analysis import measures
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.models import KeyValueMemory
from bioKV.randomness import study_streams
from bioKV.studies import scores, workers
from bioKV.studies.plan import Plan, check_plan, draw_episode, task_digest
from bioKV.studies.scores import measured
from bioKV.studies.stability import what_freezes
from bioKV.studies.study import Study
from bioKV.studies.tasks import protocol_names, protocol_options


def table(plan):
    """All rows of a plan, with the number of pairs of each."""
    rows = [
        (cell.options["n_pairs"], *row)
        for cell in Study(plan).cells
        for row in measured(cell, range(plan.trials), None, print, print)[0]
    ]
    return pd.DataFrame(rows, columns=["n_pairs", *scores.ROW])


RATE = Plan(
    "autoassociative",
    options={"n_pairs": [3, 8], "key_dim": 12},
    third_factors=("sequential", "random"),
    trials=4,
    seed=5,
)


def test_the_table_has_a_row_for_each_trial_and_quantity():
    found = table(RATE)
    quantities = {*measures.names(), "constant_guess", "stored_guess", "unit"} - {"cosine"}  # values are signs alone
    assert set(found.quantity) == quantities
    assert len(found) == 2 * 2 * 4 * len(quantities)  # third factors, x, trials
    assert set(found.n_pairs) == {3, 8}
    assert set(found.engine) == {""}


def test_a_trial_does_not_depend_on_how_many_there_are():
    pd.testing.assert_frame_equal(table(RATE._replace(trials=2)), table(RATE).query("trial < 2").reset_index(drop=True))


def test_every_memory_and_third_factor_sees_the_same_episode():
    drawn = [episode_of(plan, 1) for plan in (RATE, RATE._replace(memories=("spiking",), engine="numpy"))]
    np.testing.assert_array_equal(drawn[0].keys, drawn[1].keys)
    assert not np.array_equal(drawn[0].keys, episode_of(RATE, 2).keys)
    assert not np.array_equal(drawn[0].keys, episode_of(RATE._replace(seed=6), 1).keys)


def episode_of(plan, trial, **options):
    """A trial of three pairs of the plan, of other options or with one's own patterns."""
    options = {"n_pairs": 3, "key_dim": 12, **options}
    return draw_episode(plan, options, task_digest(plan, options), trial)


def test_a_trial_is_the_same_whatever_else_is_in_the_study():
    """Another x, another memory and a knob of the memory change nothing; another option of the protocol does."""
    alone, among = RATE._replace(options={"n_pairs": 8, "key_dim": 12}), RATE._replace(memories=("hopfield", "rate"))
    rows = [found[(found.memory == "rate") & (found.n_pairs == 8)] for found in (table(alone), table(among))]
    pd.testing.assert_frame_equal(*(found.reset_index(drop=True) for found in rows))
    knob = RATE._replace(memories=("rate",), options={"n_slots": [6, 12], "n_pairs": 3, "key_dim": 12})
    tasks = {cell.task for cell in Study(knob).cells}
    assert tasks == {task_digest(RATE, {"n_pairs": 3, "key_dim": 12})}
    typed = {"n_pairs": 3.0, "key_dim": np.int64(12), "corruption": 0.6}  # its default
    assert {task_digest(RATE, typed)} == tasks
    assert task_digest(RATE, {"n_pairs": 3, "key_dim": 12, "corruption": 0.5}) not in tasks


def test_ones_own_patterns_are_drawn_for_by_their_content(rng):
    """The same table in another file, or as integers, gives the same trial; one changed entry another corruption."""
    own = rng.choice([-1.0, 1.0], size=(3, 12))
    whole = RATE._replace(patterns=own.astype(int))
    changed = own.copy()
    changed[2, 11] *= -1
    plans = [RATE._replace(patterns=own), whole, RATE._replace(patterns=changed)]
    digests = [task_digest(plan, {"n_pairs": 3, "key_dim": 12}) for plan in plans]
    assert digests[0] == digests[1] != digests[2]


def test_cells_that_differ_in_what_does_nothing_are_one():
    """A Hopfield network has no slots, and sequential third factors no p; a rate memory has slots."""
    plan = RATE._replace(memories=("rate", "hopfield"), options={"n_slots": [6, 12], "p": [0.1, 0.2], "key_dim": 12})
    cells = Study(plan).cells
    digests = {name: {cell.digest for cell in cells if (cell.memory, cell.third_factor) == name}
               for name in (("rate", "sequential"), ("rate", "random"), ("hopfield", ""))}  # fmt: skip
    assert [len(of) for of in digests.values()] == [2, 4, 1]
    typed = RATE._replace(options={"n_slots": 12, "key_dim": 12})  # its default is as many as key entries
    default = RATE._replace(options={"key_dim": 12})
    assert [cell.digest for cell in Study(typed).cells] == [cell.digest for cell in Study(default).cells]


def test_a_cell_is_called_the_same_whatever_else_is_in_the_study():
    more = RATE._replace(options={"n_pairs": [3, 5, 8], "key_dim": [12, 14]}, trials=9, memories=("hopfield", "rate"))
    assert {cell.digest for cell in Study(RATE).cells} < {cell.digest for cell in Study(more).cells}
    changed = (RATE._replace(options={"n_pairs": 3, "key_dim": 12, name: value})
               for name, value in (("corruption", 0.3), ("n_slots", 5), ("stability_threshold", 1.0)))  # fmt: skip
    one = {cell.digest for cell in Study(RATE).cells}
    assert not any(one & {cell.digest for cell in Study(plan).cells} for plan in changed)


@pytest.mark.parametrize("plan", [
    Plan("graded", ("rate", "bam"), ("random",), {"n_pairs": 6, "key_dim": 12}, 45),
    Plan("sequence", ("spiking", "rate"), ("random",), {"n_patterns": 2, "key_dim": 8, "p": 0.2, "dt": 1.0},
         23, 0, "numpy", True),
], ids=["rate", "comparison"])  # fmt: skip
def test_a_trial_is_the_same_to_the_last_digit_however_trials_are_cut_into_tasks(plan):
    """Sums round differently with other trials beside them: a memory's answers are always cut at the same trials."""
    study = Study(plan)
    alone = workers.together(study.cells[0].engine)
    for number in range(len(study.cells)):
        def rows(size, number=number):
            tasks = [workers.Task(number, range(i, min(i + size, plan.trials))) for i in range(0, plan.trials, size)]
            return "".join(workers.answer(study, task, print, print).rows for task in tasks)

        assert rows(alone) == rows(plan.trials)


def test_a_comparison_gives_the_rate_twin_the_plateaus_of_the_spiking_memory():
    plan = Plan(
        "autoassociative",
        ("spiking", "rate"),
        ("random",),
        {"n_pairs": 3, "key_dim": 12, "p": 0.3},
        3,
        1,
        "numpy",
        replay=True,
    )
    found = table(plan)
    assert set(found.memory) == {"spiking", "rate"}
    quantities = set(found[found.memory == "spiking"].quantity)
    assert {
        "argmax_share",
        "b",
        "b_information",
        "excess_kl",
        "kappa",
        "votes_per_recall",
        "spikes_per_recall",
        "synaptic_events_per_recall",
        "missed_plateaus",
        "plateaus_per_presentation",
    } <= quantities
    means = found.groupby("quantity").value.mean()
    assert means["expected_plateaus"] == pytest.approx(0.3 * 12)
    assert means["plateaus_per_presentation"] > 0
    # the twin by hand: the same episodes, the plateaus of the same spiking run, the rate memory
    episode = Episode.stack([episode_of(plan, trial) for trial in range(3)])
    task = task_digest(plan, {"n_pairs": 3, "key_dim": 12})
    streams = [study_streams(1, task, trial)[1] for trial in range(3)]
    spiking = SpikingMemory(12, 12, 12, Random(0.3), engine="numpy").respond(episode, streams)
    twin = KeyValueMemory(12, 12, 12).respond(episode.with_third_factor(spiking.third_factor), streams)
    accuracies = found[found.quantity == "accuracy"].pivot(index="trial", columns="memory", values="value")
    np.testing.assert_allclose(accuracies.spiking, accuracy(spiking, episode), atol=1e-12)
    np.testing.assert_allclose(accuracies.rate, accuracy(twin, episode), atol=1e-12)


@pytest.mark.parametrize("third_factor", ["sequential", "least_recently_used"])
def test_a_dendrite_that_stays_silent_is_counted_as_missed(third_factor):
    plan = Plan("autoassociative", ("spiking",), (third_factor,), {"n_pairs": 2, "key_dim": 12}, 2, engine="numpy")
    (cell,) = Study(plan).cells
    memory, episode = cell.made(), cell.first
    response = memory.respond(episode, np.random.default_rng(0))
    assert scores._activity(response, episode, cell, memory)["all", "missed_plateaus"] == 0
    response.counts["dendrite"][1] = 0  # of the four presentations one
    assert scores._activity(response, episode, cell, memory)["all", "missed_plateaus"] == 1 / 4


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"protocol": "autoassociativ"}, "there is no protocol 'autoassociativ'; did you mean autoassociative?"),
        ({"memories": ("elephant",)}, "there is no memory 'elephant'; known are spiking, bam, hopfield, learned"),
        ({"memories": ()}, "no memory was given"),
        ({"memories": ("rate", "rate")}, "a memory was given twice"),
        (
            {"third_factors": ("chance",)},
            "there is no third factor 'chance'; known are sequential, random, least_recently_used",
        ),
        ({"engine": "gpu"}, "there is no engine 'gpu'; known are auto, compiled, numpy"),
        ({"trials": 0}, "trials must be a whole number above 0; got 0"),
        ({"trials": 2.5}, "trials must be a whole number above 0; got 2.5"),
        ({"seed": -1}, "seed must be a whole number of 0 or more; got -1"),
        ({"options": {"n_pairs": []}}, "must be a list of different values"),
        ({"options": {"n_pairs": [3, 3]}}, "must be a list of different values"),
        ({"options": {"birds": 3}}, "autoassociative has no option 'birds'; it has n_pairs, key_dim, corruption"),
        ({"options": {"n_pairs": [4, -1]}}, "n_pairs must be a whole number above 0; got -1"),
        ({"options": {"n_pairs": 2.5}}, "n_pairs must be a whole number above 0; got 2.5"),
        ({"options": {"corruption": 1.5}}, "corruption must lie in \\[0, 1\\]; got 1.5"),
        ({"options": {"n_slots": -4}}, "n_slots must be a whole number above 0"),
        ({"options": {"p": 4.0}, "third_factors": ("random",)}, r"must lie in \[0, 1\]; got 4. Did you mean p=4/N\?"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused_before_anything_runs(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        check_plan(RATE._replace(**change))


def test_a_new_file_in_protocols_is_a_new_protocol(monkeypatch, tmp_path):
    (tmp_path / "store_nothing.py").write_text(
        "import numpy as np\nfrom bioKV import Episode\n\n"
        "def store_nothing(rng, n_steps: int = 3):\n"
        "    return Episode(np.ones((n_steps, 4)), np.ones((n_steps, 4)), np.zeros(n_steps), np.full(n_steps, -1))\n"
    )
    monkeypatch.setattr(protocols, "__path__", [*protocols.__path__, str(tmp_path)])
    assert "store_nothing" in protocol_names()
    assert "patterns" not in protocol_names()  # a file of helpers is no protocol
    assert list(protocol_options("store_nothing")) == ["n_steps"]


def test_patterns_of_ones_own_need_a_protocol_that_takes_them(monkeypatch, tmp_path):
    (tmp_path / "blank.py").write_text(
        "import numpy as np\nfrom bioKV import Episode\n\n"
        "def blank(rng, n_steps: int = 3):\n"
        "    return Episode(np.ones((n_steps, 4)), np.ones((n_steps, 4)), np.zeros(n_steps), np.full(n_steps, -1))\n"
    )
    monkeypatch.setattr(protocols, "__path__", [*protocols.__path__, str(tmp_path)])
    with pytest.raises(ValueError, match="blank takes no patterns of one's own; leave --patterns away"):
        check_plan(Plan("blank", patterns=np.ones((3, 4))))


def test_a_protocol_file_that_cannot_be_loaded_is_named(tmp_path, monkeypatch):
    (tmp_path / "my_task.py").write_text("import no_such_package\n")
    monkeypatch.setattr(protocols, "__path__", [*protocols.__path__, str(tmp_path)])
    with pytest.raises(ValueError, match=r"protocols/my_task\.py cannot be loaded: ModuleNotFoundError: No module"):
        check_plan(RATE)


@pytest.mark.parametrize(
    ("threshold", "sentence"),
    [
        (None, "q reaches 15, which changes nothing without a stability threshold"),
        (10, ""),
        (16, "no q reaches the stability threshold of 16 (the largest is 15): nothing freezes"),
        (1, "every q reaches the stability threshold of 1 (the smallest is 1): all that is written freezes"),
    ],
)
def test_a_threshold_that_does_all_or_nothing_is_said(threshold, sentence):
    options = {"delay": 2, "n_steps": 40, "n_flashbulb": 1}
    options |= {} if threshold is None else {"stability_threshold": threshold}
    said = what_freezes(Study(Plan("flashbulb", ("rate", "hopfield"), options=options)))
    assert said[0].startswith(sentence) if sentence else not said
    assert what_freezes(Study(Plan("autoassociative", ("rate",)))) == []

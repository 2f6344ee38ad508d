"""A plan may be a grid: every combination of its lists, at every one of its points; what cannot vary is refused."""

from pathlib import Path

import numpy as np
import pytest

from bioKV.studies.grid import TRIED, check_grid, combinations, tried, varying
from bioKV.studies.inputs import inputs_of
from bioKV.studies.plan import Plan, check_plan, draw_episode, memory_for, task_digest

GRID = Plan("autoassociative", options={"n_pairs": [2, 3], "key_dim": 8, "corruption": (0.3, 0.6, 0.9)})
PAIRS = GRID._replace(points=({"n_slots": 4, "p": 0.1}, {"n_slots": 8, "p": 0.2}), third_factors=("random",))
SPIKING = GRID._replace(memories=("spiking", "rate"), trials=3)


def test_every_combination_is_run_and_the_last_list_changes_fastest():
    assert varying(GRID) == ["n_pairs", "corruption"]
    found = [(one["n_pairs"], one["corruption"]) for one in combinations(GRID)]
    assert found == [(2, 0.3), (2, 0.6), (2, 0.9), (3, 0.3), (3, 0.6), (3, 0.9)]
    assert {one["key_dim"] for one in combinations(GRID)} == {8}
    assert combinations(GRID)[1] == {"n_pairs": 2, "key_dim": 8, "corruption": 0.6}
    check_plan(GRID)


def test_options_of_points_go_together_and_the_grid_is_run_at_each():
    assert varying(PAIRS) == ["n_pairs", "corruption", "n_slots", "p"]
    found = combinations(PAIRS)
    assert len(found) == 12
    assert {(one["n_slots"], one["p"]) for one in found} == {(4, 0.1), (8, 0.2)}
    assert [one["n_slots"] for one in found] == [4] * 6 + [8] * 6
    check_plan(PAIRS)


def test_a_plan_without_a_list_has_one_combination_in_which_nothing_varies():
    plan = Plan("autoassociative", options={"n_pairs": 3})
    assert (varying(plan), combinations(plan)) == ([], [{"n_pairs": 3}])
    assert combinations(Plan("autoassociative")) == [{}]


def test_a_protocol_without_arguments_can_be_run(tmp_path):
    (tmp_path / "fixed.py").write_text(
        "import numpy as np\nfrom bioKV import Episode\n\n"
        "def fixed(rng):\n    return Episode(np.ones((3, 4)), np.ones((3, 4)), np.ones(3), np.array([-1, -1, 0]))\n"
    )
    check_plan(Plan(str(tmp_path / "fixed.py")))


def test_of_a_big_grid_every_value_is_tried_once():
    big = GRID._replace(options={"n_pairs": list(range(1, 41)), "corruption": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]})
    assert len(combinations(big)) == 280 > TRIED
    assert len(tried(big)) == 40
    for name in varying(big):
        assert {one[name] for one in tried(big)} == set(big.options[name])
    assert tried(GRID) == combinations(GRID)
    with pytest.raises(ValueError, match=r"corruption must lie in \[0, 1\]; got 7"):
        check_plan(big._replace(options={**big.options, "corruption": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 7]}))


def test_a_mechanism_can_be_an_option_that_varies():
    plan = Plan("autoassociative", ("spiking",), options={"mechanism": ["none", "short_term_depression"], "n_pairs": 2,
                                                          "key_dim": 8}, engine="numpy")  # fmt: skip
    check_plan(plan)
    check_plan(plan._replace(options={**plan.options, "tau_recovery": 300.0}))
    without, with_one = combinations(plan)
    assert task_digest(plan, without) == task_digest(plan, with_one)  # the same trials
    episode = draw_episode(plan, without, 0, 0)
    made = [memory_for(plan, "spiking", "sequential", options, episode) for options in (without, with_one)]
    assert [len(memory.mechanisms) for memory in made] == [0, 1]
    with pytest.raises(ValueError, match="a mechanism is of the spiking memory; it does nothing for rate"):
        check_plan(plan._replace(memories=("rate",)))


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (GRID._replace(options={"n_pairs": [2, 3], "corruption": []}), "corruption must be a list of different values"),
        (GRID._replace(options={"n_pairs": [2, 3, 2]}), "n_pairs must be a list of different values; got [2, 3, 2]"),
        (GRID._replace(options={"n_pairs": [2, 3], "birds": [1, 2]}), "has no option 'birds'"),
        (GRID._replace(points=({"birds": 1}, {"birds": 2})), "autoassociative has no option 'birds'"),
        (PAIRS._replace(points=({"n_slots": 4, "p": 0.1}, {"n_slots": 8})), "point 2 has n_slots, and the first has"),
        (PAIRS._replace(points=({"n_slots": 4, "p": 0.1}, {})), "point 2 has no options, and the first has n_slots, p"),
        (PAIRS._replace(points=({"n_pairs": 4},)), "n_pairs is an option of the points and of the others"),
        (PAIRS._replace(points=({"n_slots": [4, 8]},)), "n_slots must have one value at every point; got [4, 8]"),
        (PAIRS._replace(points=({"n_slots": 4}, {"n_slots": 4})), "the points must differ; point 2 is {'n_slots': 4}"),
        (PAIRS._replace(points=(3,)), "a point must be a dictionary from names to values; got 3"),
        (PAIRS._replace(points={"n_slots": 4}), "points must be a tuple of them"),
        (GRID._replace(points=({"n_slots": -4},)), "n_slots must be a whole number above 0; got -4"),
        (GRID._replace(points=({"decay": 0.9},)), "decay is an option of bam and hopfield; it does nothing for rate"),
        (GRID._replace(axes={"x": "key_dim"}), "x must be an option that varies; got 'key_dim', and n_pairs and"),
        (GRID._replace(axes={"x": "birds"}), "x must be an option that varies; got 'birds'"),
        (GRID._replace(axes={"y": "n_pairs"}), "there is no axis 'y'; known are x, hue, panel"),
        (GRID._replace(axes={"x": "n_pairs", "hue": "n_pairs"}), "every axis shows another option; x is n_pairs, hue"),
        (GRID._replace(axes=["n_pairs"]), "axes must be a dictionary"),
        (GRID._replace(record=("hidden",)), "the spiking memory is not among the memories (--memory spiking)"),
        (SPIKING._replace(record=("hiden",)), "there is no population 'hiden' to record; did you mean hidden?"),
        (SPIKING._replace(record=("hidden", "hidden")), "a population was given twice to record: hidden, hidden"),
        (SPIKING._replace(record="hidden"), "record must be a tuple of them; got 'hidden'"),
        (SPIKING._replace(record=("hidden",), record_trials=(0, 3)), "record_trials: trial must lie in 0 to 2, of 3"),
        (SPIKING._replace(record=("hidden",), record_trials=()), "record_trials must name at least one trial"),
        (SPIKING._replace(record=("hidden",), record_trials=(1, 1)), "record_trials must differ; got [1, 1]"),
        (
            GRID._replace(options={"n_pairs": list(range(1, 1001)), "key_dim": list(range(1, 1001))}),
            "n_pairs and key_dim make 1,000,000 combinations; at most 100,000 do",
        ),
    ],
)
def test_what_cannot_vary_or_be_recorded_is_refused_in_one_sentence(plan, sentence):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        check_plan(plan)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["trial", "value", "gap", "mean"])
def test_an_option_that_is_called_as_a_column_of_results_cannot_vary(name):
    """Of a protocol of one's own; beside others that vary."""
    check_grid(GRID._replace(options={**GRID.options, name: 1}))
    with pytest.raises(ValueError, match=f"^{name} is a column of results.csv, so that an option of this name cannot"):
        check_grid(GRID._replace(options={**GRID.options, name: [1, 2]}))


def test_arrays_of_values_are_no_lists():
    assert varying(Plan("autoassociative", options={"n_pairs": 2, "weights": np.ones(3)})) == []


def test_files_that_options_and_points_name_are_inputs_of_the_run(tmp_path):
    files = [str(tmp_path / name) for name in ("one.json", "two.json", "own.py")]
    for path in files:
        Path(path).write_text(f"'{path}'\n")
    points = ({"rule": files[0], "n_slots": 4}, {"rule": files[1], "n_slots": 4}, {"rule": files[1], "n_slots": 8})
    plan = Plan("autoassociative", ("spiking",), options={"mechanism": ["none", files[2]]}, points=points)
    assert [one.path for one in inputs_of(plan)] == [files[2], files[0], files[1]]

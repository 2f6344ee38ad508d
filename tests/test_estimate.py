"""What a study takes is counted before it runs: cells, trials, presentations, networks to compile, time."""

import pytest

from bioKV import SpikingMemory
from bioKV.engines import cache, compiled
from bioKV.protocols import autoassociative, sequence
from bioKV.studies import estimate as module
from bioKV.studies import programs as module_of_programs
from bioKV.studies.estimate import duration, estimate
from bioKV.studies.plan import Plan
from bioKV.studies.study import with_engine

SMALL = {"n_pairs": [2, 3], "key_dim": 8}
RATE = Plan("autoassociative", ("rate", "hopfield"), ("sequential", "random"), SMALL, 4)
SPIKING = Plan("autoassociative", ("spiking", "rate"), options=SMALL, trials=4, engine="compiled")


def estimated(plan, workers):
    """What the plan would take."""
    return estimate(with_engine(plan)[0], workers)


def test_cells_trials_and_presentations_are_counted():
    said = estimated(RATE, 2)
    assert said.cells == 2 * 2 + 2  # rate with both third factors, Hopfield once
    assert said.trials == 6 * 4
    assert said.presentations == 3 * 4 * (4 + 6)  # n pairs are stored, and asked
    assert (said.biological_s, said.programs) == (0, 0)


def test_spikes_take_biological_time_in_which_a_pair_is_stored_and_asked(monkeypatch):
    monkeypatch.setattr(module_of_programs, "load", lambda folder: folder)
    said = estimated(SPIKING, 2)
    assert said.biological_s == pytest.approx(4 * (4 + 6) * 0.15)
    assert said.programs == 0


@pytest.mark.parametrize(
    ("changed", "programs"),
    [
        ({}, 1),  # other numbers of pairs need no other network
        ({"n_slots": [4, 6, 8]}, 3),
        ({"mechanism": ["none", "short_term_depression"]}, 2),
        ({"tau_drive": [20.0, 30.0]}, 1),
    ],
)
def test_a_network_is_compiled_once_for_all_cells_that_share_it(changed, programs, monkeypatch):
    monkeypatch.setattr(module_of_programs, "load", lambda folder: None)
    said = estimated(SPIKING._replace(options={**SMALL, **changed}), 2)
    assert said.programs == programs
    assert said.time_s > programs * module.COMPILE / 2


def test_more_workers_take_less_time_and_more_trials_more():
    plan = RATE._replace(trials=100_000)
    assert estimated(plan, 4).time_s < 0.3 * estimated(plan, 1).time_s
    assert estimated(plan._replace(trials=1_000_000), 1).time_s > 9 * estimated(plan, 1).time_s


def test_a_part_of_a_big_grid_stands_for_all_of_it():
    options = {"n_pairs": list(range(1, 31)), "corruption": [i / 20 for i in range(20)], "key_dim": 8}
    said = estimated(Plan("autoassociative", options=options, trials=1), 1)
    assert (said.cells, said.trials) == (600, 600)
    assert said.presentations == pytest.approx(20 * 2 * sum(range(1, 31)), rel=0.1)


def test_the_structure_of_an_episode_is_the_one_that_is_compiled(monkeypatch, rng):
    """Of plain keys, and of keys that come by feedback."""

    class Asked(Exception):
        pass

    def obtain(structure, say):
        raise Asked(structure)

    monkeypatch.setattr(compiled, "obtain", obtain)
    monkeypatch.setattr("bioKV.spiking.require_compiler", lambda: "c++")
    monkeypatch.setattr("bioKV.engines.choose.require_compiler", lambda: "c++")
    memory = SpikingMemory(8, 8, 8, engine="compiled", workers=1)
    for episode in (autoassociative(rng, 3, 8), sequence(rng, 3, 8)):
        with pytest.raises(Asked) as asked:
            memory.respond(episode, rng, record="hidden")
        found = memory.structure(episode, "hidden")
        assert (found, found.n_windows) == (asked.value.args[0], cache.LENGTHS[0])
    with pytest.raises(ValueError, match="hiden"):
        memory.structure(episode, "hiden")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "a second"), (8, "8 s"), (119, "119 s"), (600, "10 min"), (4 * 3600, "4 h"), (9e5, "10 days")],
)
def test_a_duration_is_said_in_the_unit_that_fits(seconds, said):
    assert duration(seconds) == said


def test_trials_that_are_recorded_need_a_network_of_their_own(monkeypatch):
    monkeypatch.setattr(module_of_programs, "load", lambda folder: None)
    assert estimated(SPIKING._replace(record=("hidden",)), 2).programs == 2


COSTS = {"STUDY": 0, "TRIAL": 0, "PRESENTATION": 0, "RATE": {"rate": (0, 0), "hopfield": (0, 0)}, "COMPILE": 0,
         "COMPILED_TRIAL": 0, "COMPILED": (0, 0, 0), "NUMPY_CHILD": 0, "NUMPY_BATCH": 0, "NUMPY": (0, 0, 0),
         "ROW_BYTES": 0, "OPTION_BYTES": 0, "SPIKE_BYTES": 0}  # fmt: skip


def of_one_cost(monkeypatch, cost, one, **plan):
    """What 50 trials of 3 pairs, with 8 inputs, 6 slots of 4 neurons and 8 outputs, take where one cost is not 0."""
    for name, none in COSTS.items():
        monkeypatch.setattr(module, name, one if name == cost else none)
    monkeypatch.setattr(module_of_programs, "load", lambda folder: None)
    options = {"n_pairs": 3, "key_dim": 8, "n_slots": 6}
    return estimated(Plan("autoassociative", options=options, trials=50)._replace(**plan), 2)


@pytest.mark.parametrize(
    ("memory", "engine", "cost", "one", "counted"),
    [
        ("spiking", "numpy", "STUDY", 2, 2 * 2),  # once, however many work
        ("spiking", "numpy", "TRIAL", 1, 50 * 2),  # with its rate twin
        ("spiking", "numpy", "PRESENTATION", 1, 50 * 6 * 2),
        ("spiking", "numpy", "RATE", {"rate": (1, 0)}, 50 * 6),
        ("spiking", "numpy", "RATE", {"rate": (0, 1)}, 50 * 6 * 6 * (8 + 8)),
        ("spiking", "numpy", "NUMPY_CHILD", 1, 2 + 3),  # one for all, and one for each batch of twenty trials
        ("spiking", "numpy", "NUMPY_BATCH", 1, 3),
        ("spiking", "numpy", "NUMPY", (1, 0, 0), 3 * 6),
        ("spiking", "numpy", "NUMPY", (0, 1, 0), 50 * 6),
        ("spiking", "numpy", "NUMPY", (0, 0, 1), 50 * 6 * (2 * 8 + 6 * 4 + 2 * 8)),
        ("spiking", "compiled", "COMPILE", 1, 2),  # by one worker
        ("spiking", "compiled", "COMPILED_TRIAL", 1, 50),
        ("spiking", "compiled", "COMPILED", (1, 0, 0), 50 * 6),
        ("spiking", "compiled", "COMPILED", (0, 1, 0), 50 * 6 * (2 * 8 + 6 * 4 + 2 * 8)),
        ("spiking", "compiled", "COMPILED", (0, 0, 1), 50 * 6 * 6 * 4 * (2 * 8 + 2 * 8)),
        ("rate", "auto", "NUMPY_CHILD", 1, 0),
        ("rate", "auto", "TRIAL", 1, 50),
        ("rate", "auto", "RATE", {"rate": (0, 1)}, 50 * 6 * 6 * (8 + 8)),
        ("hopfield", "auto", "RATE", {"rate": (0, 0), "hopfield": (0, 1)}, 50 * 6 * 8 * 8),
    ],
)
def test_every_cost_is_counted_as_often_as_it_occurs(memory, engine, cost, one, counted, monkeypatch):
    found = of_one_cost(monkeypatch, cost, one, memories=(memory,), engine=engine, replay=memory == "spiking")
    assert 2 * found.time_s == pytest.approx(counted)


def test_a_presentation_costs_as_much_as_it_has_steps(monkeypatch):
    """Of 250 ms instead of 150 ms."""
    usual, long = (of_one_cost(monkeypatch, "NUMPY", (1, 0, 0), memories=("spiking",), engine="numpy",
                               options={"n_pairs": 3, "key_dim": 8, "gap_time": gap}).time_s
                   for gap in (50.0, 150.0))  # fmt: skip
    assert long == pytest.approx(250 / 150 * usual)


@pytest.mark.parametrize(
    ("cost", "counted"),
    [
        ("ROW_BYTES", 2 * 50 * (10 * 2 + 60) * 2),  # in parts and as a whole; with the twin; of both cells
        ("OPTION_BYTES", 2 * 50 * (10 * 2 + 60) * 2),  # one option varies
        ("SPIKE_BYTES", 2 * (6 + 8) * (24 + 24) * 5),  # two trials, hidden neurons and their dendrites
    ],
)
def test_every_byte_is_counted_as_often_as_it_is_written(cost, counted, monkeypatch):
    options = {"n_pairs": [3, 4], "key_dim": 8, "n_slots": 6}
    recorded = {"record": ("hidden", "dendrite"), "record_trials": (0, 2)}
    found = of_one_cost(monkeypatch, cost, 1, memories=("spiking",), engine="numpy", replay=True, options=options,
                        **recorded)  # fmt: skip
    assert found.disk_bytes == counted


def test_an_estimate_is_said_in_words():
    said = module.Estimate(1200, 24000, 96000, 300, 1.6, 2_345_678, 2, 1)
    assert list(said.lines()) == [
        "1,200 cells, 24,000 trials, 96,000 presentations, 5 min of biological time in spikes",
        "takes about 2 s with 1 worker, and 2.3 MB of results",
        "2 networks to compile first (in that time)",
    ]
    rate = said._replace(biological_s=0, programs=0, workers=3)
    assert [line.split(", ")[-1] for line in rate.lines()] == ["96,000 presentations", "and 2.3 MB of results"]
    assert "3 workers" in list(rate.lines())[1]
    assert list(said._replace(programs=1).lines())[2].startswith("1 network to")

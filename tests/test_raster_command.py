"""`biokv raster` draws what was asked for, and refuses what is not there before anything runs."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from command_line import biokv
from synthetic import spiking_response
from test_journal_pictures import WIDTHS, check, texts_of

from bioKV.analysis.style import Style
from bioKV.commands.raster_options import neurons_of, presentations_of, time_of
from bioKV.studies.plan import Plan
from bioKV.studies.raster import draw_raster

pytestmark = pytest.mark.pictures

SMALL = ("--n-pairs", 2, "--key-dim", 8, "--engine", "numpy")


def test_a_raster_comes_with_its_caption_histograms_and_task(tmp_path):
    out = tmp_path / "out"
    words = ["raster", "autoassociative", *SMALL, "--trial", 3, "--populations", "hidden,output", "--neurons",
             "hidden=0:9", "--presentations", "1:2", "--width", "85mm", "--format", "svg", "--out", out]  # fmt: skip
    result = biokv(*words)
    assert result.exit_code == 0, result.output
    names = ["psth.svg", "raster.svg", "raster.txt", "run.json", "task.svg"]
    assert sorted(path.name for path in out.iterdir()) == names
    assert "drawn are 150 to 450 ms" in (out / "raster.txt").read_text()
    drawn = (out / "raster.svg").read_text()
    assert "hidden, 10 neurons" in drawn
    assert "lateral inhibition" not in drawn
    assert json.loads((out / "run.json").read_text())["trial"] == 3
    refused = biokv(*words)
    assert refused.exit_code == 2
    assert "already holds a raster or other results" in refused.stderr


@pytest.mark.parametrize("width", WIDTHS)
def test_all_three_can_be_read_at_one_column_and_at_two(width, tmp_path, monkeypatch):
    """No letter is too small, off the page, or on another."""
    monkeypatch.setattr("bioKV.spiking.SpikingMemory.respond", lambda self, episode, *rest, **more: spiking_response(
        episode, rate_hz=10.0, wrong=2, undecided=1))  # fmt: skip
    written = []

    def keep(figure, stem, style):
        written.append(SimpleNamespace(figure=figure, texts=texts_of(figure), stem=stem.name))
        return []

    monkeypatch.setattr("bioKV.studies.pictures.write_figure", keep)
    plan = Plan("flashbulb", ("spiking",), options={"n_steps": 16, "delay": 3, "n_flashbulb": 1, "key_dim": 40},
                engine="numpy", trials=1)  # fmt: skip
    draw_raster(plan, tmp_path, "", force=False, style=Style(width_mm=width))
    assert [one.stem for one in written] == ["raster", "psth", "task"]
    for one in written:
        check(one, width)


def test_the_task_alone_runs_no_network(tmp_path, monkeypatch):
    def stop(*words, **more):
        raise AssertionError

    monkeypatch.setattr("bioKV.spiking.SpikingMemory.respond", stop)
    result = biokv("raster", "continual", "--task", "--n-steps", 3000, "--format", "svg", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["run.json", "task.svg"]
    assert "presentation (0 to 99 of 0 to 2999)" in (tmp_path / "out/task.svg").read_text()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--populations", "wings"], "populations must be 'input' or 'feedforward' or 'interneuron' or"),
        (["--neurons", "wing=1"], "neurons are of a population that is drawn, input, feedforward, interneuron,"),
        (["--neurons", "hidden=32"], "neurons of hidden lie in 0 to 31; got 32"),
        (["--neurons", "hidden=a"], "--neurons takes a population and whole numbers, such as hidden=0:19; got"),
        (["--neurons", "hidden"], "--neurons takes a population and whole numbers, such as hidden=0:19; got 'hidden'"),
        (["--neurons", "hidden=1:"], "--neurons hidden: a range is START:STOP or START:STOP:STEP"),
        (["--neurons", "hidden=1", "--neurons", "hidden=2"], "--neurons hidden was given twice"),
        (["--time", "1:2"], "--time takes a start and a stop with their unit, such as 0.5s:2s or 0:600ms; got '1:2'"),
        (["--time", "1Hz:2Hz"], "--time takes a start and a stop with their unit"),
        (["--time", "0:9s"], "the time of a raster must lie in 0 ms to 600 ms, its start before its end; got 0 ms to"),
        (["--presentations", "0:4"], "presentations lie in 0 to 3, the first before the last; got 0 to 4"),
        (["--presentations", "first"], "--presentations takes the first and the last, such as 0:7; got 'first'"),
        (["--presentations", "0:1", "--time", "0:1ms"], "time and presentations both say what is drawn"),
        (["--trial", "-1"], "trial must be a whole number of 0 or more; got -1"),
        (["--task", "--neurons", "hidden=1"], "--task draws no spikes, so that it takes no --neurons; leave"),
        (["--order", "up"], "order must be 'written' or 'neuron'; got 'up'"),
    ],
)
def test_what_is_not_there_is_refused_in_one_sentence(words, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = biokv("raster", "autoassociative", *SMALL, *words)
    assert result.exit_code == 2, result.output
    [line] = result.stderr.strip().splitlines()
    assert line.startswith("biokv: ")
    assert sentence in line
    assert not list(tmp_path.iterdir())


def test_times_presentations_and_neurons_are_read_as_ranges_are_elsewhere():
    assert time_of("0.5s:2s") == time_of("500ms:2s") == (500, 2000)
    assert time_of("0:600ms") == (0, 600)
    assert presentations_of("0:7") == (0, 7)
    assert presentations_of("3") == (3, 3)
    assert neurons_of(["hidden=0:2,7", "input=4"]) == {"hidden": [0, 1, 2, 7], "input": [4]}
    assert time_of(None) is presentations_of(None) is None
    assert np.isclose(time_of("0.1s:0.3s"), (100, 300)).all()

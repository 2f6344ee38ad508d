"""`biokv report`: one page of finished runs. What is drawn and clicked in a browser is in test_report_browser.py."""

from __future__ import annotations

import json
import re
import shlex
import sys
from html.parser import HTMLParser

import matplotlib.pyplot as plt
import numpy as np
import pytest
from command_line import biokv
from conftest import ROOT
from recorded import answered
from synthetic import study_table, write_run

import bioKV
from bioKV.analysis.gap_curves import plot_gap
from bioKV.analysis.layout import layout_of
from bioKV.analysis.tables import gaps
from bioKV.report.curves import curves_of
from bioKV.report.finished import read_run
from bioKV.report.items import items_of, rate_twin
from bioKV.report.page import MOST_BYTES, page_of
from bioKV.report.raster import raster_of
from bioKV.studies.plan import POPULATIONS
from bioKV.studies.recordings import kept, write_recording

pytest.importorskip("bokeh")
FACTORS = ("sequential", "random")
EVIL = ("</script><script>hacked = 1</script>", "<img src=x onerror='hacked = 1'>", '"><b>bold</b>', "&lt;{{ 7 * 7 }}")


class Tags(HTMLParser):
    """What a page has in it: tags with their attributes, and the text outside scripts and styles."""

    def __init__(self, page: str):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.said: list[str] = []
        self.inside: list[str] = []
        self.feed(page)
        self.text = " ".join(" ".join(self.said).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.inside.append(tag)

    def handle_endtag(self, tag):
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside:
            self.said.append(data)

    def all(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.tags if name == tag]


def data_of(page: str) -> dict:
    """The numbers that the page's script shows."""
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


def reported(*words) -> str:
    done = biokv("report", *words)
    assert done.exit_code == 0, done.stderr
    (path,) = re.findall(r"wrote (.+\.html)\n", done.stdout)
    with open(path, encoding="utf-8") as file:
        return file.read()


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of a comparison that has kept spikes."""
    folder = tmp_path_factory.mktemp("runs") / "small"
    done = biokv("compare", "autoassociative", "--n-pairs", "2,3", "--key-dim", 8, "--trials", 2, "--engine", "numpy",
                 "--record", ",".join(POPULATIONS), "--workers", 1, "--out", folder)  # fmt: skip
    assert done.exit_code == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def page(run):
    return reported(run)


def test_the_page_is_one_file_that_asks_for_nothing(run, page):
    tags = Tags(page)
    loads = [value for _, attributes in tags.tags for name, value in attributes.items() if name in ("src", "srcset")]
    assert [*loads, *tags.all("link"), *tags.all("iframe")] == []
    assert not re.findall(
        r"@import|url\(\s*['\"]?(?:https?:)?//", "".join(re.findall(r"<style>(.*?)</style>", page, re.S))
    )
    (policy,) = [one["content"] for one in tags.all("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")  # the browser itself refuses what a script would ask for
    assert not re.findall("connect-src|http", policy)
    assert len(page.encode()) < MOST_BYTES
    assert sorted(path.name for path in run.iterdir() if path.suffix == ".html") == ["report.html"]


def test_it_says_what_was_run_and_what_came_out(run, page):
    said = Tags(page).text
    printed = biokv("results", run, "--out", run.parent / "pictures").stdout
    for line in printed.splitlines():
        if line.startswith((" sequential", "verdict: ", "chance: ")):
            for cell in re.split(r"\s{2,}", line.strip().removeprefix("verdict: ").removeprefix("chance: ")):
                assert " ".join(cell.split()) in said, cell
    record = json.loads((run / "run.json").read_text())
    assert record["commands"][0] in said
    assert (run / "study.toml").read_text().split("\n")[1] in said
    assert record["versions"]["numpy"] in said
    assert bioKV.export.provenance.CITATION in said


def test_how_populations_fire_is_said_once(run, page):
    said = Tags(page)
    assert said.text.count("firing while keys are on") == 1
    assert said.text.count("parseness of the hidden code") == 1
    assert "fano" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    captions = [re.sub("<.*?>", "", one) for one in re.findall(r"<caption>(.*?)</caption>", page, re.DOTALL)]
    assert len(captions) == len(set(captions))
    active = page.partition('-activity" aria-labelledby')[2].partition("</section>")[0]
    assert "firing while keys are on" in active
    assert re.search(r'<td class="n">[\d.]+ to [\d.]+</td>', active), "ranges stand to the right, as numbers do"


def test_the_words_of_the_report_are_those_of_the_picture(run):
    layout, ax = layout_of(bioKV.read_results(run)), plt.figure().gca()
    plot_gap(gaps(bioKV.read_results(run)), ax, layout)
    in_picture = {text.get_text() for text in ax.get_legend().get_texts() if text.get_text().startswith("gap in")}
    in_report = {one.label for one in curves_of(read_run(run), {}, None, "run-1").legend if "gap" in one.label}
    assert in_picture == in_report == {"gap in bits", "gap in whole patterns"}
    plt.close("all")


def test_words_along_x_are_not_joined_by_lines(tmp_path):
    for values, joined in ((["regular", "irregular"], False), ([1, 2], True)):
        folder = write_run(tmp_path / str(joined), study_table({"regime": values}, third_factors=FACTORS))
        ((_, plots),) = curves_of(read_run(folder), {}, None, "run-1").rows
        solid = [renderer for renderer in plots[0].figure.renderers
                 if type(renderer.glyph).__name__ == "Line" and len(renderer.data_source.data) > 2]  # but for chance
        assert bool(solid) is joined
        at = [tuple(renderer.data_source.data["x"]) for renderer in plots[0].figure.renderers
              if type(renderer.glyph).__name__ == "Scatter"]  # fmt: skip
        assert len(set(at)) == (1 if joined else len(at))


def test_the_trials_of_a_point_are_those_of_the_table(run, page):
    table = bioKV.read_results(run)
    (shown,) = data_of(page)["runs"]
    assert [point["name"] for point in shown["points"]] == ["n_pairs = 2", "n_pairs = 3"]
    for point, n_pairs in zip(shown["points"], (2, 3), strict=True):
        columns = dict(zip(point["columns"], point["values"], strict=True))
        for memory in ("spiking", "rate"):
            for quantity, name in (("accuracy", "bits right"), ("whole_patterns", "whole patterns")):
                of = table.query(f"n_pairs == {n_pairs} and memory == '{memory}' and quantity == '{quantity}'")
                np.testing.assert_allclose(columns[f"{memory} {name}"], of.value, atol=1e-6)
    assert [point["recorded"] for point in shown["points"]] == [{"0": 0}, {"0": 1}]


def test_every_recorded_spike_is_drawn_where_and_when_it_happened(run):
    finished = read_run(run)
    trials = finished.recorded
    raster = raster_of(trials, [items_of(trial, None) for trial in trials], "run-1-raster", 10**6)
    trains = [{**trial.response.spikes} for trial in trials]
    n_spikes = [sum(len(train.t_ms) for name, train in spikes.items() if name != "dendrite") for spikes in trains]
    assert raster.n_spikes == n_spikes
    bands = next(one.data_source.data for one in raster.figure.renderers if "marker" in one.data_source.data)
    assert len(bands["t"]) == finished.recorded[0].episode.is_recall.sum()  # a mark for each answer
    drawn = [one.data_source.data for one in raster.figure.renderers if list(one.data_source.data) == ["t", "y"]]
    output = trials[0].response.spikes["output"]
    starts = [
        {name: column[::3] for name, column in band.items()} for band in drawn
    ]  # of strokes: a start, an end, none
    assert sorted([*starts[0]["t"], *starts[1]["t"]]) == sorted(output.t_ms.astype(np.float32))
    assert len(set(starts[0]["y"])) == len(set(output.neuron[output.neuron >= 8]))  # OFF: a row for each that fired


def test_the_rate_twin_answers_as_it_did_in_the_run(run):
    finished = read_run(run)
    rate = finished.table.query("memory == 'rate' and trial == 0 and quantity == 'accuracy'")
    spiking = finished.table.query("memory == 'spiking' and trial == 0 and quantity == 'accuracy'")
    for trial, in_rate, in_spikes in zip(finished.recorded, rate.value, spiking.value, strict=True):
        items = items_of(trial, rate_twin(finished, trial))
        assert np.mean([item.right_in_rate / item.n_entries for item in items]) == pytest.approx(in_rate)
        assert np.mean([item.right / item.n_entries for item in items]) == pytest.approx(in_spikes)


def test_a_twin_that_answers_otherwise_than_in_the_table_is_not_shown(run):
    finished = read_run(run)
    other = finished.table.assign(value=finished.table.value.where(finished.table.memory != "rate", 0.123))
    assert rate_twin(finished._replace(table=other), finished.recorded[0]) is None
    assert "There is no rate twin to ask" in page_of([finished._replace(table=other)])


@pytest.fixture
def evil(tmp_path):
    """The folder of a run whose every text would do harm if it were HTML."""
    table = study_table({EVIL[0]: [EVIL[1], EVIL[2], EVIL[3]]}, trials=2, subsets=(EVIL[0], EVIL[1]))
    table["protocol"] = EVIL[0]
    folder = write_run(tmp_path / EVIL[1].replace("/", "-"), table, label=EVIL[0])
    record = json.loads((folder / "run.json").read_text())
    record |= {"commands": [f"biokv run '{EVIL[0]}'"], "versions": {EVIL[1]: EVIL[2]},
               "inputs": {EVIL[0]: {"path": EVIL[1], "sha256": EVIL[2], "kept": EVIL[0]}},
               "machine": EVIL[0], "state": EVIL[1]}  # fmt: skip
    record["plan"]["mechanisms"] = [EVIL[1]]
    (folder / "run.json").write_text(json.dumps(record))
    (folder / "study.toml").write_text(f'protocol = "{EVIL[0]}"')
    response, episode = answered()
    one, shown = kept(response, episode, 0, ("hidden",))
    about = {"memory": "spiking", "third_factor": "sequential", "engine": "numpy", "trial": 0,
             "options": {EVIL[0]: EVIL[1]}}  # fmt: skip
    write_recording(folder, "cell", 0, one, shown, about)
    return folder


def test_text_from_files_is_text_on_the_page(evil, page):
    tags, harmless = Tags(text := reported(evil)), Tags(page)
    assert tags.all("img") == tags.all("b") == []
    assert len(tags.all("script")) == len(harmless.all("script"))
    assert {name for name, _ in tags.tags} <= {name for name, _ in harmless.tags} | {"strong", "h4"}
    assert not [name for _, attributes in tags.tags for name in attributes if name.startswith("on")]
    for one in EVIL:
        assert one in tags.text
    assert EVIL[1] in data_of(text)["runs"][0]["points"][0]["name"]


def test_several_runs_stand_one_after_another_with_an_overview(run, tmp_path):
    other = write_run(tmp_path / "grid", study_table({"a": [1, 2], "b": [1, 2], "c": ["x", "y"]}, memories=("rate",)))
    assert "needs a file of its own: --out FILE.html" in biokv("report", run, other).stderr
    said = Tags(text := reported(run, other, "--out", tmp_path / "both.html"))
    assert [one["href"] for one in said.all("a")][:3] == ["#overview", "#run-1", "#run-2"]
    assert len(data_of(text)["runs"]) == 2
    assert "no comparison" in said.text
    assert "There is no spiking memory in this run" in said.text
    assert {"c = x", "c = y"} <= set(re.findall(r"<h4>(.+?)</h4>", text))  # the third factor of the grid


def test_a_run_that_is_not_finished_or_has_one_trial_says_so(tmp_path):
    folder = write_run(tmp_path / "run", study_table({"n_pairs": [1, 2]}, trials=1, memories=("spiking",)))
    record = json.loads((folder / "run.json").read_text())
    record["plan"]["trials"], record["state"] = 20, "interrupted"
    (folder / "run.json").write_text(json.dumps(record))
    said = Tags(reported(folder)).text
    assert "This run was stopped before its end. Its points have 1 of 20 trials so far" in said
    assert "This run has kept no spikes. The same command with --record input" in said


def test_of_more_spikes_than_a_page_has_room_for_the_first_are_drawn(run):
    trial = read_run(run).recorded[0]
    n_spikes = sum(len(train.t_ms) for train in trial.response.spikes.values())
    raster = raster_of([trial] * 3, [[]] * 3, "run-1-raster", 2 * n_spikes)
    assert len(raster.n_spikes) == 2  # whole trials
    cut = raster_of([trial], [[]], "run-1-raster", n_spikes // 2)
    assert 0 < cut.n_steps[0] < len(trial.response.windows_ms)
    assert cut.n_spikes[0] <= n_spikes // 2
    assert raster_of([trial], [[]], "run-1-raster", 3) is None


@pytest.mark.slow
def test_every_command_on_the_page_about_reports_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    commands = re.findall(r"^    (biokv .+)$", (ROOT / "docs" / "howto" / "report.md").read_text(), re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        done = biokv(*shlex.split(command)[1:])
        assert done.exit_code == 0, done.stderr
    assert {path.name for path in tmp_path.rglob("*.html")} == {"report.html", "both.html"}


def refused(*words) -> str:
    done = biokv("report", *words)
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_what_makes_no_report_is_said_in_a_sentence(run, tmp_path, monkeypatch):
    assert "there is no folder" in refused(tmp_path / "none")
    assert "holds no results" in refused(tmp_path)
    (tmp_path / "results.csv").write_text("x_name,x\n1,2\n")
    assert "is no table of a study, but of `biokv figure`" in refused(tmp_path)
    assert "a folder was given twice" in refused(run, run, "--out", tmp_path / "a.html")
    assert "--out ends in .html" in refused(run, "--out", tmp_path / "a.pdf")
    assert "margin must lie between 0 and 1" in refused(run, "--margin", 2)
    (tmp_path / "mine.html").write_text("<p>my own page")
    assert "no report of bioKV; choose another --out" in refused(run, "--out", tmp_path / "mine.html")
    assert (tmp_path / "mine.html").read_text() == "<p>my own page"
    monkeypatch.setitem(sys.modules, "bokeh", None)
    assert 'a report needs bokeh, which is not installed: pip install "bioKV[report]"' in refused(run)

"""A report in Chromium without a window and without a network: zoomed, hovered over, clicked and looked at."""

from __future__ import annotations

import time

import numpy as np
import pytest
from command_line import biokv
from test_report import EVIL, Tags, evil, page, run  # noqa: F401  (fixtures)

from benchmarks.browser import MISSING, browser, is_here

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not is_here(), reason=MISSING)]
pytest.importorskip("selenium")
MODEL = "Bokeh.documents.map(one => one.get_model_by_name('run-1-{}')).find(one => one)"
RANGE = f"const {{x_range}} = {MODEL.format('raster')}; return [x_range.start, x_range.end]"
SPIKE = f"""
const lines = {MODEL.format("raster")}.renderers.filter(one => one.glyph.type == "Line")
const {{t, y}} = lines[3].data_source.data, middle = 3 * Math.floor(t.length / 6)
return [t[middle], (y[middle] + y[middle + 1]) / 2]
"""
ANSWER = f"""
const {{t, y}} = {MODEL.format("raster")}.renderers.map(one => one.data_source.data).find(one => one.marker)
return [t[0], y[0]]
"""
POINT = f"""
const {{x, mean}} = {MODEL.format("curve-1")}.renderers.map(one => one.data_source.data).find(one => one.point)
return [x[1], mean[1]]
"""


@pytest.fixture(scope="module")
def chromium():
    with browser() as one:
        yield one


@pytest.fixture
def opened(chromium, run, page):  # noqa: F811  (which is the page that is opened)
    chromium.size(1400)
    chromium.open(run / "report.html")
    yield chromium
    assert chromium.complaints() == []
    assert chromium.asked_for() <= {"file", "data", "blob"}


def shown(what, wanted=lambda found: found, seconds=10.0):
    """What there is once it is as it should be: a page takes a moment."""
    end = time.monotonic() + seconds
    while not wanted(found := what()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def test_a_spike_and_an_answer_say_what_they_are(opened):
    t, y = opened.run(SPIKE)
    opened.over("run-1-raster", t, y)
    said = shown(opened.tooltips)
    assert all(part in said for part in ("spike of: hidden", f"at: {t:.1f} ms", "during: "))
    opened.over("run-1-raster", *opened.run(ANSWER))
    assert "of 8 entries right" in shown(opened.tooltips, lambda found: "entries" in found)


def test_a_box_zooms(opened):
    before, (_, y) = opened.run(RANGE), opened.run(SPIKE)
    opened.drag("run-1-raster", (100.0, y - 6), (250.0, y + 6))
    after = shown(lambda: opened.run(RANGE), lambda found: found != before)
    assert after == pytest.approx([100, 250], abs=3)


def test_a_click_on_a_point_shows_its_trials_and_its_spikes(opened):
    before = opened.run(RANGE)
    opened.click("run-1-curve-1", *opened.run(POINT))
    choice = "return [document.querySelector('.point').value, document.querySelector('.recorded').value]"
    assert shown(lambda: opened.run(choice), lambda found: found == ["1", "1"]) == ["1", "1"]
    rows = opened.run("return [...document.querySelectorAll('.trials tbody tr')].map(one => one.cells[0].textContent)")
    assert rows == ["0", "1"]
    assert opened.run("return document.querySelectorAll('.recalls tbody tr').length") == 3
    assert shown(lambda: opened.run(RANGE), lambda found: found != before)[1] > before[1]  # a longer trial


def test_buttons_and_lists_do_the_same_without_a_mouse(opened):
    opened.run(
        "const list = document.querySelector('.window'); list.value = '1'; list.dispatchEvent(new Event('change'))"
    )
    window = opened.run(RANGE)
    assert window[0] > 0
    opened.run("document.querySelector('[data-move=out]').click()")
    assert np.ptp(opened.run(RANGE)) == pytest.approx(2 * np.ptp(window))


@pytest.mark.parametrize("width", [1400, 400])
def test_nothing_is_wider_than_the_window(opened, run, tmp_path, width):  # noqa: F811
    opened.size(width)
    opened.open(run / "report.html")
    assert opened.run("return document.documentElement.scrollWidth") <= width
    picture = tmp_path / f"{width}.png"
    opened.driver.save_screenshot(str(picture))
    assert picture.stat().st_size > 10_000
    wide = opened.run("return [...document.querySelectorAll('.plot')].map(one => one.getBoundingClientRect().width)")
    assert all(200 < one <= width for one in wide)


def test_text_from_files_runs_no_script_and_hovers_as_text(chromium, evil):  # noqa: F811
    assert biokv("report", evil).exit_code == 0
    chromium.size(1400)
    chromium.open(evil / "report.html")
    chromium.over("run-1-curve-1", *chromium.run(POINT))
    said = shown(chromium.tooltips)
    assert EVIL[0] in said  # as letters
    assert chromium.run("return typeof hacked") == "undefined"
    chromium.size(400)
    assert chromium.run("return document.documentElement.scrollWidth") <= 400  # however long a name is
    assert Tags(chromium.run("return document.documentElement.outerHTML")).all("img") == []
    assert chromium.complaints() == []

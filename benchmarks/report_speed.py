"""How fast a report is in a browser: a page with a raster of 50,000 spikes, opened and zoomed in headless Chromium.

    python -m benchmarks.report_speed [--spikes 50000] [--repeats 5]

A comparison of real spikes (d = N = 40) is run and recorded, and its page is opened anew for each repeat. Ready: from
the start of loading until every plot of the page was drawn. A zoom: from the change of the range until the new picture
of the raster can be read back from its canvas.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from statistics import median

import numpy as np

from bioKV.report.finished import FinishedRun, read_run
from bioKV.report.page import MOST_BYTES, page_of
from bioKV.studies.plan import POPULATIONS, Plan
from bioKV.studies.run import run_study

from .browser import MISSING, browser, is_here

TARGETS = {"ready": 1500.0, "zoom": 200.0}  # milliseconds
ZOOMS = ((0.0, 0.5), (0.4, 0.6), (0.0, 1.0), (0.3, 0.31), (0.02, 0.98))  # shares of the trial
ZOOM = """
const [from, to, done] = arguments
const model = Bokeh.documents.map(one => one.get_model_by_name("run-1-raster")).find(one => one)
const view = Bokeh.index.find_one(model), {start, end} = window.whole ??= {...model.x_range.attributes}
const painted = () => {
  view.repainted.disconnect(painted)
  view.canvas_view.primary.ctx.getImageData(0, 0, 1, 1)
  done(performance.now() - began)
}
view.repainted.connect(painted)
const began = performance.now()
model.x_range.setv({start: start + from * (end - start), end: start + to * (end - start)})
"""


def recorded(folder: Path, n_spikes: int) -> FinishedRun:
    """A run with one recorded trial, cut after this many spikes."""
    n_pairs = 40
    plan = Plan("autoassociative", ("spiking", "rate"), options={"n_pairs": n_pairs, "key_dim": 40}, trials=2,
                replay=True, record=POPULATIONS)  # fmt: skip
    run_study(plan, folder, "python -m benchmarks.report_speed", force=True, resume=False, workers=None)
    run = read_run(folder)
    (trial,) = run.recorded
    times = np.sort(np.concatenate([t.t_ms for name, t in trial.response.spikes.items() if name != "dendrite"]))
    if len(times) < n_spikes:
        raise SystemExit(f"the trial has only {len(times)} spikes; --spikes {len(times)} would do")
    spikes = {name: train.between(0.0, float(times[n_spikes])) for name, train in trial.response.spikes.items()}
    response = trial.response
    object.__setattr__(response, "spikes", spikes)
    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--spikes", type=int, default=50_000)
    parser.add_argument("--repeats", type=int, default=5, help="how often the page is opened")
    asked = parser.parse_args()
    if not is_here():
        raise SystemExit(MISSING)
    ready, busy, zooms = [], [], []
    with tempfile.TemporaryDirectory() as name:
        run = recorded(Path(name) / "run", asked.spikes)
        path = Path(name) / "report.html"
        path.write_text(page_of([run]), encoding="utf-8")
        size = path.stat().st_size
        with browser() as page:
            for _ in range(asked.repeats):
                page.size(1400)
                ready.append(page.open(path))
                busy.append(page.busy_ms())
                zooms += [float(page.driver.execute_async_script(ZOOM, *share)) for share in ZOOMS]
    print(f"{asked.spikes} spikes, page of {size / 1e6:.2f} MB (at most {MOST_BYTES / 1e6:g})")
    for name, found in (("ready", ready), ("zoom", zooms)):
        verdict = "met    " if median(found) <= TARGETS[name] else "not met"
        said = (
            f"{verdict} {name}: median {median(found):.0f} ms ({min(found):.0f} to {max(found):.0f}, n = {len(found)}"
        )
        print(f"{said}; target {TARGETS[name]:.0f} ms)")
    print(
        f"processor time of the page's thread until ready: median {median(busy):.0f} ms, which no other program changes"
    )


if __name__ == "__main__":
    main()

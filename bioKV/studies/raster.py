"""The raster of one trial, into a folder."""

from __future__ import annotations

import time
from pathlib import Path

from ..progress import bar, say_to_stderr
from .bias import what_misleads
from .earlier import remove_earlier
from .inputs import inputs_of, keep
from .pictures import plain_matplotlib, save_figure
from .plan import Plan, check_plan
from .record import describe, spent, write_record
from .results import make_writable
from .study import with_engine
from .tasks import length_option


@plain_matplotlib()
def draw_raster(plan: Plan, out: Path, command: str, *, force: bool) -> None:
    """The first trial of a plan on the spiking memory, recorded and drawn as out/raster.png and out/raster.pdf.

    Prints the trial's accuracy. There is no run.json, so `command` is not kept. force : replace a raster that is there.
    Raises ValueError if the plan cannot be carried out, if an option is a list, if there are more than 60
    presentations, or if `out` cannot be written or holds a raster already (without force).
    Raises RuntimeError if compiling or the engine fails.
    """
    from ..analysis.measures.accuracy import accuracy
    from ..analysis.raster import NEEDED, plot_raster

    check_plan(plan)
    study, _ = with_engine(plan)
    if study.varying:
        raise ValueError("a raster shows one trial; give every option a single value")
    cell = study.cells[0]
    if cell.n_steps > 60:
        raise ValueError(f"a raster of {cell.n_steps} presentations cannot be read; at most 60 fit"
                         f" (a smaller {length_option(plan.protocol)})")  # fmt: skip
    if ((out / "raster.png").exists() or (out / "run.json").exists()) and not force:
        raise ValueError(f"{out} already holds a raster or other results; another --out or --force (replace) would do")
    make_writable(out)
    remove_earlier(out)
    say_to_stderr(f"spiking engine: {cell.engine}")
    for sentence in what_misleads(plan):
        say_to_stderr(f"note: {sentence}")
    started = time.time()
    episode, streams = cell.one(0)
    with bar("raster", 1.0) as advance:
        response = cell.made().respond(episode, streams, NEEDED, say=say_to_stderr, progress=advance)
    axes = plot_raster(response, episode)
    written = [*save_figure(axes[0].figure, out / "raster"), out / "run.json"]
    inputs = keep(out, inputs_of(plan))
    spending = {"state": "finished", **spent(started)}
    record = describe(plan, command) | {"inputs": inputs, "engine": [cell.engine], **spending}
    write_record(out, record)
    print(f"accuracy in this trial: {float(accuracy(response, episode)):.4f}")
    print("wrote " + ", ".join(str(path) for path in written))

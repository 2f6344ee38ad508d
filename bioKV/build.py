"""Compile one network structure into a folder: `python -m bioKV.build FOLDER`, where FOLDER/structure.json says which.

Runs in a process of its own, because Brian2's device is one for the whole process. What it leaves behind (the program
`main` and `manifest.json`) is all the compiled engine needs later.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from brian2 import (
    NeuronGroup,
    Quantity,
    check_units,
    get_device,
    get_dimensions,
    implementation,
    prefs,
    second,
    set_device,
)

from .cache import Structure
from .children import cores
from .network import build, owns
from .neurons import Sizes
from .parameters import Parameters
from .presentation import blank_tables


@implementation("cpp", """
static inline double stop_from(double t, double t_stop) {
    if (t >= t_stop) Network::_globally_stopped = true;
    return 0;
}""", headers=['"network.h"'])  # fmt: skip
@check_units(t=second, t_stop=second, result=1)
def stop_from(t, t_stop):
    raise NotImplementedError("only the compiled program stops itself")


def compile_network(folder: Path, sizes: Sizes, n_windows: int, p: Parameters, record: tuple[str, ...]) -> None:
    """Write, compile and describe the program for one trial of up to n_windows presentations."""
    set_device("cpp_standalone", directory=str(folder), build_on_run=False)
    device = get_device()
    prefs.devices.cpp_standalone.extra_make_args_unix = [f"-j{cores()}"]
    spiking = build(sizes, p, blank_tables(n_windows, *sizes[:3]), record)
    run = NeuronGroup(1, "seed : 1\nt_stop : second\nstopped : 1", clock=spiking.groups.hidden.clock, name="run")
    run.run_regularly("stopped = stop_from(t, t_stop)", clock=spiking.onset, when="end")
    spiking.network.add(run)
    device.apply_run_args()
    device.insert_code("main", "_random_generators[0].seed((unsigned long)brian::_array_run_seed[0]);")
    spiking.network.run(n_windows * spiking.onset.dt, namespace={**spiking.inputs, "stop_from": stop_from})
    clock = Path(__file__).with_name("fast_clock.cpp")
    (folder / clock.name).write_text(clock.read_text())
    device.build(directory=str(folder), run=False, with_output=False, additional_source_files=[clock.name])

    groups = (*spiking.groups, *spiking.synapses, *spiking.readings.values(), *spiking.spikes.values())
    arrays = {
        f"{group.name}.{name}": variable
        for group in groups
        for name, variable in group.variables.items()
        if variable in device.arrays and owns(group, variable)
    }
    manifest = {
        "window_s": float(p.stimulus_time + p.gap_time),
        "n_feedforward": len(spiking.groups.feedforward),
        "tables": {name: device.timed_arrays[array] + ".values" for name, array in spiking.inputs.items()},
        "arrays": {name: [device.get_array_filename(v), np.dtype(v.dtype).str] for name, v in arrays.items()},
        "settable": [name for name, v in arrays.items() if v.scalar and not v.read_only],
    }
    for left in folder.rglob("*.o"):
        left.unlink()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def main() -> None:
    folder = Path(sys.argv[1])
    structure = Structure(**json.loads((folder / "structure.json").read_text()))
    # back to quantities: the structural parameters are times, in seconds, or plain numbers
    defaults = Parameters()
    given = {
        name: Quantity(value, dim=get_dimensions(getattr(defaults, name)))
        for name, value in structure.parameters.items()
    }
    compile_network(
        folder, Sizes(*structure.sizes), structure.n_windows, defaults._replace(**given), tuple(structure.record)
    )


if __name__ == "__main__":
    main()

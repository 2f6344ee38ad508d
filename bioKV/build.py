"""Compile one network structure into a folder: `python -m bioKV.build FOLDER` with the structure on standard input.

Runs in a process of its own, because Brian2's device is one for the whole process. What it leaves behind (the program
`main` and `manifest.json`) is all the compiled engine needs later.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import numpy as np
from brian2 import NeuronGroup, check_units, implementation, prefs, second, set_device
from brian2.devices.device import get_device

from .network import READ, build
from .neurons import Sizes
from .parameters import Parameters, variables
from .presentation import Presentation


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
    prefs.devices.cpp_standalone.extra_make_args_unix = [f"-j{os.cpu_count()}"]
    blank = Presentation(
        keys=np.zeros((n_windows, 1, sizes.key_dim)), targets=np.zeros((n_windows, 1, sizes.value_dim)),
        gate=np.zeros((n_windows, 1)), triggers=np.zeros((n_windows, 1)), plateaus=np.zeros((n_windows, 1, sizes.n_slots)),
    )  # fmt: skip
    spiking = build(sizes, p, blank.tables(), record)
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
        f"{g.name}.{name}": variable
        for g in groups
        for name, variable in g.variables.items()
        if variable in device.arrays and getattr(variable.owner, "name", None) == g.name
    }
    window = float(p.stimulus_time + p.gap_time)
    manifest = {
        "sizes": sizes._asdict(),
        "n_windows": n_windows,
        "record": list(record),
        "window_s": window,
        "stimulus_s": float(p.stimulus_time),
        "dt_s": float(p.dt),
        "plateau_s": float(p.plateau_time),
        "n_feedforward": len(spiking.groups.feedforward),
        "tables": {name: device.timed_arrays[array] + ".values" for name, array in spiking.inputs.items()},
        "arrays": {name: [device.get_array_filename(v), np.dtype(v.dtype).str] for name, v in arrays.items()},
        "settable": {
            parameter: [name for name, v in arrays.items() if name.split(".")[1] == parameter and v.scalar and not v.read_only]
            for parameter in variables(p, sizes.key_dim)
        },
    }
    for left in folder.rglob("*.o"):
        left.unlink()
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1))


def main() -> None:
    structure = json.load(sys.stdin)
    values = {name: value for name, value in structure["parameters"].items()}
    defaults = Parameters()
    units = {name: second if name.endswith(("dt", "time", "delay")) else 1 for name in values}
    p = defaults._replace(**{name: value * units[name] for name, value in values.items()})
    compile_network(Path(sys.argv[1]), Sizes(*structure["sizes"]), structure["n_windows"], p, tuple(structure["record"]))


if __name__ == "__main__":
    main()

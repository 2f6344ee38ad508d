"""Compile one network structure into a folder: `python -m bioKV.engines.compile FOLDER COMPILER`.

FOLDER/structure.json says which structure. Runs in a process of its own, because Brian2's device is one for the whole
process. What it leaves behind (the program `main` and `manifest.json`) is all the compiled engine needs later.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from . import brian2_alone  # noqa: F401  (before Brian2)

# isort: split

import numpy as np
from brian2 import (
    NeuronGroup,
    check_units,
    get_device,
    implementation,
    prefs,
    second,
    set_device,
)
from brian2.core.variables import DynamicArrayVariable
from brian2.devices.cpp_standalone import CPPStandaloneCodeObject

from ..network.blueprint import Blueprint
from ..network.build import BuiltNetwork, build
from ..network.presentation import blank_tables
from ..network.refusal import Refused, in_one_sentence
from .cache import Structure
from .children import REFUSED, cores
from .isolation import our_preferences
from .together import put_together
from .toolchain import surroundings

OURS = {"fast_network.cpp": "network.cpp", "trials.cpp": "trials.cpp"}  # a file of this folder: its name in the program


@implementation("cpp", """
static inline double stop_from(double t, double t_stop) {
    if (t >= t_stop) Network::_globally_stopped = true;
    return 0;
}""", headers=['"network.h"'])  # fmt: skip
@check_units(t=second, t_stop=second, result=1)
def stop_from(t, t_stop):
    raise NotImplementedError("only the compiled program stops itself")


def compile_network(folder: Path, network: Blueprint, n_windows: int, record: tuple[str, ...],
                    traces: tuple[str, ...]) -> None:  # fmt: skip
    """Write, compile and describe the program for one trial of up to n_windows presentations."""
    our_preferences()
    set_device("cpp_standalone", directory=str(folder), build_on_run=False)
    device = get_device()
    # code of our own around what the equations say, where Brian2's costs time at every step: see templates/
    CPPStandaloneCodeObject.templater = CPPStandaloneCodeObject.templater.derive("bioKV.engines")
    # unlike Brian2's default these let the compiler use vector instructions for exp
    prefs.codegen.cpp.extra_compile_args_gcc = ["-w", "-O3", "-ffast-math", "-march=native", "-std=c++11"]
    built = build(network, blank_tables(n_windows, *network.sizes), 1, record, traces)
    run = NeuronGroup(1, "seed : 1\nt_stop : second\nstopped : 1", clock=built.groups["hidden"].clock, name="run")
    run.run_regularly("stopped = stop_from(t, t_stop)", clock=built.onset, when="end")
    built.network.add(run)
    # what stands above this happens once per program, what stands below once per trial: see trials.cpp
    device.insert_code("main", "std::vector<std::string> next_trial(); args = next_trial();")
    device.insert_code("main", "void begin_table(std::vector<std::string>&, const std::string&, double*, size_t);")
    for name in built.inputs:
        device.insert_code("main", f'begin_table(args, "{name}", {name}_values, _num_{name}_values);')
    device.apply_run_args()
    device.insert_code("main", "_random_generators[0].seed((unsigned long)brian::_array_run_seed[0]);")
    with in_one_sentence(network):
        built.network.run(n_windows * built.onset.dt, namespace={**built.inputs, "stop_from": stop_from})
    layout, lines = result_file(device, built, network)
    for line in lines:
        device.insert_code("main", line)
    device.build(directory=str(folder), compile=False, run=False, with_output=False,
                 additional_source_files=["trials.cpp"])  # fmt: skip
    for ours, there in OURS.items():
        (folder / there).write_text(Path(__file__).with_name(ours).read_text())
    together = put_together(folder)
    make = ["make", f"-j{cores()}"]
    # without shared libraries a program starts faster; where there are no static ones, with them
    if subprocess.run([*make, "LFLAGS=-static"], cwd=folder).returncode:
        subprocess.run(make, cwd=folder, check=True)

    manifest = {
        "window_s": network.window,
        "tables": network.tables(),
        "reads": network.listed("reads"),
        "keeps": network.listed("keeps"),
        "record": record,
        "traces": [name for name in network.listed("traces") if name.split(".")[0] in traces],
        "values": {name: value for name, value in network.values.items() if np.ndim(value) == 0},
        "layout": layout,
    }
    for left in (*folder.rglob("*.o"), *folder.glob("*.gch"), *together):
        left.unlink()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def result_file(device, built: BuiltNetwork, network: Blueprint) -> tuple[list[tuple[str, str, int]], list[str]]:
    """What the program writes when it is done, one array after the other, and the C++ lines that do it.

    Returns [(name, dtype, columns), ...] and the lines. name : "group.variable" or "monitor.variable". dtype : NumPy's,
    as text. columns : neurons that a reading or trace samples at a time, one row per time; 1 for everything else.
    The file is results_dir/results. Every array comes after its length, a 64-bit integer that counts single numbers.
    The lines end the process: exit code 0, or 1 if the file cannot be written. Brian2 itself would write every variable
    into a file of its own, which takes longer than a short run.
    """
    sampled = [(m, v) for name, m in built.readings.items() for v in network.neurons[name].names("reads")]
    sampled += [(m, v) for name, m in built.traces.items() for v in network.neurons[name].names("traces")]
    monitored = [(f"{m.name}.{v}", m.variables[v]) for m, v in sampled]
    owners = built.owners
    kept = [(name, owners[name.split(".")[0]].variables[name.split(".")[1]]) for name in network.listed("keeps")]
    kept += [(f"{monitor.name}.{v}", monitor.variables[v]) for monitor in built.spikes.values() for v in ("t", "i")]
    kept += [(f"{monitor.name}.t", monitor.variables["t"]) for monitor in built.traces.values()]
    lines = [
        'std::ofstream _out(brian::results_dir + "results", std::ios::binary);',
        "auto _put = [&_out](const void* data, int64_t n, size_t size) {"
        " _out.write((const char*)&n, 8); _out.write((const char*)data, n*size); };",
    ]
    for name, variable in monitored:
        array = device.get_array_name(variable, access_data=False)
        lines.append(f"{{ int64_t n = (int64_t){array}.n*{array}.m; _out.write((const char*)&n, 8); }} // {name}")
        row = f"_out.write((const char*)&{array}(i, 0), {array}.m*sizeof({array}(i, 0)))"
        lines.append(f"for (int i = 0; i < {array}.n; i++) {row};")
    for _, variable in kept:
        array = device.get_array_name(variable, access_data=False)
        if isinstance(variable, DynamicArrayVariable):
            lines.append(f"_put({array}.data(), {array}.size(), sizeof({array}[0]));")
        else:
            lines.append(f"_put({array}, {variable.size}, sizeof({array}[0]));")
    lines.append('_out.close(); if (!_out) { std::cerr << "cannot write the results" << std::endl; std::_Exit(1); }')
    lines.append("std::_Exit(0);")
    columns = {f"{m.name}.{v}": len(m.source) for m, v in sampled}
    layout = [(name, np.dtype(v.dtype).str, columns.get(name, 1)) for name, v in (*monitored, *kept)]
    return layout, lines


def main() -> None:
    """The structure in the folder that is named, compiled there by the compiler that is named."""
    folder, command = Path(sys.argv[1]), sys.argv[2]
    ours = surroundings(command)  # whatever flags the caller has set for other programs
    os.environ.clear()
    os.environ.update(ours)
    os.umask(0o077)
    structure = Structure.from_json((folder / "structure.json").read_text())
    try:
        compile_network(folder, *structure)
    except Refused as problem:
        print(problem, file=sys.stderr)
        sys.exit(REFUSED)


if __name__ == "__main__":
    main()

"""What the monitors of a running network have read, taken out of them at every presentation.

Brian2's monitors hold all of a run as 64-bit numbers until its end, which for thousands of neurons is most of what a
run takes. Counts need a quarter of that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..network.recording import compact

if TYPE_CHECKING:
    from ..network.blueprint import Blueprint
    from ..network.build import BuiltNetwork


class Readings:
    """The readings of a network that is built and calls `take` while it runs.

    Parameters
    ----------
    blueprint : Blueprint
        Of the network.
    built : BuiltNetwork
        Its objects.
    """

    def __init__(self, blueprint: Blueprint, built: BuiltNetwork):
        self._monitors = built.readings
        self._rows: dict[str, list[np.ndarray]] = {
            f"{population}.{variable}": []
            for population in built.readings for variable in blueprint.neurons[population].names("reads")
        }  # fmt: skip
        self._whole: dict[str, np.ndarray] = {}

    def take(self) -> None:
        """Take out what was read last; to be called once per presentation. No number depends on it."""
        for name, rows in self._rows.items():
            population, variable = name.split(".")
            rows.append(compact(name, self._monitors[population].variables[variable].get_value()[-1]))
        for monitor in self._monitors.values():
            monitor.resize(0)

    def by_trial(self, n_trials: int) -> dict[str, np.ndarray]:
        """All of them, once the run is over.

        Parameters
        ----------
        n_trials : int
            Trials side by side.

        Returns
        -------
        dict of str to np.ndarray, shape (B, T, n)
            Without what was read before the first presentation.
        """
        for name in list(self._rows):  # one by one, so that no two are held twice
            together = np.stack(self._rows.pop(name)[1:])
            self._whole[name] = np.moveaxis(together.reshape(len(together), n_trials, -1), 0, 1)
        return dict(self._whole)

"""Regimes: named bundles of settings of the spiking memory, a file each.

A file holds SETTINGS, numbers by the name of a parameter, in ms, Hz or plain, as `--set` takes them. `regular` is the
default network, without a file. A new file is a new regime.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from ...checks import shown
from ..parameters import Parameters
from ..settings import parameters_with

REGULAR = "regular"


def regime_names() -> list[str]:
    """All regimes: the default one, and every file in this folder.

    Returns
    -------
    list of str
        Their names.
    """
    return [REGULAR, *(found.name for found in pkgutil.iter_modules(__path__))]


def settings_of_regime(name: Any) -> dict[str, float]:
    """What a regime sets.

    Parameters
    ----------
    name : str
        One of `regime_names()`.

    Returns
    -------
    dict of str to float
        Parameters by name, in ms, Hz or plain; empty for "regular".

    Raises
    ------
    ValueError
        For a regime that there is none of.
    """
    known = regime_names()
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"there is no regime {shown(name)}; known are {', '.join(known)}")
    return {} if name == REGULAR else dict(importlib.import_module(f"{__name__}.{name}").SETTINGS)


def parameters_of_regime(name: Any) -> Parameters:
    """The parameters of a regime, to start one's own from.

    Parameters
    ----------
    name : str
        One of `regime_names()`.

    Returns
    -------
    Parameters
        The defaults, with what the regime sets.

    Raises
    ------
    ValueError
        For a regime that there is none of.

    Examples
    --------
    >>> from bioKV.network.regimes import parameters_of_regime
    >>> parameters_of_regime("irregular")._replace(release_failure=0.3).input_irregularity
    1.0
    """
    return parameters_with(settings_of_regime(name))

"""Accuracy, agreement and figures of what the memories answered; a file is loaded when it is asked for."""

import importlib
import pkgutil
from types import ModuleType


def __getattr__(name: str) -> ModuleType:
    """A file of this folder, loaded when it is asked for: SciPy, pandas and matplotlib take their time."""
    if name in __dir__():
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"bioKV.analysis has no {name!r}; it has {', '.join(__dir__())}")


def __dir__() -> list[str]:
    return [found.name for found in pkgutil.iter_modules(__path__)]

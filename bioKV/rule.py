"""Rule: the parameters of a plasticity rule (paper, section 3.2), which can be learned."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .checks import path_of, shown
from .whole_file import replacing

FORMAT, VERSION = "bioKV rule", 1


class Rule(NamedTuple):
    """Parameters of eqs. 12-16. Each is a number, or an array of one per neuron or per synapse.

    The defaults are the rule of the paper's section 2.

    Parameters
    ----------
    eta_k : float or array that broadcasts to (N, d)
        Rates of the input-to-hidden synapses, eq. 12.
    eta_v : float or array that broadcasts to (m, N)
        Rates of the hidden-to-output synapses, eq. 12.
    decay : float or array that broadcasts to (m, N)
        Lambda, the share of V that is left at a step that stores, eq. 13.
    a_fk, b_fk : float or array, (d,)
        Slope and offset of the presynaptic term of K, f(x) = a x + b, eq. 14.
    a_gk, b_gk : float or array, (N,)
        Those of its postsynaptic term, g(h).
    a_fv, b_fv : float or array, (N,)
        Those of the presynaptic term of V, f(h').
    a_gv, b_gv : float or array, (m,)
        Those of its postsynaptic term, g(y).
    axon : float
        The share to which a plateau acts in the axon, too: 0 is eq. 16 (V is written and decays in every slot), 1 is
        section 2 (only where there is a plateau).

    Examples
    --------
    A rule whose hidden-to-output synapses learn at half the rate:

    >>> from bioKV import Rule, models
    >>> rule = Rule(eta_v=0.5)
    >>> models.LearnedMemory(40, 40, 40, rule=rule).rule.eta_v
    0.5
    """

    eta_k: Any = 1.0
    eta_v: Any = 1.0
    decay: Any = 0.0
    a_fk: Any = 1.0
    b_fk: Any = 0.0
    a_gk: Any = 0.0
    b_gk: Any = 1.0
    a_fv: Any = 1.0
    b_fv: Any = 0.0
    a_gv: Any = 1.0
    b_gv: Any = 0.0
    axon: Any = 1.0

    def save(self, path: str | Path) -> None:
        """Write the rule as JSON.

        Parameters
        ----------
        path : str or Path
            File to write.

        Raises
        ------
        ValueError
            If it cannot be written, or a number is none, or not finite.
        """
        numbers = {name: np.asarray(_parameter(name, value)).tolist() for name, value in self._asdict().items()}
        text = json.dumps({"format": FORMAT, "version": VERSION, "rule": numbers}, indent=2)
        with replacing(path) as new:
            new.write_text(text + "\n")

    @classmethod
    def load(cls, path: str | Path) -> Rule:
        """Read a rule that `save` wrote.

        Parameters
        ----------
        path : str or Path
            File to read.

        Returns
        -------
        Rule

        Raises
        ------
        ValueError
            Naming the file, if that is no rule, one of another version, or one in which a number is missing, unknown or
            not finite.
        """
        path = path_of("path", path)
        try:
            saved = json.loads(path.read_text())
        except OSError as problem:
            raise ValueError(f"cannot read the rule {path}: {problem.strerror}") from None
        except (ValueError, RecursionError):  # the second: JSON may nest too deeply
            raise ValueError(f"{path} is not a rule: it is not JSON, which Rule.save writes") from None
        if not isinstance(saved, dict) or saved.get("format") != FORMAT or not isinstance(saved.get("rule"), dict):
            raise ValueError(f'{path} is not a rule: "format" should be {FORMAT!r}, as Rule.save writes')
        if saved.get("version") != VERSION:
            came = shown(saved.get("version"))
            raise ValueError(f"{path} is a rule of version {came}; this bioKV reads version {VERSION}")
        numbers = saved["rule"]
        missing, unknown = set(cls._fields) - set(numbers), set(numbers) - set(cls._fields)
        if missing or unknown:
            fault = f"lacks {', '.join(sorted(missing))}" if missing else f"has unknown {', '.join(sorted(unknown))}"
            raise ValueError(f"the rule {path} {fault}; a rule is {', '.join(cls._fields)}")
        try:
            rule = cls(**{name: _parameter(name, value) for name, value in numbers.items()})
        except ValueError as problem:
            raise ValueError(f"the rule {path} cannot be used: {problem}") from None
        return rule


SIMPLE = Rule()
NEAR_ZERO = Rule(0.5, 0.5, 0.5, *(0.01,) * 8, axon=0.0)  # where the learning of fig. 3d starts
PER_NEURON = {"a_fk": "d", "b_fk": "d", "a_gk": "N", "b_gk": "N", "a_fv": "N", "b_fv": "N", "a_gv": "m", "b_gv": "m"}
PER_SYNAPSE = {"eta_k": ("N", "d"), "eta_v": ("m", "N"), "decay": ("m", "N")}


def check_rule(rule: Any, key_dim: int, n_slots: int, value_dim: int) -> Rule:
    """The rule with numbers as floats and arrays as arrays of floats.

    Parameters
    ----------
    rule : anything
        The argument that came.
    key_dim, n_slots, value_dim : int
        Sizes d, N and m of the memory.

    Returns
    -------
    Rule

    Raises
    ------
    ValueError
        If it is no Rule, or a parameter is not finite or does not fit d, N and m.
    """
    if not isinstance(rule, Rule):
        raise ValueError(f"rule must be a bioKV.Rule, as Rule.load reads one; got {shown(rule)}")
    size = {"d": key_dim, "N": n_slots, "m": value_dim}
    checked = Rule(*map(_parameter, Rule._fields, rule))
    for name, value in checked._asdict().items():
        axes = PER_SYNAPSE.get(name, tuple(PER_NEURON.get(name, "")))
        whole = tuple(size[axis] for axis in axes)
        try:
            fits = np.broadcast_shapes(np.shape(value), whole) == whole
        except ValueError:
            fits = False
        if not fits:
            wanted = f"a number or an array that broadcasts to ({', '.join(axes)}) = {whole}" if axes else "one number"
            raise ValueError(f"{name} must be {wanted}; got an array of shape {np.shape(value)}")
    return checked


def _parameter(name: str, value: Any) -> Any:
    """A float, or an array of floats. Raises ValueError unless all of it is finite."""
    try:
        numbers = np.array(value)
    except ValueError:  # rows of different lengths
        numbers = np.array(None)
    if numbers.dtype.kind not in "iuf" or not numbers.size or not np.isfinite(numbers).all():
        raise ValueError(f"{name} must be a finite number, or an array of them; got {shown(value)}")
    return numbers.astype(float) if numbers.ndim else float(numbers)

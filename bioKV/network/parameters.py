"""Every parameter of the spiking memory, with its unit and its meaning on one line."""

from __future__ import annotations

from typing import Any, NamedTuple

from brian2 import Hz, Quantity, have_same_dimensions, ms
from brian2.units.fundamentalunits import get_unit


class Parameters(NamedTuple):
    """One set for all sizes: what must grow with the input is given per key entry. `_replace()` makes a variant.

    Those under "structure", and recruitment, decide what is built (the compiled engine builds once for each choice);
    all others are variables of a built network.
    """

    # fmt: off
    # structure
    dt: Quantity = 0.5 * ms                  # time step of the simulation
    stimulus_time: Quantity = 100 * ms       # a key is on for this long ...
    gap_time: Quantity = 50 * ms             # ... and then silence until the next presentation
    feedforward_per_entry: float = 0.4       # feed-forward interneurons for each key entry
    n_interneurons: int = 16                 # lateral interneurons
    priming_delay: Quantity = 20 * ms        # from a dendritic spike to the priming of the next dendrite
    interneuron_delay: Quantity = 1 * ms     # from an interneuron's spike to its inhibition of the hidden neurons
    delay_spread: float = 0.0                # these delays differ by up to this share of it, evenly over interneurons
    axon_delay: Quantity = 0 * ms            # delays of all other axons lie evenly between 0 and this
    neurons_per_slot: int = 1                # hidden neurons that share a slot, their dendrites coupled
    # input
    input_rate: Quantity = 100 * Hz          # an active input neuron fires regularly, at a random phase
    tau_eligibility: Quantity = 20 * ms      # decay of the presynaptic eligibility trace
    eligibility_gain: float = 1.7            # the trace times this, saturating at 1, is the eligibility
    tau_latch: Quantity = 50 * ms            # decay of the latch that output spikes charge, by 1 each, for feedback ...
    latch_threshold: float = 0.3             # ... and what it must hold for the input neuron to be active
    # hidden soma and its inhibition
    tau_drive: Quantity = 20 * ms            # NMDA-like decay of the synaptic drive
    hazard: Quantity = 150 * Hz              # escape rate at threshold
    theta_per_entry: float = 0.05            # threshold, in units of the dot product, for each key entry
    hidden_refractory: Quantity = 4.5 * ms   # refractory period of a hidden neuron
    feedforward_gain: float = 1.25           # of feed-forward inhibition; what is above 1 raises the threshold
    recruitment: float = 0.25                # share of the lateral interneurons that one hidden spike makes fire
    inhibition_per_entry: float = 0.06       # lateral inhibition by one hidden spike, for each key entry
    tau_inhibition: Quantity = 20 * ms       # decay of lateral inhibition
    # dendrite and third factors
    trigger_onset: Quantity = 40 * ms        # the trigger reaches all dendrites this long after a key's onset ...
    trigger_time: Quantity = 10 * ms         # ... and lasts this long
    prime_strength: float = 4.0              # a primed or imposed dendrite spikes after trigger_time divided by this
    plateau_time: Quantity = 70 * ms         # duration of a plateau potential
    race_time: Quantity = 1 * ms             # a race asks for a presentation less of rest in this time at first ...
    tau_urgency: Quantity = 8 * ms           # ... and ever more urgently, e-fold in this time
    use_votes: float = 4.0                   # spikes in a recall that count as use of the slot
    # plasticity and neuromodulation
    eta_key: float = 1.0                     # learning rate of the key synapses at a dendritic spike
    alpha: float = 0.3                       # step of a value synapse towards the output trace at a hidden spike
    value_decay: float = 1.0                 # decay of a value synapse at a dendritic spike
    acetylcholine: float = 1.0               # share of hidden-to-output transmission that q > 0 suppresses
    # output
    output_weight: float = 4.0               # jump of an output neuron at a hidden spike through a value synapse of 1
    tau_output: Quantity = 20 * ms           # membrane of an output neuron
    output_refractory: Quantity = 1 * ms     # refractory period of an output neuron
    teacher: float = 2.2                     # current that clamps output neurons while storing, in thresholds
    opponent: float = 1.0                    # inhibition of an entry's OFF neuron by its ON neuron, and back
    tau_trace: Quantity = 20 * ms            # decay of the output trace the value synapses move to
    trace_gain: float = 2.0                  # the trace times this, saturating at 1, is what they move to
    # read-out
    tau_readout: Quantity = 100 * ms         # low-pass filter of the output spikes
    read_onset: Quantity = 25 * ms           # output spikes are read, and hidden ones are votes, from here ...
    read_stop: Quantity = 105 * ms           # ... to here
    # a parameterised rule (eqs. 12 to 16)
    tau_activity: Quantity = 20 * ms         # low-pass filter of hidden spikes that stands for h ...
    full_rate: Quantity = 150 * Hz           # ... which is 1 at this rate, of a slot that fires alone
    hidden_spikes: float = 13.0              # a slot that fires alone fires this often after the trigger of a store ...
    output_spikes: float = 7.0               # ... and a clamped output this often in it
    # imperfections, all absent
    input_irregularity: float = 0.0          # 0: input neurons fire regularly; 1: as a Poisson process
    release_failure: float = 0.0             # probability that a spike releases nothing at a synapse, of any kind
    hidden_noise: float = 0.0                # s.d. of the noise of hidden membranes, in units of the dot product
    output_noise: float = 0.0                # s.d. of the noise of output membranes, in thresholds
    tau_noise: Quantity = 5 * ms             # correlation time of either
    weight_noise: float = 0.0                # s.d. by which a written weight misses, of a range of 1
    weight_levels: int = 0                   # values a weight can have (2: binary), by stochastic rounding; 0: any
    heterogeneity: float = 0.0               # s.d. of thresholds and time constants over neurons, as a share
    dead_share: float = 0.0                  # share of neurons, of every population, that never spike
    # fmt: on


STRUCTURE = (*Parameters._fields[:10], "recruitment")  # recruitment sets which interneurons take the first turn
IMPERFECTIONS = ("input_irregularity", "release_failure", "hidden_noise", "output_noise", "weight_noise",
                 "weight_levels", "heterogeneity", "dead_share")  # fmt: skip
SHARES = ("input_irregularity", "release_failure", "dead_share", "delay_spread", "recruitment", "eta_key", "alpha",
          "value_decay", "acetylcholine")  # fmt: skip
SCHEDULE = ("stimulus_time", "gap_time", "trigger_onset", "trigger_time", "plateau_time", "priming_delay",
            "read_onset", "read_stop")  # fmt: skip
MAY_BE_ZERO = {
    *IMPERFECTIONS,
    "delay_spread",
    "axon_delay",
    "gap_time",
    "feedforward_gain",
    "inhibition_per_entry",
    "eta_key",
    "alpha",
    "value_decay",
    "acetylcholine",
    "opponent",
    "theta_per_entry",
    "trigger_onset",
    "read_onset",
    "teacher",
    "output_weight",
}


def check_parameters(parameters: Parameters) -> None:
    """Raise ValueError unless every parameter has its unit, is a finite number, and the schedule fits in a window."""
    for name, default in Parameters._field_defaults.items():
        value: Any = getattr(parameters, name)
        if not have_same_dimensions(value, default):
            raise ValueError(f"{name} is given in {_unit(default)}; got {value!r}")
        if not 0 <= float(value) < float("inf") or (float(value) == 0 and name not in MAY_BE_ZERO):
            zero = "0 or more" if name in MAY_BE_ZERO else "above 0"
            raise ValueError(f"{name} must be a finite number {zero}; got {value!r}")
    p = parameters
    for name in SHARES:
        if getattr(p, name) > 1:
            raise ValueError(f"{name} is a share and at most 1; got {getattr(p, name)}")
    if p.prime_strength < 1:
        raise ValueError(f"prime_strength below 1 never brings a primed dendrite to its spike; got {p.prime_strength}")
    for name in ("n_interneurons", "neurons_per_slot", "weight_levels"):
        if getattr(p, name) != int(getattr(p, name)):
            raise ValueError(f"{name} must be a whole number; got {getattr(p, name)}")
    if p.weight_levels == 1:
        raise ValueError("weight_levels must be 2 or more, or 0 for weights of any value; got 1")
    window = p.stimulus_time + p.gap_time
    if abs(float(window / p.dt) - round(float(window / p.dt))) > 1e-9:
        raise ValueError(f"stimulus_time + gap_time must be a multiple of dt; got {window} and {p.dt}")
    if p.trigger_onset + p.trigger_time + p.plateau_time > window:
        total = p.trigger_onset + p.trigger_time + p.plateau_time
        raise ValueError(
            f"a plateau must end within its presentation of {window}: trigger_onset + trigger_time + plateau_time"
            f" is {total}"
        )
    if not p.trigger_time <= p.priming_delay <= window - p.trigger_time:
        raise ValueError(
            f"priming_delay must outlast trigger_time, {p.trigger_time}, and end before the next trigger;"
            f" got {p.priming_delay}"
        )
    if not p.read_onset < p.read_stop <= window:
        raise ValueError(
            f"read_onset must come before read_stop, and that within {window}; got {p.read_onset}, {p.read_stop}"
        )


def _unit(quantity) -> str:
    return str(get_unit(quantity.dim)) if isinstance(quantity, Quantity) else "plain numbers"


def variables(p: Parameters, key_dim: int) -> dict[str, Quantity]:
    """The values of a built network's variables at this input size, by the names they have in the equations."""
    derived = {
        "w_key": 2 / float(p.input_rate * p.tau_drive),  # so that the mean drive of a matching entry is 2
        "theta": p.theta_per_entry * key_dim,
        "w_inhibit": p.inhibition_per_entry * key_dim / (p.n_interneurons * p.recruitment),
        "window": p.stimulus_time + p.gap_time,
        # the spikes of a slot are shared by its neurons
        "recruitment": p.recruitment / p.neurons_per_slot,
        "output_weight": p.output_weight / p.neurons_per_slot,
        "weight_steps": max(p.weight_levels - 1, 1),
        "coarse": float(p.weight_levels > 0),
    }
    return {**p._asdict(), **derived}


def imperfect(p: Parameters) -> bool:
    """Whether a network with these parameters has imperfect parts."""
    return any(getattr(p, name) > 0 for name in IMPERFECTIONS)


def presented_for(p: Parameters, presentation_time: Quantity) -> Parameters:
    """The same schedule run through in another time: every moment of a presentation scaled alike, on the grid of dt.

    Raises ValueError unless presentation_time, stimulus and gap together, is a multiple of dt.
    """
    if not have_same_dimensions(presentation_time, p.dt) or not float(presentation_time) > 0:
        raise ValueError(f"presentation_time is a time above 0, in seconds; got {presentation_time!r}")
    n_steps = float(presentation_time / p.dt)
    if abs(n_steps - round(n_steps)) > 1e-9:
        raise ValueError(f"presentation_time must be a multiple of dt, {p.dt}; got {presentation_time}")
    scale = n_steps / float((p.stimulus_time + p.gap_time) / p.dt)
    steps = {name: round(float(getattr(p, name) / p.dt) * scale) for name in SCHEDULE}
    steps["gap_time"] = round(n_steps) - steps["stimulus_time"]
    return p._replace(**{name: n * p.dt for name, n in steps.items()})

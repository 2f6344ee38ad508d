"""Every parameter of the spiking memory, with its unit, its range and its meaning on one line."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple, get_type_hints

from ..checks import shown
from ..units import Hz, Rate, Time, ms, of_kind

MOST_STEPS = 1e6  # of a presentation


class Range(NamedTuple):
    """What a parameter may be: of which kind, whether 0 does, at most how much, and whether it is counted."""

    kind: type[float] = float
    zero: bool = False
    most: float = float("inf")
    counted: bool = False


Positive = Annotated[float, Range()]
NotNegative = Annotated[float, Range(zero=True)]
Share = Annotated[float, Range(zero=True, most=1)]
ShareAbove0 = Annotated[float, Range(most=1)]
Count = Annotated[int, Range(counted=True)]
CountOrNone = Annotated[int, Range(counted=True, zero=True)]
Duration = Annotated[Time, Range(Time)]
TimeOrNone = Annotated[Time, Range(Time, zero=True)]
Frequency = Annotated[Rate, Range(Rate)]


class Parameters(NamedTuple):
    """One set for all sizes, loads and kinds of patterns. `_replace()` makes a variant.

    Times and rates are of `bioKV.units` (20*ms, 100*Hz), or Brian2's. Those under "structure" are part of what is
    compiled, once for each choice; all others are variables of a built network.
    """

    # fmt: off
    # structure
    dt: Duration = 0.5 * ms                   # time step of the simulation
    stimulus_time: Duration = 100 * ms        # a key is on for this long ...
    gap_time: TimeOrNone = 50 * ms            # ... and then silence until the next presentation
    feedforward_per_entry: Positive = 0.4     # feed-forward interneurons for each key entry
    n_interneurons: Count = 16                # lateral interneurons
    priming_delay: Duration = 20 * ms         # from a dendritic spike to the priming of the next dendrite
    interneuron_delay: Duration = 0.5 * ms    # from an interneuron's spike to its inhibition of the hidden neurons
    delay_spread: Share = 0.0                 # these delays differ by up to this share of it, evenly over interneurons
    axon_delay: TimeOrNone = 0 * ms           # delays of all other axons lie evenly between 0 and this
    neurons_per_slot: Count = 4               # hidden neurons that share a slot, their dendrites coupled
    # input
    input_rate: Frequency = 100 * Hz          # an active input neuron fires regularly, at a random phase
    tau_eligibility: Duration = 20 * ms       # decay of the presynaptic eligibility trace
    eligibility_gain: Positive = 1.7          # the trace times this, saturating at 1, is the eligibility
    tau_latch: Duration = 50 * ms             # decay of a latch that output spikes charge, by 1 each, for feedback ...
    latch_threshold: Positive = 0.3           # ... and what it must hold for the input neuron to be active
    # hidden soma and its inhibition
    drive_gain: Positive = 1.2                # mean drive of a matching entry in units of 2, if dt is short
    tau_rise: Duration = 3 * ms               # NMDA-like rise of the synaptic drive, from bound glutamate ...
    tau_drive: Duration = 20 * ms             # ... and its decay
    hazard: Frequency = 150 * Hz              # escape rate at threshold
    theta: NotNegative = 2.5                  # threshold, in units of the dot product
    hidden_refractory: Duration = 5 * ms      # refractory period of a hidden neuron
    feedforward_gain: NotNegative = 1.0       # of feed-forward inhibition
    recruitment: ShareAbove0 = 0.25           # share of the lateral interneurons that one vote makes fire
    vote_inhibition: NotNegative = 5.0        # lateral inhibition by one vote, in units of the dot product
    clearance: Frequency = 750 * Hz           # lateral inhibition cleared per second, however much there is
    left_inhibition: NotNegative = 40.0       # the most that is left of it at an onset, in units of the dot product
    patience: Duration = 50 * ms              # at 0 without a vote for this long it falls on, until there is one
    # dendrite and third factors
    trigger_onset: TimeOrNone = 40 * ms       # the trigger reaches all dendrites this long after a key's onset ...
    trigger_time: Duration = 10 * ms          # ... and lasts this long
    prime_strength: Positive = 4.0            # a primed or imposed dendrite spikes after trigger_time divided by this
    plateau_time: Duration = 50 * ms          # duration of a plateau potential
    race_time: Duration = 1 * ms              # a race asks for a presentation less of rest in this time at first ...
    tau_urgency: Duration = 8 * ms            # ... and ever more urgently, e-fold in this time
    use_share: ShareAbove0 = 0.58             # share of a recall's votes that counts as use of their slot
    # plasticity and neuromodulation
    eta_key: Share = 1.0                      # learning rate of the key synapses at a dendritic spike
    eta_value: Share = 1.0                    # learning rate of the value synapses at the end of a plateau
    acetylcholine: Share = 1.0                # share of hidden-to-output transmission that q > 0 suppresses
    # output
    output_weight: NotNegative = 1.0          # evidence of an output neuron by a vote through a value synapse of 1
    tau_output: Duration = 20 * ms            # decay of that evidence
    teacher: NotNegative = 2.0                # evidence that clamps output neurons while storing
    output_threshold: Positive = 0.01         # of the evidence beyond the inhibition; what a teacher leaves is less
    output_inhibition: NotNegative = 6.0      # inhibition of an output neuron by its own spike ...
    opponent: NotNegative = 6.0               # ... and by one of its entry's other neuron
    tau_opponent: Duration = 3 * ms           # decay of this inhibition
    output_pace: Frequency = 100 * Hz         # output rate by evidence of 1, where values have sizes
    tau_trace: Duration = 20 * ms             # decay of the output trace the value synapses move to
    trace_gain: Positive = 2.0                # the trace times this, saturating at 1, is what they move to
    # read-out
    tau_readout: Duration = 100 * ms          # low-pass filter of the output spikes
    read_onset: TimeOrNone = 60 * ms          # output spikes are read, and hidden ones are votes, from here ...
    read_stop: Duration = 105 * ms            # ... to here
    # imperfections, all absent
    input_irregularity: Share = 0.0           # 0: input neurons fire regularly; 1: as a Poisson process
    release_failure: Share = 0.0              # probability that a spike releases nothing at a synapse, of any kind
    hidden_noise: NotNegative = 0.0           # s.d. of the noise of hidden membranes, in units of the dot product
    output_noise: NotNegative = 0.0           # s.d. of the noise of output membranes, in votes
    tau_noise: Duration = 5 * ms              # correlation time of either
    weight_noise: NotNegative = 0.0           # s.d. by which a written weight misses, of a range of 1
    weight_levels: CountOrNone = 0            # values a weight can have (2: binary), by stochastic rounding; 0: any
    heterogeneity: NotNegative = 0.0          # s.d. of thresholds and time constants over neurons, as a share
    dead_share: Share = 0.0                   # share of neurons, of every population, that never spike
    # fmt: on


RANGES: dict[str, Range] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(Parameters, include_extras=True).items()
}
SCHEDULE = ("stimulus_time", "gap_time", "trigger_onset", "trigger_time", "plateau_time", "priming_delay",
            "read_onset", "read_stop", "patience")  # fmt: skip


def checked_parameters(parameters: Any) -> Parameters:
    """The parameters, with Brian2's quantities as times and rates of ours.

    Raises ValueError unless they are Parameters, every one has its unit and lies in its range, and the schedule fits
    into a presentation.
    """
    if not isinstance(parameters, Parameters):
        raise ValueError(f"parameters takes bioKV.Parameters, such as Parameters(theta=3); got {shown(parameters)}")
    p = Parameters(*map(_checked, Parameters._fields, parameters))
    if p.prime_strength < 1:
        raise ValueError(f"prime_strength below 1 never brings a primed dendrite to its spike; got {p.prime_strength}")
    if p.weight_levels == 1:
        raise ValueError("weight_levels must be 2 or more, or 0 for weights of any value; got 1")
    window = p.stimulus_time + p.gap_time
    if abs(float(window / p.dt) - round(float(window / p.dt))) > 1e-9:
        raise ValueError(f"stimulus_time + gap_time must be a multiple of dt; got {window} and {p.dt}")
    if window > MOST_STEPS * p.dt:
        raise ValueError(f"dt must be at least a millionth of a presentation, {window}; got {p.dt}")
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
    return p


def _checked(name: str, value: Any) -> Any:
    of = RANGES[name]
    number = of_kind(of.kind, name, value)
    if not 0 <= number < float("inf") or (number == 0 and not of.zero):
        raise ValueError(f"{name} must be a finite number {'0 or more' if of.zero else 'above 0'}; got {shown(value)}")
    if number > of.most:
        raise ValueError(f"{name} is a share and at most {of.most}; got {shown(value)}")
    if of.counted and number != int(number):
        raise ValueError(f"{name} must be a whole number; got {shown(value)}")
    return int(number) if of.counted else number


def presented_for(p: Parameters, presentation_time: Time) -> Parameters:
    """The same schedule run through in another time: every moment of a presentation scaled alike, on the grid of dt.

    Raises ValueError unless presentation_time, stimulus and gap together, is a multiple of dt.
    """
    p = Parameters(*map(_checked, Parameters._fields, p))
    presentation_time = of_kind(Time, "presentation_time", presentation_time)
    if not presentation_time > 0:
        raise ValueError(f"presentation_time is a time above 0; got {presentation_time}")
    n_steps = presentation_time / p.dt
    if abs(n_steps - round(n_steps)) > 1e-9:
        raise ValueError(f"presentation_time must be a multiple of dt, {p.dt}; got {presentation_time}")
    scale = n_steps / ((p.stimulus_time + p.gap_time) / p.dt)
    steps = {name: round(getattr(p, name) / p.dt * scale) for name in SCHEDULE}
    steps["gap_time"] = round(n_steps) - steps["stimulus_time"]
    return p._replace(**{name: n * p.dt for name, n in steps.items()})

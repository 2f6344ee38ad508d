"""Every parameter of the spiking memory, with its unit, its range and its meaning on one line."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple, get_type_hints

from ..checks import shown
from ..units import Hz, Rate, Time, ms, of_kind

MOST_STEPS = 1e6  # of a presentation


class Range(NamedTuple):
    """What a parameter may be.

    Parameters
    ----------
    kind : type
        Time, Rate, or float for a plain number.
    zero : bool
        Whether 0 is allowed.
    most : float
        The largest value that is allowed.
    counted : bool
        Whether it is a whole number.
    """

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
    """Every number of the spiking memory, one set for all sizes, loads and kinds of patterns.

    Times and rates are of `bioKV.units` (20*ms, 100*Hz), or Brian2's. Those under "structure" (up to neurons_per_slot)
    are part of what is compiled, once for each choice; all others are variables of a built network. The table in
    docs/model.md has every default and where it comes from.

    Parameters
    ----------
    dt : Time
        Time step of the simulation.
    stimulus_time, gap_time : Time
        How long a key is on, and how long the silence lasts until the next presentation.
    feedforward_per_entry : float
        Feed-forward interneurons for each key entry.
    n_interneurons : int
        Lateral interneurons.
    priming_delay : Time
        From a dendritic spike to the priming of the next dendrite.
    interneuron_delay : Time
        From an interneuron's spike to its inhibition of the hidden neurons.
    delay_spread : float
        Delays of interneurons differ by up to this share of interneuron_delay, evenly.
    axon_delay : Time
        Delays of all other axons lie evenly between 0 and this.
    neurons_per_slot : int
        Hidden neurons that share a slot, their dendrites coupled.
    input_rate : Rate
        An active input neuron fires regularly, at a random phase.
    tau_eligibility : Time
        Decay of the presynaptic eligibility trace.
    eligibility_gain : float
        The eligibility trace times this, saturating at 1, is the eligibility.
    tau_latch, latch_threshold : Time, float
        Decay of a latch that output spikes charge, by 1 each, for feedback, and what it must hold for the input neuron
        to be active.
    drive_gain : float
        Mean drive of a matching entry in units of 2, if dt is short.
    tau_rise, tau_drive : Time
        NMDA-like rise of the synaptic drive, from bound glutamate, and its decay.
    hazard : Rate
        Escape rate at threshold.
    theta : float
        Threshold, in units of the dot product.
    hidden_refractory : Time
        Refractory period of a hidden neuron.
    feedforward_gain : float
        Strength of the feed-forward inhibition.
    recruitment : float
        Share of the lateral interneurons that one vote makes fire.
    vote_inhibition : float
        Lateral inhibition by one vote, in units of the dot product.
    clearance : Rate
        Lateral inhibition cleared per second, however much there is.
    left_inhibition : float
        The most lateral inhibition that is left at an onset, in units of the dot product.
    patience : Time
        Lateral inhibition that has been at 0 without a vote for this long falls on, until there is one.
    trigger_onset, trigger_time : Time
        How long after a key's onset the trigger reaches all dendrites, and how long it lasts.
    prime_strength : float
        A primed or imposed dendrite spikes after trigger_time divided by this.
    plateau_time : Time
        Duration of a plateau potential.
    race_time, tau_urgency : Time
        A race asks for a presentation less of rest in race_time at first, and ever more urgently, e-fold in
        tau_urgency.
    use_share : float
        Share of a recall's votes that counts as use of their slot.
    eta_key, eta_value : float
        Learning rates of the key synapses at a dendritic spike, and of the value synapses at the end of a plateau.
    acetylcholine : float
        Share of hidden-to-output transmission that q > 0 suppresses.
    output_weight : float
        Evidence of an output neuron by a vote through a value synapse of 1.
    tau_output : Time
        Decay of the evidence of an output neuron.
    teacher : float
        Evidence that clamps output neurons while storing.
    output_threshold : float
        Evidence beyond the inhibition that it takes to spike; what a teacher leaves is less.
    output_inhibition, opponent : float
        Inhibition of an output neuron by its own spike, and by one of its entry's other neuron.
    tau_opponent : Time
        Decay of the inhibition of output neurons.
    output_pace : Rate
        Output rate by evidence of 1, where values have sizes.
    tau_trace : Time
        Decay of the trace that output spikes leave.
    trace_gain : float
        The output trace times this, saturating at 1, is what value synapses move to.
    tau_readout : Time
        Low-pass filter of the output spikes.
    read_onset, read_stop : Time
        Output spikes are read, and hidden ones are votes, from the first to the second, counted from the key's onset.
    input_irregularity : float
        At 0 input neurons fire regularly; at 1 as a Poisson process.
    release_failure : float
        Probability that a spike releases nothing at a synapse, of any kind.
    hidden_noise, output_noise : float
        Standard deviations of the noise of hidden membranes, in units of the dot product, and of output membranes, in
        votes.
    tau_noise : Time
        Correlation time of the noise of membranes.
    weight_noise : float
        Standard deviation by which a written weight misses, of a range of 1.
    weight_levels : int
        Values a weight can have (2: binary), by stochastic rounding; 0: any.
    heterogeneity : float
        Standard deviation of thresholds and time constants over neurons, as a share.
    dead_share : float
        Share of neurons, of every population, that never spike.

    Examples
    --------
    >>> from bioKV import Parameters, SpikingMemory
    >>> from bioKV.units import ms
    >>> slower = Parameters(tau_drive=30 * ms, release_failure=0.2)
    >>> slower._replace(theta=3.0).tau_drive
    30 ms
    >>> memory = SpikingMemory(8, 4, 8, parameters=slower, engine="numpy")
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

    Parameters
    ----------
    parameters : Parameters
        What a user gave.

    Returns
    -------
    Parameters
        The same numbers.

    Raises
    ------
    ValueError
        Unless they are Parameters, every one has its unit and lies in its range, and the schedule fits into a
        presentation.
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

    Parameters
    ----------
    p : Parameters
        The parameters.
    presentation_time : Time
        Stimulus and gap together.

    Returns
    -------
    Parameters
        Parameters with another schedule.

    Raises
    ------
    ValueError
        Unless presentation_time is a multiple of dt above 0.
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

"""The neurons: equations by mechanism, what a spike does, and what the onset of a presentation does.

What is shown in a presentation is copied from the arrays of the presentation once, at its onset (`ONSET_*`).
Parameters are shared variables, declared where they are used and set from `Parameters`. What only some networks have
(`PARTS`) is added to their equations: a mechanism that is not used costs nothing. Groups are made in populations.py.
"""

from __future__ import annotations

from brian2 import Equations

# feedback: output spikes can supply the next key. stability: synapses can freeze (eq. 17). race: the slot at rest for
# longest is primed (least recently used). assembly: several neurons share a slot. imperfect: failing, noisy, coarse
# and unequal parts, as in brains and on chips. rule: synapses that learn by eqs. 12-16 instead of 9 and 11
PARTS = ("feedback", "stability", "race", "assembly", "imperfect", "rule")

# neurons that are all alike and without noise; with imperfect parts they differ, and a dead one has no threshold that
# it could reach
ALIKE = Equations("""
    threshold = 1 : 1 (shared)
    slowness = 1 : 1 (shared)
""")
UNEQUAL = Equations("""
    threshold : 1 (constant)                    # as a share of the usual one
    slowness : 1 (constant)                     # of time constants, as a share of the usual ones
""")
QUIET = Equations("noise = 0 : 1 (shared)")
NOISY = """
    noise : 1
    {population}_noise : 1 (shared, constant)
    tau_noise : second (shared, constant)
"""
# the exact step of an Ornstein-Uhlenbeck process
NOISE = "noise = noise*exp(-dt/tau_noise) + {population}_noise*sqrt(1 - exp(-2*dt/tau_noise))*randn()"

# time since the onset of the presentation, at the middle of the step: no comparison falls on a rounding error
PHASE = Equations("""
    window : second (shared, constant)
    stimulus_time : second (shared, constant)
    since_onset = t - window*floor((t + 0.5*dt)/window) + 0.5*dt : second (shared)
    stimulus = int(since_onset < stimulus_time) : 1 (shared)
""")

FIRING = Equations("""
    dphase/dt = input_rate*active*stimulus : 1
    active : 1             # this neuron's sign matches the key's entry
    input_rate : Hz (shared, constant)
""")
# output spikes charge a dendrite of the input; at the onset of a presentation that is marked for feedback, those that
# hold enough are active as if a key were shown
LATCH = Equations("""
    dlatch/dt = -latch/tau_latch : 1
    tau_latch : second (shared, constant)
    latch_threshold : 1 (shared, constant)
""")
ELIGIBILITY = Equations("""
    dtrace/dt = -trace/tau_eligibility : 1
    eligibility = clip(eligibility_gain*trace, 0, 1) : 1
    tau_eligibility : second (shared, constant)
    eligibility_gain : 1 (shared, constant)
""")
ON_OFF = Equations("""
    column : integer (constant)   # trial*n_entries + entry
    polarity : 1 (constant)          # +1 ON, -1 OFF
    trial : integer (constant)
""")
INPUT = PHASE + FIRING + ELIGIBILITY + ON_OFF
FIRE_INPUT = """
    phase -= threshold
    trace = 1
    n_spikes += 1
    n_evoked += stimulus
"""
# what is left to the next spike is 1 if regular, Exp(1) if Poisson
IRREGULAR = Equations("input_irregularity : 1 (shared, constant)")
FIRE_IRREGULARLY = """
    phase += threshold*input_irregularity*(1 + log(1 - rand()))
"""
ONSET_INPUT = """
    active = int(keys(t, column)*polarity > 0)
    n_spikes = 0
    n_evoked = 0
"""
LOAD_LATCH = """
    active = clip(active + feedback(t, trial)*int(latch > latch_threshold), 0, 1)
"""

COUNT = Equations("""
    n_spikes : 1           # in this presentation
    n_evoked : 1           # of these while the stimulus was on
""")

# the escape noise: a spike when the integrated hazard reaches a tolerance drawn from Exp(1). By the time-rescaling
# theorem that is the point process of rate exp(u - g - theta), with one random number a spike instead of one a step.
# Refractory periods are written out (silent_until): Brian2's own keep compilers from using vector instructions
ESCAPE_NOISE = Equations("""
    ddrive/dt = -drive/(tau_drive*slowness) : 1  # u, the dot product of query and key, once inhibition is subtracted
    dinhibition/dt = -inhibition/(tau_inhibition*slowness) : 1                  # g, the same for all neurons
    dexpected/dt = hazard*exp(clip(membrane, -50, 20))*int(t + 0.5*dt > silent_until) : 1
    membrane = drive - inhibition - theta*threshold + noise : 1                 # distance to threshold
    tolerance : 1
    silent_until : second
    tau_drive : second (shared, constant)
    tau_inhibition : second (shared, constant)
    hazard : Hz (shared, constant)
    theta : 1 (shared, constant)
    hidden_refractory : second (shared, constant)
""")
# the dendrite integrates while triggered: primed or imposed ones reach a fixed threshold; with the random third
# factor each reaches a tolerance from Exp(1), which happens with probability p in one trigger
DENDRITE = Equations("""
    ddendrite/dt = trigger*(prime_strength*(priming*primed + imposed) + chance)/trigger_time : 1
    trigger = triggered*int(since_onset > trigger_onset)*int(since_onset < trigger_onset + trigger_time) : 1
    primed : 1
    imposed : 1
    triggered : 1
    dendrite_tolerance : 1
    chance : 1 (constant)                       # -log(1 - p)
    priming : 1 (shared, constant)              # whether primed dendrites spike, as they do but with the random factor
    stochastic : 1 (shared, constant)
    prime_strength : 1 (shared, constant)
    trigger_onset : second (shared, constant)
    trigger_time : second (shared, constant)
""")
# least recently used: before the trigger all dendrites are asked for an ever shorter time of rest, ever more urgently;
# the first that can say it has rested so long is primed and ends the race. A race starts a little above where the last
# one ended, because there the next oldest is likely to be
RACE = Equations("""
    drest/dt = 1/window : 1                     # presentations since the slot was last written or won a recall
    ddemand/dt = -racing/race_time*exp(clip(since_onset/tau_urgency, 0, 20)) : 1  # without clip t itself overflows exp
    racing : 1
    race_time : second (shared, constant)
    tau_urgency : second (shared, constant)
    use_votes : 1 (shared, constant)
""")
WIN_RACE = "primed = 1"
USE_SLOT = """
    rest = rest*(1 - int(q <= 0)*int(n_votes >= use_votes))
"""
WRITE_SLOT = """
    rest = rest*int(q <= 0)
"""
ONSET_RACE = """
    primed = 0
    racing = triggered*leads
    demand = demand + 2.5
"""
PLATEAU = Equations("""
    plateau = int(t < plateau_end) : 1          # the local third factor
    plateau_end : second
    plateau_time : second (shared, constant)
    n_dendritic : 1                             # dendritic spikes in this presentation
""")
NEUROMODULATOR = Equations("q : 1               # the global third factor")
VOTES = Equations("""
    n_votes : 1                                 # spikes between read_onset and read_stop
    read_onset : second (shared, constant)
    read_stop : second (shared, constant)
    reading = int(since_onset > read_onset)*int(since_onset < read_stop) : 1 (shared)
""")
SLOT = Equations("""
    column : integer (constant)                 # trial*N + slot
    trial : integer (constant)
""")
# one neuron of a slot has the dendrite that decides; the others' spike with it
ALONE = Equations("leads = 1 : 1 (shared)")
LEADER = Equations("leads : 1 (constant)")
HIDDEN = PHASE + ESCAPE_NOISE + DENDRITE + PLATEAU + NEUROMODULATOR + VOTES + COUNT + SLOT
FIRE_HIDDEN = """
    expected = 0
    tolerance = -log(1 - rand())
    silent_until = t + hidden_refractory
    n_spikes += 1
    n_evoked += stimulus
    n_votes += reading
"""
FIRE_DENDRITE = """
    plateau_end = t + plateau_time
    primed = 0
    n_dendritic += 1
"""
# stability is set when a plateau ends, which takes an event
PLATEAU_END = Equations("on_plateau : 1")
BEGIN_PLATEAU = """
    on_plateau = 1
"""
ONSET_HIDDEN = """
    q = gate(t, trial)
    triggered = triggers(t, trial)
    imposed = plateaus(t, column)*leads
    dendrite = 0
    dendrite_tolerance = 1 + stochastic*(-log(1 - rand()) - 1)
    n_spikes = 0
    n_evoked = 0
    n_votes = 0
    n_dendritic = 0
"""

# h of eqs. 15 and 16 as a firing rate, 1 at the rate of a slot that fires alone; axons learn once the trigger is over
RATE_CODED = Equations("""
    dactivity/dt = -activity/tau_activity : 1
    tau_activity : second (shared, constant)
    full_rate : Hz (shared, constant)
    writing = clip(q, 0, 1)*int(since_onset > trigger_onset + trigger_time) : 1
""")
FIRE_RATE_CODED = """
    activity += 1/(full_rate*tau_activity)
"""

# interneurons only count: membranes slow against the intervals between their inputs
COUNTER = PHASE + Equations("v : 1") + COUNT
FIRE_COUNTER = """
    v -= threshold
    n_spikes += 1
    n_evoked += stimulus
"""
ONSET_COUNTER = """
    n_spikes = 0
    n_evoked = 0
"""

OUTPUT_MEMBRANE = Equations("""
    dv/dt = (teacher*target*polarity*stimulus*hears - v)/(tau_output*slowness) : 1
    hears = int(t + 0.5*dt > silent_until) : 1  # deaf while refractory
    silent_until : second
    target : 1                                  # clamped value, 0 while recalling
    teacher : 1 (shared, constant)
    tau_output : second (shared, constant)
    output_refractory : second (shared, constant)
""")
OUTPUT_TRACE = Equations("""
    dtrace/dt = -trace/tau_trace : 1
    activity = clip(trace_gain*trace, 0, 1) : 1
    tau_trace : second (shared, constant)
    trace_gain : 1 (shared, constant)
""")
READOUT = Equations("""
    dreadout/dt = -readout/tau_readout : 1      # an observer's filter of the spikes; nothing in the network sees it
    tau_readout : second (shared, constant)
    read_onset : second (shared, constant)
    read_stop : second (shared, constant)
    reading = int(since_onset > read_onset)*int(since_onset < read_stop) : 1 (shared)
""")
OUTPUT = PHASE + OUTPUT_MEMBRANE + OUTPUT_TRACE + READOUT + COUNT + ON_OFF
FIRE_OUTPUT = """
    v = 0
    trace = 1
    silent_until = t + output_refractory
    readout += reading
    n_spikes += 1
    n_evoked += stimulus
"""
ONSET_OUTPUT = """
    target = targets(t, column)
    readout = 0
    n_spikes = 0
    n_evoked = 0
"""


def onset_code(parts: tuple[str, ...]) -> dict[str, str]:
    """What happens at the onset of a presentation, for every population."""
    return {
        "input": ONSET_INPUT + (LOAD_LATCH if "feedback" in parts else ""),
        "feedforward": ONSET_COUNTER,
        "hidden": ONSET_HIDDEN + (ONSET_RACE if "race" in parts else ""),
        "interneuron": ONSET_COUNTER,
        "output": ONSET_OUTPUT,
    }

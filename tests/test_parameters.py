"""Parameters carry units, fit their schedule, and are refused where they do not."""

import pytest
from brian2 import Hz, ms, mV, second

from bioKV import Parameters, SpikingMemory
from bioKV import units as ours
from bioKV.network.parameters import checked_parameters, presented_for


def test_the_defaults_are_fine():
    assert checked_parameters(Parameters()) == Parameters()


def test_the_mean_drive_of_a_matching_entry_is_two_times_its_gain_whatever_rate_and_time_constant():
    for p in (Parameters(), Parameters()._replace(input_rate=50 * Hz, tau_drive=30 * ms, drive_gain=1.1)):
        values = SpikingMemory(4, 4, 4, parameters=p).blueprint().values
        assert values["key.w_key"] * float(p.input_rate * p.tau_drive) == pytest.approx(2 * p.drive_gain)
        assert values["subtract.w_key"] == values["key.w_key"]


def test_no_number_of_the_network_depends_on_its_sizes():
    small, large = (SpikingMemory(*sizes).blueprint().values for sizes in ((40, 4, 4), (160, 30, 9)))
    assert small.keys() == large.keys()
    # of every neuron; and a share of the feed-forward interneurons
    for name in small.keys() - {"hidden.chance", "count_input.w_count"}:
        assert small[name] == large[name], name


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"tau_drive": 20}, r"tau_drive is a time, such as 20\*ms; got 20"),
        ({"tau_drive": 20 * mV}, "tau_drive is a time"),
        ({"theta": 0.3 * second}, "theta is a plain number"),
        ({"tau_drive": -1 * ms}, "tau_drive must be a finite number above 0"),
        ({"hazard": float("nan") * Hz}, "hazard must be a finite number above 0"),
        ({"n_interneurons": 2.5}, "n_interneurons must be a whole number"),
        ({"gap_time": 50.2 * ms}, "must be a multiple of dt"),
        ({"plateau_time": 120 * ms}, "a plateau must end within its presentation of 150 ms: .* is 170 ms"),
        ({"priming_delay": 5 * ms}, "priming_delay must outlast trigger_time"),
        ({"priming_delay": 400 * ms}, "and end before the next trigger"),
        ({"recruitment": 2.0}, "recruitment is a share"),
        ({"prime_strength": 0.5}, "never brings a primed dendrite to its spike"),
        ({"read_onset": 120 * ms}, "read_onset must come before read_stop"),
    ],
)
def test_a_parameter_that_cannot_be_is_refused(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        SpikingMemory(4, 4, 4, parameters=Parameters()._replace(**change))


def test_every_parameter_is_written_with_its_unit():
    written = {name: str(value) for name, value in Parameters()._asdict().items()}
    assert (written["tau_drive"], written["hazard"], written["n_interneurons"]) == ("20 ms", "150 Hz", "16")
    for name, text in written.items():
        assert eval(text.replace(" ", "*"), {"ms": ours.ms, "Hz": ours.Hz}) == getattr(Parameters(), name)


def test_quantities_of_ours_and_of_brian2_are_the_same_parameters():
    theirs = Parameters(tau_drive=30 * ms, hazard=100 * Hz, dt=0.25 * ms)
    mine = Parameters(tau_drive=30 * ours.ms, hazard=100 * ours.Hz, dt=0.25 * ours.ms)
    assert SpikingMemory(4, 4, 4, parameters=theirs).parameters == mine
    assert isinstance(SpikingMemory(4, 4, 4, parameters=theirs).parameters.tau_drive, ours.Time)
    assert presented_for(theirs, 75 * ms) == presented_for(mine, 75 * ours.ms)


@pytest.mark.parametrize("wrong", [{"theta": 0.2}, "theta", 3])
def test_parameters_that_are_none_are_refused(wrong):
    with pytest.raises(ValueError, match="parameters takes bioKV"):
        SpikingMemory(4, 4, 4, parameters=wrong)

"""Times and rates keep their unit where they should, and refuse to be mixed."""

import numpy as np
import pytest
from brian2 import second as brian2_second

from bioKV.units import Hz, Rate, Time, ms, of_kind, second


@pytest.mark.parametrize("number", [2, 2.5, np.float64(2.5), np.int64(4), np.float32(1.5)])
def test_a_number_times_a_unit_is_a_quantity(number):
    assert isinstance(number * ms, Time)
    assert isinstance(ms * number, Time)
    assert number * ms == float(number) * 1e-3
    assert isinstance(number * Hz / 2, Rate)


def test_sums_and_ratios():
    assert isinstance(20 * ms + 30 * ms, Time)
    assert 20 * ms + 30 * ms == 0.05
    assert type(150 * Hz * (20 * ms)) is float
    assert 30 * ms / (10 * ms) == pytest.approx(3)
    assert 20 * ms * brian2_second == 0.02 * brian2_second
    with pytest.raises(TypeError, match=r"20 ms and 3\.0 are not of one kind"):
        20 * ms + 3.0


def test_they_are_shown_with_their_unit():
    assert [str(q) for q in (0.5 * ms, 100 * ms, 2 * second, 150 * Hz, 1e-4 * ms)] == [
        "0.5 ms", "100 ms", "2000 ms", "150 Hz", "0.0001 ms"
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [20, 20 * Hz, "20 ms", None, np.array([1.0, 2.0]) * brian2_second, True])
def test_what_is_no_time_is_refused_by_name(wrong):
    with pytest.raises(ValueError, match=r"tau is a time, such as 20\*ms; got"):
        of_kind(Time, "tau", wrong)

"""A parameterised rule in spikes: weights follow equations 12 to 16, term by term."""

import numpy as np
import pytest

from bioKV import Episode, Parameters, Rule, SpikingMemory
from bioKV.analysis.asked import unit_of
from bioKV.analysis.equivalence import equivalence
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.models import LearnedMemory
from bioKV.protocols import autoassociative
from bioKV.units import ms

D, N = 16, 8
COARSE = {"parameters": Parameters(dt=1 * ms), "engine": "numpy"}  # half as many time steps; nothing here needs more
# about what learning from a near-zero start ends at with the sequential third factor
RULE = Rule(eta_k=1.1, eta_v=1.35, decay=0.975, a_fk=0.66, b_fk=0.05, a_gk=-0.17, b_gk=0.7, a_fv=1.11, b_fv=-0.007,
            a_gv=0.87, b_gv=0.0, axon=0.0)  # fmt: skip


def store(rule, slots, n_trials=6):
    """Weights of the spiking memory and of its rate twin after random patterns were stored in these slots."""
    x = np.random.default_rng(0).choice([-1.0, 1.0], size=(n_trials, len(slots), D))
    gamma = np.broadcast_to(np.eye(N)[list(slots)], (n_trials, len(slots), N))
    gate, source = np.ones(x.shape[:2]), np.full(x.shape[:2], -1)
    episode = Episode(x, x, gate, source, local_third_factor=gamma)
    spiking = SpikingMemory(D, N, D, rule=rule, **COARSE)
    twin = LearnedMemory(D, N, D, rule=rule)
    rng = np.random.default_rng(1)
    return (x, *spiking.weights(spiking.respond(episode, rng).state), *twin.weights(twin.respond(episode, rng).state))


def test_eq_15_keys_are_those_of_the_rate_rule():
    _, K, _, K_rate, _ = store(RULE, (0, 3, 0))
    # h of the postsynaptic term is a firing rate in spikes: a_gk of that, at most, and eligibility short of 1
    np.testing.assert_allclose(K, K_rate, atol=0.17 * 0.66 + 0.02)
    assert np.corrcoef(K.ravel(), K_rate.ravel())[0, 1] > 0.99


@pytest.mark.parametrize("b_fk", [-0.3, 0.3])
def test_eq_14_an_offset_of_the_key_is_written_whatever_the_key(b_fk):
    x, K, *_ = store(RULE._replace(b_fk=b_fk, a_gk=0.0), (2,))
    np.testing.assert_allclose(K[:, 2], 1.1 * 0.7 * (0.66 * x[:, 0] + b_fk), atol=0.02)
    assert not np.delete(K, 2, axis=1).any()


def test_eq_15_a_small_rate_keeps_a_share_of_the_old_key():
    x, K, *_ = store(RULE._replace(eta_k=0.4, b_fk=0.0, a_gk=0.0), (2, 2))
    np.testing.assert_allclose(K[:, 2], 0.4 * 0.7 * 0.66 * (0.6 * x[:, 0] + x[:, 1]), atol=0.02)


def test_eq_16_values_are_those_of_the_rate_rule():
    _, _, V, _, V_rate = store(RULE, (0, 1, 2, 3), n_trials=10)
    slope = np.polyfit(V_rate.ravel(), V.ravel(), 1)[0]
    assert slope == pytest.approx(1, abs=0.25)  # as many spikes as `hidden_spikes` says, give or take three
    assert np.corrcoef(V.ravel(), V_rate.ravel())[0, 1] > 0.97


def test_eq_13_all_values_decay_at_every_step_that_stores():
    """The same first step, one or three more: what it wrote is left by decay to the power of two."""
    left = {}
    for slots in ((0, 1), (0, 1, 2, 3)):
        x, _, V, *_ = store(RULE._replace(decay=0.5), slots, n_trials=10)
        left[len(slots)] = (V[:, :, 0] * x[:, 0]).mean()
    assert left[4] / left[2] == pytest.approx(0.25, abs=0.08)


def test_eq_16_an_offset_of_the_hidden_term_writes_into_every_slot():
    """Output spikes alone move V by eta_v b_fv a_gv y where no hidden neuron fired."""
    x, _, V, *_ = store(RULE._replace(b_fv=0.2), (0,))
    others = V[:, :, 1:]
    expected = 1.35 * 0.2 * 0.87 * x[:, 0, :, None]
    assert np.mean(others * np.sign(expected)) == pytest.approx(1.35 * 0.2 * 0.87, rel=0.3)
    x, _, V, *_ = store(RULE._replace(b_fv=0.0), (0,))
    assert abs(np.mean(V[:, :, 1:] * x[:, 0, :, None])) < 0.03


def test_eq_16_an_offset_of_the_output_term_writes_whatever_the_value():
    x, _, V, *_ = store(RULE._replace(b_gv=0.4, b_fv=0.0), (0,), n_trials=10)
    on, off = V[:, :, 0][x[:, 0] > 0].mean(), V[:, :, 0][x[:, 0] < 0].mean()
    assert (on + off) / (on - off) == pytest.approx(0.4 / 0.87, abs=0.1)


def test_a_query_changes_no_weight():
    x = np.random.default_rng(0).choice([-1.0, 1.0], size=(3, D))
    memory = SpikingMemory(D, N, D, rule=RULE, **COARSE)
    stored = Episode(x, x, np.ones(3), np.full(3, -1))
    asked = Episode(np.concatenate([x, x]), np.concatenate([x, x]), np.repeat([1.0, 0.0], 3), [-1, -1, -1, 0, 1, 2])
    # one key more is written by the presentations of a priming chain, if q is there
    for a, b in zip(*(memory.weights(memory.respond(e, np.random.default_rng(2)).state) for e in (stored, asked)),
                    strict=True):  # fmt: skip
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"rule": RULE._replace(eta_k=np.ones((N, D)))}, "takes one number for eta_k; got an array of shape"),
        ({"rule": RULE._replace(axon=1.0)}, "in spikes a rule has axon = 0, no plateau in the axon; got 1.0"),
        ({"rule": RULE._replace(b_gk=0.0)}, "a rule without keys"),
        ({"rule": RULE._replace(decay=np.nan)}, "decay must be a finite number"),
        ({"rule": "sequential"}, "rule must be a bioKV.Rule"),
        ({"stability_threshold": 10}, "a rule has no stability"),
        ({"parameters": Parameters()._replace(weight_noise=0.1)}, "weight_noise and weight_levels are of weights from"),
    ],
)
def test_what_spikes_cannot_learn_by_is_refused(changed, sentence):
    with pytest.raises(ValueError, match=sentence):
        SpikingMemory(D, N, D, **{"rule": RULE, **changed})


LARGE = Rule(axon=0.0, decay=0.9, a_fk=3.0, a_gv=2.0)  # keys of size 3, values of size 2


@pytest.mark.parametrize("changed", [{}, {"release_failure": 1e-9}])
def test_whatever_else_a_network_has_the_range_of_weights_is_the_rules(changed):
    episode = Episode(*np.ones((2, 1, D)), 1.0, -1)
    memory = SpikingMemory(D, N, D, rule=LARGE, parameters=Parameters(dt=1 * ms, **changed), engine="numpy")
    K, V = memory.weights(memory.respond(episode, np.random.default_rng(1)).state)
    assert abs(K).max() == pytest.approx(3, abs=0.05)
    assert abs(V).max() > 1  # nor does it end at 1


@pytest.mark.slow
@pytest.mark.parametrize("n_pairs", [10, 20, 40])
def test_a_learned_rule_recalls_as_its_rate_twin(n_pairs):
    """At most 0.02 apart at d = N = m = 40 with the sequential third factor."""
    seeds = [np.random.SeedSequence(63, spawn_key=(k,)).spawn(2) for k in range(20)]
    episode = Episode.stack([autoassociative(np.random.default_rng(protocol), n_pairs) for protocol, _ in seeds])
    spiking = SpikingMemory(40, 40, 40, rule=RULE).respond(episode, [np.random.default_rng(own) for _, own in seeds])
    twin = LearnedMemory(40, 40, 40, rule=RULE).respond(
        episode.with_third_factor(spiking.third_factor), np.random.default_rng(0)
    )
    gap = equivalence(accuracy(spiking, episode), accuracy(twin, episode), unit=unit_of(episode)).gap
    assert gap.mean > -0.02
    assert accuracy(twin, episode).mean() > 0.99

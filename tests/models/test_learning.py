"""Learning a rule: JAX and NumPy compute the same, training goes on exactly where it stopped, faults are said."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV import LeastRecentlyUsed, Random, Rule, Sequential
from bioKV.models.plasticity import learned_step
from bioKV.protocols import autoassociative, sequence
from bioKV.rule import NEAR_ZERO, SIMPLE

jax = pytest.importorskip("jax")

from bioKV.learning import fit as learning  # noqa: E402
from bioKV.learning.diverged import Diverged  # noqa: E402
from bioKV.learning.fit import Learned, answers, fit  # noqa: E402
from bioKV.learning.sequences import Sequences, changing_steps, draw_sequences  # noqa: E402

N = 10
answered = jax.jit(answers, static_argnums=(4, 5, 6))  # compiled once a shape and type
RULES = {
    "simple": SIMPLE,
    "near zero": NEAR_ZERO,
    "as learned, sequential": Rule(1.1, 1.35, 0.975, 0.66, 0.05, -0.17, 0.7, 1.11, -0.007, 0.87, 0.0, 0.0),
    "as learned, random": Rule(0.9, 1.3, 0.95, 0.5, 0.03, -1.7, 0.6, 1.2, -0.025, 1.0, 0.01, 0.0),
}


def present(rng):
    """Sequences of N/2 to 2N patterns."""
    return autoassociative(rng, int(rng.integers(N // 2, 2 * N + 1)), N)


def learn(n_steps=20, **options) -> Learned:
    return fit(NEAR_ZERO, present, **{"n_slots": N, "n_steps": n_steps, "batch": 2, "progress": None, **options})


def numbers(learned: Learned):
    return np.array([*learned.rule, *np.concatenate(list(learned.history.values()))])


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@pytest.mark.parametrize(("kind", "tolerance"), [(np.float64, 1e-10), (np.float32, 5e-6)], ids=["float64", "float32"])
@pytest.mark.parametrize("changing", [80, 160], ids=["recalls at once", "step by step"])
def test_numpy_and_jax_agree_over_160_steps(rule, kind, tolerance, changing):
    """d = N = m = 40, T = 80 patterns: the same equations, once with numpy and once in JAX, where the recalls after
    the last pattern are read at once or one by one."""
    with jax.enable_x64(kind is np.float64):
        drawn = draw_sequences(lambda rng: autoassociative(rng, 80, 40), Random(0.1), 40, 3, 0, 2, 160)
        drawn = Sequences(*(a.astype(kind) for a in drawn))
        K, V = np.zeros((2, 40, 40), kind), np.zeros((2, 40, 40), kind)
        found, *weights = (np.asarray(a) for a in answered(rule, K, V, drawn, changing, False, False))
    assert found.dtype == kind
    assert len(found) == 160
    for t in range(160):
        now = (a[t] for a in (drawn.x, drawn.y, drawn.q, drawn.gamma))
        K, V, _, before, _ = learned_step(rule, K, V, *now)
        np.testing.assert_allclose(found[t], before, rtol=0, atol=tolerance)
    for theirs, mine in zip(weights, (K, V), strict=True):
        np.testing.assert_allclose(theirs, mine, rtol=0, atol=tolerance)


def test_learning_makes_recall_better_and_the_table_tells_how():
    learned = learn(80, third_factor=Sequential(), learning_rate=0.05)
    assert list(learned.history) == ["step", "loss", "accuracy", *learning.TRAINABLE]
    assert learned.history["step"].tolist() == list(range(80))
    assert learned.history["a_fk"][0] == pytest.approx(0.01)
    first, last = (learned.history["accuracy"][part].mean() for part in (slice(0, 10), slice(-10, None)))
    assert first < 0.6 < 0.75 < last
    assert learned.rule.axon == 0


def test_the_gradient_of_the_loss_is_its_slope():
    """Central differences in float64, of the loss of eq. 16's parameters in a sequence that overwrites."""
    with jax.enable_x64(True):
        drawn = draw_sequences(present, Random(0.3), N, 1, 0, 2, 40)
        drawn, rule = Sequences(*(a.astype(float) for a in drawn)), RULES["as learned, sequential"]
        K, V = np.zeros((2, N, N)), np.zeros((2, N, N))

        @jax.jit
        def loss(rule):
            recalled, *_ = answers(rule, K, V, drawn, 2 * N, False, False)
            return (((recalled - drawn.y) ** 2).sum(axis=-1) * drawn.asked).sum()

        gradient = jax.grad(loss)(rule)
        for name in learning.TRAINABLE:
            higher, lower = (loss(rule._replace(**{name: getattr(rule, name) + step})) for step in (1e-5, -1e-5))
            slope = float(higher - lower) / 2e-5
            assert float(getattr(gradient, name)) == pytest.approx(slope, rel=1e-4, abs=1e-4), name


def test_every_update_is_adams():
    """Kingma and Ba (2015), written out for one parameter, with the slope of the loss by central differences."""
    start = RULES["as learned, sequential"]
    found = fit(start, present, n_slots=N, n_steps=4, batch=2, trainable=("a_gv",), learning_rate=0.05, progress=None)
    value, mean, square = start.a_gv, 0.0, 0.0
    length = 4 * N  # the longest that `present` draws
    for step in range(4):
        assert found.history["a_gv"][step] == pytest.approx(value, rel=1e-4)
        drawn = draw_sequences(present, Sequential(), N, 0, step, 2, length)
        share = drawn.asked / drawn.asked.sum(axis=0) / 2

        def loss(a_gv, drawn=drawn, share=share):
            rule, empty = start._replace(a_gv=a_gv), np.zeros((2, N, N), np.float32)
            recalled = np.asarray(answered(rule, empty, empty, drawn, 2 * N, False, False)[0])
            return float((((recalled - drawn.y) ** 2).sum(axis=-1) * share).sum())

        slope = (loss(value + 1e-2) - loss(value - 1e-2)) / 2e-2  # the loss is a parabola in a_gv
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        value -= 0.05 * (mean / (1 - 0.9 ** (step + 1))) / (np.sqrt(square / (1 - 0.999 ** (step + 1))) + 1e-8)
    assert found.rule.a_gv == pytest.approx(value, rel=1e-4)


@pytest.mark.parametrize("carry", [False, True])
def test_twenty_steps_and_twenty_more_are_forty_to_the_bit(carry, tmp_path):
    path = tmp_path / "checkpoint.npz"
    whole = learn(40, carry=carry, third_factor=Random(0.3))
    first = learn(20, carry=carry, third_factor=Random(0.3), checkpoint=path)
    second = learn(40, carry=carry, third_factor=Random(0.3), checkpoint=path)
    np.testing.assert_array_equal(numbers(second), numbers(whole))
    assert (first.history["loss"] == whole.history["loss"][:20]).all()


def test_a_training_that_is_interrupted_goes_on_to_the_bit(tmp_path):
    path = tmp_path / "checkpoint.npz"

    def interrupt(step, n_steps, loss, accuracy):
        if step == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        learn(8, checkpoint=path, progress=interrupt)
    assert [file.name for file in tmp_path.iterdir()] == ["checkpoint.npz"]
    np.testing.assert_array_equal(numbers(learn(8, checkpoint=path)), numbers(learn(8)))


def test_weights_that_are_carried_over_are_there_for_the_next_sequence():
    """The first step is the same; in the second a network meets what the first left behind."""
    rule = RULES["as learned, sequential"]
    fresh, carried = (
        fit(rule, present, n_slots=N, n_steps=2, batch=2, carry=carry, progress=None).history["loss"]
        for carry in (False, True)
    )
    assert fresh[0] == carried[0]
    assert fresh[1] != carried[1]


def test_only_what_is_named_is_learned_and_arrays_entry_by_entry(rng):
    rule = NEAR_ZERO._replace(b_gk=np.full(N, 0.5), eta_k=np.full((N, 1), 0.5))
    learned = fit(rule, present, n_slots=N, trainable=("b_gk", "eta_k"), n_steps=5, batch=2, progress=None,
                  third_factor=Random(tuple(np.linspace(0, 0.5, N))))  # fmt: skip
    changed = {name for name in Rule._fields if np.any(getattr(learned.rule, name) != getattr(rule, name))}
    assert changed == {"b_gk", "eta_k"}
    assert learned.rule.eta_k.shape == (N, 1)
    assert learned.rule.b_gk[0] == 0.5  # p = 0: this slot is never written
    assert len(set(learned.rule.b_gk.tolist())) > 2


def test_a_sequence_that_feeds_its_answers_back_can_be_learned_too():
    learned = fit(NEAR_ZERO, lambda rng: sequence(rng, 5, N), n_slots=N, n_steps=3, batch=2, progress=None)
    assert np.isfinite(numbers(learned)).all()


def test_training_stops_early_where_the_loss_no_longer_falls():
    assert len(learn(60, learning_rate=1e-9, patience=4).history["step"]) < 60


def test_the_steps_that_may_change_something_end_with_the_last_write_or_answer_heard():
    stored = autoassociative(np.random.default_rng(0), 7, N)
    assert (stored.n_steps, changing_steps(stored.gate, stored.feedback)) == (14, 7)
    heard = sequence(np.random.default_rng(0), 5, N, prompt="stored")  # recall goes on from answer to answer
    assert changing_steps(np.zeros_like(heard.gate), heard.feedback) == np.flatnonzero(heard.feedback)[-1] + 1
    both = draw_sequences(present, Sequential(), N, 0, 0, 2, 4 * N)  # of different lengths, side by side
    assert changing_steps(both.q, both.feedback) == both.q.sum(axis=0).max()


def test_padding_changes_nothing():
    short, long = (draw_sequences(present, Random(0.3), N, 5, 0, 3, length) for length in (40, 70))
    K, V = np.zeros((3, N, N), np.float32), np.zeros((3, N, N), np.float32)
    found = [np.asarray(answered(RULES["simple"], K, V, drawn, 2 * N, False, False)[0]) for drawn in (short, long)]
    np.testing.assert_allclose(found[1][:40], found[0], atol=1e-6)
    assert long.asked[40:].sum() == 0


def test_a_loss_that_is_no_number_stops_training_and_keeps_the_last_good_rule(tmp_path):
    with pytest.raises(Diverged, match=r"not finite at step [1-9].*; the last good rule is kept") as problem:
        learn(50, learning_rate=1e20, checkpoint=tmp_path / "checkpoint.npz")
    assert np.isfinite([*problem.value.last_good.rule]).all()
    assert np.isfinite(problem.value.last_good.history["loss"]).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"trainable": ("a_fk", "slope")}, "a rule has no 'slope' to train; it has eta_k, eta_v, decay, a_fk"),
        ({"trainable": ()}, "trainable must name one or more"),
        ({"trainable": ("a_fk", "a_fk")}, "each once"),
        ({"third_factor": LeastRecentlyUsed()}, "least_recently_used plateaus depend on the answers"),
        ({"third_factor": Random(4.0)}, "must lie in"),
        ({"third_factor": Random((0.1, 0.2))}, "one for each of the 10 slots"),
        ({"learning_rate": 0}, "learning_rate must be a finite number above 0; got 0"),
        ({"n_steps": 0}, "n_steps must be a whole number above 0; got 0"),
        ({"batch": 1.5}, "batch must be a whole number above 0; got 1.5"),
        ({"patience": 0}, "patience must be"),
        ({"seed": -1}, "seed must be"),
        ({"device": "tpu"}, "device must be 'cpu' or 'gpu'; got 'tpu'"),
    ],
)
def test_what_cannot_be_learned_is_said_before_it_starts(options, message):
    with pytest.raises(ValueError, match=r"^[^\n]*$") as problem:
        learn(**options)
    assert message in str(problem.value)


def test_a_gpu_that_is_asked_for_and_absent_is_said():
    if any(device.platform == "gpu" for device in jax.devices()):
        pytest.skip("there is a GPU here")
    with pytest.raises(ValueError, match="device is 'gpu', but JAX finds none here"):
        learn(device="gpu")


def test_what_presents_no_episode_is_refused():
    for wrong in (lambda rng: None, lambda rng: autoassociative(rng, 3, N)._map(lambda a: a[None])):
        with pytest.raises(ValueError, match="present must be a function rng -> Episode of one trial"):
            fit(NEAR_ZERO, wrong, n_slots=N)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"learning_rate": 0.02}, "is of a training with learning_rate 0.01, this one has 0.02"),
        ({"third_factor": Random(0.3)}, "third_factor"), ({"seed": 1}, "with seed 0, this one has 1"),
        ({"batch": 3}, "batch"), ({"trainable": ("a_fk",)}, "trainable"),
    ],
)  # fmt: skip
def test_a_checkpoint_of_another_training_is_refused(change, message, tmp_path):
    learn(1, checkpoint=tmp_path / "checkpoint.npz")
    with pytest.raises(ValueError, match=r"checkpoint\.npz is of a training with") as problem:
        learn(2, checkpoint=tmp_path / "checkpoint.npz", **change)
    assert message in str(problem.value)


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04 but no archive"])
def test_a_file_that_is_no_checkpoint_is_refused(content, tmp_path):
    (tmp_path / "checkpoint.npz").write_bytes(content)
    with pytest.raises(ValueError, match=r"checkpoint\.npz is no checkpoint"):
        learn(1, checkpoint=tmp_path / "checkpoint.npz")

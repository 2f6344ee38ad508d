"""A controller around a memory: what it decides, that one loop serves NumPy and JAX, and that it learns."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from bioKV import Episode, LeastRecentlyUsed, Random, Sequential
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.learning.diverged import Diverged
from bioKV.learning.train_controller import answers_of, draw_batch, loss_of, train_controller
from bioKV.models import BAM, Controller, Hopfield, KeyValueMemory, LearnedMemory, LinearBAM
from bioKV.models.controller import KIND, Heads, draw_parameters
from bioKV.protocols import autoassociative, copy_paste, sequence
from bioKV.rule import SIMPLE

MEMORIES = {
    "sequential": lambda **options: KeyValueMemory(12, 9, 10, Sequential(), **options),
    "random": lambda **options: KeyValueMemory(12, 9, 10, Random(0.3), **options),
    "bam": lambda **options: LinearBAM(12, 10, **options),
}
memories = pytest.mark.parametrize("name", MEMORIES)


def small_task(rng):
    return copy_paste(rng, int(rng.integers(1, 4)), 5)


def untrained(memory, rng, dim=6):
    return Controller(memory, draw_parameters(memory, dim, dim, rng))


def trials(rng, n_patterns, n, **options):
    return Episode.stack([copy_paste(rng, n_patterns, **options) for _ in range(n)])


# the loop


@memories
def test_a_linear_bam_and_a_key_value_memory_write_and_read_as_their_step_does(name, rng):
    memory = MEMORIES[name]()
    state = memory.begin(3, np.random.default_rng(1))
    weights = tuple(np.copy(a) for a in state[: 2 if memory.n_slots else 1])
    for _ in range(25):
        key, value, gate = rng.normal(size=(3, 12)), rng.normal(size=(3, 10)), rng.random(3)
        state, output = memory.step(state, key, value, gate)
        weights, after = memory.write_and_read(weights, key, value, gate, output.third_factor)
        np.testing.assert_allclose(after, output.after, atol=1e-12)


def test_a_linear_bam_brings_back_values_of_orthogonal_keys_as_they_were_stored(rng):
    memory, keys = LinearBAM(8, 3), np.sqrt(8) * np.linalg.qr(rng.normal(size=(8, 8)))[0]
    values = rng.normal(size=(8, 3))
    for key, value in zip(keys, values, strict=True):
        memory.store(key, value)
    for key, value in zip(keys, values, strict=True):
        np.testing.assert_allclose(memory.recall(key), value, atol=1e-12)


@memories
def test_keys_and_values_have_the_length_of_signs_and_the_gate_lies_between_0_and_1(name, rng):
    _, decided = untrained(MEMORIES[name](), rng).follow(trials(rng, 3, 4, pattern_dim=5), rng)
    np.testing.assert_allclose((decided.key**2).sum(axis=-1), 12)
    np.testing.assert_allclose((decided.value**2).sum(axis=-1), 10)
    assert ((decided.gate > 0) & (decided.gate < 1)).all()
    assert (abs(decided.answer) < 1).all()


@memories
def test_the_loop_equals_the_equations_written_out(name, rng):
    """z = [x, previous key, previous output, previous q]; the memory's own prompt does the rest."""
    memory = MEMORIES[name]()
    controller, episode = untrained(memory, rng), copy_paste(rng, 4, 5)
    response, _ = controller.follow(episode, [np.random.default_rng(3)])
    p = controller.parameters
    key, output, gate = p.start[:12], p.start[12:22], p.start[22]
    state = memory.begin(1, [np.random.default_rng(3)])
    for x, answer in zip(episode.keys, response.values, strict=True):
        z = np.concatenate([x, key, output, [gate], [1.0]])
        key, value = (np.tanh(z @ head) for head in (p.key, p.value))
        key, value = np.sqrt(12) * key / np.linalg.norm(key), np.sqrt(10) * value / np.linalg.norm(value)
        gate = 1 / (1 + np.exp(-float((z @ p.gate)[0])))
        state, shown = memory.step(state, key[None], value[None], np.array([gate]))
        output = shown.after[0]
        np.testing.assert_allclose(np.tanh(np.append(output, 1.0) @ p.answer), answer, atol=1e-12)


def test_the_right_answers_gate_and_read_order_are_not_shown_to_a_controller(rng):
    episode = trials(rng, 4, 3, pattern_dim=5)
    told = Episode(episode.keys, -episode.values, 7 * episode.gate, episode.source)
    controller = untrained(MEMORIES["sequential"](), rng)
    one, other = (controller.respond(e, np.random.default_rng(0)).values for e in (episode, told))
    np.testing.assert_array_equal(one, other)


def test_imposed_plateaus_act(rng):
    episode = trials(rng, 4, 3, pattern_dim=5)
    imposed = episode.with_third_factor((rng.random((3, 10, 9)) < 0.3).astype(float))
    controller = untrained(MEMORIES["sequential"](), rng)
    response = controller.respond(imposed, rng)
    np.testing.assert_array_equal(response.third_factor, imposed.local_third_factor)
    assert (response.values != controller.respond(episode, rng).values).any()


@pytest.mark.parametrize("memory", ["sequential", "random", "bam"])
def test_an_untrained_controller_is_at_chance(memory, rng):
    """Half of the random bits; five standard errors of 40 x 5 x 25 of them."""
    make = {"sequential": KeyValueMemory(40, 40, 40), "random": KeyValueMemory(40, 40, 40, Random(0.1)),
            "bam": LinearBAM(40, 40)}[memory]  # fmt: skip
    episode = trials(rng, 5, 40)
    values = untrained(make, rng, 26).respond(episode, rng).values
    bits = (np.sign(values) == episode.values)[:, 6:11, :25]
    assert abs(bits.mean() - 0.5) < 5 * 0.5 / np.sqrt(bits.size)


# learning


@memories
def test_jax_and_numpy_go_through_the_same_loop(name, rng):
    jax = pytest.importorskip("jax")
    memory = MEMORIES[name]()
    parameters = Heads(*(np.asarray(a, np.float32) for a in draw_parameters(memory, 6, 6, rng)))
    x, target, scored, gamma = draw_batch(memory, lambda rng: copy_paste(rng, 12, 5), rng, 4, 0)
    answers = np.asarray(answers_of(memory)(parameters, jax.numpy.asarray(x), jax.numpy.asarray(gamma)))
    imposed = gamma.swapaxes(0, 1) if memory.n_slots else None
    nothing = np.full(x.shape[1::-1], -1)
    episode = Episode(x.swapaxes(0, 1), target.swapaxes(0, 1), 1.0, nothing, local_third_factor=imposed)
    response = Controller(memory, parameters).respond(episode, rng)
    np.testing.assert_allclose(answers.swapaxes(0, 1), response.values, atol=1e-5)  # 26 steps in single precision
    if name != "bam":
        return
    loss, right = loss_of(memory)(parameters, *(jax.numpy.asarray(a) for a in (x, target, scored, gamma)))
    asked = scored.T.astype(bool)
    wanted = ((response.values - episode.values) ** 2).sum(axis=-1)[asked].mean()
    assert abs(float(loss) / wanted - 1) < 1e-5
    assert abs(float(right) - (np.sign(response.values) == episode.values)[asked].mean()) < 0.01


def test_a_short_training_learns_something(rng):
    pytest.importorskip("jax")
    rows, name = [], "sequential"
    trained = train_controller(MEMORIES[name](), small_task, rng, steps=150, batch=8,
                               report=lambda row, steps: rows.append((row, steps)))  # fmt: skip
    assert [row.step for row in trained.history] == [25, 50, 75, 100, 125, 150]
    assert rows == [(row, 150) for row in trained.history]
    assert trained.history[-1].loss < 0.6 * trained.history[0].loss
    episode = trials(rng, 2, 50, pattern_dim=5)
    before, after = (accuracy(controller.respond(episode, rng), episode).mean()
                     for controller in (untrained(MEMORIES[name](), rng), trained.controller))  # fmt: skip
    assert after > before + 0.2


def test_numbers_of_a_rule_are_learned_with_the_controller_where_they_are_named(rng):
    jax = pytest.importorskip("jax")
    memory = LearnedMemory(12, 9, 10, Sequential(), rule=SIMPLE._replace(axon=0.0, decay=0.9))
    trained = train_controller(memory, small_task, rng, steps=2, batch=4, trainable=("decay", "a_fv"))
    found = trained.controller.memory.rule
    assert {name for name in found._fields if getattr(found, name) != getattr(memory.rule, name)} == {"decay", "a_fv"}
    assert memory.rule.decay == 0.9
    kept = train_controller(memory, small_task, rng, steps=2, batch=4).controller.memory
    assert kept.rule == memory.rule
    parameters = draw_parameters(memory, 6, 6, rng)
    trials = [jax.numpy.asarray(a) for a in draw_batch(memory, small_task, rng, 4, 8)]
    there, _ = loss_of(memory)(parameters, *trials, rule={"decay": 0.5})
    written, _ = loss_of(memory.with_rule(memory.rule._replace(decay=0.5)))(parameters, *trials)
    assert float(there) == pytest.approx(float(written), rel=1e-6)
    assert float(there) != pytest.approx(float(loss_of(memory)(parameters, *trials)[0]), rel=1e-3)


def test_equal_seeds_train_equal_controllers():
    pytest.importorskip("jax")
    one, other = (train_controller(MEMORIES["bam"](), small_task, np.random.default_rng(5), steps=3, batch=2)
                  for _ in range(2))  # fmt: skip
    for a, b in zip(one.controller.parameters, other.controller.parameters, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_start_that_gets_nowhere_is_given_up_and_the_last_one_never(rng, monkeypatch):
    pytest.importorskip("jax")
    for name, value in (("ROW", 1), ("STUCK_AFTER", 2), ("STUCK", 0.0)):
        monkeypatch.setattr(f"bioKV.learning.train_controller.{name}", value)
    trained = train_controller(MEMORIES["bam"](), small_task, rng, steps=3, batch=2, starts=3)
    assert [row[:2] for row in trained.history] == [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2), (3, 3)]


def test_a_training_that_diverges_stops_and_keeps_the_last_good_controller(rng, monkeypatch):
    pytest.importorskip("jax")
    monkeypatch.setattr("bioKV.learning.train_controller.ROW", 2)
    drawn = []

    def task(rng):
        drawn.append(1)
        episode, size = small_task(rng), 1e30 if len(drawn) > 110 else 1
        return Episode(episode.keys * size, episode.values * size, episode.gate, episode.source)

    with pytest.raises(Diverged, match=r"no longer a number at step \d+ of 40; a learning_rate below 0.01") as stopped:
        train_controller(MEMORIES["bam"](), task, rng, steps=40, batch=2)
    assert np.isfinite(np.concatenate([a.ravel() for a in stopped.value.last_good.controller.parameters])).all()
    assert len(stopped.value.last_good.history) == 2


# what is kept, and what is refused


def test_a_saved_controller_answers_as_before(tmp_path, rng):
    memory = MEMORIES["sequential"]()
    controller = untrained(memory, rng)
    controller.save(tmp_path / "controller.npz")
    episode = trials(rng, 3, 2, pattern_dim=5)
    again = Controller.load(tmp_path / "controller.npz", memory)
    np.testing.assert_array_equal(again.respond(episode, rng).values, controller.respond(episode, rng).values)


def damaged(parameters, **changes):
    return {**parameters._asdict(), "kind": np.array(KIND), **changes}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": np.array("tvt")}, "does not hold the state of a controller memory"),
        ({"extra": np.ones(2)}, "must hold the parameters key, value, gate, answer, start; it holds"),
        ({"key": np.ones((30, 11))}, r"key has shape \(30, 11\) but a controller of a memory with key_dim=12 and"
                                     r" value_dim=10 takes \(30, 12\)"),
        ({"gate": np.ones(30)}, r"gate has shape \(30,\)"),
        ({"answer": np.ones(11)}, r"answer has shape \(11,\)"),
        ({"start": np.full(23, np.nan)}, r"start must hold finite numbers; entry \(.*0.*\) is not"),
        ({"value": np.array([["a"]])}, "value must be an array of numbers"),
    ],
)  # fmt: skip
def test_a_file_that_holds_no_such_controller_is_refused(changes, message, tmp_path, rng):
    memory = MEMORIES["sequential"]()
    np.savez(tmp_path / "c.npz", **damaged(draw_parameters(memory, 6, 6, rng), **changes))
    with pytest.raises(ValueError, match=message):
        Controller.load(tmp_path / "c.npz", memory)


def test_a_file_that_lacks_a_parameter_is_refused(tmp_path, rng):
    memory = MEMORIES["sequential"]()
    whole = damaged(draw_parameters(memory, 6, 6, rng))
    del whole["start"]
    np.savez(tmp_path / "c.npz", **whole)
    with pytest.raises(ValueError, match="must hold the parameters"):
        Controller.load(tmp_path / "c.npz", memory)


def test_episodes_that_a_controller_cannot_answer_are_refused(rng):
    controller = untrained(MEMORIES["sequential"](), rng)
    with pytest.raises(ValueError, match="keys has 26 columns but this memory has key_dim=6"):
        controller.respond(copy_paste(rng, 3), rng)
    with pytest.raises(ValueError, match="takes no feedback as a key"):
        controller.respond(sequence(rng, 3, 6), rng)
    with pytest.raises(ValueError, match="memory must be one such as bioKV"):
        Controller("rate", controller.parameters)
    with pytest.raises(ValueError, match="parameters must be Heads"):
        Controller(MEMORIES["bam"](), {})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"memory": Hopfield(6)}, "there is no gradient through a memory such as"),
        ({"memory": BAM(6, 6)}, "there is no gradient through a memory such as"),
        ({"memory": KeyValueMemory(6, 5, 6, stability_threshold=5)}, "no gradient through stability"),
        ({"memory": KeyValueMemory(6, 5, 6, LeastRecentlyUsed())}, "plateaus depend on the answers"),
        ({"task": lambda rng: None}, "task must be a function rng -> Episode"),
        ({"task": lambda rng: Episode.stack([autoassociative(rng, 3)])}, "of one trial that asks something"),
        ({"rng": 5}, "rng must be a numpy.random.Generator"),
        ({"steps": 0}, "steps must be a whole number above 0; got 0"),
        ({"starts": 0}, "starts must be a whole number above 0; got 0"),
        ({"batch": 2.5}, "batch must be a whole number above 0; got 2.5"),
        ({"learning_rate": -1}, "learning_rate must be a finite number above 0; got -1"),
        ({"last_learning_rate": float("nan")}, "last_learning_rate must be a finite number above 0; got nan"),
        ({"trainable": ("decay",)}, r"trainable names numbers of a rule \(decay\) and takes a LearnedMemory; got"),
        ({"trainable": ("depth",)}, "a rule has no 'depth' to train; it has eta_k"),
        ({"clip": 0}, "clip must be a finite number above 0; got 0"),
    ],
)
def test_what_cannot_be_trained_is_said_before_anything_starts(changes, message, rng):
    pytest.importorskip("jax")
    wanted = {"memory": MEMORIES["sequential"](), "task": small_task, "rng": rng, **changes}
    with pytest.raises(ValueError, match=message):
        train_controller(**wanted)


def test_without_jax_training_says_how_to_get_it(rng, monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(ValueError, match=r'learning needs JAX and optax.*pip install "bioKV\[learn\]"'):
        train_controller(MEMORIES["bam"](), small_task, rng)

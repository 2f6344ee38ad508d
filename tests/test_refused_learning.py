"""What cannot be learned, or written down, is refused before anything is learned."""

from __future__ import annotations

import numpy as np
import pytest

from bioKV import Rule
from bioKV.models import KeyValueMemory, LinearBAM
from bioKV.models.binary_channel import BinaryChannel
from bioKV.models.controller import Controller, draw_parameters
from bioKV.protocols import autoassociative, copy_paste

pytest.importorskip("jax")
pytest.importorskip("optax")
from bioKV.learning.fit import fit
from bioKV.learning.train_controller import train_controller
from bioKV.learning.train_tvt import train_tvt


def present(rng):
    return autoassociative(rng, 2, 6)


def learn(**how):
    return fit(**{"rule": Rule(axon=0.0), "present": present, "n_slots": 3, "n_steps": 1, "batch": 1, **how})


def controller():
    memory = LinearBAM(6, 6)
    return Controller(memory, draw_parameters(memory, 6, 6, np.random.default_rng(0)))


def train(**how):
    given = {"memory": LinearBAM(6, 6), "task": lambda rng: copy_paste(rng, 2, 3), "rng": np.random.default_rng(0)}
    return train_controller(**{**given, "steps": 1, "batch": 1, **how})


def tvt(**how):
    return train_tvt(**{"n_slots": 3, "task": present, "rng": np.random.default_rng(0), "steps": 1, "batch": 1, **how})


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: learn(carry="yes"), "carry must be True or False; got 'yes'"),
        (lambda: learn(progress="yes"), "progress must be a function"),
        (lambda: learn(present=lambda: None), "present cannot be called so: too many positional arguments"),
        (lambda: learn(trainable=3), "trainable must be a tuple of names of a rule's parameters; got 3"),
        (lambda: learn(checkpoint=3), "checkpoint must be a path"),
        (lambda: learn(checkpoint="none/there.npz"), "checkpoint cannot be written to .*: there is no folder none"),
        (lambda: train(report="yes"), "report must be a function"),
        (lambda: train(task=present, trainable=3), "trainable must be a tuple of names"),
        (lambda: train(task=lambda: None), "task cannot be called so"),
        (lambda: tvt(learning_rate=float("inf")), "learning_rate must be a finite number above 0; got inf"),
        (lambda: tvt(task=lambda rng: 3), "train_tvt takes an Episode"),
        (lambda: BinaryChannel(KeyValueMemory), "memory must be one such as"),
        (lambda: draw_parameters("abc", 6, 6, np.random.default_rng(0)), "memory must be one such as"),
        (lambda: controller().step("abc", np.ones((1, 6))), "state must be what begin or step of this controller"),
        (lambda: controller().step(controller().begin(1, np.random.default_rng(0)), np.ones((1, 2))),
         r"x must be finite numbers of shape \(1, 6\)"),
    ],
)  # fmt: skip
def test_one_sentence_says_what_would_do(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()

"""A saved response comes back to the last spike and bit; what is no saved response is refused in a sentence."""

from dataclasses import fields

import numpy as np
import pytest
from recorded import MEMORY, D, answered, traced

import bioKV
from bioKV import SpikingResponse
from bioKV.episode import STEP_FIELDS


def same(a, b):
    """Whether two values are equal to the bit, types of numbers included."""
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[name], b[name]) for name in a)
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and np.array_equal(a, b)
    if isinstance(a, tuple):  # a Trace, a state
        return type(a) is type(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, list):
        return [one.bit_generator.state for one in a] == [one.bit_generator.state for one in b]
    if isinstance(a, bioKV.SpikeTrain):
        return same(vars(a), vars(b))
    return type(a) is type(b) and a == b


@pytest.mark.parametrize("made", [answered, traced])
def test_every_field_comes_back_to_the_last_bit(made, tmp_path):
    response, episode = made()
    response.save(tmp_path / "a.npz", episode)
    loaded = SpikingResponse.load(tmp_path / "a.npz")
    for field in fields(response):
        assert same(getattr(response, field.name), getattr(loaded, field.name)), field.name
    shown = bioKV.export.load(tmp_path / "a.npz").episode
    for name in (*STEP_FIELDS, "read_after_write", "subset_names"):
        assert same(getattr(episode, name), getattr(shown, name)), name


def test_a_loaded_state_goes_on_as_the_one_that_was_saved(tmp_path):
    response, _ = answered()
    response.save(tmp_path / "a.npz")
    loaded = SpikingResponse.load(tmp_path / "a.npz")
    np.testing.assert_array_equal(MEMORY.weights(loaded.state)[0], MEMORY.weights(response.state)[0])
    key = np.ones((2, D)), np.ones((2, D)), np.ones(2)
    first, second = (MEMORY.step(state, *key)[1] for state in (response.state, loaded.state))
    np.testing.assert_array_equal(first.before, second.before)


@pytest.mark.parametrize("bits", ["PCG64", "MT19937", "Philox", "SFC64"])
def test_streams_of_every_generator_of_numpy_go_on_where_they_stood(bits, tmp_path):
    response, _ = traced()
    stream = np.random.Generator(getattr(np.random, bits)(3))
    stream.random(5, np.float32)
    response.state.streams[:] = [stream]
    response.save(tmp_path / "a.npz")
    (loaded,) = SpikingResponse.load(tmp_path / "a.npz").state.streams
    np.testing.assert_array_equal(loaded.random(9), stream.random(9))


def test_a_file_that_is_no_saved_response_is_refused_in_a_sentence(tmp_path):
    response, episode = answered()
    path = tmp_path / "a.npz"
    with pytest.raises(ValueError, match=r"there is no file .*a\.npz$"):
        SpikingResponse.load(path)
    np.savez(path, values=np.zeros(3))
    with pytest.raises(ValueError, match=r"a\.npz holds no response that SpikingResponse\.save wrote"):
        SpikingResponse.load(path)
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="holds no response"):
        SpikingResponse.load(path)
    response.save(path, episode)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match=r"a\.npz is damaged"):
        SpikingResponse.load(path)
    path.write_bytes(whole[:5000] + bytes(200) + whole[5200:])
    with pytest.raises(ValueError, match="is damaged"):
        SpikingResponse.load(path)
    path.write_bytes(whole)
    with np.load(path) as saved:
        parts = {name: saved[name] for name in saved if name != "spikes/hidden/trial"}
    np.savez(path, **parts)
    with pytest.raises(ValueError, match="is damaged: parts of the response are missing"):
        SpikingResponse.load(path)


def test_a_response_to_another_episode_or_without_spikes_is_refused(tmp_path):
    response, episode = answered()
    with pytest.raises(ValueError, match="takes the episode that was answered"):
        response.save(tmp_path / "a.npz", episode.trials([0]))
    with pytest.raises(ValueError, match=r"cannot write to .*: No such file or directory"):
        response.save(tmp_path / "none" / "a.npz")
    silent = MEMORY.respond(episode.trials([0]), np.random.default_rng(1))
    with pytest.raises(ValueError, match=r"takes recorded spikes, and this response has none; respond\(\.\.\., record"):
        silent.to_pandas()
    assert not list(tmp_path.iterdir())

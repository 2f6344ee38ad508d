"""The picture of a task shows what is presented and asked, of an episode alone."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from every import PROTOCOLS
from matplotlib.patches import Rectangle

from bioKV.analysis.presentations import pattern_names
from bioKV.analysis.task import FINE, PANELS, plot_task
from bioKV.protocols import autoassociative, sequence


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def columns(ax):
    """What stands in the middle of every presentation, (T, n)."""
    [image] = ax.images
    return np.asarray(image.get_array().filled(np.nan))[:, FINE // 2 :: FINE].T


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_protocol_shows_its_keys_values_and_answers(protocol, rng):
    episode = PROTOCOLS[protocol](rng)
    gate, key, value, asked = plot_task(episode)
    np.testing.assert_array_equal(columns(key), np.where(episode.feedback[:, None], np.nan, episode.keys))
    told = episode.is_store | episode.is_recall
    np.testing.assert_array_equal(columns(value), np.where(told[:, None], episode.values, np.nan))
    recalls = np.flatnonzero(episode.is_recall)
    arcs = [line for line in asked.lines if line.get_linestyle() == "-"]
    ends = {(round(arc.get_xdata()[0]), round(arc.get_xdata()[-1])) for arc in arcs}
    assert ends == {(step, episode.source[step]) for step in recalls}
    assert [bar.get_height() for bar in gate.patches if isinstance(bar, Rectangle)][-len(episode.gate) :] == list(
        episode.gate
    )


def test_presentations_have_the_names_of_the_raster(rng):
    episode = sequence(rng, 4, 6)
    axes = plot_task(episode)
    assert [text.get_text() for text in axes[0].texts] == pattern_names(episode)
    hatched = [patch for patch in axes[1].patches if patch.get_hatch()]
    assert len(hatched) == episode.feedback.sum()


def test_right_answers_are_framed(rng):
    value = plot_task(autoassociative(rng, 3, 6))[2]
    frames = [patch for patch in value.patches if patch.get_zorder() == 3]
    assert [round(frame.get_x() + 0.4) for frame in frames] == [3, 4, 5]


def test_a_long_task_is_cut_and_says_so(rng):
    episode = autoassociative(rng, 80, 4)
    assert plot_task(episode)[-1].get_xlabel() == "presentation (0 to 99 of 0 to 159)"
    axes = plot_task(episode, presentations=(78, 83))
    assert axes[-1].get_xlim() == (77.5, 83.5)
    np.testing.assert_array_equal(columns(axes[1]), episode.keys[78:84])


def test_it_draws_where_it_is_told(rng):
    episode, before = autoassociative(rng, 2, 4), dict(plt.rcParams)
    _, axes = plt.subplots(len(PANELS))
    assert list(plot_task(episode, axes=axes)) == list(axes)
    half = plt.figure(layout="constrained").subfigures(1, 2)[1]
    assert plot_task(episode, figure=half)[0].figure is half
    assert dict(plt.rcParams) == before


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"episode": 3}, "a picture of a task takes an Episode"),
        ({"trial": 1}, "trial must lie in 0 to 0"),
        ({"presentations": (0, 4)}, "presentations lie in 0 to 3, the first before the last; got 0 to 4"),
        ({"presentations": 3}, "presentations are the first and the last"),
        ({"axes": []}, "a picture of a task takes 4 axes"),
    ],
)
def test_what_is_not_there_is_refused(how, sentence, rng):
    with pytest.raises(ValueError, match=sentence):
        plot_task(**{"episode": autoassociative(rng, 2, 4), **how})

"""PNG files are small where that is not seen, and have all colours where it would be."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image, ImageChops

from bioKV.analysis.png import packed
from bioKV.analysis.style import Style, figure_style, write_figure

pytestmark = pytest.mark.pictures


@pytest.mark.parametrize("style", ["print", "dark"])
def test_a_raster_is_half_as_large_and_looks_the_same(style, tmp_path, rng):
    with figure_style(style):
        figure, ax = plt.subplots(figsize=(4, 3))
        for colour in ("#0072B2", "#D55E00", "#009E73", "#CC79A7"):
            ax.axhspan(*np.sort(rng.random(2)), color=colour, alpha=0.2)
            ax.plot(*rng.random((2, 300)), "|", color=colour)
        (path,) = write_figure(figure, tmp_path / "raster", Style(style, formats=("png",)))
        figure.savefig(tmp_path / "plain.png", dpi=300)
        plt.close(figure)
    with Image.open(path) as few, Image.open(tmp_path / "plain.png") as all_colours:
        assert few.mode == "P"
        off = ImageChops.difference(few.convert("RGB"), all_colours.convert("RGB"))
        assert max(most for _, most in off.getextrema()) <= 8
    assert path.stat().st_size < 0.6 * (tmp_path / "plain.png").stat().st_size


def test_an_image_of_many_colours_keeps_them():
    levels = np.linspace(0, 255, 128).astype(np.uint8)
    image = np.stack(np.meshgrid(levels, levels), axis=-1)
    photo = Image.fromarray(np.concatenate([image, image[..., :1][:, ::-1]], axis=-1))
    assert packed(photo) is photo

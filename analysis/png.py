"""PNG files that a page loads quickly: 256 colours, where a reader sees no difference."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

COLOURS = 256  # of a palette
UNSEEN = 8  # levels of 255 by which the colour of a pixel may be off


def write_png(figure: Figure, path: Path, dpi: int) -> None:
    """Write a figure as a PNG file.

    It has a palette where that changes no pixel by more than 8 of 255 levels, else all its colours.

    Parameters
    ----------
    figure : Figure
        On an opaque ground.
    path : Path
        The file.
    dpi : int
        Dots per inch.
    """
    from PIL import Image

    drawn = BytesIO()
    figure.savefig(drawn, format="png", dpi=dpi, pil_kwargs={"compress_level": 0})
    packed(Image.open(drawn).convert("RGB")).save(path, format="png", optimize=True, dpi=(dpi, dpi))


def packed(image: Image) -> Image:
    """An image with a palette, or the image itself where that would be seen.

    Parameters
    ----------
    image : Image
        Of Pillow, of mode RGB.

    Returns
    -------
    Image
        Of mode P or RGB.
    """
    import numpy as np
    from PIL import Image, ImageChops

    few = image.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    off = ImageChops.difference(few.convert("RGB"), image)
    return few if np.asarray(off).max() <= UNSEEN else image

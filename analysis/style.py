"""How pictures look in print, on a slide and on dark ground: their letters, lines and widths, and their files.

The functions that draw (`analysis.curves` and others) take colours from the ground of their Axes and sizes from
matplotlib's settings, so that they draw in anybody's style. This is ours, the same whatever a matplotlibrc says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..checks import is_number, path_of, shown
from ..whole_file import replacing
from .png import write_png

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MM_PER_INCH = 25.4
ONE_COLUMN, TWO_COLUMNS = 85.0, 174.0  # mm, of a page
LEAST, MOST = 80.0, 600.0  # mm: what holds a legend in letters of 7 pt, and what is a poster
SCALE = {"print": 1.0, "slide": 1.75, "dark": 1.0}  # all lengths, against those of print
DPI = {"png": 300, "pdf": 300, "svg": 300, "tiff": 600}  # in pdf and svg of images only
DARK, LIGHT = "#161616", "#EDEDED"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Style(NamedTuple):
    """How pictures are drawn, and as which files.

    Parameters
    ----------
    name : str
        "print" (letters of 8 and 7 pt), "slide" (14 and 12 pt, lines as much thicker) or "dark" (as print, light on
        dark).
    width_mm : float or None
        Of every picture, in mm; None leaves each its own.
    formats : tuple of str
        Of `DPI`: png (300 dots per inch), pdf, svg, tiff (600).
    """

    name: str = "print"
    width_mm: float | None = None
    formats: tuple[str, ...] = ("png", "pdf")

    @property
    def scale(self) -> float:
        """How much longer all lengths are than in print."""
        return SCALE[self.name]

    def check(self) -> Style:
        """Refuse what cannot be drawn.

        Returns
        -------
        Style
            The style itself.

        Raises
        ------
        ValueError
            If there is no such style or format, a format comes twice, or the width holds no picture.
        """
        if not isinstance(self.name, str) or self.name not in SCALE:
            raise ValueError(f"a style is {', '.join(SCALE)}; got {shown(self.name)}")
        if not isinstance(self.formats, tuple | list):
            raise ValueError(f"formats of pictures are some of {', '.join(DPI)}; got {shown(self.formats)}")
        for one in self.formats:
            if not isinstance(one, str) or one not in DPI:
                raise ValueError(f"a format of pictures is {', '.join(DPI)}; got {shown(one)}")
        if not self.formats or len({*self.formats}) < len(self.formats):
            raise ValueError(f"formats are different ones of {', '.join(DPI)}; got {', '.join(self.formats) or 'none'}")
        least = LEAST * self.scale
        if self.width_mm is not None and not (is_number(self.width_mm) and least <= self.width_mm <= MOST):
            came = f"{self.width_mm:g}mm" if is_number(self.width_mm) else shown(self.width_mm)
            raise ValueError(f"the width of a picture in style {self.name} must lie between {least:g}mm and"
                             f" {MOST:g}mm; got {came}")  # fmt: skip
        return self

    def width(self, usual_mm: float = TWO_COLUMNS) -> float:
        """The width of a picture at the scale of print: what `inches` makes the asked width of.

        Parameters
        ----------
        usual_mm : float
            Of this picture where no width was asked for.

        Returns
        -------
        float
            In mm.
        """
        return usual_mm if self.width_mm is None else self.width_mm / self.scale

    def inches(self, *lengths_mm: float) -> tuple[float, ...]:
        """Lengths of a figure in this style.

        Parameters
        ----------
        *lengths_mm : float
            At the scale of print, in mm.

        Returns
        -------
        tuple of float
            In inches.
        """
        return tuple(length * self.scale / MM_PER_INCH for length in lengths_mm)


PRINT = Style()


@contextmanager
def figure_style(name: str = "print") -> Iterator[None]:
    """Draw in one of our styles inside; matplotlib's settings are the caller's again afterwards.

    All settings begin at matplotlib's own defaults, so that a matplotlibrc or a session's changes nothing. The backend
    stays. Fonts are embedded as TrueType (pdf) or left as text (svg), so that letters can be edited.

    Parameters
    ----------
    name : str
        "print", "slide" or "dark".

    Yields
    ------
    None
        Draw, and write files, before the block ends.

    Raises
    ------
    ValueError
        If there is no such style.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from bioKV.analysis.style import figure_style
    >>> with figure_style("print"):
    ...     figure, ax = plt.subplots(figsize=(85 / 25.4, 60 / 25.4), layout="constrained")
    ...     plt.rcParams["font.size"]
    8.0
    """
    import matplotlib

    Style(name).check()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        settings: Any = _settings(name)
        matplotlib.rcParams.update(settings)
        yield


def _settings(name: str) -> dict[str, Any]:
    """The settings of a style that are not matplotlib's defaults."""
    text, small, line, thin = (SCALE[name] * points for points in (8, 7, 1.2, 0.6))
    sizes: dict[str, Any] = {
        "font.size": text, "axes.titlesize": text, "axes.labelsize": text, "figure.labelsize": text,
        "figure.titlesize": text, "legend.title_fontsize": text,
        **dict.fromkeys(("xtick.labelsize", "ytick.labelsize", "legend.fontsize"), small),
        "lines.linewidth": line, "lines.markersize": 3.3 * line, "patch.linewidth": thin, "axes.linewidth": thin,
        **{f"{axis}tick.{kind}.width": thin for axis in "xy" for kind in ("major", "minor")},
        **{f"{axis}tick.major.size": 4 * thin for axis in "xy"},
        **{f"{axis}tick.minor.size": 2.5 * thin for axis in "xy"},
        "lines.markeredgewidth": 1.5 * thin, "errorbar.capsize": 3 * thin,
        "axes.labelpad": 4 * thin, "axes.titlepad": 6 * thin, "legend.columnspacing": 1.2, "legend.handlelength": 2.4,
        "figure.constrained_layout.h_pad": 0.03 * SCALE[name], "figure.constrained_layout.w_pad": 0.03 * SCALE[name],
    }  # fmt: skip
    files = {"pdf.fonttype": 42, "ps.fonttype": 42, "svg.fonttype": "none", "svg.hashsalt": "bioKV", "savefig.dpi": 300}
    plain = {"font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"], "axes.spines.top": False,
             "axes.spines.right": False, "legend.frameon": False}  # fmt: skip
    light = dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), LIGHT)
    ground = dict.fromkeys(("figure.facecolor", "axes.facecolor", "savefig.facecolor"), DARK)
    return {**sizes, **files, **plain, **({**light, **ground} if name == "dark" else {})}


def line(share: float = 1.0) -> float:
    """A width of lines, in whatever style is drawn.

    Parameters
    ----------
    share : float
        Of the usual one.

    Returns
    -------
    float
        In points.
    """
    import matplotlib

    return share * matplotlib.rcParams["lines.linewidth"]


def marker(share: float = 1.0) -> float:
    """A size of markers, in whatever style is drawn.

    Parameters
    ----------
    share : float
        Of the usual one.

    Returns
    -------
    float
        In points.
    """
    import matplotlib

    return share * matplotlib.rcParams["lines.markersize"]


def panel_letters(axes: Sequence[Axes]) -> None:
    """Bold letters A, B, C, ... at the upper left of axes, in their order; a single one gets none.

    Parameters
    ----------
    axes : sequence of Axes
        At most 26.

    Raises
    ------
    ValueError
        If they are no list of Axes.
    """
    from .drawn_on import checked_axes

    axes = list(checked_axes("a figure with letters", axes))
    if len(axes) < 2:
        return
    for letter, ax in zip(LETTERS, axes, strict=False):
        ax.annotate(letter, (0, 1), xycoords="axes fraction", xytext=(-2.2, 0.5), textcoords="offset fontsize",
                    ha="right", va="bottom", fontsize="large", fontweight="bold", annotation_clip=False)  # fmt: skip


def write_figure(figure: Figure, stem: Path, style: Style = PRINT) -> list[Path]:
    """Write a figure in the formats of a style.

    The files have no date, so that the same picture is the same file.

    Parameters
    ----------
    figure : Figure
        Drawn in the style (`figure_style`).
    stem : Path
        The path of the files without what comes last, such as ".png".
    style : Style
        Whose formats.

    Returns
    -------
    list of Path
        The files, in the order of the formats.

    Raises
    ------
    ValueError
        If one cannot be written, or it is no figure or no style.
    """
    from .drawn_on import check_figure

    check_figure(figure)
    stem = path_of("stem", stem)
    if figure is None or not isinstance(style, Style):
        raise ValueError(f"write_figure takes a Figure and a Style; got {shown(figure)}, {shown(style)}")
    style.check()
    paths = [stem.with_name(f"{stem.name}.{one}") for one in style.formats]  # a value in the stem may have a dot
    undated = {"pdf": {"CreationDate": None}, "svg": {"Date": None}}
    for path, one in zip(paths, style.formats, strict=True):
        with replacing(path) as new:
            if one == "tiff":
                _write_tiff(figure, new)
            elif one == "png":
                write_png(figure, new, DPI[one])
            else:
                figure.savefig(new, format=one, dpi=DPI[one], metadata=undated.get(one))
    return paths


def _write_tiff(figure: Figure, path: Path) -> None:
    """Without transparency, which printers refuse, and packed by LZW."""
    from io import BytesIO

    from PIL import Image

    drawn = BytesIO()
    figure.savefig(drawn, format="png", dpi=DPI["tiff"])
    Image.open(drawn).convert("RGB").save(path, compression="tiff_lzw", dpi=(DPI["tiff"], DPI["tiff"]))

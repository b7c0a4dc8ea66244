"""Charts as PNG pictures, for chats that show no SVG; the desk draws the very same shapes on its pages.

resvg rasterises them in process, without a browser; the font comes with a package, so that every machine draws the
same. Neither is loaded before the first picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

from bot.charts.palette import Theme
from bot.charts.svg import for_picture
from bot.core.scene import WIDTH, Chart
from bot.core.types import Picture

SHARPNESS = (3, 2)
"""Pixels of a picture for each CSS pixel: as dense as a phone's screen, or less where that would be too large."""
LARGEST = 100_000
"""Bytes of a picture, which people open on the way."""


def picture(charts: Sequence[Chart], *, name: str, title: str = "", theme: Theme = "light") -> Picture:
    """Charts, one below the other and below their title, as `name`.png."""
    alt = " ".join(chart.alt for chart in charts)
    drawn = for_picture(charts, theme, title)
    dense, *less = SHARPNESS
    contents = _png(drawn, dense)
    for sharpness in less:
        if len(contents) > LARGEST:
            contents = _png(drawn, sharpness)
    return Picture(name=f"{name}.png", contents=contents, alt=alt, title=title)


def _png(svg: str, sharpness: int) -> bytes:
    import resvg_py  # noqa: PLC0415  # a chart is rare, the start of the program is not

    fonts = resources.files("font_lato") / "files"
    with resources.as_file(fonts) as folder:
        files = [str(folder / name) for name in ("Lato-Regular.ttf", "Lato-Bold.ttf")]
        return resvg_py.svg_to_bytes(
            svg_string=svg,
            width=WIDTH * sharpness,
            skip_system_fonts=True,
            font_files=files,
            font_family="Lato",
            sans_serif_family="Lato",
        )

"""A chart as SVG: for a page, where style sheets colour it, or for a picture, with its colours in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from bot.charts.palette import PALETTES, Theme
from bot.core.foreign import visible
from bot.core.scene import WIDTH, Box, Chart, Ink, Rule, Shape, Words

_MARGIN, _TITLE = 8.0, 22.0


def for_page(chart: Chart) -> str:
    """An `<svg>` element for the middle of a page: classes (`ink-bad`) instead of colours, and no style attribute."""
    shapes = "".join(_shape(shape, _Classes(chart.name)) for shape in chart.shapes)
    size = f'viewBox="0 0 {WIDTH} {_n(chart.height)}"'
    return (
        f'<svg class="chart" role="img" aria-label="{_said(chart.alt)}" {size} xmlns="http://www.w3.org/2000/svg">'
        f"{_patterns(_Classes(chart.name))}{shapes}</svg>"
    )


def for_picture(charts: Sequence[Chart], theme: Theme, title: str = "") -> str:
    """A whole document with its title and one chart below the other on a sheet of its own."""
    paint = _Colours(theme)
    above = _TITLE if title else 0.0
    height = above + sum(chart.height for chart in charts) + _MARGIN * len(charts)
    sheet = f'<rect width="{WIDTH}" height="{_n(height)}" fill="{PALETTES[theme].sheet}"/>'
    parts = [_words(Words(8, _TITLE, title, size=13, ink=Ink.FAINT), paint)] if title else []
    y = above + _MARGIN / 2
    for chart in charts:
        shapes = "".join(_shape(shape, paint) for shape in chart.shapes)
        parts.append(f'<g transform="translate(0 {_n(y)})">{shapes}</g>')
        y += chart.height + _MARGIN
    size = f'width="{WIDTH}" height="{_n(height)}" viewBox="0 0 {WIDTH} {_n(height)}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">'
        f"{_patterns(paint)}{sheet}{''.join(parts)}</svg>"
    )


class _Colours:
    """Colours as attributes."""

    prefix = "p"

    def __init__(self, theme: Theme) -> None:
        self._palette = PALETTES[theme]

    def ink(self, ink: Ink, attribute: str) -> str:
        """What gives a shape its colour."""
        return f'{attribute}="{self._palette.inks[ink]}"'

    def sheet(self, attribute: str) -> str:
        """The colour of what is below."""
        return f'{attribute}="{self._palette.sheet}"'

    def halo(self) -> str:
        """A rim of sheet around letters, so that a line behind them does not cross them."""
        return f' {self.sheet("stroke")} stroke-width="3" stroke-linejoin="round" paint-order="stroke"'


class _Classes:
    """Classes, which the page's style sheet colours."""

    def __init__(self, name: str) -> None:
        self.prefix = f"chart-{name}"

    def ink(self, ink: Ink, attribute: str) -> str:
        """What gives a shape its colour."""
        return f'class="{attribute}-{ink}"'

    def sheet(self, attribute: str) -> str:
        """The colour of what is below."""
        return f'class="{attribute}-sheet"'

    def halo(self) -> str:
        """The style sheet's business."""
        return ""


_Paint = _Colours | _Classes


def _patterns(paint: _Paint) -> str:
    """Stripes for what is bad, in a tile of whole pixels: turned ones would make the picture a third larger."""
    ground = f'<rect width="8" height="8" {paint.ink(Ink.BAD, "fill")}/>'
    stripe = f'<path d="M0 0H2.7L0 2.7ZM8 0V2.7L2.7 8H0Z" {paint.sheet("fill")}/>'
    tile = 'width="8" height="8" patternUnits="userSpaceOnUse"'
    return f'<defs><pattern id="{paint.prefix}-stripes" {tile}>{ground}{stripe}</pattern></defs>'


def _shape(shape: Shape, paint: _Paint) -> str:
    if isinstance(shape, Box):
        return "".join(_box(shape, paint))
    if isinstance(shape, Rule):
        size = f'{_at(shape.x, shape.y - 0.5)} width="{_n(shape.width)}" height="1"'
        return f"<rect {size} {paint.ink(shape.ink, 'fill')}/>"
    return _words(shape, paint)


def _box(box: Box, paint: _Paint) -> Iterator[str]:
    """Solid, striped within an edge, or hollow; what is too small for a pattern is solid."""
    size = f'{_at(box.x, box.y)} width="{_n(box.width)}" height="{_n(box.height)}"'
    small = min(box.width, box.height) < 3
    if box.ink is Ink.GOOD or small:
        yield f"<rect {size} {paint.ink(box.ink, 'fill')}/>"
        return
    inner = f'{_at(box.x + 0.75, box.y + 0.75)} width="{_n(box.width - 1.5)}" height="{_n(box.height - 1.5)}"'
    yield f"<rect {size} {paint.ink(box.ink, 'fill')}/>"
    if box.ink is Ink.BAD:
        yield f'<rect {inner} fill="url(#{paint.prefix}-stripes)"/>'
    else:
        yield f"<rect {inner} {paint.sheet('fill')}/>"


def _words(words: Words, paint: _Paint) -> str:
    weight = ' font-weight="700"' if words.bold else ""
    anchor = f' text-anchor="{words.anchor}"' if words.anchor != "start" else ""
    size = f'font-size="{_n(words.size)}"'
    look = f"{size}{weight}{anchor} {paint.ink(words.ink, 'fill')}{paint.halo()}"
    return f"<text {_at(words.x, words.y)} {look}>{_said(words.text)}</text>"


def _said(text: str) -> str:
    """Text that is nothing but text, in an element as in an attribute; what XML cannot hold is made visible."""
    return escape(visible(text))


def _at(x: float, y: float) -> str:
    return f'x="{_n(x)}" y="{_n(y)}"'


def _n(value: float) -> str:
    """A number as short as it can be said to a hundredth of a pixel."""
    return f"{value:.2f}".rstrip("0").rstrip(".")

"""Charts: what their pixels show, what their words say, and that everybody can tell their colours apart."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.charts.answers import answers_chart, briefly
from bot.charts.bars import BOTTOM, LEFT, RIGHT, scale
from bot.charts.palette import PALETTES, Theme
from bot.charts.svg import for_page
from bot.charts.volume import volume_chart
from bot.core.report import WAITS, Answers, Step, Unit, Volume, WaitClass
from bot.core.scene import WIDTH, Chart, Ink, Words
from bot.core.spans import steps
from bot.core.types import Picture
from bot.reports import charts
from tests.support.png import Pixel, read, size_of

MADRID = ZoneInfo("Europe/Madrid")
MIDNIGHT = datetime(2026, 11, 20, 23, tzinfo=UTC)
STYLES = Path(charts.__file__).parents[2] / "handlers/chats/desk/static/reports.css"
ANSWERS = Answers(
    total=12,
    median_minutes=23.4,
    p90_minutes=190.0,
    in_time=8,
    late=3,
    waits=(
        WaitClass(at_most=WAITS[0], in_time=8),
        WaitClass(at_most=WAITS[1], late=3, untimed=1),
        *(WaitClass(at_most=wait) for wait in (*WAITS[2:], None)),
    ),
)


def volume(*moods: tuple[int, int, int], unit: Unit = "hour", since: datetime = MIDNIGHT) -> Volume:
    cut = steps(since, since + timedelta(days=3000), MADRID, unit)
    made = (
        Step(since=a, until=b, negative=bad, neutral=even, positive=good)
        for (bad, even, good), (a, b) in zip(moods, cut, strict=False)
    )
    return Volume(unit=unit, steps=tuple(made))


def picture(*chosen: Chart, theme: Theme = "light") -> Picture:
    return charts.picture(chosen, name="chart", theme=theme)


def rgb(colour: str) -> Pixel:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """One pixel for each CSS pixel: read in no time."""
    monkeypatch.setattr(charts, "SHARPNESS", (1,))


def test_the_bars_stand_where_the_figures_put_them(small: None) -> None:
    shown = read(picture(volume_chart("en", volume((0, 0, 0), (4, 4, 8)), MADRID)).contents)
    light = PALETTES["light"]
    sheet, inks = rgb(light.sheet), {ink: rgb(colour) for ink, colour in light.inks.items()}
    assert (shown.width, shown.height) == (WIDTH, 220)
    top, margin = scale(16)[0], 4
    unit = (BOTTOM - 66) / top
    first, second = LEFT + (RIGHT - LEFT) / 4, LEFT + (RIGHT - LEFT) * 3 / 4
    assert shown.at(first, margin + BOTTOM - unit) == sheet

    def part(low: float, high: float) -> set[Pixel]:
        return shown.within(second - 14, margin + BOTTOM - high * unit + 3, 28, (high - low) * unit - 7)

    assert {sheet, inks[Ink.BAD]} <= part(0, 4), "striped"
    assert part(4, 8) == {sheet}, "hollow"
    assert shown.at(second - 16.6, margin + BOTTOM - 6 * unit) != sheet, "within an edge"
    assert part(8, 16) == {inks[Ink.GOOD]}, "solid"


def test_words_are_drawn_with_every_letter_that_they_have(small: None) -> None:
    def drawn(letters: str) -> bytes:
        words = Words(10, 30, letters, size=24)
        chart = Chart(name="letters", height=40, alt="", shapes=(words,))
        return charts.picture([chart], name="letters", theme="light").contents

    one_by_one = {letter: drawn(letter) for letter in "áéíóúüñÑ¿–%09az"}
    assert len({*one_by_one.values(), drawn("\u1234"), drawn("")}) == len(one_by_one) + 2, (
        "none is the sign for lacking"
    )
    ink = rgb(PALETTES["light"].inks[Ink.WORDS])
    assert ink in read(one_by_one["ñ"]).within(0, 0, WIDTH, 40)


def test_a_dark_picture_has_a_sheet_and_letters_of_its_own(small: None) -> None:
    dark = PALETTES["dark"]
    chart = Chart(name="letters", height=30, alt="", shapes=(Words(10, 26, "Wm", size=24, bold=True),))
    shown = read(charts.picture([chart], name="letters", theme="dark").contents)
    assert shown.at(0, 0) == rgb(dark.sheet)
    assert rgb(dark.inks[Ink.WORDS]) in shown.within(0, 0, 80, 34)


def test_a_picture_is_small_and_quickly_made() -> None:
    full = [(n % 7 + 1, n % 5 + 1, n % 11 + 1) for n in range(62)]
    began = time.process_time()
    made = [
        picture(volume_chart("es", volume(*full, unit="day"), MADRID), theme="dark"),
        picture(volume_chart("en", volume(*full[:49]), MADRID), answers_chart("en", ANSWERS)),
    ]
    assert time.process_time() - began < 2
    for one in made:
        assert len(one.contents) < 100_000
        assert size_of(one.contents)[0] == 1080
    assert [one.name for one in made] == ["chart.png"] * 2


def test_what_would_be_too_large_is_drawn_with_fewer_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    chart = volume_chart("es", volume(*[(n % 7 + 1, n % 5 + 1, n % 11 + 1) for n in range(62)], unit="day"), MADRID)
    whole = picture(chart)
    monkeypatch.setattr(charts, "LARGEST", len(whole.contents) - 1)
    smaller = picture(chart)
    assert (size_of(whole.contents)[0], size_of(smaller.contents)[0]) == (1080, 720)
    monkeypatch.setattr(charts, "LARGEST", 1)
    assert picture(chart) == smaller, "a picture that is too large is better than none"


def test_the_same_figures_are_the_same_bytes() -> None:
    assert picture(answers_chart("es", ANSWERS)) == picture(answers_chart("es", ANSWERS))


def test_the_rasteriser_is_loaded_with_the_first_picture_only() -> None:
    code = "import sys, bot.reports.charts; sys.exit('resvg_py' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_the_alternative_says_the_main_figures_in_the_readers_language() -> None:
    shown = volume((1, 0, 0), (2, 1, 4), (0, 0, 0))
    assert volume_chart("en", shown, MADRID).alt == (
        "What came, by the hour, from Nov 21, 2026, 12:00 AM to Nov 21, 2026, 2:59 AM: 8 comments; "
        "3 negative, 1 neutral, 4 positive; the most at 1:00 AM: 7."
    )
    assert volume_chart("es", shown, MADRID).alt == (
        "Lo que llegó, por horas, de 21 nov 2026, 0:00 a 21 nov 2026, 2:59: 8 comentarios; "
        "3 en negativo, 1 en neutro, 4 en positivo; lo más, a las 1:00: 7."
    )
    assert answers_chart("en", ANSWERS).alt == (
        "Time to the first answer: 12 answers; half of them within 23 minutes; nine of ten within 3 hours; "
        "8 of 11 within their target."
    )
    both = picture(volume_chart("es", shown, MADRID), answers_chart("es", ANSWERS))
    assert both.alt == f"{volume_chart('es', shown, MADRID).alt} {answers_chart('es', ANSWERS).alt}"


def test_times_are_short_where_there_is_little_room() -> None:
    shown = [briefly("es", minutes) for minutes in (0.2, 23.4, 60, 119, 121, 2000, 9000)]
    assert shown == ["1 min", "23 min", "1 h", "119 min", "2 h", "33 h", "6 días"]


def test_a_quiet_day_is_drawn_and_says_so() -> None:
    quiet, nobody = volume((0, 0, 0), (0, 0, 0)), Answers()
    assert volume_chart("en", quiet, MADRID).alt == "What came, by the hour: nothing came."
    assert volume_chart("en", Volume(unit="day", steps=()), MADRID).alt == "What came, by the day: nothing came."
    assert answers_chart("es", nobody).alt == "Tiempo hasta la primera respuesta: no se respondió nada."
    assert size_of(picture(volume_chart("en", quiet, MADRID), answers_chart("en", nobody)).contents) == (1080, 1320)


@pytest.mark.parametrize(
    ("unit", "count", "labels"),
    [
        ("hour", 24, ["12:00 AM", "6:00 AM", "12:00 PM", "6:00 PM"]),
        ("day", 7, ["Sat 21", "Sun 22", "Mon 23", "Tue 24", "Wed 25", "Thu 26", "Fri 27"]),
        ("day", 10, ["Sat 21", "Mon 23", "Wed 25", "Fri 27", "Sun 29"]),
        ("week", 3, ["Nov 21", "Nov 23", "Nov 30"]),
        ("month", 2, ["Nov 2026", "Dec 2026"]),
    ],
)
def test_labels_are_local_times_and_do_not_overlap(unit: Unit, count: int, labels: list[str]) -> None:
    chart = volume_chart("en", volume(*[(1, 1, 1)] * count, unit=unit), MADRID)
    below = [shape for shape in chart.shapes if isinstance(shape, Words) and shape.y > BOTTOM + 10]
    assert [one.text for one in below] == labels
    assert all(b.x - a.x > 3 * (len(a.text) + len(b.text)) for a, b in pairwise(below))
    assert all(3 * len(one.text) <= one.x <= WIDTH - 3 * len(one.text) for one in below)


def test_no_words_are_smaller_than_a_phone_shows_well() -> None:
    for chart in (volume_chart("es", volume((1, 2, 3)), MADRID), answers_chart("es", ANSWERS)):
        assert min(shape.size for shape in chart.shapes if isinstance(shape, Words)) >= 11


def edges(words: Words) -> tuple[float, float]:
    """From where to where letters reach, if each is six pixels wide."""
    wide = 6.0 * len(words.text)
    start = words.x - {"start": 0.0, "middle": wide / 2, "end": wide}[words.anchor]
    return start, start + wide


def test_large_numbers_are_written_as_people_do_and_none_is_cut() -> None:
    steps = volume((12_000, 40_000, 31_500), (1, 1, 1), unit="month").steps
    for locale, wanted in (("es", {"83.501", "100.000"}), ("en", {"83,501", "100,000"})):
        chart = volume_chart(locale, Volume(unit="month", steps=(replace(steps[0], negative=12_001), steps[1])), MADRID)
        words = [shape for shape in chart.shapes if isinstance(shape, Words)]
        assert wanted <= {one.text for one in words}
        assert min(edges(one)[0] for one in words) >= 0
        assert re.search(r"\d{5}", chart.alt) is None
        legend = [one for one in words if one.y < 50 and not one.bold]
        assert len(legend) == 3
        assert all(one[1] < other[0] - 12 for one, other in pairwise(map(edges, legend))), "room for the next sign"


@pytest.mark.parametrize("locale", ["es", "en"])
def test_that_times_are_the_longest_of_their_class_is_said_before_them(locale: str) -> None:
    chart = answers_chart(locale, ANSWERS)
    below = [shape for shape in chart.shapes if isinstance(shape, Words) and shape.y > BOTTOM + 10]
    assert [one.text for one in below[:2]] == [{"es": "hasta", "en": "up to"}[locale], "15 min"]
    assert all(one[1] < other[0] for one, other in pairwise(map(edges, below)))
    assert edges(below[0])[0] >= 0


def test_a_picture_says_what_it_is_called_above_its_charts(small: None) -> None:
    chart = answers_chart("en", ANSWERS)
    plain = read(charts.picture([chart], name="digest").contents)
    called = read(charts.picture([chart], name="digest", title="Digest").contents)
    assert called.height > plain.height
    faint = rgb(PALETTES["light"].inks[Ink.FAINT])
    assert faint in called.within(8, 8, 60, 16)
    assert called.within(8, called.height - plain.height + 4, 120, 20) == plain.within(8, 4, 120, 20)


@pytest.mark.parametrize(
    ("highest", "expected"),
    [(0, (1, 1)), (1, (2, 1)), (3, (4, 1)), (4, (5, 1)), (17, (20, 5)), (100, (150, 50)), (9999, (15000, 5000))],
)
def test_the_scale_is_round_and_leaves_room_above(highest: int, expected: tuple[int, int]) -> None:
    assert scale(highest) == expected


def test_words_can_neither_end_an_element_nor_hide() -> None:
    hostile = "<script>\"'&\u202e\x00"
    chart = Chart(name="x", height=30, alt=hostile, shapes=(Words(0, 20, hostile),))
    page = for_page(chart)
    assert page.count("&lt;script&gt;&quot;&#x27;&amp;⟨U+202E U+0000⟩") == 2
    assert "\x00" not in page
    assert re.search(r"<script|style=|\son\w+=|href", page) is None
    assert size_of(charts.picture([chart], name="x", theme="dark").contents)[0] == 1080


# --- colours --------------------------------------------------------------------------------------------------------


def linear(colour: str) -> list[float]:
    return [c / 12.92 if (c := v / 255) <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for v in rgb(colour)]


def luminance(channels: Sequence[float]) -> float:
    return sum(part * weight for part, weight in zip(channels, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(linear(one)), luminance(linear(other))))
    return (high + 0.05) / (low + 0.05)


DEFICIENCIES = {  # Machado, Oliveira and Fernandes, 2009, at full severity
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


def lab(channels: Sequence[float]) -> list[float]:
    red, green, blue = (min(max(part, 0.0), 1.0) for part in channels)
    xyz = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
    )
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in xyz)
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_stand_out_from_the_sheet_and_from_each_other(theme: Theme) -> None:
    palette = PALETTES[theme]
    for ink in (Ink.GOOD, Ink.EVEN, Ink.BAD):
        assert contrast(palette.inks[ink], palette.sheet) >= 3
    for ink in (Ink.WORDS, Ink.FAINT):
        assert contrast(palette.inks[ink], palette.sheet) >= 4.5
    for seen in DEFICIENCIES.values():
        places = [
            lab([sum(a * b for a, b in zip(row, linear(palette.inks[ink]), strict=True)) for row in seen])
            for ink in (Ink.GOOD, Ink.EVEN, Ink.BAD)
        ]
        for one, other in combinations(places, 2):
            assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 15


def test_pages_have_the_colours_of_the_pictures() -> None:
    css = STYLES.read_text(encoding="utf-8")
    rules = re.findall(r"--good: (#\w+); --even: (#\w+); --bad: (#\w+);", css)
    wanted = [tuple(PALETTES[theme].inks[ink] for ink in (Ink.GOOD, Ink.EVEN, Ink.BAD)) for theme in PALETTES]
    assert rules == [*wanted, wanted[1]]

"""The wall's colour can be read whatever the team chose, and a page can be forced to be light or dark."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from handlers.networks.wall.theme import READABLE, contrast, stylesheet
from tests.unit.wall.wall_app import running

PAIR = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);")
PAPER = ("#f7f4ee", "#171513")


@given(st.integers(0, 0xFFFFFF))
def test_any_colour_can_be_read_on_light_and_on_dark_paper(number: int) -> None:
    found = {name: (light, dark) for name, light, dark in PAIR.findall(stylesheet(f"#{number:06x}", "auto"))}
    assert set(found) == {"voice", "voice-wash", "on-voice"}
    for side in (0, 1):
        voice = found["voice"][side]
        for ground in (PAPER[side], found["voice-wash"][side], found["on-voice"][side]):
            assert contrast(voice, ground) >= READABLE


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#777777", "#777777") == 1
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


def test_the_papers_are_those_of_the_stylesheet() -> None:
    rules = Path("handlers/networks/wall/static/wall.css").read_text("utf-8")
    assert f"--paper: light-dark({PAPER[0]}, {PAPER[1]});" in rules


async def test_a_colour_that_can_be_read_is_used_as_it_is(tmp_path: Path) -> None:
    async with running(tmp_path, accent="#1a4d8f", theme="light") as app:
        answer = await app.page("/wall/theme.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert "color-scheme: light;" in answer.text
    assert "--voice: light-dark(#1a4d8f, " in answer.text

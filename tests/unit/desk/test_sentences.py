"""What Portavoz itself says on a page: commands in it look like commands, and foreign words in it stay words."""

from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.foreign import in_code, visible
from handlers.chats.desk.house import _environment
from handlers.chats.desk.view import globals_for, seconds_left

NOW = datetime(2026, 11, 21, 21, 45, tzinfo=UTC)
MACROS = _environment().get_template("macros.html")
SAID = MACROS.make_module(globals_for("en", NOW))


class Parsed(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_command_in_a_sentence_is_marked_as_one() -> None:
    assert SAID.said_by_us("then say `undo K7Q2`.") == "then say <code>undo K7Q2</code>."  # type: ignore[attr-defined]


@given(st.text(alphabet="`<>&\"'=/ \nabcscriptonload\u202e") | st.text())
def test_markup_in_what_is_said_stays_inert_with_and_without_backticks(text: str) -> None:
    parsed = Parsed(str(SAID.said_by_us(text)))  # type: ignore[attr-defined]
    parts = in_code(visible(text))
    assert parsed.tags == [("code", [])] * sum(code for _, code in parts)
    assert parsed.text == "".join(part for part, _ in parts)


@pytest.mark.parametrize(
    ("locale", "n", "said"),
    [
        ("es", 1, "falta 1 segundo"),
        ("es", 2, "faltan 2 segundos"),
        ("en", 1, "1 second left"),
        ("en", 0, "0 seconds left"),
    ],
)
def test_what_is_left_is_said_in_its_grammatical_number(locale: str, n: int, said: str) -> None:
    assert seconds_left(locale, n) == said
    assert seconds_left(locale, n, "#") == said.replace(str(n), "#")


@pytest.mark.parametrize(
    ("locale", "today", "tomorrow"),
    [("es", "22:45", "22 nov 2026, 0:15"), ("en", "10:45 PM", "Nov 22, 2026, 12:15 AM")],
)
def test_a_moment_of_today_is_shown_without_its_date_in_the_team_s_zone(locale: str, today: str, tomorrow: str) -> None:
    madrid = MACROS.make_module(globals_for(locale, NOW, timezone(timedelta(hours=1))))
    assert Parsed(str(madrid.moment(NOW))).text == today  # type: ignore[attr-defined]
    assert Parsed(str(madrid.moment(NOW + timedelta(minutes=90)))).text == tomorrow  # type: ignore[attr-defined]

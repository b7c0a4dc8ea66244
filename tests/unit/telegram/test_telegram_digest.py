"""A digest in Telegram: numbers are words like any other, and what belongs to no section stands by itself."""

import pytest

from bot.reports.digest import compose
from handlers.chats.telegram.markup import words
from handlers.chats.telegram.saying import pages
from tests.reports.test_digest import BUSY


def test_figures_are_no_code_and_the_foot_stands_below_the_list() -> None:
    [page] = pages(compose(BUSY, "es"))
    assert "\n• Alcance: 12.300 personas.\n" in page
    assert "<code>" not in page
    assert page.endswith("\n\nSello del registro: 5ea15ea15ea15ea1…")


@pytest.mark.parametrize(
    "alive", ["evil.example", "1.b", "a.é", "192.168.1.1", "+34600", "12345", "x@y", "/stop", "#a"]
)
def test_what_telegram_would_make_a_link_of_stays_code(alive: str) -> None:
    assert words(f"see {alive} now") == f"<code>see {alive} now</code>"


@pytest.mark.parametrize("number", ["12.300", "1.234.567 personas", "3,5", "8.30 h"])
def test_a_number_is_shown_as_it_is(number: str) -> None:
    assert words(number) == number

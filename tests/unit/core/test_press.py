"""Headlines: each piece of news once."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import press
from bot.core.press import Headline, distinct, source_of

T0 = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def headline(title: str, url: str | None = None, minutes: float = 0) -> Headline:
    return Headline(title=title, url=url, source="s", at=T0 + timedelta(minutes=minutes))


def titles(*headlines: Headline) -> list[str]:
    return [one.title for one in distinct(headlines)]


def test_the_newest_stands_first() -> None:
    assert titles(headline("A strike begins", minutes=1), headline("New bread sold", minutes=2)) == [
        "New bread sold",
        "A strike begins",
    ]


def test_one_link_is_one_piece_of_news_however_it_was_come_by() -> None:
    plain = headline("The bakery opens", "https://www.paper.example/a?id=1")
    tracked = headline("Opening of a bakery", "https://paper.example/a/?utm_source=x&id=1&fbclid=z", 5)
    other = headline("Something else entirely", "https://paper.example/a?id=2", 6)
    assert titles(tracked, plain, other) == ["Something else entirely", "The bakery opens"]


def test_nearly_one_title_is_one_piece_of_news_and_the_first_to_write_it_is_named() -> None:
    agency = headline("The Bakery recalls its walnut bread after complaints", "https://agency.example/1")
    copied = headline("THE BAKERY recalls its walnut bread, after complaints!", "https://paper.example/2", 9)
    near = headline("The bakery recalls its walnut bread after 12 complaints", "https://late.example/3", 12)
    assert titles(copied, near, agency) == [agency.title]


def test_short_titles_must_be_equal() -> None:
    assert len(titles(headline("Results 2025"), headline("Results 2026", minutes=1))) == 2
    assert len(titles(headline("Results 2025"), headline("results 2025.", minutes=1))) == 1


def test_no_likeness_is_missed_and_few_titles_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    dice, asked = random.Random(7), 0
    same = press._same

    def counted(one: frozenset[str], other: frozenset[str]) -> bool:
        nonlocal asked
        asked += 1
        return same(one, other)

    monkeypatch.setattr(press, "_same", counted)
    some = [" ".join(dice.choices("abcdefg", k=dice.randint(1, 12))) for _ in range(300)]
    kept: list[frozenset[str]] = []
    for title in some:
        if not any(same(frozenset(title.split()), other) for other in kept):
            kept.append(frozenset(title.split()))
    found = titles(*(headline(title, minutes=at) for at, title in enumerate(some)))
    assert [frozenset(title.split()) for title in reversed(found)] == kept
    asked, news = 0, [" ".join(f"word{dice.randrange(5000)}" for _ in range(10)) for _ in range(500)]
    assert len(titles(*map(headline, news))) == 500
    assert asked < 5_000, "every pair would be 125,000"


def test_a_link_that_cannot_be_read_is_itself() -> None:
    assert len(titles(headline("One two three", "https://[a"), headline("Four five six", "https://[a", 1))) == 1


def test_who_published_it_is_the_links_host() -> None:
    assert source_of("https://www.paper.example/a", "Alerts") == "paper.example"
    assert source_of(None, "Alerts") == source_of("https://[a", "Alerts") == "Alerts"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.builds(headline, st.text(max_size=30), st.none() | st.text(max_size=30), st.integers(0, 99))))
def test_whatever_comes_nothing_is_invented_and_doing_it_again_changes_nothing(found: list[Headline]) -> None:
    once = distinct(found)
    assert all(one in found for one in once)
    assert distinct(once) == once

"""The search line: words, filters in both languages, and what is said to what it cannot read."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.queries import Misunderstood
from bot.core.search import FILTERS, MAX_SEARCH, SearchQuery, parse_search, words_of
from bot.core.types import Kind, Severity, TicketStatus
from bot.locale import explain

TODAY = date(2026, 11, 22)
PLUS_ONE = timezone(timedelta(hours=1))


def parsed(line: str) -> SearchQuery | Misunderstood:
    return parse_search(line, tz=PLUS_ONE, today=TODAY)


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("envío", {"words": ("envio",), "unfinished": True}),
        ("ENVÍO España", {"words": ("envio", "espana"), "unfinished": True}),
        ("el a", {"words": ("el", "a")}),  # a beginning so short begins everything
        ("pan pan PAN", {"words": ("pan",), "unfinished": True}),
        ('"no llegó" pan', {"words": ("no llego", "pan"), "unfinished": True}),
        ("“no llegó”", {"words": ("no llego",)}),
        ("«no llegó", {"words": ("no llego",)}),
        ("100% cakes_were", {"words": ("100", "cakes were"), "unfinished": True}),
        ("http://example.org/pan", {"words": ("http example org pan",), "unfinished": True}),
        ("10:30", {"words": ("10 30",)}),
        ("#K7Q2 k7q3", {"ids": ("K7Q2",), "words": ("k7q3",), "unfinished": True}),
        ("network:wall", {"network": "wall"}),
        ("red:Wall", {"network": "wall"}),
        ("account:shop-es", {"account": "shop-es"}),
        ("cuenta:shop_2", {"account": "shop_2"}),
        ("kind:complaint", {"kind": Kind.COMPLAINT}),
        ("Tipo:Reclamación", {"kind": Kind.COMPLAINT}),
        ("state:open", {"state": TicketStatus.OPEN}),
        ("estado:esperando", {"state": TicketStatus.WAITING}),
        ("estado:pospuesto", {"state": TicketStatus.SNOOZED}),
        ("status:cerrada", {"state": TicketStatus.CLOSED}),
        ("severity:high", {"severity": Severity.HIGH}),
        ("gravedad:crítica", {"severity": Severity.CRITICAL}),
        ('author:"Rosa M."', {"author": "rosa m"}),
        ("autora:Núria", {"author": "nuria"}),
        ("before:2026-11-20", {"before": date(2026, 11, 20)}),
        ("antes:hoy", {"before": TODAY}),
        ("after:ayer", {"after": date(2026, 11, 21)}),
        ("después:7d", {"after": date(2026, 11, 15)}),
        ('desde:"2 semanas"', {"after": date(2026, 11, 8)}),
        ("after:9999w", {"after": date(1835, 4, 5)}),
        ("since:1w pan", {"after": date(2026, 11, 15), "words": ("pan",), "unfinished": True}),
    ],
)
def test_a_line_is_understood_in_both_languages(line: str, fields: dict[str, Any]) -> None:
    assert parsed(line) == SearchQuery(tz=PLUS_ONE, **fields)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "search_empty"),
        ("  ?! 🦄", "search_empty"),
        ('""', "search_empty"),
        ("kind:foo", "unknown_kind"),
        ("kind:", "unknown_kind"),
        ("tipo: queja", "unknown_kind"),
        ("severity:huge", "unknown_severity"),
        ("estado:dormido", "unknown_state"),
        ("network:a/b", "unknown_network"),
        ("cuenta:" + "x" * 50, "unknown_network"),
        ('author:"!"', "author_missing"),
        ("before:soon", "unknown_date"),
        ("before:2026-13-01", "unknown_date"),
        ("after:0d", "unknown_date"),
        ("after:5m", "unknown_date"),
        ("after:9 lustros", "unknown_date"),
        ("acount:wall", "unknown_filter"),
        ("kind:spam tipo:spam", "filter_twice"),
        ("after:2026-11-20 before:2026-11-20", "nothing_between"),
        (" ".join("abcdefghijklmnopqrstuvwxyz0123456"), "too_many_words"),
        ("x" * (MAX_SEARCH + 1), "text_too_long"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_remedy(line: str, reason: str) -> None:
    found = parsed(line)
    assert isinstance(found, Misunderstood)
    assert found.reason == reason
    for locale in ("en", "es"):
        said = explain(locale, found)
        assert said != reason
        assert "{" not in said


def test_a_filter_that_was_nearly_hit_is_suggested_with_its_value() -> None:
    found = parsed("seberity:high")
    assert isinstance(found, Misunderstood)
    assert found.suggestion == "severity:high"


def test_quotation_marks_make_words_of_a_filter() -> None:
    assert parsed('"acount:wall"') == SearchQuery(tz=PLUS_ONE, words=("acount wall",))


def test_days_begin_at_midnight_in_the_zone() -> None:
    found = parsed("after:2026-11-20 before:2026-11-21")
    assert isinstance(found, SearchQuery)
    assert found.since == datetime(2026, 11, 19, 23, tzinfo=UTC)
    assert found.until == datetime(2026, 11, 20, 23, tzinfo=UTC)
    assert SearchQuery(tz=UTC).since is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("El ENVÍO a España", ["el", "envio", "a", "espana"]),
        ("e\u200bnv\u00ado n\u0303", ["envo", "n"]),
        ("\uff50\uff41\uff4e", ["pan"]),
        ("rosa's cakes_were", ["rosa", "s", "cakes", "were"]),
        ("x" * 100, ["x" * 64]),
        ("日本語 ёлка Straße", ["日本語", "елка", "strasse"]),
        ("=kind:spam @rosa #k7q2 'a' \\ \"b\"", ["kind", "spam", "rosa", "k7q2", "a", "b"]),
    ],
)
def test_words_are_folded_and_bare(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(st.text())
def test_words_hold_nothing_that_an_index_could_take_for_something_else(text: str) -> None:
    for word in words_of(text):
        assert word == word.strip()
        assert word.isalnum()
        assert not set(word) & set("\"'\\=@#:_- \0")


PIECES = st.one_of(
    st.sampled_from([f"{name}:" for name in FILTERS] + ['"', " ", "today", "7d", "spam", "#K7Q2", "2026-11-20", "“"]),
    st.text(max_size=12),
)


@given(st.lists(PIECES, max_size=20).map("".join))
def test_any_line_gives_an_answer_that_can_be_said(line: str) -> None:
    found = parsed(line)
    if isinstance(found, Misunderstood):
        assert explain("es", found) != found.reason
    else:
        assert all(row == " ".join(words_of(row)) for row in found.words)
        assert found != SearchQuery(tz=PLUS_ONE)

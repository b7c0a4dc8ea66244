"""The search over both full-text indexes: what is found, in which order, page by page, and what no longer is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from bot.core.queries import Misunderstood
from bot.core.search import SearchPage
from bot.store import filing
from bot.store import tables as t
from bot.store.engine import Database
from bot.store.erase import erase_author
from bot.store.move import move
from bot.store.search import find
from tests.support.db import migrated_database
from tests.support.record import NOW, Record, full_ticket

NETWORKS = {"wall": "wall", "shop": "mastodon", "help": "mastodon"}
MADRID = ZoneInfo("Europe/Madrid")


def page(db: Database, line: str, *, after: str | None = None, limit: int = 20) -> SearchPage:
    with db.read() as conn:
        found = find(conn, line, now=NOW, tz=MADRID, networks=NETWORKS, after=after, limit=limit)
    assert isinstance(found, SearchPage), found
    return found


def ids(db: Database, line: str) -> list[str]:
    return [hit.line.id for hit in page(db, line).hits]


def refused(db: Database, line: str, *, after: str | None = None) -> Misunderstood:
    with db.read() as conn:
        found = find(conn, line, now=NOW, tz=MADRID, networks=NETWORKS, after=after)
    assert isinstance(found, Misunderstood)
    return found


@pytest.fixture
def talk(db: Database) -> Database:
    """Four tickets, from the oldest to the newest."""
    with db.begin() as conn:
        record = Record(conn)
        full_ticket(record, "DDDD")
        record.ticket("FFFF", "El ENVÍO a España no llegó; el pan, sí.", name="Núria Peña", author="u2", account="shop")
        about = {"kind": "question", "severity": "high", "status": "closed"}
        record.ticket("GGGG", "¿Llegó no sé qué a la panadería?", name="Xoán", author="u3", ticket=about)
        record.ticket("HHHH", "100% of the cakes_were gone: http://example.org/pan", author="u4", account="help")
    filing.rebuild(db)
    return db


@pytest.mark.parametrize(
    ("line", "hits"),
    [
        ("stale", ["DDDD"]),
        ("SORRY", ["DDDD"]),
        ("called twice", ["DDDD"]),
        ("envio", ["FFFF"]),
        ("envío", ["FFFF"]),
        ("ENVIO espana", ["FFFF"]),
        ("españa", ["FFFF"]),
        ("pan", ["HHHH", "GGGG", "FFFF"]),  # the last word may go on
        ('"pan"', ["HHHH", "FFFF"]),  # and does not where it stands in quotation marks
        ("pan llego", ["FFFF"]),
        ("llego no", ["GGGG", "FFFF"]),
        ('"llegó no"', ["GGGG"]),
        ('"no llegó"', ["FFFF"]),
        ("nuria", ["FFFF"]),
        ('"si nuria"', []),  # the end of a text does not stand beside a name
        ("nuria pan", ["FFFF"]),
        ("100%", ["HHHH"]),
        ("cakes_were", ["HHHH"]),
        ("example.org", ["HHHH"]),
        ("hhhh", ["HHHH"]),
        ("#hhhh", ["HHHH"]),
        ("#hhhh #ffff", []),
        ("nowhere", []),
        ("author:nuria", ["FFFF"]),
        ('autor:"Núria Peña" pan', ["FFFF"]),
        ("author:peña", ["FFFF"]),
        ("author:pan", []),
        ("network:mastodon pan", ["HHHH", "FFFF"]),
        ("red:shop pan", ["FFFF"]),
        ("network:mastodon account:help", ["HHHH"]),
        ("account:wall network:mastodon", []),
        ("kind:question", ["GGGG"]),
        ("tipo:queja gravedad:normal account:wall", ["DDDD"]),
        ("estado:cerrado", ["GGGG"]),
        ("state:open pan", ["HHHH", "FFFF"]),
        ("severity:high pan", ["GGGG"]),
        ("severity:critical pan", []),
    ],
)
def test_words_and_filters_find_tickets_the_newest_first(talk: Database, line: str, hits: list[str]) -> None:
    assert ids(talk, line) == hits


@pytest.mark.parametrize(
    ("line", "where", "marked"),
    [
        ("sorry", "reply", ["sorry"]),
        ("bread", "message", ["bread"]),  # which stands in the newer reply, too
        ('"was stale"', "message", ["was stale"]),
        ("twice", "note", ["twice"]),
        ("peña", "author", ["Peña"]),
        ("author:nuria pan", "message", ["pan"]),
        ("author:nuria", "author", ["Núria"]),
        ("#hhhh", "id", []),
        ("hhhh", "id", []),
        ("ENVIO", "message", ["ENVÍO"]),
        ("state:closed", "message", []),
    ],
)
def test_a_hit_says_where_it_is_and_marks_the_words(talk: Database, line: str, where: str, marked: list[str]) -> None:
    hit = page(talk, line).hits[0]
    assert (hit.where, [piece.text for piece in hit.snippet if piece.marked]) == (where, marked)
    assert hit.snippet
    assert hit.at >= NOW


@pytest.mark.parametrize(
    "line",
    [
        "' OR 1=1 --",
        '"',
        '""" pan """',
        "NEAR(pan llego, 2)",
        "pan AND NOT llego OR *",
        "pan* ^pan -pan +pan",
        "words:pan rowid:1 {words}: pan",
        "pan:* & !llego | <-> (",
        "'pan':A \\ ' & ",
        "a\0b",
        "\ud800 pan",
        "\u202epan\u200b",
        "x" * 400,
        " ".join("abcdefghijklmnopqrstuvwxyz012345"),
        "ñ" * 400,
        "%s %(x)s :x {0} $1",
        "search_words delete",
        "🦄",
        "日本語 テスト",
    ],
)
def test_hostile_lines_are_words_or_refused(talk: Database, line: str) -> None:
    with talk.read() as conn:
        found = find(conn, line, now=NOW, tz=UTC, networks=NETWORKS)
    assert isinstance(found, SearchPage | Misunderstood)


def test_what_stands_for_nothing_is_refused(talk: Database) -> None:
    assert refused(talk, "x" * 10_000).reason == "text_too_long"
    assert refused(talk, "!?").reason == "search_empty"
    assert refused(talk, "network:nowhere").reason == "unknown_network"
    assert refused(talk, "pan", after="x'--").reason == "bad_page"
    assert refused(talk, "pan", after="f" * 40).reason == "bad_page"


def test_an_account_that_is_not_configured_any_more_can_still_be_asked_for(talk: Database) -> None:
    with talk.begin() as conn:
        Record(conn).ticket("JJJJ", "Pan", account="gone")
    filing.rebuild(talk)
    assert ids(talk, "account:gone") == ids(talk, "network:gone pan") == ["JJJJ"]


def test_days_begin_in_the_teams_zone(db: Database) -> None:
    with db.begin() as conn:
        for name, at in (("DDDD", "2026-11-01T22:59"), ("FFFF", "2026-11-01T23:01"), ("GGGG", "2026-11-02T22:59")):
            Record(conn, datetime.fromisoformat(f"{at}:00+00:00") - timedelta(minutes=1)).ticket(name, "pan")
    filing.rebuild(db)
    assert ids(db, "pan after:2026-11-02") == ["GGGG", "FFFF"]
    assert ids(db, "before:2026-11-02") == ["DDDD"]
    assert ids(db, "pan desde:2026-11-02 antes:2026-11-03") == ["GGGG", "FFFF"]
    assert ids(db, "after:2026-11-03") == []


def test_how_a_ticket_stands_now_is_what_the_filters_ask_for(talk: Database) -> None:
    with talk.begin() as conn:
        changed = {"status": "snoozed", "kind": "praise", "severity": "critical"}
        conn.execute(update(t.tickets).where(t.tickets.c.id == "FFFF").values(changed))
    assert ids(talk, "state:snoozed kind:praise severity:critical envio") == ["FFFF"]
    assert ids(talk, "state:open pan") == ["HHHH"]


def test_pages_have_neither_gaps_nor_repeats_whatever_comes_in_meanwhile(db: Database) -> None:
    names = [f"{a}{b}{b}{b}" for a in "DFGHJ" for b in "2345"]
    with db.begin() as conn:
        record = Record(conn)
        for name in names:
            record.ticket(name, "pan", author=name)
        for name in names[::3]:  # a second text of some, newer than all the others
            record.tick()
            record.note(name, "ana", "more pan")
    filing.rebuild(db)
    expected = [*reversed(names[::3]), *(name for name in reversed(names) if name not in names[::3])]
    seen: list[str] = []
    after: str | None = None
    for number in range(100):
        found = page(db, "pan", after=after, limit=3)
        seen += [hit.line.id for hit in found.hits]
        after = found.next
        if after is None:
            break
        with db.begin() as conn:  # a new ticket, and another text of a ticket that was not shown yet
            record = Record(conn, NOW + timedelta(days=1, minutes=number))
            record.ticket(f"Z{number:03}", "pan", author=f"z{number}")
            record.note(expected[-1], "ana", "pan again")
        filing.rebuild(db)
    assert seen == expected


def test_a_ticket_with_many_texts_takes_one_line(db: Database) -> None:
    with db.begin() as conn:
        record = Record(conn)
        record.ticket("DDDD", "pan")
        record.ticket("FFFF", "pan")
        for _ in range(150):
            record.note("FFFF", "ana", "pan")
    filing.rebuild(db)
    assert ids(db, "pan") == ["FFFF", "DDDD"]


@pytest.mark.parametrize("read", [1, 3])
def test_what_is_older_than_the_texts_that_are_read_is_found_by_the_index(
    talk: Database, read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.finding_sqlite.READ", read)
    if talk.shared:
        monkeypatch.setattr("bot.store.finding_postgres.READ", read)
    assert ids(talk, "pan") == ["HHHH", "GGGG", "FFFF"]
    assert ids(talk, "stale") == ["DDDD"]
    assert ids(talk, "kind:complaint pana") == []
    assert ids(talk, "kind:question pana") == ["GGGG"]
    assert ids(talk, "before:2030-01-01") == ["HHHH", "GGGG", "FFFF", "DDDD"]


def test_what_was_erased_cannot_be_found_and_has_left_the_index(talk: Database) -> None:
    for line in ("stale", "sorry", "twice", "author:rosa"):
        assert "DDDD" in ids(talk, line)
    with talk.begin() as conn:
        erase_author(conn, account="wall", who="u1", now=NOW, actor="ana")
    talk.tidy()
    for line in ("stale", "sorry", "twice", "author:rosa", "#dddd"):
        assert "DDDD" not in ids(talk, line)
    with talk.read() as conn:
        assert conn.execute(select(func.count()).where(t.search.c.ticket == "DDDD")).scalar_one() == 0
        if not talk.shared:
            blocks = conn.exec_driver_sql("SELECT block FROM search_words_data").scalars()
            assert not any(b"stale" in block for block in blocks)
    assert filing.rebuild(talk) == 3


def test_a_copy_and_a_move_bring_the_search_along(talk: Database, tmp_path: Path) -> None:
    talk.copy_to(tmp_path / "copy.db")
    copy = Database.at(tmp_path / "copy.db")
    moved = migrated_database(tmp_path / "moved.db")
    move(talk, moved)
    for other in (copy, moved):
        assert ids(other, "pan") == ["HHHH", "GGGG", "FFFF"]
        assert ids(other, "kind:question") == ["GGGG"]
        other.close()

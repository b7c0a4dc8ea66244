"""Erasure takes texts and names away, and nothing else."""

import secrets
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.store import seals
from bot.store import tables as t
from bot.store.audit import verify
from bot.store.authors import AmbiguousAuthor
from bot.store.engine import Database
from bot.store.engine_sqlite import SqliteDatabase
from bot.store.erase import ERASED_NAME, ErasureReport, erase_author, erase_person
from tests.support.db import on_sqlite
from tests.support.record import NOW, Record, full_ticket

LATER = NOW + timedelta(days=1)
KEPT = (t.events, t.items, t.revisions, t.decisions, t.publications, t.tickets, t.replies)


@pytest.fixture
def filled(db: Database) -> Database:
    """Rosa (`u1`, @rosa) with two tickets, Raúl with one, two visitors who typed `Guest`."""
    with db.begin() as conn:
        record = Record(conn)
        full_ticket(record, "AAAA")
        full_ticket(record, "BBBB", name="Rosa the Second", ticket={"close_reason": "Rosa said so"})
        full_ticket(record, "CCCC", author="u2", name="Raúl", extra={"handle": "raul"})
        full_ticket(record, "DDDD", author=None, name="Guest", extra={})
        record.ticket("EEEE", "Also a guest.", name="Guest", extra={})
        record.reply("EEEE", "Dear Guest, thank you.")
        conn.execute(
            t.people.insert().values(id="luis", name="Luis Vega", role="approver", locale="es", signature="^L")
        )
        conn.execute(t.identities.insert().values(chat="slack", native_id="U77", person="luis"))
        seals.seal(conn, NOW)
    return db


def erase(db: Database, who: str, *, account: str | None = None, dry_run: bool = False) -> ErasureReport:
    with db.begin() as conn:
        return erase_author(conn, account=account, who=who, now=LATER, actor="ana", dry_run=dry_run)


def texts(db: Database) -> dict[str, list[str]]:
    """What is still there to read, by ticket."""
    found: dict[str, list[str]] = {}
    with db.read() as conn:
        for row in conn.execute(
            select(t.events.c.ticket, t.contents.c.text).join(t.contents, t.contents.c.id == t.events.c.content)
        ):
            if row.text:
                found.setdefault(row.ticket, []).append(row.text)
    return found


def counts(db: Database) -> dict[str, int]:
    with db.read() as conn:
        return {table.name: conn.execute(select(func.count()).select_from(table)).scalar_one() for table in KEPT}


@pytest.mark.parametrize("who", ["u1", "rosa", "@rosa", "Rosa", "Rosa the Second"])
def test_a_person_is_found_by_id_handle_or_name_with_everything_they_wrote(filled: Database, who: str) -> None:
    report = erase(filled, who)
    assert report.tickets == ("AAAA", "BBBB")
    assert report.contents == {"item": 2, "revision": 4, "note": 2}
    [match] = report.matches
    assert (match.account, match.native_id, match.items) == ("wall", "u1", 2)
    assert match.names == ("Rosa", "Rosa the Second")
    assert set(texts(filled)) == {"CCCC", "DDDD", "EEEE"}


@on_sqlite
def test_not_a_word_of_the_person_is_left_in_any_file(filled: SqliteDatabase) -> None:
    with filled.begin() as conn:
        Record(conn).ticket("FFFF", "I broke my left molar.", author="u5", name="Quirina", extra={"handle": "quiri"})
    words = (b"molar", b"Quirina", b"quiri")
    files = list(filled.path.parent.iterdir())
    assert all(any(word in file.read_bytes() for file in files) for word in words)
    erase(filled, "u5")
    filled.tidy()
    assert not any(word in file.read_bytes() for file in files for word in words)


def test_the_record_that_there_was_something_stays(filled: Database) -> None:
    before = counts(filled)
    erase(filled, "u1")
    after = counts(filled)
    assert after.pop("events") == before.pop("events") + 8
    assert after == before
    with filled.read() as conn:
        logged = conn.execute(select(t.events).where(t.events.c.type == "ContentErased")).all()
        assert {row.actor for row in logged} == {"ana"}
        assert {row.ticket for row in logged} == {"AAAA", "BBBB"}
        assert all(row.content and row.content_hash and row.at == LATER for row in logged)


def test_the_record_can_still_be_sealed_and_verified(filled: Database) -> None:
    with filled.read() as conn:
        noted = seals.head(conn)
    erase(filled, "u1")
    with filled.begin() as conn:
        assert seals.seal(conn, LATER) == 8
        assert verify(conn, expect=noted).problems == []


def test_the_link_to_the_networks_id_is_cut(filled: Database) -> None:
    erase(filled, "u1")
    with filled.read() as conn:
        left = conn.execute(select(t.authors.c.native_id, t.authors.c.erased_at).order_by(t.authors.c.id)).all()
    assert left == [(None, LATER), ("u2", None)]


def test_what_else_may_name_the_person_goes_and_the_tickets_version_moves(filled: Database) -> None:
    with filled.begin() as conn:
        Record(conn).set_reply("AAAA.1", manual_url="https://x.example/@rosa/1")
    erase(filled, "u1")
    with filled.read() as conn:
        tickets = conn.execute(select(t.tickets.c.close_reason, t.tickets.c.version).order_by(t.tickets.c.id)).all()
        assert tickets[:3] == [(None, 2), (None, 2), (None, 1)]
        assert conn.execute(select(t.replies.c.manual_url).where(t.replies.c.id == "AAAA.1")).scalar_one() is None


def test_a_dry_run_counts_the_same_and_changes_nothing(filled: Database) -> None:
    before = texts(filled), counts(filled)
    dry = erase(filled, "u1", dry_run=True)
    assert dry.dry_run
    assert (texts(filled), counts(filled)) == before
    wet = erase(filled, "u1")
    assert (dry.contents, dry.tickets, dry.matches, dry.total) == (wet.contents, wet.tickets, wet.matches, 8)


def test_erasing_again_finds_nothing(filled: Database) -> None:
    erase(filled, "u1")
    assert erase(filled, "u1") == ErasureReport()


def test_somebody_unknown_is_found_nowhere(filled: Database) -> None:
    assert erase(filled, "nobody") == ErasureReport()


def test_replies_that_still_might_go_out_are_named(filled: Database) -> None:
    assert erase(filled, "u1").open_replies == ()
    with filled.begin() as conn:
        record = Record(conn)
        record.reply("CCCC", "One more word.")
    assert erase(filled, "u2").open_replies == ("CCCC.2",)


def test_typed_names_of_one_account_are_erased_together(filled: Database) -> None:
    report = erase(filled, "Guest")
    assert report.tickets == ("DDDD", "EEEE")
    assert set(texts(filled)) == {"AAAA", "BBBB", "CCCC"}


def test_a_name_that_several_people_bear_is_refused_and_they_are_told_apart(filled: Database) -> None:
    with filled.begin() as conn:
        Record(conn).ticket("FFFF", "I am another Rosa.", author="u9", name="Rosa")
    before = texts(filled)
    with pytest.raises(AmbiguousAuthor) as caught:
        erase(filled, "Rosa")
    assert sorted(str(match.native_id) for match in caught.value.matches) == ["u1", "u9"]
    assert caught.value.remedy
    assert texts(filled) == before


def test_the_account_tells_people_of_two_networks_apart(filled: Database) -> None:
    with filled.begin() as conn:
        Record(conn).ticket("FFFF", "Elsewhere.", author="u1", name="Rosa", account="masto")
    with pytest.raises(AmbiguousAuthor):
        erase(filled, "u1")
    assert erase(filled, "u1", account="masto").tickets == ("FFFF",)
    assert erase(filled, "u1", account="wall").tickets == ("AAAA", "BBBB")


def test_our_own_items_in_the_conversation_go_too_but_are_nobodys_name(filled: Database) -> None:
    with filled.begin() as conn:
        Record(conn).item("AAAA", "Sorry, Rosa!", "ours-1", name="The Bakery", ours=True)
    assert erase(filled, "The Bakery") == ErasureReport()
    assert erase(filled, "u1").contents["item"] == 3


def test_a_version_that_shares_its_text_is_counted_once(filled: Database) -> None:
    with filled.begin() as conn:
        content = conn.execute(select(t.items.c.content).where(t.items.c.ticket == "AAAA")).scalar_one()
        Record(conn).item("AAAA", "", "n-AAAA", content=content, number=2, gone=True, author="u1")
    assert erase(filled, "u1").contents["item"] == 2


def test_more_items_than_fit_into_one_statement_are_erased(db: Database) -> None:
    with db.begin() as conn:
        record = Record(conn)
        record.ticket("AAAA", author="u1")
        author, first = record.author("u1"), record.id(t.items)
        numbers = range(first, first + 1200)
        values = {"kind": "item", "text": "again", "extra": {}, "salt": secrets.token_hex(8), "hash": "h"}
        conn.execute(t.contents.insert(), [{"id": n, "author": "Rosa", **values} for n in numbers])
        one = dict(conn.execute(select(t.items)).mappings().one())
        rows = [one | {"id": n, "native_id": f"m{n}", "content": n, "author": author} for n in numbers]
        conn.execute(t.items.insert(), rows)
    assert erase(db, "u1").contents == {"item": 1201}
    assert texts(db) == {}


def test_a_colleague_who_leaves_takes_name_chat_ids_and_notes_along(filled: Database) -> None:
    with filled.begin() as conn:
        dry = erase_person(conn, "luis", now=LATER, actor="ana", dry_run=True)
        report = erase_person(conn, "luis", now=LATER, actor="ana")
    assert dry.contents == report.contents == {"note": 4}
    assert report.tickets == ("AAAA", "BBBB", "CCCC", "DDDD")
    with filled.read() as conn:
        row = conn.execute(select(t.people)).one()
        assert (row.id, row.name, row.signature, row.active) == ("luis", ERASED_NAME, None, False)
        known = conn.execute(select(t.identities)).one()
        assert (known.native_id, known.active) == ("erased:luis:1", False)
        assert verify(conn).problems == []
        data = conn.execute(select(t.events.c.data).where(t.events.c.type == "PersonChanged")).scalar_one()
        assert data == {"person": "luis", "erased": True}
    assert all("called twice" not in text for lines in texts(filled).values() for text in lines)
    assert any("stale bread" in text for lines in texts(filled).values() for text in lines)


def test_how_a_colleague_took_care_of_a_failure_goes_along(filled: Database) -> None:
    with filled.begin() as conn:
        Record(conn).note("AAAA", "luis", "I rang the zither shop.", "FailureDone")
        erase_person(conn, "luis", now=LATER, actor="ana")
    assert all("zither" not in text for lines in texts(filled).values() for text in lines)


def test_a_colleague_nobody_knows_is_an_error(filled: Database) -> None:
    with pytest.raises(LookupError), filled.begin() as conn:
        erase_person(conn, "eve", now=LATER, actor="ana")

"""What hangs on a comment is part of the record: exported, moved, searched, proved, and erased with the words."""

from __future__ import annotations

import json

from sqlalchemy import select, text

from bot.core.attachments import kept
from bot.core.types import Attachment, AttachmentKind
from bot.store import filing
from bot.store import tables as t
from bot.store.attached import attachments_of, covered, words_of
from bot.store.audit import verify
from bot.store.cards import card
from bot.store.engine import Database
from bot.store.erase import erase_author
from bot.store.export import export
from bot.store.seals import content_hash
from tests.support.record import NOW, Record, full_ticket

NOTE = {
    "url": "https://p.example/cup.png",
    "kind": "image",
    "alt": "A qzcup, broken",
    "media_type": "image/png",
    "size": 9,
}
EXTRA = {"attachments": [NOTE], "more_attachments": 3}
CUP = Attachment(
    url="https://p.example/cup.png",
    kind=AttachmentKind.IMAGE,
    alt="A qzcup, broken",
    media_type="image/png",
    size=9,
)


def filled(db: Database) -> None:
    with db.begin() as conn:
        full_ticket(Record(conn), "AAAA", author="u1", extra=EXTRA)
    filing.rebuild(db)


def test_a_card_and_an_export_show_it(db: Database) -> None:
    filled(db)
    with db.read() as conn:
        found = card(conn, "AAAA", NOW, max_length=lambda _account: None)
        lines = [json.loads(line) for line in export(conn, NOW)]
    assert found is not None
    assert (found.conversation[0].attachments, found.conversation[0].more_attachments) == ((CUP,), 3)
    assert (found.line.attachments, found.line.more_attachments) == ((CUP,), 3)
    [ticket] = [line for line in lines if line["what"] == "ticket"]
    assert ticket["conversation"][0]["attachments"] == [NOTE | {"name": "", "sensitive": False}]
    assert ticket["conversation"][0]["more_attachments"] == 3


def test_the_index_made_anew_holds_its_words_once_and_only_with_the_message(db: Database) -> None:
    filled(db)
    with db.read() as conn:
        rows = conn.execute(select(t.search.c.place, t.search.c.words)).all()
    assert [row.place for row in rows if "qzcup" in row.words] == ["message"]
    assert {"reply", "note"} <= {row.place for row in rows}


def test_a_picture_exchanged_in_the_database_is_found_out(db: Database) -> None:
    filled(db)
    with db.read() as conn:
        assert verify(conn).sound
    forged = json.dumps({**EXTRA, "attachments": [{**NOTE, "url": "https://p.example/other.png"}]})
    with db.begin() as conn:
        # Whoever gets that far has switched off what refuses it.
        if db.shared:
            conn.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            names = conn.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'contents'")
            )
            for name in names.scalars().all():
                conn.execute(text(f'DROP TRIGGER "{name}"'))
        cast = "CAST(:extra AS json)" if db.shared else ":extra"
        conn.execute(text(f"UPDATE contents SET extra = {cast} WHERE kind = 'item'"), {"extra": forged})  # noqa: S608
    with db.read() as conn:
        assert not verify(conn).sound


def test_it_is_erased_with_the_words(db: Database) -> None:
    filled(db)
    with db.begin() as conn:
        erase_author(conn, account=None, who="u1", now=NOW, actor="ana")
    with db.read() as conn:
        found = card(conn, "AAAA", NOW, max_length=lambda _account: None)
        assert found is not None
        assert (found.line.attachments, found.line.more_attachments) == ((), 0)
        assert (found.conversation[0].attachments, found.conversation[0].erased) == ((), True)
        assert not any("qzcup" in line or "p.example" in line for line in export(conn, NOW))
        assert verify(conn).sound


def test_nothing_is_kept_where_nothing_hangs_and_the_hash_is_as_it_was() -> None:
    assert covered({"handle": "vera"}) is None
    assert words_of({}) == ""
    assert attachments_of({}) == ()
    assert kept(()) == ((), 0)
    assert content_hash("s", "t", "a", "u", None) == content_hash("s", "t", "a", "u")
    assert (
        len({content_hash("s", "t", "a", "u", extra) for extra in (None, EXTRA, {**EXTRA, "more_attachments": 4})}) == 3
    )

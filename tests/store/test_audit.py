"""Whoever changes the record behind the database's back is found out."""
# ruff: noqa: S608 -- the statements are put together from our own names

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from bot.store import audit, seals
from bot.store.engine import Database
from bot.store.triggers import DIALECTS
from tests.support.record import NOW, Record, full_ticket

LATER = NOW + timedelta(days=1)


@pytest.fixture
def sealed(db: Database) -> Database:
    """Three tickets under two seals, and one whose rows are not sealed yet."""
    with db.begin() as conn:
        record = Record(conn)
        full_ticket(record, "AAAA")
        full_ticket(record, "BBBB", author="u2")
        assert seals.seal(conn, NOW) > 0
        full_ticket(record, "CCCC", author="u3")
        assert seals.seal(conn, LATER) > 0
        full_ticket(record, "DDDD", author="u4")
    return db


def check(db: Database, expect: str | None = None) -> audit.AuditReport:
    with db.read() as conn:
        return audit.verify(conn, expect=expect)


def tamper(db: Database, *statements: str) -> None:
    """As somebody does who owns the file: without triggers and without asking for references."""
    with db.begin() as conn:
        if db.shared:
            conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            for name in DIALECTS["sqlite"].wanted():
                conn.exec_driver_sql(DIALECTS["sqlite"].drop(name))
            conn.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for statement in statements:
            conn.exec_driver_sql(statement.replace("%", "%%") if db.shared else statement)


def head(db: Database) -> str:
    with db.read() as conn:
        found = seals.head(conn)
        assert found is not None
        return found


def test_an_untouched_record_is_sound(sealed: Database) -> None:
    report = check(sealed, expect=head(sealed))
    assert report.sound
    assert report.problems == []
    assert report.seals == 2
    assert report.unsealed > 0
    assert report.head == head(sealed)


def test_an_empty_record_is_sound_and_has_no_seal(db: Database) -> None:
    report = check(db)
    assert (report.sound, report.rows, report.seals, report.head) == (True, 0, 0, None)


def test_sealing_covers_everything_once(sealed: Database) -> None:
    with sealed.begin() as conn:
        assert seals.unsealed(conn) == seals.seal(conn, LATER)
        assert seals.unsealed(conn) == 0
        assert seals.seal(conn, LATER) == 0
    report = check(sealed)
    assert report.sound
    assert (report.seals, report.unsealed) == (3, 0)


def test_a_log_of_more_rows_than_one_batch_is_sealed_and_checked(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "_BATCH", 10)
    with db.begin() as conn:
        record = Record(conn)
        for _ in range(21):
            record.log("Paused", actor="ana")
        assert seals.seal(conn, NOW) == 21
        record.log("Resumed", actor="ana")
    report = check(db)
    assert report.sound
    assert (report.rows, report.unsealed) == (22, 1)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET actor = 'luis' WHERE actor = 'ana' AND seq < 9",
        "UPDATE events SET at = at + 1 WHERE seq = 1",
        "UPDATE events SET type = 'Paused' WHERE seq = 2",
        "UPDATE events SET data = '{\"revision\": 3}' WHERE seq = 3",
        "UPDATE events SET ticket = 'BBBB' WHERE seq = 1",
        "UPDATE events SET reply = NULL WHERE seq = 3",
        "UPDATE events SET item = 2 WHERE seq = 1",
        "UPDATE events SET content = 2 WHERE seq = 1",
        "UPDATE events SET content_hash = NULL WHERE seq = 1",
        "UPDATE seals SET at = at + 1 WHERE id = 1",
        "UPDATE seals SET hash = 'f' WHERE id = 1",
        "UPDATE seals SET previous = 'f' WHERE id = 1",
        "UPDATE seals SET rows = rows + 1 WHERE id = 1",
        "UPDATE seals SET last_seq = last_seq - 1 WHERE id = 1",
    ],
)
def test_a_changed_row_breaks_the_first_seal_over_it(sealed: Database, change: str) -> None:
    tamper(sealed, change)
    report = check(sealed)
    assert report.first_bad_seal == 1
    assert not report.sound


def test_a_change_under_the_second_seal_leaves_the_first_one_good(sealed: Database) -> None:
    with sealed.read() as conn:
        last = conn.execute(text("SELECT last_seq FROM seals WHERE id = 2")).scalar_one()
    tamper(sealed, f"UPDATE events SET actor = 'eve' WHERE seq = {last}")
    assert check(sealed).first_bad_seal == 2


def test_a_seal_made_anew_over_changed_rows_does_not_fit_the_next_one(sealed: Database) -> None:
    tamper(sealed, "UPDATE events SET actor = 'eve' WHERE seq = 1", "DELETE FROM seals WHERE id = 1")
    assert check(sealed).first_bad_seal == 1


def test_a_row_taken_out_leaves_a_gap(sealed: Database) -> None:
    tamper(sealed, "DELETE FROM events WHERE seq IN (4, 5)")
    report = check(sealed)
    assert report.gaps == ((4, 5),)
    assert report.first_bad_seal == 1


def test_a_row_taken_out_of_what_is_not_sealed_yet_leaves_a_gap_too(sealed: Database) -> None:
    with sealed.read() as conn:
        last = conn.execute(text("SELECT last_seq FROM seals WHERE id = 2")).scalar_one()
    tamper(sealed, f"DELETE FROM events WHERE seq = {last + 2}")
    report = check(sealed)
    assert report.gaps == ((last + 2, last + 2),)
    assert report.first_bad_seal is None


def test_cutting_the_end_off_shows_against_the_seal_that_was_noted_down(sealed: Database) -> None:
    noted = head(sealed)
    with sealed.read() as conn:
        last = conn.execute(text("SELECT last_seq FROM seals WHERE id = 1")).scalar_one()
    cut = [f"DELETE FROM {name} WHERE reply NOT LIKE 'AAAA%' AND reply NOT LIKE 'BBBB%'" for name in RECORD]
    tamper(sealed, *cut, f"DELETE FROM events WHERE seq > {last}", "DELETE FROM seals WHERE id = 2")
    assert check(sealed).sound
    report = check(sealed, expect=noted)
    assert report.truncated
    assert "cut off" in report.problems[0]


RECORD = ("decisions", "publications", "revisions")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE contents SET text = 'It was lovely.' WHERE id = 1",
        "UPDATE contents SET author = 'Somebody else' WHERE id = 1",
        "UPDATE contents SET url = 'https://elsewhere.example/1' WHERE id = 1",
        "UPDATE contents SET salt = 'other' WHERE id = 1",
        "UPDATE contents SET salt = NULL WHERE id = 1",
        "UPDATE contents SET erased_at = 1 WHERE id = 1",
    ],
)
def test_a_changed_text_does_not_fit_its_hash(sealed: Database, change: str) -> None:
    tamper(sealed, change)
    assert check(sealed).contents == (1,)


def test_a_text_changed_together_with_its_hash_does_not_fit_the_log(sealed: Database) -> None:
    forged = seals.content_hash("salt", "It was lovely.")
    values = f"text = 'It was lovely.', author = NULL, url = NULL, salt = 'salt', hash = '{forged}'"
    tamper(sealed, f"UPDATE contents SET {values} WHERE id = 1")
    assert check(sealed).contents == (1,)


def add_revision(conn: Connection) -> None:
    Record(conn).revise("AAAA.1", "A wording that nobody proposed.", author="ana")


def add_refusal(conn: Connection) -> None:
    Record(conn, at=LATER).decide("AAAA.1", "ana", "undo", "ReplyUndone")


def add_void(conn: Connection) -> None:
    Record(conn, at=LATER).decide("AAAA.1", "portavoz", "void", "ApprovalVoided")


@pytest.mark.parametrize("add", [add_revision, add_refusal, add_void])
def test_further_wordings_and_decisions_with_their_log_rows_are_sound(
    sealed: Database, add: Callable[[Connection], None]
) -> None:
    with sealed.begin() as conn:
        add(conn)
    assert check(sealed).sound


FORGED_DECISION = (
    "INSERT INTO decisions SELECT 900, reply, revision, 'eve', verdict, via, at, expires_at, binding"
    " FROM decisions WHERE id = 1"
)


@pytest.mark.parametrize(
    ("forgery", "what"),
    [
        (FORGED_DECISION, "decision 900"),
        ("UPDATE decisions SET person = 'eve' WHERE id = 1", "decision 1"),
        ("UPDATE decisions SET verdict = 'undo' WHERE id = 1", "decision 1"),
        ("UPDATE decisions SET at = at + 1 WHERE id = 1", "decision 1"),
        ("UPDATE decisions SET reply = 'BBBB.1' WHERE id = 1", "decision 1"),
        ("UPDATE revisions SET number = 7 WHERE reply = 'AAAA.1' AND number = 2", "revision 7 of AAAA.1"),
        ("UPDATE publications SET attempt = 2 WHERE id = 1", "publication 1"),
    ],
)
def test_what_has_no_trace_in_the_log_is_named(sealed: Database, forgery: str, what: str) -> None:
    tamper(sealed, forgery)
    assert check(sealed).unlogged == (what,)


def test_many_findings_are_summed_up(sealed: Database) -> None:
    tamper(sealed, "UPDATE contents SET text = 'x'")
    report = check(sealed)
    assert len(report.contents) == 16
    assert report.problems == ["texts were changed: 1, 2, 3, 4, 5 and 11 more"]

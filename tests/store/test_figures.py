"""The team's figures."""

from datetime import timedelta

import pytest

from bot.core.figures import Drafts, Figures, Tally
from bot.store.engine import Database
from bot.store.figures import figures, percentile
from tests.support.record import NOW, Record

DAY = timedelta(days=1)
NONE = Tally()


def of(db: Database, since: timedelta = -DAY, until: timedelta = DAY) -> Figures:
    with db.read() as conn:
        return figures(conn, NOW + since, NOW + until)


def test_nothing_happened_in_an_empty_database(db: Database) -> None:
    empty = of(db)
    assert (empty.arrived, empty.answered, empty.closed) == (NONE, NONE, NONE)
    assert (empty.median_minutes, empty.p90_minutes, empty.waiting, empty.overdue) == (None, None, 0, 0)
    assert empty.drafts == Drafts()


def test_tickets_are_counted_by_kind_account_and_sentiment(db: Database) -> None:
    with db.begin() as conn:
        r = Record(conn)
        r.ticket("AAAA")
        r.ticket("BBBB", ticket={"kind": "praise", "sentiment": "positive"})
        r.ticket("CCCC", account="masto")
    assert of(db).arrived == Tally(
        total=3,
        by_kind={"complaint": 2, "praise": 1},
        by_account={"wall": 2, "masto": 1},
        by_sentiment={"negative": 2, "positive": 1},
    )


def test_each_thing_counts_in_the_span_in_which_it_happened(db: Database) -> None:
    moments = {"opened_at": NOW, "answered_at": NOW + DAY, "closed_at": NOW + 2 * DAY, "status": "closed"}
    with db.begin() as conn:
        Record(conn).ticket("AAAA", ticket=moments)
    spans = [of(db, n * DAY, (n + 1) * DAY) for n in range(-1, 4)]
    assert [span.arrived.total for span in spans] == [0, 1, 0, 0, 0]
    assert [span.answered.total for span in spans] == [0, 0, 1, 0, 0]
    assert [span.closed.total for span in spans] == [0, 0, 0, 1, 0]


def test_minutes_are_from_the_opening_to_the_first_answer(db: Database) -> None:
    with db.begin() as conn:
        r = Record(conn)
        for number, minutes in enumerate((10, 20, 30, 40, 1000)):
            answered = {"opened_at": NOW, "answered_at": NOW + timedelta(minutes=minutes)}
            r.ticket(f"TT{number}", ticket=answered)
    got = of(db)
    assert got.median_minutes == 30
    assert got.p90_minutes == pytest.approx(616)


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([], 50, None),
        ([7.0], 90, 7.0),
        ([1.0, 3.0], 50, 2.0),
        ([0.0, 1.0, 2.0, 3.0, 4.0], 100, 4.0),
        ([5.0, 9.0], 0, 5.0),
    ],
)
def test_a_percentile_lies_between_its_neighbours(values: list[float], percent: int, expected: float | None) -> None:
    assert percentile(values, percent) == expected


def test_waiting_are_those_without_an_answer_then(db: Database) -> None:
    with db.begin() as conn:
        r = Record(conn)
        r.ticket("AAAA", ticket={"due_at": NOW})
        r.ticket("BBBB", ticket={"due_at": NOW + 9 * DAY})
        r.ticket("CCCC", ticket={"status": "closed"})
        r.ticket("DDDD", ticket={"answered_at": NOW})
        r.ticket("EEEE", ticket={"opened_at": NOW + 2 * DAY})
    got = of(db)
    assert (got.waiting, got.overdue) == (2, 1)


def test_drafts_are_told_apart_by_what_became_of_them(db: Database) -> None:
    with db.begin() as conn:
        r = Record(conn)
        for ticket in ("AAAA", "BBBB", "CCCC", "DDDD", "EEEE"):
            r.ticket(ticket)
        r.publish(r.reply("AAAA", "As drafted."), "a")
        edited = r.reply("BBBB", "Drafted.")
        r.revise(edited, "Edited.", author="ana")
        r.publish(edited, "b")
        r.publish(r.reply("CCCC", "My own.", author="ana"), "c")
        for ticket, author in (("DDDD", None), ("EEEE", "ana")):
            gone = r.reply(ticket, "Never sent.", author=author)
            r.set_reply(gone, state="withdrawn")
            r.log("ReplyWithdrawn", ticket=ticket, reply=gone)
    assert of(db).drafts == Drafts(as_drafted=1, edited=1, own=1, discarded=1)
    assert of(db, DAY, 2 * DAY).drafts == Drafts()

"""The tables of the reports page, against a slow count of the same rows."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from bot.core.report import WAITS, Group, Load, Report
from bot.core.types import Kind, Sentiment
from bot.store import tables as t
from bot.store.engine import Database
from bot.store.reports import report
from tests.support.record import NOW, Record

MADRID = ZoneInfo("Europe/Madrid")
DAY = timedelta(days=1)
CHANGE = datetime(2026, 10, 25, 1, tzinfo=UTC)
"""When clocks in Madrid go back: what is invented lies around it."""


def of(db: Database, since: datetime, until: datetime, account: str | None = None) -> Report:
    with db.read() as conn:
        return report(conn, since, until, MADRID, account=account)


def test_an_empty_database_has_an_empty_report(db: Database) -> None:
    empty = of(db, NOW, NOW + 7 * DAY)
    assert (empty.kinds, empty.accounts, empty.people, empty.drafts) == ((), (), (), ())
    assert (empty.answers.total, empty.answers.median_minutes, empty.answers.share_in_time) == (0, None, None)
    assert [step.total for step in empty.volume.steps] == [0] * 8
    assert of(db, NOW, NOW).volume.steps == ()


def test_the_day_of_a_clock_change_has_its_own_number_of_hours(db: Database) -> None:
    with db.begin() as conn:
        r = Record(conn)
        for minute in (-1, 0, 59, 60):
            r.ticket(f"TT{minute + 100}", ticket={"opened_at": CHANGE + timedelta(minutes=minute)})
    shown = of(db, datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)).volume
    assert (shown.unit, len(shown.steps)) == ("hour", 25)
    local = [(step.since.astimezone(MADRID).hour, step.negative) for step in shown.steps if step.total]
    assert local == [(2, 1), (2, 2), (3, 1)]


def test_an_answer_is_in_time_by_the_clock_and_not_by_the_wall(db: Database) -> None:
    clocks = {"A": (3600, 3600), "B": (3600, 3601), "C": (None, None)}
    with db.begin() as conn:
        r = Record(conn)
        for ticket, (target, spent) in clocks.items():
            times = {"opened_at": NOW, "answered_at": NOW + DAY, "first_target": target, "first_spent": spent}
            r.ticket(ticket, ticket=times)
    answers = of(db, NOW, NOW + 2 * DAY).answers
    assert (answers.total, answers.in_time, answers.late, answers.share_in_time) == (3, 1, 1, 0.5)
    day = answers.waits[-2]
    assert (day.at_most, day.in_time, day.late, day.untimed) == (DAY, 1, 1, 1)


def test_a_reply_is_answered_by_whoever_approved_what_was_sent(db: Database) -> None:
    with db.begin() as conn:
        r = Record(conn)
        for ticket in ("AAAA", "BBBB", "CCCC", "DDDD"):
            r.ticket(ticket, ticket={"assignee": "eva"} if ticket == "AAAA" else {})
        twice = r.reply("AAAA", "One.", quorum=2)
        r.decide(twice, "ana")
        r.decide(twice, "luis")
        r.publish(twice, "a")
        changed = r.reply("BBBB", "One.")
        r.decide(changed, "eva")
        r.decide(changed, "portavoz", "void", "ApprovalVoided")
        r.revise(changed, "Two.", author="ana")
        r.decide(changed, "ana")
        r.publish(changed, "b")
        undone = r.reply("CCCC", "One.")
        r.decide(undone, "luis")
        r.decide(undone, "luis", "undo", "ReplyUndone")
        r.decide(undone, "ana")
        r.publish(undone, "c")
        r.decide(r.reply("DDDD", "One."), "luis", "refuse", "ReplyWithdrawn")
    assert of(db, NOW, NOW + DAY).people == (
        Load(person="ana", answered=3, decided=3),
        Load(person="luis", answered=1, decided=4),
        Load(person="eva", assigned=1, decided=1),
    )
    assert of(db, NOW, NOW + DAY, "wall").people == of(db, NOW, NOW + DAY).people
    assert of(db, NOW, NOW + DAY, "masto").people == ()
    assert of(db, NOW + DAY, NOW + 2 * DAY).people == ()


def test_drafts_are_those_of_the_account(db: Database) -> None:
    with db.begin() as conn:
        r = Record(conn)
        for ticket, account in (("AAAA", "wall"), ("BBBB", "masto"), ("CCCC", "masto")):
            r.ticket(ticket, account=account)
        r.publish(r.reply("AAAA", "One."), "a")
        r.publish(r.reply("BBBB", "One."), "b")
        gone = r.reply("CCCC", "One.")
        r.set_reply(gone, state="withdrawn")
        r.log("ReplyWithdrawn", ticket="CCCC", reply=gone)
    found = {account: of(db, NOW, NOW + DAY, account).drafts for account in (None, "wall", "masto", "mail")}
    counted = {account: [(one.sent, one.discarded) for one in drafts] for account, drafts in found.items()}
    assert counted == {None: [(2, 1)], "wall": [(1, 0)], "masto": [(1, 1)], "mail": []}


# --- a slow count ---------------------------------------------------------------------------------------------------


@dataclass
class Invented:
    """Rows around a change of clocks, kept here as they were written."""

    dice: random.Random
    tickets: list[dict[str, Any]] = field(default_factory=list)
    replies: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)

    def moment(self) -> datetime:
        """Often at the very beginning or end of an hour."""
        hour = CHANGE + timedelta(hours=self.dice.randrange(-72, 72))
        return hour + timedelta(microseconds=self.dice.choice((0, -1, self.dice.randrange(3_600_000_000))))

    def write(self, db: Database) -> None:
        with db.begin() as conn:
            record = Record(conn)
            for number in range(90):
                self._ticket(record, f"T{number}")
            if self.decisions:
                conn.execute(insert(t.decisions), self.decisions)

    def _ticket(self, record: Record, id: str) -> None:
        dice, opened = self.dice, self.moment()
        answered = opened + timedelta(minutes=dice.choice((0, 15, 15.001, 240, dice.expovariate(1 / 90))))
        timed = dice.random() < 0.7
        row: dict[str, Any] = {
            "account": dice.choice(("wall", "masto", "mail")),
            "kind": dice.choice(list(Kind)).value,
            "sentiment": dice.choice(list(Sentiment)).value,
            "assignee": dice.choice(("ana", "luis", None)),
            "opened_at": opened,
            "answered_at": answered if dice.random() < 0.6 else None,
            "closed_at": dice.choice((None, self.moment())),
        }
        if row["answered_at"] and timed:
            row |= {"first_target": 3600, "first_spent": dice.choice((10, 3600, 3601))}
        record.ticket(id, account=row["account"], ticket=row)
        self.tickets.append(row)
        if row["answered_at"]:
            self._reply(record, id, row)

    def _reply(self, record: Record, ticket: str, row: dict[str, Any]) -> None:
        reply = record.reply(ticket, "One.")
        at = self.moment()
        record.set_reply(reply, state=self.dice.choice(("published", "rejected")), posted_at=at)
        self.replies.append({"id": reply, "account": row["account"], "posted_at": at})
        for person in self.dice.choices(("ana", "luis", "eva"), k=self.dice.randrange(3)):
            number = len(self.decisions) + 1
            verdict = self.dice.choice(("approve", "approve", "refuse", "undo"))
            same = {"via": "desk", "binding": "b", "revision": 1, "expires_at": None}
            self.decisions.append(
                {"id": number, "reply": reply, "person": person, "verdict": verdict, "at": self.moment(), **same}
            )


@dataclass
class Slow:
    """Counts one thing after the other, in Python, from the rows that were written."""

    invented: Invented
    since: datetime
    until: datetime
    account: str | None

    def within(self, row: dict[str, Any], moment: str) -> bool:
        at = row[moment]
        return at is not None and self.since <= at < self.until and self.account in (None, row["account"])

    def hours(self) -> Counter[tuple[str, str, str]]:
        """By local hour, with its offset: an hour that comes twice is two."""
        return Counter(
            (f"{at.astimezone(MADRID):%m-%d %H}", f"{at.astimezone(MADRID):%z}", row["sentiment"])
            for row in self.invented.tickets
            if self.within(row, "opened_at") and (at := row["opened_at"])
        )

    def waits(self) -> list[tuple[int, int, int]]:
        found = [[0, 0, 0] for _ in range(len(WAITS) + 1)]
        for row in self.invented.tickets:
            if self.within(row, "answered_at"):
                took = row["answered_at"] - row["opened_at"]
                place = sum(took > wait for wait in WAITS)
                target = row.get("first_target")
                found[place][2 if target is None else int(row["first_spent"] > target)] += 1
        return [(a, b, c) for a, b, c in found]

    def groups(self, by: str) -> dict[str, tuple[int, int, int, int, int, int, float | None]]:
        keys = {row[by] for row in self.invented.tickets}
        return {key: made for key in keys if any((made := self._group(by, key))[:6])}

    def _group(self, by: str, key: str) -> tuple[int, int, int, int, int, int, float | None]:
        rows = [row for row in self.invented.tickets if row[by] == key]
        came = [row["sentiment"] for row in rows if self.within(row, "opened_at")]
        times = [row["answered_at"] - row["opened_at"] for row in rows if self.within(row, "answered_at")]
        half = median(time.total_seconds() for time in times) / 60 if times else None
        moods = (came.count("negative"), came.count("neutral"), came.count("positive"))
        closed = sum(self.within(row, "closed_at") for row in rows)
        return (len(came), *moods, len(times), closed, None if half is None else round(half, 6))

    def decided(self) -> Counter[str]:
        account = {reply["id"]: reply["account"] for reply in self.invented.replies}
        return Counter(
            one["person"]
            for one in self.invented.decisions
            if self.within({**one, "account": account[one["reply"]]}, "at")
        )


def shape(group: Group) -> tuple[int, int, int, int, int, int, float | None]:
    half = group.answers.median_minutes
    moods = (group.negative, group.neutral, group.positive)
    return (group.arrived, *moods, group.answers.total, group.closed, None if half is None else round(half, 6))


def hours(found: Report) -> Iterator[tuple[tuple[str, str, str], int]]:
    for step in found.volume.steps:
        local = step.since.astimezone(MADRID)
        for mood in Sentiment:
            if many := getattr(step, mood.value):
                yield (f"{local:%m-%d %H}", f"{local:%z}", mood.value), many


def test_the_figures_are_those_of_a_slow_count(db: Database) -> None:
    invented = Invented(random.Random(1))
    invented.write(db)

    @settings(max_examples=12, deadline=None, database=None)
    @given(
        begin=st.integers(-72 * 60, 60 * 60),
        minutes=st.integers(1, 49 * 60),
        account=st.sampled_from([None, "wall", "masto"]),
    )
    def same(begin: int, minutes: int, account: str | None) -> None:
        since = CHANGE + timedelta(minutes=begin)
        until = since + timedelta(minutes=minutes)
        found, slow = of(db, since, until, account), Slow(invented, since, until, account)
        assert dict(hours(found)) == slow.hours()
        assert [(one.in_time, one.late, one.untimed) for one in found.answers.waits] == slow.waits()
        assert {group.key: shape(group) for group in found.kinds} == slow.groups("kind")
        assert {group.key: shape(group) for group in found.accounts} == slow.groups("account")
        assert {one.person: one.decided for one in found.people if one.decided} == slow.decided()
        assigned = Counter(row["assignee"] for row in invented.tickets if slow.within(row, "opened_at"))
        assert {one.person: one.assigned for one in found.people if one.assigned} == {
            person: many for person, many in assigned.items() if person
        }

    same()

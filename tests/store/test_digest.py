"""What a digest says in numbers: equal to a slow count by hand, and read by indexes."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from bot.core.digest import Digest, Objective, Occasion, Span, Standing
from bot.core.types import Kind
from bot.store import digest_texts, digests
from bot.store import tables as t
from bot.store.digest import digest, standing
from bot.store.engine import Database
from bot.store.figures import figures
from bot.store.reports import report as report_of
from tests.support.db import fresh_database
from tests.support.record import NOW, Record

MADRID = ZoneInfo("Europe/Madrid")
DAY = Span(first=date(2026, 11, 20), days=1, tz=MADRID)
LATER = NOW + timedelta(days=1)
HOUR = timedelta(hours=1)


def of(db: Database, span: Span = DAY, now: datetime = LATER, **more: Any) -> Digest:
    with db.read() as conn:
        return digest(conn, span, now, **more)


def test_an_empty_database_has_a_digest_that_says_nothing(db: Database) -> None:
    empty = of(db, objectives=(Objective(share=90),), accounts=("wall",))
    assert (empty.total, empty.earlier, empty.topics, empty.praise, empty.seal) == (0, (), (), None, None)
    assert (empty.voices, empty.advocates, empty.suggestions, empty.silent, empty.reach) == ((), (), (), (), 0)
    assert empty.standings[0].percent is None
    with db.read() as conn:
        assert digest_texts.topics(conn, DAY.since, DAY.until) == ((), 0)


def test_people_and_their_words_are_found(db: Database) -> None:
    with db.begin() as conn:
        r = Record(conn)
        for number in range(3):
            r.ticket(f"P{number}", "I love this shop so much.", author="fan", name="Fan", ticket={"kind": "praise"})
        r.ticket("PX", "Lovely bread, and so kind at the till.", author="x", reach=9000, ticket={"kind": "praise"})
        r.ticket("SX", "You could open on Sundays.", author="s", reach=50, ticket={"kind": "suggestion"})
        r.ticket("SP", "Buy followers", author="bot", reach=10**7, ticket={"kind": "spam"})
        r.ticket("PR", "A well known advocate writes.", author="adv", ticket={"kind": "praise", "flag": "advocate"})
        r.ticket("MA", "Hello there", account="masto")
    found = of(db, accounts=("wall", "masto", "mail"))
    assert (found.reach, [one.ticket for one in found.voices]) == (9050, ["PX", "SX"])
    assert {(one.author, one.many) for one in found.advocates} == {("Fan", 3), ("Rosa", 1)}
    assert [one.text for one in found.suggestions] == ["You could open on Sundays."]
    assert found.praise is not None
    assert found.praise.ticket == "PX"
    assert found.silent == (("wall", 6), ("masto", 1))
    assert of(db, accounts=("mail",)).silent == ()


def test_what_was_erased_or_has_vanished_is_not_shown(db: Database) -> None:
    with db.begin() as conn:
        r = Record(conn)
        r.ticket("PX", "Lovely bread, and so kind at the till.", author="x", reach=9000, ticket={"kind": "praise"})
        gone: dict[str, Any] = {"text": "", "author": None, "url": None, "extra": {}, "salt": None, "erased_at": NOW}
        conn.execute(t.contents.update().values(gone))
    found = of(db)
    assert (found.praise, found.voices, found.total) == (None, (), 1)


def test_the_usual_are_the_same_days_of_weeks_that_are_on_record(db: Database) -> None:
    with db.begin() as conn:
        r = Record(conn, at=NOW - timedelta(weeks=5, days=2))
        r.ticket("FIRST")
        for week, many in ((1, 4), (2, 2), (3, 0), (4, 3)):
            for number in range(many):
                r.at = NOW - timedelta(weeks=week)
                r.ticket(f"W{week}N{number}")
        r.at = NOW - timedelta(days=2)
        r.ticket("OTHER")
    found = of(db)
    assert [sum(week.values()) for week in found.earlier] == [4, 2, 0, 3, 0]


def test_a_seal_and_what_waits_are_those_of_now(db: Database) -> None:
    with db.begin() as conn:
        r = Record(conn)
        r.ticket("AAAA", "Where is it?", url="https://x.test/1")
        r.ticket("BBBB", ticket={"status": "closed", "answered_at": NOW + HOUR, "closed_at": NOW + HOUR})
    found = of(db)
    assert (found.waiting, [line.id for line in found.longest], found.closed) == (1, ["AAAA"], 1)
    assert (found.answers.total, found.sent) == (1, date(2026, 11, 21))
    assert [light.state for light in found.lights if light.state == "ok"] == []


def test_digest_reports_and_figures_count_alike_and_noise_by_its_comments(db: Database) -> None:
    answered = {"answered_at": NOW + HOUR, "first_target": 3600, "first_spent": 3601}
    with db.begin() as conn:
        r = Record(conn)
        r.ticket("ROLL", "😀", ticket={"kind": "noise", "fold": "ROLL", "assignee": "ana"})
        r.ticket("N1", "😀", ticket={"kind": "noise", "fold": "ROLL", "status": "closed", "closed_at": NOW})
        r.ticket("Q1", ticket={"kind": "question", "status": "waiting", **answered})
        r.ticket("Q2", ticket={"kind": "question"})
        r.publish(r.reply("Q1", "Until eight."), "p1")
        r.ticket("OLD", ticket={"kind": "noise", "fold": "OLD", "status": "closed", "closed_at": NOW})
    told = of(db)
    with db.read() as conn:
        counted = figures(conn, DAY.since, DAY.until)
        report = report_of(conn, DAY.since, DAY.until, MADRID)
    kinds = {group.key: group.arrived for group in report.kinds}
    assert {"noise": 1, "question": 2} == counted.arrived.by_kind == kinds
    assert told.arrived == {("wall", "noise"): 1, ("wall", "question"): 2}
    assert told.volume == report.volume
    assert sum(step.total for step in report.volume.steps) == 3
    assert told.answers == report.answers
    assert (told.answers.total, told.answers.late, told.answers.median_minutes) == (1, 1, counted.median_minutes)
    assert told.drafts == counted.drafts
    assert [(one.sent, one.edited) for one in report.drafts] == [(counted.drafts.as_drafted, 0)] == [(1, 0)]
    assert told.closed == counted.closed.total == sum(group.closed for group in report.kinds) == 1
    assert report.people == ()
    assert (told.waiting, [line.id for line in told.longest]) == (1, ["Q2"])


def test_a_digest_is_put_on_record_once(db: Database) -> None:
    occasion = Occasion(day=date(2026, 11, 21), at=NOW, span=DAY)
    with db.begin() as conn:
        assert (digests.put(conn, "team", occasion, NOW), digests.put(conn, "team", occasion, LATER)) == (True, False)
        assert digests.put(conn, "other", occasion, NOW)
        assert digests.fate(conn, "team", "2026-11-21") == "fresh"
        digests.tried(conn, "team", "2026-11-21", NOW)
        assert digests.fate(conn, "team", "2026-11-21") == "tried"
        digests.said(conn, "team", "2026-11-21", NOW)
        assert digests.fate(conn, "team", "2026-11-21") == "said"
        assert digests.fate(conn, "other", "2026-11-21") == "fresh"
        assert digests.fate(conn, "none", "2026-11-21") == "fresh"
        assert not digests.on_record(conn, LATER)


# --- against a slow count ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A ticket as the slow count knows it: minutes from `NOW` for its times."""

    opened: int
    answered: int | None
    kind: str
    account: str
    author: str | None
    reach: int | None


TICKETS = st.builds(
    Told,
    opened=st.integers(-3 * 1440, 2 * 1440),
    answered=st.none() | st.integers(0, 600),
    kind=st.sampled_from([kind.value for kind in Kind]),
    account=st.sampled_from(["wall", "masto"]),
    author=st.sampled_from([None, "a", "b", "c"]),
    reach=st.none() | st.integers(0, 50),
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)], scope="module")
def emptied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A database without the triggers that keep its rows, so that each example finds it empty."""
    on_server = request.param == "postgres"
    made: Database = (
        Database.open(request.getfixturevalue("postgres").fresh())
        if on_server
        else fresh_database(tmp_path_factory.mktemp("digest") / "portavoz.db")
    )
    yield made
    made.close()


@given(told=st.lists(TICKETS, max_size=10))
@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_numbers_are_those_of_a_slow_count(emptied: Database, told: list[Told]) -> None:
    found, stood = _counted(emptied, told)
    opened = [NOW + timedelta(minutes=one.opened + 1) for one in told]
    inside = [(one, at) for one, at in zip(told, opened, strict=True) if at.astimezone(MADRID).date() == DAY.first]
    heard = [(one, at) for one, at in inside if one.kind not in ("spam", "noise")]
    assert found.total == len(inside)
    for (account, kind), many in found.arrived.items():
        assert many == sum(one.account == account and one.kind == kind for one, _ in inside)
    best: dict[Any, int] = {}
    for at, (one, _) in enumerate(heard):
        if one.reach is not None:
            who = (one.account, one.author) if one.author else at
            best[who] = max(best.get(who, 0), one.reach)
    assert found.reach == sum(best.values())
    answered_in = {
        one.account
        for one, at in zip(told, opened, strict=True)
        if one.answered is not None and (at + timedelta(minutes=one.answered)).astimezone(MADRID).date() == DAY.first
    }
    silent = {account: sum(one.account == account for one, _ in heard) for account in ("wall", "masto")}
    assert dict(found.silent) == {who: n for who, n in silent.items() if n and who not in answered_in}
    judged = [
        one.answered is not None and one.answered <= 120
        for one, at in heard
        if (one.answered is not None and one.answered <= 120) or at <= NOW + HOUR
    ]
    assert (stood.met, stood.total) == (sum(judged), len(judged))
    assert found.volume is not None
    assert sum(step.total for step in found.volume.steps) == len(inside)
    assert len(found.suggestions) == min(5, sum(one.kind == "suggestion" for one, _ in inside))


class _Undo(Exception):
    """Takes an example's rows back."""


def _counted(db: Database, told: list[Told]) -> tuple[Digest, Standing]:
    """What the database counts, in a transaction that is broken off."""
    found: list[tuple[Digest, Standing]] = []
    with suppress(_Undo), db.begin() as conn:
        r = Record(conn)
        for number, one in enumerate(told):
            r.at = NOW + timedelta(minutes=one.opened)
            answered = None if one.answered is None else r.at + timedelta(minutes=1 + one.answered)
            of_ticket = {"kind": one.kind, "opened_at": r.at + timedelta(minutes=1), "answered_at": answered}
            values: dict[str, Any] = {"account": one.account, "author": one.author, "reach": one.reach}
            r.ticket(f"T{number}", **values, ticket=of_ticket)
        objective = Objective(share=50, minutes=120)
        stood = standing(conn, objective, DAY.since, DAY.until, NOW + 3 * HOUR)
        found.append((digest(conn, DAY, LATER, accounts=("wall", "masto")), stood))
        raise _Undo
    return found[0]


def test_no_table_of_the_record_is_read_from_end_to_end(tmp_path: Path) -> None:
    db = fresh_database(tmp_path / "portavoz.db")
    asked: list[tuple[str, Any]] = []
    event.listen(db._reader, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    of(db, objectives=(Objective(share=90, minutes=60, kind=Kind.QUESTION, account="wall"),), accounts=("wall",))
    with db.read() as conn:
        digest_texts.topics(conn, DAY.since, DAY.until)
        digests.on_record(conn, NOW)
        raw: Any = conn.connection.driver_connection
        queries = [one for one in asked if one[0].lstrip().startswith("SELECT")]
        plans = [row[3] for words, given in queries for row in raw.execute(f"EXPLAIN QUERY PLAN {words}", given)]
    record = ("items", "contents", "tickets", "replies", "revisions", "decisions", "publications")
    assert len(queries) > 20
    assert [plan for plan in plans if plan.startswith("SCAN") and plan.split()[1] in record] == []
    db.close()

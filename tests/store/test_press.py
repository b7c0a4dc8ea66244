"""Press headlines: on record with everything else, each entry once, and read by the moment that they came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from bot.core.messages import PressArrived
from bot.store import press, seals
from bot.store import tables as t
from bot.store.audit import verify
from bot.store.engine import Database
from bot.store.work import Work

T0 = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def piece(native_id: str, title: str, *, account: str = "alerts", hours_ago: float = 0) -> PressArrived:
    return PressArrived(
        account=account,
        native_id=native_id,
        title=title,
        url=f"https://paper.example/{native_id}",
        source="paper.example",
        published_at=T0 - timedelta(hours=hours_ago),
    )


def keep(db: Database, *pieces: PressArrived, at: datetime = T0) -> None:
    with db.begin() as conn:
        work = Work(conn, at)
        press.keep(work, pieces)
        work.flush()


def titles(db: Database, since: datetime, until: datetime) -> list[str]:
    with db.read() as conn:
        return [one.title for one in press.headlines(conn, since, until)]


def test_headlines_are_read_by_when_they_came_and_say_when_they_were_published(db: Database) -> None:
    keep(db, piece("1", "A strike at the bakery", hours_ago=9), piece("2", "New bread wins a prize", hours_ago=1))
    later = T0 + timedelta(hours=1)
    keep(db, piece("3", "The mayor eats bread", hours_ago=30), at=later)
    assert titles(db, T0, later) == ["New bread wins a prize", "A strike at the bakery"]
    assert titles(db, later, later + timedelta(seconds=1)) == ["The mayor eats bread"]
    with db.read() as conn:
        [one] = press.headlines(conn, T0, later, limit=1)
    assert (one.url, one.source, one.at, one.account) == (
        "https://paper.example/2",
        "paper.example",
        T0 - timedelta(hours=1),
        "alerts",
    )


def test_an_entry_counts_once_however_often_it_is_reported(db: Database) -> None:
    keep(db, piece("1", "A strike at the bakery"), piece("1", "A strike at the bakery"))
    keep(db, piece("1", "A strike at the bakery, updated"), piece("1", "Another feed's entry", account="blog"))
    with db.read() as conn:
        assert conn.execute(select(func.count()).select_from(t.events)).scalar_one() == 2
    assert len(titles(db, T0, T0 + timedelta(seconds=1))) == 1, "one link is one piece of news"


def test_headlines_are_sealed_and_what_is_erased_is_no_longer_told(db: Database) -> None:
    keep(db, piece("1", "Rosa Pérez sues the bakery"))
    with db.begin() as conn:
        assert seals.seal(conn, T0) == 1
    with db.read() as conn:
        assert verify(conn).sound
    blank: dict[str, Any] = {"text": "", "author": None, "url": None, "extra": {}, "salt": None, "erased_at": T0}
    with db.begin() as conn:
        conn.execute(update(t.contents).values(blank))
    assert titles(db, T0, T0 + timedelta(seconds=1)) == []
    with db.read() as conn:
        assert verify(conn).sound


def test_the_log_takes_no_second_thoughts_about_headlines(db: Database) -> None:
    keep(db, piece("1", "A strike at the bakery"))
    with pytest.raises(Exception, match="never change"), db.begin() as conn:
        conn.execute(update(t.events).values(type="Other"))
    with db.begin() as conn:
        # What somebody else writes into the log is not told as press.
        conn.execute(insert(t.events).values(at=T0, type="Paused", data={}))
    assert titles(db, T0, T0 + timedelta(seconds=1)) == ["A strike at the bakery"]

"""An adapter's drawer."""

import threading
from datetime import timedelta

from sqlalchemy import func, select

from bot.store import keep, tables
from bot.store.engine import Database
from tests.support.record import NOW

HOUR = timedelta(hours=1)


def test_a_value_is_found_until_it_expires(db: Database) -> None:
    with db.begin() as conn:
        keep.put(conn, "desk", "session", "ana", NOW, lifetime=HOUR)
        keep.put(conn, "desk", "token", "for ever", NOW)
        assert keep.get(conn, "desk", "session", NOW + HOUR - timedelta(microseconds=1)) == "ana"
        assert keep.get(conn, "desk", "session", NOW + HOUR) is None
        assert keep.get(conn, "desk", "token", NOW + 1000 * HOUR) == "for ever"


def test_putting_again_replaces_value_and_lifetime(db: Database) -> None:
    with db.begin() as conn:
        keep.put(conn, "desk", "token", "old", NOW, lifetime=HOUR)
        keep.put(conn, "desk", "token", "new", NOW)
        assert keep.get(conn, "desk", "token", NOW + 2 * HOUR) == "new"


def test_nobody_looks_into_anothers_drawer(db: Database) -> None:
    with db.begin() as conn:
        keep.put(conn, "desk", "token", "mine", NOW)
        assert keep.get(conn, "slack", "token", NOW) is None
        assert keep.take(conn, "slack", "token", NOW) is None
        assert keep.get(conn, "desk", "token", NOW) == "mine"


def test_what_is_taken_is_gone(db: Database) -> None:
    with db.begin() as conn:
        keep.put(conn, "desk", "link", "once", NOW, lifetime=HOUR)
        assert keep.take(conn, "desk", "link", NOW) == "once"
        assert keep.take(conn, "desk", "link", NOW) is None


def test_what_has_expired_cannot_be_taken(db: Database) -> None:
    with db.begin() as conn:
        keep.put(conn, "desk", "link", "once", NOW, lifetime=HOUR)
        assert keep.take(conn, "desk", "link", NOW + HOUR) is None


def test_of_many_takers_one_gets_it(db: Database) -> None:
    with db.begin() as conn:
        keep.put(conn, "desk", "link", "once", NOW)
    got: list[str | None] = []

    def take() -> None:
        with db.begin() as conn:
            got.append(keep.take(conn, "desk", "link", NOW))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got, key=str) == [*[None] * 7, "once"]


def test_sweeping_throws_away_what_has_expired_only(db: Database) -> None:
    with db.begin() as conn:
        keep.put(conn, "desk", "old", "x", NOW, lifetime=HOUR)
        keep.put(conn, "desk", "young", "x", NOW, lifetime=3 * HOUR)
        keep.put(conn, "desk", "eternal", "x", NOW)
        assert keep.sweep(conn, NOW + 2 * HOUR) == 1
        assert conn.execute(select(func.count()).select_from(tables.keep)).scalar_one() == 2


def test_only_the_first_of_two_keeps_what_is_new(db: Database) -> None:
    with db.begin() as conn:
        assert keep.put_new(conn, "once", "k", "a", NOW, lifetime=HOUR)
        assert not keep.put_new(conn, "once", "k", "b", NOW, lifetime=HOUR)
        assert keep.put_new(conn, "other", "k", "c", NOW, lifetime=HOUR)
        assert keep.get(conn, "once", "k", NOW) == "a"
        keep.take(conn, "once", "k", NOW)
        assert keep.put_new(conn, "once", "k", "d", NOW, lifetime=HOUR)

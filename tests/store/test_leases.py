"""Leases: one holder at a time, until the time runs out."""

from datetime import timedelta

from bot.store import leases, outbox
from bot.store.engine import Database
from tests.support.record import NOW

LIFE = timedelta(seconds=30)
LATER = NOW + timedelta(seconds=31)


def test_a_place_is_taken_by_one_and_held_on_to(db: Database) -> None:
    with db.begin() as conn:
        assert leases.take(conn, "network:wall", "one", NOW, LIFE)
        assert not leases.take(conn, "network:wall", "two", NOW, LIFE)
        assert leases.take(conn, "network:wall", "one", NOW + LIFE / 2, LIFE)
        assert not leases.take(conn, "network:wall", "two", NOW + LIFE, LIFE)
        assert leases.is_free(conn, "network:wall", "one", NOW)
        assert not leases.is_free(conn, "network:wall", "two", NOW)
        assert leases.is_free(conn, "network:shop", "two", NOW)


def test_a_place_whose_holder_fell_silent_goes_to_whoever_asks(db: Database) -> None:
    with db.begin() as conn:
        leases.take(conn, "network:wall", "one", NOW, LIFE)
        assert leases.take(conn, "network:wall", "two", LATER, LIFE)
        assert not leases.take(conn, "network:wall", "one", LATER, LIFE)


def test_who_leaves_gives_everything_back_and_nothing_of_others(db: Database) -> None:
    with db.begin() as conn:
        leases.take(conn, "network:wall", "one", NOW, LIFE)
        leases.take(conn, "chat:slack", "one", NOW, LIFE)
        leases.take(conn, "network:shop", "two", NOW, LIFE)
        leases.let_go(conn, "one")
        assert leases.take(conn, "network:wall", "two", NOW, LIFE)
        assert not leases.take(conn, "network:shop", "one", NOW, LIFE)


def test_the_living_are_counted_and_the_dead_forgotten(db: Database) -> None:
    with db.begin() as conn:
        leases.take(conn, "process:one", "one", NOW, LIFE)
        leases.take(conn, "process:two", "two", NOW + LIFE / 2, LIFE)
        leases.take(conn, "network:wall", "two", NOW, LIFE)
        assert leases.count(conn, "process:", NOW) == 2
        assert leases.count(conn, "process:", LATER) == 1
        leases.sweep(conn, "process:", LATER)
        assert leases.count(conn, "process:", NOW) == 1
        assert not leases.is_free(conn, "network:wall", "one", NOW)


def order(number: int, ticket: str | None, *, kind: str = "card", lane: str = "room:desk") -> outbox.Order:
    return outbox.Order(id=number, type=kind, lane=lane, once=f"{kind}:{number}", ticket=ticket, due_at=NOW)


def test_what_concerns_a_ticket_in_a_lane_is_in_one_processs_hands(db: Database) -> None:
    orders = [order(1, "AAAA"), order(2, "AAAA", kind="say"), order(3, "BBBB"), order(4, "AAAA", lane="network:wall")]
    with db.begin() as conn:
        outbox.write_orders(conn, orders, NOW)
        [first] = outbox.claim(conn, "one", NOW, limit=1, busy_lanes=(), paused=False)
        others = outbox.claim(conn, "two", NOW, limit=9, busy_lanes=(), paused=False)
        assert (first.id, [x.id for x in others]) == (1, [3, 4])
        # Nothing is left for the second process now, and it need not ask again before the lease runs out.
        assert outbox.next_due(conn, paused=False, but_for=("two", NOW)) == NOW + outbox.LEASE
        outbox.finish(conn, "one", [first])
        assert [x.id for x in outbox.claim(conn, "two", NOW, limit=9, busy_lanes=(), paused=False)] == [2]


def test_orders_without_a_ticket_hold_nobody_up(db: Database) -> None:
    with db.begin() as conn:
        outbox.write_orders(conn, [order(1, None), order(2, None)], NOW)
        assert [x.id for x in outbox.claim(conn, "one", NOW, limit=1, busy_lanes=(), paused=False)] == [1]
        assert [x.id for x in outbox.claim(conn, "two", NOW, limit=1, busy_lanes=(), paused=False)] == [2]


def test_who_was_silent_for_too_long_has_lost_the_order(db: Database) -> None:
    late = NOW + outbox.LEASE + timedelta(seconds=1)
    with db.begin() as conn:
        outbox.write_orders(conn, [order(1, "AAAA", kind="publish")], NOW)
        [mine] = outbox.claim(conn, "one", NOW, limit=1, busy_lanes=(), paused=False)
        assert outbox.holds(conn, "one", mine)
        [theirs] = outbox.claim(conn, "two", late, limit=1, busy_lanes=(), paused=False)
        assert theirs.id == mine.id
        assert not outbox.holds(conn, "one", mine)
        assert outbox.holds(conn, "two", theirs)

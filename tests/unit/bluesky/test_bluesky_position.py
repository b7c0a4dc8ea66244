"""Where listening goes on: everything once, in whatever order the network comes to show it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.networks.bluesky.position import NAMED, OVERLAP, Entry, Position

ME = "did:plc:me"
NOW = 1_795_000_000_000


def read_all(position: Position, there: list[Entry], batch: int) -> tuple[Position, list[Entry]]:
    """One round: what is taken in, in batches, with the cursor put away and read again after each."""
    listed = [one for one in there if one.at >= position.since]
    taken: list[Entry] = []
    waiting = position.waiting(listed)
    for start in range(0, len(waiting), batch):
        part = waiting[start : start + batch]
        taken += part
        again = Position.read(str(position.past(listed, part)), ME)
        assert again is not None
        position = again
    return position, taken


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, OVERLAP // 60_000 - 1)), max_size=60),
    st.integers(1, 25),
    st.sets(st.integers(0, 50), max_size=10),
)
@settings(max_examples=40)
def test_everything_is_taken_once_although_it_shows_late(
    posts: list[tuple[int, int]], batch: int, restarts: set[int]
) -> None:
    entries = [(minute, Entry(f"at://{n}", NOW + (minute * 60_000)), late) for n, (minute, late) in enumerate(posts)]
    position, taken = Position(ME, NOW), list[Entry]()
    for minute in range(120):
        there = [one for at, one, late in entries if at + late <= minute]
        position, more = read_all(position, there, batch)
        taken += more
        if minute in restarts:
            position = Position.read(str(position), ME) or position
    assert sorted(one.uri for one in taken) == sorted(one.uri for _, one, _ in entries)


def test_a_thousand_that_wait_leave_a_short_cursor() -> None:
    there = [Entry(f"at://{n}", NOW + n * 1000) for n in range(1000)]
    position, taken = read_all(Position(ME, NOW), there, 25)
    assert taken == there
    assert len(position.taken) <= NAMED
    assert len(str(position)) < 1000
    assert position.waiting(there) == []


def test_a_cursor_of_another_account_or_of_nobody_means_nothing() -> None:
    for cursor in (None, "", "did:plc:other 1 ", f"{ME} x ", f"{ME} 1", f"{ME} {'9' * 16} ", f"{ME} ² "):
        assert Position.read(cursor, ME) is None
    assert Position.read(f"{ME} 12 ", ME) == Position(ME, 12)

"""What a site shows late, in passing or not at all any more; nothing of it is missed or told twice."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.core.errors import Transient
from bot.core.messages import Event, ItemArrived, ItemReleased, ItemRemoved
from bot.core.types import Pending
from handlers.networks.wordpress.listening import HELD_BACK, Position, mark_of
from handlers.networks.wordpress.watch import SIZE, Mark, Watch
from tests.contract.mastodon_side import Drawer
from tests.contract.network_side import RecordingIntake, answer, listening, seen
from tests.support.wordpress_fake import Kept
from tests.unit.wordpress.conftest import Open


def told(events: list[Event]) -> list[tuple[str, str]]:
    """What kind of event, about which comment."""
    return [
        (type(e).__name__, e.item.native_id if isinstance(e, ItemArrived) else cast("Any", e).native_id) for e in events
    ]


def has(count: int) -> Callable[[RecordingIntake], bool]:
    """Whether there were so many events."""
    return lambda had: len(had.events) >= count


async def test_moderators_see_held_comments_as_such_and_hear_every_decision(open_side: Open) -> None:
    side = await open_side()
    native = await side.comment("hello")
    side.site.set_status(native, "hold")
    async with listening(side.network) as intake:
        for count, status in enumerate(("approve", "hold", "approve", "spam"), 1):
            await intake.until(has(count))
            side.site.set_status(native, status)
        await intake.until(has(5))
    kinds = ["ItemArrived", "ItemReleased", "ItemRemoved", "ItemArrived", "ItemRemoved"]
    assert told(intake.events) == [(kind, native) for kind in kinds]
    assert [item.held for item in intake.items] == [True, False]
    assert intake.items[0].version == intake.items[1].version
    assert cast("ItemRemoved", intake.events[2]).reason == HELD_BACK
    assert ItemReleased(account=side.account, native_id=native) in intake.events


async def test_others_hear_of_a_comment_once_it_is_let_through_however_late(open_side: Open) -> None:
    side = await open_side(site={"role": "author"})
    late, early = await side.comment("held at first"), await side.comment("not held")
    side.site.set_status(late, "hold")
    async with listening(side.network) as intake:
        await intake.until(lambda had: had.items)
        side.site.set_status(late, "approve")
        await intake.until(lambda had: len(had.items) >= 2)
        side.site.set_status(late, "hold")
        await intake.until(lambda had: len(had.events) >= 3)
        side.site.set_status(late, "approve")
        await intake.until(lambda had: len(had.items) >= 3)
    assert [item.native_id for item in intake.items] == [early, late, late]
    assert not any(item.held for item in intake.items)


async def test_a_backlog_of_one_second_comes_in_order_in_pages_and_a_straggler_too(open_side: Open) -> None:
    side = await open_side()
    site = side.fake
    async with listening(side.network) as first:
        await first.until(lambda had: had.cursor)
    now = datetime.now(UTC).replace(microsecond=0)
    for native in [*range(1, 130), *range(131, 261)]:
        site.comments[native] = Kept(native, 0, "Ana", f"number {native}", now)
    site.requests.clear()
    await side.restart()
    async with listening(side.network, cursor=first.cursor) as intake:
        await intake.until(lambda had: len(had.items) >= 259)
        assert len(site.requests) < 20
        # Another request of the site was slower to write down what it had numbered before.
        site.comments[130] = Kept(130, 0, "Ana", "number 130", now)
        await intake.until(lambda had: len(had.items) >= 260)
        site.comments[3].raw, site.comments[4].status = "number 3, edited", "spam"
        await intake.until(lambda had: len(had.events) >= 262)
    numbers = [int(item.native_id) for item in intake.items]
    assert numbers == [*range(1, 130), *range(131, 261), 130, 3]
    assert max(len(events) for events, _ in intake.batches) <= 100
    assert ("ItemRemoved", "4") in told(intake.events)


async def test_what_happened_during_a_pause_is_told_after_it_and_nothing_else(open_side: Open) -> None:
    side = await open_side()
    stays, edited, gone = [await side.comment(text) for text in ("stays", "before", "goes")]
    async with listening(side.network) as first:
        await first.until(lambda had: len(had.items) >= 3)
    side.site.edit(edited, "after")
    side.site.set_status(gone, "trash")
    await side.restart()
    async with listening(side.network, cursor=first.cursor) as second:
        await second.until(lambda had: len(had.events) >= 2)
        last = await side.comment("new")
        await second.until(lambda had: len(had.events) >= 3)
    assert stays not in dict(told(second.events)).values()
    assert sorted(told(second.events)) == sorted(
        [("ItemArrived", edited), ("ItemRemoved", gone), ("ItemArrived", last)]
    )


async def test_old_comments_stay_out_until_they_are_read_back(open_side: Open) -> None:
    side = await open_side(first_hours=12)
    natives = [await side.comment(f"{day} days ago") for day in (5, 2, 1)]
    for native, day in zip(natives, (5, 2, 1), strict=True):
        side.fake.comments[int(native)].date = datetime.now(UTC) - timedelta(days=day)
    async with listening(side.network) as intake:
        now = await side.comment("now")
        await intake.until(lambda had: had.items)
        await side.comment("and now")
        await intake.until(lambda had: len(had.items) >= 2)
    assert intake.items[0].native_id == now
    past = RecordingIntake()
    await side.network.backfill(past, datetime.now(UTC) - timedelta(days=3))
    assert [item.native_id for item in past.items][:3] == [*natives[1:], now]


async def test_a_conversation_is_told_by_what_began_it_as_far_as_it_can_be_seen(open_side: Open) -> None:
    side = await open_side(first_hours=1)
    chain = [await side.comment("root")]
    for _ in range(12):
        chain.append(await side.comment("deeper", answering=chain[-1]))
    for native in chain:
        side.fake.comments[int(native)].date -= timedelta(days=1)
    below = await seen(side, await side.comment("deepest", answering=chain[-1]))
    assert below.thread_key == chain[0]
    assert [one.native_id for one in await side.network.conversation(await seen(side, below.native_id))] == []
    side.fake.comments.pop(int(chain[5]))
    await side.restart()
    orphan = await seen(side, await side.comment("later", answering=chain[7]))
    assert orphan.thread_key == chain[5]


@pytest.mark.parametrize(("role", "colleagues"), [("administrator", []), ("editor", [1])])
async def test_what_a_colleague_writes_on_the_site_is_an_answer(
    open_side: Open, role: str, colleagues: list[int]
) -> None:
    side = await open_side(site={"role": role}, colleagues=colleagues)
    native = await side.comment("hello?")
    answer = side.site.write("Hello! How can I help?", "Chief", "chief", native)
    async with listening(side.network) as intake:
        await intake.until(lambda had: len(had.items) >= 2)
    assert [(item.native_id, item.ours) for item in intake.items] == [(native, False), (answer, True)]


async def test_a_payload_that_cannot_be_read_does_not_stop_the_others(open_side: Open) -> None:
    side = await open_side()
    side.fake.junk = [None, 7, {}, {"id": "x"}, {"id": 10**30, "content": {}}, {"id": 3, "content": [1]}]
    native = await side.comment("hello")
    assert (await seen(side, native)).text == "hello"


async def test_a_site_that_is_away_is_said_so_and_the_drawer_may_hold_anything(open_side: Open) -> None:
    side = await open_side()
    await side.comment("hello")
    for kept in ("nonsense", "[]", '{"1": [1]}', '{"x": ["v", 1.0, "1"]}', "null"):
        side.keep.kept = {"recent": kept, "pending": kept}
        await side.restart()
        async with listening(side.network) as intake:
            await intake.until(lambda had: had.items)
    await side.fake.stop()
    with pytest.raises(Transient):
        await side.network.listen(RecordingIntake(), None)


async def test_only_the_newest_of_the_last_days_are_remembered() -> None:
    drawer, now = Drawer(), datetime.now(UTC).timestamp()
    watch = Watch(drawer, timedelta(days=3))
    await watch.note({n: Mark("v", now - (5 * 86_400 if n < 20 else 0), "1") for n in range(SIZE + 100)})
    again = Watch(drawer, timedelta(days=3))
    await again.load()
    assert sorted(again.between(0, None)) == list(range(100, SIZE + 100))
    assert sorted(again.between(150, 155)) == [151, 152, 153, 154]


def test_a_cursor_of_another_site_or_account_means_nothing() -> None:
    here = mark_of("https://blog.example")
    at = Position(1, here, 20, 30)
    assert Position.read(str(at), 1, mark_of("http://blog.example")) == at
    for cursor in (None, "", f"2:{here}:20:30", "1:elsewhere:20:30", f"1:{here}:20", f"1:{here}:²:3", f"1:{here}::3"):
        assert Position.read(cursor, 1, here) is None


async def test_a_page_that_is_not_full_is_not_taken_for_the_last_one(open_side: Open) -> None:
    for counts, role in ((True, "author"), (True, "editor"), (False, "editor")):
        side = await open_side(site={"role": role, "counts": counts})
        async with listening(side.network) as first:
            await first.until(lambda had: had.cursor)
        now = datetime.now(UTC).replace(microsecond=0)
        side.fake.comments = {n: Kept(n, 0, "Ana", f"number {n}", now) for n in range(1, 261)}
        # What we may not see leaves gaps in the pages, here a whole one.
        side.fake.private = set(range(55, 165)) if role == "author" else set()
        async with listening(side.network, cursor=first.cursor) as intake:
            await intake.until(lambda had: had.items and had.items[-1].native_id == "260")
        assert [int(item.native_id) for item in intake.items] == [
            n for n in range(1, 261) if n not in side.fake.private
        ]


async def test_all_our_replies_that_wait_are_asked_for_in_turn(open_side: Open) -> None:
    side = await open_side()
    target = await seen(side, await side.comment("The soup was cold."))
    held = []
    for n in range(7):
        await side.trouble("publish", "pending")
        result = await side.network.publish(answer(target, f"reply {n}", f"key-{n}"))
        assert isinstance(result, Pending)
        held.append(result.native_id)
    side.site.set_status(held[5] or "", "approve")
    side.site.set_status(held[6] or "", "trash")
    async with listening(side.network) as intake:
        wanted = {("ReplyConfirmed", held[5]), ("ReplyRefused", held[6])}
        await intake.until(lambda had: wanted <= set(told(had.events)))
    assert [name for name, _ in told(intake.events)].count("ReplyConfirmed") == 1

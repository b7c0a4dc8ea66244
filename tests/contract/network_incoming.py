"""The contract for what comes in: every comment, in order, resumable, and as its author left it."""

from __future__ import annotations

import asyncio
import contextlib
import re

import pytest

from bot.core.errors import AuthExpired, Transient
from bot.core.messages import ItemArrived, ItemRemoved
from bot.core.types import Author, Gone, Item
from tests.contract.hostile import HOSTILE
from tests.contract.network_side import (
    ANONYMOUS,
    ANSWER,
    BY_HAND,
    EDIT,
    HISTORY,
    PICTURES,
    PUSHED,
    TROUBLE,
    WITHDRAW,
    RecordingIntake,
    Side,
    listening,
    seen,
)

BATCH_LIMIT = 500


def needs(side: Side, ability: str) -> None:
    if ability not in side.can:
        pytest.skip(f"this network has no way to {ability}")


def lacks(side: Side, ability: str) -> None:
    if ability in side.can:
        pytest.skip(f"not for a network that can be {ability}")


class IncomingContract:
    """What every adapter owes the engine on the way in."""

    async def test_a_comment_comes_in_once_and_as_it_was_written(self, side: Side) -> None:
        async with listening(side.network) as intake:
            native = await side.comment("La sopa estaba fría. ¿Por qué?", author="Vera")
            await intake.until(lambda had: had.items)
            await side.comment("and a second one, so that the first had time to come twice")
            await intake.until(lambda had: len(had.items) >= 2)
        first, _ = intake.items
        assert (first.native_id, first.account) == (native, side.account)
        assert first.text == "La sopa estaba fría. ¿Por qué?"
        assert first.author.name == "Vera"
        assert first.created_at.tzinfo is not None
        assert not first.ours
        assert first.edited_at is None
        assert first.parent is None

    async def test_comments_come_in_the_order_in_which_they_were_written(self, side: Side) -> None:
        written = [await side.comment(f"number {n}") for n in range(12)]
        async with listening(side.network) as intake:
            written += [await side.comment(f"number {n}") for n in range(12, 20)]
            await intake.until(lambda had: len(had.items) >= 20)
        assert [item.native_id for item in intake.items] == written

    async def test_a_comment_is_noticed_within_a_second(self, side: Side) -> None:
        async with listening(side.network) as intake:
            await asyncio.sleep(0.05)
            await side.comment("are you awake?")
            await intake.until(lambda had: had.items, seconds=1.0)
        assert len(intake.items) == 1

    async def test_a_burst_comes_in_batches_that_carry_a_cursor(self, side: Side) -> None:
        written = [await side.comment(f"number {n}") for n in range(60)]
        async with listening(side.network) as intake:
            await intake.until(lambda had: len(had.items) >= len(written))
        assert [item.native_id for item in intake.items] == written
        assert len(intake.batches) < len(written)
        assert all(len(events) <= BATCH_LIMIT for events, _ in intake.batches)
        assert PUSHED in side.can or all(cursor is not None for _, cursor in intake.batches)

    async def test_listening_goes_on_where_it_stopped_after_a_restart(self, side: Side) -> None:
        before = [await side.comment(f"before {n}") for n in range(3)]
        async with listening(side.network) as first:
            await first.until(lambda had: len(had.items) >= len(before))
        meanwhile = [await side.comment(f"meanwhile {n}") for n in range(3)]
        await side.restart()
        async with listening(side.network, cursor=first.cursor) as second:
            after = await side.comment("after")
            await second.until(lambda had: any(item.native_id == after for item in had.items))
        assert [item.native_id for item in first.items] == before
        assert [item.native_id for item in second.items] == [*meanwhile, after]

    async def test_what_could_not_be_committed_comes_again(self, side: Side) -> None:
        await side.comment("committed")
        async with listening(side.network) as intake:
            await intake.until(lambda had: had.items)
        lost = await side.comment("arrives while the database is away")
        intake.refuse_next = True
        with pytest.raises(ConnectionError):
            async with asyncio.timeout(30):
                await side.network.listen(intake, intake.cursor)
        async with listening(side.network, intake, intake.cursor):
            await intake.until(lambda had: len(had.items) >= 2)
        assert intake.items[1].native_id == lost

    async def test_a_cursor_that_means_nothing_loses_nothing(self, side: Side) -> None:
        lacks(side, PUSHED)
        native = await side.comment("here before the cursor was spoilt")
        for cursor in ("", "nonsense", "0:\x00", "elsewhere:999999999", "-1"):
            async with listening(side.network, cursor=cursor) as intake:
                await intake.until(lambda had: had.items)
            assert intake.items[0].native_id == native

    async def test_an_edit_comes_in_as_a_new_version_of_the_same_item(self, side: Side) -> None:
        needs(side, EDIT)
        async with listening(side.network) as intake:
            native = await side.comment("the soup was cold")
            await intake.until(lambda had: len(had.items) >= 1)
            await side.edit(native, "the soup was cold and late")
            await intake.until(lambda had: len(had.items) >= 2)
        first, second = intake.items
        assert first.native_id == second.native_id == native
        assert first.version != second.version
        assert (second.text, second.created_at) == ("the soup was cold and late", first.created_at)
        assert second.edited_at is not None
        assert second.edited_at >= second.created_at

    async def test_editing_back_and_forth_never_shows_an_old_version_again(self, side: Side) -> None:
        needs(side, HISTORY)
        native = await side.comment("yes")
        versions = [(await seen(side, native)).version]
        for text in ("no", "yes"):
            await side.edit(native, text)
            versions.append((await seen(side, native)).version)
        assert len(set(versions)) == 3

    async def test_a_comment_taken_back_is_reported_as_removed(self, side: Side) -> None:
        needs(side, WITHDRAW)
        async with listening(side.network) as intake:
            native = await side.comment("I wrote this in anger")
            await intake.until(lambda had: len(had.events) >= 1)
            await side.withdraw(native)
            await intake.until(lambda had: len(had.events) >= 2)
        arrived, removed = intake.events
        assert isinstance(arrived, ItemArrived)
        assert isinstance(removed, ItemRemoved)
        assert (removed.account, removed.native_id) == (side.account, native)

    async def test_what_was_taken_back_before_anybody_listened_shows_no_empty_item(self, side: Side) -> None:
        needs(side, WITHDRAW)
        gone = await side.comment("never seen")
        await side.withdraw(gone)
        await side.comment("still here")
        async with listening(side.network) as intake:
            await intake.until(lambda had: had.items)
        assert [item.text for item in intake.items] == ["still here"]

    async def test_one_person_is_recognised_and_two_of_one_name_are_told_apart(self, side: Side) -> None:
        ids = [
            (await seen(side, await side.comment("hello", author="Ana", visitor=visitor))).author.id
            for visitor in ("one", "one", "two")
        ]
        assert ids[0] is not None
        assert ids[0] == ids[1] != ids[2]

    async def test_a_typed_name_is_no_identity(self, side: Side) -> None:
        needs(side, ANONYMOUS)
        item = await seen(side, await side.comment("hello", author="Ana", visitor=None))
        assert item.author == Author(id=None, name="Ana")

    async def test_an_answer_belongs_to_the_conversation_of_what_it_answers(self, side: Side) -> None:
        needs(side, ANSWER)
        root = await seen(side, await side.comment("is it open today?"))
        other = await seen(side, await side.comment("nice place"))
        below = await seen(side, await side.comment("and tomorrow?", answering=root.native_id))
        deeper = await seen(side, await side.comment("and on Monday?", answering=below.native_id))
        assert below.parent == root.native_id
        assert root.thread_key == below.thread_key == deeper.thread_key != other.thread_key

    async def test_a_colleagues_own_reply_is_marked_as_ours(self, side: Side) -> None:
        needs(side, BY_HAND)
        async with listening(side.network) as intake:
            native = await side.comment("hello?")
            reply = await side.reply_by_hand(native, "Hello! How can I help?")
            await intake.until(lambda had: len(had.items) >= 2)
        assert [(item.native_id, item.ours) for item in intake.items] == [(native, False), (reply, True)]
        assert intake.items[1].parent == native
        assert intake.items[1].text == "Hello! How can I help?"

    async def test_the_conversation_is_what_stands_below_an_item_in_order(self, side: Side) -> None:
        needs(side, BY_HAND)
        root = await seen(side, await side.comment("hello?"))
        await side.comment("somewhere else")
        reply = await side.reply_by_hand(root.native_id, "Hello!")
        thanks = await side.comment("thanks", answering=root.native_id)
        below = await side.network.conversation(root)
        assert [(item.native_id, item.ours) for item in below] == [(reply, True), (thanks, False)]
        assert await side.network.conversation(below[1]) == []

    async def test_the_current_item_is_the_one_that_was_reported(self, side: Side) -> None:
        item = await seen(side, await side.comment("as it is"))
        assert await side.network.current(item) == item

    async def test_the_current_item_shows_an_edit_at_once(self, side: Side) -> None:
        needs(side, EDIT)
        item = await seen(side, await side.comment("before"))
        await side.edit(item.native_id, "after")
        now = await side.network.current(item)
        assert isinstance(now, Item)
        assert now.text == "after"
        assert now.version != item.version

    async def test_a_picture_comes_in_with_its_description_and_another_one_is_another_version(self, side: Side) -> None:
        needs(side, PICTURES)
        item = await seen(side, await side.picture("Mirad", "https://p.example/1", "una taza rota"))
        [hanging] = item.attachments
        assert (hanging.kind, hanging.url, hanging.alt) == ("image", "https://p.example/1", "una taza rota")
        assert item.text == "Mirad"
        same = await side.network.current(item)
        await side.picture("Mirad", "https://p.example/2", "una taza rota", instead=item.native_id)
        other = await side.network.current(item)
        assert isinstance(same, Item)
        assert isinstance(other, Item)
        assert same.version == item.version != other.version
        assert other.attachments[0].url == "https://p.example/2"

    async def test_what_is_not_there_any_more_is_gone(self, side: Side) -> None:
        needs(side, WITHDRAW)
        item = await seen(side, await side.comment("about to go"))
        await side.withdraw(item.native_id)
        assert isinstance(await side.network.current(item), Gone)

    @pytest.mark.parametrize("name", HOSTILE)
    async def test_a_hostile_text_comes_in_as_everybody_reads_it(self, side: Side, name: str) -> None:
        native = await side.comment(HOSTILE[name], author=f"eve {HOSTILE[name]}"[:70])
        item = await seen(side, native)
        assert item.text == await side.said(native)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", item.text + item.author.name)
        assert "\n" not in item.author.name
        plain = re.sub(r"[^ -~]", "", HOSTILE[name])
        assert plain in re.sub(r"[^ -~]", "", item.text)

    @pytest.mark.parametrize(
        ("trouble", "error"),
        [("rate_limited", Transient), ("error_before", Transient), ("dead_token", AuthExpired)],
    )
    async def test_trouble_while_listening_is_reported_and_loses_nothing(
        self, side: Side, trouble: str, error: type[Exception]
    ) -> None:
        needs(side, TROUBLE)
        lacks(side, PUSHED)
        native = await side.comment("written in hard times")
        await side.trouble("listen", trouble)
        intake = RecordingIntake()
        with pytest.raises(error):
            async with asyncio.timeout(30):
                await side.network.listen(intake, None)
        assert intake.events == []
        async with listening(side.network, intake):
            await intake.until(lambda had: had.items)
        assert intake.items[0].native_id == native

    @pytest.mark.parametrize("operation", ["current", "conversation"])
    async def test_what_cannot_be_told_now_is_not_called_gone(self, side: Side, operation: str) -> None:
        needs(side, TROUBLE)
        if operation == "conversation":
            needs(side, ANSWER)
        item = await seen(side, await side.comment("still here"))
        await side.trouble(operation, "error_before")
        with pytest.raises(Transient):
            await getattr(side.network, operation)(item)
        await side.trouble(operation, "rate_limited", seconds=7)
        with pytest.raises(Transient) as caught:
            await getattr(side.network, operation)(item)
        assert caught.value.retry_after == 7

    async def test_listening_ends_at_once_when_it_is_cancelled(self, side: Side) -> None:
        task = asyncio.create_task(side.network.listen(RecordingIntake(), None))
        await asyncio.sleep(0.05)
        assert not task.done()
        task.cancel()
        async with asyncio.timeout(1):
            with contextlib.suppress(asyncio.CancelledError):
                await task
        assert task.cancelled()

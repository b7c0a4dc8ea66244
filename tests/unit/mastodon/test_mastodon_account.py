"""One account over an instance of ours: what comes in after a pause, what goes out to whom, what is refused."""

import asyncio
import gc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.core.messages import ItemArrived, ItemRemoved
from bot.core.types import Item, OutgoingReply, Posted, Rejected, Visibility
from handlers.networks.mastodon import Config, create
from tests.contract.mastodon_side import MastodonSide
from tests.contract.network_side import RecordingIntake, answer, listening, seen
from tests.support.mastodon_fake import MastodonFake
from tests.unit.mastodon.conftest import Open


def requests(side: MastodonSide, path: str) -> int:
    return sum(path in asked for _, asked in side.instance.requests)


async def _streams(side: MastodonSide, times: int) -> None:
    """Wait until the stream was opened so often and is open."""
    async with asyncio.timeout(15):
        while requests(side, "streaming") < times or not side.instance._listeners:  # noqa: ASYNC110 -- no event tells it
            await asyncio.sleep(0.02)


async def test_without_a_stream_the_instance_is_asked(open_side: Open) -> None:
    side = await open_side(instance=MastodonFake(streams=False), poll_seconds=0.1)
    async with listening(side.network) as intake:
        await asyncio.sleep(0.05)
        await side.comment("anybody there?")
        await intake.until(lambda had: had.items, seconds=2)


async def test_a_stream_that_breaks_is_opened_again_and_nothing_is_missing(open_side: Open) -> None:
    side = await open_side(poll_seconds=0.2, recheck_seconds=3600)
    async with listening(side.network) as intake:
        await side.comment("one")
        await intake.until(lambda had: len(had.items) == 1)
        await _streams(side, 1)
        side.instance.hang_up()
        await side.comment("two, while nobody streams")
        await intake.until(lambda had: len(had.items) == 2)
        await _streams(side, 2)
    assert [item.text for item in intake.items] == ["one", "two, while nobody streams"]


async def test_a_quiet_account_is_not_asked_all_the_time(open_side: Open) -> None:
    side = await open_side(recheck_seconds=3600, poll_seconds=3600)
    async with listening(side.network):
        await asyncio.sleep(0.5)
        before = len(side.instance.requests)
        stranger = side.instance.person("eva", "Eva")
        for _ in range(5):
            side.instance._tell("update", f'{{"id": "5", "account": {{"id": "{stranger}"}}}}')
            side.instance._tell("delete", "123")
        await asyncio.sleep(0.3)
        assert len(side.instance.requests) == before


async def test_a_thousand_that_waited_come_in_order_and_in_few_requests(open_side: Open) -> None:
    side = await open_side()
    written = [await side.comment(f"number {n}") for n in range(1000)]
    async with listening(side.network) as intake:
        await intake.until(lambda had: len(had.items) >= 1000, seconds=30)
    assert [item.native_id for item in intake.items] == written
    assert len(side.instance.requests) < 80


async def test_a_long_thread_costs_one_request(side: MastodonSide) -> None:
    root = await side.comment("root")
    below = [await side.comment(f"answer {n}", answering=root) for n in range(30)]
    async with listening(side.network) as intake:
        await intake.until(lambda had: len(had.items) == 31)
    assert {item.thread_key for item in intake.items} == {root}
    assert requests(side, "/context") <= 1
    assert [item.native_id for item in intake.items[1:]] == below


async def test_the_first_start_takes_nothing_that_is_old(open_side: Open) -> None:
    side = await open_side(first_hours=2)
    vera = side.instance.person("vera", "Vera")
    for n in range(90):
        side.instance.write(vera, f"@tienda old {n}", at=datetime.now(UTC) - timedelta(hours=3))
    recent = await side.comment("recent")
    async with listening(side.network) as intake:
        await intake.until(lambda had: had.items)
    assert [item.native_id for item in intake.items] == [recent]


async def test_what_happened_during_a_pause_is_told_after_it(side: MastodonSide) -> None:
    edited, gone = await side.comment("will change"), await side.comment("will go")
    async with listening(side.network) as first:
        await first.until(lambda had: len(had.items) == 2)
    await side.edit(edited, "has changed")
    await side.withdraw(gone)
    await side.restart()
    async with listening(side.network, cursor=first.cursor) as second:
        await second.until(lambda had: len(had.events) >= 2)
    assert {type(event) for event in second.events} == {ItemArrived, ItemRemoved}
    assert [item.text for item in second.items] == ["has changed"]


@pytest.mark.parametrize("bulk", [True, False])
async def test_a_reply_of_ours_that_vanishes_is_told(side: MastodonSide, bulk: bool) -> None:
    side.instance.bulk = bulk
    target = await seen(side, await side.comment("hello?"))
    posted = await side.network.publish(answer(target, "Hello!"))
    assert isinstance(posted, Posted)
    async with listening(side.network) as intake:
        await intake.until(lambda had: len(had.items) == 2)
        side.instance.withdraw(posted.native_id)
        await intake.until(lambda had: len(had.events) == 3)
    assert intake.events[-1] == ItemRemoved(account=side.account, native_id=posted.native_id)


async def test_a_payload_that_cannot_be_read_does_not_stop_the_others(side: MastodonSide) -> None:
    bad = await side.comment("bad")
    side.instance.people[side.instance.statuses[bad].account] = ("vera", "Vera")
    side.instance.statuses[bad].created_at = _Nonsense()  # type: ignore[assignment]
    good = await side.comment("good")
    async with listening(side.network) as intake:
        await intake.until(lambda had: had.items)
    assert [item.native_id for item in intake.items] == [good]


class _Nonsense:
    def isoformat(self) -> str:
        return "the day before yesterday"


# --- out ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private", "direct"])
async def test_a_reply_is_as_public_as_the_comment(side: MastodonSide, visibility: str) -> None:
    vera = side.instance.person("vera", "Vera")
    native = side.instance.write(vera, "@tienda ¿y mi pedido?", visibility=visibility, language="ca").id
    target = await seen(side, native)
    assert isinstance(await side.network.publish(answer(target, "Ya sale.")), Posted)
    (body,) = side.instance.posts
    assert (body["visibility"], body["language"], body["in_reply_to_id"]) == (visibility, "ca", native)
    assert body["status"] == "@vera Ya sale."
    assert body["key"] == "key-1"


@pytest.mark.parametrize("visibility", ["public", "limited"])
async def test_what_was_private_is_never_answered_in_public(side: MastodonSide, visibility: str) -> None:
    target = await seen(side, await side.comment("psst"))
    side.instance.statuses[target.native_id].visibility = visibility
    private = OutgoingReply(
        key="k", account=side.account, target=target, text="Ya sale.", visibility=Visibility.PRIVATE
    )
    await side.network.publish(private)
    assert side.instance.posts[0]["visibility"] == "direct"


async def test_who_is_named_in_the_text_is_not_named_twice(side: MastodonSide) -> None:
    target = await seen(side, await side.comment("hola"))
    reply = answer(target, "Hola, @vera: ya sale.")
    posted = await side.network.publish(reply)
    assert side.instance.posts[0]["status"] == "Hola, @vera: ya sale."
    assert await side.network.find(reply) == posted


async def test_other_peoples_talk_below_a_comment_is_none_of_ours(side: MastodonSide) -> None:
    target = await seen(side, await side.comment("hola"))
    side.instance.write(side.instance.person("eva", "Eva"), "@vera qué pasa?", parent=target.native_id)
    own = side.instance.write(side.instance.person("vera", "Vera"), "nada", parent=target.native_id).id
    below = await side.network.conversation(target)
    assert [item.native_id for item in below] == [own]


async def test_the_instances_own_limits_count(open_side: Open) -> None:
    side = await open_side(instance=MastodonFake(characters=5000))
    await side.network.check()
    target = await seen(side, await side.comment("hola"))
    limit = side.network.capabilities().max_length
    assert limit == 5000 - 32
    assert isinstance(await side.network.publish(answer(target, "x" * limit)), Posted)
    assert isinstance(await side.network.publish(answer(target, "x" * (limit + 1), "other")), Rejected)


async def test_a_long_name_that_leaves_no_room_is_told_and_nothing_is_cut(side: MastodonSide) -> None:
    native = await side.comment("hola", visitor="v" * 60)
    target = await seen(side, native)
    limit = side.network.capabilities().max_length or 0
    assert isinstance(await side.network.publish(answer(target, "x" * limit)), Rejected)
    assert side.instance.posts == []


async def test_a_repeat_that_meets_an_error_finds_the_first_one(side: MastodonSide) -> None:
    target = await seen(side, await side.comment("hola"))
    await side.trouble("publish", "error_after")
    with pytest.raises(OutcomeUnknown):
        await side.network.publish(answer(target, "Ya sale."))
    again = OutgoingReply(key="key-1", account=side.account, target=target, text="Ya sale.", attempt=2)
    await side.trouble("publish", "error_before")
    assert isinstance(await side.network.publish(again), Posted)
    assert await side.replies(target.native_id) == ["Ya sale."]


async def test_a_reply_with_a_link_is_found_by_its_source(side: MastodonSide) -> None:
    target = await seen(side, await side.comment("hola"))
    reply = answer(target, "Mira https://tienda.example/ayuda/pedidos/que/no/llegan/nunca?x=1 y @eva@else.example")
    posted = await side.network.publish(reply)
    assert isinstance(posted, Posted)
    assert await side.network.find(reply) == posted
    assert await side.network.find(answer(target, "Mira https://tienda.example/ayuda")) is None


async def test_a_token_that_may_not_write_is_told_at_the_start(open_side: Open) -> None:
    side = await open_side(instance=MastodonFake(scopes=["read"]))
    with pytest.raises(AuthExpired, match="write:statuses"):
        await side.network.check()


@pytest.mark.parametrize("operation", ["check", "listen", "publish"])
async def test_a_missing_right_is_a_dead_token(side: MastodonSide, operation: str) -> None:
    target = await seen(side, await side.comment("hola"))
    await side.trouble(operation, "forbidden")
    calls: dict[str, Any] = {
        "check": side.network.check,
        "listen": lambda: side.network.listen(RecordingIntake(), None),
        "publish": lambda: side.network.publish(answer(target, "Ya sale.")),
    }
    with pytest.raises(AuthExpired, match="scopes"):
        await calls[operation]()


async def test_without_a_token_the_variable_is_named() -> None:
    network = create(Config(id="mi-tienda", base_url="https://m.example"), data=Path(), base_url="")
    with pytest.raises(AuthExpired, match="PORTAVOZ_SECRET_MI_TIENDA"):
        await network.check()


async def test_an_instance_that_is_not_there_surely_did_nothing(open_side: Open, free_port: int) -> None:
    side = await open_side()
    target = await seen(side, await side.comment("hola"))
    config = Config(id="masto", base_url=f"http://127.0.0.1:{free_port}")
    network = create(config, data=Path(), base_url="", secret="t")
    for call in (network.check(), network.publish(answer(target, "Ya sale.")), network.current(target)):
        with pytest.raises(Transient):
            await call
    await network.aclose()


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_one_adapter_serves_one_event_loop_after_the_other() -> None:
    async def once(side: MastodonSide) -> Item:
        await side.instance.start()
        native = await side.comment("hola")
        side._settings["timeout"] = 2
        side._connect()
        item = await seen(side, native)
        await side.instance.stop()
        return item

    side = MastodonSide()
    assert asyncio.run(once(side)).text == "hola"
    kept = side.network

    async def later() -> None:
        with pytest.raises((Transient, Permanent)):
            await kept.check()
        await kept.aclose()

    asyncio.run(later())
    gc.collect()  # what the first loop left open is noticed here, and not in some other test

"""A Bluesky account: sessions, what it may answer, what changes there, and what a person should know."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.core.errors import AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.core.messages import ItemArrived, ItemRemoved
from bot.core.types import Gone, Item, Posted, Rejected
from handlers.networks.bluesky.naming import page, rkey_of
from handlers.networks.bluesky.wire import retry_after
from tests.contract.bluesky_side import PASSWORD, BlueskySide
from tests.contract.network_side import RecordingIntake, answer, listening, seen
from tests.support.bluesky_fake import BLOCK, POST, BlueskyFake, iso
from tests.unit.bluesky.conftest import Open


def server(side: BlueskySide) -> BlueskyFake:
    assert isinstance(side.door, BlueskyFake)
    return side.door


# --- sessions ---------------------------------------------------------------------------------------------------------


async def test_a_session_outlives_the_process_and_ends_with_the_password(side: BlueskySide) -> None:
    await side.network.check()
    await side.restart()
    await side.network.check()
    assert side.door.requests["createSession"] == 1
    assert side.password not in str(side.keep.kept)
    side.password = PASSWORD
    await side.restart()
    await side.network.check()
    assert side.door.requests["createSession"] == 2


async def test_a_worn_token_is_renewed_once_whoever_notices(side: BlueskySide) -> None:
    await side.network.check()
    fake = server(side)
    fake.tokens = {token: who for token, who in fake.tokens.items() if who[1] == "refresh"}
    side.shop = await side.door.good(
        "com.atproto.server.createSession", body={"identifier": side.shop["handle"], "password": PASSWORD}
    )
    await asyncio.gather(*(side.network.check() for _ in range(5)))
    assert side.door.requests["refreshSession"] == 1
    assert side.door.requests["createSession"] == 1


async def test_what_another_process_renewed_is_taken_from_the_drawer(side: BlueskySide) -> None:
    await side.network.check()
    sessions = side.network._wire.sessions
    stale = await sessions.current()
    await side.restart()
    fresh = await side.network._wire.sessions.renew(stale)
    assert await sessions.renew(stale) == fresh
    assert side.door.requests["refreshSession"] == 1


async def test_a_drawer_with_nonsense_is_no_session(side: BlueskySide) -> None:
    for nonsense in ("", "[]", "null", '{"for": 1}', "{"):
        side.keep.kept["session"] = nonsense
        await side.restart()
        assert (await side.network.check()).name == f"@{side.shop['handle']}"


async def test_without_a_password_the_variable_is_named(side: BlueskySide) -> None:
    side.password = ""
    await side.restart()
    with pytest.raises(AuthExpired, match="PORTAVOZ_SECRET_SKY"):
        await side.network.check()


@pytest.mark.parametrize("place", ["http://evil.example", "https://evil.example", "http://u@127.0.0.1:1", 5, None])
async def test_tokens_go_nowhere_less_safe_than_the_password_went(
    side: BlueskySide, monkeypatch: pytest.MonkeyPatch, place: Any
) -> None:
    told = server(side)._session

    def elsewhere(did: str, scope: str) -> dict[str, Any]:
        return {**told(did, scope), "didDoc": {"service": [{"id": "#atproto_pds", "serviceEndpoint": place}]}}

    monkeypatch.setattr(server(side), "_session", elsewhere)
    assert (await side.network._wire.sessions.current()).pds == side.door.base


async def test_an_account_that_was_put_to_rest_is_told(side: BlueskySide, monkeypatch: pytest.MonkeyPatch) -> None:
    told = server(side)._session
    monkeypatch.setattr(server(side), "_session", lambda *of: {**told(*of), "active": False, "status": "deactivated"})
    with pytest.raises(AuthExpired, match="deactivated"):
        await side.network.check()


def test_the_server_says_until_when_to_wait() -> None:
    now = datetime.fromtimestamp(1_000_000.5, UTC)
    for headers, seconds in (
        ({"RateLimit-Reset": "1000042"}, 42),
        ({"RateLimit-Reset": "5"}, 0),
        ({"RateLimit-Reset": "5", "Retry-After": "7"}, 7),
        ({"RateLimit-Reset": "²", "Retry-After": "soon"}, None),
        ({}, None),
    ):
        assert retry_after(httpx.Headers(headers, encoding="utf-8"), now) == seconds


async def test_a_person_is_told_of_the_password_the_clock_and_the_allowance(side: BlueskySide) -> None:
    good = await side.network.check()
    assert (good.warnings, good.scopes) == ((), ("com.atproto.appPass",))
    assert good.ahead is not None
    assert abs(good.ahead) < timedelta(seconds=60)
    side.password = PASSWORD
    await side.restart()
    date = "Tue, 01 Jan 2030 00:00:00 GMT"
    side.door.headers = {"Date": date, "RateLimit-Limit": "3000", "RateLimit-Remaining": "12"}
    account = await side.network.check()
    own, left = account.warnings
    assert "app password" in own
    assert "12 of 3000" in left
    assert account.ahead is not None
    assert account.ahead > timedelta(days=365)


# --- what comes in ----------------------------------------------------------------------------------------------------


async def test_more_than_a_page_comes_in_whole_and_in_order(side: BlueskySide) -> None:
    await side.person("vera")
    written = [await side.write("vera", **side.naming(f"{n}")) for n in range(130)]
    intake = RecordingIntake()
    await side.network.backfill(intake, datetime.now(UTC) - timedelta(days=1))
    assert [item.native_id for item in intake.items] == written
    assert side.door.requests["listNotifications"] == 2
    assert side.door.requests["getPosts"] == 6


async def test_what_the_network_shows_late_is_taken_in(side: BlueskySide) -> None:
    await side.comment("on time")
    async with listening(side.network) as intake:
        await intake.until(lambda had: had.items)
        late = await side.comment("late")
        record = server(side).records[late]
        await intake.until(lambda had: len(had.items) == 2)
        other = await side.write("vera", **side.naming("written before, shown now"))
        server(side).records[other].value["createdAt"] = iso(record.indexed - timedelta(minutes=30))
        await intake.until(lambda had: len(had.items) == 3)
    assert intake.items[2].native_id == other


async def test_quotes_and_answers_call_upon_us_and_the_rest_does_not(side: BlueskySide) -> None:
    own = await side.write("tienda", "Hoy abrimos a las nueve.")
    await side.write("vera", "nothing to do with us")
    quote = {"$type": "app.bsky.embed.record", "record": side.reference(own)}
    quoting = await side.write("vera", "Esto no es verdad.", embed=quote)
    answering = await side.write("eva", "¿Y mañana?", answering=own)
    async with listening(side.network) as intake:
        await intake.until(lambda had: len(had.items) == 2)
    assert [(item.native_id, item.thread_key) for item in intake.items] == [(quoting, quoting), (answering, own)]
    assert intake.items[0].attachments[0].alt == "Hoy abrimos a las nueve."
    for item in intake.items:
        assert isinstance(await side.network.publish(answer(item, "Hola.", key=item.native_id)), Posted)


async def test_an_account_that_the_network_does_not_know_yet_is_tried_again(side: BlueskySide) -> None:
    native = await side.comment("Hello, are you new here?")
    server(side).unknown = {side.shop["did"]}
    intake = RecordingIntake()
    with pytest.raises(Transient, match="Profile not found"):
        await side.network.listen(intake, None)
    assert intake.items == []
    server(side).unknown.clear()
    async with listening(side.network, intake, intake.cursor):
        await intake.until(lambda had: had.items)
    assert intake.items[0].native_id == native


async def test_a_changed_record_a_removal_and_a_block_are_noticed(side: BlueskySide) -> None:
    changed, removed, ours = [await side.comment(text) for text in ("before", "going", "answered")]
    reply = await side.reply_by_hand(ours, "Hello!")
    async with listening(side.network) as intake:
        await intake.until(lambda had: len(had.items) == 4)
        server(side).records[changed].value["text"] = "after"
        server(side).records[changed].cid = "bafyreichangedrecord"
        await intake.until(lambda had: len(had.items) == 5)
        await side.withdraw(removed)
        await side.withdraw(reply)
        await intake.until(lambda had: sum(isinstance(one, ItemRemoved) for one in had.events) == 2)
        await block(side, "vera")
        await intake.until(lambda had: sum(isinstance(one, ItemRemoved) for one in had.events) == 4)
    again = intake.items[4]
    assert (again.native_id, again.text, again.version) == (changed, "after", "bafyreichangedrecord")
    gone = {one.native_id: one.reason for one in intake.events if isinstance(one, ItemRemoved)}
    assert gone == {removed: "removed", reply: "removed", changed: "blocked", ours: "blocked"}
    assert all(isinstance(one, ItemArrived | ItemRemoved) for one in intake.events)


async def block(side: BlueskySide, visitor: str) -> None:
    record = {"$type": BLOCK, "subject": side.shop["did"], "createdAt": iso(datetime.now(UTC))}
    body = {"repo": side.people[visitor]["did"], "collection": BLOCK, "record": record}
    await side.act(visitor, "com.atproto.repo.createRecord", body)


# --- what goes out ----------------------------------------------------------------------------------------------------


async def test_who_did_not_call_upon_us_is_left_to_a_person(side: BlueskySide) -> None:
    native = await side.write("vera", "I wrote this to nobody")
    item = await side.network.current(await pretended(side, native))
    assert isinstance(item, Item)
    result = await side.network.publish(answer(item, "We are sorry."))
    assert isinstance(result, Rejected)
    assert result.manual_url == page(side.door.base, native)
    assert await side.replies(native) == []


async def pretended(side: BlueskySide, native: str) -> Item:
    """An item with this address."""
    known = await seen(side, await side.comment("hello"))
    return Item(**{name: getattr(known, name) for name in Item.__slots__} | {"native_id": native})


async def test_a_block_is_told_and_nothing_is_written(side: BlueskySide) -> None:
    target = await seen(side, await side.comment("hello"))
    await block(side, "vera")
    assert await side.network.current(target) == Gone(reason="blocked")
    assert isinstance(await side.network.publish(answer(target, "We are sorry.")), Rejected)
    assert side.door.requests["putRecord"] == 0


async def test_a_reply_says_where_it_belongs_in_what_language_and_when_it_was_begun(side: BlueskySide) -> None:
    await side.person("vera")
    root = await side.write("vera", langs=["es", "x" * 90, 5], **side.naming("hola"))
    below = await side.write("vera", answering=root, langs=["es", "x" * 90, 5], **side.naming("¿hola?"))
    target = await seen(side, below)
    begun = datetime(2026, 5, 1, 10, 0, 0, 123_000, UTC)
    reply = answer(target, "Hola.")
    reply = type(reply)(key=reply.key, account=reply.account, target=target, text="Hola.", first_attempt_at=begun)
    posted = await side.network.publish(reply)
    uri = f"at://{side.shop['did']}/{POST}/{rkey_of(reply.key)}"
    assert posted == Posted(native_id=uri, url=page(side.door.base, uri))
    assert server(side).records[uri].value == {
        "$type": POST, "text": "Hola.", "createdAt": "2026-05-01T10:00:00.123Z", "langs": ["es"],
        "reply": {"root": side.reference(root), "parent": side.reference(below)},
    }  # fmt: skip


async def test_a_reply_that_stands_is_found_although_the_comment_is_gone(side: BlueskySide) -> None:
    target = await seen(side, await side.comment("hello"))
    reply = answer(target, "We are sorry.")
    side.door.spoil("putRecord", "error_after")
    with pytest.raises(OutcomeUnknown):
        await side.network.publish(reply)
    await side.withdraw(target.native_id)
    again = type(reply)(key=reply.key, account=reply.account, target=target, text=reply.text, attempt=2)
    assert isinstance(await side.network.publish(again), Posted)


async def test_what_stands_under_our_key_and_is_not_the_reply_is_never_written_over(side: BlueskySide) -> None:
    target = await seen(side, await side.comment("hello"))
    place = {"repo": side.shop["did"], "collection": POST, "rkey": rkey_of("key-1")}
    record = {"$type": POST, "text": "by hand", "createdAt": iso(datetime.now(UTC))}
    await side.act("tienda", "com.atproto.repo.putRecord", {**place, "record": record})
    with pytest.raises(Permanent) as caught:
        await side.network.publish(answer(target, "We are sorry."))
    assert not isinstance(caught.value, AuthExpired)
    assert caught.value.manual_url == target.url
    assert (await side.door.shown(f"at://{place['repo']}/{POST}/{place['rkey']}"))[1]["value"]["text"] == "by hand"


async def test_a_server_that_cannot_be_reached_has_surely_done_nothing(open_side: Open) -> None:
    side = await open_side()
    target = await seen(side, await side.comment("hello"))
    await side.door.stop()
    with pytest.raises(Transient):
        await side.network.publish(answer(target, "We are sorry."))

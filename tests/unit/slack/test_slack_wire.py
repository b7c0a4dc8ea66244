"""What Slack's Web API does to us: limits, lost answers, dead tokens, closed rooms, other apps."""

import asyncio
import re
import time
from dataclasses import replace
from typing import Any

import pytest

from bot.core.errors import AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.core.types import Attachment, AttachmentKind, Message, Picture, Room
from handlers.chats.slack import create, threads
from handlers.chats.slack.wire import Pace
from tests.contract.slack_side import SlackSide, texts
from tests.support.slack_fake import Channel
from tests.unit.slack.conftest import Open


def card(side: SlackSide, ticket: str) -> Any:
    return side.world.card_now(ticket)


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "account_inactive", "token_expired"])
async def test_a_dead_token_is_said_to_be_one(side: SlackSide, error: str) -> None:
    ticket = side.world.comment()
    side.slack.dead_token = error
    with pytest.raises(AuthExpired, match=error):
        await side.chat.post(side.room, card(side, ticket))
    side.slack.dead_token = ""
    await side.chat.post(side.room, card(side, ticket))


async def test_a_missing_scope_names_itself(side: SlackSide) -> None:
    side.slack.scopes.discard("chat:write")
    with pytest.raises(AuthExpired, match="missing_scope: chat:write"):
        await side.chat.post(side.room, card(side, side.world.comment()))


@pytest.mark.parametrize("state", ["archived", "not_in_channel", "channel_not_found"])
async def test_a_room_that_is_closed_to_us_holds_its_cards_until_it_is_open(side: SlackSide, state: str) -> None:
    ticket = side.world.comment()
    channel = side.slack.channels["C0INBOX"]
    channel.archived = state == "archived"
    channel.member = state != "not_in_channel"
    if state == "channel_not_found":
        del side.slack.channels["C0INBOX"]
    with pytest.raises(AuthExpired):
        await side.chat.post(side.room, card(side, ticket))
    channel.archived, channel.member = False, True
    side.slack.channels["C0INBOX"] = channel
    await side.chat.post(side.room, card(side, ticket))
    assert await side.cards(ticket) == 1


async def test_a_renamed_room_is_the_same_room(side: SlackSide) -> None:
    ticket = side.world.comment()
    ref = await side.chat.post(side.room, card(side, ticket))
    side.slack.channels["C0INBOX"].name = "renamed"
    side.world.propose(ticket, "Another.")
    await side.chat.update(ref, card(side, ticket))
    assert "Another." in (await side.see_card("luis", ticket)).text


async def test_retry_after_is_handed_on(side: SlackSide) -> None:
    side.slack.throttled["chat.postMessage"] = 1
    side.slack.retry_after = 7.0
    with pytest.raises(Transient) as caught:
        await side.chat.post(side.room, card(side, side.world.comment()))
    assert caught.value.retry_after == 7.0


async def test_a_limit_in_the_middle_of_a_thread_loses_and_doubles_nothing(side: SlackSide) -> None:
    ticket = side.world.comment()
    ref = await side.chat.post(side.room, card(side, ticket))
    for n in range(3):
        side.world.comment_again(ticket, f"Again {n}.")
    for _ in range(12):
        side.slack.throttled["chat.postMessage"] = side.slack.throttled["chat.update"] = 1
        side.slack.retry_after = 0.0
        try:
            await side.chat.update(ref, card(side, ticket))
        except Transient:
            continue
        break
    side.slack.throttled.clear()
    await side.chat.update(ref, card(side, ticket))
    said = [" ".join(texts(one["blocks"])) for one in side.slack.messages()]
    for n in range(3):
        assert sum(f"Again {n}." in text for text in said[1:]) == 1


async def test_whispers_wait_out_a_limit(side: SlackSide) -> None:
    ref = await side.chat.post(side.room, card(side, side.world.comment()))
    side.slack.throttled["chat.postEphemeral"] = 2
    await side.chat.tell(side.world.team["luis"], ref, "Only you.")
    assert await side.private_texts("luis") == ["Only you."]


@pytest.mark.parametrize("which", range(2))
async def test_a_lost_answer_anywhere_in_a_thread_doubles_nothing(side: SlackSide, which: int) -> None:
    ticket = side.world.comment()
    if which == 0:
        side.lose_next_answer()
        with pytest.raises(OutcomeUnknown):
            await side.chat.post(side.room, card(side, ticket))
        ref = await side.chat.find_card(side.room, card(side, ticket))
    else:
        ref = await side.chat.post(side.room, card(side, ticket))
        side.world.propose(ticket, "Second wording.")
        side.lose_next_answer()
        with pytest.raises(OutcomeUnknown):
            await side.chat.update(ref, card(side, ticket))
    assert ref is not None
    await side.restart()
    for _ in range(2):
        await side.chat.update(ref, card(side, ticket))
    keys = [one["metadata"]["event_payload"]["key"] for one in side.slack.messages()]
    assert sorted(keys) == sorted(set(keys))
    assert side.slack.calls["conversations.history"] == (1 if which == 0 else 0)


async def test_what_is_said_is_said_once_even_if_the_answer_is_lost(side: SlackSide) -> None:
    ref = await side.chat.post(side.room, card(side, side.world.comment()))
    for where in (side.room, ref):
        key = f"k:{type(where).__name__}"
        side.lose_next_answer()
        with pytest.raises(OutcomeUnknown):
            await side.chat.say(where, Message(text=f"News {key}.", key=key))
        await side.restart()
        for _ in range(2):
            await side.chat.say(where, Message(text=f"News {key}.", key=key))
        assert sum(f"News {key}." in text for text in await side.room_texts()) == 1


async def test_a_drawer_that_was_lost_is_filled_again_from_slack(side: SlackSide) -> None:
    ticket = side.world.comment()
    ref = await side.chat.post(side.room, card(side, ticket))
    count = len(side.slack.messages())
    side.keep.rows.clear()
    await side.restart()
    await side.chat.update(ref, card(side, ticket))
    assert len(side.slack.messages()) == count
    await side.decide(await side.see_card("luis", ticket), "approve", by="reaction")
    assert len(side.world.decided(ticket)) == 1


async def lost(side: SlackSide) -> str:
    """A ticket whose card stands in Slack, which we were not told."""
    ticket = side.world.comment()
    side.lose_next_answer()
    with pytest.raises(OutcomeUnknown):
        await side.chat.post(side.room, card(side, ticket))
    return ticket


def chatter(side: SlackSide, count: int, after: float) -> None:
    """So many messages of people, so many seconds after those that stand there."""
    at = float(side.slack.messages()[-1]["ts"]) + after
    side.slack.messages().extend({"ts": f"{at + n / 1000:.6f}", "user": "U0TOM", "blocks": []} for n in range(count))


async def test_a_card_lost_long_ago_is_found_with_one_look_under_whatever_came_later(side: SlackSide) -> None:
    ticket = await lost(side)
    root = side.slack.messages()[0]["ts"]
    chatter(side, 3000, after=86_400)
    await side.restart()
    found = await side.chat.find_card(side.room, card(side, ticket))
    assert found is not None
    assert found.native == f"C0INBOX:{root}"
    assert side.slack.calls["conversations.history"] == 1


async def test_a_card_that_slack_did_not_take_is_not_looked_for(side: SlackSide) -> None:
    ticket = side.world.comment()
    side.slack.throttled["chat.postMessage"] = 1
    with pytest.raises(Transient):
        await side.chat.post(side.room, card(side, ticket))
    await side.restart()
    assert await side.chat.find_card(side.room, card(side, ticket)) is None
    assert side.slack.calls["conversations.history"] == 0


async def test_where_nobody_can_look_through_everything_nothing_is_posted_blindly(
    side: SlackSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "_PAGES", 2)
    ticket = await lost(side)
    chatter(side, 401, after=1)
    with pytest.raises(Permanent, match="400 messages"):
        await side.chat.find_card(side.room, card(side, ticket))


async def test_metadata_of_another_app_is_not_believed(side: SlackSide) -> None:
    ticket = await lost(side)
    side.slack.messages().clear()
    payload = {"chat": "slack", "ticket": ticket, "room": "inbox", "key": "root"}
    forged = {"event_type": "portavoz", "event_payload": payload}
    ts = side.slack.ts()
    side.slack.messages().append({"ts": ts, "user": "U0EVIL", "bot_id": "B0EVIL", "blocks": [], "metadata": forged})
    assert await side.chat.find_card(side.room, card(side, ticket)) is None


async def test_only_ids_stand_in_the_metadata(side: SlackSide) -> None:
    ticket = side.world.comment("A secret complaint.", author="Marta Secret")
    await side.chat.post(side.room, card(side, ticket))
    for message in side.slack.messages():
        assert set(message["metadata"]["event_payload"]) <= {"chat", "ticket", "room", "key"}
        assert "ecret" not in str(message["metadata"])


async def test_the_same_card_costs_no_call(side: SlackSide) -> None:
    ticket = side.world.comment()
    ref = await side.chat.post(side.room, card(side, ticket))
    before = sum(side.slack.calls.values())
    await side.chat.update(ref, card(side, ticket))
    assert sum(side.slack.calls.values()) == before


async def test_new_messages_keep_to_the_pace_of_a_channel(open_side: Open) -> None:
    side = await open_side(messages_per_second=20)
    for n in range(5):
        await side.chat.say(side.room, Message(text=f"{n}", key=f"{n}"))
    times = side.slack.times["chat.postMessage"]
    assert times[-1] - times[0] >= (len(times) - 3) / 20 - 0.02


def test_a_pace_lets_a_few_at_once_then_one_by_one() -> None:
    now = [100.0]
    pace = Pace(2.0, 3, clock=lambda: now[0])
    assert [round(pace.wait("a"), 3) for _ in range(5)] == [0.0, 0.0, 0.0, 0.5, 1.0]
    assert pace.wait("b") == 0.0
    now[0] += 10
    assert pace.wait("a") == 0.0
    pace.hold("a", 5.0)
    assert pace.wait("a") >= 5.0


async def test_a_room_without_a_channel_says_what_is_missing(side: SlackSide) -> None:
    with pytest.raises(Permanent, match="native_id"):
        await side.chat.post(Room(id="inbox", chat="slack"), card(side, side.world.comment()))


async def test_a_service_that_is_away_is_away_for_a_while(side: SlackSide) -> None:
    ref = await side.chat.post(side.room, card(side, side.world.comment()))
    port = side.slack.port
    await side.slack.stop()
    with pytest.raises(Transient):
        await side.chat.say(ref, Message(text="x", key="x"))
    await side.slack.start(port)


async def test_a_picture_that_slack_cannot_fetch_keeps_no_card_away(side: SlackSide) -> None:
    lost = Attachment(url="https://gone.example/1.png", kind=AttachmentKind.IMAGE, alt="A jar")
    side.slack.unreachable.add(lost.url)
    ticket = side.world.comment("Look.", attachments=[lost])
    ref = await side.chat.post(side.room, card(side, ticket))
    shown = await side.see_card("luis", ticket)
    assert "A jar" in shown.text
    assert lost.url in shown.links
    side.world.edit_comment(ticket, "Look again.", attachments=[lost])
    await side.chat.update(ref, card(side, ticket))
    assert "Look again." in (await side.see_card("luis", ticket)).text
    side.slack.unreachable.clear()
    side.world.edit_comment(ticket, "And now?", attachments=[lost])
    await side.chat.update(ref, card(side, ticket))
    assert [one for one in (await side.see_card("luis", ticket)).active if lost.url in one]


async def test_a_picture_arrives_in_the_thread_with_its_description(side: SlackSide) -> None:
    ref = await side.chat.post(side.room, card(side, side.world.comment()))
    ts = ref.native.partition(":")[2]
    picture = Picture(name="week.png", contents=b"\x89PNG...", alt="Comments by day")
    for _ in range(2):
        await side.chat.say(ref, Message(text="The week.", key="week", pictures=(picture,)))
    [file] = side.slack.files
    assert (file["done"], file["thread_ts"], file["alt"]) == (True, ts, "Comments by day")
    assert side.slack.uploads[file["id"]] == b"\x89PNG..."


async def test_a_picture_whose_answer_was_lost_is_looked_for(side: SlackSide, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = await side.chat.post(side.room, card(side, side.world.comment()))
    pictures = tuple(Picture(name=f"{n}.png", contents=b"\x89PNG", alt=f"Picture {n}") for n in range(2))
    here = Message(text="The week.", key="here", pictures=pictures)
    message = replace(here, key="there")
    for where, said in ((side.room, here), (ref, message)):
        side.slack.files.clear()
        side.slack.lost.append("files.completeUploadExternal")
        with pytest.raises(OutcomeUnknown):
            await side.chat.say(where, said)
        await side.chat.say(where, said)
        assert [file["name"] for file in side.slack.files] == ["0.png", "1.png"]
        await side.chat.say(where, said)
        assert len(side.slack.files) == 2
    # One that never arrived is not given up too soon, and then sent again.
    side.slack.files[0].update(channel="elsewhere")
    await side.keep.put(f"mark:shown:{message.key}:0", f"{time.time()}:{side.slack.files[0]['id']}")
    await side.restart()
    with pytest.raises(OutcomeUnknown, match="may still show"):
        await side.chat.say(ref, message)
    monkeypatch.setattr("handlers.chats.slack.files.SETTLE", 0.0)
    await side.chat.say(ref, message)
    assert [file["name"] for file in side.slack.files] == ["0.png", "1.png", "0.png"]


async def test_a_table_is_shown_in_columns_and_says_what_does_not_fit(side: SlackSide) -> None:
    rows = (("Network", "Comments"), *((f"network {n} <!here>", str(n)) for n in range(300)))
    await side.chat.say(side.room, Message(text="The week.", key="t", table=rows))
    [said] = await side.room_texts()
    assert "network 7 <!here>    7" in said
    assert re.search(r"… \+[0-9]+$", said) is not None


async def test_a_missing_token_is_named(side: SlackSide) -> None:
    bare = create(
        side.chat.config,
        data=None,  # type: ignore[arg-type]
        base_url="",
        secret=None,
        secrets=lambda part: None,
        keep=side.keep,
        people=(),
        demo=False,
        brand="",
        trusted_proxies=(),
    )
    with pytest.raises(AuthExpired, match="PORTAVOZ_SECRET_SLACK, PORTAVOZ_SECRET_SLACK_APP are not set"):
        await bare.listen(side.world, side.world)


async def test_two_tickets_in_two_channels_do_not_wait_for_each_other(open_side: Open) -> None:
    side = await open_side(messages_per_second=2)
    side.slack.channels["C0OTHER"] = Channel("C0OTHER", "other")
    other = Room(id="other", chat="slack", native_id="C0OTHER")
    began = time.monotonic()
    await asyncio.gather(
        *(
            side.chat.say(room, Message(text=f"{n}", key=f"{room.id}{n}"))
            for room in (side.room, other)
            for n in range(3)
        )
    )
    assert time.monotonic() - began < 1.0

"""Telegram among people: edits, colleagues, albums, a channel's comments, and what the bot is not shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.core.errors import AuthExpired, Transient
from bot.core.types import Rejected, Visibility
from handlers.networks.telegram import Config, create
from handlers.networks.telegram.adapter import PRIVACY
from handlers.networks.telegram.listening import cursor_of, offset_of
from tests.contract.network_side import RecordingIntake, answer, listening, seen
from tests.contract.telegram_network_side import GROUP, TelegramNetworkSide
from tests.support.telegram_server import ANONYMOUS


@pytest.fixture
async def side() -> AsyncIterator[TelegramNetworkSide]:
    side = TelegramNetworkSide()
    await side.start()
    yield side
    await side.stop()


async def heard(side: TelegramNetworkSide, *bodies: dict[str, Any], kind: str = "message") -> RecordingIntake:
    """What comes in of these messages, and of one more after them that somebody wrote."""
    for body in bodies:
        await side.doing.tell(kind, body)
    last = await side.comment("the last one", visitor="last")
    async with listening(side.network) as intake:
        await intake.until(lambda had: any(item.native_id == last for item in had.items))
    return intake


async def test_an_edit_is_a_new_version_and_the_old_words_again_another(side: TelegramNetworkSide) -> None:
    native = await side.comment("yes")
    message = side.group.messages[int(native.partition(":")[2])]
    versions = [(await seen(side, native)).version]
    for number, text in enumerate(("no", "yes"), 1):
        message |= {"text": text, "edit_date": message["date"] + number}
        intake = await heard(side, message, kind="edited_message")
        [item] = [one for one in intake.items if one.native_id == native]
        assert item.text == text
        assert item.edited_at is not None
        versions.append(item.version)
    assert len(set(versions)) == 3


async def test_the_teams_own_talk_is_no_matter_and_their_answers_are_ours(side: TelegramNetworkSide) -> None:
    native = await side.comment("Is it open?")
    number = int(native.partition(":")[2])
    lead = side.person("lead", "Lead")
    side.group.statuses[lead] = "administrator"
    await side.say(lead, side.group, "Good morning all!")
    await side.say(lead, side.group, "Yes, until eight.", number)
    hidden = side.server.store(side.group, ANONYMOUS, text="Hi.", sender_chat=side.group.shape)
    intake = await heard(side, hidden)
    assert [(item.text, item.ours, item.parent) for item in intake.items[:2]] == [
        ("Is it open?", False, None),
        ("Yes, until eight.", True, native),
    ]
    assert len(intake.items) == 3


async def test_an_album_is_one_item_wherever_it_is_cut(side: TelegramNetworkSide) -> None:
    user = side.person("vera", "Vera")
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 8, "height": 8}]
    parts = [
        side.server.store(side.group, side.server.users[user], photo=photo, media_group_id="7", **caption)
        for caption in ({"caption": "Look."}, {}, {})
    ]
    intake = await heard(side, *parts[:2])
    again = await heard(side, parts[2])
    albums = [item for item in (*intake.items, *again.items) if item.attachments]
    assert {item.native_id for item in albums} == {f"{GROUP}:{parts[0]['message_id']}"}
    assert [(item.text, len(item.attachments)) for item in albums] == [("Look.", 2), ("Look.", 3)]
    assert albums[-1].attachments[0].url == f"https://t.me/bakery_talk/{parts[0]['message_id']}"


async def test_comments_below_a_channels_post_are_its_conversation(side: TelegramNetworkSide) -> None:
    channel = {"id": -1005, "type": "channel", "title": "News"}
    post = side.server.store(
        side.group, {"id": 777000, "is_bot": False, "first_name": "Telegram"}, text="We are open.", sender_chat=channel
    )
    post |= {"is_automatic_forward": True}
    user = side.person("vera", "Vera")
    await side.doing.tell("message", post)
    first = await side.say(user, side.group, "Since when?", post["message_id"])
    intake = await heard(side)
    assert [(item.text, item.parent) for item in intake.items[:-1]] == [("Since when?", None)]
    assert intake.items[0].thread_key == f"{GROUP}:{post['message_id']}"
    assert intake.items[0].native_id == f"{GROUP}:{first['message_id']}"


async def test_only_the_places_that_are_named_are_listened_to(side: TelegramNetworkSide) -> None:
    elsewhere = side.server.add_group(-77, "Elsewhere")
    config = Config(id="tg", base_url=side.server.base, chats=frozenset({GROUP}), private=False)
    await side.network.aclose()
    side.network = create(config, data=None, base_url="", secret=side.network._wire._token)  # type: ignore[arg-type]
    user = side.person("vera", "Vera")
    await side.say(user, elsewhere, "Not for us.")
    await side.whisper("Nor this.")
    assert [item.text for item in (await heard(side)).items] == ["the last one"]


async def test_check_tells_that_the_bot_is_not_shown_what_people_write(side: TelegramNetworkSide) -> None:
    assert (await side.network.check()).warnings == ()
    side.server.reads_all = False
    assert (await side.network.check()).warnings == (PRIVACY,)


async def test_who_left_cannot_be_answered_and_the_account_works_on(side: TelegramNetworkSide) -> None:
    target = await seen(side, await side.whisper("Hello?"))
    assert target.visibility is Visibility.PRIVATE
    assert target.url is None
    del side.server.chats[int(target.native_id.partition(":")[0])]
    assert isinstance(await side.network.publish(answer(target, "Hello!")), Rejected)
    gone = await seen(side, await side.comment("Delete me."))
    del side.group.messages[int(gone.native_id.partition(":")[2])]
    refused = await side.network.publish(answer(gone, "Too late."))
    assert isinstance(refused, Rejected)
    assert refused.manual_url == gone.url


async def test_trouble_while_listening_loses_nothing(side: TelegramNetworkSide) -> None:
    native = await side.comment("written in hard times")
    for trouble, error in (("rate_limited", Transient), ("error_before", Transient), ("dead_token", AuthExpired)):
        await side.trouble("listen", trouble)
        with pytest.raises(error):
            async with asyncio.timeout(20):
                await side.network.listen(RecordingIntake(), None)
    assert (await seen(side, native)).text == "written in hard times"


def test_a_cursor_is_good_for_some_days_and_no_other_is_believed() -> None:
    assert offset_of(cursor_of(17)) == 17
    for nothing in (None, "", "nonsense", "0:\x00", "elsewhere:999999999", "-1", "17:1", "17", "9" * 99 + ":1"):
        assert offset_of(nothing) == 0

"""Discord as a network beside its contract: forums and threads, the team's talk, files, what happened while away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from simcord.builders import ChannelHandle

from bot.core.errors import AuthExpired
from bot.core.messages import ItemRemoved
from bot.core.types import Item, Posted
from handlers.networks.discord import Config, create
from handlers.networks.discord.listening import Position
from tests.contract.discord_network_side import DiscordNetworkSide
from tests.contract.network_side import RecordingIntake, answer, listening, seen


@pytest.fixture
async def side() -> AsyncIterator[DiscordNetworkSide]:
    side = DiscordNetworkSide()
    await side.start()
    yield side
    await side.stop()


async def test_a_post_in_a_forum_is_a_conversation_and_its_answers_belong_to_it(side: DiscordNetworkSide) -> None:
    forum = side.guild.create_forum_channel("questions")
    side._config = side._config.model_copy(update={"channels": (*side._config.channels, str(forum.id))})
    await side.restart()
    vera = side.member("vera", "Vera")
    backend: Any = side.env.backend
    thread = backend.create_thread(forum.id, "Is it open?", vera.id)
    post = ChannelHandle(side.env, side.guild, thread)
    async with listening(side.network) as intake:
        first = await vera.send(post, "On Mondays, I mean.")
        await side.member("otto", "Otto").send(post, "I wonder, too.")
        await side.colleague.send(post, "Yes, from nine.")
        await intake.until(lambda had: len(had.items) >= 3)
    assert {item.thread_key for item in intake.items} == {str(thread.id)}
    assert [(item.text, item.ours) for item in intake.items] == [
        ("On Mondays, I mean.", False),
        ("I wonder, too.", False),
        ("Yes, from nine.", True),
    ]
    assert {item.parent for item in intake.items} == {f"{thread.id}.{thread.id}"}
    assert isinstance(await side.network.publish(answer(intake.items[0], "From nine.")), Posted)
    assert await side.replies(f"{thread.id}.{first.id}") == ["From nine."]


async def test_the_teams_own_talk_and_other_bots_and_channels_are_nobodys_business(side: DiscordNetworkSide) -> None:
    other = side.guild.create_text_channel("elsewhere")
    robot = side.guild.add_member(side.env.create_user("robot", bot=True))
    await side.colleague.send(side.channel, "Good morning!")
    await robot.send(side.channel, "beep")
    await side.member("vera", "Vera").send(other, "not here")
    native = await side.comment("here")
    assert [item.native_id for item in [await seen(side, native)]] == [native]
    async with listening(side.network) as intake:
        await intake.until(lambda had: had.items)
    assert [item.text for item in intake.items] == ["here"]


async def test_a_mention_is_read_by_name_and_a_file_hangs_on_the_item(side: DiscordNetworkSide) -> None:
    vera = side.member("vera", "Vera")
    sent = await vera.send(
        side.channel, f"<@{side.colleague.id}> look", attachments=[("soup.png", b"\x89PNG"), ("bill.pdf", b"%PDF")]
    )
    item = await seen(side, f"{sent.channel.id}.{sent.id}")
    assert item.text == "@colleague look"
    assert [(one.name, one.kind) for one in item.attachments] == [("soup.png", "image"), ("bill.pdf", "file")]
    assert item.url == sent.jump_url


async def test_what_went_away_in_a_channel_that_is_not_ours_is_not_told(side: DiscordNetworkSide) -> None:
    other = side.guild.create_text_channel("elsewhere")
    vera = side.member("vera", "Vera")
    async with listening(side.network) as intake:
        kept = await side.comment("kept")
        gone = await side.comment("gone")
        secret = await vera.send(other, "secret")
        await intake.until(lambda had: len(had.items) >= 2)
        await vera.delete(secret)
        await side.withdraw(gone)
        await intake.until(lambda had: any(isinstance(event, ItemRemoved) for event in had.events))
    assert [event.native_id for event in intake.events if isinstance(event, ItemRemoved)] == [gone]
    assert kept in [item.native_id for item in intake.items]


async def test_the_past_can_be_read_back(side: DiscordNetworkSide) -> None:
    natives = [await side.comment(f"number {n}") for n in range(5)]
    intake = RecordingIntake()
    await side.network.backfill(intake, datetime.now(UTC) - timedelta(days=1))
    assert [item.native_id for item in intake.items] == natives
    later = RecordingIntake()
    await side.network.backfill(later, datetime.now(UTC) + timedelta(days=1))
    assert later.items == []


async def test_without_a_token_and_without_the_channel_it_says_so(side: DiscordNetworkSide, tmp_path: Any) -> None:
    lonely = create(Config(channels=("123456",)), data=tmp_path, base_url="")
    with pytest.raises(AuthExpired, match="PORTAVOZ_SECRET_DISCORD_COMMUNITY"):
        await lonely.check()
    account = await side.network.check()
    assert account.name
    assert all("Message Content" in warning for warning in account.warnings)
    side._config = side._config.model_copy(update={"channels": ("123456",)})
    await side.restart()
    with pytest.raises(AuthExpired):
        await side.network.check()


def test_a_cursor_is_a_time_and_what_was_read_of_the_liveliest_channels() -> None:
    at = Position(7, {1: 8, 2: 9})
    assert Position.read(str(at)) == at
    assert Position.read("7;") == Position(7)
    for nonsense in (None, "", "7", "x;1:2", "7;1:2;", "7;1"):
        assert Position.read(nonsense) is None


async def test_an_edit_in_place_is_a_version_and_the_answer_stays_below_it(side: DiscordNetworkSide) -> None:
    native = await side.comment("before")
    item = await seen(side, native)
    await side.network.publish(answer(item, "Thanks."))
    await side.edit(native, "after")
    now = await side.network.current(item)
    assert isinstance(now, Item)
    assert (now.text, now.version != item.version) == ("after", True)
    assert [one.text for one in await side.network.conversation(now)] == ["Thanks."]

"""Telegram's own: topics and chains of replies, rights, moves, limits, and what nobody could have decided."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.core.errors import AuthExpired, OutcomeUnknown, Transient
from bot.core.types import Attachment, AttachmentKind, Message, Passage, Picture, ReplyState, Role, Section
from handlers.chats.telegram import Config, invitation
from handlers.chats.telegram.card import View
from handlers.chats.telegram.wordings import thread
from tests.contract.chat_world import World
from tests.contract.telegram_side import PEOPLE, USERS, TelegramSide, buttons
from tests.support.telegram_server import BOT_ID


async def posted(side: TelegramSide, **more: Any) -> str:
    ticket = side.world.comment(**more)
    await side.chat.post(side.room, side.world.card_now(ticket))
    return ticket


async def test_in_a_plain_group_everything_about_a_ticket_answers_its_card(plain: TelegramSide) -> None:
    ticket = await posted(plain)
    await posted(plain, text="Something else.")
    seen = plain.snapshot(ticket)
    assert [one["reply_to_message"]["message_id"] for one in seen.messages[1:]] == [seen.root["message_id"]]
    luis, group = USERS["luis"], plain.group
    await plain.doing.write(luis, group, "/aprobar", answering=seen.wording["message_id"])
    await plain.quiet()
    assert plain.world.card_now(ticket).line.reply_state is ReplyState.APPROVED
    assert plain.server.reactions[-1]["reaction"] == [{"type": "emoji", "emoji": "👌"}]
    await plain.doing.write(luis, group, f"/undo {ticket.lower()}")
    await plain.doing.write(USERS["eva"], group, "/editar A new text.", answering=seen.wording["message_id"])
    await plain.quiet()
    assert plain.world.card_now(ticket).line.draft == "A new text."


async def test_talk_and_other_bots_commands_are_left_alone(forum: TelegramSide) -> None:
    ticket = await posted(forum)
    seen = forum.snapshot(ticket)
    for said in ("approve", "close it?", "/approve@other_bot", "@other_bot approve"):
        await forum.doing.write(USERS["luis"], forum.group, said, topic=seen.topic)
    await forum.quiet()
    assert forum.world.submitted == []
    assert await forum.private_texts("luis") == []
    await forum.doing.write(USERS["luis"], forum.group, "@portavoz_bot approve", topic=seen.topic)
    assert len(forum.world.decided(ticket)) == 1


async def test_nobody_decides_without_a_name(forum: TelegramSide) -> None:
    ticket = await posted(forum)
    seen = forum.snapshot(ticket)
    for _ in range(2):
        await forum.doing.react(None, forum.group, seen.wording["message_id"], "👌")
        await forum.doing.react(None, forum.group, seen.wording["message_id"])
    await forum.doing.write_anonymously(forum.group, f"/approve {ticket}")
    await forum.quiet()
    assert forum.world.submitted == []
    told = [text for text in await forum.room_texts() if "nonymous" in text]
    assert len(told) == 2


async def test_a_reaction_from_before_the_draft_changed_means_what_stood_there_then(forum: TelegramSide) -> None:
    ticket = await posted(forum)
    message = forum.snapshot(ticket).wording["message_id"]
    before = forum.group.messages[message]["date"] - 5
    forum.group.messages[message]["date"] = before
    forum.world.edit_comment(ticket, "No, it did not come at all.")
    ref = await forum.chat.find_card(forum.room, forum.world.card_now(ticket))
    assert ref is not None
    await forum.chat.update(ref, forum.world.card_now(ticket))
    await forum.doing.react(USERS["luis"], forum.group, message, "👌", at=before + 1)
    await forum.quiet()
    assert forum.world.decided(ticket) == []
    assert await forum.private_texts("luis") != []
    await forum.doing.react(USERS["luis"], forum.group, message)
    await forum.doing.react(USERS["luis"], forum.group, message, "👌", at=before + 3600)
    assert [decision.person for decision in forum.world.decided(ticket)] == ["luis"]


async def test_taking_the_reaction_away_takes_the_yes_back(forum: TelegramSide) -> None:
    ticket = await posted(forum)
    message = forum.snapshot(ticket).wording["message_id"]
    await forum.doing.react(USERS["luis"], forum.group, message, "👌")
    assert forum.world.card_now(ticket).line.reply_state is ReplyState.APPROVED
    await forum.doing.react(USERS["luis"], forum.group, message, "👀")
    assert forum.world.card_now(ticket).line.reply_state is ReplyState.PROPOSED
    assert forum.world.card_now(ticket).line.claimed_by == "luis"


async def test_who_never_pressed_start_is_told_so_once_and_nothing_secret(forum: TelegramSide) -> None:
    ticket = await posted(forum)
    tom = USERS["tom"]
    del forum.server.chats[tom]
    for _ in range(2):
        await forum.doing.write(tom, forum.group, "/approve", topic=forum.snapshot(ticket).topic)
        await forum.quiet()
    hints = [text for text in await forum.room_texts() if "press Start" in text]
    assert len(hints) == 1
    assert not any("role" in text for text in await forum.room_texts())
    # An edit is asked for in the group instead, of whoever pressed.
    seen = forum.snapshot(ticket)
    del forum.server.chats[USERS["eva"]]
    await forum.doing.press(
        USERS["eva"], forum.group, seen.wording, next(b for b in buttons(seen.wording) if "edit" in b)
    )
    await forum.quiet()
    [asked] = [at for at, one in forum.group.messages.items() if (one.get("_wants") or {}).get("force_reply")]
    await forum.doing.write(USERS["luis"], forum.group, "Not mine.", answering=asked, topic=seen.topic)
    assert forum.world.card_now(ticket).line.revision == 1
    await forum.doing.write(USERS["eva"], forum.group, "Mine.", answering=asked, topic=seen.topic)
    assert forum.world.card_now(ticket).line.draft == "Mine."


async def test_a_group_without_rights_hears_so_once(plain: TelegramSide) -> None:
    plain.group.statuses[BOT_ID] = "member"
    await posted(plain)
    await plain.restart()
    await posted(plain, text="Another one.")
    assert sum("no administrator" in text for text in await plain.room_texts()) == 1
    [_, light] = await plain.chat.check([plain.room])
    assert (light.code, light.state) == ("telegram_admin", "warn")


async def test_check_tells_what_is_wrong(forum: TelegramSide) -> None:
    async def codes() -> list[str]:
        return [light.code for light in await forum.chat.check([forum.room])]

    assert await codes() == ["account_ok", "telegram_room_ok"]
    forum.group.rights = {}
    assert await codes() == ["account_ok", "telegram_topics"]
    forum.group.statuses[BOT_ID] = "kicked"
    assert await codes() == ["account_ok", "telegram_room"]
    forum.server.dead = True
    assert await codes() == ["account_auth"]


async def test_check_names_who_could_count_as_two_people(forum: TelegramSide) -> None:
    async def doubted() -> list[object]:
        lights = await forum.chat.check([])
        return [light.params["people"] for light in lights if light.code == "telegram_people"]

    known, *others = PEOPLE
    forum.chat._people = (known, *(replace(person, identities=frozenset()) for person in others))
    assert await doubted() == []
    forum.chat.house.config = forum.chat.house.config.model_copy(update={"admin_role": Role.APPROVER})
    assert await doubted() == ["Luis, Eva"]


async def test_a_group_that_became_a_supergroup_is_followed(plain: TelegramSide) -> None:
    plain.group.moved_to = -1009
    new = plain.server.add_group(-1009, "Care")
    ticket = await posted(plain)
    assert any(plain.about(one, ticket) for one in new.messages.values())
    [_, light] = await plain.chat.check([plain.room])
    assert (light.code, light.params["now"]) == ("telegram_moved", -1009)


async def test_a_topic_that_somebody_closed_is_opened_for_news(forum: TelegramSide) -> None:
    ticket = await posted(forum)
    topic = forum.snapshot(ticket).topic
    forum.group.topics[topic]["closed"] = True
    ref = await forum.chat.find_card(forum.room, forum.world.card_now(ticket))
    assert ref is not None
    await forum.chat.say(ref, Message(text="News.", key="n"))
    await forum.chat.say(ref, Message(text="News.", key="n"))
    assert [text for text in await forum.room_texts() if text == "News."] == ["News."]
    assert not forum.group.topics[topic]["closed"]


async def test_what_goes_wrong_has_its_name(plain: TelegramSide) -> None:
    room = plain.room
    plain.server.spoil("sendMessage", "rate_limited", 7)
    with pytest.raises(Transient) as caught:
        await plain.chat.say(room, Message(text="a", key="a"))
    assert caught.value.retry_after == 7
    plain.server.spoil("sendMessage", "lost")
    with pytest.raises(OutcomeUnknown):
        await plain.chat.say(room, Message(text="b", key="b"))
    plain.server.spoil("sendMessage", "dead_token")
    with pytest.raises(AuthExpired):
        await plain.chat.say(room, Message(text="c", key="c"))
    # Another program with the same token.
    assert plain._task is not None
    async with asyncio.timeout(20):
        await plain.chat.house.wire.bot().get_updates(timeout=0)
        with pytest.raises(Transient, match="another program uses this bot's token"):
            await plain._task


async def test_a_card_that_was_posted_twice_loses_its_buttons_when_one_is_pressed(plain: TelegramSide) -> None:
    ticket = plain.world.comment()
    plain.lose_next_answer()
    with pytest.raises(OutcomeUnknown):
        await plain.chat.post(plain.room, plain.world.card_now(ticket))
    await plain.chat.post(plain.room, plain.world.card_now(ticket))
    old = dict(next(iter(plain.group.messages.values())))
    assert await plain.cards(ticket) == 2
    await plain.doing.press(USERS["luis"], plain.group, old, next(b for b in buttons(old) if b.startswith("claim|")))
    await plain.quiet()
    assert plain.world.card_now(ticket).line.claimed_by == "luis"
    assert await plain.cards(ticket) == 1
    assert "newer card" in plain.group.messages[old["message_id"]]["text"]


async def test_a_long_draft_stands_whole_and_its_buttons_under_the_end(forum: TelegramSide) -> None:
    words = [f"word{n}" for n in range(1500)]
    ticket = await posted(forum, draft=" ".join(words), max_length=None)
    seen = forum.snapshot(ticket)
    text = "\n".join(one["text"] for one in seen.messages)
    assert all(word in text for word in words)
    assert len(seen.messages) > 3
    assert [bool(list(buttons(one))) for one in seen.messages[1:]] == [False] * (len(seen.messages) - 2) + [True]


async def test_all_of_a_long_comment_comes_as_a_file_to_whoever_asks(forum: TelegramSide) -> None:
    ticket = await posted(forum, text="so many words " * 900)
    root = forum.snapshot(ticket).root
    await forum.doing.press(USERS["tom"], forum.group, root, next(b for b in buttons(root) if b.startswith("read|")))
    await forum.quiet()
    [sent] = [one for one in forum.server.chats[USERS["tom"]].messages.values() if "document" in one]
    assert sent["chat"]["id"] == USERS["tom"]
    assert any(b"so many words" in contents for contents in forum.server.files.values())


async def test_more_buttons_unfold_and_a_choice_is_made(forum: TelegramSide) -> None:
    ticket = await posted(forum)
    root = forum.group.messages[forum.snapshot(ticket).root["message_id"]]
    for wanted in ("more|", "kind|", "kind=1|"):
        data = next(one for one in buttons(root) if one.startswith(wanted))
        await forum.doing.press(USERS["eva"], forum.group, root, data)
        await forum.quiet()
    assert forum.world.card_now(ticket).line.kind.value == "question"
    ref = await forum.chat.find_card(forum.room, forum.world.card_now(ticket))
    assert ref is not None
    await forum.chat.update(ref, forum.world.card_now(ticket))
    assert any(one.startswith("claim|") for one in buttons(root))


async def test_a_digest_has_its_parts_a_table_and_pictures_with_captions(plain: TelegramSide) -> None:
    lines = (Passage(text="@everyone https://evil.example", url="https://wall.example/1"), Passage(text="plain"))
    pictures = tuple(Picture(name=f"{n}.png", contents=b"\x89PNG", alt=f"Picture {n}") for n in range(3))
    message = Message(
        text="All of it.",
        key="d",
        call=(PEOPLE[0],),
        title="The day",
        sections=(Section(title="Themes", lines=lines),),
        details=(Section(title="More", lines=(Passage(text="deep " * 100),)),),
        table=(("a", "b"), ("1", "22")),
        pictures=pictures,
    )
    for _ in range(2):
        await plain.chat.say(plain.room, message)
    head, below, *album = plain.group.messages.values()
    assert "The day" in head["text"]
    assert "a  b\n1  22" in head["text"]
    kinds = [one["type"] for one in head["entities"]]
    assert kinds.count("text_mention") == 1
    assert not {"mention", "url"} & set(kinds)
    assert below["reply_to_message"]["message_id"] == head["message_id"]
    assert [one["caption"] for one in album] == ["Picture 0", "Picture 1", "Picture 2"]


async def test_the_commands_are_offered_in_both_languages_once(forum: TelegramSide) -> None:
    assert [len(some) for some in forum.server.commands.values()] == [len(forum.server.commands[""])] * 2
    assert any(one["command"] == "aprobar" for one in forum.server.commands["es"])
    calls = forum.server.calls["setMyCommands"]
    await forum.restart()
    assert forum.server.calls["setMyCommands"] == calls == 2


async def test_strangers_learn_their_number_alone_and_nothing_elsewhere(forum: TelegramSide) -> None:
    await posted(forum)
    forum.server.add_user(777, "Newcomer")
    elsewhere = forum.server.add_group(-55, "Elsewhere")
    await forum.doing.write(777, elsewhere, "/inbox")
    await forum.quiet()
    assert [one for one in elsewhere.messages.values() if one["from"]["id"] == BOT_ID] == []
    alone = forum.server.chats[777]
    await forum.doing.write(777, alone, "/start")
    await forum.quiet()
    assert any("777" in one["text"] for one in alone.messages.values() if one["from"]["id"] == BOT_ID)
    await forum.doing.write(777, alone, "/inbox")
    await forum.quiet()
    assert not any("broken" in one["text"] for one in alone.messages.values())


async def test_telegram_may_call_us_with_the_word_that_we_gave_it() -> None:
    side = TelegramSide(mode="webhook")
    await side.start()
    try:
        assert side.server.webhook["url"] == "http://127.0.0.1:8600/telegram/telegram"
        ticket = await posted(side)
        update = {
            "update_id": 7,
            "message_reaction": {
                "chat": side.group.shape,
                "message_id": side.snapshot(ticket).wording["message_id"],
                "user": side.server.users[USERS["luis"]],
                "date": 2_000_000_000,
                "old_reaction": [],
                "new_reaction": [{"type": "emoji", "emoji": "👌"}],
            },
        }
        transport = httpx.ASGITransport(Starlette(routes=side.chat.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://p.test") as client:
            for word, status in (("", 403), ("another", 403), (side.server.webhook["secret_token"], 200)):
                assert side.world.decided(ticket) == []
                headers = {"X-Telegram-Bot-Api-Secret-Token": word}
                answer = await client.post("/telegram/telegram", json=update, headers=headers)
                assert answer.status_code == status
            assert [decision.person for decision in side.world.decided(ticket)] == ["luis"]
            headers = {"X-Telegram-Bot-Api-Secret-Token": side.server.webhook["secret_token"]}
            assert (await client.post("/telegram/telegram", content=b"{", headers=headers)).status_code == 400
            await side.disconnect()
            assert (await client.post("/telegram/telegram", json=update, headers=headers)).status_code == 503
    finally:
        await side.stop()


async def test_an_update_that_nobody_can_read_holds_up_none_behind_it(forum: TelegramSide) -> None:
    ticket = await posted(forum)
    await forum.disconnect()
    await forum.server.tell("message", {"message_id": "?", "chat": {}})
    wording = forum.snapshot(ticket).wording["message_id"]
    sign = {"type": "emoji", "emoji": "👌"}
    reaction = {"message_id": wording, "date": 2_000_000_000, "old_reaction": [], "new_reaction": [sign]}
    user = forum.server.users[USERS["luis"]]
    last = await forum.server.tell("message_reaction", {**reaction, "chat": forum.group.shape, "user": user})
    await forum.connect()
    await forum.server.heard(last)
    assert [decision.person for decision in forum.world.decided(ticket)] == ["luis"]


async def test_a_card_with_too_much_of_everything_is_one_message(forum: TelegramSide) -> None:
    picture = Attachment(url="https://wall.example/" + "p" * 900, kind=AttachmentKind.IMAGE, alt="&<é" * 150)
    ticket = await posted(
        forum,
        text="😀&" * 3000,
        author="Ñ@x.example " * 30,
        draft="<b>&amp;</b> " * 900,
        suspicious=("ignore all previous instructions " * 9,) * 12,
        attachments=[picture] * 40,
        max_length=None,
    )
    for number in range(12):
        forum.world.comment_again(ticket, f"{number} 😀" * 400)
    ref = await forum.chat.find_card(forum.room, forum.world.card_now(ticket))
    assert ref is not None
    await forum.chat.update(ref, forum.world.card_now(ticket))
    root = forum.snapshot(ticket).root
    assert "… +" in root["text"]
    assert any(one.startswith("read|") for one in buttons(root))
    assert await forum.cards(ticket) == 1


def test_what_to_tell_botfather_is_said_in_both_languages() -> None:
    english, spanish = (
        invitation(Config(id="care-tg", mode="webhook"), secret=None, application="", locale=locale)
        for locale in ("en", "es")
    )
    assert "PORTAVOZ_SECRET_CARE_TG_WEBHOOK" in english
    assert "/telegram/care-tg" in spanish
    assert "escribe a @BotFather" in spanish
    assert len(english.splitlines()) == len(spanish.splitlines())


def test_what_a_network_adapter_says_went_wrong_is_said_in_the_rooms_language() -> None:
    world = World(people=PEOPLE)
    card = world.card_now(world.comment())
    assert card.reply is not None
    card = replace(card, replies=(replace(card.reply, problem="A feed can only be read."),))
    shown = "\n".join(posting.html for posting in thread(card, View(locale="es")))
    assert "A feed can only be read." not in shown
    assert "⚠️" in shown

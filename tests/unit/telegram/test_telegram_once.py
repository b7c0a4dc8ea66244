"""What is said in Telegram stands once though answers get lost; what may be missing then is said."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.core.errors import OutcomeUnknown, Transient
from bot.core.types import Message, Passage, Picture, Section
from tests.contract.telegram_side import PEOPLE, USERS, TelegramSide

LONG = tuple(Passage(text=f"{number} " + "word " * 120) for number in range(12))
DIGEST = Message(
    text="All of it.",
    key="digest:inbox:2026-11-20",
    code="digest",
    params={"day": "2026-11-19", "days": 1, "came": 3},
    title="The day",
    sections=(Section(title="Themes", lines=LONG),),
    details=(Section(title="More", lines=LONG),),
    pictures=tuple(Picture(name=f"{n}.png", contents=b"\x89PNG", alt=f"Picture {n}") for n in range(11)),
)
STEPS = (*["sendMessage"] * 4, "sendMediaGroup", "sendPhoto")
"""Two pages, two of the details, ten pictures as an album, one by itself."""
MISSING = "may be missing"


def said(side: TelegramSide) -> list[str]:
    """What stands in the group, in order: the words or, of a picture, its caption."""
    return [str(one.get("text") or one.get("caption")) for one in side.group.messages.values()]


async def until_done(side: TelegramSide, message: Message) -> int:
    """As the engine does it: again after each failure; how often it failed."""
    for failures in range(9):
        try:
            await side.chat.say(side.room, message)
        except (OutcomeUnknown, Transient):
            continue
        return failures
    raise AssertionError("it never ends")


@pytest.fixture(scope="module")
def expected() -> list[str]:
    """The digest as it stands when nothing goes wrong."""

    async def whole() -> list[str]:
        side = TelegramSide(forum=False)
        await side.start()
        try:
            assert await until_done(side, DIGEST) == 0
            return said(side)
        finally:
            await side.stop()

    found = asyncio.run(whole())
    assert len(found) == 4 + len(DIGEST.pictures)
    return found


@pytest.mark.parametrize("step", range(len(STEPS)), ids=lambda step: f"{STEPS[step]}{step}")
async def test_a_digest_whose_answer_was_lost_doubles_nothing(
    plain: TelegramSide, expected: list[str], step: int
) -> None:
    before = STEPS[:step].count(STEPS[step])
    for _ in range(before):
        plain.server.spoil(STEPS[step], "")
    plain.server.spoil(STEPS[step], "lost")
    assert await until_done(plain, DIGEST) == 1
    *found, note = said(plain)
    assert found == expected
    assert MISSING in note
    assert "digest 2026-11-19 tells all of it." in note
    await plain.restart()
    assert await until_done(plain, DIGEST) == 0
    assert said(plain) == [*expected, note]


async def test_what_never_arrived_is_not_passed_over_in_silence(plain: TelegramSide, expected: list[str]) -> None:
    plain.server.spoil("sendMessage", "")
    plain.server.spoil("sendMessage", "before")
    assert await until_done(plain, DIGEST) == 1
    *found, note = said(plain)
    assert found == [expected[0], *expected[2:]]
    assert MISSING in note


async def test_every_answer_may_be_lost_and_nothing_is_doubled(plain: TelegramSide, expected: list[str]) -> None:
    for method in ("sendMessage", "sendMediaGroup", "sendPhoto"):
        for _ in range(5):
            plain.server.spoil(method, "lost")
    assert await until_done(plain, DIGEST) == len(STEPS) + 1
    *found, note = said(plain)
    assert found == expected
    assert MISSING in note


async def test_what_was_surely_refused_is_sent_again_and_leaves_no_doubt(
    plain: TelegramSide, expected: list[str]
) -> None:
    plain.server.spoil("sendMessage", "rate_limited", 1)
    plain.server.spoil("sendPhoto", "rate_limited", 1)
    assert await until_done(plain, DIGEST) == 2
    assert said(plain) == expected


@pytest.mark.parametrize(
    ("message", "how"),
    [
        (Message(text="News.", key="a", ticket="K7Q2", call=(PEOPLE[0],)), "ver K7Q2 dice cómo está."),
        (Message(text="News.", key="a"), "salud y fallos dicen"),
        (Message(text="News.", key="a", code="digest", params={"day": "2026-11-16", "days": 7}), "los días que siguen"),
    ],
)
async def test_the_note_is_in_the_room_s_language_and_calls_the_same_people(
    plain: TelegramSide, message: Message, how: str
) -> None:
    plain.room = replace(plain.room, locale="es")
    plain.server.spoil("sendMessage", "lost")
    assert await until_done(plain, message) == 1
    first, note = plain.group.messages.values()
    assert first["text"].endswith("News.")
    assert "Telegram no contestó" in note["text"]
    assert how in note["text"]
    called = [one["user"]["id"] for one in note.get("entities", []) if one["type"] == "text_mention"]
    assert called == ([USERS[PEOPLE[0].id]] if message.call else [])


async def test_in_a_ticket_s_thread_the_note_stands_there_too(forum: TelegramSide) -> None:
    ticket = forum.world.comment()
    ref = await forum.chat.post(forum.room, forum.world.card_now(ticket))
    forum.server.spoil("sendMessage", "lost")
    message = Message(text="News.", key="n", ticket=ticket)
    with pytest.raises(OutcomeUnknown):
        await forum.chat.say(ref, message)
    await forum.chat.say(ref, message)
    topic = forum.snapshot(ticket).topic
    texts = [one["text"] for one in forum.group.messages.values() if one.get("message_thread_id") == topic]
    assert texts.count("News.") == 1
    assert f"show {ticket} tells how it stands." in texts[-1]


async def test_whoever_ends_while_waiting_for_a_turn_leaves_no_doubt() -> None:
    side = TelegramSide(forum=False, messages_per_minute=1)
    await side.start()
    try:
        await side.chat.say(side.room, Message(text="First.", key="a"))
        second = Message(text="Second.", key="b")
        waiting: asyncio.Task[Any] = asyncio.create_task(side.chat.say(side.room, second))
        await asyncio.sleep(0.1)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert said(side) == ["First."]
        side.settings["messages_per_minute"] = 1_000_000
        await side.restart()
        await side.chat.say(side.room, second)
        assert said(side) == ["First.", "Second."]
    finally:
        await side.stop()

import asyncio
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.core.types import Message, Room
from handlers.chats.desk.board import Answer, Board, Line
from tests.contract.chat_world import Clock, Drawer
from tests.contract.desk_side import DeskSide


def board() -> tuple[Drawer, Board]:
    keep = Drawer(Clock())
    return keep, Board(keep, Clock())


async def test_the_last_fifty_sayings_are_kept_in_order_across_a_restart() -> None:
    keep, first = board()
    for number in range(60):
        await first.say(Message(text=f"number {number}"), ticket=None)
    said = await Board(keep, Clock()).said()
    assert [saying.text for saying in said] == [f"number {number}" for number in range(10, 60)]


async def test_the_same_key_is_said_once() -> None:
    _, wall = board()
    assert await wall.say(Message(text="digest", key="digest:1"), ticket=None) is not None
    assert await wall.say(Message(text="digest", key="digest:1"), ticket=None) is None
    assert len(await wall.said()) == 1


async def test_many_sayings_at_once_are_all_kept() -> None:
    _, wall = board()
    await asyncio.gather(*(wall.say(Message(text=f"{n}", key=f"{n}"), ticket="K7Q2") for n in range(20)))
    assert {saying.text for saying in await wall.said()} == {f"{n}" for n in range(20)}


async def test_what_was_told_waits_until_it_is_looked_at_and_comes_once() -> None:
    keep, wall = board()
    await wall.tell("ana", "first", ticket="K7Q2")
    await wall.tell("ana", "second", ticket="K7Q3")
    assert await wall.told("luis") == []
    told = await Board(keep, Clock()).told("ana")
    assert told == [Line(text="first", ticket="K7Q2"), Line(text="second", ticket="K7Q3")]
    assert await wall.told("ana") == []


async def test_an_answer_is_picked_up_once_whole_and_by_its_own_session() -> None:
    _, wall = board()
    answer = Answer(kind="refused", text="no", lines=(Line(text="a", ticket="K7Q2"),), verb="edit", unsaved="mine")
    await wall.leave("mark", answer)
    assert await wall.pick_up("another") is None
    assert await wall.pick_up("mark") == answer
    assert await wall.pick_up("mark") is None


async def test_what_has_a_code_is_said_in_every_reader_s_language_even_after_a_restart() -> None:
    keep, wall = board()
    params: dict[str, object] = {
        "reason": "<b>quota</b>",
        "url": "https://a.example/x",
        "at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    await wall.say(Message(text="in English", code="handed_off", params=params, ticket="K7Q2"), ticket=None)
    [saying] = await Board(keep, Clock()).said()
    assert saying.ticket == "K7Q2"
    assert "Please post it by hand, then say `settle K7Q2 posted`." in saying.words("en")
    assert "(<b>quota</b>)" in saying.words("es")
    assert "Please" not in saying.words("es")


async def test_times_are_said_as_the_team_has_them(desk: DeskSide) -> None:
    desk.chat._house.tz = tz = ZoneInfo("America/Bogota")
    desk.world.clock.at = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    ticket = desk.world.comment()
    page = await desk.page("luis", "/desk")
    fields = page.forms["/desk/command"].fields
    told = await desk.send("luis", "/desk/command", {**fields, "line": f"snooze {ticket} 2h"})
    assert "12:00 PM" in " ".join(told.answers)
    until = datetime(2026, 11, 22, 15, 30, tzinfo=UTC).isoformat()
    await desk.chat.say(Room(id="desk", chat="desk"), Message(text="?", code="clock_reminded", params={"until": until}))
    assert "10:30 AM" in (await desk.page("luis", "/desk")).text
    [saying] = await desk.chat._house.board.said()
    assert "10:30 AM" in saying.words("en", tz)


async def test_what_has_no_code_or_an_unknown_one_is_said_as_it_came() -> None:
    _, wall = board()
    await wall.say(Message(text="The digest."), ticket=None)
    await wall.say(Message(text="From a newer version.", code="not_known_here"), ticket=None)
    assert [saying.words("es") for saying in await wall.said()] == ["The digest.", "From a newer version."]

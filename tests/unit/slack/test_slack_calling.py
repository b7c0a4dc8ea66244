"""Who is called in Slack, how a card shows a clock and a flag, and the page of who wrote it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.authors import AuthorView
from bot.core.clocks import Step
from bot.core.types import AuthorFlag, Message, Person
from tests.contract.slack_side import USERS, SlackSide, texts


def person(side: SlackSide, name: str) -> Person:
    return replace(side.world.team[name], identities=frozenset({(side.chat.config.id, USERS[name]), ("other", "U0")}))


async def said(side: SlackSide, message: Message) -> dict[str, Any]:
    await side.chat.say(side.room, message)
    found: dict[str, Any] = side.slack.threads()[-1]
    return found


async def test_people_and_the_user_group_are_mentioned_and_nobody_else(side: SlackSide) -> None:
    side.chat.config = side.chat.config.model_copy(update={"on_call_group": "S0ONCALL1"})
    words = "On call: Luis <!channel> <@U0EVERY>"
    message = Message(text=words, key="a", call=(person(side, "luis"), person(side, "ana")), on_call=True)
    posted = await said(side, message)
    mentioned = posted["blocks"][0]["elements"][0]["elements"]
    assert [one for one in mentioned if one["type"] != "text"] == [
        {"type": "user", "user_id": USERS["luis"]},
        {"type": "user", "user_id": USERS["ana"]},
        {"type": "usergroup", "usergroup_id": "S0ONCALL1"},
    ]
    assert posted["text"].startswith(f"<@{USERS['luis']}> <@{USERS['ana']}> <!subteam^S0ONCALL1> On call")
    assert "<!channel>" not in posted["text"]
    assert "<@U0EVERY>" not in posted["text"]


async def test_a_reminder_calls_no_group_and_words_alone_call_nobody(side: SlackSide) -> None:
    side.chat.config = side.chat.config.model_copy(update={"on_call_group": "S0ONCALL1"})
    for message in (Message(text="Nobody", key="b"), Message(text="Still", key="c", call=(person(side, "ana"),))):
        posted = await said(side, message)
        assert "subteam" not in posted["text"]
        assert ("<@" in posted["text"]) is bool(message.call)


async def test_the_card_shows_flag_and_clock(side: SlackSide) -> None:
    ticket = side.world.comment(author="Marta")
    shelf = side.world.shelves[ticket]
    shelf.case = replace(shelf.case, ticket=replace(shelf.case.ticket, flag=AuthorFlag.PRESS, rung=int(Step.OVERDUE)))
    ref = await side.chat.post(side.room, side.world.card_now(ticket))
    shown = " ".join(texts(side.snapshot(ticket).root["blocks"]))
    assert "📰 press" in shown
    assert "Overdue since" in shown
    still = replace(shelf.case.ticket, due_at=None, clock_since=None, answer_target=3600, answer_spent=1200)
    shelf.case = replace(shelf.case, ticket=still)
    await side.chat.update(ref, side.world.card_now(ticket))
    assert "The clock stands still; 40 minutes left" in " ".join(texts(side.snapshot(ticket).root["blocks"]))
    moved = replace(still, answer_spent=int(timedelta(minutes=20).total_seconds()), updated_at=side.world.clock())
    shelf.case = replace(shelf.case, ticket=moved)
    before = side.slack.calls["chat.update"]
    await side.chat.update(ref, side.world.card_now(ticket))
    assert side.slack.calls["chat.update"] == before, "what stands still is not edited again and again"


async def test_the_menu_opens_the_page_of_who_wrote_it(side: SlackSide) -> None:
    ticket = side.world.comment("My cup is broken", author="Marta")
    shelf = side.world.shelves[ticket]
    shelf.case = replace(shelf.case, ticket=replace(shelf.case.ticket, author=7))
    side.world.answers[ticket] = "We send another one."
    await side.chat.post(side.room, side.world.card_now(ticket))
    await side.interact(side.body(USERS["tom"], "author", side.snapshot(ticket)))
    shown = " ".join(texts(side.slack.views[-1]["blocks"]))
    for wanted in ("Marta", "My cup is broken", "We send another one.", "1,200 followers"):
        assert wanted in shown, wanted
    assert "\u202e" not in shown


async def test_the_author_of_a_typed_name_is_not_offered(side: SlackSide) -> None:
    ticket = side.world.comment(author="Marta")
    await side.chat.post(side.room, side.world.card_now(ticket))
    assert "|author" not in str(side.snapshot(ticket).root)
    assert "author|" not in str(side.snapshot(ticket).root)
    found: AuthorView | None = await side.world.author(ticket=ticket)
    assert found is None

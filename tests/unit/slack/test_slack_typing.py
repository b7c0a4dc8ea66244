"""What people type, as Slack hands it over."""

from typing import Any

import pytest

from bot.core import messages as m
from bot.core.types import TicketStatus
from handlers.chats.slack.typing_in import plain_line
from tests.contract.slack_side import PEOPLE, USERS, SlackSide, texts

LUIS, EVA = USERS["luis"], USERS["eva"]


async def slash(side: SlackSide, user: str, line: str) -> dict[str, Any]:
    ack = await side.slack.deliver("slash_commands", side.slack.slash(user, line))
    await side.quiet()
    answer: dict[str, Any] = ack.get("payload") or {}
    return answer


def said(answer: dict[str, Any]) -> str:
    return "".join(texts(answer["blocks"]))


@pytest.mark.parametrize(
    ("raw", "typed"),
    [
        (f"assign K7Q2 <@{USERS['eva']}|eva>", "assign K7Q2 @eva"),
        (f"ask K7Q2 <@{USERS['ana']}> really?", "ask K7Q2 @ana really?"),
        ("reply K7Q2 see <https://acme.example/a?b=1&amp;c=2>", "reply K7Q2 see https://acme.example/a?b=1&c=2"),
        ("edit K7Q2 go to <http://acme.example|acme.example>", "edit K7Q2 go to acme.example"),
        ("edit K7Q2 <https://acme.example/x|our shop>", "edit K7Q2 our shop (https://acme.example/x)"),
        ("edit K7Q2 write to <mailto:a@acme.example|a@acme.example>", "edit K7Q2 write to a@acme.example"),
        ("note K7Q2 <#C1|inbox> <!here> <!subteam^S1|@team>", "note K7Q2 #inbox @here @team"),
        ("edit K7Q2 1 &lt; 2 &amp;&amp; 3 &gt; 2", "edit K7Q2 1 < 2 && 3 > 2"),
        ("edit K7Q2 &amp;lt;", "edit K7Q2 &lt;"),
    ],
)
def test_slacks_markup_becomes_what_was_typed(raw: str, typed: str) -> None:
    assert plain_line(raw, PEOPLE, "slack") == typed


async def test_the_slash_command_approves_what_slack_shows(side: SlackSide) -> None:
    ticket = side.world.comment()
    await side.chat.post(side.room, side.world.card_now(ticket))
    side.world.propose(ticket, "Not shown in Slack yet.")
    answer = await slash(side, LUIS, f"approve {ticket}")
    assert answer["response_type"] == "ephemeral"
    assert "the newest one is 2" in said(answer)
    assert side.world.decided(ticket) == []


@pytest.mark.parametrize(
    ("line", "values", "wish"),
    [
        ("edit {}", {"text": "So sorry, Marta."}, m.Edit),
        ("responder {}", {"text": "Hello again."}, m.Write),
        ("ask {}", {"person": "ana", "question": "Do we ship there?"}, m.Ask),
        ("posponer {}", {"span": "60"}, m.Snooze),
        ("note {}", {"text": "She called, too."}, m.AddNote),
    ],
)
async def test_what_is_missing_in_a_line_is_asked_for_in_a_form(
    side: SlackSide, line: str, values: dict[str, str], wish: type
) -> None:
    ticket = side.world.comment()
    body = side.slack.slash(LUIS, line.format(ticket))
    for _ in range(3):
        assert not (await side.slack.deliver("slash_commands", body)).get("payload")
    [view] = side.slack.views
    await side.interact(side.slack.submission(LUIS, view, values))
    assert [type(one) for one in side.world.submitted] == [wish]


@pytest.mark.parametrize("line", ["edit", "edit K7Q2", "ask {} @ana", "edit {}"])
async def test_where_no_form_can_be_opened_the_answer_says_how_to_type_it(side: SlackSide, line: str) -> None:
    body = side.slack.slash(LUIS, line.format(side.world.comment()))
    if line == "edit {}":
        body["trigger_id"] = "expired"
    ack = await side.slack.deliver("slash_commands", body)
    verb = line.partition(" ")[0]
    assert f"{verb} ID" in said(ack["payload"])
    assert side.slack.views == []
    assert side.world.submitted == []


@pytest.mark.parametrize("line", ["approve {}", "aprobar {}", "  APRUEBA   {}  "])
async def test_both_languages_do_the_same(side: SlackSide, line: str) -> None:
    ticket = side.world.comment()
    await side.chat.post(side.room, side.world.card_now(ticket))
    answer = await slash(side, LUIS, line.format(ticket))
    assert "takes it back" in said(answer)
    assert [decision.person for decision in side.world.decided(ticket)] == ["luis"]


@pytest.mark.parametrize(
    "line", ["help", "ayuda", "inbox", "bandeja", "next", "show {}", "health", "search parcel", "stats 7d", "digest"]
)
async def test_questions_are_answered_to_that_person_alone(side: SlackSide, line: str) -> None:
    ticket = side.world.comment()
    answer = await slash(side, USERS["tom"], line.format(ticket))
    assert answer["response_type"] == "ephemeral"
    assert said(answer)


async def test_stats_drafts_says_what_became_of_them(side: SlackSide) -> None:
    answer = said(await slash(side, USERS["tom"], "cifras borradores"))
    assert "offline:praise.es#2: 3 " in answer


async def test_an_answer_for_all_is_asked_for(side: SlackSide) -> None:
    side.world.comment()
    assert (await slash(side, LUIS, "inbox --here"))["response_type"] == "in_channel"
    assert (await slash(side, LUIS, "bandeja --aquí"))["response_type"] == "in_channel"
    assert (await slash(side, LUIS, "nonsense --here"))["response_type"] == "ephemeral"


async def test_what_is_not_understood_is_a_friendly_question(side: SlackSide) -> None:
    assert "approve" in said(await slash(side, LUIS, "aprove K7Q2"))
    assert side.world.submitted == []


async def test_a_mention_in_the_thread_needs_no_id(side: SlackSide) -> None:
    ticket = side.world.comment()
    await side.chat.post(side.room, side.world.card_now(ticket))
    root = side.snapshot(ticket).root["ts"]
    await side.mention(EVA, f"ask <@{USERS['ana']}> do we ship there?", root)
    # Slack escapes nothing of its own mentions; ours of the fake did, so say it as Slack would.
    event = {"type": "app_mention", "user": EVA, "channel": "C0INBOX", "ts": side.slack.ts(), "thread_ts": root}
    await side.event({**event, "text": f"<@U0BOT> ask <@{USERS['ana']}> do we ship there?"})
    assert side.world.submitted[-1] == m.Ask(
        by="eva", via="slack", ticket=ticket, person="ana", question="do we ship there?"
    )
    assert side.world.card_now(ticket).line.status is TicketStatus.WAITING
    assert len(await side.private_texts("eva")) == 2


async def test_a_mention_outside_a_ticket_asks_which(side: SlackSide) -> None:
    event = {"type": "app_mention", "user": EVA, "channel": "C0INBOX", "ts": side.slack.ts()}
    await side.event({**event, "text": "<@U0BOT> approve"})
    assert side.world.submitted == []
    assert len(await side.private_texts("eva")) == 1


async def test_a_stranger_is_told_that_they_are_one(side: SlackSide) -> None:
    assert "not on the team" in said(await slash(side, "U0OUTSIDE", "inbox"))

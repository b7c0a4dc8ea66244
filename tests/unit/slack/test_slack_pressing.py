"""Buttons, forms, shortcuts and the home."""

import asyncio
from typing import Any

import pytest

from bot.core import messages as m
from bot.core.types import CardRef, Finding, Kind, ReplyState, Severity, TicketStatus
from tests.contract.slack_side import USERS, SlackSide, texts

LUIS, EVA, TOM, ANA = USERS["luis"], USERS["eva"], USERS["tom"], USERS["ana"]


async def posted(side: SlackSide, **about: Any) -> tuple[str, CardRef]:
    ticket = side.world.comment(**about)
    return ticket, await side.chat.post(side.room, side.world.card_now(ticket))


async def open_form(side: SlackSide, user: str, verb: str, ticket: str) -> dict[str, Any]:
    await side.interact(side.body(user, verb, side.snapshot(ticket)))
    view: dict[str, Any] = side.slack.views[-1]
    return view


async def send(side: SlackSide, user: str, view: dict[str, Any], **values: str) -> dict[str, Any]:
    return await side.interact(side.slack.submission(user, view, values))


async def test_the_same_press_delivered_eleven_times_acts_once(side: SlackSide) -> None:
    ticket, _ = await posted(side)
    body = side.body(LUIS, "approve", side.snapshot(ticket))
    await asyncio.gather(*(side.slack.deliver("interactive", body) for _ in range(11)))
    await side.quiet()
    assert len(side.world.decided(ticket)) == 1
    assert side.slack.ephemerals == []


@pytest.mark.parametrize(
    ("verb", "values", "wish"),
    [
        ("reply", {"text": "Hello, Marta."}, m.Write),
        ("redraft", {"hint": "shorter"}, m.Redraft),
        ("refuse", {"reason": "no"}, m.Refuse),
        ("ask", {"person": "ana", "question": "Do we ship there?"}, m.Ask),
        ("snooze", {"span": "60"}, m.Snooze),
        ("escalate", {"person": "ana"}, m.Escalate),
        ("assign", {"person": "eva"}, m.Assign),
        ("close", {"reason": "done"}, m.Close),
        ("kind", {"kind": Kind.QUESTION.value}, m.SetKind),
        ("severity", {"severity": Severity.HIGH.value}, m.SetSeverity),
        ("note", {"text": "Called her."}, m.AddNote),
    ],
)
async def test_each_form_makes_its_wish(
    side: SlackSide, verb: str, values: dict[str, str], wish: type[m.Command]
) -> None:
    ticket, _ = await posted(side)
    view = await open_form(side, LUIS, verb, ticket)
    assert await send(side, LUIS, view, **values) == {}
    assert [type(one) for one in side.world.submitted] == [wish]


async def test_a_form_sent_eleven_times_acts_once(side: SlackSide) -> None:
    ticket, _ = await posted(side)
    view = await open_form(side, LUIS, "note", ticket)
    body = side.slack.submission(LUIS, view, {"text": "Called her."})
    await asyncio.gather(*(side.slack.deliver("interactive", body) for _ in range(11)))
    assert len(side.world.card_now(ticket).notes) == 1


async def test_what_the_guard_finds_is_shown_in_the_form_and_nothing_is_lost(side: SlackSide) -> None:
    ticket, _ = await posted(side)
    view = await open_form(side, EVA, "edit", ticket)
    side.world.findings = (Finding(rule="threatens_deletion", level="block", words="we will delete"),)
    answer = await send(side, EVA, view, text="Or we will delete it.")
    assert answer["response_action"] == "update"
    shown = " ".join(texts(answer["view"]["blocks"]))
    assert "Saved as revision 2" in shown
    assert "delete" in shown
    field = next(block for block in answer["view"]["blocks"] if block["type"] == "input")
    assert field["element"]["initial_value"] == "Or we will delete it."
    side.world.findings = ()
    assert await send(side, EVA, {**answer["view"], "id": view["id"], "hash": "h2"}, text="Sorry, Marta.") == {}
    assert side.world.card_now(ticket).line.draft == "Sorry, Marta."


async def test_a_refused_form_stays_open_with_what_was_written(side: SlackSide) -> None:
    ticket, _ = await posted(side)
    view = await open_form(side, EVA, "edit", ticket)
    side.world.propose(ticket, "Somebody was faster.")
    answer = await send(side, EVA, view, text="My words.")
    assert answer["response_action"] == "errors"
    assert "the newest one is 2" in answer["errors"]["text"]
    assert side.world.card_now(ticket).line.draft == "Somebody was faster."


async def test_somebody_without_the_right_learns_it_in_the_form(side: SlackSide) -> None:
    ticket, _ = await posted(side)
    answer = await send(side, TOM, await open_form(side, TOM, "note", ticket), text="x")
    assert "yours is viewer" in answer["errors"]["text"]


async def test_a_draft_longer_than_a_field_is_edited_in_several_and_put_together_again(side: SlackSide) -> None:
    long = "\n\n".join(f"Paragraph {n}: {'word ' * 60}".strip() for n in range(20))
    ticket, _ = await posted(side, draft=long, max_length=None)
    view = await open_form(side, EVA, "edit", ticket)
    fields = [block for block in view["blocks"] if block["type"] == "input"]
    assert len(fields) > 1
    last = fields[-1]["element"]["initial_value"]
    assert await send(side, EVA, view, **{fields[-1]["block_id"]: f"{last} The end."}) == {}
    assert side.world.card_now(ticket).line.draft == f"{long} The end."


async def test_a_form_that_comes_too_late_for_slack_is_explained(side: SlackSide) -> None:
    ticket, _ = await posted(side)
    body = side.body(EVA, "edit", side.snapshot(ticket))
    side.slack.triggers.clear()
    await side.interact(body)
    assert side.slack.views == []
    assert "too long for Slack" in (await side.private_texts("eva"))[-1]


async def test_all_of_a_folded_comment_can_be_read(side: SlackSide) -> None:
    words = [f"word{n}" for n in range(2200)]
    ticket, _ = await posted(side, text=" ".join(words)[:19_000], draft=None)
    await side.interact(side.body(TOM, "read", side.snapshot(ticket)))
    assert "word2100" in " ".join(texts(side.slack.views[-1]["blocks"]))


@pytest.mark.parametrize("callback", ["portavoz_approve", "portavoz_edit", "portavoz_close"])
async def test_message_shortcuts_work_on_any_message_of_the_thread(side: SlackSide, callback: str) -> None:
    ticket, _ = await posted(side)
    root = side.snapshot(ticket).root
    said = {"type": "message", "user": EVA, "text": "I would send this.", "ts": "9.9", "thread_ts": root["ts"]}
    await side.interact(side.slack.shortcut(LUIS, callback, said))
    if callback == "portavoz_approve":
        assert side.world.submitted == [m.Approve(by="luis", via="slack", ticket=ticket, revision=1, seen="1.0.1")]
    else:
        assert len(side.slack.views) == 1


async def test_a_shortcut_elsewhere_says_that_there_is_no_ticket(side: SlackSide) -> None:
    await side.interact(side.slack.shortcut(LUIS, "portavoz_approve", {"ts": "9.9", "text": "Lunch?"}))
    assert "belongs to no ticket" in (await side.private_texts("luis"))[-1]


async def test_forged_and_foreign_actions_do_nothing(side: SlackSide) -> None:
    ticket, _ = await posted(side)
    message = side.snapshot(ticket).wording
    for action, value in [
        ("portavoz:approve", "rubbish"),
        ("portavoz:nonsense", f"{ticket}~1~1.0.1"),
        ("portavoz:more", ""),
    ]:
        made = {"type": "button", "action_id": action, "value": value}
        await side.interact(side.slack.press(LUIS, message, made))
    assert side.world.submitted == []


async def test_the_home_shows_the_queue_the_figures_the_parts_and_the_switch(side: SlackSide) -> None:
    ticket, _ = await posted(side)
    await side.event({"type": "app_home_opened", "user": ANA, "tab": "home", "channel": "D1"})
    shown = " ".join(texts(side.slack.homes[ANA]["blocks"]))
    assert ticket in shown
    button = next(
        e
        for block in side.slack.homes[ANA]["blocks"]
        if block["type"] == "actions"
        for e in block["elements"]
        if e["action_id"].endswith("pause")
    )
    body = {**side.slack.press(ANA, {"ts": ""}, button), "container": {"type": "view", "view_id": "V1"}}
    await side.interact(body)
    assert "paused" in side.world.on
    again = " ".join(texts(side.slack.homes[ANA]["blocks"]))
    assert again != shown


async def test_only_a_lead_is_offered_to_go_on(side: SlackSide) -> None:
    side.world.on["paused"] = "storm"
    for user, offered in ((ANA, True), (LUIS, False)):
        await side.event({"type": "app_home_opened", "user": user, "tab": "home", "channel": "D1"})
        ids = [
            e["action_id"]
            for block in side.slack.homes[user]["blocks"]
            if block["type"] == "actions"
            for e in block["elements"]
        ]
        assert ("portavoz:home:resume" in ids) is offered


async def test_a_stale_button_from_before_a_new_reply_approves_nothing(side: SlackSide) -> None:
    ticket, ref = await posted(side)
    old = side.snapshot(ticket)
    await side.press(LUIS, "refuse", old)
    await side.world.submit(m.Write(by="eva", via="desk", ticket=ticket, text="Quite another reply."))
    await side.chat.update(ref, side.world.card_now(ticket))
    await side.press(LUIS, "approve", old)
    assert side.world.card_now(ticket).line.reply_state is ReplyState.PROPOSED
    assert side.world.card_now(ticket).line.status is TicketStatus.OPEN

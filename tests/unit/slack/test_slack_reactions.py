"""Emoji decide: once, by whom they may, under the newest draft, and in the order in which they were made."""

import asyncio
import random
from typing import Any

import pytest

from bot.core import messages as m
from bot.core.types import CardRef, ReplyState, Role, Severity, TicketStatus
from tests.contract.slack_side import EMOJI, USERS, SlackSide
from tests.unit.slack.conftest import Open

LUIS, ANA, TOM = USERS["luis"], USERS["ana"], USERS["tom"]


async def posted(side: SlackSide, **about: Any) -> tuple[str, str, CardRef]:
    """A ticket that is shown: its id, the draft's message, and where the card is."""
    ticket = side.world.comment(**about)
    ref = await side.chat.post(side.room, side.world.card_now(ticket))
    return ticket, side.snapshot(ticket).wording["ts"], ref


def state(side: SlackSide, ticket: str) -> ReplyState | None:
    return side.world.card_now(ticket).line.reply_state


async def test_the_same_reaction_delivered_eleven_times_decides_once_and_says_nothing(side: SlackSide) -> None:
    ticket, ts, _ = await posted(side)
    event = side.slack.reaction(LUIS, EMOJI["approve"], ts)
    await asyncio.gather(*(side.event(event) for _ in range(11)))
    assert [wish.once for wish in side.world.submitted] == [side.world.submitted[0].once]
    assert len(side.world.decided(ticket)) == 1
    assert side.slack.ephemerals == []


async def test_a_refused_reaction_delivered_eleven_times_is_explained_once(side: SlackSide) -> None:
    _, ts, _ = await posted(side)
    event = side.slack.reaction(TOM, EMOJI["approve"], ts)
    await asyncio.gather(*(side.event(event) for _ in range(11)))
    assert len(side.slack.ephemerals) == 1


@pytest.mark.parametrize("seed", range(6))
async def test_in_any_order_and_any_number_what_was_done_last_holds(side: SlackSide, seed: int) -> None:
    ticket, ts, _ = await posted(side)
    made = side.slack.reaction(LUIS, EMOJI["approve"], ts)
    gone = side.slack.reaction(LUIS, EMOJI["approve"], ts, removed=True)
    deliveries = [made, gone] * 5
    random.Random(seed).shuffle(deliveries)
    for event in deliveries:
        await side.event(event)
    assert state(side, ticket) is ReplyState.PROPOSED


async def test_taking_the_emoji_away_withdraws_the_approval(side: SlackSide) -> None:
    ticket, ts, ref = await posted(side)
    await side.event(side.slack.reaction(LUIS, EMOJI["approve"], ts))
    assert state(side, ticket) is ReplyState.APPROVED
    await side.chat.update(ref, side.world.card_now(ticket))
    assert "Can be taken back until" in "\n".join(await side.room_texts())
    await side.event(side.slack.reaction(LUIS, EMOJI["approve"], ts, removed=True))
    assert state(side, ticket) is ReplyState.PROPOSED
    await side.chat.update(ref, side.world.card_now(ticket))
    await side.event(side.slack.reaction(LUIS, EMOJI["approve"], ts))
    assert state(side, ticket) is ReplyState.APPROVED


async def test_an_emoji_that_decided_nothing_takes_nothing_back(side: SlackSide) -> None:
    ticket, ts, _ = await posted(side)
    await side.event(side.slack.reaction(TOM, EMOJI["approve"], ts))
    await side.event(side.slack.reaction(LUIS, EMOJI["approve"], ts))
    await side.event(side.slack.reaction(TOM, EMOJI["approve"], ts, removed=True))
    await side.event(side.slack.reaction(ANA, EMOJI["claim"], ts, removed=True))
    assert state(side, ticket) is ReplyState.APPROVED


async def test_taking_it_away_too_late_is_explained(side: SlackSide) -> None:
    ticket, ts, ref = await posted(side)
    await side.event(side.slack.reaction(LUIS, EMOJI["approve"], ts))
    side.world.publish(ticket)
    await side.chat.update(ref, side.world.card_now(ticket))
    await side.event(side.slack.reaction(LUIS, EMOJI["approve"], ts, removed=True))
    assert state(side, ticket) is ReplyState.PUBLISHED
    assert "Too late" in (await side.private_texts("luis"))[-1]


async def test_two_people_make_a_quorum_and_it_is_seen(side: SlackSide) -> None:
    ticket, ts, ref = await posted(side, severity=Severity.CRITICAL)
    await side.event(side.slack.reaction(LUIS, EMOJI["approve"], ts))
    await side.chat.update(ref, side.world.card_now(ticket))
    assert "1 of 2: Luis" in "\n".join(await side.room_texts())
    await side.event(side.slack.reaction(ANA, EMOJI["approve"], ts))
    assert state(side, ticket) is ReplyState.APPROVED


async def test_an_emoji_under_the_card_or_an_old_draft_approves_nothing_and_says_why(side: SlackSide) -> None:
    ticket, ts, ref = await posted(side)
    root = side.snapshot(ticket).root["ts"]
    await side.event(side.slack.reaction(LUIS, EMOJI["approve"], root))
    assert "newest draft only" in (await side.private_texts("luis"))[-1]
    side.world.propose(ticket, "Another wording.")
    await side.chat.update(ref, side.world.card_now(ticket))
    await side.event(side.slack.reaction(LUIS, EMOJI["approve"], ts))
    assert "the newest one is 2" in (await side.private_texts("luis"))[-1]
    assert side.world.decided(ticket) == []


async def test_the_other_emoji_count_under_the_card_too(side: SlackSide) -> None:
    ticket, _, _ = await posted(side)
    root = side.snapshot(ticket).root["ts"]
    for verb in ("claim", "escalate", "snooze"):
        await side.event(side.slack.reaction(LUIS, EMOJI[verb], root))
    assert [type(wish) for wish in side.world.submitted] == [m.Claim, m.Escalate, m.Snooze]
    assert side.world.card_now(ticket).line.status is TicketStatus.SNOOZED


async def test_a_pencil_offers_the_form(side: SlackSide) -> None:
    _, ts, _ = await posted(side)
    await side.event(side.slack.reaction(LUIS, EMOJI["edit"], ts))
    [told] = side.slack.ephemerals
    button = told["blocks"][-1]["elements"][0]
    await side.interact(side.slack.press(LUIS, {"ts": side.slack.ts()}, button))
    assert side.slack.views[-1]["blocks"][-2]["element"]["initial_value"].startswith("We are sorry")


async def test_bots_guests_and_people_of_other_workspaces_never_approve(side: SlackSide) -> None:
    ticket, ts, _ = await posted(side)
    strangers: dict[str, dict[str, Any]] = {
        "U0BOTTY": {"is_bot": True},
        "U0GUEST": {"is_restricted": True},
        "U0ONE": {"is_ultra_restricted": True},
        "U0ELSE": {"team_id": "T0OTHER"},
        "U0GONE": {"deleted": True},
    }
    for user, facts in strangers.items():
        side.slack.add_user(user, **facts)
        await side.event(side.slack.reaction(user, EMOJI["approve"], ts))
    assert side.world.submitted == []
    assert [told["user"] for told in side.slack.ephemerals] == ["U0GUEST", "U0ONE", "U0ELSE", "U0GONE"]
    # Whatever the settings say about them.
    side.slack.users[LUIS]["is_restricted"] = True
    await side.event(side.slack.reaction(LUIS, EMOJI["approve"], ts))
    assert "Guests do not decide" in (await side.private_texts("luis"))[-1]
    assert state(side, ticket) is ReplyState.PROPOSED


async def test_where_slack_does_not_say_who_somebody_is_nobody_approves(side: SlackSide) -> None:
    ticket, ts, _ = await posted(side)
    side.slack.scopes.discard("users:read")
    await side.event(side.slack.reaction(LUIS, EMOJI["approve"], ts))
    assert state(side, ticket) is ReplyState.PROPOSED
    assert "does not say who you are" in (await side.private_texts("luis"))[-1]


async def test_a_user_group_gives_its_role_and_everybody_else_may_look(open_side: Open) -> None:
    side = await open_side(groups={"S0APPROVERS": "approver"})
    side.slack.groups["S0APPROVERS"] = ["U0PAU"]
    side.slack.add_user("U0PAU", real_name="Pau")
    side.slack.add_user("U0NEW")
    ticket, ts, _ = await posted(side)
    await side.event(side.slack.reaction("U0NEW", EMOJI["approve"], ts))
    assert "yours is viewer" in "".join(str(block) for block in side.slack.ephemerals[-1]["blocks"])
    await side.event(side.slack.reaction("U0PAU", EMOJI["approve"], ts))
    assert [decision.person for decision in side.world.decided(ticket)] == ["slack:u0pau"]
    assert side.world.team["slack:u0pau"].role is Role.APPROVER


async def test_the_teams_own_emoji_count(open_side: Open) -> None:
    side = await open_side(reactions={"lgtm": "approve", "white_check_mark": ""})
    ticket, ts, _ = await posted(side)
    await side.event(side.slack.reaction(LUIS, "white_check_mark", ts))
    assert side.world.submitted == []
    await side.event(side.slack.reaction(LUIS, "lgtm", ts))
    assert state(side, ticket) is ReplyState.APPROVED


async def test_emoji_elsewhere_mean_nothing(side: SlackSide) -> None:
    await posted(side)
    await side.event(side.slack.reaction(LUIS, EMOJI["approve"], "1.000001"))
    event = {**side.slack.reaction(LUIS, EMOJI["approve"], "1.1"), "item": {"type": "file", "file": "F1"}}
    await side.event(event)
    assert side.world.submitted == []
    assert side.slack.ephemerals == []

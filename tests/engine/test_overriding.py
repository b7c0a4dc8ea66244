"""A warning that takes two people: shown before anybody approves, asked for at the approval, kept until publication."""

from sqlalchemy import select

from bot.core.messages import Approve, Done, Edit, Fact, Refused
from bot.core.types import ReplyState
from bot.store import tables as t
from tests.support.engine_world import World, comment


async def _edited(world: World, text: str) -> str:
    await world.arrive(comment("a"))
    ticket = await world.ticket_of("a")
    edited = await world.wish(Edit(by="luis", via="desk", ticket=ticket, text=text))
    assert isinstance(edited, Done)
    return ticket


async def test_compensation_in_public_takes_a_second_person(world: World) -> None:
    ticket = await _edited(world, "We are sorry about the soup, Carla. We will refund it.")
    reply = (await world.card(ticket)).reply
    assert reply is not None
    assert reply.latest is not None
    assert [(one.rule, one.level, one.approvers) for one in reply.latest.checks] == [("compensation", "warn", 2)]
    assert reply.quorum == 2
    first = await world.wish(Approve(by="luis", via="desk", ticket=ticket))
    assert isinstance(first, Done)
    assert first.code == "approved_needs_more"
    assert [one.rule for one in first.findings] == ["compensation"]
    second = await world.wish(Approve(by="ana", via="desk", ticket=ticket))
    assert isinstance(second, Done)
    assert second.code == "approved_waiting_undo"
    events = await world.rows(select(t.events.c.type, t.events.c.data))
    despite = [row.data.get("despite") for row in events if row.type == Fact.REPLY_APPROVED.value]
    assert despite == [["compensation"], ["compensation"]]
    assert await world.state(ticket) is ReplyState.APPROVED


async def test_a_block_is_never_overridden_whoever_asks(world: World) -> None:
    ticket = await _edited(world, "We will delete your comment about the soup.")
    for person in ("luis", "ana"):
        refused = await world.wish(Approve(by=person, via="desk", ticket=ticket))
        assert isinstance(refused, Refused)
        assert refused.reason == "guard_blocks"
        assert refused.findings[0].words
    assert await world.state(ticket) is ReplyState.PROPOSED

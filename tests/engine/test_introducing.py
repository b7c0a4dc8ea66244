"""Wishes that a chat may deliver twice, and people whom only a chat knows."""

from dataclasses import replace

import pytest

from bot.core.messages import AddNote, Approve, Done, Edit, Refused
from bot.core.setup import About
from bot.core.types import Person, ReplyState, Role
from bot.engine.engine import ForeignAccount
from bot.engine.team import sync_team
from bot.store.work import Work
from tests.support.engine_world import World, comment

PAU = Person(id="slack:u1", name="Pau", role=Role.APPROVER, identities=frozenset({("slack", "U1")}))


async def ticket(world: World) -> str:
    await world.arrive(comment("a"))
    return await world.ticket_of("a")


async def test_the_same_wish_delivered_again_is_done_once(world: World) -> None:
    about = await ticket(world)
    wish = AddNote(by="luis", via="slack", ticket=about, text="She called.", once="typed:C1:1.2:U1")
    first, again = await world.wish(wish), await world.wish(wish)
    assert isinstance(first, Done)
    assert first.code == "noted"
    assert isinstance(again, Done)
    assert again.code == "repeated"
    assert len((await world.card(about)).notes) == 1
    await world.wish(replace(wish, once="typed:C1:1.3:U1"))
    await world.wish(replace(wish, via="discord"))
    assert len((await world.card(about)).notes) == 3


async def test_what_was_refused_may_be_wished_again(world: World) -> None:
    about = await ticket(world)
    text = (await world.card(about)).line.draft or ""
    same = Edit(by="luis", via="slack", ticket=about, text=text, once="form:1")
    assert [type(await world.wish(same)) for _ in range(2)] == [Refused, Refused]


async def test_somebody_whom_a_chat_vouches_for_may_what_their_role_may(world: World) -> None:
    about = await ticket(world)
    wish = Approve(by=PAU.id, via="slack", ticket=about)
    assert isinstance(await world.wish(wish), Refused)
    await world.engine.intake_of("slack").introduce(PAU)
    assert isinstance(await world.wish(wish), Done)
    assert await world.state(about) is ReplyState.APPROVED


async def test_an_adapter_introduces_its_own_people_only(world: World) -> None:
    intake = world.engine.intake_of("slack")
    for stranger in (
        replace(PAU, id="ana"),
        replace(PAU, id="discord:u1"),
        replace(PAU, identities=frozenset({("discord", "U1")})),
    ):
        with pytest.raises(ForeignAccount):
            await intake.introduce(stranger)


async def test_who_goes_with_the_chat_takes_approvals_along(world: World) -> None:
    about = await ticket(world)
    await world.engine.intake_of("slack").introduce(PAU)
    await world.wish(Approve(by=PAU.id, via="slack", ticket=about))
    await world.engine.work(lambda work: sync_team(work, world.engine.parts))  # no chat called slack is configured
    assert await world.state(about) is ReplyState.PROPOSED


async def test_a_process_that_makes_no_chats_keeps_whom_the_configured_ones_vouch_for(world: World) -> None:
    about = await ticket(world)
    await world.engine.intake_of("slack").introduce(PAU)
    await world.wish(Approve(by=PAU.id, via="slack", ticket=about))
    parts = replace(world.parts, chats={}, about=About(chats=(("slack", "slack"),)))
    await world.engine.work(lambda work: sync_team(work, parts))
    assert await world.state(about) is ReplyState.APPROVED


async def test_the_cards_of_fallen_approvals_are_ordered_by_whoever_syncs_the_team(world: World) -> None:
    about = await ticket(world)
    await world.engine.intake_of("slack").introduce(PAU)
    await world.wish(Approve(by=PAU.id, via="slack", ticket=about))
    await world.work_on(world.worker(), 1)
    before = await world.orders("card")
    with world.database.begin() as conn:
        work = Work(conn, world.clock())
        sync_team(work, world.parts)
        work.flush()
    assert (len(before), len(await world.orders("card"))) == (0, 1)

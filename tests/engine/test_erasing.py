"""Whoever is erased gets no answer any more, is gone from the cards, and from what the process remembers."""

import pytest
from sqlalchemy import Connection, select

from bot.core.letters import LetterState
from bot.core.remembering import held
from bot.core.types import Author, ReplyState
from bot.engine.clock import Clock as Ticking
from bot.engine.erasing import Erasure, OnItsWay
from bot.store import seals
from bot.store import tables as t
from bot.store.audit import verify
from bot.store.erase import ErasureReport
from bot.triage.classifier import RuleClassifier
from tests.engine.model_network import ModelNetwork
from tests.engine.test_publisher import approved
from tests.support.engine_world import T0, World, comment


async def erase(world: World, who: str = "c1") -> ErasureReport:
    """As the command line does it: in one transaction of its own."""
    erasure = Erasure(who=who)
    return await world.engine.work(lambda work: erasure.act(work, world.parts, actor="ana", via="cli/ana"))


async def test_an_approved_reply_to_them_is_withdrawn_and_nothing_goes_out(world: World, network: ModelNetwork) -> None:
    ticket = await approved(world, network)
    await world.work_on(world.worker(), 0.5)
    report = await erase(world)
    assert (report.tickets, report.open_replies) == ((ticket,), (f"{ticket}.1",))
    await world.work_on(world.worker(), 3600)
    assert (await world.state(ticket), network.calls) == (ReplyState.WITHDRAWN, [])
    assert "ReplyWithdrawn" in await world.facts(ticket)


async def test_their_cards_show_that_they_were_erased(world: World) -> None:
    await world.arrive(comment("a", "My name is Carla and the soup was cold"))
    ticket = await world.ticket_of("a")
    await world.work_on(world.worker(), 60)
    await erase(world)
    await world.work_on(world.worker(), 60)
    [card] = world.chat.shown(ticket)
    assert "Carla" not in repr(card)
    assert card.conversation[0].erased


async def test_a_reply_on_its_way_must_arrive_first_and_nothing_is_erased(world: World, network: ModelNetwork) -> None:
    network.kind = "none"
    ticket = await approved(world, network)
    network.say("a", "posted_lost")
    await world.work_on(world.worker(), 3600)
    assert await world.state(ticket) is ReplyState.UNCERTAIN
    with pytest.raises(OnItsWay, match=f"{ticket}.1"):
        await erase(world)
    assert (await world.card(ticket)).line.author == "Carla"
    [found] = await world.reader.letters()
    assert found.state is LetterState.UNCERTAIN


async def test_the_record_and_its_seals_hold_afterwards(world: World, network: ModelNetwork) -> None:
    await approved(world, network)
    await world.work_on(world.worker(), 3600)
    await world.engine.writer.run(lambda conn: seals.seal(conn, T0))
    head = await world.reader.ask(seals.head)
    await erase(world)

    def check(conn: Connection) -> list[str]:
        seals.seal(conn, world.clock.now)
        return verify(conn, expect=head).problems

    assert await world.engine.writer.run(check) == []
    left = await world.rows(select(t.contents.c.text).where(t.contents.c.text != ""))
    assert left == []


async def test_a_second_message_after_an_erasure_is_somebody_new(world: World) -> None:
    await world.arrive(comment("a", "First"))
    ticket = await world.ticket_of("a")
    await erase(world)
    await world.arrive(comment("b", "Second", author=Author(id="c1", name="Carla")))
    assert await world.ticket_of("b") != ticket


async def test_what_was_remembered_is_forgotten_with_the_erasure_and_once_a_minute(world: World) -> None:
    classifier = RuleClassifier()
    await world.arrive(comment("a", "Call me: 600123987"))
    classifier.assess("Call me: 600123987")
    assert held() > 0
    await erase(world)
    assert held() == 0
    classifier.assess("Call me: 600123987")
    await Ticking(world.engine, world.reader).tick()
    assert held() == 0
